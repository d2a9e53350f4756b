/*
 * Every screen that has a drawing, as a canvas: no terminal, no curses.
 */
#include <locale.h>

#include "bdbtop/core/array.h"
#include "bdbtop/ui/draw_context.h"
#include "tests/screen/screen_cases.h"
#include "tests/stage/stage.h"
#include "tests/tap.h"

#define SCREEN_SIZE 65536

static void rename_cluster(struct cluster_setup *setup, const char *name, const char *host)
{
	free((char *)(uintptr_t)setup->name);
	free((char *)(uintptr_t)setup->host);
	setup->name = strdup(name);
	setup->host = strdup(host);
}

static bool change_setup(struct stage *stage, const char *line)
{
	struct cluster_setup *setup =
		(struct cluster_setup *)(uintptr_t)cluster_setup(stage->cluster);

	if (!strcmp(line, "setup read-only")) {
		setup->read_only = true;
	} else if (!strcmp(line, "setup insecure")) {
		setup->insecure = true;
	} else if (!strcmp(line, "setup no-user")) {
		stage->login.user[0] = '\0';
	} else if (!strcmp(line, "setup lab")) {
		rename_cluster(setup, "lab", "lab.example:9443");
	} else if (!strcmp(line, "setup label")) {
		free((char *)(uintptr_t)setup->label);
		setup->label = strdup("PROD");
		setup->label_color = 1;
	} else {
		return false;
	}
	return true;
}

static void say(void *arg, const char *line)
{
	struct stage *stage = arg;

	if (change_setup(stage, line))
		return;
	if (!strncmp(line, "wall ", 5)) {
		stage->now.wall_ms += atol(line + 5);
		script_wall(stage->script, stage->now);
		return;
	}
	if (!strcmp(line, "audit log fails") || !strcmp(line, "audit log works")) {
		fake_audit_log_fails(stage->audit_log, line[10] == 'f');
		return;
	}
	stage_script(stage, "%s", line);
}

static void advance(void *arg, long ms)
{
	stage_advance(arg, ms);
}

static void type(void *arg, const char *bytes)
{
	stage_type(arg, bytes);
	if (!strcmp(bytes, "\033"))
		stage_advance(arg, INPUT_ESCAPE_MS);
}

static void show(struct stage *stage, struct canvas *canvas, char *screen)
{
	char line[4096];
	int row;

	frame_draw(canvas, stage->session, "0.1.0", stage->now);
	screen[0] = '\0';
	for (row = 0; row < canvas->rows; row++) {
		strcat(screen, canvas_row(canvas, row, line, sizeof(line)));
		strcat(screen, "\n");
	}
}

static void open_stage(struct stage *stage)
{
	static const char *const lines[] = { "hold list", NULL };

	stage_open(stage, lines);
}

/* A case on a canvas. */
struct screen_run {
	struct stage stage;
	struct canvas canvas;
	char screen[SCREEN_SIZE];
};

/* As in the console, a frame after every turn sets the page length of the session. */
static void draw_frame(struct screen_run *p)
{
	frame_draw(&p->canvas, p->stage.session, "0.1.0", p->stage.now);
}

static void advance_and_draw(void *arg, long ms)
{
	struct screen_run *p = arg;

	stage_advance(&p->stage, ms);
	draw_frame(p);
}

static void type_and_draw(void *arg, const char *bytes)
{
	struct screen_run *p = arg;

	type(&p->stage, bytes);
	draw_frame(p);
}

static struct screen_run *play_case(const struct screen_case *screen_case)
{
	struct screen_run *p = calloc(1, sizeof(*p));
	const struct screen_player player = {
		.say = say, .advance = advance_and_draw, .type = type_and_draw, .arg = p
	};

	assert_non_null(p);
	canvas_init(&p->canvas, screen_case->ascii);
	assert_int_equal(canvas_resize(&p->canvas, screen_case->cols, screen_case->rows), 0);
	open_stage(&p->stage);
	/* the first frame sets the page length of the session */
	show(&p->stage, &p->canvas, p->screen);
	screen_case_play(screen_case, &player);
	show(&p->stage, &p->canvas, p->screen);
	return p;
}

static void end(struct screen_run *p)
{
	stage_close(&p->stage);
	canvas_release(&p->canvas);
	free(p);
}

static void looks_as_drawn(void **state)
{
	const struct screen_case *screen_case = *state;
	struct screen_run *p = play_case(screen_case);

	screen_case_compare(screen_case, p->screen);
	end(p);
}

static bool shows(const struct canvas *canvas, const char *words)
{
	char line[4096];
	int row;

	for (row = 0; row < canvas->rows; row++)
		if (strstr(canvas_row(canvas, row, line, sizeof(line)), words))
			return true;
	return false;
}

