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

/* Makes an empty file that only the user can read, and removes it when the program ends, unless it
 * is gone by then. */
#define BENCH_PATH 32
void temporary_file(char path[BENCH_PATH]);
