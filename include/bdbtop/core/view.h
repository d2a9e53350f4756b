/*
 * core/view.h - which rows are shown, in which order, and where the cursor is: all by identity.
 *
 * The cursor belongs to a database, never to a row number.  A held row (one with a result) keeps
 * its place and stays shown whatever the filter.  While frozen (a question is open) no row
 * moves, comes or goes.
 */
#ifndef BDBTOP_CORE_VIEW_H
#define BDBTOP_CORE_VIEW_H

#include "bdbtop/core/sort_order.h"

/* One candidate row. */
struct view_item {
	struct bdb_id id;
	struct sort_key key;	/* what the list is sorted by; where it ties: */
	int rank;	/* lower is further up; ties by cluster, then uid */
	unsigned generation;	/* a mark dies with it */
	bool keep_place;	/* keeps its place, shown whatever the filter */
	bool matches;	/* the filter lets it through */
};

struct view;

/* An empty one, or NULL when memory is out; NULL is borne by free. */
struct view *view_new(void);
void view_free(struct view *);

/*
 * Repair rows and order from the whole set of candidates (any order).  The first update with
 * rows puts the cursor on the first row; later ones keep it on its database.  When that is no
 * longer shown, the cursor goes to the row that now stands nearest to its old place.  -1 when
 * memory is out: the old rows stay.
 */
int view_update(struct view *, const struct view_item *, size_t count);

/* Which way the keys of items are sorted from the next update on; ranks never turn. */
void view_reverse(struct view *, bool);

/*
 * Marks belong to a database, shown or not; one that is gone, or another one under its uid, has
 * none (view_update() sees to that, frozen or not, and also when memory is out).  What is no
 * candidate of the last update cannot be marked.  view_mark_shown() marks every row, or, where all
 * of them are marked, takes their marks away.  -1 when memory is out: nothing changed.
 */
int view_mark(struct view *, struct bdb_id, bool);
int view_mark_shown(struct view *);
void view_unmark_all(struct view *);
bool view_is_marked(const struct view *, struct bdb_id);
size_t view_marked_count(const struct view *);		/* how many, and one of them, by id */
struct bdb_id view_marked_at(const struct view *, size_t index);
bool view_is_shown(const struct view *, struct bdb_id);

/* Updates while frozen change nothing; the first one after it repairs. */
void view_freeze(struct view *, bool);

/* Rows shown, candidates that the filter left out, and the database at a row below view_rows(). */
size_t view_rows(const struct view *);
size_t view_hidden(const struct view *);
struct bdb_id view_at(const struct view *, size_t row);

/* Where the cursor is; either pointer may be NULL.  False, with nothing set, without a row. */
bool view_cursor(const struct view *, struct bdb_id *out, size_t *row);

/* Move by rows, or to one; both stop at the ends. */
void view_move(struct view *, long by);
void view_move_to(struct view *, size_t row);

/* First row on the screen when `height` rows fit: moved no more than needed to show the cursor. */
size_t view_top(struct view *, size_t height);

#endif
