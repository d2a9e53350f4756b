#include <getopt.h>
#include <unistd.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/transitions.h"
#include "main/settings.h"
#include "tests/tap.h"

/* The input of the program. */
struct settings_case {
	const char *title;
	const char *arguments;				       /* separated by spaces */
	const char *url, *user, *password, *cacert, *insecure; /* the five variables */
	const char *config;
	bool no_color, ascii; /* NO_COLOR is set; the locale has no UTF-8 */
};

struct settings_result {
	struct options options;
	struct environment env;
	struct config *config;
	struct settings settings;
	char words[500], path[64], password[100];
	int rc;
	struct err err;
};

static struct settings_result result;

static char *copy(const char *text)
{
	return text ? strdup(text) : NULL;
}

static void write_config(struct settings_result *c, const char *text)
{
	int fd;

	strcpy(c->path, "/tmp/bdbtop-choice-XXXXXX");
	fd = mkstemp(c->path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	c->config = config_read(c->path, true, stderr);
	unlink(c->path);
	assert_non_null(c->config);
}

static void init_settings(const struct settings_case *input)
{
	struct settings_result *c = &result;
	char *argv[20] = { (char *)(uintptr_t) "bdbtop" }, *word, *rest = c->words;
	struct settings_input setup;
	int argc = 1;

	memset(c, 0, sizeof(*c));
	snprintf(c->words, sizeof(c->words), "%s", input->arguments ? input->arguments : "");
	while ((word = strsep(&rest, " ")))
		if (*word)
			argv[argc++] = word;
	optind = 0;
	if (options_read(&c->options, argc, argv, &c->err) < 0)
		fail_msg("%s: %s", input->title, c->err.text);
	c->env = (struct environment){ .url = copy(input->url),
				       .user = copy(input->user),
				       .cacert = copy(input->cacert),
				       .insecure = copy(input->insecure),
				       .password = secret_new(),
				       .no_color = input->no_color,
				       .ascii = input->ascii };
	if (input->password) {
		snprintf(c->password, sizeof(c->password), "%s", input->password);
		secret_from_env(c->env.password, "PASSWORD", c->password, NULL);
	}
	write_config(c, input->config ? input->config : "");
	setup = (struct settings_input){ &c->options, &c->env, c->config, c->path, NULL };
	c->rc = settings_init(&c->settings, &setup, &c->err);
}

static void release_settings(void)
{
	config_free(result.config);
	environment_release(&result.env);
}

#define CONFIG                                                                                     \
	"[bdbtop]\ninterval = 7\ncert = /default.pem\n"                                            \
	"[cluster a]\nurl = https://a.example:9443,https://a2.example:9443\n"                      \
	"[cluster b]\nurl = https://b.example:9443\ninterval = 9\ncacert = /b.pem\n"               \
	"[cluster c]\nurl = https://c.example:9443\nuser = carol\npassword_file = /c.pw\n"         \
	"read_only = yes\ncolor = red\n"
#define CONFIG_E                                                                                   \
	"[bdbtop]\nsort = name\nstall_after = 20m\n[cluster e]\nurl = e:1\nfilter = state:failed\n"
#define FAILED_OR_STALLED (1U << TRANSITION_FAILED | 1U << TRANSITION_STALLED)
#define CONFIG_T                                                                                   \
	"[bdbtop]\nbell = failed, stalled\n[cluster t]\nurl = t:1\ntheme = contrast\n"             \
	"ascii = no\nmouse = yes\nbell = none\nnotify = gone\n"
#define VARIABLES_OF_A                                                                             \
	.url = "https://a.example:9443", .user = "alice", .password = "secret-a",                  \
	.cacert = "/a.pem", .insecure = "yes"

struct row {
	struct settings_case input;
	/* a key, its value and source; without a value NULL and SOURCE_UNSET */
	struct {
		int key;
		const char *text;
		enum setting_source from;
	} want;
};

static const struct row rows[] = {
	{ { .title = "a flag wins over the section", .arguments = "-i 3 b", .config = CONFIG },
	  { CONFIG_INTERVAL, "3", SOURCE_FLAG } },
	{ { .title = "the section wins over [bdbtop]", .arguments = "b", .config = CONFIG },
	  { CONFIG_INTERVAL, "9", SOURCE_SECTION } },
	{ { .title = "[bdbtop] stands for a section", .arguments = "a", .config = CONFIG },
	  { CONFIG_INTERVAL, "7", SOURCE_DEFAULTS } },
	{ { .title = "[bdbtop] stands for a host too", .arguments = "z:1", .config = CONFIG },
	  { CONFIG_INTERVAL, "7", SOURCE_DEFAULTS } },
	{ { .title = "nothing stands for nothing", .arguments = "a", .config = "" },
	  { CONFIG_INTERVAL, NULL, SOURCE_UNSET } },
	{ { .title = "a flag wins over the variables",
	    .arguments = "--cacert=/f.pem",
	    VARIABLES_OF_A },
	  { CONFIG_CACERT, "/f.pem", SOURCE_FLAG } },
	{ { .title = "a flag's user wins", .arguments = "-u bob", VARIABLES_OF_A },
	  { CONFIG_USER, "bob", SOURCE_FLAG } },
	{ { .title = "and the password stays the variable's",
	    .arguments = "-u bob",
	    VARIABLES_OF_A },
	  { SETTING_PASSWORD, "(set)", SOURCE_VARIABLE } },
	{ { .title = "a password file wins over the variable",
	    .arguments = "--password-file=/f",
	    VARIABLES_OF_A },
	  { SETTING_PASSWORD, NULL, SOURCE_UNSET } },
	{ { .title = "a command wins over the section's file",
	    .arguments = "--password-command=x c",
	    .config = CONFIG },
	  { CONFIG_PASSWORD_FILE, NULL, SOURCE_UNSET } },
	{ { .title = "to be asked wins over the section's file",
	    .arguments = "--askpass c",
	    .config = CONFIG },
	  { CONFIG_PASSWORD_FILE, NULL, SOURCE_UNSET } },
	{ { .title = "a flag's certificate does not take another's key",
	    .arguments = "--cert=/f.pem d",
	    .config = "[cluster d]\nurl = d:1\ncert = /d.pem\nkey = /d.key\n" },
	  { CONFIG_KEY, NULL, SOURCE_UNSET } },
	{ { .title = "the bundle is for the cluster that it names", VARIABLES_OF_A },
	  { SETTING_PASSWORD, "(set)", SOURCE_VARIABLE } },
	{ { .title = "also where that has a section", VARIABLES_OF_A, .config = CONFIG },
	  { SETTING_PASSWORD, "(set)", SOURCE_VARIABLE } },
	{ { .title = "and is called by its name",
	    .arguments = "a",
	    VARIABLES_OF_A,
	    .config = CONFIG },
	  { SETTING_PASSWORD, "(set)", SOURCE_VARIABLE } },
	{ { .title = "and by another of its addresses",
	    .arguments = "a2.example",
	    VARIABLES_OF_A,
	    .config = CONFIG },
	  { SETTING_PASSWORD, "(set)", SOURCE_VARIABLE } },
	{ { .title = "and for a host without a section", .arguments = "z:1", VARIABLES_OF_A },
	  { SETTING_PASSWORD, "(set)", SOURCE_VARIABLE } },
	{ { .title = "and for one when no cluster is named there",
	    .arguments = "z:1",
	    .user = "u",
	    .password = "p" },
	  { SETTING_PASSWORD, "(set)", SOURCE_VARIABLE } },
	{ { .title = "not for another section's password",
	    .arguments = "b",
	    VARIABLES_OF_A,
	    .config = CONFIG },
	  { SETTING_PASSWORD, NULL, SOURCE_UNSET } },
	{ { .title = "nor its user", .arguments = "b", VARIABLES_OF_A, .config = CONFIG },
	  { CONFIG_USER, NULL, SOURCE_UNSET } },
	{ { .title = "nor --insecure for it", .arguments = "b", VARIABLES_OF_A, .config = CONFIG },
	  { SETTING_INSECURE, NULL, SOURCE_UNSET } },
	{ { .title = "nor when the section is found by its address",
	    .arguments = "https://B.example:9443",
	    VARIABLES_OF_A,
	    .config = CONFIG },
	  { SETTING_PASSWORD, NULL, SOURCE_UNSET } },
	{ { .title = "never for a section with a log-in of its own",
	    .url = "https://c.example:9443",
	    .user = "mallory",
	    .password = "p",
	    .config = CONFIG },
	  { SETTING_PASSWORD, NULL, SOURCE_UNSET } },
	{ { .title = "whose user stays",
	    .url = "https://c.example:9443",
	    .user = "mallory",
	    .password = "p",
	    .config = CONFIG },
	  { CONFIG_USER, "carol", SOURCE_SECTION } },
	{ { .title = "whose authorities stay",
	    .url = "https://c.example:9443",
	    .user = "mallory",
	    .cacert = "/m.pem",
	    .config = CONFIG },
	  { CONFIG_CACERT, NULL, SOURCE_UNSET } },
	{ { .title = "nor where [bdbtop] has a log-in",
	    VARIABLES_OF_A,
	    .config = "[bdbtop]\nuser = root\n" },
	  { SETTING_PASSWORD, NULL, SOURCE_UNSET } },
	{ { .title = "a pin comes from the section",
	    .arguments = "d",
	    .config = "[cluster d]\nurl = d:1\n"
		      "pin = sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n" },
	  { CONFIG_PIN, "sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", SOURCE_SECTION } },
	{ { .title = "a flag's filter wins over the section's",
	    .arguments = "--filter=age>2d e",
	    .config = CONFIG_E },
	  { CONFIG_FILTER, "age>2d", SOURCE_FLAG } },
	{ { .title = "also one that shows all", .arguments = "--filter= e", .config = CONFIG_E },
	  { CONFIG_FILTER, "", SOURCE_FLAG } },
	{ { .title = "a section's filter", .arguments = "e", .config = CONFIG_E },
	  { CONFIG_FILTER, "state:failed", SOURCE_SECTION } },
	{ { .title = "NO_COLOR is also for a cluster with a log-in of its own",
	    .arguments = "c",
	    .no_color = true,
	    .config = CONFIG },
	  { CONFIG_THEME, "monochrome", SOURCE_VARIABLE } },
	{ { .title = "a flag's theme wins over NO_COLOR",
	    .arguments = "--theme=colour h",
	    .no_color = true },
	  { CONFIG_THEME, "colour", SOURCE_FLAG } },
	{ { .title = "and a section's", .arguments = "t", .no_color = true, .config = CONFIG_T },
	  { CONFIG_THEME, "contrast", SOURCE_SECTION } },
	{ { .title = "a locale without UTF-8 wins over a section",
	    .arguments = "t",
	    .ascii = true,
	    .config = CONFIG_T },
	  { CONFIG_ASCII, "yes", SOURCE_VARIABLE } },
	{ { .title = "--ascii wins", .arguments = "--ascii t", .config = CONFIG_T },
	  { CONFIG_ASCII, "yes", SOURCE_FLAG } },
	{ { .title = "an order of [bdbtop]", .arguments = "e", .config = CONFIG_E },
	  { CONFIG_SORT, "name", SOURCE_DEFAULTS } },
};

static void check_row(const struct row *row)
{
	const struct setting *choice = &result.settings.values[row->want.key];

	init_settings(&row->input);
	if (result.rc < 0)
		fail_msg("%s: %s", row->input.title, result.err.text);
	if (choice->source != row->want.from || !choice->text != !row->want.text ||
	    (row->want.text && strcmp(choice->text, row->want.text) != 0))
		fail_msg("%s: \"%s\" from %d", row->input.title,
			 choice->text ? choice->text : "nothing", choice->source);
	release_settings();
}

static void every_value_comes_from_where_it_should(void **state)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		check_row(&rows[i]);
}

