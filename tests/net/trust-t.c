#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/time.h"
#include "tests/net/trust_fixture.h"

static void shown_digest(char out[96], const unsigned char digest[32])
{
	size_t i;

	for (i = 0; i < 32; i++)
		sprintf(out + 3 * i, "%02X%s", digest[i], i < 31 ? ":" : "");
}

/* The SHA-256 of the certificate, computed without the code under test. */
static void digest_of_pem(char out[96], const char *pem)
{
	gnutls_datum_t text = { (unsigned char *)pem, (unsigned)strlen(pem) }, der;
	unsigned char digest[32];

	assert_true(gnutls_pem_base64_decode2("CERTIFICATE", &text, &der) >= 0);
	assert_true(gnutls_hash_fast(GNUTLS_DIG_SHA256, der.data, der.size, digest) >= 0);
	gnutls_free(der.data);
	shown_digest(out, digest);
}

static void shows_what_the_certificate_says(void **state)
{
	static const char names[] = "n1.example,*.n1.example,10.0.0.1,fd00::7";
	static const struct faults_setup setups[] = {
		{ .name = names },
		{ .name = names, .rsa = true, .expired = true },
		{ .name = names, .tls = 12, .not_yet = true },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(setups); i++) {
		struct faults *server = server_with_certificate(&setups[i]);
		struct endpoint target = endpoint_with_trust(server, TRUST_SYSTEM);
		struct trust_probe probe = run_probe(*state, &target, NULL);
		const struct source_certificate *it = &probe.offered;
		char want[96];

		assert_true(probe.connected);
		assert_false(probe.trusted);
		assert_int_equal(probe.ended_ms, 1000);
		assert_string_equal(it->subject, "CN=n1.example");
		assert_string_equal(it->issuer, "CN=n1.example");
		assert_true(it->self_signed);
		assert_string_equal(it->names, "n1.example, *.n1.example, 10.0.0.1, fd00::7");
		assert_int_equal(it->to_s - it->from_s, 86400 * (setups[i].expired   ? 8
								 : setups[i].not_yet ? 8
										     : 18));
		digest_of_pem(want, faults_pem(server));
		assert_string_equal(it->sha256, want);
		assert_true(trust_format_pin(want, it->pin));
		assert_string_equal(it->key_sha256, want);
		faults_free(server);
	}
}

static void sends_nothing_beyond_two_handshakes(void **state)
{
	static const unsigned versions[] = { 12, 13 };
	size_t i;

	for (i = 0; i < 2; i++) {
		struct faults *server =
			server_with_certificate(&(struct faults_setup){ .tls = versions[i] });
		struct endpoint target = endpoint_with_trust(server, TRUST_SYSTEM);
		struct http_request request;
		struct faults_received seen;

		assert_true(run_probe(*state, &target, NULL).connected);
		assert_only_handshakes(server, 2);

		/* a request shows that the log records more than handshakes */
		target.trust.by = TRUST_NONE;
		request = put(&target);
		ask(*state, &request);
		faults_wait_over(server, 3);
		seen = faults_received(server, 3);
		assert_false(only_handshake(&seen));
		seen.plain = 0;
		assert_false(only_handshake(&seen));
		faults_free(server);
	}
}

static void shows_no_client_certificate(void **state)
{
	struct faults *client = server_with_certificate(&(struct faults_setup){ .name = "client" });
	struct faults *server = server_with_certificate(
		&(struct faults_setup){ .tls = 13, .clients = faults_pem(client) });
	struct endpoint target = endpoint_with_trust(server, TRUST_SYSTEM);

	/* reading it would fail */
	target.trust.cert = "/nonexistent/client.pem";
	assert_true(run_probe(*state, &target, NULL).connected);
	assert_int_equal(faults_count(server), 0);
	faults_free(server);

	server = server_with_certificate(
		&(struct faults_setup){ .tls = 12, .clients = faults_pem(client) });
	target = endpoint_with_trust(server, TRUST_SYSTEM);
	assert_false(run_probe(*state, &target, NULL).connected);
	faults_free(server);
	faults_free(client);
}

/* The problem is `want`, with `%` replaced by the day of at_s. */
static void assert_problem(const struct trust_probe *probe, const char *want, int64_t at_s)
{
	char whole[200], day[TIME_TEXT_SIZE];
	const char *mark = strchr(want, '%');

	time_format_iso(day, at_s);
	if (mark)
		snprintf(whole, sizeof(whole), "%.*s%.10s%s", (int)(mark - want), want, day,
			 mark + 1);
	else
		snprintf(whole, sizeof(whole), "%s", want);
	assert_string_equal(probe->problem, whole);
}

