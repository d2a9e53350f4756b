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
enum term_escape { ESCAPE_PASTE = 1, ESCAPE_MOUSE = 2, ESCAPE_COPY = 4, ESCAPE_NOTICE = 8 };
/* Which of them a terminal of this name knows. */
unsigned term_escapes_of(const char *name);
/* The terminal has this name from now on; does it know that? */
void term_escape_init(const char *name);
bool term_escape_is_known(enum term_escape);
/* What turns PASTE or MOUSE on or off; "" where it is not known. */
const char *term_escape_mode(enum term_escape, bool on);
/* The parts one after the other, whole; -1: the terminal does not take them. */
int term_escape_send(const char *const *part, size_t count);

#endif
