/*
 * A REST cluster as a source: the operations for fleet, passed on to the other files.
 */
#include "rest_internal.h"

#include <stdlib.h>
#include <string.h>

static int64_t due(void *self, int64_t now_ms)
{
	const struct rest *rest = self;
	int64_t due = poller_due(rest, now_ms), http_ms = http_due(rest->http, now_ms);
	int64_t token_ms = authorize_due(rest, now_ms);

	if (rest->pin_changed || rest->login_wanted)
		return now_ms;
	/* at the end of a pause the slots are free again */
	if (rest->retry_after.until_ms != RETRY_AFTER_NONE && rest->retry_after.until_ms < due)
		due = rest->retry_after.until_ms;
	due = token_ms < due ? token_ms : due;
	return due < http_ms ? due : http_ms;
}

static void turn(void *self, int64_t now_ms)
{
	struct rest *rest = self;

	rest->now_ms = now_ms;
	http_turn(rest->http, now_ms);
	retry_after_turn(rest, now_ms);
	trust_turn(rest, now_ms);
	authorize_turn(rest, now_ms);
	login_turn(rest, now_ms);
	poller_turn(rest, now_ms);
}

static unsigned free_slots(void *self)
{
	return rest_free_slots(self);
}

static int request_topic(void *self, enum source_topic topic, int64_t uid, int64_t now_ms)
{
	struct rest *rest = self;
	const struct request_def *def;
	struct request want = { .def = topic == TOPIC_ONE	? &one_request
				       : topic == TOPIC_MODULES ? &modules_request
								: data_request(topic, uid),
				.uid = uid };

	if (topic != TOPIC_LIST)
		return request_start(rest, &want, now_ms, NULL);
	if (!login_retry(rest) || !trust_retry(rest))
		return -1;
	/* a poll in flight counts as this one; a request for a token may have its slot */
	def = rest->slots[POLL_SLOT].def;
	rest->poller.wanted = !def || !def->is_poll;
	return 0;
}

static int reset(void *self, const struct source_put *put, int64_t now_ms)
{
	struct request want = { .def = &reset_request,
				.uid = put->uid,
				.reset_id = put->reset_id,
				.op = put->kind,
				.with_body = put->with_body };

	return request_start(self, &want, now_ms, NULL);
}

static int check_path(void *self, const struct source_put *put, int64_t now_ms)
{
	struct request want = {
		.def = &options_request, .uid = put->uid, .reset_id = put->reset_id, .op = put->kind
	};

	return request_start(self, &want, now_ms, NULL);
}

static void answer(void *self, enum prompt_kind kind, bool yes, int64_t now_ms)
{
	(void)now_ms;
	if (kind == PROMPT_TRUST)
		trust_answer(self, yes);
	else
		login_answer(self, yes);
}

static void get_stats(void *self, struct source_stats *out)
{
	stats_get(self, out);
}

static void pause_polls(void *self, bool paused, int64_t now_ms)
{
	struct rest *rest = self;

	(void)now_ms;
	rest->poller.paused = paused;
}

static void rest_free(void *self)
{
	struct rest *rest = self;
	size_t i;

	if (!rest)
		return;
	for (i = 0; i < REQUEST_SLOTS; i++) {
		if (rest->slots[i].def)
			http_cancel(rest->http, rest->slots[i].http_id);
		request_release(&rest->slots[i]);
	}
	trust_release(rest);
	token_release(&rest->token);
	last_list_free(rest->last_list);
	free(rest->addresses);
	free(rest);
}

struct rest *rest_new(struct http *http, const struct rest_setup *setup,
		      const struct source_sink *sink, void *arg)
{
	struct rest *rest = calloc(1, sizeof(*rest));

	if (!rest)
		return NULL;
	rest->addresses = calloc(setup->address_count, sizeof(*rest->addresses));
	rest->last_list = last_list_new();
	if (!rest->addresses || !rest->last_list) {
		last_list_free(rest->last_list);
		free(rest->addresses);
		free(rest);
		return NULL;
	}
	memcpy(rest->addresses, setup->addresses, setup->address_count * sizeof(*rest->addresses));
	rest->http = http;
	rest->setup = *setup;
	rest->setup.addresses = rest->addresses;
	rest->sink = *sink;
	rest->arg = arg;
	rest->fields = rest->bdb_info_fields = rest->bdb_info_one_fields = FIELDS_FULL;
	rest->route_learned_ms = INT64_MIN;
	rest->retry_after.until_ms = RETRY_AFTER_NONE;
	if (setup->auth == AUTH_TOKEN && token_init(&rest->token, setup->token) < 0) {
		rest_free(rest);
		return NULL;
	}
	login_init(rest);
	trust_init(rest);
	poller_init(&rest->poller, setup->seed);
	return rest;
}

static const struct source_ops rest_source_ops = {
	.due = due,
	.turn = turn,
	.free_slots = free_slots,
	.request = request_topic,
	.reset = reset,
	.check_path = check_path,
	.answer = answer,
	.stats = get_stats,
	.pause = pause_polls,
	.free = rest_free,
};

const struct source_ops *rest_ops(void)
{
	return &rest_source_ops;
}