static void names_the_problem(void **state)
{
	static const struct {
		struct faults_setup authority, setup;
		bool known; /* we trust the CA */
		const char *error;
	} rows[] = {
		{ { .name = "ca" },
		  { .name = "127.0.0.1" },
		  false,
		  "Its certificate is not signed by a trusted CA." },
		{ { .name = "ca" },
		  { .name = "n1.example" },
		  true,
		  "Its certificate is for another name than this address." },
		{ { .name = "ca" }, { .expired = true }, true, "Its certificate expired on %." },
		{ { .name = "ca" },
		  { .not_yet = true },
		  true,
		  "Its certificate is not valid before %." },
		{ { .name = "ca", .expired = true },
		  { .name = "127.0.0.1" },
		  true,
		  "The certificate of its CA has expired." },
		{ { .name = "ca" }, { .name = "127.0.0.1" }, true, "" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct faults *authority = server_with_certificate(&rows[i].authority), *server;
		struct faults_setup setup = rows[i].setup;
		const struct source_certificate *it;
		struct trust_probe probe;
		struct endpoint target;

		setup.by = authority;
		server = server_with_certificate(&setup);
		target = endpoint_with_trust(server, TRUST_SYSTEM);
		if (rows[i].known)
			target.trust =
				(struct trust){ .by = TRUST_CA, .capem = faults_pem(authority) };
		probe = run_probe(*state, &target, NULL);
		it = &probe.offered;
		assert_true(probe.connected);
		assert_int_equal(probe.trusted, !*rows[i].error);
		assert_false(it->self_signed);
		assert_string_equal(it->issuer, "CN=ca");
		assert_problem(&probe, rows[i].error,
			       rows[i].setup.not_yet ? it->from_s : it->to_s);
		assert_only_handshakes(server, *rows[i].error ? 2 : 1);
		faults_free(server);
		faults_free(authority);
	}
}

static void names_the_problem_of_a_self_signed_one(void **state)
{
	struct faults *server = server_with_certificate(&(struct faults_setup){ 0 });
	struct endpoint target = endpoint_with_trust(server, TRUST_SYSTEM);
	struct trust_probe probe = run_probe(*state, &target, NULL);

	assert_string_equal(probe.problem,
			    "Its certificate is self-signed, not signed by a trusted CA.");
	faults_free(server);

	server = server_with_certificate(&(struct faults_setup){ .expired = true });
	target = endpoint_with_trust(server, TRUST_SYSTEM);
	probe = run_probe(*state, &target, NULL);
	assert_problem(&probe,
		       "Its certificate is self-signed, not signed by a trusted CA. It expired on "
		       "%.",
		       probe.offered.to_s);

	/* with an unreadable CA file nothing is trusted */
	target.trust = (struct trust){ .by = TRUST_CA, .cafile = "/nonexistent/ca.pem" };
	probe = run_probe(*state, &target, NULL);
	assert_true(probe.connected);
	assert_false(probe.trusted);
	assert_non_null(strstr(probe.problem, "cannot be read"));
	faults_free(server);
}

static void shows_as_many_names_as_fit(void **state)
{
	char names[1200] = "n0.example";
	struct faults_setup setup = { .name = names };
	struct faults *server;
	struct endpoint target;
	struct trust_probe probe;
	int i;

	for (i = 1; i < 60; i++)
		sprintf(names + strlen(names), ",node-%d.example", i);
	server = server_with_certificate(&setup);
	target = endpoint_with_trust(server, TRUST_SYSTEM);
	probe = run_probe(*state, &target, NULL);
	assert_memory_equal(probe.offered.names, "n0.example, node-1.example, ", 28);
	assert_non_null(strstr(probe.offered.names, "example and 4"));
	assert_string_equal(strrchr(probe.offered.names, ' '), " more");
	faults_free(server);
}

static void makes_safe_what_a_certificate_says(void **state)
{
	struct faults *server =
		server_with_certificate(&(struct faults_setup){ .common = "a\033[2Jb" });
	struct endpoint target = endpoint_with_trust(server, TRUST_SYSTEM);
	struct trust_probe probe = run_probe(*state, &target, NULL);

	assert_true(probe.connected);
	assert_string_equal(probe.offered.subject, "CN=a^[[2Jb");
	assert_string_equal(probe.offered.issuer, "CN=a^[[2Jb");
	faults_free(server);
}

static void says_why_there_was_no_handshake(void **state)
{
	struct faults_setup setup = { .protocol = FAULTS_SILENT,
				      .greeting = "HTTP/1.1 400 Bad Request\r\n\r\n" };
	struct faults *server = faults_new(&setup), *silent = server_new(FAULTS_SILENT);
	struct endpoint target = endpoint_with_trust(server, TRUST_SYSTEM);
	struct trust_probe probe = run_probe(*state, &target, NULL);
	struct probe_result result = { 0 };

	assert_false(probe.connected);
	assert_non_null(strstr(probe.err.text, "answers, but not with TLS"));
	faults_free(server);
	probe = run_probe(*state, &target, NULL);
	assert_false(probe.connected);
	assert_non_null(strstr(probe.err.text, "connection refused by 127.0.0.1"));

	target = endpoint_with_trust(silent, TRUST_SYSTEM);
	probe_endpoint(*state, &target, NULL, &result);
	assert_int_equal(http_due(*state, 1000), 1000 + PROBE_TIMEOUT_MS);
	http_run(*state, 1000);
	http_turn(*state, 1000 + PROBE_TIMEOUT_MS - 1);
	assert_int_equal(result.finished, 0);
	http_turn(*state, 1000 + PROBE_TIMEOUT_MS);
	assert_int_equal(result.finished, 1);
	assert_false(result.probe.connected);
	assert_int_equal(result.probe.ended_ms, 1000 + PROBE_TIMEOUT_MS);
	assert_non_null(strstr(result.probe.err.text, "within 5s"));
	faults_free(silent);
}

static void forgets_a_cancelled_probe(void **state)
{
	struct faults *server = server_with_certificate(&(struct faults_setup){ 0 });
	struct faults *silent = server_new(FAULTS_SILENT);
	struct endpoint target = endpoint_with_trust(server, TRUST_SYSTEM),
			mute = endpoint_with_trust(silent, TRUST_NONE);
	struct probe_result first = { 0 }, second = { 0 }, never = { 0 };
	struct http *http = http_new(NULL);
	unsigned id;

	id = probe_endpoint(*state, &mute, NULL, &first);
	http_run(*state, 1000);
	http_cancel(*state, id);
	/* during its second handshake it has the id of the first */
	id = probe_endpoint(*state, &target, NULL, &second);
	while (faults_connections(server) < 2 && !second.finished) {
		http_run(*state, 1000);
		http_wait(*state, NULL, 0, 1);
	}
	if (!second.finished) {
		http_cancel(*state, id);
		http_run(*state, 1000);
		assert_int_equal(second.finished, 0);
	}
	assert_true(http_due(*state, 1000) == TIME_NEVER);
	http_turn(*state, 3600000);
	assert_int_equal(first.finished, 0);

	probe_endpoint(http, &mute, NULL, &never);
	http_run(http, 1000);
	http_free(http);
	assert_int_equal(never.finished, 0);
	faults_free(server);
	faults_free(silent);
}

static void probes_where_a_redirect_leads(void **state)
{
	struct faults *authority = server_with_certificate(&(struct faults_setup){ .name = "ca" });
	struct faults *server = server_with_certificate(
		&(struct faults_setup){ .name = "c.example", .by = authority });
	struct endpoint target = endpoint_of("c.example:9443", TRUST_CA, faults_pem(authority));
	struct endpoint there = endpoint_with_trust(server, TRUST_SYSTEM);

	assert_true(run_probe(*state, &target, &there.address).trusted);
	assert_only_handshakes(server, 1);
	faults_free(server);
	faults_free(authority);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, http_enter, http_leave)
	const struct CMUnitTest tests[] = {
		TEST(shows_what_the_certificate_says),
		TEST(sends_nothing_beyond_two_handshakes),
		TEST(shows_no_client_certificate),
		TEST(names_the_problem),
		TEST(names_the_problem_of_a_self_signed_one),
		TEST(shows_as_many_names_as_fit),
		TEST(makes_safe_what_a_certificate_says),
		TEST(says_why_there_was_no_handshake),
		TEST(forgets_a_cancelled_probe),
		TEST(probes_where_a_redirect_leads),
	};

	return tap_run(tests);
}
