/*
 * Requests with a pin, a client certificate, or another address to connect to.
 */
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "bdbtop/core/array.h"
#include "tests/files.h"
#include "tests/net/trust_fixture.h"

/* The error is `want`, with `%` replaced by the number. */
static void assert_says(const struct http_log *log, const char *want, unsigned number)
{
	char whole[600];

	snprintf(whole, sizeof(whole), "%s", want);
	faults_fill(whole, '%', number);
	if (strncmp(log->reply.err.text, whole, strlen(whole)) != 0)
		fail_msg("%s\n%s", log->reply.err.text, whole);
}

/* The pin that a first contact would save. */
static void pin_of(struct http *http, const struct faults *server, char pin[64])
{
	struct endpoint target = endpoint_with_trust(server, TRUST_SYSTEM);
	struct trust_probe probe = run_probe(http, &target, NULL);

	assert_true(probe.connected);
	strcpy(pin, probe.offered.pin);
}

static struct endpoint endpoint_pinned(const struct faults *server, const char *pin)
{
	struct endpoint target = endpoint_with_trust(server, TRUST_PIN);

	target.trust.pin = pin;
	return target;
}

static void trusts_the_pinned_key_whatever_the_certificate_says(void **state)
{
	static const struct faults_setup setups[] = {
		{ .tls = 12 },
		{ .tls = 13 },
		{ .expired = true },
		{ .not_yet = true },
		{ .name = "other.example" },
		{ .rsa = true },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(setups); i++) {
		struct faults *server = server_with_certificate(&setups[i]);
		char pin[64];
		struct endpoint target;
		struct http_request request;

		pin_of(*state, server, pin);
		target = endpoint_pinned(server, pin);
		request = put(&target);
		assert_int_equal(ask(*state, &request).reply.status, 200);
		assert_int_equal(faults_count(server), 1);
		faults_free(server);
	}
}

static void sends_no_byte_of_a_request_to_another_key(void **state)
{
	static const unsigned versions[] = { 12, 13 };
	char password[] = "hunter2", pin[64];
	struct secret *secret = secret_new();
	struct login login = { .user = "admin", .password = secret };
	size_t i;

	assert_int_equal(secret_from_env(secret, "PASSWORD", password, NULL), 0);
	for (i = 0; i < 2; i++) {
		struct faults *one =
			server_with_certificate(&(struct faults_setup){ .tls = versions[i] });
		struct faults *other =
			server_with_certificate(&(struct faults_setup){ .tls = versions[i] });
		struct endpoint target;
		struct http_request requests[2];
		struct http_log log;
		unsigned j;

		pin_of(*state, one, pin);
		target = endpoint_pinned(other, pin);
		requests[0] = get(&target);
		requests[1] = put(&target);
		for (j = 0; j < 2; j++) {
			requests[j].login = &login;
			log = ask(*state, &requests[j]);
			assert_int_equal(log.reply.result, HTTP_WRONG_KEY);
			assert_false(log.reply.sent);
			assert_false(log.reply.untrusted_issuer);
			assert_int_equal(log.reply.err.class, ERR_ASK_USER);
			assert_says(&log,
				    "the public key of 127.0.0.1:% is not the pinned one, so no "
				    "log-in was sent. Either its certificate was renewed with a "
				    "new key, or someone is intercepting the connection. Ask the "
				    "cluster's administrator.",
				    faults_port(other));
		}
		assert_only_handshakes(other, 2);
		faults_free(one);
		faults_free(other);
	}
	secret_free(secret);
}

static void passes_a_renewal_with_the_same_key_alone(void **state)
{
	struct faults *one = server_with_certificate(&(struct faults_setup){ .name = "127.0.0.1" });
	struct faults *renewed = server_with_certificate(
		&(struct faults_setup){ .name = "127.0.0.1,n2.example", .same_key_as = one });
	struct faults *anew =
		server_with_certificate(&(struct faults_setup){ .name = "127.0.0.1" });
	struct http_request request;
	struct endpoint target;
	char pin[64];

	assert_string_not_equal(faults_pem(one), faults_pem(renewed));
	pin_of(*state, one, pin);
	target = endpoint_pinned(renewed, pin);
	request = get(&target);
	assert_int_equal(ask(*state, &request).reply.status, 200);
	target = endpoint_pinned(anew, pin);
	assert_int_equal(ask(*state, &request).reply.result, HTTP_WRONG_KEY);
	assert_int_equal(faults_count(anew), 0);
	faults_free(one);
	faults_free(renewed);
	faults_free(anew);
}

