#include "bdbtop/core/array.h"
#include "bdbtop/ui/layout.h"

#include "tests/tap.h"

static void zones_stand_one_below_the_other(void **state)
{
	struct zones z;
	int cols, rows;

	for (cols = 1; cols <= 300; cols++)
		for (rows = 1; rows <= 100; rows++) {
			layout_zones(&z, cols, rows);
			assert_int_equal(z.small, cols < 40 || rows < 10);
			if (z.small)
				continue;
			assert_int_equal(z.header, 0);
			assert_int_equal(z.counts, 1);
			assert_int_equal(z.notice, rows >= 14 ? 2 : -1);
			assert_int_equal(z.headings, rows >= 14 ? 3 : 2);
			assert_int_equal(z.list, z.headings + 1);
			assert_true(z.list_rows >= 3);
			assert_int_equal(z.rule, z.list + z.list_rows);
			assert_int_equal(z.summary, z.rule + 1);
			assert_int_equal(z.keys, z.summary + z.summary_rows);
			assert_int_equal(z.keys, rows - 1);
		}
}

static void the_summary_has_the_rows_of_the_table(void **state)
{
	static const struct {
		int rows, summary_rows, list;
	} want[] = {
		{ 10, 1, 4 },  { 13, 1, 7 },  { 14, 3, 5 },   { 19, 3, 10 },  { 20, 5, 9 },
		{ 24, 5, 13 }, { 29, 5, 18 }, { 30, 12, 12 }, { 36, 12, 18 }, { 100, 12, 82 }
	};
	struct zones z;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(want); i++) {
		layout_zones(&z, 80, want[i].rows);
		assert_int_equal(z.summary_rows, want[i].summary_rows);
		assert_int_equal(z.list_rows, want[i].list);
	}
}

static void a_growing_summary_takes_rows_of_the_list_only(void **state)
{
	struct zones z, before;
	int rows, want, keep;

	for (rows = 10; rows <= 100; rows++)
		for (want = 0; want <= 20; want++)
			for (keep = 0; keep <= 3; keep++) {
				layout_zones(&before, 80, rows);
				z = before;
				layout_grow_summary(&z, want, keep);
				assert_int_equal(z.list, before.list);
				assert_int_equal(z.keys, before.keys);
				assert_int_equal(z.summary + z.summary_rows, z.keys);
				assert_int_equal(z.rule, z.summary - 1);
				assert_int_equal(z.list + z.list_rows, z.rule);
				assert_true(z.list_rows >= keep);
				assert_true(z.summary_rows >= before.summary_rows);
				assert_true(z.summary_rows >= want || z.list_rows == keep);
			}
}

/* All columns in order with their gaps; required columns are present. */
static void check_columns(int cols, int id, int name)
{
	const struct column_needs needs = { .id_width = id,
					    .name_width = name,
					    .status_width = 14 };
	const struct column_span *span;
	struct columns c;
	int at = 2, i;

	layout_columns(&c, cols, &needs);
	for (i = COLUMN_BACKUP; i <= COLUMN_IMPORT; i++)
		assert_true(c.span[i].width >= 1);
	assert_true(c.span[COLUMN_DB].width >= id && c.span[COLUMN_DB].width >= 6);
	assert_true(c.span[COLUMN_REASON].width >= 8);
	for (i = 0; i < COLUMN_COUNT; i++) {
		span = &c.span[i];
		if (!span->width)
			continue;
		assert_true(span->width > 0);
		assert_true(span->left >= at);
		assert_true(span->left - at <= 3);
		at = span->left + span->width;
	}
	assert_int_equal(at, cols);
}

