#include "bdbtop/ui/text_flow.h"

#include <locale.h>

#include "tests/tap.h"

struct fixture {
	struct text_flow flow;
	struct canvas canvas;
};

static int open_fixture(void **state)
{
	struct fixture *f = malloc(sizeof(*f));

	*state = f;
	flow_init(&f->flow, 20, false);
	canvas_init(&f->canvas, false);
	return canvas_resize(&f->canvas, 20, 4);
}

static int close_fixture(void **state)
{
	struct fixture *f = *state;

	canvas_release(&f->canvas);
	free(f);
	return 0;
}

/* The flow from row `top` on, drawn in so many rows of the canvas. */
static void draw(struct fixture *f, size_t top, int rows, bool scrolls)
{
	canvas_blank(&f->canvas);
	flow_draw(&f->flow, &f->canvas,
		  &(struct flow_window){ .rows = rows, .top = top, .scrolls = scrolls });
}

static void assert_rows(struct fixture *f, const char *const *row, int count)
{
	char line[256];
	int i;

	for (i = 0; i < count; i++)
		assert_string_equal(canvas_row(&f->canvas, i, line, sizeof(line)), row[i]);
}

static void text_is_wrapped_into_rows(void **state)
{
	static const char *const expected[] = { "title", "   a sentence that", "   needs rows" };
	struct fixture *f = *state;

	flow_add_text(&f->flow, 0, STYLE_HEADER, "title");
	flow_add_text(&f->flow, 3, STYLE_TEXT, "a sentence that needs rows");
	flow_add_text(&f->flow, 3, STYLE_TEXT, "");
	assert_int_equal(f->flow.rows, 3);
	draw(f, 0, 4, false);
	assert_rows(f, expected, 3);
	assert_int_equal(f->canvas.cells[0].style, STYLE_HEADER);
	assert_int_equal(f->canvas.cells[23].style, STYLE_TEXT);
}

static void a_label_is_left_of_the_first_row(void **state)
{
	static const char *const expected[] = { " since  one two", "        three four", "" };
	struct fixture *f = *state;

	flow_add(&f->flow, &(struct flow_paragraph){ .text = "one two three four",
						     .col = 8,
						     .label = "since",
						     .label_col = 1,
						     .label_style = STYLE_DIM });
	draw(f, 0, 3, false);
	assert_rows(f, expected, 3);
	assert_int_equal(f->canvas.cells[1].style, STYLE_DIM);
}

static void words_to_keep_stay_in_one_row(void **state)
{
	static const char *const expected[] = { "unchanged (12m);", "limit 10m or more", "" };
	struct fixture *f = *state;

	flow_add(&f->flow, &(struct flow_paragraph){ .text = "unchanged (12m); limit 10m or more",
						     .keep = 17,
						     .keep_length = 9 });
	flow_add(&f->flow, &(struct flow_paragraph){ .text = "", .label = NULL });
	draw(f, 0, 3, false);
	assert_rows(f, expected, 3);
}

static void a_bar_is_full_only_at_100_percent(void **state)
{
	static const char *const expected[] = { "███████████░  99%", "████████████ 100%" };
	struct fixture *f = *state;
	struct text_writer writer = flow_writer(&f->flow, 0);

	writer_bar(&writer, STYLE_RUNNING, 12, 99);
	flow_next_row(&f->flow);
	writer = flow_writer(&f->flow, 0);
	writer_bar(&writer, STYLE_RUNNING, 12, 100);
	flow_next_row(&f->flow);
	draw(f, 0, 2, false);
	assert_rows(f, expected, 2);
}

static void a_window_begins_at_any_row(void **state)
{
	static const char *const expected[] = { "two", "three", "" };
	struct fixture *f = *state;

	flow_add_text(&f->flow, 0, STYLE_TEXT, "one");
	flow_add_text(&f->flow, 0, STYLE_TEXT, "two");
	flow_add_text(&f->flow, 0, STYLE_TEXT, "three");
	flow_add_text(&f->flow, 0, STYLE_TEXT, "four");
	draw(f, 1, 2, true);
	assert_rows(f, expected, 3);
}

