#include "cert.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "memory.h"

enum { DAY = 86400 };

static const struct cert_template {
	int not_before_s, not_after_s;	/* relative to now */
	const char *name;		/* NULL: none */
	bool loopback;			/* 127.0.0.1 and ::1 too */
} cert_templates[SIM_CERT_SHAPES] = {
	[SIM_CERT_GOOD] = { -DAY, 365 * DAY, "localhost", true },
	[SIM_CERT_EXPIRED] = { -30 * DAY, -DAY, "localhost", true },
	[SIM_CERT_NOT_YET] = { DAY, 365 * DAY, "localhost", true },
	[SIM_CERT_OTHER_NAME] = { -DAY, 365 * DAY, "elsewhere.example", false },
	[SIM_CERT_IP_ONLY] = { -DAY, 365 * DAY, NULL, true },
	[SIM_CERT_WILDCARD] = { -DAY, 365 * DAY, "*.sim.localhost", false },
};

static int set_names(gnutls_x509_crt_t crt, const struct cert_template *shape)
{
	static const unsigned char v4[4] = { 127, 0, 0, 1 };
	static const unsigned char v6[16] = { [15] = 1 };
	static const char common[] = "bdbtop-sim throw-away";
	int rc;

	rc = gnutls_x509_crt_set_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME, 0, common,
					   sizeof(common) - 1);
	if (rc >= 0 && shape->name)
		rc = gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_DNSNAME, shape->name,
							  (unsigned)strlen(shape->name),
							  GNUTLS_FSAN_APPEND);
	if (rc >= 0 && shape->loopback)
		rc = gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_IPADDRESS, v4,
							  sizeof(v4), GNUTLS_FSAN_APPEND);
	if (rc >= 0 && shape->loopback)
		rc = gnutls_x509_crt_set_subject_alt_name(crt, GNUTLS_SAN_IPADDRESS, v6,
							  sizeof(v6), GNUTLS_FSAN_APPEND);
	return rc;
}

/* Some clients confuse certificates with the same name and serial number. */
static int set_serial(gnutls_x509_crt_t crt)
{
	unsigned char serial[16];
	int rc = gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof(serial));

	serial[0] = (unsigned char)((serial[0] & 0x7f) | 1);
	return rc < 0 ? rc : gnutls_x509_crt_set_serial(crt, serial, sizeof(serial));
}

static int fill_certificate(gnutls_x509_crt_t crt, gnutls_x509_privkey_t key,
			    const struct cert_template *shape, long long now_s)
{
	int rc = gnutls_x509_crt_set_version(crt, 3);

	if (rc >= 0)
		rc = set_serial(crt);
	if (rc >= 0)
		rc = set_names(crt, shape);
	if (rc >= 0)
		rc = gnutls_x509_crt_set_activation_time(crt,
							 (time_t)(now_s + shape->not_before_s));
	if (rc >= 0)
		rc = gnutls_x509_crt_set_expiration_time(crt, (time_t)(now_s + shape->not_after_s));
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

static char *copy_pem(gnutls_datum_t *pem)
{
	char *text = sim_memory_copy_n((const char *)pem->data, pem->size);

	explicit_bzero(pem->data, pem->size);
	gnutls_free(pem->data);
	return text;
}

static int export_pem(struct sim_cert *cert, gnutls_x509_crt_t crt, gnutls_x509_privkey_t key)
{
	gnutls_datum_t certificate = { NULL, 0 }, private = { NULL, 0 };
	int rc = gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_PEM, &certificate);

	memset(cert, 0, sizeof(*cert));
	if (rc >= 0)
		rc = gnutls_x509_privkey_export2(key, GNUTLS_X509_FMT_PEM, &private);
	if (certificate.data)
		cert->certificate = copy_pem(&certificate);
	if (private.data)
		cert->key = copy_pem(&private);
	if (rc < 0)
		sim_cert_release(cert);
	return rc;
}

