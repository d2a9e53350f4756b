#include "bdbtop/core/view.h"
#include "tests/alloc.h"
#include "tests/tap.h"

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
	};

	return tap_run(tests);
}
