#include "bdbtop/store/name_cache.h"

#include "tests/files.h"

#define NOW INT64_C(1795292045)

struct names_fixture {
	struct temp_dir dir;
	struct name_cache *cache;
};

static int enter(void **state)
{
	struct names_fixture *fix = temp_dir_enter(state, sizeof(*fix), "names");

	fix->cache = name_cache_new(fix->dir.state, NULL, "prod-eu");
	return 0;
}

static int leave(void **state)
{
	struct names_fixture *fix = *state;

	name_cache_free(fix->cache);
	return temp_dir_leave(state);
}

static void save(const struct names_fixture *fix, int64_t now_s)
{
	struct err err = { 0 };

	if (name_cache_save(fix->cache, now_s, &err) < 0)
		fail_msg("%s", err.text);
}

static void a_private_file_has_a_line_for_each_database(void **state)
{
	struct names_fixture *fix = *state;
	struct stat st;

	name_cache_add(fix->cache, 12, "orders-eu");
	name_cache_add(fix->cache, 44, "ledger");
	save(fix, NOW);
	assert_int_equal(stat(fix->dir.path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	temp_dir_file_is(fix->dir.path, "1795292045\tprod-eu\t12\torders-eu\n"
					"1795292045\tprod-eu\t44\tledger\n");
}

static void a_name_that_needs_care_on_a_command_line_is_left_out(void **state)
{
	static const char *const names[] = { "$(reboot)", "a b",  "-n", "12",	"db:1",
					     "a\tb",	  "a\nb", "",	"a;ls", "\xc3\xa4" };
	struct names_fixture *fix = *state;
	char *text, *line, *rest;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		name_cache_add(fix->cache, (int64_t)i, names[i]);
	save(fix, NOW);
	text = rest = temp_dir_read(fix->dir.path);
	for (i = 0; (line = strsep(&rest, "\n")) && *line; i++) {
		assert_int_equal(strncmp(line, "1795292045\tprod-eu\t", 19), 0);
		assert_int_equal(strspn(line + 19, "0123456789"), strlen(line + 19) - 1);
		assert_int_equal(line[strlen(line) - 1], '\t');
	}
	assert_int_equal(i, sizeof(names) / sizeof(names[0]));
	free(text);
}

static void the_lines_of_other_clusters_stay_for_a_day(void **state)
{
	struct names_fixture *fix = *state;

	temp_dir_mkdir(&fix->dir);
	temp_dir_write(fix->dir.path, "1795205645\told\t1\ta\n"
				      "1795205646\tprod\t2\tb\n"
				      "1795292000\tprod-eu\t3\tc\n"
				      "not a line\n"
				      "1795292000\tprod-eu-2\t4\td\n"
				      "1999999999\tahead\t5\te\n");
	name_cache_add(fix->cache, 12, "orders-eu");
	save(fix, NOW);
	temp_dir_file_is(fix->dir.path, "1795205646\tprod\t2\tb\n"
					"1795292000\tprod-eu-2\t4\td\n"
					"1795292045\tprod-eu\t12\torders-eu\n");
}

/* The console saves after each poll. */
static void the_same_names_are_written_once_an_hour(void **state)
{
	struct names_fixture *fix = *state;
	int64_t at_s;

	for (at_s = NOW; at_s <= NOW + 3600; at_s += 5) {
		name_cache_add(fix->cache, 12, "orders-eu");
		save(fix, at_s);
		assert_int_equal(access(fix->dir.path, F_OK),
				 at_s == NOW || at_s == NOW + 3600 ? 0 : -1);
		unlink(fix->dir.path);
	}
	name_cache_add(fix->cache, 12, "orders-us");
	save(fix, at_s);
	assert_int_equal(access(fix->dir.path, F_OK), 0);
}

static void a_cluster_has_a_limited_number_of_lines(void **state)
{
	struct names_fixture *fix = *state;
	char *text;
	int64_t uid;

	for (uid = 1; uid <= 2001; uid++)
		name_cache_add(fix->cache, uid, "a");
	save(fix, NOW);
	text = temp_dir_read(fix->dir.path);
	assert_non_null(strstr(text, "\t2000\ta\n"));
	assert_null(strstr(text, "\t2001\ta\n"));
	free(text);
}

static void a_cluster_with_a_tab_in_its_name_is_refused(void **state)
{
	struct names_fixture *fix = *state;
	struct err err;
	struct name_cache *cache = name_cache_new(fix->dir.state, NULL, "a\tb");

	name_cache_add(cache, 12, "orders-eu");
	assert_int_equal(name_cache_save(cache, NOW, &err), -1);
	error_contains(&err, "control character");
	assert_int_equal(access(fix->dir.path, F_OK), -1);
	name_cache_free(cache);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_private_file_has_a_line_for_each_database, enter,
						leave),
		cmocka_unit_test_setup_teardown(
			a_name_that_needs_care_on_a_command_line_is_left_out, enter, leave),
		cmocka_unit_test_setup_teardown(the_lines_of_other_clusters_stay_for_a_day, enter,
						leave),
		cmocka_unit_test_setup_teardown(the_same_names_are_written_once_an_hour, enter,
						leave),
		cmocka_unit_test_setup_teardown(a_cluster_has_a_limited_number_of_lines, enter,
						leave),
		cmocka_unit_test_setup_teardown(a_cluster_with_a_tab_in_its_name_is_refused, enter,
						leave),
	};

	return tap_run(tests);
}
