#include "option_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"

/* The value of an option at its place in struct options. */
#define PLACE(options, def) ((void *)((char *)(options) + (def)->offset))

static int apply_true(const struct option_def *def, struct options *options, const char *typed,
		      struct err *err)
{
	(void)typed;
	(void)err;
	*(bool *)PLACE(options, def) = true;
	return 0;
}

static int apply_count(const struct option_def *def, struct options *options, const char *typed,
		       struct err *err)
{
	(void)typed;
	(void)err;
	++*(unsigned *)PLACE(options, def);
	return 0;
}

static int apply_text(const struct option_def *def, struct options *options, const char *typed,
		      struct err *err)
{
	*(const char **)PLACE(options, def) = typed;
	if (*typed)
		return 0;
	return err_set(err, ERR_FINAL, "--%s is empty: give its %s.", def->name, def->value);
}

static int apply_list(const struct option_def *def, struct options *options, const char *typed,
		      struct err *err)
{
	struct option_list *list = PLACE(options, def);

	if (list->count == ARRAY_SIZE(list->at))
		return err_set(err, ERR_FINAL, "--%s was given more than %zu times, the limit.",
			       def->name, ARRAY_SIZE(list->at));
	list->at[list->count++] = typed;
	return 0;
}

static int apply_limit(const struct option_def *def, struct options *options, const char *typed,
		       struct err *err)
{
	return check_limits_set(&options->limits, def->letter == 'c', typed, err);
}

/* `30` and `0.5` are seconds; other units as in the configuration: `2m`. */
static int apply_seconds(const struct option_def *def, struct options *options, const char *typed,
			 struct err *err)
{
	struct config_values values;
	char safe[80], *end;
	double seconds;

	if (!typed)
		return 0;
	seconds = strtod(typed, &end);
	if (*typed && !typed[strspn(typed, "0123456789.")] && !*end && seconds > 0 &&
	    seconds <= OPTION_SECONDS_MAX) {
		*(int64_t *)PLACE(options, def) = (int64_t)(seconds * 1000 + 0.5);
		return 0;
	}
	if (!config_parse(CONFIG_STALL_AFTER, typed, &values, NULL)) {
		*(int64_t *)PLACE(options, def) = values.stall_ms;
		return 0;
	}
	return err_set(err, ERR_FINAL,
		       "invalid --%s \"%s\": give seconds, at most %d, or a duration, as in "
		       "--%s=30 or --%s=2m.",
		       def->name, text_safe(safe, sizeof(safe), typed, false), OPTION_SECONDS_MAX,
		       def->name, def->name);
}

static int apply_wait(const struct option_def *def, struct options *options, const char *typed,
		      struct err *err)
{
	options->wait = true;
	if (!typed && options->mode == RUN_CHECK)
		return err_set(err, ERR_FINAL,
			       "--wait of bdbtop check needs a duration, as in --wait=2m.");
	return apply_seconds(def, options, typed, err);
}

static int apply_format(const struct option_def *def, struct options *options, const char *typed,
			struct err *err)
{
	static const unsigned allowed[] = {
		[RUN_CONSOLE] = (1U << OUTPUT_FORMATS) - 1, /* refused as an option later */
		[RUN_LIST] = (1U << OUTPUT_FORMATS) - 1,
		[RUN_RESET] = 1U << OUTPUT_TABLE | 1U << OUTPUT_JSONL,
		[RUN_HISTORY] = 1U << OUTPUT_TABLE | 1U << OUTPUT_JSON | 1U << OUTPUT_CSV,
		[RUN_VERSION] = 0,
	};
	enum output_format format;
	struct text known;
	char words[80], safe[80];
	int i;

	(void)def;
	if (output_format_find(typed, &format) &&
	    (!allowed[options->mode] || allowed[options->mode] & 1U << format)) {
		options->format = format;
		return 0;
	}
	text_init(&known, words, sizeof(words));
	for (i = 0; i < OUTPUT_FORMATS; i++)
		if (allowed[options->mode] & 1U << i) {
			text_add(&known, *words ? ", " : "");
			text_add(&known, output_format_words[i]);
		}
	return err_set(err, ERR_FINAL, "invalid --format \"%s\": known are %s.",
		       text_safe(safe, sizeof(safe), typed, false), words);
}

