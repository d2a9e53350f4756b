#include "bdbtop/core/triage.h"

const struct verdict_def verdict_defs[VERDICT_KINDS] = {
	[VERDICT_FAILED] = { .word = "failed",
			     .sentence = "failed",
			     .count = "failed",
			     .letter = 'F',
			     .help = "ended with an error; the reason is the cluster's own word",
			     .style = STYLE_FAILED,
			     .problem = true },
	[VERDICT_STALLED] = { .word = "stalled",
			      .sentence = "stalled",
			      .count = "stalled",
			      .letter = 'S',
			      .help = "running, but its percent has not changed for a long time",
			      .style = STYLE_STALLED,
			      .problem = true },
	[VERDICT_OVERDUE] = { .word = "overdue",
			      .sentence = "overdue",
			      .count = "overdue",
			      .letter = 'O',
			      .help = "backup late by over 15 min and over 10 % of its interval",
			      .style = STYLE_OVERDUE,
			      .problem = true },
	[VERDICT_SUSPECT] = { .word = NULL,
			      .sentence = "suspect",
			      .count = "suspect",
			      .letter = '?',
			      .help = "the cluster contradicts itself",
			      .style = STYLE_SUSPECT,
			      .problem = true,
			      .rare = true },
	[VERDICT_RUNNING] = { .word = "running",
			      .sentence = "running",
			      .count = "running",
			      .letter = 'R',
			      .help = "exporting, initializing or importing",
			      .style = STYLE_RUNNING },
	[VERDICT_OTHER] = { .word = NULL,
			    .sentence = "other",
			    .count = "other",
			    .letter = 'U',
			    .help = "a status unknown to bdbtop, shown as received",
			    .style = STYLE_OTHER,
			    .rare = true },
	[VERDICT_OK] = { .word = "ok",
			 .sentence = "ok",
			 .count = "quiet",
			 .letter = '+',
			 .help = "succeeded",
			 .style = STYLE_OK },
	[VERDICT_IDLE] = { .word = "-",
			   .sentence = "idle",
			   .count = "quiet",
			   .letter = '-',
			   .help = "no status, or never run",
			   .style = STYLE_IDLE },
};

/* The verdict of each phase, the word if there is no status, and the words if it is suspect. */
static const struct {
	enum verdict verdict;
	const char *no_status;
	const char *suspect_word, *suspect_sentence;
} phase_verdicts[] = {
	[OP_NOT_REQUESTED] = { VERDICT_OTHER, "not requested", "?", "?" },
	[OP_UNREADABLE] = { VERDICT_OTHER, "unreadable", "?", "?" },
	[OP_IDLE] = { VERDICT_IDLE, NULL, "-?", "idle?" },
	[OP_RUNNING] = { VERDICT_RUNNING, NULL, "running?", "running?" },
	[OP_SUCCEEDED] = { VERDICT_OK, NULL, "ok?", "ok?" },
	[OP_FAILED] = { VERDICT_FAILED, NULL, "failed?", "failed?" },
	[OP_OTHER] = { VERDICT_OTHER, NULL, "?", "?" },
};

const char *triage_suspect_text(enum suspect_reason reason, enum op_kind kind)
{
	switch (reason) {
	case SUSPECT_FULL:
		return "100% but still running";
	case SUSPECT_NO_REASON:
		return "no reason given";
	case SUSPECT_BACKWARDS:
		return "percent decreased";
	case SUSPECT_OLD_SUCCESS:
		/* never about an import, which has no time of success */
		return kind == OP_BACKUP ? "last backup time unchanged"
					 : "last export time unchanged";
	case SUSPECT_FORGOTTEN:
		return "idle, but not reset here";
	}
	return "";
}

static bool has_no_reason(const struct op *op)
{
	return op->reason_presence == FIELD_ABSENT || op->reason_presence == FIELD_NULL ||
	       (op->reason_presence == FIELD_PRESENT && !*op->reason);
}

