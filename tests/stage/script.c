#include "script_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "bdbtop/json/bdb_reader.h"
#include "bdbtop/json/data_reader.h"
#include "bdbtop/json/fields.h"

#define EVENTS_LIMIT 500

static void script_free(void *self)
{
	struct script *s = self;
	int topic;

	while (s->request_count)
		json_object_put(s->requests[--s->request_count].early);
	last_list_free(s->last_list);
	for (topic = 0; topic < TOPIC_COUNT; topic++)
		script_delete(s, (enum source_topic)topic, 0);
	free(s->items);
	free(s);
}

void script_wall(struct script *s, struct moment now)
{
	s->dated = true;
	s->wall_ms = now.wall_ms - now.ms;
}

void script_watch(struct script *s, const struct script_watch *watch, void *arg)
{
	s->watch = watch;
	s->watch_arg = arg;
}

const struct script_count *script_counts(const struct script *s)
{
	return &s->count;
}

/* --- requests -------------------------------------------------------------------------------- */

bool script_is_data(const struct script_request *request)
{
	return request->kind >= TOPIC_EVENTS && request->kind < TOPIC_COUNT;
}

static unsigned script_free_slots(void *self)
{
	const struct script *s = self;
	size_t taken = s->request_count - s->list_is_out;

	if (s->refused || s->prompting || s->login_pending || !s->succeeded || taken > 2)
		return 0;
	return 2 - (unsigned)taken;
}

static void count_request(struct script_count *count, const struct script_request *request)
{
	count->topics[request->kind]++;
	count->in_flight++;
	count->data_in_flight += script_is_data(request);
	if (count->in_flight > count->max_in_flight)
		count->max_in_flight = count->in_flight;
	if (count->data_in_flight > count->max_data_in_flight)
		count->max_data_in_flight = count->data_in_flight;
	if (request->kind == SCRIPT_PUT)
		count->last_put_uid = request->uid;
}

static void add_request(struct script *s, struct script_request request)
{
	struct scripted_request *pending = &s->requests[s->request_count];

	if (s->request_count++ == REQUESTS_MAX)
		abort();
	request.id = ++s->last_id;
	*pending = (struct scripted_request){ .request = request };
	if (s->early && request.kind <= TOPIC_ONE)
		pending->early = script_reply(s, &request);
	s->list_is_out |= request.kind == TOPIC_LIST;
	count_request(&s->count, &request);
	if (s->watch)
		s->watch->on_request(s->watch_arg, &request);
}

static int script_request(void *self, enum source_topic topic, int64_t uid, int64_t now_ms)
{
	struct script *s = self;

	/* after a no, asking for a poll prompts again */
	if (topic == TOPIC_LIST && s->declined) {
		s->prompting = false;
		return 0;
	}
	if (s->refused || s->prompting || s->starved[topic] ||
	    (topic != TOPIC_LIST && !script_free_slots(s)))
		return -1;
	/* the sink must not be called from here: a list is requested in the next turn */
	if (topic != TOPIC_LIST)
		add_request(s, (struct script_request){
				       .kind = topic, .requested_ms = now_ms, .uid = uid });
	else if (!s->list_is_out)
		s->next_ms = INT64_MIN;
	return 0;
}

static int send_put(struct script *s, enum script_request_kind kind, const struct source_put *put,
		    int64_t now_ms)
{
	if (!script_free_slots(s) || s->starved[kind])
		return -1;
	s->count.bodies += kind == SCRIPT_PUT && put->with_body;
	add_request(s, (struct script_request){ .kind = kind,
						.requested_ms = now_ms,
						.uid = put->uid,
						.reset_id = put->reset_id,
						.op_kind = put->kind });
	return 0;
}

static int script_reset(void *self, const struct source_put *put, int64_t now_ms)
{
	return send_put(self, SCRIPT_PUT, put, now_ms);
}

static int script_check_path(void *self, const struct source_put *put, int64_t now_ms)
{
	return send_put(self, SCRIPT_PATH, put, now_ms);
}

static void script_pause(void *self, bool pause, int64_t now_ms)
{
	struct script *s = self;

	s->paused = pause;
	if (!pause)
		s->next_ms = now_ms;
}

/* --- reads of databases ---------------------------------------------------------------------- */

