#include "bdbtop/store/login_refusals.h"

#include "tests/files.h"

#define NOW 1795017731

struct store_fixture {
	struct temp_dir dir;
	struct login_refusals *refusals;
};

static int enter(void **state)
{
	struct store_fixture *fix = temp_dir_enter(state, sizeof(*fix), "refused");

	fix->refusals = login_refusals_new(fix->dir.state, NULL);
	return 0;
}

static int leave(void **state)
{
	struct store_fixture *fix = *state;

	login_refusals_free(fix->refusals);
	return temp_dir_leave(state);
}

static const struct refused_login admin = { "c.example:9443", "admin@prod.example",
					  "REDIS_ENTERPRISE_PASSWORD" };

static void a_refusal_holds_for_five_minutes_and_no_longer(void **state)
{
	struct store_fixture *fix = *state;

	assert_int_equal(login_refusals_age_s(fix->refusals, &admin, NOW), -1);
	assert_int_equal(login_refusals_record(fix->refusals, &admin, false, NOW, NULL), 0);
	assert_int_equal(login_refusals_age_s(fix->refusals, &admin, NOW), 0);
	assert_int_equal(login_refusals_age_s(fix->refusals, &admin, NOW + 12), 12);
	assert_int_equal(login_refusals_age_s(fix->refusals, &admin, NOW + 299), 299);
	assert_int_equal(login_refusals_age_s(fix->refusals, &admin, NOW + 300), -1);
}

static void the_last_refusal_counts(void **state)
{
	struct store_fixture *fix = *state;

	assert_int_equal(login_refusals_record(fix->refusals, &admin, false, NOW, NULL), 0);
	assert_int_equal(login_refusals_record(fix->refusals, &admin, false, NOW + 200, NULL), 0);
	assert_int_equal(login_refusals_age_s(fix->refusals, &admin, NOW + 400), 200);
}

static void a_success_ends_it(void **state)
{
	struct store_fixture *fix = *state;

	assert_int_equal(login_refusals_record(fix->refusals, &admin, false, NOW, NULL), 0);
	assert_int_equal(login_refusals_record(fix->refusals, &admin, true, NOW + 5, NULL), 0);
	assert_int_equal(login_refusals_age_s(fix->refusals, &admin, NOW + 5), -1);
	temp_dir_file_is(fix->dir.path, "");
}

static void a_success_without_a_refusal_leaves_nothing_behind(void **state)
{
	struct store_fixture *fix = *state;

	assert_int_equal(login_refusals_record(fix->refusals, &admin, true, NOW, NULL), 0);
	assert_int_equal(access(fix->dir.state, F_OK), -1);
}

static void cluster_user_and_source_all_report_one_from_another(void **state)
{
	static const struct refused_login others[] = {
		{ "d.example:9443", "admin@prod.example", "REDIS_ENTERPRISE_PASSWORD" },
		{ "c.example:9443", "operator", "REDIS_ENTERPRISE_PASSWORD" },
		{ "c.example:9443", "admin@prod.example", "/etc/password" },
	};
	struct store_fixture *fix = *state;
	size_t i;

	assert_int_equal(login_refusals_record(fix->refusals, &admin, false, NOW, NULL), 0);
	for (i = 0; i < 3; i++)
		assert_int_equal(login_refusals_age_s(fix->refusals, &others[i], NOW), -1);
	for (i = 0; i < 3; i++)
		assert_int_equal(login_refusals_record(fix->refusals, &others[i], true, NOW, NULL),
				 0);
	assert_int_equal(login_refusals_age_s(fix->refusals, &admin, NOW), 0);
}

static void without_a_cluster_any_cluster_counts(void **state)
{
	static const struct refused_login anywhere = { NULL, "admin@prod.example",
						     "REDIS_ENTERPRISE_PASSWORD" };
	static const struct refused_login there = { "d.example:9443", "admin@prod.example",
						  "REDIS_ENTERPRISE_PASSWORD" };
	static const struct refused_login other = { NULL, "admin@prod.example", "/etc/password" };
	struct store_fixture *fix = *state;

	assert_int_equal(login_refusals_record(fix->refusals, &admin, false, NOW, NULL), 0);
	assert_int_equal(login_refusals_record(fix->refusals, &there, false, NOW + 7, NULL), 0);
	assert_int_equal(login_refusals_age_s(fix->refusals, &anywhere, NOW + 10), 3);
	assert_int_equal(login_refusals_age_s(fix->refusals, &other, NOW + 10), -1);
}

static void words_with_blanks_newlines_and_percent_signs_stay_apart(void **state)
{
	static const struct refused_login odd = { "c.example:9443", "a b\n100%",
						"/my file\t\xc3\xa9" };
	static const struct refused_login like = { "c.example:9443", "a",
						 "b\n100% /my file\t\xc3\xa9" };
	static const struct refused_login nobody = { "c.example:9443", "", "" };
	struct store_fixture *fix = *state;

	assert_int_equal(login_refusals_record(fix->refusals, &odd, false, NOW, NULL), 0);
	temp_dir_file_is(fix->dir.path, "2026-11-18T16:02:11Z c.example:9443 a%20b%0A100%25 "
				     "/my%20file%09%C3%A9\n");
	assert_int_equal(login_refusals_age_s(fix->refusals, &odd, NOW), 0);
	assert_int_equal(login_refusals_age_s(fix->refusals, &like, NOW), -1);
	assert_int_equal(login_refusals_age_s(fix->refusals, &nobody, NOW), -1);
	assert_int_equal(login_refusals_record(fix->refusals, &nobody, false, NOW, NULL), 0);
	assert_int_equal(login_refusals_age_s(fix->refusals, &nobody, NOW), 0);
	assert_int_equal(login_refusals_age_s(fix->refusals, &odd, NOW), 0);
}

