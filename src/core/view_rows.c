/*
 * The candidates of a view, their order, and which of them have a row.
 *
 * An update costs what changed: the changed candidates are taken out of the order and merged into
 * it again.  All else are passes over arrays of indexes and flags, which are small.
 */
#include "view_internal.h"

#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/array.h"

#define CANDIDATES_MAX 10000000
/* Beside so many times as many rows, a moved one is placed by halving; else all are compared. */
#define FEW_MOVED      16

static size_t lower_index(const struct view *view, struct bdb_id id)
{
	return array_index(&id, view->candidates, view->candidate_count, sizeof(*view->candidates),
			   bdb_id_compare_at);
}

static bool is_at(const struct view *view, size_t index, struct bdb_id id)
{
	return index < view->candidate_count && !bdb_id_compare(&view->candidates[index].id, &id);
}

uint32_t view_find_row(const struct view *view, struct bdb_id id)
{
	size_t index = lower_index(view, id);

	return is_at(view, index, id) ? (uint32_t)index : VIEW_NO_INDEX;
}

uint32_t view_find(const struct view *view, struct bdb_id id)
{
	uint32_t index = view_find_row(view, id);

	return index != VIEW_NO_INDEX && view->flags[index] & VIEW_GONE ? VIEW_NO_INDEX : index;
}

/* --- candidates that come and go -------------------------------------------------------------- */

/* The new arrays while candidates come and go. */
struct view_merge {
	struct view_candidate *candidates;
	unsigned char *flags;
	uint32_t *sorted, *rows, *scratch;
	uint32_t *moved_to; /* the new index of an old candidate, or VIEW_NO_INDEX */
	size_t count, capacity;
};

static void merge_release(struct view_merge *merge)
{
	free(merge->candidates);
	free(merge->flags);
	free(merge->sorted);
	free(merge->rows);
	free(merge->scratch);
	free(merge->moved_to);
}

static bool merge_init(struct view_merge *merge, const struct view *view, size_t most)
{
	/* all rows keep their numbers until they are arranged */
	size_t capacity = most + most / 16 + 16;

	*merge = (struct view_merge){ .capacity = capacity };
	if (most > CANDIDATES_MAX)
		return false;
	merge->candidates = malloc(capacity * sizeof(*merge->candidates));
	merge->flags = malloc(capacity);
	merge->sorted = malloc(capacity * sizeof(*merge->sorted));
	merge->rows = malloc(capacity * sizeof(*merge->rows));
	merge->scratch = malloc(capacity * sizeof(*merge->scratch));
	merge->moved_to = malloc((view->candidate_count + 1) * sizeof(*merge->moved_to));
	if (merge->candidates && merge->flags && merge->sorted && merge->rows && merge->scratch &&
	    merge->moved_to)
		return true;
	merge_release(merge);
	return false;
}

/* A row that is frozen keeps its candidate. */
static bool must_stay(const struct view *view, size_t index)
{
	return view->frozen && view->flags[index] & VIEW_SHOWN;
}

static void merge_old(struct view_merge *merge, const struct view *view, size_t index, bool gone)
{
	unsigned char flags = view->flags[index];

	merge->moved_to[index] = VIEW_NO_INDEX;
	if (gone && !must_stay(view, index))
		return;
	merge->moved_to[index] = (uint32_t)merge->count;
	merge->candidates[merge->count] = view->candidates[index];
	/* one that came back is placed anew */
	merge->flags[merge->count++] = (unsigned char)(gone ? flags | VIEW_GONE | VIEW_MOVED
							    : flags & ~(unsigned)VIEW_GONE);
}

static void merge_new(struct view_merge *merge, const struct view_item *item)
{
	merge->candidates[merge->count] = (struct view_candidate){ .id = item->id };
	merge->flags[merge->count++] = VIEW_MOVED;
}

/* One that was gone already is gone unless there is an item of it again. */
static bool is_gone(const struct view *view, size_t index, const struct view_item *item, bool all)
{
	return item ? item->gone : all || view->flags[index] & VIEW_GONE;
}

