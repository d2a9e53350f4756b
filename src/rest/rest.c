/*
 * A REST cluster as a source: what fleet may ask, handed to poller, reader and sender.
 */
#include "src/rest/rest_internal.h"

#include <stdlib.h>
#include <string.h>

struct rest *rest_new(struct http *http, const struct rest_setup *setup,
		      const struct source_sink *sink, void *arg)
{
	struct rest *live = calloc(1, sizeof(*live));

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
	live->fields = live->bdb_info_fields = live->bdb_info_one_fields = FIELDS_FULL;
	live->route_learned_ms = INT64_MIN;
	live->hold.until_ms = HOLD_NONE;
	login_init(live);
	trust_init(live);
	poller_init(&live->poller, setup->seed);
	return live;
}

static int64_t due(void *self, int64_t now_ms)
{
	const struct rest *live = self;
	int64_t due = poller_due(live, now_ms), late = http_due(live->http, now_ms);

	if (live->pin_changed || live->login_wanted)
		return now_ms;
	/* the end of a pause wakes all who wait for a place */
	if (live->hold.until_ms != HOLD_NONE && live->hold.until_ms < due)
		due = live->hold.until_ms;
	return due < late ? due : late;
}

static void turn(void *self, int64_t now_ms)
{
	struct rest *live = self;

	http_turn(live->http, now_ms);
	hold_turn(live, now_ms);
	trust_turn(live, now_ms);
	login_turn(live, now_ms);
	poller_turn(live, now_ms);
}

static unsigned free_slots(void *self)
{
	return rest_free_slots(self);
}

static int ask(void *self, enum source_topic topic, int64_t uid, int64_t now_ms)
{
	struct rest *live = self;
	static const enum request_kind kinds[TOPIC_COUNT] = {
		[TOPIC_LIST] = REQUEST_LIST,	   [TOPIC_ONE] = REQUEST_ONE,
		[TOPIC_MODULES] = REQUEST_MODULES, [TOPIC_EVENTS] = REQUEST_EVENTS,
		[TOPIC_ALERTS] = REQUEST_ALERTS,   [TOPIC_ACTIONS] = REQUEST_ACTIONS,
		[TOPIC_SHARDS] = REQUEST_SHARDS,   [TOPIC_BDB_INFO] = REQUEST_BDB_INFO,
		[TOPIC_NODES] = REQUEST_NODES,
	};
	struct request want = { .kind = kinds[topic], .uid = uid };

	if (topic == TOPIC_BDB_INFO && uid)
		want.kind = REQUEST_BDB_INFO_ONE;
	if (topic != TOPIC_LIST)
		return request_start(live, &want, now_ms, NULL);
	if (!login_retry(live) || !trust_retry(live))
		return -1;
	/* one that is out counts */
	live->poller.wanted = live->slots[POLL_SLOT].kind == REQUEST_NONE;
	return 0;
}

static int reset(void *self, const struct source_put *put, int64_t now_ms)
{
	struct request want = { .kind = REQUEST_RESET,
				.uid = put->uid,
				.reset_id = put->reset_id,
				.op = put->kind,
				.with_body = put->with_body };

	return request_start(self, &want, now_ms, NULL);
}

static int check_path(void *self, const struct source_put *put, int64_t now_ms)
{
	struct request want = {
		.kind = REQUEST_OPTIONS, .uid = put->uid, .reset_id = put->reset_id, .op = put->kind
	};

	return request_start(self, &want, now_ms, NULL);
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
	stats_get(self, out);
}

static void pause_polls(void *self, bool paused, int64_t now_ms)
{
	struct rest *live = self;

	(void)now_ms;
	live->poller.paused = paused;
}

static void rest_free(void *self)
{
	struct rest *live = self;
	size_t i;

	if (!live)
		return;
	for (i = 0; i < REQUEST_SLOTS; i++) {
		if (live->slots[i].kind != REQUEST_NONE)
			http_cancel(live->http, live->slots[i].http_id);
		request_release(&live->slots[i]);
	}
	trust_release(live);
	free(live->addresses);
	free(live);
}

static const struct source_ops rest_source_ops = {
	.due = due,
	.turn = turn,
	.free_slots = free_slots,
	.request = ask,
	.reset = reset,
	.check_path = check_path,
	.answer = answer,
	.stats = measure,
	.pause = pause_polls,
	.free = rest_free,
};

const struct source_ops *rest_ops(void)
{
	return &rest_source_ops;
}
