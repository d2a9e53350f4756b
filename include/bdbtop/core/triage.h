/*
 * core/triage.h - what the state of a database means: verdicts, worst first.  Pure.
 */
#ifndef BDBTOP_CORE_TRIAGE_H
#define BDBTOP_CORE_TRIAGE_H

#include "bdbtop/core/bdb.h"
#include "bdbtop/core/element.h"

/* In the order of the list; an operation has one of them, a database the first of its operations.
 * OK and IDLE are both counted as quiet. */
enum verdict {
	VERDICT_FAILED,
	VERDICT_RUNNING,
	VERDICT_OTHER,		/* a word that bdbtop does not know, a field unread or not asked */
	VERDICT_OK,
	VERDICT_IDLE,
	VERDICT_KINDS
};

struct verdict_def {
	const char *word;	/* in a cell: `failed`, `ok`, `-`; NULL: the cluster's own word */
	const char *sentence;	/* in a sentence, as a label: `idle` for `-`; `other` for NULL */
	const char *count;	/* in the counts line: `failed`, `quiet`, which two share */
	const char *help;	/* the line of the help screen */
	char letter;		/* in the column of letters */
	enum element element;
};
extern const struct verdict_def verdict_defs[VERDICT_KINDS];

enum verdict triage_op(const struct bdb *, enum op_kind);

/* The worst of the three; *worst (may be NULL) becomes the operation it is of, the first in the
 * order b e i. */
enum verdict triage_bdb(const struct bdb *, enum op_kind *worst);

/* Rank for sorting: lower is worse; ok and idle share one. */
int triage_rank(enum verdict);

/*
 * The word of an operation: in a cell (`failed`, `-`) and in a sentence (`failed`, `idle`).  For
 * VERDICT_OTHER the cluster's own status, raw: make it safe before it is shown; where there is
 * none, `?` in a cell and `not asked` or `unreadable` in a sentence.  Lives as long as the
 * record.
 */
const char *triage_word(const struct bdb *, enum op_kind);
const char *triage_sentence(const struct bdb *, enum op_kind);

#endif