static void the_detail_takes_the_rows_of_the_summary_or_of_the_list(void **state)
{
	struct zones z, before;
	int rows;

	for (rows = 10; rows <= 100; rows++) {
		layout_zones(&before, 110, rows);
		z = before;
		layout_detail(&z, 110);
		assert_int_equal(z.headings, before.headings);
		assert_int_equal(z.list, before.list);
		assert_int_equal(z.detail, z.list);
		assert_int_equal(z.summary_rows, 0);
		assert_int_equal(z.rule, z.keys - 1);
		assert_int_equal(z.list_rows, z.rule - z.list);
		/* a notice covers only its last line */
		layout_detail(&before, 109);
		assert_int_equal(before.detail, rows >= 14 ? 3 : 2);
		assert_true(before.notice == 2 || before.headings == rows - 2);
		/* and a question gets its rows */
		layout_grow_summary(&z, 6, 2);
		assert_int_equal(z.summary_rows, rows >= 13 ? 6 : rows - 4 - 3);
		assert_int_equal(z.rule, z.summary - 1);
		assert_int_equal(z.keys, z.summary + z.summary_rows);
	}
}

static void columns_fill_the_width_and_never_overlap(void **state)
{
	int cols, id;

	for (cols = 40; cols <= 300; cols++)
		for (id = 4; id <= 22; id++) {
			check_columns(cols, id, 0);
			check_columns(cols, id, 20);
			check_columns(cols, id, LAYOUT_NAME_MAX);
		}
}

static void columns_have_the_widths_of_the_table(void **state)
{
	static const struct {
		int cols, name, word, loss, status, next, reason, reason_at;
	} want[] = {
		{ 40, 10, 1, 0, 0, 0, 16, 24 },	     { 51, 10, 1, 0, 0, 0, 27, 24 },
		{ 52, 10, 1, 0, 0, 0, 28, 24 },	     { 55, 13, 1, 0, 0, 0, 28, 27 },
		{ 65, 13, 1, 0, 0, 0, 38, 27 },	     { 66, 13, 7, 0, 0, 0, 14, 52 },
		{ 79, 13, 7, 0, 0, 0, 27, 52 },	     { 80, 13, 7, 6, 0, 0, 20, 60 },
		{ 93, 13, 7, 6, 0, 0, 33, 60 },	     { 94, 13, 7, 12, 0, 0, 28, 66 },
		{ 100, 13, 9, 12, 0, 0, 28, 72 },    { 104, 17, 9, 12, 0, 0, 28, 76 },
		{ 119, 17, 9, 12, 0, 0, 43, 76 },    { 120, 17, 9, 12, 0, 0, 43, 77 },
		{ 135, 32, 9, 12, 0, 0, 43, 92 },    { 148, 32, 9, 12, 0, 0, 56, 92 },
		{ 149, 18, 9, 12, 12, 12, 43, 106 }, { 163, 32, 9, 12, 12, 12, 43, 120 },
		{ 195, 64, 9, 12, 12, 12, 43, 152 }, { 200, 64, 9, 12, 12, 12, 48, 152 },
	};
	const struct column_needs needs = { .id_width = 6, .name_width = LAYOUT_NAME_MAX };
	struct columns c;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(want); i++) {
		layout_columns(&c, want[i].cols, &needs);
		assert_int_equal(c.letters, want[i].cols < 66);
		assert_int_equal(c.span[COLUMN_NAME].width, want[i].name);
		assert_int_equal(c.span[COLUMN_EXPORT].width, want[i].word);
		assert_int_equal(c.span[COLUMN_LAST].width, 0);
		assert_int_equal(c.span[COLUMN_LOSS].width, want[i].loss);
		assert_int_equal(c.span[COLUMN_STATUS].width, want[i].status);
		assert_int_equal(c.span[COLUMN_NEXT].width, want[i].next);
		assert_int_equal(c.span[COLUMN_REASON].width, want[i].reason);
		assert_int_equal(c.span[COLUMN_REASON].left, want[i].reason_at);
	}
}

