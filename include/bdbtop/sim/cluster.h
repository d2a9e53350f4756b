/*
 * sim/cluster.h - the simulated cluster: databases by uid, modules, nodes,
 * and what is going to happen to them.
 *
 * Pure on a given now: no clock is read, no file, no network.  now never goes
 * back.  A cluster owns its databases; pointers to them are good until the
 * next turn or change.
 */
#ifndef BDBTOP_SIM_CLUSTER_H
#define BDBTOP_SIM_CLUSTER_H

#include "bdbtop/core/err.h"
#include "bdbtop/sim/bdb.h"
#include "bdbtop/sim/buffer.h"
#include "bdbtop/sim/event_log.h"
#include "bdbtop/sim/field.h"
#include "bdbtop/sim/lifecycle.h"

struct sim_cluster;

/* Carries out one line of a scenario's events; see sim/command. */
typedef int sim_line_fn(struct sim_cluster *, const char *line, int64_t now_ms, struct err *);

/* An empty cluster whose clock stands at now; the house is copied. */
struct sim_cluster *sim_cluster_new(const struct sim_defaults *, int64_t now_ms);
void sim_cluster_free(struct sim_cluster *);

/* Its house, and the time it has lived to. */
const struct sim_defaults *sim_cluster_defaults(const struct sim_cluster *);
int64_t sim_cluster_now(const struct sim_cluster *);

/*
 * Take a database and begin its life; what was before is written into the
 * diary.  False: the uid is taken; then it stays the caller's.
 */
bool sim_cluster_add(struct sim_cluster *, struct sim_bdb *);
/* The database of that uid, or NULL; how many there are. */
struct sim_bdb *sim_cluster_find(struct sim_cluster *, int64_t uid);
size_t sim_cluster_count(const struct sim_cluster *);
/* The i-th by uid. */
struct sim_bdb *sim_cluster_at(struct sim_cluster *, size_t i);
/* False: there is none of that uid. */
bool sim_cluster_delete(struct sim_cluster *, int64_t uid);
bool sim_cluster_recreate(struct sim_cluster *, int64_t uid);

/* A module of the cluster; capabilities as a JSON array.  All are copied. */
void sim_cluster_add_module(struct sim_cluster *, const char *name, const char *version,
			const char *capabilities);
/* The first of a database's modules that the cluster has without backup_restore, or NULL. */
const char *sim_cluster_find_incapable_module(const struct sim_cluster *, const struct sim_bdb *);
/* A node. */
void sim_cluster_add_node(struct sim_cluster *, const char *address);

/* Have a line carried out at a time; lines of one time keep their order.  line is copied. */
void sim_cluster_schedule(struct sim_cluster *, int64_t at_ms, const char *line);
/* Who carries the lines out; mistakes in them are his to have found before. */
void sim_cluster_set_line_handler(struct sim_cluster *, sim_line_fn *);
/*
 * Ambient upheavals: about every mean_ms one database outside the cast is
 * recreated, renamed, deleted, or a new one appears.  0: none.
 */
void sim_cluster_set_ambient_changes(struct sim_cluster *, int64_t mean_ms);

/* Let everything happen that is due up to and including now. */
void sim_cluster_advance(struct sim_cluster *, int64_t now_ms);

enum sim_reset_result {
	SIM_RESET_ACCEPTED,
	SIM_RESET_UNANSWERED,
	SIM_RESET_GONE,
	SIM_RESET_FORBIDDEN,
	SIM_RESET_NO_CAPABILITY,
	SIM_RESET_BUSY,
};

/* One PUT of a reset by somebody who may reset, at the cluster's now. */
enum sim_reset_result sim_cluster_reset(struct sim_cluster *, int64_t uid, enum sim_kind);

/* Its log of events. */
struct sim_event_log *sim_cluster_event_log(struct sim_cluster *);

/* JSON as the API gives it: /v1/bdbs, /v1/modules, /v1/nodes. */
void sim_cluster_write_bdbs(struct sim_cluster *, const struct sim_fields *, struct sim_buffer *);
void sim_cluster_write_modules(const struct sim_cluster *, struct sim_buffer *);
void sim_cluster_write_nodes(const struct sim_cluster *, struct sim_buffer *);

/* JSON: shards, alerts, actions; bdb NULL: of all databases. */
void sim_cluster_write_shards(struct sim_cluster *, const struct sim_bdb *, struct sim_buffer *);
void sim_cluster_write_alerts(struct sim_cluster *, struct sim_buffer *);
void sim_cluster_write_actions(struct sim_cluster *, struct sim_buffer *);
/* The same in the forms of /v1/actions, and of /v1/actions/bdb/UID. */
void sim_cluster_write_changes(struct sim_cluster *, struct sim_buffer *);
void sim_cluster_write_changes_of(const struct sim_cluster *, const struct sim_bdb *,
				  struct sim_buffer *);
/* One action by its id, as /v1/actions or /v2/actions give it; false: there is none. */
bool sim_cluster_write_action(struct sim_cluster *, int version, const char *id,
			      struct sim_buffer *);

#endif
