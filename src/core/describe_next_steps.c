/*
 * What the state of an operation means, and what to do next.
 */
#include <stdio.h>
#include <string.h>

#include "bdbtop/core/reason.h"
#include "describe_internal.h"

/* For a state without an entry in the table of reasons: the meaning, a sentence with the first next
 * step, and the list of next steps. */
struct state_text {
	const char *meaning, *next_step, *brief_step;
	const char *next_steps[REASON_NEXT_STEPS];
};

#define NODE_LOGS   "the logs of the node in /var/opt/redislabs/log"
#define CLUSTER_LOG "the cluster's log of that time"
#define STARTER_LOG "the log of the node that starts them"
#define HOW_MANY                                                                                   \
	"how many backups run at once (max_simultaneous_backups, and max_redis_forks of a "        \
	"node)"

static const struct state_text stalled = {
	"A reset cannot stop a running operation.",
	"Check which shard blocks it, then space and network at the target, and that node.",
	"space and network at the target",
	{ "free space at the target and on the nodes of its shards", "the network between them",
	  "the logs of those nodes" },
};
/* the first step where a key of the console can be pressed */
static const char stalled_on_screen[] =
	"Press enter to see which shard blocks it; then check space and network at the target, "
	"and that node.";

/* what delays a scheduled backup, from the vendor's page on schedules (doc/api-notes.md) */
static const struct state_text overdue = {
	"The schedule was missed, and no backup is running.",
	"Check how many backups run at once, and the logs of the node that starts them.",
	"max_simultaneous_backups, node logs",
	{ HOW_MANY, STARTER_LOG, "that the location is still set" },
};

static const struct state_text beyond_rpo = {
	"More would be lost than the rpo of this database allows.",
	"Check that the interval of the backup is shorter than the rpo, and how long backups run.",
	"interval and rpo",
	{ "that the interval of the backup is shorter than the rpo", HOW_MANY,
	  "how long its backups run" },
};

static const struct state_text never_succeeded = {
	"A schedule is on, no backup has succeeded yet, and none is running.",
	"Check the location, and the logs of the node that starts the backups.",
	"schedule and max_simultaneous_backups",
	{ "that the location is set and can be written", HOW_MANY, STARTER_LOG },
};

static const struct state_text unknown_reason = {
	"This reason is not documented; it is shown as received.",
	"Check the cluster's log of that time, and the logs of the node.",
	CLUSTER_LOG,
	{ CLUSTER_LOG, NODE_LOGS },
};

static const struct state_text other = {
	"bdbtop does not know this status; it is shown as received.",
	"",
	"",
	{ NULL },
};

/* By the bits of enum suspect_reason, the most telling first. */
static const struct suspect_text {
	enum suspect_reason bit;
	struct state_text words;
} suspect[] = {
	{ SUSPECT_OLD_SUCCESS,
	  { "The cluster reports success, but the time of the last good one did not change.",
	    "Check that the file at the target is new.",
	    "a new file at the target",
	    { "that a new file of every shard is at the target", CLUSTER_LOG } } },
	{ SUSPECT_NO_REASON,
	  { "It failed, and the cluster gives no reason.",
	    "Check the cluster's log of that time.",
	    CLUSTER_LOG,
	    { CLUSTER_LOG, NODE_LOGS } } },
	{ SUSPECT_FULL,
	  { "It is at 100 % and still running.",
	    "Check whether the files at the target are complete.",
	    "the files at the target are complete",
	    { "whether the files of all shards are at the target and complete",
	      "the logs of the node" } } },
	{ SUSPECT_BACKWARDS,
	  { "Its percent decreased while it ran: it may have restarted.",
	    "Check the cluster's log for a restart.",
	    "a restart in the cluster's log",
	    { "the cluster's log for a restart", "whether a node or shard was moved" } } },
	{ SUSPECT_FORGOTTEN,
	  { "Its status was cleared, and no reset was sent from here.",
	    "Check whether another user reset it.",
	    "whether another user reset it",
	    { "whether another user reset it", "whether the database was moved or recovered" } } },
};

static const struct suspect_text *find_suspect(unsigned bits)
{
	size_t i;

	for (i = 0; i < sizeof(suspect) / sizeof(suspect[0]); i++)
		if (bits & suspect[i].bit)
			return &suspect[i];
	return NULL;
}

bool describe_suspect(unsigned suspect_bits, enum suspect_reason *out)
{
	const struct suspect_text *found = find_suspect(suspect_bits);

	if (found)
		*out = found->bit;
	return found;
}

