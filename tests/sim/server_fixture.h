/*
 * tests/sim/server_fixture.h - a server and a client over real TLS on loopback.  Both
 * run in one thread and wait only for the kernel.
 */
#pragma once

#include <time.h>

#include <curl/curl.h>

#include "sim/server.h"
#include "tests/sim/sim_fixture.h"

static const char cluster_json[] =
	"{\"users\":[{\"name\":\"me@demo.example\",\"role\":\"admin\",\"password\":\"p:w'd\"}],"
	"\"databases\":[{\"uid\":12,\"name\":\"orders\",\"backup_status\":\"failed\","
	"\"backup_failure_reason\":\"no-permission\"},{\"uid\":44,\"name\":\"ledger\"},"
	"{\"uid\":52,\"sim\":{\"reset_behaviour\":\"silent\"}}]}";

struct server_fixture {
	struct sim_api *api;
	struct sim_clock clock;
	struct sim_cert cert;
	struct sim_server *server;
	CURLM *multi;
	struct sim_buffer head, body;
	const char *login;
};

static inline struct server_fixture *server_fixture_with(const char *json)
{
	struct server_fixture *d = calloc(1, sizeof(*d));
	struct sim_server_setup setup = { .clock = &d->clock, .cert = &d->cert, .tls = SIM_TLS_ANY,
					  .client_certificates = true };
	struct err err;

	setup.api = d->api = fixture_api(json);
	d->login = "me@demo.example:p:w'd";
	sim_clock_start_manual(&d->clock, FIXTURE_NOW_MS);
	if (sim_cert_renew(&d->cert, SIM_CERT_GOOD, false, (long long)time(NULL), &err) < 0)
		fail_msg("%s", err.text);
	d->server = sim_server_new(&setup, &err);
	if (!d->server)
		fail_msg("%s", err.text);
	d->multi = curl_multi_init();
	return d;
}

static inline struct server_fixture *server_fixture_open(void)
{
	return server_fixture_with(cluster_json);
}

static inline void close_client(struct server_fixture *d)
{
	curl_multi_cleanup(d->multi);
	d->multi = curl_multi_init();
}

static inline void server_fixture_close(struct server_fixture *d)
{
	curl_multi_cleanup(d->multi);
	sim_server_free(d->server);
	sim_cert_release(&d->cert);
	sim_api_free(d->api);
	sim_buffer_release(&d->head);
	sim_buffer_release(&d->body);
	free(d);
}

static inline size_t receive(char *data, size_t one, size_t length, void *arg)
{
	sim_buffer_add(arg, data, length);
	return length;
}

static inline CURL *begin(struct server_fixture *d, const char *method, const char *host,
			  const char *path)
{
	struct curl_blob ca = { d->cert.certificate, strlen(d->cert.certificate), CURL_BLOB_COPY };
	CURL *easy = curl_easy_init();
	char url[512];

	snprintf(url, sizeof(url), "https://%s:%u%s", host, sim_server_port(d->server), path);
	sim_buffer_release(&d->head);
	sim_buffer_release(&d->body);
	curl_easy_setopt(easy, CURLOPT_URL, url);
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, &ca);
	curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, receive);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, &d->body);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, receive);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, &d->head);
	if (d->login)
		curl_easy_setopt(easy, CURLOPT_USERPWD, d->login);
	if (strcmp(method, "PUT") == 0)
		curl_easy_setopt(easy, CURLOPT_POSTFIELDS, "");
	curl_multi_add_handle(d->multi, easy);
	return easy;
}

/* Run client and server once; true when the client is done. */
static inline bool turn(struct server_fixture *d)
{
	struct curl_waitfd fd = { sim_server_fd(d->server), CURL_WAIT_POLLIN, 0 };
	int running, wait = sim_server_wait(d->server);

	curl_multi_perform(d->multi, &running);
	if (!running)
		return true;
	curl_multi_poll(d->multi, &fd, 1, wait >= 0 && wait < 1000 ? wait : 1000, NULL);
	sim_server_run(d->server);
	return false;
}

/* Run until the client is done, free its handle and return its result. */
static inline CURLcode finish(struct server_fixture *d, CURL *easy, long *status)
{
	CURLcode result = CURLE_OK;
	struct CURLMsg *message;
	int i, left;

	for (i = 0; !turn(d); i++)
		if (i == 100000)
			fail_msg("no answer came");
	while ((message = curl_multi_info_read(d->multi, &left)))
		result = message->data.result;
	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, status);
	curl_multi_remove_handle(d->multi, easy);
	curl_easy_cleanup(easy);
	return result;
}

static inline long send_request(struct server_fixture *d, const char *method, const char *path)
{
	CURL *easy = begin(d, method, "127.0.0.1", path);
	long status;

	assert_int_equal(finish(d, easy, &status), CURLE_OK);
	return status;
}

static inline const char *body(const struct server_fixture *d)
{
	return d->body.data ? d->body.data : "";
}

/* Add a rule for the next request that it matches. */
static inline void add_rule(struct server_fixture *d, const char *line)
{
	fixture_run_line(d->api, line, sim_clock_now(&d->clock));
}
