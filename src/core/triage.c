#include "bdbtop/core/triage.h"

const struct verdict_def verdict_defs[VERDICT_KINDS] = {
	[VERDICT_FAILED] = { .word = "failed",
			     .sentence = "failed",
			     .count = "failed",
			     .letter = 'F',
			     .help = "ended badly; the reason is the cluster's own word",
			     .element = EL_FAILED },
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
			    .element = EL_OTHER },
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

enum verdict triage_op(const struct bdb *bdb, enum op_kind kind)
{
	return meaning[bdb->op[kind].phase].verdict;
}

enum verdict triage_bdb(const struct bdb *bdb, enum op_kind *worst)
{
	enum verdict least = VERDICT_KINDS;
	enum op_kind of = OP_BACKUP;
	int kind;

	for (kind = 0; kind < OP_KINDS; kind++) {
		enum verdict verdict = triage_op(bdb, (enum op_kind)kind);

		if (verdict < least) {
			least = verdict;
			of = (enum op_kind)kind;
		}
	}
	if (worst)
		*worst = of;
	return least;
}

int triage_rank(enum verdict verdict)
{
	return verdict == VERDICT_IDLE ? VERDICT_OK : (int)verdict;
}

const char *triage_word(const struct bdb *bdb, enum op_kind kind)
{
	const struct op *op = &bdb->op[kind];
	const char *word = verdict_defs[meaning[op->phase].verdict].word;

	if (word)
		return word;
	return meaning[op->phase].silent ? "?" : op->status;
}

const char *triage_sentence(const struct bdb *bdb, enum op_kind kind)
{
	const struct op *op = &bdb->op[kind];
	const struct verdict_def *def = &verdict_defs[meaning[op->phase].verdict];

	if (def->word)
		return def->sentence;
	return meaning[op->phase].silent ? meaning[op->phase].silent : op->status;
}
