#include "tests/stage/script.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum sort { SORT_LIST, SORT_ONE, SORT_PUT, SORT_MODULES, SORTS };

struct flight {
	enum sort sort;
	int64_t asked_ms, uid;
	unsigned ticket;
	enum op_kind kind;
};

struct reply {
	unsigned status;
	bool keep, cut, follow;
	char words[160];
};

#define MOST 64

struct script {
	const struct source_sink *sink;
	void *arg;
	int64_t every_ms, next_ms, latency_ms;
	struct bdb_set bdbs;
	size_t unreadable;
	struct flight flight[MOST];
	size_t flights;
	struct reply reply[MOST];
	size_t replies;
	bool held[SORTS];
	bool paused, succeeded, refused, modules_known;
	bool bad_one, failing;
	struct err bad_why, fail_why;
	int64_t failing_since_ms;
	char lacking[4][40];
	size_t lacking_count;
	struct script_count count;
	struct script_put *puts;
	size_t put_count, put_room;
};

struct script *script_new(int64_t every_ms, const struct source_sink *sink, void *arg)
{
	struct script *s = calloc(1, sizeof(*s));

	if (!s)
		abort();
	s->sink = sink;
	s->arg = arg;
	s->every_ms = every_ms;
	s->latency_ms = 38;
	s->next_ms = INT64_MIN;
	s->modules_known = true;
	bdb_set_init(&s->bdbs);
	return s;
}

static void script_free(void *self)
{
	struct script *s = self;

	bdb_set_release(&s->bdbs);
	free(s->puts);
	free(s);
}

static unsigned tickets_in_flight(const struct script *s)
{
	unsigned n = 0;
	size_t i;

	for (i = 0; i < s->flights; i++)
		n += s->flight[i].sort != SORT_LIST;
	return n;
}

static unsigned script_room(void *self)
{
	const struct script *s = self;
	unsigned taken = tickets_in_flight(s);

	if (s->refused || !s->succeeded)
		return 0;
	return taken < 2 ? 2 - taken : 0;
}

static void fly(struct script *s, const struct flight *flight)
{
	if (s->flights == MOST)
		abort();
	s->flight[s->flights++] = *flight;
	s->count.in_flight = (unsigned)s->flights;
	if (s->flights > s->count.most_in_flight)
		s->count.most_in_flight = (unsigned)s->flights;
}

static bool list_is_out(const struct script *s)
{
	size_t i;

	for (i = 0; i < s->flights; i++)
		if (s->flight[i].sort == SORT_LIST)
			return true;
	return false;
}

static void send_list(struct script *s, int64_t now_ms)
{
	fly(s, &(struct flight){ .sort = SORT_LIST, .asked_ms = now_ms });
	s->count.lists++;
	s->next_ms = now_ms + s->every_ms;
}

static int script_ask(void *self, enum source_topic topic, int64_t uid, int64_t now_ms)
{
	struct script *s = self;

	if (s->refused)
		return -1;
	if (topic == TOPIC_LIST) {
		/* the sink must not be called from here, so it leaves in the next turn */
		s->next_ms = INT64_MIN;
		return 0;
	}
	if (!script_room(s))
		return -1;
	fly(s, &(struct flight){ .sort = topic == TOPIC_ONE ? SORT_ONE : SORT_MODULES, .asked_ms = now_ms, .uid = uid });
	if (topic == TOPIC_ONE)
		s->count.ones++;
	else
		s->count.modules++;
	return 0;
}

static int script_reset(void *self, unsigned ticket, const struct bdb_id *id, enum op_kind kind, bool with_body,
			int64_t now_ms)
{
	struct script *s = self;

	if (!script_room(s))
		return -1;
	if (s->put_count == s->put_room) {
		s->put_room = s->put_room ? s->put_room * 2 : 16;
		s->puts = realloc(s->puts, s->put_room * sizeof(*s->puts));
		if (!s->puts)
			abort();
	}
	s->puts[s->put_count++] = (struct script_put){ .ticket = ticket, .uid = id->uid, .kind = kind,
						       .with_body = with_body, .at_ms = now_ms,
						       .reads_before = s->count.ones };
	fly(s, &(struct flight){ .sort = SORT_PUT, .asked_ms = now_ms, .uid = id->uid, .ticket = ticket, .kind = kind });
	s->count.puts++;
	s->count.bodies += with_body;
	return 0;
}

