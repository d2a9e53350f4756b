/*
 * ui/theme.h - the appearance of each style; only this module names colours.
 *
 * A style has a foreground of the terminal's 16 colours, or reverse, on the default background.  It
 * never uses 0, 7, 8 or blue, which are invisible in some palettes.
 */
#pragma once

#include <stdbool.h>

#include "bdbtop/core/style.h"

enum theme { THEME_COLOUR, THEME_MONOCHROME, THEME_CONTRAST, THEME_COUNT };

struct cell_attributes {
	int colour;		/* 0 default, 1 red, 2 green, 3 yellow, 5 magenta, 6 cyan */
	bool bold, dim, reverse;
};

/* flags: enum cell_flag of the cell. */
struct cell_attributes theme_attributes(enum theme, enum style, unsigned flags);
