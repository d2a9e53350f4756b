/*
 * session/row_reader.h - what filter, order and view read of a row.
 */
#pragma once

#include "bdbtop/session/row.h"
#include "session_internal.h"

/* At most so many results of a row are searched. */
#define RESULTS_MAX  4
#define RESULT_WORDS (3 * sizeof(((struct fact *)0)->text))

/* Reads the rows of one cluster, best in the order of the roster. */
struct row_reader {
	const struct session *session;
	const struct cluster *cluster;
	int64_t now_s;
	int64_t noted_uid; /* at or above the row: the next with results or past causes */
	bool noted_known;
	bool reads_times;
	struct filter_input input;
	bool needs_operator;
	struct filter_result results[RESULTS_MAX];
	char words[RESULTS_MAX][RESULT_WORDS];
};

/* reads_times: what grows each second is read, too, else it may be that of an earlier poll. */
void row_reader_init(struct row_reader *, const struct session *, const struct cluster *,
		     bool reads_times);
/* Valid until the next row is read. */
const struct filter_input *row_read(struct row_reader *, const struct roster_entry *);
