#include "bdbtop/net/secret.h"

#include <sys/wait.h>
#include <unistd.h>

#include "bdbtop/core/array.h"
#include "tests/tap.h"

static void takes_a_variable_and_overwrites_it(void **state)
{
	struct secret *secret = secret_new();
	char value[] = "correct horse\r\n";
	static const char zeros[sizeof(value)];

	assert_int_equal(secret_from_env(secret, "PASSWORD", value, NULL), 0);
	assert_string_equal(secret_peek(secret), "correct horse");
	assert_true(secret_is_set(secret));
	assert_true(secret_was_trimmed(secret));
	secret_clear(secret);
	assert_false(secret_was_trimmed(secret));
	assert_memory_equal(value, zeros, sizeof(value));
	secret_free(secret);
}

static void is_empty_at_first_and_after_an_empty_variable(void **state)
{
	struct secret *secret = secret_new();
	char value[] = "";

	assert_false(secret_is_set(secret));
	assert_string_equal(secret_peek(secret), "");
	assert_int_equal(secret_from_env(secret, "PASSWORD", value, NULL), 0);
	assert_false(secret_is_set(secret));
	secret_free(secret);
}

static void takes_4096_bytes_and_no_more(void **state)
{
	struct secret *secret = secret_new();
	char value[4098];
	size_t i;

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

	assert_int_equal(secret_take(secret, value, sizeof(value) - 1), -1);
	assert_false(secret_is_set(secret));
	assert_memory_equal(value, "\0\0\0\0\0", 5);
	secret_free(secret);
}

static void leaves_nothing_of_a_longer_one_behind(void **state)
{
	struct secret *secret = secret_new();
	char longer[] = "a long password", shorter[] = "short";

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

	assert_int_equal(secret_from_env(secret, "PASSWORD", value, NULL), 0);
	child = fork();
	if (!child)
		_exit(secret_is_set(secret));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	secret_free(secret);
}

static void typed(struct secret *secret, const char *bytes)
{
	for (; *bytes; bytes++)
		assert_int_equal(secret_type(secret, *bytes), 0);
}

static void is_typed_a_byte_at_a_time_and_rubbed_out_a_character_at_a_time(void **state)
{
	struct secret *secret = secret_new();
	static const char zeros[16];

	secret_erase_last(secret);
	typed(secret, "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x94\x91");
	assert_string_equal(secret_peek(secret), "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x94\x91");
	secret_erase_last(secret);
	assert_string_equal(secret_peek(secret), "a\xc3\xa9\xe2\x82\xac");
	secret_erase_last(secret);
	assert_string_equal(secret_peek(secret), "a\xc3\xa9");
	secret_erase_last(secret);
	assert_string_equal(secret_peek(secret), "a");
	secret_erase_last(secret);
	assert_false(secret_is_set(secret));
	assert_memory_equal(secret_peek(secret), zeros, sizeof(zeros));
	secret_free(secret);
}

static void rubs_out_one_byte_where_no_character_ends(void **state)
{
	static const struct {
		const char *before, *after;
	} cases[] = {
		{ "a\xa9", "a" },
		{ "\xa9", "" },
		{ "ab\xa9\xa9", "ab\xa9" },
		{ "\xc3", "" },
		{ "\xe2\x82", "\xe2" },
		{ "\xc3\xa9\xa9", "\xc3\xa9" },
		{ "x\x80\x80\x80\x80\x80", "x\x80\x80\x80\x80" },
	};
	struct secret *secret = secret_new();
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		secret_clear(secret);
		typed(secret, cases[i].before);
		secret_erase_last(secret);
		assert_string_equal(secret_peek(secret), cases[i].after);
	}
	secret_free(secret);
}

static void takes_no_more_than_4096_typed_bytes_and_no_NUL(void **state)
{
	struct secret *secret = secret_new();
	int i;

	assert_int_equal(secret_type(secret, '\0'), -1);
	for (i = 0; i < 4096; i++)
		assert_int_equal(secret_type(secret, 'x'), 0);
	assert_int_equal(secret_type(secret, 'x'), -1);
	assert_int_equal(strlen(secret_peek(secret)), 4096);
	secret_free(secret);
}

static void moves_and_leaves_nothing(void **state)
{
	struct secret *from = secret_new(), *to = secret_new();
	static const char zeros[16];

	typed(to, "a much longer one than the other");
	typed(from, "new");
	secret_move(to, from);
	assert_memory_equal(secret_peek(to), "new\0\0\0\0\0\0", 9);
	assert_memory_equal(secret_peek(from), zeros, sizeof(zeros));
	assert_false(secret_is_set(from));
	secret_move(to, to);
	assert_string_equal(secret_peek(to), "new");
	secret_free(from);
	secret_free(to);
}

static void makes_the_header_of_every_length(void **state)
{
	static const struct {
		const char *user, *password, *header;
	} cases[] = {
		{ "a", "", "YTo=" },
		{ "a", "b", "YTpi" },
		{ "a", "bc", "YTpiYw==" },
		{ "a", "bcd", "YTpiY2Q=" },
		{ "a", "\xff\xfe\xfd:", "YTr//v06" },
	};
	struct secret *secret = secret_new();
	const struct login *login;
	char *header;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		secret_clear(secret);
		typed(secret, cases[i].password);
		login = &(const struct login){ cases[i].user, secret, SCHEME_BASIC };
		header = secret_authorization(login);
		assert_memory_equal(header, "Authorization: Basic ", 21);
		assert_string_equal(header + 21, cases[i].header);
		secret_authorization_free(header);
	}
	secret_authorization_free(NULL);
	secret_free(secret);
}

static void a_token_is_sent_as_it_is_after_the_name_of_its_scheme(void **state)
{
	static const char *const names[] = { [SCHEME_JWT] = "JWT", [SCHEME_BEARER] = "Bearer" };
	struct secret *secret = secret_new();
	enum login_scheme scheme;
	char want[80], *header;

	typed(secret, "{\"access_token\":\"eyJ.e30.-_\"}");
	assert_int_equal(secret_length(secret), 29);
	secret_keep(secret, 17, 9);
	assert_string_equal(secret_peek(secret), "eyJ.e30.-");
	for (scheme = SCHEME_JWT; scheme <= SCHEME_BEARER; scheme++) {
		header = secret_authorization(&(const struct login){ NULL, secret, scheme });
		snprintf(want, sizeof(want), "Authorization: %s eyJ.e30.-", names[scheme]);
		assert_string_equal(header, want);
		secret_authorization_free(header);
	}
	secret_free(secret);
}

static void accepts_null(void **state)
{
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
		cmocka_unit_test(is_typed_a_byte_at_a_time_and_rubbed_out_a_character_at_a_time),
		cmocka_unit_test(rubs_out_one_byte_where_no_character_ends),
		cmocka_unit_test(takes_no_more_than_4096_typed_bytes_and_no_NUL),
		cmocka_unit_test(moves_and_leaves_nothing),
		cmocka_unit_test(makes_the_header_of_every_length),
		cmocka_unit_test(a_token_is_sent_as_it_is_after_the_name_of_its_scheme),
		cmocka_unit_test(accepts_null),
	};

	return tap_run(tests);
}