static void merge_all(struct view_merge *merge, const struct view *view,
		      const struct view_item *items, size_t count, bool all)
{
	size_t old = 0, i = 0;

	while (old < view->candidate_count || i < count) {
		int order = old == view->candidate_count ? 1
			    : i == count		 ? -1
					 : bdb_id_compare(&view->candidates[old].id, &items[i].id);
		const struct view_item *item = order >= 0 ? &items[i++] : NULL;

		if (order <= 0) {
			merge_old(merge, view, old, is_gone(view, old, item, all));
			old++;
		} else if (!item->gone) {
			merge_new(merge, item);
		}
	}
}

/* The same list of indexes, with the new ones; without those that are gone, or with a gap. */
static size_t renumber(uint32_t *to, const uint32_t *from, size_t count,
		       const struct view_merge *merge, bool gaps)
{
	size_t i, kept = 0;

	for (i = 0; i < count; i++) {
		uint32_t index = from[i] == VIEW_NO_INDEX ? from[i] : merge->moved_to[from[i]];

		if (gaps || index != VIEW_NO_INDEX)
			to[kept++] = index;
	}
	return kept;
}

static void count_flags(struct view *view)
{
	size_t i;

	view->gone_count = view->moved_count = 0;
	for (i = 0; i < view->candidate_count; i++) {
		view->gone_count += !!(view->flags[i] & VIEW_GONE);
		view->moved_count += !!(view->flags[i] & VIEW_MOVED);
	}
}

static void use_merged(struct view *view, struct view_merge *merge)
{
	struct view_merge old = { .candidates = view->candidates,
				  .flags = view->flags,
				  .sorted = view->sorted,
				  .rows = view->rows,
				  .scratch = view->scratch,
				  .moved_to = merge->moved_to };

	view->sorted_count =
		renumber(merge->sorted, view->sorted, view->sorted_count, merge, false);
	renumber(merge->rows, view->rows, view->count, merge, true);
	view->candidates = merge->candidates;
	view->flags = merge->flags;
	view->sorted = merge->sorted;
	view->rows = merge->rows;
	view->scratch = merge->scratch;
	view->candidate_count = merge->count;
	view->capacity = merge->capacity;
	view->changed = true;
	count_flags(view);
	merge_release(&old);
}

static int come_and_go(struct view *view, const struct view_item *items, size_t count, bool all)
{
	struct view_merge merge;

	if (!merge_init(&merge, view, view->candidate_count + count))
		return -1;
	merge_all(&merge, view, items, count, all);
	use_merged(view, &merge);
	return 0;
}

/* A candidate comes or goes, or one that is gone need not stay any longer. */
static bool set_changes(const struct view *view, const struct view_item *items, size_t count,
			bool all)
{
	size_t i, index = 0;

	if (view->gone_count || (all && count != view->candidate_count))
		return true;
	for (i = 0; i < count; i++) {
		/* they are mostly all, in this order */
		if (!is_at(view, index, items[i].id))
			index = lower_index(view, items[i].id);
		if (is_at(view, index, items[i].id) == items[i].gone)
			return true;
		index++;
	}
	return false;
}

/* --- candidates that change ------------------------------------------------------------------- */

/* A text is compared with nothing: the old one may be freed. */
static bool moves(const struct view_candidate *candidate, const struct view_item *item)
{
	return item->key.text || candidate->key.text || candidate->key.number != item->key.number ||
	       candidate->key.unknown != item->key.unknown || candidate->rank != item->rank;
}

static void set_moved(struct view *view, size_t index)
{
	view->moved_count += !(view->flags[index] & VIEW_MOVED);
	view->flags[index] |= VIEW_MOVED;
	view->changed = true;
}

static void set_flag(struct view *view, size_t index, enum view_flag flag, bool on)
{
	unsigned char flags = view->flags[index];

	view->flags[index] = (unsigned char)(on ? flags | flag : flags & ~(unsigned)flag);
	view->changed |= flags != view->flags[index];
}

