/*
 * The lines of a script.
 */
#include "script_internal.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- databases ------------------------------------------------------------------------------- */

#define MODULES_MAX 4

enum bdb_field_type { FIELD_TEXT, FIELD_NUMBER, FIELD_TIME, FIELD_FLAG, FIELD_PERCENT, FIELD_OP };

#define FIELD(key, type, field, presence)                                                          \
	{                                                                                          \
		key, type, offsetof(struct bdb, field), offsetof(struct bdb, presence)             \
	}
#define OP_FIELDS(word, op)                                                                        \
	FIELD(word, FIELD_OP, op, op.status_presence),                                             \
		FIELD(word ".percent", FIELD_PERCENT, op.percent, op.percent_presence),            \
		FIELD(word ".last", FIELD_TIME, op.last_success_s, op.last_success_presence)

static const struct bdb_field {
	const char *key;
	enum bdb_field_type type;
	size_t offset, presence;
} bdb_fields[] = {
	FIELD("name", FIELD_TEXT, name, name_presence),
	FIELD("state", FIELD_TEXT, state, state_presence),
	FIELD("created", FIELD_TIME, created_s, created_presence),
	FIELD("changed", FIELD_TIME, changed_s, changed_presence),
	FIELD("periodic", FIELD_FLAG, backup_enabled, backup_enabled_presence),
	FIELD("every", FIELD_NUMBER, backup_interval_s, backup_interval_presence),
	FIELD("crdt", FIELD_FLAG, crdt, crdt_presence),
	FIELD("internal", FIELD_FLAG, internal, internal_presence),
	OP_FIELDS("backup", op[OP_BACKUP]),
	OP_FIELDS("export", op[OP_EXPORT]),
	OP_FIELDS("import", op[OP_IMPORT]),
};

/* Active, created at noon, with a daily backup that is not due yet; nothing ever ran. */
static const char new_bdb[] =
	"name=nameless state=active created=2026-11-21T12:00:00Z periodic=true every=86400 "
	"crdt=false internal=false backup= backup.percent=0 backup.last=~ export= "
	"export.percent=0 export.last=~ import= import.percent=0 import.last=?";

static void unescape(char *text)
{
	char *to = text;
	unsigned byte;

	for (; *text; text++) {
		if (*text == '%' && isxdigit((unsigned char)text[1]) &&
		    isxdigit((unsigned char)text[2]) && sscanf(text + 1, "%2x", &byte) == 1) {
			*to++ = (char)byte;
			text += 2;
		} else {
			*to++ = *text;
		}
	}
	*to = '\0';
}

static enum field_presence presence_of(const char *value)
{
	static const char *const words[] = {
		[FIELD_NOT_REQUESTED] = "?", [FIELD_ABSENT] = "~", [FIELD_INVALID] = "!"
	};
	unsigned presence;

	for (presence = 0; presence < ARRAY_SIZE(words); presence++)
		if (!strcmp(value, words[presence]))
			return presence;
	return FIELD_PRESENT;
}

static const char *text_of(const char *value)
{
	return presence_of(value) == FIELD_PRESENT ? value : "";
}

/* STATUS[:REASON] */
static void set_status(struct op *op, char *status)
{
	char *reason = strchr(status, ':');

	if (reason)
		*reason++ = '\0';
	op->status = text_of(status);
	op->status_presence = presence_of(status);
	op->reason = reason ? text_of(reason) : "";
	op->reason_presence = presence_of(reason ? reason : status);
}

static int set_field(struct bdb *bdb, const struct bdb_field *field, char *value)
{
	enum field_presence presence = presence_of(value);
	void *to = (char *)bdb + field->offset;

	*(enum field_presence *)(void *)((char *)bdb + field->presence) = presence;
	switch (field->type) {
	case FIELD_TEXT:
		*(const char **)to = text_of(value);
		break;
	case FIELD_NUMBER:
		*(int64_t *)to = atoll(value);
		break;
	case FIELD_TIME:
		return presence == FIELD_PRESENT && !time_parse(value, to) ? -1 : 0;
	case FIELD_FLAG:
		*(bool *)to = !strcmp(value, "true");
		break;
	case FIELD_PERCENT:
		*(double *)to = atof(value);
		break;
	case FIELD_OP:
		set_status(to, value);
		break;
	}
	return 0;
}

