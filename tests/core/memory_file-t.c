#include "bdbtop/core/memory_file.h"

#include "tests/alloc.h"
#include "tests/tap.h"

#define LINES 5000

static void it_returns_what_was_written(void **state)
{
	struct memory_file memory;
	size_t length;
	char *text;
	int i;

	assert_int_equal(memory_file_open(&memory), 0);
	for (i = 0; i < LINES; i++)
		fprintf(memory.file, "line %04d\n", i);
	text = memory_file_close(&memory, &length);
	assert_non_null(text);
	assert_int_equal(length, LINES * 10);
	assert_int_equal(strlen(text), length);
	assert_memory_equal(text + length - 10, "line 4999\n", 10);
	free(text);
}

static void nothing_written_is_an_empty_text(void **state)
{
	struct memory_file memory;
	char *text;

	assert_int_equal(memory_file_open(&memory), 0);
	text = memory_file_close(&memory, NULL);
	assert_string_equal(text, "");
	free(text);
}

/* open_memstream() of glibc returns the rest of the lines as if they were all. */
static void a_text_with_a_gap_is_not_returned(void **state)
{
	struct memory_file memory;
	int i;

	assert_int_equal(memory_file_open(&memory), 0);
	for (i = 0; i < LINES; i++) {
		alloc_limit(i >= 1000 && i < 2000 ? 0 : -1);
		fprintf(memory.file, "line %04d\n", i);
	}
	alloc_limit(-1);
	assert_null(memory_file_close(&memory, NULL));
	alloc_limit(0);
	assert_int_equal(memory_file_open(&memory), -1);
	alloc_limit(-1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_returns_what_was_written),
		cmocka_unit_test(nothing_written_is_an_empty_text),
		cmocka_unit_test(a_text_with_a_gap_is_not_returned),
	};

	return tap_run(tests);
}