static void does_not_take_a_connection_that_was_made_without_the_pin(void **state)
{
	struct faults *one = server_with_certificate(&(struct faults_setup){ 0 });
	struct faults *other = server_with_certificate(&(struct faults_setup){ 0 });
	struct endpoint target = endpoint_with_trust(one, TRUST_NONE);
	struct http_request request = get(&target);
	char pin[64], wrong[64];

	pin_of(*state, one, pin);
	pin_of(*state, other, wrong);
	assert_int_equal(ask(*state, &request).reply.status, 200);
	target = endpoint_pinned(one, wrong);
	assert_int_equal(ask(*state, &request).reply.result, HTTP_WRONG_KEY);
	target = endpoint_pinned(one, pin);
	assert_int_equal(ask(*state, &request).reply.status, 200);
	target = endpoint_pinned(one, wrong);
	assert_int_equal(ask(*state, &request).reply.result, HTTP_WRONG_KEY);
	assert_int_equal(faults_count(one), 2);
	faults_free(one);
	faults_free(other);
}

static void refuses_an_invalid_pin_before_connecting(void **state)
{
	static const char *const rows[] = {
		NULL,
		"",
		"sha256//",
		"sha256//garbage",
		"/etc/hostname",
		"sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU",
		"sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=",
		"sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuF==",
		"sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSu\n==",
		"SHA256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
		"sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=;sha256//x",
	};
	static const char whole[] = "sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
	struct faults *server = server_with_certificate(&(struct faults_setup){ 0 });
	struct http_sink sink = { .on_done = http_log_on_done };
	struct err err;
	char shown[96];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct endpoint target = endpoint_pinned(server, rows[i]);
		struct http_request request = get(&target);

		if (http_send(*state, &request, &sink, 1000, &err))
			fail_msg("taken: %s", rows[i]);
		assert_int_equal(err.class, ERR_FINAL);
		assert_non_null(strstr(err.text, "so nothing is sent. A pin is sha256// and 44"));
		assert_false(trust_format_pin(shown, rows[i]));
		assert_string_equal(shown, "");
	}
	http_run(*state, 1000);
	assert_int_equal(faults_connections(server), 0);
	assert_true(trust_format_pin(shown, whole));
	assert_string_equal(shown, "E3:B0:C4:42:98:FC:1C:14:9A:FB:F4:C8:99:6F:B9:24:27:AE:41:E4:64:"
				   "9B:93:4C:A4:95:99:1B:78:52:B8:55");
	faults_free(server);
}

struct files {
	char folder[32], cert[48], key[48];
};

static struct files files_of(const char *cert, const char *key)
{
	struct files files = { .folder = "/tmp/bdbtop-pin.XXXXXX" };

	assert_non_null(mkdtemp(files.folder));
	snprintf(files.cert, sizeof(files.cert), "%s/cert.pem", files.folder);
	snprintf(files.key, sizeof(files.key), "%s/key.pem", files.folder);
	temp_dir_write(files.cert, cert);
	temp_dir_write(files.key, key);
	return files;
}

static void shows_the_client_certificate_that_is_wanted(void **state)
{
	static const unsigned versions[] = { 12, 13 };
	struct faults *client = server_with_certificate(&(struct faults_setup){ .name = "client" });
	struct faults *stranger =
		server_with_certificate(&(struct faults_setup){ .name = "stranger" });
	struct files good = files_of(faults_pem(client), faults_key_pem(client));
	struct files bad = files_of(faults_pem(stranger), faults_key_pem(stranger));
	size_t i;

	for (i = 0; i < 2; i++) {
		struct faults *server = server_with_certificate(&(struct faults_setup){
			.tls = versions[i], .clients = faults_pem(client) });
		struct endpoint target = endpoint_with_trust(server, TRUST_CA);
		struct http_request request = get(&target);
		struct http_log log;
		char both[9000];

		log = ask(*state, &request);
		assert_int_equal(log.reply.result, HTTP_NO_CERT);
		assert_says(&log,
			    i ? "127.0.0.1:% requires a client certificate, and none was given. "
				"Use --cert and --key."
			      : "127.0.0.1:% ended the TLS handshake: ",
			    faults_port(server));
		assert_non_null(strstr(log.reply.err.text, "client certificate"));

		target.trust.cert = bad.cert;
		target.trust.key = bad.key;
		log = ask(*state, &request);
		assert_int_equal(log.reply.result, HTTP_NO_CERT);
		assert_non_null(strstr(log.reply.err.text, "does not accept the client cert"));
		assert_non_null(strstr(log.reply.err.text, bad.cert));
		assert_int_equal(faults_count(server), 0);

		target.trust.cert = good.cert;
		target.trust.key = good.key;
		assert_int_equal(ask(*state, &request).reply.status, 200);

		/* one file may contain both */
		snprintf(both, sizeof(both), "%s%s", faults_pem(client), faults_key_pem(client));
		temp_dir_write(bad.cert, both);
		target.trust.cert = bad.cert;
		target.trust.key = NULL;
		assert_int_equal(ask(*state, &request).reply.status, 200);
		temp_dir_write(bad.cert, faults_pem(stranger));
		faults_free(server);
	}
	temp_dir_release(good.folder);
	temp_dir_release(bad.folder);
	faults_free(client);
	faults_free(stranger);
}

