/*
 * main/files.h - descriptors and files that must be usable before the program does anything else.
 */
#pragma once

#include "settings.h"

/*
 * Opens each closed descriptor from 0 to 2 on /dev/null, in the mode in which using it fails.
 * Otherwise the next file or socket would get that number, and the output would go there.  -1 with
 * errno.
 */
int files_open_closed(void);

/* Checks that the files of cacert, cert and key can be opened.  -1 with err set: exit status 2. */
int files_check(const struct settings *, struct err *);
