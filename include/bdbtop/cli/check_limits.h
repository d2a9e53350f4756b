/*
 * cli/check_limits.h - what `bdbtop check` measures, and the limits.
 */
#pragma once

#include "bdbtop/core/value_range.h"

/* Of a run, in addition to the time for which it waits, unless the user chose another. */
#define CHECK_TIMEOUT_MS 30000

/* What can have a limit, in the order of the performance data. */
enum check_metric {
	CHECK_FAILED, /* databases whose worst state it is, like the four below */
	CHECK_STALLED,
	CHECK_OVERDUE,
	CHECK_SUSPECT,
	CHECK_RUNNING,
	CHECK_MISSED,	   /* missed backups of the database that missed most */
	CHECK_NEVER,	   /* overdue databases that were never backed up */
	CHECK_LOSS_WINDOW, /* the worst loss window, in seconds */
	CHECK_RPO,	   /* databases with a loss window beyond their rpo */
	CHECK_TIME,	   /* of the run, in seconds */
	CHECK_METRICS
};

struct check_limits {
	struct value_range warning[CHECK_METRICS], critical[CHECK_METRICS];
};

/* Sets the default limits. */
void check_limits_init(struct check_limits *);
/* Sets a limit that was typed as NAME=RANGE, such as `failed=2`.  -1 with err set, and the limits
 * unchanged. */
int check_limits_set(struct check_limits *, bool critical, const char *typed, struct err *);
