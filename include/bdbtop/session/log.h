/*
 * session/log.h - what was done here and how the connection fared, newest first; bounded.
 */
#ifndef BDBTOP_SESSION_LOG_H
#define BDBTOP_SESSION_LOG_H

#include "bdbtop/fleet/cluster.h"

#define LOG_LINES 1000

struct log_line {
	enum cluster_news what;
	struct moment at;
	unsigned cluster, ticket;
	int64_t uid;
	enum feed_word word;		/* NEWS_SEEN */
	enum op_kind kind;
	char name[80];			/* safe */
	char outcome[400];		/* safe; a sentence about the link is never cut */
	bool answer;
	unsigned status;
	char words[160];
	int64_t took_ms;
	struct moment asked;
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

#endif
