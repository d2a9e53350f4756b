#include "bdbtop/core/login_refusal.h"

#include "bdbtop/core/array.h"
#include "tests/tap.h"

static void finds_why_a_log_in_was_refused_in_the_clusters_words(void **state)
{
	static const struct {
		const char *words;
		enum login_refusal refusal;
	} rows[] = {
		{ "password_expired", LOGIN_EXPIRED },
		{ "Password has expired", LOGIN_EXPIRED },
		{ "PASSWORD EXPIRED.", LOGIN_EXPIRED },
		{ "user_locked", LOGIN_LOCKED },
		{ "Account is locked: too many attempts", LOGIN_LOCKED },
		{ "Basic authentication is disabled", LOGIN_DISABLED },
		{ "account-disabled", LOGIN_DISABLED },
		{ "", LOGIN_REFUSED },
		{ "unauthorized", LOGIN_REFUSED },
		{ "the account was unlocked", LOGIN_REFUSED },
		{ "blocked by a gateway", LOGIN_REFUSED },
		{ "expiredness", LOGIN_REFUSED },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		if (login_refusal_find(rows[i].words) != rows[i].refusal)
			fail_msg("%s", rows[i].words);
}

static void each_refusal_with_a_cause_has_a_remedy_of_its_own(void **state)
{
	assert_string_equal(login_refusal_remedy(LOGIN_REFUSED), "");
	assert_string_equal(login_refusal_remedy(LOGIN_EXPIRED),
			    "The password has expired: change it in the web interface.");
	assert_string_equal(login_refusal_remedy(LOGIN_LOCKED),
			    "The account is locked: ask an administrator to unlock it.");
	assert_string_equal(login_refusal_remedy(LOGIN_DISABLED),
			    "The account, or this way to log in, is disabled: ask an "
			    "administrator to enable it.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_why_a_log_in_was_refused_in_the_clusters_words),
		cmocka_unit_test(each_refusal_with_a_cause_has_a_remedy_of_its_own),
	};

	return tap_run(tests);
}
