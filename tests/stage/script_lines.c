/*
 * The lines of a script.
 */
#include "script_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static int do_via(struct script *s, char *rest)
{
	s->sink->on_address(s->arg, rest, s->now_ms);
	return 0;
}

/* --- kinds of requests ----------------------------------------------------------------------- */

static const char *const request_kinds[SCRIPT_KINDS + 1] = {
	[TOPIC_LIST] = "list",	   [TOPIC_ONE] = "one",	      [TOPIC_MODULES] = "modules",
	[TOPIC_EVENTS] = "events", [TOPIC_ALERTS] = "alerts", [TOPIC_ACTIONS] = "actions",
	[TOPIC_SHARDS] = "shards", [TOPIC_NODES] = "nodes",   [TOPIC_BDB_INFO] = "bdb-info",
	[SCRIPT_PUT] = "put",	   [SCRIPT_PATH] = "path",    [SCRIPT_DATA] = "data",
};

static int take_request_kind(char **rest)
{
	return take_one_of(rest, request_kinds, ARRAY_SIZE(request_kinds));
}

static int do_answer(struct script *s, char *rest)
{
	int kind = take_request_kind(&rest);
	size_t i, count = s->request_count;

	for (i = 0; i < count; i++) {
		struct scripted_request *pending =
			&s->requests[strcmp(rest, "last") != 0 ? i : count - 1 - i];

		if (script_request_is(&pending->request, kind) && !pending->released) {
			pending->released = true;
			return 0;
		}
	}
	return -1;
}

/* --- the table ------------------------------------------------------------------------------- */

#define NUMBER(member) .number = offsetof(struct script, member)
#define TEXT(member)   .text = offsetof(struct script, member)

/* What a line does with the rest of it. */
static const struct verb {
	const char *word;
	int (*run)(struct script *, char *rest);
	size_t text;   /* keeps it here */
	size_t number; /* sets this to it, or to its place in `words` */
	const char *words[4];
	enum { NO_KIND, HOLD, RELEASE, ANSWER, DELETE } requests; /* of the kind that it names */
	struct scripted_result result;				  /* of ANSWER */
} verbs[] = {
	/* UID: deletes this database if there is one */
	{ "gone", .run = script_do_gone },
	/* N: so many elements of each list are unreadable */
	{ "unreadable", NUMBER(unreadable) },
	/* what lists are: see enum script_list_form */
	{ "lists", NUMBER(list_form), .words = { "records", "whole", "compared" } },
	/* STATUS [of=UID] [FLAG]... [WORDS]: the answer to the next PUT, or the next to that
	 * database, without one; 0 is no answer.  WORDS are its message, the failure of 0, or the
	 * host of 307.  200 clears the status, others do not.  FLAG: `keep` (not cleared), `clear`
	 * (cleared), `cut` (incomplete), `unsent`, `follow` (this 307 may be followed) */
	{ "put", .run = do_put },
	/* the result of OPTIONS for the path of a PUT */
	{ "path", NUMBER(path), .words = { "unclear", "unknown", "known" } },
	/* KIND, of request_kinds: holds answers, or no longer */
	{ "hold", .requests = HOLD },
	{ "release", .requests = RELEASE },
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
	/* login|trust TEXT: 401 or lost trust, now; `accept`: a new log-in */
	{ "refuse", .run = script_do_refuse },
	{ "accept", .run = script_do_accept },
	/* trust|login: prompts the user; sends nothing before the answer.  The certificate is
	 * always the same; a second `ask trust` offers another key */
	{ "ask", .run = script_do_ask },
	/* the result of log-ins typed from now on */
	{ "logins", NUMBER(bad_logins), .words = { "good", "bad" } },
	/* the key is not the pinned one: on_key_changed(), on_refused() */
	{ "changed", .run = script_do_changed },
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
	{ "deny", .requests = ANSWER, .result = { DATA_FORBIDDEN, 403 } },
	{ "lack", .requests = ANSWER, .result = { DATA_MISSING, 404 } },
	{ "spoil", .requests = ANSWER, .result = { DATA_FAILED, 200 } },
	{ "break", .requests = ANSWER, .result = { DATA_FAILED, 500 } },
	{ "mute", .requests = ANSWER, .result = { DATA_FAILED, 0 } },
	{ "allow", .requests = ANSWER, .result = { DATA_OK, 200 } },
	/* TOPIC: deletes all of it */
	{ "no", .requests = DELETE },
};

static int do_requests(struct script *s, const struct verb *verb, char *rest)
{
	int kind = take_request_kind(&rest);

	if (kind < 0 || *rest)
		return -1;
	if (verb->requests == ANSWER)
		s->results[kind] = verb->result;
	else if (verb->requests == DELETE)
		script_drop_data(s, (enum source_topic)kind);
	else
		s->held[kind] = verb->requests == HOLD;
	return 0;
}

static int run_verb(struct script *s, const struct verb *verb, char *rest)
{
	int64_t *number = (int64_t *)(void *)((char *)s + verb->number);

	if (verb->run)
		return verb->run(s, rest);
	if (verb->requests)
		return do_requests(s, verb, rest);
	if (verb->text)
		snprintf((char *)s + verb->text, SENTENCE_SIZE, "%s", rest);
	else if (verb->words[0])
		*number = take_one_of(&rest, verb->words, ARRAY_SIZE(verb->words));
	else
		*number = atoll(rest);
	return verb->words[0] && *number < 0 ? -1 : 0;
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
