/*
 * Simulated runs: the real session, fleet and rest on a simulated cluster, with faults in
 * everything around them.
 *
 * BDBTOP_HOURS chooses how many simulated hours, BDBTOP_SEED the first seed, BDBTOP_RUNS how many
 * runs at most.  A failure prints its seed and the events that it needs; BDBTOP_SEED=17
 * BDBTOP_RUNS=1 plays that run again.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/env_number.h"
#include "tests/simulation/run.h"
#include "tests/tap.h"

#define HOURS	   300
#define MANY_HOURS 3000 /* in so many each fault happens */
#define RUN_HOURS  40
#define HOUR_MS	   INT64_C(3600000)
#define TRIES_MAX  250 /* to shrink a run */

/* What the process of the runs shares with this one. */
struct shared {
	struct run_tally tally;
	uint64_t seed; /* of the run under way */
};

static struct run_script script;

static struct shared *share(void)
{
	struct shared *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (shared == MAP_FAILED)
		abort();
	return shared;
}

/* Waits for a process; true when it ended well. */
static bool ended_well(pid_t child)
{
	int status;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			abort();
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* In a child: a failed check or a crash ends it, instead of going on with the next test. */
static void end_at_failure(void)
{
	static const int signals[] = { SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS };
	size_t i;

	setenv("CMOCKA_TEST_ABORT", "1", 1);
	setrlimit(RLIMIT_CORE, &(struct rlimit){ .rlim_cur = 0 });
	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		signal(signals[i], SIG_DFL);
}

/* Runs the script as it is, in a process of its own; quiet: without its complaint. */
static bool runs_well(uint64_t seed, bool quiet, struct run_tally *tally)
{
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child < 0)
		abort();
	if (child)
		return ended_well(child);
	end_at_failure();
	if (quiet)
		dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO);
	run_events(&script, seed, tally);
	_exit(0);
}

/* All runs in one process, which ends at the first failure. */
static bool all_run_well(struct shared *shared, uint64_t seed, unsigned long runs, int64_t hours)
{
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child < 0)
		abort();
	if (child)
		return ended_well(child);
	end_at_failure();
	for (; runs && shared->tally.simulated_ms < hours * HOUR_MS; runs--, seed++) {
		shared->seed = seed;
		events_make(&script, seed, RUN_HOURS * HOUR_MS);
		run_events(&script, seed, &shared->tally);
	}
	_exit(0);
}

/* --- a failure ------------------------------------------------------------------------------- */

/* Rests go last: without them the consoles poll all night, and each run takes seconds. */
static void omit(size_t from, size_t count, bool rests)
{
	size_t i;

	for (i = from; i < script.count && i < from + count; i++)
		if ((script.events[i].kind == EVENT_REST) == rests)
			script.events[i].omitted = true;
}

/* Ends the run soon after the event before the failure. */
static void cut(uint64_t seed, struct run_tally *tally)
{
	const struct run_script whole = script;

	script.length_ms = tally->reached_ms + 600000;
	if (script.length_ms > whole.length_ms || runs_well(seed, true, tally))
		script = whole;
	while (script.count && script.events[script.count - 1].at_ms >= script.length_ms)
		script.count--;
}

/* Leaves out what the failure does not need: halves first, then smaller parts. */
static void shrink(uint64_t seed, struct run_tally *tally)
{
	struct run_script best;
	size_t part, from;
	unsigned tries = 0;
	int rests;

	cut(seed, tally);
	best = script;
	for (rests = 0; rests < 2; rests++)
		for (part = (script.count + 1) / 2; part && tries < TRIES_MAX; part /= 2)
			for (from = 0; from < script.count && tries < TRIES_MAX; from += part) {
				omit(from, part, rests);
				if (!memcmp(&best, &script, sizeof(best)))
					continue;
				tries++;
				if (runs_well(seed, true, tally))
					script = best;
				else
					best = script;
			}
}

static void print_failure(uint64_t seed, struct run_tally *tally)
{
	char line[120];
	size_t i;

	events_make(&script, seed, RUN_HOURS * HOUR_MS);
	if (runs_well(seed, true, tally)) {
		printf("# seed %" PRIu64 " fails only after the runs before it\n", seed);
		return;
	}
	shrink(seed, tally);
	printf("# seed %" PRIu64 " needs these events to fail:\n", seed);
	for (i = 0; i < script.count; i++) {
		if (script.events[i].omitted)
			continue;
		run_event_format(&script.events[i], line);
		printf("# %s\n", line);
	}
	runs_well(seed, false, tally);
}

