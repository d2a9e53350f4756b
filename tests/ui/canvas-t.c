#include "bdbtop/ui/text_writer.h"

#include <locale.h>

#include "bdbtop/core/array.h"
#include "tests/tap.h"

static int open_canvas(void **state)
{
	struct canvas *canvas = malloc(sizeof(*canvas));

	*state = canvas;
	canvas_init(canvas, false);
	return canvas_resize(canvas, 10, 3);
}

static int close_canvas(void **state)
{
	canvas_release(*state);
	free(*state);
	return 0;
}

static const char *row(struct canvas *canvas, int at)
{
	static char line[256];

	return canvas_row(canvas, at, line, sizeof(line));
}

static void writes_at_the_writer_and_not_past_its_end(void **state)
{
	struct text_writer writer = writer_at(*state, 1, 2, 6);

	writer_put(&writer, STYLE_TEXT, "abcdefgh");
	assert_string_equal(row(*state, 0), "");
	assert_string_equal(row(*state, 1), "  abcd");
	assert_string_equal(row(*state, 2), "");
	assert_int_equal(writer_cells_left(&writer), 0);
}

static void writes_nothing_outside(void **state)
{
	static const int place[][2] = { { -1, 0 }, { 3, 0 }, { 0, -1 }, { 0, 10 }, { 100, 100 } };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(place); i++) {
		struct text_writer writer = writer_at(*state, place[i][0], place[i][1], 1000);

		writer_put(&writer, STYLE_TEXT, "outside");
		writer_field(&writer, STYLE_TEXT, 20, "outside");
		writer_right(&writer, STYLE_TEXT, 20, "outside");
		writer_sign(&writer, STYLE_TEXT, SIGN_RULE, 20);
	}
	for (i = 0; i < 3; i++)
		assert_string_equal(row(*state, (int)i), "");
}

static void a_wide_character_that_does_not_fit_whole_is_skipped(void **state)
{
	struct text_writer writer = writer_at(*state, 0, 7, 10);

	writer_put(&writer, STYLE_TEXT, "顧客本");
	assert_string_equal(row(*state, 0), "       顧");
}

static void half_of_a_wide_character_written_over_is_a_space(void **state)
{
	struct text_writer writer = writer_at(*state, 0, 0, 10);
	const struct canvas *canvas = *state;

	writer_put(&writer, STYLE_TEXT, "顧客");
	writer = writer_at(*state, 0, 1, 3);
	writer_put(&writer, STYLE_TEXT, "ab");
	assert_string_equal(row(*state, 0), " ab");
	/* of the second character its first half was written over */
	assert_int_equal(canvas->cells[3].width, 1);
}

static void a_mark_stays_on_its_character(void **state)
{
	struct text_writer writer = writer_at(*state, 0, 0, 10);
	const struct canvas *canvas = *state;

	writer_put(&writer, STYLE_TEXT, "e\xcc\x81x");
	assert_int_equal(writer.col, 2);
	assert_int_equal(canvas->cells[0].text[1], 0x301);
	assert_int_equal(canvas->cells[1].text[0], 'x');
}

static void what_is_not_printable_is_a_question_mark(void **state)
{
	struct text_writer writer = writer_at(*state, 0, 0, 10);

	writer_put(&writer, STYLE_TEXT, "a\033b\xff" "c");
	assert_string_equal(row(*state, 0), "a?b?c");
}

static void ascii_shows_nothing_else(void **state)
{
	struct canvas *canvas = *state;
	struct text_writer writer;

	canvas->ascii = true;
	writer = writer_at(canvas, 0, 0, 10);
	writer_put(&writer, STYLE_TEXT, "é…");
	writer_sign(&writer, STYLE_TEXT, SIGN_FULL, 1);
	writer_sign(&writer, STYLE_TEXT, SIGN_EMPTY, 1);
	writer_sign(&writer, STYLE_TEXT, SIGN_RULE, 1);
	assert_string_equal(row(canvas, 0), "??#--");
}

static void fields_are_filled_and_cut(void **state)
{
	struct text_writer writer = writer_at(*state, 0, 0, 10);

	writer_field(&writer, STYLE_TEXT, 4, "ab");
	writer_right(&writer, STYLE_TEXT, 3, "c");
	writer_field(&writer, STYLE_TEXT, 3, "defg");
	assert_string_equal(row(*state, 0), "ab    cde…");
}

static void a_dimmed_writer_uses_no_state_colour(void **state)
{
	const struct canvas *canvas = *state;
	struct text_writer writer = writer_at(*state, 0, 0, 10);

	writer.dimmed = true;
	writer.flags = CELL_CHOSEN;
	writer_put(&writer, STYLE_FAILED, "failed");
	assert_int_equal(canvas->cells[0].style, STYLE_DIM);
	assert_int_equal(canvas->cells[0].flags, CELL_CHOSEN);
}

static void rows_are_compared_by_all_that_is_in_their_cells(void **state)
{
	struct canvas *canvas = *state, other;
	struct text_writer writer = writer_at(canvas, 1, 2, 10);

	canvas_init(&other, false);
	assert_int_equal(canvas_resize(&other, 10, 3), 0);
	writer_put(&writer, STYLE_TEXT, "abcd");
	assert_int_equal(canvas_compare_row(canvas, &other, 0), 0);
	assert_int_equal(canvas_compare_row(canvas, &other, 1), 4);
	canvas_copy_row(&other, canvas, 1);
	assert_int_equal(canvas_compare_row(canvas, &other, 1), 0);
	writer = writer_at(canvas, 1, 3, 10);
	writer_put(&writer, STYLE_DIM, "b");
	assert_int_equal(canvas_compare_row(canvas, &other, 1), 1);
	writer.flags = CELL_CHOSEN;
	writer_put(&writer, STYLE_TEXT, "c");
	assert_int_equal(canvas_compare_row(canvas, &other, 1), 2);
	/* a combining mark on d */
	writer_put(&writer, STYLE_TEXT, "d\xcc\x81");
	assert_int_equal(canvas_compare_row(canvas, &other, 1), 3);
	/* another size: all differ, and none is copied */
	assert_int_equal(canvas_resize(&other, 8, 3), 0);
	assert_int_equal(canvas_compare_row(canvas, &other, 0), 10);
	canvas_copy_row(&other, canvas, 1);
	assert_string_equal(row(&other, 1), "");
	canvas_release(&other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(writes_at_the_writer_and_not_past_its_end,
						open_canvas, close_canvas),
		cmocka_unit_test_setup_teardown(writes_nothing_outside, open_canvas, close_canvas),
		cmocka_unit_test_setup_teardown(
			a_wide_character_that_does_not_fit_whole_is_skipped, open_canvas,
			close_canvas),
		cmocka_unit_test_setup_teardown(half_of_a_wide_character_written_over_is_a_space,
						open_canvas, close_canvas),
		cmocka_unit_test_setup_teardown(a_mark_stays_on_its_character, open_canvas,
						close_canvas),
		cmocka_unit_test_setup_teardown(what_is_not_printable_is_a_question_mark,
						open_canvas, close_canvas),
		cmocka_unit_test_setup_teardown(ascii_shows_nothing_else, open_canvas,
						close_canvas),
		cmocka_unit_test_setup_teardown(fields_are_filled_and_cut, open_canvas,
						close_canvas),
		cmocka_unit_test_setup_teardown(a_dimmed_writer_uses_no_state_colour, open_canvas,
						close_canvas),
		cmocka_unit_test_setup_teardown(rows_are_compared_by_all_that_is_in_their_cells,
						open_canvas, close_canvas),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return tap_run(tests);
}
