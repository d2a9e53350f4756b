/*
 * session/row.h - the text of one database: columns and clauses, for the list on the screen and for
 * `bdbtop list`.
 */
#pragma once

#include "bdbtop/core/column_list.h"
#include "bdbtop/core/describe.h"
#include "bdbtop/core/sort_order.h"
#include "bdbtop/fleet/cluster.h"

/* The length of a result: its code and first word, a short form for 80 columns, or a sentence. */
enum row_width { ROW_LETTERS, ROW_MEDIUM, ROW_FULL };

/* 4 results; `not listed`; all suspect reasons of all operations; overdue; percents; past causes;
 * sizes. */
#define ROW_CLAUSES 31

struct column_def {
	const char *heading;
	enum sort_column sort;		/* the order by this column; SORT_SEVERITY: none */
	bool right;			/* aligned to the right */
	/* `bdbtop list` on a terminal: hidden below `from` columns, then between these widths; a
	 * column that the user chose is hidden only to make room */
	int from, min_width, max_width;
	const char *plain;		/* its heading in a pipe; NULL: only printed there if the
					 * user chose it */
};
extern const struct column_def column_defs[COLUMN_COUNT];
#define COLUMN_UNLIMITED 2048		/* a max_width */

struct row {
	char id[24];			/* `db:12` */
	char name[256];			/* safe, not truncated */
	struct {
		enum verdict verdict;
		char word[40];		/* safe; an unknown status as received */
		char letter;
	} op[OP_KINDS];
	const struct finding *finding;	/* belongs to the cluster */
	enum verdict worst;
	enum op_kind worst_kind;
	bool listed;			/* false: `not listed` */
	char last_backup[TIME_TEXT_SIZE];	/* age or time of the last good one; `never`, `-` */
	char loss[TIME_TEXT_SIZE];	/* loss window; `never`, `-` */
	char next[TIME_TEXT_SIZE];	/* next scheduled backup: `in 3h`, `due`, `2d 04h late`, or
					 * its time; `-` */
	bool overdue;
	char interval[TIME_TEXT_SIZE];	/* of the schedule: `24h`; `-` */
	/* `-` while the bdb info is not known */
	char size[TIME_TEXT_SIZE];	/* memory limit: `8.0 GiB`, `unlimited` */
	char shards[TIME_TEXT_SIZE];
	char tags[1024];		/* safe: `env=prod,team=core` */
	char state[40];			/* safe; the status field of the database */
	struct fact clauses[ROW_CLAUSES];	/* results, the reasons of the worst verdict,
						 * overdue, the percents of other running
						 * operations, sizes */
	size_t clause_count;
	enum row_width width;	/* of its results */
	bool bar;	/* the first clause is a percent that can be a bar */
};

struct row_style {
	enum row_width width;
	bool sizes;			/* a last clause that explains the numbers of reasons */
	struct describe_style describe;	/* without form and today_s: SHORT, the cluster's clock */
};

/*
 * Fills a row.  Ages are those at the last good poll, so the screen does not change between polls;
 * `now` only drives the countdown of results.  Without full_reasons a reason loses its trailing
 * numbers (`file-larger-than-mem-limit:1:2`).
 */
void row_init(struct row *, const struct cluster *, const struct roster_entry *,
	      const struct row_style *, struct moment now);

/*
 * Makes the clauses fit into `cells` cells.  It drops plain clauses from the right; shortens
 * percents (`17%`, or `b 61%` if several operations run); drops `never backed up` and then the
 * percents if the first clause still cannot be truncated enough; then truncates the first clause.
 * A result is truncated for a percent only in ROW_LETTERS, and never for anything else.  Returns
 * false if a result was truncated or a percent dropped: a narrower row_width helps.
 */
bool row_fit(struct row *, int cells, bool ascii);
/* The text of a cell, and its style on the screen; "" for COLUMN_REASON, which has the clauses. */
const char *row_cell(const struct row *, enum row_column, enum style *);
/* The separator before the clause at an index above 0: two spaces or a comma and a space. */
const char *row_separator(const struct row *, size_t index);
/* Width in cells of all clauses after the first, with the separator before each. */
int row_width_after_first(const struct row *);

/* The text of a row note in one width; "" for OBSTACLE_NONE. */
const char *row_note_text(enum reset_obstacle, enum row_width);
/* Formats one result in a width, with its style. */
void row_format_result(struct fact *out, const struct cluster_result *, enum row_width,
		       int64_t now_ms);
