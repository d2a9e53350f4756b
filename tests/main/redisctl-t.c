/*
 * Clusters that are named by a profile of redisctl: from its file, and from a script in its place.
 */
#include <sys/stat.h>

#include "bdbtop/core/array.h"
#include "tests/files.h"
#include "tests/main/child.h"

#define PROFILES                                                                                   \
	"default_enterprise = \"prod\"\n"                                                          \
	"[profiles.prod]\n"                                                                        \
	"deployment_type = \"enterprise\"\n"                                                       \
	"url = \"https://127.0.0.1:1\"\n"                                                          \
	"username = \"admin@prod\"\n"                                                              \
	"password = \"hunter2\"\n"                                                                 \
	"insecure = true\n"                                                                        \
	"ca_cert = \"/etc/prod.pem\"\n"                                                            \
	"tags = [\"prod\", \"us-east\"]\n"                                                         \
	"[profiles.keyring]\n"                                                                     \
	"deployment_type = \"enterprise\"\n"                                                       \
	"url = \"https://127.0.0.1:1\"\n"                                                          \
	"username = \"admin\"\n"                                                                   \
	"password = \"keyring:keyring-password\"\n"                                                \
	"[profiles.variable]\n"                                                                    \
	"deployment_type = \"enterprise\"\n"                                                       \
	"url = \"${TEST_URL}\"\n"                                                                  \
	"username = \"admin\"\n"                                                                   \
	"password = \"${TEST_PASSWORD}\"\n"                                                        \
	"[profiles.dollar]\n"                                                                      \
	"deployment_type = \"enterprise\"\n"                                                       \
	"url = \"https://127.0.0.1:1\"\n"                                                          \
	"username = \"admin\"\n"                                                                   \
	"password = \"hunter$2\"\n"                                                                \
	"[profiles.own]\n"                                                                         \
	"deployment_type = \"enterprise\"\n"                                                       \
	"url = \"https://${REDIS_ENTERPRISE_URL}\"\n"                                              \
	"[profiles.cloud]\n"                                                                       \
	"deployment_type = \"cloud\"\n"                                                            \
	"[profiles.odd]\n"                                                                         \
	"deployment_type = \"enterprise\"\n"
#define LISTED                                                                                     \
	"{\"config_path\": \"%s\", \"count\": 2, \"profiles\": [{\"name\": \"prod\",\n"            \
	"\"deployment_type\": \"enterprise\", \"is_default_enterprise\": true,\n"                  \
	"\"tags\": [\"listed\"], \"url\": \"https://127.0.0.1:2\", \"username\": \"listed\",\n"    \
	"\"insecure\": false}, {\"name\": \"variable\", \"deployment_type\": \"enterprise\",\n"    \
	"\"is_default_enterprise\": false, \"url\": \"${REDIS_ENTERPRISE_URL}\",\n"                \
	"\"username\": \"${REDIS_ENTERPRISE_USER}\", \"insecure\": false}]}\n"

struct redisctl_fixture {
	struct temp_dir dir;
	char file[128], conf[128], script[128], ran[128];
	struct child_result result;
};

static int enter(void **state)
{
	struct redisctl_fixture *fix = temp_dir_enter(state, sizeof(*fix), "unused");
	char path[200];

	snprintf(fix->file, sizeof(fix->file), "%s/config.toml", fix->dir.top);
	snprintf(fix->conf, sizeof(fix->conf), "%s/conf", fix->dir.top);
	snprintf(fix->script, sizeof(fix->script), "%s/redisctl", fix->dir.top);
	snprintf(fix->ran, sizeof(fix->ran), "%s/ran", fix->dir.top);
	snprintf(path, sizeof(path), "%s:/usr/bin:/bin", fix->dir.top);
	setenv("PATH", path, 1);
	setenv("HOME", fix->dir.top, 1);
	setenv("REDISCTL_CONFIG_FILE", fix->file, 1);
	setenv("XDG_STATE_HOME", fix->dir.state, 1);
	unsetenv("XDG_CONFIG_HOME");
	temp_dir_write(fix->file, PROFILES);
	temp_dir_write(fix->conf, "");
	return 0;
}

/* Installs a script as redisctl, which notes that it ran, with what; its last command prints. */
static void install(const struct redisctl_fixture *fix, const char *command)
{
	char script[600];

	snprintf(script, sizeof(script),
		 "#!/bin/sh\n{ echo \"$@\"; env; } >'%s'\necho noise >&2\n%s\n", fix->ran, command);
	temp_dir_write(fix->script, script);
	chmod(fix->script, 0700);
}

static void install_list(const struct redisctl_fixture *fix)
{
	char list[1000], path[128], command[200];

	snprintf(path, sizeof(path), "%s/list", fix->dir.top);
	snprintf(list, sizeof(list), LISTED, fix->file);
	temp_dir_write(path, list);
	snprintf(command, sizeof(command), "cat '%s'", path);
	install(fix, command);
}

