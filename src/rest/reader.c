/*
 * Reads for a reset: one database, and which modules lack the capability that a reset needs.
 */
#include "rest_internal.h"

#include <inttypes.h>
#include <stdio.h>

#include "bdbtop/json/module.h"

static void report_bad(const struct request *request, const struct http_reply *reply,
		       const struct err *error)
{
	struct observation bad = { .kind = OBS_BAD,
				   .requested_ms = request->requested_ms,
				   .received_ms = reply->ended_ms,
				   .uid = request->uid,
				   .error = error };

	if (retry_after_end(reply)) {
		bad.retry_status = reply->status;
		bad.retry_ms = retry_after_end(reply);
	}
	request->rest->sink.on_observation(request->rest->arg, &bad, reply->ended_ms);
}

static void reader_on_done(const struct request *request, const struct http_reply *reply)
{
	struct rest *rest = request->rest;
	struct observation gone = { .kind = OBS_GONE,
				    .requested_ms = request->requested_ms,
				    .received_ms = reply->ended_ms,
				    .date_s = reply->date_s,
				    .uid = request->uid };
	struct err err;

	if (request_shrink_fields(rest, request, reply) &&
	    !request_continue(rest, request, reply->ended_ms, &err))
		return;
	last_list_forget(rest->last_list, request->uid);
	if (complete_status(reply) == 404) {
		rest->sink.on_observation(rest->arg, &gone, reply->ended_ms);
		return;
	}
	if (complete_status(reply) != 200)
		request_error(request, reply, &err);
	else if (!observation_report(request, reply, OBS_ONE, &err))
		return;
	report_bad(request, reply, &err);
}

static void modules_on_done(const struct request *request, const struct http_reply *reply)
{
	struct rest *rest = request->rest;
	struct module_names names = { 0 };
	struct err err;
	bool known = complete_status(reply) == 200 &&
		     !modules_lacking(&names, reply->body, reply->length, &err);

	rest->sink.on_modules(rest->arg, known, (const char *const *)names.names, names.count,
			      reply->ended_ms);
	if (known)
		module_names_release(&names);
}

static int one_path(char *out, size_t size, const struct request *request)
{
	return snprintf(out, size, "/v1/bdbs/%" PRId64 "?fields=%s", request->uid,
			fields_one(request->fields));
}

const struct request_def one_request = {
	.method = "GET",
	.path = one_path,
	.max_bytes = ANSWER_BYTES,
	.total_ms = ANSWER_MS,
	.fields_offset = offsetof(struct rest, fields),
	.bdb_fields = fields_one,
	.subject = "databases",
	.on_done = reader_on_done,
};

const struct request_def modules_request = {
	.method = "GET",
	.fixed_path = "/v1/modules",
	.max_bytes = DATA_BYTES,
	.total_ms = ANSWER_MS,
	.small_buffer = true,
	.subject = "modules",
	.on_done = modules_on_done,
};