/* Cuts modules=NAME,NAME... */
static void set_modules(struct bdb *bdb, const char **names, char *value)
{
	char *save;

	bdb->modules_presence = FIELD_PRESENT;
	bdb->modules = names;
	bdb->module_count = 0;
	for (value = strtok_r(value, ",", &save); value && bdb->module_count < MODULES_MAX;
	     value = strtok_r(NULL, ",", &save))
		names[bdb->module_count++] = value;
}

/* Sets the fields of KEY=VALUE words, which must outlive the database. */
static int set_fields(struct bdb *bdb, const char **modules, char *words)
{
	char *save, *key, *value;
	size_t i;
	int kind;

	for (key = strtok_r(words, " ", &save); key; key = strtok_r(NULL, " ", &save)) {
		value = strchr(key, '=');
		if (!value)
			return -1;
		*value++ = '\0';
		unescape(value);
		for (i = 0; i < ARRAY_SIZE(bdb_fields) && strcmp(key, bdb_fields[i].key); i++)
			;
		if (!strcmp(key, "modules"))
			set_modules(bdb, modules, value);
		else if (i == ARRAY_SIZE(bdb_fields) || set_field(bdb, &bdb_fields[i], value) < 0)
			return -1;
	}
	for (kind = 0; kind < OP_KINDS; kind++)
		op_classify(&bdb->op[kind], (enum op_kind)kind);
	return 0;
}

static int do_bdb(struct script *s, char *rest)
{
	const char *modules[MODULES_MAX];
	char words[sizeof(new_bdb)], *end;
	int64_t uid = strtoll(rest, &end, 10);
	struct bdb **at = script_find(&s->bdbs, uid), bdb;

	memcpy(words, new_bdb, sizeof(words));
	bdb_init(&bdb, uid);
	if (at)
		bdb = **at;
	else
		set_fields(&bdb, modules, words);
	if (uid <= 0 || set_fields(&bdb, modules, end) < 0)
		return -1;
	if (!at)
		return bdb_set_add(&s->bdbs, &bdb);
	script_replace(at, &bdb);
	return 0;
}

static int do_gone(struct script *s, char *rest)
{
	struct bdb **at = script_find(&s->bdbs, atoll(rest));

	if (!at)
		return -1;
	bdb_free(*at);
	*at = s->bdbs.bdbs[--s->bdbs.count];
	return 0;
}

/* --- answers --------------------------------------------------------------------------------- */

/* Returns the words after the flags. */
static const char *take_flags(struct scripted_reply *reply, const char *words)
{
	const struct {
		const char *word;
		bool *flag;
	} flags[] = {
		{ "keep", &reply->keep },
		{ "clear", &reply->clear },
		{ "cut", &reply->cut },
		{ "unsent", &reply->unsent },
	};
	size_t i = 0, length = strcspn(words, " ");
	bool is_uid = !strncmp(words, "of=", 3);

	while (i < ARRAY_SIZE(flags) &&
	       (strlen(flags[i].word) != length || strncmp(words, flags[i].word, length) != 0))
		i++;
	if (is_uid)
		reply->uid = atoll(words + 3);
	else if (i < ARRAY_SIZE(flags))
		*flags[i].flag = true;
	else
		return words;
	return take_flags(reply, words + length + (words[length] == ' '));
}

static int do_put(struct script *s, char *rest)
{
	struct scripted_reply *reply = &s->replies[s->reply_count];
	char *words;

	if (s->reply_count++ == REPLIES_MAX)
		return -1;
	*reply = (struct scripted_reply){ .status = strtol(rest, &words, 10) };
	snprintf(reply->message, sizeof(reply->message), "%s",
		 take_flags(reply, words + (*words == ' ')));
	return 0;
}

static int do_follow(struct script *s, char *rest)
{
	char line[200];

	snprintf(line, sizeof(line), "307 %s", rest);
	if (do_put(s, line) < 0)
		return -1;
	s->replies[s->reply_count - 1].follow = true;
	return 0;
}

static const char *const request_names[SCRIPT_REQUEST_KINDS + TOPIC_COUNT] = {
	[SCRIPT_LIST] = "list",
	[SCRIPT_ONE] = "one",
	[SCRIPT_PUT] = "put",
	[SCRIPT_MODULES] = "modules",
	[SCRIPT_DATA] = "data",
	[SCRIPT_PATH] = "path",
	[SCRIPT_REQUEST_KINDS + TOPIC_EVENTS] = "events",
	[SCRIPT_REQUEST_KINDS + TOPIC_ALERTS] = "alerts",
	[SCRIPT_REQUEST_KINDS + TOPIC_ACTIONS] = "actions",
	[SCRIPT_REQUEST_KINDS + TOPIC_SHARDS] = "shards",
	[SCRIPT_REQUEST_KINDS + TOPIC_BDB_INFO] = "bdb-info",
	[SCRIPT_REQUEST_KINDS + TOPIC_NODES] = "nodes",
};

