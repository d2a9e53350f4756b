/*
 * sim/buffer.h - a text that grows, and JSON written to its end.
 *
 * Start with SIM_BUFFER_INIT.  data is NULL or ended with a NUL.  A buffer
 * holds at most SIM_BUFFER_MAX bytes; more ends the program with a sentence
 * (100,000 whole databases fit).
 */
#ifndef BDBTOP_SIM_BUFFER_H
#define BDBTOP_SIM_BUFFER_H

#include <stddef.h>
#include <stdint.h>

#define SIM_BUFFER_MAX ((size_t)512 << 20)

struct sim_buffer {
	char *data;
	size_t length, size;
};

#define SIM_BUFFER_INIT { NULL, 0, 0 }

/* Append bytes, a text, a text made as printf() does. */
void sim_buffer_add(struct sim_buffer *, const char *bytes, size_t length);
void sim_buffer_put(struct sim_buffer *, const char *text);
void sim_buffer_print(struct sim_buffer *, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* JSON: an integer; a number with one decimal given in tenths (614 is 61.4); true or false. */
void sim_buffer_number(struct sim_buffer *, int64_t value);
void sim_buffer_tenths(struct sim_buffer *, int tenths);
void sim_buffer_boolean(struct sim_buffer *, int value);

/*
 * JSON: a quoted string.  Control bytes are escaped; bytes from 0x80 up go
 * out as they are, valid UTF-8 or not, so that bad input can be simulated.
 */
void sim_buffer_string(struct sim_buffer *, const char *text);

/* JSON: a quoted point in time, seconds since 1970, as "2026-11-21T20:14:05Z". */
void sim_buffer_time(struct sim_buffer *, int64_t seconds);

/* Free the contents; the buffer is empty and usable again. */
void sim_buffer_release(struct sim_buffer *);

/* The contents, now the caller's to free(), never NULL; the buffer is empty again. */
char *sim_buffer_detach(struct sim_buffer *);

#endif