/* A late backup can have another word in its cell. */
static enum verdict verdict_of(const struct describer *d)
{
	const struct finding *finding = d->subject->finding;

	return d->kind == finding->worst_kind ? finding->worst : d->finding->verdict;
}

static const struct state_text *find_suspect_text(unsigned bits)
{
	const struct suspect_text *found = find_suspect(bits);

	return found ? &found->words : NULL;
}

static const struct state_text *find_text(const struct describer *d, enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_FAILED:
		return describer_reason(d)[0] ? &unknown_reason
					      : find_suspect_text(SUSPECT_NO_REASON);
	case VERDICT_STALLED:
		return &stalled;
	case VERDICT_OVERDUE:
		if (!d->subject->finding->due.overdue)
			return &beyond_rpo;
		return d->subject->finding->due.never_succeeded ? &never_succeeded : &overdue;
	case VERDICT_SUSPECT:
		return find_suspect_text(d->finding->suspect);
	case VERDICT_OTHER:
		return d->op->phase == OP_OTHER ? &other : NULL;
	default:
		return NULL;
	}
}

/* The words for a reason, those of the table or of any other reason. */
static struct state_text text_of_reason(const char *reason, enum op_kind kind)
{
	const struct reason_def *def = reason_find(reason, kind);
	struct state_text words = unknown_reason;

	if (!def)
		return words;
	words.meaning = def->meaning;
	words.next_step = def->next_step;
	memcpy(words.next_steps, def->next_steps, sizeof(words.next_steps));
	return words;
}

/* What a reason means, with the sizes, unless they have their own line. */
static void write_meaning(const struct describer *d, const char *reason, char out[REASON_TEXT_SIZE])
{
	*out = '\0';
	if (!describer_is_long(d))
		reason_format_meaning(reason, d->kind, out);
	if (!*out)
		snprintf(out, REASON_TEXT_SIZE, "%s", text_of_reason(reason, d->kind).meaning);
}

/* The cluster's alert about the delayed backup, if it is on. */
static void add_alert(struct describer *d)
{
	int64_t since_s = d->subject->delay_alert_s;

	if (d->kind == OP_BACKUP && d->subject->finding->due.overdue && d->subject->delay_alert)
		describer_add(d, FACT_ALERT, PART_NEXT_STEPS,
			      "The alert bdb_backup_delayed of the cluster is on%s%s.",
			      since_s ? " since " : "", since_s ? describer_point(d, since_s) : "");
}

/* If one shard blocks the operation, the steps name only its node. */
static void add_checks_of_node(struct describer *d, int64_t node)
{
	char shard[40];

	snprintf(shard, sizeof(shard), "shard %lld", (long long)d->since->silent_shard);
	describer_add(d, FACT_CHECK, PART_NEXT_STEPS, "free space at the target and on node %lld%s",
		      (long long)node, describer_aside(d, shard));
	describer_add(d, FACT_CHECK, PART_NEXT_STEPS, "the network between them");
	describer_add(d, FACT_CHECK, PART_NEXT_STEPS, "the logs of node %lld", (long long)node);
}

static void add_checks(struct describer *d, const char *const *next_steps)
{
	size_t i;

	for (i = 0; i < REASON_NEXT_STEPS && next_steps[i]; i++)
		describer_add(d, FACT_CHECK, PART_NEXT_STEPS, "%s", next_steps[i]);
}

static void add_reset(struct describer *d)
{
	enum verdict verdict = verdict_of(d);

	if (d->finding->retrying)
		describer_add(d, FACT_RESET, PART_NEXT_STEPS, "The cluster is retrying it now. %s",
			      d->kind == OP_BACKUP ? "The cluster retries a failed scheduled "
						     "backup about every 5 min."
						   : "");
	else if (verdict == VERDICT_FAILED)
		describer_add(d, FACT_RESET, PART_NEXT_STEPS,
			      "A reset clears the status, not the cause; %s.",
			      op_defs[d->kind].retried_by);
	else if (verdict == VERDICT_OVERDUE)
		describer_add(d, FACT_RESET, PART_NEXT_STEPS, "A reset does not start a backup.");
}

static void add_next_step(struct describer *d, const struct state_text *words)
{
	bool screen = words == &stalled && d->style->form == DESCRIBE_SENTENCE;
	const char *step = screen ? stalled_on_screen : words->next_step;

	if (*step)
		describer_add(d, FACT_NEXT_STEP, PART_NEXT_STEPS, "%s", step);
}

