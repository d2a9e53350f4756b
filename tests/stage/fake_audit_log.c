/*
 * The calls of store/audit_log on a list in memory: linked in its place, and it fails when told to.
 */
#include "tests/stage/stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct audit_log {
	char (*line)[200];
	enum audit_event *event;
	size_t count, room;
	unsigned run;
	unsigned syncs;
	bool fails;
	bool collects;
	size_t collected; /* of the lines, not on disk yet */
	struct audit_record past[16];
	size_t past_count;
	unsigned reads;
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
	free(audit_log->line);
	free(audit_log->event);
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
		"The ledger /nowhere/actions.jsonl cannot be written: the disk is full.");
	return -1;
}

void audit_log_begin(struct audit_log *audit_log)
{
	audit_log->collects = true;
	audit_log->collected = 0;
}

int audit_log_commit(struct audit_log *audit_log, struct err *err)
{
	size_t collected = audit_log->collected;

	audit_log->collects = false;
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

	if (audit_log->fails && !audit_log->collects)
		return fail(err);
	audit_log->syncs += !audit_log->collects;
	audit_log->collected += audit_log->collects;
	if (audit_log->count == audit_log->room) {
		audit_log->room = audit_log->room ? audit_log->room * 2 : 16;
		audit_log->line =
			realloc(audit_log->line, audit_log->room * sizeof(*audit_log->line));
		audit_log->event =
			realloc(audit_log->event, audit_log->room * sizeof(*audit_log->event));
		if (!audit_log->line || !audit_log->event)
			abort();
	}
	snprintf(audit_log->line[audit_log->count], sizeof(audit_log->line[0]), "%s %u %u %u %s",
		 events[line->event], line->reset_id, line->put, line->status,
		 line->message ? line->message : "");
	audit_log->event[audit_log->count++] = line->event;
	audit_log->run = line->run;
	return 0;
}

/* Newest first, as they were given. */
size_t audit_log_history(struct audit_log *audit_log, const char *cluster, int64_t uid,
			 struct audit_record *out, size_t room)
{
	size_t i, count = 0;

	audit_log->reads++;
	for (i = 0; i < audit_log->past_count && count < room; i++)
		if (audit_log->past[i].uid == uid && !strcmp(audit_log->past[i].cluster, cluster))
			out[count++] = audit_log->past[i];
	return count;
}

void fake_ledger_past(struct audit_log *audit_log, const struct audit_record *past)
{
	if (audit_log->past_count == sizeof(audit_log->past) / sizeof(audit_log->past[0]))
		abort();
	audit_log->past[audit_log->past_count++] = *past;
}

unsigned fake_ledger_reads(const struct audit_log *audit_log)
{
	return audit_log->reads;
}

unsigned fake_ledger_run(const struct audit_log *audit_log)
{
	return audit_log->run;
}

unsigned fake_ledger_syncs(const struct audit_log *audit_log)
{
	return audit_log->syncs;
}

void fake_ledger_fails(struct audit_log *audit_log, bool fails)
{
	audit_log->fails = fails;
}

size_t fake_ledger_count(const struct audit_log *audit_log, enum audit_event event)
{
	size_t i, n = 0;

	for (i = 0; i < audit_log->count; i++)
		n += event == AUDIT_EVENTS || audit_log->event[i] == event;
	return n;
}

const char *fake_ledger_line(const struct audit_log *audit_log, size_t index)
{
	return index < audit_log->count ? audit_log->line[index] : "";
}