static void fail_list(struct script *s, const struct script_request *request, const char *sentence)
{
	struct err error;
	struct source_failure failure = { .error = &error,
					  .retry_status = (unsigned)s->retry_status };

	err_set(&error, ERR_RETRY, "%s", sentence);
	s->count.bad_lists++;
	if (s->failing_since_ms == TIME_NEVER)
		s->failing_since_ms = request->requested_ms;
	failure.failing_since_ms = s->failing_since_ms;
	s->next_ms = failure.next_ms = s->now_ms + s->retry_ms;
	s->sink->on_failure(s->arg, &failure, s->now_ms);
}

static int deliver(struct script *s, const struct script_request *request,
		   const struct observation *observation)
{
	if (s->watch && s->watch->on_reply)
		s->watch->on_reply(s->watch_arg, request, observation, NULL);
	return s->sink->on_observation(s->arg, observation, s->now_ms);
}

/* A reader of what is requested about databases; NULL when out of memory. */
static struct bdb_reader *new_reader(struct script *s, const struct script_request *request,
				     const char *reply)
{
	struct bdb_reader *reader;
	char fields[1000], *field;

	snprintf(fields, sizeof(fields), "%s%s", fields_list(FIELDS_FULL),
		 strstr(reply, "module_name") ? ",module_list" : "");
	field = s->unrequested[0] ? strstr(fields, s->unrequested) : NULL;
	if (field)
		*field = '?';
	reader = bdb_reader_new(fields, request->uid);
	if (reader && s->compared && request->kind == TOPIC_LIST)
		bdb_reader_compare(reader, s->last_list, fields);
	return reader;
}

/* Returns -1 when out of memory: the read failed, as with the REST source. */
static int deliver_bdbs(struct script *s, const struct script_request *request,
			struct json_object *json, struct observation *observation)
{
	const char *reply = json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN);
	struct bdb_reader *reader = new_reader(s, request, reply);
	struct bdb_set set;
	struct err err;
	int rc = -1;

	bdb_set_init(&set);
	if (reader && bdb_reader_feed(reader, reply, strlen(reply), &err) == 0 &&
	    bdb_reader_end(reader, &set, &observation->unreadable, &err) == 0) {
		observation->bdbs = (const struct bdb *const *)set.bdbs;
		observation->count = set.count;
		bdb_reader_get_changes(reader, observation);
		rc = deliver(s, request, observation);
	}
	if (rc == 0 && request->kind == TOPIC_LIST)
		bdb_reader_keep(reader);
	bdb_set_release(&set);
	bdb_reader_free(reader);
	return rc;
}

static void answer_list(struct script *s, const struct script_request *request,
			struct json_object *reply)
{
	struct observation list = { .kind = OBS_LIST,
				    .requested_ms = request->requested_ms,
				    .received_ms = s->now_ms };

	s->list_is_out = false;
	s->sink->on_polling(s->arg, false, s->now_ms);
	if (s->list_error[0]) {
		fail_list(s, request, s->list_error);
		return;
	}
	if (s->login_pending && s->bad_logins) {
		script_refuse(s, REFUSED_LOGIN, "Log-in refused (401).");
		return;
	}
	if (s->login_pending)
		s->sink->on_login(s->arg, s->now_ms);
	s->login_pending = false;
	s->succeeded = true;
	s->failing_since_ms = TIME_NEVER;
	if (s->dated)
		list.date_s = (s->wall_ms + s->now_ms) / 1000 + s->clock_offset_s;
	if (list.requested_ms == s->now_ms)
		list.requested_ms -= s->latency_ms;
	if (deliver_bdbs(s, request, reply, &list) < 0)
		fail_list(s, request, "out of memory.");
}

static void answer_one(struct script *s, const struct script_request *request,
		       struct json_object *reply)
{
	struct err error;
	const struct observation bad = { .kind = OBS_BAD,
					 .requested_ms = request->requested_ms,
					 .received_ms = s->now_ms,
					 .uid = request->uid,
					 .error = &error };
	struct observation one = bad;

	last_list_forget(s->last_list, request->uid);
	err_set(&error, ERR_RETRY, "%s", s->one_error);
	one.kind = reply ? OBS_ONE : OBS_GONE;
	if (s->one_error[0] || s->refused || (reply && deliver_bdbs(s, request, reply, &one) < 0))
		deliver(s, request, &bad);
	else if (!reply)
		deliver(s, request, &one);
}

/* --- other answers --------------------------------------------------------------------------- */

/* Takes the oldest reply for this database or for any. */
static struct scripted_reply take_reply(struct script *s, int64_t uid)
{
	struct scripted_reply reply = { .status = 200 };
	size_t i = 0;

