/*
 * core/cluster_data.h - what a cluster tells beside its databases: events, alerts, actions, shards,
 * traits.
 *
 * Plain records; strings are the cluster's raw bytes, never NULL.  They live as long as the call
 * that hands them over; who keeps one copies it.  uid 0: about no database.
 */
#ifndef BDBTOP_BDBTOP_CORE_CLUSTER_DATA_H
#define BDBTOP_BDBTOP_CORE_CLUSTER_DATA_H

#include "bdbtop/core/bdb.h"

enum event_class {
	EVENT_OTHER,
	EVENT_STARTED, EVENT_SUCCEEDED, EVENT_FAILED,	/* of kind */
};

/* One line of GET /v1/logs (API page 4.2); the name comes with and without the prefix `bdb_`. */
struct event {
	int64_t time_s;			/* the cluster's clock */
	int64_t uid;
	enum event_class class;
	enum op_kind kind;		/* all but OTHER */
	const char *type;		/* `backup_failed`, as it came */
	const char *severity;		/* `ERROR`, or "" */
	const char *text;		/* description, else "" */
};

/* One alert of one database (API page 4.3). */
struct alert {
	int64_t uid;
	const char *name;		/* `bdb_backup_delayed` */
	bool enabled, on;
	int64_t since_s;		/* change_time, 0 not known */
	const char *threshold;		/* as it came, or "" */
	const char *severity;
};

/* What one shard does in an action (API page 4.1, pending_ops). */
struct action_op {
	int64_t shard;			/* uid, 0 not told */
	int64_t heartbeat_s;		/* seconds since 1970, 0 not told */
	double percent;			/* -1 not told */
	const char *name;		/* op_name, or "" */
	const char *description;	/* status_description, or "" */
};
struct action {
	int64_t uid;			/* of the database, from object_uid or object_name */
	const char *id, *name, *type, *status;
	bool running;			/* by its status: the union values both lists */
	double percent;			/* -1 not told */
	int64_t created_s;		/* 0 not told */
	const struct action_op *ops;
	size_t op_count;
};

/* One shard (objects/shard). */
struct shard {
	int64_t uid, bdb, node;		/* 0 not told */
	const char *role, *status, *detailed_status;
	double backup_percent, loading_percent;	/* -1 not told */
	const char *backup_status, *loading_status;
};

/* What a database is: module names, tags as `KEY=VALUE`; a single read tells the rest too. */
struct bdb_info {
	int64_t uid;
	const char *const *modules;
	size_t module_count;
	const char *const *tags;
	size_t tag_count;
	const char *version, *redis_version;	/* "" not told */
	int64_t shards_count, memory_size;	/* -1 not told; memory in bytes, 0 no limit */
};

/* One node of the cluster (API page 4). */
struct node {
	int64_t uid;			/* 0 not told */
	const char *address, *status, *version;	/* version: `8.0.2-17`, software_version */
};

/* One answer: of the arrays only that of its topic is filled. */
struct cluster_data {
	const struct event *events;	/* newest first */
	size_t event_count;
	const struct alert *alerts;
	size_t alert_count;
	const struct action *actions;
	size_t action_count;
	const struct shard *shards;
	size_t shard_count;
	const struct bdb_info *bdb_infos;
	size_t bdb_info_count;
	const struct node *nodes;
	size_t node_count;
	size_t unreadable;		/* elements that are none */
	bool truncated;			/* as many events as were asked for: there may be more */
};

#endif
