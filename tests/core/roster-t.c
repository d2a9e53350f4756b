#include "bdbtop/core/roster.h"

#include "tests/alloc.h"
#include "tests/core/roster_changes.h"
#include "tests/core/sample.h"
#include "tests/core/shared_records.h"
#include "tests/tap.h"

#define WALL_MS INT64_C(1795292045000)
#define MANY	RECORDS_MAX

struct roster_bench {
	struct roster *roster;
	struct roster_changes changes; /* by the last roster_apply() */
	unsigned replaced;	       /* how often it called back */
	bool applied;		       /* it succeeded */
	struct shared_records shared;  /* with the list before */
};

static void on_replaced(void *arg, const struct bdb *before)
{
	struct roster_bench *bench = arg;
	const struct roster_entry *entry = roster_find(bench->roster, before->uid);

	assert_false(bdb_is_same(before, entry->bdb));
	bench->replaced++;
}

static int setup(void **state)
{
	struct roster_bench *bench = calloc(1, sizeof(*bench));

	bench->roster = roster_new();
	*state = bench;
	return bench->roster ? 0 : -1;
}

static int setup_shared(void **state)
{
	int rc = setup(state);

	((struct roster_bench *)*state)->shared.on = true;
	return rc;
}

static int teardown(void **state)
{
	struct roster_bench *bench = *state;

	alloc_limit(-1);
	roster_free(bench->roster);
	bdb_set_release(&bench->shared.last);
	free(bench);
	return 0;
}

static const char *apply(struct roster_bench *bench, struct observation observation)
{
	struct moment now = { .ms = observation.received_ms + 5,
			      .wall_ms = WALL_MS + observation.received_ms + 5 };

	shared_records_begin(&bench->shared, &observation);
	bench->replaced = 0;
	changes_begin(&bench->changes, bench->roster);
	bench->applied = !roster_apply(bench->roster, &observation, now, on_replaced, bench);
	changes_end(&bench->changes, bench->roster);
	shared_records_end(&bench->shared, bench->applied);
	assert_int_equal(bench->replaced, bench->changes.replaced);
	return bench->changes.text;
}

/* Requested then, received 40 ms later. */
#define REQUESTED(ms) .requested_ms = (ms), .received_ms = (ms) + 40

/* Applies a list requested at at_ms; bdbs ends with NULL. */
static const char *list(struct roster_bench *bench, int64_t at_ms, const struct bdb *const *bdbs)
{
	struct observation observation = { .kind = OBS_LIST, REQUESTED(at_ms), .bdbs = bdbs };

	while (bdbs[observation.count])
		observation.count++;
	return apply(bench, observation);
}

#define LIST(bench, at_ms, ...)                                                                    \
	list(bench, at_ms, (const struct bdb *const[]){ __VA_ARGS__, NULL })
#define EMPTY(bench, requested_ms) list(bench, requested_ms, (const struct bdb *const[]){ NULL })

static const char *unreadable_list(struct roster_bench *bench, int64_t at_ms)
{
	struct observation observation = { .kind = OBS_LIST, REQUESTED(at_ms), .unreadable = 1 };

	return apply(bench, observation);
}

static const char *one(struct roster_bench *bench, int64_t requested_ms, const struct bdb *bdb)
{
	const struct bdb *const bdbs[] = { bdb };
	struct observation observation = {
		.kind = OBS_ONE, REQUESTED(requested_ms), .bdbs = bdbs, .count = 1, .uid = bdb->uid
	};

	return apply(bench, observation);
}

static const char *gone(struct roster_bench *bench, int64_t requested_ms, int64_t uid)
{
	struct observation observation = { .kind = OBS_GONE, REQUESTED(requested_ms), .uid = uid };

	return apply(bench, observation);
}

static bool listed(const struct roster_bench *bench, int64_t uid)
{
	const struct roster_entry *entry = roster_find(bench->roster, uid);

	assert_non_null(entry);
	return roster_entry_is_listed(entry);
}

static const struct op_since *op_since_of(const struct roster_bench *bench, enum op_kind kind)
{
	return &roster_find(bench->roster, 1)->op_since[kind];
}

