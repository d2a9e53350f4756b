/*
 * A REST cluster as a source: what fleet may ask, handed to poller, reader and sender.
 */
#include "src/rest/rest_internal.h"

#include <stdlib.h>
#include <string.h>

struct live *live_new(struct http *http, const struct live_setup *setup,
		      const struct source_sink *sink, void *arg)
{
	struct live *live = calloc(1, sizeof(*live));

	if (!live)
		return NULL;
	live->addresses = calloc(setup->address_count, sizeof(*live->addresses));
	if (!live->addresses) {
		free(live);
		return NULL;
	}
	memcpy(live->addresses, setup->addresses, setup->address_count * sizeof(*live->addresses));
	live->http = http;
	live->setup = *setup;
	live->setup.addresses = live->addresses;
	live->sink = *sink;
	live->arg = arg;
	live->form = live->traits_form = live->traits_one_form = FIELDS_FULL;
	live->routed_ms = INT64_MIN;
	live->hold.until_ms = HOLD_NONE;
	login_init(live);
	trust_init(live);
	poller_init(&live->poller, setup->seed);
	return live;
}

static int64_t due(void *self, int64_t now_ms)
{
	const struct live *live = self;
	int64_t due = poller_due(live, now_ms), late = http_due(live->http, now_ms);

	if (live->pin_new || live->log_in_wanted)
		return now_ms;
	/* the end of a pause wakes all who wait for a place */
	if (live->hold.until_ms != HOLD_NONE && live->hold.until_ms < due)
		due = live->hold.until_ms;
	return due < late ? due : late;
}

static void turn(void *self, int64_t now_ms)
{
	struct live *live = self;

	http_turn(live->http, now_ms);
	hold_turn(live, now_ms);
	trust_turn(live, now_ms);
	login_turn(live, now_ms);
	poller_turn(live, now_ms);
}

static unsigned room(void *self)
{
	return live_room(self);
}

static int ask(void *self, enum source_topic topic, int64_t uid, int64_t now_ms)
{
	struct live *live = self;
	static const enum job_kind kinds[TOPIC_COUNT] = {
		[TOPIC_LIST] = JOB_LIST,       [TOPIC_ONE] = JOB_ONE,
		[TOPIC_MODULES] = JOB_MODULES, [TOPIC_EVENTS] = JOB_EVENTS,
		[TOPIC_ALERTS] = JOB_ALERTS,   [TOPIC_ACTIONS] = JOB_ACTIONS,
		[TOPIC_SHARDS] = JOB_SHARDS,   [TOPIC_BDB_INFO] = JOB_TRAITS,
		[TOPIC_NODES] = JOB_NODES,
	};
	struct job want = { .kind = kinds[topic], .uid = uid };

	if (topic == TOPIC_BDB_INFO && uid)
		want.kind = JOB_TRAITS_ONE;
	if (topic != TOPIC_LIST)
		return live_start(live, &want, now_ms, NULL);
	if (!login_look_again(live) || !trust_look_again(live))
		return -1;
	/* one that is out counts */
	live->poller.wanted = live->places[POLL_PLACE].kind == JOB_NONE;
	return 0;
}

static int reset(void *self, const struct source_put *put, int64_t now_ms)
{
	struct job want = { .kind = JOB_RESET,
			    .uid = put->uid,
			    .ticket = put->reset_id,
			    .op = put->kind,
			    .with_body = put->with_body };

	return live_start(self, &want, now_ms, NULL);
}

static int check_path(void *self, const struct source_put *put, int64_t now_ms)
{
	struct job want = {
		.kind = JOB_OPTIONS, .uid = put->uid, .ticket = put->reset_id, .op = put->kind
	};

	return live_start(self, &want, now_ms, NULL);
}

static void answer(void *self, enum prompt_kind question, bool yes, int64_t now_ms)
{
	(void)now_ms;
	if (question == PROMPT_TRUST)
		trust_answer(self, yes);
	else
		login_answer(self, yes);
}

static void measure(void *self, struct source_stats *out)
{
	meter_tell(self, out);
}

static void pause_polls(void *self, bool paused, int64_t now_ms)
{
	struct live *live = self;

	(void)now_ms;
	live->poller.paused = paused;
}

static void live_free(void *self)
{
	struct live *live = self;
	size_t i;

	if (!live)
		return;
	for (i = 0; i < LIVE_PLACES; i++) {
		if (live->places[i].kind != JOB_NONE)
			http_cancel(live->http, live->places[i].id);
		live_release(&live->places[i]);
	}
	trust_release(live);
	free(live->addresses);
	free(live);
}

static const struct source_ops ops = {
	.due = due,
	.turn = turn,
	.free_slots = room,
	.request = ask,
	.reset = reset,
	.check_path = check_path,
	.answer = answer,
	.stats = measure,
	.pause = pause_polls,
	.free = live_free,
};

const struct source_ops *live_ops(void)
{
	return &ops;
}
