#include "script.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "fault_rule.h"
#include "keyword.h"
#include "memory.h"
#include "time.h"

enum { SCRIPT_LINE_MAX = 1 << 20, SCRIPT_PATH_MAX = 512 };

struct sim_script {
	struct sim_script_setup setup;
	struct sim_buffer input;
	char *redirect;			/* owned; api->redirect points to it */
	char method[16], prefix[SCRIPT_PATH_MAX];
	int64_t awaiting;		/* number of requests awaited; 0: none */
	bool overlong;			/* discard the rest of a line that is too long */
};

/* The run of one line. */
struct script_call {
	struct sim_script *script;
	const char *rest;
	struct sim_buffer *out;		/* text after "ok " */
	struct err *err;
};

static int set_usage_error(struct script_call *call, const char *usage)
{
	err_set(call->err, ERR_FINAL, "Usage: %s.", usage);
	return -1;
}

static bool next(struct script_call *call, char *word, size_t size)
{
	return sim_keyword_next(&call->rest, word, size);
}

static bool next_number(struct script_call *call, int64_t min, int64_t max, int64_t *value)
{
	char word[24];

	return next(call, word, sizeof(word)) && sim_keyword_number(word, min, max, value);
}

static bool next_prefix(struct script_call *call, char *prefix)
{
	return next(call, prefix, SCRIPT_PATH_MAX) && prefix[0] == '/';
}

static int64_t now(const struct script_call *call)
{
	return sim_clock_now(call->script->setup.clock);
}

static void write_time(struct script_call *call)
{
	char iso[SIM_TIME_ISO_SIZE];
	int64_t now_ms = now(call);

	sim_time_format(now_ms / 1000, iso);
	sim_buffer_print(call->out, "%.19s", iso);
	if (now_ms % 1000)
		sim_buffer_print(call->out, ".%03d", (int)(now_ms % 1000));
	sim_buffer_put(call->out, "Z");
}

static int run_advance(struct script_call *call, const char *usage)
{
	char word[32];
	int64_t ms;

	if (!next(call, word, sizeof(word)) || !sim_duration_parse(word, &ms) || *call->rest)
		return set_usage_error(call, usage);
	sim_clock_advance(call->script->setup.clock, ms);
	sim_cluster_advance(call->script->setup.api->cluster, now(call));
	write_time(call);
	return 0;
}

static int run_time(struct script_call *call, const char *usage)
{
	if (*call->rest)
		return set_usage_error(call, usage);
	write_time(call);
	return 0;
}

/* --- faults --- */

static int run_cut_all(struct script_call *call, const char *usage)
{
	const struct sim_script_setup *setup = &call->script->setup;

	if (*call->rest)
		return set_usage_error(call, usage);
	sim_buffer_print(call->out, "%zu", setup->cut_all ? setup->cut_all(setup->arg) : 0);
	return 0;
}

static int run_skew(struct script_call *call, const char *usage)
{
	int64_t skew_ms[SIM_NODE_CLOCKS];
	struct sim_api *api = call->script->setup.api;
	unsigned count = 0;
	char word[32];

	do {
		bool behind = *call->rest == '-';

		call->rest += behind;
		if (count == SIM_NODE_CLOCKS || !next(call, word, sizeof(word)) ||
		    !sim_duration_parse(word, &skew_ms[count]))
			return set_usage_error(call, usage);
		if (behind)
			skew_ms[count] = -skew_ms[count];
		count++;
	} while (*call->rest);
	memcpy(api->skew_ms, skew_ms, count * sizeof(*skew_ms));
	api->node_clocks = count;
	api->next_clock = 0;
	return 0;
}

static int run_forget(struct script_call *call, const char *usage)
{
	if (*call->rest)
		return set_usage_error(call, usage);
	sim_faults_release(&call->script->setup.api->faults);
	return 0;
}

/* --- node and users --- */

static int run_redirect(struct script_call *call, const char *usage)
{
	struct sim_script *script = call->script;
	char url[SCRIPT_PATH_MAX];
	bool off;

	if (!next(call, url, sizeof(url)) || *call->rest)
		return set_usage_error(call, usage);
	off = strcmp(url, "off") == 0;
	if (!off && strncmp(url, "https://", 8) != 0)
		return set_usage_error(call, usage);
	script->setup.api->redirect = NULL;
	free(script->redirect);
	script->redirect = off ? NULL : sim_memory_copy(url);
	script->setup.api->redirect = script->redirect;
	return 0;
}

static struct sim_user *find_user(struct script_call *call, const char *name)
{
	struct sim_user *user = sim_lockout_find(call->script->setup.api->lockout, name);

	if (!user)
		err_set(call->err, ERR_FINAL, "This user does not exist.");
	return user;
}

