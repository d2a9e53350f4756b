#include "tests/torture/torture.h"

#include <sys/ptrace.h>
#include <time.h>

#include "bdbtop/core/array.h"
#include "tests/env_number.h"

#define VARIABLES_MAX 20
#define WORDS_MAX     12
#define WRONG_PRINTED 20
#define IN_ASCII      "caf<U+00E9>" /* setlocale() has failed */
#define JSON_C	      " libjson-c."
#define LOCALE	      "/usr/lib/locale"

static void set_variable(struct torture *t, int i, const char *name, const char *value)
{
	assert_true(snprintf(t->variables[i], sizeof(t->variables[i]), "%s=%s", name, value) <
		    (int)sizeof(t->variables[i]));
}

void torture_open(struct torture *t)
{
	const char *build = getenv("BUILDDIR");
	char path[4096], scenario[5000], now[24];
	const char *const options[] = { "--clock=stdin", scenario, NULL };

	memset(t, 0, sizeof(*t));
	assert_int_equal(temp_dir_init(&t->dir, "actions.jsonl"), 0);
	source_path(path, "tests/torture/cluster.json");
	snprintf(scenario, sizeof(scenario), "--scenario=%s", path);
	simulated_open(&t->sim, options);
	snprintf(now, sizeof(now), "%lld", (long long)time(NULL));
	set_variable(t, 0, "REDIS_ENTERPRISE_URL", t->sim.at.url);
	set_variable(t, 1, "REDIS_ENTERPRISE_USER", t->sim.at.user);
	set_variable(t, 2, "REDIS_ENTERPRISE_PASSWORD", t->sim.at.password);
	set_variable(t, 3, "REDIS_ENTERPRISE_CA_CERT", t->sim.cacert);
	set_variable(t, 4, "XDG_STATE_HOME", t->dir.state);
	set_variable(t, 5, "FAIL_NOW", now);
	snprintf(path, sizeof(path), "%s/report", t->dir.top);
	set_variable(t, 6, "FAIL_REPORT", path);
	set_variable(t, 7, "FAIL_LEAKS", "1");
	set_variable(t, 8, "FAIL_WITHIN", "15");
	snprintf(t->preload, sizeof(t->preload), "%s/tests/torture/preload.so",
		 build ? build : ".");
}

void torture_close(struct torture *t)
{
	simulated_close(&t->sim);
	temp_dir_release(t->dir.top);
}

/* --- one run --------------------------------------------------------------------------------- */

static void read_line(struct torture_run *run, const char *line)
{
	size_t length = strlen(run->fault);

	if (sscanf(line, "crash %99s", run->crash) == 1)
		return;
	if (!strncmp(line, "failed ", 7) || !strncmp(line, "hit ", 4))
		snprintf(run->fault + length, sizeof(run->fault) - length, "%.300s", line);
	else if (!strncmp(line, "leak ", 5) && !*run->leak)
		snprintf(run->leak, sizeof(run->leak), "%.300s", line);
	else if (sscanf(line, "traced %lu", &run->calls) != 1 && !run->calls)
		sscanf(line, "calls %lu", &run->calls);
}

static void read_report(const struct torture *t, struct torture_run *run)
{
	char path[100], line[500];
	FILE *file;

	snprintf(path, sizeof(path), "%s/report", t->dir.top);
	file = fopen(path, "re");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		read_line(run, line);
	fclose(file);
}

/* Figures that differ from run to run become `#`: latencies, and the time of the poll. */
static void mask_figures(char *text)
{
	static const char *const before[] = { "\"latency_ms\":", "time=",
					      "poll_duration_seconds{cluster=\"127.0.0.1:",
					      "\"time\":" };
	size_t i;
	char *at;

	for (i = 0; i < ARRAY_SIZE(before); i++)
		for (at = text; (at = strstr(at, before[i]));) {
			at += strlen(before[i]);
			for (; *at && !strchr("\n,;", *at); at++)
				if (*at >= '0' && *at <= '9')
					*at = '#';
		}
}

/* As many digits as they may have. */
static void squeeze(char *text)
{
	char *out = text;

	for (; *text; text++)
		if (*text != '#' || text[1] != '#')
			*out++ = *text;
	*out = '\0';
}

static size_t count_sent(const struct torture *t)
{
	size_t count = 0;
	char *log, *at;

	if (access(t->dir.path, F_OK) < 0)
		return 0;
	log = temp_dir_read(t->dir.path);
	for (at = log; (at = strstr(at, "{\"event\":\"sent\"")); at++)
		count++;
	free(log);
	return count;
}

