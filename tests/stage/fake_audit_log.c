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

void audit_log_free(struct audit_log *ledger)
{
	if (!ledger)
		return;
	free(ledger->line);
	free(ledger->event);
	free(ledger);
}

const char *audit_log_path(const struct audit_log *ledger)
{
	(void)ledger;
	return "/nowhere/actions.jsonl";
}

static int fail(struct err *err)
{
	err_set(err, ERR_ASK_USER,
		"The ledger /nowhere/actions.jsonl cannot be written: the disk is full.");
	return -1;
}

void audit_log_begin(struct audit_log *ledger)
{
	ledger->collects = true;
	ledger->collected = 0;
}

int audit_log_commit(struct audit_log *ledger, struct err *err)
{
	size_t collected = ledger->collected;

	ledger->collects = false;
	ledger->collected = 0;
	if (!collected)
		return 0;
	ledger->syncs++;
	if (!ledger->fails)
		return 0;
	ledger->count -= collected;
	return fail(err);
}

int audit_log_append(struct audit_log *ledger, const struct audit_line *line, struct err *err)
{
	static const char *const events[] = { "asked", "sent", "answered", "ended" };

	if (ledger->fails && !ledger->collects)
		return fail(err);
	ledger->syncs += !ledger->collects;
	ledger->collected += ledger->collects;
	if (ledger->count == ledger->room) {
		ledger->room = ledger->room ? ledger->room * 2 : 16;
		ledger->line = realloc(ledger->line, ledger->room * sizeof(*ledger->line));
		ledger->event = realloc(ledger->event, ledger->room * sizeof(*ledger->event));
		if (!ledger->line || !ledger->event)
			abort();
	}
	snprintf(ledger->line[ledger->count], sizeof(ledger->line[0]), "%s %u %u %u %s",
		 events[line->event], line->reset_id, line->put, line->status,
		 line->message ? line->message : "");
	ledger->event[ledger->count++] = line->event;
	ledger->run = line->run;
	return 0;
}

/* Newest first, as they were given. */
size_t audit_log_history(struct audit_log *ledger, const char *cluster, int64_t uid,
			 struct audit_record *out, size_t room)
{
	size_t i, count = 0;

	ledger->reads++;
	for (i = 0; i < ledger->past_count && count < room; i++)
		if (ledger->past[i].uid == uid && !strcmp(ledger->past[i].cluster, cluster))
			out[count++] = ledger->past[i];
	return count;
}

void fake_ledger_past(struct audit_log *ledger, const struct audit_record *past)
{
	if (ledger->past_count == sizeof(ledger->past) / sizeof(ledger->past[0]))
		abort();
	ledger->past[ledger->past_count++] = *past;
}

unsigned fake_ledger_reads(const struct audit_log *ledger)
{
	return ledger->reads;
}

unsigned fake_ledger_run(const struct audit_log *ledger)
{
	return ledger->run;
}

unsigned fake_ledger_syncs(const struct audit_log *ledger)
{
	return ledger->syncs;
}

void fake_ledger_fails(struct audit_log *ledger, bool fails)
{
	ledger->fails = fails;
}

size_t fake_ledger_count(const struct audit_log *ledger, enum audit_event event)
{
	size_t i, n = 0;

	for (i = 0; i < ledger->count; i++)
		n += event == AUDIT_EVENTS || ledger->event[i] == event;
	return n;
}

const char *fake_ledger_line(const struct audit_log *ledger, size_t index)
{
	return index < ledger->count ? ledger->line[index] : "";
}
