#include "bdbtop/store/pins.h"

#include <sys/resource.h>

#include "bdbtop/core/array.h"
#include "tests/files.h"

/* SHA-256 of nothing, and of "a" */
#define PIN_A "sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
#define PIN_B "sha256//ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs="
#define PRINT_A                                                                                    \
	"E3:B0:C4:42:98:FC:1C:14:9A:FB:F4:C8:99:6F:B9:24:27:AE:41:E4:64:9B:93:4C:A4:95:99:1B:78:"  \
	"52:B8:55"
#define PRINT_B                                                                                    \
	"CA:97:81:12:CA:1B:BD:CA:FA:C2:31:B3:9A:23:DC:4D:A7:86:EF:F8:14:7C:4E:72:B9:80:77:85:AF:"  \
	"EE:48:BB"

struct store_fixture {
	struct temp_dir dir;
	struct pins *pins;
};

static int enter(void **state)
{
	struct store_fixture *fix = temp_dir_enter(state, sizeof(*fix), "known_clusters");

	fix->pins = pins_new(fix->dir.state, NULL);
	return 0;
}

static int leave(void **state)
{
	struct store_fixture *fix = *state;

	pins_free(fix->pins);
	return temp_dir_leave(state);
}

static const struct source_pin pin_a = { .pin = PIN_A,
					 .cert_sha256 = PRINT_B,
					 .since_s = 1795017731 };
static const struct source_pin pin_b = { .pin = PIN_B };

static int find(const struct store_fixture *fix, const char *host_port, struct source_pin *out)
{
	struct err err = { 0 };
	int rc = pins_find(fix->pins, host_port, out, &err);

	if (rc < 0)
		fail_msg("%s", err.text);
	return rc;
}

/* The complete file is rejected, and the error names the line. */
static void assert_refused(const struct store_fixture *fix, const char *text, const char *where)
{
	struct source_pin out;
	struct err err = { 0 };

	temp_dir_write(fix->dir.path, text);
	assert_int_equal(pins_find(fix->pins, "c.example:9443", &out, &err), -1);
	error_contains(&err, where);
	assert_int_equal(pins_save(fix->pins, "c.example:9443", &pin_a, true, &err), -1);
	error_contains(&err, where);
	temp_dir_file_is(fix->dir.path, text);
}

static void a_pin_is_kept_and_found_again(void **state)
{
	struct store_fixture *fix = *state;
	struct source_pin out;

	assert_string_equal(pins_path(fix->pins), fix->dir.path);
	assert_int_equal(find(fix, "c.example:9443", &out), 0);
	assert_int_equal(pins_save(fix->pins, "c.example:9443", &pin_a, false, NULL), 0);
	temp_dir_file_is(fix->dir.path,
			 "c.example:9443 " PIN_A " cert=" PRINT_B " since=2026-11-18T16:02:11Z\n");
	assert_int_equal(find(fix, "c.example:9443", &out), 1);
	assert_string_equal(out.pin, PIN_A);
	assert_string_equal(out.key_sha256, PRINT_A);
	assert_string_equal(out.cert_sha256, PRINT_B);
	assert_int_equal(out.since_s, 1795017731);
	assert_int_equal(find(fix, "c.example:9444", &out), 0);
	assert_int_equal(find(fix, "xc.example:9443", &out), 0);
}

static void hosts_are_one_without_regard_to_case(void **state)
{
	struct store_fixture *fix = *state;
	struct source_pin out;

	assert_int_equal(pins_save(fix->pins, "C.Example:9443", &pin_a, false, NULL), 0);
	assert_int_equal(find(fix, "c.example:9443", &out), 1);
	assert_int_equal(pins_save(fix->pins, "c.eXample:9443", &pin_b, false, NULL), -1);
	assert_int_equal(pins_save(fix->pins, "c.eXample:9443", &pin_b, true, NULL), 0);
	temp_dir_file_is(fix->dir.path, "c.eXample:9443 " PIN_B "\n");
}