/* Prepares cluster and state directory, runs the program, collects what came of it. */
static void run_with(struct torture *t, const struct torture_command *command, bool traced,
		     const char *const *faults, struct torture_run *run)
{
	const char *variables[VARIABLES_MAX], *words[WORDS_MAX] = { "bdbtop" };
	char report[100];
	struct child child;
	size_t i, count = 0;

	memset(run, 0, sizeof(*run));
	temp_dir_release(t->dir.state);
	snprintf(report, sizeof(report), "%s/report", t->dir.top);
	temp_dir_write(report, "");
	if (command->prepare)
		simulated_say(&t->sim, command->prepare);
	simulated_say(&t->sim, "log clear");
	for (i = 0; i < ARRAY_SIZE(t->variables); i++)
		variables[count++] = t->variables[i];
	for (; *faults; faults++)
		variables[count++] = *faults;
	variables[count] = NULL;
	for (i = 0; command->words[i]; i++)
		words[i + 1] = command->words[i];
	child_start_program(&child, &run->ran, traced ? "tests/torture/tracer" : "bdbtop",
			    words + !traced, variables);
	child_end(&child);
	read_report(t, run);
	mask_figures(run->ran.out);
	squeeze(run->ran.out);
	run->puts = simulated_log(&t->sim, "PUT");
	run->sent = count_sent(t);
}

/* --- judging --------------------------------------------------------------------------------- */

/* Prints the run and goes on, because the next one is worth as much. */
static void wrong(struct torture *t, const char *what)
{
	const struct torture_run *run = &t->run;

	t->wrong++;
	if (t->wrong > WRONG_PRINTED)
		return;
	fprintf(stderr, "# %s: %s# exit %d, %zu PUT, %zu sent\n%s%s%s%s\n", what,
		*run->fault ? run->fault : "nothing failed\n", run->ran.status, run->puts,
		run->sent, run->ran.out, run->ran.err, run->leak, run->crash);
}

static bool is_of_bdbtop(const char *object)
{
	return strstr(object, "bdbtop") || !strcmp(object, "?");
}

static void note_crash(struct torture *t)
{
	struct torture_tally *tally = &t->tally;
	const char *object = t->run.crash;

	tally->crashes++;
	if (!strstr(tally->objects, object) &&
	    strlen(tally->objects) + strlen(object) + 2 < sizeof(tally->objects))
		strcat(strcat(tally->objects, " "), object);
}

/* What a plugin prints on standard output; a reset has a line there for what was not sent. */
static bool is_error(const struct torture *t, const struct torture_command *command,
		     const struct torture_fault *fault)
{
	const struct child_result *ran = &t->run.ran;

	if (ran->status < 1 || ran->status > 3)
		return false;
	/* nothing can be printed */
	if (fault && fault->all_later && !strcmp(fault->call, "write"))
		return true;
	if (command->is_check && ran->status != 3)
		return ran->status == t->good.ran.status &&
		       (strstr(ran->out, "cannot be used") || strstr(ran->out, "was not saved"));
	if (command->is_check)
		return strstr(ran->out, "UNKNOWN") || *ran->err;
	return *ran->err || (command->prepare && *ran->out);
}

/* Faults that libraries do not hide, so that the result may be another one. */
static const char *const not_hidden[] = {
	/* without its files the C library falls back to ASCII */
	LOCALE,
	/* libcurl takes an interrupted connect() for a failed one */
	"hit connect ",
	/* OpenSSL does not read a file of CAs again */
	"/bdbtop-cluster-",
	/* the standard output here; stdio drops what it cannot write.  bdbtop has no signal handler
	 * that interrupts it */
	"(deleted)",
};

static bool is_hidden(const char *fault)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(not_hidden); i++)
		if (strstr(fault, not_hidden[i]))
			return false;
	return true;
}

/* Returns what is wrong, or NULL. */
static const char *find_wrong(struct torture *t, const struct torture_command *command,
			      const struct torture_fault *fault)
{
	const struct torture_run *run = &t->run;
	bool same = run->ran.status == t->good.ran.status && !strcmp(run->ran.out, t->good.ran.out);

	if (run->puts > run->sent)
		return "a PUT without its line in the audit log";
	if (*run->crash) {
		note_crash(t);
		return is_of_bdbtop(run->crash) ? "a crash" : NULL;
	}
	t->tally.same += same;
	t->tally.errors += !same;
	if (run->ran.status > 3)
		return "an end that no error has";
	/* json-c loses a value that it cannot put into its object */
	if (*run->leak && !(strstr(run->leak, JSON_C) && strstr(run->fault, JSON_C)))
		return "memory that is not freed";
	if (!same && fault && fault->is_harmless && is_hidden(run->fault))
		return "another result";
	return same || strstr(run->fault, LOCALE) || strstr(run->ran.out, IN_ASCII) ||
			       is_error(t, command, fault)
		       ? NULL
		       : "another result, and no error";
}

static void judge(struct torture *t, const struct torture_command *command,
		  const struct torture_fault *fault)
{
	const char *what = find_wrong(t, command, fault);

	t->tally.faults += *t->run.fault != '\0';
	if (what)
		wrong(t, what);
}