static void run(struct redisctl_fixture *fix, const char *const *words,
		const char *const *variables)
{
	child_run(&fix->result, words, variables);
	assert_null(strstr(fix->result.err, "noise"));
	/* no output of any run has a password */
	if (strstr(fix->result.out, "hunter2") || strstr(fix->result.err, "hunter2"))
		fail_msg("%s%s", fix->result.out, fix->result.err);
}

/* The settings of a cluster, NULL for none. */
static void print_config(struct redisctl_fixture *fix, const char *name,
			 const char *const *variables)
{
	char config[140];

	snprintf(config, sizeof(config), "--config=%s", fix->conf);
	run(fix, WORDS(config, "--print-config", name), variables);
}

/* The setting has this value, from this source, in which %s is the file of redisctl. */
static void has(const struct redisctl_fixture *fix, const char *key, const char *value,
		const char *source)
{
	char line[300], from[200], *at;

	snprintf(line, sizeof(line), "\n%-16s = %s ", key, value);
	snprintf(from, sizeof(from), "; %s%s\n", *source == ':' ? fix->file : "", source);
	at = strstr(fix->result.out, line);
	if (!at || strncmp(strchr(at, ';'), from, strlen(from)) != 0)
		fail_msg("%s%s in:\n%s%s", line, from, fix->result.out, fix->result.err);
}

/* The run ended with this status and a sentence that begins so; `%s` stands for the file. */
static void fails(struct redisctl_fixture *fix, int status, const char *sentence)
{
	char start[500];

	snprintf(start, sizeof(start), "bdbtop: %s%s", *sentence == ':' ? fix->file : "", sentence);
	if (fix->result.status != status || strncmp(fix->result.err, start, strlen(start)) != 0)
		fail_msg("%d, %s%s", fix->result.status, fix->result.err, fix->result.out);
}

static void a_profile_of_the_file_gives_the_settings_of_a_cluster(void **state)
{
	struct redisctl_fixture *fix = *state;

	print_config(fix, "prod", NOTHING);
	assert_non_null(strstr(fix->result.out, "[cluster prod]\n"));
	assert_non_null(strstr(fix->result.out, "; redisctl profile prod, tags: prod, us-east\n"));
	has(fix, "url", "https://127.0.0.1:1", ":2");
	has(fix, "user", "admin@prod", ":2");
	has(fix, "password", "(set)", ":2");
	has(fix, "cacert", "/etc/prod.pem", ":2");
	/* but the certificate is checked */
	has(fix, "insecure", "no", "built in");
	assert_non_null(strstr(fix->result.out, "insecure = true, which is ignored"));
}

static void without_a_cluster_the_default_profile_is_opened(void **state)
{
	struct redisctl_fixture *fix = *state;

	print_config(fix, NULL, NOTHING);
	has(fix, "url", "https://127.0.0.1:1", ":2");
	print_config(fix, NULL, WORDS("REDIS_ENTERPRISE_URL=https://127.0.0.1:3"));
	has(fix, "url", "https://127.0.0.1:3", "REDIS_ENTERPRISE_URL");
}

static void redisctl_is_asked_if_it_is_installed(void **state)
{
	struct redisctl_fixture *fix = *state;
	char *ran;

	install_list(fix);
	print_config(fix, "prod", WORDS("REDIS_ENTERPRISE_PASSWORD=hunter2", "RUST_LOG=debug"));
	has(fix, "url", "https://127.0.0.1:2", "redisctl profile prod");
	has(fix, "user", "listed", "redisctl profile prod");
	has(fix, "password", "(set)", "redisctl profile prod");
	assert_non_null(strstr(fix->result.out, "tags: listed\n"));
	ran = temp_dir_read(fix->ran);
	assert_int_equal(strncmp(ran, "profile list -o json\n", 21), 0);
	assert_null(strstr(ran, "RUST_LOG="));
	assert_null(strstr(ran, "REDIS_ENTERPRISE_"));
	free(ran);
	/* redisctl cannot expand the variables that bdbtop keeps to itself */
	print_config(fix, "variable",
		     WORDS("REDIS_ENTERPRISE_URL=https://127.0.0.1:3", "REDIS_ENTERPRISE_USER=ann",
			   "TEST_PASSWORD=hunter2"));
	has(fix, "url", "https://127.0.0.1:3", "redisctl profile variable");
	has(fix, "user", "ann", "redisctl profile variable");
	has(fix, "password", "(set)", "redisctl profile variable");
}

