#include "bench.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void die(const char *what)
{
	fprintf(stderr, "bench: %s%s%s\n", what, errno ? ": " : "", errno ? strerror(errno) : "");
	exit(1);
}

double now_ms(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return (double)at.tv_sec * 1e3 + (double)at.tv_nsec / 1e6;
}

static int by_size(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return left < right ? -1 : left > right;
}

double percentile(double *values, size_t count, double percent)
{
	size_t at = (size_t)((double)count * percent / 100);

	if (!count)
		return 0;
	qsort(values, count, sizeof(*values), by_size);
	return values[at < count ? at : count - 1];
}

double median(double *values, size_t count)
{
	return percentile(values, count, 50);
}
