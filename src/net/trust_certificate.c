/*
 * Certificates: their fields, read with GnuTLS from the PEM text that libcurl provides, and why one
 * is not trusted.
 */
#include "http_internal.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"

#define MORE_BYTES 24 /* space for ` and 12345 more` after the last name that fits */

const char *trust_library(void)
{
	return gnutls_check_version(NULL);
}

void trust_format_digest(char out[96], const unsigned char digest[32])
{
	size_t i;

	for (i = 0; i < 32; i++)
		sprintf(out + 3 * i, i < 31 ? "%02X:" : "%02X", digest[i]);
}

/* Shows a NUL, which would hide what follows it, like any other control byte. */
static void make_safe(char *out, size_t size, const void *raw, size_t length)
{
	char bytes[512];
	size_t i;

	if (length > sizeof(bytes) - 1)
		length = sizeof(bytes) - 1;
	memcpy(bytes, raw, length);
	bytes[length] = '\0';
	for (i = 0; i < length; i++)
		if (!bytes[i])
			bytes[i] = '\1';
	text_safe(out, size, bytes, false);
}

static void read_name(char *out, size_t size, gnutls_x509_crt_t crt,
		      int (*get)(gnutls_x509_crt_t, gnutls_datum_t *, unsigned))
{
	gnutls_datum_t name = { NULL, 0 };

	*out = '\0';
	if (get(crt, &name, 0) >= 0 && name.data)
		make_safe(out, size, name.data, name.size);
	gnutls_free(name.data);
}

/* One alternative name, safe to show; false when there is none with this number. */
static bool read_alternative(char *out, size_t size, gnutls_x509_crt_t crt, unsigned number)
{
	unsigned char raw[300];
	size_t length = sizeof(raw);
	int kind = gnutls_x509_crt_get_subject_alt_name(crt, number, raw, &length, NULL);

	*out = '\0';
	if (kind == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
		return false;
	if (kind == GNUTLS_SAN_DNSNAME)
		make_safe(out, size, raw, length);
	else if (kind == GNUTLS_SAN_IPADDRESS && (length == 4 || length == 16))
		inet_ntop(length == 4 ? AF_INET : AF_INET6, raw, out, (socklen_t)size);
	return true;
}

static void read_names(char *out, size_t size, gnutls_x509_crt_t crt)
{
	unsigned number, skipped = 0;
	struct text names;
	char name[320];

	text_init(&names, out, size);
	for (number = 0; read_alternative(name, sizeof(name), crt, number); number++) {
		if (!*name)
			continue;
		if (skipped || names.length + 2 + strlen(name) > size - MORE_BYTES)
			skipped++;
		else
			text_addf(&names, "%s%s", names.length ? ", " : "", name);
	}
	if (skipped)
		text_addf(&names, names.length ? " and %u more" : "%u, too long to show", skipped);
}

static int read_digests(struct source_certificate *out, gnutls_x509_crt_t crt)
{
	unsigned char digest[32];
	size_t length = sizeof(digest);
	gnutls_datum_t bytes = { digest, sizeof(digest) }, text = { NULL, 0 };

	if (gnutls_x509_crt_get_fingerprint(crt, GNUTLS_DIG_SHA256, digest, &length) < 0)
		return -1;
	trust_format_digest(out->sha256, digest);
	length = sizeof(digest);
	if (gnutls_x509_crt_get_key_id(crt, GNUTLS_KEYID_USE_SHA256, digest, &length) < 0 ||
	    gnutls_base64_encode2(&bytes, &text) < 0)
		return -1;
	trust_format_digest(out->key_sha256, digest);
	snprintf(out->pin, sizeof(out->pin), "sha256//%.*s", (int)text.size, (char *)text.data);
	gnutls_free(text.data);
	return 0;
}

static int read_certificate(struct source_certificate *out, gnutls_x509_crt_t crt)
{
	memset(out, 0, sizeof(*out));
	read_name(out->subject, sizeof(out->subject), crt, gnutls_x509_crt_get_dn3);
	read_name(out->issuer, sizeof(out->issuer), crt, gnutls_x509_crt_get_issuer_dn3);
	read_names(out->names, sizeof(out->names), crt);
	out->self_signed = gnutls_x509_crt_check_issuer(crt, crt) == 1;
	out->from_s = gnutls_x509_crt_get_activation_time(crt);
	out->to_s = gnutls_x509_crt_get_expiration_time(crt);
	return read_digests(out, crt);
}

/* Finds the PEM text among the fields of a certificate. */
static const char *find_pem(const struct curl_slist *fields)
{
	static const char prefix[] = "Cert:";

	for (; fields; fields = fields->next)
		if (!strncmp(fields->data, prefix, sizeof(prefix) - 1))
			return fields->data + sizeof(prefix) - 1;
	return NULL;
}

int trust_read_certificate(struct source_certificate *out, const struct curl_certinfo *chain)
{
	const char *text = chain->num_of_certs > 0 ? find_pem(chain->certinfo[0]) : NULL;
	gnutls_datum_t pem = { (unsigned char *)text, text ? (unsigned)strlen(text) : 0 };
	gnutls_x509_crt_t crt;
	int rc = -1;

	if (!text || gnutls_x509_crt_init(&crt) < 0)
		return -1;
	if (gnutls_x509_crt_import(crt, &pem, GNUTLS_X509_FMT_PEM) >= 0)
		rc = read_certificate(out, crt);
	gnutls_x509_crt_deinit(crt);
	return rc;
}

/* OpenSSL's verification results (X509_V_ERR_*), which libcurl passes on.  With another TLS library
 * libcurl gives 0, and only its text names the problem. */
static const struct {
	long result;
	enum cert_problem problem;
} verify_results[] = {
	{ 1, CERT_NAME }, /* libcurl's own */
	{ 2, CERT_UNKNOWN_ISSUER },
	{ 9, CERT_NOT_YET },
	{ 10, CERT_EXPIRED },
	{ 18, CERT_SELF_SIGNED },
	{ 19, CERT_UNKNOWN_ISSUER },
	{ 20, CERT_UNKNOWN_ISSUER },
	{ 21, CERT_UNKNOWN_ISSUER },
	{ 27, CERT_UNKNOWN_ISSUER },
};

enum cert_problem http_cert_problem(const struct transfer *t)
{
	long result = 0;
	size_t i;

	curl_easy_getinfo(t->easy, CURLINFO_SSL_VERIFYRESULT, &result);
	for (i = 0; i < ARRAY_SIZE(verify_results); i++)
		if (verify_results[i].result == result)
			return verify_results[i].problem;
	if (!result)
		return strstr(t->curl_error, "match") ? CERT_NAME : CERT_UNKNOWN_ISSUER;
	return CERT_OTHER;
}
