#include "cert.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "file.h"
#include "keyword.h"
#include "memory.h"

enum { DAY = 86400, CERT_FILE_MAX = 65536, KEY_ID_SIZE = 32 };

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

/* A certificate and its key while they are made or read. */
struct cert_draft {
	gnutls_x509_crt_t crt;
	gnutls_x509_privkey_t key;
	int rc;				/* the first error of GnuTLS; at least 0: none */
};

static void check(struct cert_draft *d, int rc)
{
	if (d->rc >= 0)
		d->rc = rc;
}

static void set_names(struct cert_draft *d, const struct cert_template *shape)
{
	static const unsigned char v4[4] = { 127, 0, 0, 1 };
	static const unsigned char v6[16] = { [15] = 1 };
	static const char common[] = "bdbtop-sim throw-away";

	check(d, gnutls_x509_crt_set_dn_by_oid(d->crt, GNUTLS_OID_X520_COMMON_NAME, 0, common,
					       sizeof(common) - 1));
	if (shape->name)
		check(d, gnutls_x509_crt_set_subject_alt_name(
				 d->crt, GNUTLS_SAN_DNSNAME, shape->name,
				 (unsigned)strlen(shape->name), GNUTLS_FSAN_APPEND));
	if (!shape->loopback)
		return;
	check(d, gnutls_x509_crt_set_subject_alt_name(d->crt, GNUTLS_SAN_IPADDRESS, v4,
						      sizeof(v4), GNUTLS_FSAN_APPEND));
	check(d, gnutls_x509_crt_set_subject_alt_name(d->crt, GNUTLS_SAN_IPADDRESS, v6,
						      sizeof(v6), GNUTLS_FSAN_APPEND));
}

/* Some clients confuse certificates with the same name and serial number. */
static void set_serial(struct cert_draft *d)
{
	unsigned char serial[16] = "";

	check(d, gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof(serial)));
	serial[0] = (unsigned char)((serial[0] & 0x7f) | 1);
	check(d, gnutls_x509_crt_set_serial(d->crt, serial, sizeof(serial)));
}

static void set_common(struct cert_draft *d, const struct cert_template *shape, long long now_s)
{
	check(d, gnutls_x509_crt_set_version(d->crt, 3));
	set_serial(d);
	set_names(d, shape);
	check(d, gnutls_x509_crt_set_activation_time(d->crt,
						     (time_t)(now_s + shape->not_before_s)));
	check(d, gnutls_x509_crt_set_expiration_time(d->crt,
						     (time_t)(now_s + shape->not_after_s)));
	check(d, gnutls_x509_crt_set_key(d->crt, d->key));
}

static void fill_certificate(struct cert_draft *d, const struct cert_template *shape,
			     long long now_s)
{
	set_common(d, shape, now_s);
	check(d, gnutls_x509_crt_set_basic_constraints(d->crt, 1, -1));
	check(d, gnutls_x509_crt_set_key_usage(d->crt, GNUTLS_KEY_DIGITAL_SIGNATURE |
							       GNUTLS_KEY_KEY_CERT_SIGN));
	check(d, gnutls_x509_crt_set_key_purpose_oid(d->crt, GNUTLS_KP_TLS_WWW_SERVER, 0));
	check(d, gnutls_x509_crt_sign2(d->crt, d->crt, d->key, GNUTLS_DIG_SHA256, 0));
}

static char *copy_pem(gnutls_datum_t *pem)
{
	char *text = pem->data ? sim_memory_copy_n((const char *)pem->data, pem->size) : NULL;

	if (pem->data)
		explicit_bzero(pem->data, pem->size);
	gnutls_free(pem->data);
	return text;
}

static struct cert_draft new_draft(void)
{
	struct cert_draft d = { NULL, NULL, 0 };

	check(&d, gnutls_x509_crt_init(&d.crt));
	check(&d, gnutls_x509_privkey_init(&d.key));
	return d;
}