static void script_pause(void *self, bool pause, int64_t now_ms)
{
	struct script *s = self;

	s->paused = pause;
	if (!pause)
		s->next_ms = now_ms;
}

static bool may_fly(const struct script *s)
{
	size_t i;

	for (i = 0; i < s->flights; i++)
		if (!s->held[s->flight[i].sort])
			return true;
	return false;
}

static bool list_may_leave(const struct script *s)
{
	return !s->refused && !list_is_out(s) && (!s->paused || s->next_ms == INT64_MIN);
}

static int64_t script_due(void *self, int64_t now_ms)
{
	const struct script *s = self;

	if (may_fly(s))
		return now_ms;
	if (!list_may_leave(s))
		return TIME_NEVER;
	return s->next_ms < now_ms ? now_ms : s->next_ms;
}

static struct bdb **find(const struct script *s, int64_t uid)
{
	size_t i;

	for (i = 0; i < s->bdbs.count; i++)
		if (s->bdbs.at[i]->uid == uid)
			return &s->bdbs.at[i];
	return NULL;
}

const struct bdb *script_bdb(const struct script *s, int64_t uid)
{
	struct bdb **at = find(s, uid);

	return at ? *at : NULL;
}

static void answer_list(struct script *s, const struct flight *flight, int64_t now_ms)
{
	struct observation seen = { .what = OBS_LIST, .asked_ms = flight->asked_ms, .got_ms = now_ms,
				    .bdbs = (const struct bdb *const *)s->bdbs.at, .count = s->bdbs.count,
				    .unreadable = s->unreadable };
	struct source_trouble trouble = { .err = &s->fail_why, .since_ms = s->failing_since_ms };

	s->sink->polling(s->arg, false, now_ms);
	if (s->failing) {
		s->next_ms = trouble.next_ms = now_ms + 2000;
		s->sink->troubled(s->arg, &trouble, now_ms);
		return;
	}
	s->succeeded = true;
	seen.asked_ms -= s->latency_ms * (now_ms == flight->asked_ms);
	s->sink->observed(s->arg, &seen, now_ms);
}

static void answer_one(struct script *s, const struct flight *flight, int64_t now_ms)
{
	struct bdb **at = find(s, flight->uid);
	const struct bdb *one = at ? *at : NULL;
	struct observation seen = { .what = one ? OBS_ONE : OBS_GONE, .asked_ms = flight->asked_ms, .got_ms = now_ms,
				    .bdbs = &one, .count = one ? 1 : 0, .uid = flight->uid };

	if (s->bad_one || s->refused) {
		seen.what = OBS_BAD;
		seen.why = &s->bad_why;
		seen.count = 0;
	}
	s->sink->observed(s->arg, &seen, now_ms);
}

static void clear_status(struct script *s, int64_t uid, enum op_kind kind)
{
	struct bdb **at = find(s, uid), *old, changed;

	if (!at)
		return;
	old = *at;
	changed = *old;
	changed.op[kind].status = changed.op[kind].reason = "";
	op_settle(&changed.op[kind], kind);
	*at = bdb_copy(&changed);
	bdb_free(old);
}

static void answer_put(struct script *s, const struct flight *flight, int64_t now_ms)
{
	struct reply reply = { .status = 200 };
	struct reset_answer answer = { .got_ms = now_ms, .took_ms = s->latency_ms };
	size_t i;

	if (s->replies) {
		reply = s->reply[0];
		memmove(s->reply, s->reply + 1, --s->replies * sizeof(s->reply[0]));
	}
	if (s->refused)
		reply = (struct reply){ .status = 401 };
	answer.status = reply.status;
	answer.whole = reply.status && !reply.cut;
	answer.follow = reply.follow;
	snprintf(reply.status ? answer.words : answer.why, sizeof(answer.why), "%s", reply.words);
	if (reply.status == 307) {
		snprintf(answer.where, sizeof(answer.where), "%.63s", reply.words[0] ? reply.words : "10.0.0.3");
		answer.words[0] = '\0';
	}
	if (reply.status == 200 && !reply.keep)
		clear_status(s, flight->uid, flight->kind);
	for (i = 0; i < s->put_count; i++)
		if (s->puts[i].ticket == flight->ticket && !s->puts[i].answered) {
			s->puts[i].answered = true;
			s->puts[i].status = reply.status;
		}
	s->sink->answered(s->arg, flight->ticket, &answer, now_ms);
	if (reply.status == 401 && !s->refused)
		script_do(s, "refuse login Log-in refused (401).", now_ms);
}

