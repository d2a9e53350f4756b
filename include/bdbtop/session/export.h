/*
 * session/export.h - what the list or the log shows, as text for files, pipes and programs: the one
 * writer of formats, for `bdbtop list` and the key `w`.
 */
#pragma once

#include <stdio.h>

#include "bdbtop/core/err.h"
#include "bdbtop/session/session.h"

enum export_format {
	EXPORT_TABLE,
	EXPORT_JSON,
	EXPORT_JSONL,
	EXPORT_CSV,
	EXPORT_TSV,
	EXPORT_PROMETHEUS,
	EXPORT_FORMATS
};

struct export_format_def {
	const char *word;      /* `json` */
	const char *extension; /* of a file: `.json` */
	bool has_status;       /* says whether the cluster could be read, so it is written even then
				* when it could not */
	bool has_warnings;     /* has them in its own text */
};
extern const struct export_format_def export_format_defs[EXPORT_FORMATS];

/* Finds a format by its word; false if there is none. */
bool export_find_format(const char *word, enum export_format *out);

struct export_job {
	const struct session_view *view;
	bool is_log; /* the log; else the list */
	enum export_format format;
	struct moment now;
	bool terminal;	/* the text goes to a terminal: json is indented, and nothing in csv, tsv
			 * and prometheus acts on the terminal */
	bool no_header; /* table, csv, tsv: only the rows */
	bool excel;	/* csv: a cell that a spreadsheet would take for a formula gets an
			 * apostrophe before it */
	const struct causes *causes; /* write its groups in place of the databases, in json, jsonl,
				      * csv and tsv; NULL: the databases */
	const struct err *failure;   /* why no cluster could be read, if nothing was even sent;
				      * NULL: what the clusters say */
};

/* Chooses the format by the extension of the name.  -1 with err set if there is none for it. */
int export_choose(struct export_job *, const char *path, struct err *);
/* `11 databases` or `3 lines of the log`: what will be written. */
void export_count(const struct export_job *, char *out, size_t size);
/* Writes it; an output_write_fn of store/output_file.h. */
int export_write(void *job, FILE *out, struct err *);

/* Writes a sentence about what the list of a cluster lacks although it was read; false: there is
 * none at that index.  The sentence is safe and names the cluster. */
#define EXPORT_WARNING_SIZE 600
#define EXPORT_WARNINGS	    2 /* of one cluster, at most */
bool export_warning(const struct cluster *, size_t index, char out[EXPORT_WARNING_SIZE]);
