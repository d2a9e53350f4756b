/*
 * tests/simulation/failure.h - the end of a run in which something is wrong.
 */
#pragma once

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* Prints what is wrong in a run and ends the process with status 1. */
static inline void failure(const char *run, const char *fmt, ...)
	__attribute__((format(printf, 2, 3), noreturn));

static inline void failure(const char *run, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "# %s: ", run);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(1);
}
