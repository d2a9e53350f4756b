/*
 * fleet/fleet.h - the clusters of this run, in the order given; one of them today.
 */
#pragma once

#include "bdbtop/fleet/cluster.h"

struct fleet;

/* An empty one, NULL when out of memory.  fleet_free() accepts NULL and frees the clusters too. */
struct fleet *fleet_new(void);
void fleet_free(struct fleet *);
/* Appends a cluster, which the fleet owns.  NULL when out of memory. */
struct cluster *fleet_add(struct fleet *, const struct cluster_setup *);
size_t fleet_count(const struct fleet *);
struct cluster *fleet_at(const struct fleet *, size_t index);

/* The calls of fleet/cluster.h for all clusters; one listener for all, also for later ones. */
void fleet_set_listener(struct fleet *, cluster_on_event_fn *, void *arg);
void fleet_tick(struct fleet *, struct moment now);
int64_t fleet_due(const struct fleet *, int64_t now_ms);
void fleet_turn(struct fleet *, struct moment now);
unsigned fleet_revision(const struct fleet *);
size_t fleet_unfinished_count(const struct fleet *);
bool fleet_has_put_in_flight(const struct fleet *);
void fleet_on_late_wake(struct fleet *, struct moment now);
/* -1 with err set (accepts NULL) if the progress of one of them could not be saved. */
int fleet_save_progress(const struct fleet *, struct moment now, struct err *);
void fleet_quit(struct fleet *, bool timed_out, struct moment now);