/* --- what happened --------------------------------------------------------------------------- */

static const char *const wire_words[WIRE_FAULTS] = {
	[WIRE_NONE] = "none",
	[WIRE_REFUSED] = "connection refused",
	[WIRE_SILENT_CONNECT] = "connection never up",
	[WIRE_REQUEST_LOST] = "request lost",
	[WIRE_REPLY_LOST] = "reply lost",
	[WIRE_REQUEST_LATE] = "request carried out after the time-out",
	[WIRE_REPLY_LATE] = "reply late",
	[WIRE_CLOSED] = "connection closed without a reply",
	[WIRE_CUT] = "body cut",
	[WIRE_REPEATED] = "request repeated",
	[WIRE_HEAD_FIRST] = "body long after the status line",
};

static void check_fired(const char *what, unsigned long count)
{
	printf("# %8lu %s\n", count, what);
	if (!count)
		fail_msg("never happened: %s", what);
}

static void check_all_fired(const struct run_tally *t)
{
	int i;

	for (i = 1; i < WIRE_FAULTS; i++)
		check_fired(wire_words[i], t->wires[i]);
	for (i = 0; i < EVENT_KINDS; i++)
		check_fired(run_event_words[i], t->events[i]);
	check_fired("requests that a rule answered", t->sim[SIM_FAULT_ANSWER]);
	check_fired("resets that the cluster ignored", t->sim[SIM_FAULT_IGNORE]);
	check_fired("resets that it refused with 403", t->sim[SIM_FAULT_FORBID]);
	check_fired("resets that it carried out and never answered", t->sim[SIM_FAULT_SILENT]);
	check_fired("resets that found the database busy", t->sim[SIM_FAULT_BUSY]);
	check_fired("replies that were overtaken", t->overtaken);
	check_fired("redirects", t->redirects);
	check_fired("requests to a node that is down", t->nodes);
	check_fired("certificates not trusted", t->untrusted);
	check_fired("log-ins refused", t->refused);
	check_fired("new log-ins", t->log_ins);
	check_fired("starts of a console", t->restarts);
}

static void print_tally(const struct run_tally *t, double seconds)
{
	printf("# %" PRId64 " simulated hours in %.1f s: %lu runs, %lu requests, %lu turns\n",
	       t->simulated_ms / HOUR_MS, seconds, t->runs, t->requests, t->turns);
	printf("# %lu questions, %lu confirmations, %lu resets, %lu PUTs, at most %u for one, %lu "
	       "cleared, %lu rows compared\n",
	       t->questions, t->confirmations, t->resets, t->puts, t->most_puts, t->cleared,
	       t->compared);
}

/* --- the tests ------------------------------------------------------------------------------- */

static void a_seed_gives_the_same_run_twice(void **state)
{
	struct shared *one = share(), *two = share();
	uint64_t seed = env_number("BDBTOP_SEED", 1);

	(void)state;
	events_make(&script, seed, RUN_HOURS * HOUR_MS);
	runs_well(seed, true, &one->tally);
	runs_well(seed, true, &two->tally);
	assert_true(one->tally.hash == two->tally.hash && one->tally.requests > 0);
	munmap(one, sizeof(*one));
	munmap(two, sizeof(*two));
}

static void nothing_goes_wrong_in_simulated_runs(void **state)
{
	struct shared *shared = share();
	int64_t hours = (int64_t)env_number("BDBTOP_HOURS", HOURS);
	unsigned long runs = env_number("BDBTOP_RUNS", ULONG_MAX);
	struct timespec from, to;
	bool good;

	(void)state;
	clock_gettime(CLOCK_MONOTONIC, &from);
	good = all_run_well(shared, env_number("BDBTOP_SEED", 1), runs, hours);
	clock_gettime(CLOCK_MONOTONIC, &to);
	print_tally(&shared->tally,
		    (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9);
	if (!good) {
		print_failure(shared->seed, &share()->tally);
		fail_msg("seed %" PRIu64 " fails", shared->seed);
	}
	assert_true(shared->tally.runs == runs || shared->tally.simulated_ms >= hours * HOUR_MS);
	if (shared->tally.simulated_ms >= MANY_HOURS * HOUR_MS)
		check_all_fired(&shared->tally);
	munmap(shared, sizeof(*shared));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_seed_gives_the_same_run_twice),
		cmocka_unit_test(nothing_goes_wrong_in_simulated_runs),
	};

	return tap_run(tests);
}
