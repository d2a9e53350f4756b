/*
 * The server's TLS handshake, and changes to it while the server runs.
 */
#include "tests/sim/server_fixture.h"

static void present(struct server_fixture *d, enum sim_cert_shape shape, bool same_key,
		    enum sim_tls tls)
{
	struct err err;

	if (sim_cert_renew(&d->cert, shape, same_key, (long long)time(NULL), &err) < 0 ||
	    sim_server_set_certificate(d->server, &d->cert, tls, &err) < 0)
		fail_msg("%s", err.text);
}

/* The result of a client that trusts only this pin. */
static CURLcode ask_pinned(struct server_fixture *d, const char *pin)
{
	CURL *easy = begin(d, "GET", "127.0.0.1", "/v1/nodes");
	long status;

	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
	curl_easy_setopt(easy, CURLOPT_PINNEDPUBLICKEY, pin);
	return finish(d, easy, &status);
}

static void a_renewal_keeps_port_and_log_and_may_keep_the_pin(void **state)
{
	struct server_fixture *d = server_fixture_open();
	uint16_t port = sim_server_port(d->server);
	char pin[SIM_CERT_PIN_SIZE];

	sim_cert_pin(&d->cert, pin);
	assert_int_equal(ask_pinned(d, pin), CURLE_OK);
	present(d, SIM_CERT_GOOD, true, SIM_TLS_ANY);
	assert_int_equal(ask_pinned(d, pin), CURLE_OK);
	assert_int_equal(send_request(d, "GET", "/v1/nodes"), 200);
	present(d, SIM_CERT_GOOD, false, SIM_TLS_ANY);
	assert_int_equal(ask_pinned(d, pin), CURLE_SSL_PINNEDPUBKEYNOTMATCH);
	assert_int_equal(sim_request_log_count(&d->api->request_log, NULL, NULL), 3);
	sim_cert_pin(&d->cert, pin);
	assert_int_equal(ask_pinned(d, pin), CURLE_OK);
	assert_int_equal(sim_server_port(d->server), port);
	server_fixture_close(d);
}

static void a_renewal_closes_connections_and_drops_delayed_replies(void **state)
{
	struct server_fixture *d = server_fixture_open();
	long status;
	CURL *easy;

	add_rule(d, "delay times 1 /v1/bdbs$ 60s");
	easy = begin(d, "GET", "127.0.0.1", "/v1/bdbs");
	while (!sim_request_log_count(&d->api->request_log, NULL, NULL))
		assert_false(turn(d));
	present(d, SIM_CERT_GOOD, false, SIM_TLS_ANY);
	assert_int_not_equal(finish(d, easy, &status), CURLE_OK);
	assert_int_equal(status, 0);
	assert_int_equal(send_request(d, "GET", "/v1/bdbs?fields=uid"), 200);
	server_fixture_close(d);
}

/* MHD ends the process when it stops with a reply that is held back. */
static void a_reply_is_not_delayed_once_the_server_stops(void **state)
{
	struct server_fixture *d = server_fixture_open();
	int i, running;
	long status;
	CURL *easy;

	assert_int_equal(send_request(d, "GET", "/v1/nodes"), 200);
	add_rule(d, "delay times 1 /v1/bdbs$ 60s");
	easy = begin(d, "GET", "127.0.0.1", "/v1/bdbs?fields=uid");
	for (i = 0; i < 5; i++)
		curl_multi_perform(d->multi, &running);
	present(d, SIM_CERT_GOOD, true, SIM_TLS_ANY);
	assert_int_equal(sim_request_log_count(&d->api->request_log, "GET", "/v1/bdbs"), 1);
	finish(d, easy, &status);
	server_fixture_close(d);
}

static void a_handshake_begun_before_a_renewal_succeeds_after_it(void **state)
{
	struct server_fixture *d = server_fixture_open();
	struct err err;
	int i, running;
	long status;
	CURL *easy;

	if (sim_cert_renew(&d->cert, SIM_CERT_GOOD, false, (long long)time(NULL), &err) < 0)
		fail_msg("%s", err.text);
	easy = begin(d, "GET", "127.0.0.1", "/v1/nodes");
	for (i = 0; i < 5; i++)
		curl_multi_perform(d->multi, &running);
	assert_int_equal(sim_server_set_certificate(d->server, &d->cert, SIM_TLS_ANY, &err), 0);
	assert_int_equal(finish(d, easy, &status), CURLE_OK);
	assert_int_equal(status, 200);
	server_fixture_close(d);
}

static void every_shape_is_valid_for_its_names_and_dates(void **state)
{
	static const struct {
		enum sim_cert_shape shape;
		const char *host;
		bool good;
	} rows[] = {
		{ SIM_CERT_GOOD, "127.0.0.1", true },
		{ SIM_CERT_GOOD, "localhost", true },
		{ SIM_CERT_EXPIRED, "127.0.0.1", false },
		{ SIM_CERT_NOT_YET, "127.0.0.1", false },
		{ SIM_CERT_OTHER_NAME, "127.0.0.1", false },
		{ SIM_CERT_OTHER_NAME, "localhost", false },
		{ SIM_CERT_IP_ONLY, "127.0.0.1", true },
		{ SIM_CERT_IP_ONLY, "localhost", false },
		{ SIM_CERT_WILDCARD, "node1.sim.localhost", true },
		{ SIM_CERT_WILDCARD, "a.node1.sim.localhost", false },
		{ SIM_CERT_WILDCARD, "127.0.0.1", false },
	};
	struct server_fixture *d = server_fixture_open();
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		CURLcode result;
		long status;

		present(d, rows[i].shape, i % 2, SIM_TLS_ANY);
		close_client(d);
		result = finish(d, begin(d, "GET", rows[i].host, "/v1/nodes"), &status);
		if (result != (rows[i].good ? CURLE_OK : CURLE_PEER_FAILED_VERIFICATION))
			fail_msg("row %zu: %s", i, curl_easy_strerror(result));
	}
	server_fixture_close(d);
}

