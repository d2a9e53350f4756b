/*
 * cluster_internal.h - the struct that cluster.c and api_data.c share.
 */
#ifndef BDBTOP_SIM_CLUSTER_INTERNAL_H
#define BDBTOP_SIM_CLUSTER_INTERNAL_H

#include "cluster.h"

struct sim_module {
	char *name, *version, *capabilities;
};

struct scheduled_line {
	int64_t at_ms;
	char *text;
};

struct sim_cluster {
	struct sim_defaults defaults;
	int64_t now_ms;
	struct sim_bdb **bdbs;		/* by uid */
	size_t count, size;
	struct sim_module *modules;
	size_t module_count;
	char **nodes;
	size_t node_count;
	struct scheduled_line *lines;	/* by time */
	size_t line_count, line_next;
	sim_line_fn *on_line;
	void *on_line_arg;
	int64_t ambient_change_mean_ms, ambient_change_ms;
	struct sim_rng rng;
	struct sim_event_log *event_log;
	int64_t next_shard_uid;		/* for databases without first_shard_uid */
};

#endif
