#include "verb_internal.h"

#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/array.h"
#include "memory.h"
#include "keyword.h"

/* --- rules for requests --- */

/* If the next word is NAME=VALUE, copy VALUE and move past it. */
static bool next_header(struct verb_line *line, const char *name, char *value, size_t size)
{
	const char *rest = line->rest;
	size_t length = strlen(name);
	char word[80];

	if (!sim_keyword_next(&rest, word, sizeof(word)) || strncmp(word, name, length) != 0 ||
	    word[length] != '=' || strlen(word + length + 1) >= size)
		return false;
	strcpy(value, word + length + 1);
	line->rest = rest;
	return true;
}

static int add_fault(struct verb_line *line, enum sim_fault_kind kind, struct sim_fault *fault)
{
	fault->kind = kind;
	fault->method = line->method;
	fault->prefix = line->prefix;
	fault->times = line->times;
	if (line->setup->api)
		sim_faults_add(&line->setup->api->faults, fault);
	return 0;
}

static int apply_answer(struct verb_line *line)
{
	char allow[80], retry[80], *body;
	struct sim_fault fault = { .status = (unsigned)line->number };
	int rc;

	if (line->number < 200 || line->number > 599)
		return verb_usage(line);
	if (next_header(line, "allow", allow, sizeof(allow)))
		fault.allow = allow;
	fault.retry_is_date = next_header(line, "retry-date", retry, sizeof(retry));
	if ((fault.retry_is_date || next_header(line, "retry-after", retry, sizeof(retry))) &&
	    !sim_keyword_number(retry, 1, INT32_MAX, &fault.retry_s))
		return verb_usage(line);
	body = sim_memory_copy(line->rest);
	fault.body = body;
	rc = add_fault(line, SIM_FAULT_ANSWER, &fault);
	free(body);
	return rc;
}

static int apply_delay(struct verb_line *line)
{
	return add_fault(line, SIM_FAULT_DELAY, &(struct sim_fault){ .ms = line->ms });
}

static int apply_cut(struct verb_line *line)
{
	if (*line->prefix)
		return add_fault(line, SIM_FAULT_CUT,
				 &(struct sim_fault){ .cut_bytes = line->number });
	return line->setup->program ? verb_cut_all(line) : verb_usage(line);
}

static int apply_repeat(struct verb_line *line)
{
	return add_fault(line, SIM_FAULT_REPEAT, &(struct sim_fault){ .body = NULL });
}

static int apply_forget(struct verb_line *line)
{
	sim_faults_release(&line->setup->api->faults);
	return 0;
}

/* --- the node and its users --- */

static int apply_redirect(struct verb_line *line)
{
	bool off = strcmp(line->word, "off") == 0;

	if (!off && strncmp(line->word, "https://", 8) != 0)
		return verb_usage(line);
	sim_memory_replace(&line->setup->api->redirect, off ? NULL : line->word);
	return 0;
}

static int apply_role(struct verb_line *line)
{
	const struct sim_role *role = sim_role_find(line->word);

	if (!role)
		return verb_usage(line);
	line->user->role = role;
	return 0;
}

static int apply_password(struct verb_line *line)
{
	if (!*line->rest)
		return verb_usage(line);
	sim_lockout_set_password(line->user, line->rest);
	return 0;
}

static int apply_lock(struct verb_line *line)
{
	sim_lockout_lock(line->user, line->setup->now_ms);
	return 0;
}

static int apply_auth(struct verb_line *line)
{
	size_t auth = sim_keyword_find(line->word, sim_auth_words);

	if (auth == SIM_AUTH_COUNT)
		return verb_usage(line);
	line->setup->api->tokens.auth = (enum sim_auth)auth;
	return 0;
}

static int apply_token(struct verb_line *line)
{
	struct sim_tokens *tokens = &line->setup->api->tokens;
	size_t scheme = sim_keyword_find(line->second, sim_scheme_words);
	int64_t ms;

	/* only a script can print it */
	if (!strcmp(line->word, "issue") && !*line->second && line->setup->program)
		sim_buffer_put(line->setup->out,
			       sim_token_issue(tokens, &line->setup->api->lockout.users[0],
					       SIM_TOKEN_TTL_S, line->setup->now_ms));
	else if (!strcmp(line->word, "expire") && !*line->second)
		sim_token_expire(tokens);
	else if (!strcmp(line->word, "life") && sim_keyword_duration(line->second, &ms))
		tokens->life_s = ms / 1000;
	else if (!strcmp(line->word, "scheme") && scheme < SIM_SCHEME_COUNT)
		tokens->scheme = (enum sim_scheme)scheme;
	else
		return verb_usage(line);
	return 0;
}

static int apply_skew(struct verb_line *line)
{
	struct sim_api *api = line->setup->api;
	int64_t skew_ms[SIM_NODE_CLOCKS];
	unsigned count = 0;
	char word[32];

	do {
		if (count == SIM_NODE_CLOCKS ||
		    !sim_keyword_next(&line->rest, word, sizeof(word)) ||
		    !sim_keyword_skew(word, &skew_ms[count]))
			return verb_usage(line);
		count++;
	} while (*line->rest);
	memcpy(api->skew_ms, skew_ms, count * sizeof(*skew_ms));
	api->node_clocks = count;
	api->next_clock = 0;
	return 0;
}

/* --- the table --- */

