/*
 * The places, and the one way out and back.
 *
 * One request alone until one succeeded, then never more than three; login.c, trust.c and route.c
 * say whether and where one may leave.
 */
#include "src/rest/rest_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bdbtop/json/action.h"
#include "bdbtop/json/alert.h"
#include "bdbtop/json/event.h"
#include "bdbtop/json/node.h"
#include "bdbtop/json/shard.h"
#include "bdbtop/json/bdb_info.h"

#define CONNECT_MS   5000
#define ANSWER_MS    10000
#define LIST_MS	     60000
#define SILENCE_MS   20000
#define LIST_BYTES   ((size_t)64 << 20)
#define PAGE_BYTES   ((size_t)4 << 20)
#define ANSWER_BYTES ((size_t)64 << 10)

/* What is the same for all facts of a page. */
#define PAGE(of_topic, form, of_what)                                                              \
	.method = "GET", .max_bytes = PAGE_BYTES, .total_ms = ANSWER_MS, .trickle = true,          \
	.data_format = form, .topic = of_topic, .subject = of_what, .on_done = data_on_done,       \
	.on_dropped = data_on_dropped

const struct request_def request_defs[REQUEST_KINDS] = {
	[REQUEST_LIST] = { .method = "GET",
			   .max_bytes = LIST_BYTES,
			   .total_ms = LIST_MS,
			   .silence_ms = SILENCE_MS,
			   .reads = true,
			   .trickle = true,
			   .subject = "databases",
			   .on_done = poller_on_done,
			   .on_dropped = poller_on_dropped },
	[REQUEST_ONE] = { .method = "GET",
			  .max_bytes = ANSWER_BYTES,
			  .total_ms = ANSWER_MS,
			  .reads = true,
			  .subject = "databases",
			  .on_done = reader_on_done,
			  .on_dropped = reader_on_dropped },
	[REQUEST_MODULES] = { .method = "GET",
			      .max_bytes = PAGE_BYTES,
			      .total_ms = ANSWER_MS,
			      .trickle = true,
			      .subject = "modules",
			      .on_done = modules_on_done,
			      .on_dropped = modules_on_dropped },
	[REQUEST_EVENTS] = { PAGE(TOPIC_EVENTS, &event_format, "the event log"),
			     .item_limit = EVENTS_LIMIT },
	[REQUEST_ALERTS] = { PAGE(TOPIC_ALERTS, &alert_format, "alerts") },
	[REQUEST_ACTIONS] = { PAGE(TOPIC_ACTIONS, &action_format, "actions") },
	[REQUEST_SHARDS] = { PAGE(TOPIC_SHARDS, &shard_format, "shards") },
	[REQUEST_NODES] = { PAGE(TOPIC_NODES, &node_format, "nodes") },
	/* as long as the list of databases, and asked for as one */
	[REQUEST_BDB_INFO] = { .method = "GET",
			       .max_bytes = LIST_BYTES,
			       .total_ms = LIST_MS,
			       .silence_ms = SILENCE_MS,
			       .trickle = true,
			       .data_format = &bdb_info_format,
			       .topic = TOPIC_BDB_INFO,
			       .subject = "modules and tags",
			       .on_done = data_on_done,
			       .on_dropped = data_on_dropped },
	[REQUEST_BDB_INFO_ONE] = { .method = "GET",
				   .max_bytes = ANSWER_BYTES,
				   .total_ms = ANSWER_MS,
				   .data_format = &bdb_info_one_format,
				   .topic = TOPIC_BDB_INFO,
				   .subject = "versions and sizes",
				   .on_done = data_on_done,
				   .on_dropped = data_on_dropped },
	[REQUEST_RESET] = { .method = "PUT",
			    .max_bytes = ANSWER_BYTES,
			    .total_ms = ANSWER_MS,
			    .subject = "databases",
			    .acts = true,
			    .on_done = sender_on_done,
			    .on_dropped = sender_on_dropped },
	[REQUEST_OPTIONS] = { .method = "OPTIONS",
			      .max_bytes = ANSWER_BYTES,
			      .total_ms = ANSWER_MS,
			      .subject = "databases",
			      .acts = true,
			      .on_done = options_done,
			      .on_dropped = options_dropped },
	[REQUEST_HANDSHAKE] = { .method = "GET",
				.max_bytes = ANSWER_BYTES,
				.total_ms = ANSWER_MS,
				.subject = "databases",
				.acts = true,
				.on_done = handshake_on_done,
				.on_dropped = handshake_on_dropped },
};

static bool is_free_slot(const struct rest *live, size_t place)
{
	return live->slots[place].kind == REQUEST_NONE;
}

static bool has_request_in_flight(const struct rest *live)
{
	size_t i;

	for (i = 0; i < REQUEST_SLOTS; i++)
		if (!is_free_slot(live, i))
			return true;
	return false;
}

