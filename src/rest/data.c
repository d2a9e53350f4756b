/*
 * Cluster data beside the list: events, alerts, actions, shards, modules and tags, nodes.  Each
 * request is reported exactly once; fleet decides what is requested and when.
 *
 * A failure affects only its own request: it changes no route and stops no poll, except for a
 * refused log-in or an untrusted server, which stop everything.
 */
#include "rest_internal.h"

#include <inttypes.h>
#include <stdio.h>

int data_path(char *out, size_t size, const struct request *request)
{
	char since[TIME_TEXT_SIZE];
	int length;

	switch (request->kind) {
	case REQUEST_EVENTS:
		length = snprintf(out, size, "/v1/logs?order=desc&limit=%d", EVENTS_LIMIT);
		if (request->uid <= 0)
			return length;
		time_format_iso(since, request->uid);
		return length + snprintf(out + length, size - (size_t)length, "&stime=%s", since);
	case REQUEST_ALERTS:
		if (!request->uid)
			return snprintf(out, size, "/v1/bdbs/alerts");
		return snprintf(out, size, "/v1/bdbs/alerts/%" PRId64, request->uid);
	case REQUEST_ACTIONS:
		return snprintf(out, size, request->actions_v1 ? "/v1/actions" : "/v2/actions");
	case REQUEST_SHARDS:
		return snprintf(out, size, "/v1/bdbs/%" PRId64 "/shards", request->uid);
	case REQUEST_NODES:
		return snprintf(out, size, "/v1/nodes");
	case REQUEST_BDB_INFO_ONE:
		return snprintf(out, size, "/v1/bdbs/%" PRId64 "?fields=%s", request->uid,
				fields_bdb_info_one(request->fields));
	default:
		return snprintf(out, size, "/v1/bdbs?fields=%s", fields_bdb_info(request->fields));
	}
}

static void report(const struct request *request, struct data_reply *result, int64_t now_ms)
{
	result->topic = request_defs[request->kind].topic;
	result->uid = request->uid;
	result->requested_ms = request->requested_ms;
	result->received_ms = now_ms;
	request->rest->sink.on_data(request->rest->arg, result, now_ms);
}

/* Also of a reply that cannot be parsed; 0: no reply, or one that was cut off. */
static unsigned http_status_of(const struct http_reply *reply)
{
	return reply->result == HTTP_COMPLETE || reply->result == HTTP_REFUSED ||
			       reply->result == HTTP_TOO_LONG
		       ? reply->status
		       : 0;
}

static enum data_result data_result_of(const struct http_reply *reply)
{
	if (reply->result != HTTP_COMPLETE)
		return DATA_FAILED;
	switch (reply->status) {
	case 200:
		return DATA_OK;
	case 403:
		return DATA_FORBIDDEN;
	case 404:
		return DATA_MISSING;
	default:
		return DATA_FAILED;
	}
}

/* Clusters before 7.22 may have only /v1/actions, which lacks backups, exports and imports.  After
 * a 404 all later requests go there. */
static bool use_older_actions(struct rest *rest, const struct request *request,
			      const struct http_reply *reply)
{
	if (request->kind != REQUEST_ACTIONS || request->actions_v1 ||
	    reply->result != HTTP_COMPLETE || reply->status != 404)
		return false;
	rest->actions_v1 = true;
	return true;
}

void data_on_done(const struct request *request, const struct http_reply *reply)
{
	struct data_reply result = { .result = data_result_of(reply),
				    .status = http_status_of(reply),
				    .older_actions = request->actions_v1 };
	struct err err;

	/* sent again with fewer names or to the older path: not reported yet */
	if ((request_shrink_fields(request->rest, request, reply) ||
	     use_older_actions(request->rest, request, reply)) &&
	    !request_continue(request->rest, request, reply->ended_ms, NULL))
		return;
	if (result.result != DATA_OK)
		request_error(request, reply, &err);
	else
		result.data = data_reader_end(request->data, &err);
	result.retry_ms = retry_after_end(reply);
	if (!result.data) {
		result.error = &err;
		result.result = result.result == DATA_OK ? DATA_FAILED : result.result;
	}
	report(request, &result, reply->ended_ms);
}

void data_on_dropped(const struct request *request, const char *why, int64_t now_ms)
{
	struct data_reply result = { .result = DATA_FAILED };
	struct err err;

	err_set(&err, ERR_ASK_USER, "%s.", why);
	result.error = &err;
	report(request, &result, now_ms);
}
