/*
 * sim/file.h - new files of the simulator.
 */
#pragma once

#include <sys/types.h>

/*
 * Create a file with exactly this mode and write the formatted text into it.  No link is followed.
 * Returns 0; -1 with errno, and no new file, also if there is one with this name.
 */
int sim_file_create(const char *path, mode_t mode, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
