/*
 * core/triage.h - what the state of a database means: verdicts, worst first.  Pure.
 */
#ifndef BDBTOP_CORE_TRIAGE_H
#define BDBTOP_CORE_TRIAGE_H

#include "bdbtop/core/due.h"
#include "bdbtop/core/roster.h"
#include "bdbtop/core/style.h"

/* In the order of the list; an operation has one of them, a database the first of its operations.
 * OK and IDLE are both counted as quiet. */
enum verdict {
	VERDICT_FAILED,		/* also one that runs again after a failure */
	VERDICT_STALLED,
	VERDICT_OVERDUE,	/* the backup only */
	VERDICT_SUSPECT,	/* the cluster contradicts itself */
	VERDICT_RUNNING,
	VERDICT_OTHER,		/* a word that bdbtop does not know, a field unread or not asked */
	VERDICT_OK,
	VERDICT_IDLE,
	VERDICT_KINDS
};

struct verdict_def {
	const char *word;	/* in a cell: `failed`, `ok`, `-`; NULL: see triage_word() */
	const char *sentence;	/* in a sentence, as a label: `idle` for `-`; `other` for NULL */
	const char *count;	/* in the counts line: `failed`, `quiet`, which two share */
	const char *help;	/* the line of the help screen */
	char letter;		/* in the column of letters */
	enum style style;
	bool problem;		/* `!` shows it */
	bool rare;		/* not counted when 0 */
};
extern const struct verdict_def verdict_defs[VERDICT_KINDS];

struct triage_rules {
	int64_t stall_ms;	/* running without movement for so long is stalled; 0: as below */
};
#define TRIAGE_STALL_MS (INT64_C(10) * 60 * 1000)

/* Now, of the poll that is judged: monotonic, and the cluster's own clock. */
struct triage_now {
	int64_t ms, cluster_s;
};
#define TRIAGE_FULL_MS 60000	/* 100 % and still running for longer contradicts itself */

struct op_finding {
	enum verdict verdict;	/* of its cell */
	enum op_phase phase;
	bool retrying;		/* runs after a failure: FAILED, though it runs */
	unsigned attempt;	/* retrying: which try this is; 0 not known */
	bool in_streak;		/* a failure that no success ended */
	bool cleared;		/* see struct op_since */
	bool stuck;		/* it runs, and stands still for too long or once did in this run */
	unsigned suspect;	/* of enum suspect_reason */
	int64_t still_s;	/* it runs: seconds without movement; else 0 */
};

struct finding {
	int64_t uid;
	unsigned generation;
	bool listed;
	struct op_finding op[OP_KINDS];
	enum verdict worst;
	enum op_kind worst_kind;	/* the operation it is of, of equals the first in b e i */
	struct backup_due due;
};

/*
 * Judge one record.  A failed, running or unknown backup keeps its word in its cell when it is late
 * as well; the database is then OVERDUE if that is worse.  A failure without a reason is DOUBTFUL
 * (`failed?`), as are all contradictions but those of a stalled one and of one that runs after a
 * failure, which is FAILED.  A percent that the cluster leaves out is one that does not move (it
 * omits what is 0, API page 2.2); one that was not asked for or cannot be read proves nothing, so
 * nothing is stalled then.
 */
void triage_judge(const struct roster_entry *, const struct triage_rules *,
		  const struct triage_now *, struct finding *out);

/*
 * Since when an operation is what its finding says, and how that is known: the first failure of a
 * series that it is in, else the begin of its state.  Lives as long as the entry.
 */
const struct moment *triage_since(const struct roster_entry *, enum op_kind,
				  enum since_source *how);

/* Rank for sorting: lower is worse; ok and idle share one. */
int triage_rank(enum verdict);

/*
 * The word of an operation: in a cell (`failed`, `-`, `ok?`) and in a sentence (`failed`, `idle`).
 * For VERDICT_OTHER the cluster's own status, raw: make it safe before it is shown; where there is
 * none, `?` in a cell and `not asked` or `unreadable` in a sentence.  Lives as long as the record.
 */
const char *triage_word(const struct bdb *, const struct finding *, enum op_kind);
const char *triage_sentence(const struct bdb *, const struct finding *, enum op_kind);

/* The same in a sentence for what a record says by itself, whatever history tells. */
const char *triage_op_sentence(const struct op *);

/* What a contradiction is, as a clause: `last backup did not move`; one bit of enum
 * suspect_reason. */
const char *triage_suspect_text(enum suspect_reason, enum op_kind);

#endif
