/*
 * core/triage.h - what the state of a database means, as a verdict.  Pure.
 */
#pragma once

#include "bdbtop/core/due.h"
#include "bdbtop/core/loss.h"
#include "bdbtop/core/style.h"

/* Worst first.  Each operation has a verdict; that of the database is the worst of its operations.
 * OK and IDLE both count as quiet. */
enum verdict {
	VERDICT_FAILED,		/* also a run after a failure */
	VERDICT_STALLED,
	VERDICT_OVERDUE,	/* backup only */
	VERDICT_SUSPECT,	/* the cluster contradicts itself */
	VERDICT_RUNNING,
	VERDICT_OTHER,		/* an unknown word; a field unreadable or not requested */
	VERDICT_OK,
	VERDICT_IDLE,
	VERDICT_KINDS
} ENUM_BYTE;

struct verdict_def {
	const char *word;	/* in a cell: `failed`, `ok`, `-`; NULL: see triage_word() */
	const char *sentence;	/* in a sentence or as a label: `idle` for `-` */
	const char *count;	/* in the counts line: `failed`; `quiet` for both OK and IDLE */
	const char *help;	/* the line of the help screen */
	char letter;		/* in the column of letters */
	enum style style;
	bool problem;		/* the key `!` shows only these */
	bool rare;		/* not in the counts line when 0 */
};
extern const struct verdict_def verdict_defs[VERDICT_KINDS];

struct triage_rules {
	int64_t stall_ms;	/* a run without movement for this long is stalled; 0: default */
	int64_t rpo_s;		/* a larger loss window of this database is overdue; 0: no limit */
};
#define TRIAGE_STALL_MS (INT64_C(10) * 60 * 1000)	/* the default */
/* Returns the time that applies. */
static inline int64_t triage_stall_ms(const struct triage_rules *rules)
{
	return rules->stall_ms > 0 ? rules->stall_ms : TRIAGE_STALL_MS;
}

/* The time of the poll: monotonic in ms, and the cluster's clock in seconds since 1970. */
struct triage_now {
	int64_t ms, cluster_s;
};
#define TRIAGE_FULL_MS 60000	/* 100 % and still running for this long is suspect */

struct op_finding {
	enum verdict verdict;	/* of its cell */
	enum op_phase phase;
	bool retrying;		/* runs after a failure; then the verdict is FAILED */
	bool in_streak;		/* no success since a failure */
	bool cleared;		/* see struct op_since */
	bool stuck;		/* running, and without movement for too long now or earlier in
				 * this run */
	bool stall_unknown;	/* running and not stalled by what was seen, but not seen to move
				 * either, or without a readable percent */
	unsigned char suspect;	/* bits of enum suspect_reason */
	unsigned attempt;	/* retrying: the number of this try; 0: not known */
	int64_t still_s;	/* running: seconds without movement; else 0 */
};

struct finding {
	int64_t uid;
	unsigned generation;
	bool listed;
	bool beyond_rpo;	/* the loss window is above rpo_s */
	enum verdict worst;
	enum op_kind worst_kind;	/* its operation; if several, the first of enum op_kind */
	struct op_finding op[OP_KINDS];
	struct backup_due due;
	int64_t loss_s;		/* its loss window, as core/loss.h says */
	int64_t rpo_s;		/* the limit of triage_rules by which it was judged */
};

/*
 * Judges one record.  A late backup that is failed, running or unknown keeps its own word in its
 * cell; the database is then OVERDUE if that is worse.  A backup with a loss window beyond the rpo
 * is OVERDUE in the same way, also while one runs; one that never succeeded is so once the database
 * is older than the rpo.  A contradiction gives SUSPECT (`failed?`, also for a failure without a
 * reason), except for a stalled run and for a run after a failure, which is FAILED.  A percent that
 * the cluster leaves out does not move (it may omit 0).  If the percent was not requested or is
 * unreadable, nothing is stalled.  A database that is gone (404) has no state: everything is IDLE,
 * and worst_kind is the operation whose last status was failed.
 */
void triage_judge(const struct roster_entry *, const struct triage_rules *,
		  const struct triage_now *, struct finding *out);

/*
 * How long a finding holds while its entry and the rules stay the same and no clock goes back:
 * it is judged again when one of the clocks has reached its time (TIME_NEVER: none).  Until then
 * only loss_s, due.overdue_s and still_s change, as triage_update() computes them.
 */
struct triage_hold {
	int64_t ms, cluster_s;	/* as in struct triage_now */
};
void triage_hold(const struct roster_entry *, const struct triage_rules *,
		 const struct triage_now *, struct triage_hold *out);
void triage_update(const struct roster_entry *, const struct triage_now *, struct finding *);

/* The time without movement, 0 or more. */
static inline int64_t triage_still_ms(const struct op_since *since, int64_t now_ms)
{
	return now_ms > since->moved_at.ms ? now_ms - since->moved_at.ms : 0;
}

/* It is not known whether the database is stalled: its state is not worse than that, and an
 * operation may be. */
bool triage_may_be_stalled(const struct finding *);

/* Late, or beyond the rpo. */
bool triage_is_overdue(const struct finding *);
/* How counts and facts say the latter. */
#define BEYOND_RPO "beyond rpo"

/* All states that apply to an operation, bits 1 << enum verdict: that of its cell, and overdue for
 * a backup that is late and failed, running or unknown. */
unsigned triage_op_states(const struct finding *, enum op_kind);
/* The same for the database: those of its operations; OK or IDLE only if none has another. */
unsigned triage_states(const struct finding *);

/*
 * Since when an operation is in the state of its finding, and how that is known: the first failure
 * of the current streak, else the start of its state.  Valid as long as the entry.
 */
const struct moment *triage_since(const struct roster_entry *, enum op_kind,
				  enum since_source *how);

/* Rank for sorting: lower is worse; OK and IDLE have the same. */
int triage_rank(enum verdict);

/*
 * The word of an operation: in a cell (`failed`, `-`, `ok?`) and in a sentence (`failed`, `idle`).
 * For VERDICT_OTHER it is the cluster's raw status: make it safe before showing it.  Without a
 * status it is `?` in a cell, and says in a sentence why there is none.  Valid as long as the
 * record.
 */
const char *triage_word(const struct bdb *, const struct finding *, enum op_kind);
const char *triage_sentence(const struct bdb *, const struct finding *, enum op_kind);

/* The same in a sentence, by the record alone, without history. */
const char *triage_op_sentence(const struct op *);

/* Describes a contradiction in a clause.  Takes one bit of enum suspect_reason. */
const char *triage_suspect_text(enum suspect_reason, enum op_kind);