	while (i < s->reply_count && s->replies[i].uid && s->replies[i].uid != uid)
		i++;
	if (i == s->reply_count)
		return reply;
	reply = s->replies[i];
	array_remove(s->replies, &s->reply_count, i, sizeof(reply));
	return reply;
}

static void clear_status(struct script *s, const struct script_request *request)
{
	struct json_object *bdb =
		script_reply(s, &(struct script_request){ .kind = TOPIC_ONE, .uid = request->uid });
	char line[60];

	snprintf(line, sizeof(line), "bdb %lld %s=", (long long)request->uid,
		 op_defs[request->op_kind].word);
	if (bdb)
		script_do_data(s, line);
	json_object_put(bdb);
}

static void answer_put(struct script *s, const struct script_request *request)
{
	struct scripted_reply reply = take_reply(s, request->uid);
	struct reset_answer answer = { .received_ms = s->now_ms,
				       .took_ms = s->now_ms - request->requested_ms,
				       .status = (unsigned)reply.status,
				       .complete = reply.status && !reply.flag[REPLY_CUT],
				       .can_follow = reply.flag[REPLY_FOLLOW],
				       .unsent = reply.flag[REPLY_UNSENT] };

	/* a held request took longer than the latency */
	if (answer.took_ms < s->latency_ms)
		answer.took_ms = s->latency_ms;
	if (reply.status == 307)
		snprintf(answer.location_host, sizeof(answer.location_host), "%.63s",
			 reply.message[0] ? reply.message : "10.0.0.3");
	else
		snprintf(reply.status ? answer.message : answer.failure, sizeof(answer.failure),
			 "%s", reply.message);
	if (reply.flag[REPLY_CLEAR] || (reply.status == 200 && !reply.flag[REPLY_KEEP]))
		clear_status(s, request);
	if (s->watch && s->watch->on_reply)
		s->watch->on_reply(s->watch_arg, request, NULL, &answer);
	s->sink->on_answer(s->arg, request->reset_id, &answer, s->now_ms);
	if (reply.status == 401 && !s->refused)
		script_refuse(s, REFUSED_LOGIN, "Log-in refused (401).");
}

static void answer_data(struct script *s, const struct script_request *request,
			struct json_object *json)
{
	bool events = request->kind == TOPIC_EVENTS;
	const char *text = json_object_to_json_string(json);
	struct data_reader *reader =
		data_reader_new(script_data_format(request->kind), events ? 0 : request->uid,
				events ? EVENTS_LIMIT : 0);
	int64_t status = s->refused ? STATUS_NO_REPLY : s->status[request->kind];
	struct err why;
	struct data_reply reply = { .topic = request->kind,
				    .uid = request->uid,
				    .requested_ms = request->requested_ms,
				    .received_ms = s->now_ms,
				    .status = status == STATUS_NO_REPLY ? 0 : (unsigned)status,
				    .error = &why };

	if (!reader || data_reader_feed(reader, text, strlen(text), &why) < 0 ||
	    !(reply.data = data_reader_end(reader, &why)) || reply.data->unreadable)
		abort();
	err_set(&why, ERR_RETRY, "%s", "The script does not tell.");
	if (status == STATUS_OK) {
		reply.status = 200;
	} else {
		reply.data = NULL;
		reply.result = status == 403   ? DATA_FORBIDDEN
			       : status == 404 ? DATA_MISSING
					       : DATA_FAILED;
	}
	if (reply.result == DATA_FAILED && s->retry_status)
		reply.retry_ms = s->now_ms + s->retry_ms;
	s->sink->on_data(s->arg, &reply, s->now_ms);
	data_reader_free(reader);
}

static void answer_modules(struct script *s)
{
	const char *names[LACKING_MAX];
	char words[SENTENCE_SIZE], *save, *name;
	size_t count = 0;

	snprintf(words, sizeof(words), "%s", s->modules_known ? s->lacking : "");
	for (name = strtok_r(words, " ", &save); name && count < LACKING_MAX;
	     name = strtok_r(NULL, " ", &save))
		names[count++] = name;
	s->sink->on_modules(s->arg, s->modules_known, names, count, s->now_ms);
}

