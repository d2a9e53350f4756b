/*
 * ui/term_internal.h - shared by term.c (screen), input.c (keys), signals.c (signals, crashes),
 * term_escape.c (what curses has no words for) and clipboard.c.
 */
#ifndef BDBTOP_UI_TERM_INTERNAL_H
#define BDBTOP_UI_TERM_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

/* After newterm() and what sets the terminal's modes, which it completes. */
void input_start(bool mouse);

/* Before newterm(): handlers, their pipe, the terminal's modes.  -1 with errno. */
int signals_start(void);
void signals_stop(void);
/* What a crash writes to the terminal; copied. */
void signals_prepare(const char *restore, size_t length);
/* Stop the process group as ctrl-z in a shell does; returns when continued. */
void signals_stop_here(void);

/* Sequences that not every terminal knows. */
enum outside { OUTSIDE_PASTE = 1, OUTSIDE_MOUSE = 2, OUTSIDE_COPY = 4, OUTSIDE_NOTICE = 8 };
/* Which of them a terminal of this name knows. */
unsigned outside_of(const char *name);
/* The terminal has this name from now on; does it know that? */
void outside_start(const char *name);
bool outside_knows(enum outside);
/* What turns PASTE or MOUSE on or off; "" where it is not known. */
const char *outside_switch(enum outside, bool on);
/* The parts one after the other, whole; -1: the terminal does not take them. */
int outside_say(const char *const *part, size_t count);

#endif
