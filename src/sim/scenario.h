/*
 * sim/scenario.h - a cluster described in a JSON file.  sim_api_new() parses it.
 * bdbtop-sim(1) describes it.  All keys are optional; an unknown one is an error.
 */
#pragma once

#include <json-c/json.h>

#include "bdbtop/sim/api.h"
#include "cluster.h"

/* The scenarios of assets/scenarios, compiled in; src/sim/builtin.sh generates the source. */
struct sim_builtin {
	const char *name;		/* "triage" */
	const char *const *lines;	/* NULL at the end */
};

/* A row without a name is the end. */
extern const struct sim_builtin sim_builtins[];

/*
 * Make a cluster from a scenario that is built in, or from a file (name has a '/'
 * or a '.').  NULL with *err, which locates the error.
 */
struct sim_api *sim_scenario_load(const struct sim_setup *, const char *name, struct err *err);

/*
 * Set everything that the description contains except the uid.  Times move by
 * shift_s seconds.  Returns 0, or -1 with *err, whose text starts with where
 * ("file: databases[3]") and names the key; some fields may be set then.
 */
int sim_bdb_spec_apply(struct sim_bdb *, struct json_object *, int64_t shift_s, const char *where,
		       struct err *);

/* A new database from a description with a uid; NULL with *err.  The caller owns it. */
struct sim_bdb *sim_bdb_spec_new(struct json_object *, uint64_t seed, int64_t shift_s,
				 const char *where, struct err *);

/* Generated databases, in addition to those that a scenario describes. */
struct sim_generate {
	struct json_object *names;	/* array, or NULL: "cache-00007" */
	struct json_object *groups;	/* array of { "count", "like" }, or NULL */
	int64_t total;			/* databases after generation; -1: generate none */
	int64_t shift_s;		/* offset for the times in groups */
};

/*
 * Add databases under free uids from 1 on until there are total: first those of
 * the groups, then healthy ones with backups on time.  0, or -1 with *err.
 */
int sim_generate(struct sim_cluster *, const struct sim_generate *, const char *location,
		 struct err *);

/* Set the created time of a database without one: 30 to 900 days before now_ms. */
void sim_generate_created_time(struct sim_bdb *, int64_t now_ms);

/*
 * Set the tags env and team of a database without tags.  They derive from the uid, so
 * that no random number is used.
 */
void sim_generate_tags(struct sim_bdb *);
