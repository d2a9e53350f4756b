#include "tests/torture/torture.h"

#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <time.h>

#include "bdbtop/core/array.h"
#include "tests/env_number.h"
#include "tests/real_malloc.h"

#define VARIABLES_MAX 20
#define WORDS_MAX     12

const struct torture_command torture_lists[TORTURE_LISTS] = {
	{ .words = WORDS("list", "--format=json") },
	{ .words = WORDS("list", "--format=table") },
	{ .words = WORDS("list", "--format=jsonl") },
	{ .words = WORDS("list", "--format=csv") },
	{ .words = WORDS("list", "--format=tsv") },
	{ .words = WORDS("list", "--format=prometheus") },
	{ .words = WORDS("list", "--filter=tag:env=prod") },
};
const struct torture_command torture_check = { .words = WORDS("check"), .is_check = true };
const struct torture_command torture_password = {
	.words = WORDS("check", "--password-command=printenv TORTURE_PASSWORD"),
	.is_check = true,
};
const struct torture_command torture_reset = {
	.words = WORDS("reset", "backup", "12", "--yes", "--timeout=2"),
	.prepare = "set 12 backup_status=\"failed\"",
};
const struct torture_command torture_history = { .words = WORDS("history"), .keeps_state = true };

const struct torture_fault torture_faults[TORTURE_FAULTS] = {
	{ "write", "ENOSPC", false, false },  { "write", "ENOSPC", true, false },
	{ "write", "EIO", false, false },     { "write", "EINTR", false, true },
	{ "write", "short", false, true },    { "write", "short", true, true },
	{ "open", "EMFILE", false, false },   { "open", "EMFILE", true, false },
	{ "open", "EIO", false, false },      { "open", "EINTR", false, false },
	{ "open", "ENOSPC", false, false },   { "fsync", "EIO", false, false },
	{ "fsync", "ENOSPC", true, false },   { "fsync", "EINTR", false, true },
	{ "rename", "EIO", false, false },    { "rename", "ENOSPC", false, false },
	{ "socket", "EMFILE", false, false }, { "socket", "EMFILE", true, false },
	{ "poll", "EINTR", false, true },     { "poll", "zero", false, true },
	{ "poll", "ENOMEM", true, false },    { "read", "EIO", false, false },
	{ "read", "EINTR", false, true },     { "read", "short", false, true },
	{ "read", "short", true, true },      { "send", "EIO", false, false },
	{ "send", "EINTR", false, true },     { "send", "short", false, true },
	{ "receive", "EIO", false, false },   { "receive", "EINTR", false, true },
	{ "receive", "short", false, true },  { "receive", "short", true, true },
	{ "file", "EIO", false, false },      { "file", "EACCES", false, false },
	{ "file", "EIO", true, false },	      { "process", "EAGAIN", true, false },
};

/* --- set-up ---------------------------------------------------------------------------------- */

static void set_variable(struct torture *t, int i, const char *name, const char *value)
{
	assert_true(snprintf(t->variables[i], sizeof(t->variables[i]), "%s=%s", name, value) <
		    (int)sizeof(t->variables[i]));
}

static void set_variables(struct torture *t)
{
	char now[24];

	snprintf(now, sizeof(now), "%lld", (long long)time(NULL));
	set_variable(t, 0, "REDIS_ENTERPRISE_URL", t->sim.at.url);
	set_variable(t, 1, "REDIS_ENTERPRISE_USER", t->sim.at.user);
	set_variable(t, 2, "REDIS_ENTERPRISE_PASSWORD", t->sim.at.password);
	set_variable(t, 3, "REDIS_ENTERPRISE_CA_CERT", t->sim.cacert);
	set_variable(t, 4, "XDG_STATE_HOME", t->dir.state);
	set_variable(t, 5, "FAIL_NOW", now);
	set_variable(t, 6, "FAIL_REPORT", t->report);
	set_variable(t, 7, "FAIL_LEAKS", "1");
	set_variable(t, 8, "FAIL_WITHIN", "15");
	set_variable(t, 9, "TORTURE_PASSWORD", t->sim.at.password);
}

int torture_enter(void **state)
{
	struct torture *t = calloc(1, sizeof(*t));
	const char *build = getenv("BUILDDIR");
	char path[4096], scenario[5000];
	const char *const options[] = { "--clock=stdin", scenario, NULL };

	*state = t;
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	assert_int_equal(temp_dir_init(&t->dir, "actions.jsonl"), 0);
	snprintf(t->report, sizeof(t->report), "%s/report", t->dir.top);
	source_path(path, "tests/torture/cluster.json");
	snprintf(scenario, sizeof(scenario), "--scenario=%s", path);
	simulated_open(&t->sim, options);
	set_variables(t);
	snprintf(t->preload, sizeof(t->preload), "%s/tests/torture/preload.so",
		 build ? build : ".");
	return 0;
}