static void keeps_records_by_uid_whatever_the_order_of_the_list(void **state)
{
	struct roster_bench *bench = *state;
	struct bdb a = sample(1, "one"), b = sample(20, "twenty"), c = sample(300, "three hundred");

	assert_string_equal(LIST(bench, 1000, &c, &a, &b), "N1 N20 N300");
	assert_int_equal(roster_count(bench->roster), 3);
	assert_string_equal(roster_at(bench->roster, 0)->bdb->name, "one");
	assert_string_equal(roster_at(bench->roster, 1)->bdb->name, "twenty");
	assert_string_equal(roster_at(bench->roster, 2)->bdb->name, "three hundred");
	assert_ptr_equal(roster_find(bench->roster, 20), roster_at(bench->roster, 1));
	assert_null(roster_find(bench->roster, 2));
	assert_null(roster_find(bench->roster, 301));
	assert_int_equal(roster_find(bench->roster, 1)->read->requested_ms, 1000);
	assert_int_equal(roster_find(bench->roster, 1)->read->received_ms, 1040);
}

static void notifies_only_of_differences(void **state)
{
	struct roster_bench *bench = *state;
	struct bdb a = sample(1, "one"), b = sample(2, "two"), c = sample(3, "three");

	LIST(bench, 1000, &a, &b);
	assert_string_equal(LIST(bench, 2000, &b, &a), "");
	sample_status(&b, OP_EXPORT, "failed", "no-permission");
	assert_string_equal(LIST(bench, 3000, &a, &b, &c), "C2 N3");
	assert_string_equal(roster_find(bench->roster, 2)->bdb->op[OP_EXPORT].reason,
			    "no-permission");
	assert_string_equal(one(bench, 4000, &b), "");
	assert_int_equal(roster_find(bench->roster, 2)->read->requested_ms, 4000);
}

static void of_an_uid_that_comes_twice_the_first_stays(void **state)
{
	struct roster_bench *bench = *state;
	struct bdb a = sample(7, "first"), b = sample(7, "second"), c = sample(3, "three");

	assert_string_equal(LIST(bench, 1000, &a, &b, &c), "N3 N7");
	assert_int_equal(roster_count(bench->roster), 2);
	assert_string_equal(roster_find(bench->roster, 7)->bdb->name, "first");
	assert_string_equal(LIST(bench, 2000, &a, &b, &c), "");
	assert_string_equal(roster_find(bench->roster, 7)->bdb->name, "first");
}

static void an_old_list_never_undoes_a_fresh_read(void **state)
{
	struct roster_bench *bench = *state;
	struct bdb was = sample(1, "one"), is = sample(1, "one"), other = sample(2, "two");

	sample_status(&was, OP_BACKUP, "failed", "no-permission");
	LIST(bench, 1000, &was, &other);
	assert_string_equal(one(bench, 3000, &is), "C1");
	sample_status(&other, OP_IMPORT, "importing", "");
	assert_string_equal(LIST(bench, 2000, &was, &other), "C2");
	assert_int_equal(roster_find(bench->roster, 1)->bdb->op[OP_BACKUP].phase, OP_IDLE);
	assert_string_equal(LIST(bench, 3000, &was, &other), "");
	assert_string_equal(LIST(bench, 3001, &was, &other), "C1");
}

static void an_old_list_neither_takes_away_nor_brings_back(void **state)
{
	struct roster_bench *bench = *state;
	struct bdb a = sample(1, "one"), b = sample(2, "two"), c = sample(3, "three");

	LIST(bench, 1000, &a, &b);
	one(bench, 5000, &a);
	assert_string_equal(LIST(bench, 4000, &b), "");
	assert_true(listed(bench, 1));
	assert_string_equal(LIST(bench, 6000, &a), "A2");
	assert_string_equal(LIST(bench, 5500, &a, &b, &c), "");
	assert_false(listed(bench, 2));
	assert_null(roster_find(bench->roster, 3));
	assert_string_equal(one(bench, 5800, &b), "");
	assert_string_equal(one(bench, 5900, &c), "");
	assert_null(roster_find(bench->roster, 3));
	assert_string_equal(one(bench, 6100, &c), "N3");
	assert_string_equal(one(bench, 6100, &b), "B2");
	assert_true(listed(bench, 2));
}

static bool is_uid(void *arg, int64_t uid)
{
	return uid == *(int64_t *)arg;
}

