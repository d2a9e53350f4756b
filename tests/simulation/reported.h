/*
 * tests/simulation/reported.h - what one cluster reported to one console, read from the bytes that
 * arrived, and whether the rows say the same.
 */
#pragma once

#include "bdbtop/fleet/cluster.h"

#define REPORTED_BDBS 64

/* One database as the newest read has it. */
struct reported_bdb {
	int64_t uid;
	int64_t requested_ms; /* of that read, the console's clock */
	int64_t absent_ms;    /* when the newest reply without it was requested */
	bool listed;	      /* in the newest list */
	bool odd;	      /* a value of a wrong type: nothing can be compared */
	char name[256], created[64];
	struct {
		char status[128], reason[256];
		bool failed_once; /* a read or the log has shown `failed` */
	} op[OP_KINDS];
};

/* A PUT and its answer. */
struct reported_put {
	int64_t uid;
	enum op_kind kind;
	int64_t accepted_ms; /* of a complete 200; TIME_NEVER: none yet */
};

struct reported {
	const char *run; /* names the run in a failure */
	struct reported_bdb bdbs[REPORTED_BDBS];
	size_t count;
	char *last_list;
	size_t last_length;
	size_t listed[REPORTED_BDBS], listed_count; /* indexes of the databases in last_list */
	int64_t list_requested_ms;
	unsigned long checks, compared;
};

void reported_release(struct reported *);
/* A complete list, or the single read of a database, arrived and was accepted. */
void reported_on_list(struct reported *, const char *body, size_t length, int64_t requested_ms);
void reported_on_bdb(struct reported *, int64_t uid, const char *body, size_t length,
		     int64_t requested_ms);
/* A 404 for a database arrived. */
void reported_on_absence(struct reported *, int64_t uid, int64_t requested_ms);
/* A part of the cluster's log arrived. */
void reported_on_events(struct reported *, const char *body, size_t length);
/* Ends the program unless the roster has what was reported, the findings follow from it, and the
 * totals add up; and, of some rows, unless their text is safe. */
void reported_check(struct reported *, const struct cluster *, struct moment now);
/* The newest read of a database; NULL: none. */
const struct reported_bdb *reported_find(const struct reported *, int64_t uid);
