/*
 * tests/soak/flatness.h - what a process holds over time, and whether it grows.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum flat_value { FLAT_RSS_KIB, FLAT_HEAP_KIB, FLAT_DESCRIPTORS, FLAT_CHILDREN, FLAT_VALUES };

#define FLAT_SAMPLES 20000

struct flatness {
	size_t count;
	double at_s[FLAT_SAMPLES];
	double value[FLAT_VALUES][FLAT_SAMPLES];
};

/* Growth that is an error: the slope is above the limit, and the line through the samples rises by
 * more than the noise of a run. */
struct flat_limit {
	const char *name;
	double per_hour, noise;
};
extern const struct flat_limit flat_limits[FLAT_VALUES];

/* Adds a sample of the process.  When there is no room, every other sample is dropped first. */
void flatness_sample(struct flatness *, pid_t, double at_s);
/* The slope of a value per hour, by least squares, of the samples after from_s; *rise: how much
 * that line rises within them. */
double flatness_slope(const struct flatness *, enum flat_value, double from_s, double *rise);
/* True if a value grows beyond its limit. */
bool flatness_grows(const struct flatness *, enum flat_value, double from_s);
/* Prints slope, limit, least and greatest of each value. */
void flatness_print(const struct flatness *, double from_s);

/* The first child of a process; 0: it has none. */
pid_t process_child(pid_t parent);
/* The letter of its state in /proc, such as T for stopped; 0: there is no such process. */
char process_state(pid_t);
