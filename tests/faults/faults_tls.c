/*
 * Temporary certificates, and TLS on a blocking socket.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "tests/faults/faults.h"

struct faults_tls {
	gnutls_certificate_credentials_t credentials;
	gnutls_priority_t priority;
	gnutls_x509_privkey_t key;
	gnutls_x509_crt_t chain[2]; /* its certificate, and the signer's or NULL */
	bool wants_client;
	char pem[4096], key_pem[4096];
};

static void must(int rc, const char *what)
{
	if (rc >= 0)
		return;
	fprintf(stderr, "%s: %s\n", what, gnutls_strerror(rc));
	exit(1);
}

static void add_name(gnutls_x509_crt_t crt, const char *name)
{
	gnutls_x509_subject_alt_name_t kind = GNUTLS_SAN_IPADDRESS;
	unsigned char ip[16];
	const void *bytes = ip;
	unsigned size = 4;

	if (inet_pton(AF_INET6, name, ip) == 1) {
		size = 16;
	} else if (inet_pton(AF_INET, name, ip) != 1) {
		kind = GNUTLS_SAN_DNSNAME;
		bytes = name;
		size = (unsigned)strlen(name);
	}
	must(gnutls_x509_crt_set_subject_alt_name(crt, kind, bytes, size, GNUTLS_FSAN_APPEND),
	     "name");
}

static void name_it(gnutls_x509_crt_t crt, const struct faults_setup *setup)
{
	char *copy = strdup(setup->name ? setup->name : "127.0.0.1"), *rest = copy;
	char *name = strsep(&rest, ",");
	const char *common = setup->common ? setup->common : name;

	must(gnutls_x509_crt_set_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME, 0, common,
					   (unsigned)strlen(common)),
	     "subject");
	for (; name; name = strsep(&rest, ","))
		add_name(crt, name);
	free(copy);
}

static gnutls_x509_crt_t make_certificate(const struct faults_tls *tls,
					  const struct faults_setup *setup,
					  const struct faults_tls *by)
{
	time_t now = time(NULL), day = 24 * 60 * 60;
	gnutls_x509_crt_t crt;

	must(gnutls_x509_crt_init(&crt), "certificate");
	must(gnutls_x509_crt_set_version(crt, 3), "version");
	must(gnutls_x509_crt_set_serial(crt, by ? "\2" : "\1", 1), "serial");
	must(gnutls_x509_crt_set_activation_time(crt, setup->not_yet ? now + day : now - 9 * day),
	     "from");
	must(gnutls_x509_crt_set_expiration_time(crt, setup->expired ? now - day : now + 9 * day),
	     "until");
	must(gnutls_x509_crt_set_key(crt, tls->key), "key");
	must(gnutls_x509_crt_set_basic_constraints(crt, !by, -1), "constraints");
	name_it(crt, setup);
	must(gnutls_x509_crt_sign2(crt, by ? by->chain[0] : crt, by ? by->key : tls->key,
				   GNUTLS_DIG_SHA256, 0),
	     "signature");
	return crt;
}

static void make_key(struct faults_tls *tls, const struct faults_setup *setup,
		     const struct faults_tls *like)
{
	must(gnutls_x509_privkey_init(&tls->key), "key");
	if (like)
		must(gnutls_x509_privkey_cpy(tls->key, like->key), "key");
	else if (setup->rsa)
		must(gnutls_x509_privkey_generate(tls->key, GNUTLS_PK_RSA, 2048, 0), "key");
	else
		must(gnutls_x509_privkey_generate(tls->key, GNUTLS_PK_ECDSA,
						  GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1),
						  0),
		     "key");
}

static const char *priority_of(unsigned tls)
{
	return tls == 11   ? "NORMAL:-VERS-ALL:+VERS-TLS1.1"
	       : tls == 12 ? "NORMAL:-VERS-ALL:+VERS-TLS1.2"
	       : tls == 13 ? "NORMAL:-VERS-ALL:+VERS-TLS1.3"
			   : "NORMAL";
}

