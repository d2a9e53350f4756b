#include "bdbtop/core/reason.h"

#include <string.h>

#include "bdbtop/core/array.h"
#include "tests/tap.h"

#define TOO_LARGE "file-larger-than-mem-limit"

/* Every documented value, and the operations that have it. */
static const struct {
	const char *reason;
	bool on[OP_KINDS];
} documented[] = {
	{ "no-permission", { true, true, false } },
	{ "wrong-file-path", { true, true, false } },
	{ "general-error", { true, true, true } },
	{ "download-error", { false, false, true } },
	{ "file-corrupted", { false, false, true } },
	{ TOO_LARGE ":12884901888:8589934592", { false, false, true } },
	{ "key-too-long", { false, false, true } },
	{ "invalid-bulk-length", { false, false, true } },
	{ "out-of-memory", { false, false, true } },
};

static void every_documented_reason_has_its_row_where_it_is_documented(void **state)
{
	size_t i, count = ARRAY_SIZE(documented);
	int kind;

	for (i = 0; i < count; i++)
		for (kind = 0; kind < OP_KINDS; kind++) {
			const struct reason_def *def =
				reason_find(documented[i].reason, (enum op_kind)kind);

			assert_int_equal(def != NULL, documented[i].on[kind]);
			if (def)
				assert_memory_equal(def->word, documented[i].reason,
						    strlen(def->word));
		}
	assert_non_null(reason_at(count - 1));
	assert_null(reason_at(count));
}

static void every_reason_has_a_meaning_and_a_next_step(void **state)
{
	const struct reason_def *def;
	size_t i, j;

	for (i = 0; (def = reason_at(i)); i++) {
		size_t end = strlen(def->next_step);

		assert_int_equal(def->meaning[strlen(def->meaning) - 1], '.');
		assert_int_equal(def->next_step[end - 1], '.');
		/* both fit in two lines of 80 columns */
		assert_true(strlen(def->meaning) + 1 + end <= 150);
		assert_non_null(def->next_steps[0]);
		for (j = 0; j < REASON_NEXT_STEPS && def->next_steps[j]; j++)
			assert_null(strpbrk(def->next_steps[j], ";."
								"\n"));
		for (; j < REASON_NEXT_STEPS; j++)
			assert_null(def->next_steps[j]);
		assert_true(def->kinds && def->kinds < 1u << OP_KINDS);
	}
}

static void what_is_not_documented_passes_through(void **state)
{
	static const char *const unknown[] = {
		"",  "bad-moon", "no-permissio",  "no-permissions", "NO-PERMISSION",
		":", ":1:2",	 " general-error"
	};
	char text[REASON_TEXT_SIZE];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(unknown); i++) {
		assert_null(reason_find(unknown[i], OP_BACKUP));
		reason_format_meaning(unknown[i], OP_BACKUP, text);
		assert_string_equal(text, "");
	}
}

static void sizes_appended_to_a_reason_are_parsed(void **state)
{
	uint64_t need = 1, limit = 2;

	assert_true(reason_parse_sizes(TOO_LARGE ":12884901888:8589934592", &need, &limit));
	assert_true(need == UINT64_C(12884901888) && limit == UINT64_C(8589934592));
	assert_true(reason_parse_sizes(TOO_LARGE ":18446744073709551615:0", &need, &limit));
	assert_true(need == UINT64_MAX && limit == 0);
}

static void invalid_sizes_change_nothing(void **state)
{
	static const char *const wrong[] = {
		TOO_LARGE,
		TOO_LARGE ":",
		TOO_LARGE "::",
		TOO_LARGE ":12",
		TOO_LARGE ":12:",
		TOO_LARGE "::12",
		TOO_LARGE ":12:8:",
		TOO_LARGE ":12:8 ",
		TOO_LARGE ": 12:8",
		TOO_LARGE ":-12:8",
		TOO_LARGE ":+12:8",
		TOO_LARGE ":1e9:8",
		TOO_LARGE ":12.5:8",
		TOO_LARGE ":0x12:8",
		TOO_LARGE ":18446744073709551616:8",
		TOO_LARGE ":99999999999999999999999999:8",
		TOO_LARGE ":twelve:eight",
		"no-permission:12:8",
		"",
	};
	uint64_t need = 1, limit = 2;
	char text[REASON_TEXT_SIZE];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		assert_false(reason_parse_sizes(wrong[i], &need, &limit));
		assert_true(need == 1 && limit == 2);
		reason_format_shortfall(wrong[i], text);
		assert_string_equal(text, "");
	}
	reason_format_meaning(TOO_LARGE ":twelve", OP_IMPORT, text);
	assert_string_equal(text, "The file needs more than the memory limit of the database.");
}

static void the_shortfall_is_worked_out(void **state)
{
	static const struct {
		const char *sizes, *words;
	} row[] = {
		{ ":12884901888:8589934592", "needs 12.0 GiB, limit 8.0 GiB, short 4.0 GiB" },
		{ ":8600000000:8589934592", "needs 8.0 GiB, limit 8.0 GiB, short 9.6 MiB" },
		{ ":1024:1000", "needs 1.0 KiB, limit 1000 bytes, short 24 bytes" },
		{ ":1048575:1", "needs 1.0 MiB, limit 1 byte, short 1.0 MiB" },
		{ ":1:2", "needs 1 byte, limit 2 bytes" },
		{ ":2:2", "needs 2 bytes, limit 2 bytes" },
		{ ":18446744073709551615:0", "needs 16.0 EiB, limit 0 bytes, short 16.0 EiB" },
	};
	char text[REASON_TEXT_SIZE], reason[100];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(row); i++) {
		snprintf(reason, sizeof(reason), TOO_LARGE "%s", row[i].sizes);
		reason_format_shortfall(reason, text);
		assert_string_equal(text, row[i].words);
	}
	reason_format_meaning(TOO_LARGE ":12884901888:8589934592", OP_IMPORT, text);
	assert_string_equal(text, "The file needs 12.0 GiB, limit 8.0 GiB, short 4.0 GiB.");
	reason_format_meaning("no-permission", OP_BACKUP, text);
	assert_string_equal(text, "The storage refused the write.");
	reason_format_meaning("no-permission", OP_IMPORT, text);
	assert_string_equal(text, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_documented_reason_has_its_row_where_it_is_documented),
		cmocka_unit_test(every_reason_has_a_meaning_and_a_next_step),
		cmocka_unit_test(what_is_not_documented_passes_through),
		cmocka_unit_test(sizes_appended_to_a_reason_are_parsed),
		cmocka_unit_test(invalid_sizes_change_nothing),
		cmocka_unit_test(the_shortfall_is_worked_out),
	};

	return tap_run(tests);
}
