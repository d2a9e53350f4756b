#include "bdbtop/core/sort_order.h"

#include "bdbtop/core/array.h"
#include "tests/core/sample.h"
#include "tests/tap.h"

#define NOW_S INT64_C(1795000000)

struct sort_case {
	struct bdb bdb;
	struct finding finding;
};

static struct sort_case sort_case_of(const struct bdb *bdb)
{
	struct sort_case tested = { .bdb = *bdb };
	static const struct op_since op_since[OP_KINDS];
	const struct roster_entry entry = { .bdb = &tested.bdb, .op_since = op_since };
	const struct triage_rules rules = { .stall_ms = TRIAGE_STALL_MS };
	const struct triage_now now = { 0, NOW_S };

	triage_judge(&entry, &rules, &now, &tested.finding);
	return tested;
}

static struct sort_key key_of(const struct sort_case *tested, enum sort_column by)
{
	const struct sort_order order = { by, false };
	const struct filter_input subject = { .bdb = &tested->bdb,
					      .finding = &tested->finding,
					      .now_s = NOW_S };
	struct sort_key key = { .number = 42, .text = "left over", .unknown = true };

	sort_key_make(&order, &subject, &key);
	return key;
}

static void every_column_has_a_word_that_names_it_and_a_title(void **state)
{
	char word[32];
	int by, other;

	for (by = 0; by < SORT_KINDS; by++) {
		struct sort_order order = { (enum sort_column)by, false },
				  back = { SORT_KINDS, true };

		assert_non_null(sort_defs[by].title);
		sort_order_format(&order, word, sizeof(word));
		assert_string_equal(word, sort_defs[by].word);
		assert_int_equal(sort_order_parse(&back, word), 0);
		assert_int_equal(back.column, by);
		assert_false(back.reversed);
		for (other = 0; other < by; other++)
			assert_string_not_equal(word, sort_defs[other].word);
	}
}

static void a_hyphen_before_it_reverses(void **state)
{
	struct sort_order order;
	char word[32];

	assert_int_equal(sort_order_parse(&order, "-last-backup"), 0);
	assert_int_equal(order.column, SORT_LAST);
	assert_true(order.reversed);
	sort_order_format(&order, word, sizeof(word));
	assert_string_equal(word, "-last-backup");
	assert_int_equal(sort_order_parse(&order, "Name"), 0);
	assert_int_equal(order.column, SORT_NAME);
	assert_false(order.reversed);
}

static void an_unknown_column_changes_nothing(void **state)
{
	static const char *const words[] = { "", "-", "--name", "nam", "names", "name ", "age" };
	struct sort_order order = { SORT_NEXT, true };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		assert_int_equal(sort_order_parse(&order, words[i]), -1);
	assert_int_equal(order.column, SORT_NEXT);
	assert_true(order.reversed);
}

static void an_order_that_does_not_fit_is_cut_within_its_buffer(void **state)
{
	const struct sort_order order = { SORT_LAST, true };
	char word[5] = "xxxx";

	sort_order_format(&order, word, sizeof(word));
	assert_string_equal(word, "-las");
}

static void severity_and_states_put_the_worst_first(void **state)
{
	struct bdb bdb = sample(12, "orders-eu");
	struct sort_case tested;

	sample_status(&bdb, OP_BACKUP, "succeeded", "");
	sample_status(&bdb, OP_EXPORT, "failed", "no-permission");
	tested = sort_case_of(&bdb);
	assert_int_equal(key_of(&tested, SORT_SEVERITY).number, triage_rank(VERDICT_FAILED));
	assert_true(key_of(&tested, SORT_EXPORT).number < key_of(&tested, SORT_BACKUP).number);
	assert_true(key_of(&tested, SORT_BACKUP).number < key_of(&tested, SORT_IMPORT).number);
	assert_false(key_of(&tested, SORT_IMPORT).unknown);
	assert_null(key_of(&tested, SORT_IMPORT).text);
}

static void ids_and_words_are_compared_as_they_came(void **state)
{
	struct bdb bdb = sample(12, "orders-eu");
	struct sort_case tested = sort_case_of(&bdb);
	struct sort_key key = key_of(&tested, SORT_DB);

	assert_int_equal(key.number, 12);
	assert_null(key.text);
	assert_false(key.unknown);
	assert_string_equal(key_of(&tested, SORT_NAME).text, "orders-eu");
	assert_string_equal(key_of(&tested, SORT_STATUS).text, "active");
	assert_false(key_of(&tested, SORT_STATUS).unknown);
	bdb.name_presence = bdb.state_presence = FIELD_INVALID;
	tested = sort_case_of(&bdb);
	assert_true(key_of(&tested, SORT_NAME).unknown);
	assert_true(key_of(&tested, SORT_STATUS).unknown);
}

