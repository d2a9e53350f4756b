#include "bdbtop/store/redisctl_file.h"

#include "bdbtop/core/array.h"
#include "tests/files.h"
#include "tests/json/mutate.h"

/* As release 0.10.1 writes it, with toml 0.9.7. */
static const char written[] = "default_enterprise = \"prod\"\n"
			      "default_cloud = \"cloud\"\n"
			      "files_api_key = \"files-key\"\n"
			      "\n"
			      "[profiles.prod]\n"
			      "deployment_type = \"enterprise\"\n"
			      "url = \"https://prod.example:9443\"\n"
			      "username = \"admin@prod.example\"\n"
			      "password = \"hunter2\"\n"
			      "insecure = true\n"
			      "ca_cert = \"/etc/prod.pem\"\n"
			      "tags = [\n"
			      "    \"prod\",\n"
			      "    \"us-east\",\n"
			      "]\n"
			      "\n"
			      "[profiles.prod.resilience.circuit_breaker]\n"
			      "enabled = true\n"
			      "failure_threshold = 0.5\n"
			      "window_size = 20\n"
			      "\n"
			      "[profiles.cloud]\n"
			      "deployment_type = \"cloud\"\n"
			      "api_key = \"cloud-key\"\n"
			      "api_secret = 'cloud\"secret'\n"
			      "api_url = \"https://api.redislabs.com/v1\"\n"
			      "tags = [\"prod\"]\n"
			      "\n"
			      "[profiles.\"with space\"]\n"
			      "deployment_type = \"enterprise\"\n"
			      "url = \"https://test.example:9443\"\n"
			      "username = \"admin\"\n"
			      "insecure = false\n"
			      "\n"
			      "[profiles.cache]\n"
			      "deployment_type = \"database\"\n"
			      "host = \"cache.example\"\n"
			      "port = 12345\n";

struct file_fixture {
	struct temp_dir dir;
	char path[128];
	struct redisctl_file *file;
	struct redisctl_profile *profiles;
	size_t count;
	struct err err;
};

static int enter(void **state)
{
	struct file_fixture *fix = temp_dir_enter(state, sizeof(*fix), "unused");

	snprintf(fix->path, sizeof(fix->path), "%s/config.toml", fix->dir.top);
	return 0;
}

static int leave(void **state)
{
	struct file_fixture *fix = *state;

	redisctl_file_free(fix->file);
	return temp_dir_leave(state);
}

static int read_bytes(struct file_fixture *fix, const char *bytes, size_t length)
{
	int rc;

	redisctl_file_free(fix->file);
	unlink(fix->path);
	temp_dir_append(fix->path, bytes, length);
	fix->file = redisctl_file_open(fix->path, &fix->err);
	if (!fix->file)
		return -1;
	rc = redisctl_file_parse(fix->file, &fix->err);
	fix->profiles = redisctl_file_profiles(fix->file, &fix->count);
	return rc;
}

static void reads(struct file_fixture *fix, const char *text)
{
	if (read_bytes(fix, text, strlen(text)) < 0)
		fail_msg("%s: %s", text, fix->err.text);
}

static void a_file_that_redisctl_wrote_is_read(void **state)
{
	struct file_fixture *fix = *state;
	const struct redisctl_profile *prod;

	reads(fix, written);
	assert_int_equal(fix->count, 4);
	prod = &fix->profiles[0];
	assert_string_equal(prod->name, "prod");
	assert_int_equal(prod->kind, REDISCTL_ENTERPRISE);
	assert_string_equal(prod->url, "https://prod.example:9443");
	assert_string_equal(prod->user, "admin@prod.example");
	assert_string_equal(prod->password, "hunter2");
	assert_string_equal(prod->cacert, "/etc/prod.pem");
	assert_string_equal(prod->tags, "prod, us-east");
	assert_true(prod->insecure);
	assert_true(prod->is_default);
	assert_int_equal(prod->line, 5);
	assert_string_equal(fix->profiles[1].name, "cloud");
	assert_int_equal(fix->profiles[1].kind, REDISCTL_CLOUD);
	assert_null(fix->profiles[1].password);
	assert_string_equal(fix->profiles[1].tags, "prod");
	assert_string_equal(fix->profiles[2].name, "with space");
	assert_null(fix->profiles[2].password);
	assert_null(fix->profiles[2].cacert);
	assert_null(fix->profiles[2].tags);
	assert_false(fix->profiles[2].insecure);
	assert_false(fix->profiles[2].is_default);
	assert_int_equal(fix->profiles[3].kind, REDISCTL_DATABASE);
	assert_int_equal(fix->profiles[3].line, 35);
}

