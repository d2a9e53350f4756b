/*
 * The two pages of the help, at every size: nothing is missing, and all of it can be reached.
 */
#include "bdbtop/core/array.h"
#include "bdbtop/core/filter_help.h"
#include "tests/ui/frame_fixture.h"

static char all[128 * 1024];

static const struct help_size {
	int cols, rows;
	bool ascii;
} sizes[] = { { 80, 24, false }, { 40, 10, false }, { 200, 60, false },
	      { 80, 24, true },	 { 58, 14, false }, { 66, 20, true } };

static const char *const cluster[] = {
	"bdb 12 name=orders-eu backup=failed:no-permission",
	NULL,
};

static int open_stage(void **state)
{
	frame_open(cluster);
	return 0;
}

static void draw_size(const struct help_size *size)
{
	canvas_release(&canvas);
	canvas_init(&canvas, size->ascii);
	draw(size->cols, size->rows);
}

/* Collects the rows of the page, from its top to its end, each blank in it as one. */
static void read_page(const struct help_size *size)
{
	char line[4096];
	size_t used = 0, steps;
	const char *c;
	int at;

	stage_key(&stage, 'g');
	for (steps = 0; steps < 100; steps++) {
		draw_size(size);
		for (at = 0; at < canvas.rows; at++)
			for (c = strcat(strcpy(line, row(at)), " "); *c; c++)
				if (used + 1 < sizeof(all) &&
				    (*c != ' ' || (used && all[used - 1] != ' ')))
					all[used++] = *c;
		if (session_view(stage.session)->page.top +
			    session_view(stage.session)->page.fit >=
		    session_view(stage.session)->page.lines)
			break;
		stage_key(&stage, KEY_CURSOR_DOWN);
	}
	all[used] = '\0';
}

static void has(const char *words, const struct help_size *size)
{
	if (!strstr(all, words))
		fail_msg("at %dx%d it has no \"%s\":\n%s", size->cols, size->rows, words, all);
}

static void the_page_of_keys_has_every_key(void **state)
{
	size_t i;
	int id;

	stage_key(&stage, '?');
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		read_page(&sizes[i]);
		for (id = CMD_NONE + 1; id < CMD_COUNT; id++)
			if (commands[id].help)
				has(commands[id].keys_text, &sizes[i]);
		has("? words", &sizes[i]);
		has("d diagnostics", &sizes[i]);
	}
}

/* In a column of 80, no help of a key is cut. */
static void no_help_of_a_key_is_cut(void **state)
{
	static const struct help_size usual = { 80, 24, false };
	int id;

	stage_key(&stage, '?');
	read_page(&usual);
	for (id = CMD_NONE + 1; id < CMD_COUNT; id++)
		if (commands[id].help)
			has(commands[id].help, &usual);
	assert_null(strstr(all, "\xe2\x80\xa6"));
}

static void the_page_of_words_has_states_filter_and_columns(void **state)
{
	size_t i, k;

	stage_type(&stage, "??");
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		read_page(&sizes[i]);
		for (k = 0; k < VERDICT_KINDS; k++)
			if (k != VERDICT_SUSPECT)
				has(verdict_defs[k].sentence, &sizes[i]);
		has("failed? ok? running?", &sizes[i]);
		for (k = 0; k < filter_help_count; k++)
			has(filter_helps[k].example, &sizes[i]);
		for (k = 0; k < COLUMN_COUNT; k++)
			has(column_defs[k].heading, &sizes[i]);
		has("? keys", &sizes[i]);
	}
}

static void every_column_is_explained(void **state)
{
	static const struct help_size wide = { 200, 60, false };
	int at, column;

	stage_type(&stage, "??");
	draw_size(&wide);
	for (column = 0; column < COLUMN_COUNT; column++) {
		const char *heading = column_defs[column].heading;

		for (at = 0; at < canvas.rows; at++)
			if (!strncmp(row(at) + 2, heading, strlen(heading)) &&
			    strlen(row(at)) > 25 && row(at)[24] == ' ' && row(at)[25] != ' ')
				break;
		if (at == canvas.rows)
			fail_msg("the help does not explain %s", heading);
	}
}

static void begins_with(const char *heading)
{
	draw_size(&sizes[1]);
	assert_string_equal(row(1) + 1, heading);
}

static void the_keys_of_the_page_it_was_opened_from_come_first(void **state)
{
	stage_key(&stage, '?');
	begins_with("RESET");
	stage_key(&stage, KEY_ESCAPE);
	stage_key(&stage, KEY_RETURN);
	stage_key(&stage, '?');
	begins_with("DETAIL");
	stage_key(&stage, KEY_ESCAPE);
	stage_key(&stage, KEY_ESCAPE);
	stage_type(&stage, "l?");
	begins_with("LOG");
	stage_key(&stage, KEY_ESCAPE);
	assert_int_equal(session_view(stage.session)->mode, MODE_LOG);
	stage_key(&stage, KEY_ESCAPE);
	stage_type(&stage, "y?");
	begins_with("HAND-OVER");
	stage_key(&stage, KEY_ESCAPE);
	assert_int_equal(session_view(stage.session)->mode, MODE_HANDOVER);
}

static void keys_and_wheel_scroll_it(void **state)
{
	stage_key(&stage, '?');
	draw_size(&sizes[1]);
	assert_non_null(strstr(row(8), " 1-7 of "));
	stage_key(&stage, KEY_CURSOR_DOWN);
	draw_size(&sizes[1]);
	assert_non_null(strstr(row(8), " 2-8 of "));
	stage_key(&stage, KEY_PAGE_DOWN);
	draw_size(&sizes[1]);
	assert_non_null(strstr(row(8), " 8-14 of "));
	session_wheel(stage.session, -3, stage.now);
	draw_size(&sizes[1]);
	assert_non_null(strstr(row(8), " 5-11 of "));
	/* the other page begins at its top, and so does the next help */
	stage_key(&stage, '?');
	draw_size(&sizes[1]);
	assert_non_null(strstr(row(8), " 1-7 of "));
	stage_type(&stage, "jx?");
	draw_size(&sizes[1]);
	assert_non_null(strstr(row(0), "help, keys"));
	assert_non_null(strstr(row(8), " 1-7 of "));
}

/* The hand-over is where it was. */
static void the_page_below_keeps_its_place(void **state)
{
	size_t top;

	stage_key(&stage, 'y');
	draw_size(&sizes[1]);
	stage_type(&stage, "jj");
	draw_size(&sizes[1]);
	top = session_view(stage.session)->page.top;
	assert_int_equal(top, 2);
	stage_type(&stage, "?jd");
	draw_size(&sizes[1]);
	stage_key(&stage, KEY_ESCAPE);
	draw_size(&sizes[1]);
	assert_int_equal(session_view(stage.session)->mode, MODE_HANDOVER);
	assert_int_equal(session_view(stage.session)->page.top, top);
}

#define ON_STAGE(test) cmocka_unit_test_setup_teardown(test, open_stage, frame_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_STAGE(the_page_of_keys_has_every_key),
		ON_STAGE(no_help_of_a_key_is_cut),
		ON_STAGE(the_page_of_words_has_states_filter_and_columns),
		ON_STAGE(every_column_is_explained),
		ON_STAGE(the_keys_of_the_page_it_was_opened_from_come_first),
		ON_STAGE(keys_and_wheel_scroll_it),
		ON_STAGE(the_page_below_keeps_its_place),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return tap_run(tests);
}
