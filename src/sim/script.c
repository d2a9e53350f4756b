#include "script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

enum { SCRIPT_LINE_MAX = 1 << 20 };

struct sim_script {
	struct sim_api *api;
	struct sim_program program;
	struct sim_buffer input;
	struct sim_await await;
	bool overlong;			/* discard the rest of a line that is too long */
};

static void write_reply(struct sim_script *script, const char *word, const char *text)
{
	struct sim_buffer line = SIM_BUFFER_INIT;

	sim_buffer_print(&line, "%s%s%s\n", word, text && *text ? " " : "", text ? text : "");
	script->program.write(script->program.arg, line.data, line.length);
	sim_buffer_release(&line);
}

static void run_line(struct sim_script *script, const char *text)
{
	struct sim_buffer out = SIM_BUFFER_INIT;
	const struct sim_verb_setup setup = {
		.verbs = SIM_VERBS_BDB | SIM_VERBS_FAULT | SIM_VERBS_NODE | SIM_VERBS_PROGRAM,
		.api = script->api, .now_ms = sim_clock_now(script->program.clock),
		.program = &script->program, .out = &out, .await = &script->await,
	};
	struct err err;

	text += strspn(text, " \t");
	sim_cluster_advance(script->api->cluster, setup.now_ms);
	if (*text && *text != '#' && sim_verb_run(&setup, text, &err) < 0)
		write_reply(script, "error", err.text);
	else if (!script->await.count)
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

	while (!script->await.count && in->length && (end = memchr(in->data, '\n', in->length))) {
		size_t length = (size_t)(end - in->data);
		char *line = sim_memory_copy_n(in->data, length);

		consume(in, length + 1);
		if (length && line[length - 1] == '\r')
			line[length - 1] = '\0';
		if (script->overlong)
			write_reply(script, "error", "The line is longer than 1 MiB.");
		else
			run_line(script, line);
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
		if (!script->await.count)
			return;
		count = sim_request_log_count(&script->api->request_log, script->await.method,
					      script->await.prefix);
		if ((int64_t)count < script->await.count)
			return;
		script->await.count = 0;
		snprintf(text, sizeof(text), "%zu", count);
		write_reply(script, "ok", text);
	}
}

struct sim_script *sim_script_new(struct sim_api *api, const struct sim_program *program)
{
	struct sim_script *script = sim_memory_new(1, sizeof(*script));

	script->api = api;
	script->program = *program;
	return script;
}

void sim_script_free(struct sim_script *script)
{
	if (!script)
		return;
	sim_buffer_release(&script->input);
	free(script);
}
