/*
 * A replacement for store/audit_log: a list in memory that fails on request.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/array.h"
#include "tests/stage/stage.h"

struct fake_line {
	enum audit_event event;
	char text[200];
};

struct audit_log {
	struct fake_line *lines;
	size_t count, capacity;
	struct audit_record last; /* run, outcome and note of the last line */
	unsigned syncs;
	bool fails;
	bool collecting;
	size_t collected; /* lines that are not synced yet */
	struct audit_record earlier[16];
	size_t earlier_count;
	unsigned reads, ended_reads;
};

struct audit_log *audit_log_new(const char *state_home, const char *home)
{
	(void)state_home;
	(void)home;
	return calloc(1, sizeof(struct audit_log));
}

void audit_log_free(struct audit_log *audit_log)
{
	if (!audit_log)
		return;
	free(audit_log->lines);
	free(audit_log);
}

const char *audit_log_path(const struct audit_log *audit_log)
{
	(void)audit_log;
	return "/nowhere/actions.jsonl";
}

static int fail(struct err *err)
{
	err_set(err, ERR_ASK_USER,
		"The audit log /nowhere/actions.jsonl cannot be written: the disk is full.");
	return -1;
}

void audit_log_begin(struct audit_log *audit_log)
{
	audit_log->collecting = true;
	audit_log->collected = 0;
}

int audit_log_commit(struct audit_log *audit_log, struct err *err)
{
	size_t collected = audit_log->collected;

	audit_log->collecting = false;
	audit_log->collected = 0;
	if (!collected)
		return 0;
	audit_log->syncs++;
	if (!audit_log->fails)
		return 0;
	audit_log->count -= collected;
	return fail(err);
}

int audit_log_append(struct audit_log *audit_log, const struct audit_line *line, struct err *err)
{
	static const char *const events[] = { "asked", "sent", "answered", "ended" };
	struct fake_line *added;

	if (audit_log->fails && !audit_log->collecting)
		return fail(err);
	audit_log->syncs += !audit_log->collecting;
	audit_log->collected += audit_log->collecting;
	if (!ARRAY_RESERVE(audit_log->lines, audit_log->capacity, audit_log->count + 1, SIZE_MAX))
		abort();
	added = &audit_log->lines[audit_log->count++];
	added->event = line->event;
	snprintf(added->text, sizeof(added->text), "%s %u %u %u %s", events[line->event],
		 line->reset_id, line->put, line->status, line->message ? line->message : "");
	audit_log->last.run = line->run;
	snprintf(audit_log->last.outcome, sizeof(audit_log->last.outcome), "%s",
		 line->outcome ? line->outcome : "");
	snprintf(audit_log->last.note, sizeof(audit_log->last.note), "%s",
		 line->note ? line->note : "");
	return 0;
}

/* In the order they were added: newest first. */
size_t audit_log_history(struct audit_log *audit_log, const char *cluster, int64_t uid,
			 struct audit_record *out, size_t room)
{
	size_t i, count = 0;

	audit_log->reads++;
	for (i = 0; i < audit_log->earlier_count && count < room; i++)
		if (audit_log->earlier[i].uid == uid &&
		    !strcmp(audit_log->earlier[i].cluster, cluster))
			out[count++] = audit_log->earlier[i];
	return count;
}

void audit_log_read_ended(struct audit_log *audit_log, const char *cluster,
			  audit_log_on_record_fn *on_record, void *arg)
{
	size_t i;

	audit_log->ended_reads++;
	for (i = 0; i < audit_log->earlier_count; i++)
		if (audit_log->earlier[i].event == AUDIT_ENDED &&
		    !strcmp(audit_log->earlier[i].cluster, cluster))
			on_record(arg, &audit_log->earlier[i]);
}

void fake_audit_log_past(struct audit_log *audit_log, const struct audit_record *past)
{
	if (audit_log->earlier_count == ARRAY_SIZE(audit_log->earlier))
		abort();
	audit_log->earlier[audit_log->earlier_count++] = *past;
}

unsigned fake_audit_log_reads(const struct audit_log *audit_log)
{
	return audit_log->reads;
}

unsigned fake_audit_log_ended_reads(const struct audit_log *audit_log)
{
	return audit_log->ended_reads;
}

const struct audit_record *fake_audit_log_last(const struct audit_log *audit_log)
{
	return &audit_log->last;
}

unsigned fake_audit_log_syncs(const struct audit_log *audit_log)
{
	return audit_log->syncs;
}

void fake_audit_log_fails(struct audit_log *audit_log, bool fails)
{
	audit_log->fails = fails;
}

size_t fake_audit_log_count(const struct audit_log *audit_log, enum audit_event event)
{
	size_t i, n = 0;

	for (i = 0; i < audit_log->count; i++)
		n += event == AUDIT_EVENTS || audit_log->lines[i].event == event;
	return n;
}

const char *fake_audit_log_line(const struct audit_log *audit_log, size_t index)
{
	return index < audit_log->count ? audit_log->lines[index].text : "";
}
