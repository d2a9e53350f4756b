/*
 * The console in a pseudo-terminal, in real time: it polls, asks, resets a database and quits,
 * while an allocation or a system call fails.  It does not crash or hang, frees what it allocated,
 * and what the cluster got is in the audit log.  BDBTOP_RUNS is as in torture.h.
 */
#include <sys/wait.h>

#include "bdbtop/core/array.h"
#include "bdbtop/session/loop.h"
#include "tests/env_number.h"
#include "tests/real_malloc.h"
#include "tests/screen/pty.h"
#include "tests/torture/torture.h"

#define STEP_MS	      1500 /* a step that does not come within this time is left out */
#define QUIT_MS	      8000
#define GUARD_MS      300 /* a question ignores keys for 250 ms */
#define NEVER_SHOWN   "\001"
#define ESC	      "\033"
#define QUIT_QUESTION "Quit?  [y/N]"
#define RUNS	      1 /* of each fault in `make check` */

/* A fault, as variables of the tracer or of the preloaded library; traced: the first. */
struct console_fault {
	const char *name, *with, *all_later;
	bool is_traced;
};

static const struct console_fault faults[] = {
	{ "", "own", "0", false },	   { "", "own", "1", false },
	{ "write", "EIO", "0", true },	   { "write", "ENOSPC", "0", true },
	{ "write", "EINTR", "0", true },   { "write", "short", "1", true },
	{ "open", "EMFILE", "0", true },   { "fsync", "EIO", "0", true },
	{ "fsync", "EIO", "1", true },	   { "rename", "ENOSPC", "0", true },
	{ "socket", "EMFILE", "0", true }, { "poll", "EINTR", "0", true },
	{ "read", "EINTR", "0", true },	   { "send", "EIO", "0", true },
	{ "receive", "EIO", "0", true },
};

struct console_run {
	struct simulated sim;
	char preload[4096], folder[64], report[80];
	unsigned long calls; /* of the run without a fault */
	unsigned wrong;
};

static void set_number(const char *name, unsigned long value)
{
	char text[24];

	snprintf(text, sizeof(text), "%lu", value);
	setenv(name, text, 1);
}

static void set_fault(const struct console_run *run, const struct console_fault *fault,
		      unsigned long at)
{
	setenv("FAIL_REPORT", run->report, 1);
	setenv(fault->is_traced ? "FAIL_PRELOAD" : "LD_PRELOAD", run->preload, 1);
	setenv("FAIL_LEAKS", "1", 1);
	setenv("FAIL_OWN", "1", 1);
	setenv("FAIL_CALL", fault->name, 1);
	if (fault->is_traced)
		setenv("FAIL_CALL_WITH", fault->with, 1);
	setenv(fault->is_traced ? "FAIL_CALL_ON" : "FAIL_ON", fault->all_later, 1);
	set_number(fault->is_traced ? "FAIL_CALL_AT" : "FAIL_AT", at);
}

