/*
 * The error for a TLS connection that failed or is not trusted: what happened, and the remedy.
 */
#include "http_failure_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bdbtop/core/array.h"

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

static void write_untrusted(const struct transfer *t, enum cert_problem problem, struct err *err)
{
	if (t->by == TRUST_CA)
		err_set(err, ERR_RETRY,
			"the certificate of %s is not signed by a CA %s%s. Is it the CA of this "
			"cluster? To see what the cluster presents: openssl s_client -showcerts "
			"-connect %s </dev/null.",
			t->shown, *t->cafile ? "in " : "that was given", t->cafile,
			t->resolved_address);
	else
		err_set(err, ERR_RETRY,
			"the certificate of %s is %s. Fetch it: openssl s_client -showcerts "
			"-connect %s </dev/null | openssl x509 > FILE; compare it with a node's "
			"own, then use --cacert=FILE.",
			t->shown,
			problem == CERT_SELF_SIGNED ? "self-signed" : "from an unknown CA",
			t->resolved_address);
}

enum http_result failure_no_trust(const struct transfer *t, struct err *err)
{
	enum cert_problem problem = http_cert_problem(t);

	if (t->proxy_tls && failure_is_at_proxy(t)) {
		failure_set_proxy(t, "presents a certificate that is not trusted", err);
		return HTTP_NO_CONNECT;
	}
	if (problem == CERT_EXPIRED || problem == CERT_NOT_YET)
		err_set(err, ERR_RETRY,
			"the certificate of %s %s. Renew it, or check the clock of this machine.",
			t->shown, problem == CERT_EXPIRED ? "has expired" : "is not valid yet");
	else if (problem == CERT_NAME)
		err_set(err, ERR_RETRY,
			"the certificate of %s is for another name. Use a name from the "
			"certificate: openssl s_client -connect %s </dev/null | openssl x509 "
			"-noout -ext subjectAltName.",
			t->shown, t->resolved_address);
	else if (problem == CERT_OTHER)
		err_set(err, ERR_RETRY,
			"the certificate of %s is not valid%s. Replace it, or pin its key: bdbtop "
			"trust CLUSTER.",
			t->shown, failure_library_text(t).text);
	else
		write_untrusted(t, problem, err);
	return HTTP_NO_TRUST;
}

enum http_result failure_wrong_key(const struct transfer *t, struct err *err)
{
	err_set(err, ERR_ASK_USER,
		"the public key of %s is not the pinned one, so no log-in was sent. Either its "
		"certificate was renewed with a new key, or someone is intercepting the "
		"connection. Ask the cluster's administrator.",
		t->shown);
	return HTTP_WRONG_KEY;
}

/* Returns the errno of open(), or 0.  access() would not notice that no descriptor is left. */
static int open_errno(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), cause = errno;

	if (fd < 0)
		return cause;
	close(fd);
	return 0;
}

/* libcurl does not report whether the certificate or its key is unusable. */
enum http_result failure_bad_cert(const struct transfer *t, struct err *err)
{
	const char *option = "--cert", *path = t->cert;

	int cause = open_errno(path);

	if (!cause) {
		option = "--key";
		path = t->key;
		cause = open_errno(path);
	}
	if (cause)
		err_set(err, ERR_RETRY,
			"the client certificate file %s (%s) cannot be read: %s. %s.",
			path, option, strerror(cause), err_remedy(cause));
	else
		err_set(err, ERR_RETRY,
			"the client certificate in %s and the key in %s cannot be used. Both must "
			"be PEM, match each other, and the key must not have a pass phrase. Check "
			"--cert and --key.",
			t->cert, t->key);
	return HTTP_NO_CERT;
}

bool failure_wants_cert(const struct transfer *t)
{
	static const char *const alerts[] = {
		"alert certificate required",
		"alert bad certificate",
		"alert certificate",
		"alert unknown ca",
		"alert access denied",
		"alert handshake failure",
		"alert unsupported certificate",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(alerts); i++)
		if (strstr(t->curl_error, alerts[i]))
			return true;
	return false;
}

enum http_result failure_no_cert(const struct transfer *t, struct err *err)
{
	if (!*t->cert && strstr(t->curl_error, "alert handshake failure"))
		err_set(err, ERR_RETRY,
			"%s ended the TLS handshake%s. If it requires a client certificate, use "
			"--cert and --key.",
			t->shown, failure_library_text(t).text);
	else if (*t->cert)
		err_set(err, ERR_RETRY,
			"%s does not accept the client certificate in %s%s. Check --cert and "
			"--key.",
			t->shown, t->cert, failure_library_text(t).text);
	else
		err_set(err, ERR_RETRY,
			"%s requires a client certificate, and none was given. Use --cert and "
			"--key.",
			t->shown);
	return HTTP_NO_CERT;
}

enum http_result failure_no_tls(const struct transfer *t, struct err *err)
{
	static const char *const plain[] = { "wrong version number", "packet length too long",
					     "http request" };
	char what[700];
	size_t i;

	if (t->proxy_tls && failure_is_at_proxy(t)) {
		failure_set_proxy(t, "does not use TLS, although that variable says https://", err);
		return HTTP_NO_CONNECT;
	}
	if (failure_wants_cert(t))
		return failure_no_cert(t, err);
	for (i = 0; i < ARRAY_SIZE(plain); i++)
		if (strstr(t->curl_error, plain[i])) {
			err_set(err, ERR_RETRY,
				"%s answers, but not with TLS. Is this the API's port? It is "
				"usually 9443; 8080 is plain HTTP and is never used.",
				t->shown);
			return HTTP_NO_TLS;
		}
	if (failure_connect_code(t) / 100 == 2) {
		snprintf(what, sizeof(what), "connected to %s, but the TLS handshake failed%s",
			 t->resolved_address, failure_library_text(t).text);
		failure_set_proxy(t, what, err);
		return HTTP_NO_TLS;
	}
	err_set(err, ERR_RETRY,
		"no TLS connection with %s%s. The API uses TLS 1.2 or 1.3, usually on port 9443.",
		t->shown, failure_library_text(t).text);
	return HTTP_NO_TLS;
}

enum http_result failure_no_cas(const struct transfer *t, struct err *err)
{
	int cause = *t->cafile ? open_errno(t->cafile) : 0;

	if (cause)
		err_set(err, ERR_RETRY, "the CA certificates in %s cannot be read: %s. %s%s.",
			t->cafile, strerror(cause), err_remedy(cause),
			t->by == TRUST_CA ? "" : ", or use --cacert=FILE");
	else if (t->by == TRUST_CA && *t->cafile)
		err_set(err, ERR_RETRY,
			"%s cannot be read, or does not contain a PEM certificate. Check the file "
			"of --cacert.",
			t->cafile);
	else if (t->by == TRUST_CA)
		err_set(err, ERR_RETRY, "the given certificates are not PEM text.");
	else
		err_set(err, ERR_RETRY,
			"the CA certificates of this machine cannot be read (%s). Install the "
			"package ca-certificates, or use --cacert=FILE.",
			t->cafile);
	return HTTP_NO_TRUST;
}
