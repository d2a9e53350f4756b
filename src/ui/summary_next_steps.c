/*
 * The meaning of the worst operation's state, and the next steps.
 */
#include "summary_internal.h"

#include <stdio.h>
#include <string.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/reason.h"
#include "bdbtop/core/text.h"

/* The texts for states without an entry in the table of reasons: the meaning, a sentence with the
 * first next step, and the list of next steps. */
struct next_step_text {
	const char *meaning, *next_step, *next_steps;
};

static const struct next_step_text stalled = {
	"A reset cannot stop a running operation.",
	"Press enter to see which shard blocks it; then check space and network at the target, "
	"and that node.",
	"free space at the target and on the nodes of its shards; the network between them; the "
	"logs of those nodes",
};

/* what delays a scheduled backup, from the vendor's page on schedules (doc/api-notes.md) */
static const struct next_step_text overdue = {
	"The schedule was missed, and no backup is running.",
	"Check how many backups run at once, and the logs of the node that starts them.",
	"how many backups run at once (max_simultaneous_backups, and max_redis_forks of a node); "
	"the log of the node that starts them; that the location is still set",
};

static const struct next_step_text never_succeeded = {
	"A schedule is on, no backup has succeeded yet, and none is running.",
	"Check the location, and the logs of the node that starts the backups.",
	"that the location is set and can be written; how many backups run at once "
	"(max_simultaneous_backups, and max_redis_forks of a node); the log of the node that "
	"starts them",
};

static const struct next_step_text unknown_reason = {
	"This reason is not documented; it is shown as received.",
	"Check the cluster's log of that time, and the logs of the node.",
	"the cluster's log of that time; the logs of the node in /var/opt/redislabs/log",
};

static const struct next_step_text other = {
	"bdbtop does not know this status; it is shown as received.",
	"",
	NULL,
};

/* By the bits of enum suspect_reason, the most telling first. */
static const struct suspect_next_step {
	unsigned bit;
	struct next_step_text text;
} suspect[] = {
	{ SUSPECT_OLD_SUCCESS,
	  { "The cluster reports success, but the time of the last good one did not change.",
	    "Check that the file at the target is new.",
	    "that a new file of every shard is at the target; the cluster's log of that time" } },
	{ SUSPECT_NO_REASON,
	  { "It failed, and the cluster gives no reason.", "Check the cluster's log of that time.",
	    "the cluster's log of that time; the logs of the node in /var/opt/redislabs/log" } },
	{ SUSPECT_FULL,
	  { "It is at 100 % and still running.",
	    "Check whether the files at the target are complete.",
	    "whether the files of all shards are at the target and complete; the logs of the "
	    "node" } },
	{ SUSPECT_BACKWARDS,
	  { "Its percent decreased while it ran: it may have restarted.",
	    "Check the cluster's log for a restart.",
	    "the cluster's log for a restart; whether a node or shard was moved" } },
	{ SUSPECT_FORGOTTEN,
	  { "Its status was cleared, and no reset was sent from here.",
	    "Check whether another user reset it.",
	    "whether another user reset it; whether the database was moved or recovered" } },
};

static const struct next_step_text *suspect_next_step(unsigned reasons)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(suspect); i++)
		if (reasons & suspect[i].bit)
			return &suspect[i].text;
	return NULL;
}

static const char *reason_of(const struct summary *summary)
{
	enum op_kind kind = summary->finding->worst_kind;
	const struct failure_streak *streak = summary->selected.entry->op_since[kind].streak;
	const struct op *op = &summary->bdb->op[kind];

	if (summary->finding->op[kind].retrying && streak)
		return streak->reason;
	return op->reason_presence == FIELD_PRESENT ? op->reason : "";
}

/* The entry in the table of reasons; NULL: none. */
static const struct reason_def *reason_row(const struct summary *summary)
{
	if (summary->finding->worst != VERDICT_FAILED)
		return NULL;
	return reason_find(reason_of(summary), summary->finding->worst_kind);
}

static const struct next_step_text *next_step_of(const struct summary *summary)
{
	const struct op_finding *op = &summary->finding->op[summary->finding->worst_kind];

	switch (summary->finding->worst) {
	case VERDICT_FAILED:
		return reason_of(summary)[0] ? &unknown_reason
					     : suspect_next_step(SUSPECT_NO_REASON);
	case VERDICT_STALLED:
		return &stalled;
	case VERDICT_OVERDUE:
		return summary->finding->due.never_succeeded ? &never_succeeded : &overdue;
	case VERDICT_SUSPECT:
		return suspect_next_step(op->suspect);
	case VERDICT_OTHER:
		return op->phase == OP_OTHER ? &other : NULL;
	default:
		return NULL;
	}
}