static void an_absent_one_stays_for_a_minute_and_two_lists(void **state)
{
	struct roster_bench *bench = *state;
	int64_t kept = 1;
	struct bdb a = sample(1, "one"), b = sample(2, "two");

	LIST(bench, 1000, &a, &b);
	assert_string_equal(LIST(bench, 10000, &b), "A1");
	assert_int_equal(roster_find(bench->roster, 1)->absent_since_ms, 10040);
	assert_string_equal(LIST(bench, 20000, &b), "");
	assert_int_equal(roster_find(bench->roster, 1)->absences, 2);
	assert_string_equal(LIST(bench, 69990, &b), "");
	assert_string_equal(roster_find(bench->roster, 1)->bdb->name, "one");
	assert_int_equal(roster_count(bench->roster), 2);
	roster_set_retain(bench->roster, is_uid, &kept);
	assert_string_equal(LIST(bench, 70000, &b), "");
	kept = 2;
	assert_string_equal(LIST(bench, 70001, &b), "R1");
	assert_int_equal(roster_count(bench->roster), 1);
	assert_null(roster_find(bench->roster, 1));
	assert_string_equal(LIST(bench, 71000, &a, &b), "N1");
}

static void one_list_never_counts_twice(void **state)
{
	struct roster_bench *bench = *state;
	struct bdb a = sample(1, "one");

	LIST(bench, 1000, &a);
	assert_string_equal(EMPTY(bench, 900000), "A1");
	assert_string_equal(EMPTY(bench, 905000), "");
	assert_string_equal(EMPTY(bench, 961000), "R1");
	assert_int_equal(roster_count(bench->roster), 0);
}

static void many_can_go_at_once(void **state)
{
	struct roster_bench *bench = *state;
	struct bdb bdb[6];
	int i;

	for (i = 0; i < 6; i++)
		bdb[i] = sample(i + 1, "x");
	LIST(bench, 1000, &bdb[0], &bdb[1], &bdb[2], &bdb[3], &bdb[4], &bdb[5]);
	assert_string_equal(LIST(bench, 2000, &bdb[1], &bdb[4]), "A1 A3 A4 A6");
	assert_string_equal(LIST(bench, 90000, &bdb[1], &bdb[4]), "R1 R3 R4 R6");
	assert_int_equal(roster_count(bench->roster), 2);
	assert_int_equal(roster_at(bench->roster, 0)->bdb->uid, 2);
	assert_int_equal(roster_at(bench->roster, 1)->bdb->uid, 5);
}

static void one_that_returns_counts_its_absences_anew(void **state)
{
	struct roster_bench *bench = *state;
	struct bdb a = sample(1, "one");

	LIST(bench, 1000, &a);
	EMPTY(bench, 2000);
	sample_status(&a, OP_BACKUP, "failed", "");
	assert_string_equal(LIST(bench, 3000, &a), "B1");
	assert_int_equal(roster_find(bench->roster, 1)->bdb->op[OP_BACKUP].phase, OP_FAILED);
	assert_string_equal(EMPTY(bench, 80000), "A1");
	assert_string_equal(EMPTY(bench, 90000), "");
	assert_int_equal(roster_count(bench->roster), 1);
}

static void unreadable_elements_prove_no_absence(void **state)
{
	struct roster_bench *bench = *state;
	struct bdb a = sample(1, "one");

	LIST(bench, 1000, &a);
	assert_string_equal(unreadable_list(bench, 2000), "");
	assert_true(listed(bench, 1));
	assert_string_equal(EMPTY(bench, 3000), "A1");
	assert_string_equal(unreadable_list(bench, 90000), "");
	assert_int_equal(roster_find(bench->roster, 1)->absences, 1);
	assert_int_equal(roster_count(bench->roster), 1);
}

static void a_failed_read_changes_nothing(void **state)
{
	struct roster_bench *bench = *state;
	struct bdb a = sample(1, "one");
	struct observation bad = {
		.kind = OBS_BAD, .requested_ms = 5000, .received_ms = 5010, .uid = 1
	};

	LIST(bench, 1000, &a);
	assert_string_equal(apply(bench, bad), "");
	assert_int_equal(roster_find(bench->roster, 1)->read->requested_ms, 1000);
	assert_true(listed(bench, 1));
}

static void a_404_marks_and_only_a_later_list_brings_back(void **state)
{
	struct roster_bench *bench = *state;
	struct bdb a = sample(1, "one");

	assert_string_equal(gone(bench, 500, 1), "");
	LIST(bench, 1000, &a);
	assert_string_equal(gone(bench, 900, 1), "");
	assert_string_equal(gone(bench, 3000, 1), "A1");
	assert_true(roster_find(bench->roster, 1)->gone);
	assert_false(listed(bench, 1));
	assert_string_equal(gone(bench, 3500, 1), "");
	assert_string_equal(LIST(bench, 3400, &a), "");
	assert_false(listed(bench, 1));
	assert_string_equal(LIST(bench, 4000, &a), "B1");
	assert_false(roster_find(bench->roster, 1)->gone);
}

