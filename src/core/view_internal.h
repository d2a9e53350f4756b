/*
 * core/view_internal.h - the parts of a view: view_rows.c (candidates and their order),
 * view_sort.c, view_marks.c and view.c (the rest).
 */
#pragma once

#include "bdbtop/core/view.h"

#define VIEW_NO_INDEX UINT32_MAX

struct view_candidate {
	struct bdb_id id;
	struct sort_key key;
	uint64_t facts;
	int rank;
	unsigned generation;
};

/* What a view knows of a candidate beside that. */
enum view_flag {
	VIEW_MATCHES = 1,
	VIEW_KEEPS = 2,	 /* keeps its place */
	VIEW_SHOWN = 4,	 /* has a row, */
	VIEW_KEPT = 8,	 /* only because it keeps its place */
	VIEW_MOVED = 16, /* its place among `sorted` is not known */
	VIEW_GONE = 32,	 /* no longer a candidate; has a row while the view is frozen */
	VIEW_FIXED = 64, /* while rows are arranged: keeps its row */
};

struct view_mark {
	struct bdb_id id;
	unsigned generation;
	bool outdated; /* during an update */
};

struct view {
	struct view_candidate *candidates; /* by id */
	unsigned char *flags;		   /* of each: enum view_flag */
	size_t candidate_count, capacity;  /* capacity of each of these arrays */
	/* indexes of candidates, or VIEW_NO_INDEX in a row whose candidate is gone during an
	 * update: in the order of the keys, and those of the rows */
	uint32_t *sorted, *rows, *scratch;
	size_t sorted_count, count;
	size_t hidden, kept, moved_count, gone_count;
	struct view_mark *marks; /* by id */
	size_t mark_count, mark_capacity;
	size_t top;
	struct bdb_id cursor; /* stays while there are no rows */
	size_t cursor_row;
	bool started; /* the cursor was set once */
	bool frozen, resort;
	bool reversed, sorted_reversed;
	bool changed; /* since the rows were arranged */
};

/* A row to sort: a number with the order of its key, and the index of its candidate. */
struct sort_slot {
	uint64_t number;
	uint32_t at;
};

/* Compares two candidates by key, rank, cluster and uid; reversed: the order of the keys is. */
int view_compare(const struct view_candidate *, const struct view_candidate *, bool reversed);
/* Sorts `count` indexes, which are ascending; slots has room for twice as many. */
void view_sort(uint32_t *at, size_t count, const struct view *, struct sort_slot *slots);

/* The index of a candidate, or VIEW_NO_INDEX; and of one that is gone but has a row. */
uint32_t view_find(const struct view *, struct bdb_id);
uint32_t view_find_row(const struct view *, struct bdb_id);
/* Applies items in the order of their ids: all, or those that changed.  -1 when out of memory:
 * nothing has changed.  Then arranges the rows, unless they are frozen. */
int view_apply(struct view *, const struct view_item *, size_t count, bool all);
/* The same for keys of all candidates, which are not frozen. */
int view_set_keys(struct view *, const struct sort_key *);

/* Removes the marks of candidates that are gone or replaced, by what is true now: of items in any
 * order.  Allocates nothing. */
void view_prune_marks(struct view *, const struct view_item *, size_t count, bool all);