static unsigned find_suspect_reasons(const struct op *op, const struct op_since *since,
				     int64_t still_ms)
{
	unsigned found = since->suspect;

	if (op->phase == OP_FAILED && has_no_reason(op))
		found |= SUSPECT_NO_REASON;
	if (op->phase == OP_RUNNING && op->percent_presence == FIELD_PRESENT &&
	    op->percent >= 100 && still_ms >= TRIAGE_FULL_MS && since->samples >= 2)
		found |= SUSPECT_FULL;
	return found;
}

static bool has_percent(const struct op *op)
{
	return op->percent_presence != FIELD_NOT_REQUESTED && op->percent_presence != FIELD_INVALID;
}

static void judge_run(const struct op *op, const struct op_since *since, int64_t still_ms,
		      int64_t stall_ms, struct op_finding *out)
{
	bool stalled = has_percent(op) && still_ms >= stall_ms;

	out->stuck = stalled || since->longest_still_ms >= stall_ms;
	out->still_s = still_ms / 1000;
	out->stall_unknown = !stalled && (since->unmoved || !has_percent(op));
	if (since->streak) {
		out->verdict = VERDICT_FAILED;
		out->retrying = true;
		out->attempt = since->streak->complete ? since->streak->failures + 1 : 0;
	} else if (stalled) {
		out->verdict = VERDICT_STALLED;
	}
}

static void judge_op(const struct op *op, const struct op_since *since, int64_t stall_ms,
		     int64_t now_ms, struct op_finding *out)
{
	int64_t still_ms = triage_still_ms(since, now_ms);

	out->phase = op->phase;
	out->verdict = phase_verdicts[op->phase].verdict;
	out->in_streak = since->streak;
	out->cleared = since->cleared;
	out->suspect = (unsigned char)find_suspect_reasons(op, since, still_ms);
	if (op->phase == OP_RUNNING)
		judge_run(op, since, still_ms, stall_ms, out);
	if (out->suspect && !out->retrying && out->verdict != VERDICT_STALLED)
		out->verdict = VERDICT_SUSPECT;
}

/* True when `overdue` replaces the word in the cell of the backup. */
static bool yields_to_overdue(const struct op_finding *op)
{
	return op->phase == OP_SUCCEEDED || op->phase == OP_IDLE;
}

static void set_if_worse(struct finding *finding, enum verdict verdict, enum op_kind kind)
{
	if (verdict >= finding->worst)
		return;
	finding->worst = verdict;
	finding->worst_kind = kind;
}

/* It has no state any more; worst_kind is what it failed in last. */
static void judge_gone(const struct bdb *bdb, struct finding *out)
{
	int kind;

	out->worst = VERDICT_IDLE;
	out->loss_s = LOSS_UNKNOWN;
	for (kind = OP_KINDS; kind-- > 0;) {
		out->op[kind].phase = bdb->op[kind].phase;
		out->op[kind].verdict = VERDICT_IDLE;
		if (bdb->op[kind].phase == OP_FAILED)
			out->worst_kind = (enum op_kind)kind;
	}
}

static bool is_beyond_rpo(const struct bdb *bdb, int64_t loss_s, int64_t rpo_s, int64_t now_s)
{
	return rpo_s > 0 && loss_is_above(loss_by_age_s(bdb, loss_s, now_s), rpo_s);
}

bool triage_may_be_stalled(const struct finding *finding)
{
	int kind;

	for (kind = 0; kind < OP_KINDS; kind++)
		if (finding->op[kind].stall_unknown)
			return finding->worst > VERDICT_STALLED;
	return false;
}

bool triage_is_overdue(const struct finding *finding)
{
	return finding->due.overdue || finding->beyond_rpo;
}

unsigned triage_op_states(const struct finding *finding, enum op_kind kind)
{
	unsigned states = 1U << finding->op[kind].verdict;

	if (kind == OP_BACKUP && triage_is_overdue(finding))
		states |= 1U << VERDICT_OVERDUE;
	return states;
}

