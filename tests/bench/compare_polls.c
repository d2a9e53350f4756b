#include "compare.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/array.h"
#include "bench.h"
#include "table.h"

#define POLLS_MAX   64
#define SKIPPED	    3 /* lists: the first ones, and what is asked for beside them */
#define CPU	    "CPU per poll, ms"
#define PEAK	    "peak memory, MiB"
#define PATIENCE_MS 400000

/* A program that polls one server. */
struct run {
	struct process process;
	struct client_login login;
	const char *subject;
	unsigned polls; /* to measure */
	volatile unsigned samples;
	double cpu_ms[POLLS_MAX]; /* of the process when a list was asked for */
	size_t bytes[POLLS_MAX];
};

static const struct change {
	int every;
	const char *name;
} changes[] = { { 0, "unchanged" }, { 100, "1 % changed" }, { 1, "all changed" } };

static const struct parser {
	const char *name, *how; /* of tests/bench/client */
} parsers[] = {
	{ "bare libcurl", "bare" },
	{ "json-c, element by element", "elements" },
	{ "json-c, whole body", "whole" },
};
#define PARSERS	 ARRAY_SIZE(parsers)
#define SUBJECTS (BUILDS_MAX + PARSERS)

static void sample(void *arg, unsigned count)
{
	struct run *run = arg;

	if (count <= SKIPPED || run->samples > run->polls)
		return;
	run->cpu_ms[run->samples] = process_cpu_ms(&run->process);
	run->bytes[run->samples] = run->process.bytes;
	run->samples++;
}

static void start_client(struct run *run, const struct plan *plan, const struct client_login *login,
			 const char *how)
{
	const char *const argv[] = { plan->client,   how, "1000", login->list_url,
				     login->ca_file, NULL };

	process_start(&run->process, argv, login->variables);
}

static void start_bdbtop(struct run *run, const struct build *build,
			 const struct client_login *login)
{
	const char *argv[] = { build->program, "-i", "1", NULL };

	process_start(&run->process, argv, login->variables);
}

static bool all_done(struct run *const *runs, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (runs[i]->samples <= runs[i]->polls)
			return false;
	return true;
}

/* Reads what they write until each has had its polls. */
static void watch(struct run *const *runs, size_t count)
{
	struct process *processes[SUBJECTS];
	double begin_ms = now_ms();
	size_t i;

	for (i = 0; i < count; i++)
		processes[i] = &runs[i]->process;
	while (!all_done(runs, count)) {
		process_read_all(processes, count, 50);
		for (i = 0; i < count; i++)
			if (processes[i]->ended || now_ms() - begin_ms > PATIENCE_MS) {
				errno = 0;
				fprintf(stderr, "bench: %s: %.400s\n", runs[i]->subject,
					processes[i]->last);
				die("a program ended, or did not poll");
			}
	}
}

static void report(struct run *run, const char *change, int column)
{
	double cpu_ms[POLLS_MAX];
	char figure[80];
	unsigned i;

	for (i = 0; i < run->polls; i++)
		cpu_ms[i] = run->cpu_ms[i + 1] - run->cpu_ms[i];
	snprintf(figure, sizeof(figure), CPU ", %s", change);
	table_set(figure, run->subject, column, median(cpu_ms, run->polls));
	snprintf(figure, sizeof(figure), "bytes to the terminal per poll, %s", change);
	if (run->bytes[run->polls])
		table_set(figure, run->subject, column,
			  (double)(run->bytes[run->polls] - run->bytes[0]) / run->polls);
	if (process_peak_mib(&run->process) > table_get(PEAK, run->subject, column))
		table_set(PEAK, run->subject, column, process_peak_mib(&run->process));
}

static void report_ratio(const struct plan *plan, const char *change, int column)
{
	char figure[80], ratio[80];
	double bare;
	size_t i;

	snprintf(figure, sizeof(figure), CPU ", %s", change);
	snprintf(ratio, sizeof(ratio), "CPU per poll relative to bare libcurl, %s", change);
	bare = table_get(figure, "bare libcurl", column);
	for (i = 0; i < plan->build_count && bare > 0; i++)
		table_set(ratio, plan->builds[i].name, column,
			  table_get(figure, plan->builds[i].name, column) / bare);
}

static void begin(struct run *run, const struct plan *plan, size_t subject, struct server *server)
{
	struct client_login *login = &run->login;

	client_login_init(login, server);
	server_set_on_list(server, sample, run);
	if (subject < plan->build_count) {
		run->subject = plan->builds[subject].name;
		start_bdbtop(run, &plan->builds[subject], login);
		return;
	}
	run->subject = parsers[subject - plan->build_count].name;
	start_client(run, plan, login, parsers[subject - plan->build_count].how);
}

static void end(struct run *run, struct server *server, const struct change *change, int column)
{
	report(run, change->name, column);
	server_set_on_list(server, NULL, NULL);
	process_wait(&run->process, true);
	client_login_release(&run->login);
}

