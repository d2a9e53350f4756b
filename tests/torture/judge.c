#include "bdbtop/core/array.h"
#include "tests/torture/torture.h"

#define WRONG_PRINTED 20
#define IN_ASCII      "caf<U+00E9>" /* setlocale() has failed */
#define JSON_C	      " libjson-c."
#define LOCALE	      "/usr/lib/locale"

/* Prints the run and goes on, because the next one is worth as much. */
void torture_wrong(struct torture *t, const char *what)
{
	const struct torture_run *run = &t->run;

	t->wrong++;
	if (t->wrong > WRONG_PRINTED)
		return;
	fprintf(stderr, "# %s: %s# exit %d, %zu PUT, %zu sent\n%s%s%s%s\n%s", what,
		*run->fault ? run->fault : "nothing failed\n", run->ran.status, run->puts,
		run->sent, run->ran.out, run->ran.err, run->leak, run->crash, run->stack);
}

/* --- crashes --------------------------------------------------------------------------------- */

/* libssl and libcrypto are one library here. */
static bool is_same_library(const char *a, const char *b)
{
	static const char *const openssl[] = { "libssl.", "libcrypto." };
	size_t i, found[2] = { 0 };

	for (i = 0; i < ARRAY_SIZE(openssl); i++) {
		found[0] += !strncmp(a, openssl[i], strlen(openssl[i]));
		found[1] += !strncmp(b, openssl[i], strlen(openssl[i]));
	}
	return (found[0] && found[1]) || !strncmp(a, b, strcspn(a, ".") + 1);
}

/*
 * A library may crash when its own allocation failed, or, when all fail from then on, a later one
 * of its own.  In the call of bdbtop in which that was, bdbtop cannot have passed it anything
 * wrong: there, the C library may, too.
 */
static bool is_of_library(struct torture *t)
{
	struct torture_run *run = &t->run;
	char object[100];

	if (sscanf(run->fault, "failed %99[^+]", object) != 1)
		return false;
	if (*run->caller && strstr(run->stack, run->caller)) {
		if (strstr(run->crash, "bdbtop"))
			strcpy(run->crash, "libc");
		return true;
	}
	return !strstr(run->crash, "bdbtop") &&
	       (t->all_later || is_same_library(run->crash, object));
}

static void note_crash(struct torture *t)
{
	size_t i;

	t->tally.crashes++;
	for (i = 0; i < t->site_count && strcmp(t->sites[i].stack, t->run.stack) != 0; i++)
		;
	if (i == CRASH_SITES)
		i--;
	if (!t->sites[i].count++) {
		strcpy(t->sites[i].crash, t->run.crash);
		strcpy(t->sites[i].stack, t->run.stack);
		strcpy(t->sites[i].fault, t->run.fault);
		t->site_count = i + 1;
	}
}

const char *torture_find_broken(struct torture *t)
{
	const struct torture_run *run = &t->run;

	if (strstr(run->ran.out, t->sim.at.password) || strstr(run->ran.err, t->sim.at.password))
		return "a password that is printed";
	if (run->puts > run->sent)
		return "a PUT without its line in the audit log";
	if (*run->crash) {
		bool accepted = is_of_library(t);

		note_crash(t);
		return accepted ? NULL : "a crash";
	}
	if (run->children)
		return "a child process that goes on";
	/* json-c loses a value that it cannot put into its object */
	if (*run->leak && !(strstr(run->leak, JSON_C) && strstr(run->fault, JSON_C)))
		return "memory that is not freed, or a file that is not closed";
	return NULL;
}

/* --- results --------------------------------------------------------------------------------- */

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
	const char *broken = torture_find_broken(t);

	if (broken || *run->crash)
		return broken;
	t->tally.same += same;
	t->tally.errors += !same;
	if (run->ran.status > 3)
		return "an end that no error has";
	if (!same && fault && fault->is_harmless && is_hidden(run->fault))
		return "another result";
	return same || strstr(run->fault, LOCALE) || strstr(run->ran.out, IN_ASCII) ||
			       is_error(t, command, fault)
		       ? NULL
		       : "another result, and no error";
}

void torture_judge(struct torture *t, const struct torture_command *command,
		   const struct torture_fault *fault)
{
	const char *what = find_wrong(t, command, fault);

	t->tally.faults += *t->run.fault != '\0';
	if (what)
		torture_wrong(t, what);
}

/* --- the sums -------------------------------------------------------------------------------- */

/* `# crashed N times in OBJECT`, then one of the allocations that failed, and the frames. */
static void print_crashes(struct torture *t)
{
	size_t i;

	for (i = 0; i < t->site_count; i++) {
		char *frames = t->sites[i].stack, *line;

		printf("# crashed %lu times in %s, without its own memory: %s", t->sites[i].count,
		       t->sites[i].crash, t->sites[i].fault);
		for (; (line = strsep(&frames, "\n")) && *line;)
			printf("#     %s\n", line);
	}
	t->site_count = 0;
	memset(t->sites, 0, sizeof(t->sites));
}

void torture_print_tally(struct torture *t, const char *name, unsigned long calls, const char *what)
{
	const struct torture_tally *tally = &t->tally;

	printf("# %s: %lu of %lu %s: %lu same result, %lu errors, %lu crashes of libraries\n", name,
	       tally->faults, calls, what, tally->same, tally->errors, tally->crashes);
	print_crashes(t);
	memset(&t->tally, 0, sizeof(t->tally));
}
