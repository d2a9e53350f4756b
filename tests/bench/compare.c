/*
 * tests/bench/compare.c - compares what bdbtop costs with what its parts and other programs cost.
 *
 *	compare [--base=BUILD-DIR] [--quick] [--databases=N] [--output=FILE] [PART...]
 *
 * Prints one table and judges nothing.  --base adds a second build of bdbtop, measured in the same
 * run, beside this one as far as that is possible.  --quick: fewer polls, at most 10,000 databases,
 * no instructions.  PART: only polls, pipeline, starts, keys, instructions, largest, clusters or
 * monitors.
 * --databases: only this number of them, one of the columns.  --output also writes the table with
 * tabs.
 *
 * A poll of one second is what is measured: the time of the processor between two requests for the
 * list, as the server sees them, with all that bdbtop does in that second.  Times are medians.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bdbtop/core/array.h"
#include "bench.h"
#include "compare.h"
#include "table.h"

/* One server each is too much memory, and the programs would disturb each other. */
#define TOGETHER_MAX 10000
#define QUICK_MAX    10000

struct options {
	bool quick;
	int databases; /* 0: all columns */
	const char *base, *output;
	char *const *parts;
	int part_count;
};

/* --- how programs reach a server -------------------------------------------------------------- */

static void set_variable(struct client_login *login, size_t i, const char *name, const char *value)
{
	snprintf(login->texts[i], sizeof(login->texts[i]), "%s=%s", name, value);
	login->variables[i] = login->texts[i];
}

static void write_curl_file(struct client_login *login)
{
	FILE *file;

	temporary_file(login->curl_file);
	file = fopen(login->curl_file, "we");
	if (!file)
		die(login->curl_file);
	fprintf(file, "url=\"%s\"\ncacert=\"%s\"\nuser=\"%s\"\n", login->list_url, login->ca_file,
		SERVER_USER ":" SERVER_PASSWORD);
	fclose(file);
}

void client_login_init(struct client_login *login, const struct server *server)
{
	memset(login, 0, sizeof(*login));
	login->ca_file = server_ca_file(server);
	snprintf(login->url, sizeof(login->url), "https://127.0.0.1:%u", server_port(server, 0));
	snprintf(login->list_url, sizeof(login->list_url), "%s%s", login->url, server_list_path());
	set_variable(login, 0, "REDIS_ENTERPRISE_URL", login->url);
	set_variable(login, 1, "REDIS_ENTERPRISE_USER", SERVER_USER);
	set_variable(login, 2, "REDIS_ENTERPRISE_PASSWORD", SERVER_PASSWORD);
	set_variable(login, 3, "REDIS_ENTERPRISE_CA_CERT", login->ca_file);
	set_variable(login, 4, "BENCH_LOGIN", SERVER_USER ":" SERVER_PASSWORD);
	write_curl_file(login);
}

void client_login_release(struct client_login *login)
{
	unlink(login->curl_file);
}

/* --- the parts -------------------------------------------------------------------------------- */

static bool is_wanted(const struct options *options, const char *part)
{
	int i;

	for (i = 0; i < options->part_count; i++)
		if (!strcmp(options->parts[i], part))
			return true;
	return !options->part_count;
}

static const struct measurement {
	const char *name;
	void (*run)(const struct plan *, const struct server_set *);
	int least, most; /* databases */
	bool slow;	 /* not in a quick run */
} measurements[] = {
	{ "polls", compare_polls, 100, 100000, false },
	{ "pipeline", compare_pipeline, 100, 100000, false },
	{ "starts", compare_starts, 100, 100000, false },
	{ "keys", compare_keys, 1000, 100000, false },
	{ "instructions", compare_instructions, 1000, 10000, true },
	{ "largest", compare_largest, SERVER_LARGEST, SERVER_LARGEST, true },
};

static bool has_column(const struct measurement *m, int databases)
{
	/* 200 databases are only for the first frames */
	return databases >= m->least && databases <= m->most &&
	       (databases != 200 || m->run == compare_starts);
}

