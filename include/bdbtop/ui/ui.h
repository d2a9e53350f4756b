/*
 * ui/ui.h - the console on a terminal: the only floor with curses.
 */
#ifndef BDBTOP_UI_UI_H
#define BDBTOP_UI_UI_H

#include "bdbtop/session/loop.h"
#include "bdbtop/ui/theme.h"

struct ui_options {
	bool ascii;		/* --ascii, or no UTF-8 in the locale */
	enum theme theme;	/* NO_COLOR and terminals without colours: MONOCHROME */
	bool mouse;		/* --mouse: wheel, click, double click */
	const char *version;
};

struct ui;

/*
 * Take the terminal.  NULL with a sentence (no terminal, TERM unknown or unset): exit status 2.
 * Signal handlers and those for a crash are set here, before curses; the terminal is given back on
 * every way out.
 */
struct ui *ui_start(struct session *, const struct ui_options *, struct err *);
void ui_stop(struct ui *);		/* gives the terminal back; NULL is borne */
const struct front_ops *ui_ops(void);

#endif
