/*
 * The detail of one database: the console against the simulated cluster, with the source of each
 * section answering, slow, refused, absent, broken and garbled.  The request log of the cluster
 * shows that the other sections and the list polls go on.
 */
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "bdbtop/core/array.h"
#include "tests/screen/simulated_console.h"

static const char *const triage[] = { "--scenario=triage", NULL };
static const char *const running[] = { "--scenario=triage", "--clock=running", NULL };
static const char *const console[] = { "--interval=3600", NULL };
static const char *const each_second[] = { "--interval=1", NULL };
static const struct pty_setup wide = { .cols = 120, .rows = 36, .words = console };
static const struct pty_setup polling = { .cols = 120, .rows = 36, .words = each_second };

/* The source of a section, and a line that the section shows. */
static const struct detail_source {
	const char *title;	/* NULL: it has no section */
	const char *target, *line;
} sources[] = {
	{ "EVENTS", "/v1/logs$", "ERROR    backup f" },
	{ "ALERTS", "/v1/bdbs/alerts/12$", "bdb_backup_delayed  on since 2026-11-19" },
	{ "ACTIONS", "/v2/actions$", "none running" },
	{ "SHARDS", "/v1/bdbs/12/shards$", "3 on node 1, 4 on node 2: no progress reported" },
	{ "VERSION", "/v1/bdbs/12?fields=uid,module_list", ", redis 8.0" },
	{ NULL, "/v1/nodes$", "db:12 orders-eu" },
};
enum { SOURCES = ARRAY_SIZE(sources) };

static int open_cluster(void **state)
{
	simulated_open(&sim, triage);
	return 0;
}

static int open_running(void **state)
{
	simulated_open(&sim, running);
	return 0;
}

/* Starts the console; returns when the first background poll is answered. */
static void open_list(const struct pty_setup *setup)
{
	pty_start(&pty, setup);
	pty_await(&pty, "db:12  orders-eu          failed");
	await_data();
	pty_await(&pty, " 3 failed   1 stalled   2 overdue   4 running   204 quiet");
}

static void close_list(void)
{
	pty_send(&pty, "q");
	assert_int_equal(pty_wait(&pty), 0);
	pty_close(&pty);
}

static void open_detail(void)
{
	pty_send(&pty, "\r");
	pty_await(&pty, "\xe2\x94\x82 db:12 orders-eu");
}

/* --- sections -------------------------------------------------------------------------------- */

/* The text to the right of a section's title; "" without the title. */
static const char *section_text(const char *title)
{
	char begin[60];
	const char *at;
	int row;

	snprintf(begin, sizeof(begin), "\xe2\x94\x82 %s ", title);
	for (row = 0; row < pty.rows; row++) {
		at = strstr(pty_row(&pty, row), begin);
		if (at)
			return at + strlen(begin) + strspn(at + strlen(begin), " ");
	}
	return "";
}

/* line is `TITLE: WORDS`: the text of that section begins with WORDS. */
static bool section_begins(struct pty *of, const char *line)
{
	const char *words = strstr(line, ": ");
	char title[40];

	snprintf(title, sizeof(title), "%.*s", (int)(words - line), line);
	return !strncmp(section_text(title), words + 2, strlen(words + 2));
}

static void section_shows(const char *title, const char *words)
{
	char line[120];

	snprintf(line, sizeof(line), "%s: %s", title, words);
	pty_await_that(&pty, section_begins, line);
}

static void is_read(const struct detail_source *source)
{
	if (source->title && strcmp(source->title, "VERSION") != 0)
		section_shows(source->title, "read ");
	pty_await(&pty, source->line);
}

static void others_are_unchanged(const struct detail_source *but)
{
	size_t i;

	for (i = 0; i < SOURCES; i++)
		if (&sources[i] != but)
			is_read(&sources[i]);
}

/* The list goes on: another poll is answered. */
static void list_goes_on(void)
{
	size_t before;

	simulated_log(&sim, "GET");
	before = simulated_request_count(&sim, "GET", "/v1/bdbs?fields=uid,name");
	/* the key requests nothing while the poll before it is under way */
	do {
		pty_send(&pty, ".");
		poll(NULL, 0, 50);
		simulated_log(&sim, "GET");
	} while (simulated_request_count(&sim, "GET", "/v1/bdbs?fields=uid,name") == before);
	pty_await(&pty, " 3 failed   1 stalled   2 overdue   4 running   204 quiet");
}

/* --- the tests ------------------------------------------------------------------------------- */

static void each_section_is_read_from_its_own_source(void **state)
{
	size_t i;

	open_list(&wide);
	open_detail();
	others_are_unchanged(NULL);
	simulated_say(&sim, "await GET /v1/nodes");
	simulated_log(&sim, "GET");
	for (i = 0; i < sim.requests; i++)
		if (sim.request[i].in_flight > 3)
			fail_msg("%u in flight", sim.request[i].in_flight);
	assert_int_equal(simulated_request_count(&sim, "GET", "/v1/bdbs/alerts/12"), 1);
	assert_int_equal(simulated_request_count(&sim, "GET", "/v1/bdbs/alerts/"), 1);
	assert_int_equal(simulated_request_count(&sim, "GET", "/v1/bdbs/12/shards"), 1);
	assert_int_equal(simulated_request_count(&sim, "GET", "/v1/bdbs/12?fields=uid,module_list"),
			 1);
	assert_int_equal(simulated_request_count(&sim, "GET", "/v1/nodes"), 1);
	assert_int_equal(simulated_request_count(&sim, "GET", "/v1/cluster"), 0);
	list_goes_on();
}

