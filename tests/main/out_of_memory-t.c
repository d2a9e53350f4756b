/*
 * `bdbtop list` when an allocation after the TLS handshake fails, alone or with all later ones: it
 * prints the same list and exits with 0, or prints an error and exits with 3, and code of bdbtop
 * does not crash.
 *
 * BDBTOP_RUNS: how many of the allocations to test, spread evenly.
 */
#include "tests/main/listing.h"
#include "tests/real_malloc.h"
#include "tests/tap.h"

#define RUNS  60
#define BATCH 15 /* runs per server, which has a limit of connections */

#define MORE 80

/* Every state of an operation, strings longer than the first buffer of json-c, nested members, a
 * repeated uid, and an element that is not a database. */
static const char databases[] =
	"[{\"uid\":1,\"name\":\"a-name-that-is-longer-than-thirty-two-bytes\",\"status\":"
	"\"active\",\"crdt\":false,\"internal\":false,\"created_time\":\"2024-11-21T16:02:11Z\","
	"\"backup\":false,\"backup_status\":\"failed\",\"backup_failure_reason\":\"no-permission\","
	"\"backup_progress\":0,\"last_backup_time\":\"2026-11-18T16:02:11Z\",\"tags\":[{\"key\":"
	"\"env\",\"value\":\"prod\"}]},"
	"{\"uid\":3,\"name\":\"sessions\",\"status\":\"active\",\"import_status\":\"importing\","
	"\"import_progress\":42.5,\"export_status\":\"failed\",\"export_failure_reason\":"
	"\"a reason that no release of the vendor has ever had before\"},"
	"{\"uid\":2,\"name\":\"caf\xc3\xa9\",\"status\":\"active-change-pending\","
	"\"backup_status\":null,\"export_status\":\"succeeded\"},"
	"{\"uid\":3,\"name\":\"again\"},{\"name\":\"nameless\"},"
	"{\"uid\":7,\"name\":\"seven\",\"backup_status\":\"pondering\"}";

static struct listing *open_listing(const char *filter)
{
	char body[sizeof(databases) + MORE * 80], *end = stpcpy(body, databases);
	struct listing *l;
	int i;

	for (i = 0; i < MORE; i++)
		end += sprintf(end, ",{\"uid\":%d,\"name\":\"db-%d\",\"export_status\":\"failed\"}",
			       100 + i, i);
	strcpy(end, "]");
	l = listing_new(body, strlen(body), true);
	l->filter = filter;
	return l;
}

/* How the runs ended. */
struct tally {
	unsigned same, refused, crashed;
	char objects[400]; /* libraries that crashed */
};

static void judge(const struct outcome *good, const struct outcome *out, unsigned long at,
		  struct tally *tally)
{
	const struct child_result *ran = &out->ran;

	/* else the run did not reach the allocation */
	assert_true(*out->crash || out->calls >= at);
	if (*out->crash) {
		if (strstr(out->crash, "bdbtop") || !strcmp(out->crash, "?"))
			fail_msg("allocation %lu: crash in %s\n%s", at, out->crash, ran->err);
		tally->crashed++;
		if (!strstr(tally->objects, out->crash) &&
		    strlen(tally->objects) + strlen(out->crash) + 2 < sizeof(tally->objects))
			strcat(strcat(tally->objects, " "), out->crash);
	} else if (!ran->status) {
		if (strcmp(ran->out, good->ran.out) != 0 || strcmp(ran->err, good->ran.err) != 0)
			fail_msg("allocation %lu: another list, and exit 0\n%s%s", at, ran->out,
				 ran->err);
		tally->same++;
	} else {
		if (ran->status != 3 || !strstr(ran->err, "memory"))
			fail_msg("allocation %lu: exit %d\n%s%s", at, ran->status, ran->out,
				 ran->err);
		tally->refused++;
	}
}

/* A run without a failure. */
static void run_good(const struct listing *l, struct outcome *good)
{
	listing_run(l, 0, false, good);
	assert_int_equal(good->ran.status, 0);
	assert_non_null(strstr(good->ran.out, "a-name-that-is-longer-than-thirty-two-bytes"));
	assert_non_null(strstr(good->ran.err, "2 elements of the list are not databases"));
	assert_in_range(good->calls, 100, 100000);
}

static unsigned long runs_of(unsigned long calls)
{
	const char *text = getenv("BDBTOP_RUNS");
	unsigned long runs = text && *text ? strtoul(text, NULL, 10) : RUNS;

	return runs < calls ? runs : calls;
}

static void fail_each(const char *filter, bool all_later)
{
	struct outcome *good = malloc(sizeof(*good)), *out = malloc(sizeof(*out));
	struct tally tally = { .objects = "" };
	unsigned long i, at, calls = 0, runs = 1;
	struct listing *l = NULL;

	for (i = 0; i < runs; i++) {
		if (i % BATCH == 0) {
			if (l)
				listing_free(l);
			l = open_listing(filter);
			run_good(l, good);
			calls = calls ? calls : good->calls;
			runs = runs_of(calls);
		}
		at = 1 + i * calls / runs;
		listing_run(l, at, all_later, out);
		judge(good, out, at, &tally);
	}
	listing_free(l);
	printf("# %lu of %lu allocations failed%s: %u same list, %u refused, %u crashed in%s\n",
	       runs, calls, all_later ? ", and all later ones" : "", tally.same, tally.refused,
	       tally.crashed, *tally.objects ? tally.objects : " no library");
	/* else no allocation failed */
	assert_true(tally.refused > 0);
	free(good);
	free(out);
}

static void one_failed_allocation_changes_nothing_or_is_reported(void **state)
{
	(void)state;
	fail_each("--filter=", false);
}

static void memory_that_is_out_for_good_is_reported(void **state)
{
	(void)state;
	fail_each("--filter=", true);
}

/* The rows depend on a second reply, with modules and tags. */
static void a_filter_by_tag_leaves_out_no_row_for_want_of_memory(void **state)
{
	(void)state;
	fail_each("--filter=tag:env=prod", false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_failed_allocation_changes_nothing_or_is_reported),
		cmocka_unit_test(memory_that_is_out_for_good_is_reported),
		cmocka_unit_test(a_filter_by_tag_leaves_out_no_row_for_want_of_memory),
	};

	if (!REAL_MALLOC) {
		puts("1..0 # SKIP a sanitizer has malloc(), or there is no __libc_malloc()");
		return 0;
	}
	return tap_run(tests);
}
