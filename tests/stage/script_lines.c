/*
 * The lines of a script.
 */
#include "script_internal.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void unescape(char *text)
{
	char *to = text;

	for (; *text; text++, to++) {
		unsigned byte;

		if (*text == '%' && sscanf(text + 1, "%2x", &byte) == 1 &&
		    isxdigit((unsigned char)text[2])) {
			*to = (char)byte;
			text += 2;
		} else {
			*to = *text;
		}
	}
	*to = '\0';
}

static enum field_presence presence_of(const char *value)
{
	if (!strcmp(value, "~"))
		return FIELD_ABSENT;
	if (!strcmp(value, "!"))
		return FIELD_INVALID;
	if (!strcmp(value, "?"))
		return FIELD_NOT_REQUESTED;
	return FIELD_PRESENT;
}

static void set_status(struct op *op, enum op_kind kind, char *value)
{
	char *reason = strchr(value, ':');

	if (reason)
		*reason++ = '\0';
	op->status_presence = presence_of(value);
	op->status = op->status_presence == FIELD_PRESENT ? value : "";
	op->reason_presence = reason ? presence_of(reason) : op->status_presence;
	op->reason = reason && op->reason_presence == FIELD_PRESENT ? reason : "";
	op_classify(op, kind);
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
			op->percent_presence = presence_of(value);
			op->percent = atof(value);
			return 0;
		}
		if (!strcmp(key + length, ".last")) {
			op->last_success_presence = presence_of(value);
			return op->last_success_presence != FIELD_PRESENT ||
					       time_parse(value, &op->last_success_s)
				       ? 0
				       : -1;
		}
	}
	return -1;
}

static int set_field(struct bdb *bdb, const char *key, char *value)
{
	unescape(value);
	if (!strcmp(key, "name")) {
		bdb->name_presence = presence_of(value);
		bdb->name = bdb->name_presence == FIELD_PRESENT ? value : "";
	} else if (!strcmp(key, "state")) {
		bdb->state_presence = presence_of(value);
		bdb->state = bdb->state_presence == FIELD_PRESENT ? value : "";
	} else if (!strcmp(key, "created")) {
		bdb->created_presence = presence_of(value);
		return bdb->created_presence != FIELD_PRESENT || time_parse(value, &bdb->created_s)
			       ? 0
			       : -1;
	} else if (!strcmp(key, "changed")) {
		bdb->changed_presence = presence_of(value);
		return bdb->changed_presence != FIELD_PRESENT || time_parse(value, &bdb->changed_s)
			       ? 0
			       : -1;
	} else if (!strcmp(key, "periodic")) {
		bdb->backup_enabled_presence = presence_of(value);
		bdb->backup_enabled = !strcmp(value, "true");
	} else if (!strcmp(key, "every")) {
		bdb->backup_interval_presence = presence_of(value);
		bdb->backup_interval_s = atoll(value);
	} else if (!strcmp(key, "crdt")) {
		bdb->crdt_presence = presence_of(value);
		bdb->crdt = !strcmp(value, "true");
	} else if (!strcmp(key, "internal")) {
		bdb->internal_presence = presence_of(value);
		bdb->internal = !strcmp(value, "true");
	} else {
		return set_op(bdb, key, value);
	}
	return 0;
}

#define MODULES 4

static void set_modules(struct bdb *bdb, const char **names, char *value)
{
	bdb->modules_presence = FIELD_PRESENT;
	bdb->module_count = 0;
	for (value = strtok(value, ","); value && bdb->module_count < MODULES;
	     value = strtok(NULL, ","))
		names[bdb->module_count++] = value;
	bdb->modules = names;
}

/* The default database: active, created at noon, with a daily backup that is not due yet; nothing
 * ever ran. */
static void blank(struct bdb *bdb, int64_t uid)
{
	int kind;

	bdb_init(bdb, uid);
	bdb->name_presence = bdb->state_presence = bdb->crdt_presence = bdb->internal_presence =
		FIELD_PRESENT;
	bdb->created_presence = bdb->backup_enabled_presence = bdb->backup_interval_presence =
		FIELD_PRESENT;
	bdb->name = "nameless";
	bdb->state = "active";
	bdb->created_s = 1795262400;
	bdb->backup_enabled = true;
	bdb->backup_interval_s = 86400;
	for (kind = 0; kind < OP_KINDS; kind++) {
		bdb->op[kind].status_presence = bdb->op[kind].reason_presence = FIELD_PRESENT;
		bdb->op[kind].percent_presence = FIELD_PRESENT;
		bdb->op[kind].last_success_presence =
			op_defs[kind].last_success_key ? FIELD_ABSENT : FIELD_NOT_REQUESTED;
		op_classify(&bdb->op[kind], (enum op_kind)kind);
	}
}