static void set_item(struct view *view, size_t index, const struct view_item *item)
{
	struct view_candidate *candidate = &view->candidates[index];

	if (moves(candidate, item))
		set_moved(view, index);
	*candidate = (struct view_candidate){ .id = item->id,
					      .key = item->key,
					      .facts = item->facts,
					      .rank = item->rank,
					      .generation = item->generation };
	set_flag(view, index, VIEW_MATCHES, item->matches);
	set_flag(view, index, VIEW_KEEPS, item->keep_place);
}

static void set_items(struct view *view, const struct view_item *items, size_t count)
{
	size_t i, index = 0;

	for (i = 0; i < count; i++) {
		if (!is_at(view, index, items[i].id))
			index = lower_index(view, items[i].id);
		if (!items[i].gone)
			set_item(view, index++, &items[i]);
	}
}

/* --- their order ------------------------------------------------------------------------------ */

/* Takes the moved candidates out of the order; moved gets them, in the order of their ids. */
static void take_moved(struct view *view, uint32_t *moved)
{
	size_t i, kept = 0, count = 0;

	for (i = 0; i < view->sorted_count; i++)
		if (!(view->flags[view->sorted[i]] & VIEW_MOVED))
			view->sorted[kept++] = view->sorted[i];
	view->sorted_count = kept;
	for (i = 0; count < view->moved_count && i < view->candidate_count; i++)
		if (view->flags[i] & VIEW_MOVED) {
			moved[count++] = (uint32_t)i;
			view->flags[i] &= (unsigned char)~VIEW_MOVED;
		}
	view->moved_count = 0;
}

static bool is_before(const struct view *view, uint32_t left, uint32_t right)
{
	return view_compare(&view->candidates[left], &view->candidates[right], view->reversed) < 0;
}