static void a_cluster_is_named_by_flag_variable_or_default(void **state)
{
	static const struct {
		struct settings_case input;
		struct {
			const char *name, *first;
			size_t addresses;
		} want;
	} cases[] = {
		{ { .title = "a name", .arguments = "a", .config = CONFIG },
		  { "a", "a.example:9443", 2 } },
		{ { .title = "a list", .arguments = "n1,n2:1,https://n3", .config = CONFIG },
		  { "n1:9443", "n1:9443", 3 } },
		{ { .title = "an address of a section",
		    .arguments = "b.example",
		    .config = CONFIG },
		  { "b", "b.example:9443", 1 } },
		{ { .title = "another port is another cluster",
		    .arguments = "b.example:1",
		    .config = CONFIG },
		  { "b.example:1", "b.example:1", 1 } },
		{ { .title = "the variable", .url = "https://v:1" }, { "v:1", "v:1", 1 } },
		{ { .title = "the variable is no name", .url = "b", .config = CONFIG },
		  { "b:9443", "b:9443", 1 } },
		{ { .title = "the default", .config = CONFIG "[cluster d]\nurl = d:1\n" },
		  { "", "", 0 } },
		{ { .title = "the default",
		    .config = "[bdbtop]\ndefault = d\n[cluster d]\nurl = d:1\n" },
		  { "d", "d:1", 1 } },
		{ { .title = "the variable wins over the default",
		    .url = "https://v:1",
		    .config = "[bdbtop]\ndefault = d\n[cluster d]\nurl = d:1\n" },
		  { "v:1", "v:1", 1 } },
		{ { .title = "none" }, { "", "", 0 } },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		init_settings(&cases[i].input);
		if (result.rc < 0)
			fail_msg("%s: %s", cases[i].input.title, result.err.text);
		assert_string_equal(result.settings.name, cases[i].want.name);
		assert_string_equal(result.settings.addresses[0].shown, cases[i].want.first);
		assert_int_equal(result.settings.address_count, cases[i].want.addresses);
		release_settings();
	}
}

