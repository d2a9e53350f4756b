#include "options.h"

#include <getopt.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"

/* OPT_KEY + KEY: the option for a key of the configuration. */
enum {
	OPT_DEMO = 256,
	OPT_INSECURE,
	OPT_ASKPASS,
	OPT_CONFIG,
	OPT_PRINT_CONFIG,
	OPT_REPLACE,
	OPT_PROBLEMS,
	OPT_BY,
	OPT_NO_TITLE,
	OPT_NO_REPORT,
	OPT_KEY = 512
};

#define SHORT_OPTIONS ":hVi:u:"

static const struct option long_options[] = {
	{ "demo", no_argument, NULL, OPT_DEMO },
	{ "interval", required_argument, NULL, 'i' },
	{ "user", required_argument, NULL, 'u' },
	{ "askpass", no_argument, NULL, OPT_ASKPASS },
	{ "password-file", required_argument, NULL, OPT_KEY + CONFIG_PASSWORD_FILE },
	{ "password-command", required_argument, NULL, OPT_KEY + CONFIG_PASSWORD_COMMAND },
	{ "cacert", required_argument, NULL, OPT_KEY + CONFIG_CACERT },
	{ "cert", required_argument, NULL, OPT_KEY + CONFIG_CERT },
	{ "key", required_argument, NULL, OPT_KEY + CONFIG_KEY },
	{ "insecure", no_argument, NULL, OPT_INSECURE },
	{ "stall-after", required_argument, NULL, OPT_KEY + CONFIG_STALL_AFTER },
	{ "filter", required_argument, NULL, OPT_KEY + CONFIG_FILTER },
	{ "sort", required_argument, NULL, OPT_KEY + CONFIG_SORT },
	{ "columns", required_argument, NULL, OPT_KEY + CONFIG_COLUMNS },
	{ "problems", no_argument, NULL, OPT_PROBLEMS },
	{ "by", required_argument, NULL, OPT_BY },
	{ "read-only", no_argument, NULL, OPT_KEY + CONFIG_READ_ONLY },
	{ "replace", no_argument, NULL, OPT_REPLACE },
	{ "config", required_argument, NULL, OPT_CONFIG },
	{ "print-config", no_argument, NULL, OPT_PRINT_CONFIG },
	{ "theme", required_argument, NULL, OPT_KEY + CONFIG_THEME },
	{ "ascii", no_argument, NULL, OPT_KEY + CONFIG_ASCII },
	{ "no-title", no_argument, NULL, OPT_NO_TITLE },
	{ "no-report", no_argument, NULL, OPT_NO_REPORT },
	{ "mouse", no_argument, NULL, OPT_KEY + CONFIG_MOUSE },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

static int parse_interval(struct options *options, const char *typed, struct err *err)
{
	struct config_values values;
	char safe[80];

	options->flag[CONFIG_INTERVAL] = typed;
	if (!config_parse(CONFIG_INTERVAL, typed, &values, NULL))
		return 0;
	return err_set(err, ERR_FINAL,
		       "invalid --interval \"%s\": give 1 to 86400 seconds, as in --interval=5.",
		       text_safe(safe, sizeof(safe), typed, false));
}

static int apply_by(struct options *options, const char *typed, struct err *err)
{
	char safe[80];

	options->by_cause = !strcmp(typed, "cause");
	if (options->by_cause)
		return 0;
	return err_set(
		err, ERR_FINAL,
		"invalid --by \"%s\": the only value is cause, as in bdbtop list --by=cause.",
		text_safe(safe, sizeof(safe), typed, false));
}

/* Checks a value as the configuration does. */
static int check_value(int key, const char *typed, struct err *err)
{
	const struct option *option = long_options;
	struct config_values values;
	struct err error;

	if (!config_parse((enum config_key)key, typed, &values, &error))
		return 0;
	while (option->val != OPT_KEY + key)
		option++;
	return err_set(err, ERR_FINAL, "--%s: %s", option->name, error.text);
}

static int apply_user(struct options *options, const char *typed, struct err *err)
{
	options->flag[CONFIG_USER] = typed;
	if (*typed && !strchr(typed, ':'))
		return 0;
	/* do not repeat it: a password may follow the colon */
	return err_set(
		err, ERR_FINAL,
		*typed ? "The name for --user contains a colon: a password is never an argument. "
			 "Leave it out; bdbtop asks for it."
		       : "--user needs a name, as in --user=admin@example.com.");
}

/*
 * Names the option that getopt_long() rejected, without its value, which may be a password.  word
 * is the last argument that it read; for a letter in a group, the argument before.
 */
static int set_option_error(int option, const char *word, struct err *err)
{
	bool known = optopt && optopt != ':' &&
		     (optopt >= OPT_DEMO || strchr(SHORT_OPTIONS, optopt)),
	     letter;
	char name[80], safe[120];

	letter = optopt && optopt < OPT_DEMO && !(known && !strncmp(word, "--", 2));
	if (letter)
		snprintf(name, sizeof(name), "-%c", optopt);
	else
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(word, "="), word);
	text_safe(safe, sizeof(safe), name, false);
	if (option == ':')
		err_set(err, ERR_FINAL, "%s needs a value (see bdbtop --help).", safe);
	else if (known)
		err_set(err, ERR_FINAL, "%s takes no value (see bdbtop --help).", safe);
	else
		err_set(err, ERR_FINAL, "unknown option %s (see bdbtop --help).", safe);
	return -1;
}

