#include "options.h"

#include <getopt.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bdbtop/core/text.h"
#include "bdbtop/json/audit_line.h"
#include "option_table.h"

/* What getopt_long() returns for a long option: this and its index in option_defs. */
#define LONG_OPTION 256

/* The tables in the form of getopt_long(). */
struct option_parser {
	struct option *options;
	char letters[3 * ('z' - 'A' + 1) + 2];
};

static int option_parser_init(struct option_parser *parser, struct err *err)
{
	char *letter = parser->letters;
	size_t i;

	parser->options = calloc(option_count + 1, sizeof(*parser->options));
	if (!parser->options)
		return err_set_code(err, ERR_CODE_INTERNAL, ERR_FINAL, "Out of memory.");
	*letter++ = ':';
	for (i = 0; i < option_count; i++) {
		const struct option_def *def = &option_defs[i];
		int argument = !def->value	     ? no_argument
			       : def->value_optional ? optional_argument
						     : required_argument;

		parser->options[i] = (struct option){ .name = def->name,
						      .has_arg = argument,
						      .val = LONG_OPTION + (int)i };
		if (!def->letter)
			continue;
		*letter++ = def->letter;
		if (def->value)
			*letter++ = ':';
	}
	*letter = '\0';
	return 0;
}

/* The option that getopt_long() returned; NULL for `?` and `:`, an error. */
static const struct option_def *find_option(int option)
{
	size_t i;

	if (option >= LONG_OPTION)
		return &option_defs[option - LONG_OPTION];
	for (i = 0; i < option_count; i++)
		if (option && option_defs[i].letter == option)
			return &option_defs[i];
	return NULL;
}

/* The call that prints the options of a command: `bdbtop list --help`. */
static char *format_help_call(char out[40], enum run_mode mode)
{
	const struct command_def *command = command_defs;

	while (command->word && (command->mode != mode || command->later))
		command++;
	snprintf(out, 40, "bdbtop %s%s--help", command->word ? command->word : "",
		 command->word ? " " : "");
	return out;
}

/*
 * Names the option that getopt_long() rejected, without its value, which may be a password.  word
 * is the last argument that it read; for a letter in a group, the argument before.
 */
static int set_option_error(const struct options *options, int option, const char *word,
			    struct err *err)
{
	bool known = find_option(optopt) != NULL, letter;
	char name[80], safe[120], call[40];
	const char *what = "unknown option ", *wrong = "";

	letter = optopt && optopt < LONG_OPTION && !(known && !strncmp(word, "--", 2));
	if (letter)
		snprintf(name, sizeof(name), "-%c", optopt);
	else
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(word, "="), word);
	text_safe(safe, sizeof(safe), name, false);
	if (option == ':' || known) {
		what = "";
		wrong = option == ':' ? " needs a value" : " takes no value";
	}
	return err_set(err, ERR_FINAL, "%s%s%s (see %s).", what, safe, wrong,
		       format_help_call(call, options->help_about));
}

/* Sets the command for a word; returns 1, 0 if the word is not a command, or -1 with err set. */
static int find_command(const char *word, enum run_mode *mode, struct err *err)
{
	const struct command_def *command = command_defs;

	while (command->word && strcmp(word, command->word) != 0)
		command++;
	if (!command->word)
		return 0;
	if (command->later)
		return err_set(err, ERR_FINAL,
			       "%s is not a command of this release (see bdbtop --help). For a "
			       "host of that name, write https://%s:9443.",
			       word, word);
	*mode = command->mode;
	return 1;
}

