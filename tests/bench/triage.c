/*
 * tests/bench/triage.c - measures verdicts, filter and sort of 10,000 databases after a poll.
 *
 * Prints CPU times and checks none.  Each is the median of RUNS runs.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bdbtop/core/roster.h"
#include "bdbtop/core/triage.h"
#include "bdbtop/core/view.h"
#include "tests/core/sample.h"

#define DATABASES 10000
#define RUNS	  41
#define NOW_S	  INT64_C(1795000000)
#define HOUR_S	  INT64_C(3600)

struct bench {
	struct roster *roster;
	struct finding *findings;
	struct view_item *items;
	struct view *view;
	size_t count;
};

static unsigned random_below(unsigned sides)
{
	static unsigned random = 20261122;

	random = random * 1103515245u + 12345u;
	return (random >> 16) % sides;
}

static void die(const char *what)
{
	fprintf(stderr, "bench: %s\n", what);
	exit(1);
}

static double cpu_ms(void)
{
	struct timespec used;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	return (double)used.tv_sec * 1e3 + (double)used.tv_nsec / 1e6;
}

/* A twentieth of the databases failed, some run, some are late. */
static void make_database(struct bdb *bdb, char name[32], int64_t uid)
{
	static const char *const nouns[] = { "orders", "ledger", "sessions", "quotas", "Carts" };
	static const char *const reasons[] = { "no-permission", "wrong-file-path",
					       "general-error" };
	struct op *op = &bdb->op[OP_BACKUP];

	snprintf(name, 32, "%s-%05u", nouns[random_below(5)], random_below(DATABASES));
	*bdb = sample(uid, name);
	bdb->backup_enabled_presence = bdb->backup_interval_presence = op->last_success_presence =
		FIELD_PRESENT;
	bdb->backup_enabled = true;
	bdb->backup_interval_s = 24 * HOUR_S;
	op->last_success_s = NOW_S - random_below(25 * 3600);
	sample_status(bdb, OP_BACKUP, "succeeded", "");
	if (!random_below(20))
		sample_status(bdb, OP_BACKUP, "failed", reasons[random_below(3)]);
	if (!random_below(50)) {
		sample_status(bdb, OP_IMPORT, "importing", "");
		sample_percent(bdb, OP_IMPORT, random_below(100));
	}
}

static void fill(struct bench *bench)
{
	struct bdb *bdbs = calloc(DATABASES, sizeof(*bdbs));
	const struct bdb **at = calloc(DATABASES, sizeof(*at));
	char(*names)[32] = calloc(DATABASES, sizeof(*names));
	struct observation list = {
		.kind = OBS_LIST, .requested_ms = 1, .received_ms = 2, .count = DATABASES
	};
	size_t i;

	if (!bdbs || !at || !names)
		die("memory is out");
	for (i = 0; i < DATABASES; i++) {
		make_database(&bdbs[i], names[i], (int64_t)i + 1);
		at[i] = &bdbs[i];
	}
	list.bdbs = at;
	roster_apply(bench->roster, &list, (struct moment){ 2, NOW_S * 1000 }, NULL, NULL);
	bench->count = roster_count(bench->roster);
	free(names);
	free(at);
	free(bdbs);
}

static void triage_all(struct bench *bench)
{
	const struct triage_rules rules = { .stall_ms = TRIAGE_STALL_MS };
	const struct triage_now now = { 60000, NOW_S };
	size_t i;

	for (i = 0; i < bench->count; i++)
		triage_judge(roster_at(bench->roster, i), &rules, &now, &bench->findings[i]);
}

static void choose(struct bench *bench, const struct filter *filter, const struct sort_order *order)
{
	size_t i;

	for (i = 0; i < bench->count; i++) {
		const struct roster_entry *entry = roster_at(bench->roster, i);
		const struct filter_input subject = { .bdb = entry->bdb,
						      .finding = &bench->findings[i],
						      .op_since = entry->op_since,
						      .now_s = NOW_S };
		struct view_item *item = &bench->items[i];

		*item = (struct view_item){ .id = { 0, entry->bdb->uid },
					    .rank = triage_rank(subject.finding->worst),
					    .generation = entry->generation,
					    .matches = filter_matches(filter, &subject) };
		sort_key_make(order, &subject, &item->key);
	}
}

static int by_size(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return left < right ? -1 : left > right;
}

static double report(const char *what, const char *of, double *ms)
{
	qsort(ms, RUNS, sizeof(*ms), by_size);
	printf("%-10s %-44s %7.2f ms of CPU  (%.2f to %.2f)\n", what, of, ms[RUNS / 2], ms[0],
	       ms[RUNS - 1]);
	return ms[RUNS / 2];
}

static double measure_verdicts(struct bench *bench)
{
	double ms[RUNS];
	int i;

	for (i = 0; i < RUNS; i++) {
		double begin = cpu_ms();

		triage_all(bench);
		ms[i] = cpu_ms() - begin;
	}
	return report("verdicts", "10000 databases", ms);
}

static double measure_filter(struct bench *bench, const char *expression)
{
	const struct sort_order order = { SORT_SEVERITY, false };
	struct filter_error error;
	struct filter filter;
	double ms[RUNS];
	int i;

	if (filter_parse(&filter, expression, &error) < 0)
		die(error.text);
	for (i = 0; i < RUNS; i++) {
		double begin = cpu_ms();

		choose(bench, &filter, &order);
		ms[i] = cpu_ms() - begin;
	}
	return report("filter", *expression ? expression : "none", ms);
}

static double measure_sort(struct bench *bench, enum sort_column by)
{
	const struct filter all = { .terms = 0 };
	const struct sort_order order = { by, false };
	double ms[RUNS];
	int i;

	choose(bench, &all, &order);
	for (i = 0; i < RUNS; i++) {
		double begin = cpu_ms();

		if (view_update(bench->view, bench->items, bench->count) < 0)
			die("memory is out");
		ms[i] = cpu_ms() - begin;
	}
	return report("sort", sort_defs[by].title, ms);
}

static double larger(double a, double b)
{
	return a > b ? a : b;
}

int main(void)
{
	static const char *const filters[] = { "", "orders", "!nothing orders-0 state:failed",
					       "reason:no-permission age>1h",
					       "a !b c !d e !f g !h" };
	struct bench bench = { .roster = roster_new(), .view = view_new() };
	double verdicts, filter = 0, sort = 0;
	size_t i;
	int by;

	bench.findings = calloc(DATABASES, sizeof(*bench.findings));
	bench.items = calloc(DATABASES, sizeof(*bench.items));
	if (!bench.roster || !bench.view || !bench.findings || !bench.items)
		die("memory is out");
	fill(&bench);
	verdicts = measure_verdicts(&bench);
	for (i = 0; i < sizeof(filters) / sizeof(filters[0]); i++)
		filter = larger(filter, measure_filter(&bench, filters[i]));
	for (by = 0; by < SORT_KINDS; by++)
		sort = larger(sort, measure_sort(&bench, (enum sort_column)by));
	printf("%-55s %7.2f ms of CPU\n", "together, with the slowest filter and order",
	       verdicts + filter + sort);
	view_free(bench.view);
	roster_free(bench.roster);
	free(bench.items);
	free(bench.findings);
	return 0;
}
