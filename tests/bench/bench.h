/*
 * tests/bench/bench.h - what the measuring programs share.
 */
#pragma once

#include <stddef.h>

/* Ends the program: says what failed, and errno if it is set. */
_Noreturn void die(const char *what);

/* A monotonic clock in milliseconds. */
double now_ms(void);

/* The value below which `percent` of the values are; sorts them.  0 of none. */
double percentile(double *values, size_t count, double percent);
double median(double *values, size_t count);