static int apply_by(const struct option_def *def, struct options *options, const char *typed,
		    struct err *err)
{
	char safe[80];

	(void)def;
	options->by_cause = !strcmp(typed, "cause");
	if (options->by_cause)
		return 0;
	return err_set(
		err, ERR_FINAL,
		"invalid --by \"%s\": the only value is cause, as in bdbtop list --by=cause.",
		text_safe(safe, sizeof(safe), typed, false));
}

static int apply_mode(const struct option_def *def, struct options *options, const char *typed,
		      struct err *err)
{
	(void)typed;
	(void)err;
	options->mode = def->letter == 'h' ? RUN_HELP : RUN_VERSION;
	return 0;
}

/* --- settings ------------------------------------------------------------------------------- */

/* Checks a value as the configuration does. */
static int apply_setting(const struct option_def *def, struct options *options, const char *typed,
			 struct err *err)
{
	struct config_values values;
	struct err error;

	options->flag[def->key] = typed ? typed : "yes";
	if (!config_parse((enum config_key)def->key, options->flag[def->key], &values, &error))
		return 0;
	return err_set(err, ERR_FINAL, "--%s: %s", def->name, error.text);
}

static int apply_no(const struct option_def *def, struct options *options, const char *typed,
		    struct err *err)
{
	(void)typed;
	(void)err;
	options->flag[def->key] = "no";
	return 0;
}

static int apply_interval(const struct option_def *def, struct options *options, const char *typed,
			  struct err *err)
{
	struct config_values values;
	char safe[80];

	options->flag[def->key] = typed;
	if (!config_parse(CONFIG_INTERVAL, typed, &values, NULL))
		return 0;
	return err_set(err, ERR_FINAL,
		       "invalid --interval \"%s\": give 1 to 86400 seconds, as in --interval=5.",
		       text_safe(safe, sizeof(safe), typed, false));
}

static int apply_user(const struct option_def *def, struct options *options, const char *typed,
		      struct err *err)
{
	options->flag[def->key] = typed;
	if (*typed && !strchr(typed, ':'))
		return 0;
	/* do not repeat it: a password may follow the colon */
	return err_set(
		err, ERR_FINAL,
		*typed ? "The name for --user contains a colon: a password is never an argument. "
			 "Leave it out; bdbtop asks for it."
		       : "--user needs a name, as in --user=admin@example.com.");
}

/* --- the tables ----------------------------------------------------------------------------- */

enum {
	CONSOLE = 1 << RUN_CONSOLE,
	LIST = 1 << RUN_LIST,
	CHECK = 1 << RUN_CHECK,
	RESET = 1 << RUN_RESET,
	HISTORY = 1 << RUN_HISTORY,
	TRUST = 1 << RUN_TRUST,
	READS = CONSOLE | LIST | CHECK | RESET,
	ALL = READS | HISTORY | TRUST,
};
#define SETTING(config_key)	apply_setting, .key = (config_key)
#define PLAIN(function, member) function, .offset = offsetof(struct options, member)

