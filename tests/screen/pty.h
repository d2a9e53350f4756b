/*
 * tests/screen/pty.h - the console in a pseudo-terminal, read by libvterm.
 *
 * It runs tests/bdbtop-staged, whose clock and cluster are turned through a pipe; every line is
 * answered when all that it made due is drawn, so nothing here waits for time.  A test fails when
 * an answer does not come.  Everything is undone by pty_close().
 *
 * With `words` it is bdbtop itself, in real time: there the calls that talk to the pipe are of no
 * use, and pty_send(), pty_await() and pty_await_not() take their place.
 */
#ifndef BDBTOP_TESTS_SCREEN_PTY_H
#define BDBTOP_TESTS_SCREEN_PTY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include <vterm.h>

#define PTY_TEXT 65536

struct pty_setup {
	int cols, rows;
	const char *term;	  /* NULL: xterm-256color; "": unset */
	const char *option;	  /* one option for it, or NULL */
	const char *variable;	  /* one variable more, `NAME=value`, or NULL */
	const char *locale;	  /* LC_ALL; NULL: C.UTF-8 */
	bool job;		  /* under a shell of one job, for ctrl-z */
	const char *const *words; /* NULL: bdbtop-staged; else bdbtop with these, up to a NULL */
};

struct pty {
	int master, to, from; /* the terminal; the pipes of the staged program */
	pid_t child;
	VTerm *vterm;
	VTermScreen *screen;
	int cols, rows;
	size_t bytes;  /* to the terminal since pty_forget_bytes() */
	size_t marks;  /* seen in the stream */
	char last[16]; /* of the stream, to find a mark that was cut */
	size_t last_length;
	char stream[PTY_TEXT]; /* the end of what came */
	size_t stream_length;
	char folder[64]; /* holds the ledger */
};

/* Start it and wait for its first frame; `held`: the list is not answered yet. */
void pty_open(struct pty *, const struct pty_setup *);
/* The same for a program that is to end at once; what it says is in the stream. */
void pty_start(struct pty *, const struct pty_setup *);
void pty_close(struct pty *);

/* A line for the staged program; returns when what it made due is drawn. */
void pty_script(struct pty *, const char *line);
void pty_advance(struct pty *, long ms);
/* Bytes as the terminal would send them, in one write; then all is drawn.  An ESC at their end
 * becomes the esc key, after its delay; pty_read() leaves it to the bytes and the time to come. */
void pty_type(struct pty *, const char *bytes);
void pty_read(struct pty *, const void *bytes, size_t length);
void pty_key(struct pty *, int key); /* enum key or a character */
void pty_resize(struct pty *, int cols, int rows);

/* Bytes as the terminal would send them, to bdbtop itself; does not wait. */
void pty_send(struct pty *, const char *bytes);
/* Read what is drawn until these words stand on the screen, or until they no longer do. */
void pty_await(struct pty *, const char *words);
void pty_await_not(struct pty *, const char *words);
/* Until this holds of these words. */
void pty_await_that(struct pty *, bool (*that)(struct pty *, const char *words), const char *words);
/* The same for bytes in the stream, whatever stands on the screen. */
void pty_await_bytes(struct pty *, const char *bytes);
/* Wait for a question, and until it no longer throws away what is typed. */
void pty_accepts_input(struct pty *, const char *question);
/* Answer the open question with y, once it counts: what is typed early is thrown away. */
void pty_confirm(struct pty *);

/* Rows with a newline each, without the spaces at their ends.  Lives until the next call. */
const char *pty_text(struct pty *);
/* One row of it. */
const char *pty_row(struct pty *, int row);
/* The first row on which this stands, or -1. */
int pty_row_of(struct pty *, const char *words);
/* True when it stands somewhere on the screen. */
bool pty_shows(struct pty *, const char *words);
VTermScreenCell pty_cell(struct pty *, int row, int col);
VTermPos pty_cursor(struct pty *);

/* The staged program ends: its status as of waitpid(). */
int pty_wait(struct pty *);
/* The terminal's modes are those of before. */
bool pty_is_cooked(struct pty *);
/* These bytes came to the terminal. */
bool pty_got(struct pty *, const char *bytes);
void pty_forget_bytes(struct pty *);

#endif
