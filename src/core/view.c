#include "bdbtop/core/view.h"

#include <stdlib.h>
#include <string.h>

#include "view_internal.h"

struct view *view_new(void)
{
	return calloc(1, sizeof(struct view));
}

void view_free(struct view *view)
{
	if (!view)
		return;
	free(view->candidates);
	free(view->flags);
	free(view->sorted);
	free(view->rows);
	free(view->scratch);
	free(view->marks);
	free(view);
}

static bool find_row(const struct view *view, struct bdb_id id, size_t *row)
{
	uint32_t index = view_find(view, id);
	size_t i;

	if (index == VIEW_NO_INDEX || !(view->flags[index] & VIEW_SHOWN))
		return false;
	/* mostly it has not moved */
	if (*row < view->count && view->rows[*row] == index)
		return true;
	for (i = 0; view->rows[i] != index;)
		i++;
	*row = i;
	return true;
}

static void cursor_repair(struct view *view)
{
	if (!view->count || (view->started && find_row(view, view->cursor, &view->cursor_row)))
		return;
	view_move_to(view, view->cursor_row);
	view->started = true;
}

static int apply(struct view *view, const struct view_item *items, size_t count, bool all)
{
	if (view_apply(view, items, count, all) < 0)
		return -1;
	if (!view->frozen)
		cursor_repair(view);
	return 0;
}

static bool is_sorted(const struct view_item *items, size_t count)
{
	size_t i;

	for (i = 1; i < count; i++)
		if (bdb_id_compare(&items[i - 1].id, &items[i].id) > 0)
			return false;
	return true;
}

int view_update(struct view *view, const struct view_item *items, size_t count)
{
	struct view_item *sorted;
	int done;

	view_prune_marks(view, items, count, true);
	if (is_sorted(items, count))
		return apply(view, items, count, true);
	sorted = malloc(count * sizeof(*sorted));
	if (!sorted)
		return -1;
	memcpy(sorted, items, count * sizeof(*sorted));
	qsort(sorted, count, sizeof(*sorted), bdb_id_compare_at);
	done = apply(view, sorted, count, true);
	free(sorted);
	return done;
}

int view_change(struct view *view, const struct view_item *items, size_t count)
{
	view_prune_marks(view, items, count, false);
	return apply(view, items, count, false);
}

int view_filter(struct view *view, const unsigned char *matches)
{
	size_t i;

	for (i = 0; i < view->candidate_count; i++) {
		unsigned flags = view->flags[i] & ~(unsigned)VIEW_MATCHES;

		view->flags[i] = (unsigned char)(matches[i] ? flags | VIEW_MATCHES : flags);
	}
	view->changed = true;
	return apply(view, NULL, 0, false);
}

int view_sort_by(struct view *view, const struct sort_key *keys)
{
	if (view_set_keys(view, keys) < 0)
		return -1;
	cursor_repair(view);
	return 0;
}

void view_reverse(struct view *view, bool reversed)
{
	view->reversed = reversed;
}

size_t view_candidates(const struct view *view)
{
	return view->candidate_count;
}

bool view_facts(const struct view *view, struct bdb_id id, uint64_t *facts)
{
	uint32_t index = view_find(view, id);

	if (index == VIEW_NO_INDEX)
		return false;
	*facts = view->candidates[index].facts;
	return true;
}

uint64_t view_facts_at(const struct view *view, size_t row)
{
	return view->candidates[view->rows[row]].facts;
}

uint64_t view_facts_of(const struct view *view, size_t index, bool *matches)
{
	*matches = view->flags[index] & VIEW_MATCHES;
	return view->candidates[index].facts;
}

bool view_next_kept(const struct view *view, size_t *index, struct bdb_id *out)
{
	for (; *index < view->candidate_count; (*index)++)
		if (view->flags[*index] & VIEW_KEEPS) {
			*out = view->candidates[(*index)++].id;
			return true;
		}
	return false;
}

static bool has_flag(const struct view *view, struct bdb_id id, enum view_flag flag)
{
	size_t index = view_find_row(view, id);

	return index != VIEW_NO_INDEX && view->flags[index] & flag;
}

bool view_is_shown(const struct view *view, struct bdb_id id)
{
	return has_flag(view, id, VIEW_SHOWN);
}

bool view_is_kept(const struct view *view, struct bdb_id id)
{
	return has_flag(view, id, VIEW_KEPT);
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
	return view->candidates[view->rows[row]].id;
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
	view->cursor = view_at(view, view->cursor_row);
}

void view_move(struct view *view, long by)
{
	size_t back = by < 0 ? (size_t)0 - (size_t)by : 0;

	if (by >= 0)
		view_move_to(view, view->cursor_row + (size_t)by);
	else
		view_move_to(view, view->cursor_row > back ? view->cursor_row - back : 0);
}

size_t view_scroll(size_t top, size_t row, size_t count, size_t height)
{
	size_t last = count > height ? count - height : 0;

	if (!height)
		return top;
	if (row < top)
		top = row;
	if (row >= top + height)
		top = row - height + 1;
	return top < last ? top : last;
}

size_t view_top(struct view *view, size_t height)
{
	view->top = view_scroll(view->top, view->cursor_row, view->count, height);
	return view->top;
}
