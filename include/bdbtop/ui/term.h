/*
 * ui/term.h - the terminal: set it up, paint, read, restore it.  Only its files use curses.
 *
 * A program has one terminal, so the saved state is static: a crash handler must find it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "bdbtop/core/err.h"
#include "bdbtop/session/input.h"
#include "bdbtop/ui/canvas.h"
#include "bdbtop/ui/theme.h"

struct term_options {
	enum theme theme;
	bool mouse, title;	/* use them, if the terminal can */
};

/*
 * Sets up the terminal and the signal handlers.  -1 with an error if standard input and output are
 * not a terminal, or TERM names none that can move its cursor; the terminal is then unchanged.
 */
int term_start(const struct term_options *, struct err *);
/* A sentence if the terminal is not used as TERM names it, else "": an unknown name that begins
 * like a terminal compatible with xterm is used as xterm-256color. */
const char *term_notice(void);
/*
 * Restores the terminal and empties its last line; then writes the text, unless it is NULL, in the
 * modes that the terminal had.  A second call does nothing.  Returns false if the terminal accepted
 * no byte for a second, or was closed: then the text is not written, or only its beginning.
 */
bool term_stop(const char *text);

/* Name and version of the curses library: `ncurses 6.4.20221231`. */
const char *term_library(void);

/* The current size, which curses gets as well. */
void term_size(int *cols, int *rows);

/*
 * Makes the bytes of the differences to the screen, with one doupdate(); term_flush() writes them.
 * Those of more than 40 cells are between the marks of mode 2026, if the terminal has replied that
 * it has that mode: it then shows the frame at once.
 * Must be called only when term_flush() returned true, so that one frame at most is on its way.
 */
void term_paint(const struct canvas *);
/* Writes what the terminal accepts without waiting; false: it has not accepted everything. */
bool term_flush(void);
/* A descriptor to wait for, until it can be written, and then to call term_flush(); -1: none. */
int term_write_fd(void);
/*
 * Copies a text to the terminal's clipboard.  Inside tmux (TMUX is set) it runs `tmux load-buffer
 * -w -` with up to 64 KiB on standard input and a timeout of one second.  Elsewhere it sends OSC 52
 * with up to 8 KiB, complete lines only.  Writes the outcome as a sentence: `sent to the terminal`,
 * or the reason: `not sent: this kind of terminal has no clipboard`.  Returns whether it was sent;
 * behind a frame that is on its way it is not.
 */
bool term_copy(const char *text, char *outcome, size_t size);
/* Rings the bell, with the next term_flush(). */
void term_ring(void);
/* Sends a notification by OSC 9 and OSC 777, with the next term_flush().  Does nothing if the text
 * has other bytes than printable ASCII, or on a terminal that would print the sequence. */
void term_notify(const char *text);

/* Sets the title of the terminal, with the next term_flush(), until the end, a suspend or a crash
 * restores it.  Does nothing for a text of TERM_TITLE bytes or more or with other bytes than
 * printable ASCII, or on a terminal that cannot save its title and restore it. */
#define TERM_TITLE 160
void term_set_title(const char *text);

/* The next paint redraws everything. */
void term_redraw_all(void);

/* Restores the terminal, stops the process group as a shell expects, and sets the terminal up again
 * when continued. */
void term_suspend(void);
/* Sets the terminal up again after another process stopped and continued this one. */
void term_resume(void);

/* Begins a turn of the loop: it reads up to 64 KiB, the next turn reads the rest. */
void term_begin_input(void);
/*
 * The next pending piece of input, or one that a timeout completes (ui/input_decoder.h); false:
 * none.  Mouse events only come if term_start() enabled them on a terminal that supports them.
 */
bool term_input(struct input_event *, int64_t now_ms);
/* When term_input() must be called without new input; TIME_NEVER: never. */
int64_t term_input_due(void);
/* Discards the pending input; a paste that began in it continues. */
void term_drop_keys(int64_t now_ms);
/* The terminal was closed. */
bool term_has_gone(void);

/* Signals that came since the last call. */
struct term_signals {
	bool resized, terminate, suspend, continued;
};
/* A descriptor that is readable when there are any. */
int term_signal_fd(void);
/* Returns and clears them. */
struct term_signals term_signals(void);