/* clang-format off */
const struct option_def option_defs[] = {
	{ "demo", 0, NULL, false, READS, "start and open a simulated cluster",
	  PLAIN(apply_true, demo) },
	{ "interval", 'i', "SECONDS", false, CONSOLE | LIST | CHECK,
	  "poll interval (default 5, at least 1)", apply_interval, .key = CONFIG_INTERVAL },
	{ "user", 'u', "NAME", false, READS, "log in as NAME", apply_user, .key = CONFIG_USER },
	{ "auth", 0, "METHOD", false, READS,
	  "how to log in: basic (the default), token or\ncertificate", SETTING(CONFIG_AUTH) },
	{ "askpass", 0, NULL, false, READS,
	  "ask for the password, even if another source has it", PLAIN(apply_true, askpass) },
	{ "password-file", 0, "FILE", false, READS, "read the password from FILE",
	  SETTING(CONFIG_PASSWORD_FILE) },
	{ "password-command", 0, "COMMAND", false, READS,
	  "use the first line that COMMAND prints", SETTING(CONFIG_PASSWORD_COMMAND) },
	{ "token-file", 0, "FILE", false, READS,
	  "log in with the token in FILE, as it is", SETTING(CONFIG_TOKEN_FILE) },
	{ "cacert", 0, "FILE", false, READS | TRUST,
	  "trust only certificates signed by the CAs in FILE", SETTING(CONFIG_CACERT) },
	{ "cert", 0, "FILE", false, READS | TRUST, "client certificate", SETTING(CONFIG_CERT) },
	{ "key", 0, "FILE", false, READS | TRUST,
	  "key of the client certificate, if in a separate file", SETTING(CONFIG_KEY) },
	{ "insecure", 0, NULL, false, READS, "accept any certificate; the header warns",
	  PLAIN(apply_true, insecure) },
	{ "stall-after", 0, "DURATION", false, CONSOLE | LIST | CHECK,
	  "stalled: no progress for DURATION (10m)", SETTING(CONFIG_STALL_AFTER) },
	{ "filter", 0, "EXPRESSION", false, READS, "show matches: state:failed, age>24h, !word",
	  SETTING(CONFIG_FILTER) },
	{ "sort", 0, "COLUMN", false, CONSOLE | LIST,
	  "severity (the default), db, name, last-backup, ...;\n-COLUMN reverses the order",
	  SETTING(CONFIG_SORT) },
	{ "columns", 0, "LIST", false, CONSOLE | LIST,
	  "the columns, in order: db,name,backup,size,reason", SETTING(CONFIG_COLUMNS) },
	{ "problems", 0, NULL, false, LIST, "only failed, stalled, overdue and suspect",
	  PLAIN(apply_true, problems) },
	{ "by", 0, "cause", false, LIST,
	  "one line for each problem and its databases", PLAIN(apply_by, by_cause) },
	{ "format", 0, "FORMAT", false, LIST | RESET | HISTORY,
	  "table (the default), json, jsonl, csv, tsv, prometheus", PLAIN(apply_format, format) },
	{ "no-header", 0, NULL, false, LIST | HISTORY, "leave out the line of headings",
	  PLAIN(apply_true, no_header) },
	{ "excel", 0, NULL, false, LIST, "csv: protect cells that a spreadsheet would run",
	  PLAIN(apply_true, excel) },
	{ "watch", 0, NULL, false, LIST, "go on, and print each change (text or jsonl)",
	  PLAIN(apply_true, watch) },
	{ "output", 'o', "FILE", false, LIST | HISTORY, "write to FILE, complete or not at all",
	  PLAIN(apply_text, output) },
	{ "exit-status", 0, NULL, false, LIST, "exit with 1 when a shown database has a problem",
	  PLAIN(apply_true, exit_status) },
	{ "hostname", 'H', "CLUSTER", false, CHECK, "the cluster, as other plugins name it",
	  PLAIN(apply_list, hosts) },
	{ "warning", 'w', "NAME=RANGE", false, CHECK, "WARNING when NAME is outside RANGE",
	  PLAIN(apply_limit, limits) },
	{ "critical", 'c', "NAME=RANGE", false, CHECK, "CRITICAL when NAME is outside RANGE",
	  PLAIN(apply_limit, limits) },
	{ "verbose", 'v', NULL, false, CHECK, "print more; may be repeated",
	  PLAIN(apply_count, verbose) },
	{ "cluster", 0, "CLUSTER", false, RESET, "the cluster of the databases",
	  PLAIN(apply_text, cluster) },
	{ "all-failed", 0, NULL, false, RESET, "all databases whose operation has failed",
	  PLAIN(apply_true, all_failed) },
	{ "dry-run", 0, NULL, false, RESET, "print what would be sent, and send nothing",
	  PLAIN(apply_true, dry_run) },
	{ "yes", 0, NULL, false, RESET, "do not ask", PLAIN(apply_true, yes) },
	{ "note", 0, "TEXT", false, RESET, "record TEXT in the audit log",
	  PLAIN(apply_text, note) },
	{ "wait", 0, "DURATION", true, CHECK | RESET,
	  "until the cluster shows each outcome, at most DURATION", PLAIN(apply_wait, wait_ms) },
	{ "timeout", 't', "SECONDS", false, LIST | CHECK | RESET,
	  "end after SECONDS (default 60)", PLAIN(apply_seconds, timeout_ms) },
	{ "since", 0, "TIME", false, HISTORY, "from TIME on: RFC 3339, 18:00, yesterday, 2h",
	  PLAIN(apply_text, since) },
	{ "until", 0, "TIME", false, HISTORY, "before TIME", PLAIN(apply_text, until) },
	{ "db", 0, "UID", false, HISTORY, "only this database; may be repeated",
	  PLAIN(apply_list, dbs) },
	{ "outcome", 0, "WORD", false, HISTORY, "only resets with this outcome",
	  PLAIN(apply_text, outcome) },
	{ "read-only", 0, NULL, false, CONSOLE | RESET, "disable resets",
	  SETTING(CONFIG_READ_ONLY) },
	{ "no-sandbox", 0, NULL, false, ALL, "do not limit which files and ports bdbtop can use",
	  apply_no, .key = CONFIG_SANDBOX },
	{ "replace", 0, NULL, false, TRUST, "accept a key other than the pinned one",
	  PLAIN(apply_true, replace) },
	{ "config", 0, "FILE", false, ALL, "instead of ~/.config/bdbtop/bdbtop.conf",
	  PLAIN(apply_text, config) },
	{ "print-config", 0, NULL, false, ALL, "print the settings in effect and their sources",
	  PLAIN(apply_true, print_config) },
	{ "theme", 0, "THEME", false, CONSOLE, "colour (the default), monochrome or contrast",
	  SETTING(CONFIG_THEME) },
	{ "ascii", 0, NULL, false, CONSOLE | LIST, "draw with ASCII only", SETTING(CONFIG_ASCII) },
	{ "no-title", 0, NULL, false, CONSOLE, "leave the title of the terminal alone",
	  apply_no, .key = CONFIG_TITLE },
	{ "no-report", 0, NULL, false, CONSOLE, "print no report on quitting",
	  apply_no, .key = CONFIG_REPORT },
	{ "mouse", 0, NULL, false, CONSOLE, "enable wheel, click and double click",
	  SETTING(CONFIG_MOUSE) },
	{ "help", 'h', NULL, false, ALL, "print this help; after a command, that of the command",
	  PLAIN(apply_mode, mode) },
	{ "version", 'V', NULL, false, ALL, "print the version", PLAIN(apply_mode, mode) },
};
/* clang-format on */
const size_t option_count = ARRAY_SIZE(option_defs);
_Static_assert(ARRAY_SIZE(option_defs) <= OPTIONS_MAX, "options_read() notes which are given");

const struct command_def command_defs[] = {
	{ "list", RUN_LIST, false },	 { "check", RUN_CHECK, false },
	{ "reset", RUN_RESET, false },	 { "history", RUN_HISTORY, false },
	{ "trust", RUN_TRUST, false },	 { "help", RUN_HELP, false },
	{ "replay", RUN_CONSOLE, true }, { NULL, RUN_CONSOLE, false },
};

char *option_format_commands(char *out, size_t size, unsigned commands)
{
	const struct command_def *command;
	struct text text;

	text_init(&text, out, size);
	for (command = command_defs; command->word; command++) {
		if (!(commands & 1U << command->mode) || command->mode == RUN_CONSOLE)
			continue;
		commands &= ~(1U << command->mode);
		text_add(&text, *out ? commands & ~(unsigned)CONSOLE ? ", " : " or " : "");
		text_add(&text, command->word);
	}
	return out;
}

bool option_is_setting(const struct option_def *def)
{
	return def->apply == apply_setting || def->apply == apply_no ||
	       def->apply == apply_interval || def->apply == apply_user;
}