/* The first place from `from` on whose candidate is behind this one. */
static size_t place_of(const struct view *view, uint32_t candidate, size_t from, bool halving)
{
	size_t low = from, high = view->sorted_count;

	if (!halving) {
		while (low < high && is_before(view, view->sorted[low], candidate))
			low++;
		return low;
	}
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (is_before(view, view->sorted[middle], candidate))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void swap_lists(uint32_t **left, uint32_t **right)
{
	uint32_t *swap = *left;

	*left = *right;
	*right = swap;
}

static void merge_moved(struct view *view, const uint32_t *moved, size_t count)
{
	bool halving = count < view->sorted_count / FEW_MOVED;
	size_t from = 0, to = 0, place, i;

	for (i = 0; i < count; i++) {
		place = place_of(view, moved[i], from, halving);
		memcpy(view->scratch + to, view->sorted + from,
		       (place - from) * sizeof(*view->sorted));
		to += place - from;
		from = place;
		view->scratch[to++] = moved[i];
	}
	memcpy(view->scratch + to, view->sorted + from,
	       (view->sorted_count - from) * sizeof(*view->sorted));
	view->sorted_count += count;
	swap_lists(&view->sorted, &view->scratch);
}

/* Memory for the candidates that an update may move. */
struct view_sorting {
	struct sort_slot *slots;
	uint32_t *moved;
};

static void sort_moved(struct view *view, const struct view_sorting *sorting)
{
	size_t count = view->moved_count;

	if (!count)
		return;
	take_moved(view, sorting->moved);
	view_sort(sorting->moved, count, view, sorting->slots);
	merge_moved(view, sorting->moved, count);
}

/* --- rows ------------------------------------------------------------------------------------- */

static bool is_wanted(const struct view *view, size_t index)
{
	return view->flags[index] & (VIEW_MATCHES | VIEW_KEEPS);
}

static void count_rows(struct view *view, size_t *wanted)
{
	size_t i;

	*wanted = view->kept = 0;
	for (i = 0; i < view->candidate_count; i++) {
		unsigned flags = view->flags[i] & (VIEW_MATCHES | VIEW_KEEPS);

		if (flags)
			flags |= VIEW_SHOWN;
		if (flags == (VIEW_KEEPS | VIEW_SHOWN))
			flags |= VIEW_KEPT;
		*wanted += flags != 0;
		view->kept += !!(flags & VIEW_KEPT);
		view->flags[i] = (unsigned char)flags;
	}
}

/* Writes the candidates that keep their row to the new rows: to the same row, or the nearest one in
 * a shorter list.  Returns how many. */
static size_t place_fixed(struct view *view, uint32_t *rows, size_t count)
{
	size_t limit = count, row = view->count, fixed = 0;

	while (row-- > 0) {
		uint32_t index = view->rows[row];

		if (index == VIEW_NO_INDEX || !(view->flags[index] & VIEW_KEEPS))
			continue;
		limit = row < limit ? row : limit - 1;
		rows[limit] = index;
		view->flags[index] |= VIEW_FIXED;
		fixed++;
	}
	return fixed;
}

/* The others fill the rest, in their order. */
static void place_others(struct view *view, uint32_t *rows, size_t fixed)
{
	size_t i, row = 0;

	for (i = 0; i < view->sorted_count; i++) {
		uint32_t index = view->sorted[i];

		if (!is_wanted(view, index) || view->flags[index] & VIEW_FIXED)
			continue;
		while (fixed && rows[row] != VIEW_NO_INDEX)
			row++;
		rows[row++] = index;
	}
}

static void unfix(struct view *view, const uint32_t *rows, size_t count)
{
	size_t row;

	for (row = 0; row < count; row++)
		view->flags[rows[row]] &= (unsigned char)~VIEW_FIXED;
}

static void arrange(struct view *view)
{
	uint32_t *rows = view->scratch;
	size_t wanted, fixed = 0;

	if (!view->changed && !view->resort)
		return;
	count_rows(view, &wanted);
	if (!view->resort && wanted) {
		memset(rows, 0xff, wanted * sizeof(*rows));
		fixed = place_fixed(view, rows, wanted);
	}
	place_others(view, rows, fixed);
	if (fixed)
		unfix(view, rows, wanted);
	swap_lists(&view->rows, &view->scratch);
	view->count = wanted;
	view->hidden = view->candidate_count - wanted;
	view->changed = view->resort = false;
}

/* The order of the keys was reversed since the candidates were sorted. */
static void reverse_order(struct view *view)
{
	size_t i;

	for (i = 0; view->sorted_reversed != view->reversed && i < view->candidate_count; i++)
		set_moved(view, i);
	view->sorted_reversed = view->reversed;
}

static int sorting_init(struct view_sorting *sorting, size_t most)
{
	sorting->slots = malloc((2 * most + 1) * sizeof(*sorting->slots));
	sorting->moved = malloc((most + 1) * sizeof(*sorting->moved));
	return sorting->slots && sorting->moved ? 0 : -1;
}

static void sorting_release(struct view_sorting *sorting)
{
	free(sorting->slots);
	free(sorting->moved);
}

static void sort_and_arrange(struct view *view, const struct view_sorting *sorting)
{
	reverse_order(view);
	sort_moved(view, sorting);
	arrange(view);
}

int view_apply(struct view *view, const struct view_item *items, size_t count, bool all)
{
	bool reverses = view->sorted_reversed != view->reversed;
	size_t most = count + (reverses ? view->candidate_count : view->moved_count);
	struct view_sorting sorting;
	int done = sorting_init(&sorting, most);

	if (!done && set_changes(view, items, count, all))
		done = come_and_go(view, items, count, all);
	if (!done) {
		set_items(view, items, count);
		if (!view->frozen)
			sort_and_arrange(view, &sorting);
	}
	sorting_release(&sorting);
	return done;
}

int view_set_keys(struct view *view, const struct sort_key *keys)
{
	struct view_sorting sorting;
	int done = sorting_init(&sorting, view->candidate_count);
	size_t i;

	for (i = 0; !done && i < view->candidate_count; i++) {
		view->candidates[i].key = keys[i];
		set_moved(view, i);
	}
	if (!done)
		sort_and_arrange(view, &sorting);
	sorting_release(&sorting);
	return done;
}