static int read_option(struct options *options, int option, const char *word, struct err *err)
{
	switch (option) {
	case OPT_DEMO:
		options->demo = true;
		break;
	case 'i':
		return parse_interval(options, optarg, err);
	case 'u':
		return apply_user(options, optarg, err);
	case OPT_ASKPASS:
		options->askpass = true;
		break;
	case OPT_INSECURE:
		options->insecure = true;
		break;
	case OPT_CONFIG:
		options->config = optarg;
		break;
	case OPT_PRINT_CONFIG:
		options->print_config = true;
		break;
	case OPT_REPLACE:
		options->replace = true;
		break;
	case OPT_PROBLEMS:
		options->problems = true;
		break;
	case OPT_BY:
		return apply_by(options, optarg, err);
	case OPT_NO_TITLE:
		options->flag[CONFIG_TITLE] = "no";
		break;
	case OPT_NO_REPORT:
		options->flag[CONFIG_REPORT] = "no";
		break;
	case 'h':
		options->mode = RUN_HELP;
		break;
	case 'V':
		options->mode = RUN_VERSION;
		break;
	default:
		if (option < OPT_KEY)
			return set_option_error(option, word, err);
		options->flag[option - OPT_KEY] = optarg ? optarg : "yes";
		return check_value(option - OPT_KEY, options->flag[option - OPT_KEY], err);
	}
	return 0;
}

/* Commands, some only of later releases: never a cluster, because the password would go to a host
 * of that name. */
static const struct command_word {
	const char *word;
	enum run_mode mode;
	bool later;
} command_words[] = {
	{ "list", RUN_LIST, false },	 { "trust", RUN_TRUST, false },
	{ "help", RUN_HELP, false },	 { "check", RUN_CONSOLE, true },
	{ "reset", RUN_CONSOLE, true },	 { "history", RUN_CONSOLE, true },
	{ "replay", RUN_CONSOLE, true },
};

/* Sets the command for a word; returns 1, 0 if the word is not a command, or -1 with err set. */
static int find_command(const char *word, enum run_mode *mode, struct err *err)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(command_words); i++) {
		if (strcmp(word, command_words[i].word) != 0)
			continue;
		if (command_words[i].later)
			return err_set(
				err, ERR_FINAL,
				"%s is not a command of this release, which has list and trust. "
				"For a host of that name, write https://%s:9443.",
				word, word);
		*mode = command_words[i].mode;
		return 1;
	}
	return 0;
}

/* The command that the user meant by a word with a typing error, two in a long word; NULL: none. */
static const char *find_similar_command(const char *word)
{
	size_t i, best = (strlen(word) + 1) / 3 + 1;
	const char *similar = NULL;

	for (i = 0; i < ARRAY_SIZE(command_words); i++) {
		size_t errors = text_edit_distance(word, command_words[i].word);

		if (!command_words[i].later && errors < best) {
			best = errors;
			similar = command_words[i].word;
		}
	}
	return similar;
}

static int set_unknown_command_error(const char *word, struct err *err)
{
	const char *similar = find_similar_command(word);
	char safe[80];

	text_safe(safe, sizeof(safe), word, false);
	if (!similar)
		return err_set(err, ERR_FINAL, "unknown command %s (see bdbtop --help).", safe);
	return err_set(err, ERR_FINAL, "unknown command %s: did you mean %s? See bdbtop --help.",
		       safe, similar);
}

/* `help`, `help list`, `list --help`: any other word is a cluster, about which there is no help. */
static int read_help_words(struct options *options, bool command, int count, char **words,
			   struct err *err)
{
	enum run_mode about = RUN_CONSOLE;
	int found = count ? find_command(words[0], &about, err) : 0;

	if (found < 0)
		return -1;
	if (command && count && !found)
		return set_unknown_command_error(words[0], err);
	options->help_about = about;
	return 0;
}

/* The words that are left are too many for one cluster, or the demo has its own. */
static int check_clusters(const struct options *options, bool command, int count, char **words,
			  struct err *err)
{
	if (count <= 1 && !(count && options->demo))
		return 0;
	if (!command && find_similar_command(words[0]))
		return set_unknown_command_error(words[0], err);
	if (count > 1)
		return err_set(err, ERR_FINAL,
			       "%d clusters were given; this release shows one at a time.", count);
	return err_set(err, ERR_FINAL,
		       "--demo brings its own cluster: leave out either --demo or the cluster's "
		       "name.");
}