static void what_is_over_is_dropped_at_the_next_note(void **state)
{
	static const struct refused_login other = { "d.example:9443", "u", "s" };
	struct store_fixture *fix = *state;

	assert_int_equal(login_refusals_record(fix->refusals, &admin, false, NOW, NULL), 0);
	assert_int_equal(login_refusals_record(fix->refusals, &other, false, NOW + 300, NULL), 0);
	temp_dir_file_is(fix->dir.path, "2026-11-18T16:07:11Z d.example:9443 u s\n");
}

static void a_clock_that_was_put_back_does_not_refuse_for_ever(void **state)
{
	struct store_fixture *fix = *state;

	assert_int_equal(login_refusals_record(fix->refusals, &admin, false, NOW, NULL), 0);
	assert_int_equal(login_refusals_age_s(fix->refusals, &admin, NOW - 3), 0);
	assert_int_equal(login_refusals_age_s(fix->refusals, &admin, NOW - 86400), -1);
}

static void invalid_lines_are_ignored_and_dropped_at_the_next_write(void **state)
{
	struct store_fixture *fix = *state;

	temp_dir_mkdir(&fix->dir);
	temp_dir_write(
		fix->dir.path,
		"\n \nc.example:9443 admin@prod.example REDIS_ENTERPRISE_PASSWORD\n"
		"2026-11-18T16:02:11Z\n"
		"2026-11-18T16:02:11Zxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx a b c\n"
		"2026-11-18T16:02:11Z c.example:9443 admin@prod.example "
		"REDIS_ENTERPRISE_PASSWORD");
	assert_int_equal(login_refusals_age_s(fix->refusals, &admin, NOW + 1), 1);
	assert_int_equal(login_refusals_record(fix->refusals, &admin, false, NOW + 2, NULL), 0);
	temp_dir_file_is(fix->dir.path, "2026-11-18T16:02:13Z c.example:9443 admin@prod.example "
				     "REDIS_ENTERPRISE_PASSWORD\n");
}

static void a_file_that_cannot_be_used_is_no_refusal_and_a_note_says_why(void **state)
{
	struct store_fixture *fix = *state;
	struct err err;

	assert_int_equal(login_refusals_record(fix->refusals, &admin, false, NOW, NULL), 0);
	assert_int_equal(chmod(fix->dir.path, 0666), 0);
	assert_int_equal(login_refusals_age_s(fix->refusals, &admin, NOW), -1);
	assert_int_equal(login_refusals_record(fix->refusals, &admin, false, NOW, &err), -1);
	error_contains(&err, "The file of refused log-ins /");
	error_contains(&err, "can be written by others");
}

static void without_a_folder_there_is_no_refusal(void **state)
{
	struct login_refusals *guard = login_refusals_new(NULL, "");
	struct err err;

	assert_int_equal(login_refusals_age_s(guard, &admin, NOW), -1);
	assert_int_equal(login_refusals_record(guard, &admin, true, NOW, &err), 0);
	assert_int_equal(login_refusals_record(guard, &admin, false, NOW, &err), -1);
	error_contains(&err, "Set HOME or XDG_STATE_HOME");
	login_refusals_free(guard);
	login_refusals_free(NULL);
}

static void notes_of_two_processes_are_all_kept(void **state)
{
	struct store_fixture *fix = *state;
	char host[32];
	pid_t child[2];
	int k, i;

	for (k = 0; k < 2; k++) {
		child[k] = fork();
		if (!child[k]) {
			int failed = 0;

			for (i = 0; i < 20; i++) {
				const struct refused_login login = { host, "u", "s" };

				snprintf(host, sizeof(host), "n%d-%d:9443", k, i);
				failed |= login_refusals_record(fix->refusals, &login, false, NOW,
								NULL);
			}
			_exit(failed != 0);
		}
	}
	for (k = 0; k < 2; k++)
		temp_dir_reap(child[k]);
	for (i = 0; i < 40; i++) {
		const struct refused_login login = { host, "u", "s" };

		snprintf(host, sizeof(host), "n%d-%d:9443", i % 2, i / 2);
		assert_int_equal(login_refusals_age_s(fix->refusals, &login, NOW), 0);
	}
}

static void a_command_is_noted_by_its_hash_alone(void **state)
{
	char one[32], two[32], again[32];

	login_refusals_command_id(one, "echo hunter2");
	login_refusals_command_id(two, "echo hunter3");
	login_refusals_command_id(again, "echo hunter2");
	assert_string_equal(one, again);
	assert_string_not_equal(one, two);
	assert_memory_equal(one, "command:", 8);
	assert_int_equal(strlen(one), 24);
	assert_null(strstr(one, "hunter"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)
	const struct CMUnitTest tests[] = {
		TEST(a_refusal_holds_for_five_minutes_and_no_longer),
		TEST(the_last_refusal_counts),
		TEST(a_success_ends_it),
		TEST(a_success_without_a_refusal_leaves_nothing_behind),
		TEST(cluster_user_and_source_all_report_one_from_another),
		TEST(without_a_cluster_any_cluster_counts),
		TEST(words_with_blanks_newlines_and_percent_signs_stay_apart),
		TEST(what_is_over_is_dropped_at_the_next_note),
		TEST(a_clock_that_was_put_back_does_not_refuse_for_ever),
		TEST(invalid_lines_are_ignored_and_dropped_at_the_next_write),
		TEST(a_file_that_cannot_be_used_is_no_refusal_and_a_note_says_why),
		TEST(without_a_folder_there_is_no_refusal),
		TEST(notes_of_two_processes_are_all_kept),
		TEST(a_command_is_noted_by_its_hash_alone),
	};

	return tap_run(tests);
}
