#include "main/save_prefs.h"
#include "tests/files.h"

/* Runs of the console that share a state directory. */
struct prefs_fixture {
	struct temp_dir dir;
	struct options options;
	struct config *config;
	struct environment env;
	struct settings settings;
	struct save_prefs save_prefs;
};

static int enter(void **state)
{
	struct prefs_fixture *fix = temp_dir_enter(state, sizeof(*fix), "prefs");

	fix->env.password = secret_new();
	return 0;
}

static int leave(void **state)
{
	struct prefs_fixture *fix = *state;

	secret_free(fix->env.password);
	return temp_dir_leave(state);
}

static void end(struct prefs_fixture *fix)
{
	config_free(fix->config);
	fix->config = NULL;
}

/* Starts a run with these options; saved preferences are in force. */
static void begin(struct prefs_fixture *fix, const char *filter, const char *sort)
{
	struct settings_input setup = { .options = &fix->options,
					.env = &fix->env,
					.path = "/dev/null" };
	struct err err;

	end(fix);
	fix->options = (struct options){ .cluster = "h:1" };
	fix->options.flag[CONFIG_FILTER] = filter;
	fix->options.flag[CONFIG_SORT] = sort;
	fix->config = config_read("/dev/null", false, stderr);
	setup.config = fix->config;
	assert_int_equal(settings_init(&fix->settings, &setup, &err), 0);
	fix->save_prefs =
		(struct save_prefs){ .settings = &fix->settings, .state = fix->dir.state };
	save_prefs_load(&fix->save_prefs, fix->settings.name);
}

static void shows(const struct prefs_fixture *fix, const char *filter, const char *sort)
{
	char word[PREFS_SORT];

	sort_order_format(&fix->settings.parsed.sort_order, word, sizeof(word));
	assert_string_equal(fix->settings.parsed.filter.expression, filter);
	assert_string_equal(word, sort);
}

static void recalls(const struct prefs_fixture *fix, const char *newest, const char *older)
{
	assert_string_equal(fix->save_prefs.saved.recent[0], newest);
	assert_string_equal(fix->save_prefs.saved.recent[1], older);
}

/* The user changes order and time format. */
static void choose_times(struct prefs_fixture *fix, const char *sort, enum time_format times)
{
	const struct recent_filters recent = { { "state:failed !dev", "orders" }, 2 };
	struct session_prefs prefs = { .times = times, .recent = &recent };

	assert_int_equal(sort_order_parse(&prefs.order, sort), 0);
	save_prefs_on_change(&fix->save_prefs, &prefs);
	assert_string_equal(fix->save_prefs.error.text, "");
}

static void choose(struct prefs_fixture *fix, const char *sort)
{
	choose_times(fix, sort, (enum time_format)fix->settings.parsed.times);
}

static void what_the_user_chose_is_there_in_the_next_run(void **state)
{
	struct prefs_fixture *fix = *state;

	begin(fix, NULL, NULL);
	shows(fix, "", "severity");
	assert_int_equal(fix->settings.parsed.times, TIMES_AGES);
	choose_times(fix, "-last-backup", TIMES_UTC);
	begin(fix, NULL, NULL);
	shows(fix, "", "-last-backup");
	recalls(fix, "state:failed !dev", "orders");
	assert_int_equal(fix->settings.parsed.times, TIMES_UTC);
	choose(fix, "severity");
	begin(fix, NULL, NULL);
	shows(fix, "", "severity");
	assert_int_equal(fix->settings.parsed.times, TIMES_UTC);
	end(fix);
}

/* The first release saved the filter in effect. */
static void a_filter_of_an_older_file_is_recalled_and_not_in_force(void **state)
{
	struct prefs_fixture *fix = *state;

	temp_dir_mkdir(&fix->dir);
	temp_dir_write(fix->dir.path, "h:1\tsort=name\tfilter=state:failed\n");
	begin(fix, NULL, NULL);
	shows(fix, "", "name");
	recalls(fix, "state:failed", "");
	begin(fix, "age>2d", NULL);
	shows(fix, "age>2d", "name");
	end(fix);
}

static void flags_beat_what_was_kept_and_are_not_kept(void **state)
{
	struct prefs_fixture *fix = *state;

	begin(fix, NULL, NULL);
	choose(fix, "name");
	begin(fix, NULL, "-db");
	shows(fix, "", "-db");
	/* only the time format was changed by the user */
	choose_times(fix, "-db", TIMES_LOCAL);
	begin(fix, NULL, NULL);
	shows(fix, "", "name");
	assert_int_equal(fix->settings.parsed.times, TIMES_LOCAL);
	end(fix);
}

static void what_was_changed_from_a_flag_and_back_is_the_users(void **state)
{
	struct prefs_fixture *fix = *state;

	begin(fix, NULL, "db");
	choose(fix, "db");
	begin(fix, NULL, NULL);
	shows(fix, "", "severity");
	begin(fix, NULL, "db");
	choose(fix, "name");
	choose(fix, "db");
	begin(fix, NULL, NULL);
	shows(fix, "", "db");
	end(fix);
}

static void a_folder_that_cannot_be_written_is_reported(void **state)
{
	struct prefs_fixture *fix = *state;
	const struct recent_filters recent = { .count = 0 };
	const struct session_prefs prefs = { .order = { .column = SORT_NAME }, .recent = &recent };

	begin(fix, NULL, NULL);
	fix->save_prefs.state = "/dev/null/nowhere";
	save_prefs_on_change(&fix->save_prefs, &prefs);
	assert_string_not_equal(fix->save_prefs.error.text, "");
	assert_string_equal(fix->save_prefs.saved.sort, "");
	/* the error goes away with the next success */
	fix->save_prefs.state = fix->dir.state;
	choose(fix, "name");
	end(fix);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_the_user_chose_is_there_in_the_next_run),
		TEST(a_filter_of_an_older_file_is_recalled_and_not_in_force),
		TEST(flags_beat_what_was_kept_and_are_not_kept),
		TEST(what_was_changed_from_a_flag_and_back_is_the_users),
		TEST(a_folder_that_cannot_be_written_is_reported),
	};

	return tap_run(tests);
}