/* Programs whose polls take a small part of a second run side by side, at other moments of it; the
 * others alone. */
static void compare_change(const struct plan *plan, const struct server_set *set,
			   const struct change *change, int column)
{
	struct run *runs[SUBJECTS] = { NULL };
	/* what a parser does for a body does not depend on the one before */
	size_t count = plan->build_count + (change->every ? 1 : PARSERS), i;

	for (i = 0; i < count; i++) {
		struct server *server = set->servers[i % set->count];

		runs[i] = calloc(1, sizeof(**runs));
		if (!runs[i])
			die("memory");
		runs[i]->polls = plan->polls;
		server_change(server, change->every);
		begin(runs[i], plan, i, server);
		if (set->count > 1) {
			process_read_all(&(struct process *){ &runs[i]->process }, 1,
					 1000.0 / SUBJECTS);
			continue;
		}
		watch(&runs[i], 1);
		end(runs[i], server, change, column);
	}
	if (set->count > 1)
		watch(runs, count);
	for (i = 0; i < count; i++) {
		if (set->count > 1)
			end(runs[i], set->servers[i % set->count], change, column);
		free(runs[i]);
	}
	report_ratio(plan, change->name, column);
}

void compare_polls(const struct plan *plan, const struct server_set *set)
{
	int column = table_column(set->databases);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(changes); i++)
		compare_change(plan, set, &changes[i], column);
}

/* All that can be in memory at once: a list, and while the next one is read all records of that. */
void compare_largest(const struct plan *plan, const struct server_set *set)
{
	static const struct change change = { 1, "all changed" };
	int column = table_column(set->databases);
	size_t i;

	for (i = 0; i < plan->build_count; i++) {
		struct run *run = calloc(1, sizeof(*run));

		if (!run)
			die("memory");
		run->polls = 1;
		server_change(set->servers[0], change.every);
		begin(run, plan, i, set->servers[0]);
		watch(&run, 1);
		end(run, set->servers[0], &change, column);
		free(run);
	}
}

/* --- other programs --------------------------------------------------------------------------- */

static void count_list(void *arg, unsigned count)
{
	*(volatile unsigned *)arg = count;
}

/* `watch` starts the pipeline anew for each list. */
void compare_pipeline(const struct plan *plan, const struct server_set *set)
{
	static const char subject[] = "watch curl|jq|column";
	struct server *server = set->servers[0];
	int column = table_column(set->databases);
	volatile unsigned lists = 0;
	struct process process;
	struct process_cost cost;
	struct client_login login;
	char line[400];
	const char *const argv[] = { "watch", "-n", "1", line, NULL };
	unsigned wanted = set->databases > 10000 ? 2 : plan->polls;

	client_login_init(&login, server);
	snprintf(line, sizeof(line),
		 "curl -sK %s | jq -r '.[]|[.uid,.name,.backup_status,.last_backup_time]|@tsv' | "
		 "column -t",
		 login.curl_file);
	server_change(server, 0);
	server_set_on_list(server, count_list, (void *)&lists);
	process_start(&process, argv, NULL);
	while (lists <= wanted && !process.ended)
		process_read(&process, 50);
	server_set_on_list(server, NULL, NULL);
	/* what was waited for: all pipelines but the one that has just begun */
	cost = process_wait(&process, true);
	client_login_release(&login);
	if (lists <= wanted) {
		printf("watch, curl, jq and column: %.200s\n", process.last);
		return;
	}
	table_set(CPU ", unchanged", subject, column, cost.cpu_ms / wanted);
	table_set("bytes to the terminal per poll, unchanged", subject, column,
		  (double)process.bytes / wanted);
	table_set(PEAK, subject, column, cost.peak_mib);
}

/* What other monitors write: their screens change each second. */
void compare_monitors(const struct plan *plan)
{
	static const char *const monitors[][4] = { { "top", "-d", "1", NULL },
						   { "htop", "-d", "10", NULL } };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(monitors); i++) {
		const char *name = monitors[i][0];
		struct process process;
		size_t before;
		double cpu_ms;

		process_start(&process, monitors[i], NULL);
		process_read(&process, 2500);
		before = process.bytes;
		cpu_ms = process_cpu_ms(&process);
		process_read(&process, plan->polls * 1000.0);
		cpu_ms = process_cpu_ms(&process) - cpu_ms;
		if (process.ended) {
			printf("%s: not measured, because it did not run: is it installed?\n",
			       name);
		} else {
			table_set("other monitors, a refresh of 120x40: bytes", name, 0,
				  (double)(process.bytes - before) / plan->polls);
			table_set("other monitors, a refresh of 120x40: CPU, ms", name, 0,
				  cpu_ms / plan->polls);
		}
		process_wait(&process, !process.ended);
	}
}