static bool is_held(const struct rest *live)
{
	return live->hold.until_ms != HOLD_NONE;
}

unsigned rest_free_slots(const struct rest *live)
{
	unsigned room = 0;
	size_t i;

	if (live->trust_state != TRUST_STATE_OPEN || live->login_state != LOGIN_STATE_GIVEN ||
	    is_held(live) || (!live->login_proven && has_request_in_flight(live)))
		return 0;
	for (i = 0; i < REQUEST_SLOTS; i++)
		room += i != POLL_SLOT && is_free_slot(live, i);
	return live->login_proven ? room : 1;
}

bool rest_can_poll(const struct rest *live)
{
	return live->trust_state == TRUST_STATE_OPEN && !login_is_closed(live) && !is_held(live) &&
	       is_free_slot(live, POLL_SLOT) &&
	       (live->login_proven || !has_request_in_flight(live));
}

static struct request *find_slot(struct rest *live, enum request_kind kind)
{
	size_t i;

	if (kind == REQUEST_LIST)
		return rest_can_poll(live) ? &live->slots[POLL_SLOT] : NULL;
	if (!rest_free_slots(live))
		return NULL;
	for (i = 0; i == POLL_SLOT || !is_free_slot(live, i); i++)
		;
	return &live->slots[i];
}

const char *rest_stop_reason(const struct rest *live)
{
	return live->trust_state == TRUST_STATE_OPEN ? "stopped: log-in refused"
						     : "stopped: trust lost";
}

void request_drop_all(struct rest *live, int64_t now_ms)
{
	size_t i;

	for (i = 0; i < REQUEST_SLOTS; i++) {
		struct request job = live->slots[i];

		if (is_free_slot(live, i) ||
		    (job.kind == REQUEST_RESET && http_request_left(live->http, job.http_id)))
			continue;
		http_cancel(live->http, job.http_id);
		live->slots[i] = (struct request){ 0 };
		request_defs[job.kind].on_dropped(&job, rest_stop_reason(live), now_ms);
		request_release(&job);
	}
}

/* A 401 may have been read in this very moment, and be told to us only when libcurl is through. */
static bool can_leave(void *arg)
{
	const struct request *job = arg;
	const struct rest *live = job->rest;
	size_t i;

	if (job->handshake_only || live->trust_state != TRUST_STATE_OPEN || login_is_closed(live))
		return false;
	for (i = 0; i < REQUEST_SLOTS; i++)
		if (!is_free_slot(live, i) &&
		    live->slots[i].login_generation == live->login_generation &&
		    http_status(live->http, live->slots[i].http_id) == 401)
			return false;
	return true;
}

static int on_bytes(void *arg, const char *bytes, size_t length, struct err *err)
{
	const struct request *job = arg;

	if (job->data)
		return data_reader_feed(job->data, bytes, length, err);
	return bdb_reader_feed(job->reader, bytes, length, err);
}

void request_release(struct request *job)
{
	bdb_reader_free(job->reader);
	data_reader_free(job->data);
}

/* Whether the same job is on its way again, be it to another address. */
static bool is_retried(struct rest *live, struct request *job, const struct http_reply *reply,
		       bool doubted)
{
	bool again;

	if (doubted)
		again = trust_on_untrusted(live, job, reply) && job->kind != REQUEST_RESET;
	else
		again = route_retry(live, job, reply);
	return again && !request_continue(live, job, reply->ended_ms, NULL);
}

static void on_done(void *arg, const struct http_reply *reply)
{
	struct request *place = arg, job = *place;
	struct rest *live = job.rest;
	bool refused = login_on_reply(live, &job, reply);
	/* at the end of a redirect it says nothing about the cluster */
	bool doubted = (reply->result == HTTP_NO_TRUST || reply->result == HTTP_WRONG_KEY) &&
		       !job.target.has_resolved_address && live->trust_state == TRUST_STATE_OPEN;
	int64_t held_ms;

	*place = (struct request){ 0 };
	if (is_retried(live, &job, reply, doubted)) {
		request_release(&job);
		return;
	}
	route_learn(live, &job, reply);
	held_ms = live->hold.until_ms;
	hold_begin(live, &job, reply);
	request_defs[job.kind].on_done(&job, reply);
	/* the polls wait too, so this is said where their trouble is; a poll says it itself */
	if (live->hold.until_ms != held_ms && job.kind != REQUEST_LIST)
		poller_on_failure(live, &live->hold.why, reply->ended_ms);
	request_release(&job);
	if (refused)
		login_refused(live, &job, reply);
	if (doubted)
		trust_report(live, reply->ended_ms);
	if (refused || live->trust_state != TRUST_STATE_OPEN)
		request_drop_all(live, reply->ended_ms);
}