static void a_redisctl_that_prints_no_list_leaves_the_file(void **state)
{
	static const char *const commands[] = {
		"echo 'NAME            TYPE         DETAILS'",
		"echo '{\"profiles\": []}'; exit 1",
		"kill -KILL $$",
		"head -c 3000000 /dev/zero",
	};
	struct redisctl_fixture *fix = *state;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		install(fix, commands[i]);
		print_config(fix, "prod", NOTHING);
		has(fix, "url", "https://127.0.0.1:1", ":2");
	}
}

static void what_the_file_says_otherwise_is_no_obstacle_for_a_list(void **state)
{
	struct redisctl_fixture *fix = *state;

	install_list(fix);
	temp_dir_write(fix->file, "profiles = {prod = {password = \"hunter2\"}}\n");
	print_config(fix, "prod", NOTHING);
	has(fix, "user", "listed", "redisctl profile prod");
	has(fix, "password", "", "not set");
	run(fix, WORDS("list", "prod"), NOTHING);
	fails(fix, 3, "prod: ");
	assert_non_null(strstr(fix->result.err, "config.toml:1: this value is not one that "));
	/* but who can write the file can send the password elsewhere */
	chmod(fix->file, 0602);
	print_config(fix, "prod", NOTHING);
	fails(fix, 2, "The file of redisctl, ");
}

/* Neither is there a run of redisctl, nor does a broken file matter. */
static void a_section_an_address_or_a_name_with_a_dot_needs_no_profile(void **state)
{
	static const char *const addresses[] = { "https://prod", "prod:9443", "prod,test",
						 "[::1]" };
	struct redisctl_fixture *fix = *state;
	size_t i;

	install(fix, "exit 1");
	temp_dir_write(fix->file, "broken\n");
	temp_dir_write(fix->conf, "[cluster prod]\nurl = https://127.0.0.1:4\n");
	print_config(fix, "prod", NOTHING);
	assert_non_null(strstr(fix->result.out, "= https://127.0.0.1:4 "));
	assert_null(strstr(fix->result.out, "redisctl"));
	for (i = 0; i < ARRAY_SIZE(addresses); i++) {
		print_config(fix, addresses[i], NOTHING);
		assert_int_equal(fix->result.status, 0);
	}
	assert_int_equal(access(fix->ran, F_OK), -1);
	print_config(fix, "prod.example", NOTHING);
	has(fix, "url", "https://prod.example:9443", "command line");
}

static void a_file_that_cannot_be_read_is_an_error_with_its_line(void **state)
{
	struct redisctl_fixture *fix = *state;

	temp_dir_write(fix->file, "\npassword: hunter2\n");
	print_config(fix, "prod", NOTHING);
	fails(fix, 2, ":2: a setting is \"KEY = VALUE\"");
	assert_non_null(strstr(fix->result.err, " To open a host, write https://HOST:9443.\n"));
	/* the way to open a host is said once */
	assert_int_equal(chmod(fix->file, 0666), 0);
	print_config(fix, "prod", NOTHING);
	assert_int_equal(fix->result.status, 2);
	assert_non_null(strstr(fix->result.err,
			       "chmod o-w on it. To open a host, write https://HOST:9443.\n"));
}

/* A section of the same address may disable resets; its log-in comes first, as that of [bdbtop]. */
static void the_configuration_takes_precedence(void **state)
{
	struct redisctl_fixture *fix = *state;

	temp_dir_write(fix->conf, "[cluster berlin]\nurl = https://127.0.0.1:1\nread_only = yes\n");
	print_config(fix, "prod", NOTHING);
	assert_non_null(strstr(fix->result.out, "[cluster berlin]\n"));
	assert_non_null(strstr(fix->result.out, "\nread_only        = yes "));
	has(fix, "user", "admin@prod", ":2");
	temp_dir_write(fix->conf, "[bdbtop]\nuser = root\ncacert = /etc/all.pem\n");
	print_config(fix, "prod", NOTHING);
	assert_non_null(strstr(fix->result.out, "\nuser             = root "));
	assert_non_null(strstr(fix->result.out, "\ncacert           = /etc/all.pem "));
	has(fix, "password", "", "not set");
}

static void the_variables_of_another_cluster_do_not_apply(void **state)
{
	struct redisctl_fixture *fix = *state;

	print_config(fix, "keyring",
		     WORDS("REDIS_ENTERPRISE_URL=https://127.0.0.1:1",
			   "REDIS_ENTERPRISE_PASSWORD=hunter2", "REDIS_ENTERPRISE_INSECURE=yes"));
	has(fix, "password", "", "not set");
	has(fix, "insecure", "no", "built in");
}