static void the_name_is_as_wide_as_the_longest_one(void **state)
{
	static const struct {
		int cols, need, name, reason;
	} want[] = {
		{ 80, 40, 13, 20 }, { 119, 40, 17, 43 }, { 120, 5, 17, 43 },
		{ 148, 5, 17, 71 }, { 148, 20, 20, 68 }, { 148, 40, 32, 56 },
		{ 200, 5, 18, 94 }, { 200, 40, 40, 72 }, { 200, 99, 64, 48 },
	};
	struct columns c;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(want); i++) {
		layout_columns(&c, want[i].cols,
			       &(struct column_needs){ .name_width = want[i].need });
		assert_int_equal(c.span[COLUMN_NAME].width, want[i].name);
		assert_int_equal(c.span[COLUMN_REASON].width, want[i].reason);
	}
}

/* Where the names leave room. */
static void the_status_is_as_wide_as_the_longest_one(void **state)
{
	static const struct {
		int cols, name, need, status, reason;
	} want[] = {
		{ 149, 5, 24, 12, 43 },	 { 155, 5, 14, 14, 47 },  { 155, 22, 14, 14, 43 },
		{ 155, 23, 14, 13, 43 }, { 200, 5, 6, 12, 94 },	  { 200, 5, 24, 24, 82 },
		{ 200, 5, 99, 24, 82 },	 { 200, 64, 24, 17, 43 },
	};
	struct columns c;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(want); i++) {
		layout_columns(&c, want[i].cols,
			       &(struct column_needs){ .name_width = want[i].name,
						       .status_width = want[i].need });
		assert_int_equal(c.span[COLUMN_STATUS].width, want[i].status);
		assert_int_equal(c.span[COLUMN_REASON].width, want[i].reason);
	}
}

/* From 149 columns on the list beside the detail has words. */
static void list_and_detail_share_the_width(void **state)
{
	static const struct {
		int cols, list;
	} want[] = {
		{ 110, 55 }, { 148, 55 }, { 149, 80 }, { 160, 80 }, { 200, 100 }, { 300, 150 }
	};
	struct columns c;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(want); i++) {
		assert_int_equal(layout_beside_list(want[i].cols), want[i].list);
		assert_int_equal(layout_beside_at(want[i].cols), want[i].list + 2);
		assert_true(want[i].cols - layout_beside_at(want[i].cols) >= 53);
		layout_columns(&c, layout_beside_list(want[i].cols), &(struct column_needs){ 0 });
		assert_int_equal(c.letters, want[i].cols < 149);
	}
}

static void a_longer_id_shortens_the_name(void **state)
{
	struct columns c;

	layout_columns(&c, 80, &(struct column_needs){ .id_width = 8 });
	assert_int_equal(c.span[COLUMN_DB].width, 8);
	assert_int_equal(c.span[COLUMN_NAME].width, 11);
	assert_int_equal(c.span[COLUMN_BACKUP].left, 25);
	assert_int_equal(c.span[COLUMN_REASON].width, 20);
}

static void the_longest_id_drops_the_name_before_a_state_or_the_first_word_of_a_result(void **state)
{
	struct columns c;

	layout_columns(&c, 40, &(struct column_needs){ .id_width = 22 });
	assert_int_equal(c.span[COLUMN_DB].width, 22);
	assert_int_equal(c.span[COLUMN_NAME].width, 0);
	assert_int_equal(c.span[COLUMN_IMPORT].width, 1);
	assert_true(c.span[COLUMN_REASON].width >= 8);
}

/* The columns that are shown, in order, without gaps too wide; returns the column after them. */
static int check_chosen(const struct columns *c, const char *want)
{
	struct column_list shown;
	int at = 2, i;

	column_list_parse(&shown, want, NULL);
	assert_int_equal(c->order.count, shown.count);
	for (i = 0; i < shown.count; i++) {
		const struct column_span *span = &c->span[shown.column[i]];

		assert_int_equal(c->order.column[i], shown.column[i]);
		assert_true(span->width > 0);
		assert_in_range(span->left, at, at + 3);
		at = span->left + span->width;
	}
	return at;
}

