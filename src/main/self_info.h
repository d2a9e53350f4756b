/*
 * main/self_info.h - facts about this process and machine: the lines of the diagnostics page, and
 * the offset of local time.
 */
#pragma once

#include "bdbtop/session/session.h"

#define SELF_INFO_LINES 15

/* Raw paths; "" or NULL: none.  sandbox: what it limits, in words. */
struct self_paths {
	const char *config, *known_clusters, *prefs, *audit_log, *sandbox;
};

/* Contains pointers to itself: do not copy it; it must outlive the session. */
struct self_info {
	struct program_info info;
	const char *lines[SELF_INFO_LINES][2];
	char text[SELF_INFO_LINES][300];
};

/* Fills in versions, process, terminal, locale, time zone and files; ascii: in ASCII only. */
void self_info_init(struct self_info *, const struct self_paths *, bool ascii);

/* The offset of local time from UTC in seconds; 0 if unknown.  A time_offset_fn. */
int self_info_local_offset(int64_t wall_s);
