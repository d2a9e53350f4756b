/*
 * ui/ui_internal.h - shared by ui.c (the front) and mouse.c (what the mouse does to it).
 */
#ifndef BDBTOP_UI_UI_INTERNAL_H
#define BDBTOP_UI_UI_INTERNAL_H

#include "bdbtop/session/session.h"
#include "bdbtop/ui/canvas.h"
#include "bdbtop/ui/term.h"

/* The last click, to know a second one. */
struct last_click {
	bool valid;
	size_t row; /* of the list */
	int64_t at_ms;
};

/* What the mouse did on the frame that stands in the canvas. */
void mouse_take(struct session *, const struct canvas *, struct last_click *,
		const struct input_event *, struct moment now);

#endif