static const struct verb verbs[] = {
	{ "set", SIM_VERBS_BDB, "u", verb_set, "set UID FIELD=JSON ...", true },
	{ "unset", SIM_VERBS_BDB, "u", verb_unset, "unset UID FIELD ...", true },
	{ "create", SIM_VERBS_BDB, "", verb_create, "create {...}", true },
	{ "delete", SIM_VERBS_BDB, "u.", verb_delete, "delete UID", false },
	{ "recreate", SIM_VERBS_BDB, "u.", verb_recreate, "recreate UID", false },
	{ "start", SIM_VERBS_BDB, "uk.", verb_start, "start UID KIND", false },
	{ "finish", SIM_VERBS_BDB, "uk?v.", verb_finish, "finish UID KIND [REASON]", false },
	{ "busy", SIM_VERBS_BDB, "uD.", verb_busy, "busy UID DURATION", false },
	{ "alert", SIM_VERBS_BDB, "u", verb_alert, "alert UID NAME on|off [THRESHOLD]", true },
	{ "event", SIM_VERBS_BDB, "", verb_event, "event UID TYPE [{...}]", true },
	{ "answer", SIM_VERBS_FAULT, "tmp#", apply_answer,
	  "answer [times N] METHOD /PREFIX STATUS [allow=METHODS] [retry-after=S|retry-date=S] "
	  "[BODY]", true },
	{ "delay", SIM_VERBS_FAULT, "tMpd;", apply_delay,
	  "delay [times N] [METHOD] /PREFIX DURATION", true },
	{ "cut", SIM_VERBS_FAULT, "?tmp?#;", apply_cut,
	  "cut, or cut [times N] METHOD /PREFIX [BYTES]", true },
	{ "repeat", SIM_VERBS_FAULT, "tmp;", apply_repeat,
	  "repeat [times N] METHOD /PREFIX", true },
	{ "forget", SIM_VERBS_NODE, ";", apply_forget, "forget", false },
	{ "redirect", SIM_VERBS_NODE, "w;", apply_redirect,
	  "redirect https://HOST:PORT, or redirect off", false },
	{ "role", SIM_VERBS_NODE, "Uw;", apply_role, "role USER ROLE, with a role of the API",
	  false },
	{ "password", SIM_VERBS_NODE, "U", apply_password, "password USER NEW", false },
	{ "lock", SIM_VERBS_NODE, "U;", apply_lock, "lock USER", false },
	{ "auth", SIM_VERBS_NODE, "w;", apply_auth, "auth basic|token|certificate", false },
	{ "token", SIM_VERBS_NODE, "w?v;", apply_token,
	  "token issue, token expire, token life DURATION, or token scheme jwt|bearer|any", false },
	{ "skew", SIM_VERBS_NODE, "", apply_skew,
	  "skew [-]DURATION for up to four nodes, as in \"skew -90s\" or \"skew 0s 3h\"", false },
	{ "advance", SIM_VERBS_PROGRAM, "d;", verb_advance,
	  "advance DURATION, as in \"advance 60s\"", false },
	{ "time", SIM_VERBS_PROGRAM, ";", verb_time, "time", false },
	{ "certificate", SIM_VERBS_PROGRAM, "?w?v;", verb_certificate,
	  "certificate, or certificate new-key|same-key "
	  "[expired|not-yet|other-name|ip-only|wildcard]", false },
	{ "tls", SIM_VERBS_PROGRAM, "w;", verb_tls, "tls 1.2|1.3|any", false },
	{ "log", SIM_VERBS_PROGRAM, "?m?p;", verb_log,
	  "log [METHOD [/PREFIX]], or log clear", false },
	{ "await", SIM_VERBS_PROGRAM, "mp?#;", verb_await, "await METHOD /PREFIX [COUNT]", false },
};

static int set_unknown_error(const struct sim_verb_setup *setup, const char *text, struct err *err)
{
	char shown[SIM_KEYWORD_SHOWN_SIZE];

	if (setup->verbs == SIM_VERBS_FAULT)
		return err_set(err, ERR_FINAL,
			       "A fault rule begins with answer, delay, cut or repeat.");
	return err_set(err, ERR_FINAL,
		       setup->verbs == SIM_VERBS_BDB
			       ? "\"%s\" is not a command that changes a database."
			       : "unknown command \"%s\" (see bdbtop-sim(1)).",
		       sim_keyword_show(text, shown));
}

int sim_verb_run(const struct sim_verb_setup *setup, const char *text, struct err *err)
{
	struct verb_line line = { .setup = setup, .rest = text, .err = err };
	char name[16] = "";

	sim_keyword_next(&line.rest, name, sizeof(name));
	line.verb = SIM_KEYWORD_ROW(name, verbs);
	if (!line.verb || !(line.verb->set & setup->verbs))
		return set_unknown_error(setup, text, err);
	if (verb_read_params(&line) < 0)
		return -1;
	return setup->api || line.verb->checks ? line.verb->apply(&line) : 0;
}

int sim_api_run_line(struct sim_api *api, const char *line, int64_t now_ms, struct err *err)
{
	const struct sim_verb_setup setup = {
		.verbs = SIM_VERBS_BDB | SIM_VERBS_FAULT | SIM_VERBS_NODE, .api = api,
		.now_ms = now_ms,
	};

	sim_cluster_advance(api->cluster, now_ms);
	return sim_verb_run(&setup, line, err);
}
