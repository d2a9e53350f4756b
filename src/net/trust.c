/*
 * A trust probe: a handshake that verifies the certificate and, if it fails, one that does not.
 * Each is a transfer that ends when the connection is up.
 */
#include "http_internal.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <gnutls/gnutls.h>

#include "bdbtop/core/text.h"
#include "bdbtop/core/time.h"

struct trust_probe_state {
	struct address address, connect_to;
	bool has_connect_to, verifying;
	int64_t timeout_ms;
	trust_on_probed_fn *on_done;
	void *arg;
	struct trust_probe result;
	/* From the handshake that verifies: */
	bool no_cas; /* the CA certificates could not be read; otherwise: */
	enum cert_problem problem;
	char failure[CURL_ERROR_SIZE]; /* CERT_OTHER */
};

/* The 32 bytes of a pin's digest; false for anything else. */
static bool parse_pin(const char *pin, unsigned char out[32])
{
	static const char prefix[] = "sha256//";
	gnutls_datum_t text, bytes = { NULL, 0 }, encoded = { NULL, 0 };
	bool valid;

	if (!pin || strncmp(pin, prefix, sizeof(prefix) - 1) != 0)
		return false;
	pin += sizeof(prefix) - 1;
	text = (gnutls_datum_t){ (unsigned char *)pin, (unsigned)strlen(pin) };
	if (text.size != 44)
		return false;
	/* libcurl compares text: another spelling of the same bytes would never match */
	valid = gnutls_base64_decode2(&text, &bytes) >= 0 && bytes.size == 32 &&
		gnutls_base64_encode2(&bytes, &encoded) >= 0 && encoded.size == text.size &&
		!memcmp(encoded.data, text.data, text.size);
	if (valid)
		memcpy(out, bytes.data, 32);
	gnutls_free(bytes.data);
	gnutls_free(encoded.data);
	return valid;
}

bool trust_pin_is_valid(const char *pin)
{
	unsigned char digest[32];

	return parse_pin(pin, digest);
}

bool trust_format_pin(char out[96], const char *pin)
{
	unsigned char digest[32];

	*out = '\0';
	if (!parse_pin(pin, digest))
		return false;
	trust_format_digest(out, digest);
	return true;
}

static bool set_handshake_options(struct transfer *t)
{
	return curl_easy_setopt(t->easy, CURLOPT_CONNECT_ONLY, 1L) == CURLE_OK &&
	       curl_easy_setopt(t->easy, CURLOPT_CERTINFO, 1L) == CURLE_OK &&
	       curl_easy_setopt(t->easy, CURLOPT_PREREQFUNCTION, NULL) == CURLE_OK &&
	       curl_easy_setopt(t->easy, CURLOPT_SSL_SESSIONID_CACHE, 0L) == CURLE_OK;
}

/* Starts a handshake; its transfer owns p.  Returns its id; 0: out of memory, and p is freed. */
static unsigned start_handshake(struct http *h, struct trust_probe_state *p,
				const struct trust *trust, unsigned id)
{
	const struct http_request request = { .method = "GET",
					      .path = "/",
					      .address = &p->address,
					      .connect_to =
						      p->has_connect_to ? &p->connect_to : NULL,
					      .trust = trust,
					      .connect_ms = p->timeout_ms,
					      .fresh_connection = true };
	struct transfer *t = http_transfer_new(h, &request, h->now_ms);

	if (!t) {
		free(p);
		return 0;
	}
	t->probe = p;
	if (set_handshake_options(t))
		return http_queue(t, id);
	http_transfer_free(t);
	return 0;
}

unsigned trust_probe(struct http *h, const struct trust_probe_request *request, int64_t now_ms,
		     struct err *err)
{
	struct trust trust = { .by = TRUST_SYSTEM };
	struct trust_probe_state *p;
	unsigned id = 0;

	if (!request->address->tls) {
		err_set(err, ERR_FINAL, "%s is plain http and has no certificate.",
			request->address->shown);
		return 0;
	}
	if (request->trust && request->trust->by == TRUST_CA)
		trust = (struct trust){ .by = TRUST_CA,
					.cafile = request->trust->cafile,
					.capem = request->trust->capem };
	p = calloc(1, sizeof(*p));
	if (p) {
		p->address = *request->address;
		p->has_connect_to = request->connect_to != NULL;
		if (p->has_connect_to)
			p->connect_to = *request->connect_to;
		p->timeout_ms = request->timeout_ms;
		p->on_done = request->on_done;
		p->arg = request->arg;
		p->verifying = true;
		h->now_ms = now_ms;
		id = start_handshake(h, p, &trust, 0);
	}
	if (!id)
		err_set(err, ERR_RETRY, "out of memory.");
	return id;
}

