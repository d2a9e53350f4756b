/*
 * core/filter.h - which databases are shown: terms that must all match.
 *
 *	word		is part of `db:UID`, the name, a state word of the list, `retrying`, the
 *			cluster's own status word, or the reason of a failed operation
 *	!word		must not match; `!` can stand before any of these terms
 *	state:failed	an operation, or the database, is in a state that begins so: a word of
 *			the list, `quiet`, `retrying`, or the cluster's own word; `overdue`
 *			matches all late backups
 *	backup:stalled	the same for one operation: backup, export, import
 *	backup:failed/no-permission	exactly this cause (core/cause.h), as the causes view
 *			groups databases; `-` for none, `-` also for a space in the reason
 *	reason:TEXT	the reason of a failed (or retried) operation contains the text
 *	age>24h age<2d	the age of the last successful backup, in s m h d w (`1d12h`); if a
 *			schedule is on and there never was one, it is older than any age
 *	module:TEXT	the name of one of its modules contains the text
 *	tag:KEY=VALUE	it has the tag; tag:KEY matches any value
 *
 * The case of ASCII letters does not matter.
 */
#pragma once

#include "bdbtop/core/triage.h"

#define FILTER_SIZE 128
#define FILTER_TERMS 16

enum filter_term_kind {
	TERM_WORD, TERM_STATE, TERM_REASON, TERM_OLDER, TERM_YOUNGER, TERM_MODULE, TERM_TAG,
};

struct filter_term {
	enum filter_term_kind kind;
	bool negated;
	int op;			/* TERM_STATE: an enum op_kind; -1: any */
	char text[FILTER_SIZE];	/* what to look for */
	int64_t age_s;
};

struct filter {
	char expression[FILTER_SIZE];	/* as typed, without spaces at its ends; "" shows all */
	struct filter_term term[FILTER_TERMS];
	size_t terms;
};

struct filter_error {
	size_t offset;		/* of the wrong byte in the expression */
	char text[96];		/* `needs a unit: 30m, 24h, 2d` */
};

/* Parses the expression into the filter.  Returns 0, or -1 with the error: the filter is unchanged.
 * It is an error if the expression is longer than FILTER_SIZE - 1 bytes, has more than FILTER_TERMS
 * terms or an unknown key (`sate:failed`). */
int filter_parse(struct filter *, const char *expression, struct filter_error *);

struct filter_input {
	const struct bdb *bdb;
	const struct finding *finding;
	/* OP_KINDS of them, for the reason of a retried operation; NULL: use the record's reason */
	const struct op_since *op_since;
	const struct bdb_info *bdb_info;	/* NULL: not known; no module or tag term matches,
						 * with `!` or without */
	int64_t now_s;			/* the cluster's clock, seconds since 1970 */
};
/* True when every term matches. */
bool filter_matches(const struct filter *, const struct filter_input *);

/* True when a term is about modules or tags. */
bool filter_needs_bdb_info(const struct filter *);
