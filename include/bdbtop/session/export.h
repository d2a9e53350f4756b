/*
 * session/export.h - what the list or the log shows, as text for files, pipes and programs: the one
 * writer of formats, for `bdbtop list` and the key `w`.
 */
#pragma once

#include <stdio.h>

#include "bdbtop/core/err.h"
#include "bdbtop/core/output_format.h"
#include "bdbtop/session/session.h"

/* The format says whether the cluster could be read, so it is written even when that failed; and it
 * has a place for warnings. */
bool export_has_status(enum output_format);
bool export_has_warnings(enum output_format);

struct export_job {
	const struct session_view *view;
	bool is_log; /* the log; else the list */
	enum output_format format;
	struct moment now;
	bool terminal;	/* the text goes to a terminal: json is indented, and nothing in csv, tsv
			 * and prometheus acts on the terminal */
	bool no_header; /* table, csv, tsv: only the rows */
	bool excel;	/* csv: a cell that a spreadsheet would take for a formula gets an
			 * apostrophe before it */
	const struct column_list *columns; /* csv, tsv: only the fields of these; NULL: all */
	const struct causes *causes; /* write its groups in place of the databases, in json, jsonl,
					* csv and tsv; NULL: the databases */
	const struct err *failure;   /* why a cluster could not be read that does not say so
					* itself; or NULL */
	const char *const *warnings; /* safe sentences, beside those of the clusters */
	size_t warning_count;
};

/* Chooses the format by the extension of the name.  -1 with err set if there is none for it. */
int export_choose(struct export_job *, const char *path, struct err *);
/* `11 databases` or `3 lines of the log`: what will be written. */
void export_count(const struct export_job *, char *out, size_t size);
/* Writes it; an output_write_fn of store/output_file.h. */
int export_write(void *job, FILE *out, struct err *);
/* One line of the log as text, and the line of headings. */
void export_log_heading(FILE *);
void export_log_line(FILE *, const struct log_line *);

/* What `bdbtop list --watch` saw; a line of JSON with the object bdbtop.watch. */
struct export_event {
	const char *type; /* `ADDED` */
	struct moment at;
	const struct cluster *cluster;
	const struct log_line *transition; /* NULL: none */
	int64_t uid;			   /* of the database; 0: the event is about the cluster */
	bool has_bdb;			   /* it is listed; else only uid and name are known */
	const char *name;		   /* raw; of one that is not listed */
	const char *error;		   /* POLL_FAILED: a sentence; else NULL */
};
/* -1 with err set when out of memory. */
int export_event(FILE *, const struct export_event *, struct err *);

/* Writes a file as output_file_write_any() of store/output_file.h, for -o. */
int export_to_file(const char *path, output_write_fn *, void *arg, struct err *);
/* The error of a cluster that could not be read; NULL: it could. */
const struct err *export_failure(const struct export_job *, const struct cluster *);

/* What the list of a cluster lacks although it was read; false: nothing.  A sentence about elements
 * that are not databases, safe, which names the cluster; and the error of modules, tags and sizes
 * that filter, columns or rpo need. */
#define EXPORT_WARNING_SIZE 600
bool export_unreadable(const struct cluster *, char out[EXPORT_WARNING_SIZE]);
bool export_bdb_info_error(const struct cluster *, struct err *out);
