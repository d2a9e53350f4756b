#include "bdbtop/core/view.h"
#include "tests/alloc.h"
#include "tests/tap.h"

#define MOST 24

static int setup(void **state)
{
	*state = view_new();
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	alloc_limit(-1);
	view_free(*state);
	return 0;
}

/* Items of cluster 0 in their first generation, matching the filter or not. */
static struct view_item row(int64_t uid)
{
	return (struct view_item){ .id = { 0, uid }, .matches = true };
}

static struct view_item hidden(int64_t uid)
{
	return (struct view_item){ .id = { 0, uid } };
}

static struct view_item with_generation(int64_t uid)
{
	return (struct view_item){ .id = { 0, uid }, .matches = true, .generation = 1 };
}

static void update(struct view *view, const struct view_item *items, size_t count)
{
	assert_int_equal(view_update(view, items, count), 0);
}

#define UPDATE(view, ...)                                                                          \
	update(view, (const struct view_item[]){ __VA_ARGS__ },                                    \
	       sizeof((const struct view_item[]){ __VA_ARGS__ }) / sizeof(struct view_item))

static void mark(struct view *view, int64_t uid, bool on)
{
	assert_int_equal(view_mark(view, (struct bdb_id){ 0, uid }, on), 0);
}

/* The uids of all marks, in order, with `-` after a hidden one. */
static void marked(const struct view *view, const char *want)
{
	char text[400] = "";
	size_t i;

	for (i = 0; i < view_marked_count(view); i++) {
		struct bdb_id id = view_marked_at(view, i);

		assert_true(view_is_marked(view, id));
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%d%s", i ? " " : "",
			 (int)id.uid, view_is_shown(view, id) ? "" : "-");
	}
	assert_string_equal(text, want);
}

static void marks_can_be_set_and_removed(void **state)
{
	struct view *view = *state;

	marked(view, "");
	UPDATE(view, row(1), row(2), row(3));
	mark(view, 3, true);
	mark(view, 1, true);
	mark(view, 3, true);
	marked(view, "1 3");
	assert_false(view_is_marked(view, (struct bdb_id){ 0, 2 }));
	assert_false(view_is_marked(view, (struct bdb_id){ 1, 1 }));
	mark(view, 1, false);
	mark(view, 2, false);
	marked(view, "3");
	view_unmark_all(view);
	marked(view, "");
}

static void a_mark_stays_when_its_row_is_hidden_or_moves(void **state)
{
	struct view *view = *state;

	UPDATE(view, row(1), row(2), row(3));
	mark(view, 2, true);
	UPDATE(view, row(3), hidden(2), row(1));
	marked(view, "2-");
	UPDATE(view, row(2));
	marked(view, "2");
}

static void a_removed_database_loses_its_mark(void **state)
{
	struct view *view = *state;

	UPDATE(view, row(1), row(2));
	mark(view, 1, true);
	mark(view, 2, true);
	UPDATE(view, row(2));
	marked(view, "2");
	UPDATE(view, row(1), row(2));
	marked(view, "2");
	assert_int_equal(view_update(view, NULL, 0), 0);
	marked(view, "");
}

static void another_database_under_the_uid_has_no_mark(void **state)
{
	struct view *view = *state;

	UPDATE(view, row(1), row(2));
	mark(view, 1, true);
	mark(view, 2, true);
	UPDATE(view, with_generation(1), row(2));
	marked(view, "2");
	mark(view, 1, true);
	UPDATE(view, with_generation(1), row(2));
	marked(view, "1 2");
	UPDATE(view, row(1), row(2));
	marked(view, "2");
}

static void marks_are_removed_while_frozen_too(void **state)
{
	struct view *view = *state;

	UPDATE(view, row(1), row(2), row(3));
	mark(view, 1, true);
	mark(view, 2, true);
	mark(view, 3, true);
	view_freeze(view, true);
	UPDATE(view, with_generation(1), hidden(3));
	assert_int_equal(view_rows(view), 3);
	marked(view, "3");
	mark(view, 2, true);
	marked(view, "3");
}

static void only_candidates_can_be_marked(void **state)
{
	struct view *view = *state;

	mark(view, 1, true);
	UPDATE(view, row(1), hidden(2));
	mark(view, 2, true);
	mark(view, 9, true);
	marked(view, "2-");
}

static void all_shown_are_marked_then_unmarked_and_hidden_ones_stay(void **state)
{
	struct view *view = *state;

	assert_int_equal(view_mark_shown(view), 0);
	UPDATE(view, row(4), hidden(2), row(1), hidden(3));
	mark(view, 2, true);
	mark(view, 4, true);
	assert_int_equal(view_mark_shown(view), 0);
	marked(view, "1 2- 4");
	assert_int_equal(view_mark_shown(view), 0);
	marked(view, "2-");
	assert_int_equal(view_mark_shown(view), 0);
	marked(view, "1 2- 4");
}

static void the_same_uid_of_another_cluster_has_a_mark_of_its_own(void **state)
{
	struct view *view = *state;
	const struct bdb_id other = { 1, 5 };

	UPDATE(view, row(5), { .id = { 1, 5 }, .matches = true });
	assert_int_equal(view_mark(view, other, true), 0);
	assert_true(view_is_marked(view, other));
	assert_false(view_is_marked(view, (struct bdb_id){ 0, 5 }));
	UPDATE(view, row(5));
	assert_int_equal(view_marked_count(view), 0);
}

