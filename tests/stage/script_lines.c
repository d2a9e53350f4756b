/*
 * The lines of a script, and the prompts, refusals and pins that they make.
 */
#include "script_internal.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"

/* --- prompts --------------------------------------------------------------------------------- */

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

	strcpy(pin.pin, cert->pin);
	strcpy(pin.key_sha256, cert->key_sha256);
	strcpy(pin.cert_sha256, cert->sha256);
	return pin;
}

void script_prompt(struct script *s, enum prompt_kind what)
{
	bool another = s->prompting && what == PROMPT_TRUST;

	s->prompt = (struct source_prompt){
		.kind = what,
		.host = "cluster.prod.example:9443",
		.offered = certificates[another],
		.problem = "Its certificate is self-signed, not signed by a trusted CA.",
		.login_refusals = s->refusals
	};
	s->prompting = true;
	s->declined = false;
	s->sink->on_prompt(s->arg, &s->prompt, s->now_ms);
}

void script_send_pin(struct script *s)
{
	struct source_pin pin = pin_of(&s->prompt.offered);

	s->pin_pending = false;
	s->sink->on_pinned(s->arg, &pin, s->now_ms);
}

void script_answer(void *self, enum prompt_kind what, bool yes, int64_t now_ms)
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

void script_refuse(struct script *s, enum source_refusal what, const char *sentence)
{
	bool again = what == REFUSED_LOGIN && s->login_pending;
	struct err err;
	struct source_refused refused = { .what = what, .login = s->refusal, .err = &err };

	s->refused = true;
	if (what == REFUSED_LOGIN) {
		s->login_pending = false;
		s->refusals++;
	}
	err_set_code(&err,
		     what == REFUSED_LOGIN ? ERR_CODE_LOGIN_REFUSED
		     : s->key_changed	   ? ERR_CODE_KEY_CHANGED
					   : ERR_CODE_TLS_UNTRUSTED,
		     ERR_ASK_USER, "%s", sentence);
	s->sink->on_refused(s->arg, &refused, s->now_ms);
	if (again)
		script_prompt(s, PROMPT_LOGIN);
}

/* --- lines that do something ----------------------------------------------------------------- */

bool script_take_word(char **line, const char *word)
{
	size_t length = strlen(word);

	if (strncmp(*line, word, length) != 0 || !strchr(" ", (*line)[length]))
		return false;
	*line += length + ((*line)[length] == ' ');
	return true;
}

/* Takes one of the words; -1: none. */
static int take_one_of(char **line, const char *const *words, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (words[i] && script_take_word(line, words[i]))
			return (int)i;
	return -1;
}

/* Takes the kind of a request; SCRIPT_DATA: all of data. */
static int take_kind(char **line)
{
	static const char *const words[SCRIPT_KINDS + 1] = {
		[TOPIC_LIST] = "list",	   [TOPIC_ONE] = "one",	      [TOPIC_MODULES] = "modules",
		[TOPIC_EVENTS] = "events", [TOPIC_ALERTS] = "alerts", [TOPIC_ACTIONS] = "actions",
		[TOPIC_SHARDS] = "shards", [TOPIC_NODES] = "nodes",   [TOPIC_BDB_INFO] = "bdb-info",
		[SCRIPT_PUT] = "put",	   [SCRIPT_PATH] = "path",    [SCRIPT_DATA] = "data",
	};

	return take_one_of(line, words, ARRAY_SIZE(words));
}

static int do_gone(struct script *s, char *rest)
{
	script_delete(s, TOPIC_LIST, atoll(rest));
	return 0;
}

static int do_no(struct script *s, char *rest)
{
	script_delete(s, (enum source_topic)take_kind(&rest), 0);
	return 0;
}

