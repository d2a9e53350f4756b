/*
 * The list polls: one interval from start to start, never two at once, a back-off after failures.
 */
#include "rest_internal.h"

#include <stdio.h>

static const int64_t backoff_ms[] = { 1000, 2000, 4000, 8000, 16000, 30000 };

void poller_init(struct poller *poller, unsigned seed)
{
	/* the first poll is due at once, whatever the clock says */
	*poller = (struct poller){ .next_ms = INT64_MIN, .jitter_seed = seed };
}

/* Knuth's generator; its high bits are good enough to keep consoles from polling in step. */
static unsigned next_random(struct poller *poller, unsigned limit)
{
	poller->jitter_seed =
		poller->jitter_seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(poller->jitter_seed >> 33) % limit;
}

/* With a jitter of 10 %. */
static int64_t next_backoff_ms(struct poller *poller)
{
	size_t last = sizeof(backoff_ms) / sizeof(*backoff_ms) - 1;
	size_t index = poller->failures - 1 < last ? poller->failures - 1 : last;

	return backoff_ms[index] * (900 + next_random(poller, 201)) / 1000;
}

int64_t poller_due(const struct rest *rest, int64_t now_ms)
{
	const struct poller *poller = &rest->poller;

	if (!rest_can_poll(rest))
		return TIME_NEVER;
	if (!poller->wanted && poller->paused)
		return TIME_NEVER;
	return poller->wanted || poller->next_ms < now_ms ? now_ms : poller->next_ms;
}

void poller_on_failure(struct rest *rest, const struct err *err, int64_t now_ms)
{
	struct poller *poller = &rest->poller;
	struct source_failure failure = { .error = err };

	if (!poller->failures++)
		poller->failing_since_ms = poller->started_ms;
	poller->next_ms = now_ms + next_backoff_ms(poller);
	if (rest->retry_after.until_ms != RETRY_AFTER_NONE) {
		poller->next_ms = rest->retry_after.until_ms;
		failure.retry_status = rest->retry_after.status;
	}
	failure.failing_since_ms = poller->failing_since_ms;
	failure.next_ms = poller->paused ? TIME_NEVER : poller->next_ms;
	rest->sink.on_failure(rest->arg, &failure, now_ms);
}

static const struct request_def list_request;

void poller_turn(struct rest *rest, int64_t now_ms)
{
	struct poller *poller = &rest->poller;
	struct request want = { .def = &list_request };
	struct err err;

	if (poller_due(rest, now_ms) > now_ms)
		return;
	poller->wanted = false;
	poller->started_ms = now_ms;
	poller->next_ms = now_ms + rest->setup.interval_ms;
	if (request_start(rest, &want, now_ms, &err) < 0)
		poller_on_failure(rest, &err, now_ms);
	else
		rest->sink.on_polling(rest->arg, true, now_ms);
}

int observation_report(const struct request *request, const struct http_reply *reply,
		       enum observation_kind kind, struct err *err)
{
	struct rest *rest = request->rest;
	struct observation observation = { .kind = kind,
					   .requested_ms = request->requested_ms,
					   .received_ms = reply->ended_ms,
					   .date_s = reply->date_s,
					   .uid = request->uid };
	struct bdb_set set;
	int rc;

	bdb_set_init(&set);
	rc = bdb_reader_end(request->reader, &set, &observation.unreadable, err);
	if (rc < 0)
		err_default_code(err, ERR_CODE_BAD_REPLY);
	bdb_reader_get_changes(request->reader, &observation);
	observation.bdbs = (const struct bdb *const *)set.bdbs;
	observation.count = set.count;
	if (!rc && kind == OBS_ONE && set.count != 1)
		rc = err_set_code(err, ERR_CODE_BAD_REPLY, ERR_RETRY,
				  "the reply contains no readable database. Is a proxy in "
				  "between?");
	else if (!rc && rest->sink.on_observation(rest->arg, &observation, reply->ended_ms) < 0)
		rc = err_set_code(err, ERR_CODE_INTERNAL, ERR_RETRY,
				  "out of memory for the %s that the cluster sent, so none of them "
				  "is used.",
				  request->def->subject);
	if (!rc)
		bdb_reader_keep(request->reader);
	bdb_set_release(&set);
	return rc;
}

static int report(const struct request *request, const struct http_reply *reply, struct err *err)
{
	struct rest *rest = request->rest;

	if (complete_status(reply) != 200) {
		request_error(request, reply, err);
		return -1;
	}
	if (observation_report(request, reply, OBS_LIST, err) < 0)
		return -1;
	rest->poller.failures = 0;
	stats_poll(&rest->stats, reply->ended_ms - request->requested_ms);
	/* it was requested before another read began a pause, which is still in force */
	if (rest->retry_after.until_ms != RETRY_AFTER_NONE)
		poller_on_failure(rest, &rest->retry_after.error, reply->ended_ms);
	return 0;
}

static void on_done(const struct request *request, const struct http_reply *reply)
{
	struct rest *rest = request->rest;
	struct err err;

	/* sent again with fewer names: still the same poll */
	if (request_shrink_fields(rest, request, reply) &&
	    !request_continue(rest, request, reply->ended_ms, &err))
		return;
	rest->sink.on_polling(rest->arg, false, reply->ended_ms);
	if (login_is_closed(rest) || rest->trust_state != TRUST_STATE_OPEN) {
		stats_poll(&rest->stats, -1);
		return;
	}
	if (request->handshake_only && reply->result == HTTP_NOT_STARTED) {
		rest->poller.failures = 0;
		login_on_missing(rest);
		return;
	}
	if (report(request, reply, &err) < 0) {
		stats_poll(&rest->stats, -1);
		poller_on_failure(rest, &err, reply->ended_ms);
	}
}

static int list_path(char *out, size_t size, const struct request *request)
{
	return snprintf(out, size, "/v1/bdbs?fields=%s", fields_list(request->fields));
}

static const struct request_def list_request = {
	.method = "GET",
	.path = list_path,
	.max_bytes = LIST_BYTES,
	.total_ms = LIST_MS,
	.silence_ms = SILENCE_MS,
	.fields_offset = offsetof(struct rest, fields),
	.bdb_fields = fields_list,
	.small_buffer = true,
	.is_poll = true,
	.subject = "databases",
	.on_done = on_done,
};