/* Import the key from PEM; generate one if pem is NULL. */
static int import_or_generate_key(gnutls_x509_privkey_t key, char *pem)
{
	gnutls_datum_t datum = { (unsigned char *)pem, pem ? (unsigned)strlen(pem) : 0 };

	if (pem)
		return gnutls_x509_privkey_import(key, &datum, GNUTLS_X509_FMT_PEM);
	/* an EC key, because an RSA key takes longer than the rest of the start */
	return gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA,
					    GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);
}

static int make_cert(struct sim_cert *cert, char *key_pem, const struct cert_template *shape,
		     long long now_s)
{
	gnutls_x509_privkey_t key = NULL;
	gnutls_x509_crt_t crt = NULL;
	int rc = gnutls_x509_privkey_init(&key);

	if (rc >= 0)
		rc = gnutls_x509_crt_init(&crt);
	if (rc >= 0)
		rc = import_or_generate_key(key, key_pem);
	if (rc >= 0)
		rc = fill_certificate(crt, key, shape, now_s);
	if (rc >= 0)
		rc = export_pem(cert, crt, key);
	gnutls_x509_crt_deinit(crt);
	gnutls_x509_privkey_deinit(key);
	return rc;
}

static int check_result(int rc, struct err *err)
{
	if (rc >= 0)
		return 0;
	err_set(err, ERR_FINAL, "Cannot create a certificate: %s.", gnutls_strerror(rc));
	return -1;
}

int sim_cert_make(struct sim_cert *cert, enum sim_cert_shape shape, long long now_s,
		  struct err *err)
{
	memset(cert, 0, sizeof(*cert));
	return check_result(make_cert(cert, NULL, &cert_templates[shape], now_s), err);
}

int sim_cert_renew(struct sim_cert *cert, enum sim_cert_shape shape, bool same_key,
		   long long now_s, struct err *err)
{
	struct sim_cert fresh = { NULL, NULL };

	if (check_result(
		    make_cert(&fresh, same_key ? cert->key : NULL, &cert_templates[shape], now_s),
		    err) < 0)
		return -1;
	sim_cert_release(cert);
	*cert = fresh;
	return 0;
}

/* The SHA-256 of the public key in DER, as base64. */
static int hash_key(gnutls_x509_crt_t crt, gnutls_datum_t *base64)
{
	gnutls_datum_t der = { NULL, 0 };
	gnutls_pubkey_t key = NULL;
	unsigned char hash[32];
	int rc = gnutls_pubkey_init(&key);

	if (rc >= 0)
		rc = gnutls_pubkey_import_x509(key, crt, 0);
	if (rc >= 0)
		rc = gnutls_pubkey_export2(key, GNUTLS_X509_FMT_DER, &der);
	if (rc >= 0)
		rc = gnutls_hash_fast(GNUTLS_DIG_SHA256, der.data, der.size, hash);
	if (rc >= 0)
		rc = gnutls_base64_encode2(&(gnutls_datum_t){ hash, sizeof(hash) }, base64);
	gnutls_free(der.data);
	gnutls_pubkey_deinit(key);
	return rc;
}

void sim_cert_pin(const struct sim_cert *cert, char pin[SIM_CERT_PIN_SIZE])
{
	gnutls_datum_t pem = { (unsigned char *)cert->certificate,
			       (unsigned)strlen(cert->certificate) };
	gnutls_datum_t base64 = { NULL, 0 };
	gnutls_x509_crt_t crt = NULL;

	strcpy(pin, "sha256//");
	if (gnutls_x509_crt_init(&crt) >= 0 &&
	    gnutls_x509_crt_import(crt, &pem, GNUTLS_X509_FMT_PEM) >= 0 &&
	    hash_key(crt, &base64) >= 0 && base64.size < SIM_CERT_PIN_SIZE - sizeof("sha256//"))
		strncat(pin, (const char *)base64.data, base64.size);
	gnutls_free(base64.data);
	gnutls_x509_crt_deinit(crt);
}

void sim_cert_release(struct sim_cert *cert)
{
	if (cert->key)
		explicit_bzero(cert->key, strlen(cert->key));
	free(cert->key);
	free(cert->certificate);
	memset(cert, 0, sizeof(*cert));
}