static void a_variable_in_a_profile_is_replaced_by_its_value(void **state)
{
	struct redisctl_fixture *fix = *state;

	print_config(fix, "variable",
		     WORDS("TEST_URL=https://127.0.0.1:5", "TEST_PASSWORD=hunter2"));
	has(fix, "url", "https://127.0.0.1:5", ":15");
	has(fix, "password", "(set)", ":15");
	print_config(fix, "variable", WORDS("TEST_PASSWORD=hunter2"));
	fails(fix, 2,
	      "The url of the redisctl profile variable is that of the variable TEST_URL, which is "
	      "not set: export it.");
	run(fix, WORDS("list", "variable"), WORDS("TEST_URL=https://127.0.0.1:5"));
	fails(fix, 3,
	      "variable: The password of the redisctl profile variable is that of the variable "
	      "TEST_PASSWORD, which is not set: export it.");
}

static void for_a_password_out_of_reach_the_message_says_what_to_set(void **state)
{
	struct redisctl_fixture *fix = *state;

	run(fix, WORDS("list", "keyring"), NOTHING);
	fails(fix, 3,
	      "keyring: The password of the redisctl profile keyring is in the keyring of "
	      "redisctl, which bdbtop does not read. Set url, user and password_command in a "
	      "section [cluster keyring] of the configuration, or give --user and "
	      "--password-command.\n");
	run(fix, WORDS("list", "dollar"), NOTHING);
	fails(fix, 3,
	      "dollar: The password of the redisctl profile dollar has a $ that only redisctl can "
	      "expand. Set ");
	run(fix, WORDS("list", "--password-command=echo x", "keyring"), NOTHING);
	fails(fix, 3, "keyring: connection refused");
}

static void a_profile_of_another_product_is_refused(void **state)
{
	struct redisctl_fixture *fix = *state;

	print_config(fix, "cloud", NOTHING);
	fails(fix, 2,
	      "The redisctl profile cloud is for Redis Cloud: bdbtop needs a profile for Redis "
	      "Enterprise (deployment_type = \"enterprise\"). Those profiles are: prod, keyring, "
	      "variable, dollar, own, odd.\n");
	print_config(fix, "odd", NOTHING);
	fails(fix, 2, ":30: the profile odd has no url: set it with redisctl profile set.\n");
	print_config(fix, "own", WORDS("REDIS_ENTERPRISE_URL=127.0.0.1:1"));
	fails(fix, 2,
	      "The url of the redisctl profile own has a $ that only redisctl can expand. "
	      "Set url, user and password_command in a section [cluster own] of the "
	      "configuration.\n");
}

static void a_file_with_a_password_that_others_can_read_is_named(void **state)
{
	struct redisctl_fixture *fix = *state;
	char warning[300];

	temp_dir_write(fix->file, "[profiles.prod]\n"
				  "deployment_type = \"enterprise\"\n"
				  "url = \"https://127.0.0.1:1\"\n"
				  "username = \"admin@prod\"\n"
				  "password = \"hunter2\"\n");
	snprintf(warning, sizeof(warning),
		 "bdbtop: Others can read %s, which has the password: run chmod 600 on it.\n",
		 fix->file);
	run(fix, WORDS("list", "prod"), NOTHING);
	assert_null(strstr(fix->result.err, warning));
	chmod(fix->file, 0644);
	run(fix, WORDS("list", "prod"), NOTHING);
	assert_non_null(strstr(fix->result.err, warning));
}

static void the_file_is_in_the_directory_for_configurations(void **state)
{
	struct redisctl_fixture *fix = *state;
	char path[200];

	unsetenv("REDISCTL_CONFIG_FILE");
	snprintf(path, sizeof(path), "%s/.config", fix->dir.top);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/.config/redisctl", fix->dir.top);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(rename(fix->file, strcat(path, "/config.toml")), 0);
	print_config(fix, "prod", NOTHING);
	assert_non_null(strstr(fix->result.out, "/.config/redisctl/config.toml:2\n"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, temp_dir_leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_profile_of_the_file_gives_the_settings_of_a_cluster),
		TEST(without_a_cluster_the_default_profile_is_opened),
		TEST(redisctl_is_asked_if_it_is_installed),
		TEST(a_redisctl_that_prints_no_list_leaves_the_file),
		TEST(what_the_file_says_otherwise_is_no_obstacle_for_a_list),
		TEST(a_section_an_address_or_a_name_with_a_dot_needs_no_profile),
		TEST(a_file_that_cannot_be_read_is_an_error_with_its_line),
		TEST(the_configuration_takes_precedence),
		TEST(the_variables_of_another_cluster_do_not_apply),
		TEST(a_variable_in_a_profile_is_replaced_by_its_value),
		TEST(for_a_password_out_of_reach_the_message_says_what_to_set),
		TEST(a_profile_of_another_product_is_refused),
		TEST(a_file_with_a_password_that_others_can_read_is_named),
		TEST(the_file_is_in_the_directory_for_configurations),
	};

	return tap_run(tests);
}
