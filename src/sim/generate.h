/*
 * sim/generate.h - generated databases, in addition to those that a scenario describes.
 */
#ifndef BDBTOP_SIM_GENERATE_H
#define BDBTOP_SIM_GENERATE_H

#include <json-c/json.h>

#include "bdbtop/core/err.h"
#include "cluster.h"

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

#endif