static const char *prompt_of(const struct question *question)
{
	static char prompt[64];
	char word[QUESTION_WORD];

	question_word(question, word);
	if (!word[0])
		return "[y/N]";
	snprintf(prompt, sizeof(prompt), "Type %s, then enter: %s_", word, question->typed);
	return prompt;
}

/* What every size must show: the complete question, and the age of the list. */
static void check_frame(struct stage *stage, const struct canvas *canvas)
{
	const struct question *question = &session_view(stage->session)->question;

	if (question->kind == QUESTION_LOGIN)
		assert_true(shows(canvas, "Password (not shown): _"));
	else if (question->kind != QUESTION_NONE)
		assert_true(shows(canvas, prompt_of(question)));
	if (session_view(stage->session)->mode == MODE_HELP)
		return;
	switch (cluster_status(stage->cluster)->conn) {
	case CONN_OK:
		assert_true(shows(canvas, "polled 20:1"));
		break;
	case CONN_LOGIN_REFUSED:
		assert_true(shows(canvas, "log-in refused"));
		break;
	default:
		assert_true(shows(canvas, "not trusted"));
		break;
	}
}

/* The cells of these words have this style. */
static void assert_words_are(const struct canvas *canvas, int row, const char *words,
			     enum style style)
{
	char line[4096];
	char *at = strstr(canvas_row(canvas, row, line, sizeof(line)), words);
	size_t i;
	int col;

	assert_non_null(at);
	*at = '\0';
	col = text_width(line);
	for (i = 0; i < strlen(words); i++)
		assert_int_equal(canvas->cells[row * canvas->cols + col + (int)i].style, style);
}

/* Runs the case with this name, at its first size or (cols not 0) the first so wide. */
static struct screen_run *play_named(const char *name, int cols)
{
	size_t i;

	for (i = 0;
	     strcmp(screen_cases[i].name, name) != 0 || (cols && screen_cases[i].cols != cols); i++)
		;
	return play_case(&screen_cases[i]);
}

static void the_label_has_its_colour_wherever_it_stands(void **state)
{
	static const struct {
		const char *screen_case;
		int row;
	} in[] = { { "label", 14 }, { "label-first-contact", 18 }, { "label-password", 17 } };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(in); i++) {
		struct screen_run *p = play_named(in[i].screen_case, 0);

		assert_words_are(&p->canvas, 0, "[PROD]", STYLE_LABEL_RED);
		assert_words_are(&p->canvas, 0, "prod-eu", STYLE_HEADER);
		assert_words_are(&p->canvas, in[i].row, "[PROD]", STYLE_LABEL_RED);
		assert_words_are(&p->canvas, in[i].row, " prod-eu", STYLE_QUESTION);
		end(p);
	}
}

static void each_number_of_a_sum_has_the_colour_of_its_result(void **state)
{
	struct screen_run *p = play_named("bulk-totals", 120);

	assert_words_are(&p->canvas, 2, "backup reset of 11", STYLE_TEXT);
	assert_words_are(&p->canvas, 2, "3 cleared", STYLE_CLEARED);
	assert_words_are(&p->canvas, 2, "3 refused", STYLE_REFUSED);
	assert_words_are(&p->canvas, 2, "1 under way", STYLE_PENDING);
	end(p);
	/* on a short line the totals still add up to the confirmed ones */
	p = play_named("bulk-totals", 40);
	assert_words_are(&p->canvas, 2, "b of 11", STYLE_TEXT);
	assert_words_are(&p->canvas, 2, "3 cleared", STYLE_CLEARED);
	assert_words_are(&p->canvas, 2, ", 8 more", STYLE_TEXT);
	end(p);
}

/* The user reads, and types the number, while polls go on. */
static void lines_of_a_question_never_move(void **state)
{
	static const int widths[] = { 80, 120 };
	char was[SCREEN_SIZE / 16], is[SCREEN_SIZE / 16];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(widths); i++) {
		struct screen_run *p = play_named("bulk", widths[i]), *after;
		int row = 0, marked = 0;

		after = play_named("bulk", widths[i]);
		stage_script(&after->stage, "bdb 9 backup=succeeded");
		stage_script(&after->stage, "gone 41");
		advance_and_draw(after, 5000);
		while (!strstr(canvas_row(&p->canvas, row, was, sizeof(was)), "Reset the backup"))
			row++;
		for (; row < p->canvas.rows; row++) {
			canvas_row(&p->canvas, row, was, sizeof(was));
			canvas_row(&after->canvas, row, is, sizeof(is));
			if (!strchr(is, '!'))
				assert_string_equal(is, was);
			else if (strstr(was, "db:9 "))
				marked += strstr(is, "! db:9  ratelimit ") &&
					  strstr(is, " succeeded ");
			else
				marked += strstr(is, "! db:41  audit ") && strstr(is, " gone");
		}
		assert_int_equal(marked, 2);
		end(p);
		end(after);
	}
}

