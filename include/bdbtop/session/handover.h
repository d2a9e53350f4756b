/*
 * session/handover.h - a plain-text report on one database for the next shift.
 *
 * It has the state and its start in UTC and local time, the last good backup, the resets sent with
 * their results, the next steps, and one request as a curl line.  The curl line holds only the uid
 * and the configured URL, single-quoted: no credentials, no names, no reasons.  Every line above it
 * is a shell comment (`# `), so the text pasted into a shell runs only the curl line.
 */
#ifndef BDBTOP_SESSION_HANDOVER_H
#define BDBTOP_SESSION_HANDOVER_H

#include "bdbtop/fleet/detail.h"

#define HANDOVER_SIZE 8192

/* Seconds that local time is ahead of UTC at wall_s.  A NULL function: only UTC is shown. */
typedef int handover_offset_fn(int64_t wall_s);

/* The zone in which to show wall_s: local with a function, else UTC.  Accepts NULL. */
struct time_zone handover_zone(handover_offset_fn *, int64_t wall_s);

/*
 * Writes only the curl line of a reset, with its newline.  Returns the bytes written without the
 * final NUL; 0 and "" if the line is too long.
 */
size_t handover_write_call(char out[HANDOVER_SIZE], const struct cluster *, int64_t uid,
			   enum op_kind);

/*
 * Writes the report; its text is safe (core/text.h).  The offset function may be NULL.  Returns the
 * bytes written without the final NUL.
 */
size_t handover_write(char out[HANDOVER_SIZE], const struct cluster *, const struct roster_entry *,
		      handover_offset_fn *, struct moment now);

#endif