static int do_put(struct script *s, char *rest)
{
	static const char *const flags[] = { "keep", "clear", "cut", "unsent", "follow" };
	struct scripted_reply *reply = &s->replies[s->reply_count];
	int flag;

	if (s->reply_count++ == REPLIES_MAX)
		return -1;
	*reply = (struct scripted_reply){ .status = strtoll(rest, &rest, 10) };
	rest += *rest == ' ';
	if (sscanf(rest, "of=%" SCNd64, &reply->uid) == 1)
		rest += strcspn(rest, " ") + (strchr(rest, ' ') != NULL);
	while ((flag = take_one_of(&rest, flags, REPLY_FLAGS)) >= 0)
		reply->flag[flag] = true;
	snprintf(reply->message, sizeof(reply->message), "%s", rest);
	return 0;
}

static bool is_of_kind(const struct script_request *request, int kind)
{
	return kind == SCRIPT_DATA ? script_is_data(request) : (int)request->kind == kind;
}

static int do_answer(struct script *s, char *rest)
{
	int kind = take_kind(&rest);
	size_t i, count = s->request_count;

	for (i = 0; i < count; i++) {
		struct scripted_request *pending =
			&s->requests[strcmp(rest, "last") != 0 ? i : count - 1 - i];

		if (!pending->released && is_of_kind(&pending->request, kind)) {
			pending->released = true;
			return 0;
		}
	}
	return -1;
}

static int do_refuse(struct script *s, char *rest)
{
	char *text = strchr(rest, ' ');

	s->refusal = !strncmp(rest, "certificate", 11) ? LOGIN_CERTIFICATE : LOGIN_REFUSED;
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
	script_prompt(s, !strcmp(rest, "login") ? PROMPT_LOGIN : PROMPT_TRUST);
	return 0;
}

static int do_changed(struct script *s, char *rest)
{
	struct source_pin pin = pin_of(&certificates[0]);

	s->key_changed = true;
	s->sink->on_key_changed(s->arg, &pin, &certificates[1], s->now_ms);
	script_refuse(s, REFUSED_TRUST, "The key of cluster.prod.example:9443 has changed.");
	return *rest ? -1 : 0;
}

static int do_via(struct script *s, char *rest)
{
	s->sink->on_address(s->arg, rest, s->now_ms);
	return 0;
}

/* --- the table ------------------------------------------------------------------------------- */

#define NUMBER(member)	    .number = offsetof(struct script, member)
#define TEXT(member)	    .text = offsetof(struct script, member)
#define KIND(member, value) .by_kind = offsetof(struct script, member), .set = value

