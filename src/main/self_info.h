/*
 * main/self_info.h - what the program knows of itself and of the machine it runs on: the lines of
 * the diagnostics page, and local time.
 */
#ifndef BDBTOP_MAIN_SELF_INFO_H
#define BDBTOP_MAIN_SELF_INFO_H

#include "bdbtop/session/session.h"

#define SELF_INFO_LINES 14

/* Raw, "" or NULL where there is none. */
struct self_paths {
	const char *config, *known_clusters, *prefs, *audit_log;
};

/* Its lines point into it: it is not copied, and outlives the session that has them. */
struct self_info {
	struct program_info info;
	const char *lines[SELF_INFO_LINES][2];
	char text[SELF_INFO_LINES][300];
};

/* Versions, process, terminal, locale, time zone and files as they are now; ascii: no character
 * outside it. */
void self_info_init(struct self_info *, const struct self_paths *, bool ascii);

/* Local time, as TZ or the machine has it: the handover_offset_fn.  0 where it is not known. */
int self_info_local_offset(int64_t wall_s);

#endif
