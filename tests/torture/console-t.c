/*
 * The console in a pseudo-terminal, in real time: a user works, resets databases and quits, while
 * an allocation or a system call fails.  It does not crash or hang, it ends with an error message
 * or as usual, frees and closes what it had, and what the cluster got is in the audit log.
 */
#include <sys/wait.h>

#include "bdbtop/core/array.h"
#include "bdbtop/session/loop.h"
#include "tests/env_number.h"
#include "tests/screen/pty.h"
#include "tests/torture/torture.h"

#define STEP_MS	     2000  /* what does not come within this time ends the session */
#define GOOD_STEP_MS 20000 /* without a fault it must come */
#define QUIT_MS	     20000
#define QUIT_MOST_MS 200000
#define GUARD_MS     300 /* a question ignores keys for 250 ms */
#define ESC_MS	     100 /* a key right after it would be another key */
#define NEVER_SHOWN  "\001"
#define FILE_NAME                                                                                  \
	"\002" /* of a file that is written, where the console is started: else its sandbox
			     * forbids it */
#define ESC	      "\033"
#define QUIT_QUESTION "Quit?  [y/N]"
#define RUNS	      1	  /* of each fault in `make check` */
#define RUNS_OF_ALL   200 /* of the allocations of libraries where there is no other number */
#define FAULT_STEP    20  /* of the table of faults in `make check` */

/* What is typed, and what the screen shows then; NULL: waits for the guard interval. */
struct console_step {
	const char *keys, *shows;
};

static const struct console_step reset_steps[] = {
	{ "", "db:12" }, { "b", "[y/N]" }, { "", NULL }, { "y", "accepted" }, { NULL, NULL },
};

/* Detail, filter, bulk reset of three operations, report, log, and a file. */
static const struct console_step work_steps[] = {
	{ "", "db:12" },
	{ "\r", "EVENTS" },
	{ ESC, "clickstream" },
	{ "/failed\r", "filter" },
	{ "*", "marked" },
	{ "b", "[y/N]" },
	{ "", NULL },
	{ "y", "accepted" },
	{ "l", "newest first" },
	{ ESC, "LOSS" },
	{ "w", "enter writes" },
	{ FILE_NAME, ".json_" },
	{ "\r", "written" },
	{ "Y", "sent from here" },
	{ ESC, "LOSS" },
	{ "s", "severity" },
	{ "\r", "LOSS" },
	{ NULL, NULL },
};

/* A fault of the preloaded library, or one of the tracer. */
struct console_fault {
	const struct torture_fault *call; /* NULL: allocations */
	bool own, all_later;
};

static void set_number(const char *name, unsigned long value)
{
	char text[24];

	snprintf(text, sizeof(text), "%lu", value);
	setenv(name, text, 1);
}

static void set_fault(const struct torture *t, const struct console_fault *fault, unsigned long at)
{
	setenv("FAIL_REPORT", t->report, 1);
	setenv("FAIL_LEAKS", "1", 1);
	setenv(fault->call ? "FAIL_PRELOAD" : "LD_PRELOAD", t->preload, 1);
	set_number("FAIL_OWN", fault->own);
	set_number(fault->call ? "FAIL_CALL_ON" : "FAIL_ON", fault->all_later);
	set_number(fault->call ? "FAIL_CALL_AT" : "FAIL_AT", at);
	if (!fault->call)
		return;
	setenv("FAIL_CALL", fault->call->call, 1);
	setenv("FAIL_CALL_WITH", fault->call->with, 1);
}