static unsigned long runs_of(unsigned long calls, unsigned long otherwise)
{
	unsigned long runs = env_number("BDBTOP_RUNS", otherwise);

	return runs && runs < calls ? runs : calls;
}

static void run_good(struct torture *t, const struct torture_command *command, bool traced,
		     const char *const *faults)
{
	run_with(t, command, traced, faults, &t->good);
	t->run = t->good;
	if (t->good.ran.status > 2 || *t->good.leak || *t->good.crash || !*t->good.ran.out)
		wrong(t, "it fails without a fault");
}

static void print_tally(struct torture *t, const struct torture_command *command,
			unsigned long calls, const char *what)
{
	const struct torture_tally *tally = &t->tally;

	printf("# %s %s: %lu of %lu %s: %lu same result, %lu errors", command->words[0],
	       command->words[1] ? command->words[1] : "", tally->faults, calls, what, tally->same,
	       tally->errors);
	if (tally->crashes)
		printf(", %lu crashed in%s", tally->crashes, tally->objects);
	puts("");
	memset(&t->tally, 0, sizeof(t->tally));
}

/* --- faults ---------------------------------------------------------------------------------- */

/* In `make check`. */
#define ALLOCATION_RUNS 3
#define CALL_RUNS	1
#define FAULT_STEP	5 /* of the table of faults */

/* The number of fault i of so many: all of them, or in the middle of each part. */
static unsigned long place_of(unsigned long i, unsigned long runs, unsigned long calls)
{
	return 1 + (2 * i + 1) * calls / (2 * runs);
}

static void fail_allocations(struct torture *t, const struct torture_command *command, bool own,
			     bool all_later)
{
	char preload[4120], fail_own[20], fail_on[20], fail_at[40] = "FAIL_AT=0";
	const char *faults[] = { preload, fail_own, fail_on, fail_at, NULL };
	unsigned long i, runs;

	snprintf(preload, sizeof(preload), "LD_PRELOAD=%s", t->preload);
	snprintf(fail_own, sizeof(fail_own), "FAIL_OWN=%d", own);
	snprintf(fail_on, sizeof(fail_on), "FAIL_ON=%d", all_later);
	run_good(t, command, false, faults);
	runs = runs_of(t->good.calls, ALLOCATION_RUNS);
	for (i = 0; i < runs; i++) {
		snprintf(fail_at, sizeof(fail_at), "FAIL_AT=%lu", place_of(i, runs, t->good.calls));
		run_with(t, command, false, faults, &t->run);
		judge(t, command, NULL);
	}
	print_tally(t, command, t->good.calls,
		    all_later ? "allocations with all later ones failed" : "allocations failed");
}

void torture_allocations(struct torture *t, const struct torture_command *command,
			 enum torture_allocations which)
{
	fail_allocations(t, command, which == ALLOCATIONS_OF_BDBTOP, false);
	fail_allocations(t, command, which == ALLOCATIONS_OF_BDBTOP, true);
	assert_int_equal(t->wrong, 0);
}

static void fail_calls(struct torture *t, const struct torture_command *command,
		       const struct torture_fault *fault)
{
	char preload[4120], call[60], with[60], on[40], at[40] = "FAIL_CALL_AT=0", what[100];
	const char *faults[] = { preload, call, with, on, at, NULL };
	unsigned long i, runs;

	snprintf(preload, sizeof(preload), "FAIL_PRELOAD=%s", t->preload);
	snprintf(call, sizeof(call), "FAIL_CALL=%s", fault->call);
	snprintf(with, sizeof(with), "FAIL_CALL_WITH=%s", fault->with);
	snprintf(on, sizeof(on), "FAIL_CALL_ON=%d", fault->all_later);
	run_good(t, command, true, faults);
	runs = runs_of(t->good.calls, CALL_RUNS);
	for (i = 0; i < runs; i++) {
		snprintf(at, sizeof(at), "FAIL_CALL_AT=%lu", place_of(i, runs, t->good.calls));
		run_with(t, command, true, faults, &t->run);
		judge(t, command, fault);
	}
	snprintf(what, sizeof(what), "calls of %s with %s%s", fault->call, fault->with,
		 fault->all_later ? " from then on" : "");
	print_tally(t, command, t->good.calls, what);
}

bool torture_can_trace(void)
{
#ifdef __x86_64__
	int status = -1;
	pid_t child = fork();

	if (child == 0)
		_exit(ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0);
	return waitpid(child, &status, 0) == child && WIFEXITED(status) && !WEXITSTATUS(status);
#else
	return false;
#endif
}

void torture_calls(struct torture *t, const struct torture_command *command,
		   const struct torture_fault *faults, size_t count)
{
	size_t i, step = env_number("BDBTOP_RUNS", CALL_RUNS) == CALL_RUNS ? FAULT_STEP : 1;

	for (i = 0; i < count; i += step)
		fail_calls(t, command, &faults[i]);
	assert_int_equal(t->wrong, 0);
}
