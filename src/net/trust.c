/*
 * A look at a server: a handshake that verifies, and one that does not when the first failed.  Both
 * are transfers like any other, of a kind that ends when the connection is there.
 */
#include "src/net/http_internal.h"

#include <gnutls/gnutls.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bdbtop/core/text.h"
#include "bdbtop/core/time.h"

struct probe {
	struct address address, dial;
	bool dialled, verifying;
	int64_t limit_ms;
	trust_probed_fn *done;
	void *arg;
	struct trust_probe found;
	/* Of the handshake that verified: */
	bool no_authorities; /* they could not be read; else: */
	enum cert_trouble trouble;
	char said[CURL_ERROR_SIZE]; /* CERT_OTHER */
};

/* The 32 bytes of a pin's digest; false for anything else. */
static bool digest_of(const char *pin, unsigned char out[32])
{
	static const char prefix[] = "sha256//";
	gnutls_datum_t text, bytes = { NULL, 0 }, again = { NULL, 0 };
	bool whole;

	if (!pin || strncmp(pin, prefix, sizeof(prefix) - 1) != 0)
		return false;
	pin += sizeof(prefix) - 1;
	text = (gnutls_datum_t){ (unsigned char *)pin, (unsigned)strlen(pin) };
	if (text.size != 44)
		return false;
	/* libcurl compares the text: one that decodes to the same bytes would match nothing */
	whole = gnutls_base64_decode2(&text, &bytes) >= 0 && bytes.size == 32 &&
		gnutls_base64_encode2(&bytes, &again) >= 0 && again.size == text.size &&
		!memcmp(again.data, text.data, text.size);
	if (whole)
		memcpy(out, bytes.data, 32);
	gnutls_free(bytes.data);
	gnutls_free(again.data);
	return whole;
}

bool trust_pin_is_whole(const char *pin)
{
	unsigned char digest[32];

	return digest_of(pin, digest);
}

bool trust_pin_shown(char out[96], const char *pin)
{
	unsigned char digest[32];

	*out = '\0';
	if (!digest_of(pin, digest))
		return false;
	trust_digest_shown(out, digest);
	return true;
}

static bool set_look(struct transfer *t)
{
	return curl_easy_setopt(t->easy, CURLOPT_CONNECT_ONLY, 1L) == CURLE_OK &&
	       curl_easy_setopt(t->easy, CURLOPT_CERTINFO, 1L) == CURLE_OK &&
	       curl_easy_setopt(t->easy, CURLOPT_PREREQFUNCTION, NULL) == CURLE_OK &&
	       curl_easy_setopt(t->easy, CURLOPT_SSL_SESSIONID_CACHE, 0L) == CURLE_OK;
}

/* One handshake; p goes over to its transfer.  0: out of memory, and p is freed. */
static unsigned look(struct http *h, struct probe *p, const struct trust *trust, unsigned id)
{
	const struct http_request request = { .method = "GET",
					      .path = "/",
					      .address = &p->address,
					      .dial = p->dialled ? &p->dial : NULL,
					      .trust = trust,
					      .connect_ms = p->limit_ms,
					      .once = true };
	struct transfer *t = http_transfer_new(h, &request, h->now_ms);

	if (!t) {
		free(p);
		return 0;
	}
	t->probe = p;
	if (set_look(t))
		return http_queue(t, id);
	http_transfer_free(t);
	return 0;
}

unsigned trust_probe(struct http *h, const struct trust_look *asked, int64_t now_ms,
		     struct err *err)
{
	struct trust trust = { .by = TRUST_SYSTEM };
	struct probe *p;
	unsigned id = 0;

