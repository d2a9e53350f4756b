#include "bdbtop/core/view.h"

#include <limits.h>

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

/* An item of cluster 0 that matches the filter. */
static struct view_item row(int64_t uid, int rank)
{
	return (struct view_item){ .id = { 0, uid }, .rank = rank, .matches = true };
}

static struct view_item kept_row(int64_t uid, int rank)
{
	return (struct view_item){ .id = { 0, uid }, .rank = rank, .keep_place = true };
}

static struct view_item hidden(int64_t uid, int rank)
{
	return (struct view_item){ .id = { 0, uid }, .rank = rank };
}

#define UPDATE(view, ...)                                                                          \
	assert_int_equal(view_update(view, (const struct view_item[]){ __VA_ARGS__ },              \
				     sizeof((const struct view_item[]){ __VA_ARGS__ }) /           \
					     sizeof(struct view_item)),                            \
			 0)

/* The uids from the top, with `>` before the cursor. */
static void shows(const struct view *view, const char *want)
{
	char text[400] = "";
	struct bdb_id id;
	size_t i, cursor = 0;
	bool any = view_cursor(view, &id, &cursor);

	assert_int_equal(any, view_rows(view) > 0);
	for (i = 0; i < view_rows(view); i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%s%d", i ? " " : "",
			 i == cursor ? ">" : "", (int)view_at(view, i).uid);
	assert_string_equal(text, want);
	if (any)
		assert_int_equal(id.uid, view_at(view, cursor).uid);
}

static void worst_first_then_cluster_then_id(void **state)
{
	struct view *view = *state;
	struct bdb_id id;

	UPDATE(view, row(9, 3), row(7, 0), row(2, 3),
	       { .id = { 1, 1 }, .rank = 0, .matches = true });
	shows(view, ">7 1 2 9");
	assert_int_equal(view_at(view, 1).cluster, 1);
	assert_true(view_cursor(view, &id, NULL));
	assert_int_equal(id.uid, 7);
}

static void an_empty_view_has_no_cursor(void **state)
{
	struct view *view = *state;
	size_t at = 99;

	assert_false(view_cursor(view, NULL, &at));
	view_move(view, 1);
	view_move_to(view, 3);
	assert_int_equal(view_top(view, 10), 0);
	assert_int_equal(view_update(view, NULL, 0), 0);
	assert_false(view_cursor(view, NULL, &at));
	assert_int_equal(at, 99);
}

static void the_cursor_stays_on_its_database(void **state)
{
	struct view *view = *state;

	UPDATE(view, row(1, 0), row(2, 0), row(3, 0));
	view_move(view, 1);
	shows(view, "1 >2 3");
	UPDATE(view, row(1, 0), row(2, 3), row(3, 0), row(4, 0));
	shows(view, "1 3 4 >2");
	UPDATE(view, row(2, 0));
	shows(view, ">2");
}

static void the_same_uid_of_another_cluster_is_another_row(void **state)
{
	struct view *view = *state;
	struct bdb_id id;

	UPDATE(view, row(5, 0), { .id = { 1, 5 }, .rank = 0, .matches = true });
	view_move(view, 1);
	UPDATE(view, { .id = { 1, 5 }, .rank = 0, .matches = true }, row(4, 0), row(5, 1));
	assert_true(view_cursor(view, &id, NULL));
	assert_int_equal(id.cluster, 1);
}

static void when_its_database_leaves_the_cursor_takes_the_nearest_row(void **state)
{
	struct view *view = *state;

	UPDATE(view, row(1, 0), row(2, 0), row(3, 0), row(4, 0));
	view_move_to(view, 1);
	UPDATE(view, row(1, 0), row(3, 0), row(4, 0));
	shows(view, "1 >3 4");
	view_move_to(view, 2);
	UPDATE(view, row(1, 0), row(3, 0));
	shows(view, "1 >3");
	UPDATE(view, row(1, 0), row(2, 0), row(3, 0), row(4, 0));
	shows(view, "1 2 >3 4");
}

static void the_cursor_comes_back_after_an_empty_view(void **state)
{
	struct view *view = *state;

	UPDATE(view, row(1, 0), row(2, 0), row(3, 0));
	view_move_to(view, 2);
	UPDATE(view, hidden(1, 0), hidden(2, 0), hidden(3, 0));
	shows(view, "");
	assert_int_equal(view_hidden(view), 3);
	UPDATE(view, row(1, 0), hidden(2, 0), row(3, 0));
	shows(view, "1 >3");
	assert_int_equal(view_hidden(view), 1);
}

