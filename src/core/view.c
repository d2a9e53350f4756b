#include "bdbtop/core/view.h"

#include <stdlib.h>
#include <string.h>

#define NO_ROW SIZE_MAX

struct view {
	struct bdb_id *rows;
	size_t count, hidden;
	size_t top;
	struct bdb_id cursor; /* also while its database is not shown and there is no row */
	size_t cursor_row;
	bool started; /* the cursor was placed once */
	bool frozen;
};

/* A row on its way to its place. */
struct seat {
	struct bdb_id id;
	int rank;
	size_t row; /* of a held one: where it stood, then where it stands */
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
	free(view);
}

static int compare_id(const struct bdb_id *a, const struct bdb_id *b)
{
	if (a->cluster != b->cluster)
		return a->cluster < b->cluster ? -1 : 1;
	return a->uid < b->uid ? -1 : a->uid > b->uid;
}

static int by_id(const void *left, const void *right)
{
	const struct seat *a = left, *b = right;

	return compare_id(&a->id, &b->id);
}

static int by_rank(const void *left, const void *right)
{
	const struct seat *a = left, *b = right;

	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	return compare_id(&a->id, &b->id);
}

static int by_row(const void *left, const void *right)
{
	const struct seat *a = left, *b = right;

	return a->row < b->row ? -1 : a->row > b->row;
}

/* The shown ones, held ones first; returns how many of them are held. */
static size_t seats_fill(struct seat *seats, size_t shown, const struct view_item *items,
			 size_t count)
{
	size_t held = 0, other = shown, i;

	for (i = 0; i < count; i++) {
		if (!items[i].hold && !items[i].match)
			continue;
		seats[items[i].hold ? held++ : --other] =
			(struct seat){ .id = items[i].id, .rank = items[i].rank, .row = NO_ROW };
	}
	return held;
}

/* Order the held ones by the row on which they stood; returns how many stood on one. */
static size_t seats_recall(struct seat *seats, size_t held, const struct view *view)
{
	size_t row, stood = 0;

	if (!held)
		return 0;
	qsort(seats, held, sizeof(*seats), by_id);
	for (row = 0; row < view->count; row++) {
		struct seat key = { .id = view->rows[row] }, *seat;

		seat = bsearch(&key, seats, held, sizeof(*seats), by_id);
		if (!seat)
			continue;
		seat->row = row;
		stood++;
	}
	qsort(seats, held, sizeof(*seats), by_row);
	return stood;
}

/* Held rows keep their row, or as near to it as a shorter list allows; the others fill the rest. */
static void seats_place(struct seat *seats, size_t stood, size_t count, struct bdb_id *rows)
{
	size_t limit = count, i, row;
	struct seat *held = seats, *other = seats + stood;

	for (i = stood; i-- > 0; limit = seats[i].row)
		if (seats[i].row >= limit)
			seats[i].row = limit - 1;
	for (row = 0; row < count; row++)
		rows[row] = held < seats + stood && held->row == row ? (held++)->id : (other++)->id;
}

static bool is_shown(const struct view *view, struct bdb_id id, size_t *row)
{
	size_t i;

	for (i = 0; i < view->count; i++)
		if (!compare_id(&view->rows[i], &id)) {
			*row = i;
			return true;
		}
	return false;
}

static void cursor_repair(struct view *view)
{
	if (!view->count || (view->started && is_shown(view, view->cursor, &view->cursor_row)))
		return;
	view_go(view, view->cursor_row);
	view->started = true;
}

int view_update(struct view *view, const struct view_item *items, size_t count)
{
	struct bdb_id *rows = NULL;
	struct seat *seats = NULL;
	size_t shown = 0, held, stood, i;

	if (view->frozen)
		return 0;
	for (i = 0; i < count; i++)
		shown += items[i].hold || items[i].match;
	if (shown) {
		rows = malloc(shown * sizeof(*rows));
		seats = malloc(shown * sizeof(*seats));
		if (!rows || !seats) {
			free(rows);
			free(seats);
			return -1;
		}
		held = seats_fill(seats, shown, items, count);
		stood = seats_recall(seats, held, view);
		qsort(seats + stood, shown - stood, sizeof(*seats), by_rank);
		seats_place(seats, stood, shown, rows);
	}
	free(seats);
	free(view->rows);
	view->rows = rows;
	view->count = shown;
	view->hidden = count - shown;
	cursor_repair(view);
	return 0;
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

void view_go(struct view *view, size_t row)
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
		view_go(view, view->cursor_row + (size_t)by);
	else
		view_go(view, view->cursor_row > back ? view->cursor_row - back : 0);
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
