/*
 * sim/event_log.h - the cluster's log of events, as GET /v1/logs tells it.
 *
 * Names, severities and the spellings that a reader must bear are those of the
 * REST reference: a type comes with and without the prefix "bdb_", an uid as a
 * string and as a number, by database.  Whether a failure tells its reason is
 * not documented; here it does not.  As on a cluster only the newest events of
 * one type about one object are kept.
 */
#ifndef BDBTOP_BDBTOP_SIM_EVENT_LOG_H
#define BDBTOP_BDBTOP_SIM_EVENT_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bdbtop/sim/buffer.h"

enum { SIM_DIARY_KEEP = 300 };	/* a little more than a day of a failure every five minutes */

enum sim_event_what {
	SIM_EVENT_STARTED, SIM_EVENT_SUCCEEDED, SIM_EVENT_FAILED,	/* of an operation */
	SIM_EVENT_DELAYED, SIM_EVENT_IN_TIME,		/* the alert goes on, and off */
	SIM_EVENT_CREATED, SIM_EVENT_DELETED, SIM_EVENT_RENAMED,
	SIM_EVENT_BY_HAND,				/* told is the whole object */
};

struct sim_event {
	int64_t at_ms;
	int64_t uid;			/* 0: about no database */
	enum sim_event_what what;
	int kind;			/* of enum sim_kind, the first three alone */
	const char *told;		/* more members, ",\"key\":1"; NULL: none */
};

struct sim_diary;

/* An empty one, and its end; NULL may be freed. */
struct sim_diary *sim_diary_new(void);
void sim_diary_free(struct sim_diary *);

/* Write an event down; told is copied.  Events may come in any order.  diary NULL is nothing. */
void sim_diary_note(struct sim_diary *, const struct sim_event *);

/* How many are kept. */
size_t sim_diary_count(struct sim_diary *);

/* What is asked for: both ends are in it. */
struct sim_diary_ask {
	int64_t from_s, to_s;
	bool newest_first;
	int64_t offset, limit;		/* limit -1: all */
};

/* JSON, an array. */
void sim_diary_write(struct sim_diary *, const struct sim_diary_ask *, struct sim_buffer *);

#endif
