/*
 * The marks of a view.
 */
#include "view_internal.h"

#include "bdbtop/core/array.h"

#define MARKS_MAX 1000000 /* of all clusters */

static struct view_mark *find_mark(const struct view *view, struct bdb_id id)
{
	return array_find(&id, view->marks, view->mark_count, sizeof(*view->marks),
			  bdb_id_compare_at);
}

/* Removes the outdated ones. */
static void remove_outdated(struct view *view)
{
	size_t i, kept = 0;

	for (i = 0; i < view->mark_count; i++)
		if (!view->marks[i].outdated)
			view->marks[kept++] = view->marks[i];
	view->mark_count = kept;
}

void view_prune_marks(struct view *view, const struct view_item *items, size_t count, bool all)
{
	size_t i;

	for (i = 0; all && i < view->mark_count; i++)
		view->marks[i].outdated = true;
	for (i = 0; view->mark_count && i < count; i++) {
		struct view_mark *mark = find_mark(view, items[i].id);

		if (mark)
			mark->outdated = items[i].gone || mark->generation != items[i].generation;
	}
	remove_outdated(view);
}

static bool marks_reserve(struct view *view, size_t more)
{
	return ARRAY_RESERVE(view->marks, view->mark_capacity, view->mark_count + more, MARKS_MAX);
}

static struct view_mark mark_make(const struct view_candidate *candidate)
{
	return (struct view_mark){ .id = candidate->id, .generation = candidate->generation };
}

int view_mark(struct view *view, struct bdb_id id, bool marked)
{
	size_t size = sizeof(*view->marks), at;
	uint32_t index = view_find(view, id);

	at = array_index(&id, view->marks, view->mark_count, size, bdb_id_compare_at);
	if (view_is_marked(view, id)) {
		if (!marked)
			array_remove(view->marks, &view->mark_count, at, size);
		return 0;
	}
	if (!marked || index == VIEW_NO_INDEX)
		return 0;
	if (!marks_reserve(view, 1))
		return -1;
	array_insert(view->marks, &view->mark_count, at, size);
	view->marks[at] = mark_make(&view->candidates[index]);
	return 0;
}

static bool has_row(const struct view *view, size_t index)
{
	return (view->flags[index] & (VIEW_SHOWN | VIEW_GONE)) == VIEW_SHOWN;
}

/* The next mark from *at on that is not before this id is its mark. */
static bool is_marked_at(const struct view *view, struct bdb_id id, size_t *at)
{
	while (*at < view->mark_count && bdb_id_compare(&view->marks[*at].id, &id) < 0)
		(*at)++;
	return *at < view->mark_count && !bdb_id_compare(&view->marks[*at].id, &id);
}

static size_t count_unmarked(const struct view *view)
{
	size_t i, at = 0, unmarked = 0;

	for (i = 0; i < view->candidate_count; i++)
		unmarked += has_row(view, i) && !is_marked_at(view, view->candidates[i].id, &at);
	return unmarked;
}

static void unmark_shown(struct view *view)
{
	size_t i, at = 0;

	for (i = 0; i < view->candidate_count; i++)
		if (view->flags[i] & VIEW_SHOWN && is_marked_at(view, view->candidates[i].id, &at))
			view->marks[at].outdated = true;
	remove_outdated(view);
}

int view_mark_shown(struct view *view)
{
	size_t unmarked = count_unmarked(view), old, to, i;

	if (!unmarked)
		unmark_shown(view);
	if (!unmarked)
		return 0;
	if (!marks_reserve(view, unmarked))
		return -1;
	/* both are in the order of their ids, so they are merged from the end on */
	old = view->mark_count;
	to = view->mark_count += unmarked;
	for (i = view->candidate_count; i-- > 0 && to > old;) {
		const struct view_candidate *candidate = &view->candidates[i];

		if (!has_row(view, i))
			continue;
		while (old && bdb_id_compare(&view->marks[old - 1].id, &candidate->id) > 0)
			view->marks[--to] = view->marks[--old];
		if (!old || bdb_id_compare(&view->marks[old - 1].id, &candidate->id) != 0)
			view->marks[--to] = mark_make(candidate);
	}
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

bool view_next_marked(const struct view *view, uint64_t facts, size_t *index)
{
	size_t at = 0;

	for (; *index < view->mark_count; (*index)++) {
		struct bdb_id id = view->marks[*index].id;

		/* mostly the candidate behind the last one */
		if (at >= view->candidate_count ||
		    bdb_id_compare(&view->candidates[at].id, &id) != 0)
			at = view_find(view, id);
		if (at != VIEW_NO_INDEX && view->candidates[at++].facts & facts)
			return true;
	}
	return false;
}
