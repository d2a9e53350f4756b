#include "bdbtop/net/address.h"

#include "bdbtop/core/array.h"
#include "tests/tap.h"

static void reads_what_stands_for_a_cluster(void **state)
{
	static const struct {
		const char *typed, *host, *shown, *url;
		unsigned port;
		bool tls, loopback, port_given;
	} rows[] = {
		{ "https://c.example:9443", "c.example", "c.example:9443", "https://c.example:9443",
		  9443, true, false, true },
		{ "https://c.example:9443/", "c.example", "c.example:9443",
		  "https://c.example:9443", 9443, true, false, true },
		{ "HTTPS://c.example", "c.example", "c.example:443", "https://c.example:443", 443,
		  true, false, false },
		{ "c.example", "c.example", "c.example:9443", "https://c.example:9443", 9443, true,
		  false, true },
		{ "c.example:444", "c.example", "c.example:444", "https://c.example:444", 444, true,
		  false, true },
		{ "10.1.2.3", "10.1.2.3", "10.1.2.3:9443", "https://10.1.2.3:9443", 9443, true,
		  false, true },
		{ "::1", "::1", "[::1]:9443", "https://[::1]:9443", 9443, true, true, true },
		{ "[fd00::7]:8443", "fd00::7", "[fd00::7]:8443", "https://[fd00::7]:8443", 8443,
		  true, false, true },
		{ "http://127.8.9.1:8080", "127.8.9.1", "127.8.9.1:8080", "http://127.8.9.1:8080",
		  8080, false, true, true },
		{ "http://LocalHost", "LocalHost", "LocalHost:80", "http://LocalHost:80", 80, false,
		  true, false },
	};
	struct address address;
	struct err err;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		err.text[0] = '\0';
		if (address_parse(&address, rows[i].typed, &err) < 0)
			fail_msg("%s: %s", rows[i].typed, err.text);
		assert_string_equal(address.host, rows[i].host);
		assert_string_equal(address.shown, rows[i].shown);
		assert_string_equal(address.url, rows[i].url);
		assert_int_equal(address.port, rows[i].port);
		assert_int_equal(address.tls, rows[i].tls);
		assert_int_equal(address.loopback, rows[i].loopback);
		assert_int_equal(address.port_given, rows[i].port_given);
	}
}

static void says_what_is_no_cluster_and_what_would_be(void **state)
{
	static const char ways[] =
		"write https://HOST:9443, HOST[:PORT], a name from the configuration, or the name "
		"of a redisctl profile.";
	static const char only[] = "give only host and port, without path or query";
	static const struct {
		const char *typed, *error;
	} rows[] = {
		{ "htps://cluster", ways },
		{ "", ways },
		{ "https://", ways },
		{ "a b", ways },
		{ "c.example:0", ways },
		{ "c.example:65536", ways },
		{ "c.example:port", ways },
		{ "$(reboot)", ways },
		{ "a|b", ways },
		{ "ftp://c.example", ways },
		{ "https://[fe80::1%25eth0]:9443", ways },
		{ "https://c.example/v1", only },
		{ "c.example/v1/bdbs", only },
		{ "c.example?x", only },
		{ "https://c.example?", only },
		{ "https://c.example/#top", only },
		{ "http://c.example:8080", "would expose the password" },
		{ "http://10.0.0.1", "would expose the password" },
	};
	struct address address, before;
	struct err err;
	size_t i;

	memset(&address, 'x', sizeof(address));
	before = address;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		if (address_parse(&address, rows[i].typed, &err) == 0)
			fail_msg("taken: %s", rows[i].typed);
		if (!strstr(err.text, rows[i].error) || !strstr(err.text, "invalid cluster \""))
			fail_msg("%s: %s", rows[i].typed, err.text);
		assert_int_equal(err.class, ERR_FINAL);
	}
	assert_memory_equal(&address, &before, sizeof(before));
}

static void never_repeats_user_information(void **state)
{
	static const char *const rows[] = {
		"https://bob:hunter2@c.example:9443",
		"bob:hunter2@c.example",
		"htps://bob:hunter2@c.example",
		"https://c.example/bob:hunter2@",
		"@c.example",
	};
	struct address address;
	struct err err;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(address_parse(&address, rows[i], &err), -1);
		assert_null(strstr(err.text, "hunter2"));
		assert_null(strstr(err.text, "bob"));
		assert_non_null(strstr(err.text, "REDIS_ENTERPRISE_PASSWORD"));
	}
}

static void makes_safe_what_it_repeats(void **state)
{
	struct address address;
	struct err err;

	assert_int_equal(address_parse(&address, "a\033[2Jb", &err), -1);
	assert_null(strchr(err.text, '\033'));
	assert_non_null(strstr(err.text, "a^[[2Jb"));
}

static void names_the_host_that_a_redirect_points_to(void **state)
{
	static const struct {
		const char *location, *host;
	} rows[] = {
		{ "https://10.0.0.3:9443/v1/bdbs", "10.0.0.3" },
		{ "http://n3.example/", "n3.example" },
		{ "https://bob:hunter2@10.0.0.3/", "10.0.0.3" },
		{ "https://[fd00::3]:9443/", "fd00::3" },
		{ "/v1/bdbs", "" },
		{ "", "" },
		{ "https://", "" },
		{ "https://a b/", "" },
	};
	char host[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(address_location_host(host, sizeof(host), rows[i].location),
				 *rows[i].host != 0);
		assert_string_equal(host, rows[i].host);
	}
}

