/*
 * tests/screen/pty.h - the console in a pseudo-terminal, read by libvterm.
 *
 * It runs tests/bdbtop-staged.  A pipe controls the clock and the cluster of that program, which
 * answers each line when everything due is drawn, so no call here waits for real time.  A test
 * fails when an answer does not come.  pty_close() removes everything.
 *
 * With `words` it runs bdbtop itself, in real time, without the pipe: use pty_send(), pty_await()
 * and pty_await_not() then.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <vterm.h>

#define PTY_TEXT 65536
/* The staged program sends it after everything drawn. */
#define PTY_MARK "\033[9999y"

struct pty_setup {
	int cols, rows;
	const char *term;	  /* NULL: xterm-256color; "": unset */
	const char *option;	  /* one option, or NULL */
	const char *variable;	  /* one more variable, `NAME=value`, or NULL */
	const char *locale;	  /* LC_ALL; NULL: C.UTF-8 */
	bool no_size;		  /* the terminal reports 0 columns and 0 rows */
	bool job;		  /* under a shell with job control, for ctrl-z */
	const char *const *words; /* NULL: bdbtop-staged; else arguments of bdbtop, to NULL */
	const char *program;	  /* of the build directory, instead of bdbtop */
	void (*on_bytes)(const char *bytes, size_t length); /* gets all bytes; or NULL */
};

struct pty {
	int master, to, from; /* the terminal; the pipes of the staged program */
	pid_t child;
	VTerm *vterm;
	VTermScreen *screen;
	int cols, rows;
	size_t bytes;  /* to the terminal since pty_forget_bytes() */
	size_t marks;  /* PTY_MARK in the stream */
	char stream[PTY_TEXT]; /* the newest bytes */
	size_t stream_length;
	void (*on_bytes)(const char *bytes, size_t length);
	char folder[64]; /* holds the audit log */
};

/* Starts the program and waits for its first frame. */
void pty_open(struct pty *, const struct pty_setup *);
/* Starts a program that should end at once; its output is in the stream. */
void pty_start(struct pty *, const struct pty_setup *);
void pty_close(struct pty *);

/* Sends a line to the staged program; returns when everything due is drawn. */
void pty_script(struct pty *, const char *line);
void pty_advance(struct pty *, long ms);
/* Writes bytes as the terminal would send them, in one write; returns when everything is drawn.
 * pty_type() waits until a final ESC becomes the esc key; pty_read() does not wait for that. */
void pty_type(struct pty *, const char *bytes);
void pty_read(struct pty *, const void *bytes, size_t length);
void pty_resize(struct pty *, int cols, int rows);
/* The same without waiting, for bdbtop itself. */
void pty_set_size(struct pty *, int cols, int rows);

/* After the line `unread` (tests/screen/staged.c) only these, pty_send() and the functions that
 * show the screen may be used.  What the staged program has drawn since its start: the bytes, and
 * whether the terminal has not accepted all of them. */
struct pty_drawn {
	size_t bytes;
	bool waits;
};
struct pty_drawn pty_ask(struct pty *, const char *line);
/* Reads so many bytes that the terminal received, or fewer if there are no more; how many. */
size_t pty_take(struct pty *, size_t most);
/* Reads everything that was drawn, in the order and to the byte; pty_forget_bytes() must not have
 * been called. */
struct pty_drawn pty_drain(struct pty *);
/* Waits for the end of the program without reading the terminal. */
int pty_wait_unread(struct pty *);

/* Writes bytes as the terminal would send them to bdbtop itself; does not wait. */
void pty_send(struct pty *, const char *bytes);
/* Reads output until these words are on the screen, or until they are not. */
void pty_await(struct pty *, const char *words);
void pty_await_not(struct pty *, const char *words);
/* Reads output until that(pty, words) is true. */
void pty_await_that(struct pty *, bool (*that)(struct pty *, const char *words), const char *words);
/* Reads output until these words are on the screen; false if they do not come within this time, or
 * if the program ends. */
bool pty_shows_within(struct pty *, const char *words, int64_t ms);
/* Reads output for so long. */
void pty_let_pass(struct pty *, int64_t ms);
/* Waits for a question, and until it no longer ignores keys. */
void pty_accepts_input(struct pty *, const char *question);
/* Answers the open question with y, after its guard interval. */
void pty_confirm(struct pty *);

/* The rows, each with a newline and without trailing spaces.  Valid until the next call. */
const char *pty_text(struct pty *);
/* One row of it. */
const char *pty_row(struct pty *, int row);
/* The first row that contains these words, or -1. */
int pty_row_of(struct pty *, const char *words);
/* True if the screen contains these words. */
bool pty_shows(struct pty *, const char *words);
VTermScreenCell pty_cell(struct pty *, int row, int col);
VTermPos pty_cursor(struct pty *);

/* Waits for the end of the program; returns the status of waitpid(). */
int pty_wait(struct pty *);
/* True if the terminal has its original modes. */
bool pty_is_cooked(struct pty *);
/* True if the terminal received these bytes. */
bool pty_got(struct pty *, const char *bytes);
void pty_forget_bytes(struct pty *);
