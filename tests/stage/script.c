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
	s->prompt.kind = PROMPT_TRUST;
	bdb_set_init(&s->bdbs);
	return s;
}

static void script_free(void *self)
{
	struct script *s = self;

	while (s->requests)
		bdb_set_release(&s->request_list[--s->requests].bdbs);
	bdb_set_release(&s->bdbs);
	script_clear_data(s);
	free(s->puts);
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

static unsigned targets_in_flight(const struct script *s)
{
	unsigned n = 0;
	size_t i;

	for (i = 0; i < s->requests; i++)
		n += s->request_list[i].request.kind != SCRIPT_LIST;
	return n;
}

static unsigned script_free_slots(void *self)
{
	const struct script *s = self;
	unsigned taken = targets_in_flight(s);

	if (s->refused || s->prompting || s->login_pending || !s->succeeded)
		return 0;
	return taken < 2 ? 2 - taken : 0;
}

static void copy_bdbs(struct scripted_request *pending, const struct script *s)
{
	size_t i;

	bdb_set_init(&pending->bdbs);
	pending->early = s->early && pending->request.kind != SCRIPT_PUT;
	for (i = 0; pending->early && i < s->bdbs.count; i++)
		if (bdb_set_add(&pending->bdbs, s->bdbs.bdbs[i]) < 0)
			abort();
}

static void add_request(struct script *s, struct script_request request)
{
	struct scripted_request *pending = &s->request_list[s->requests];

	if (s->requests == REQUESTS_MAX)
		abort();
	request.id = ++s->last_no;
	*pending = (struct scripted_request){ .request = request };
	copy_bdbs(pending, s);
	s->count.in_flight = (unsigned)++s->requests;
	if (s->requests > s->count.max_in_flight)
		s->count.max_in_flight = (unsigned)s->requests;
	if (request.kind == SCRIPT_DATA) {
		s->count.topics[request.topic]++;
		s->count.data_in_flight++;
	}
	if (s->count.data_in_flight > s->count.max_data_in_flight)
		s->count.max_data_in_flight = s->count.data_in_flight;
	if (s->watch)
		s->watch->on_request(s->watch_arg, &request);
}

static bool list_is_out(const struct script *s)
{
	size_t i;

	for (i = 0; i < s->requests; i++)
		if (s->request_list[i].request.kind == SCRIPT_LIST)
			return true;
	return false;
}

static void send_list(struct script *s, int64_t now_ms)
{
	add_request(s, (struct script_request){ .kind = SCRIPT_LIST, .requested_ms = now_ms });
	s->count.lists++;
	s->next_ms = now_ms + s->interval_ms;
}

static enum script_request_kind request_kind_of(enum source_topic topic)
{
	if (topic == TOPIC_ONE)
		return SCRIPT_ONE;
	return topic == TOPIC_MODULES ? SCRIPT_MODULES : SCRIPT_DATA;
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
	s->count.ones += topic == TOPIC_ONE;
	s->count.modules += topic == TOPIC_MODULES;
	add_request(s, (struct script_request){ .kind = request_kind_of(topic),
				       .requested_ms = now_ms,
				       .uid = uid,
				       .topic = topic });
	return 0;
}

static int script_reset(void *self, const struct source_put *put, int64_t now_ms)
{
	struct script *s = self;

	if (!script_free_slots(s))
		return -1;
	if (s->put_count == s->put_capacity) {
		s->put_capacity = s->put_capacity ? s->put_capacity * 2 : 16;
		s->puts = realloc(s->puts, s->put_capacity * sizeof(*s->puts));
		if (!s->puts)
			abort();
	}
	s->puts[s->put_count++] = (struct script_put){ .reset_id = put->reset_id,
						       .uid = put->uid,
						       .kind = put->kind,
						       .with_body = put->with_body,
						       .at_ms = now_ms };
	s->count.puts++;
	s->count.bodies += put->with_body;
	add_request(s, (struct script_request){ .kind = SCRIPT_PUT,
				       .requested_ms = now_ms,
				       .uid = put->uid,
				       .reset_id = put->reset_id,
				       .op_kind = put->kind });
	return 0;
}

static int script_check_path(void *self, const struct source_put *put, int64_t now_ms)
{
	struct script *s = self;

	if (!script_free_slots(s))
		return -1;
	s->count.paths++;
	add_request(s, (struct script_request){ .kind = SCRIPT_PATH,
				       .requested_ms = now_ms,
				       .uid = put->uid,
				       .reset_id = put->reset_id,
				       .op_kind = put->kind });
	return 0;
}

static void script_pause(void *self, bool pause, int64_t now_ms)
{
	struct script *s = self;

	s->paused = pause;
	if (!pause)
		s->next_ms = now_ms;
}

static bool is_held(const struct script *s, size_t index)
{
	const struct script_request *request = &s->request_list[index].request;

	return (s->held_kinds[request->kind] ||
		(request->kind == SCRIPT_DATA && s->held_topic[request->topic])) &&
	       !s->request_list[index].released;
}

static bool can_answer(const struct script *s)
{
	size_t i;

	for (i = 0; i < s->requests; i++)
		if (!is_held(s, i))
			return true;
	return false;
}

static void script_answer(void *self, enum prompt_kind what, bool yes, int64_t now_ms)
{
	struct script *s = self;

	if (!s->prompting || what != s->prompt.kind)
		abort();
	s->count.yeses += yes;
	s->count.noes += !yes;
	s->declined = !yes;
	if (!yes)
		return;
	s->prompting = s->refused = false;
	s->pin_pending = what == PROMPT_TRUST;
	s->login_pending = what == PROMPT_LOGIN;
	s->next_ms = now_ms;
}

static bool prompts_again(const struct script *s)
{
	return s->declined && !s->prompting;
}

static bool can_poll(const struct script *s)
{
	return !s->refused && !s->prompting && !s->declined && !list_is_out(s) &&
	       (!s->paused || s->next_ms == INT64_MIN);
}

static int64_t script_due(void *self, int64_t now_ms)
{
	const struct script *s = self;

	if (can_answer(s) || s->pin_pending || prompts_again(s))
		return now_ms;
	if (!can_poll(s))
		return TIME_NEVER;
	return s->next_ms < now_ms ? now_ms : s->next_ms;
}

static struct bdb **find_in(const struct bdb_set *set, int64_t uid)
{
	size_t i;

	for (i = 0; i < set->count; i++)
		if (set->bdbs[i]->uid == uid)
			return &set->bdbs[i];
	return NULL;
}

struct bdb **script_find(const struct script *s, int64_t uid)
{
	return find_in(&s->bdbs, uid);
}

const struct bdb *script_bdb(const struct script *s, int64_t uid)
{
	struct bdb **at = script_find(s, uid);

	return at ? *at : NULL;
}

/* If the sink is out of memory, the read counts as failed, as in the REST source. */
static void send_observation(struct script *s, const struct scripted_request *pending,
			     const struct observation *observation, int64_t now_ms)
{
	struct err why;
	struct source_failure failure = { .error = &why,
					  .failing_since_ms = now_ms,
					  .next_ms = s->next_ms };
	struct observation bad = *observation;

	if (s->watch)
		s->watch->on_reply(s->watch_arg, &pending->request, observation, NULL);
	if (!s->sink->on_observation(s->arg, observation, now_ms))
		return;
	err_set(&why, ERR_RETRY, "out of memory.");
	bad.kind = OBS_BAD;
	bad.error = &why;
	bad.count = 0;
	if (observation->kind == OBS_LIST)
		s->sink->on_failure(s->arg, &failure, now_ms);
	else
		s->sink->on_observation(s->arg, &bad, now_ms);
}

static void answer_list(struct script *s, const struct scripted_request *pending, int64_t now_ms)
{
	const struct bdb_set *set = pending->early ? &pending->bdbs : &s->bdbs;
	struct observation observation = { .kind = OBS_LIST,
				    .requested_ms = pending->request.requested_ms,
				    .received_ms = now_ms,
				    .count = set->count,
				    .bdbs = (const struct bdb *const *)set->bdbs,
				    .unreadable = s->unreadable };
	struct source_failure failure = { .error = &s->list_error,
					  .retry_status = s->retry_status };

	s->sink->on_polling(s->arg, false, now_ms);
	if (s->failing) {
		s->count.bad_lists++;
		if (s->failing_since_ms == INT64_MAX)
			s->failing_since_ms = pending->request.requested_ms;
		failure.failing_since_ms = s->failing_since_ms;
		s->next_ms = failure.next_ms = now_ms + s->retry_ms;
		s->sink->on_failure(s->arg, &failure, now_ms);
		return;
	}
	if (s->login_pending && s->bad_logins) {
		script_refuse_login(s, "Log-in refused (401).", now_ms);
		return;
	}
	if (s->login_pending)
		s->sink->on_login(s->arg, now_ms);
	s->login_pending = false;
	s->succeeded = true;
	observation.requested_ms -= s->latency_ms * (now_ms == observation.requested_ms);
	if (s->dated)
		observation.date_s = (s->wall_ms + now_ms) / 1000 + s->clock_offset_s;
	send_observation(s, pending, &observation, now_ms);
}

static void answer_one(struct script *s, const struct scripted_request *pending, int64_t now_ms)
{
	const struct bdb_set *set = pending->early ? &pending->bdbs : &s->bdbs;
	struct bdb **at = find_in(set, pending->request.uid);
	const struct bdb *one = at ? *at : NULL;
	struct observation observation = { .kind = one ? OBS_ONE : OBS_GONE,
				    .requested_ms = pending->request.requested_ms,
				    .received_ms = now_ms,
				    .bdbs = &one,
				    .count = one ? 1 : 0,
				    .uid = pending->request.uid };

	if (s->bad_one || s->refused) {
		observation.kind = OBS_BAD;
		observation.error = &s->one_error;
		observation.count = 0;
	}
	send_observation(s, pending, &observation, now_ms);
}

static void clear_status(struct script *s, int64_t uid, enum op_kind kind)
{
	struct bdb **at = script_find(s, uid), *old, changed;

	if (!at)
		return;
	old = *at;
	changed = *old;
	changed.op[kind].status = changed.op[kind].reason = "";
	op_classify(&changed.op[kind], kind);
	*at = bdb_copy(&changed);
	bdb_free(old);
}

static void mark_answered(struct script *s, unsigned reset_id, unsigned status)
{
	size_t i;

	for (i = 0; i < s->put_count; i++)
		if (s->puts[i].reset_id == reset_id && !s->puts[i].answered) {
			s->puts[i].answered = true;
			s->puts[i].status = status;
		}
}

/* Takes the oldest reply for this database or for any. */
static void take_reply(struct script *s, int64_t uid, struct scripted_reply *reply)
{
	size_t i;

	for (i = 0; i < s->replies && s->reply[i].uid && s->reply[i].uid != uid; i++)
		;
	if (i == s->replies)
		return;
	*reply = s->reply[i];
	memmove(&s->reply[i], &s->reply[i + 1], (--s->replies - i) * sizeof(*reply));
}

static void answer_put(struct script *s, const struct scripted_request *pending, int64_t now_ms)
{
	const struct script_request *request = &pending->request;
	struct scripted_reply reply = { .status = 200 };
	struct reset_answer answer = { .received_ms = now_ms,
				       .took_ms = now_ms - request->requested_ms };

	/* a held request took longer than the latency */
	if (answer.took_ms < s->latency_ms)
		answer.took_ms = s->latency_ms;
	take_reply(s, request->uid, &reply);
	answer.status = reply.status;
	answer.complete = reply.status && !reply.cut;
	answer.can_follow = reply.follow;
	answer.unsent = reply.unsent;
	snprintf(reply.status ? answer.message : answer.failure, sizeof(answer.failure), "%s",
		 reply.message);
	if (reply.status == 307) {
		snprintf(answer.location_host, sizeof(answer.location_host), "%.63s",
			 reply.message[0] ? reply.message : "10.0.0.3");
		answer.message[0] = '\0';
	}
	if (reply.clear || (reply.status == 200 && !reply.keep))
		clear_status(s, request->uid, request->op_kind);
	mark_answered(s, request->reset_id, reply.status);
	if (s->watch)
		s->watch->on_reply(s->watch_arg, request, NULL, &answer);
	s->sink->on_answer(s->arg, request->reset_id, &answer, now_ms);
	if (reply.status == 401 && !s->refused)
		script_do(s, "refuse login Log-in refused (401).", now_ms);
}

static void answer_modules(struct script *s, int64_t now_ms)
{
	const char *names[4];
	size_t i;

	for (i = 0; i < s->lacking_count; i++)
		names[i] = s->lacking[i];
	s->sink->on_modules(s->arg, s->modules_known, names,
			    s->modules_known ? s->lacking_count : 0, now_ms);
}

static void answer_request(struct script *s, size_t index, int64_t now_ms)
{
	struct scripted_request pending = s->request_list[index];

	memmove(&s->request_list[index], &s->request_list[index + 1],
		(--s->requests - index) * sizeof(pending));
	s->count.in_flight = (unsigned)s->requests;
	switch (pending.request.kind) {
	case SCRIPT_LIST:
		answer_list(s, &pending, now_ms);
		break;
	case SCRIPT_ONE:
		answer_one(s, &pending, now_ms);
		break;
	case SCRIPT_PUT:
		answer_put(s, &pending, now_ms);
		break;
	case SCRIPT_PATH:
		s->sink->on_path_checked(s->arg, pending.request.reset_id,
				      s->refused ? PATH_UNCLEAR : s->path, now_ms);
		break;
	case SCRIPT_DATA:
		s->count.data_in_flight--;
		script_answer_data(s, &pending.request, now_ms);
		break;
	default:
		answer_modules(s, now_ms);
		break;
	}
	bdb_set_release(&pending.bdbs);
}

void script_arrive(struct script *s, int64_t now_ms)
{
	size_t i, waiting = s->requests;

	/* answer only requests of earlier turns */
	for (i = 0; i < waiting && i < s->requests;)
		if (is_held(s, i)) {
			i++;
		} else {
			answer_request(s, i, now_ms);
			waiting--;
		}
}

static void script_turn(void *self, int64_t now_ms)
{
	struct script *s = self;

	script_arrive(s, now_ms);
	if (s->pin_pending)
		script_send_pin(s, now_ms);
	if (prompts_again(s))
		script_ask_user(s, PROMPT_TRUST, now_ms);
	if (can_poll(s) && s->next_ms <= now_ms) {
		send_list(s, now_ms);
		s->sink->on_polling(s->arg, true, now_ms);
	}
}

/* Fixed figures per request, so that a drawing can show them. */
static void script_stats(void *self, struct source_stats *out)
{
	const struct script *s = self;

	*out = (struct source_stats){ .address = "cluster.prod.example:9443",
					.trust_kind = "pinned key",
					.polls = s->count.lists,
					.bad_polls = s->count.bad_lists,
					.requests = s->last_no,
					.bytes_in = s->last_no * 20000ull,
					.bytes_out = s->last_no * 400ull,
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

const struct script_count *script_counts(const struct script *s)
{
	return &s->count;
}

size_t script_puts(const struct script *s)
{
	return s->put_count;
}

const struct script_put *script_put_at(const struct script *s, size_t index)
{
	return &s->puts[index];
}
