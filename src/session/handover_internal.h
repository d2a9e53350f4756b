/*
 * session/handover_internal.h - the parts of a hand-over, shared with the report of all problems
 * (report.c).
 */
#pragma once

#include "bdbtop/core/describe.h"
#include "bdbtop/core/text.h"
#include "bdbtop/session/handover.h"

/* A text of comment lines for a shell, each complete. */
struct handover_text {
	struct text text;
	const struct cluster *cluster;
	struct describe_style style;
	struct description words; /* of the newest database */
	bool replaced;		  /* `_` replaced a character that is special to a shell */
	bool full;		  /* a line did not fit */
};

void handover_init(struct handover_text *, char *out, size_t size, const struct cluster *,
		   time_offset_fn *);
/* Adds one line. */
void handover_add(struct handover_text *, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* The database and its operations, with their next steps. */
void handover_add_bdb(struct handover_text *, const struct roster_entry *);
/* The newest resets with their outcomes; lines newest first. */
void handover_add_sent(struct handover_text *, const struct history_line *lines, size_t count);
/* The resets of a database that are under way, in the words of summary and row. */
void handover_add_under_way(struct handover_text *, int64_t uid, struct moment now);
/* When it is written, and when the data was read. */
void handover_add_data_time(struct handover_text *, struct moment now);
/* Whether a character was replaced. */
void handover_add_replaced(struct handover_text *);