static void only_text_that_cannot_be_scrolled_to_ends_in_an_ellipsis(void **state)
{
	static const char *const cut[] = { "since a sentence th…", "" },
				 *const scrolled[] = { "since a sentence", "" };
	struct fixture *f = *state;

	flow_add(&f->flow, &(struct flow_paragraph){ .text = "a sentence that is long",
						     .col = 6,
						     .label = "since" });
	draw(f, 0, 1, false);
	assert_rows(f, cut, 2);
	draw(f, 0, 1, true);
	assert_rows(f, scrolled, 2);
}

static void a_paragraph_can_have_a_maximum_of_rows(void **state)
{
	static const char *const expected[] = { "one two three four", "five six seven eigh…", "" };
	struct fixture *f = *state;

	flow_add(&f->flow,
		 &(struct flow_paragraph){ .text = "one two three four five six seven eight nine",
					   .max_rows = 2 });
	draw(f, 0, 3, false);
	assert_rows(f, expected, 3);
}

static void a_highlight_continues_in_the_next_row(void **state)
{
	struct fixture *f = *state;
	const struct cell *cell = f->canvas.cells;

	flow_add(&f->flow, &(struct flow_paragraph){ .text = "plain text and marked words here",
						     .style = STYLE_TEXT,
						     .highlight = 11,
						     .highlight_length = 16,
						     .highlight_style = STYLE_DANGER });
	draw(f, 0, 2, false);
	assert_int_equal(cell[10].style, STYLE_TEXT);
	assert_int_equal(cell[11].style, STYLE_DANGER);
	assert_int_equal(cell[20].style, STYLE_DANGER);
	assert_int_equal(cell[27].text[0], 'w');
	assert_int_equal(cell[27].style, STYLE_DANGER);
	assert_int_equal(cell[33].text[0], 'h');
	assert_int_equal(cell[33].style, STYLE_TEXT);
}

static void pieces_of_a_row_are_written_one_after_the_other(void **state)
{
	static const char *const expected[] = { " id    42%██░░  50%", "顧客" };
	struct fixture *f = *state;
	struct text_writer writer = flow_writer(&f->flow, 1), stale = writer;

	writer_field(&writer, STYLE_DIM, 4, "id");
	writer_right(&writer, STYLE_RUNNING, 5, "42%");
	writer_bar(&writer, STYLE_RUNNING, 4, 50);
	assert_int_equal(writer.col, 19);
	flow_next_row(&f->flow);
	writer_put(&stale, STYLE_TEXT, "never");
	writer = flow_writer(&f->flow, 0);
	writer_put(&writer, STYLE_TEXT, "顧客");
	assert_int_equal(writer.col, 4);
	flow_next_row(&f->flow);
	draw(f, 0, 2, false);
	assert_rows(f, expected, 2);
	assert_int_equal(f->canvas.cells[8].style, STYLE_RUNNING);
}

static void text_ends_at_the_end_of_its_writer(void **state)
{
	static const char *const expected[] = { "abcd          keys" };
	struct fixture *f = *state;
	struct text_writer writer = flow_writer(&f->flow, 0);

	writer.end = 18;
	writer_put_last(&writer, STYLE_TEXT, 10, "keys");
	writer.end = 4;
	writer_put(&writer, STYLE_TEXT, "abcdefgh");
	assert_int_equal(writer_cells_left(&writer), 0);
	flow_next_row(&f->flow);
	draw(f, 0, 1, false);
	assert_rows(f, expected, 1);
}