static void another_key_needs_to_be_replaced_on_purpose(void **state)
{
	struct store_fixture *fix = *state;
	struct source_pin out;
	struct err err;

	assert_int_equal(pins_save(fix->pins, "c.example:9443", &pin_a, false, NULL), 0);
	assert_int_equal(pins_save(fix->pins, "c.example:9443", &pin_b, false, &err), -1);
	error_contains(&err, PRINT_A);
	error_contains(&err, "bdbtop trust --replace c.example:9443");
	assert_int_equal(find(fix, "c.example:9443", &out), 1);
	assert_string_equal(out.pin, PIN_A);
	assert_int_equal(pins_save(fix->pins, "c.example:9443", &pin_b, true, NULL), 0);
	assert_int_equal(find(fix, "c.example:9443", &out), 1);
	assert_string_equal(out.pin, PIN_B);
	assert_string_equal(out.key_sha256, PRINT_B);
}

static void the_same_key_stays_as_it_is(void **state)
{
	struct store_fixture *fix = *state;
	struct source_pin again = pin_a;

	again.since_s = 1;
	assert_int_equal(pins_save(fix->pins, "[::1]:9443", &pin_a, false, NULL), 0);
	assert_int_equal(pins_save(fix->pins, "[::1]:9443", &again, false, NULL), 0);
	temp_dir_file_is(fix->dir.path,
			 "[::1]:9443 " PIN_A " cert=" PRINT_B " since=2026-11-18T16:02:11Z\n");
}

static void other_lines_comments_and_blanks_are_kept(void **state)
{
	struct store_fixture *fix = *state;

	temp_dir_mkdir(&fix->dir);
	temp_dir_write(fix->dir.path, "# by hand\n\na.example:443 " PIN_A "\nb.example:9443 " PIN_A
				      " since=2026-11-18T16:02:11Z\nab.example:443 " PIN_B);
	assert_int_equal(pins_save(fix->pins, "b.example:9443", &pin_b, true, NULL), 0);
	temp_dir_file_is(fix->dir.path, "# by hand\n\na.example:443 " PIN_A
					"\nab.example:443 " PIN_B "\nb.example:9443 " PIN_B "\n");
}

static void a_hostile_line_makes_the_whole_file_untrusted(void **state)
{
	static const char good[] = "c.example:9443 " PIN_A "\n";
	static const char *const lines[] = {
		"c.example:9443",
		"c.example " PIN_A,
		"c.example:0 " PIN_A,
		"c.example:65536 " PIN_A,
		"c.example:94x43 " PIN_A,
		"c.example: " PIN_A,
		":9443 " PIN_A,
		" d.example:9443 " PIN_A,
		"\td.example:9443 " PIN_A,
		"d.example:9443  " PIN_A,
		"d.example:9443\t" PIN_A,
		"d.example:9443 " PIN_A "\r",
		"d.example:9443 " PIN_A " ",
		"d.example:9443 " PIN_A ";" PIN_B,
		"d.example:9443 sha256//",
		"d.example:9443 SHA256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
		"d.example:9443 sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU",
		"d.example:9443 sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=",
		"d.example:9443 sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuF==",
		"d.example:9443 sha256//47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=",
		"d.example:9443 " PIN_A " " PIN_B,
		"d.example:9443 " PIN_A " cert=",
		"d.example:9443 " PIN_A " cert=" PRINT_B "0",
		"d.example:9443 " PIN_A " cert=" PRINT_B " cert=" PRINT_B,
		"d.example:9443 " PIN_A " since=yesterday",
		"d.example:9443 " PIN_A " since=2026-11-18T16:02:11Z since=2026-11-18T16:02:11Z",
		"d.example\x1b[2J:9443 " PIN_A,
		"c.example:9443 " PIN_B,
		"C.EXAMPLE:9443 " PIN_A,
	};
	struct store_fixture *fix = *state;
	char text[1000];
	size_t i;

	temp_dir_mkdir(&fix->dir);
	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		snprintf(text, sizeof(text), "%s# and\n%s\n", good, lines[i]);
		assert_refused(fix, text, "known_clusters:3: ");
	}
}

static void a_line_of_any_length_is_accepted(void **state)
{
	struct store_fixture *fix = *state;
	char *text = malloc(100001);

	temp_dir_mkdir(&fix->dir);
	memset(text, 'x', 100000);
	text[100000] = '\0';
	assert_refused(fix, text, "known_clusters:1: ");
	free(text);
}