struct faults_tls *faults_tls_new(const struct faults_setup *setup, const struct faults_tls *like,
				  const struct faults_tls *by)
{
	struct faults_tls *tls = calloc(1, sizeof(*tls));
	size_t size = sizeof(tls->pem) - 1, key_size = sizeof(tls->key_pem) - 1;
	gnutls_datum_t clients = { (unsigned char *)setup->clients, 0 };

	make_key(tls, setup, like);
	tls->chain[0] = make_certificate(tls, setup, by);
	tls->chain[1] = by ? by->chain[0] : NULL;
	must(gnutls_x509_crt_export(tls->chain[0], GNUTLS_X509_FMT_PEM, tls->pem, &size), "pem");
	must(gnutls_x509_privkey_export(tls->key, GNUTLS_X509_FMT_PEM, tls->key_pem, &key_size),
	     "pem");
	must(gnutls_certificate_allocate_credentials(&tls->credentials), "credentials");
	must(gnutls_certificate_set_x509_key(tls->credentials, tls->chain, by ? 2 : 1, tls->key),
	     "credentials");
	if (setup->clients) {
		clients.size = (unsigned)strlen(setup->clients);
		tls->wants_client = true;
		must(gnutls_certificate_set_x509_trust_mem(tls->credentials, &clients,
							   GNUTLS_X509_FMT_PEM),
		     "clients");
	}
	must(gnutls_priority_init(&tls->priority, priority_of(setup->tls), NULL), "priority");
	return tls;
}

void faults_tls_free(struct faults_tls *tls)
{
	if (!tls)
		return;
	gnutls_certificate_free_credentials(tls->credentials);
	gnutls_priority_deinit(tls->priority);
	gnutls_x509_crt_deinit(tls->chain[0]);
	gnutls_x509_privkey_deinit(tls->key);
	free(tls);
}

const char *faults_tls_pem(const struct faults_tls *tls)
{
	return tls->pem;
}

const char *faults_tls_key_pem(const struct faults_tls *tls)
{
	return tls->key_pem;
}

long faults_socket_read(struct faults_socket *wire, void *bytes, size_t length)
{
	long got = recv(wire->fd, bytes, length, 0);

	if (got <= 0)
		return got;
	while (wire->length + (size_t)got > wire->room) {
		wire->room = wire->room ? wire->room * 2 : 4096;
		wire->bytes = realloc(wire->bytes, wire->room);
		if (!wire->bytes)
			must(GNUTLS_E_MEMORY_ERROR, "log");
	}
	memcpy(wire->bytes + wire->length, bytes, (size_t)got);
	wire->length += (size_t)got;
	return got;
}

static ssize_t pull(gnutls_transport_ptr_t arg, void *bytes, size_t length)
{
	return faults_socket_read(arg, bytes, length);
}

static ssize_t push(gnutls_transport_ptr_t arg, const void *bytes, size_t length)
{
	const struct faults_socket *wire = arg;

	return send(wire->fd, bytes, length, MSG_NOSIGNAL);
}

static void require_client_certificate(gnutls_session_t session)
{
	gnutls_certificate_server_set_request(session, GNUTLS_CERT_REQUIRE);
	gnutls_session_set_verify_cert(session, NULL, 0);
}

/* Sends an alert and reads until the client closes: with unread bytes, close() sends a RST, and
 * the client loses the alert. */
static void send_alert(gnutls_session_t session, struct faults_socket *wire, int rc)
{
	char rest[4096];

	/* as most TLS 1.2 servers for a client without a certificate; GnuTLS sends another */
	if (gnutls_protocol_get_version(session) == GNUTLS_TLS1_2 &&
	    (rc == GNUTLS_E_UNEXPECTED_PACKET_LENGTH || rc == GNUTLS_E_NO_CERTIFICATE_FOUND))
		gnutls_alert_send(session, GNUTLS_AL_FATAL, GNUTLS_A_HANDSHAKE_FAILURE);
	else
		gnutls_alert_send_appropriate(session, rc);
	shutdown(wire->fd, SHUT_WR);
	while (faults_socket_read(wire, rest, sizeof(rest)) > 0)
		;
}

void *faults_tls_take(struct faults_tls *tls, struct faults_socket *wire)
{
	gnutls_session_t session;
	int rc;

	must(gnutls_init(&session, GNUTLS_SERVER | GNUTLS_NO_SIGNAL), "session");
	must(gnutls_priority_set(session, tls->priority), "priority");
	must(gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, tls->credentials),
	     "credentials");
	if (tls->wants_client)
		require_client_certificate(session);
	gnutls_transport_set_ptr(session, wire);
	gnutls_transport_set_pull_function(session, pull);
	gnutls_transport_set_push_function(session, push);
	do
		rc = gnutls_handshake(session);
	while (rc < 0 && !gnutls_error_is_fatal(rc));
	if (rc >= 0)
		return session;
	send_alert(session, wire, rc);
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
