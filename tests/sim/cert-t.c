#include "sim/cert.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "sim/keyword.h"
#include "tests/tap.h"

struct cert_fixture {
	char directory[32], file[64];
};

static struct cert_fixture cert_fixture_open(void)
{
	struct cert_fixture p = { "/tmp/sim-cert.XXXXXX", "" };

	assert_non_null(mkdtemp(p.directory));
	snprintf(p.file, sizeof(p.file), "%s/both.pem", p.directory);
	return p;
}

static void cert_fixture_close(const struct cert_fixture *p)
{
	unlink(p->file);
	assert_int_equal(rmdir(p->directory), 0);
}

static struct sim_cert make_cert(void)
{
	struct sim_cert cert = { NULL, NULL };
	struct err err;

	if (sim_cert_renew(&cert, SIM_CERT_GOOD, false, (long long)time(NULL), &err) < 0)
		fail_msg("%s", err.text);
	return cert;
}

static void write_file(const char *path, mode_t mode, const char *one, const char *two)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_true(dprintf(fd, "%s%s", one, two) >= 0);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static void finds_each_shape_by_its_word(void **state)
{
	assert_int_equal(sim_keyword_find("good", sim_cert_words), SIM_CERT_GOOD);
	assert_int_equal(sim_keyword_find("wildcard", sim_cert_words), SIM_CERT_WILDCARD);
	assert_int_equal(sim_keyword_find("better", sim_cert_words), SIM_CERT_SHAPES);
}

static void a_pin_changes_only_with_the_key(void **state)
{
	char first[SIM_CERT_PIN_SIZE], pin[SIM_CERT_PIN_SIZE], *before;
	struct sim_cert cert = make_cert();
	struct err err;

	sim_cert_pin(&cert, first);
	assert_memory_equal(first, "sha256//", 8);
	assert_int_equal(strlen(first), 8 + 44);
	before = strdup(cert.certificate);
	assert_int_equal(sim_cert_renew(&cert, SIM_CERT_EXPIRED, true, (long long)time(NULL), &err),
			 0);
	sim_cert_pin(&cert, pin);
	assert_string_equal(pin, first);
	assert_string_not_equal(cert.certificate, before);
	assert_int_equal(sim_cert_renew(&cert, SIM_CERT_GOOD, false, (long long)time(NULL), &err),
			 0);
	sim_cert_pin(&cert, pin);
	assert_string_not_equal(pin, first);
	free(before);
	sim_cert_release(&cert);
}

static void a_private_file_stores_certificate_and_key(void **state)
{
	struct sim_cert cert = make_cert(), again;
	struct cert_fixture p = cert_fixture_open();
	struct stat st;
	struct err err;

	assert_int_equal(sim_cert_load(&again, p.file, &err), 1);
	assert_int_equal(sim_cert_save(&cert, p.file, &err), 0);
	assert_int_equal(stat(p.file, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(sim_cert_load(&again, p.file, &err), 0);
	assert_string_equal(again.certificate, cert.certificate);
	assert_string_equal(again.key, cert.key);
	assert_int_equal(sim_cert_save(&cert, p.file, &err), -1);
	assert_non_null(strstr(err.text, "cannot be written: File exists."));
	sim_cert_release(&again);
	sim_cert_release(&cert);
	cert_fixture_close(&p);
}

static void refused(const char *path, const char *why)
{
	struct sim_cert cert;
	struct err err = { .text = "" };

	assert_int_equal(sim_cert_load(&cert, path, &err), -1);
	if (!strstr(err.text, why))
		fail_msg("%s", err.text);
	assert_null(cert.key);
}

static void other_files_are_errors(void **state)
{
	struct sim_cert cert = make_cert(), other = make_cert();
	struct cert_fixture p = cert_fixture_open();

	write_file(p.file, 0640, cert.key, cert.certificate);
	refused(p.file, "contains a key that others can read: run chmod 600 on it.");
	unlink(p.file);
	write_file(p.file, 0600, other.key, cert.certificate);
	refused(p.file, "does not contain a certificate and its key in PEM");
	unlink(p.file);
	write_file(p.file, 0600, "", cert.certificate);
	refused(p.file, "does not contain a certificate and its key in PEM");
	unlink(p.file);
	write_file(p.file, 0600, "", "");
	refused(p.file, "does not contain a certificate and its key in PEM");
	refused(p.directory, "is not a file");
	sim_cert_release(&other);
	sim_cert_release(&cert);
	cert_fixture_close(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_each_shape_by_its_word),
		cmocka_unit_test(a_pin_changes_only_with_the_key),
		cmocka_unit_test(a_private_file_stores_certificate_and_key),
		cmocka_unit_test(other_files_are_errors),
	};

	return tap_run(tests);
}
