/*
 * The places and the guard over them.
 *
 * Five bad log-ins lock an account for half an hour, so: one request alone until one succeeded,
 * then never more than three, and the first 401 drops all that has not left and sends nothing any
 * more.
 */
#include "src/live/live-private.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define CONNECT_MS   5000
#define ANSWER_MS    10000
#define LIST_MS	     60000
#define SILENCE_MS   20000
#define LIST_BYTES   ((size_t)64 << 20)
#define PAGE_BYTES   ((size_t)4 << 20)
#define ANSWER_BYTES ((size_t)64 << 10)

const struct job_def job_defs[JOB_KINDS] = {
	[JOB_LIST] = { .method = "GET",
		       .max_bytes = LIST_BYTES,
		       .total_ms = LIST_MS,
		       .silence_ms = SILENCE_MS,
		       .reads = true,
		       .trickle = true,
		       .done = poller_done,
		       .dropped = poller_dropped },
	[JOB_ONE] = { .method = "GET",
		      .max_bytes = ANSWER_BYTES,
		      .total_ms = ANSWER_MS,
		      .reads = true,
		      .done = reader_done,
		      .dropped = reader_dropped },
	[JOB_MODULES] = { .method = "GET",
			  .max_bytes = PAGE_BYTES,
			  .total_ms = ANSWER_MS,
			  .trickle = true,
			  .done = modules_done,
			  .dropped = modules_dropped },
	[JOB_RESET] = { .method = "PUT",
			.max_bytes = ANSWER_BYTES,
			.total_ms = ANSWER_MS,
			.done = sender_done,
			.dropped = sender_dropped },
};

static bool is_free(const struct live *live, size_t place)
{
	return live->places[place].kind == JOB_NONE;
}

static bool anything_out(const struct live *live)
{
	size_t i;

	for (i = 0; i < LIVE_PLACES; i++)
		if (!is_free(live, i))
			return true;
	return false;
}

unsigned live_room(const struct live *live)
{
	unsigned room = 0;
	size_t i;

	if (live->refused || (!live->proven && anything_out(live)))
		return 0;
	for (i = 0; i < LIVE_PLACES; i++)
		room += i != POLL_PLACE && is_free(live, i);
	return live->proven ? room : 1;
}

bool live_may_poll(const struct live *live)
{
	return !live->refused && is_free(live, POLL_PLACE) && (live->proven || !anything_out(live));
}

static struct job *place_for(struct live *live, enum job_kind kind)
{
	size_t i;

	if (kind == JOB_LIST)
		return live_may_poll(live) ? &live->places[POLL_PLACE] : NULL;
	if (!live_room(live))
		return NULL;
	for (i = 0; i == POLL_PLACE || !is_free(live, i); i++)
		;
	return &live->places[i];
}

/* Everything that waits is told that it ends here; a PUT that left keeps waiting for its answer. */
static void drop_what_has_not_left(struct live *live, int64_t now_ms)
{
	size_t i;

	for (i = 0; i < LIVE_PLACES; i++) {
		struct job job = live->places[i];

		if (is_free(live, i) || (job.kind == JOB_RESET && http_left(live->http, job.id)))
			continue;
		http_cancel(live->http, job.id);
		live->places[i] = (struct job){ 0 };
		job_defs[job.kind].dropped(&job, now_ms);
		bdb_reader_free(job.reader);
	}
}

/* A 401 may have been read in this very moment, and be told to us only when libcurl is through. */
static bool may_leave(void *arg)
{
	const struct job *job = arg;
	const struct live *live = job->live;
	size_t i;

	for (i = 0; i < LIVE_PLACES; i++)
		if (!is_free(live, i) && http_status(live->http, live->places[i].id) == 401)
			return false;
	return true;
}

static int on_bytes(void *arg, const char *bytes, size_t length, struct err *err)
{
	const struct job *job = arg;

	return bdb_reader_feed(job->reader, bytes, length, err);
}

static void on_done(void *arg, const struct http_reply *reply)
{
	struct job *place = arg, job = *place;
	struct live *live = job.live;
	/* the status line alone is enough: whether its body came whole changes nothing about the
	 * log-in */
	bool first_refusal = reply->status == 401 && !live->refused;
	struct err err;

	*place = (struct job){ 0 };
	if (reply->end == HTTP_WHOLE && reply->status == 200)
		live->proven = true;
	if (first_refusal)
		live->refused = true;
	job_defs[job.kind].done(&job, reply);
	bdb_reader_free(job.reader);
	if (!first_refusal)
		return;
	live_says(live, reply, &err);
	live->sink.refused(live->arg, REFUSED_LOGIN, &err, reply->ended_ms);
	drop_what_has_not_left(live, reply->ended_ms);
}

static int write_path(char *out, size_t size, const struct job *job)
{
	switch (job->kind) {
	case JOB_LIST:
		return snprintf(out, size, "/v1/bdbs?fields=%s", fields_list(job->form));
	case JOB_ONE:
		return snprintf(out, size, "/v1/bdbs/%" PRId64 "?fields=%s", job->uid,
				fields_one(job->form));
	case JOB_RESET:
		return snprintf(out, size, "/v1/bdbs/%" PRId64 "/actions/%s", job->uid,
				op_defs[job->op].action);
	default:
		return snprintf(out, size, "/v1/modules");
	}
}

static unsigned send_job(struct job *job, int64_t now_ms, struct err *err)
{
	const struct job_def *def = &job_defs[job->kind];
	const struct live_setup *setup = &job->live->setup;
	char path[1024];
	struct http_sink sink = { .may_leave = may_leave,
				  .bytes = def->reads ? on_bytes : NULL,
				  .done = on_done,
				  .arg = job };
	struct http_request request = {
		.method = def->method,
		.path = path,
		.address = &setup->address,
		.trust = &setup->trust,
		.login = &setup->login,
		.body = job->with_body ? "{}" : NULL,
		.max_bytes = def->max_bytes,
		.connect_ms = CONNECT_MS,
		.total_ms = def->total_ms,
		.silence_ms = def->silence_ms,
		.once = job->kind == JOB_RESET,
		.trickle = def->trickle,
	};

	write_path(path, sizeof(path), job);
	return http_send(job->live->http, &request, &sink, now_ms, err);
}

int live_start(struct live *live, const struct job *want, int64_t now_ms, struct err *err)
{
	struct job *job = place_for(live, want->kind);
	bool list = want->kind == JOB_LIST;

	err_set(err, ERR_AGAIN, "no request may be sent now.");
	if (!job)
		return -1;
	*job = *want;
	job->live = live;
	job->asked_ms = now_ms;
	job->form = live->form;
	job->reader = NULL;
	if (job_defs[want->kind].reads)
		job->reader = bdb_reader_new(list ? fields_list(job->form) : fields_one(job->form),
					     list ? 0 : want->uid);
	if (job_defs[want->kind].reads && !job->reader)
		err_set(err, ERR_AGAIN, "out of memory.");
	else
		job->id = send_job(job, now_ms, err);
	if (job->id)
		return 0;
	bdb_reader_free(job->reader);
	*job = (struct job){ 0 };
	return -1;
}

bool live_shrinks(struct live *live, const struct job *job, const struct http_reply *reply)
{
	if (reply->end != HTTP_WHOLE || (reply->status != 400 && reply->status != 406) ||
	    job->form != FIELDS_FULL)
		return false;
	live->form = FIELDS_2020;
	return true;
}
