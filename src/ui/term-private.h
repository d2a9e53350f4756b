/*
 * ui/term-private.h - shared by term.c (screen), input.c (keys) and signals.c (signals, crashes).
 */
#ifndef BDBTOP_UI_TERM_PRIVATE_H
#define BDBTOP_UI_TERM_PRIVATE_H

#include <stddef.h>

/* Keys that input_start() teaches curses: beyond its own, within the 16 bits it has for them. */
enum {
	TERM_PASTE_BEGINS = 0x4000, TERM_PASTE_ENDS,
	TERM_UP, TERM_DOWN, TERM_PAGE_UP, TERM_PAGE_DOWN, TERM_HOME, TERM_END,
	TERM_F1, TERM_F5,
};

void input_start(void);		/* after newterm() */
void input_stop(void);

/* Before newterm(): handlers, their pipe, the terminal's modes.  -1 with errno. */
int signals_start(void);
void signals_stop(void);
/* What a crash writes to the terminal; copied. */
void signals_prepare(const char *restore, size_t length);
/* Stop the process group as ctrl-z in a shell does; returns when continued. */
void signals_stop_here(void);

#endif