/* The forms that toml_writer chooses by the characters of the string, and the other escapes. */
static void a_string_is_read_in_each_of_its_forms(void **state)
{
	static const struct {
		const char *quoted, *plain;
	} strings[] = {
		{ "\"\"", "" },
		{ "''", "" },
		{ "\"it's\"", "it's" },
		{ "'a\"b\\c'", "a\"b\\c" },
		{ "\"\"\"it's \"x\"\"\"\"", "it's \"x\"" },
		{ "\"\"\"it's \"\"x\"\"\"", "it's \"\"x" },
		{ "\"\"\"'x\"\"\"\"\"", "'x\"\"" },
		{ "'''it's\\\"\"'''", "it's\\\"\"" },
		{ "\"\\\"\\\\'\\\"\\\"\\\"\"", "\"\\'\"\"\"" },
		{ "\"\\b\\t\\n\\f\\r\\u0001\\u00e9\\u20AC\\U0001F600\"",
		  "\b\t\n\f\r\x01\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80" },
		{ "\"a # b\" # a comment", "a # b" },
		{ "\"\xc3\xa9\ttab\"", "\xc3\xa9\ttab" },
	};
	struct file_fixture *fix = *state;
	char text[300];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(strings); i++) {
		snprintf(text, sizeof(text), "[profiles.a]\npassword = %s\nusername = 'u'\n",
			 strings[i].quoted);
		reads(fix, text);
		assert_string_equal(fix->profiles[0].password, strings[i].plain);
		assert_string_equal(fix->profiles[0].user, "u");
	}
}

/* The documentation of redisctl has files like this one. */
static void a_file_that_a_user_wrote_is_read(void **state)
{
	struct file_fixture *fix = *state;

	reads(fix, "\xef\xbb\xbf# Profiles\r\n"
		   "\r\n"
		   "  [ profiles . 'a.b' ]  # the first\r\n"
		   "\tdeployment_type=\"enterprise\"\r\n"
		   "\"url\" = 'https://a:9443'\r\n"
		   "tags = [ 'x' , # one\r\n"
		   "  # and\r\n"
		   "  \"y\" ]\r\n"
		   "timeout = 1_000.5e-3\r\n"
		   "[profiles]\r\n"
		   "[global]\r\n"
		   "files_api_key = \"key\"\r\n"
		   "limits = []\r\n"
		   "[profiles.last]\r\n"
		   "insecure = false");
	assert_int_equal(fix->count, 2);
	assert_string_equal(fix->profiles[0].name, "a.b");
	assert_string_equal(fix->profiles[0].url, "https://a:9443");
	assert_string_equal(fix->profiles[0].tags, "x, y");
	assert_int_equal(fix->profiles[0].line, 3);
	assert_string_equal(fix->profiles[1].name, "last");
	assert_int_equal(fix->profiles[1].line, 14);
}

static void a_default_of_an_older_release_counts_after_default_enterprise(void **state)
{
	static const char profiles[] = "[profiles.a]\ndeployment_type = \"Enterprise\"\n"
				       "[profiles.b]\ndeployment_type = \"Enterprise\"\n"
				       "[profiles.c]\ndeployment_type = \"Cloud\"\n";
	static const struct {
		const char *top;
		int index; /* -1: there is no default */
	} defaults[] = {
		{ "", -1 },
		{ "default = 'a'\n", 0 },
		{ "default = 'c'\n", -1 },
		{ "default = 'b'\ndefault_profile = 'a'\n", 0 },
		{ "default_enterprise = 'b'\ndefault = 'a'\n", 1 },
		{ "default_enterprise = 'gone'\n", -1 },
	};
	struct file_fixture *fix = *state;
	char text[400];
	size_t i;
	int k;

	for (i = 0; i < ARRAY_SIZE(defaults); i++) {
		snprintf(text, sizeof(text), "%s%s", defaults[i].top, profiles);
		reads(fix, text);
		for (k = 0; k < 3; k++)
			assert_int_equal(fix->profiles[k].is_default, k == defaults[i].index);
	}
}

