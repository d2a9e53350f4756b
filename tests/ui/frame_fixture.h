/*
 * tests/ui/frame_fixture.h - frames of a stage, on a canvas.
 */
#pragma once

#include <locale.h>

#include "bdbtop/ui/draw_context.h"
#include "tests/stage/stage.h"
#include "tests/tap.h"

static struct stage stage;
static struct canvas canvas;

/* Opens the stage with the lines of a script, ended by NULL. */
static inline void frame_open(const char *const *cluster)
{
	stage_open(&stage, cluster);
	canvas_init(&canvas, false);
}

/* A teardown of cmocka. */
static inline int frame_close(void **state)
{
	canvas_release(&canvas);
	stage_close(&stage);
	return 0;
}

static inline void draw(int cols, int rows)
{
	assert_int_equal(canvas_resize(&canvas, cols, rows), 0);
	frame_draw(&canvas, stage.session, "0.1.0", stage.now);
}

/* A row as drawn last; valid until the next call. */
static inline const char *row(int at)
{
	static char line[4096];

	return canvas_row(&canvas, at, line, sizeof(line));
}
