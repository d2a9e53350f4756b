/*
 * core/rpo.h - how much may be lost (recovery point objective): the longest loss window that the
 * configuration allows, for all databases of a cluster and for those with a tag.  Pure.
 */
#pragma once

#include "bdbtop/core/cluster_data.h"

#define RPO_TAGS     16
#define RPO_TAG_SIZE 160

/* `tier=gold 1h`: KEY=VALUE, or KEY for any value, as in the term `tag:` of a filter. */
struct rpo_tag {
	char tag[RPO_TAG_SIZE];
	int64_t rpo_s;
};
struct rpo_tags {
	size_t count;
	struct rpo_tag item[RPO_TAGS];
};

struct rpo_rules {
	int64_t rpo_s;	/* of databases without such a tag; 0: none */
	struct rpo_tags by_tag;
};

/* True when there is one, for all databases or for a tag. */
bool rpo_is_set(const struct rpo_rules *);
/* The rpo of a database in seconds, 0: none.  The shortest of those of its tags; without any, or
 * while its tags are not known (NULL), that of all databases. */
int64_t rpo_of(const struct rpo_rules *, const struct bdb_info *);
