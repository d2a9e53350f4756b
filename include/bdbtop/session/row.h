/*
 * session/row.h - one database as words: cells and clauses, for the list on a screen and in print.
 */
#ifndef BDBTOP_SESSION_ROW_H
#define BDBTOP_SESSION_ROW_H

#include "bdbtop/core/style.h"
#include "bdbtop/fleet/cluster.h"
#include "bdbtop/session/handover.h"

/* How much room a result has: its code and first word, 80 columns, or the full sentence. */
enum row_width { ROW_LETTERS, ROW_MEDIUM, ROW_FULL };

/* Which clauses stay longest where the row is short: those of the higher value. */
enum clause_rank {
	CLAUSE_PLAIN,
	CLAUSE_NEVER,			/* `never backed up` */
	CLAUSE_PERCENT,			/* `import 17%`: of a running operation */
};

struct clause {
	char text[208];			/* safe */
	enum style style;
	enum clause_rank rank;
	int percent;			/* >= 0: a bar with it, drawn by the front; -1: text */
	bool is_result;			/* of a reset from here: two spaces stand after it */
};

/* 4 results; `not listed`; all doubts of all operations; the lateness; percents; sizes. */
#define ROW_CLAUSES 28

struct row {
	char id[24];			/* `db:12` */
	char name[256];			/* safe, not cut */
	struct {
		enum verdict verdict;
		char word[40];		/* safe; the cluster's own word when unknown */
		char letter;
	} op[OP_KINDS];
	const struct finding *finding;	/* of the cluster, as long as that */
	enum verdict worst;
	enum op_kind worst_kind;
	bool listed;			/* false: `not listed` */
	char last_backup[TIME_TEXT_SIZE];	/* age or time of the last good one; `never`, `-` */
	char next[TIME_TEXT_SIZE];	/* of the plan: `in 3h`, `due`, `2d 04h late`, or when it is
					 * due; `-` */
	bool overdue;
	char state[40];			/* the API's own status */
	struct clause clauses[ROW_CLAUSES];	/* results, the reasons of the worst state, then
						 * lateness, the percents of whatever else runs,
						 * and sizes */
	size_t clause_count;
};

struct row_style {
	enum row_width width;
	bool ascii;			/* no character outside ASCII */
	bool full_reasons;		/* reasons with the numbers that may hang on them */
	bool sizes;			/* and these worked out, as the last clause */
	enum time_format times;		/* of its columns and clauses */
	handover_offset_fn *local_offset;	/* who knows local time; NULL: local is UTC */
};

/*
 * Ages are those at the last good poll, so that a picture which nothing changes stays still; now is
 * for the seconds that results count down.  A reason goes without the numbers that may hang on it
 * (`file-larger-than-mem-limit:1:2`) unless the style wants it whole.
 */
void row_init(struct row *, const struct cluster *, const struct roster_entry *,
	      const struct row_style *, struct moment now);

/*
 * Make the clauses fit into so many cells.  Plain ones are left out whole, from the right; percents
 * lose the names of their operations (`17%`, or `b 61%` where several run); then the first clause
 * is cut; `never backed up` and then the percents are left out where even that is not enough, and
 * before a result is cut.  False when a result was cut or a percent left out: a shorter form helps.
 */
bool row_fit(struct row *, int cells, bool ascii);
/* Between the clause at an index above 0 and the one before it: two spaces or a comma. */
const char *row_join(const struct row *, size_t index);
/* Cells of the clauses behind the first one, with what stands before each. */
int row_width_behind(const struct row *);

/* After a `cleared` from here, has the cluster tried again by itself: `retried 4m later`, `no retry
 * seen, next due 02:00Z`, `no retry seen`.  False: nothing was cleared here. */
#define ROW_RETRY_SIZE 80
bool row_format_retry(char out[ROW_RETRY_SIZE], const struct cluster *, const struct roster_entry *,
		      enum op_kind, const struct row_style *);

/* What a note on the row says (TRUST_STATE_OPEN: nothing), in the three widths. */
const char *row_note_text(enum reset_obstacle, enum row_width);
/* One result in a width, its element with it. */
void row_format_result(struct clause *out, const struct cluster_result *, enum row_width,
		       int64_t now_ms);

#endif
