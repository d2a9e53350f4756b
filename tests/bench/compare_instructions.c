#include "compare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bdbtop/core/array.h"
#include "bench.h"
#include "table.h"

#define PATIENCE_MS  300000
#define COUNTED	     3
/* bdbtop calls this once for each list, before it asks for it: callgrind then writes what it has
 * counted since the last call to a file of its own, which gets the next number */
#define AT_EACH_LIST "last_list_begin"

/* COUNTED lists from `first` on are counted; beside the first lists of all bdbtop reads the log and
 * the like. */
static const struct {
	const char *figure;
	int every;
	unsigned first;
} changes[] = { { "instructions per poll, millions, unchanged", 0, 6 },
		{ "instructions per poll, millions, 1 % changed", 100, 10 } };

static void count_list(void *arg, unsigned count)
{
	*(volatile unsigned *)arg = count;
}

/* The sum in a file of callgrind; below 0 without one. */
static double read_total(const char *path)
{
	char line[4096];
	double total = -1;
	FILE *file = fopen(path, "re");

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "totals: %lf", &total) == 1 ||
		    sscanf(line, "summary: %lf", &total) == 1)
			break;
	if (file)
		fclose(file);
	return total;
}

static void remove_files(const char *prefix, unsigned files)
{
	char path[100];
	unsigned i;

	for (i = 1; i <= files; i++) {
		snprintf(path, sizeof(path), "%s.%u", prefix, i);
		unlink(path);
	}
	unlink(prefix);
}

/* What is done for a list is in the file that is written before the next one. */
static void report(const char *prefix, const char *subject, int column)
{
	char path[100];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(changes); i++) {
		double counts[COUNTED];
		unsigned j;

		for (j = 0; j < COUNTED; j++) {
			snprintf(path, sizeof(path), "%s.%u", prefix, changes[i].first + j + 1);
			counts[j] = read_total(path);
			if (counts[j] < 0) {
				printf("%s: instructions were not counted: is valgrind "
				       "installed?\n",
				       subject);
				return;
			}
		}
		table_set(changes[i].figure, subject, column, median(counts, COUNTED) / 1e6);
	}
}

static void compare_build(const struct build *build, struct server *server, int column)
{
	char prefix[BENCH_PATH], option[100];
	const char *const argv[] = { "valgrind",
				     "-q",
				     "--tool=callgrind",
				     option,
				     "--dump-before=" AT_EACH_LIST,
				     build->program,
				     "-i",
				     "1",
				     NULL };
	const unsigned last = changes[ARRAY_SIZE(changes) - 1].first + COUNTED;
	volatile unsigned asked = 0;
	double begin_ms = now_ms();
	struct process process;
	struct client_login login;
	size_t i = 0;

	temporary_file(prefix);
	snprintf(option, sizeof(option), "--callgrind-out-file=%s", prefix);
	client_login_init(&login, server);
	server_set_on_list(server, count_list, (void *)&asked);
	server_change(server, changes[0].every);
	process_start(&process, argv, login.variables);
	while (asked <= last && !process.ended && now_ms() - begin_ms < PATIENCE_MS) {
		process_read(&process, 5);
		if (i + 1 < ARRAY_SIZE(changes) && asked == changes[i].first + COUNTED)
			server_change(server, changes[++i].every);
	}
	server_set_on_list(server, NULL, NULL);
	process_wait(&process, true);
	report(prefix, build->name, column);
	remove_files(prefix, last + 2);
	client_login_release(&login);
}

void compare_instructions(const struct plan *plan, const struct server_set *set)
{
	size_t i;

	for (i = 0; i < plan->build_count; i++)
		compare_build(&plan->builds[i], set->servers[0], table_column(set->databases));
}
