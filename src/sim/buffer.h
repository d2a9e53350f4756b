/*
 * sim/buffer.h - a growing text, and functions that append JSON to it.
 *
 * Start with SIM_BUFFER_INIT.  data is NULL or ends with a NUL.  A buffer
 * holds at most SIM_BUFFER_MAX bytes, enough for 100,000 databases with all
 * their fields; more ends the program with an error message.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIM_BUFFER_MAX ((size_t)512 << 20)

struct sim_buffer {
	char *data;
	size_t length, size;
};

#define SIM_BUFFER_INIT { NULL, 0, 0 }

/* Append bytes, a text, or formatted text as printf() does. */
void sim_buffer_add(struct sim_buffer *, const char *bytes, size_t length);
void sim_buffer_put(struct sim_buffer *, const char *text);
void sim_buffer_print(struct sim_buffer *, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Append a JSON value with its key, or without one if key is NULL, as in an
 * array.  A comma separates it from the value before it, if there is one.
 * Open and close take a bracket, as in '{' and '}'.
 */
void sim_json_open(struct sim_buffer *, const char *key, char bracket);
void sim_json_close(struct sim_buffer *, char bracket);
/* A value that is JSON already. */
void sim_json_raw(struct sim_buffer *, const char *key, const char *json);
/*
 * A string.  Control bytes are escaped; bytes from 0x80 up are copied, valid
 * UTF-8 or not, so that bad input can be simulated.
 */
void sim_json_string(struct sim_buffer *, const char *key, const char *text);
/* An integer; a number of at least 0 given in tenths (614 is 61.4); true or false. */
void sim_json_number(struct sim_buffer *, const char *key, int64_t value);
void sim_json_tenths(struct sim_buffer *, const char *key, int tenths);
void sim_json_boolean(struct sim_buffer *, const char *key, bool value);
/* A time as a string, seconds since 1970: "2026-11-21T20:14:05Z". */
void sim_json_time(struct sim_buffer *, const char *key, int64_t seconds);

/* Free the contents; the buffer is empty and can be used again. */
void sim_buffer_release(struct sim_buffer *);

/* Take the contents out, never NULL; the caller frees them.  The buffer is empty again. */
char *sim_buffer_detach(struct sim_buffer *);
