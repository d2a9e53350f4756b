/*
 * tests/faults/fault_run.h - lets a server fail as a row of tests/faults/fault_table.h says, and
 * compares what is reported with that row.
 */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/faults/fault_table.h"

static inline void add_fault(struct faults *server, const struct fault_case *fault,
			     const struct request_kind *kind)
{
	struct fault serve = { .when = kind->line,
			       .action = fault->action,
			       .status = fault->status,
			       .bytes = fault->bytes,
			       .gated = fault->pace == PACE_SILENCE };
	char *made = NULL;

	if (fault->make)
		serve.bytes = made = fault->make(kind, faults_port(server), &serve.length);
	faults_add(server, &serve);
	if (kind->again) {
		serve.when = kind->again;
		faults_add(server, &serve);
	}
	free(made);
}

/* From now on the server fails so; nothing else that was added is replied. */
static inline void fault_begin(struct faults *server, const struct fault_case *fault,
			       const struct request_kind *kind)
{
	struct faults_setup setup;

	faults_forget(server);
	if (!fault->become) {
		add_fault(server, fault, kind);
		return;
	}
	setup = *fault->become;
	setup.by = fault->signs ? server : NULL;
	faults_become(server, &setup);
}

/* The sentence of the row for this kind of request. */
static inline const char *fault_sentence(const struct fault_case *fault,
					 const struct request_kind *kind)
{
	bool small = !strcmp(kind->limit, "64 KiB");

	if (fault->map && *kind->body == '{')
		return fault->map;
	if (fault->small && small)
		return fault->small;
	if (fault->quick && kind->total_s == 10)
		return fault->quick;
	return fault->data && kind->family == KIND_DATA ? fault->data : fault->read;
}

/* Copies a sentence with its marks replaced, all but `*`. */
static inline void fault_fill(char *out, const char *text, const struct request_kind *kind,
			      unsigned port)
{
	static const char marks[] = "%#&^~!";
	char ported[16], silence[16], total[16];
	const char *const values[] = {
		ported, kind->what, kind->shape, kind->limit, silence, total
	};
	const char *mark;

	snprintf(ported, sizeof(ported), "%u", port);
	snprintf(silence, sizeof(silence), "%ds", (int)kind->silence_s);
	snprintf(total, sizeof(total), kind->total_s == 60 ? "1m 00s" : "%ds", (int)kind->total_s);
	for (; *text; text++) {
		mark = strchr(marks, *text);
		if (mark)
			out = stpcpy(out, values[mark - marks]);
		else
			*out++ = *text;
	}
	*out = '\0';
}

/* `*` in the pattern is any text. */
static inline bool fault_matches(const char *text, const char *pattern)
{
	for (; *pattern && *pattern != '*'; pattern++, text++)
		if (*text != *pattern)
			return false;
	if (!*pattern)
		return !*text;
	do
		if (fault_matches(text, pattern + 1))
			return true;
	while (*text++);
	return false;
}