static int run_role(struct script_call *call, const char *usage)
{
	struct sim_user *user;
	char name[256], word[32];

	if (!next(call, name, sizeof(name)) || !next(call, word, sizeof(word)) || *call->rest ||
	    !sim_role_find(word))
		return set_usage_error(call, usage);
	user = find_user(call, name);
	if (!user)
		return -1;
	user->role = sim_role_find(word);
	return 0;
}

static int run_password(struct script_call *call, const char *usage)
{
	struct sim_user *user;
	char name[256];

	if (!next(call, name, sizeof(name)) || !*call->rest)
		return set_usage_error(call, usage);
	user = find_user(call, name);
	if (!user)
		return -1;
	sim_lockout_set_password(user, call->rest);
	return 0;
}

static int run_lock(struct script_call *call, const char *usage)
{
	struct sim_user *user;
	char name[256];

	if (!next(call, name, sizeof(name)) || *call->rest)
		return set_usage_error(call, usage);
	user = find_user(call, name);
	if (!user)
		return -1;
	sim_lockout_lock(user, now(call));
	return 0;
}

static int set_certificate(struct script_call *call,
			   const struct sim_script_certificate *certificate)
{
	const struct sim_script_setup *setup = &call->script->setup;
	char pin[SIM_CERT_PIN_SIZE];

	if (setup->certificate(setup->arg, certificate, pin, call->err) < 0)
		return -1;
	sim_buffer_put(call->out, pin);
	return 0;
}

static int run_certificate(struct script_call *call, const char *usage)
{
	struct sim_script_certificate certificate = { .tls = SIM_TLS_COUNT };
	char word[16];

	if (!*call->rest)
		return set_certificate(call, &certificate);
	if (!next(call, word, sizeof(word)))
		return set_usage_error(call, usage);
	certificate.renew = true;
	certificate.same_key = strcmp(word, "same-key") == 0;
	if (!certificate.same_key && strcmp(word, "new-key") != 0)
		return set_usage_error(call, usage);
	if (*call->rest) {
		if (!next(call, word, sizeof(word)) || *call->rest)
			return set_usage_error(call, usage);
		certificate.shape = sim_cert_find(word);
	}
	return certificate.shape < SIM_CERT_SHAPES ? set_certificate(call, &certificate)
						   : set_usage_error(call, usage);
}

static int run_tls(struct script_call *call, const char *usage)
{
	struct sim_script_certificate certificate = { .renew = false };
	char word[16];

	if (!next(call, word, sizeof(word)) || *call->rest)
		return set_usage_error(call, usage);
	certificate.tls = sim_tls_find(word);
	return certificate.tls < SIM_TLS_COUNT ? set_certificate(call, &certificate)
					       : set_usage_error(call, usage);
}

/* --- request log --- */

static int run_log(struct script_call *call, const char *usage)
{
	struct sim_request_log *log = &call->script->setup.api->request_log;
	struct sim_buffer lines = SIM_BUFFER_INIT;
	char method[16] = "*", prefix[SCRIPT_PATH_MAX];
	bool some;
	size_t count;

	if (strcmp(call->rest, "clear") == 0) {
		sim_request_log_clear(log);
		return 0;
	}
	if (*call->rest && !next(call, method, sizeof(method)))
		return set_usage_error(call, usage);
	some = *call->rest;
	if (some && (!next_prefix(call, prefix) || *call->rest))
		return set_usage_error(call, usage);
	count = sim_request_log_print(log, method, some ? prefix : NULL, &lines);
	if (lines.length)
		call->script->setup.write(call->script->setup.arg, lines.data, lines.length);
	sim_buffer_release(&lines);
	sim_buffer_print(call->out, "%zu", count);
	return 0;
}

static int run_await(struct script_call *call, const char *usage)
{
	struct sim_script *script = call->script;
	int64_t count = 1;

	if (!next(call, script->method, sizeof(script->method)) ||
	    !next_prefix(call, script->prefix))
		return set_usage_error(call, usage);
	if (*call->rest && (!next_number(call, 1, SIM_REQUEST_LOG_MAX, &count) || *call->rest))
		return set_usage_error(call, usage);
	script->awaiting = count;
	return 0;
}