static void a_file_that_others_may_write_is_no_pin(void **state)
{
	struct store_fixture *fix = *state;
	struct source_pin out;
	struct err err;

	assert_int_equal(pins_save(fix->pins, "c.example:9443", &pin_a, false, NULL), 0);
	assert_int_equal(chmod(fix->dir.path, 0666), 0);
	assert_int_equal(pins_find(fix->pins, "c.example:9443", &out, &err), -1);
	error_contains(&err, "The file of pinned keys /");
	error_contains(&err, "can be written by others");
}

static void without_a_descriptor_the_limit_on_open_files_is_named(void **state)
{
	struct store_fixture *fix = *state;
	struct rlimit old, none;
	struct source_pin out;
	struct err err;

	assert_int_equal(pins_save(fix->pins, "c.example:9443", &pin_a, false, NULL), 0);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	none = old;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	assert_int_equal(pins_find(fix->pins, "c.example:9443", &out, &err), -1);
	setrlimit(RLIMIT_NOFILE, &old);
	error_contains(&err, "Too many open files. Raise the limit on open files (ulimit -n)");
}

static void what_cannot_be_one_line_is_not_written(void **state)
{
	static const char *const hosts[] = { "c.example", "c example:9443", "c\n:9443", "",
					     "#c:9443" };
	struct store_fixture *fix = *state;
	struct source_pin odd = { .pin = "sha256//x" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(hosts); i++)
		assert_int_equal(pins_save(fix->pins, hosts[i], &pin_a, true, NULL), -1);
	assert_int_equal(pins_save(fix->pins, "c.example:9443", &odd, true, NULL), -1);
	odd = pin_a;
	strcpy(odd.cert_sha256, "a b");
	assert_int_equal(pins_save(fix->pins, "c.example:9443", &odd, true, NULL), -1);
	assert_int_equal(access(fix->dir.state, F_OK), -1);
}

static void pins_of_two_processes_are_all_kept(void **state)
{
	struct store_fixture *fix = *state;
	struct source_pin out;
	char host[64];
	pid_t child[2];
	int k, i;

	for (k = 0; k < 2; k++) {
		child[k] = fork();
		if (!child[k]) {
			int failed = 0;

			for (i = 0; i < 30; i++) {
				snprintf(host, sizeof(host), "n%d-%d.example:9443", k, i);
				failed |= pins_save(fix->pins, host, &pin_a, false, NULL);
			}
			_exit(failed != 0);
		}
	}
	for (k = 0; k < 2; k++)
		temp_dir_reap(child[k]);
	for (i = 0; i < 60; i++) {
		snprintf(host, sizeof(host), "n%d-%d.example:9443", i % 2, i / 2);
		assert_int_equal(find(fix, host, &out), 1);
	}
}

static void a_fingerprint_is_that_of_the_key(void **state)
{
	char out[96];

	assert_true(pins_fingerprint(out, PIN_A));
	assert_string_equal(out, PRINT_A);
	assert_true(pins_fingerprint(out, PIN_B));
	assert_string_equal(out, PRINT_B);
	assert_false(pins_fingerprint(out, PRINT_A));
	assert_string_equal(out, "");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)
	const struct CMUnitTest tests[] = {
		TEST(a_pin_is_kept_and_found_again),
		TEST(hosts_are_one_without_regard_to_case),
		TEST(another_key_needs_to_be_replaced_on_purpose),
		TEST(the_same_key_stays_as_it_is),
		TEST(other_lines_comments_and_blanks_are_kept),
		TEST(a_hostile_line_makes_the_whole_file_untrusted),
		TEST(a_line_of_any_length_is_accepted),
		TEST(a_file_that_others_may_write_is_no_pin),
		TEST(without_a_descriptor_the_limit_on_open_files_is_named),
		TEST(what_cannot_be_one_line_is_not_written),
		TEST(pins_of_two_processes_are_all_kept),
		TEST(a_fingerprint_is_that_of_the_key),
	};

	return tap_run(tests);
}