static void run_parts(const struct options *options, const struct plan *plan, int databases)
{
	struct server_set set = { .databases = databases };
	size_t i, wanted = databases > TOGETHER_MAX || databases == 200 ? 1 : SERVERS_MAX;

	while (set.count < wanted)
		set.servers[set.count++] = server_new(databases, 1);
	for (i = 0; i < ARRAY_SIZE(measurements); i++) {
		if (!is_wanted(options, measurements[i].name) ||
		    !has_column(&measurements[i], databases) ||
		    (options->quick && measurements[i].slow))
			continue;
		fprintf(stderr, "%d databases: %s\n", databases, measurements[i].name);
		measurements[i].run(plan, &set);
	}
	while (set.count)
		server_free(set.servers[--set.count]);
}

/* --- the program ------------------------------------------------------------------------------ */

static void add_build(struct plan *plan, const char *name, const char *directory)
{
	struct build *build = &plan->builds[plan->build_count++];

	build->name = name;
	snprintf(build->program, sizeof(build->program), "%s/bdbtop", directory);
	if (access(build->program, X_OK))
		die(build->program);
}

static void make_plan(const struct options *options, struct plan *plan)
{
	const char *build = getenv("BUILDDIR");

	*plan = (struct plan){ .polls = options->quick ? 3 : 7,
			       .starts = options->quick ? 3 : 7,
			       .presses = options->quick ? 100 : 400 };
	if (!build)
		build = ".";
	add_build(plan, "bdbtop", build);
	if (options->base)
		add_build(plan, "bdbtop, other build", options->base);
	snprintf(plan->client, sizeof(plan->client), "%s/tests/bench/client", build);
	snprintf(plan->many, sizeof(plan->many), "%s/tests/bench/many_clusters", build);
}

static void parse(struct options *options, int argc, char **argv)
{
	int i;

	for (i = 1; i < argc && !strncmp(argv[i], "--", 2); i++) {
		if (!strcmp(argv[i], "--quick"))
			options->quick = true;
		else if (!strncmp(argv[i], "--base=", 7))
			options->base = argv[i] + 7;
		else if (!strncmp(argv[i], "--databases=", 12))
			options->databases = atoi(argv[i] + 12);
		else if (!strncmp(argv[i], "--output=", 9))
			options->output = argv[i] + 9;
		else
			die("usage: compare [--base=BUILD-DIR] [--quick] [--databases=N] "
			    "[--output=FILE] [PART...]");
	}
	options->parts = argv + i;
	options->part_count = argc - i;
}

static void print_load(const char *when)
{
	double load[3];

	if (getloadavg(load, 3) == 3)
		printf("load of the machine %s: %.2f %.2f %.2f, %ld processors\n", when, load[0],
		       load[1], load[2], sysconf(_SC_NPROCESSORS_ONLN));
}

static void write_output(const char *path)
{
	FILE *file = fopen(path, "we");

	if (!file)
		die(path);
	table_write(file);
	if (fclose(file))
		die(path);
}

int main(int argc, char **argv)
{
	struct options options = { .quick = false };
	struct plan plan;
	int i;

	errno = 0;
	parse(&options, argc, argv);
	make_plan(&options, &plan);
	unsetenv("https_proxy");
	setenv("LC_ALL", "C.UTF-8", 1);
	setvbuf(stdout, NULL, _IOLBF, 0);
	print_load("before");
	for (i = 0; i < TABLE_COLUMNS; i++)
		if (options.databases ? options.databases == table_databases[i]
				      : !options.quick || table_databases[i] <= QUICK_MAX)
			run_parts(&options, &plan, table_databases[i]);
	if (is_wanted(&options, "clusters"))
		compare_clusters(&plan);
	if (is_wanted(&options, "monitors"))
		compare_monitors(&plan);
	print_load("after");
	table_print(stdout);
	if (options.output)
		write_output(options.output);
	return 0;
}