/* A kind or topic of requests; -1: none. */
static int request_named(const char *name)
{
	int i;

	for (i = 0; i < (int)ARRAY_SIZE(request_names); i++)
		if (request_names[i] && !strcmp(name, request_names[i]))
			return i;
	return -1;
}

static int set_held(struct script *s, const char *what, bool held)
{
	int name = request_named(what);

	if (name >= 0)
		s->held[name] = held;
	return name < 0 ? -1 : 0;
}

static int do_hold(struct script *s, char *rest)
{
	return set_held(s, rest, true);
}

static int do_release(struct script *s, char *rest)
{
	return set_held(s, rest, false);
}

static int do_answer(struct script *s, char *rest)
{
	bool last = strstr(rest, " last") != NULL;
	size_t i;

	rest[strcspn(rest, " ")] = '\0';
	for (i = 0; i < s->request_count; i++) {
		struct scripted_request *pending =
			&s->requests[last ? s->request_count - 1 - i : i];

		if (!strcmp(rest, request_names[pending->request.kind]) && !pending->released) {
			pending->released = true;
			return 0;
		}
	}
	return -1;
}

static int do_lacking(struct script *s, char *rest)
{
	char *save;

	snprintf(s->lacking_words, sizeof(s->lacking_words), "%s", rest);
	s->lacking_count = 0;
	for (rest = strtok_r(s->lacking_words, " ", &save); rest && s->lacking_count < LACKING_MAX;
	     rest = strtok_r(NULL, " ", &save))
		s->lacking[s->lacking_count++] = rest;
	return 0;
}

/* Another error continues the same failure. */
static int do_fail(struct script *s, char *rest)
{
	if (!s->failing)
		s->failing_since_ms = INT64_MAX;
	s->failing = true;
	err_set(&s->list_error, ERR_RETRY, "%s", rest);
	return 0;
}

static int do_recover(struct script *s, char *rest)
{
	s->failing = false;
	return *rest ? -1 : 0;
}

static int do_bad(struct script *s, char *rest)
{
	s->bad_one = true;
	err_set(&s->one_error, ERR_RETRY, "%s", rest);
	return 0;
}

static int do_good(struct script *s, char *rest)
{
	(void)rest;
	s->bad_one = false;
	return 0;
}

/* --- trust and log-in ------------------------------------------------------------------------ */

static int do_refuse(struct script *s, char *rest)
{
	char *text = strchr(rest, ' ');

	script_refuse(s, !strncmp(rest, "trust", 5) ? REFUSED_TRUST : REFUSED_LOGIN,
		      text ? text + 1 : "Log-in refused (401).");
	return 0;
}

static int do_accept(struct script *s, char *rest)
{
	s->refused = s->prompting = false;
	s->next_ms = s->now_ms;
	return *rest ? -1 : 0;
}

static int do_ask(struct script *s, char *rest)
{
	script_ask_user(s, !strcmp(rest, "login") ? PROMPT_LOGIN : PROMPT_TRUST);
	return 0;
}

static int do_changed(struct script *s, char *rest)
{
	script_change_key(s);
	return *rest ? -1 : 0;
}

static int do_pin(struct script *s, char *rest)
{
	script_send_pin(s);
	return *rest ? -1 : 0;
}

static int do_via(struct script *s, char *rest)
{
	s->sink->on_address(s->arg, rest, s->now_ms);
	return 0;
}

/* --- the table ------------------------------------------------------------------------------- */

#define MEMBER(member) .number = offsetof(struct script, member)

/* A line runs a function; or it sets a number, to the place of its word if there are words; or it
 * says how requests for a topic are answered; else it deletes the data of a topic. */