static void values_are_read(void **state)
{
	const struct settings_case input = { .arguments = "c", .config = CONFIG };

	init_settings(&input);
	assert_int_equal(result.rc, 0);
	assert_int_equal(result.settings.parsed.interval_ms, 7000);
	assert_true(result.settings.parsed.read_only);
	assert_int_equal(result.settings.parsed.color, 1);
	assert_false(result.settings.insecure);
	assert_int_equal(result.settings.parsed.stall_ms, 600000);
	assert_string_equal(result.settings.parsed.filter.expression, "");
	assert_int_equal(result.settings.parsed.sort_order.column, SORT_SEVERITY);
	assert_false(result.settings.parsed.sort_order.reversed);
	release_settings();
}

static void thresholds_filter_and_order_are_read(void **state)
{
	const struct settings_case input = { .arguments = "--sort=-last-backup e",
					     .config = CONFIG_E };

	init_settings(&input);
	assert_int_equal(result.rc, 0);
	assert_int_equal(result.settings.parsed.stall_ms, 1200000);
	assert_string_equal(result.settings.parsed.filter.expression, "state:failed");
	assert_int_equal(result.settings.parsed.sort_order.column, SORT_LAST);
	assert_true(result.settings.parsed.sort_order.reversed);
	release_settings();
}

