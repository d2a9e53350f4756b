/*
 * Where the password is in the memory of this process: during a request, and after its handles and
 * its secret are freed.  The server runs in a child process, because its log contains the password.
 */
#include "tests/net/needle.h"
#include "tests/net/trust_fixture.h"

static void forgets_the_password_with_its_handles(void **state)
{
	static const unsigned versions[] = { 12, 13 };
	const struct needle password = the_password(), header = the_header();
	size_t i, j;

	for (i = 0; i < 2; i++) {
		struct child child = child_new(versions[i], 1);
		struct secret *secret = secret_new();
		struct login login = { .user = USER, .password = secret };
		struct http_fd came = { .fd = child.fd };
		struct http_log log = { .http = http_new(NULL) };
		char typed[LENGTH], where[32];
		struct http_request request;
		struct endpoint target;

		assert_int_equal(count(&password) + count(&header), 0);
		for (j = 0; j < LENGTH; j++)
			typed[j] = password_at(j);
		assert_int_equal(secret_take(secret, typed, LENGTH), 0);
		snprintf(where, sizeof(where), "127.0.0.1:%u", child.at.port);
		target = endpoint_of(where, TRUST_CA, child.at.pem);
		request = get(&target);
		request.login = &login;
		send_at(&log, &request, false, 1000);
		while (!came.ready) {
			http_run(log.http, 1000);
			http_wait(log.http, &came, 1, -1);
		}
		/* the password is only in its own page; until the answer comes, libcurl may have a
		 * copy of the header that it sent */
		assert_int_equal(count(&password), 1);
		assert_in_range(count(&header), 1, 2);

		assert_int_equal(write(child.fd, "g", 1), 1);
		finish_at(&log, 1000);
		assert_int_equal(log.reply.status, 200);
		/* the connection stays open, without the header */
		assert_int_equal(count(&header), 0);
		http_free(log.http);
		assert_int_equal(count(&password), 1);
		secret_free(secret);
		assert_int_equal(count(&password), 0);
		assert_int_equal(count(&header), 0);
		child_free(&child);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forgets_the_password_with_its_handles),
	};

	return tap_run(tests);
}
