/*
 * ui/term_internal.h - shared by term.c (screen), term_output.c (bytes to the terminal), input.c
 * (keys), signals.c (signals, crashes), term_escape.c (escape sequences that curses does not know)
 * and clipboard.c.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Opens the way to the terminal, which is standard output.  -1 with errno. */
int term_output_start(void);
void term_output_stop(void);
/* For newterm(): the terminal, whose modes and speed curses reads and sets, until
 * term_output_redirect(); then memory, and curses can no longer set modes.  Both keep nothing back:
 * curses has a buffer of its own.  -1 with errno. */
FILE *term_output_stream(void);
int term_output_redirect(void);
/* Adds bytes behind those of curses; nothing is written yet.  They are lost if memory is full. */
void term_output_add(const char *bytes, size_t length);
/* Writes what the terminal accepts without waiting.  FAILED: it refuses the bytes, which are
 * dropped, because it was closed. */
enum term_output { TERM_OUTPUT_DONE, TERM_OUTPUT_WAITS, TERM_OUTPUT_FAILED };
enum term_output term_output_flush(void);
/* Waits as well: until it accepts nothing for silence_ms, but total_ms at most. */
enum term_output term_output_finish(int64_t silence_ms, int64_t total_ms);
/* Drops what has not been written. */
void term_output_drop(void);
/* There are bytes that the terminal has not accepted. */
bool term_output_waits(void);
/* The descriptor to wait for, or -1.  Only term_output.c writes to it. */
int term_output_fd(void);
/* The clock for time limits of the terminal: the system's, even where the loop has another. */
int64_t term_clock_ms(void);
/* The bytes that were added from the start on, written or not. */
uint64_t term_output_total(void);
/* Copies the bytes that term_output_crash() writes to the terminal: those of a crash handler, which
 * may call nothing else here. */
void term_output_prepare_crash(const char *bytes, size_t length);
void term_output_crash(void);
/* Returns the end to read of a pipe that already has the complete text, so that no write can block.
 * The caller closes it.  -1 with errno: EFBIG if the text is longer than a pipe. */
int term_output_fill_pipe(const char *text);

/* Must be called after newterm() and raw(); changes the terminal's modes further. */
void input_start(bool mouse);
/* Sets the modes of input_start() again. */
void input_resume(void);
/* The terminal replied that it has synchronized output. */
bool input_is_synchronized(void);
/* Discards input for up to ms until the reply has come that is due now, so that the shell does not
 * get it as keys. */
void input_await_reply(int ms);

/* Must be called before newterm(): saves the terminal's modes, sets the handlers and opens their
 * pipe.  -1 with errno. */
int signals_start(void);
void signals_stop(void);
/* Sets the terminal's modes as signals_start() found them. */
void signals_restore_modes(void);
/* Stops the process group as ctrl-z in a shell does; returns when continued. */
void signals_stop_here(void);

/* Sequences that only some terminals support. */
enum term_escape {
	ESCAPE_PASTE = 1, ESCAPE_MOUSE = 2, ESCAPE_COPY = 4, ESCAPE_NOTICE = 8, ESCAPE_TITLE = 16,
	ESCAPE_QUERY = 32	/* it replies to the query about a mode, or ignores it */
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
/* The query whether the terminal has synchronized output, or "" if the terminal might print it. */
const char *term_escape_query(void);
/* Adds all parts to the output. */
void term_escape_add(const char *const *part, size_t count);