static void offers_only_the_tls_version_that_is_set(void **state)
{
	static const struct {
		enum sim_tls spoken;
		long max;
		bool good;
	} rows[] = {
		{ SIM_TLS_1_2, CURL_SSLVERSION_MAX_TLSv1_3, true },
		{ SIM_TLS_1_2, CURL_SSLVERSION_MAX_TLSv1_2, true },
		{ SIM_TLS_1_2, CURL_SSLVERSION_TLSv1_3, false },
		{ SIM_TLS_1_3, CURL_SSLVERSION_MAX_TLSv1_3, true },
		{ SIM_TLS_1_3, CURL_SSLVERSION_MAX_TLSv1_2, false },
		{ SIM_TLS_ANY, CURL_SSLVERSION_MAX_TLSv1_2, true },
	};
	struct server_fixture *d = server_fixture_open();
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		long status;
		CURL *easy;

		present(d, SIM_CERT_GOOD, true, rows[i].spoken);
		close_client(d);
		easy = begin(d, "GET", "127.0.0.1", "/v1/nodes");
		curl_easy_setopt(easy, CURLOPT_SSLVERSION, rows[i].max);
		if ((finish(d, easy, &status) == CURLE_OK) != rows[i].good)
			fail_msg("row %zu", i);
	}
	server_fixture_close(d);
}

/* The status for a client that shows this certificate and sends no password. */
static long ask_with_certificate(struct server_fixture *d, char *pem)
{
	struct curl_blob blob = { pem, strlen(pem), CURL_BLOB_COPY };
	CURL *easy;
	long status;

	d->login = NULL;
	easy = begin(d, "GET", "127.0.0.1", "/v1/nodes");
	curl_easy_setopt(easy, CURLOPT_SSLCERT_BLOB, &blob);
	curl_easy_setopt(easy, CURLOPT_SSLKEY_BLOB, &blob);
	assert_int_equal(finish(d, easy, &status), CURLE_OK);
	return status;
}

static void a_client_certificate_must_be_signed_by_the_cluster(void **state)
{
	struct server_fixture *d = server_fixture_open();
	struct sim_cert other = { NULL, NULL };
	char *good = sim_cert_make_client(&d->cert, (long long)time(NULL), NULL), *bad;

	assert_int_equal(sim_cert_renew(&other, SIM_CERT_GOOD, false, (long long)time(NULL), NULL),
			 0);
	bad = sim_cert_make_client(&other, (long long)time(NULL), NULL);
	add_rule(d, "auth certificate");
	assert_int_equal(send_request(d, "GET", "/v1/nodes"), 401);
	close_client(d);
	assert_int_equal(ask_with_certificate(d, good), 200);
	close_client(d);
	assert_int_equal(ask_with_certificate(d, bad), 401);
	free(good);
	free(bad);
	sim_cert_release(&other);
	server_fixture_close(d);
}

static void a_token_is_taken_from_the_header(void **state)
{
	struct server_fixture *d = server_fixture_open();
	char token[SIM_TOKEN_SIZE], header[400];
	const char *const words[] = { "JWT", "Bearer" };
	struct curl_slist *headers;
	long status;
	CURL *easy;
	int i;

	easy = begin(d, "POST", "127.0.0.1", "/v1/users/authorize");
	curl_easy_setopt(easy, CURLOPT_POSTFIELDS, "{\"ttl\":9}");
	assert_int_equal(finish(d, easy, &status), CURLE_OK);
	assert_int_equal(sscanf(body(d), "{\"access_token\":\"%255[^\"]\"}", token), 1);
	assert_int_equal(d->api->tokens.issued[0].expires_ms, FIXTURE_NOW_MS + 9000);
	d->login = NULL;
	for (i = 0; i < 2; i++) {
		fixture_run_line(d->api, i ? "token scheme bearer" : "token scheme jwt",
				 FIXTURE_NOW_MS);
		snprintf(header, sizeof(header), "Authorization: %s %s", words[i], token);
		headers = curl_slist_append(NULL, header);
		easy = begin(d, "GET", "127.0.0.1", "/v1/nodes");
		curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
		assert_int_equal(finish(d, easy, &status), CURLE_OK);
		assert_int_equal(status, 200);
		curl_slist_free_all(headers);
	}
	server_fixture_close(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_renewal_keeps_port_and_log_and_may_keep_the_pin),
		cmocka_unit_test(a_renewal_closes_connections_and_drops_delayed_replies),
		cmocka_unit_test(a_reply_is_not_delayed_once_the_server_stops),
		cmocka_unit_test(a_handshake_begun_before_a_renewal_succeeds_after_it),
		cmocka_unit_test(every_shape_is_valid_for_its_names_and_dates),
		cmocka_unit_test(offers_only_the_tls_version_that_is_set),
		cmocka_unit_test(a_client_certificate_must_be_signed_by_the_cluster),
		cmocka_unit_test(a_token_is_taken_from_the_header),
	};
	int rc;

	curl_global_init(CURL_GLOBAL_DEFAULT);
	rc = tap_run(tests);
	curl_global_cleanup();
	return rc;
}
