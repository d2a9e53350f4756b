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

/* What each phase means; silent is what stands for the cluster's word where it gave none. */
static const struct {
	enum verdict verdict;
	const char *silent;
} meaning[] = {
	[OP_NOT_ASKED] = { VERDICT_OTHER, "not asked" },
	[OP_UNREADABLE] = { VERDICT_OTHER, "unreadable" },
	[OP_IDLE] = { VERDICT_IDLE, NULL },
	[OP_RUNNING] = { VERDICT_RUNNING, NULL },
	[OP_SUCCEEDED] = { VERDICT_OK, NULL },
	[OP_FAILED] = { VERDICT_FAILED, NULL },
	[OP_OTHER] = { VERDICT_OTHER, NULL },
};

void triage_judge(const struct roster_entry *entry, const struct triage_rules *rules,
	    const struct triage_now *now, struct finding *out)
{
	const struct bdb *bdb = entry->bdb;
	int kind;

	(void)rules;
	*out = (struct finding){ .uid = bdb->uid,
				 .life = entry->life,
				 .listed = roster_listed(entry),
				 .worst = VERDICT_KINDS };
	due_backup(bdb, now->cluster_s, &out->due);
	for (kind = 0; kind < OP_KINDS; kind++) {
		struct op_finding *op = &out->op[kind];

		op->phase = bdb->op[kind].phase;
		op->verdict = meaning[op->phase].verdict;
		if (op->verdict < out->worst) {
			out->worst = op->verdict;
			out->worst_kind = (enum op_kind)kind;
		}
	}
}

int triage_rank(enum verdict verdict)
{
	return verdict == VERDICT_IDLE ? VERDICT_OK : (int)verdict;
}

const char *triage_word(const struct bdb *bdb, const struct finding *finding, enum op_kind kind)
{
	const struct op *op = &bdb->op[kind];
	const char *word = verdict_defs[finding->op[kind].verdict].word;

	if (word)
		return word;
	return meaning[op->phase].silent ? "?" : op->status;
}

const char *triage_sentence(const struct bdb *bdb, const struct finding *finding, enum op_kind kind)
{
	const struct op *op = &bdb->op[kind];
	const struct verdict_def *def = &verdict_defs[finding->op[kind].verdict];

	if (def->word)
		return def->sentence;
	return meaning[op->phase].silent ? meaning[op->phase].silent : op->status;
}

const char *triage_plain(const struct op *op)
{
	const struct verdict_def *def = &verdict_defs[meaning[op->phase].verdict];

	if (def->word)
		return def->sentence;
	return meaning[op->phase].silent ? meaning[op->phase].silent : op->status;
}