static int read_words(struct options *options, int count, char **words, struct err *err)
{
	enum run_mode mode = options->mode;
	int command;

	if (mode == RUN_VERSION)
		return 0;
	if (mode == RUN_HELP)
		return read_help_words(options, false, count, words, err);
	command = count ? find_command(words[0], &mode, err) : 0;
	if (command < 0)
		return -1;
	options->mode = mode;
	if (mode == RUN_HELP)
		return read_help_words(options, true, count - 1, words + 1, err);
	count -= command;
	words += command;
	if (check_clusters(options, command, count, words, err) < 0)
		return -1;
	options->cluster = count ? words[0] : NULL;
	return 0;
}

/* Checks that the options fit each other and the command. */
static int check_combination(const struct options *options, struct err *err)
{
	int passwords = options->askpass + (options->flag[CONFIG_PASSWORD_FILE] != NULL) +
			(options->flag[CONFIG_PASSWORD_COMMAND] != NULL);
	const char *wrong = NULL;

	if (options->mode == RUN_HELP || options->mode == RUN_VERSION)
		return 0;
	if (passwords > 1)
		wrong = "--askpass, --password-file and --password-command exclude each other: "
			"give one of them.";
	else if (options->flag[CONFIG_KEY] && !options->flag[CONFIG_CERT])
		wrong = "--key goes with --cert: give the certificate that it belongs to.";
	else if (options->replace && options->mode != RUN_TRUST)
		wrong = "--replace goes with bdbtop trust: bdbtop trust --replace CLUSTER.";
	else if (options->problems && options->mode != RUN_LIST)
		wrong = "--problems goes with bdbtop list: bdbtop list --problems. In the "
			"console, ! shows them alone.";
	else if (options->by_cause && options->mode != RUN_LIST)
		wrong = "--by goes with bdbtop list: bdbtop list --by=cause. In the console, c "
			"shows the causes.";
	else if (options->by_cause &&
		 (options->flag[CONFIG_FILTER] || options->flag[CONFIG_SORT] || options->problems))
		wrong = "--by=cause is about all problems, in an order of its own: leave out "
			"--filter, --sort and --problems.";
	else if (options->mode == RUN_TRUST && options->demo)
		wrong = "The demo creates a new certificate each time: there is nothing to pin.";
	if (!wrong)
		return 0;
	return err_set(err, ERR_FINAL, "%s", wrong);
}

int options_read(struct options *options, int argc, char **argv, struct err *err)
{
	int option;

	*options = (struct options){ 0 };
	opterr = 0;
	while ((option = getopt_long(argc, argv, SHORT_OPTIONS, long_options, NULL)) != -1)
		if (read_option(options, option, argv[optind - 1], err) < 0)
			return -1;
	if (read_words(options, argc - optind, argv + optind, err) < 0)
		return -1;
	return check_combination(options, err);
}

/* The environment may contain a variable more than once; getenv() finds only the first. */
static void overwrite(const char *assignment)
{
	size_t length = strlen(assignment);
	char **at;

	for (at = environ; *at; at++)
		if (!strncmp(*at, assignment, length))
			explicit_bzero(*at + length, strlen(*at + length));
}

/* Copies the value of a variable and overwrites the original; NULL if it is unset or empty. */
static int take_variable(const char *name, char **out, struct err *err)
{
	char *value = getenv(name);

	*out = NULL;
	if (!value || !*value)
		return 0;
	*out = strdup(value);
	explicit_bzero(value, strlen(value));
	if (*out)
		return 0;
	return err_set(err, ERR_FINAL, "Out of memory while reading %s.", name);
}

int environment_take(struct environment *env, struct err *err)
{
	char *password = getenv("REDIS_ENTERPRISE_PASSWORD");
	const char *no_color = getenv("NO_COLOR");

	*env = (struct environment){ .password = secret_new(),
				     .no_color = no_color && *no_color,
				     .ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0 };
	if (!env->password)
		return err_set(err, ERR_FINAL, "Out of memory for the password.");
	if (password)
		secret_from_env(env->password, "REDIS_ENTERPRISE_PASSWORD", password,
				&env->no_password);
	overwrite("REDIS_ENTERPRISE_PASSWORD=");
	if (take_variable("REDIS_ENTERPRISE_URL", &env->url, err) < 0 ||
	    take_variable("REDIS_ENTERPRISE_USER", &env->user, err) < 0 ||
	    take_variable("REDIS_ENTERPRISE_CA_CERT", &env->cacert, err) < 0 ||
	    take_variable("REDIS_ENTERPRISE_INSECURE", &env->insecure, err) < 0)
		return -1;
	return 0;
}

void environment_release(struct environment *env)
{
	secret_free(env->password);
	free(env->url);
	free(env->user);
	free(env->cacert);
	free(env->insecure);
	*env = (struct environment){ 0 };
}
