/*
 * core/filter.h - which databases are shown: words that must all hold.
 *
 *	word		found in `db:UID`, the name, a state word as the list shows it,
 *			`retrying`, the wire's own status, or the reason of a failed one
 *	!word		must not hold, before any of these
 *	state:failed	any operation, or the database, is in a state that begins so: the words
 *			of the list, `suspect`, `quiet`, `retrying`, or the cluster's own; all
 *			that are late are `overdue`
 *	backup:stalled	the same of one operation: backup, export, import
 *	reason:TEXT	the reason of a failed (or retried) operation holds the text
 *	age>24h age<2d	the age of the last good backup, in s m h d w (`1d12h`); never, where
 *			one is asked for, is older than any age
 *	module:TEXT	the name of one of its modules holds the text
 *	tag:KEY=VALUE	it has the tag; tag:KEY has it with any value
 *
 * ASCII letters are compared without case.
 */
#ifndef BDBTOP_CORE_FILTER_H
#define BDBTOP_CORE_FILTER_H

#include "bdbtop/core/triage.h"

#define FILTER_SIZE 128
#define FILTER_TERMS 16

enum filter_term_kind {
	TERM_WORD, TERM_STATE, TERM_REASON, TERM_OLDER, TERM_YOUNGER, TERM_MODULE, TERM_TAG,
};

struct filter_term {
	enum filter_term_kind kind;
	bool negated;
	int op;			/* TERM_STATE: an enum op_kind, -1: any */
	char text[FILTER_SIZE];	/* what is looked for */
	int64_t age_s;
};

struct filter {
	char expression[FILTER_SIZE];	/* as typed but the spaces at its ends; "" shows all */
	struct filter_term term[FILTER_TERMS];
	size_t terms;
};

struct filter_error {
	size_t offset;		/* byte of the expression that it is about */
	char text[96];		/* `needs a unit: 30m, 24h, 2d` */
};

/* Take the expression.  -1 with the mistake: the filter stays as it was.  An expression longer than
 * FILTER_SIZE - 1 bytes is a mistake, and so is a key that there is not (`sate:failed`). */
int filter_parse(struct filter *, const char *expression, struct filter_error *);

struct filter_input {
	const struct bdb *bdb;
	const struct finding *finding;
	/* one an operation, for the reason of what is retried; NULL: the record's own */
	const struct op_since *op_since;
	const struct bdb_info *bdb_info;	/* NULL: not known (yet): no module or tag term
						 * holds, and none with `!` before it */
	int64_t now_s;			/* the cluster's clock */
};
/* Every term holds. */
bool filter_matches(const struct filter *, const struct filter_input *);

/* The reason of an operation that failed or is retried, raw; NULL: none that still counts. */
const char *filter_reason(const struct filter_input *, enum op_kind);

/* A term asks for modules or tags. */
bool filter_needs_bdb_info(const struct filter *);

#endif
