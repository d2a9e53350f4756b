/*
 * main/files.h - descriptors and files that have to be there before the program does anything.
 */
#ifndef BDBTOP_MAIN_FILES_H
#define BDBTOP_MAIN_FILES_H

#include "settings.h"

/*
 * A descriptor from 0 to 2 that is closed would be given to the next file or socket that is
 * opened, and the output would go there: each is opened on /dev/null so that using it fails.  -1
 * with errno.
 */
int files_open_closed(void);

/* The files of authorities, certificate and key can be opened.  -1 with the sentence: exit status
 * 2. */
int files_check(const struct settings *, struct err *);

#endif
