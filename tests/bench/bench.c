#include "bench.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

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

/* --- temporary files -------------------------------------------------------------------------- */

static struct temporary {
	struct temporary *next;
	char path[BENCH_PATH];
} * temporaries;

static void remove_temporaries(void)
{
	const struct temporary *t;

	for (t = temporaries; t; t = t->next)
		unlink(t->path);
}

void temporary_file(char path[BENCH_PATH])
{
	struct temporary *t = calloc(1, sizeof(*t));
	int fd;

	if (!t)
		die("memory");
	strcpy(t->path, "/tmp/bdbtop-bench-XXXXXX");
	fd = mkstemp(t->path);
	if (fd < 0)
		die(t->path);
	close(fd);
	if (!temporaries)
		atexit(remove_temporaries);
	t->next = temporaries;
	temporaries = t;
	strcpy(path, t->path);
}

/* --- numbers ---------------------------------------------------------------------------------- */

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