/* A key with a pass phrase, for which the TLS library would prompt on the terminal. */
static void locked_key(char *out, size_t size)
{
	gnutls_x509_privkey_t key;

	assert_true(gnutls_x509_privkey_init(&key) >= 0);
	assert_true(gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA,
						 GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1),
						 0) >= 0);
	size--;
	assert_true(gnutls_x509_privkey_export_pkcs8(key, GNUTLS_X509_FMT_PEM, "phrase",
						     GNUTLS_PKCS_PKCS12_3DES, out, &size) >= 0);
	out[size] = '\0';
	gnutls_x509_privkey_deinit(key);
}

static void says_what_is_wrong_with_our_client_certificate(void **state)
{
	static const char unusable[] = "cannot be used. Both must be PEM, match each other, and "
				       "the key must not have a pass phrase. Check --cert and "
				       "--key.";
	struct faults *server = server_with_certificate(&(struct faults_setup){ 0 });
	char locked[4096] = "";
	struct files files, other;
	struct endpoint target = endpoint_with_trust(server, TRUST_CA);
	struct http_request request = get(&target);
	struct http_log log;

	files = files_of(faults_pem(server), faults_key_pem(server));
	locked_key(locked, sizeof(locked));
	other = files_of("no certificate\n", locked);
	target.trust.cert = "/nonexistent/client.pem";
	target.trust.key = files.key;
	log = ask(*state, &request);
	assert_int_equal(log.reply.result, HTTP_NO_CERT);
	assert_false(log.reply.sent);
	assert_string_equal(log.reply.err.text,
			    "the client certificate file /nonexistent/client.pem (--cert) "
			    "cannot be read: No such file or directory. Check the path.");
	target.trust.cert = files.cert;
	target.trust.key = "/nonexistent/client.key";
	assert_string_equal(ask(*state, &request).reply.err.text,
			    "the client certificate file /nonexistent/client.key (--key) cannot be "
			    "read: No such file or directory. Check the path.");
	target.trust.key = other.key;
	log = ask(*state, &request);
	assert_int_equal(log.reply.result, HTTP_NO_CERT);
	assert_non_null(strstr(log.reply.err.text, unusable));
	target.trust.key = other.cert;
	assert_non_null(strstr(ask(*state, &request).reply.err.text, unusable));
	target.trust.cert = other.cert;
	target.trust.key = files.key;
	assert_non_null(strstr(ask(*state, &request).reply.err.text, unusable));
	assert_int_equal(faults_count(server), 0);
	temp_dir_release(files.folder);
	temp_dir_release(other.folder);
	faults_free(server);
}

static bool have_six(void)
{
	struct sockaddr_in6 here = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool have = fd >= 0 && !bind(fd, (struct sockaddr *)&here, sizeof(here));

	close(fd);
	return have;
}

static void connects_elsewhere_under_the_given_name(void **state)
{
	static const struct {
		const char *typed, *names, *host;
		bool passes, six;
	} rows[] = {
		{ "c.example:9443", "c.example", "Host: c.example:9443\r\n", true, false },
		{ "https://n1.c.example", "*.c.example", "Host: n1.c.example\r\n", true, false },
		{ "a.n1.c.example:9443", "*.c.example", NULL, false, false },
		{ "c.example:9443", "127.0.0.1", NULL, false, false },
		{ "10.9.8.7:9443", "10.9.8.7", "Host: 10.9.8.7:9443\r\n", true, false },
		{ "10.9.8.6:9443", "10.9.8.7", NULL, false, false },
		{ "[fd00::7]:9443", "fd00::7", "Host: [fd00::7]:9443\r\n", true, true },
		{ "[fd00::8]:9443", "fd00::7", NULL, false, true },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct faults_setup setup = { .name = rows[i].names,
					      .six = rows[i].six && have_six() };
		struct faults *server = server_with_certificate(&setup);
		struct endpoint target = endpoint_of(rows[i].typed, TRUST_CA, faults_pem(server)),
				there;
		struct http_request request = put(&target);
		struct http_log log;
		char typed[64];

		snprintf(typed, sizeof(typed), setup.six ? "[::1]:%u" : "127.0.0.1:%u",
			 faults_port(server));
		there = endpoint_of(typed, TRUST_NONE, NULL);
		request.connect_to = &there.address;
		log = ask(*state, &request);
		if (rows[i].passes) {
			assert_int_equal(log.reply.status, 200);
			assert_non_null(strstr(faults_at(server, 0)->head, rows[i].host));
		} else {
			assert_int_equal(log.reply.result, HTTP_NO_TRUST);
			assert_true(log.reply.untrusted_issuer);
			assert_non_null(strstr(log.reply.err.text, "for another name"));
			assert_non_null(strstr(log.reply.err.text, target.address.shown));
			assert_non_null(strstr(log.reply.err.text, there.address.shown));
			assert_only_handshakes(server, 1);
		}
		faults_free(server);
	}
}