static void add_day(struct text *out, const char *words, int64_t at_s)
{
	char day[TIME_TEXT_SIZE];

	time_format_iso(day, at_s);
	day[strcspn(day, "T")] = '\0';
	text_addf(out, "%s %s.", words, day);
}

/* Adds an invalid date, which may be the only problem.  libcurl does not report whether the date is
 * that of the certificate or of its CA. */
static void add_dates(struct text *out, const struct source_certificate *certificate,
		      enum cert_problem problem)
{
	/* the same clock as the TLS library used */
	int64_t now_s = time(NULL);

	if (certificate->to_s < now_s)
		add_day(out, out->length ? " It expired on" : "Its certificate expired on",
			certificate->to_s);
	else if (certificate->from_s > now_s)
		add_day(out,
			out->length ? " It is not valid before"
				    : "Its certificate is not valid before",
			certificate->from_s);
	else if (problem == CERT_EXPIRED)
		text_add(out, "The certificate of its CA has expired.");
	else if (problem == CERT_NOT_YET)
		text_add(out, "The certificate of its CA is not valid yet.");
}

static const char *const problems[] = {
	[CERT_NAME] = "Its certificate is for another name than this address.",
	[CERT_NOT_YET] = "",
	[CERT_EXPIRED] = "",
	[CERT_SELF_SIGNED] = "Its certificate is self-signed, not signed by a trusted CA.",
	[CERT_UNKNOWN_ISSUER] = "Its certificate is not signed by a trusted CA.",
};

static void write_problem(struct trust_probe_state *p)
{
	struct text out;

	text_init(&out, p->result.problem, sizeof(p->result.problem));
	if (p->no_cas)
		text_add(&out, "The CA file cannot be read, so the certificate could not be "
			       "verified.");
	else if (p->problem == CERT_OTHER)
		text_addf(&out, "Its certificate is not valid: %s.", p->failure);
	else
		text_add(&out, problems[p->problem]);
	add_dates(&out, &p->result.offered, p->no_cas ? CERT_OTHER : p->problem);
}

static void report_result(struct transfer *t, struct trust_probe_state *p)
{
	p->result.ended_ms = t->http->now_ms;
	p->on_done(p->arg, &p->result);
	free(p);
}

static void report_out_of_memory(struct transfer *t, struct trust_probe_state *p)
{
	p->result.connected = false;
	err_set(&p->result.err, ERR_RETRY, "out of memory.");
	report_result(t, p);
}

/* Usual for a new cluster: most certificates are self-signed. */
static void retry_unverified(struct transfer *t, struct trust_probe_state *p)
{
	const struct trust any = { .by = TRUST_NONE };
	struct trust_probe_state *retry = malloc(sizeof(*retry));

	if (retry) {
		*retry = *p;
		retry->verifying = false;
		retry->no_cas = t->code == CURLE_SSL_CACERT_BADFILE;
		retry->problem = http_cert_problem(t);
		text_safe(retry->failure, sizeof(retry->failure), t->curl_error, false);
		if (start_handshake(t->http, retry, &any, t->id)) {
			free(p);
			return;
		}
	}
	report_out_of_memory(t, p);
}

void trust_on_handshake(struct transfer *t, const struct http_reply *reply)
{
	struct trust_probe_state *p = t->probe;
	struct curl_certinfo *chain = NULL;

	t->probe = NULL;
	if (reply->result == HTTP_NO_TRUST && p->verifying) {
		retry_unverified(t, p);
		return;
	}
	if (reply->result != HTTP_COMPLETE) {
		p->result.err = reply->err;
		report_result(t, p);
		return;
	}
	curl_easy_getinfo(t->easy, CURLINFO_CERTINFO, &chain);
	p->result.connected = chain && trust_read_certificate(&p->result.offered, chain) == 0;
	if (p->result.connected) {
		p->result.trusted = p->verifying;
		if (!p->verifying)
			write_problem(p);
	} else {
		err_set(&p->result.err, ERR_RETRY, "the certificate of %s cannot be read.",
			t->shown);
	}
	report_result(t, p);
}