void summary_format_meaning(const struct summary *summary, char out[SUMMARY_TEXT_SIZE])
{
	const struct reason_def *row = reason_row(summary);
	const struct next_step_text *next_step = row ? NULL : next_step_of(summary);
	char meaning[REASON_TEXT_SIZE];

	*out = '\0';
	if (row) {
		reason_format_meaning(reason_of(summary), summary->finding->worst_kind, meaning);
		snprintf(out, SUMMARY_TEXT_SIZE, "%s", meaning[0] ? meaning : row->meaning);
	} else if (next_step) {
		snprintf(out, SUMMARY_TEXT_SIZE, "%s", next_step->meaning);
	}
}

void summary_format_meaning_and_next_step(const struct summary *summary,
					  char out[SUMMARY_TEXT_SIZE])
{
	const struct reason_def *row = reason_row(summary);
	const struct next_step_text *next_step = row ? NULL : next_step_of(summary);
	const char *check = row ? row->next_step : next_step ? next_step->next_step : "";
	size_t length;

	summary_format_meaning(summary, out);
	length = strlen(out);
	if (check && check[0])
		snprintf(out + length, SUMMARY_TEXT_SIZE - length, "%s%s", length ? " " : "",
			 check);
}

void summary_format_next_steps(const struct summary *summary, char out[SUMMARY_TEXT_SIZE])
{
	const struct reason_def *row = reason_row(summary);
	const struct next_step_text *next_step = row ? NULL : next_step_of(summary);
	struct text text;
	int i;

	text_init(&text, out, SUMMARY_TEXT_SIZE);
	if (next_step && next_step->next_steps)
		text_add(&text, next_step->next_steps);
	for (i = 0; row && i < REASON_NEXT_STEPS && row->next_steps[i]; i++)
		text_addf(&text, "%s%s", i ? "; " : "", row->next_steps[i]);
}

/* What a reset does in this state, and what not. */
static void write_reset(const struct summary *summary, char out[SUMMARY_TEXT_SIZE])
{
	enum op_kind kind = summary->finding->worst_kind;
	const struct op_finding *op = &summary->finding->op[kind];

	*out = '\0';
	if (op->retrying)
		snprintf(out, SUMMARY_TEXT_SIZE, "The cluster is retrying it now. %s",
			 kind == OP_BACKUP
				 ? "The cluster retries a failed scheduled backup about every 5 "
				   "min."
				 : "");
	else if (summary->finding->worst == VERDICT_FAILED)
		snprintf(out, SUMMARY_TEXT_SIZE, "A reset clears the status, not the cause; %s.",
			 op_defs[kind].retried_by);
	else if (summary->finding->worst == VERDICT_OVERDUE)
		snprintf(out, SUMMARY_TEXT_SIZE, "A reset does not start a backup.");
}

/* The cluster's alert about the delayed backup, if it is on. */
static void add_alert(const struct summary *summary, struct text *text)
{
	char point[TIME_TEXT_SIZE];
	int64_t since_s;

	if (!cluster_has_delay_alert(summary->selected.cluster, summary->bdb->uid, &since_s))
		return;
	text_add(text, " The cluster's own alert bdb_backup_delayed is on");
	if (since_s) {
		context_format_point(summary->context, time_to_ms(since_s), point);
		text_addf(text, " since %s", point);
	}
	text_add(text, ".");
}

void summary_draw_meaning(struct summary *summary)
{
	char out[SUMMARY_TEXT_SIZE], next_steps[SUMMARY_TEXT_SIZE];
	struct text text;

	summary_format_meaning(summary, out);
	text.buffer = out;
	text.size = sizeof(out);
	text.length = strlen(out);
	text.truncated = false;
	if (out[0] && summary->finding->due.overdue)
		add_alert(summary, &text);
	flow_add_text(summary->flow, SUMMARY_INDENT, STYLE_TEXT, out);
	summary_format_next_steps(summary, next_steps);
	text_init(&text, out, sizeof(out));
	if (next_steps[0])
		text_addf(&text, "Check next: %s.", next_steps);
	flow_add_text(summary->flow, SUMMARY_INDENT, STYLE_TEXT, out);
	write_reset(summary, out);
	flow_add_text(summary->flow, SUMMARY_INDENT, STYLE_TEXT, out);
}
