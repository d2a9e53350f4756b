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
	.facts = form, .topic = of_topic, .what = of_what, .done = facts_done,                     \
	.dropped = facts_dropped

const struct job_def job_defs[JOB_KINDS] = {
	[JOB_LIST] = { .method = "GET",
		       .max_bytes = LIST_BYTES,
		       .total_ms = LIST_MS,
		       .silence_ms = SILENCE_MS,
		       .reads = true,
		       .trickle = true,
		       .what = "databases",
		       .done = poller_done,
		       .dropped = poller_dropped },
	[JOB_ONE] = { .method = "GET",
		      .max_bytes = ANSWER_BYTES,
		      .total_ms = ANSWER_MS,
		      .reads = true,
		      .what = "databases",
		      .done = reader_done,
		      .dropped = reader_dropped },
	[JOB_MODULES] = { .method = "GET",
			  .max_bytes = PAGE_BYTES,
			  .total_ms = ANSWER_MS,
			  .trickle = true,
			  .what = "modules",
			  .done = modules_done,
			  .dropped = modules_dropped },
	[JOB_EVENTS] = { PAGE(TOPIC_EVENTS, &event_format, "the event log"),
			 .limit = EVENTS_LIMIT },
	[JOB_ALERTS] = { PAGE(TOPIC_ALERTS, &alert_format, "alerts") },
	[JOB_ACTIONS] = { PAGE(TOPIC_ACTIONS, &action_format, "actions") },
	[JOB_SHARDS] = { PAGE(TOPIC_SHARDS, &shard_format, "shards") },
	[JOB_NODES] = { PAGE(TOPIC_NODES, &node_format, "nodes") },
	/* as long as the list of databases, and asked for as one */
	[JOB_TRAITS] = { .method = "GET",
			 .max_bytes = LIST_BYTES,
			 .total_ms = LIST_MS,
			 .silence_ms = SILENCE_MS,
			 .trickle = true,
			 .facts = &bdb_info_format,
			 .topic = TOPIC_BDB_INFO,
			 .what = "modules and tags",
			 .done = facts_done,
			 .dropped = facts_dropped },
	[JOB_TRAITS_ONE] = { .method = "GET",
			     .max_bytes = ANSWER_BYTES,
			     .total_ms = ANSWER_MS,
			     .facts = &bdb_info_one_format,
			     .topic = TOPIC_BDB_INFO,
			     .what = "versions and sizes",
			     .done = facts_done,
			     .dropped = facts_dropped },
	[JOB_RESET] = { .method = "PUT",
			.max_bytes = ANSWER_BYTES,
			.total_ms = ANSWER_MS,
			.what = "databases",
			.acts = true,
			.done = sender_done,
			.dropped = sender_dropped },
	[JOB_OPTIONS] = { .method = "OPTIONS",
			  .max_bytes = ANSWER_BYTES,
			  .total_ms = ANSWER_MS,
			  .what = "databases",
			  .acts = true,
			  .done = options_done,
			  .dropped = options_dropped },
	[JOB_KNOCK] = { .method = "GET",
			.max_bytes = ANSWER_BYTES,
			.total_ms = ANSWER_MS,
			.what = "databases",
			.acts = true,
			.done = knock_done,
			.dropped = knock_dropped },
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

static bool is_held(const struct live *live)
{
	return live->hold.until_ms != HOLD_NONE;
}

unsigned live_room(const struct live *live)
{
	unsigned room = 0;
	size_t i;

	if (live->gate != GATE_OPEN || live->state != LOG_IN_GIVEN || is_held(live) ||
	    (!live->proven && anything_out(live)))
		return 0;
	for (i = 0; i < LIVE_PLACES; i++)
		room += i != POLL_PLACE && is_free(live, i);
	return live->proven ? room : 1;
}

bool live_may_poll(const struct live *live)
{
	return live->gate == GATE_OPEN && !login_is_shut(live) && !is_held(live) &&
	       is_free(live, POLL_PLACE) && (live->proven || !anything_out(live));
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

const char *live_stopped(const struct live *live)
{
	return live->gate == GATE_OPEN ? "stopped: log-in refused" : "stopped: trust lost";
}

void live_drop(struct live *live, int64_t now_ms)
{
	size_t i;

	for (i = 0; i < LIVE_PLACES; i++) {
		struct job job = live->places[i];

		if (is_free(live, i) ||
		    (job.kind == JOB_RESET && http_request_left(live->http, job.id)))
			continue;
		http_cancel(live->http, job.id);
		live->places[i] = (struct job){ 0 };
		job_defs[job.kind].dropped(&job, live_stopped(live), now_ms);
		live_release(&job);
	}
}

/* A 401 may have been read in this very moment, and be told to us only when libcurl is through. */
static bool may_leave(void *arg)
{
	const struct job *job = arg;
	const struct live *live = job->live;
	size_t i;

	if (job->bare || live->gate != GATE_OPEN || login_is_shut(live))
		return false;
	for (i = 0; i < LIVE_PLACES; i++)
		if (!is_free(live, i) && live->places[i].log_in == live->log_in &&
		    http_status(live->http, live->places[i].id) == 401)
			return false;
	return true;
}

static int on_bytes(void *arg, const char *bytes, size_t length, struct err *err)
{
	const struct job *job = arg;

	if (job->facts)
		return data_reader_feed(job->facts, bytes, length, err);
	return bdb_reader_feed(job->reader, bytes, length, err);
}

void live_release(struct job *job)
{
	bdb_reader_free(job->reader);
	data_reader_free(job->facts);
}

/* Whether the same job is on its way again, be it to another address. */
static bool goes_on(struct live *live, struct job *job, const struct http_reply *reply,
		    bool doubted)
{
	bool again;

	if (doubted)
		again = trust_doubts(live, job, reply) && job->kind != JOB_RESET;
	else
		again = route_goes_on(live, job, reply);
	return again && !live_go_on(live, job, reply->ended_ms, NULL);
}

static void on_done(void *arg, const struct http_reply *reply)
{
	struct job *place = arg, job = *place;
	struct live *live = job.live;
	bool refused = login_judge(live, &job, reply);
	/* at the end of a redirect it says nothing about the cluster */
	bool doubted = (reply->result == HTTP_NO_TRUST || reply->result == HTTP_WRONG_KEY) &&
		       !job.hop.dialled && live->gate == GATE_OPEN;
	int64_t held_ms;

	*place = (struct job){ 0 };
	if (goes_on(live, &job, reply, doubted)) {
		live_release(&job);
		return;
	}
	route_learn(live, &job, reply);
	held_ms = live->hold.until_ms;
	hold_begin(live, &job, reply);
	job_defs[job.kind].done(&job, reply);
	/* the polls wait too, so this is said where their trouble is; a poll says it itself */
	if (live->hold.until_ms != held_ms && job.kind != JOB_LIST)
		poller_fail(live, &live->hold.why, reply->ended_ms);
	live_release(&job);
	if (refused)
		login_refused(live, &job, reply);
	if (doubted)
		trust_says(live, reply->ended_ms);
	if (refused || live->gate != GATE_OPEN)
		live_drop(live, reply->ended_ms);
}

int live_path(char *out, size_t size, const struct job *job)
{
	switch (job->kind) {
	case JOB_LIST:
		return snprintf(out, size, "/v1/bdbs?fields=%s", fields_list(job->form));
	case JOB_ONE:
		return snprintf(out, size, "/v1/bdbs/%" PRId64 "?fields=%s", job->uid,
				fields_one(job->form));
	case JOB_RESET:
	case JOB_OPTIONS:
		return snprintf(out, size, "/v1/bdbs/%" PRId64 "/actions/%s", job->uid,
				op_defs[job->op].action);
	case JOB_MODULES:
	case JOB_KNOCK:
		return snprintf(out, size, "/v1/modules");
	default:
		return facts_path(out, size, job);
	}
}

static unsigned send_job(struct job *job, int64_t now_ms, struct err *err)
{
	const struct job_def *def = &job_defs[job->kind];
	const struct live_setup *setup = &job->live->setup;
	char path[1024];
	struct http_sink sink = { .may_leave = may_leave,
				  .on_bytes = def->reads || def->facts ? on_bytes : NULL,
				  .on_done = on_done,
				  .arg = job };
	struct http_request request = {
		.method = def->method,
		.path = path,
		.address = route_name(job->live, &job->hop),
		.connect_to = job->hop.dialled ? &job->hop.dial : NULL,
		.trust = &setup->trust,
		.login = job->bare ? NULL : &setup->login,
		.stats = &job->live->meter.http,
		.body = job->with_body ? "{}" : NULL,
		.max_bytes = def->max_bytes,
		.connect_ms = CONNECT_MS,
		.total_ms = def->total_ms,
		.silence_ms = def->silence_ms,
		.fresh_connection = def->acts,
		.small_buffer = def->trickle,
	};

	live_path(path, sizeof(path), job);
	return http_send(job->live->http, &request, &sink, now_ms, err);
}

static int make_readers(struct job *job)
{
	const struct job_def *def = &job_defs[job->kind];
	bool list = job->kind == JOB_LIST;

	job->reader = NULL;
	job->facts = NULL;
	if (def->reads)
		job->reader = bdb_reader_new(list ? fields_list(job->form) : fields_one(job->form),
					     list ? 0 : job->uid);
	/* the uid of a question for events is a time */
	if (def->facts)
		job->facts = data_reader_new(def->facts, job->kind == JOB_EVENTS ? 0 : job->uid,
					     def->limit);
	return (def->reads && !job->reader) || (def->facts && !job->facts) ? -1 : 0;
}

/* What a job of this kind asks for from now on; NULL: it names no fields. */
static enum fields_set *form_of(struct live *live, enum job_kind kind)
{
	switch (kind) {
	case JOB_LIST:
	case JOB_ONE:
		return &live->form;
	case JOB_TRAITS:
		return &live->traits_form;
	case JOB_TRAITS_ONE:
		return &live->traits_one_form;
	default:
		return NULL;
	}
}

int live_go_on(struct live *live, const struct job *want, int64_t now_ms, struct err *err)
{
	struct job *job = place_for(live, want->kind);
	const enum fields_set *form = form_of(live, want->kind);

	err_set(err, ERR_RETRY, "no request may be sent now.");
	if (!job)
		return -1;
	*job = *want;
	job->live = live;
	job->asked_ms = now_ms;
	job->form = form ? *form : FIELDS_FULL;
	job->actions_v1 = want->kind == JOB_ACTIONS && live->actions_v1;
	job->log_in = live->log_in;
	job->bare = live->state == LOG_IN_MISSING || want->kind == JOB_KNOCK;
	if (make_readers(job) < 0)
		err_set(err, ERR_RETRY, "out of memory.");
	else
		job->id = send_job(job, now_ms, err);
	if (job->id)
		return 0;
	live_release(job);
	*job = (struct job){ 0 };
	return -1;
}

int live_start(struct live *live, const struct job *want, int64_t now_ms, struct err *err)
{
	struct job job = *want;

	route_set_out(live, &job, job_defs[job.kind].acts ? &live->read_at : &live->route);
	return live_go_on(live, &job, now_ms, err);
}

bool live_shrinks(struct live *live, const struct job *job, const struct http_reply *reply)
{
	enum fields_set *form = form_of(live, job->kind);

	if (!form || reply->result != HTTP_COMPLETE ||
	    (reply->status != 400 && reply->status != 406) || job->form != FIELDS_FULL)
		return false;
	*form = FIELDS_2020;
	return true;
}
