/*
 * ui/term_internal.h - shared by term.c (screen), input.c (keys), signals.c (signals, crashes),
 * term_escape.c (escape sequences that curses does not know) and clipboard.c.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Must be called after newterm() and raw(); changes the terminal's modes further. */
void input_start(bool mouse);

/* Must be called before newterm(): saves the terminal's modes, sets the handlers and opens their
 * pipe.  -1 with errno. */
int signals_start(void);
void signals_stop(void);
/* Copies the bytes that a crash handler writes to the terminal. */
void signals_prepare(const char *restore, size_t length);
/* Stops the process group as ctrl-z in a shell does; returns when continued. */
void signals_stop_here(void);

/* Sequences that only some terminals support. */
enum term_escape {
	ESCAPE_PASTE = 1, ESCAPE_MOUSE = 2, ESCAPE_COPY = 4, ESCAPE_NOTICE = 8, ESCAPE_TITLE = 16
};
/* The set of sequences that a terminal with this name supports; after newterm(), because screen
 * has a title only if its terminfo entry says so. */
unsigned term_escapes_of(const char *name);
/* A terminal with this name is compatible with xterm. */
bool term_is_like_xterm(const char *name);
/* Sets the name of the terminal. */
void term_escape_init(const char *name);
bool term_escape_is_known(enum term_escape);
/* The sequence that turns PASTE or MOUSE on or off, or saves the TITLE or restores it; "" if not
 * supported. */
const char *term_escape_mode(enum term_escape, bool on);
/* Writes all parts completely; -1: the terminal does not accept them. */
int term_escape_send(const char *const *part, size_t count);