static void chosen_columns_have_their_order_and_the_rightmost_yield(void **state)
{
	static const struct {
		int cols;
		const char *shown;
	} want[] = {
		{ 40, "name db reason" },
		{ 80, "name db reason tags size" },
		{ 120, "name db reason tags size shards interval status backup" },
		{ 170, "name db reason tags size shards interval status backup export loss" },
	};
	const struct column_needs needs = { .id_width = 6, .name_width = 13 };
	struct column_list chosen;
	struct columns c;
	size_t i;

	column_list_parse(&chosen,
			  "name db reason tags size shards interval status backup export loss",
			  NULL);
	for (i = 0; i < ARRAY_SIZE(want); i++) {
		layout_chosen_columns(&c, want[i].cols, &needs, &chosen);
		assert_int_equal(check_chosen(&c, want[i].shown), want[i].cols);
		assert_true(c.span[COLUMN_REASON].width >= (c.letters ? 16 : 20));
	}
}

static void chosen_columns_fit_every_screen_and_the_longest_id(void **state)
{
	static const char *const lists[] = {
		"db name status backup export import last loss next interval size shards tags "
		"reason",
		"reason tags shards size interval next loss last import export backup status name "
		"db",
		"db name tags", "tags size next last status", "reason", "db reason",
	};
	struct column_needs needs = { .name_width = LAYOUT_NAME_MAX };
	struct column_list chosen;
	struct columns c;
	size_t i;
	int cols, at, k;

	for (i = 0; i < ARRAY_SIZE(lists); i++)
		for (cols = 40; cols <= 300; cols++)
			for (needs.id_width = 4; needs.id_width <= 22; needs.id_width += 9) {
				column_list_parse(&chosen, lists[i], NULL);
				layout_chosen_columns(&c, cols, &needs, &chosen);
				for (k = 0, at = 2; k < c.order.count; k++) {
					const struct column_span *span =
						&c.span[c.order.column[k]];

					assert_true(span->width > 0 && span->left >= at);
					at = span->left + span->width;
				}
				assert_true(at <= cols);
				if (!column_list_has(&chosen, COLUMN_REASON))
					continue;
				assert_int_equal(at, cols);
				assert_true(c.span[COLUMN_REASON].width >= 8);
			}
}

static void without_a_choice_the_columns_are_those_that_fit(void **state)
{
	const struct column_needs needs = { .id_width = 8, .name_width = 20 };
	const struct column_list none = { .count = 0 };
	struct columns c, chosen;
	int cols;

	for (cols = 40; cols <= 200; cols++) {
		layout_columns(&c, cols, &needs);
		layout_chosen_columns(&chosen, cols, &needs, &none);
		assert_memory_equal(&c, &chosen, sizeof(c));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zones_stand_one_below_the_other),
		cmocka_unit_test(the_summary_has_the_rows_of_the_table),
		cmocka_unit_test(a_growing_summary_takes_rows_of_the_list_only),
		cmocka_unit_test(the_detail_takes_the_rows_of_the_summary_or_of_the_list),
		cmocka_unit_test(columns_fill_the_width_and_never_overlap),
		cmocka_unit_test(columns_have_the_widths_of_the_table),
		cmocka_unit_test(the_name_is_as_wide_as_the_longest_one),
		cmocka_unit_test(the_status_is_as_wide_as_the_longest_one),
		cmocka_unit_test(list_and_detail_share_the_width),
		cmocka_unit_test(a_longer_id_shortens_the_name),
		cmocka_unit_test(chosen_columns_have_their_order_and_the_rightmost_yield),
		cmocka_unit_test(chosen_columns_fit_every_screen_and_the_longest_id),
		cmocka_unit_test(without_a_choice_the_columns_are_those_that_fit),
		cmocka_unit_test(
			the_longest_id_drops_the_name_before_a_state_or_the_first_word_of_a_result),
	};

	return tap_run(tests);
}