static void answer_modules(struct script *s, int64_t now_ms)
{
	const char *names[4];
	size_t i;

	for (i = 0; i < s->lacking_count; i++)
		names[i] = s->lacking[i];
	s->sink->modules(s->arg, s->modules_known, names, s->lacking_count, now_ms);
}

static void land(struct script *s, size_t index, int64_t now_ms)
{
	struct flight flight = s->flight[index];

	memmove(&s->flight[index], &s->flight[index + 1], (--s->flights - index) * sizeof(flight));
	s->count.in_flight = (unsigned)s->flights;
	switch (flight.sort) {
	case SORT_LIST:
		answer_list(s, &flight, now_ms);
		break;
	case SORT_ONE:
		answer_one(s, &flight, now_ms);
		break;
	case SORT_PUT:
		answer_put(s, &flight, now_ms);
		break;
	default:
		answer_modules(s, now_ms);
		break;
	}
}

static void script_turn(void *self, int64_t now_ms)
{
	struct script *s = self;
	size_t i, waiting = s->flights;

	/* only what was asked in an earlier turn is answered in this one */
	for (i = 0; i < waiting && i < s->flights;)
		if (s->held[s->flight[i].sort]) {
			i++;
		} else {
			land(s, i, now_ms);
			waiting--;
		}
	if (list_may_leave(s) && s->next_ms <= now_ms) {
		send_list(s, now_ms);
		s->sink->polling(s->arg, true, now_ms);
	}
}