static void checks_the_pin_at_the_connected_address(void **state)
{
	struct faults *one =
		server_with_certificate(&(struct faults_setup){ .name = "n1.example" });
	struct faults *same = server_with_certificate(
		&(struct faults_setup){ .name = "n2.example", .same_key_as = one });
	struct faults *other =
		server_with_certificate(&(struct faults_setup){ .name = "n1.example" });
	struct endpoint target = endpoint_of("n1.example:9443", TRUST_PIN, NULL), there;
	struct http_request request = get(&target);
	char pin[64];

	pin_of(*state, one, pin);
	target.trust.pin = pin;
	there = endpoint_with_trust(same, TRUST_NONE);
	request.connect_to = &there.address;
	assert_int_equal(ask(*state, &request).reply.status, 200);
	/* over the existing connection */
	assert_int_equal(ask(*state, &request).reply.status, 200);
	assert_int_equal(faults_at(same, 1)->connection, 1);
	there = endpoint_with_trust(other, TRUST_NONE);
	assert_int_equal(ask(*state, &request).reply.result, HTTP_WRONG_KEY);
	assert_only_handshakes(other, 1);
	faults_free(one);
	faults_free(same);
	faults_free(other);
}

static void sends_nothing_to_a_redirect_to_plain_http(void **state)
{
	struct endpoint target = endpoint_of("c.example:9443", TRUST_NONE, NULL), plain;
	struct http_sink sink = { .on_done = http_log_on_done };
	struct http_request request = get(&target);
	struct err err;

	plain = endpoint_of("http://127.0.0.1:1", TRUST_NONE, NULL);
	request.connect_to = &plain.address;
	assert_int_equal(http_send(*state, &request, &sink, 1000, &err), 0);
	assert_string_equal(err.text, "nothing is sent over plain http to 127.0.0.1:1.");
}

/* address_parse() refuses such an address; this is the last check before the password leaves. */
static void sends_nothing_over_plain_http_to_another_machine(void **state)
{
	struct endpoint target = endpoint_of("http://127.0.0.1:1", TRUST_NONE, NULL);
	struct http_sink sink = { .on_done = http_log_on_done };
	struct http_request request = get(&target);
	struct err err;

	target.address.loopback = false;
	assert_int_equal(http_send(*state, &request, &sink, 1000, &err), 0);
	assert_string_equal(err.text, "nothing is sent over plain http to 127.0.0.1:1.");
}

static void takes_addresses_of_six_in_a_URL(void **state)
{
	struct faults *server;
	struct endpoint target;
	struct http_request request;
	char typed[64];

	if (!have_six())
		return;
	server = server_with_certificate(&(struct faults_setup){ .name = "::1", .six = true });
	snprintf(typed, sizeof(typed), "https://[::1]:%u", faults_port(server));
	target = endpoint_of(typed, TRUST_CA, faults_pem(server));
	request = get(&target);
	assert_int_equal(ask(*state, &request).reply.status, 200);
	assert_true(run_probe(*state, &target, NULL).trusted);
	faults_free(server);

	server = server_with_certificate(&(struct faults_setup){ .name = "::2", .six = true });
	snprintf(typed, sizeof(typed), "[::1]:%u", faults_port(server));
	target = endpoint_of(typed, TRUST_CA, faults_pem(server));
	assert_int_equal(ask(*state, &request).reply.result, HTTP_NO_TRUST);
	assert_only_handshakes(server, 1);
	faults_free(server);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, http_enter, http_leave)
	const struct CMUnitTest tests[] = {
		TEST(trusts_the_pinned_key_whatever_the_certificate_says),
		TEST(sends_no_byte_of_a_request_to_another_key),
		TEST(passes_a_renewal_with_the_same_key_alone),
		TEST(does_not_take_a_connection_that_was_made_without_the_pin),
		TEST(refuses_an_invalid_pin_before_connecting),
		TEST(shows_the_client_certificate_that_is_wanted),
		TEST(says_what_is_wrong_with_our_client_certificate),
		TEST(connects_elsewhere_under_the_given_name),
		TEST(checks_the_pin_at_the_connected_address),
		TEST(sends_nothing_to_a_redirect_to_plain_http),
		TEST(sends_nothing_over_plain_http_to_another_machine),
		TEST(takes_addresses_of_six_in_a_URL),
	};

	return tap_run(tests);
}