static void a_404_alone_removes_nothing_and_lists_after_it_do(void **state)
{
	struct roster_bench *bench = *state;
	struct bdb a = sample(1, "one");

	LIST(bench, 1000, &a);
	gone(bench, 2000, 1);
	assert_string_equal(EMPTY(bench, 70000), "");
	assert_string_equal(EMPTY(bench, 100000), "");
	assert_string_equal(EMPTY(bench, 130000), "R1");
}

static void since_is_before_start_at_first_and_observed_after_a_change(void **state)
{
	struct roster_bench *bench = *state;
	struct bdb a = sample(1, "one");

	sample_status(&a, OP_BACKUP, "failed", "no-permission");
	LIST(bench, 1000, &a);
	assert_int_equal(op_since_of(bench, OP_BACKUP)->source, SINCE_BEFORE_START);
	assert_int_equal(op_since_of(bench, OP_BACKUP)->since.ms, 1040);
	assert_int_equal(op_since_of(bench, OP_BACKUP)->since.wall_ms, WALL_MS + 1040);
	LIST(bench, 2000, &a);
	assert_int_equal(op_since_of(bench, OP_BACKUP)->since.ms, 1040);
	sample_status(&a, OP_EXPORT, "exporting", "");
	LIST(bench, 3000, &a);
	assert_int_equal(op_since_of(bench, OP_BACKUP)->source, SINCE_BEFORE_START);
	assert_int_equal(op_since_of(bench, OP_BACKUP)->since.ms, 1040);
	assert_int_equal(op_since_of(bench, OP_EXPORT)->source, SINCE_OBSERVED);
	assert_int_equal(op_since_of(bench, OP_EXPORT)->since.ms, 3040);
}

static void a_new_reason_starts_a_new_since(void **state)
{
	struct roster_bench *bench = *state;
	struct bdb a = sample(1, "one");

	sample_status(&a, OP_BACKUP, "failed", "no-permission");
	LIST(bench, 1000, &a);
	sample_status(&a, OP_BACKUP, "failed", "wrong-file-path");
	LIST(bench, 2000, &a);
	assert_int_equal(op_since_of(bench, OP_BACKUP)->since.ms, 2040);
	assert_int_equal(op_since_of(bench, OP_BACKUP)->source, SINCE_OBSERVED);
}

static void the_spellings_of_idle_are_one_state_and_the_words_of_running(void **state)
{
	struct roster_bench *bench = *state;
	struct bdb a = sample(1, "one");

	LIST(bench, 1000, &a);
	sample_status(&a, OP_IMPORT, "", "");
	LIST(bench, 2000, &a);
	sample_status(&a, OP_IMPORT, "idle", "");
	assert_string_equal(LIST(bench, 3000, &a), "C1");
	assert_int_equal(op_since_of(bench, OP_IMPORT)->since.ms, 1040);
	sample_status(&a, OP_IMPORT, "initializing", "");
	LIST(bench, 4000, &a);
	sample_status(&a, OP_IMPORT, "importing", "");
	LIST(bench, 5000, &a);
	assert_int_equal(op_since_of(bench, OP_IMPORT)->since.ms, 4040);
	assert_int_equal(op_since_of(bench, OP_IMPORT)->moved_at.ms, 5040);
}

static void an_unreadable_state_is_since_before_start(void **state)
{
	struct roster_bench *bench = *state;
	struct bdb a = sample(1, "one");

	a.op[OP_BACKUP].status_presence = FIELD_INVALID;
	op_classify(&a.op[OP_BACKUP], OP_BACKUP);
	LIST(bench, 1000, &a);
	sample_status(&a, OP_BACKUP, "failed", "");
	LIST(bench, 2000, &a);
	assert_int_equal(op_since_of(bench, OP_BACKUP)->source, SINCE_BEFORE_START);
	assert_int_equal(op_since_of(bench, OP_BACKUP)->since.ms, 2040);
	a.op[OP_BACKUP].reason_presence = FIELD_INVALID;
	LIST(bench, 3000, &a);
	sample_status(&a, OP_BACKUP, "failed", "no-permission");
	LIST(bench, 4000, &a);
	assert_int_equal(op_since_of(bench, OP_BACKUP)->since.ms, 2040);
}

