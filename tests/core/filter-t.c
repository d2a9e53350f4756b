#include "bdbtop/core/filter.h"

#include "tests/tap.h"

#include "tests/core/sample.h"

#include <locale.h>

static bool finds(const struct bdb *bdb, const char *expression)
{
	struct filter filter;
	struct filter_error error;
	struct finding finding;
	const struct roster_entry entry = { .bdb = (struct bdb *)(uintptr_t)bdb };
	const struct filter_subject subject = { .bdb = bdb, .finding = &finding };

	triage_judge(&entry, &(struct triage_rules){ TRIAGE_STALL_MS }, &(struct triage_now){ 0 }, &finding);
	assert_int_equal(filter_parse(&filter, expression, &error), 0);
	return filter_matches(&filter, &subject);
}

static struct bdb orders(void)
{
	struct bdb bdb = sample(12, "Orders-EU");

	sample_status(&bdb, OP_BACKUP, "failed", "no-permission");
	sample_status(&bdb, OP_EXPORT, "exporting", "");
	sample_status(&bdb, OP_IMPORT, "succeeded", "download-error");
	return bdb;
}

static void nothing_typed_shows_everything(void **state)
{
	struct bdb bdb = orders();

	(void)state;
	assert_true(finds(&bdb, ""));
	assert_true(finds(&bdb, "  \t "));
}

static void finds_id_name_state_and_reason(void **state)
{
	static const char *const found[] = { "db:12",	  "12",	     "orders",	   "eu",
					     "failed",	  "running", "ok",	   "exporting",
					     "succeeded", "no-perm", "PERMISSION", "rders-e" };
	static const char *const missed[] = { "db:13",	   "sessions", "idle",
					      "importing", "other",    "name" };
	struct bdb bdb = orders();
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(found) / sizeof(found[0]); i++)
		assert_true(finds(&bdb, found[i]));
	for (i = 0; i < sizeof(missed) / sizeof(missed[0]); i++)
		assert_false(finds(&bdb, missed[i]));
}

static void every_word_must_be_found(void **state)
{
	struct bdb bdb = orders();

	(void)state;
	assert_true(finds(&bdb, "failed eu"));
	assert_true(finds(&bdb, "  no-permission \t db:12  running "));
	assert_false(finds(&bdb, "failed us"));
}

static void only_the_reason_of_a_failed_one_counts(void **state)
{
	struct bdb bdb = orders();

	(void)state;
	assert_false(finds(&bdb, "download-error"));
	sample_status(&bdb, OP_IMPORT, "failed", "download-error");
	assert_true(finds(&bdb, "download-error"));
}

static void idle_is_no_word_unless_the_cluster_says_it(void **state)
{
	struct bdb bdb = sample(4, "wishlist");

	(void)state;
	assert_false(finds(&bdb, "-"));
	assert_false(finds(&bdb, "idle"));
	sample_status(&bdb, OP_IMPORT, "idle", "");
	assert_true(finds(&bdb, "idle"));
}

static void an_unknown_word_is_found_as_it_came(void **state)
{
	struct bdb bdb = sample(4, "wishlist");

	(void)state;
	sample_status(&bdb, OP_EXPORT, "pondering", "");
	assert_true(finds(&bdb, "ponder"));
	bdb.op[OP_EXPORT].status_seen = SEEN_WRONG;
	op_settle(&bdb.op[OP_EXPORT], OP_EXPORT);
	assert_false(finds(&bdb, "ponder"));
}

static void what_stands_on_the_screen_is_found(void **state)
{
	struct bdb bdb = sample(11, "evil\x1b[2J顧客");

	(void)state;
	assert_true(finds(&bdb, "evil^[[2J"));
	assert_true(finds(&bdb, "顧客"));
	assert_false(finds(&bdb, "客顧"));
}

static void keeps_what_was_typed_without_its_ends(void **state)
{
	struct filter filter;
	struct filter_error error;

	(void)state;
	assert_int_equal(filter_parse(&filter, "  failed   eu ", &error), 0);
	assert_string_equal(filter.expression, "failed   eu");
	assert_int_equal(filter.terms, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_typed_shows_everything),
		cmocka_unit_test(finds_id_name_state_and_reason),
		cmocka_unit_test(every_word_must_be_found),
		cmocka_unit_test(only_the_reason_of_a_failed_one_counts),
		cmocka_unit_test(idle_is_no_word_unless_the_cluster_says_it),
		cmocka_unit_test(an_unknown_word_is_found_as_it_came),
		cmocka_unit_test(what_stands_on_the_screen_is_found),
		cmocka_unit_test(keeps_what_was_typed_without_its_ends),
	};

	if (!setlocale(LC_CTYPE, "C.UTF-8")) {
		printf("1..0 # SKIP no locale C.UTF-8\n");
		return 0;
	}
	return tap_run(tests);
}
