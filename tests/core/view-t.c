#include "bdbtop/core/view.h"

#include <limits.h>

#include "tests/alloc.h"
#include "tests/tap.h"

#define MOST 30

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

/* Random items, checked against the contract in the header. */

static unsigned random_below(unsigned *random, unsigned sides)
{
	*random = *random * 1103515245u + 12345u;
	return (*random >> 16) % sides;
}

static size_t random_items(struct view_item *items, unsigned *random)
{
	size_t count = 0;
	unsigned i;

	for (i = 0; i < MOST; i++) {
		if (!random_below(random, 5))
			continue;
		items[count++] = (struct view_item){ .id = { i % 3, i / 3 + 1 },
						     .rank = (int)random_below(random, 4),
						     .keep_place = !random_below(random, 6),
						     .matches = random_below(random, 3) > 0 };
	}
	for (i = 0; count && i < MOST; i++) {
		size_t a = random_below(random, (unsigned)count),
		       b = random_below(random, (unsigned)count);
		struct view_item swap = items[a];

		items[a] = items[b];
		items[b] = swap;
	}
	return count;
}

static bool is_id(struct bdb_id a, struct bdb_id b)
{
	return a.cluster == b.cluster && a.uid == b.uid;
}

static const struct view_item *item_of(const struct view_item *items, size_t count,
				       struct bdb_id id)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (is_id(items[i].id, id))
			return &items[i];
	return NULL;
}

static size_t row_of(const struct bdb_id *rows, size_t count, struct bdb_id id)
{
	size_t i;

	for (i = 0; i < count && !is_id(rows[i], id); i++)
		;
	return i;
}

static size_t rows_of(const struct view *view, struct bdb_id rows[MOST])
{
	size_t i;

	assert_true(view_rows(view) <= MOST);
	for (i = 0; i < view_rows(view); i++)
		rows[i] = view_at(view, i);
	return i;
}

static void check_membership(const struct view *view, const struct view_item *items, size_t count)
{
	struct bdb_id rows[MOST];
	size_t shown = rows_of(view, rows), want = 0, i;

	for (i = 0; i < count; i++) {
		bool is_wanted = items[i].keep_place || items[i].matches;
		size_t at = row_of(rows, shown, items[i].id);

		want += is_wanted;
		assert_int_equal(at < shown, is_wanted);
	}
	assert_int_equal(shown, want);
	assert_int_equal(view_hidden(view), count - want);
}

static void check_order(const struct view *view, const struct view_item *items, size_t count)
{
	const struct view_item *last = NULL;
	size_t i;

	for (i = 0; i < view_rows(view); i++) {
		const struct view_item *item = item_of(items, count, view_at(view, i));

		if (item->keep_place)
			continue;
		if (last && last->rank == item->rank && last->id.cluster == item->id.cluster)
			assert_true(last->id.uid < item->id.uid);
		else if (last && last->rank == item->rank)
			assert_true(last->id.cluster < item->id.cluster);
		else if (last)
			assert_true(last->rank < item->rank);
		last = item;
	}
}

/* A row with keep_place stays where it was, unless the list is too short for it and for those
 * below it. */
static void check_kept_rows(const struct view *view, const struct view_item *items, size_t count,
			    const struct bdb_id *before, size_t before_count)
{
	size_t below = 0, at = before_count;

	while (at-- > 0) {
		const struct view_item *item = item_of(items, count, before[at]);
		size_t last;

		if (!item || !item->keep_place)
			continue;
		last = view_rows(view) - 1 - below++;
		if (at <= last)
			assert_true(is_id(view_at(view, at), before[at]));
		else
			assert_true(is_id(view_at(view, last), before[at]));
	}
}

static void random_updates_keep_every_promise(void **state)
{
	struct view *view = *state;
	struct view_item items[MOST];
	struct bdb_id before[MOST], was, is;
	unsigned random = 20261121, turn;

	for (turn = 0; turn < 20000; turn++) {
		size_t count = random_items(items, &random), rows = rows_of(view, before), at = 0,
		       now = 0;
		bool had = view_cursor(view, &was, &at), has;
		const struct view_item *item = had ? item_of(items, count, was) : NULL;

		assert_int_equal(view_update(view, items, count), 0);
		check_membership(view, items, count);
		check_order(view, items, count);
		check_kept_rows(view, items, count, before, rows);
		has = view_cursor(view, &is, &now);
		assert_int_equal(has, view_rows(view) > 0);
		if (has)
			assert_true(is_id(view_at(view, now), is));
		if (item && (item->keep_place || item->matches))
			assert_true(is_id(was, is));
		else if (had && has)
			assert_int_equal(now, at < view_rows(view) ? at : view_rows(view) - 1);
		view_move(view, (long)random_below(&random, 7) - 3);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

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
		TEST(random_updates_keep_every_promise),
	};

	return tap_run(tests);
}