static void the_oldest_backup_is_first_and_never_is_older_still(void **state)
{
	struct bdb never = sample(1, "a"), old, young, off = sample(4, "d");
	struct sort_case scenes[4];
	int i;

	never.backup_enabled_presence = FIELD_PRESENT;
	never.backup_enabled = true;
	old = young = never;
	old.op[OP_BACKUP].last_success_presence = young.op[OP_BACKUP].last_success_presence =
		FIELD_PRESENT;
	old.op[OP_BACKUP].last_success_s = NOW_S - 1000;
	young.op[OP_BACKUP].last_success_s = NOW_S - 10;
	scenes[0] = sort_case_of(&never);
	scenes[1] = sort_case_of(&old);
	scenes[2] = sort_case_of(&young);
	scenes[3] = sort_case_of(&off);
	for (i = 0; i < 2; i++)
		assert_true(key_of(&scenes[i], SORT_LAST).number <
			    key_of(&scenes[i + 1], SORT_LAST).number);
	assert_false(key_of(&scenes[0], SORT_LAST).unknown);
	assert_true(key_of(&scenes[3], SORT_LAST).unknown);
	/* the loss window has the same order; without a schedule there is none */
	for (i = 0; i < 2; i++)
		assert_true(key_of(&scenes[i], SORT_LOSS).number <
			    key_of(&scenes[i + 1], SORT_LOSS).number);
	assert_false(key_of(&scenes[0], SORT_LOSS).unknown);
	assert_true(key_of(&scenes[3], SORT_LOSS).unknown);
}

static void what_is_due_soonest_is_first_and_unplanned_is_not_known(void **state)
{
	struct bdb bdb = sample(1, "a");
	struct sort_case tested = sort_case_of(&bdb);

	assert_true(key_of(&tested, SORT_NEXT).unknown);
	bdb.backup_enabled_presence = bdb.backup_interval_presence =
		bdb.op[OP_BACKUP].last_success_presence = FIELD_PRESENT;
	bdb.backup_enabled = true;
	bdb.backup_interval_s = 3600;
	bdb.op[OP_BACKUP].last_success_s = NOW_S - 10;
	tested = sort_case_of(&bdb);
	assert_int_equal(key_of(&tested, SORT_NEXT).number, NOW_S + 3590);
	assert_false(key_of(&tested, SORT_NEXT).unknown);
}

static void the_reason_is_that_of_the_worst_operation(void **state)
{
	struct bdb bdb = sample(12, "orders-eu");
	struct sort_case tested = sort_case_of(&bdb);

	assert_true(key_of(&tested, SORT_REASON).unknown);
	sample_status(&bdb, OP_BACKUP, "succeeded", "general-error");
	sample_status(&bdb, OP_IMPORT, "failed", "download-error");
	tested = sort_case_of(&bdb);
	assert_string_equal(key_of(&tested, SORT_REASON).text, "download-error");
	assert_false(key_of(&tested, SORT_REASON).unknown);
	sample_status(&bdb, OP_IMPORT, "failed", "");
	tested = sort_case_of(&bdb);
	assert_true(key_of(&tested, SORT_REASON).unknown);
}

static void the_worst_result_comes_first_and_rows_without_one_last(void **state)
{
	const struct sort_order order = { SORT_RESULT, false };
	struct filter_input input = { .result_rank = 2, .result_count = 1 };
	struct sort_key key;

	sort_key_make(&order, &input, &key);
	assert_int_equal(key.number, 2);
	assert_false(key.unknown);
	input.result_count = 0;
	sort_key_make(&order, &input, &key);
	assert_true(key.unknown);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_column_has_a_word_that_names_it_and_a_title),
		cmocka_unit_test(a_hyphen_before_it_reverses),
		cmocka_unit_test(an_unknown_column_changes_nothing),
		cmocka_unit_test(an_order_that_does_not_fit_is_cut_within_its_buffer),
		cmocka_unit_test(severity_and_states_put_the_worst_first),
		cmocka_unit_test(ids_and_words_are_compared_as_they_came),
		cmocka_unit_test(the_oldest_backup_is_first_and_never_is_older_still),
		cmocka_unit_test(what_is_due_soonest_is_first_and_unplanned_is_not_known),
		cmocka_unit_test(the_reason_is_that_of_the_worst_operation),
		cmocka_unit_test(the_worst_result_comes_first_and_rows_without_one_last),
	};

	return tap_run(tests);
}
