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
#include "bdbtop/ui/canvas.h"
#include "bdbtop/ui/theme.h"

/*
 * Take it.  -1 with a sentence when there is no terminal, or TERM names none that can move its
 * cursor; then nothing was changed.  Signals are caught from here on.
 */
int term_start(enum theme, bool mouse, struct err *);
/* Give it back; a second call does nothing. */
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
void term_forget(void);

/* Give the terminal back, stop as a shell expects, and take it again when continued. */
void term_suspend(void);
/* Take it again: somebody else had stopped and continued us. */
void term_resume(void);

/* The mouse, when term_start() was asked for it. */
enum term_mouse { MOUSE_NOT, MOUSE_CLICK, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN };
struct term_key {
	int key;			/* enum key, or a character; 0: the mouse */
	bool pasted;
	enum term_mouse mouse;
	int row, col;			/* of the mouse, from 0 */
};
/*
 * The next key that waits, or what the mouse did; false: none.  A paste whose end never came, and a
 * report of the mouse that was begun only, are over after a second of silence on the clock of
 * now_ms.
 */
bool term_key(struct term_key *, int64_t now_ms);
/* Throw away what waits; a paste that began there is remembered. */
void term_drop_keys(int64_t now_ms);
/* The terminal has gone. */
bool term_gone(void);

/* Signals that came since the last call. */
struct term_signals {
	bool resized, terminate, suspend, continued;
};
/* Readable when there are any. */
int term_signal_fd(void);
/* They are forgotten by this. */
struct term_signals term_signals(void);

#endif