static void a_row_with_a_result_keeps_its_place_whatever_the_filter(void **state)
{
	struct view *view = *state;

	UPDATE(view, row(1, 0), row(2, 0), row(3, 0), row(4, 3));
	UPDATE(view, kept_row(1, 3), row(2, 0), row(3, 0), row(4, 0));
	shows(view, ">1 2 3 4");
	UPDATE(view, row(1, 3), kept_row(2, 3), row(3, 0), row(4, 0));
	shows(view, "3 2 4 >1");
	UPDATE(view, hidden(1, 3), kept_row(2, 3), row(3, 0), row(4, 0));
	shows(view, "3 2 >4");
	UPDATE(view, row(1, 3), row(2, 3), row(3, 0), row(4, 0));
	shows(view, "3 >4 1 2");
}

static void rows_with_results_move_up_only_when_the_list_shrinks(void **state)
{
	struct view *view = *state;

	UPDATE(view, row(1, 0), row(2, 0), row(3, 0), row(4, 0), row(5, 0));
	UPDATE(view, hidden(1, 0), hidden(2, 0), row(3, 0), kept_row(4, 0), kept_row(5, 0));
	shows(view, ">3 4 5");
	UPDATE(view, kept_row(4, 9), kept_row(5, 0));
	shows(view, ">4 5");
}

static void a_new_row_with_a_result_is_placed_by_its_rank(void **state)
{
	struct view *view = *state;

	UPDATE(view, row(1, 0), hidden(2, 1), row(3, 2));
	UPDATE(view, row(1, 0), kept_row(2, 1), row(3, 2));
	shows(view, ">1 2 3");
	UPDATE(view, row(1, 5), kept_row(2, 1), row(3, 2));
	shows(view, "3 2 >1");
}

static void nothing_moves_while_frozen(void **state)
{
	struct view *view = *state;

	UPDATE(view, row(1, 0), row(2, 0), row(3, 0));
	view_freeze(view, true);
	UPDATE(view, row(9, 0), row(2, 9), hidden(1, 0));
	shows(view, ">1 2 3");
	assert_int_equal(view_hidden(view), 0);
	view_freeze(view, false);
	shows(view, ">1 2 3");
	UPDATE(view, row(9, 0), row(2, 9), hidden(1, 0));
	shows(view, ">9 2");
}

static void moving_stops_at_the_ends(void **state)
{
	struct view *view = *state;

	UPDATE(view, row(1, 0), row(2, 0), row(3, 0));
	view_move(view, -1);
	shows(view, ">1 2 3");
	view_move(view, 2);
	shows(view, "1 2 >3");
	view_move(view, LONG_MAX);
	shows(view, "1 2 >3");
	view_move(view, LONG_MIN);
	shows(view, ">1 2 3");
	view_move_to(view, SIZE_MAX);
	shows(view, "1 2 >3");
	view_move(view, -1);
	shows(view, "1 >2 3");
}

static void the_window_moves_no_more_than_needed(void **state)
{
	struct view *view = *state;
	struct view_item items[20];
	int i;

	for (i = 0; i < 20; i++)
		items[i] = row(i, 0);
	assert_int_equal(view_update(view, items, 20), 0);
	assert_int_equal(view_top(view, 5), 0);
	view_move_to(view, 4);
	assert_int_equal(view_top(view, 5), 0);
	view_move_to(view, 5);
	assert_int_equal(view_top(view, 5), 1);
	view_move_to(view, 2);
	assert_int_equal(view_top(view, 5), 1);
	view_move_to(view, 0);
	assert_int_equal(view_top(view, 5), 0);
	view_move_to(view, 19);
	assert_int_equal(view_top(view, 5), 15);
	assert_int_equal(view_top(view, 8), 12);
	assert_int_equal(view_top(view, 0), 12);
	assert_int_equal(view_update(view, items, 10), 0);
	assert_int_equal(view_top(view, 5), 5);
	assert_int_equal(view_top(view, 50), 0);
}

static void out_of_memory_the_old_rows_stay(void **state)
{
	struct view *view = *state;
	const struct view_item items[] = { row(2, 0), row(3, 0) };
	long left;

	UPDATE(view, row(1, 0), row(2, 0));
	for (left = 0; left < 100; left++) {
		alloc_limit(left);
		if (!view_update(view, items, 2))
			break;
		shows(view, ">1 2");
	}
	alloc_limit(-1);
	assert_in_range(left, 2, 99);
	shows(view, ">2 3");
}

/* Items with a numeric, a text or an unknown sort key. */
static struct view_item keyed(int64_t uid, int64_t number)
{
	struct view_item item = row(uid, (int)uid % 2);

	item.key.number = number;
	return item;
}

static struct view_item texted(int64_t uid, const char *text)
{
	struct view_item item = row(uid, 0);

	item.key.text = text;
	return item;
}