static void remembers_when_the_percent_last_moved(void **state)
{
	struct roster_bench *bench = *state;
	struct bdb a = sample(1, "one");

	sample_status(&a, OP_BACKUP, "exporting", "");
	LIST(bench, 1000, &a);
	assert_true(op_since_of(bench, OP_BACKUP)->moved_to < 0);
	sample_percent(&a, OP_BACKUP, 42);
	LIST(bench, 2000, &a);
	assert_int_equal(op_since_of(bench, OP_BACKUP)->moved_at.ms, 2040);
	LIST(bench, 3000, &a);
	assert_int_equal(op_since_of(bench, OP_BACKUP)->moved_at.ms, 2040);
	sample_percent(&a, OP_BACKUP, 43);
	LIST(bench, 4000, &a);
	assert_int_equal(op_since_of(bench, OP_BACKUP)->moved_at.ms, 4040);
	assert_true(op_since_of(bench, OP_BACKUP)->moved_to == 43);
	assert_int_equal(op_since_of(bench, OP_BACKUP)->since.ms, 1040);
	a.op[OP_BACKUP].percent_presence = FIELD_ABSENT;
	LIST(bench, 5000, &a);
	assert_int_equal(op_since_of(bench, OP_BACKUP)->moved_at.ms, 4040);
}

static void another_database_under_the_uid_begins_anew(void **state)
{
	struct roster_bench *bench = *state;
	struct bdb a = sample(1, "one"), b = sample(1, "uno");

	sample_status(&a, OP_BACKUP, "failed", "no-permission");
	sample_status(&b, OP_BACKUP, "failed", "no-permission");
	LIST(bench, 1000, &a);
	sample_status(&a, OP_EXPORT, "failed", "");
	LIST(bench, 2000, &a);
	assert_int_equal(op_since_of(bench, OP_EXPORT)->source, SINCE_OBSERVED);
	assert_string_equal(LIST(bench, 3000, &b), "C1");
	assert_int_equal(op_since_of(bench, OP_BACKUP)->since.ms, 3040);
	assert_int_equal(op_since_of(bench, OP_BACKUP)->source, SINCE_BEFORE_START);
	assert_int_equal(op_since_of(bench, OP_EXPORT)->source, SINCE_BEFORE_START);
	b.created_s++;
	LIST(bench, 4000, &b);
	assert_int_equal(op_since_of(bench, OP_BACKUP)->since.ms, 4040);
}

static void a_list_keeps_the_modules_of_a_single_read(void **state)
{
	static const char *const modules[] = { "search", "graph" };
	struct roster_bench *bench = *state;
	struct bdb bare = sample(1, "one"), full = sample(1, "one"), other = sample(1, "another");

	full.modules_presence = FIELD_PRESENT;
	full.modules = modules;
	full.module_count = 2;
	LIST(bench, 1000, &bare);
	assert_string_equal(one(bench, 2000, &full), "C1");
	assert_string_equal(LIST(bench, 3000, &bare), "");
	sample_status(&bare, OP_BACKUP, "failed", "");
	assert_string_equal(LIST(bench, 4000, &bare), "C1");
	assert_int_equal(roster_find(bench->roster, 1)->bdb->module_count, 2);
	assert_string_equal(roster_find(bench->roster, 1)->bdb->modules[1], "graph");
	assert_string_equal(LIST(bench, 5000, &other), "C1");
	assert_int_equal(roster_find(bench->roster, 1)->bdb->module_count, 0);
}

/* 10,000 records and a list of them, by descending uid so that no order is right by chance. */
struct many_bdbs {
	struct bdb bdb[MANY];
	const struct bdb *list[MANY + 1];
};

static struct many_bdbs *many_bdbs_new(void)
{
	struct many_bdbs *crowd = calloc(1, sizeof(*crowd));
	int i;

	assert_non_null(crowd);
	for (i = 0; i < MANY; i++) {
		crowd->bdb[i] = sample(MANY - i, "cache");
		crowd->list[i] = &crowd->bdb[i];
	}
	return crowd;
}

static void ten_thousand_unchanged_records_take_no_memory(void **state)
{
	struct roster_bench *bench = *state;
	struct many_bdbs *crowd = many_bdbs_new();
	const struct bdb *kept;

	list(bench, 1000, crowd->list);
	assert_int_equal(bench->changes.new_count, MANY);
	kept = roster_find(bench->roster, 4711)->bdb;
	alloc_limit(-1);
	assert_string_equal(list(bench, 2000, crowd->list), "");
	assert_int_equal(alloc.calls, 0);
	assert_ptr_equal(roster_find(bench->roster, 4711)->bdb, kept);
	sample_status(&crowd->bdb[0], OP_BACKUP, "failed", "");
	assert_string_equal(list(bench, 3000, crowd->list), "C10000");
	/* its copy, and what is kept of an operation that failed: since when, and how often */
	assert_int_equal(alloc.calls, 3);
	free(crowd);
}