	if (!asked->address->tls) {
		err_set(err, ERR_FINAL, "%s speaks plain http and has no certificate.",
			asked->address->shown);
		return 0;
	}
	if (asked->trust && asked->trust->by == TRUST_CA)
		trust = (struct trust){ .by = TRUST_CA,
					.cafile = asked->trust->cafile,
					.capem = asked->trust->capem };
	p = calloc(1, sizeof(*p));
	if (p) {
		p->address = *asked->address;
		p->dialled = asked->dial != NULL;
		if (p->dialled)
			p->dial = *asked->dial;
		p->limit_ms = asked->limit_ms;
		p->done = asked->done;
		p->arg = asked->arg;
		p->verifying = true;
		h->now_ms = now_ms;
		id = look(h, p, &trust, 0);
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

/* Dates beside another trouble, or as the trouble: libcurl does not tell whose date it was. */
static void add_dates(struct text *out, const struct source_certificate *it,
		      enum cert_trouble trouble)
{
	/* the clock that the handshake was judged by */
	int64_t now_s = time(NULL);

	if (it->to_s < now_s)
		add_day(out, out->length ? " It expired on" : "Its certificate expired on",
			it->to_s);
	else if (it->from_s > now_s)
		add_day(out,
			out->length ? " It is not valid before"
				    : "Its certificate is not valid before",
			it->from_s);
	else if (trouble == CERT_EXPIRED)
		text_add(out, "The certificate of its authority has expired.");
	else if (trouble == CERT_NOT_YET)
		text_add(out, "The certificate of its authority is not valid yet.");
}

static const char *const troubles[] = {
	[CERT_NAME] = "Its certificate is for another name than this address.",
	[CERT_NOT_YET] = "",
	[CERT_EXPIRED] = "",
	[CERT_SELF_SIGNED] = "Its certificate is self-signed, so no authority vouches for it.",
	[CERT_UNKNOWN_ISSUER] = "Its certificate is from an authority that is not known here.",
};

static void say_trouble(struct probe *p)
{
	struct text out;

	text_init(&out, p->found.trouble, sizeof(p->found.trouble));
	if (p->no_authorities)
		text_add(&out, "The file of certificate authorities cannot be read, so none "
			       "vouches for it.");
	else if (p->trouble == CERT_OTHER)
		text_addf(&out, "No authority vouches for its certificate: %s.", p->said);
	else
		text_add(&out, troubles[p->trouble]);
	add_dates(&out, &p->found.offered, p->no_authorities ? CERT_OTHER : p->trouble);
}

static void tell(struct transfer *t, struct probe *p)
{
	p->found.ended_ms = t->http->now_ms;
	p->done(p->arg, &p->found);
	free(p);
}

static void out_of_memory(struct transfer *t, struct probe *p)
{
	p->found.reached = false;
	err_set(&p->found.err, ERR_RETRY, "out of memory.");
	tell(t, p);
}

/* The first failed, as it does as a rule on a first visit. */
static void look_again(struct transfer *t, struct probe *p)
{
	const struct trust any = { .by = TRUST_NONE };
	struct probe *again = malloc(sizeof(*again));

	if (again) {
		*again = *p;
		again->verifying = false;
		again->no_authorities = t->code == CURLE_SSL_CACERT_BADFILE;
		again->trouble = http_cert_trouble(t);
		text_safe(again->said, sizeof(again->said), t->said, false);
		if (look(t->http, again, &any, t->id)) {
			free(p);
			return;
		}
	}
	out_of_memory(t, p);
}

void trust_looked(struct transfer *t, const struct http_reply *reply)
{
	struct probe *p = t->probe;
	struct curl_certinfo *chain = NULL;

	t->probe = NULL;
	if (reply->end == HTTP_NO_TRUST && p->verifying) {
		look_again(t, p);
		return;
	}
	if (reply->end != HTTP_WHOLE) {
		p->found.err = reply->err;
		tell(t, p);
		return;
	}
	curl_easy_getinfo(t->easy, CURLINFO_CERTINFO, &chain);
	p->found.reached = chain && trust_read(&p->found.offered, chain) == 0;
	if (p->found.reached) {
		p->found.vouched = p->verifying;
		if (!p->verifying)
			say_trouble(p);
	} else {
		err_set(&p->found.err, ERR_RETRY, "the certificate of %s cannot be read.",
			t->shown);
	}
	tell(t, p);
}
