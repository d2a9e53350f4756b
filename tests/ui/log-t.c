/*
 * The log page: the styles of its outcomes.
 */
#include <locale.h>

#include "bdbtop/core/array.h"
#include "bdbtop/ui/draw_context.h"
#include "tests/stage/stage.h"
#include "tests/tap.h"

#define COLS	   80
#define FIRST_LINE 4
#define OUTCOME_AT 52

static const char *const cluster[] = {
	"bdb 12 name=orders-eu backup=failed:no-permission",
	NULL,
};

/* An outcome has the style that it has on its row in the list. */
static void an_outcome_has_its_style(void **state)
{
	static const struct {
		const char *put, *outcome;
		enum style style;
	} cases[] = {
		{ "put 200", "cleared", STYLE_CLEARED },
		{ "put 403", "403 role may not reset", STYLE_REFUSED },
		{ "put 409", "409 busy in 38 ms", STYLE_WAITING },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct stage stage;
		struct canvas canvas;
		char line[4096];

		stage_open(&stage, cluster);
		stage_script(&stage, "%s", cases[i].put);
		stage_confirm(&stage, 'b');
		stage_advance(&stage, 1000);
		stage_key(&stage, 'l');
		canvas_init(&canvas, false);
		assert_int_equal(canvas_resize(&canvas, COLS, 24), 0);
		frame_draw(&canvas, stage.session, "0.1.0", stage.now);
		canvas_row(&canvas, FIRST_LINE, line, sizeof(line));
		assert_string_equal(line + OUTCOME_AT, cases[i].outcome);
		assert_int_equal(canvas.cells[FIRST_LINE * COLS + OUTCOME_AT].style,
				 cases[i].style);
		canvas_release(&canvas);
		stage_close(&stage);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_outcome_has_its_style),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return tap_run(tests);
}