static int do_bdb(struct script *s, char *rest)
{
	struct bdb bdb, *made;
	const char *names[MODULES];
	char *words[40], *save;
	size_t count = 0, i;
	struct bdb **at;

	for (words[count] = strtok_r(rest, " ", &save); count < 39 && words[count];)
		words[++count] = strtok_r(NULL, " ", &save);
	if (!count)
		return -1;
	at = script_find(s, atoll(words[0]));
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
	struct bdb **at = script_find(s, atoll(rest));

	if (!at)
		return -1;
	bdb_free(*at);
	*at = s->bdbs.bdbs[--s->bdbs.count];
	return 0;
}

/* Reads the flags of a reply; returns the message after them. */
static const char *take_flags(struct scripted_reply *reply, const char *words)
{
	struct {
		const char *word;
		bool *flag;
	} flags[] = {
		{ "keep", &reply->keep },
		{ "clear", &reply->clear },
		{ "cut", &reply->cut },
		{ "unsent", &reply->unsent },
	};
	size_t i, length = strcspn(words, " ");

	if (!strncmp(words, "of=", 3)) {
		reply->uid = atoll(words + 3);
		words += length;
		return take_flags(reply, words + (*words == ' '));
	}
	for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (length == strlen(flags[i].word) && !strncmp(words, flags[i].word, length)) {
			*flags[i].flag = true;
			words += length;
			return take_flags(reply, words + (*words == ' '));
		}
	return words;
}

