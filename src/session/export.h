/*
 * session/export.h - what the list or the log shows, as the text of a file.
 */
#pragma once

#include <stdio.h>

#include "bdbtop/core/err.h"
#include "bdbtop/session/session.h"

enum export_format { EXPORT_TXT, EXPORT_JSON, EXPORT_CSV };

struct export_job {
	const struct session_view *view;
	bool is_log; /* the log; else the list */
	enum export_format format;
	struct moment now;
};

/* Chooses the format by the extension of the name.  -1 with err set if there is none for it. */
int export_choose(struct export_job *, const char *path, struct err *);
/* `11 databases` or `3 lines of the log`: what will be written. */
void export_count(const struct export_job *, char *out, size_t size);
/* Writes it; an output_write_fn of store/output_file.h. */
int export_write(void *job, FILE *out, struct err *);
