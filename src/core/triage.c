#include "bdbtop/core/triage.h"

const struct verdict_def verdict_defs[VERDICT_KINDS] = {
	[VERDICT_FAILED] = { .word = "failed",
			     .sentence = "failed",
			     .count = "failed",
			     .letter = 'F',
			     .help = "ended badly; the reason is the cluster's own word",
			     .element = EL_FAILED,
			     .problem = true },
	[VERDICT_STALLED] = { .word = "stalled",
			      .sentence = "stalled",
			      .count = "stalled",
			      .letter = 'S',
			      .help = "running, but its percent has not moved for long",
			      .element = EL_STALLED,
			      .problem = true },
	[VERDICT_OVERDUE] = { .word = "overdue",
			      .sentence = "overdue",
			      .count = "overdue",
			      .letter = 'O',
			      .help = "backup late by over 15 min and over 10 % of its interval",
			      .element = EL_OVERDUE,
			      .problem = true },
	[VERDICT_DOUBTFUL] = { .word = NULL,
			       .sentence = "doubtful",
			       .count = "doubtful",
			       .letter = '?',
			       .help = "the cluster contradicts itself",
			       .element = EL_DOUBT,
			       .problem = true,
			       .rare = true },
	[VERDICT_RUNNING] = { .word = "running",
			      .sentence = "running",
			      .count = "running",
			      .letter = 'R',
			      .help = "exporting, initializing or importing",
			      .element = EL_RUNNING },
	[VERDICT_OTHER] = { .word = NULL,
			    .sentence = "other",
			    .count = "other",
			    .letter = '?',
			    .help = "a word that bdbtop does not know, shown as it came",
			    .element = EL_OTHER,
			    .rare = true },
	[VERDICT_OK] = { .word = "ok",
			 .sentence = "ok",
			 .count = "quiet",
			 .letter = '+',
			 .help = "succeeded",
			 .element = EL_OK },
	[VERDICT_IDLE] = { .word = "-",
			   .sentence = "idle",
			   .count = "quiet",
			   .letter = '-',
			   .help = "no status, or never run",
			   .element = EL_IDLE },
};

/* What each phase means, and its words where the cluster contradicts itself; silent is what stands
 * for the cluster's word where it gave none. */
static const struct {
	enum verdict verdict;
	const char *silent;
	const char *doubted, *doubted_sentence;
} meaning[] = {
	[OP_NOT_ASKED] = { VERDICT_OTHER, "not asked", "?", "?" },
	[OP_UNREADABLE] = { VERDICT_OTHER, "unreadable", "?", "?" },
	[OP_IDLE] = { VERDICT_IDLE, NULL, "-?", "idle?" },
	[OP_RUNNING] = { VERDICT_RUNNING, NULL, "running?", "running?" },
	[OP_SUCCEEDED] = { VERDICT_OK, NULL, "ok?", "ok?" },
	[OP_FAILED] = { VERDICT_FAILED, NULL, "failed?", "failed?" },
	[OP_OTHER] = { VERDICT_OTHER, NULL, "?", "?" },
};

/* By the number of the bit.  Of an import no time of its last success is told. */
static const char *const doubts[][OP_KINDS] = {
	{ "100% but still running", "100% but still running", "100% but still running" },
	{ "no reason given", "no reason given", "no reason given" },
	{ "percent went back", "percent went back", "percent went back" },
	{ "last backup did not move", "last export did not move", "last import did not move" },
	{ "idle, but no reset from here", "idle, but no reset from here",
	  "idle, but no reset from here" },
};

const char *triage_doubt(enum doubt doubt, enum op_kind kind)
{
	size_t i;

	for (i = 0; i < sizeof(doubts) / sizeof(doubts[0]); i++)
		if (doubt == 1u << i)
			return doubts[i][kind];
	return "";
}

static bool is_silent(const struct op *op)
{
	return op->reason_seen == SEEN_ABSENT || op->reason_seen == SEEN_NULL ||
	       (op->reason_seen == SEEN_GIVEN && !*op->reason);
}

static unsigned find_doubts(const struct op *op, const struct sighting *sight, int64_t still_ms)
{
	unsigned found = sight->doubts;

	if (op->phase == OP_FAILED && is_silent(op))
		found |= DOUBT_SILENT;
	if (op->phase == OP_RUNNING && op->percent_seen == SEEN_GIVEN && op->percent >= 100 &&
	    still_ms >= TRIAGE_FULL_MS && sight->looks >= 2)
		found |= DOUBT_FULL;
	return found;
}

static bool is_percent_told(const struct op *op)
{
	return op->percent_seen != SEEN_NOT_ASKED && op->percent_seen != SEEN_WRONG;
}

