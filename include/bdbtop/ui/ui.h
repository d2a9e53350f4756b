/*
 * ui/ui.h - the console on a terminal; only this module uses curses.
 */
#pragma once

#include "bdbtop/session/loop.h"
#include "bdbtop/ui/theme.h"

struct ui_options {
	bool ascii;		/* --ascii; also if the locale has no UTF-8 */
	enum theme theme;	/* MONOCHROME with NO_COLOR or without colours in the terminal */
	bool mouse;		/* --mouse: wheel, click, double click */
	bool title;		/* no --no-title: sets the title of the terminal */
	const char *version;
};

struct ui;

/*
 * Sets up the terminal, with handlers for signals and crashes.  NULL with an error: no terminal,
 * TERM unknown or unset, out of memory; the program then exits with 2.  The session must outlive
 * the ui.
 */
struct ui *ui_start(struct session *, const struct ui_options *, struct err *);
/* Restores the terminal and then writes the text, unless it is NULL.  Returns false if the terminal
 * did not accept that within a second, or was closed. */
bool ui_stop(struct ui *, const char *text);
/* The functions for loop_run(), whose front end is the struct ui. */
const struct front_ops *ui_ops(void);
