#include <locale.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "bdbtop/core/array.h"
#include "main/self_info.h"
#include "tests/tap.h"

#define JULY	 INT64_C(1782900000) /* 2026-07-01T10:00:00Z */
#define DECEMBER INT64_C(1796119200) /* 2026-12-01T10:00:00Z */

static struct self_info self;

static void fill_info(bool ascii)
{
	static const struct self_paths paths = { .config = "/etc/caf\xc3\xa9.conf",
						 .known_clusters = "/state/known_clusters",
						 .prefs = "",
						 .audit_log = "/state/\033[2Jactions.jsonl" };

	setenv("TERM", "xterm-256color", 1);
	setlocale(LC_CTYPE, "C.UTF-8");
	self_info_init(&self, &paths, ascii);
}

static const char *value_of(const char *name)
{
	size_t i;

	for (i = 0; i < self.info.count; i++)
		if (!strcmp(self.info.lines[i][0], name))
			return self.info.lines[i][1];
	fail_msg("there is no line %s", name);
	return NULL;
}

static void versions_of_the_libraries_in_use_are_reported(void **state)
{
	static const char *const libraries[] = { "version", "libcurl", "GnuTLS", "json-c" };
	size_t i;

	fill_info(false);
	for (i = 0; i < ARRAY_SIZE(libraries); i++)
		assert_in_range(value_of(libraries[i])[0], '0', '9');
	assert_memory_equal(value_of("curses"), "ncurses ", 8);
	assert_non_null(strchr(value_of("TLS library"), '/'));
}

static void process_terminal_and_files_are_reported_and_safe(void **state)
{
	char process[20];
	size_t i;

	fill_info(false);
	snprintf(process, sizeof(process), "%d", (int)getpid());
	assert_string_equal(value_of("process"), process);
	assert_string_equal(value_of("TERM"), "xterm-256color");
	assert_string_equal(value_of("locale"), "C.UTF-8");
	assert_string_equal(value_of("config file"), "/etc/caf\xc3\xa9.conf");
	assert_string_equal(value_of("pinned keys"), "/state/known_clusters");
	assert_string_equal(value_of("preferences"), "-");
	assert_string_equal(value_of("audit log"), "/state/^[[2Jactions.jsonl");
	fill_info(true);
	for (i = 0; i < self.info.count; i++)
		assert_int_equal(strspn(self.info.lines[i][1],
					"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
					"0123456789 .,:;+-_/^[]<>\\()"),
				 strlen(self.info.lines[i][1]));
	/* names fit in the column of 12 cells */
	for (i = 0; i < self.info.count; i++)
		assert_in_range(strlen(self.info.lines[i][0]), 1, 11);
	/* SELF_INFO_LINES is the exact number */
	assert_int_equal(self.info.count, SELF_INFO_LINES);
}

static void resident_memory_is_what_the_kernel_says(void **state)
{
	size_t size = (size_t)64 << 20;
	int64_t before, after;
	char *much;

	fill_info(false);
	before = self.info.memory_bytes();
	assert_true(before > 1 << 20);
	much = malloc(size);
	assert_non_null(much);
	memset(much, 1, size);
	after = self.info.memory_bytes();
	assert_true(much[size - 1] == 1);
	free(much);
	assert_in_range(after - before, size * 3 / 4, size * 3 / 2);
}

static void local_time_is_that_of_its_day(void **state)
{
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	assert_int_equal(self_info_local_offset(JULY), 7200);
	assert_int_equal(self_info_local_offset(DECEMBER), 3600);
	fill_info(false);
	assert_memory_equal(value_of("time zone"), "CE", 2);
	setenv("TZ", "IST-5:30", 1);
	tzset();
	assert_int_equal(self_info_local_offset(JULY), 19800);
	fill_info(false);
	assert_string_equal(value_of("time zone"), "IST, +0530 now");
	setenv("TZ", "UTC0", 1);
	tzset();
	assert_int_equal(self_info_local_offset(DECEMBER), 0);
	/* times without a calendar year */
	assert_int_equal(self_info_local_offset(INT64_MAX), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(versions_of_the_libraries_in_use_are_reported),
		cmocka_unit_test(process_terminal_and_files_are_reported_and_safe),
		cmocka_unit_test(resident_memory_is_what_the_kernel_says),
		cmocka_unit_test(local_time_is_that_of_its_day),
	};

	return tap_run(tests);
}
