#include "bdbtop/core/causes.h"

#include <locale.h>
#include <stdio.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/loss.h"
#include "tests/core/sample.h"
#include "tests/tap.h"

#define HOUR_S	  INT64_C(3600)
#define NOW_S	  INT64_C(1795000000)
#define NOW_MS	  INT64_C(50000000)
#define MANY	  10000
#define BACKED_UP (NOW_S - 30 * HOUR_S)

/* One database and what was observed of it. */
struct sample_bdb {
	struct bdb bdb;
	struct roster_entry entry;
	struct op_since op_since[OP_KINDS];
	struct finding finding;
	struct filter_input input;
};

static void sample_judge(struct sample_bdb *one)
{
	static const struct triage_rules rules = { .stall_ms = TRIAGE_STALL_MS };
	static const struct triage_now now = { NOW_MS, NOW_S };

	one->entry.bdb = &one->bdb;
	one->entry.op_since = one->op_since;
	triage_judge(&one->entry, &rules, &now, &one->finding);
	one->input = (struct filter_input){ .bdb = &one->bdb,
					    .finding = &one->finding,
					    .op_since = one->op_since,
					    .now_s = NOW_S };
}

/* A database that failed so many seconds ago, observed here. */
static struct sample_bdb *failed(struct sample_bdb *one, int64_t uid, enum op_kind kind,
				 const char *reason, int64_t age_s)
{
	int other;

	*one = (struct sample_bdb){ .bdb = sample(uid, "x") };
	for (other = 0; other < OP_KINDS; other++)
		one->op_since[other].since.ms = one->op_since[other].moved_at.ms =
			NOW_MS;
	sample_status(&one->bdb, kind, "failed", reason);
	one->op_since[kind].since =
		(struct moment){ NOW_MS - age_s * 1000, (NOW_S - age_s) * 1000 };
	one->op_since[kind].source = SINCE_OBSERVED;
	sample_judge(one);
	return one;
}

/* With a schedule; last_s 0: never backed up. */
static struct sample_bdb *scheduled(struct sample_bdb *one, int64_t last_s)
{
	struct op *backup = &one->bdb.op[OP_BACKUP];

	one->bdb.backup_enabled_presence = one->bdb.backup_interval_presence = FIELD_PRESENT;
	one->bdb.backup_enabled = true;
	one->bdb.backup_interval_s = 24 * HOUR_S;
	one->bdb.created_s = NOW_S - 100 * HOUR_S;
	backup->last_success_presence = last_s ? FIELD_PRESENT : FIELD_ABSENT;
	backup->last_success_s = last_s;
	sample_judge(one);
	return one;
}

static void add(struct causes *causes, const struct sample_bdb *one)
{
	static const struct triage_now now = { NOW_MS, NOW_S };
	const struct bdb_id id = { 0, one->bdb.uid };

	assert_int_equal(causes_add(causes, id, &one->entry, &one->input, &now), 0);
}

static struct causes *open_causes(void)
{
	struct causes *causes = causes_new();

	assert_non_null(causes);
	return causes;
}

/* `backup failed no-permission 2` */
static void assert_group(const struct causes *causes, size_t index, const char *expected)
{
	const struct cause_group *group;
	char text[200];

	assert_true(index < causes_count(causes));
	group = causes_at(causes, index);
	snprintf(text, sizeof(text), "%s %s %s %zu", op_defs[group->cause.kind].word,
		 verdict_defs[group->cause.state].count,
		 group->cause.reason[0] ? group->cause.reason : "-", group->count);
	assert_string_equal(text, expected);
}

static bool matches(const struct sample_bdb *one, const char *expression)
{
	struct filter_error error;
	struct filter filter;

	if (filter_parse(&filter, expression, &error) < 0)
		fail_msg("%s: %s", expression, error.text);
	return filter_matches(&filter, &one->input);
}