/* Replace *cert by the draft and free the draft; an error, which is returned, changes nothing. */
static int finish(struct cert_draft *d, struct sim_cert *cert)
{
	gnutls_datum_t certificate = { NULL, 0 }, key = { NULL, 0 };
	struct sim_cert fresh;

	check(d, gnutls_x509_crt_export2(d->crt, GNUTLS_X509_FMT_PEM, &certificate));
	check(d, gnutls_x509_privkey_export2(d->key, GNUTLS_X509_FMT_PEM, &key));
	fresh = (struct sim_cert){ copy_pem(&certificate), copy_pem(&key) };
	sim_cert_release(d->rc >= 0 ? cert : &fresh);
	if (d->rc >= 0)
		*cert = fresh;
	gnutls_x509_crt_deinit(d->crt);
	gnutls_x509_privkey_deinit(d->key);
	return d->rc;
}

static gnutls_datum_t datum_of(char *text)
{
	return (gnutls_datum_t){ (unsigned char *)text, (unsigned)strlen(text) };
}

/* An EC key, because an RSA key takes longer than the rest of the start. */
static void make_key(struct cert_draft *d)
{
	check(d, gnutls_x509_privkey_generate(
			 d->key, GNUTLS_PK_ECDSA,
			 GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0));
}

int sim_cert_renew(struct sim_cert *cert, enum sim_cert_shape shape, bool same_key,
		   long long now_s, struct err *err)
{
	struct cert_draft d = new_draft();
	gnutls_datum_t old_key;
	int rc;

	if (same_key) {
		old_key = datum_of(cert->key);
		check(&d, gnutls_x509_privkey_import(d.key, &old_key, GNUTLS_X509_FMT_PEM));
	} else {
		make_key(&d);
	}
	fill_certificate(&d, &cert_templates[shape], now_s);
	rc = finish(&d, cert);
	if (rc >= 0)
		return 0;
	return err_set(err, ERR_FINAL, "Cannot create a certificate: %s.", gnutls_strerror(rc));
}

char *sim_cert_make_client(const struct sim_cert *by, long long now_s, struct err *err)
{
	static const struct cert_template shape = { -DAY, 365 * DAY, NULL, false };
	struct sim_cert client = { NULL, NULL };
	gnutls_datum_t key = datum_of(by->key), certificate = datum_of(by->certificate);
	struct cert_draft d = new_draft(), issuer = new_draft();
	char *text = NULL;
	int rc;

	check(&d, gnutls_x509_privkey_import(issuer.key, &key, GNUTLS_X509_FMT_PEM));
	check(&d, gnutls_x509_crt_import(issuer.crt, &certificate, GNUTLS_X509_FMT_PEM));
	make_key(&d);
	set_common(&d, &shape, now_s);
	check(&d, gnutls_x509_crt_set_key_purpose_oid(d.crt, GNUTLS_KP_TLS_WWW_CLIENT, 0));
	check(&d, gnutls_x509_crt_sign2(d.crt, issuer.crt, issuer.key, GNUTLS_DIG_SHA256, 0));
	gnutls_x509_crt_deinit(issuer.crt);
	gnutls_x509_privkey_deinit(issuer.key);
	rc = finish(&d, &client);
	if (rc >= 0)
		text = sim_memory_format("%s%s", client.key, client.certificate);
	else
		err_set(err, ERR_FINAL, "Cannot create a client certificate: %s.",
			gnutls_strerror(rc));
	sim_cert_release(&client);
	return text;
}

void sim_cert_pin(const struct sim_cert *cert, char pin[SIM_CERT_PIN_SIZE])
{
	gnutls_datum_t pem = datum_of(cert->certificate), base64 = { NULL, 0 };
	struct cert_draft d = new_draft();
	unsigned char hash[KEY_ID_SIZE];
	size_t size = sizeof(hash);

	/* the key id is the SHA-256 of the public key in DER, as curl defines the pin */
	check(&d, gnutls_x509_crt_import(d.crt, &pem, GNUTLS_X509_FMT_PEM));
	check(&d, gnutls_x509_crt_get_key_id(d.crt, GNUTLS_KEYID_USE_SHA256, hash, &size));
	if (d.rc >= 0)
		gnutls_base64_encode2(&(gnutls_datum_t){ hash, (unsigned)size }, &base64);
	snprintf(pin, SIM_CERT_PIN_SIZE, "sha256//%.*s", (int)base64.size,
		 base64.data ? (const char *)base64.data : "");
	gnutls_free(base64.data);
	gnutls_x509_crt_deinit(d.crt);
	gnutls_x509_privkey_deinit(d.key);
}

