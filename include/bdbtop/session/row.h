/*
 * session/row.h - one database as words: cells and clauses, for the list on the screen and in print.
 */
#ifndef BDBTOP_SESSION_ROW_H
#define BDBTOP_SESSION_ROW_H

#include "bdbtop/core/element.h"
#include "bdbtop/fleet/cluster.h"

/* How much room a result has: its code and first word, 80 columns, or the full sentence. */
enum row_form { ROW_CODE, ROW_MEDIUM, ROW_FULL };

struct clause {
	char text[208];			/* safe */
	enum element element;
	int percent;			/* >= 0: a bar with this percent, drawn by the front; -1: text */
};

#define ROW_CLAUSES 8

struct row {
	char id[24];			/* `db:12` */
	char name[256];			/* safe, not cut */
	struct {
		enum verdict verdict;
		char word[40];		/* safe; the cluster's own word when unknown */
		char letter;
	} op[OP_KINDS];
	enum verdict worst;
	enum op_kind worst_kind;
	bool listed;			/* false: `not listed` */
	char last_backup[TIME_TEXT];	/* age of the last good one; `never`, `-` */
	char state[40];			/* the API's own status */
	struct clause clause[ROW_CLAUSES];	/* results first, then the reason of the worst operation */
	size_t clauses;
};

/* results: whether results are part of it (the console) or not (list). */
void row_make(struct row *, const struct cluster *, const struct roster_entry *, enum row_form, bool ascii,
	      struct moment now);

#endif
