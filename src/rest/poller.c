/*
 * The list polls: from start to start, never two at once, with a back-off when they fail.
 */
#include "src/rest/rest_internal.h"

static const int64_t backoff_ms[] = { 1000, 2000, 4000, 8000, 16000, 30000 };

void poller_init(struct poller *poller, unsigned seed)
{
	/* the first is due at once, whatever the clock says */
	*poller = (struct poller){ .next_ms = INT64_MIN, .dice = seed };
}

/* Knuth's generator; its high bits are good enough to keep consoles from knocking in step. */
static unsigned roll(struct poller *poller, unsigned sides)
{
	poller->dice = poller->dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(poller->dice >> 33) % sides;
}

/* The next pause, give or take a tenth. */
static int64_t pause_ms(struct poller *poller)
{
	size_t last = sizeof(backoff_ms) / sizeof(*backoff_ms) - 1;
	size_t at = poller->failures - 1 < last ? poller->failures - 1 : last;

	return backoff_ms[at] * (900 + roll(poller, 201)) / 1000;
}

int64_t poller_due(const struct live *live, int64_t now_ms)
{
	const struct poller *poller = &live->poller;

	if (!live_may_poll(live))
		return TIME_NEVER;
	if (!poller->wanted && poller->paused)
		return TIME_NEVER;
	return poller->wanted || poller->next_ms < now_ms ? now_ms : poller->next_ms;
}

void poller_fail(struct live *live, const struct err *err, int64_t now_ms)
{
	struct poller *poller = &live->poller;
	struct source_failure trouble = { .error = err };

	if (!poller->failures++)
		poller->since_ms = poller->started_ms;
	poller->next_ms = now_ms + pause_ms(poller);
	if (live->hold.until_ms != HOLD_NONE) {
		poller->next_ms = live->hold.until_ms;
		trouble.retry_status = live->hold.status;
	}
	trouble.failing_since_ms = poller->since_ms;
	trouble.next_ms = poller->paused ? TIME_NEVER : poller->next_ms;
	live->sink.on_failure(live->arg, &trouble, now_ms);
}

void poller_turn(struct live *live, int64_t now_ms)
{
	struct poller *poller = &live->poller;
	struct job want = { .kind = JOB_LIST };
	struct err err;

	if (poller_due(live, now_ms) > now_ms)
		return;
	poller->wanted = false;
	poller->started_ms = now_ms;
	poller->next_ms = now_ms + live->setup.every_ms;
	if (live_start(live, &want, now_ms, &err) < 0)
		poller_fail(live, &err, now_ms);
	else
		live->sink.on_polling(live->arg, true, now_ms);
}

int live_observed(const struct job *job, const struct observation *seen, struct err *err)
{
	if (!job->live->sink.on_observation(job->live->arg, seen, seen->received_ms))
		return 0;
	err_set(err, ERR_RETRY,
		"out of memory for the %s that the cluster sent, so nothing of them is used.",
		job_defs[job->kind].what);
	return -1;
}

static int tell(const struct job *job, const struct http_reply *reply, struct err *err)
{
	struct live *live = job->live;
	struct observation seen = { .kind = OBS_LIST,
				    .requested_ms = job->asked_ms,
				    .received_ms = reply->ended_ms,
				    .date_s = reply->date_s };
	struct bdb_set set;
	int rc;

	if (reply->result != HTTP_COMPLETE || reply->status != 200) {
		live_says(job, reply, err);
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
		meter_poll(&live->meter, seen.received_ms - seen.requested_ms);
		/* asked before another read was told to wait: what it waits for is still true */
		if (live->hold.until_ms != HOLD_NONE)
			poller_fail(live, &live->hold.why, reply->ended_ms);
	}
	bdb_set_release(&set);
	return rc;
}

void poller_done(const struct job *job, const struct http_reply *reply)
{
	struct live *live = job->live;
	struct err err;

	/* still the same poll, with fewer names */
	if (live_shrinks(live, job, reply) && !live_go_on(live, job, reply->ended_ms, &err))
		return;
	live->sink.on_polling(live->arg, false, reply->ended_ms);
	if (login_is_shut(live) || live->gate != GATE_OPEN) {
		meter_poll(&live->meter, -1);
		return;
	}
	if (job->bare && reply->result == HTTP_NOT_STARTED) {
		live->poller.failures = 0;
		login_missed(live);
		return;
	}
	if (tell(job, reply, &err) < 0) {
		meter_poll(&live->meter, -1);
		poller_fail(live, &err, reply->ended_ms);
	}
}

void poller_dropped(const struct job *job, const char *why, int64_t now_ms)
{
	(void)why;
	meter_poll(&job->live->meter, -1);
	job->live->sink.on_polling(job->live->arg, false, now_ms);
}