static int do_put(struct script *s, char *rest)
{
	struct scripted_reply *reply = &s->reply[s->replies];
	const char *words = strchr(rest, ' ');

	if (s->replies == REPLIES_MAX)
		return -1;
	*reply = (struct scripted_reply){ .status = (unsigned)atoi(rest) };
	words = words ? take_flags(reply, words + 1) : "";
	snprintf(reply->message, sizeof(reply->message), "%s", words);
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

static const char *const request_kinds[SCRIPT_REQUEST_KINDS] = { "list",    "one",   "put",
								 "modules", "facts", "path" };

static int hold(struct script *s, const char *what, bool on)
{
	int i;

	for (i = 0; i < SCRIPT_REQUEST_KINDS; i++)
		if (!strcmp(what, request_kinds[i])) {
			s->held_kinds[i] = on;
			return 0;
		}
	i = script_topic(what);
	if (i < 0)
		return -1;
	s->held_topic[i] = on;
	return 0;
}

static int do_release(struct script *s, char *rest)
{
	bool last = strstr(rest, " last") != NULL;
	size_t i, at;

	rest[strcspn(rest, " ")] = '\0';
	for (i = 0; i < s->requests; i++) {
		at = last ? s->requests - 1 - i : i;
		if (!strcmp(rest, request_kinds[s->request_list[at].request.kind]) &&
		    !s->request_list[at].released) {
			s->request_list[at].released = true;
			return 0;
		}
	}
	return -1;
}

static int do_path(struct script *s, const char *rest)
{
	static const char *const states[] = {
		[PATH_UNCLEAR] = "unclear", [PATH_UNKNOWN] = "unknown", [PATH_KNOWN] = "known"
	};
	unsigned i;

	for (i = 0; i <= PATH_KNOWN; i++)
		if (!strcmp(rest, states[i])) {
			s->path = i;
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

static const struct source_certificate certificates[] = {
	{ .subject = "CN=cluster.prod.example",
	  .issuer = "CN=cluster.prod.example",
	  .self_signed = true,
	  .names = "cluster.prod.example, *.cluster.prod.example",
	  .from_s = 1772409600,
	  .to_s = 1803945600,
	  .sha256 = "9F:3C:71:0A:5E:D2:44:B8:13:C6:2A:90:7F:E1:58:0D:"
		    "66:B4:9A:27:F3:1C:85:DE:40:7B:A8:12:CD:39:E6:51",
	  .key_sha256 = "2B:E8:04:9D:C1:76:3F:5A:90:1E:B7:48:6C:D3:25:FA:"
			"81:0C:5F:B2:97:E4:3D:68:AA:16:F9:43:D0:7E:2C:95",
	  .pin = "sha256//K+gEncF2P1qQHrdIbNMl+oEMX7KX5D1oqhb5Q9B+LJU=" },
	{ .subject = "CN=cluster.prod.example",
	  .issuer = "CN=cluster.prod.example",
	  .self_signed = true,
	  .names = "cluster.prod.example",
	  .from_s = 1795219200,
	  .to_s = 1826755200,
	  .sha256 = "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:"
		    "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF",
	  .key_sha256 = "C4:07:B9:6E:12:8D:F5:3A:5B:E0:94:71:2F:CC:08:A6:"
			"3D:F1:6A:85:9C:42:E7:10:B8:53:0F:DA:74:29:91:BE",
	  .pin = "sha256//xAe5bhKN9Tpb4JRxL8wIpj3xaoWcQucQuFMP2nQpkb4=" },
};

static struct source_pin pin_of(const struct source_certificate *cert)
{
	struct source_pin pin = { .since_s = 1772582400 };

	snprintf(pin.pin, sizeof(pin.pin), "%s", cert->pin);
	snprintf(pin.key_sha256, sizeof(pin.key_sha256), "%s", cert->key_sha256);
	snprintf(pin.cert_sha256, sizeof(pin.cert_sha256), "%s", cert->sha256);
	return pin;
}

void script_ask_user(struct script *s, enum prompt_kind what, int64_t now_ms)
{
	bool another = s->prompting && what == PROMPT_TRUST;

	s->prompt = (struct source_prompt){ .kind = what,
					 .host = "cluster.prod.example:9443",
					 .offered = certificates[another],
					 .problem =
						 "Its certificate is self-signed, not signed by a "
						 "trusted CA.",
					 .login_refusals = s->refusals };
	s->prompting = true;
	s->declined = false;
	s->sink->on_prompt(s->arg, &s->prompt, now_ms);
}

void script_send_pin(struct script *s, int64_t now_ms)
{
	struct source_pin pin = pin_of(&s->prompt.offered);

	s->pin_pending = false;
	s->sink->on_pinned(s->arg, &pin, now_ms);
}

void script_refuse_login(struct script *s, const char *sentence, int64_t now_ms)
{
	bool again = s->login_pending;
	struct err err;
	struct source_refused refused = { .what = REFUSED_LOGIN, .err = &err };

	s->login_pending = false;
	s->refused = true;
	s->refusals++;
	err_set(&err, ERR_ASK_USER, "%s", sentence);
	s->sink->on_refused(s->arg, &refused, now_ms);
	if (again)
		script_ask_user(s, PROMPT_LOGIN, now_ms);
}

static int do_refuse(struct script *s, char *rest, int64_t now_ms)
{
	char *text = strchr(rest, ' ');
	struct err err;
	struct source_refused refused = { .what = REFUSED_TRUST, .err = &err };

	if (strncmp(rest, "trust", 5) != 0) {
		script_refuse_login(s, text ? text + 1 : "Log-in refused (401).", now_ms);
		return 0;
	}
	err_set(&err, ERR_ASK_USER, "%s", text ? text + 1 : "It is not trusted.");
	s->refused = true;
	s->sink->on_refused(s->arg, &refused, now_ms);
	return 0;
}

static void do_changed(struct script *s, int64_t now_ms)
{
	struct source_pin pin = pin_of(&certificates[0]);
	struct err err;
	struct source_refused refused = { .what = REFUSED_TRUST, .err = &err };

	err_set(&err, ERR_FINAL, "The key of cluster.prod.example:9443 has changed.");
	s->sink->on_key_changed(s->arg, &pin, &certificates[1], now_ms);
	s->refused = true;
	s->sink->on_refused(s->arg, &refused, now_ms);
}

static int do_trust(struct script *s, const char *word, const char *rest, int64_t now_ms)
{
	if (!strcmp(word, "ask"))
		script_ask_user(s, !strcmp(rest, "login") ? PROMPT_LOGIN : PROMPT_TRUST, now_ms);
	else if (!strcmp(word, "logins"))
		s->bad_logins = !strcmp(rest, "bad");
	else if (!strcmp(word, "changed"))
		do_changed(s, now_ms);
	else if (!strcmp(word, "pin"))
		script_send_pin(s, now_ms);
	else if (!strcmp(word, "via"))
		s->sink->on_address(s->arg, rest, now_ms);
	else
		return -1;
	return 0;
}

static int do_failure(struct script *s, const char *word, const char *rest, int64_t now_ms)
{
	if (!strcmp(word, "fail")) {
		/* another error continues the same failure streak */
		if (!s->failing)
			s->failing_since_ms = INT64_MAX;
		s->failing = true;
		err_set(&s->list_error, ERR_RETRY, "%s", rest);
	} else if (!strcmp(word, "again")) {
		s->retry_ms = atoll(rest);
	} else if (!strcmp(word, "asks-pause")) {
		s->retry_status = (unsigned)atoi(rest);
	} else if (!strcmp(word, "recover")) {
		s->failing = false;
	} else if (!strcmp(word, "bad")) {
		s->bad_one = true;
		err_set(&s->one_error, ERR_RETRY, "%s", rest);
	} else if (!strcmp(word, "good")) {
		s->bad_one = false;
	} else if (!strcmp(word, "accept")) {
		s->refused = s->prompting = false;
		s->next_ms = now_ms;
	} else if (!strcmp(word, "early")) {
		s->early = !strcmp(rest, "on");
	} else if (!strcmp(word, "latency")) {
		s->latency_ms = atoll(rest);
	} else if (!strcmp(word, "ahead")) {
		s->clock_offset_s = atoll(rest);
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
	if (!strcmp(word, "land"))
		return do_release(s, rest);
	if (!strcmp(word, "path"))
		return do_path(s, rest);
	if (!strcmp(word, "lacking"))
		return do_lacking(s, rest);
	if (!strcmp(word, "modules")) {
		s->modules_known = strcmp(rest, "unknown") != 0;
		return 0;
	}
	if (!strcmp(word, "refuse"))
		return do_refuse(s, rest, now_ms);
	if (!do_trust(s, word, rest, now_ms) || !script_do_data(s, word, rest))
		return 0;
	return do_failure(s, word, rest, now_ms);
}
