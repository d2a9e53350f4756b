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

#include "bdbtop/json/data_formats.h"

static int events_path(char *out, size_t size, const struct request *request)
{
	char since[TIME_TEXT_SIZE];
	int length = snprintf(out, size, "/v1/logs?order=desc&limit=%d", EVENTS_LIMIT);

	if (request->uid <= 0)
		return length;
	time_format_iso(since, request->uid);
	return length + snprintf(out + length, size - (size_t)length, "&stime=%s", since);
}

static int alerts_path(char *out, size_t size, const struct request *request)
{
	if (!request->uid)
		return snprintf(out, size, "/v1/bdbs/alerts");
	return snprintf(out, size, "/v1/bdbs/alerts/%" PRId64, request->uid);
}

static int actions_path(char *out, size_t size, const struct request *request)
{
	return snprintf(out, size, request->actions_v1 ? "/v1/actions" : "/v2/actions");
}

static int shards_path(char *out, size_t size, const struct request *request)
{
	return snprintf(out, size, "/v1/bdbs/%" PRId64 "/shards", request->uid);
}

static int bdb_info_path(char *out, size_t size, const struct request *request)
{
	return snprintf(out, size, "/v1/bdbs?fields=%s", fields_bdb_info(request->fields));
}

static int bdb_info_one_path(char *out, size_t size, const struct request *request)
{
	return snprintf(out, size, "/v1/bdbs/%" PRId64 "?fields=%s", request->uid,
			fields_bdb_info_one(request->fields));
}

static void report(const struct request *request, struct data_reply *result, int64_t now_ms)
{
	result->topic = request->def->topic;
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
	switch (complete_status(reply)) {
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
	if (request->def->topic != TOPIC_ACTIONS || request->actions_v1 ||
	    complete_status(reply) != 404)
		return false;
	rest->actions_v1 = true;
	return true;
}

static void on_done(const struct request *request, const struct http_reply *reply)
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

/* What most requests for cluster data have in common. */
#define DATA_REQUEST(of_topic, of_path, of_format, what)                                           \
	.method = "GET", of_path, .data_format = of_format, .topic = of_topic, .subject = what,    \
	.on_done = on_done, .total_ms = ANSWER_MS
#define PAGE .max_bytes = DATA_BYTES, .small_buffer = true

static const struct request_def requests[TOPIC_COUNT] = {
	[TOPIC_EVENTS] = { DATA_REQUEST(TOPIC_EVENTS, .path = events_path, &event_format,
					"the event log"),
			   PAGE, .item_limit = EVENTS_LIMIT },
	[TOPIC_ALERTS] = { DATA_REQUEST(TOPIC_ALERTS, .path = alerts_path, &alert_format, "alerts"),
			   PAGE },
	[TOPIC_ACTIONS] = { DATA_REQUEST(TOPIC_ACTIONS, .path = actions_path, &action_format,
					 "actions"),
			    PAGE },
	[TOPIC_SHARDS] = { DATA_REQUEST(TOPIC_SHARDS, .path = shards_path, &shard_format, "shards"),
			   PAGE },
	[TOPIC_NODES] = { DATA_REQUEST(TOPIC_NODES, .fixed_path = "/v1/nodes", &node_format,
				       "nodes"),
			  PAGE },
};

/* As long as the list of databases, so it has the same limits. */
static const struct request_def bdb_info_request = {
	.method = "GET",
	.path = bdb_info_path,
	.max_bytes = LIST_BYTES,
	.total_ms = LIST_MS,
	.silence_ms = SILENCE_MS,
	.small_buffer = true,
	.fields_offset = offsetof(struct rest, bdb_info_fields),
	.data_format = &bdb_info_format,
	.topic = TOPIC_BDB_INFO,
	.subject = "modules and tags",
	.on_done = on_done,
};

static const struct request_def bdb_info_one_request = {
	DATA_REQUEST(TOPIC_BDB_INFO, .path = bdb_info_one_path, &bdb_info_one_format,
		     "versions and sizes"),
	.max_bytes = ANSWER_BYTES,
	.fields_offset = offsetof(struct rest, bdb_info_one_fields),
};

const struct request_def *data_request(enum source_topic topic, int64_t uid)
{
	if (topic == TOPIC_BDB_INFO)
		return uid ? &bdb_info_one_request : &bdb_info_request;
	return &requests[topic];
}
