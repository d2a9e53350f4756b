/*
 * Every screen that has a drawing, as a canvas: no terminal, no curses.
 */
#include "bdbtop/ui/scene.h"

#include "tests/screen/scenes.h"
#include "tests/stage/stage.h"
#include "tests/tap.h"

#include <locale.h>

#define SCREEN_SIZE 65536

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
	if (!strcmp(line, "ledger fails") || !strcmp(line, "ledger works")) {
		fake_ledger_fails(stage->ledger, line[7] == 'f');
		return;
	}
	stage_say(stage, "%s", line);
}

static void advance(void *arg, long ms)
{
	stage_advance(arg, ms);
}

static void press(void *arg, int key)
{
	stage_key(arg, key);
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

static void looks_as_drawn(void **state)
{
	const struct scene_test *scene = *state;
	char *screen = malloc(SCREEN_SIZE);
	struct canvas canvas;
	struct stage stage;
	const struct scene_player player = {
		.say = say, .advance = advance, .key = press, .arg = &stage
	};

	assert_non_null(screen);
	canvas_init(&canvas, scene->ascii);
	assert_int_equal(canvas_resize(&canvas, scene->cols, scene->rows), 0);
	open_stage(&stage);
	/* the first frame tells the session how long a page is */
	show(&stage, &canvas, screen);
	scene_play(scene, &player);
	show(&stage, &canvas, screen);
	scene_compare(scene, screen);
	stage_close(&stage);
	canvas_release(&canvas);
	free(screen);
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

/* What no size may take away: the whole question, and how fresh the picture is. */
static void check_frame(struct stage *stage, const struct canvas *canvas)
{
	const struct question *question = session_question(stage->session);

	if (question->kind == QUESTION_LOGIN)
		assert_true(shows(canvas, "Password (not shown): _"));
	else if (question->kind != QUESTION_NONE)
		assert_true(shows(canvas, question_is_typed(question->kind)
						  ? "Type yes, then enter: _"
						  : "[y/N]"));
	if (session_mode(stage->session) == MODE_HELP)
		return;
	switch (cluster_face(stage->cluster)->link) {
	case LINK_FRESH:
		assert_true(shows(canvas, "polled 20:1"));
		break;
	case LINK_REFUSED:
		assert_true(shows(canvas, "log-in refused"));
		break;
	default:
		assert_true(shows(canvas, "not trusted"));
		break;
	}
}

/* The element of the cells that hold these words. */
static void assert_words_are(const struct canvas *canvas, int row, const char *words,
			     enum element element)
{
	char line[4096];
	const char *at = strstr(canvas_row(canvas, row, line, sizeof(line)), words);
	size_t i;

	assert_non_null(at);
	for (i = 0; i < strlen(words); i++)
		assert_int_equal(canvas->cell[row * canvas->cols + (at - line) + (long)i].element,
				 element);
}

static void the_label_has_its_colour_wherever_it_stands(void **state)
{
	static const struct {
		const char *scene;
		int row;
	} in[] = { { "label", 14 }, { "label-visit", 18 }, { "label-password", 17 } };
	char *screen = malloc(SCREEN_SIZE);
	size_t i, j;

	(void)state;
	assert_non_null(screen);
	for (i = 0; i < sizeof(in) / sizeof(in[0]); i++) {
		struct canvas canvas;
		struct stage stage;
		const struct scene_player player = {
			.say = say, .advance = advance, .key = press, .arg = &stage
		};

		for (j = 0; strcmp(scenes[j].name, in[i].scene) != 0; j++)
			;
		canvas_init(&canvas, false);
		assert_int_equal(canvas_resize(&canvas, scenes[j].cols, scenes[j].rows), 0);
		open_stage(&stage);
		scene_play(&scenes[j], &player);
		show(&stage, &canvas, screen);
		assert_words_are(&canvas, 0, "[PROD]", EL_LABEL_RED);
		assert_words_are(&canvas, 0, "prod-eu", EL_HEADER);
		assert_words_are(&canvas, in[i].row, "[PROD]", EL_LABEL_RED);
		assert_words_are(&canvas, in[i].row, " prod-eu", EL_QUESTION);
		stage_close(&stage);
		canvas_release(&canvas);
	}
	free(screen);
}

/* Sizes that the drawings do not have: nothing may be written outside, whatever is shown. */
static void fits_every_size(void **state)
{
	static const char *const modes[] = { "", "b", "/", "?", "l", "\r" };
	const struct scene_test *scene = *state;
	struct canvas canvas;
	struct stage stage;
	const struct scene_player player = {
		.say = say, .advance = advance, .key = press, .arg = &stage
	};
	int cols, rows;
	size_t i;

	canvas_init(&canvas, false);
	for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		open_stage(&stage);
		scene_play(scene, &player);
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
	static char name[192][64];
	struct CMUnitTest tests[192] = { { 0 } };
	size_t i, count = 0;

	setlocale(LC_CTYPE, "C.UTF-8");
	for (i = 0; i < scene_count; i++) {
		snprintf(name[i], sizeof(name[i]), "%s looks as drawn at %dx%d", scenes[i].name,
			 scenes[i].cols, scenes[i].rows);
		tests[count++] =
			(struct CMUnitTest){ .name = name[i],
					     .test_func = looks_as_drawn,
					     .initial_state = (void *)(uintptr_t)&scenes[i] };
		if (scenes[i].cols == 80 &&
		    (!strcmp(scenes[i].name, "hostile") || !strcmp(scenes[i].name, "results") ||
		     !strcmp(scenes[i].name, "typing") || !strcmp(scenes[i].name, "label-visit") ||
		     !strcmp(scenes[i].name, "key-changed-later")))
			tests[count++] =
				(struct CMUnitTest){ .name = "fits every size",
						     .test_func = fits_every_size,
						     .initial_state =
							     (void *)(uintptr_t)&scenes[i] };
	}
	tests[count++] =
		(struct CMUnitTest)cmocka_unit_test(the_label_has_its_colour_wherever_it_stands);
	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return _cmocka_run_group_tests(__FILE__, tests, count, NULL, NULL);
}