void sim_cert_release(struct sim_cert *cert)
{
	if (cert->key)
		explicit_bzero(cert->key, strlen(cert->key));
	free(cert->key);
	free(cert->certificate);
	memset(cert, 0, sizeof(*cert));
}

/* --- the file --- */

static int wrong(const char *path, const char *what, struct err *err)
{
	char shown[SIM_KEYWORD_SHOWN_SIZE];

	return err_set(err, ERR_ASK_USER, "The certificate %s %s.", sim_keyword_show(path, shown),
		       what);
}

static int failed(const char *path, const char *verb, struct err *err)
{
	char what[128];
	int error_number = errno;

	snprintf(what, sizeof(what), "cannot be %s: %s. Choose another file with --certificate",
		 verb, strerror(error_number));
	return wrong(path, what, err);
}

/* Check the open descriptor, because the path may be replaced meanwhile. */
static int check_file(int fd, const char *path, struct err *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return failed(path, "read", err);
	if (!S_ISREG(st.st_mode))
		return wrong(path, "is not a file; choose one with --certificate", err);
	if (st.st_mode & 077)
		return wrong(path, "contains a key that others can read: run chmod 600 on it", err);
	if (st.st_uid != geteuid() && st.st_uid != 0)
		return wrong(path, "belongs to another user; use one of your own", err);
	return 0;
}

static bool import_pem(struct sim_cert *cert, const gnutls_datum_t *text)
{
	unsigned char ids[2][KEY_ID_SIZE];
	size_t sizes[2] = { KEY_ID_SIZE, KEY_ID_SIZE };
	struct cert_draft d = new_draft();

	check(&d, gnutls_x509_privkey_import(d.key, text, GNUTLS_X509_FMT_PEM));
	check(&d, gnutls_x509_crt_import(d.crt, text, GNUTLS_X509_FMT_PEM));
	check(&d, gnutls_x509_crt_get_key_id(d.crt, GNUTLS_KEYID_USE_SHA256, ids[0], &sizes[0]));
	check(&d, gnutls_x509_privkey_get_key_id(d.key, GNUTLS_KEYID_USE_SHA256, ids[1],
						 &sizes[1]));
	if (d.rc >= 0 && memcmp(ids[0], ids[1], KEY_ID_SIZE) != 0)
		d.rc = GNUTLS_E_CERTIFICATE_KEY_MISMATCH;
	return finish(&d, cert) >= 0;
}

/* text has CERT_FILE_MAX bytes, all 0. */
static int read_cert(struct sim_cert *cert, int fd, const char *path, char *text, struct err *err)
{
	gnutls_datum_t pem = { (unsigned char *)text, 0 };
	ssize_t length;

	if (check_file(fd, path, err) < 0)
		return -1;
	/* a regular file: the first read() returns all of it */
	length = read(fd, text, CERT_FILE_MAX);
	if (length < 0)
		return failed(path, "read", err);
	pem.size = (unsigned)length;
	return import_pem(cert, &pem)
		? 0 : wrong(path, "does not contain a certificate and its key in PEM; "
				  "bdbtop-sim creates the file if it does not exist", err);
}

int sim_cert_load(struct sim_cert *cert, const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), rc;
	char *text;

	memset(cert, 0, sizeof(*cert));
	if (fd < 0)
		return errno == ENOENT ? 1 : failed(path, "read", err);
	text = sim_memory_new(CERT_FILE_MAX, 1);
	rc = read_cert(cert, fd, path, text, err);
	explicit_bzero(text, CERT_FILE_MAX);
	free(text);
	close(fd);
	return rc;
}

int sim_cert_save(const struct sim_cert *cert, const char *path, struct err *err)
{
	return sim_file_create(path, 0600, "%s%s", cert->key, cert->certificate) == 0
		? 0 : failed(path, "written", err);
}