static void answer_request(struct script *s, size_t index)
{
	const struct scripted_request pending = s->requests[index];
	const struct script_request *request = &pending.request;
	struct json_object *reply = pending.early ? pending.early : script_reply(s, request);

	array_remove(s->requests, &s->request_count, index, sizeof(pending));
	s->count.in_flight--;
	s->count.data_in_flight -= script_is_data(request);
	if (request->kind == TOPIC_LIST)
		answer_list(s, request, reply);
	else if (request->kind == TOPIC_ONE)
		answer_one(s, request, reply);
	else if (request->kind == SCRIPT_PUT)
		answer_put(s, request);
	else if (script_is_data(request))
		answer_data(s, request, reply);
	else if (request->kind == SCRIPT_PATH)
		s->sink->on_path_checked(s->arg, request->reset_id,
					 s->refused ? PATH_UNCLEAR : (enum path_state)s->path,
					 s->now_ms);
	else
		answer_modules(s);
	json_object_put(reply);
}

/* --- the loop -------------------------------------------------------------------------------- */

static bool prompts_again(const struct script *s)
{
	return s->declined && !s->prompting;
}

static bool is_held(const struct script *s, const struct scripted_request *pending)
{
	const struct script_request *request = &pending->request;

	return !pending->released &&
	       (s->held[request->kind] || (s->held[SCRIPT_DATA] && script_is_data(request)));
}

static bool can_poll(const struct script *s)
{
	return !s->refused && !s->prompting && !s->declined && !s->list_is_out &&
	       (!s->paused || s->next_ms == INT64_MIN);
}

static int64_t script_due(void *self, int64_t now_ms)
{
	const struct script *s = self;
	size_t i;

	for (i = 0; i < s->request_count; i++)
		if (!is_held(s, &s->requests[i]))
			return now_ms;
	if (s->pin_pending || prompts_again(s))
		return now_ms;
	if (!can_poll(s))
		return TIME_NEVER;
	return s->next_ms < now_ms ? now_ms : s->next_ms;
}

void script_arrive(struct script *s, int64_t now_ms)
{
	size_t i = 0, waiting = s->request_count;

	s->now_ms = now_ms;
	/* answer only requests of earlier turns */
	while (i < waiting && i < s->request_count)
		if (is_held(s, &s->requests[i])) {
			i++;
		} else {
			answer_request(s, i);
			waiting--;
		}
}

static void script_turn(void *self, int64_t now_ms)
{
	struct script *s = self;

	script_arrive(s, now_ms);
	if (s->pin_pending)
		script_send_pin(s);
	if (prompts_again(s))
		script_prompt(s, PROMPT_TRUST);
	if (!can_poll(s) || s->next_ms > now_ms)
		return;
	s->next_ms = now_ms + s->interval_ms;
	add_request(s, (struct script_request){ .kind = TOPIC_LIST, .requested_ms = now_ms });
	s->sink->on_polling(s->arg, true, now_ms);
}

/* Fixed figures per request, so that a drawing can show them. */
static void script_stats(void *self, struct source_stats *out)
{
	const struct script *s = self;

	*out = (struct source_stats){ .address = "cluster.prod.example:9443",
				      .trust_kind = "pinned key",
				      .login_kind = "user and password",
				      .polls = s->count.lists,
				      .bad_polls = s->count.bad_lists,
				      .requests = s->last_id,
				      .bytes_in = s->last_id * 20000ull,
				      .bytes_out = s->last_id * 400ull,
				      .in_flight = s->count.in_flight,
				      .latency_ms = { -1, -1, -1 } };
	if (!s->succeeded)
		return;
	strcpy(out->tls, "TLSv1.3");
	out->latency_ms[0] = out->latency_ms[1] = out->latency_ms[2] = s->latency_ms;
}

static const struct source_ops ops = {
	.due = script_due,
	.turn = script_turn,
	.free_slots = script_free_slots,
	.request = script_request,
	.reset = script_reset,
	.check_path = script_check_path,
	.answer = script_answer,
	.stats = script_stats,
	.pause = script_pause,
	.free = script_free,
};

const struct source_ops *script_ops(void)
{
	return &ops;
}

struct script *script_attach(struct cluster *cluster, int64_t interval_ms)
{
	struct script *s = calloc(1, sizeof(*s));

	if (!s)
		abort();
	*s = (struct script){ .sink = cluster_sink(),
			      .arg = cluster,
			      .interval_ms = interval_ms,
			      .latency_ms = 38,
			      .next_ms = INT64_MIN,
			      .retry_ms = 2000,
			      .modules_known = true,
			      .compared = true,
			      .failing_since_ms = TIME_NEVER,
			      .last_list = last_list_new() };
	if (!s->last_list)
		abort();
	cluster_attach(cluster, s, &ops);
	return s;
}
