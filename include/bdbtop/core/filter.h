/*
 * core/filter.h - which databases are shown: terms that must all match.
 *
 *	word		is part of `db:UID`, the name, a state word of the list, `retrying`, the
 *			cluster's own status word, the reason of a failed operation, a cause that a
 *			reset cleared, or a result; or is one of the other words that the row or
 *			the counts show: `quiet`, `other`, `late`, `missed`, `never`, `17%`,
 *			`not scheduled`, `beyond rpo`, `not listed`, the database's own status,
 *			`problems`, and `no problems`, two words that are one; `backup`, `export`
 *			or `import` unless that operation is quiet and has no such cause
 *	!word		must not match; `!` can stand before any of these terms
 *	state:failed	an operation, or the database, is in a state that begins so: a word of
 *			the list, `quiet`, `retrying`, or the cluster's own word; `overdue`
 *			matches all late backups
 *	backup:stalled	the same for one operation: backup, export, import
 *	reason:TEXT	the reason of a failed (or retried) operation contains the text, or the
 *			cause that a reset cleared and no successful run followed
 *	result:refused	a result on the row counts as that in the sum of a bulk reset (`no-answer`
 *			with a hyphen), or contains the text; `any`: there is a result
 *	age>24h age<2d	the age of the last successful backup, in s m h d w (`1d12h`); if a
 *			schedule is on and there never was one, it is older than any age
 *	loss>24h loss<2d	the loss window (core/loss.h); never backed up is above any limit, a
 *			database without a schedule matches neither
 *	progress<10 progress>90	an operation runs and its percent is below or above
 *	module:TEXT	the name of one of its modules contains the text
 *	tag:KEY=VALUE	it has the tag; tag:KEY matches any value
 *
 * The case of ASCII letters does not matter.
 */
#pragma once

#include "bdbtop/core/triage.h"

/* How the counts say that no database has a problem; as a filter, these databases. */
#define NO_PROBLEMS "no problems"

#define FILTER_SIZE 128
#define FILTER_TERMS 16

enum filter_term_kind {
	TERM_WORD, TERM_STATE, TERM_REASON, TERM_RESULT, TERM_AGE, TERM_LOSS, TERM_PROGRESS,
	TERM_MODULE, TERM_TAG,
};

struct filter_term {
	enum filter_term_kind kind;
	bool negated;
	int op;			/* TERM_STATE: an enum op_kind; negative: any */
	char text[FILTER_SIZE];	/* what to look for */
	bool below;		/* TERM_AGE, TERM_LOSS, TERM_PROGRESS: `<` */
	int64_t limit;		/* and their number, in seconds or percent */
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

/* A result on the row: how the sum of a bulk reset counts it, `no answer` (NULL: not), and its
 * words in all widths, safe. */
struct filter_result {
	const char *outcome, *text;
};

struct filter_input {
	const struct bdb *bdb;
	const struct finding *finding;
	/* OP_KINDS of them, for the reason of a retried operation; NULL: use the record's reason */
	const struct op_since *op_since;
	const struct bdb_info *bdb_info;	/* NULL: not known; no module or tag term matches,
						 * with `!` or without */
	bool is_unlisted;		/* the row says `not listed` */
	/* the cause that a reset cleared, raw; NULL: none */
	const char *past_reason[OP_KINDS];
	const struct filter_result *results;
	size_t result_count;
	int result_rank;		/* of the worst result: lower is worse */
	int64_t now_s;			/* the cluster's clock, seconds since 1970 */
};
/* True when every term matches. */
bool filter_matches(const struct filter *, const struct filter_input *);

/* True when time alone changes what matches, without a change of the record or of a state. */
bool filter_depends_on_time(const struct filter *);
/* True when a term is about the loss window of the finding, which grows each second. */
bool filter_reads_loss(const struct filter *);

/*
 * A plain database has no problem and no result, and nothing of it runs: it has few words beside
 * those of which a part is enough.  filter_narrows(): of plain databases, `after` matches none that
 * `before` does not match, unless its last word, filter_last_word(), is the status of the database
 * or a word of that, filter_has_word().
 */
bool filter_input_is_plain(const struct filter_input *);
bool filter_narrows(const struct filter *after, const struct filter *before);
const char *filter_last_word(const struct filter *);
/* True when the text is one of the words of a phrase. */
bool filter_has_word(const char *phrase, const char *text);

/* True when it has the tag KEY=VALUE; for KEY, with any value. */
bool filter_tag_matches(const struct bdb_info *, const char *tag);
/* True when a term is about modules or tags. */
bool filter_needs_bdb_info(const struct filter *);