/* What a line does with the rest of it. */
static const struct verb {
	const char *word;
	int (*run)(struct script *, char *rest);
	size_t text;	/* keeps it here */
	size_t number;	/* sets this to it, or to its place in `words` */
	size_t by_kind; /* sets the element of the kind that it names to `set` */
	int set;
	const char *words[3];
} verbs[] = {
	/* UID: deletes this database if there is one */
	{ "gone", .run = do_gone },
	/* TOPIC: deletes all of it */
	{ "no", .run = do_no },
	/* N: so many elements of each list are unreadable */
	{ "unreadable", NUMBER(unreadable) },
	/* lists are decoded whole, or compared with the last one */
	{ "lists", NUMBER(compared), .words = { "whole", "compared" } },
	/* FIELD: reads of databases do not request it */
	{ "unrequested", TEXT(unrequested) },
	/* STATUS [of=UID] [FLAG]... [WORDS]: the answer to the next PUT, or the next to that
	 * database, without one; 0 is no answer.  WORDS are its message, the failure of 0, or the
	 * host of 307.  200 clears the status, others do not.  FLAG: `keep` (not cleared), `clear`
	 * (cleared), `cut` (incomplete), `unsent`, `follow` (this 307 may be followed) */
	{ "put", .run = do_put },
	/* the result of OPTIONS for the path of a PUT */
	{ "path", NUMBER(path), .words = { "unclear", "unknown", "known" } },
	/* KIND: holds answers to these requests, or no longer */
	{ "hold", KIND(held, true) },
	{ "release", KIND(held, false) },
	/* KIND: there is no memory for these requests, or there is again */
	{ "starve", KIND(starved, true) },
	{ "feed", KIND(starved, false) },
	/* KIND [last]: releases one held answer, the oldest or the last */
	{ "answer", .run = do_answer },
	/* reads answer with the databases as they were when requested */
	{ "early", NUMBER(early), .words = { "off", "on" } },
	/* TEXT: reads of one database, or polls, fail with this error; until the second line */
	{ "bad one", TEXT(one_error) },
	{ "good one", TEXT(one_error) },
	{ "fail", TEXT(list_error) },
	{ "recover", TEXT(list_error) },
	/* MS: from a failed poll to the next one, 2000 by default */
	{ "again", NUMBER(retry_ms) },
	/* STATUS: the cluster asked for this pause, also in failed replies about data; 0: no */
	{ "retry-after", NUMBER(retry_status) },
	/* login|certificate|trust TEXT: 401 or lost trust, now; `accept`: a new log-in */
	{ "refuse", .run = do_refuse },
	{ "accept", .run = do_accept },
	/* trust|login: prompts the user; sends nothing before the answer.  The certificate is
	 * always the same; a second `ask trust` offers another key */
	{ "ask", .run = do_ask },
	/* the result of log-ins typed from now on */
	{ "logins", NUMBER(bad_logins), .words = { "good", "bad" } },
	/* the key is not the pinned one: on_key_changed(), on_refused() */
	{ "changed", .run = do_changed },
	/* NAME: another address is in use */
	{ "via", .run = do_via },
	/* NAME...: the modules that lack backup_restore; or which do is not known */
	{ "lacking", TEXT(lacking) },
	{ "modules", NUMBER(modules_known), .words = { "unknown", "known" } },
	/* MS: the time that an answer reports */
	{ "latency", NUMBER(latency_ms) },
	/* SECONDS of the cluster's clock, in lists after script_wall() */
	{ "ahead", NUMBER(clock_offset_s) },
	/* TOPIC: answers 403, 404, an unreadable reply, 500, not at all, or as it should */
	{ "deny", KIND(status, 403) },
	{ "lack", KIND(status, 404) },
	{ "spoil", KIND(status, 200) },
	{ "break", KIND(status, 500) },
	{ "mute", KIND(status, STATUS_NO_REPLY) },
	{ "allow", KIND(status, STATUS_OK) },
};

static int run_verb(struct script *s, const struct verb *verb, char *rest)
{
	int64_t *number = (int64_t *)(void *)((char *)s + verb->number);
	int64_t *by_kind = (int64_t *)(void *)((char *)s + verb->by_kind);
	int kind, word;

	if (verb->run)
		return verb->run(s, rest);
	if (verb->text) {
		snprintf((char *)s + verb->text, SENTENCE_SIZE, "%s", rest);
		return 0;
	}
	if (verb->by_kind) {
		kind = take_kind(&rest);
		if (kind >= 0)
			by_kind[kind] = verb->set;
		return kind < 0 || *rest ? -1 : 0;
	}
	word = verb->words[0] ? take_one_of(&rest, verb->words, ARRAY_SIZE(verb->words)) : 0;
	*number = verb->words[0] ? word : atoll(rest);
	return word < 0 ? -1 : 0;
}

int script_do(struct script *s, const char *line, int64_t now_ms)
{
	char copy[400], *rest = copy;
	size_t i;

	s->now_ms = now_ms;
	snprintf(copy, sizeof(copy), "%s", line);
	for (i = 0; i < ARRAY_SIZE(verbs); i++)
		if (script_take_word(&rest, verbs[i].word))
			return run_verb(s, &verbs[i], rest);
	return script_do_data(s, copy);
}

void script_run(struct script *s, int64_t now_ms, const char *fmt, ...)
{
	char line[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (script_do(s, line, now_ms) < 0)
		fail_msg("the script does not understand: %s", line);
}