static void one_group_for_each_cause_worst_first_then_the_most_databases(void **state)
{
	struct causes *causes = open_causes();
	struct sample_bdb one;

	add(causes, failed(&one, 9, OP_IMPORT, "file-larger-than-mem-limit:9:8", 60));
	add(causes, scheduled(failed(&one, 8, OP_EXPORT, "wrong-file-path", 60), BACKED_UP));
	add(causes, failed(&one, 7, OP_EXPORT, "wrong-file-path", 60));
	add(causes, failed(&one, 1, OP_BACKUP, "no-permission", 60));
	add(causes, failed(&one, 2, OP_BACKUP, "No-Permission", 60));
	add(causes, failed(&one, 3, OP_BACKUP, "no-permission", 60));
	add(causes, failed(&one, 6, OP_BACKUP, "", 60));
	assert_int_equal(causes_group(causes), 0);
	assert_int_equal(causes_count(causes), 5);
	assert_group(causes, 0, "backup failed no-permission 3");
	assert_group(causes, 1, "export failed wrong-file-path 2");
	assert_group(causes, 2, "import failed file-larger-than-mem-limit 1");
	assert_group(causes, 3, "backup overdue - 1");
	assert_group(causes, 4, "backup suspect no reason given 1");
	assert_int_equal(causes_bdb(causes, causes_at(causes, 0), 2).uid, 3);
	causes_free(causes);
}

static void groups_can_be_in_the_order_of_their_databases(void **state)
{
	struct causes *causes = open_causes();
	struct sample_bdb one;

	add(causes, scheduled(failed(&one, 9, OP_IMPORT, "bad", 60), BACKED_UP));
	add(causes, failed(&one, 2, OP_BACKUP, "no-permission", 60));
	add(causes, failed(&one, 1, OP_EXPORT, "wrong-file-path", 60));
	add(causes, failed(&one, 8, OP_EXPORT, "wrong-file-path", 60));
	assert_int_equal(causes_group(causes), 0);
	assert_group(causes, 0, "export failed wrong-file-path 2");
	causes_sort_as_added(causes);
	assert_group(causes, 0, "import failed bad 1");
	assert_group(causes, 1, "backup overdue - 1");
	assert_group(causes, 2, "backup failed no-permission 1");
	assert_group(causes, 3, "export failed wrong-file-path 2");
	causes_free(causes);
}

static void a_group_has_its_longest_age_and_its_worst_loss(void **state)
{
	struct causes *causes = open_causes();
	struct sample_bdb one;

	add(causes, scheduled(failed(&one, 1, OP_BACKUP, "x", 3 * HOUR_S), NOW_S - 20 * HOUR_S));
	add(causes, scheduled(failed(&one, 2, OP_BACKUP, "x", HOUR_S), NOW_S - 23 * HOUR_S));
	add(causes, failed(&one, 3, OP_EXPORT, "x", HOUR_S));
	failed(&one, 4, OP_IMPORT, "x", HOUR_S);
	one.op_since[OP_IMPORT].source = SINCE_BEFORE_START;
	add(causes, &one);
	assert_int_equal(causes_group(causes), 0);
	assert_int_equal(causes_at(causes, 0)->age_s, 3 * HOUR_S);
	assert_int_equal(causes_at(causes, 0)->since_s, NOW_S - 3 * HOUR_S);
	assert_false(causes_at(causes, 0)->at_least);
	assert_int_equal(causes_at(causes, 0)->loss_s, 23 * HOUR_S);
	assert_int_equal(causes_at(causes, 1)->loss_s, LOSS_NONE);
	assert_true(causes_at(causes, 2)->at_least);
	causes_free(causes);
}

