/*
 * Where the token is in the memory of this process: while a request with it is under way, after
 * that, and after its cluster is gone.  The server runs in a child process, because its log
 * contains the token too.
 */
#include "bdbtop/rest/rest.h"

#include "tests/net/needle.h"
#include "tests/net/trust_fixture.h"

static int on_list(void *arg, const struct observation *observation, int64_t now_ms)
{
	*(bool *)arg = true;
	return 0;
}

static void on_polling(void *arg, bool in_flight, int64_t now_ms)
{
}

static void on_failure(void *arg, const struct source_failure *failure, int64_t now_ms)
{
	fail_msg("%s", failure->error->text);
}

static void the_token_is_in_one_place_and_then_in_none(void **state)
{
	static const struct source_sink sink = { .on_observation = on_list,
						 .on_polling = on_polling,
						 .on_failure = on_failure };
	const struct needle token = the_password();
	struct child child = child_new(13, 2);
	struct secret *password = secret_new();
	struct http_fd came = { .fd = child.fd };
	struct http *http = http_new(NULL);
	struct address address;
	char where[40], typed[] = "pw";
	bool listed = false;
	struct rest_setup setup = { .addresses = &address,
				    .address_count = 1,
				    .trust = { .by = TRUST_CA, .capem = child.at.pem },
				    .auth = AUTH_TOKEN,
				    .login = { .user = USER, .password = password },
				    .name = "lab",
				    .interval_ms = 5000 };
	void *rest;

	assert_int_equal(count(&token), 0);
	assert_int_equal(secret_take(password, typed, 2), 0);
	snprintf(where, sizeof(where), "127.0.0.1:%u", child.at.port);
	assert_int_equal(address_parse(&address, where, NULL), 0);
	rest = rest_new(http, &setup, &sink, &listed);
	while (!came.ready) {
		http_run(http, 1000);
		rest_ops()->turn(rest, 1000);
		http_wait(http, &came, 1, 100);
	}
	/* in its own pages and in the header; until the answer comes, libcurl may have copies */
	assert_in_range(count(&token), 2, 4);
	assert_int_equal(write(child.fd, "g", 1), 1);
	while (!listed) {
		http_run(http, 1000);
		rest_ops()->turn(rest, 1000);
		http_wait(http, NULL, 0, 100);
	}
	assert_int_equal(count(&token), 1);
	rest_ops()->free(rest);
	assert_int_equal(count(&token), 0);
	http_free(http);
	secret_free(password);
	child_free(&child);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_token_is_in_one_place_and_then_in_none),
	};

	return tap_run(tests);
}
