/*
 * core/past_cause.h - why an operation failed before a reset from here cleared its status.
 *
 * A reset clears the status, not the cause: until the next successful run the cause may still be
 * there, and the cluster no longer shows it.
 */
#pragma once

#include <stdint.h>

#define PAST_CAUSE_REASON_SIZE 160

struct past_cause {
	int64_t reset_s;	/* when the status was cleared: seconds since 1970, our clock */
	char reason[PAST_CAUSE_REASON_SIZE];	/* raw, never "" */
};