int torture_leave(void **state)
{
	struct torture *t = *state;

	simulated_close(&t->sim);
	temp_dir_release(t->dir.top);
	free(t);
	return 0;
}

static bool can_trace(void)
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

bool torture_can_run(bool traces)
{
	const char *why = NULL;

	if (!REAL_MALLOC)
		why = "a sanitizer has malloc(), or there is no __libc_malloc()";
	else if (traces && !can_trace())
		why = "a process cannot trace another";
	if (why)
		printf("1..0 # SKIP %s\n", why);
	return !why;
}

/* --- one run --------------------------------------------------------------------------------- */

static void append(char *text, size_t size, const char *line)
{
	size_t length = strlen(text);

	snprintf(text + length, size - length, "%.300s", line);
}

static void read_line(struct torture_run *run, const char *line)
{
	if (sscanf(line, "crash %99s", run->crash) == 1 ||
	    sscanf(line, "for %59s", run->caller) == 1)
		return;
	if (!strncmp(line, "at ", 3))
		append(run->stack, sizeof(run->stack), line);
	else if (!strncmp(line, "failed ", 7) || !strncmp(line, "hit ", 4))
		append(run->fault, sizeof(run->fault), line);
	else if (!strncmp(line, "leak ", 5) && !*run->leak)
		append(run->leak, sizeof(run->leak), line);
	else if (sscanf(line, "calls %lu", &run->calls) != 1)
		sscanf(line, "traced %lu", &run->calls);
}

/* The simulated cluster is a child of ours, and so is what bdbtop left. */
static size_t count_orphans(void)
{
	FILE *file = fopen("/proc/thread-self/children", "re");
	size_t count = 0;
	int pid;

	while (file && fscanf(file, "%d", &pid) == 1)
		count++;
	if (file)
		fclose(file);
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	return count > 1 ? count - 1 : 0;
}

