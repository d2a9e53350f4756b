#include <getopt.h>
#include <unistd.h>

#include "bdbtop/core/array.h"
#include "main/options.h"
#include "tests/tap.h"

static struct options options;
static struct err err;

/* line: words separated by spaces. */
static int read_words(const char *line)
{
	static char words[200];
	char *argv[20], *word, *rest = words;
	int argc = 0;

	argv[argc++] = (char *)(uintptr_t) "bdbtop";
	snprintf(words, sizeof(words), "%s", line);
	while ((word = strsep(&rest, " ")))
		argv[argc++] = word;
	argv[argc] = NULL;
	optind = 0;
	return options_read(&options, argc, argv, &err);
}

static void what_the_configuration_knows_too_is_kept_as_typed(void **state)
{
	assert_int_equal(read_words("--theme=contrast --ascii --mouse --read-only prod-eu"), 0);
	assert_string_equal(options.flag[CONFIG_THEME], "contrast");
	assert_string_equal(options.flag[CONFIG_ASCII], "yes");
	assert_string_equal(options.flag[CONFIG_MOUSE], "yes");
	assert_string_equal(options.flag[CONFIG_READ_ONLY], "yes");
	assert_string_equal(options.cluster, "prod-eu");
	assert_int_equal(options.mode, RUN_CONSOLE);
	assert_int_equal(read_words("list h"), 0);
	assert_null(options.flag[CONFIG_THEME]);
	assert_null(options.flag[CONFIG_ASCII]);
	assert_int_equal(options.mode, RUN_LIST);
}

static void the_command_line_refuses_what_contradicts_itself(void **state)
{
	static const char *const wrong[] = { "--askpass --password-file=x",
					     "--password-file=x --password-command=y",
					     "--key=x",
					     "--auth=basic --token-file=x",
					     "--auth=certificate --cert=x --token-file=x",
					     "--replace",
					     "list --replace",
					     "trust --demo",
					     "-u a:b",
					     "--user=",
					     "-i 0.5",
					     "-i nan",
					     "--stall-after=10",
					     "--filter=age>24",
					     "--sort=size",
					     "--sort=",
					     "--theme=dark",
					     "--theme",
					     "--mouse=1",
					     "--problems",
					     "trust --problems h",
					     "--by=cause h",
					     "list --by",
					     "list --by=reason h",
					     "list --by=cause --columns=db h",
					     "list --by=cause --format=prometheus h",
					     "list --excel h",
					     "list --excel --format=tsv h",
					     "list --watch --format=json h",
					     "list --watch --format=csv h",
					     "list --watch -o x h",
					     "list --watch --by=cause h",
					     "list --watch --exit-status h",
					     "--password=x",
					     "--format=json h",
					     "list --format=yaml h",
					     "list --timeout=0 h",
					     "list --timeout=-1 h",
					     "list --timeout=1w h",
					     "list -o",
					     "list --output= h",
					     "trust --timeout=3 h",
					     "a b" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		if (!read_words(wrong[i]))
			fail_msg("\"%s\" was taken", wrong[i]);
		assert_int_equal(err.text[strlen(err.text) - 1], '.');
	}
}

static void help_is_about_the_command(void **state)
{
	static const struct {
		const char *line;
		enum run_mode about;
	} cases[] = {
		{ "--help", RUN_CONSOLE },
		{ "help", RUN_CONSOLE },
		{ "list --help", RUN_LIST },
		{ "-h list", RUN_LIST },
		{ "help list", RUN_LIST },
		{ "trust h --help", RUN_TRUST },
		{ "help trust --replace", RUN_TRUST },
		{ "list a b -h", RUN_LIST },
		{ "prod-eu --help", RUN_CONSOLE },
		{ "help --help", RUN_HELP },
		{ "help help", RUN_HELP },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		if (read_words(cases[i].line))
			fail_msg("%s: %s", cases[i].line, err.text);
		assert_int_equal(options.mode, RUN_HELP);
		assert_int_equal(options.help_about, cases[i].about);
	}
}

