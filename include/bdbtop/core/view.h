/*
 * core/view.h - which rows are shown, in which order, and where the cursor is.
 *
 * The cursor belongs to a database, not to a row number.  A row with a result keeps its place,
 * unless view_resort() sorts it with the others, and stays shown whatever the filter.  While the
 * view is frozen (a question is open), rows do not move, appear or disappear.
 */
#pragma once

#include "bdbtop/core/sort_order.h"

/* One candidate row. */
struct view_item {
	struct bdb_id id;
	struct sort_key key;	/* what the list is sorted by */
	int rank;	/* for equal keys: lower is further up; then by cluster and uid */
	unsigned generation;	/* a mark is removed when it changes */
	bool keep_place;	/* it keeps its row and is shown whatever the filter */
	bool matches;	/* the filter matches it */
	bool gone;	/* view_change(): it is no longer a candidate; only id is valid */
	uint64_t facts;	/* of the caller, for view_facts() */
};

struct view;

/* Returns an empty view, or NULL when out of memory.  view_free() accepts NULL. */
struct view *view_new(void);
void view_free(struct view *);

/*
 * Updates rows and order from all candidates (in any order).  The first update with rows puts the
 * cursor on the first row; later ones keep it on its database.  If that is no longer shown, the
 * cursor goes to the row that is now nearest to its old place.  Returns 0, or -1 when out of
 * memory: the old rows stay.
 */
int view_update(struct view *, const struct view_item *, size_t count);

/*
 * The same as view_update() of all candidates, of which only these have changed, come or gone; in
 * the order of their ids, each once.  Its cost grows with their number; of the others only a few
 * bytes are read.  A text of a sort key must be valid until its item changes or goes.
 */
int view_change(struct view *, const struct view_item *, size_t count);
/* The same if only `matches` of candidates changed; of each, in the order of their ids.  Not while
 * frozen, nor before the first update after it. */
int view_filter(struct view *, const unsigned char *matches);
/* The same for their sort keys. */
int view_sort_by(struct view *, const struct sort_key *);
size_t view_candidates(const struct view *);

/* The facts of a candidate, false if it is none; and those of a row. */
bool view_facts(const struct view *, struct bdb_id, uint64_t *facts);
uint64_t view_facts_at(const struct view *, size_t row);
/* Those of a candidate by its index in the order of their ids, and whether it matches. */
uint64_t view_facts_of(const struct view *, size_t index, bool *matches);
/* Finds the next candidate that keeps its place, from *index on, and sets *index for the next call;
 * false: none. */
bool view_next_kept(const struct view *, size_t *index, struct bdb_id *out);

/* Reverses the order of keys from the next update on; the order of ranks stays. */
void view_reverse(struct view *, bool);

/*
 * Marks belong to databases, shown or not.  view_update() removes the mark of a database that is
 * gone or replaced under its uid, even while frozen or out of memory.  Only candidates of the last
 * update can be marked.  view_mark_shown() marks every row, or, if all are marked, unmarks them.
 * Both return 0, or -1 when out of memory: nothing changed.
 */
int view_mark(struct view *, struct bdb_id, bool);
int view_mark_shown(struct view *);
void view_unmark_all(struct view *);
bool view_is_marked(const struct view *, struct bdb_id);
size_t view_marked_count(const struct view *);		/* number of marks; each in order of id */
struct bdb_id view_marked_at(const struct view *, size_t index);
/* Finds the next mark, from *index on, of a candidate that has one of these facts; false: none. */
bool view_next_marked(const struct view *, uint64_t facts, size_t *index);
bool view_is_shown(const struct view *, struct bdb_id);

/* The row is shown only because it keeps its place: the filter does not match it; and how many. */
bool view_is_kept(const struct view *, struct bdb_id);
size_t view_kept(const struct view *);
/* The next update that is not frozen sorts the rows that keep their place with the others. */
void view_resort(struct view *);

/* While frozen, updates do not change rows or cursor; the first one after it does. */
void view_freeze(struct view *, bool);

/* Rows shown, candidates that the filter hides, and the database at a row below view_rows(). */
size_t view_rows(const struct view *);
size_t view_hidden(const struct view *);
struct bdb_id view_at(const struct view *, size_t row);

/* Gets the position of the cursor; out and row each accept NULL.  False, with nothing set, if there
 * are no rows. */
bool view_cursor(const struct view *, struct bdb_id *out, size_t *row);

/* Move the cursor by rows, or to a row; both stop at the ends. */
void view_move(struct view *, long by);
void view_move_to(struct view *, size_t row);

/* Returns the first row on the screen when `height` rows fit; scrolls only as far as needed to show
 * the cursor. */
size_t view_top(struct view *, size_t height);
/* The same for any list of `count` rows: the new first row, from the old one and the cursor's. */
size_t view_scroll(size_t top, size_t row, size_t count, size_t height);
