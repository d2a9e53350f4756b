/*
 * core/causes.h - the problems of all databases, one group for each cause, worst first.
 *
 * A database is in one group for each of its operations that has a problem.  Memory is proportional
 * to the number of databases with a problem.  Pure.
 */
#pragma once

#include "bdbtop/core/cause.h"

struct cause_group {
	struct cause cause;
	unsigned cluster;
	size_t first, count;	/* its databases, for causes_bdb() */
	struct bdb_id sample;	/* a database whose worst problem this is, if there is one */
	/* of the one that has had the problem longest: since then, in seconds since 1970, and for
	 * so long at least; age_s -1: not known, as when no backup was ever seen */
	int64_t since_s, age_s;
	bool at_least;		/* it began before the first poll */
	size_t place;		/* of the first of its databases in the order of adding */
	int64_t loss_s;		/* worst loss window of its databases, see struct loss_sum; for an
				 * export or import LOSS_NONE */
};

struct causes;

/* Returns an empty collection, or NULL when out of memory.  causes_free() accepts NULL. */
struct causes *causes_new(void);
void causes_free(struct causes *);

/* Forgets everything; then the causes of one database are added at a time, and grouped at the end.
 * now: by which the databases were judged.  Both return 0, or -1 when out of memory: the collection
 * is then incomplete and must be cleared. */
void causes_clear(struct causes *);
int causes_add(struct causes *, struct bdb_id, const struct roster_entry *,
	       const struct filter_input *, const struct triage_now *now);
int causes_group(struct causes *);

/* The groups as they are so many seconds later, at least 0, while each database of this cluster has
 * the same causes: ages and loss windows grow. */
void causes_age(struct causes *, unsigned cluster, int64_t by_s);

/* Sorts the groups by the first of their databases, in the order in which these were added. */
void causes_sort_as_added(struct causes *);

/* The groups in their order: by state, then more databases first.  Valid until causes_clear(). */
size_t causes_count(const struct causes *);
const struct cause_group *causes_at(const struct causes *, size_t index);
/* The group of a cause, or NULL; its index in *index, which accepts NULL. */
const struct cause_group *causes_find(const struct causes *, unsigned cluster, const struct cause *,
				      size_t *index);
/* A database of a group, in order of uid; index below its count. */
struct bdb_id causes_bdb(const struct causes *, const struct cause_group *, size_t index);
