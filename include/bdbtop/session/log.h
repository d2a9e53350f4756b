/*
 * session/log.h - the newest LOG_LINES events: resets sent from here, transitions of the databases
 * and changes of the connection; newest first.
 */
#pragma once

#include "bdbtop/fleet/cluster.h"

#define LOG_LINES 1000
#define LOG_FILTER 128

/* The words of the column WHAT, by enum cluster_event_kind. */
extern const char *const log_kind_words[];

struct log_line {
	enum cluster_event_kind event_kind;
	struct moment at;
	struct moment first_at;		/* of the oldest line that this one replaced, or at */
	unsigned cluster, reset_id;
	int64_t uid;
	enum transition_kind transition;	/* CLUSTER_EVENT_TRANSITION */
	enum op_kind kind;
	char name[80];			/* safe */
	char outcome[400];		/* safe; holds any sentence about the connection */
	size_t shown, brief;		/* bytes of it, as in struct reset_text */
	enum style style;		/* of outcome; a transition has none */
	bool is_answer;
	unsigned status;
	char message[160];
	int64_t took_ms;
	struct moment question_at;
};

struct log;

/* A new empty log; NULL when out of memory.  log_free() accepts NULL. */
struct log *log_new(void);
void log_free(struct log *);

/* The line of an event, with its text made safe. */
struct log_line log_line_of(const struct cluster_event *);

#define LOG_NO_ROW SIZE_MAX

/* Adds a line with the event's text made safe; a full log drops its oldest line.  The line replaces
 * the newest one of the same reset if that is part of a bulk, or if the reset ended with the words
 * of its answer (`403 in 41 ms`, `403 role may not reset`), and keeps what that says of the answer.
 * Returns the row that the replaced line had, or LOG_NO_ROW. */
size_t log_add(struct log *, const struct cluster_event *);

/* The number of lines, and one line: index 0 is the newest; index must be below the count. */
size_t log_count(const struct log *);
const struct log_line *log_at(const struct log *, size_t index);

/* The line is about one operation; `kind` is set. */
bool log_has_kind(const struct log_line *);

/* Shows only lines that contain every word of the expression and none of its words with a `!` in
 * front.  It searches the word of column WHAT, `db:UID`, name, kind and outcome, and ignores the
 * case of ASCII letters.  "" shows all; an expression longer than LOG_FILTER is truncated. */
void log_filter(struct log *, const char *expression);
const char *log_expression(const struct log *);
/* The number of lines shown, and one of them: row 0 is the newest; row must be below the count. */
size_t log_rows(const struct log *);
const struct log_line *log_row(const struct log *, size_t row);
