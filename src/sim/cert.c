#include "bdbtop/sim/cert.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bdbtop/sim/memory.h"

static int set_names(gnutls_x509_crt_t crt)
{
	static const unsigned char v4[4] = { 127, 0, 0, 1 };
	static const unsigned char v6[16] = { [15] = 1 };
	static const char common[] = "bdbtop-sim throw-away";
	int rc;

	rc = gnutls_x509_crt_set_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME, 0, common,
					   sizeof(common) - 1);
	if (rc >= 0)
		rc = gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_DNSNAME, "localhost", 9,
							  GNUTLS_FSAN_SET);
	if (rc >= 0)
		rc = gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_IPADDRESS, v4,
							  sizeof(v4), GNUTLS_FSAN_APPEND);
	if (rc >= 0)
		rc = gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_IPADDRESS, v6,
							  sizeof(v6), GNUTLS_FSAN_APPEND);
	return rc;
}

/* Certificates of one name and one number would be taken for one another by some clients. */
static int set_serial(gnutls_x509_crt_t crt)
{
	unsigned char serial[16];
	int rc = gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof(serial));

	serial[0] = (unsigned char)((serial[0] & 0x7f) | 1);
	return rc < 0 ? rc : gnutls_x509_crt_set_serial(crt, serial, sizeof(serial));
}

static int fill(gnutls_x509_crt_t crt, gnutls_x509_privkey_t key, long long now_s)
{
	int rc = gnutls_x509_crt_set_version(crt, 3);

	if (rc >= 0)
		rc = set_serial(crt);
	if (rc >= 0)
		rc = set_names(crt);
	if (rc >= 0)
		rc = gnutls_x509_crt_set_activation_time(crt, (time_t)(now_s - 86400));
	if (rc >= 0)
		rc = gnutls_x509_crt_set_expiration_time(crt, (time_t)(now_s + 365 * 86400));
	if (rc >= 0)
		rc = gnutls_x509_crt_set_basic_constraints(crt, 1, -1);
	if (rc >= 0)
		rc = gnutls_x509_crt_set_key_usage(crt, GNUTLS_KEY_DIGITAL_SIGNATURE |
							GNUTLS_KEY_KEY_CERT_SIGN);
	if (rc >= 0)
		rc = gnutls_x509_crt_set_key_purpose_oid(crt, GNUTLS_KP_TLS_WWW_SERVER, 0);
	if (rc >= 0)
		rc = gnutls_x509_crt_set_key(crt, key);
	if (rc >= 0)
		rc = gnutls_x509_crt_sign2(crt, crt, key, GNUTLS_DIG_SHA256, 0);
	return rc;
}

static char *take_pem(gnutls_datum_t *pem)
{
	char *text = sim_memory_copy_n((const char *)pem->data, pem->size);

	explicit_bzero(pem->data, pem->size);
	gnutls_free(pem->data);
	return text;
}

int sim_cert_make(struct sim_cert *cert, long long now_s, struct err *err)
{
	gnutls_datum_t certificate = { NULL, 0 }, private = { NULL, 0 };
	gnutls_x509_privkey_t key = NULL;
	gnutls_x509_crt_t crt = NULL;
	int rc = gnutls_x509_privkey_init(&key);

	memset(cert, 0, sizeof(*cert));
	if (rc >= 0)
		rc = gnutls_x509_crt_init(&crt);
	/* an elliptic key, because one of RSA takes longer than the rest of the start */
	if (rc >= 0)
		rc = gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA,
						  GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1),
						  0);
	if (rc >= 0)
		rc = fill(crt, key, now_s);
	if (rc >= 0)
		rc = gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_PEM, &certificate);
	if (rc >= 0)
		rc = gnutls_x509_privkey_export2(key, GNUTLS_X509_FMT_PEM, &private);
	if (certificate.data)
		cert->certificate = take_pem(&certificate);
	if (private.data)
		cert->key = take_pem(&private);
	gnutls_x509_crt_deinit(crt);
	gnutls_x509_privkey_deinit(key);
	if (rc >= 0)
		return 0;
	sim_cert_release(cert);
	err_set(err, ERR_FINAL, "No certificate could be made: %s.", gnutls_strerror(rc));
	return -1;
}

void sim_cert_release(struct sim_cert *cert)
{
	if (cert->key)
		explicit_bzero(cert->key, strlen(cert->key));
	free(cert->key);
	free(cert->certificate);
	memset(cert, 0, sizeof(*cert));
}