static const struct {
	const char *word;
	int (*run)(struct script_call *, const char *usage);
	const char *usage;
} script_commands[] = {
	{ "advance", run_advance, "advance DURATION, as in \"advance 60s\"" },
	{ "time", run_time, "time" },
	{ "skew", run_skew, "skew [-]DURATION for up to four nodes, as in \"skew -90s\" or "
			    "\"skew 0s 3h\"" },
	{ "cut", run_cut_all, "cut, or cut [times N] METHOD /PREFIX [BYTES]" },
	{ "forget", run_forget, "forget" },
	{ "redirect", run_redirect, "redirect https://HOST:PORT, or redirect off" },
	{ "role", run_role, "role USER ROLE, with a role of the API" },
	{ "password", run_password, "password USER NEW" },
	{ "lock", run_lock, "lock USER" },
	{ "certificate", run_certificate, "certificate, or certificate new-key|same-key "
					  "[expired|not-yet|other-name|ip-only|wildcard]" },
	{ "tls", run_tls, "tls 1.2|1.3|any" },
	{ "log", run_log, "log [METHOD [/PREFIX]], or log clear" },
	{ "await", run_await, "await METHOD /PREFIX [COUNT]" },
};

static int run_line(struct script_call *call)
{
	struct sim_api *api = call->script->setup.api;
	char word[16], shown[SIM_KEYWORD_SHOWN_SIZE];
	const char *line = call->rest;
	size_t i;

	if (!*line || *line == '#')
		return 0;
	/* "cut" alone closes all connections */
	if (sim_fault_rule_is_known(line) && strcmp(line, "cut") != 0)
		return sim_fault_rule_run(&api->faults, line, call->err);
	sim_cluster_advance(api->cluster, now(call));
	if (sim_command_is_known(line))
		return sim_command_run(api->cluster, line, now(call), call->err);
	if (next(call, word, sizeof(word)))
		for (i = 0; i < sizeof(script_commands) / sizeof(script_commands[0]); i++)
			if (strcmp(script_commands[i].word, word) == 0)
				return script_commands[i].run(call, script_commands[i].usage);
	err_set(call->err, ERR_FINAL, "unknown command \"%s\" (see bdbtop-sim(1)).",
		sim_keyword_show(line, shown));
	return -1;
}

static void write_reply(struct sim_script *script, const char *word, const char *text)
{
	struct sim_buffer line = SIM_BUFFER_INIT;

	sim_buffer_print(&line, "%s%s%s\n", word, text && *text ? " " : "", text ? text : "");
	script->setup.write(script->setup.arg, line.data, line.length);
	sim_buffer_release(&line);
}

static void run_text_line(struct sim_script *script, const char *line)
{
	struct sim_buffer out = SIM_BUFFER_INIT;
	struct err err;
	struct script_call call = { script, line + strspn(line, " \t"), &out, &err };

	if (run_line(&call) < 0)
		write_reply(script, "error", err.text);
	else if (!script->awaiting)
		write_reply(script, "ok", out.data);
	sim_buffer_release(&out);
}

static void consume(struct sim_buffer *b, size_t length)
{
	b->length -= length;
	memmove(b->data, b->data + length, b->length + 1);
}

/* Run the complete lines up to an await that is not satisfied. */
static void run_lines(struct sim_script *script)
{
	struct sim_buffer *in = &script->input;
	char *end;

	while (!script->awaiting && in->length && (end = memchr(in->data, '\n', in->length))) {
		size_t length = (size_t)(end - in->data);
		char *line = sim_memory_copy_n(in->data, length);

		consume(in, length + 1);
		if (length && line[length - 1] == '\r')
			line[length - 1] = '\0';
		if (script->overlong)
			write_reply(script, "error", "The line is longer than 1 MiB.");
		else
			run_text_line(script, line);
		script->overlong = false;
		free(line);
	}
	if (in->length > SCRIPT_LINE_MAX && !memchr(in->data, '\n', in->length)) {
		script->overlong = true;
		consume(in, in->length);
	}
}

void sim_script_add_input(struct sim_script *script, const char *bytes, size_t length)
{
	sim_buffer_add(&script->input, bytes, length);
	sim_script_continue(script);
}

void sim_script_continue(struct sim_script *script)
{
	char text[24];
	size_t count;

	/* an await may be satisfied when it is read */
	for (;;) {
		run_lines(script);
		if (!script->awaiting)
			return;
		count = sim_request_log_count(&script->setup.api->request_log, script->method,
					      script->prefix);
		if ((int64_t)count < script->awaiting)
			return;
		script->awaiting = 0;
		snprintf(text, sizeof(text), "%zu", count);
		write_reply(script, "ok", text);
	}
}

struct sim_script *sim_script_new(const struct sim_script_setup *setup)
{
	struct sim_script *script = sim_memory_new(1, sizeof(*script));

	script->setup = *setup;
	return script;
}

void sim_script_free(struct sim_script *script)
{
	if (!script)
		return;
	if (script->redirect)
		script->setup.api->redirect = NULL;
	free(script->redirect);
	sim_buffer_release(&script->input);
	free(script);
}
