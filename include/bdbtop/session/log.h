/*
 * session/log.h - what was done here, what the cluster was seen to do and how the connection fared,
 * newest first; bounded.
 */
#ifndef BDBTOP_SESSION_LOG_H
#define BDBTOP_SESSION_LOG_H

#include "bdbtop/fleet/cluster.h"

#define LOG_LINES 1000
#define LOG_FILTER 128

/* In the column WHAT, by enum cluster_event_kind: `reset`, `link`, `seen`. */
extern const char *const log_kind_words[];

struct log_line {
	enum cluster_event_kind event_kind;
	struct moment at;
	unsigned cluster, reset_id;
	int64_t uid;
	enum transition_kind transition;	/* CLUSTER_EVENT_TRANSITION */
	enum op_kind kind;
	char name[80];			/* safe */
	char outcome[400];		/* safe; a sentence about the link is never cut */
	bool is_answer;
	unsigned status;
	char message[160];
	int64_t took_ms;
	struct moment confirmed_at;
};

struct log;

/* An empty one, NULL when memory is out; free bears NULL. */
struct log *log_new(void);
void log_free(struct log *);

/* A line for an event, its text made safe; where LOG_LINES stand the oldest gives way. */
void log_add(struct log *, const struct cluster_event *);

/* How many lines, and one of them; index 0 is the newest, below the count. */
size_t log_count(const struct log *);
const struct log_line *log_at(const struct log *, size_t index);

/* It is about an operation: kind holds. */
bool log_has_kind(const struct log_line *);

/* Show only lines that hold every word of this, or, before a `!`, do not hold it: in what it is
 * about, `db:UID`, name, kind and outcome, ASCII letters without case.  "" shows all; what does not
 * fit in LOG_FILTER is cut. */
void log_filter(struct log *, const char *expression);
const char *log_expression(const struct log *);
/* How many it shows, and one of them; row 0 is the newest, below the count. */
size_t log_rows(const struct log *);
const struct log_line *log_row(const struct log *, size_t row);

#endif