/* The command that the user meant by a word with a typing error, two in a long word; NULL: none. */
static const char *find_similar_command(const char *word)
{
	size_t best = (strlen(word) + 1) / 3 + 1;
	const struct command_def *command;
	const char *similar = NULL;

	for (command = command_defs; command->word; command++) {
		size_t errors = text_edit_distance(word, command->word);

		if (!command->later && errors < best) {
			best = errors;
			similar = command->word;
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

/* `-H CLUSTER` is another way to name it. */
static int read_hosts(struct options *options, int count, struct err *err)
{
	size_t clusters = options->hosts.count + (size_t)count;

	if (!options->hosts.count)
		return 0;
	options->cluster = options->hosts.at[0];
	if (options->demo)
		return err_set(err, ERR_FINAL,
			       "--demo brings its own cluster: leave out either --demo or -H.");
	if (clusters == 1)
		return 0;
	return err_set(err, ERR_FINAL,
		       "%zu clusters were given; this release checks one at a time.", clusters);
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

/* The operation, then databases. */
static int read_reset_words(struct options *options, int count, char **words, struct err *err)
{
	char safe[80];
	int kind;

	if (!count)
		return err_set(err, ERR_FINAL,
			       "bdbtop reset needs an operation and databases, as in bdbtop reset "
			       "backup db:12.");
	kind = op_kind_find(words[0]);
	if (kind == OP_KINDS)
		return err_set(err, ERR_FINAL,
			       "unknown operation %s: give backup, export or import, as in bdbtop "
			       "reset backup db:12.",
			       text_safe(safe, sizeof(safe), words[0], false));
	options->operation = (enum op_kind)kind;
	options->words = words + 1;
	options->word_count = (size_t)count - 1;
	return 0;
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
	if (mode == RUN_RESET)
		return read_reset_words(options, count, words, err);
	if (check_clusters(options, command, count, words, err) < 0)
		return -1;
	options->cluster = count ? words[0] : NULL;
	return read_hosts(options, count, err);
}

/* What is wrong about the options of bdbtop list; NULL: nothing. */
static const char *find_wrong_list(const struct options *options)
{
	bool lines = options->format == OUTPUT_TABLE || options->format == OUTPUT_JSONL;

	if (options->excel && options->format != OUTPUT_CSV)
		return "--excel goes with --format=csv.";
	if (options->by_cause && options->format == OUTPUT_PROMETHEUS)
		return "--by=cause has no metrics: give another --format.";
	if (options->by_cause && options->flag[CONFIG_COLUMNS])
		return "--by=cause has columns of its own: leave out --columns.";
	if (options->watch && !lines)
		return "--watch prints text or --format=jsonl: give another --format.";
	if (options->watch && (options->by_cause || options->output || options->exit_status))
		return "--watch prints one line for each change: leave out --by, --output and "
		       "--exit-status.";
	return NULL;
}

_Static_assert(AUDIT_NOTE_SIZE == 400, "the message has the number");

/* What is wrong with the options of reset; NULL: nothing. */
static const char *find_wrong_reset(const struct options *options)
{
	if (!options->all_failed && !options->word_count)
		return "bdbtop reset needs databases, as in bdbtop reset backup db:12 orders, or "
		       "--all-failed.";
	if (options->all_failed && options->word_count)
		return "--all-failed chooses the databases: leave out either it or the databases.";
	if (options->flag[CONFIG_FILTER] && !options->all_failed)
		return "--filter chooses among the databases of --all-failed: give that too.";
	if (options->demo && options->cluster)
		return "--demo brings its own cluster: leave out either --demo or --cluster.";
	if (options->note && strlen(options->note) >= AUDIT_NOTE_SIZE)
		return "--note is too long: at most 399 bytes are recorded.";
	return NULL;
}

/* Checks that the options fit each other and the command. */
static int check_combination(const struct options *options, struct err *err)
{
	int passwords = options->askpass + (options->flag[CONFIG_PASSWORD_FILE] != NULL) +
			(options->flag[CONFIG_TOKEN_FILE] != NULL) +
			(options->flag[CONFIG_PASSWORD_COMMAND] != NULL);
	const char *wrong = NULL;

	if (passwords > 1)
		wrong = "--askpass, --password-file, --password-command and --token-file exclude "
			"each other: give one of them.";
	else if (options->flag[CONFIG_TOKEN_FILE] && options->flag[CONFIG_AUTH] &&
		 strcmp(options->flag[CONFIG_AUTH], "token") != 0)
		wrong = "--token-file goes with --auth=token: leave out one of --token-file and "
			"--auth.";
	else if (options->flag[CONFIG_KEY] && !options->flag[CONFIG_CERT])
		wrong = "--key goes with --cert: give the certificate that it belongs to.";
	else if (options->mode == RUN_RESET)
		wrong = find_wrong_reset(options);
	else
		wrong = find_wrong_list(options);
	if (!wrong)
		return 0;
	return err_set(err, ERR_FINAL, "%s", wrong);
}

/* Settings are accepted by all commands, like the keys of the configuration. */
static int check_command_has(const struct options *options, const struct option_def *def,
			     struct err *err)
{
	enum run_mode mode = RUN_LIST;
	char commands[80], call[40];

	if (def->commands & 1U << options->mode || option_is_setting(def))
		return 0;
	if (options->mode == RUN_TRUST && options->demo)
		return err_set(err, ERR_FINAL,
			       "The demo creates a new certificate each time: there is nothing to "
			       "pin.");
	option_format_commands(commands, sizeof(commands), def->commands);
	while (mode < RUN_HELP && !(def->commands & 1U << mode))
		mode++;
	return err_set(err, ERR_FINAL, "--%s goes with bdbtop %s (see %s).", def->name, commands,
		       format_help_call(call, mode));
}

/* The first pass: the command and the format, in whose form errors are reported.  An error is
 * reported by the second pass. */
static int find_form(struct options *options, const struct option_parser *parser, int argc,
		     char **argv, struct err *err)
{
	char **words = calloc((size_t)argc + 1, sizeof(*words));
	int option;

	if (!words)
		return err_set_code(err, ERR_CODE_INTERNAL, ERR_FINAL, "Out of memory.");
	memcpy(words, argv, (size_t)argc * sizeof(*words));
	optind = 0;
	while ((option = getopt_long(argc, words, parser->letters, parser->options, NULL)) != -1) {
		const struct option_def *def = find_option(option);

		if (def && !strcmp(def->name, "format"))
			output_format_find(optarg, &options->format);
	}
	if (optind < argc && find_command(words[optind], &options->mode, NULL) > 0 &&
	    options->mode == RUN_HELP)
		options->mode = RUN_CONSOLE;
	options->help_about = options->mode;
	free(words);
	return 0;
}

/* The second pass. */
static int read_options(struct options *options, const struct option_parser *parser, int argc,
			char **argv, struct err *err)
{
	bool given[OPTIONS_MAX] = { false };
	size_t i;
	int option;

	optind = 0;
	while ((option = getopt_long(argc, argv, parser->letters, parser->options, NULL)) != -1) {
		const struct option_def *def = find_option(option);

		if (!def)
			return set_option_error(options, option, argv[optind - 1], err);
		if (def->apply(def, options, optarg, err) < 0)
			return -1;
		given[def - option_defs] = true;
	}
	if (read_words(options, argc - optind, argv + optind, err) < 0)
		return -1;
	if (options->mode == RUN_HELP || options->mode == RUN_VERSION)
		return 0;
	for (i = 0; i < option_count; i++)
		if (given[i] && check_command_has(options, &option_defs[i], err) < 0)
			return -1;
	if (options->mode == RUN_CHECK && !options->timeout_ms)
		options->timeout_ms = options->wait_ms + CHECK_TIMEOUT_MS;
	return check_combination(options, err);
}

int options_read(struct options *options, int argc, char **argv, struct err *err)
{
	struct option_parser parser;
	int rc;

	*options = (struct options){ 0 };
	check_limits_init(&options->limits);
	opterr = 0;
	if (option_parser_init(&parser, err) < 0)
		return -1;
	rc = find_form(options, &parser, argc, argv, err);
	if (!rc)
		rc = read_options(options, &parser, argc, argv, err);
	free(parser.options);
	return rc < 0 ? err_default_code(err, ERR_CODE_USAGE) : 0;
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
	return err_set_code(err, ERR_CODE_INTERNAL, ERR_FINAL, "Out of memory while reading %s.",
			    name);
}

/* A rejected one is reported later, if it is used. */
static void take_secret(const char *name, struct secret *secret, struct err *rejected)
{
	char *value = getenv(name), assignment[40];

	if (value)
		secret_from_env(secret, name, value, rejected);
	snprintf(assignment, sizeof(assignment), "%s=", name);
	overwrite(assignment);
}

int environment_take(struct environment *env, struct err *err)
{
	const char *no_color = getenv("NO_COLOR");

	*env = (struct environment){ .password = secret_new(),
				     .token = secret_new(),
				     .no_color = no_color && *no_color,
				     .ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0 };
	if (!env->password || !env->token)
		return err_set_code(err, ERR_CODE_INTERNAL, ERR_FINAL,
				    "Out of memory for the password.");
	take_secret("REDIS_ENTERPRISE_PASSWORD", env->password, &env->no_password);
	take_secret("REDIS_ENTERPRISE_TOKEN", env->token, &env->no_token);
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
	secret_free(env->token);
	free(env->url);
	free(env->user);
	free(env->cacert);
	free(env->insecure);
	*env = (struct environment){ 0 };
}
