/*
 * ui/term.h - the terminal: taken, painted, read, given back.  The only room with curses.
 *
 * There is one terminal a program, so its saved state lies in the file: a handler for a crash has
 * nobody to ask.
 */
#ifndef BDBTOP_UI_TERM_H
#define BDBTOP_UI_TERM_H

#include <stdbool.h>
#include <stdint.h>

#include "bdbtop/core/err.h"
#include "bdbtop/session/input.h"
#include "bdbtop/ui/canvas.h"
#include "bdbtop/ui/theme.h"

/*
 * Take it.  -1 with a sentence when there is no terminal, or TERM names none that can move its
 * cursor; then nothing was changed.  Signals are caught from here on.
 */
int term_start(enum theme, bool mouse, struct err *);
/* How it was taken, where that is not as TERM says: a name that is not in terminfo, but begins like
 * a terminal that does what xterm does, is used as xterm-256color.  "": as TERM says. */
const char *term_notice(void);
/* Give it back, its last line empty; a second call does nothing. */
void term_stop(void);

/* The library that draws, as it names itself: `ncurses 6.4.20221231`. */
const char *term_library(void);

/* Its size now, which curses is told as well. */
void term_size(int *cols, int *rows);

/* One doupdate: what differs from what stands on the screen goes out. */
void term_paint(const struct canvas *);
/*
 * Hand a text to the terminal's clipboard: inside tmux (TMUX is set) by its `load-buffer -w -`,
 * which gets it as its standard input, up to 64 KiB, and is given a second; elsewhere by OSC 52,
 * up to 8 KiB of it, its first whole lines.  What became of it, as words: `sent to the terminal`,
 * or why not: `not sent: this kind of terminal has no clipboard`.
 */
void term_copy(const char *text, char *outcome, size_t size);
/* Ring; and a notice by OSC 9 and OSC 777.  Text that is not ASCII, or holds control bytes, is no
 * notice; nor is any on a terminal that would print it. */
void term_ring(void);
void term_notify(const char *text);

/* The next paint draws everything anew. */
void term_redraw_all(void);

/* Give the terminal back, stop as a shell expects, and take it again when continued. */
void term_suspend(void);
/* Take it again: somebody else had stopped and continued us. */
void term_resume(void);

/* A turn of the loop begins: it reads up to 64 KiB, and the next one the rest. */
void term_begin_input(void);
/*
 * The next piece of input that waits, or that time has made (ui/input_decoder.h); false: none.
 * The mouse comes only when term_start() was asked for it, on a terminal that knows it.
 */
bool term_input(struct input_event *, int64_t now_ms);
/* When term_input() has something without more input; TIME_NEVER: it has not. */
int64_t term_input_due(void);
/* Throw away what waits; a paste that began there is remembered. */
void term_drop_keys(int64_t now_ms);
/* The terminal has gone. */
bool term_has_gone(void);

/* Signals that came since the last call. */
struct term_signals {
	bool resized, terminate, suspend, continued;
};
/* Readable when there are any. */
int term_signal_fd(void);
/* They are forgotten by this. */
struct term_signals term_signals(void);

#endif