static void theme_and_notifications_are_read(void **state)
{
	const struct settings_case input = { .arguments = "t", .config = CONFIG_T };
	const struct settings_case bare = { .arguments = "--mouse --ascii x:1",
					    .config = CONFIG_T };

	init_settings(&input);
	assert_int_equal(result.rc, 0);
	assert_int_equal(result.settings.parsed.theme, 2);
	assert_false(result.settings.parsed.ascii);
	assert_true(result.settings.parsed.mouse);
	assert_int_equal(result.settings.parsed.bell, 0);
	assert_int_equal(result.settings.parsed.notify, 1U << TRANSITION_GONE);
	release_settings();
	init_settings(&bare);
	assert_int_equal(result.settings.parsed.theme, 0);
	assert_true(result.settings.parsed.ascii);
	assert_true(result.settings.parsed.mouse);
	assert_int_equal(result.settings.parsed.bell, FAILED_OR_STALLED);
	assert_int_equal(result.settings.parsed.notify, 0);
	release_settings();
}

static void what_was_kept_counts_where_nothing_is_said(void **state)
{
	const struct settings_case silent = { .arguments = "a", .config = CONFIG };
	const struct settings_case input = { .arguments = "e", .config = CONFIG_E };
	const struct prefs kept = { .recent = { "backup:stalled" }, .sort = "-db" };
	const struct prefs later = { .sort = "colour" };

	init_settings(&silent);
	settings_apply_prefs(&result.settings, &kept);
	assert_string_equal(result.settings.parsed.filter.expression, "");
	assert_int_equal(result.settings.parsed.sort_order.column, SORT_DB);
	assert_true(result.settings.parsed.sort_order.reversed);
	assert_int_equal(result.settings.values[CONFIG_FILTER].source, SOURCE_UNSET);
	assert_false(settings_is_given(&result.settings, CONFIG_SORT));
	release_settings();
	init_settings(&input);
	settings_apply_prefs(&result.settings, &kept);
	assert_string_equal(result.settings.parsed.filter.expression, "state:failed");
	assert_int_equal(result.settings.parsed.sort_order.column, SORT_NAME);
	assert_true(settings_is_given(&result.settings, CONFIG_FILTER));
	assert_true(settings_is_given(&result.settings, CONFIG_SORT));
	release_settings();
	init_settings(&silent);
	settings_apply_prefs(&result.settings, &later);
	assert_string_equal(result.settings.parsed.filter.expression, "");
	assert_int_equal(result.settings.parsed.sort_order.column, SORT_SEVERITY);
	assert_int_equal(result.settings.values[CONFIG_SORT].source, SOURCE_UNSET);
	release_settings();
}

