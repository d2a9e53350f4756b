/*
 * sim/event_log.h - the cluster's log of events, as GET /v1/logs tells it.
 *
 * Names, severities and the spellings that a reader must bear are those of the
 * REST reference: a type comes with and without the prefix "bdb_", an uid as a
 * string and as a number, by database.  Whether a failure tells its reason is
 * not documented; here it does not.  As on a cluster only the newest events of
 * one type about one object are kept.
 */
#ifndef BDBTOP_SIM_EVENT_LOG_H
#define BDBTOP_SIM_EVENT_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bdbtop/sim/buffer.h"

/* a little more than a day of a failure every five minutes */
enum { SIM_EVENT_LOG_MAX = 300 };

enum sim_event_kind {
	SIM_EVENT_STARTED, SIM_EVENT_SUCCEEDED, SIM_EVENT_FAILED,	/* of an operation */
	SIM_EVENT_DELAYED, SIM_EVENT_DELAY_OVER,		/* the alert goes on, and off */
	SIM_EVENT_CREATED, SIM_EVENT_DELETED, SIM_EVENT_RENAMED,
	SIM_EVENT_CUSTOM,				/* told is the whole object */
};

struct sim_event {
	int64_t at_ms;
	int64_t uid;			/* 0: about no database */
	enum sim_event_kind event_kind;
	int kind;			/* of enum sim_kind, the first three alone */
	const char *members;		/* more members, ",\"key\":1"; NULL: none */
};

struct sim_event_log;

/* An empty one, and its end; NULL may be freed. */
struct sim_event_log *sim_event_log_new(void);
void sim_event_log_free(struct sim_event_log *);

/* Write an event down; told is copied.  Events may come in any order.  diary NULL is nothing. */
void sim_event_log_add(struct sim_event_log *, const struct sim_event *);

/* How many are kept. */
size_t sim_event_log_count(struct sim_event_log *);

/* What is asked for: both ends are in it. */
struct sim_event_query {
	int64_t from_s, to_s;
	bool newest_first;
	int64_t offset, limit;		/* limit -1: all */
};

/* JSON, an array. */
void sim_event_log_write(struct sim_event_log *, const struct sim_event_query *,
			 struct sim_buffer *);

#endif