static void a_dimmed_flow_has_one_style(void **state)
{
	struct fixture *f = *state;
	struct text_writer writer;

	f->flow.dimmed = true;
	writer = flow_writer(&f->flow, 0);
	writer_put(&writer, STYLE_FAILED, "failed");
	flow_next_row(&f->flow);
	flow_add_text(&f->flow, 0, STYLE_FAILED, "failed");
	draw(f, 0, 2, false);
	assert_int_equal(f->canvas.cells[0].style, STYLE_DIM);
	assert_int_equal(f->canvas.cells[20].style, STYLE_DIM);
}

static void rows_can_be_moved_up(void **state)
{
	static const char *const expected[] = { "one", "two", "three", "four" };
	struct fixture *f = *state;

	flow_add_text(&f->flow, 0, STYLE_TEXT, "one");
	flow_add_text(&f->flow, 0, STYLE_TEXT, "four");
	flow_add_text(&f->flow, 0, STYLE_TEXT, "two");
	flow_add_text(&f->flow, 0, STYLE_TEXT, "three");
	flow_move(&f->flow, 2, 1);
	draw(f, 0, 4, false);
	assert_rows(f, expected, 4);
}

static void a_low_window_drops_the_highest_rank(void **state)
{
	static const char *const expected[] = { "question", "answer_", "" };
	static const char *const rows[] = { "question", "why", "detail", "answer_" };
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < 4; i++) {
		struct text_writer writer = flow_writer(&f->flow, 0);

		f->flow.rank = (const int[]){ 0, 2, 5, 0 }[i];
		writer_put(&writer, STYLE_TEXT, rows[i]);
		if (i == 3)
			flow_set_cursor(&f->flow, 6);
		flow_next_row(&f->flow);
	}
	assert_int_equal(flow_height(&f->flow, 1), 2);
	assert_int_equal(flow_height(&f->flow, FLOW_RANKS), 4);
	flow_drop(&f->flow, 3);
	assert_int_equal(f->flow.rows, 3);
	flow_drop(&f->flow, 1);
	draw(f, 0, 3, false);
	assert_rows(f, expected, 3);
	assert_int_equal(f->canvas.cursor_row, 1);
	assert_int_equal(f->canvas.cursor_col, 6);
}

static void a_full_flow_ends_in_an_ellipsis(void **state)
{
	static const char *const expected[] = { "row", " …", "", "" };
	static const char piece[] = "0123456789012345678901234567890123456789";
	struct fixture *f = *state;
	size_t i;

	for (i = 0; i < 2 * FLOW_ROWS; i++)
		flow_add_text(&f->flow, 0, STYLE_TEXT, "row");
	assert_int_equal(f->flow.rows, FLOW_ROWS);
	draw(f, FLOW_ROWS - 2, 4, true);
	assert_rows(f, expected, 4);
	flow_init(&f->flow, 20, false);
	for (i = 0; i < FLOW_BYTES; i++) {
		struct text_writer writer = flow_writer(&f->flow, (int)(i % 2));

		writer_put(&writer, (enum style)(i % 2), piece);
	}
	flow_next_row(&f->flow);
	flow_add_text(&f->flow, 0, STYLE_TEXT, "row");
	assert_int_equal(f->flow.rows, 1);
	draw(f, 0, 4, true);
	assert_rows(f, expected + 1, 3);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_fixture, close_fixture)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(text_is_wrapped_into_rows),
		TEST(a_label_is_left_of_the_first_row),
		TEST(words_to_keep_stay_in_one_row),
		TEST(a_bar_is_full_only_at_100_percent),
		TEST(a_window_begins_at_any_row),
		TEST(only_text_that_cannot_be_scrolled_to_ends_in_an_ellipsis),
		TEST(a_paragraph_can_have_a_maximum_of_rows),
		TEST(a_highlight_continues_in_the_next_row),
		TEST(pieces_of_a_row_are_written_one_after_the_other),
		TEST(text_ends_at_the_end_of_its_writer),
		TEST(a_dimmed_flow_has_one_style),
		TEST(rows_can_be_moved_up),
		TEST(a_low_window_drops_the_highest_rank),
		TEST(a_full_flow_ends_in_an_ellipsis),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return tap_run(tests);
}