static struct view_item unkeyed(int64_t uid, int rank)
{
	struct view_item item = row(uid, rank);

	item.key.unknown = true;
	item.key.number = -99;
	return item;
}

static void the_key_comes_before_the_rank_and_ties_go_by_it(void **state)
{
	struct view *view = *state;

	UPDATE(view, keyed(1, 5), keyed(2, 7), keyed(3, 7), keyed(4, 7), keyed(5, -3));
	shows(view, ">5 1 2 4 3");
}

static void texts_are_sorted_without_regard_to_case(void **state)
{
	struct view *view = *state;

	UPDATE(view, texted(1, "orders"), texted(2, "Carts"), texted(3, "ORDERS"),
	       texted(4, "audit"), texted(5, "cart"));
	shows(view, ">4 5 2 1 3");
}

static void what_is_not_known_comes_last_reversed_or_not(void **state)
{
	struct view *view = *state;

	UPDATE(view, unkeyed(8, 3), keyed(1, 5), unkeyed(9, 0), keyed(2, 7));
	shows(view, ">1 2 9 8");
	view_reverse(view, true);
	shows(view, ">1 2 9 8");
	UPDATE(view, unkeyed(8, 3), keyed(1, 5), unkeyed(9, 0), keyed(2, 7));
	shows(view, "2 >1 9 8");
}

static void reversing_turns_the_keys_and_leaves_the_ties(void **state)
{
	struct view *view = *state;

	view_reverse(view, true);
	UPDATE(view, keyed(1, 5), keyed(2, 7), keyed(3, 7), keyed(4, 7));
	shows(view, ">2 4 3 1");
	view_reverse(view, false);
	UPDATE(view, keyed(1, 5), keyed(2, 7), keyed(3, 7), keyed(4, 7));
	shows(view, "1 >2 4 3");
}

static void a_row_with_a_result_keeps_its_place_in_another_order(void **state)
{
	struct view *view = *state;
	struct view_item kept = keyed(2, 1);

	kept.keep_place = true;
	UPDATE(view, keyed(1, 1), keyed(2, 2), keyed(3, 3));
	UPDATE(view, keyed(1, 9), kept, keyed(3, 8));
	shows(view, "3 2 >1");
}

static void kept_rows_are_counted_and_sorted_with_the_others_on_request(void **state)
{
	struct view *view = *state;
	struct view_item items[] = { row(1, 1), kept_row(2, 2), row(3, 3) };

	items[1].matches = true;
	assert_int_equal(view_update(view, items, 3), 0);
	assert_int_equal(view_kept(view), 0);
	items[1].matches = false;
	items[1].rank = 9;
	assert_int_equal(view_update(view, items, 3), 0);
	assert_int_equal(view_kept(view), 1);
	assert_true(view_is_kept(view, items[1].id));
	assert_false(view_is_kept(view, items[0].id));
	assert_int_equal(view_at(view, 1).uid, 2);
	view_resort(view);
	view_freeze(view, true);
	assert_int_equal(view_update(view, items, 3), 0);
	assert_int_equal(view_at(view, 1).uid, 2);
	view_freeze(view, false);
	assert_int_equal(view_update(view, items, 3), 0);
	assert_int_equal(view_at(view, 2).uid, 2);
	items[1].rank = 0;
	assert_int_equal(view_update(view, items, 3), 0);
	assert_int_equal(view_at(view, 2).uid, 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(worst_first_then_cluster_then_id),
		TEST(an_empty_view_has_no_cursor),
		TEST(the_cursor_stays_on_its_database),
		TEST(the_same_uid_of_another_cluster_is_another_row),
		TEST(when_its_database_leaves_the_cursor_takes_the_nearest_row),
		TEST(the_cursor_comes_back_after_an_empty_view),
		TEST(a_row_with_a_result_keeps_its_place_whatever_the_filter),
		TEST(rows_with_results_move_up_only_when_the_list_shrinks),
		TEST(a_new_row_with_a_result_is_placed_by_its_rank),
		TEST(nothing_moves_while_frozen),
		TEST(moving_stops_at_the_ends),
		TEST(the_window_moves_no_more_than_needed),
		TEST(out_of_memory_the_old_rows_stay),
		TEST(the_key_comes_before_the_rank_and_ties_go_by_it),
		TEST(texts_are_sorted_without_regard_to_case),
		TEST(what_is_not_known_comes_last_reversed_or_not),
		TEST(reversing_turns_the_keys_and_leaves_the_ties),
		TEST(a_row_with_a_result_keeps_its_place_in_another_order),
		TEST(kept_rows_are_counted_and_sorted_with_the_others_on_request),
	};

	return tap_run(tests);
}
