#include "bdbtop/core/column_list.h"

#include <string.h>

#include "bdbtop/core/array.h"
#include "tests/tap.h"

static void words_have_commas_or_blanks_between_them(void **state)
{
	static const char *const texts[] = { "reason,db,tags", "reason db tags",
					     " reason ,\tdb,, tags " };
	struct column_list list;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		list = (struct column_list){ .count = 0 };
		assert_int_equal(column_list_parse(&list, texts[i], NULL), 0);
		assert_int_equal(list.count, 3);
		assert_int_equal(list.column[0], COLUMN_REASON);
		assert_int_equal(list.column[1], COLUMN_DB);
		assert_int_equal(list.column[2], COLUMN_TAGS);
	}
}

static void every_column_can_be_chosen(void **state)
{
	struct column_list list;
	int column;

	for (column = 0; column < COLUMN_COUNT; column++) {
		assert_int_equal(column_list_parse(&list, column_defs[column].word, NULL), 0);
		assert_true(column_list_has(&list, (enum row_column)column));
		assert_int_equal(column_list_needs_bdb_info(&list),
				 column >= COLUMN_SIZE && column <= COLUMN_TAGS);
	}
}

static void an_error_names_the_word_and_the_valid_ones(void **state)
{
#define KNOWN                                                                                      \
	": name some of db, name, status, backup, export, import, last, loss, next, interval, "    \
	"size, shards, tags, reason, each once."
	static const struct {
		const char *text, *error;
	} cases[] = {
		{ "db,sizes", "unknown column \"sizes\"" KNOWN },
		{ "db DB", "unknown column \"DB\"" KNOWN },
		{ "db,\033[2J", "unknown column \"^[[2J\"" KNOWN },
		{ "db name,db", "the column \"db\" is repeated" KNOWN },
		{ "", "no column is named" KNOWN },
		{ " ,", "no column is named" KNOWN },
	};
	struct column_list list = { .column = { COLUMN_TAGS }, .count = 1 };
	struct err err;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(column_list_parse(&list, cases[i].text, &err), -1);
		assert_string_equal(err.text, cases[i].error);
		assert_int_equal(list.count, 1);
		assert_int_equal(list.column[0], COLUMN_TAGS);
	}
}

static void the_rightmost_yields_first_but_neither_db_nor_reason(void **state)
{
	static const enum row_column want[] = { COLUMN_TAGS, COLUMN_SIZE, COLUMN_NAME };
	enum row_column dropped;
	struct column_list list;
	size_t i;

	column_list_parse(&list, "name size db reason tags", NULL);
	for (i = 0; i < ARRAY_SIZE(want); i++) {
		assert_true(column_list_drop(&list, &dropped));
		assert_int_equal(dropped, want[i]);
	}
	assert_false(column_list_drop(&list, &dropped));
	assert_int_equal(list.count, 2);
	assert_int_equal(list.column[0], COLUMN_DB);
	column_list_parse(&list, "tags", NULL);
	assert_false(column_list_drop(&list, &dropped));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_have_commas_or_blanks_between_them),
		cmocka_unit_test(every_column_can_be_chosen),
		cmocka_unit_test(an_error_names_the_word_and_the_valid_ones),
		cmocka_unit_test(the_rightmost_yields_first_but_neither_db_nor_reason),
	};

	return tap_run(tests);
}