static void add_steps(struct describer *d, const struct state_text *words)
{
	add_next_step(d, words);
	add_checks(d, words->next_steps);
}

/* A reset cleared the status: the cause comes before what the state means. */
static void add_past_cause(struct describer *d)
{
	const struct past_cause *cause = d->subject->op[d->kind].past_cause;
	char safe[FACT_TEXT], meaning[REASON_TEXT_SIZE];
	struct state_text words;

	if (!cause)
		return;
	words = text_of_reason(cause->reason, d->kind);
	describe_reason(safe, cause->reason, d->kind, d->style);
	write_meaning(d, cause->reason, meaning);
	describer_add(d, FACT_MEANING, PART_NEXT_STEPS,
		      "Was %.80s %s %s; the cause may still be there. %s", safe,
		      describer_until_reset(d), describer_reset_time(d), meaning);
	add_steps(d, &words);
}

/* The state is a failure with a reason. */
static void add_reason(struct describer *d)
{
	struct state_text words = text_of_reason(describer_reason(d), d->kind);
	char meaning[REASON_TEXT_SIZE];

	write_meaning(d, describer_reason(d), meaning);
	describer_add(d, FACT_MEANING, PART_NEXT_STEPS, "%s", meaning);
	add_alert(d);
	add_steps(d, &words);
}

static void add_state(struct describer *d)
{
	const struct state_text *words = find_text(d, verdict_of(d));
	int64_t node = d->subject->op[d->kind].silent_node;

	if (words)
		describer_add(d, FACT_MEANING, PART_NEXT_STEPS, "%s", words->meaning);
	add_alert(d);
	if (words == &stalled && node) {
		add_next_step(d, words);
		add_checks_of_node(d, node);
	} else if (words) {
		add_steps(d, words);
	}
}

void describe_next_steps(struct description *facts, const struct describe_subject *subject,
			 enum op_kind kind, const struct describe_style *style)
{
	struct describer d;

	/* nothing is left to check or to reset */
	if (subject->entry->gone)
		return;
	describer_init(&d, facts, subject, kind, style);
	add_past_cause(&d);
	if (verdict_of(&d) == VERDICT_FAILED && describer_reason(&d)[0])
		add_reason(&d);
	else
		add_state(&d);
	add_reset(&d);
}

enum op_kind describe_main_kind(const struct describe_subject *subject)
{
	int kind = (int)subject->finding->worst_kind;

	if (subject->finding->worst < VERDICT_RUNNING || subject->op[kind].past_cause)
		return (enum op_kind)kind;
	for (kind = 0; kind < OP_KINDS; kind++)
		if (subject->op[kind].past_cause)
			return (enum op_kind)kind;
	return subject->finding->worst_kind;
}

static void write_brief_reason(char out[FACT_TEXT], const struct describer *d,
			       const struct reason_def *def, bool several)
{
	if (!def->brief_step_of_bdb)
		snprintf(out, FACT_TEXT, "%s", def->brief_step);
	else if (several)
		snprintf(out, FACT_TEXT, "%s of each database", def->brief_step);
	else
		snprintf(out, FACT_TEXT, "%s of db:%lld", def->brief_step,
			 (long long)d->subject->finding->uid);
}

static void write_silent_shard(char out[FACT_TEXT], const struct describer *d)
{
	const int64_t node = d->subject->op[d->kind].silent_node;
	struct text text;

	text_init(&text, out, FACT_TEXT);
	text_addf(&text, "shard %lld", (long long)d->since->silent_shard);
	if (node)
		text_addf(&text, " on node %lld", (long long)node);
	text_add(&text, " has no heartbeat");
}

void describe_brief_step(char out[FACT_TEXT], const struct describe_subject *subject,
			 enum op_kind kind, enum verdict state, bool several)
{
	static const struct describe_style style = { .form = DESCRIBE_SHORT };
	const struct reason_def *def = NULL;
	const struct state_text *words;
	struct description unused;
	struct describer d;

	describer_init(&d, &unused, subject, kind, &style);
	if (state == VERDICT_FAILED)
		def = reason_find(describer_reason(&d), kind);
	words = find_text(&d, state);
	if (def)
		write_brief_reason(out, &d, def, several);
	else if (state == VERDICT_STALLED && d.since->silent_shard && !several)
		write_silent_shard(out, &d);
	else
		snprintf(out, FACT_TEXT, "%s", words ? words->brief_step : "");
}