const struct source_ops *script_ops(void)
{
	static const struct source_ops ops = {
		.due = script_due, .turn = script_turn, .room = script_room, .ask = script_ask,
		.reset = script_reset, .pause = script_pause, .free = script_free,
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

/* --- the lines ------------------------------------------------------------------------------- */

static void unescape(char *text)
{
	char *to = text;

	for (; *text; text++, to++) {
		unsigned byte;

		if (*text == '%' && sscanf(text + 1, "%2x", &byte) == 1 && isxdigit((unsigned char)text[2])) {
			*to = (char)byte;
			text += 2;
		} else {
			*to = *text;
		}
	}
	*to = '\0';
}

static enum seen seen_of(const char *value)
{
	if (!strcmp(value, "~"))
		return SEEN_ABSENT;
	if (!strcmp(value, "!"))
		return SEEN_WRONG;
	if (!strcmp(value, "?"))
		return SEEN_NOT_ASKED;
	return SEEN_GIVEN;
}

static void set_status(struct op *op, enum op_kind kind, char *value)
{
	char *reason = strchr(value, ':');

	if (reason)
		*reason++ = '\0';
	op->status_seen = seen_of(value);
	op->status = op->status_seen == SEEN_GIVEN ? value : "";
	op->reason_seen = reason ? seen_of(reason) : op->status_seen;
	op->reason = reason && op->reason_seen == SEEN_GIVEN ? reason : "";
	op_settle(op, kind);
}

static int set_op(struct bdb *bdb, const char *key, char *value)
{
	int kind;

	for (kind = 0; kind < OP_KINDS; kind++) {
		struct op *op = &bdb->op[kind];
		size_t length = strlen(op_defs[kind].word);

		if (strncmp(key, op_defs[kind].word, length) != 0)
			continue;
		if (!key[length]) {
			set_status(op, (enum op_kind)kind, value);
			return 0;
		}
		if (!strcmp(key + length, ".percent")) {
			op->percent_seen = seen_of(value);
			op->percent = atof(value);
			return 0;
		}
		if (!strcmp(key + length, ".last")) {
			op->last_seen = seen_of(value);
			return op->last_seen != SEEN_GIVEN || time_parse(value, &op->last_ok_s) ? 0 : -1;
		}
	}
	return -1;
}

static int set_field(struct bdb *bdb, const char *key, char *value)
{
	unescape(value);
	if (!strcmp(key, "name")) {
		bdb->name_seen = seen_of(value);
		bdb->name = bdb->name_seen == SEEN_GIVEN ? value : "";
	} else if (!strcmp(key, "state")) {
		bdb->state_seen = seen_of(value);
		bdb->state = bdb->state_seen == SEEN_GIVEN ? value : "";
	} else if (!strcmp(key, "created")) {
		bdb->created_seen = seen_of(value);
		return bdb->created_seen != SEEN_GIVEN || time_parse(value, &bdb->created_s) ? 0 : -1;
	} else if (!strcmp(key, "periodic")) {
		bdb->backup_seen = seen_of(value);
		bdb->backup = !strcmp(value, "true");
	} else if (!strcmp(key, "every")) {
		bdb->every_seen = seen_of(value);
		bdb->backup_every_s = atoll(value);
	} else if (!strcmp(key, "crdt")) {
		bdb->crdt_seen = seen_of(value);
		bdb->crdt = !strcmp(value, "true");
	} else if (!strcmp(key, "internal")) {
		bdb->internal_seen = seen_of(value);
		bdb->internal = !strcmp(value, "true");
	} else {
		return set_op(bdb, key, value);
	}
	return 0;
}

#define MODULES 4

static void set_modules(struct bdb *bdb, const char **names, char *value)
{
	bdb->modules_seen = SEEN_GIVEN;
	bdb->module_count = 0;
	for (value = strtok(value, ","); value && bdb->module_count < MODULES; value = strtok(NULL, ","))
		names[bdb->module_count++] = value;
	bdb->modules = names;
}

/* A database that nobody described: active, on its daily backup, nothing ever run. */
static void blank(struct bdb *bdb, int64_t uid)
{
	int kind;

	bdb_init(bdb, uid);
	bdb->name_seen = bdb->state_seen = bdb->crdt_seen = bdb->internal_seen = SEEN_GIVEN;
	bdb->created_seen = bdb->backup_seen = bdb->every_seen = SEEN_GIVEN;
	bdb->name = "nameless";
	bdb->state = "active";
	bdb->created_s = 1767225600;
	bdb->backup = true;
	bdb->backup_every_s = 86400;
	for (kind = 0; kind < OP_KINDS; kind++) {
		bdb->op[kind].status_seen = bdb->op[kind].reason_seen = SEEN_GIVEN;
		bdb->op[kind].percent_seen = SEEN_GIVEN;
		bdb->op[kind].last_seen = op_defs[kind].last_key ? SEEN_ABSENT : SEEN_NOT_ASKED;
		op_settle(&bdb->op[kind], (enum op_kind)kind);
	}
}

static int do_bdb(struct script *s, char *rest)
{
	struct bdb bdb, *made;
	const char *names[MODULES];
	char *words[40], *save;
	size_t count = 0, i;
	struct bdb **at;

	for (words[count] = strtok_r(rest, " ", &save); words[count] && count < 39;)
		words[++count] = strtok_r(NULL, " ", &save);
	if (!count)
		return -1;
	at = find(s, atoll(words[0]));
	if (at)
		bdb = **at;
	else
		blank(&bdb, atoll(words[0]));
	for (i = 1; i < count; i++) {
		char *value = strchr(words[i], '=');

		if (!value)
			return -1;
		*value++ = '\0';
		if (!strcmp(words[i], "modules"))
			set_modules(&bdb, names, value);
		else if (set_field(&bdb, words[i], value) < 0)
			return -1;
	}
	if (!at)
		return bdb_set_add(&s->bdbs, &bdb);
	made = bdb_copy(&bdb);
	bdb_free(*at);
	*at = made;
	return 0;
}

static int do_gone(struct script *s, char *rest)
{
	struct bdb **at = find(s, atoll(rest));

	if (!at)
		return -1;
	bdb_free(*at);
	*at = s->bdbs.at[--s->bdbs.count];
	return 0;
}

static int do_put(struct script *s, char *rest)
{
	struct reply *reply = &s->reply[s->replies];
	char *words = strchr(rest, ' ');

	if (s->replies == MOST)
		return -1;
	*reply = (struct reply){ .status = (unsigned)atoi(rest) };
	if (words)
		snprintf(reply->words, sizeof(reply->words), "%s", words + 1);
	reply->keep = !strcmp(reply->words, "keep");
	reply->cut = !strcmp(reply->words, "cut");
	if (reply->keep || reply->cut)
		reply->words[0] = '\0';
	s->replies++;
	return 0;
}

static int do_follow(struct script *s, char *rest)
{
	char line[200];

	snprintf(line, sizeof(line), "307 %s", *rest ? rest : "10.0.0.3");
	if (do_put(s, line) < 0)
		return -1;
	s->reply[s->replies - 1].follow = true;
	return 0;
}

static int hold(struct script *s, const char *what, bool on)
{
	static const char *const sorts[SORTS] = { "list", "one", "put", "modules" };
	int i;

	for (i = 0; i < SORTS; i++)
		if (!strcmp(what, sorts[i])) {
			s->held[i] = on;
			return 0;
		}
	return -1;
}

static int do_lacking(struct script *s, char *rest)
{
	s->lacking_count = 0;
	for (rest = strtok(rest, " "); rest && s->lacking_count < 4; rest = strtok(NULL, " "))
		snprintf(s->lacking[s->lacking_count++], sizeof(s->lacking[0]), "%s", rest);
	return 0;
}

static int do_refuse(struct script *s, char *rest, int64_t now_ms)
{
	struct err err;
	bool trust = !strncmp(rest, "trust", 5);
	char *text = strchr(rest, ' ');

	err_set(&err, ERR_ASK, "%s", text ? text + 1 : "Log-in refused (401).");
	s->refused = true;
	s->sink->refused(s->arg, trust ? REFUSED_TRUST : REFUSED_LOGIN, &err, now_ms);
	return 0;
}

static int do_trouble(struct script *s, const char *word, const char *rest, int64_t now_ms)
{
	if (!strcmp(word, "fail")) {
		s->failing = true;
		s->failing_since_ms = now_ms;
		err_set(&s->fail_why, ERR_AGAIN, "%s", rest);
	} else if (!strcmp(word, "recover")) {
		s->failing = false;
	} else if (!strcmp(word, "bad")) {
		s->bad_one = true;
		err_set(&s->bad_why, ERR_AGAIN, "%s", rest);
	} else if (!strcmp(word, "good")) {
		s->bad_one = false;
	} else if (!strcmp(word, "accept")) {
		s->refused = false;
		s->next_ms = now_ms;
	} else if (!strcmp(word, "latency")) {
		s->latency_ms = atoll(rest);
	} else if (!strcmp(word, "unreadable")) {
		s->unreadable = (size_t)atoi(rest);
	} else {
		return -1;
	}
	return 0;
}

int script_do(struct script *s, const char *line, int64_t now_ms)
{
	char word[400], *rest;

	snprintf(word, sizeof(word), "%s", line);
	rest = word + strcspn(word, " ");
	if (*rest)
		*rest++ = '\0';
	if (!strcmp(word, "bdb"))
		return do_bdb(s, rest);
	if (!strcmp(word, "gone"))
		return do_gone(s, rest);
	if (!strcmp(word, "put"))
		return do_put(s, rest);
	if (!strcmp(word, "follow"))
		return do_follow(s, rest);
	if (!strcmp(word, "hold") || !strcmp(word, "release"))
		return hold(s, rest, word[0] == 'h');
	if (!strcmp(word, "lacking"))
		return do_lacking(s, rest);
	if (!strcmp(word, "modules")) {
		s->modules_known = strcmp(rest, "unknown") != 0;
		return 0;
	}
	if (!strcmp(word, "refuse"))
		return do_refuse(s, rest, now_ms);
	return do_trouble(s, word, rest, now_ms);
}
