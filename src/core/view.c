#include "bdbtop/core/view.h"

#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"

#define NO_ROW SIZE_MAX
#define MARKS_MAX 1000000 /* of all clusters */

/* A candidate of the newest update, for marks. */
struct view_candidate {
	struct bdb_id id;
	unsigned generation;
};

struct view_shown {
	struct bdb_id id;
	bool kept; /* only because it keeps its place */
};

struct view_mark {
	struct bdb_id id;
	unsigned generation;
	bool seen; /* in the current update */
};

struct view {
	struct bdb_id *rows;
	struct view_shown *shown; /* the same by id */
	size_t count, hidden, kept;
	struct view_candidate *candidates; /* by id */
	size_t candidate_count;
	struct view_mark *marks; /* by id */
	size_t mark_count, mark_capacity;
	size_t top;
	struct bdb_id cursor; /* stays while there are no rows */
	size_t cursor_row;
	bool started; /* the cursor was set once */
	bool frozen, resort;
	bool reversed;
};

/* A shown candidate during an update. */
struct view_slot {
	const struct view_item *item;
	size_t row; /* of one that keeps its place: the old row, then the new one */
};

struct view *view_new(void)
{
	return calloc(1, sizeof(struct view));
}

void view_free(struct view *view)
{
	if (!view)
		return;
	free(view->rows);
	free(view->shown);
	free(view->candidates);
	free(view->marks);
	free(view);
}

/* Compares ids, or structs that begin with one. */
static int by_id(const void *left, const void *right)
{
	return bdb_id_compare(left, right);
}

static int slots_by_id(const void *left, const void *right)
{
	const struct view_slot *a = left, *b = right;

	return bdb_id_compare(&a->item->id, &b->item->id);
}

static int compare_key(const struct sort_key *a, const struct sort_key *b)
{
	if (a->text && b->text)
		return text_compare(a->text, b->text);
	return a->number < b->number ? -1 : a->number > b->number;
}

static int slots_by_order(const void *left, const void *right, void *arg)
{
	const struct view_item *a = ((const struct view_slot *)left)->item,
			       *b = ((const struct view_slot *)right)->item;
	const struct view *view = arg;
	int order = 0;

	if (a->key.unknown != b->key.unknown)
		return a->key.unknown ? 1 : -1;
	if (!a->key.unknown)
		order = compare_key(&a->key, &b->key);
	if (order)
		return view->reversed ? -order : order;
	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	return bdb_id_compare(&a->id, &b->id);
}

static int slots_by_row(const void *left, const void *right)
{
	const struct view_slot *a = left, *b = right;

	return a->row < b->row ? -1 : a->row > b->row;
}

/* Candidates are mostly sorted by id already. */
static void sort_by_id(void *at, size_t count, size_t size)
{
	const char *one = at;
	size_t i;

	for (i = 1; i < count; i++)
		if (by_id(one + (i - 1) * size, one + i * size) > 0) {
			qsort(at, count, size, by_id);
			return;
		}
}

static void *find_by_id(struct bdb_id id, void *at, size_t count, size_t size)
{
	return array_find(&id, at, count, size, by_id);
}

static struct view_mark *find_mark(const struct view *view, struct bdb_id id)
{
	return find_by_id(id, view->marks, view->mark_count, sizeof(*view->marks));
}

static const struct view_candidate *find_candidate(const struct view *view, struct bdb_id id)
{
	return find_by_id(id, view->candidates, view->candidate_count, sizeof(*view->candidates));
}

static bool is_wanted(const struct view_item *item)
{
	return item->keep_place || item->matches;
}

/* Fills in the shown candidates, those that keep their place first; returns the number of these. */
static size_t slots_fill(struct view_slot *slots, const struct view_item *items, size_t count)
{
	size_t kept_count = 0, other = 0, i;

	for (i = 0; i < count; i++)
		other += items[i].keep_place;
	for (i = 0; i < count; i++)
		if (is_wanted(&items[i]))
			slots[items[i].keep_place ? kept_count++ : other++] =
				(struct view_slot){ .item = &items[i], .row = NO_ROW };
	return kept_count;
}