int request_path(char *out, size_t size, const struct request *job)
{
	switch (job->kind) {
	case REQUEST_LIST:
		return snprintf(out, size, "/v1/bdbs?fields=%s", fields_list(job->fields));
	case REQUEST_ONE:
		return snprintf(out, size, "/v1/bdbs/%" PRId64 "?fields=%s", job->uid,
				fields_one(job->fields));
	case REQUEST_RESET:
	case REQUEST_OPTIONS:
		return snprintf(out, size, "/v1/bdbs/%" PRId64 "/actions/%s", job->uid,
				op_defs[job->op].action);
	case REQUEST_MODULES:
	case REQUEST_HANDSHAKE:
		return snprintf(out, size, "/v1/modules");
	default:
		return data_path(out, size, job);
	}
}

static unsigned send_request(struct request *job, int64_t now_ms, struct err *err)
{
	const struct request_def *def = &request_defs[job->kind];
	const struct rest_setup *setup = &job->rest->setup;
	char path[1024];
	struct http_sink sink = { .may_leave = can_leave,
				  .on_bytes = def->reads || def->data_format ? on_bytes : NULL,
				  .on_done = on_done,
				  .arg = job };
	struct http_request request = {
		.method = def->method,
		.path = path,
		.address = route_address(job->rest, &job->target),
		.connect_to =
			job->target.has_resolved_address ? &job->target.resolved_address : NULL,
		.trust = &setup->trust,
		.login = job->handshake_only ? NULL : &setup->login,
		.stats = &job->rest->stats.http,
		.body = job->with_body ? "{}" : NULL,
		.max_bytes = def->max_bytes,
		.connect_ms = CONNECT_MS,
		.total_ms = def->total_ms,
		.silence_ms = def->silence_ms,
		.fresh_connection = def->acts,
		.small_buffer = def->trickle,
	};

	request_path(path, sizeof(path), job);
	return http_send(job->rest->http, &request, &sink, now_ms, err);
}

static int make_readers(struct request *job)
{
	const struct request_def *def = &request_defs[job->kind];
	bool list = job->kind == REQUEST_LIST;

	job->reader = NULL;
	job->data = NULL;
	if (def->reads)
		job->reader =
			bdb_reader_new(list ? fields_list(job->fields) : fields_one(job->fields),
				       list ? 0 : job->uid);
	/* the uid of a question for events is a time */
	if (def->data_format)
		job->data = data_reader_new(def->data_format,
					    job->kind == REQUEST_EVENTS ? 0 : job->uid,
					    def->item_limit);
	return (def->reads && !job->reader) || (def->data_format && !job->data) ? -1 : 0;
}

/* What a job of this kind asks for from now on; NULL: it names no fields. */
static enum fields_set *fields_of(struct rest *live, enum request_kind kind)
{
	switch (kind) {
	case REQUEST_LIST:
	case REQUEST_ONE:
		return &live->fields;
	case REQUEST_BDB_INFO:
		return &live->bdb_info_fields;
	case REQUEST_BDB_INFO_ONE:
		return &live->bdb_info_one_fields;
	default:
		return NULL;
	}
}

int request_continue(struct rest *live, const struct request *want, int64_t now_ms, struct err *err)
{
	struct request *job = find_slot(live, want->kind);
	const enum fields_set *form = fields_of(live, want->kind);

	err_set(err, ERR_RETRY, "no request may be sent now.");
	if (!job)
		return -1;
	*job = *want;
	job->rest = live;
	job->requested_ms = now_ms;
	job->fields = form ? *form : FIELDS_FULL;
	job->actions_v1 = want->kind == REQUEST_ACTIONS && live->actions_v1;
	job->login_generation = live->login_generation;
	job->handshake_only =
		live->login_state == LOGIN_STATE_MISSING || want->kind == REQUEST_HANDSHAKE;
	if (make_readers(job) < 0)
		err_set(err, ERR_RETRY, "out of memory.");
	else
		job->http_id = send_request(job, now_ms, err);
	if (job->http_id)
		return 0;
	request_release(job);
	*job = (struct request){ 0 };
	return -1;
}

int request_start(struct rest *live, const struct request *want, int64_t now_ms, struct err *err)
{
	struct request job = *want;

	route_start(live, &job,
		    request_defs[job.kind].acts ? &live->put_target : &live->read_target);
	return request_continue(live, &job, now_ms, err);
}

bool request_shrink_fields(struct rest *live, const struct request *job,
			   const struct http_reply *reply)
{
	enum fields_set *form = fields_of(live, job->kind);

	if (!form || reply->result != HTTP_COMPLETE ||
	    (reply->status != 400 && reply->status != 406) || job->fields != FIELDS_FULL)
		return false;
	*form = FIELDS_2020;
	return true;
}