static void clear_fault(void)
{
	static const char *const names[] = { "FAIL_PRELOAD", "LD_PRELOAD",   "FAIL_ON",
					     "FAIL_AT",	     "FAIL_CALL_ON", "FAIL_CALL_AT" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		unsetenv(names[i]);
}

/* Each step that the fault prevents is left out. */
static void use(struct pty *pty)
{
	if (!pty_shows_within(pty, "db:12", STEP_MS))
		return;
	pty_send(pty, "b");
	if (!pty_shows_within(pty, "[y/N]", STEP_MS))
		return;
	pty_shows_within(pty, NEVER_SHOWN, GUARD_MS);
	pty_send(pty, "y");
	pty_shows_within(pty, "accepted", STEP_MS);
}

/* Ends it as users do: leaves what is asked, quits, and confirms only that.  False: it hangs. */
static bool quit(struct pty *pty, int *status)
{
	int64_t until = clock_system.now(NULL).ms + QUIT_MS;
	ssize_t ignored;
	int i = 0;

	while (clock_system.now(NULL).ms < until) {
		const char *key = pty_shows(pty, QUIT_QUESTION) ? "y" : i++ % 2 ? "q" : ESC;

		/* it may have ended */
		ignored = write(pty->master, key, 1);
		(void)ignored;
		pty_shows_within(pty, NEVER_SHOWN, GUARD_MS);
		if (waitpid(pty->child, status, WNOHANG) == pty->child) {
			pty->child = 0;
			return true;
		}
	}
	return false;
}

static size_t count_words(const char *path, const char *words)
{
	char *text = access(path, F_OK) < 0 ? NULL : temp_dir_read(path), *at;
	size_t count = 0;

	for (at = text; at && (at = strstr(at, words)); at++)
		count++;
	free(text);
	return count;
}

static void judge(struct console_run *run, struct pty *pty, const struct console_fault *fault,
		  unsigned long at)
{
	char log[100], *report;
	size_t puts, sent;
	int status = 0;
	bool ended = quit(pty, &status), crashed, leaked;

	snprintf(log, sizeof(log), "%s/bdbtop/actions.jsonl", pty->folder);
	sent = count_words(log, "{\"event\":\"sent\"");
	puts = simulated_log(&run->sim, "PUT");
	report = temp_dir_read(run->report);
	leaked = strstr(report, "leak ") != NULL;
	crashed = WIFSIGNALED(status);
	if (!ended || crashed || puts > sent || leaked) {
		run->wrong++;
		fprintf(stderr, "# %s %s %lu: status %d%s, %zu PUT, %zu sent\n%s%s\n", fault->name,
			fault->with, at, status, ended ? "" : " (hangs)", puts, sent, report,
			pty_text(pty));
	}
	free(report);
}

static unsigned long read_calls(const struct console_run *run, bool is_traced)
{
	char *text = temp_dir_read(run->report);
	const char *word = is_traced ? "traced " : "calls ", *at = strstr(text, word);
	unsigned long calls = at ? strtoul(at + strlen(word), NULL, 10) : 0;

	free(text);
	return calls;
}

static void run_once(struct console_run *run, const struct console_fault *fault, unsigned long at)
{
	static const char *const plain[] = { "--interval=60", NULL };
	static const char *const traced[] = { "bdbtop", "--interval=60", NULL };
	struct pty_setup setup = { .cols = 100, .rows = 30, .words = plain };
	struct pty *pty = malloc(sizeof(*pty));

	if (fault->is_traced) {
		setup.words = traced;
		setup.program = "tests/torture/tracer";
	}
	temp_dir_write(run->report, "");
	simulated_say(&run->sim, "set 12 backup_status=\"failed\"");
	simulated_say(&run->sim, "log clear");
	set_fault(run, fault, at);
	pty_start(pty, &setup);
	clear_fault();
	use(pty);
	judge(run, pty, fault, at);
	pty_close(pty);
	free(pty);
}

static void run_fault(struct console_run *run, const struct console_fault *fault)
{
	unsigned long i, runs = env_number("BDBTOP_RUNS", RUNS), calls;

	run_once(run, fault, 0);
	calls = read_calls(run, fault->is_traced);
	assert_true(calls > 0);
	runs = runs && runs < calls ? runs : calls;
	for (i = 0; i < runs; i++)
		run_once(run, fault, 1 + (2 * i + 1) * calls / (2 * runs));
	printf("# console: %lu of %lu %s failed%s%s\n", runs, calls,
	       fault->is_traced ? fault->name : "allocations", fault->is_traced ? " with " : "",
	       fault->is_traced ? fault->with : "");
}

static void a_reset_is_recorded_before_it_is_sent(void **state)
{
	char path[4096], scenario[5000];
	const char *const options[] = { "--clock=stdin", scenario, NULL };
	struct console_run *run = calloc(1, sizeof(*run));
	const char *build = getenv("BUILDDIR");
	size_t i, step = getenv("BDBTOP_RUNS") ? 1 : 7;

	(void)state;
	strcpy(run->folder, "/tmp/bdbtop-torture.XXXXXX");
	assert_non_null(mkdtemp(run->folder));
	snprintf(run->report, sizeof(run->report), "%s/report", run->folder);
	snprintf(run->preload, sizeof(run->preload), "%s/tests/torture/preload.so",
		 build ? build : ".");
	source_path(path, "tests/torture/cluster.json");
	snprintf(scenario, sizeof(scenario), "--scenario=%s", path);
	simulated_open(&run->sim, options);
	for (i = 0; i < ARRAY_SIZE(faults); i += step)
		run_fault(run, &faults[i]);
	simulated_close(&run->sim);
	temp_dir_release(run->folder);
	assert_int_equal(run->wrong, 0);
	free(run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reset_is_recorded_before_it_is_sent),
	};

	if (!REAL_MALLOC || !torture_can_trace()) {
		puts("1..0 # SKIP a sanitizer has malloc(), or a process cannot trace another");
		return 0;
	}
	return tap_run(tests);
}
