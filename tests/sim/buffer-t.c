#include "sim/buffer.h"

#include "sim/keyword.h"
#include "tests/tap.h"

static void writes_json(void **state)
{
	struct sim_buffer b = SIM_BUFFER_INIT;

	(void)state;
	sim_buffer_number(&b, INT64_MIN);
	sim_buffer_put(&b, " ");
	sim_buffer_number(&b, 0);
	sim_buffer_put(&b, " ");
	sim_buffer_tenths(&b, 614);
	sim_buffer_put(&b, " ");
	sim_buffer_tenths(&b, 0);
	sim_buffer_put(&b, " ");
	sim_buffer_tenths(&b, -5);
	sim_buffer_put(&b, " ");
	sim_buffer_boolean(&b, 7);
	sim_buffer_put(&b, " ");
	sim_buffer_time(&b, 1795292045);
	assert_string_equal(b.data, "-9223372036854775808 0 61.4 0.0 -0.5 true "
				    "\"2026-11-21T20:14:05Z\"");
	sim_buffer_release(&b);
}

static void escapes_only_what_json_requires(void **state)
{
	struct sim_buffer b = SIM_BUFFER_INIT;

	(void)state;
	sim_buffer_string(&b, "evil\033[2J \"quoted\" \\ \xff\xc3\xa9\n");
	assert_string_equal(b.data, "\"evil\\u001b[2J \\\"quoted\\\" \\\\ \xff\xc3\xa9\\u000a\"");
	sim_buffer_release(&b);
}

static void detach_transfers_the_contents(void **state)
{
	struct sim_buffer b = SIM_BUFFER_INIT;
	char *empty, *full;
	int i;

	(void)state;
	empty = sim_buffer_detach(&b);
	assert_string_equal(empty, "");
	for (i = 0; i < 1000; i++)
		sim_buffer_print(&b, "%03d", i);
	full = sim_buffer_detach(&b);
	assert_int_equal(strlen(full), 3000);
	assert_memory_equal(full + 2997, "999", 3);
	assert_null(b.data);
	assert_int_equal(b.length, 0);
	free(empty);
	free(full);
}

static void reads_words_from_a_line(void **state)
{
	const char *line = "  set\t12   x";
	char word[4];

	(void)state;
	assert_true(sim_keyword_next(&line, word, sizeof(word)));
	assert_string_equal(word, "set");
	assert_true(sim_keyword_next(&line, word, sizeof(word)));
	assert_string_equal(word, "12");
	assert_string_equal(line, "x");
	assert_true(sim_keyword_next(&line, word, sizeof(word)));
	assert_false(sim_keyword_next(&line, word, sizeof(word)));
	line = "long";
	assert_false(sim_keyword_next(&line, word, sizeof(word)));
	assert_string_equal(line, "long");
}

static void reads_only_integers(void **state)
{
	int64_t value;

	(void)state;
	assert_true(sim_keyword_number("-12", -20, 20, &value));
	assert_int_equal(value, -12);
	assert_false(sim_keyword_number("21", -20, 20, &value));
	assert_false(sim_keyword_number("", -20, 20, &value));
	assert_false(sim_keyword_number("1x", -20, 20, &value));
	assert_false(sim_keyword_number(" 1", -20, 20, &value));
	assert_false(sim_keyword_number("99999999999999999999", 0, INT64_MAX, &value));
}

static void quotes_foreign_text_safely(void **state)
{
	char shown[SIM_KEYWORD_SHOWN_SIZE];

	(void)state;
	assert_string_equal(sim_keyword_show("a\033[2J\xff", shown), "a?[2J?");
	assert_string_equal(sim_keyword_show("0123456789012345678901234567890123456789+", shown),
			    "0123456789012345678901234567890123456789...");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_json),
		cmocka_unit_test(escapes_only_what_json_requires),
		cmocka_unit_test(detach_transfers_the_contents),
		cmocka_unit_test(reads_words_from_a_line),
		cmocka_unit_test(reads_only_integers),
		cmocka_unit_test(quotes_foreign_text_safely),
	};

	return tap_run(tests);
}
