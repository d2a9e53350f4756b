#include "script_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct script *script_new(int64_t every_ms, const struct source_sink *sink, void *arg)
{
	struct script *s = calloc(1, sizeof(*s));

	if (!s)
		abort();
	s->sink = sink;
	s->arg = arg;
	s->interval_ms = every_ms;
	s->latency_ms = 38;
	s->next_ms = INT64_MIN;
	s->retry_ms = 2000;
	s->modules_known = true;
	s->failing_since_ms = TIME_NEVER;
	bdb_set_init(&s->bdbs);
	s->last_list = last_list_new();
	if (!s->last_list)
		abort();
	return s;
}

static void release_request(struct scripted_request *pending)
{
	bdb_set_release(&pending->bdbs);
	free(pending->list);
}

static void script_free(void *self)
{
	struct script *s = self;
	int topic;

	while (s->request_count)
		release_request(&s->requests[--s->request_count]);
	bdb_set_release(&s->bdbs);
	last_list_free(s->last_list);
	for (topic = 0; topic < TOPIC_COUNT; topic++)
		script_drop_data(s, (enum source_topic)topic);
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

struct bdb **script_find(const struct bdb_set *set, int64_t uid)
{
	size_t i;

	for (i = 0; i < set->count; i++)
		if (set->bdbs[i]->uid == uid)
			return &set->bdbs[i];
	return NULL;
}

/* --- requests -------------------------------------------------------------------------------- */

static bool list_is_out(const struct script *s)
{
	size_t i;

	for (i = 0; i < s->request_count; i++)
		if (s->requests[i].request.kind == TOPIC_LIST)
			return true;
	return false;
}

static unsigned script_free_slots(void *self)
{
	const struct script *s = self;
	size_t taken = s->request_count - list_is_out(s);

	if (s->refused || s->prompting || s->login_pending || !s->succeeded || taken > 2)
		return 0;
	return 2 - (unsigned)taken;
}

static bool is_data(const struct script_request *request)
{
	return request->kind >= TOPIC_EVENTS && request->kind < TOPIC_COUNT;
}

bool script_request_is(const struct script_request *request, unsigned kind)
{
	return request->kind == kind || (kind == SCRIPT_DATA && is_data(request));
}

static void count_request(struct script_count *count, const struct script_request *request)
{
	count->topics[request->kind]++;
	if (++count->in_flight > count->max_in_flight)
		count->max_in_flight = count->in_flight;
	if (request->kind == SCRIPT_PUT)
		count->last_put_uid = request->uid;
	if (is_data(request) && ++count->data_in_flight > count->max_data_in_flight)
		count->max_data_in_flight = count->data_in_flight;
}

static void add_request(struct script *s, struct script_request request)
{
	struct scripted_request *pending = &s->requests[s->request_count];
	size_t i;

	if (s->request_count++ == REQUESTS_MAX)
		abort();
	request.id = ++s->last_id;
	*pending = (struct scripted_request){ .request = request };
	pending->early = s->early && request.kind != SCRIPT_PUT;
	bdb_set_init(&pending->bdbs);
	for (i = 0; pending->early && i < s->bdbs.count; i++)
		if (bdb_set_add(&pending->bdbs, s->bdbs.bdbs[i]) < 0)
			abort();
	if (pending->early && request.kind == TOPIC_LIST)
		pending->list = script_write_list(s);
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
	if (s->refused || s->prompting)
		return -1;
	if (topic == TOPIC_LIST) {
		/* the sink must not be called from here: send it in the next turn */
		if (!list_is_out(s))
			s->next_ms = INT64_MIN;
		return 0;
	}
	if (!script_free_slots(s))
		return -1;
	add_request(s,
		    (struct script_request){ .kind = topic, .requested_ms = now_ms, .uid = uid });
	return 0;
}

static int send_put(struct script *s, enum script_request_kind kind, const struct source_put *put,
		    int64_t now_ms)
{
	if (!script_free_slots(s))
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

/* --- answers --------------------------------------------------------------------------------- */

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

/* If the sink is out of memory, the read counts as failed, as in the REST source.  True when it was
 * applied. */
static bool send_observation(struct script *s, const struct script_request *request,
			     struct observation *observation)
{
	struct err why;

	observation->requested_ms = request->requested_ms;
	observation->received_ms = s->now_ms;
	if (observation->kind == OBS_LIST && request->requested_ms == s->now_ms)
		observation->requested_ms -= s->latency_ms;
	if (s->watch && s->watch->on_reply)
		s->watch->on_reply(s->watch_arg, request, observation, NULL);
	if (!s->sink->on_observation(s->arg, observation, s->now_ms))
		return true;
	if (observation->kind == OBS_LIST) {
		fail_list(s, request, "out of memory.");
		return false;
	}
	err_set(&why, ERR_RETRY, "out of memory.");
	observation->kind = OBS_BAD;
	observation->error = &why;
	observation->count = 0;
	s->sink->on_observation(s->arg, observation, s->now_ms);
	return false;
}

static void send_list(struct script *s, const struct scripted_request *pending,
		      struct observation *observation)
{
	char *list = pending->list ? NULL : script_write_list(s);
	struct bdb_reader *reader =
		script_read_list(s, pending->request.id, list ? list : pending->list);
	struct bdb_set set;
	struct err err;

	bdb_set_init(&set);
	if (bdb_reader_end(reader, &set, &observation->unreadable, &err) < 0)
		abort();
	observation->bdbs = (const struct bdb *const *)set.bdbs;
	observation->count = set.count;
	bdb_reader_get_changes(reader, observation);
	if (send_observation(s, &pending->request, observation))
		bdb_reader_keep(reader);
	bdb_set_release(&set);
	bdb_reader_free(reader);
	free(list);
}

static void answer_list(struct script *s, const struct scripted_request *pending)
{
	const struct script_request *request = &pending->request;
	const struct bdb_set *set = pending->early ? &pending->bdbs : &s->bdbs;
	struct observation observation = { .kind = OBS_LIST,
					   .count = set->count,
					   .bdbs = (const struct bdb *const *)set->bdbs,
					   .unreadable = (size_t)s->unreadable };

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
		observation.date_s = (s->wall_ms + s->now_ms) / 1000 + s->clock_offset_s;
	if (s->list_form == SCRIPT_LISTS_RECORDS)
		send_observation(s, request, &observation);
	else
		send_list(s, pending, &observation);
}

static void answer_one(struct script *s, const struct script_request *request,
		       const struct bdb_set *set)
{
	struct bdb **at = script_find(set, request->uid);
	const struct bdb *one = at ? *at : NULL;
	struct observation observation = { .kind = one ? OBS_ONE : OBS_GONE,
					   .bdbs = &one,
					   .count = one != NULL,
					   .uid = request->uid };
	struct err error;

	last_list_forget(s->last_list, request->uid);
	if (s->one_error[0] || s->refused) {
		err_set(&error, ERR_RETRY, "%s", s->one_error);
		observation.kind = OBS_BAD;
		observation.error = &error;
		observation.count = 0;
	}
	send_observation(s, request, &observation);
}

static void clear_status(struct script *s, int64_t uid, enum op_kind kind)
{
	char line[60];

	snprintf(line, sizeof(line), "bdb %lld %s=", (long long)uid, op_defs[kind].word);
	if (script_find(&s->bdbs, uid))
		script_do_data(s, line);
}

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
		clear_status(s, request->uid, request->op_kind);
	if (s->watch && s->watch->on_reply)
		s->watch->on_reply(s->watch_arg, request, NULL, &answer);
	s->sink->on_answer(s->arg, request->reset_id, &answer, s->now_ms);
	if (reply.status == 401 && !s->refused)
		script_refuse(s, REFUSED_LOGIN, "Log-in refused (401).");
}

static void answer_data(struct script *s, const struct script_request *request)
{
	static const struct scripted_result dropped = { DATA_FAILED, 0 };
	const struct scripted_result *result = s->refused ? &dropped : &s->results[request->kind];
	struct data_reader *reader = script_read_data(s, request);
	struct err why;
	struct data_reply reply = { .topic = request->kind,
				    .uid = request->uid,
				    .requested_ms = request->requested_ms,
				    .received_ms = s->now_ms,
				    .result = result->result,
				    .status = result->result ? result->status : 200,
				    .error = &why };

	reply.data = data_reader_end(reader, &why);
	if (!reply.data || reply.data->unreadable)
		abort();
	err_set(&why, ERR_RETRY, "%s", "The script does not tell.");
	if (reply.result != DATA_OK)
		reply.data = NULL;
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
	struct scripted_request pending = s->requests[index];
	const struct script_request *request = &pending.request;
	const struct bdb_set *set = pending.early ? &pending.bdbs : &s->bdbs;

	array_remove(s->requests, &s->request_count, index, sizeof(pending));
	s->count.in_flight--;
	s->count.data_in_flight -= is_data(request);
	if (request->kind == TOPIC_LIST)
		answer_list(s, &pending);
	else if (request->kind == TOPIC_ONE)
		answer_one(s, request, set);
	else if (request->kind == SCRIPT_PUT)
		answer_put(s, request);
	else if (is_data(request))
		answer_data(s, request);
	else if (request->kind == SCRIPT_PATH)
		s->sink->on_path_checked(s->arg, request->reset_id,
					 s->refused ? PATH_UNCLEAR : (enum path_state)s->path,
					 s->now_ms);
	else
		answer_modules(s);
	release_request(&pending);
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
	       (s->held[request->kind] || (s->held[SCRIPT_DATA] && is_data(request)));
}

static bool can_poll(const struct script *s)
{
	return !s->refused && !s->prompting && !s->declined && !list_is_out(s) &&
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
		script_ask_user(s, PROMPT_TRUST);
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

const struct source_ops *script_ops(void)
{
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

	return &ops;
}
