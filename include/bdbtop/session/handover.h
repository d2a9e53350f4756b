/*
 * session/handover.h - a plain-text report on one database for the next shift.
 *
 * It has the state and its start in UTC and local time, the last good backup, the resets sent with
 * their results, the next steps, and one request as a curl line.  The curl line holds only the uid
 * and the configured URL, single-quoted: no credentials, no names, no reasons.  Every line above it
 * is a shell comment (`# `), so the text pasted into a shell runs only the curl line.
 */
#pragma once

#include "bdbtop/fleet/detail.h"
#include "bdbtop/fleet/fleet.h"

#define HANDOVER_SIZE 8192
#define REPORT_SIZE   (64 * 1024)

/*
 * Writes only the curl line of a reset, with its newline.  Returns the bytes written without the
 * final NUL; 0 and "" if the line is too long.
 */
size_t handover_write_call(char out[HANDOVER_SIZE], const struct cluster *, int64_t uid,
			   enum op_kind);

/*
 * Writes the report; its text is safe (core/text.h).  Without an offset function local time is UTC.
 * Returns the bytes written without the final NUL.
 */
size_t handover_write(char out[HANDOVER_SIZE], const struct cluster *, const struct roster_entry *,
		      time_offset_fn *, struct moment now);

/* The session sent a reset, or the user cancelled a confirmed one. */
bool report_has_reset(const struct fleet *);

/*
 * Writes the same about every database with a problem or a reset of this run: those with a reset
 * first, then the others, worst first; without curl lines, so that pasted into a shell it runs
 * nothing.  The last line counts the databases that do not fit.  Returns the bytes written without
 * the final NUL.
 */
size_t report_write(char out[REPORT_SIZE], const struct fleet *, time_offset_fn *,
		    struct moment now);
