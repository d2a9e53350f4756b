#include "main/save_prefs.h"
#include "tests/store/temp_dir.h"

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
	struct prefs_fixture *rig = calloc(1, sizeof(*rig));

	if (temp_dir_init(&rig->dir, "prefs") < 0)
		return -1;
	rig->env.password = secret_new();
	*state = rig;
	return 0;
}

static int leave(void **state)
{
	struct prefs_fixture *rig = *state;

	secret_free(rig->env.password);
	temp_dir_release(rig->dir.top);
	free(rig);
	return 0;
}

static void end(struct prefs_fixture *rig)
{
	config_free(rig->config);
	rig->config = NULL;
}

/* Starts a run with these options; saved preferences are in force. */
static void begin(struct prefs_fixture *rig, const char *filter, const char *sort)
{
	struct settings_input makings = { .options = &rig->options,
					  .env = &rig->env,
					  .path = "/dev/null" };
	struct err err;

	end(rig);
	rig->options = (struct options){ .cluster = "h:1" };
	rig->options.flag[CONFIG_FILTER] = filter;
	rig->options.flag[CONFIG_SORT] = sort;
	rig->config = config_read("/dev/null", false, stderr);
	makings.config = rig->config;
	assert_int_equal(settings_init(&rig->settings, &makings, &err), 0);
	rig->save_prefs =
		(struct save_prefs){ .settings = &rig->settings, .state = rig->dir.state };
	save_prefs_load(&rig->save_prefs, rig->settings.name);
}

static void shows(const struct prefs_fixture *rig, const char *filter, const char *sort)
{
	char word[PREFS_SORT];

	sort_order_format(&rig->settings.sort_order, word, sizeof(word));
	assert_string_equal(rig->settings.filter.expression, filter);
	assert_string_equal(word, sort);
}

/* The user changes filter and order. */
static void choose(struct prefs_fixture *rig, const char *filter, const char *sort)
{
	struct sort_order order;

	assert_int_equal(sort_order_parse(&order, sort), 0);
	save_prefs_on_change(&rig->save_prefs, filter, order);
	assert_string_equal(rig->save_prefs.error.text, "");
}

static void what_the_user_chose_is_there_in_the_next_run(void **state)
{
	struct prefs_fixture *rig = *state;

	begin(rig, NULL, NULL);
	shows(rig, "", "severity");
	choose(rig, "state:failed !dev", "-last-backup");
	begin(rig, NULL, NULL);
	shows(rig, "state:failed !dev", "-last-backup");
	choose(rig, "", "severity");
	begin(rig, NULL, NULL);
	shows(rig, "", "severity");
	end(rig);
}

static void flags_beat_what_was_kept_and_are_not_kept(void **state)
{
	struct prefs_fixture *rig = *state;

	begin(rig, NULL, NULL);
	choose(rig, "state:failed", "name");
	begin(rig, "age>2d", "-db");
	shows(rig, "age>2d", "-db");
	/* only the order was changed by the user */
	choose(rig, "age>2d", "export");
	begin(rig, NULL, NULL);
	shows(rig, "state:failed", "export");
	/* an empty filter option counts too */
	begin(rig, "", NULL);
	shows(rig, "", "export");
	end(rig);
}

static void what_was_changed_from_a_flag_and_back_is_the_users(void **state)
{
	struct prefs_fixture *rig = *state;

	begin(rig, " age>2d ", NULL);
	choose(rig, "age>2d", "severity");
	begin(rig, NULL, NULL);
	shows(rig, "", "severity");
	begin(rig, "age>2d", NULL);
	choose(rig, "other", "severity");
	choose(rig, "age>2d", "severity");
	begin(rig, NULL, NULL);
	shows(rig, "age>2d", "severity");
	end(rig);
}

static void a_folder_that_cannot_be_written_is_reported(void **state)
{
	struct prefs_fixture *rig = *state;
	struct sort_order order = { .column = SORT_NAME };

	begin(rig, NULL, NULL);
	rig->save_prefs.state = "/dev/null/nowhere";
	save_prefs_on_change(&rig->save_prefs, "x", order);
	assert_string_not_equal(rig->save_prefs.error.text, "");
	assert_string_equal(rig->save_prefs.saved.filter, "");
	/* the error goes away with the next success */
	rig->save_prefs.state = rig->dir.state;
	choose(rig, "x", "name");
	end(rig);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_the_user_chose_is_there_in_the_next_run),
		TEST(flags_beat_what_was_kept_and_are_not_kept),
		TEST(what_was_changed_from_a_flag_and_back_is_the_users),
		TEST(a_folder_that_cannot_be_written_is_reported),
	};

	return tap_run(tests);
}