static void states_and_signs_are_as_agreed(void **state)
{
	struct screen_run *p = play_named("list", 120);

	assert_words_are(&p->canvas, 0, "prod-eu", STYLE_HEADER);
	assert_words_are(&p->canvas, 1, "3 failed", STYLE_FAILED);
	assert_words_are(&p->canvas, 1, "1 stalled", STYLE_STALLED);
	assert_words_are(&p->canvas, 1, "2 overdue", STYLE_OVERDUE);
	assert_words_are(&p->canvas, 1, "4 running", STYLE_RUNNING);
	assert_words_are(&p->canvas, 3, "LOSS", STYLE_DIM);
	assert_words_are(&p->canvas, 5, "wrong-file-path", STYLE_FAILED_REASON);
	assert_words_are(&p->canvas, 7, "stalled", STYLE_STALLED);
	assert_words_are(&p->canvas, 8, "overdue", STYLE_OVERDUE);
	assert_words_are(&p->canvas, 8, "4h late", STYLE_OVERDUE);
	end(p);
	p = play_named("marked", 80);
	assert_int_equal(p->canvas.cells[5 * 80 + 1].style, STYLE_MARK);
	assert_int_equal(p->canvas.cells[5 * 80 + 1].text[0], L'*');
	assert_int_equal(p->canvas.cells[16 * 80 + 1].text[0], L' ');
	end(p);
	p = play_named("healthy", 80);
	assert_words_are(&p->canvas, 1, "no problems", STYLE_TEXT);
	end(p);
	p = play_named("filter-error", 80);
	assert_words_are(&p->canvas, 13, "^ needs a unit", STYLE_OVERDUE);
	end(p);
	p = play_named("suspect", 120);
	assert_words_are(&p->canvas, 1, "filter state:suspect", STYLE_ACTIVE);
	end(p);
	p = play_named("sorted", 120);
	assert_words_are(&p->canvas, 1, "problems only", STYLE_ACTIVE);
	assert_words_are(&p->canvas, 1, "   esc clears", STYLE_TEXT);
	end(p);
	p = play_named("sort-menu", 80);
	assert_words_are(&p->canvas, 1, "sort severity", STYLE_TEXT);
	assert_words_are(&p->canvas, 22, "worst", STYLE_ACTIVE);
	end(p);
	p = play_named("suspect", 80);
	assert_words_are(&p->canvas, 1, "2 suspect", STYLE_SUSPECT);
	assert_words_are(&p->canvas, 5, "failed?", STYLE_SUSPECT);
	end(p);
	p = play_named("skew", 80);
	assert_words_are(&p->canvas, 0, "clock 2m 10s ahead", STYLE_DANGER);
	end(p);
}

/* The column of a text in the row that begins so; -1: the row does not have it. */
static int column_of(const struct canvas *canvas, const char *row, const char *words)
{
	char line[4096];
	const char *at;
	int i;

	for (i = canvas->rows - 1; i > 0; i--)
		if (!strncmp(canvas_row(canvas, i, line, sizeof(line)), row, strlen(row)))
			break;
	at = strstr(line, words);
	return i && at ? (int)(at - line) : -1;
}

static void the_summary_has_its_columns_for_words_of_any_length(void **state)
{
	struct screen_run *p = play_named("list", 120);

	assert_int_equal(column_of(&p->canvas, "   backup   failed ", "no-permission"), 21);
	end(p);
	p = play_named("stalled", 120);
	assert_int_equal(column_of(&p->canvas, "   backup   stalled ", "42%"), 21);
	end(p);
	p = play_named("overdue", 120);
	assert_int_equal(column_of(&p->canvas, "   backup   overdue ", "4h late"), 21);
	end(p);
}

static void a_blank_row_is_between_the_long_summary_and_the_keys(void **state)
{
	static const char *const names[] = { "list",	"stalled", "overdue", "after-reset",
					     "suspect", "import",  "retried" };
	char line[4096];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		struct screen_run *p = play_named(names[i], 120);

		canvas_row(&p->canvas, p->canvas.rows - 2, line, sizeof(line));
		assert_string_equal(line, "");
		end(p);
	}
}

/* The contrast theme fills the cells of these styles. */
static void what_separates_clauses_has_no_style_of_them(void **state)
{
	struct screen_run *p = play_named("list", 120);
	char line[4096];
	const char *row = canvas_row(&p->canvas, 8, line, sizeof(line));
	const char *comma = strstr(row, ", 5 missed");
	const struct cell *cell;

	assert_non_null(comma);
	cell = &p->canvas.cells[8 * p->canvas.cols + (comma - row)];
	assert_int_equal(cell[-1].style, STYLE_OVERDUE);
	assert_int_equal(cell[0].style, STYLE_TEXT);
	assert_int_equal(cell[1].style, STYLE_TEXT);
	assert_int_equal(cell[2].style, STYLE_OVERDUE);
	end(p);
}