unsigned triage_states(const struct finding *finding)
{
	const unsigned well = 1U << VERDICT_OK | 1U << VERDICT_IDLE;
	unsigned states = 0;
	int kind;

	for (kind = 0; kind < OP_KINDS; kind++)
		states |= triage_op_states(finding, (enum op_kind)kind);
	return states & ~well ? states & ~well : 1U << finding->worst;
}

void triage_judge(const struct roster_entry *entry, const struct triage_rules *rules,
		  const struct triage_now *now, struct finding *out)
{
	const struct bdb *bdb = entry->bdb;
	int64_t stall_ms = triage_stall_ms(rules);
	int kind;

	*out = (struct finding){ .uid = bdb->uid,
				 .generation = entry->generation,
				 .listed = roster_entry_is_listed(entry),
				 .worst = VERDICT_KINDS };
	if (entry->gone) {
		judge_gone(bdb, out);
		return;
	}
	for (kind = 0; kind < OP_KINDS; kind++)
		judge_op(&bdb->op[kind], &entry->op_since[kind], stall_ms, now->ms, &out->op[kind]);
	backup_due_compute(bdb, now->cluster_s, &out->due);
	out->loss_s = loss_window_s(entry, now->cluster_s);
	out->rpo_s = rules->rpo_s;
	out->beyond_rpo = is_beyond_rpo(bdb, out->loss_s, rules->rpo_s, now->cluster_s);
	if (triage_is_overdue(out) && yields_to_overdue(&out->op[OP_BACKUP]))
		out->op[OP_BACKUP].verdict = VERDICT_OVERDUE;
	if (triage_is_overdue(out))
		set_if_worse(out, VERDICT_OVERDUE, OP_BACKUP);
	for (kind = 0; kind < OP_KINDS; kind++)
		set_if_worse(out, out->op[kind].verdict, (enum op_kind)kind);
}

const struct moment *triage_since(const struct roster_entry *entry, enum op_kind kind,
				  enum since_source *source)
{
	const struct op_since *since = &entry->op_since[kind];
	enum op_phase phase = entry->bdb->op[kind].phase;
	const struct failure_streak *streak = since->streak;

	/* a status that was reset elsewhere is idle since then; its streak does not count */
	if (streak && (phase == OP_FAILED || phase == OP_RUNNING) &&
	    streak->first.ms < since->since.ms) {
		*source = streak->source;
		return &streak->first;
	}
	*source = since->source;
	return &since->since;
}

int triage_rank(enum verdict verdict)
{
	return verdict == VERDICT_IDLE ? VERDICT_OK : (int)verdict;
}

static const char *other_word(const struct op *op, const char *no_status)
{
	return phase_verdicts[op->phase].no_status ? no_status : op->status;
}

/* A retry after a failure has the word `running`, though its verdict is FAILED. */
static const struct verdict_def *op_verdict_def(const struct op_finding *op)
{
	return &verdict_defs[op->retrying ? VERDICT_RUNNING : op->verdict];
}

const char *triage_word(const struct bdb *bdb, const struct finding *finding, enum op_kind kind)
{
	const struct op_finding *op = &finding->op[kind];

	if (op->verdict == VERDICT_SUSPECT)
		return phase_verdicts[op->phase].suspect_word;
	if (op_verdict_def(op)->word)
		return op_verdict_def(op)->word;
	return other_word(&bdb->op[kind], "?");
}

const char *triage_sentence(const struct bdb *bdb, const struct finding *finding, enum op_kind kind)
{
	const struct op_finding *op = &finding->op[kind];

	if (op->verdict == VERDICT_SUSPECT)
		return phase_verdicts[op->phase].suspect_sentence;
	if (op_verdict_def(op)->word)
		return op_verdict_def(op)->sentence;
	return other_word(&bdb->op[kind], phase_verdicts[op->phase].no_status);
}

const char *triage_op_sentence(const struct op *op)
{
	const struct verdict_def *def = &verdict_defs[phase_verdicts[op->phase].verdict];

	return def->word ? def->sentence : other_word(op, phase_verdicts[op->phase].no_status);
}