static void groups_age_with_their_cluster_but_for_what_has_no_age(void **state)
{
	struct causes *causes = open_causes();
	struct sample_bdb one;

	add(causes, scheduled(failed(&one, 1, OP_BACKUP, "x", HOUR_S), NOW_S - 20 * HOUR_S));
	add(causes, failed(&one, 2, OP_EXPORT, "x", HOUR_S));
	one = (struct sample_bdb){ .bdb = sample(3, "x") };
	add(causes, scheduled(&one, 0));
	assert_int_equal(causes_group(causes), 0);
	causes_age(causes, 0, 60);
	causes_age(causes, 1, 1);
	assert_int_equal(causes_at(causes, 0)->age_s, HOUR_S + 60);
	assert_int_equal(causes_at(causes, 0)->loss_s, 20 * HOUR_S + 60);
	assert_int_equal(causes_at(causes, 1)->age_s, HOUR_S + 60);
	assert_int_equal(causes_at(causes, 1)->loss_s, LOSS_NONE);
	assert_int_equal(causes_at(causes, 2)->age_s, -1);
	assert_int_equal(causes_at(causes, 2)->loss_s, LOSS_NEVER);
	causes_free(causes);
}

static void a_schedule_without_any_backup_has_its_own_cause_and_no_start(void **state)
{
	struct causes *causes = open_causes();
	struct sample_bdb one;

	one = (struct sample_bdb){ .bdb = sample(1, "x") };
	add(causes, scheduled(&one, 0));
	assert_int_equal(causes_group(causes), 0);
	assert_group(causes, 0, "backup overdue never backed up 1");
	assert_int_equal(causes_at(causes, 0)->age_s, -1);
	assert_int_equal(causes_at(causes, 0)->loss_s, LOSS_NEVER);
	causes_free(causes);
}

static void the_sample_is_one_whose_worst_problem_it_is(void **state)
{
	struct causes *causes = open_causes();
	struct sample_bdb one;

	failed(&one, 1, OP_EXPORT, "x", 60);
	sample_status(&one.bdb, OP_BACKUP, "failed", "y");
	sample_judge(&one);
	add(causes, &one);
	add(causes, failed(&one, 2, OP_EXPORT, "x", 60));
	add(causes, failed(&one, 3, OP_EXPORT, "x", 60));
	assert_int_equal(causes_group(causes), 0);
	assert_group(causes, 0, "export failed x 3");
	assert_int_equal(causes_at(causes, 0)->sample.uid, 2);
	assert_int_equal(causes_at(causes, 1)->sample.uid, 1);
	causes_free(causes);
}

/* The reasons are chosen to be mistaken for each other. */
static void the_filter_of_a_group_matches_exactly_its_databases(void **state)
{
	static const char *const reasons[] = { "no-permission",
					       "no-permission-at-all",
					       "no",
					       "NO-PERMISSION",
					       "-",
					       "a b",
					       "a-b",
					       "x/y",
					       "x",
					       "bell\a",
					       "!failed",
					       "x:7:9",
					       "\xc3\xa9t\xc3\xa9",
					       "\xff" };
	struct causes *causes = open_causes();
	struct sample_bdb one[ARRAY_SIZE(reasons) + 3];
	char filter[FILTER_SIZE];
	size_t i, group, found;

	for (i = 0; i < ARRAY_SIZE(reasons); i++) {
		failed(&one[i], (int64_t)i + 1, OP_BACKUP, reasons[i], 60);
		sample_status(&one[i].bdb, OP_EXPORT, "failed", "no-permission");
		sample_judge(&one[i]);
	}
	one[i] = (struct sample_bdb){ .bdb = sample(100, "x") };
	scheduled(&one[i++], 0);
	one[i] = (struct sample_bdb){ .bdb = sample(101, "x") };
	scheduled(&one[i++], BACKED_UP);
	failed(&one[i++], 102, OP_BACKUP, "", 60);
	for (i = 0; i < ARRAY_SIZE(one); i++)
		add(causes, &one[i]);
	assert_int_equal(causes_group(causes), 0);
	for (group = 0; group < causes_count(causes); group++) {
		cause_format_filter(&causes_at(causes, group)->cause, filter);
		for (i = 0, found = 0; i < ARRAY_SIZE(one); i++) {
			struct cause cause;
			bool is_member = cause_find(&one[i].input,
						    causes_at(causes, group)->cause.kind, &cause) &&
					 !cause_compare(&cause, &causes_at(causes, group)->cause);

			found += is_member;
			if (matches(&one[i], filter) != is_member)
				fail_msg("%s and database %zu", filter, i);
		}
		assert_int_equal(found, causes_at(causes, group)->count);
	}
	causes_free(causes);
}

