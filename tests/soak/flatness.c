#include "flatness.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/tap.h"

const struct flat_limit flat_limits[FLAT_VALUES] = {
	[FLAT_RSS_KIB] = { "resident KiB", 2048, 1024 },
	[FLAT_HEAP_KIB] = { "heap KiB", 2048, 1024 },
	[FLAT_DESCRIPTORS] = { "descriptors", 4, 2 },
	[FLAT_CHILDREN] = { "children", 1, 0.5 },
};

/* --- /proc ------------------------------------------------------------------------------------ */

/* Reads state and parent from /proc/PID/stat; the name before them may contain anything. */
static bool read_stat(pid_t pid, char *state, pid_t *parent)
{
	char path[64], text[512];
	size_t length = 0;
	const char *end;
	FILE *file;
	int number;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "r");
	if (file) {
		length = fread(text, 1, sizeof(text) - 1, file);
		fclose(file);
	}
	text[length] = '\0';
	end = strrchr(text, ')');
	if (!end || sscanf(end, ") %c %d", state, &number) != 2)
		return false;
	*parent = number;
	return true;
}

char process_state(pid_t pid)
{
	char state;
	pid_t parent;

	return read_stat(pid, &state, &parent) ? state : '\0';
}

static size_t children_of(pid_t parent, pid_t *first)
{
	DIR *folder = opendir("/proc");
	struct dirent *entry;
	size_t count = 0;

	assert_non_null(folder);
	while ((entry = readdir(folder))) {
		pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10), of;
		char state;

		if (pid <= 0 || !read_stat(pid, &state, &of) || of != parent)
			continue;
		if (!count++)
			*first = pid;
	}
	closedir(folder);
	return count;
}

pid_t process_child(pid_t parent)
{
	pid_t first = 0;

	return children_of(parent, &first) ? first : 0;
}

/* The console cannot be dumped: only root may read this folder of it. */
static double descriptors_of(pid_t pid)
{
	struct dirent *entry;
	double count = 0;
	char path[64];
	DIR *folder;

	snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
	folder = opendir(path);
	while (folder && (entry = readdir(folder)))
		count += entry->d_name[0] != '.';
	if (folder)
		closedir(folder);
	return count;
}

static double status_of(pid_t pid, const char *name)
{
	char path[64], line[256];
	double value = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	file = fopen(path, "r");
	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, name, strlen(name)) && line[strlen(name)] == ':')
			value = strtod(line + strlen(name) + 1, NULL);
	if (file)
		fclose(file);
	if (value < 0)
		fail_msg("%s does not have %s", path, name);
	return value;
}

/* --- samples ---------------------------------------------------------------------------------- */

static void drop_every_other(struct flatness *f)
{
	size_t i;
	int v;

	for (i = 0; i < f->count / 2; i++) {
		f->at_s[i] = f->at_s[2 * i];
		for (v = 0; v < FLAT_VALUES; v++)
			f->value[v][i] = f->value[v][2 * i];
	}
	f->count /= 2;
}

void flatness_sample(struct flatness *f, pid_t pid, double at_s)
{
	pid_t first;

	if (f->count == FLAT_SAMPLES)
		drop_every_other(f);
	f->at_s[f->count] = at_s;
	f->value[FLAT_RSS_KIB][f->count] = status_of(pid, "VmRSS");
	f->value[FLAT_HEAP_KIB][f->count] = status_of(pid, "RssAnon");
	f->value[FLAT_DESCRIPTORS][f->count] = descriptors_of(pid);
	f->value[FLAT_CHILDREN][f->count] = (double)children_of(pid, &first);
	f->count++;
}

static size_t first_after(const struct flatness *f, double from_s)
{
	size_t i = 0;

	while (i < f->count && f->at_s[i] < from_s)
		i++;
	return i;
}

double flatness_slope(const struct flatness *f, enum flat_value v, double from_s, double *rise)
{
	size_t first = first_after(f, from_s), n = f->count - first, i;
	double t = 0, y = 0, ty = 0, tt = 0;

	*rise = 0;
	if (n < 2)
		return 0;
	for (i = first; i < f->count; i++) {
		t += f->at_s[i] / (double)n;
		y += f->value[v][i] / (double)n;
	}
	for (i = first; i < f->count; i++) {
		ty += (f->at_s[i] - t) * (f->value[v][i] - y);
		tt += (f->at_s[i] - t) * (f->at_s[i] - t);
	}
	if (tt <= 0)
		return 0;
	*rise = ty / tt * (f->at_s[f->count - 1] - f->at_s[first]);
	return ty / tt * 3600;
}

bool flatness_grows(const struct flatness *f, enum flat_value v, double from_s)
{
	double rise, slope = flatness_slope(f, v, from_s, &rise);

	return slope > flat_limits[v].per_hour && rise > flat_limits[v].noise;
}

static void print_value(const struct flatness *f, enum flat_value v, double from_s)
{
	size_t first = first_after(f, from_s), i;
	const struct flat_limit *limit = &flat_limits[v];
	double rise, slope = flatness_slope(f, v, from_s, &rise);
	double least = f->value[v][first], most = least;

	for (i = first; i < f->count; i++) {
		least = f->value[v][i] < least ? f->value[v][i] : least;
		most = f->value[v][i] > most ? f->value[v][i] : most;
	}
	printf("# %-12s %+8.1f per hour (limit %g), the line rises by %.1f (limit %g), "
	       "%.0f to %.0f in %zu samples\n",
	       limit->name, slope, limit->per_hour, rise, limit->noise, least, most,
	       f->count - first);
	if (v == FLAT_DESCRIPTORS && most <= 0)
		puts("# descriptors: not counted, because only root may see those of the console");
}

void flatness_print(const struct flatness *f, double from_s)
{
	int v;

	for (v = 0; v < FLAT_VALUES && first_after(f, from_s) < f->count; v++)
		print_value(f, (enum flat_value)v, from_s);
}