static const struct verb {
	const char *word;
	int (*run)(struct script *, char *rest);
	size_t number;
	const char *words[4];
	struct scripted_result result;
} verbs[] = {
	/* databases: UID [KEY=VALUE]... creates or changes one, with the keys of bdb_fields and
	 * modules; %HH is a byte, KEY=~ absent, KEY=! a wrong type, KEY=? not requested */
	{ "bdb", .run = do_bdb },
	/* UID: deletes it */
	{ "gone", .run = do_gone },
	/* N: so many elements of each list are unreadable */
	{ "unreadable", MEMBER(unreadable) },
	/* STATUS [FLAG]... [WORDS]: the answer to the next PUT without one; 0 is no answer, and
	 * WORDS the failure.  200 clears the status, others do not.  FLAG: `keep` (not cleared),
	 * `clear` (cleared), `cut` (incomplete), `unsent`, `of=UID` (only for that database) */
	{ "put", .run = do_put },
	/* [HOST]: a 307 that may be followed, as answer to the next PUT */
	{ "follow", .run = do_follow },
	/* the result of OPTIONS for the path of a PUT */
	{ "path", MEMBER(path), .words = { "unclear", "unknown", "known" } },
	/* SORT, of request_names: holds answers, or no longer */
	{ "hold", .run = do_hold },
	{ "release", .run = do_release },
	/* SORT [last]: releases one held answer, the oldest or the last */
	{ "answer", .run = do_answer },
	/* reads answer with the databases as they were when requested */
	{ "early", MEMBER(early), .words = { "off", "on" } },
	/* one TEXT: reads of one database fail with this error, until `good one` */
	{ "bad one", .run = do_bad },
	{ "good one", .run = do_good },
	/* TEXT: polls fail with this error, until `recover` */
	{ "fail", .run = do_fail },
	{ "recover", .run = do_recover },
	/* MS: from a failed poll to the next one, 2000 by default */
	{ "again", MEMBER(retry_ms) },
	/* STATUS: the cluster asked for this pause, also in failed replies about data; 0: no */
	{ "retry-after", MEMBER(retry_status) },
	/* login|trust TEXT: 401 or lost trust, now; `accept`: a new log-in */
	{ "refuse", .run = do_refuse },
	{ "accept", .run = do_accept },
	/* trust|login: prompts the user; sends nothing before the answer.  The certificate is
	 * always the same; a second `ask trust` offers another key */
	{ "ask", .run = do_ask },
	/* the result of log-ins typed from now on */
	{ "logins", MEMBER(bad_logins), .words = { "good", "bad" } },
	/* the key is not the pinned one: on_key_changed(), on_refused() */
	{ "changed", .run = do_changed },
	/* on_pinned() with the certificate offered, as after a yes */
	{ "pin", .run = do_pin },
	/* NAME: another address is in use */
	{ "via", .run = do_via },
	/* NAME...: the modules that lack backup_restore; or which do is not known */
	{ "lacking", .run = do_lacking },
	{ "modules", MEMBER(modules_known), .words = { "unknown", "known" } },
	/* MS: the time that an answer reports */
	{ "latency", MEMBER(latency_ms) },
	/* SECONDS of the cluster's clock, in lists after script_wall() */
	{ "ahead", MEMBER(clock_offset_s) },
	/* TOPIC: answers 403, 404, an unreadable reply, 500, not at all, or as it should */
	{ "deny", .result = { DATA_FORBIDDEN, 403 } },
	{ "lack", .result = { DATA_MISSING, 404 } },
	{ "spoil", .result = { DATA_FAILED, 200 } },
	{ "break", .result = { DATA_FAILED, 500 } },
	{ "mute", .result = { DATA_FAILED, 0 } },
	{ "allow", .result = { DATA_OK, 200 } },
	/* TOPIC: deletes all of it */
	{ "no", .run = NULL },
};

static int run_verb(struct script *s, const struct verb *verb, char *rest)
{
	int topic = request_named(rest) - SCRIPT_REQUEST_KINDS;
	int64_t *number = (int64_t *)(void *)((char *)s + verb->number);

	if (verb->run)
		return verb->run(s, rest);
	if (verb->words[0]) {
		for (*number = 0; *number < 4 && verb->words[*number]; ++*number)
			if (!strcmp(rest, verb->words[*number]))
				return 0;
		return -1;
	}
	if (verb->number) {
		*number = atoll(rest);
		return 0;
	}
	if (topic < 0)
		return -1;
	if (strcmp(verb->word, "no") != 0)
		s->results[topic] = verb->result;
	else
		script_drop_data(s, (enum source_topic)topic);
	return 0;
}

int script_do(struct script *s, const char *line, int64_t now_ms)
{
	char copy[400];
	size_t i, length;

	s->now_ms = now_ms;
	snprintf(copy, sizeof(copy), "%s", line);
	for (i = 0; i < ARRAY_SIZE(verbs); i++) {
		length = strlen(verbs[i].word);
		if (!strncmp(copy, verbs[i].word, length) && (!copy[length] || copy[length] == ' '))
			return run_verb(s, &verbs[i], copy + length + (copy[length] == ' '));
	}
	unescape(copy);
	return script_do_data(s, copy);
}
