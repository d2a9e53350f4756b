/*
 * sim/event_log.h - the event log of the cluster, as GET /v1/logs reports it.
 *
 * Names, severities and spellings follow the REST reference: depending on the
 * database, a type has the prefix "bdb_" or not, and a uid is a string or a
 * number.  The reference does not say whether a failure has its reason; here it
 * has none.  As on a real cluster, the log keeps only the newest events of one
 * type about one object.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"

/* a little more than one day with a failure every five minutes */
enum { SIM_EVENT_LOG_MAX = 300 };

enum sim_event_kind {
	SIM_EVENT_STARTED, SIM_EVENT_SUCCEEDED, SIM_EVENT_FAILED,	/* an operation */
	SIM_EVENT_DELAYED, SIM_EVENT_DELAY_OVER,	/* bdb_backup_delayed goes on, off */
	SIM_EVENT_CREATED, SIM_EVENT_DELETED, SIM_EVENT_RENAMED,
	SIM_EVENT_CUSTOM,				/* members is the complete object */
};

struct sim_event {
	int64_t at_ms;
	int64_t uid;			/* 0: not about a database */
	enum sim_event_kind event_kind;
	int kind;			/* enum sim_kind; for the first three only */
	const char *members;		/* JSON, ",\"key\":1"; NULL: none */
};

struct sim_event_log;

/* A new empty log; free it.  sim_event_log_free() accepts NULL. */
struct sim_event_log *sim_event_log_new(void);
void sim_event_log_free(struct sim_event_log *);

/* Add an event, in any order of times; members is copied.  Accepts NULL as the log. */
void sim_event_log_add(struct sim_event_log *, const struct sim_event *);

/* A query; it includes both ends. */
struct sim_event_query {
	int64_t from_s, to_s;
	int newest_first;		/* 0 or 1 */
	int64_t offset, limit;		/* limit -1: no limit */
};

/* Write a JSON array. */
void sim_event_log_write(struct sim_event_log *, const struct sim_event_query *,
			 struct sim_buffer *);
