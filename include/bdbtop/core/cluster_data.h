/*
 * core/cluster_data.h - what is read from a cluster besides the list of databases: events, alerts,
 * actions, shards, nodes, and the modules, tags and sizes of databases.
 *
 * Plain records that contain their text, so `=` copies one, except for what `ops`, `modules` and
 * `tags` point to.  Text is the cluster's raw bytes; one that is only shown and does not fit ends
 * in `…`.  A name that decides something is complete: an element with a longer one is unreadable.
 * What is passed in a call is valid only during the call; the receiver copies what it keeps.
 * uid 0: about no database.
 */
#pragma once

#include "bdbtop/core/bdb.h"

/* What is requested from a source, see core/source.h. */
enum source_topic {
	TOPIC_LIST,	/* all databases, now */
	TOPIC_ONE,	/* the single database uid */
	TOPIC_MODULES,	/* which modules lack backup_restore; uid 0 */
	/* the topics of data, which call on_data() */
	TOPIC_EVENTS,	/* the newest events since a time; uid is that time, seconds since 1970 */
	TOPIC_ALERTS,	/* of the database uid; 0: of all */
	TOPIC_ACTIONS,	/* running and finished ones of all databases; uid 0 */
	TOPIC_SHARDS,	/* of the database uid */
	TOPIC_BDB_INFO,	/* of the database uid; 0: of all, without versions and sizes */
	TOPIC_NODES,	/* the cluster's nodes; uid 0 */
	TOPIC_COUNT
};

enum event_class {
	EVENT_OTHER,
	EVENT_STARTED,
	EVENT_SUCCEEDED,
	EVENT_FAILED, /* of kind */
};

#define DATA_NAME_SIZE 128 /* of names that decide something, with the terminator */
#define DATA_WORD_SIZE 64  /* of words that are only shown: a role, a status, a version */

/* One event of GET /v1/logs.  Its type may have the prefix `bdb_`. */
struct event {
	int64_t time_s; /* seconds since 1970, the cluster's clock */
	int64_t uid;
	size_t position; /* in the reply; orders events of one second */
	enum event_class class;
	enum op_kind kind;	       /* not for EVENT_OTHER */
	char type[DATA_NAME_SIZE];     /* `backup_failed`, as received */
	char severity[DATA_WORD_SIZE]; /* `ERROR`, or "" */
	char text[512];		       /* description, else "" */
};

/* One alert of one database, from GET /v1/bdbs/alerts. */
struct alert {
	int64_t uid;
	int64_t since_s; /* change_time; 0: not known */
	bool enabled, on;
	char name[DATA_NAME_SIZE];	/* `bdb_backup_delayed` */
	char threshold[DATA_WORD_SIZE]; /* as received, or "" */
	char severity[DATA_WORD_SIZE];
};

/* What one shard does in an action: one entry of pending_ops. */
struct action_op {
	int64_t shard;	     /* uid; 0: not reported */
	int64_t heartbeat_s; /* seconds since 1970; 0: not reported */
	double percent;	     /* -1: not reported */
};
struct action {
	int64_t uid;	   /* of the database, from object_uid or object_name */
	int64_t created_s; /* seconds since 1970; 0: not reported */
	double percent;	   /* -1: not reported */
	bool running;	   /* its status means running */
	char id[DATA_NAME_SIZE], name[DATA_NAME_SIZE], type[DATA_NAME_SIZE];
	char status[DATA_WORD_SIZE];
	const struct action_op *ops;
	size_t op_count;
};

/* One shard, from GET /v1/bdbs/{uid}/shards. */
struct shard {
	int64_t uid, bdb, node;			/* 0: not reported */
	double backup_percent, loading_percent; /* -1: not reported */
	char status[DATA_WORD_SIZE];
};

/* Module names and tags (`KEY=VALUE`) of a database, each list as strings one after the other and
 * "" after the last; the versions only from a read of this database. */
struct bdb_info {
	int64_t uid;
	int64_t shards_count, memory_size; /* -1: not reported; bytes, 0: no limit */
	const char *modules, *tags;	   /* of any length, because a filter compares them */
	char version[DATA_WORD_SIZE], redis_version[DATA_WORD_SIZE]; /* "": not reported */
};

/* Returns the string after this one in such a list. */
const char *bdb_info_next(const char *word);
/* Returns a copy with its own lists, in one block for free(); NULL when out of memory. */
struct bdb_info *bdb_info_copy(const struct bdb_info *);

/* One node of the cluster, from GET /v1/nodes. */
struct node {
	int64_t uid; /* 0: not reported */
	char version[DATA_NAME_SIZE]; /* software_version, `8.0.2-17` */
};

/* One reply: only the array of its topic is filled. */
struct cluster_data {
	const struct event *events; /* newest first */
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
	size_t unreadable; /* elements that could not be read */
	bool truncated;	   /* as many events as were requested: there may be more */
};