/* Every case has a password in it, which no message may repeat. */
static void what_redisctl_does_not_write_is_refused_with_its_line(void **state)
{
	static const struct {
		const char *text;
		unsigned line;
		const char *what;
	} wrong[] = {
		{ "hunter2\n", 1, "a setting is \"KEY = VALUE\"" },
		{ "\n= 'hunter2'\n", 2, "this is not a table, a setting" },
		{ "profiles.a.password = 'hunter2'\n", 1, "a key with dots is not understood" },
		{ "[[profiles]]\npassword = 'hunter2'\n", 1, "no arrays of tables" },
		{ "[profiles.hunter2\n", 1, "a table header ends with \"]\"" },
		{ "[profiles.]\nhunter2", 1, "this is not a table, a setting" },
		{ "[a.b.c.d.e.f.g.h.hunter2]\n", 1, "too many parts" },
		{ "[profiles.a] password = 'hunter2'\n", 1, "write one setting in a line" },
		{ "\"\"\"a\"\"\" = 'hunter2'\n", 1, "a key has one quote at each end" },
		{ "a = 'hunter2' b = 1\n", 1, "write one setting in a line" },
		{ "a = {b = 'hunter2'}\n", 1, "this value is not one that redisctl writes" },
		{ "a = hunter2\n", 1, "this value is not one that redisctl writes" },
		{ "a = 1979-05-27 # hunter2\n", 1, "this value is not one that redisctl writes" },
		{ "a = truehunter2\n", 1, "this value is not one that redisctl writes" },
		{ "a =\n'hunter2'\n", 1, "this value is not one that redisctl writes" },
		{ "a = 'hunter2\nb'\n", 1, "this string does not end in its line" },
		{ "a = \"\"\"\nhunter2\"\"\"\n", 1, "this string does not end in its line" },
		{ "a = \"hunter2", 1, "this string does not end in its line" },
		{ "a = \"hunter2\x01\"\n", 1, "contains a control character" },
		{ "a = \"hunter2\\x41\"\n", 1, "an invalid escape" },
		{ "a = \"hunter2\\u00g0\"\n", 1, "an invalid escape" },
		{ "a = \"hunter2\\u0000\"\n", 1, "an invalid escape" },
		{ "a = \"hunter2\\ud800\"\n", 1, "an invalid escape" },
		{ "a = \"hunter2\\U00110000\"\n", 1, "an invalid escape" },
		{ "a = [\n'hunter2',\n1]\n", 3, "in an array only strings are understood" },
		{ "a = ['hunter2' 'b']\n", 1, "are separated by commas" },
		{ "a = ['hunter2'", 1, "are separated by commas" },
		{ "[profiles.a]\npassword = 1 # hunter2\n", 2, "a value of another type" },
		{ "[profiles.a]\ninsecure = 'hunter2'\n", 2, "a value of another type" },
		{ "[profiles.a]\ntags = 'hunter2'\n", 2, "a value of another type" },
		{ "[profiles.a]\nurl = 'a'\nurl = 'hunter2'\n", 3, "already set above" },
		{ "[profiles.hunter2]\n\n[profiles.hunter2]\n", 3, "a table of this name above" },
	};
	struct file_fixture *fix = *state;
	char start[200];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		if (!read_bytes(fix, wrong[i].text, strlen(wrong[i].text)))
			fail_msg("%s", wrong[i].text);
		snprintf(start, sizeof(start), "%s:%u: ", fix->path, wrong[i].line);
		if (strncmp(fix->err.text, start, strlen(start)) != 0 ||
		    strstr(fix->err.text, "hunter2"))
			fail_msg("%s: %s", wrong[i].text, fix->err.text);
		error_contains(&fix->err, wrong[i].what);
		assert_int_equal(fix->count, 0);
	}
}

static void at_most_1000_profiles_are_read(void **state)
{
	struct file_fixture *fix = *state;
	char *text = malloc(64 * 1024);
	size_t length = 0;
	int i;

	for (i = 0; i < 1000; i++)
		length += (size_t)sprintf(text + length, "[profiles.p%d]\n", i);
	reads(fix, text);
	assert_int_equal(fix->count, 1000);
	strcpy(text + length, "[profiles.last]\n");
	assert_int_equal(read_bytes(fix, text, strlen(text)), -1);
	error_contains(&fix->err, ":1001: more than 1000 profiles");
	free(text);
}

