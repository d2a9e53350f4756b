/*
 * store/audit_history.h - the resets in the audit log, one record for all lines of a reset, the
 * oldest first.
 *
 * Reads the two files as a stream.  Memory: 32 bytes for each line that the query finds, and one
 * record.
 */
#pragma once

#include "bdbtop/json/audit_reset.h"
#include "bdbtop/store/audit_log.h"

struct audit_history_query {
	const char *const *clusters; /* host and port as in the lines: one of them */
	size_t cluster_count;	     /* 0: all */
	const int64_t *uids;	     /* databases: one of them */
	size_t uid_count;	     /* 0: all */
	int64_t since_ms, until_ms;  /* wall clock, of the first line: from since to before until */
	bool by_outcome;
	enum outcome_group outcome; /* by_outcome: only these; GROUP_NONE: not known */
};

struct audit_history;

/* Reads both files once.  A missing file has no lines.  NULL with err set: the state directory is
 * unknown, a file cannot be read (code io), or out of memory. */
struct audit_history *audit_history_open(const struct audit_log *,
					 const struct audit_history_query *, struct err *);
void audit_history_free(struct audit_history *); /* accepts NULL */

/* Lines that are not valid and were skipped. */
size_t audit_history_damaged(const struct audit_history *);

/* The next reset is the first one again. */
void audit_history_rewind(struct audit_history *);

/* Returns 1 and the next reset, valid until the next call; 0 at the end; -1 with err set. */
int audit_history_next(struct audit_history *, const struct audit_reset **out, struct err *);