static void judge_run(const struct op *op, const struct sighting *sight, int64_t still_ms,
		      int64_t stall_ms, struct op_finding *out)
{
	bool stalled = is_percent_told(op) && still_ms >= stall_ms;

	out->stuck = stalled || sight->still_ms >= stall_ms;
	out->still_s = still_ms / 1000;
	if (sight->series) {
		out->verdict = VERDICT_FAILED;
		out->retrying = true;
		out->tries = sight->series->whole ? sight->series->failures + 1 : 0;
	} else if (stalled) {
		out->verdict = VERDICT_STALLED;
	}
}

static void judge_op(const struct op *op, const struct sighting *sight, int64_t stall_ms,
		     int64_t now_ms, struct op_finding *out)
{
	int64_t still_ms = now_ms > sight->moved.ms ? now_ms - sight->moved.ms : 0;

	out->phase = op->phase;
	out->verdict = meaning[op->phase].verdict;
	out->in_series = sight->series;
	out->cleared = sight->cleared;
	out->doubts = find_doubts(op, sight, still_ms);
	if (op->phase == OP_RUNNING)
		judge_run(op, sight, still_ms, stall_ms, out);
	if (out->doubts && !out->retrying && out->verdict != VERDICT_STALLED)
		out->verdict = VERDICT_DOUBTFUL;
}

/* What lateness may take the place of in the cell of the backup. */
static bool gives_way(const struct op_finding *op)
{
	return op->phase == OP_SUCCEEDED || op->phase == OP_IDLE;
}

static void take_worse(struct finding *finding, enum verdict verdict, enum op_kind kind)
{
	if (verdict >= finding->worst)
		return;
	finding->worst = verdict;
	finding->worst_kind = kind;
}

void triage_judge(const struct roster_entry *entry, const struct triage_rules *rules,
		  const struct triage_now *now, struct finding *out)
{
	const struct bdb *bdb = entry->bdb;
	int64_t stall_ms = rules->stall_ms > 0 ? rules->stall_ms : TRIAGE_STALL_MS;
	int kind;

	*out = (struct finding){ .uid = bdb->uid,
				 .life = entry->life,
				 .listed = roster_listed(entry),
				 .worst = VERDICT_KINDS };
	for (kind = 0; kind < OP_KINDS; kind++)
		judge_op(&bdb->op[kind], &entry->sight[kind], stall_ms, now->ms, &out->op[kind]);
	due_backup(bdb, now->cluster_s, &out->due);
	if (out->due.late && gives_way(&out->op[OP_BACKUP]))
		out->op[OP_BACKUP].verdict = VERDICT_OVERDUE;
	if (out->due.late)
		take_worse(out, VERDICT_OVERDUE, OP_BACKUP);
	for (kind = 0; kind < OP_KINDS; kind++)
		take_worse(out, out->op[kind].verdict, (enum op_kind)kind);
}

const struct moment *triage_since(const struct roster_entry *entry, enum op_kind kind,
				  enum sight_source *how)
{
	const struct sighting *sight = &entry->sight[kind];
	enum op_phase phase = entry->bdb->op[kind].phase;
	const struct series *series = sight->series;

	/* what was reset elsewhere is idle since then, whatever it was before */
	if (series && (phase == OP_FAILED || phase == OP_RUNNING) &&
	    series->first.ms < sight->since.ms) {
		*how = series->how;
		return &series->first;
	}
	*how = sight->how;
	return &sight->since;
}

int triage_rank(enum verdict verdict)
{
	return verdict == VERDICT_IDLE ? VERDICT_OK : (int)verdict;
}

static const char *other_word(const struct op *op, const char *silent)
{
	return meaning[op->phase].silent ? silent : op->status;
}

/* A failure that is tried again runs, whatever it counts as. */
static const struct verdict_def *def_of(const struct op_finding *op)
{
	return &verdict_defs[op->retrying ? VERDICT_RUNNING : op->verdict];
}

const char *triage_word(const struct bdb *bdb, const struct finding *finding, enum op_kind kind)
{
	const struct op_finding *op = &finding->op[kind];

	if (op->verdict == VERDICT_DOUBTFUL)
		return meaning[op->phase].doubted;
	if (def_of(op)->word)
		return def_of(op)->word;
	return other_word(&bdb->op[kind], "?");
}

const char *triage_sentence(const struct bdb *bdb, const struct finding *finding, enum op_kind kind)
{
	const struct op_finding *op = &finding->op[kind];

	if (op->verdict == VERDICT_DOUBTFUL)
		return meaning[op->phase].doubted_sentence;
	if (def_of(op)->word)
		return def_of(op)->sentence;
	return other_word(&bdb->op[kind], meaning[op->phase].silent);
}

const char *triage_plain(const struct op *op)
{
	const struct verdict_def *def = &verdict_defs[meaning[op->phase].verdict];

	return def->word ? def->sentence : other_word(op, meaning[op->phase].silent);
}
