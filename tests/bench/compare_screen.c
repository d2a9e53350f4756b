#include "compare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/array.h"
#include "bench.h"
#include "table.h"

#define STARTS_MAX  15
#define PRESSES_MAX 2000

/* --- from the start to the first frames ------------------------------------------------------- */

static double start_curl(const struct client_login *login)
{
	const char *const argv[] = { "curl", "-sK", login->curl_file, "-o", "/dev/null", NULL };
	struct process process;

	process_start(&process, argv, NULL);
	return process_wait(&process, false).ended_ms - process.started_ms;
}

static void start_build(const struct build *build, const struct client_login *login, int databases,
			double *frame_ms, double *data_ms)
{
	const char *const argv[] = { build->program, "-i", "60", NULL };
	struct process process;
	char words[40];

	snprintf(words, sizeof(words), "of %d", databases);
	process_start(&process, argv, login->variables);
	*frame_ms = process_until(&process, "bdbtop") - process.started_ms;
	if (memmem(process.last, process.last_length, words, strlen(words)))
		*data_ms = *frame_ms;
	else
		*data_ms = process_until(&process, words) - process.started_ms;
	process_wait(&process, true);
}

void compare_starts(const struct plan *plan, const struct server_set *set)
{
	double curl_ms[STARTS_MAX], frame_ms[BUILDS_MAX][STARTS_MAX],
		data_ms[BUILDS_MAX][STARTS_MAX], curl;
	int column = table_column(set->databases);
	size_t starts = set->databases > 10000 && plan->starts > 3 ? 3 : plan->starts, i, b;
	struct client_login login;

	client_login_init(&login, set->servers[0]);
	server_change(set->servers[0], 0);
	for (i = 0; i < starts; i++) {
		curl_ms[i] = start_curl(&login);
		for (b = 0; b < plan->build_count; b++)
			start_build(&plan->builds[b], &login, set->databases, &frame_ms[b][i],
				    &data_ms[b][i]);
	}
	client_login_release(&login);
	curl = median(curl_ms, starts);
	table_set("from the start to all data, ms", "curl", column, curl);
	for (b = 0; b < plan->build_count; b++) {
		const char *name = plan->builds[b].name;
		double data = median(data_ms[b], starts);

		table_set("from the start to the first frame, ms", name, column,
			  median(frame_ms[b], starts));
		table_set("from the start to all data, ms", name, column, data);
		table_set("from the start to all data, relative to curl", name, column,
			  data / curl);
	}
}

/* --- from a key to its effect ----------------------------------------------------------------- */

static const struct key_series {
	const char *name;
	const char *first;   /* typed before the first of the keys; "": nothing */
	const char *keys[6]; /* in turn; each changes a good part of the screen */
	size_t effect_bytes; /* at least, of each; more than a poll draws */
} all_series[] = {
	{ "a key of the list", "", { "l", "l", "G", "g" }, 500 },
	{ "a key in the filter", "/", { "c", "a", "c", "\x15" }, 200 },
};

static void report_keys(const char *series, const char *subject, int column, double *late_ms,
			size_t count)
{
	static const struct {
		const char *name;
		double percent;
	} points[] = { { "p50", 50 }, { "p99", 99 }, { "max", 100 } };
	char figure[80];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(points); i++) {
		snprintf(figure, sizeof(figure), "%s, while polled: %s, ms", series,
			 points[i].name);
		table_set(figure, subject, column, percentile(late_ms, count, points[i].percent));
	}
}

static void press_series(struct process *process, const struct key_series *series,
			 const char *subject, int column, size_t presses)
{
	static double late_ms[PRESSES_MAX];
	size_t i, key = 0, count = 0, lost = 0;

	if (*series->first)
		process_key(process, series->first, series->effect_bytes);
	for (i = 0; i < presses; i++) {
		double late = process_key(process, series->keys[key++], series->effect_bytes);

		if (late >= 0)
			late_ms[count++] = late;
		else
			lost++;
		if (!series->keys[key])
			key = 0;
		process_read(process, 3 + (double)(i * 7 % 23));
	}
	if (lost)
		printf("%s, %s: %zu of %zu keys had no effect to be seen\n", subject, series->name,
		       lost, presses);
	report_keys(series->name, subject, column, late_ms, count);
}

static void press_all(struct process *process, const char *subject, int column, size_t presses)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(all_series); i++)
		press_series(process, &all_series[i], subject, column,
			     presses > PRESSES_MAX ? PRESSES_MAX : presses);
}

void compare_keys(const struct plan *plan, const struct server_set *set)
{
	struct client_login login;
	char words[40];
	size_t b;

	snprintf(words, sizeof(words), "of %d", set->databases);
	client_login_init(&login, set->servers[0]);
	server_change(set->servers[0], 100);
	for (b = 0; b < plan->build_count; b++) {
		const char *const argv[] = { plan->builds[b].program, "-i", "1", NULL };
		struct process process;

		process_start(&process, argv, login.variables);
		process_until(&process, words);
		process_read(&process, 2500);
		press_all(&process, plan->builds[b].name, table_column(set->databases),
			  plan->presses);
		process_wait(&process, true);
	}
	client_login_release(&login);
}

/* --- many clusters in one process ------------------------------------------------------------- */

#define CLUSTERS	  100
#define CLUSTER_DATABASES 100
#define MEASURED_S	  20

void compare_clusters(const struct plan *plan)
{
	static char ports[CLUSTERS][8];
	const char *argv[CLUSTERS + 2] = { plan->many };
	struct server *server = server_new(CLUSTER_DATABASES, CLUSTERS);
	int column = table_column(CLUSTERS * CLUSTER_DATABASES), i;
	static const char subject[] = "100 clusters of 100";
	struct process process;
	struct client_login login;
	unsigned connections;
	double cpu_ms;
	size_t bytes;

	for (i = 0; i < CLUSTERS; i++) {
		snprintf(ports[i], sizeof(ports[i]), "%u", server_port(server, (size_t)i));
		argv[i + 1] = ports[i];
	}
	client_login_init(&login, server);
	server_change(server, 100);
	process_start(&process, argv, login.variables);
	/* two lists of each */
	process_read(&process, 8000);
	cpu_ms = process_cpu_ms(&process);
	bytes = process.bytes;
	connections = server_connections(server);
	process_read(&process, MEASURED_S * 1000);
	table_set("many clusters in one process: connections opened per second", subject, column,
		  (double)(server_connections(server) - connections) / MEASURED_S);
	table_set("many clusters in one process: CPU per second, ms", subject, column,
		  (process_cpu_ms(&process) - cpu_ms) / MEASURED_S);
	table_set("many clusters in one process: bytes to the terminal per second", subject, column,
		  (double)(process.bytes - bytes) / MEASURED_S);
	press_all(&process, subject, column, plan->presses);
	table_set("many clusters in one process: peak memory, MiB", subject, column,
		  process_peak_mib(&process));
	process_wait(&process, true);
	client_login_release(&login);
	server_free(server);
}
