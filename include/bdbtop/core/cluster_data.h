/*
 * core/cluster_data.h - what is read from a cluster besides the list of databases: events, alerts,
 * actions, shards, nodes, and the modules, tags and sizes of databases.
 *
 * Plain records.  Strings are the cluster's raw bytes, never NULL.  A record is valid only during
 * the call that passes it; the receiver copies what it keeps.  uid 0: about no database.
 */
#ifndef BDBTOP_BDBTOP_CORE_CLUSTER_DATA_H
#define BDBTOP_BDBTOP_CORE_CLUSTER_DATA_H

#include "bdbtop/core/bdb.h"

enum event_class {
	EVENT_OTHER,
	EVENT_STARTED, EVENT_SUCCEEDED, EVENT_FAILED,	/* of kind */
};

/* One event of GET /v1/logs.  Its type may have the prefix `bdb_`. */
struct event {
	int64_t time_s;			/* seconds since 1970, the cluster's clock */
	int64_t uid;
	enum event_class class;
	enum op_kind kind;		/* not for EVENT_OTHER */
	const char *type;		/* `backup_failed`, as received */
	const char *severity;		/* `ERROR`, or "" */
	const char *text;		/* description, else "" */
};

/* One alert of one database, from GET /v1/bdbs/alerts. */
struct alert {
	int64_t uid;
	const char *name;		/* `bdb_backup_delayed` */
	bool enabled, on;
	int64_t since_s;		/* change_time; 0: not known */
	const char *threshold;		/* as received, or "" */
	const char *severity;
};

/* What one shard does in an action: one entry of pending_ops. */
struct action_op {
	int64_t shard;			/* uid; 0: not reported */
	int64_t heartbeat_s;		/* seconds since 1970; 0: not reported */
	double percent;			/* -1: not reported */
	const char *name;		/* op_name, or "" */
	const char *description;	/* status_description, or "" */
};
struct action {
	int64_t uid;			/* of the database, from object_uid or object_name */
	const char *id, *name, *type, *status;
	bool running;			/* its status means running */
	double percent;			/* -1: not reported */
	int64_t created_s;		/* seconds since 1970; 0: not reported */
	const struct action_op *ops;
	size_t op_count;
};

/* One shard, from GET /v1/bdbs/{uid}/shards. */
struct shard {
	int64_t uid, bdb, node;		/* 0: not reported */
	const char *role, *status, *detailed_status;
	double backup_percent, loading_percent;	/* -1: not reported */
	const char *backup_status, *loading_status;
};

/* Module names and tags (`KEY=VALUE`) of a database; the rest only from a read of this one. */
struct bdb_info {
	int64_t uid;
	const char *const *modules;
	size_t module_count;
	const char *const *tags;
	size_t tag_count;
	const char *version, *redis_version;	/* "": not reported */
	int64_t shards_count, memory_size;	/* -1: not reported; bytes, 0: no limit */
};

/* One node of the cluster, from GET /v1/nodes. */
struct node {
	int64_t uid;			/* 0: not reported */
	const char *address, *status, *version;	/* version: software_version, `8.0.2-17` */
};

/* One reply: only the array of its topic is filled. */
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
	size_t unreadable;		/* elements that could not be read */
	bool truncated;			/* as many events as were requested: there may be more */
};

#endif
