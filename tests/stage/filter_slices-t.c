/*
 * Filters that are typed letter by letter: evaluated in slices, and only for the rows that may
 * match, the rows are at last the same as when each is evaluated whole; and while they are not
 * complete, the rows are those of the filter before.
 *
 * BDBTOP_RUNS and BDBTOP_SEED in the environment choose how many runs, and the first seed.
 */
#include "tests/env_number.h"
#include "tests/random.h"
#include "tests/stage/stage.h"
#include "tests/tap.h"

#define RUNS  40
#define STEPS 60
#define ROWS  14

struct typist {
	struct stage whole, sliced;
	uint64_t random;
	unsigned seed;
	bool fast;	/* most keys come before the last one took effect */
	size_t partial; /* turns in which a filter was not complete */
};

static unsigned below(struct typist *t, unsigned sides)
{
	return random_below(&t->random, sides);
}

/* --- both sessions ---------------------------------------------------------------------------- */

static void change_database(struct typist *t)
{
	/* a number follows the last character if that is not a letter */
	static const char *const changes[] = {
		"name=orders-",	    "name=active-",
		"state=active",	    "state=pending",
		"state=due-1",	    "backup=failed:no-permission",
		"import=idle",	    "import=importing import.percent=12",
		"backup=succeeded", "export=idle",
		"periodic=false",   "export=failed:general-error",
	};
	const char *change = changes[below(t, sizeof(changes) / sizeof(*changes))];
	char number[12] = "", line[100];

	if (strchr("-=", change[strlen(change) - 1]))
		snprintf(number, sizeof(number), "%u", below(t, 30));
	snprintf(line, sizeof(line), "bdb %u %s%s", 1 + below(t, ROWS), change, number);
	stage_script(&t->whole, "%s", line);
	stage_script(&t->sliced, "%s", line);
}

/* The rows that a filter leaves, by the records alone. */
static void check_partial(struct typist *t)
{
	const struct session_view *view = session_view(t->sliced.session);
	size_t row;

	if (session_due(t->sliced.session, t->sliced.now.ms) > t->sliced.now.ms)
		return;
	t->partial++;
	for (row = 0; row < view_rows(view->list); row++) {
		const int64_t uid = view_at(view->list, row).uid;
		const struct roster_entry *entry =
			roster_find(cluster_roster(t->sliced.cluster), uid);
		const struct filter_input input = { .bdb = entry->bdb,
						    .finding =
							    cluster_finding(t->sliced.cluster, uid),
						    .op_since = entry->op_since,
						    .is_unlisted = !roster_entry_is_listed(entry),
						    .now_s = cluster_now_s(t->sliced.cluster) };

		if (!filter_matches(&view->filter, &input))
			fail_msg("seed %u: db:%lld does not match %s", t->seed, (long long)uid,
				 view->filter.expression);
	}
}

static void type(struct typist *t, int key)
{
	stage_input(&t->whole, INPUT_KEY, key, true);
	stage_input(&t->sliced, INPUT_KEY, key, true);
	check_partial(t);
	if (t->fast ? below(t, 6) : !below(t, 6))
		return;
	stage_settle(&t->whole);
	stage_settle(&t->sliced);
}

/* The cursor may differ: a filter that was not complete before the next letter hid nothing. */
static void compare(struct typist *t)
{
	const struct session_view *whole = session_view(t->whole.session),
				  *sliced = session_view(t->sliced.session);
	size_t row, rows;

	stage_settle(&t->whole);
	stage_settle(&t->sliced);
	rows = view_rows(whole->list);
	if (strcmp(whole->filter.expression, sliced->filter.expression) != 0 ||
	    rows != view_rows(sliced->list) ||
	    view_hidden(whole->list) != view_hidden(sliced->list))
		fail_msg("seed %u: whole: %s, %zu rows; in slices: %s, %zu rows", t->seed,
			 whole->filter.expression, rows, sliced->filter.expression,
			 view_rows(sliced->list));
	for (row = 0; row < rows; row++)
		if (view_at(whole->list, row).uid != view_at(sliced->list, row).uid)
			fail_msg("seed %u: another row %zu for %s", t->seed, row,
				 whole->filter.expression);
}

/* --- what is typed ---------------------------------------------------------------------------- */

static void type_text(struct typist *t, const char *text)
{
	for (; *text; text++)
		type(t, *text);
}

static void type_something(struct typist *t)
{
	static const char *const words[] = {
		"active", "orders1",	  "due",       "problems", "no problems",   "quiet",
		"12%",	  "not",	  "scheduled", "failed",   "no-permission", "db:1",
		"!ord",	  "state:failed", "backup",    "age>1h",   "pending",	    "change",
		"import", "succeeded",	  "retrying",  "loss<2d",  "general-error", "due-1",
	};

	switch (below(t, 9)) {
	case 0:
		type(t, 0x7f);
		break;
	case 1:
		type(t, ' ');
		break;
	case 2:
		type(t, below(t, 2) ? '\r' : 0x1b);
		type(t, '/');
		break;
	case 3:
		type(t, 0x15);
		break;
	case 4:
		change_database(t);
		break;
	case 5:
		stage_advance(&t->whole, 5000);
		stage_advance(&t->sliced, 5000);
		break;
	default:
		if (below(t, 3))
			type(t, below(t, 2) ? 0x15 : ' ');
		type_text(t, words[below(t, sizeof(words) / sizeof(*words))]);
	}
}

static void open_stage(struct stage *stage)
{
	unsigned uid;

	stage_open(stage, NULL);
	for (uid = 1; uid <= ROWS; uid++)
		stage_script(stage, "bdb %u name=orders%u", uid, uid * 7 % ROWS);
	stage_advance(stage, 5000);
	stage_key(stage, '/');
}

static size_t run(unsigned seed)
{
	struct typist t = { .random = random_start(seed), .seed = seed };
	int i;

	open_stage(&t.whole);
	open_stage(&t.sliced);
	session_set_slice(t.sliced.session, 1 + seed % 5);
	for (i = 0; i < STEPS; i++) {
		t.fast = !below(&t, 3);
		type_something(&t);
		if (!t.fast)
			compare(&t);
	}
	stage_close(&t.whole);
	stage_close(&t.sliced);
	return t.partial;
}

static void a_filter_in_slices_is_the_same_as_one_evaluated_whole(void **state)
{
	unsigned long runs = env_number("BDBTOP_RUNS", RUNS), seed = env_number("BDBTOP_SEED", 1);
	size_t partial = 0;

	for (; runs--; seed++)
		partial += run((unsigned)seed);
	printf("# %zu turns with a filter that was not complete\n", partial);
	assert_true(partial > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_filter_in_slices_is_the_same_as_one_evaluated_whole),
	};

	return tap_run(tests);
}