static void a_long_reason_is_cut_and_still_found(void **state)
{
	struct causes *causes = open_causes();
	char filter[FILTER_SIZE], reason[300];
	struct sample_bdb one;

	memset(reason, 'r', sizeof(reason) - 1);
	reason[sizeof(reason) - 1] = '\0';
	memcpy(reason + CAUSE_REASON_SIZE - 2, "\xc3\xa9", 2);
	add(causes, failed(&one, 1, OP_BACKUP, reason, 60));
	assert_int_equal(causes_group(causes), 0);
	assert_int_equal(strlen(causes_at(causes, 0)->cause.reason), CAUSE_REASON_SIZE - 2);
	cause_format_filter(&causes_at(causes, 0)->cause, filter);
	assert_true(matches(&one, filter));
	causes_free(causes);
}

static void a_database_that_is_not_listed_has_no_cause(void **state)
{
	struct sample_bdb one;
	struct cause cause;

	failed(&one, 1, OP_BACKUP, "x", 60);
	assert_true(cause_find(&one.input, OP_BACKUP, &cause));
	assert_false(cause_find(&one.input, OP_EXPORT, &cause));
	one.entry.gone = true;
	sample_judge(&one);
	assert_false(cause_find(&one.input, OP_BACKUP, &cause));
}

static void a_group_is_found_by_its_cause(void **state)
{
	struct causes *causes = open_causes();
	struct cause cause = { .kind = OP_EXPORT, .state = VERDICT_FAILED, .reason = "y" };
	struct sample_bdb one;
	size_t index = 0;

	add(causes, failed(&one, 1, OP_BACKUP, "x", 60));
	add(causes, failed(&one, 2, OP_EXPORT, "y", 60));
	assert_int_equal(causes_group(causes), 0);
	assert_ptr_equal(causes_find(causes, 0, &cause, &index), causes_at(causes, 1));
	assert_int_equal(index, 1);
	assert_null(causes_find(causes, 1, &cause, NULL));
	causes_clear(causes);
	assert_int_equal(causes_count(causes), 0);
	assert_null(causes_find(causes, 0, &cause, NULL));
	causes_free(causes);
}

static void ten_thousand_databases_are_all_in_their_groups(void **state)
{
	struct causes *causes = open_causes();
	char reasons[MANY][16];
	struct sample_bdb one;
	int i;

	for (i = 0; i < MANY; i++) {
		snprintf(reasons[i], sizeof(reasons[i]), "odd %d", i % 5000);
		failed(&one, i + 1, OP_BACKUP, reasons[i], 60);
		sample_status(&one.bdb, OP_EXPORT, "failed", "no-permission");
		sample_judge(&one);
		add(causes, &one);
	}
	assert_int_equal(causes_group(causes), 0);
	assert_int_equal(causes_count(causes), 5001);
	assert_group(causes, 0, "export failed no-permission 10000");
	causes_free(causes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_group_for_each_cause_worst_first_then_the_most_databases),
		cmocka_unit_test(groups_can_be_in_the_order_of_their_databases),
		cmocka_unit_test(a_group_has_its_longest_age_and_its_worst_loss),
		cmocka_unit_test(groups_age_with_their_cluster_but_for_what_has_no_age),
		cmocka_unit_test(a_schedule_without_any_backup_has_its_own_cause_and_no_start),
		cmocka_unit_test(the_sample_is_one_whose_worst_problem_it_is),
		cmocka_unit_test(the_filter_of_a_group_matches_exactly_its_databases),
		cmocka_unit_test(a_long_reason_is_cut_and_still_found),
		cmocka_unit_test(a_database_that_is_not_listed_has_no_cause),
		cmocka_unit_test(a_group_is_found_by_its_cause),
		cmocka_unit_test(ten_thousand_databases_are_all_in_their_groups),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return tap_run(tests);
}
