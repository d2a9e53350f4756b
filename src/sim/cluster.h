/*
 * sim/cluster.h - the simulated cluster: databases by uid, modules, nodes and
 * scheduled events.
 *
 * All functions take the time as an argument; they use no clock, file or
 * network.  now_ms never decreases.  A cluster owns its databases; pointers to
 * them are valid until the next sim_cluster_advance() or change.
 */
#pragma once

#include "bdbtop/core/err.h"
#include "bdb.h"
#include "buffer.h"
#include "event_log.h"
#include "field.h"
#include "lifecycle.h"

/* Run one line of a scenario's events: 0, or -1 with *err; see sim/verb.h. */
typedef int sim_line_fn(void *arg, const char *line, int64_t now_ms, struct err *);

struct scheduled_line {
	int64_t at_ms;
	char *text;
};

/* Other files only read it. */
struct sim_cluster {
	struct sim_defaults defaults;
	int64_t now_ms;
	struct sim_bdb **bdbs;		/* by uid */
	size_t count, size;
	struct json_object *modules, *nodes;	/* arrays, as reported */
	struct scheduled_line *lines;	/* by time */
	size_t line_count, line_size, line_next;
	sim_line_fn *on_line;
	void *on_line_arg;
	int64_t ambient_change_ms;	/* when one is added, renamed, deleted or recreated */
	struct sim_rng rng;
	struct sim_event_log *event_log;
	int64_t next_shard_uid;		/* for databases without first_shard_uid */
};

/* A new empty cluster at the start of the setup; the defaults are copied.  on_line runs the
 * scheduled lines; its errors are ignored, so check the lines first.  sim_cluster_free() accepts
 * NULL. */
struct sim_cluster *sim_cluster_new(const struct sim_defaults *, sim_line_fn *on_line, void *arg);
void sim_cluster_free(struct sim_cluster *);

/*
 * Add a database, which the cluster then owns; start its lifecycle and write its
 * past into the event log.  Returns false if the uid is in use; the caller then
 * still owns the database.
 */
bool sim_cluster_add(struct sim_cluster *, struct sim_bdb *);
/* The database with this uid, or NULL. */
struct sim_bdb *sim_cluster_find(const struct sim_cluster *, int64_t uid);
/* Return false if no database has this uid. */
bool sim_cluster_delete(struct sim_cluster *, int64_t uid);
bool sim_cluster_recreate(struct sim_cluster *, int64_t uid);

/* Run a line at this time; lines for the same time keep their order.  line is copied. */
void sim_cluster_schedule(struct sim_cluster *, int64_t at_ms, const char *line);

/* Run everything that is due up to and including now_ms. */
void sim_cluster_advance(struct sim_cluster *, int64_t now_ms);

enum sim_reset_result {
	SIM_RESET_ACCEPTED,
	SIM_RESET_UNANSWERED,
	SIM_RESET_GONE,
	SIM_RESET_FORBIDDEN,
	SIM_RESET_NO_CAPABILITY,
	SIM_RESET_BUSY,
};

/*
 * One PUT of a reset, by a user who may reset, at the cluster's time.  A
 * behaviour of the database that decides the result is counted in fired, which
 * has SIM_FAULT_KINDS elements.
 */
enum sim_reset_result sim_cluster_reset(struct sim_cluster *, int64_t uid, enum sim_kind,
					unsigned long fired[]);
