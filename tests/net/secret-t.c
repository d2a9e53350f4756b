#include "bdbtop/net/secret.h"

#include "tests/tap.h"

#include <sys/wait.h>
#include <unistd.h>

static void takes_a_variable_and_overwrites_it(void **state)
{
	struct secret *secret = secret_new();
	char value[] = "correct horse";
	static const char zeros[sizeof(value)];

	(void)state;
	assert_int_equal(secret_from_env(secret, value), 0);
	assert_string_equal(secret_peek(secret), "correct horse");
	assert_true(secret_is_set(secret));
	assert_memory_equal(value, zeros, sizeof(value));
	secret_free(secret);
}

static void is_empty_at_first_and_after_an_empty_variable(void **state)
{
	struct secret *secret = secret_new();
	char value[] = "";

	(void)state;
	assert_false(secret_is_set(secret));
	assert_string_equal(secret_peek(secret), "");
	assert_int_equal(secret_from_env(secret, value), 0);
	assert_false(secret_is_set(secret));
	secret_free(secret);
}

static void takes_4096_bytes_and_no_more(void **state)
{
	struct secret *secret = secret_new();
	char value[4098];
	size_t i;

	(void)state;
	memset(value, 'p', sizeof(value));
	assert_int_equal(secret_take(secret, value, 4096), 0);
	assert_int_equal(strlen(secret_peek(secret)), 4096);

	memset(value, 'q', sizeof(value));
	assert_int_equal(secret_take(secret, value, 4097), -1);
	assert_false(secret_is_set(secret));
	for (i = 0; i < 4097; i++)
		assert_int_equal(value[i], 0);
	secret_free(secret);
}

static void refuses_a_NUL_which_would_be_sent_as_a_shorter_password(void **state)
{
	struct secret *secret = secret_new();
	char value[] = "half\0of it";

	(void)state;
	assert_int_equal(secret_take(secret, value, sizeof(value) - 1), -1);
	assert_false(secret_is_set(secret));
	assert_memory_equal(value, "\0\0\0\0\0", 5);
	secret_free(secret);
}

static void leaves_nothing_of_a_longer_one_behind(void **state)
{
	struct secret *secret = secret_new();
	char longer[] = "a long password", shorter[] = "short";

	(void)state;
	assert_int_equal(secret_take(secret, longer, strlen(longer)), 0);
	assert_int_equal(secret_take(secret, shorter, strlen(shorter)), 0);
	assert_memory_equal(secret_peek(secret), "short\0\0\0\0\0\0\0\0\0\0", 15);
	secret_free(secret);
}

static void is_empty_in_a_child(void **state)
{
	struct secret *secret = secret_new();
	char value[] = "not for children";
	int status;
	pid_t child;

	(void)state;
	assert_int_equal(secret_from_env(secret, value), 0);
	child = fork();
	if (!child)
		_exit(secret_is_set(secret));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	secret_free(secret);
}

static void bears_none(void **state)
{
	(void)state;
	secret_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_a_variable_and_overwrites_it),
		cmocka_unit_test(is_empty_at_first_and_after_an_empty_variable),
		cmocka_unit_test(takes_4096_bytes_and_no_more),
		cmocka_unit_test(refuses_a_NUL_which_would_be_sent_as_a_shorter_password),
		cmocka_unit_test(leaves_nothing_of_a_longer_one_behind),
		cmocka_unit_test(is_empty_in_a_child),
		cmocka_unit_test(bears_none),
	};

	return tap_run(tests);
}