/* What a source does instead, and what its section shows then. */
static const struct source_fault {
	const char *answer, *section_begins;
} source_faults[] = {
	{ "403", "403 role may not read them" },
	{ "404", "404 not on this cluster" },
	{ "500", "500, again in " },
	{ "200 <html>garbage", "invalid reply, again in " },
	{ "200 {\"a\":[[[", "invalid reply, again in " },
};

static void fails_alone(const struct detail_source *source, const struct source_fault *trouble)
{
	char order[200];

	simulated_say(&sim, "forget");
	simulated_say(&sim, "log clear");
	open_list(&wide);
	snprintf(order, sizeof(order), "answer GET %s %s", source->target, trouble->answer);
	simulated_say(&sim, order);
	/* without /v2/actions the console asks for /v1/actions */
	simulated_say(&sim, "answer GET /v1/actions$ 404");
	open_detail();
	section_shows(source->title, trouble->section_begins);
	others_are_unchanged(source);
	list_goes_on();
	/* and the section still shows it */
	section_shows(source->title, trouble->section_begins);
	close_list();
}

/* Each section with another fault; fleet/detail_section-t has all pairs. */
static void a_source_that_fails_says_so_in_its_section_and_the_others_stand(void **state)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(source_faults); i++)
		fails_alone(&sources[i], &source_faults[i]);
	simulated_say(&sim, "forget");
	/* for the teardown */
	open_list(&wide);
}

static void an_older_list_of_actions_says_what_it_does_not_list(void **state)
{
	open_list(&wide);
	simulated_say(&sim, "answer GET /v2/actions$ 404");
	open_detail();
	pty_await(&pty, "none running; backup, export, import not listed");
}

/* --- list polls ------------------------------------------------------------------------------ */

static int by_size(const void *left, const void *right)
{
	long a = *(const long *)left, b = *(const long *)right;

	return (a > b) - (a < b);
}

/* The median of the milliseconds from poll to poll, by the clock of the cluster. */
static long middle_gap(void)
{
	long gap[REQUESTS_MAX], before = -1, ms;
	size_t count = 0;
	const char *line;
	int h, m, s, thousandths;

	simulated_say(&sim, "log GET /v1/bdbs$");
	for (line = sim.output; strncmp(line, "ok", 2) != 0; line = strchr(line, '\n') + 1) {
		if (!strstr(line, "fields=uid,name"))
			continue;
		assert_int_equal(sscanf(line, "request %*u %*4d-%*2d-%*2dT%d:%d:%d.%dZ", &h, &m,
					&s, &thousandths), 4);
		ms = ((h * 60L + m) * 60 + s) * 1000 + thousandths;
		if (before >= 0)
			gap[count++] = ms - before;
		before = ms;
	}
	assert_true(count >= 5);
	qsort(gap, count, sizeof(gap[0]), by_size);
	return gap[count / 2];
}

/* A busy machine delays some polls; the median moves only if all polls wait for a section. */
static void polls_keep_their_time_while_every_section_is_slow(void **state)
{
	long quiet, busy;
	size_t i;

	pty_start(&pty, &polling);
	simulated_say(&sim, "await GET /v1/logs");
	simulated_say(&sim, "await GET /v2/actions");
	simulated_say(&sim, "log clear");
	simulated_say(&sim, "await GET /v1/bdbs?fields=uid,name 6");
	quiet = middle_gap();
	for (i = 0; i < SOURCES; i++) {
		char order[200];

		snprintf(order, sizeof(order), "delay GET %s 1500ms", sources[i].target);
		simulated_say(&sim, order);
	}
	pty_send(&pty, "\r");
	pty_await(&pty, "\xe2\x94\x82 db:12 orders-eu");
	simulated_say(&sim, "log clear");
	simulated_say(&sim, "await GET /v1/bdbs?fields=uid,name 8");
	busy = middle_gap();
	assert_in_range(quiet, 980, 1100);
	assert_in_range(busy, 980, 1100);
}

#define ON_TRIAGE(test) cmocka_unit_test_setup_teardown(test, open_cluster, close_both)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_TRIAGE(each_section_is_read_from_its_own_source),
		ON_TRIAGE(a_source_that_fails_says_so_in_its_section_and_the_others_stand),
		ON_TRIAGE(an_older_list_of_actions_says_what_it_does_not_list),
		cmocka_unit_test_setup_teardown(polls_keep_their_time_while_every_section_is_slow,
						open_running, close_both),
	};

	return tap_run_within(280, tests);
}
