/*
 * sim/generate.h - the many databases that nobody described one by one.
 */
#ifndef BDBTOP_SIM_GENERATE_H
#define BDBTOP_SIM_GENERATE_H

#include <json-c/json.h>

#include "bdbtop/core/err.h"
#include "bdbtop/sim/cluster.h"

struct sim_generate {
	struct json_object *names;	/* array, or NULL: "cache-00007" */
	struct json_object *groups;	/* array of { "count", "like" }, or NULL */
	int64_t total;			/* databases in all; -1: add none */
	int64_t shift_s;		/* points in time of the groups are moved by this */
};

/*
 * Give free uids from 1 on to databases until there are total: first those of
 * the groups, then quiet ones that are backed up in time.  -1 with *err.
 */
int sim_generate(struct sim_cluster *, const struct sim_generate *, const char *location,
		 struct err *);

/* Give a database without a time of creation one, 30 to 900 days before now. */
void sim_generate_created_time(struct sim_bdb *, int64_t now_ms);

/* Give a database without tags two to look for, env and team: by its uid, so it costs no chance. */
void sim_generate_tags(struct sim_bdb *);

#endif