/* This process makes files, too. */
static void clear_fault(void)
{
	static const char *const names[] = { "FAIL_PRELOAD", "LD_PRELOAD",   "FAIL_ON",
					     "FAIL_AT",	     "FAIL_CALL_ON", "FAIL_CALL_AT" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		unsetenv(names[i]);
}

/* The program may have ended. */
static void type(struct pty *pty, const char *keys)
{
	ssize_t ignored = write(pty->master, keys, strlen(keys));

	(void)ignored;
}

/* Returns the step that did not come, or NULL. */
static const struct console_step *work(struct pty *pty, const struct console_step *step,
				       const char *file, int64_t within_ms)
{
	for (; step->keys; step++) {
		type(pty, strcmp(step->keys, FILE_NAME) != 0 ? step->keys : file);
		if (!step->shows)
			pty_shows_within(pty, NEVER_SHOWN, GUARD_MS);
		else if (!pty_shows_within(pty, step->shows, within_ms))
			return step;
	}
	return NULL;
}

static bool has_ended(struct pty *pty, int *status)
{
	if (waitpid(pty->child, status, WNOHANG) != pty->child)
		return false;
	pty->child = 0;
	return true;
}

/* Ends it as users do: leaves what is asked, quits, and confirms only that.  False: it hangs, which
 * is not said of a console that draws, if slowly. */
static bool quit(struct pty *pty, int *status)
{
	const int64_t most = clock_system.now(NULL).ms + QUIT_MOST_MS;
	int64_t until = clock_system.now(NULL).ms + QUIT_MS;

	while (clock_system.now(NULL).ms < until && clock_system.now(NULL).ms < most) {
		size_t bytes = pty->bytes;

		type(pty, ESC);
		pty_shows_within(pty, NEVER_SHOWN, ESC_MS);
		type(pty, "q");
		if (pty_shows_within(pty, QUIT_QUESTION, GUARD_MS)) {
			pty_shows_within(pty, NEVER_SHOWN, GUARD_MS);
			type(pty, "y");
			pty_shows_within(pty, NEVER_SHOWN, GUARD_MS);
		}
		if (has_ended(pty, status))
			return true;
		if (pty->bytes != bytes)
			until = clock_system.now(NULL).ms + QUIT_MS;
	}
	return false;
}

/* Returns what is wrong, or NULL. */
static const char *find_wrong(struct torture *t, const struct pty *pty, bool ended, int status)
{
	const char *broken = torture_find_broken(t);

	if (broken || *t->run.crash)
		return broken;
	if (!ended)
		return "it hangs";
	if (!WIFEXITED(status) || WEXITSTATUS(status) > 3)
		return "an end that no error has";
	if (WEXITSTATUS(status) && !strstr(pty->stream, "bdbtop: ") &&
	    !strstr(pty->stream, ".conf: "))
		return "an error without a message";
	return NULL;
}

static void judge(struct torture *t, struct pty *pty, const struct console_step *missing)
{
	char log[100];
	const char *what;
	int status = 0;
	bool ended = quit(pty, &status);

	snprintf(log, sizeof(log), "%s/bdbtop/actions.jsonl", pty->folder);
	torture_read_report(t, &t->run);
	if (!ended)
		t->run.children = 0;
	t->run.sent = torture_count_sent(log);
	t->run.puts = simulated_log(&t->sim, "PUT");
	t->run.ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	t->tally.faults += *t->run.fault != '\0';
	t->tally.same += !missing && !*t->run.crash;
	t->tally.errors += missing && !*t->run.crash;
	what = find_wrong(t, pty, ended, status);
	if (!what)
		return;
	torture_wrong(t, what);
	fprintf(stderr, "# %s\n%s\n", missing ? missing->keys : "the session is complete",
		pty_text(pty));
}

/* Returns the step that did not come, or NULL. */
static const struct console_step *run_once(struct torture *t, const struct console_step *steps,
					   const struct console_fault *fault, unsigned long at)
{
	static const char *const plain[] = { "--interval=60", NULL };
	static const char *const traced[] = { "bdbtop", "--interval=60", NULL };
	struct pty_setup setup = { .cols = 100, .rows = 30, .words = plain };
	struct pty *pty = malloc(sizeof(*pty));
	const struct console_step *missing;
	char file[100];

	if (fault->call) {
		setup.words = traced;
		setup.program = "tests/torture/tracer";
	}
	memset(&t->run, 0, sizeof(t->run));
	temp_dir_write(t->report, "");
	simulated_say(&t->sim, torture_reset.prepare);
	simulated_say(&t->sim, "log clear");
	set_fault(t, fault, at);
	pty_start(pty, &setup);
	clear_fault();
	snprintf(file, sizeof(file), "torture-%d.json", (int)getpid());
	unlink(file);
	missing = work(pty, steps, file, at ? STEP_MS : GOOD_STEP_MS);
	if (missing && !at)
		fprintf(stderr, "%s\n", pty_text(pty));
	judge(t, pty, missing);
	pty_close(pty);
	unlink(file);
	free(pty);
	return missing;
}

static void run_fault(struct torture *t, const char *name, const struct console_step *steps,
		      const struct console_fault *fault)
{
	const struct console_step *missing = run_once(t, steps, fault, 0);
	unsigned long i, calls = t->run.calls, runs;
	char what[100];

	if (missing)
		fail_msg("without a fault, \"%s\" does not lead to \"%s\"", missing->keys,
			 missing->shows);
	memset(&t->tally, 0, sizeof(t->tally));
	t->all_later = fault->all_later && !fault->own && !fault->call;
	runs = torture_runs_of(calls, RUNS);
	if (!fault->own && !fault->call && runs > RUNS_OF_ALL)
		runs = RUNS_OF_ALL;
	for (i = 0; i < runs; i++)
		if (torture_has(i))
			run_once(t, steps, fault, torture_place_of(i, runs, calls));
	torture_name(what, fault->call, fault->own, fault->all_later);
	torture_print_tally(t, name, calls, what);
}

static void run_faults(struct torture *t, const char *name, const struct console_step *steps)
{
	size_t i, step = getenv("BDBTOP_RUNS") ? 1 : FAULT_STEP;

	for (i = 0; i < 4 + TORTURE_FAULTS; i += step) {
		struct console_fault fault = { .own = i < 2, .all_later = i % 2 };

		if (i >= 4) {
			fault.call = &torture_faults[i - 4];
			fault.all_later = fault.call->all_later;
		}
		run_fault(t, name, steps, &fault);
	}
	assert_int_equal(t->wrong, 0);
}

static void a_reset_is_recorded_before_it_is_sent(void **state)
{
	run_faults(*state, "console", reset_steps);
}

static void a_session_ends_as_usual_or_with_an_error(void **state)
{
	run_faults(*state, "long console", work_steps);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TORTURE_TEST(a_reset_is_recorded_before_it_is_sent),
		TORTURE_TEST(a_session_ends_as_usual_or_with_an_error),
	};

	return torture_can_run(true) ? tap_run(tests) : 0;
}