static struct address address_case(const char *typed)
{
	struct address address;
	struct err err;

	if (address_parse(&address, typed, &err) < 0)
		fail_msg("%s", err.text);
	return address;
}

static void takes_host_and_port_of_a_redirect_and_nothing_else(void **state)
{
	static const char path[] = "/v1/bdbs?fields=uid,name";
	static const struct {
		const char *from, *location, *host, *url;
		unsigned port;
	} rows[] = {
		{ "c.example:9443", "https://10.0.0.3:9443/v1/bdbs?fields=uid,name", "10.0.0.3",
		  "https://10.0.0.3:9443", 9443 },
		/* the query of the request is used, never that of the target */
		{ "c.example:9443", "https://10.0.0.3:9443/v1/bdbs", "10.0.0.3",
		  "https://10.0.0.3:9443", 9443 },
		{ "c.example:9443", "HTTPS://n3.example/v1/bdbs?other=1", "n3.example",
		  "https://n3.example:443", 443 },
		{ "c.example:9443", "https://[fd00::3]:8443/v1/bdbs", "fd00::3",
		  "https://[fd00::3]:8443", 8443 },
		{ "http://127.0.0.1:8080", "http://127.0.0.1:8081/v1/bdbs", "127.0.0.1",
		  "http://127.0.0.1:8081", 8081 },
	};
	struct err err = { 0 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct address from = address_case(rows[i].from), out;

		if (address_redirect(&out, &from, rows[i].location, path, &err) < 0)
			fail_msg("%s: %s", rows[i].location, err.text);
		assert_string_equal(out.host, rows[i].host);
		assert_string_equal(out.url, rows[i].url);
		assert_int_equal(out.port, rows[i].port);
		assert_int_equal(out.tls, from.tls);
		assert_int_equal(out.loopback, from.loopback);
	}
}

static void does_not_understand_other_redirects(void **state)
{
	static const char path[] = "/v1/bdbs/7/actions/backup_reset_status";
	static const struct {
		const char *location, *error;
	} rows[] = {
		{ "", "not a complete URL" },
		{ "/v1/bdbs/7/actions/backup_reset_status", "not a complete URL" },
		{ "//10.0.0.3:9443/v1/bdbs/7/actions/backup_reset_status", "not a complete URL" },
		{ "10.0.0.3:9443/v1/bdbs/7/actions/backup_reset_status", "not a complete URL" },
		{ "https://", "not a complete URL" },
		{ "https://10.0.0.3:99999/v1/bdbs/7/actions/backup_reset_status",
		  "not a complete URL" },
		{ "https://10.0.0.3\r\nX: y/v1/bdbs/7/actions/backup_reset_status",
		  "not a complete URL" },
		{ "http://10.0.0.3:9443/v1/bdbs/7/actions/backup_reset_status",
		  "redirects to 10.0.0.3, and the redirect is invalid: its target has another "
		  "scheme." },
		{ "ftp://10.0.0.3/v1/bdbs/7/actions/backup_reset_status", "another scheme" },
		{ "https://10.0.0.3:9443/", "a different path" },
		{ "https://10.0.0.3:9443", "a different path" },
		{ "https://10.0.0.3:9443/v1/bdbs/8/actions/backup_reset_status",
		  "a different path" },
		{ "https://10.0.0.3:9443/v1/bdbs/7/actions/backup_reset_status/",
		  "a different path" },
		{ "https://10.0.0.3:9443/v1/./bdbs/7/actions/backup_reset_status",
		  "a different path" },
		{ "https://10.0.0.3:9443/v1/bdbs/7/actions/%62ackup_reset_status",
		  "a different path" },
		{ "https://bob:hunter2@10.0.0.3:9443/v1/bdbs/7/actions/backup_reset_status",
		  "redirects to 10.0.0.3, and the redirect is invalid: its target contains user "
		  "information." },
		{ "https://$(reboot)/v1/bdbs/7/actions/backup_reset_status", "" },
	};
	struct address from = address_case("c.example:9443"), out, before;
	struct err err;
	size_t i;

	memset(&out, 'x', sizeof(out));
	before = out;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		if (address_redirect(&out, &from, rows[i].location, path, &err) == 0)
			fail_msg("taken: %s", rows[i].location);
		if (!strstr(err.text, rows[i].error))
			fail_msg("%s: %s", rows[i].location, err.text);
		assert_memory_equal(err.text, "c.example:9443 redirects", 24);
		assert_non_null(strstr(err.text, "the redirect is invalid: "));
		assert_non_null(strstr(err.text, "the cluster option handle_redirects."));
		assert_null(strstr(err.text, "hunter2"));
		assert_int_equal(err.class, ERR_ASK_USER);
	}
	assert_memory_equal(&out, &before, sizeof(before));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_stands_for_a_cluster),
		cmocka_unit_test(says_what_is_no_cluster_and_what_would_be),
		cmocka_unit_test(never_repeats_user_information),
		cmocka_unit_test(makes_safe_what_it_repeats),
		cmocka_unit_test(names_the_host_that_a_redirect_points_to),
		cmocka_unit_test(takes_host_and_port_of_a_redirect_and_nothing_else),
		cmocka_unit_test(does_not_understand_other_redirects),
	};

	return tap_run(tests);
}
