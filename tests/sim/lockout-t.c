#include "sim/lockout.h"

#include "tests/tap.h"

static struct sim_lockout lockout_with(const char *password)
{
	struct sim_lockout lockout = { NULL, 0, 0 };

	assert_true(sim_lockout_add(&lockout, "me", password, sim_role_find("admin")));
	return lockout;
}

static void only_the_right_password_logs_in(void **state)
{
	struct sim_lockout lockout = lockout_with("good");

	assert_non_null(sim_lockout_log_in(&lockout, "me", "good", 0));
	assert_null(sim_lockout_log_in(&lockout, "me", "bad", 0));
	assert_null(sim_lockout_log_in(&lockout, "you", "good", 0));
	assert_null(sim_lockout_log_in(&lockout, NULL, NULL, 0));
	assert_null(sim_lockout_log_in(&lockout, "me", NULL, 0));
	assert_false(sim_lockout_add(&lockout, "me", "again", sim_role_find("admin")));
	sim_lockout_release(&lockout);
}

static void five_failures_within_15_minutes_lock_for_30(void **state)
{
	struct sim_lockout lockout = lockout_with("good");
	int i;

	for (i = 0; i < 4; i++)
		assert_null(sim_lockout_log_in(&lockout, "me", "bad", i));
	assert_non_null(sim_lockout_log_in(&lockout, "me", "good", 5));
	for (i = 0; i < 5; i++)
		assert_null(sim_lockout_log_in(&lockout, "me", "bad", 10 + i));
	assert_null(sim_lockout_log_in(&lockout, "me", "good", 15));
	assert_null(sim_lockout_log_in(&lockout, "me", "good", 14 + SIM_LOCKOUT_MS - 1));
	assert_non_null(sim_lockout_log_in(&lockout, "me", "good", 14 + SIM_LOCKOUT_MS));
	sim_lockout_release(&lockout);
}

static void old_failures_do_not_count(void **state)
{
	struct sim_lockout lockout = lockout_with("good");
	int i;

	for (i = 0; i < 20; i++)
		assert_null(
			sim_lockout_log_in(&lockout, "me", "bad", i * (SIM_LOCKOUT_WITHIN_MS / 4)));
	assert_non_null(
		sim_lockout_log_in(&lockout, "me", "good", 20 * (SIM_LOCKOUT_WITHIN_MS / 4)));
	sim_lockout_release(&lockout);
}

static void requests_without_credentials_lock_no_user(void **state)
{
	struct sim_lockout lockout = lockout_with("good");
	int i;

	for (i = 0; i < 10; i++)
		assert_null(sim_lockout_log_in(&lockout, NULL, NULL, i));
	assert_non_null(sim_lockout_log_in(&lockout, "me", "good", 10));
	sim_lockout_release(&lockout);
}

static void a_lock_also_refuses_a_new_password(void **state)
{
	struct sim_lockout lockout = lockout_with("old");

	sim_lockout_set_password(sim_lockout_find(&lockout, "me"), "new");
	assert_null(sim_lockout_log_in(&lockout, "me", "old", 0));
	assert_non_null(sim_lockout_log_in(&lockout, "me", "new", 0));
	sim_lockout_lock(sim_lockout_find(&lockout, "me"), 7);
	sim_lockout_set_password(sim_lockout_find(&lockout, "me"), "newer");
	assert_null(sim_lockout_log_in(&lockout, "me", "newer", 7 + SIM_LOCKOUT_MS - 1));
	assert_non_null(sim_lockout_log_in(&lockout, "me", "newer", 7 + SIM_LOCKOUT_MS));
	sim_lockout_release(&lockout);
}

static void a_user_without_a_password_gets_a_random_one(void **state)
{
	struct sim_lockout one = lockout_with(NULL), two = lockout_with(NULL),
			   kept = lockout_with("kept");

	assert_null(sim_lockout_log_in(&one, "me", "", 0));
	assert_true(sim_lockout_set_passwords(&one));
	assert_true(sim_lockout_set_passwords(&two));
	assert_true(sim_lockout_set_passwords(&kept));
	assert_int_equal(strlen(one.users[0].password), 24);
	assert_string_not_equal(one.users[0].password, two.users[0].password);
	assert_string_equal(kept.users[0].password, "kept");
	sim_lockout_release(&one);
	sim_lockout_release(&two);
	sim_lockout_release(&kept);
}

static void roles_reset_as_the_permission_tables_say(void **state)
{
	static const struct {
		const char *word;
		bool reads, resets;
	} roles[] = {
		{ "admin", true, true },	  { "cluster_member", true, true },
		{ "cluster_viewer", true, false }, { "db_member", true, true },
		{ "db_viewer", true, false },	  { "user_manager", true, false },
		{ "none", false, false },
	};
	size_t i;

	for (i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		assert_int_equal(sim_role_find(roles[i].word)->reads, roles[i].reads);
		assert_int_equal(sim_role_find(roles[i].word)->resets, roles[i].resets);
	}
	assert_null(sim_role_find("king"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_the_right_password_logs_in),
		cmocka_unit_test(five_failures_within_15_minutes_lock_for_30),
		cmocka_unit_test(old_failures_do_not_count),
		cmocka_unit_test(requests_without_credentials_lock_no_user),
		cmocka_unit_test(a_lock_also_refuses_a_new_password),
		cmocka_unit_test(a_user_without_a_password_gets_a_random_one),
		cmocka_unit_test(roles_reset_as_the_permission_tables_say),
	};

	return tap_run(tests);
}
