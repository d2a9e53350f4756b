/*
 * src/cli/check_internal.h - what the files of `bdbtop check` share.
 */
#pragma once

#include "bdbtop/cli/check.h"

/* One database. */
struct check_subject {
	const struct cluster *cluster;
	const struct roster_entry *entry;
	const struct finding *finding;
};

struct check_metric_def {
	const char *name; /* also of its performance data: needs no quotes */
	const char *unit;
	const char *warning, *critical; /* the default ranges, or "" */
	bool optional;			/* without a limit it is not in the performance data */
	bool worst; /* the largest value of a database; else the number of databases with 1 */
	/* the value of one database, NAN: it has none; NULL: it is not about databases */
	double (*of)(const struct check_subject *);
};
extern const struct check_metric_def check_metric_defs[CHECK_METRICS];

/* The state of a value; OK for NAN. */
enum check_state check_limits_judge(const struct check_limits *, enum check_metric, double value);

/* What a run has found. */
struct check_result {
	const struct check_options *options;
	const struct session *session; /* its list has the databases, worst first */
	double took_s;
	struct err save_error; /* why the progress was not saved, or "" */
};

/* Prints all of the output; returns the state. */
enum check_state check_report(FILE *, const struct check_result *);
