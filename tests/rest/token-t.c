/*
 * The state of a token on a fake clock; tests/rest/token_login-t.c has the requests.
 */
#include "rest/token.h"

#include "bdbtop/core/array.h"
#include "tests/tap.h"

/* {"iat":1000,"exp":1100} */
#define CLAIMS "eyJpYXQiOjEwMDAsImV4cCI6MTEwMH0"
#define REPLY  "{\"access_token\":\"h." CLAIMS ".s\"}"

static int enter(void **state)
{
	struct token *token = calloc(1, sizeof(*token));

	*state = token;
	return token_init(token, NULL);
}

static int leave(void **state)
{
	token_release(*state);
	free(*state);
	return 0;
}

static int reply(struct token *token, enum token_step step, const char *text, int64_t now_ms,
		 int64_t date_s)
{
	token_on_requested(token);
	assert_int_equal(token_feed(token, text, strlen(text), NULL), 0);
	return token_on_reply(token, step, now_ms, date_s);
}

/* A token of 100 s, fetched at 0. */
static void fetch(struct token *token)
{
	assert_int_equal(reply(token, TOKEN_AUTHORIZE, REPLY, 0, 1000), 0);
}

static void none_is_fetched_and_then_renewed_at_half_its_lifetime(void **state)
{
	struct token *token = *state;

	assert_false(token_is_usable(token, 0));
	assert_int_equal(token_due(token, 7), 7);
	assert_int_equal(token_next_step(token, 7), TOKEN_AUTHORIZE);
	token_on_requested(token);
	assert_int_equal(token_next_step(token, 7), TOKEN_WAIT);
	assert_true(token_due(token, 7) == TIME_NEVER);
	fetch(token);
	assert_string_equal(secret_peek(token->value), "h." CLAIMS ".s");
	assert_false(secret_is_set(token->reply));
	assert_int_equal(token_next_step(token, 49999), TOKEN_WAIT);
	assert_int_equal(token_due(token, 7), 50000);
	assert_int_equal(token_next_step(token, 50000), TOKEN_REFRESH);
	assert_int_equal(reply(token, TOKEN_REFRESH, REPLY, 50000, 1000), 0);
	assert_int_equal(token_next_step(token, 99999), TOKEN_WAIT);
	assert_int_equal(token_due(token, 60000), 100000);
}

static void the_lifetime_is_what_is_left_by_the_clock_of_the_cluster(void **state)
{
	static const struct {
		const char *reply;
		int64_t date_s, life_ms;
	} cases[] = {
		{ REPLY, 1040, 60000 },
		{ REPLY, 0, 100000 },
		/* a date that cannot be: what was asked for */
		{ REPLY, 1200, TOKEN_TTL_S * 1000 },
		{ "{\"access_token\":\"opaque\"}", 1040, TOKEN_TTL_S * 1000 },
		/* {"exp":99999999999}: no longer than a cluster grants */
		{ "{\"access_token\":\"h.eyJleHAiOjk5OTk5OTk5OTk5fQ.s\"}", 1000, 86400000 },
	};
	struct token *token = *state;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(reply(token, TOKEN_AUTHORIZE, cases[i].reply, 5, cases[i].date_s),
				 0);
		assert_int_equal(token->expires_ms, 5 + cases[i].life_ms);
		assert_true(token_is_usable(token, 4 + cases[i].life_ms));
		assert_false(token_is_usable(token, 5 + cases[i].life_ms));
	}
}

static void a_reply_without_a_token_leaves_the_old_one(void **state)
{
	struct token *token = *state;
	char many[5000];

	fetch(token);
	assert_int_equal(reply(token, TOKEN_REFRESH, "{\"access_token\":\"a b\"}", 50000, 0), -1);
	assert_false(secret_is_set(token->reply));
	assert_true(token_is_usable(token, 50000));
	memset(many, 'a', sizeof(many));
	assert_int_equal(token_feed(token, many, sizeof(many), NULL), -1);
}

static void a_put_needs_a_token_that_outlives_it(void **state)
{
	struct token *token = *state;

	assert_false(token_lasts(token, 0, 10000));
	fetch(token);
	assert_true(token_lasts(token, 89999, 10000));
	assert_false(token_lasts(token, 90000, 10000));
	/* a lifetime shorter than that of a PUT */
	assert_int_equal(reply(token, TOKEN_AUTHORIZE, REPLY, 0, 1094), 0);
	assert_true(token_lasts(token, 2999, 10000));
	assert_false(token_lasts(token, 3000, 10000));
}

