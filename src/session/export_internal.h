/*
 * src/session/export_internal.h - what the writers of the formats share.
 */
#pragma once

#include "bdbtop/core/describe.h"
#include "bdbtop/core/list_fields.h"
#include "bdbtop/session/export.h"

struct export_bdb {
	struct list_subject subject;
	char next_step[OP_KINDS][FACT_TEXT];
};

/* Collects what is known of a database; false if it has gone meanwhile (entry NULL).  And of that
 * in a row of the list. */
bool export_bdb_describe(struct export_bdb *, const struct cluster *, const struct roster_entry *);
bool export_bdb_init(struct export_bdb *, const struct export_job *, size_t row);

/* The entry of that database alone, and its cluster; NULL if it has gone. */
const struct roster_entry *export_row(const struct export_job *, size_t row,
				      const struct cluster **);

/* What stands for a byte of ASCII in a format; NULL: itself. */
typedef const char *export_escape_fn(char);
/* Writes raw text in UTF-8: bytes that are not valid become U+FFFD, as in JSON.  For a terminal it
 * is made safe first. */
void export_put_text(bool terminal, FILE *, const char *raw, export_escape_fn *);

/* Write the formats. */
int export_write_json(const struct export_job *, FILE *, struct err *);
int export_write_jsonl(const struct export_job *, FILE *, struct err *);
int export_write_separated(const struct export_job *, FILE *, struct err *); /* csv and tsv */
int export_write_prometheus(const struct export_job *, FILE *, struct err *);

/* One group of the causes in words; its strings live as long as the group and next_step. */
struct export_cause {
	const struct cause_group *group;
	const struct cluster *cluster;
	int64_t since_s; /* seconds since 1970; -1: not known */
	char next_step[FACT_TEXT];
};
void export_cause_init(struct export_cause *, const struct export_job *, size_t index);
