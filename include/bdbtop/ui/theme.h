/*
 * ui/theme.h - what each element looks like; the only place that names a colour.
 *
 * Only a foreground of the terminal's 16 colours, or reverse, on the terminal's own background;
 * never 0, 7, 8 or blue, which some palettes make invisible.
 */
#ifndef BDBTOP_UI_THEME_H
#define BDBTOP_UI_THEME_H

#include <stdbool.h>

#include "bdbtop/core/style.h"

enum theme { THEME_COLOUR, THEME_MONOCHROME, THEME_CONTRAST, THEME_COUNT };

struct cell_attributes {
	int colour;		/* 0 its own, 1 red, 2 green, 3 yellow, 5 magenta, 6 cyan */
	bool bold, dim, reverse;
};

/* flags: of its cell. */
struct cell_attributes theme_attributes(enum theme, enum style, unsigned flags);

#endif