static void wrong_values_are_refused_with_their_place(void **state)
{
	static const struct {
		struct settings_case input;
		const char *part;
	} cases[] = {
		{ { .arguments = "a,,b" }, "invalid cluster \"\"" },
		{ { .arguments = "https://u:p@h:1" }, "" },
		{ { .url = "ftp://h" }, "REDIS_ENTERPRISE_URL: " },
		{ { .arguments = "h", .insecure = "perhaps" },
		  "REDIS_ENTERPRISE_INSECURE is neither" },
		{ { .arguments = "h", .user = "u:secret" },
		  "REDIS_ENTERPRISE_USER contains a colon" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		init_settings(&cases[i].input);
		assert_int_equal(result.rc, -1);
		if (!strstr(result.err.text, cases[i].part))
			fail_msg("\"%s\" lacks \"%s\"", result.err.text, cases[i].part);
		assert_null(strstr(result.err.text, "secret"));
		release_settings();
	}
}

static const char *printed(void)
{
	static char text[8000];
	FILE *out = fmemopen(text, sizeof(text), "w");

	settings_print(&result.settings, out, "/state/known_clusters", "/state/prefs");
	fclose(out);
	return text;
}

static void what_is_in_force_is_printed_with_its_place(void **state)
{
	const struct settings_case input = { .arguments = "--password-command=sesame -i 3 a",
					     .no_color = true,
					     .ascii = true,
					     VARIABLES_OF_A,
					     .config = CONFIG };
	const struct prefs kept = { .sort = "-name" };
	struct source_pin pin = { .pin = "sha256//xyz" };
	const char *text;

	init_settings(&input);
	settings_set_pin(&result.settings, &pin);
	settings_apply_prefs(&result.settings, &kept);
	text = printed();
	assert_non_null(strstr(text, "[cluster a]\n"));
	assert_non_null(strstr(text, "url              = https://a.example:9443,https://a2"));
	assert_non_null(strstr(text, "user             = alice"));
	assert_non_null(strstr(text, "; REDIS_ENTERPRISE_USER\n"));
	assert_non_null(strstr(text, "password_command = (set)"));
	assert_non_null(strstr(text, "; --password-command\n"));
	assert_non_null(strstr(text, "interval         = 3 "));
	assert_non_null(strstr(text, "; --interval\n"));
	assert_non_null(strstr(text, ":3\n"));
	assert_non_null(strstr(text, "pin              = sha256//xyz"));
	assert_non_null(strstr(text, "; /state/known_clusters\n"));
	assert_non_null(strstr(text, "stall_after      = 10m "));
	assert_non_null(strstr(text, "filter           =                               ; not set"));
	assert_non_null(strstr(text, "sort             = -name "));
	assert_non_null(strstr(text, "; /state/prefs\n"));
	assert_non_null(
		strstr(text, "theme            = monochrome                    ; NO_COLOR"));
	assert_non_null(
		strstr(text, "ascii            = yes                           ; the locale"));
	assert_non_null(
		strstr(text, "mouse            = no                            ; built in"));
	assert_non_null(
		strstr(text, "bell             = none                          ; built in"));
	assert_non_null(
		strstr(text, "notify           = none                          ; built in"));
	assert_non_null(strstr(text, "read_only        = no"));
	assert_null(strstr(text, "sesame"));
	assert_null(strstr(text, "secret-a"));
	release_settings();
}

static void a_pin_of_the_configuration_is_not_replaced_by_a_kept_one(void **state)
{
	const struct settings_case input = {
		.arguments = "d",
		.config = "[cluster d]\nurl = d:1\n"
			  "pin = sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
	};
	struct source_pin pin = { .pin = "sha256//xyz" };

	init_settings(&input);
	settings_set_pin(&result.settings, &pin);
	assert_int_equal(result.settings.values[CONFIG_PIN].source, SOURCE_SECTION);
	release_settings();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_value_comes_from_where_it_should),
		cmocka_unit_test(a_cluster_is_named_by_flag_variable_or_default),
		cmocka_unit_test(values_are_read),
		cmocka_unit_test(thresholds_filter_and_order_are_read),
		cmocka_unit_test(theme_and_notifications_are_read),
		cmocka_unit_test(what_was_kept_counts_where_nothing_is_said),
		cmocka_unit_test(wrong_values_are_refused_with_their_place),
		cmocka_unit_test(what_is_in_force_is_printed_with_its_place),
		cmocka_unit_test(a_pin_of_the_configuration_is_not_replaced_by_a_kept_one),
	};

	return tap_run(tests);
}
