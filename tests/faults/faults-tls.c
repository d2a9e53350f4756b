/*
 * A throw-away certificate and TLS on a blocking socket.
 */
#include "tests/faults/faults.h"

#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct faults_tls {
	gnutls_certificate_credentials_t credentials;
	gnutls_priority_t priority;
	char pem[4096];
};

static void must(int rc, const char *what)
{
	if (rc >= 0)
		return;
	fprintf(stderr, "%s: %s\n", what, gnutls_strerror(rc));
	exit(1);
}

static void name_it(gnutls_x509_crt_t crt, const char *name)
{
	struct in_addr ip;

	if (inet_pton(AF_INET, name, &ip) == 1)
		must(gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_IPADDRESS, &ip,
							  sizeof(ip), GNUTLS_FSAN_SET),
		     "address");
	else
		must(gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_DNSNAME, name,
							  (unsigned)strlen(name), GNUTLS_FSAN_SET),
		     "name");
	must(gnutls_x509_crt_set_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME, 0, name,
					   (unsigned)strlen(name)),
	     "subject");
}

static gnutls_x509_crt_t make_certificate(gnutls_x509_privkey_t key, const char *name, bool expired)
{
	time_t now = time(NULL), day = 24 * 60 * 60;
	gnutls_x509_crt_t crt;

	must(gnutls_x509_crt_init(&crt), "certificate");
	must(gnutls_x509_crt_set_version(crt, 3), "version");
	must(gnutls_x509_crt_set_serial(crt, "\1", 1), "serial");
	must(gnutls_x509_crt_set_activation_time(crt, now - 9 * day), "from");
	must(gnutls_x509_crt_set_expiration_time(crt, expired ? now - day : now + day), "until");
	must(gnutls_x509_crt_set_key(crt, key), "key");
	must(gnutls_x509_crt_set_basic_constraints(crt, 1, -1), "constraints");
	name_it(crt, name);
	must(gnutls_x509_crt_sign2(crt, crt, key, GNUTLS_DIG_SHA256, 0), "signature");
	return crt;
}

struct faults_tls *faults_tls_new(const char *name, bool expired)
{
	struct faults_tls *tls = calloc(1, sizeof(*tls));
	size_t size = sizeof(tls->pem) - 1;
	gnutls_x509_privkey_t key;
	gnutls_x509_crt_t crt;

	must(gnutls_x509_privkey_init(&key), "key");
	must(gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA,
					  GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0),
	     "key");
	crt = make_certificate(key, name, expired);
	must(gnutls_x509_crt_export(crt, GNUTLS_X509_FMT_PEM, tls->pem, &size), "pem");
	must(gnutls_certificate_allocate_credentials(&tls->credentials), "credentials");
	must(gnutls_certificate_set_x509_key(tls->credentials, &crt, 1, key), "credentials");
	must(gnutls_priority_init(&tls->priority, "NORMAL", NULL), "priority");
	gnutls_x509_crt_deinit(crt);
	gnutls_x509_privkey_deinit(key);
	return tls;
}

void faults_tls_free(struct faults_tls *tls)
{
	if (!tls)
		return;
	gnutls_certificate_free_credentials(tls->credentials);
	gnutls_priority_deinit(tls->priority);
	free(tls);
}

const char *faults_tls_pem(const struct faults_tls *tls)
{
	return tls->pem;
}

void *faults_tls_take(struct faults_tls *tls, int fd)
{
	gnutls_session_t session;
	int rc;

	must(gnutls_init(&session, GNUTLS_SERVER | GNUTLS_NO_SIGNAL), "session");
	must(gnutls_priority_set(session, tls->priority), "priority");
	must(gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, tls->credentials),
	     "credentials");
	gnutls_transport_set_int(session, fd);
	do
		rc = gnutls_handshake(session);
	while (rc < 0 && !gnutls_error_is_fatal(rc));
	if (rc >= 0)
		return session;
	gnutls_deinit(session);
	return NULL;
}

void faults_tls_drop(void *session, bool politely)
{
	if (politely)
		gnutls_bye(session, GNUTLS_SHUT_WR);
	gnutls_deinit(session);
}

long faults_tls_read(void *session, void *bytes, size_t length)
{
	long got;

	do
		got = gnutls_record_recv(session, bytes, length);
	while (got == GNUTLS_E_AGAIN || got == GNUTLS_E_INTERRUPTED);
	return got;
}

long faults_tls_write(void *session, const void *bytes, size_t length)
{
	long put;

	do
		put = gnutls_record_send(session, bytes, length);
	while (put == GNUTLS_E_AGAIN || put == GNUTLS_E_INTERRUPTED);
	return put;
}
