/*
 * Reads for a ticket: one database, and which modules lack what a reset needs.
 */
#include "src/rest/rest_internal.h"

#include "bdbtop/json/module.h"

/* reply: what came, or NULL. */
static void report_bad(const struct request *job, const struct http_reply *reply,
		       const struct err *why, int64_t now_ms)
{
	struct observation bad = { .kind = OBS_BAD,
				   .requested_ms = job->requested_ms,
				   .received_ms = now_ms,
				   .uid = job->uid,
				   .error = why };

	if (reply && hold_end(reply)) {
		bad.retry_status = reply->status;
		bad.retry_ms = hold_end(reply);
	}
	job->rest->sink.on_observation(job->rest->arg, &bad, now_ms);
}

static int report_one(const struct request *job, const struct http_reply *reply, struct err *err)
{
	struct observation seen = { .kind = OBS_ONE,
				    .requested_ms = job->requested_ms,
				    .received_ms = reply->ended_ms,
				    .date_s = reply->date_s,
				    .uid = job->uid };
	struct bdb_set set;
	int rc;

	bdb_set_init(&set);
	rc = bdb_reader_end(job->reader, &set, &seen.unreadable, err);
	if (!rc && set.count != 1) {
		err_set(err, ERR_RETRY, "the answer holds no readable database.");
		rc = -1;
	}
	if (!rc) {
		seen.bdbs = (const struct bdb *const *)set.bdbs;
		seen.count = set.count;
		rc = live_observed(job, &seen, err);
	}
	bdb_set_release(&set);
	return rc;
}

void reader_on_done(const struct request *job, const struct http_reply *reply)
{
	struct rest *live = job->rest;
	struct observation gone = { .kind = OBS_GONE,
				    .requested_ms = job->requested_ms,
				    .received_ms = reply->ended_ms,
				    .date_s = reply->date_s,
				    .uid = job->uid };
	struct err err;

	if (request_shrink_fields(live, job, reply) &&
	    !request_continue(live, job, reply->ended_ms, &err))
		return;
	if (reply->result == HTTP_COMPLETE && reply->status == 404) {
		live->sink.on_observation(live->arg, &gone, reply->ended_ms);
		return;
	}
	if (reply->result == HTTP_COMPLETE && reply->status == 200) {
		if (report_one(job, reply, &err) < 0)
			report_bad(job, reply, &err, reply->ended_ms);
		return;
	}
	request_error(job, reply, &err);
	report_bad(job, reply, &err, reply->ended_ms);
}

void reader_on_dropped(const struct request *job, const char *why, int64_t now_ms)
{
	struct err err;

	err_set(&err, ERR_ASK_USER, "%s.", why);
	report_bad(job, NULL, &err, now_ms);
}

void modules_on_done(const struct request *job, const struct http_reply *reply)
{
	struct rest *live = job->rest;
	struct module_names names = { 0 };
	struct err err;
	bool known = reply->result == HTTP_COMPLETE && reply->status == 200 &&
		     !modules_lacking(&names, reply->body, reply->length, &err);

	live->sink.on_modules(live->arg, known, (const char *const *)names.names, names.count,
			      reply->ended_ms);
	if (known)
		module_names_release(&names);
}

void modules_on_dropped(const struct request *job, const char *why, int64_t now_ms)
{
	(void)why;
	job->rest->sink.on_modules(job->rest->arg, false, NULL, 0, now_ms);
}