static void a_renewal_that_fails_is_tried_again_until_the_token_expires(void **state)
{
	struct token *token = *state;

	fetch(token);
	token_on_requested(token);
	token_on_failure(token, TOKEN_REFRESH, false, 0, 50000);
	assert_int_equal(token_due(token, 50000), 62500);
	assert_int_equal(token_next_step(token, 62499), TOKEN_WAIT);
	assert_int_equal(token_next_step(token, 62500), TOKEN_REFRESH);
	token_on_failure(token, TOKEN_REFRESH, false, 0, 95000);
	assert_int_equal(token_due(token, 95000), 100000);
	assert_int_equal(token_next_step(token, 100000), TOKEN_AUTHORIZE);
}

static void a_refused_renewal_makes_room_for_a_log_in_at_once(void **state)
{
	struct token *token = *state;

	fetch(token);
	token_on_requested(token);
	token_on_failure(token, TOKEN_REFRESH, true, 0, 50000);
	assert_int_equal(token_next_step(token, 50000), TOKEN_AUTHORIZE);
	/* the old token is good until then */
	assert_true(token_is_usable(token, 50000));
	fetch(token);
	assert_int_equal(token_next_step(token, 50000), TOKEN_REFRESH);
}

static void a_fresh_token_that_is_refused_is_sent_once_more_as_bearer(void **state)
{
	struct token *token = *state;

	fetch(token);
	assert_int_equal(token->scheme, SCHEME_JWT);
	assert_int_equal(token_on_401(token, false), TOKEN_REFUSED);
	assert_int_equal(token->scheme, SCHEME_JWT);
	assert_int_equal(token_on_401(token, true), TOKEN_OTHER_SCHEME);
	assert_int_equal(token->scheme, SCHEME_BEARER);
	assert_int_equal(token_on_401(token, true), TOKEN_REFUSED);
	/* nothing was learned: the next log-in begins as this one did */
	token_clear(token);
	assert_int_equal(token->scheme, SCHEME_JWT);
}

static void the_scheme_is_learned_once(void **state)
{
	struct token *token = *state;

	fetch(token);
	assert_int_equal(token_on_401(token, true), TOKEN_OTHER_SCHEME);
	token_on_success(token, 0, 1);
	token_clear(token);
	fetch(token);
	assert_int_equal(token->scheme, SCHEME_BEARER);
	assert_int_equal(token_on_401(token, true), TOKEN_REFUSED);
}

static void a_token_that_worked_and_is_refused_has_ended_once(void **state)
{
	struct token *token = *state;

	fetch(token);
	token_on_success(token, 0, 1);
	assert_int_equal(token_on_401(token, false), TOKEN_REFUSED);
	assert_int_equal(token_on_401(token, true), TOKEN_ENDED);
	assert_int_equal(token_next_step(token, 2), TOKEN_AUTHORIZE);
	fetch(token);
	token_on_success(token, 0, 3);
	assert_int_equal(token_on_401(token, true), TOKEN_REFUSED);
	/* one that was renewed had not ended */
	assert_int_equal(reply(token, TOKEN_REFRESH, REPLY, 4, 1000), 0);
	token_on_success(token, 0, 5);
	assert_int_equal(token_on_401(token, true), TOKEN_ENDED);
}

static void a_supplied_token_is_used_as_it_is(void **state)
{
	char text[] = "h." CLAIMS ".s";
	struct secret *supplied = secret_new();
	struct token token;

	assert_int_equal(secret_take(supplied, text, strlen(text)), 0);
	assert_int_equal(token_init(&token, supplied), 0);
	assert_false(secret_is_set(supplied));
	assert_true(token_due(&token, 7) == TIME_NEVER);
	assert_int_equal(token_next_step(&token, 7), TOKEN_WAIT);
	assert_true(token_lasts(&token, INT64_C(1) << 50, 10000));
	/* the first reply with a date shows how long it lasts; it is not renewed */
	token_on_success(&token, 0, 8);
	token_on_success(&token, 1090, 10);
	token_on_success(&token, 1095, 11);
	assert_int_equal(token_next_step(&token, 10009), TOKEN_WAIT);
	assert_true(token_is_usable(&token, 10009));
	assert_int_equal(token_due(&token, 11), 10010);
	assert_false(token_is_usable(&token, 10010));
	assert_int_equal(token_on_401(&token, true), TOKEN_REFUSED);
	token_release(&token);
	secret_free(supplied);
}

#define EACH(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(none_is_fetched_and_then_renewed_at_half_its_lifetime),
		EACH(the_lifetime_is_what_is_left_by_the_clock_of_the_cluster),
		EACH(a_reply_without_a_token_leaves_the_old_one),
		EACH(a_put_needs_a_token_that_outlives_it),
		EACH(a_renewal_that_fails_is_tried_again_until_the_token_expires),
		EACH(a_refused_renewal_makes_room_for_a_log_in_at_once),
		EACH(a_fresh_token_that_is_refused_is_sent_once_more_as_bearer),
		EACH(the_scheme_is_learned_once),
		EACH(a_token_that_worked_and_is_refused_has_ended_once),
		cmocka_unit_test(a_supplied_token_is_used_as_it_is),
	};

	return tap_run(tests);
}