/* Which commands have an option is known only after the last word; a setting is for all of them. */
static void an_option_belongs_to_its_commands(void **state)
{
	assert_int_equal(read_words("--format csv -o x list h --timeout 1.5 --no-header"), 0);
	assert_int_equal(options.format, OUTPUT_CSV);
	assert_string_equal(options.output, "x");
	assert_int_equal(options.timeout_ms, 1500);
	assert_true(options.no_header);
	assert_int_equal(read_words("list --timeout=2m --theme=contrast --no-title h"), 0);
	assert_int_equal(options.timeout_ms, 120000);
	assert_int_equal(read_words("list --replace h"), -1);
	assert_string_equal(err.text,
			    "--replace goes with bdbtop trust (see bdbtop trust --help).");
	assert_int_equal(read_words("-t 1 h"), -1);
	assert_string_equal(err.text,
			    "--timeout goes with bdbtop list, check or reset (see bdbtop list "
			    "--help).");
}

/* The form of an error is known although the command line is wrong, wherever the mistake is. */
static void a_wrong_command_line_still_has_command_and_format(void **state)
{
	static const char *const lines[] = { "list --bogus --format=json",
					     "--format json list a b",
					     "list -i0 --form=json",
					     "list --format=json --output" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		assert_int_equal(read_words(lines[i]), -1);
		assert_int_equal(options.mode, RUN_LIST);
		assert_int_equal(options.format, OUTPUT_JSON);
		assert_int_equal(err.code, ERR_CODE_USAGE);
	}
}

/* A word that could be a host stays a cluster; one beside another cluster cannot be one. */
static void only_what_cannot_be_a_cluster_is_an_unknown_command(void **state)
{
	assert_int_equal(read_words("lits"), 0);
	assert_string_equal(options.cluster, "lits");
	assert_int_equal(read_words("list lits"), 0);
	assert_string_equal(options.cluster, "lits");
	assert_int_equal(read_words("prod-eu --demo"), -1);
	assert_null(strstr(err.text, "unknown command"));
	assert_int_equal(read_words("prod-eu prod-us"), -1);
	assert_null(strstr(err.text, "unknown command"));
	assert_int_equal(read_words("turst prod-eu"), -1);
	assert_string_equal(err.text,
			    "unknown command turst: did you mean trust? See bdbtop --help.");
}

/* A variable may be there twice; a child and /proc would see the second value too. */
static void no_password_stays_in_the_environment(void **state)
{
	char first[] = "REDIS_ENTERPRISE_PASSWORD=hunter2", user[] = "REDIS_ENTERPRISE_USER=admin",
	     second[] = "REDIS_ENTERPRISE_PASSWORD=hunter3";
	char *variables[] = { first, user, second, NULL }, **old = environ;
	struct environment env;

	environ = variables;
	assert_int_equal(environment_take(&env, &err), 0);
	environ = old;
	assert_string_equal(secret_peek(env.password), "hunter2");
	assert_string_equal(env.user, "admin");
	assert_string_equal(first, "REDIS_ENTERPRISE_PASSWORD=");
	assert_string_equal(second, "REDIS_ENTERPRISE_PASSWORD=");
	assert_string_equal(user, "REDIS_ENTERPRISE_USER=");
	environment_release(&env);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_configuration_knows_too_is_kept_as_typed),
		cmocka_unit_test(the_command_line_refuses_what_contradicts_itself),
		cmocka_unit_test(help_is_about_the_command),
		cmocka_unit_test(an_option_belongs_to_its_commands),
		cmocka_unit_test(a_wrong_command_line_still_has_command_and_format),
		cmocka_unit_test(only_what_cannot_be_a_cluster_is_an_unknown_command),
		cmocka_unit_test(no_password_stays_in_the_environment),
	};

	return tap_run(tests);
}