void torture_read_report(const struct torture *t, struct torture_run *run)
{
	char line[500];
	FILE *file = fopen(t->report, "re");

	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		read_line(run, line);
	fclose(file);
	run->children = count_orphans();
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

size_t torture_count_sent(const char *audit_log)
{
	char *log = access(audit_log, F_OK) < 0 ? NULL : temp_dir_read(audit_log), *at;
	size_t count = 0;

	for (at = log; at && (at = strstr(at, "{\"event\":\"sent\"")); at++)
		count++;
	free(log);
	return count;
}

/* Prepares cluster and state directory, runs the program, collects what came of it. */
static void run_with(struct torture *t, const struct torture_command *command, bool traced,
		     const char *const *faults, struct torture_run *run)
{
	const char *variables[VARIABLES_MAX], *words[WORDS_MAX] = { "bdbtop" };
	struct child child;
	size_t i, count = 0;

	memset(run, 0, sizeof(*run));
	if (!command->keeps_state)
		temp_dir_release(t->dir.state);
	temp_dir_write(t->report, "");
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
	torture_read_report(t, run);
	mask_figures(run->ran.out);
	squeeze(run->ran.out);
	run->puts = simulated_log(&t->sim, "PUT");
	run->sent = torture_count_sent(t->dir.path);
}

/* --- faults ---------------------------------------------------------------------------------- */

/* In `make check`. */
#define ALLOCATION_RUNS 3
#define CALL_RUNS	1
#define FAULT_STEP	5 /* of the table of faults */

unsigned long torture_runs_of(unsigned long calls, unsigned long otherwise)
{
	unsigned long runs = env_number("BDBTOP_RUNS", otherwise);

	return runs && runs < calls ? runs : calls;
}

unsigned long torture_place_of(unsigned long i, unsigned long runs, unsigned long calls)
{
	return 1 + (2 * i + 1) * calls / (2 * runs);
}

bool torture_has(unsigned long i)
{
	const char *text = getenv("BDBTOP_PART");
	unsigned long part = 1, parts = 1;

	if (text && (sscanf(text, "%lu/%lu", &part, &parts) != 2 || !part || part > parts))
		fail_msg("BDBTOP_PART=%s: give it as in 2/16", text);
	return i % parts == part - 1;
}

static void run_good(struct torture *t, const struct torture_command *command, bool traced,
		     const char *const *faults)
{
	if (command->keeps_state)
		run_with(t, &torture_reset, false, NOTHING, &t->good);
	run_with(t, command, traced, faults, &t->good);
	t->run = t->good;
	if (t->good.ran.status > 2 || *t->good.leak || *t->good.crash || !*t->good.ran.out)
		torture_wrong(t, "it fails without a fault");
}

/* The last of the variables is that of the place. */
struct fault_series {
	const struct torture_command *command;
	const struct torture_fault *fault; /* NULL: allocations */
	const char *variables[6], *place;
	unsigned long otherwise; /* the number of runs in `make check` */
};

static void run_series(struct torture *t, const struct fault_series *series, const char *what)
{
	const struct torture_command *command = series->command;
	const char *variables[ARRAY_SIZE(series->variables) + 1] = { NULL };
	char at[40], name[80];
	unsigned long i, runs;
	size_t last = 0;

	for (; series->variables[last]; last++)
		variables[last] = series->variables[last];
	variables[last] = at;
	snprintf(at, sizeof(at), "%s=0", series->place);
	run_good(t, command, series->fault != NULL, variables);
	runs = torture_runs_of(t->good.calls, series->otherwise);
	for (i = 0; i < runs; i++) {
		if (!torture_has(i))
			continue;
		snprintf(at, sizeof(at), "%s=%lu", series->place,
			 torture_place_of(i, runs, t->good.calls));
		run_with(t, command, series->fault != NULL, variables, &t->run);
		torture_judge(t, command, series->fault);
	}
	snprintf(name, sizeof(name), "%s %s", command->words[0],
		 command->words[1] ? command->words[1] : "");
	torture_print_tally(t, name, t->good.calls, what);
}

void torture_name(char out[100], const struct torture_fault *fault, bool own, bool all_later)
{
	if (fault)
		snprintf(out, 100, "calls of %s with %s", fault->call, fault->with);
	else
		snprintf(out, 100, "allocations of %s", own ? "bdbtop" : "all code");
	if (all_later)
		strcat(out, " from then on");
}

static void fail_allocations(struct torture *t, const struct torture_command *command, bool own,
			     bool all_later)
{
	char preload[4120], fail_own[20], fail_on[20], what[100];
	const struct fault_series series = { .command = command,
					     .variables = { preload, fail_own, fail_on },
					     .place = "FAIL_AT",
					     .otherwise = ALLOCATION_RUNS };

	snprintf(preload, sizeof(preload), "LD_PRELOAD=%s", t->preload);
	snprintf(fail_own, sizeof(fail_own), "FAIL_OWN=%d", own);
	snprintf(fail_on, sizeof(fail_on), "FAIL_ON=%d", all_later);
	torture_name(what, NULL, own, all_later);
	t->all_later = all_later && !own;
	run_series(t, &series, what);
	if (!t->good.calls)
		fail_msg("no allocation was counted: is %s built?", t->preload);
}

void torture_allocations(struct torture *t, const struct torture_command *commands, size_t count,
			 enum torture_allocations which)
{
	size_t i;

	for (i = 0; i < 2 * count; i++)
		fail_allocations(t, &commands[i / 2], which == ALLOCATIONS_OF_BDBTOP, i % 2);
	assert_int_equal(t->wrong, 0);
}

static void fail_calls(struct torture *t, const struct torture_command *command,
		       const struct torture_fault *fault)
{
	char preload[4120], call[60], with[60], on[40], what[100];
	const struct fault_series series = { .command = command,
					     .fault = fault,
					     .variables = { preload, call, with, on },
					     .place = "FAIL_CALL_AT",
					     .otherwise = CALL_RUNS };

	snprintf(preload, sizeof(preload), "FAIL_PRELOAD=%s", t->preload);
	snprintf(call, sizeof(call), "FAIL_CALL=%s", fault->call);
	snprintf(with, sizeof(with), "FAIL_CALL_WITH=%s", fault->with);
	snprintf(on, sizeof(on), "FAIL_CALL_ON=%d", fault->all_later);
	torture_name(what, fault, false, fault->all_later);
	run_series(t, &series, what);
}

void torture_calls(struct torture *t, const struct torture_command *commands, size_t count)
{
	/* other faults for each command */
	size_t sample =
		env_number("BDBTOP_RUNS", CALL_RUNS) == CALL_RUNS ? FAULT_STEP * count - 1 : 1;
	size_t i;

	for (i = 0; i < count * TORTURE_FAULTS; i += sample)
		fail_calls(t, &commands[i / TORTURE_FAULTS], &torture_faults[i % TORTURE_FAULTS]);
	assert_int_equal(t->wrong, 0);
}