static void the_next_backup_stands_beside_the_last_from_149_columns(void **state)
{
	struct screen_run *p = play_named("list", 120);
	char line[4096];
	int cols;

	for (cols = 40; cols <= 220; cols++) {
		assert_int_equal(canvas_resize(&p->canvas, cols, 24), 0);
		frame_draw(&p->canvas, p->stage.session, "0.1.0", p->stage.now);
		canvas_row(&p->canvas, 3, line, sizeof(line));
		assert_int_equal(strstr(line, "NEXT") != NULL, cols >= 149);
		canvas_row(&p->canvas, 4, line, sizeof(line));
		assert_int_equal(strstr(line, "2d 04h late   no-permission") != NULL, cols >= 149);
	}
	end(p);
}

/* At sizes without a drawing, nothing is drawn outside the canvas. */
static void fits_every_size(void **state)
{
	static const char *const modes[] = { "", "b", "/", "?", "l", "\r" };
	const struct screen_case *screen_case = *state;
	struct canvas canvas;
	struct stage stage;
	const struct screen_player player = {
		.say = say, .advance = advance, .type = type, .arg = &stage
	};
	int cols, rows;
	size_t i;

	canvas_init(&canvas, false);
	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		open_stage(&stage);
		screen_case_play(screen_case, &player);
		stage_type(&stage, modes[i]);
		for (cols = 1; cols <= 300; cols += cols < 160 ? 7 : 47)
			for (rows = 1; rows <= 60; rows += rows < 36 ? 3 : 13) {
				assert_int_equal(canvas_resize(&canvas, cols, rows), 0);
				if (frame_draw(&canvas, stage.session, "0.1.0", stage.now))
					check_frame(&stage, &canvas);
				assert_in_range(canvas.cursor_row, 0, rows - 1);
				assert_in_range(canvas.cursor_col, 0, cols - 1);
			}
		stage_close(&stage);
	}
	canvas_release(&canvas);
}

int main(void)
{
	static char name[256][64];
	struct CMUnitTest tests[256] = { { 0 } };
	size_t i, count = 0;

	setlocale(LC_CTYPE, "C.UTF-8");
	screen_cases_read();
	for (i = 0; i < screen_case_count; i++) {
		snprintf(name[i], sizeof(name[i]), "%s looks as drawn at %dx%d",
			 screen_cases[i].name, screen_cases[i].cols, screen_cases[i].rows);
		tests[count++] =
			(struct CMUnitTest){ .name = name[i],
					     .test_func = looks_as_drawn,
					     .initial_state = (void *)(uintptr_t)&screen_cases[i] };
		if (screen_cases[i].cols == 80 &&
		    (!strcmp(screen_cases[i].name, "hostile") ||
		     !strcmp(screen_cases[i].name, "results") ||
		     !strcmp(screen_cases[i].name, "bulk") ||
		     !strcmp(screen_cases[i].name, "bulk-few") ||
		     !strcmp(screen_cases[i].name, "bulk-totals") ||
		     !strcmp(screen_cases[i].name, "suspect") ||
		     !strcmp(screen_cases[i].name, "detail-stalled") ||
		     !strcmp(screen_cases[i].name, "detail-hostile") ||
		     !strcmp(screen_cases[i].name, "filter-error") ||
		     !strcmp(screen_cases[i].name, "log-filter") ||
		     !strcmp(screen_cases[i].name, "password-typing") ||
		     !strcmp(screen_cases[i].name, "label-first-contact") ||
		     !strcmp(screen_cases[i].name, "key-changed-later")))
			tests[count++] =
				(struct CMUnitTest){ .name = "fits every size",
						     .test_func = fits_every_size,
						     .initial_state =
							     (void *)(uintptr_t)&screen_cases[i] };
	}
	tests[count++] =
		(struct CMUnitTest)cmocka_unit_test(the_label_has_its_colour_wherever_it_stands);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(
		each_number_of_a_sum_has_the_colour_of_its_result);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(lines_of_a_question_never_move);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(states_and_signs_are_as_agreed);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(
		the_summary_has_its_columns_for_words_of_any_length);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(
		a_blank_row_is_between_the_long_summary_and_the_keys);
	tests[count++] =
		(struct CMUnitTest)cmocka_unit_test(what_separates_clauses_has_no_style_of_them);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(
		the_next_backup_stands_beside_the_last_from_149_columns);
	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return _cmocka_run_group_tests(__FILE__, tests, count, NULL, NULL);
}