static void a_file_that_others_can_write_is_refused(void **state)
{
	struct file_fixture *fix = *state;

	reads(fix, written);
	assert_false(redisctl_file_is_exposed(fix->file));
	redisctl_file_free(fix->file);
	chmod(fix->path, 0606);
	fix->file = redisctl_file_open(fix->path, &fix->err);
	assert_null(fix->file);
	error_contains(&fix->err, "others may write to it. Check its content, then run chmod o-w");
	chmod(fix->path, 0644);
	fix->file = redisctl_file_open(fix->path, &fix->err);
	assert_true(redisctl_file_is_exposed(fix->file));
}

static void a_missing_file_has_no_profiles(void **state)
{
	struct file_fixture *fix = *state;
	size_t count = 1;

	fix->file = redisctl_file_open(fix->path, &fix->err);
	assert_non_null(fix->file);
	assert_int_equal(redisctl_file_parse(fix->file, &fix->err), 0);
	redisctl_file_profiles(fix->file, &count);
	assert_int_equal(count, 0);
}

static void what_is_no_text_is_refused(void **state)
{
	struct file_fixture *fix = *state;
	char *spaces = malloc(REDISCTL_FILE_MAX + 1);

	memset(spaces, ' ', REDISCTL_FILE_MAX + 1);
	assert_int_equal(read_bytes(fix, spaces, REDISCTL_FILE_MAX), 0);
	assert_int_equal(read_bytes(fix, spaces, REDISCTL_FILE_MAX + 1), -1);
	error_contains(&fix->err, "it is longer than 1 MiB");
	free(spaces);
	assert_int_equal(read_bytes(fix, "a = 1\0\n", 7), -1);
	error_contains(&fix->err, "it contains a NUL byte");
	assert_null(redisctl_file_open(fix->dir.top, &fix->err));
	error_contains(&fix->err, "it is a directory");
}

/* The text is decoded in place, so the name of a profile tells where it begins. */
static void nothing_secret_stays_in_memory(void **state)
{
	static const char *const secrets[] = { "hunter2", "files-key", "cloud-key",
					       "cloud\"secret" };
	struct file_fixture *fix = *state;
	const char *text;
	size_t length, i;

	reads(fix, written);
	text = fix->profiles[0].name - (strstr(written, "prod]") - written);
	length = sizeof(written) - 1;
	assert_non_null(memmem(text, length, "hunter2", 7));
	redisctl_file_forget(fix->file);
	assert_null(fix->profiles[0].password);
	for (i = 0; i < ARRAY_SIZE(secrets); i++)
		if (memmem(text, length, secrets[i], strlen(secrets[i])))
			fail_msg("%s", secrets[i]);
	assert_string_equal(fix->profiles[0].url, "https://prod.example:9443");
}

static void a_damaged_file_is_read_or_refused(void **state)
{
	struct file_fixture *fix = *state;
	char body[sizeof(written) + 16 * MUTATE_MORE];
	uint32_t seed = 4711;
	size_t length;
	int i;

	for (length = 0; length < sizeof(written); length++)
		if (read_bytes(fix, written, length) < 0)
			error_contains(&fix->err, ":");
	for (i = 0; i < 3000; i++) {
		memcpy(body, written, sizeof(written));
		length = mutate(body, sizeof(written) - 1, &seed);
		if (read_bytes(fix, body, length) < 0)
			error_contains(&fix->err, ":");
		else
			assert_true(fix->count <= 5);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_file_that_redisctl_wrote_is_read),
		TEST(a_string_is_read_in_each_of_its_forms),
		TEST(a_file_that_a_user_wrote_is_read),
		TEST(a_default_of_an_older_release_counts_after_default_enterprise),
		TEST(what_redisctl_does_not_write_is_refused_with_its_line),
		TEST(at_most_1000_profiles_are_read),
		TEST(a_file_that_others_can_write_is_refused),
		TEST(a_missing_file_has_no_profiles),
		TEST(what_is_no_text_is_refused),
		TEST(nothing_secret_stays_in_memory),
		TEST(a_damaged_file_is_read_or_refused),
	};

	return tap_run(tests);
}