/* Sorts those that keep their place by their old row; returns how many had one. */
static size_t slots_restore(struct view_slot *slots, size_t kept_count, const struct view *view)
{
	size_t row, fixed_count = 0;

	if (!kept_count || view->resort)
		return 0;
	qsort(slots, kept_count, sizeof(*slots), slots_by_id);
	for (row = 0; row < view->count; row++) {
		const struct view_item item = { .id = view->rows[row] };
		struct view_slot key = { .item = &item }, *slot;

		slot = array_find(&key, slots, kept_count, sizeof(*slots), slots_by_id);
		if (!slot)
			continue;
		slot->row = row;
		fixed_count++;
	}
	qsort(slots, kept_count, sizeof(*slots), slots_by_row);
	return fixed_count;
}

/* Fixed rows keep their row, or the nearest one in a shorter list; the others fill the rest. */
static void slots_to_rows(struct view_slot *slots, size_t fixed_count, size_t count,
			  struct bdb_id *rows)
{
	size_t limit = count, i, row;
	struct view_slot *kept = slots, *other = slots + fixed_count;

	for (i = fixed_count; i-- > 0; limit = slots[i].row)
		if (slots[i].row >= limit)
			slots[i].row = limit - 1;
	for (row = 0; row < count; row++)
		rows[row] = kept < slots + fixed_count && kept->row == row ? (kept++)->item->id
									   : (other++)->item->id;
}

static bool find_row(const struct view *view, struct bdb_id id, size_t *row)
{
	size_t i;

	for (i = 0; i < view->count; i++)
		if (!bdb_id_compare(&view->rows[i], &id)) {
			*row = i;
			return true;
		}
	return false;
}

static void cursor_repair(struct view *view)
{
	if (!view->count || (view->started && find_row(view, view->cursor, &view->cursor_row)))
		return;
	view_move_to(view, view->cursor_row);
	view->started = true;
}

/* Removes the marks of databases that are gone or replaced under their uid.  Allocates nothing, so
 * that a mark never stays on the wrong database. */
static void marks_prune(struct view *view, const struct view_item *items, size_t count)
{
	size_t i, kept = 0;

	for (i = 0; view->mark_count && i < count; i++) {
		struct view_mark *mark = find_mark(view, items[i].id);

		if (mark)
			mark->seen = mark->generation == items[i].generation;
	}
	for (i = 0; i < view->mark_count; i++)
		if (view->marks[i].seen) {
			view->marks[kept] = view->marks[i];
			view->marks[kept++].seen = false;
		}
	view->mark_count = kept;
}

static int replace_candidates(struct view *view, const struct view_item *items, size_t count)
{
	struct view_candidate *known = count ? malloc(count * sizeof(*known)) : NULL;
	size_t i;

	if (count && !known)
		return -1;
	for (i = 0; i < count; i++)
		known[i] = (struct view_candidate){ items[i].id, items[i].generation };
	sort_by_id(known, count, sizeof(*known));
	free(view->candidates);
	view->candidates = known;
	view->candidate_count = count;
	return 0;
}

/* Computes the rows, and the same ids sorted. */
static int arrange_rows(struct view *view, const struct view_item *items, size_t count,
			size_t wanted)
{
	struct bdb_id *rows = malloc(wanted * sizeof(*rows));
	struct view_shown *shown = malloc(wanted * sizeof(*shown));
	struct view_slot *slots = malloc(wanted * sizeof(*slots));
	size_t fixed_count, i, at = 0;

	if (!rows || !shown || !slots) {
		free(rows);
		free(shown);
		free(slots);
		return -1;
	}
	fixed_count = slots_restore(slots, slots_fill(slots, items, count), view);
	qsort_r(slots + fixed_count, wanted - fixed_count, sizeof(*slots), slots_by_order, view);
	slots_to_rows(slots, fixed_count, wanted, rows);
	free(slots);
	for (i = 0; i < count; i++)
		if (is_wanted(&items[i]))
			shown[at++] = (struct view_shown){ items[i].id, !items[i].matches };
	sort_by_id(shown, wanted, sizeof(*shown));
	free(view->rows);
	free(view->shown);
	view->rows = rows;
	view->shown = shown;
	return 0;
}

int view_update(struct view *view, const struct view_item *items, size_t count)
{
	size_t wanted = 0, i;

	marks_prune(view, items, count);
	if (replace_candidates(view, items, count) < 0)
		return -1;
	if (view->frozen)
		return 0;
	for (i = 0; i < count; i++)
		wanted += is_wanted(&items[i]);
	if (wanted && arrange_rows(view, items, count, wanted) < 0)
		return -1;
	view->count = wanted;
	view->hidden = count - wanted;
	view->kept = 0;
	for (i = 0; i < wanted; i++)
		view->kept += view->shown[i].kept;
	view->resort = false;
	cursor_repair(view);
	return 0;
}

