/*
 * src/cli/history_internal.h - the writers of `bdbtop history`.
 */
#pragma once

#include <stdio.h>

#include "bdbtop/cli/history.h"

struct history_job {
	const struct history_options *options;
	struct audit_history *history;
	struct moment now;
	bool terminal;
	char damaged[100]; /* a sentence about lines that were skipped; "": there are none */
};

/* Print all resets; -1 with err set. */
int history_print_table(const struct history_job *, FILE *, struct err *);
int history_print_csv(const struct history_job *, FILE *, struct err *);
int history_print_json(const struct history_job *, FILE *, struct err *);