static void a_list_that_memory_does_not_suffice_for_changes_nothing(void **state)
{
	struct roster_bench *bench = *state;
	struct bdb a = sample(1, "one"), b = sample(2, "two"), c = sample(3, "three");
	long left;

	LIST(bench, 1000, &a);
	sample_status(&a, OP_BACKUP, "failed", "");
	alloc_limit(0);
	for (left = 0; LIST(bench, 2000 + left, &a, &b, &c), !bench->applied; alloc_limit(++left)) {
		assert_string_equal(bench->changes.text, "");
		assert_int_equal(roster_count(bench->roster), 1);
		assert_true(listed(bench, 1));
		assert_int_equal(roster_find(bench->roster, 1)->bdb->op[OP_BACKUP].phase, OP_IDLE);
	}
	alloc_limit(-1);
	/* one copy per database, one record for each of the two new ones, and since when, which
	 * they share; what the failure needs was kept when a later call failed */
	assert_int_equal(left, 6);
	assert_string_equal(bench->changes.text, "C1 N2 N3");
	assert_int_equal(roster_find(bench->roster, 1)->bdb->op[OP_BACKUP].phase, OP_FAILED);
}

static void read_while_notified(void *arg, const struct bdb *before)
{
	const struct roster *roster = arg;
	size_t i;

	for (i = 1; i < roster_count(roster); i++)
		assert_true(roster_at(roster, i - 1)->bdb->uid < roster_at(roster, i)->bdb->uid);
	assert_string_not_equal(roster_find(roster, before->uid)->bdb->name, before->name);
}

static void can_be_read_from_its_callback(void **state)
{
	struct roster_bench *bench = *state;
	struct bdb bdb[40];
	const struct bdb *bdbs[40];
	struct observation observation = { .kind = OBS_LIST, .bdbs = bdbs };
	unsigned at, random = 7;
	int i;

	for (i = 0; i < 40; i++)
		bdb[i] = sample(i + 1, "x");
	for (at = 1; at < 400; at++) {
		for (i = 0, observation.count = 0; i < 40; i++) {
			random = random * 1103515245u + 12345u;
			bdb[i].name = random >> 16 & 1 ? "x" : "y";
			if (random >> 20 & 3)
				bdbs[observation.count++] = &bdb[(unsigned)(i * 7) % 40];
		}
		observation.requested_ms = observation.received_ms = at * 31000;
		roster_apply(bench->roster, &observation,
			     (struct moment){ observation.received_ms, WALL_MS },
			     read_while_notified, bench->roster);
	}
}

#define ALONE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
#define TEST(name)  ALONE(name), { #name "_shared", name, setup_shared, teardown, NULL }

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(keeps_records_by_uid_whatever_the_order_of_the_list),
		TEST(notifies_only_of_differences),
		TEST(of_an_uid_that_comes_twice_the_first_stays),
		TEST(an_old_list_never_undoes_a_fresh_read),
		TEST(an_old_list_neither_takes_away_nor_brings_back),
		TEST(an_absent_one_stays_for_a_minute_and_two_lists),
		TEST(one_list_never_counts_twice),
		TEST(many_can_go_at_once),
		TEST(one_that_returns_counts_its_absences_anew),
		TEST(unreadable_elements_prove_no_absence),
		TEST(a_failed_read_changes_nothing),
		TEST(a_404_marks_and_only_a_later_list_brings_back),
		TEST(a_404_alone_removes_nothing_and_lists_after_it_do),
		TEST(since_is_before_start_at_first_and_observed_after_a_change),
		TEST(a_new_reason_starts_a_new_since),
		TEST(the_spellings_of_idle_are_one_state_and_the_words_of_running),
		TEST(an_unreadable_state_is_since_before_start),
		TEST(remembers_when_the_percent_last_moved),
		TEST(another_database_under_the_uid_begins_anew),
		TEST(a_list_keeps_the_modules_of_a_single_read),
		ALONE(ten_thousand_unchanged_records_take_no_memory),
		ALONE(a_list_that_memory_does_not_suffice_for_changes_nothing),
		ALONE(can_be_read_from_its_callback),
	};

	return tap_run(tests);
}