void view_reverse(struct view *view, bool reversed)
{
	view->reversed = reversed;
}

static bool marks_reserve(struct view *view, size_t more)
{
	return ARRAY_RESERVE(view->marks, view->mark_capacity, view->mark_count + more, MARKS_MAX);
}

static struct view_mark mark_make(const struct view_candidate *known)
{
	return (struct view_mark){ .id = known->id, .generation = known->generation };
}

int view_mark(struct view *view, struct bdb_id id, bool marked)
{
	size_t size = sizeof(*view->marks), at;
	const struct view_candidate *known = find_candidate(view, id);

	at = array_index(&id, view->marks, view->mark_count, size, by_id);
	if (view_is_marked(view, id)) {
		if (!marked)
			array_remove(view->marks, &view->mark_count, at, size);
		return 0;
	}
	if (!marked || !known)
		return 0;
	if (!marks_reserve(view, 1))
		return -1;
	array_insert(view->marks, &view->mark_count, at, size);
	view->marks[at] = mark_make(known);
	return 0;
}

static void unmark_shown(struct view *view)
{
	size_t i, kept = 0;

	for (i = 0; i < view->mark_count; i++)
		if (!view_is_shown(view, view->marks[i].id))
			view->marks[kept++] = view->marks[i];
	view->mark_count = kept;
}

int view_mark_shown(struct view *view)
{
	size_t row, fresh = 0, added = 0;

	for (row = 0; row < view->count; row++)
		fresh += find_candidate(view, view->rows[row]) && !find_mark(view, view->rows[row]);
	if (!fresh)
		unmark_shown(view);
	if (!fresh)
		return 0;
	if (!marks_reserve(view, fresh))
		return -1;
	for (row = 0; row < view->count; row++) {
		const struct view_candidate *known = find_candidate(view, view->rows[row]);

		if (known && !find_mark(view, known->id))
			view->marks[view->mark_count + added++] = mark_make(known);
	}
	view->mark_count += added;
	sort_by_id(view->marks, view->mark_count, sizeof(*view->marks));
	return 0;
}

void view_unmark_all(struct view *view)
{
	view->mark_count = 0;
}

bool view_is_marked(const struct view *view, struct bdb_id id)
{
	return find_mark(view, id) != NULL;
}

size_t view_marked_count(const struct view *view)
{
	return view->mark_count;
}

struct bdb_id view_marked_at(const struct view *view, size_t index)
{
	return view->marks[index].id;
}

static const struct view_shown *find_shown(const struct view *view, struct bdb_id id)
{
	return find_by_id(id, view->shown, view->count, sizeof(*view->shown));
}

bool view_is_shown(const struct view *view, struct bdb_id id)
{
	return find_shown(view, id) != NULL;
}

bool view_is_kept(const struct view *view, struct bdb_id id)
{
	const struct view_shown *shown = find_shown(view, id);

	return shown && shown->kept;
}

size_t view_kept(const struct view *view)
{
	return view->kept;
}

void view_resort(struct view *view)
{
	view->resort = true;
}

void view_freeze(struct view *view, bool frozen)
{
	view->frozen = frozen;
}

size_t view_rows(const struct view *view)
{
	return view->count;
}

size_t view_hidden(const struct view *view)
{
	return view->hidden;
}

struct bdb_id view_at(const struct view *view, size_t row)
{
	return view->rows[row];
}

bool view_cursor(const struct view *view, struct bdb_id *out, size_t *row)
{
	if (!view->count)
		return false;
	if (out)
		*out = view->cursor;
	if (row)
		*row = view->cursor_row;
	return true;
}

void view_move_to(struct view *view, size_t row)
{
	if (!view->count)
		return;
	view->cursor_row = row < view->count ? row : view->count - 1;
	view->cursor = view->rows[view->cursor_row];
}

void view_move(struct view *view, long by)
{
	size_t back = by < 0 ? (size_t)0 - (size_t)by : 0;

	if (by >= 0)
		view_move_to(view, view->cursor_row + (size_t)by);
	else
		view_move_to(view, view->cursor_row > back ? view->cursor_row - back : 0);
}

size_t view_top(struct view *view, size_t height)
{
	size_t last = view->count > height ? view->count - height : 0;

	if (!height)
		return view->top;
	if (view->cursor_row < view->top)
		view->top = view->cursor_row;
	if (view->cursor_row >= view->top + height)
		view->top = view->cursor_row - height + 1;
	if (view->top > last)
		view->top = last;
	return view->top;
}
