/*
 * ui/ui_internal.h - shared by ui.c (the front end) and mouse.c (mouse events).
 */
#pragma once

#include "bdbtop/session/session.h"
#include "bdbtop/ui/canvas.h"
#include "bdbtop/ui/term.h"

/* The last click, to detect a double click. */
struct last_click {
	bool valid;
	size_t row; /* of the list */
	int64_t at_ms;
};

/* Handles a mouse event on the frame in the canvas. */
void mouse_on_event(struct session *, const struct canvas *, struct last_click *,
		    const struct input_event *, struct moment now);
