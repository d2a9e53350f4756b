/*
 * The list polls: from start to start, never two at once, with a back-off when they fail.
 */
#include "src/rest/rest_internal.h"

static const int64_t backoff_ms[] = { 1000, 2000, 4000, 8000, 16000, 30000 };

void poller_init(struct poller *poller, unsigned seed)
{
	/* the first is due at once, whatever the clock says */
	*poller = (struct poller){ .next_ms = INT64_MIN, .jitter_seed = seed };
}

/* Knuth's generator; its high bits are good enough to keep consoles from knocking in step. */
static unsigned next_random(struct poller *poller, unsigned sides)
{
	poller->jitter_seed =
		poller->jitter_seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(poller->jitter_seed >> 33) % sides;
}

/* The next pause, give or take a tenth. */
static int64_t pause_ms(struct poller *poller)
{
	size_t last = sizeof(backoff_ms) / sizeof(*backoff_ms) - 1;
	size_t at = poller->failures - 1 < last ? poller->failures - 1 : last;

	return backoff_ms[at] * (900 + next_random(poller, 201)) / 1000;
}

int64_t poller_due(const struct rest *live, int64_t now_ms)
{
	const struct poller *poller = &live->poller;

	if (!rest_can_poll(live))
		return TIME_NEVER;
	if (!poller->wanted && poller->paused)
		return TIME_NEVER;
	return poller->wanted || poller->next_ms < now_ms ? now_ms : poller->next_ms;
}

void poller_on_failure(struct rest *live, const struct err *err, int64_t now_ms)
{
	struct poller *poller = &live->poller;
	struct source_failure trouble = { .error = err };

	if (!poller->failures++)
		poller->failing_since_ms = poller->started_ms;
	poller->next_ms = now_ms + pause_ms(poller);
	if (live->hold.until_ms != HOLD_NONE) {
		poller->next_ms = live->hold.until_ms;
		trouble.retry_status = live->hold.status;
	}
	trouble.failing_since_ms = poller->failing_since_ms;
	trouble.next_ms = poller->paused ? TIME_NEVER : poller->next_ms;
	live->sink.on_failure(live->arg, &trouble, now_ms);
}

void poller_turn(struct rest *live, int64_t now_ms)
{
	struct poller *poller = &live->poller;
	struct request want = { .kind = REQUEST_LIST };
	struct err err;

	if (poller_due(live, now_ms) > now_ms)
		return;
	poller->wanted = false;
	poller->started_ms = now_ms;
	poller->next_ms = now_ms + live->setup.interval_ms;
	if (request_start(live, &want, now_ms, &err) < 0)
		poller_on_failure(live, &err, now_ms);
	else
		live->sink.on_polling(live->arg, true, now_ms);
}

int live_observed(const struct request *job, const struct observation *seen, struct err *err)
{
	if (!job->rest->sink.on_observation(job->rest->arg, seen, seen->received_ms))
		return 0;
	err_set(err, ERR_RETRY,
		"out of memory for the %s that the cluster sent, so nothing of them is used.",
		request_defs[job->kind].subject);
	return -1;
}

static int report(const struct request *job, const struct http_reply *reply, struct err *err)
{
	struct rest *live = job->rest;
	struct observation seen = { .kind = OBS_LIST,
				    .requested_ms = job->requested_ms,
				    .received_ms = reply->ended_ms,
				    .date_s = reply->date_s };
	struct bdb_set set;
	int rc;

	if (reply->result != HTTP_COMPLETE || reply->status != 200) {
		request_error(job, reply, err);
		return -1;
	}
	bdb_set_init(&set);
	rc = bdb_reader_end(job->reader, &set, &seen.unreadable, err);
	if (!rc) {
		seen.bdbs = (const struct bdb *const *)set.bdbs;
		seen.count = set.count;
		rc = live_observed(job, &seen, err);
	}
	if (!rc) {
		live->poller.failures = 0;
		stats_poll(&live->stats, seen.received_ms - seen.requested_ms);
		/* asked before another read was told to wait: what it waits for is still true */
		if (live->hold.until_ms != HOLD_NONE)
			poller_on_failure(live, &live->hold.why, reply->ended_ms);
	}
	bdb_set_release(&set);
	return rc;
}

void poller_on_done(const struct request *job, const struct http_reply *reply)
{
	struct rest *live = job->rest;
	struct err err;

	/* still the same poll, with fewer names */
	if (request_shrink_fields(live, job, reply) &&
	    !request_continue(live, job, reply->ended_ms, &err))
		return;
	live->sink.on_polling(live->arg, false, reply->ended_ms);
	if (login_is_closed(live) || live->trust_state != TRUST_STATE_OPEN) {
		stats_poll(&live->stats, -1);
		return;
	}
	if (job->handshake_only && reply->result == HTTP_NOT_STARTED) {
		live->poller.failures = 0;
		login_on_missing(live);
		return;
	}
	if (report(job, reply, &err) < 0) {
		stats_poll(&live->stats, -1);
		poller_on_failure(live, &err, reply->ended_ms);
	}
}

void poller_on_dropped(const struct request *job, const char *why, int64_t now_ms)
{
	(void)why;
	stats_poll(&job->rest->stats, -1);
	job->rest->sink.on_polling(job->rest->arg, false, now_ms);
}