static void out_of_memory_no_mark_is_made_and_none_is_wrong(void **state)
{
	struct view *view = *state;
	const struct view_item items[] = { row(1), with_generation(2), row(3) };

	UPDATE(view, row(1), row(2), row(3));
	alloc_limit(0);
	assert_int_equal(view_mark(view, (struct bdb_id){ 0, 1 }, true), -1);
	assert_int_equal(view_mark_shown(view), -1);
	marked(view, "");
	alloc_limit(-1);
	assert_int_equal(view_mark_shown(view), 0);
	marked(view, "1 2 3");
	alloc_limit(0);
	assert_int_equal(view_update(view, items, 3), -1);
	marked(view, "1 3");
	/* the mark has the generation that the view knows; the next update finds a newer one */
	mark(view, 2, true);
	alloc_limit(-1);
	assert_int_equal(view_update(view, items, 3), 0);
	marked(view, "1 3");
}

/* Random changes of databases and random keys; the model records each mark with the generation
 * that was on the screen. */

struct mark_model {
	struct view_item item[MOST]; /* every possible database */
	bool exists[MOST];
	bool marked[MOST]; /* expected marks */
	bool known[MOST];  /* in the newest update */
	bool shown[MOST];  /* in the view */
	bool frozen;
	unsigned random;
};

static unsigned random_below(struct mark_model *w, unsigned sides)
{
	w->random = w->random * 1103515245u + 12345u;
	return (w->random >> 16) % sides;
}

static void mark_model_init(struct mark_model *w)
{
	int i;

	*w = (struct mark_model){ .random = 20261122 };
	for (i = 0; i < MOST; i++) {
		w->item[i].id = (struct bdb_id){ (unsigned)i % 2, i / 2 + 1 };
		w->exists[i] = true;
	}
}

/* Databases appear, disappear, are recreated, change; the view is updated later. */
static void mark_model_change(struct mark_model *w)
{
	int i;

	for (i = 0; i < MOST; i++) {
		if (!random_below(w, 12)) {
			w->exists[i] = !w->exists[i];
			/* a recreated database loses its mark, even if no poll saw it gone */
			w->item[i].generation++;
		}
		w->item[i].generation += !random_below(w, 20);
		w->item[i].matches = random_below(w, 3) > 0;
		w->item[i].keep_place = !random_below(w, 8);
		w->item[i].rank = (int)random_below(w, 4);
		w->item[i].key.number = (int)random_below(w, 3);
	}
}

static void mark_model_update(struct mark_model *w, struct view *view, unsigned generation[MOST])
{
	struct view_item items[MOST];
	size_t count = 0;
	int i, from = (int)random_below(w, MOST);

	for (i = 0; i < MOST; i++) {
		int at = (from + i) % MOST;

		if (w->exists[at])
			items[count++] = w->item[at];
		w->marked[at] &= w->exists[at] && generation[at] == w->item[at].generation;
		w->known[at] = w->exists[at];
		if (!w->frozen)
			w->shown[at] =
				w->exists[at] && (w->item[at].matches || w->item[at].keep_place);
		generation[at] = w->item[at].generation;
	}
	update(view, items, count);
}

static void mark_model_mark_shown(struct mark_model *w, struct view *view)
{
	bool all = true;
	int i;

	for (i = 0; i < MOST; i++)
		all &= !w->shown[i] || !w->known[i] || w->marked[i];
	assert_int_equal(view_mark_shown(view), 0);
	for (i = 0; i < MOST; i++)
		if (w->shown[i] && w->known[i])
			w->marked[i] = !all;
}

static void mark_model_act(struct mark_model *w, struct view *view)
{
	int i = (int)random_below(w, MOST);
	bool on = random_below(w, 3) > 0;

	switch (random_below(w, 8)) {
	case 0:
		mark_model_mark_shown(w, view);
		break;
	case 1:
		view_freeze(view, w->frozen = !w->frozen);
		break;
	case 2:
		if (random_below(w, 8))
			break;
		view_unmark_all(view);
		memset(w->marked, 0, sizeof(w->marked));
		break;
	case 3:
		view_reverse(view, on);
		break;
	default:
		assert_int_equal(view_mark(view, w->item[i].id, on), 0);
		if (w->known[i] || !on)
			w->marked[i] = on;
		break;
	}
}

static void mark_model_check(const struct mark_model *w, const struct view *view)
{
	size_t want = 0, i;

	for (i = 0; i < MOST; i++) {
		want += w->marked[i];
		assert_int_equal(view_is_marked(view, w->item[i].id), w->marked[i]);
		assert_int_equal(view_is_shown(view, w->item[i].id), w->shown[i]);
	}
	assert_int_equal(view_marked_count(view), want);
	for (i = 1; i < want; i++) {
		struct bdb_id a = view_marked_at(view, i - 1), b = view_marked_at(view, i);

		assert_true(a.cluster < b.cluster || (a.cluster == b.cluster && a.uid < b.uid));
	}
}

static void a_mark_never_moves_to_another_generation(void **state)
{
	struct view *view = *state;
	unsigned generation[MOST] = { 0 }, turn;
	struct mark_model w;

	mark_model_init(&w);
	for (turn = 0; turn < 20000; turn++) {
		mark_model_change(&w);
		mark_model_update(&w, view, generation);
		mark_model_check(&w, view);
		do
			mark_model_act(&w, view);
		while (random_below(&w, 4));
		mark_model_check(&w, view);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(marks_can_be_set_and_removed),
		TEST(a_mark_stays_when_its_row_is_hidden_or_moves),
		TEST(a_removed_database_loses_its_mark),
		TEST(another_database_under_the_uid_has_no_mark),
		TEST(marks_are_removed_while_frozen_too),
		TEST(only_candidates_can_be_marked),
		TEST(all_shown_are_marked_then_unmarked_and_hidden_ones_stay),
		TEST(the_same_uid_of_another_cluster_has_a_mark_of_its_own),
		TEST(out_of_memory_no_mark_is_made_and_none_is_wrong),
		TEST(a_mark_never_moves_to_another_generation),
	};

	return tap_run(tests);
}
