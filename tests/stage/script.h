/*
 * tests/stage/script.h - a source that a script controls: no network, no clock.
 *
 * It has what a cluster has, as JSON that the program's own readers read.  It answers a request in
 * the turn after it was sent, with what the cluster has at that moment, unless requests of its kind
 * are held.  Lines of words control it, from a test or from a pipe: the table in script_lines.c has
 * their meaning, and for what the cluster has, such as `bdb UID name=a` and `shard UID node=2`, the
 * table in script_data.c.
 */
#pragma once

#include "bdbtop/core/source.h"
#include "bdbtop/fleet/cluster.h"

/* The kind of a request is its topic, or one of these. */
enum script_request_kind { SCRIPT_PUT = TOPIC_COUNT, SCRIPT_PATH, SCRIPT_KINDS };

struct script_request {
	unsigned kind;
	unsigned id; /* in the order of the requests, from 1 */
	int64_t requested_ms, uid;
	unsigned reset_id;    /* of SCRIPT_PUT and SCRIPT_PATH */
	enum op_kind op_kind; /* the same */
};

struct script;

/* Attaches a source to this cluster, which frees it.  Never returns NULL. */
struct script *script_attach(struct cluster *, int64_t interval_ms);
const struct source_ops *script_ops(void);

/* Runs one line; returns -1 if it is invalid. */
int script_do(struct script *, const char *line, int64_t now_ms);
/* Formats and runs one line; fails the test if it is invalid. */
void script_run(struct script *, int64_t now_ms, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Sets the wall clock: from now on each list has the date of the cluster. */
void script_wall(struct script *, struct moment now);

/* Passes the answers due to the sink, as turn() of the source does too. */
void script_arrive(struct script *, int64_t now_ms);

/* Counts of requests. */
struct script_count {
	union {
		unsigned topics[SCRIPT_KINDS]; /* by kind */
		struct {
			unsigned lists, ones, modules, data[TOPIC_COUNT - TOPIC_EVENTS], puts,
				paths;
		};
	};
	unsigned bad_lists, bodies; /* failed lists; PUTs with a body */
	unsigned yeses, noes;	    /* answers of the user */
	unsigned in_flight, max_in_flight;
	unsigned data_in_flight, max_data_in_flight;
	int64_t last_put_uid; /* the database of the last PUT */
};
const struct script_count *script_counts(const struct script *);

/* For a test that records requests and replies; on_reply (or NULL) comes before the sink gets
 * the reply. */
struct script_watch {
	void (*on_request)(void *arg, const struct script_request *);
	void (*on_reply)(void *arg, const struct script_request *, const struct observation *,
			 const struct reset_answer *);
};
void script_watch(struct script *, const struct script_watch *, void *arg);
