#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include "buffer.h"
#include "cert.h"
#include "keyword.h"
#include "memory.h"

enum { CERT_FILE_MAX = 65536 };

static int wrong(const char *path, const char *what, struct err *err)
{
	char shown[SIM_KEYWORD_SHOWN_SIZE];

	err_set(err, ERR_ASK_USER, "The certificate %s %s.", sim_keyword_show(path, shown), what);
	return -1;
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

/* True if both have the same public key. */
static bool key_matches(gnutls_x509_crt_t crt, gnutls_x509_privkey_t key)
{
	unsigned char one[64], two[64];
	size_t one_size = sizeof(one), two_size = sizeof(two);

	return gnutls_x509_crt_get_key_id(crt, GNUTLS_KEYID_USE_SHA256, one, &one_size) >= 0 &&
	       gnutls_x509_privkey_get_key_id(key, GNUTLS_KEYID_USE_SHA256, two, &two_size) >= 0 &&
	       one_size == two_size && memcmp(one, two, one_size) == 0;
}

static char *copy_pem(gnutls_datum_t *pem)
{
	char *text = pem->data ? sim_memory_copy_n((const char *)pem->data, pem->size) : NULL;

	if (pem->data)
		explicit_bzero(pem->data, pem->size);
	gnutls_free(pem->data);
	return text;
}

static bool import_pem(struct sim_cert *cert, const gnutls_datum_t *text)
{
	gnutls_datum_t certificate = { NULL, 0 }, private = { NULL, 0 };
	gnutls_x509_privkey_t key = NULL;
	gnutls_x509_crt_t crt = NULL;
	bool good = gnutls_x509_privkey_init(&key) >= 0 && gnutls_x509_crt_init(&crt) >= 0 &&
		    gnutls_x509_privkey_import(key, text, GNUTLS_X509_FMT_PEM) >= 0 &&
		    gnutls_x509_crt_import(crt, text, GNUTLS_X509_FMT_PEM) >= 0 &&
		    key_matches(crt, key) &&
		    gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_PEM, &certificate) >= 0 &&
		    gnutls_x509_privkey_export2(key, GNUTLS_X509_FMT_PEM, &private) >= 0;

	cert->certificate = copy_pem(&certificate);
	cert->key = copy_pem(&private);
	if (!good)
		sim_cert_release(cert);
	gnutls_x509_crt_deinit(crt);
	gnutls_x509_privkey_deinit(key);
	return good;
}

static int read_cert(struct sim_cert *cert, FILE *file, const char *path, struct err *err)
{
	char *text = sim_memory_new(CERT_FILE_MAX, 1);
	gnutls_datum_t pem = { (unsigned char *)text, 0 };
	int rc = check_file(fileno(file), path, err);

	if (rc == 0) {
		/* not in the buffer of stdio, which nothing overwrites */
		setvbuf(file, NULL, _IONBF, 0);
		pem.size = (unsigned)fread(text, 1, CERT_FILE_MAX, file);
		if (ferror(file))
			rc = failed(path, "read", err);
		else if (!import_pem(cert, &pem))
			rc = wrong(path, "does not contain a certificate and its key in PEM; "
					 "bdbtop-sim creates the file if it does not exist", err);
	}
	explicit_bzero(text, CERT_FILE_MAX);
	free(text);
	return rc;
}

int sim_cert_load(struct sim_cert *cert, const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), rc;
	FILE *file;

	memset(cert, 0, sizeof(*cert));
	if (fd < 0)
		return errno == ENOENT ? 1 : failed(path, "read", err);
	file = fdopen(fd, "r");
	if (!file) {
		rc = failed(path, "read", err);
		close(fd);
		return rc;
	}
	rc = read_cert(cert, file, path, err);
	fclose(file);
	return rc;
}

int sim_cert_save(const struct sim_cert *cert, const char *path, struct err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600), rc = 0;

	if (fd < 0)
		return failed(path, "written", err);
	if (dprintf(fd, "%s%s", cert->key, cert->certificate) < 0) {
		rc = failed(path, "written", err);
		unlink(path);
	}
	close(fd);
	return rc;
}
