#include "bdbtop/json/token.h"

#include <string.h>

#include "bdbtop/core/array.h"
#include "tests/tap.h"

static void the_token_of_a_reply_is_found_where_it_is(void **state)
{
	static const struct {
		const char *reply, *token; /* NULL: none */
	} cases[] = {
		{ "{\"access_token\":\"eyJ.e30.-_~+/=\"}", "eyJ.e30.-_~+/=" },
		{ " {\n \"a\" : { \"access_token\" : \"no\" } , \"access_token\" :\t\"yes\" } ",
		  "yes" },
		{ "{\"x\":[1,\"access_token\"],\"access_token\":\"t\"}", "t" },
		{ "{\"y\":\"\\\"access_token\\\":\\\"no\",\"access_token\":\"t\"}",
		  "t" },
		{ "{\"x\":\"access_token\",\"access_token\":\"t\"}", "t" },
		{ "{\"access_token\":\"\"}", NULL },
		{ "{\"access_token\":\"a\\nb\"}", NULL },
		{ "{\"access_token\":\"a b\"}", NULL },
		{ "{\"access_token\":7}", NULL },
		{ "{\"access_token\":\"t", NULL },
		{ "{\"access_token\":\"", NULL },
		{ "{\"access_token\":", NULL },
		{ "{\"access_token\"", NULL },
		{ "{\"access_token", NULL },
		{ "{\"access_token\\", NULL },
		{ "{\"access_tokens\":\"t\",\"access_toke\":\"t\"}", NULL },
		{ "[{\"access_token\":\"t\"}]", NULL },
		{ "\"access_token\":\"t\"", NULL },
		{ "<html>", NULL },
		{ "", NULL },
	};
	size_t i, at, length;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		/* without a NUL, so that valgrind sees a read beyond the end */
		size_t bytes = strlen(cases[i].reply);
		char *reply = malloc(bytes + !bytes);

		memcpy(reply, cases[i].reply, bytes);
		if (token_find(reply, bytes, &at, &length) < 0) {
			assert_null(cases[i].token);
		} else {
			assert_int_equal(length, strlen(cases[i].token));
			assert_memory_equal(reply + at, cases[i].token, length);
		}
		free(reply);
	}
}

static void only_characters_of_a_token_are_valid(void **state)
{
	assert_true(token_is_valid("eyJhbGciOiJIUzI1NiJ9.e30.AZaz09-_~+/="));
	assert_false(token_is_valid(""));
	assert_false(token_is_valid("JWT eyJ"));
	assert_false(token_is_valid("a\rb"));
	assert_false(token_is_valid("a\xc3\xa9"));
}

static void the_times_are_the_claims_of_the_token(void **state)
{
	static const struct {
		const char *token;
		int64_t issued_s, expires_s;
	} cases[] = {
		/* {"iat":1465475486,"uid":"1","exp":1465479096} */
		{ "eyJ.eyJpYXQiOjE0NjU0NzU0ODYsInVpZCI6IjEiLCJleHAiOjE0NjU0NzkwOTZ9.xyz",
		  1465475486, 1465479096 },
		/* {"exp": 12.75, "iat": "no"} */
		{ "e.eyJleHAiOiAxMi43NSwgImlhdCI6ICJubyJ9.", 0, 12 },
		/* {"exp":1234567890123456} */
		{ "e.eyJleHAiOjEyMzQ1Njc4OTAxMjM0NTZ9.", 0, 0 },
		/* {"exp":12, broken off */
		{ "e.eyJleHAiOjEy", 0, 12 },
		{ "e.!", 0, 0 },
		{ "opaque", 0, 0 },
		{ "", 0, 0 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct token_times times = token_times(cases[i].token);

		assert_int_equal(times.issued_s, cases[i].issued_s);
		assert_int_equal(times.expires_s, cases[i].expires_s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_token_of_a_reply_is_found_where_it_is),
		cmocka_unit_test(only_characters_of_a_token_are_valid),
		cmocka_unit_test(the_times_are_the_claims_of_the_token),
	};

	return tap_run(tests);
}
