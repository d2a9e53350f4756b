/*
 * session/handover.h - what the next shift should know of one database, as plain text.
 *
 * What, since when in UTC and local time, the last good backup, tries and answers, the next check,
 * and the same call as a curl line.  That line holds nothing but the uid and the operator's own
 * URL, single-quoted: no credentials, no names, no reasons.  Everything above it is a comment for a
 * shell (`# `), one line each, so that the whole text pasted into one runs nothing but that line.
 */
#ifndef BDBTOP_SESSION_HANDOVER_H
#define BDBTOP_SESSION_HANDOVER_H

#include "bdbtop/fleet/detail.h"

#define HANDOVER_SIZE 8192

/* Seconds that the local clock is ahead of UTC at that time; NULL: UTC alone is told. */
typedef int handover_offset_fn(int64_t wall_s);

/* The zone in which that time is to be told. */
struct time_zone handover_zone(handover_offset_fn *, int64_t wall_s);

/* The curl line alone, of a reset, with its newline. */
size_t handover_write_call(char out[HANDOVER_SIZE], const struct cluster *, int64_t uid,
			   enum op_kind);

/* Bytes written, without the end; text is safe and ends with a newline. */
size_t handover_write(char out[HANDOVER_SIZE], const struct cluster *, const struct roster_entry *,
		      handover_offset_fn *, struct moment now);

#endif
