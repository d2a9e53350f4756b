/*
 * The documentation is complete: options, keys and configuration keys are in --help, in the manual
 * page, in the README and in the sample configuration.
 */
#include <ctype.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/transitions.h"
#include "bdbtop/session/commands.h"
#include "bdbtop/store/config.h"
#include "main/option_table.h"
#include "tests/files.h"
#include "tests/main/child.h"
#include "tests/tap.h"

static char *manual, *config_manual, *readme, *sample;

/* A manual page without the backslashes before hyphens. */
static char *manual_text(const char *name)
{
	char *text = source_text(name), *to = text;
	const char *from;

	for (from = text; *from; from++)
		if (*from != '\\')
			*to++ = *from;
	*to = '\0';
	return text;
}

/* The text between two headings. */
static char *section(const char *text, const char *from, const char *to)
{
	const char *begin = strstr(text, from), *end = begin ? strstr(begin + 1, to) : NULL;

	assert_non_null(end);
	return strndup(begin, (size_t)(end - begin));
}

/* Finds the next word that begins with two hyphens; false at the end. */
static bool next_option(const char **text, char word[40])
{
	size_t length;

	while ((*text = strstr(*text, "--"))) {
		for (length = 2; islower((unsigned char)(*text)[length]) || (*text)[length] == '-';)
			length++;
		if (length > 2 && length < 40) {
			snprintf(word, 40, "%.*s", (int)length, *text);
			*text += length;
			return true;
		}
		*text += length;
	}
	return false;
}

static bool has_word(const char *text, const char *word)
{
	size_t length = strlen(word);
	const char *at = text;

	for (; (at = strstr(at, word)); at++)
		if (!(at > text && (isalnum((unsigned char)at[-1]) || at[-1] == '_')) &&
		    !isalnum((unsigned char)at[length]) && at[length] != '_')
			return true;
	return false;
}

static void holds_options_of(const char *where, const char *text, const char *from)
{
	char word[40];

	while (next_option(&from, word))
		if (!has_word(text, word))
			fail_msg("%s has no %s", where, word);
}

/* The lines of a section that begin a paragraph about an option; to be freed. */
static char *option_tags(const char *section)
{
	char *copy = strdup(section), *rest = copy, *tags = strdup(""), *line, *longer;
	bool is_tag = false;

	while ((line = strsep(&rest, "\n"))) {
		if (is_tag && strstr(line, "--")) {
			assert_true(asprintf(&longer, "%s%s\n", tags, line) > 0);
			free(tags);
			tags = longer;
		}
		is_tag = !strcmp(line, ".TP") || !strcmp(line, ".TQ");
	}
	free(copy);
	return tags;
}

/* A section explains exactly the options that `belongs` accepts, with their letters. */
static void explains_options(const char *from, bool (*belongs)(unsigned mask, unsigned command),
			     unsigned command)
{
	char *text = section(manual, from, "\n.S"), *tags = option_tags(text), name[40], letter[3];
	const struct option_def *def;

	for (def = option_defs; def < option_defs + option_count; def++) {
		snprintf(name, sizeof(name), "--%s", def->name);
		snprintf(letter, sizeof(letter), "-%c", def->letter);
		if (has_word(tags, name) != belongs(def->commands, command))
			fail_msg("%.*s %s %s", (int)strcspn(from, "\n"), from,
				 has_word(tags, name) ? "must not have" : "has no", name);
		if (has_word(tags, name) && def->letter && !has_word(tags, letter))
			fail_msg("%.*s has no %s", (int)strcspn(from, "\n"), from, letter);
	}
	free(tags);
	free(text);
}

/* The help of the console and of each command, one after the other. */
static char *all_helps(void)
{
	const struct command_def *command;
	struct child_result ran;
	char *text = NULL;
	size_t length;
	FILE *file = open_memstream(&text, &length);

	assert_non_null(file);
	child_run(&ran, WORDS("--help"), NOTHING);
	fputs(ran.out, file);
	for (command = command_defs; command->word; command++) {
		if (command->later)
			continue;
		child_run(&ran, WORDS("help", command->word), NOTHING);
		fputs(ran.out, file);
	}
	fclose(file);
	return text;
}

static void help_and_manual_have_the_same_options(void **state)
{
	char *options = section(manual, ".SH OPTIONS", ".SH KEYS"), *helps = all_helps();

	holds_options_of("the manual", options, helps);
	holds_options_of("--help", helps, options);
	assert_true(has_word(helps, "--stall-after"));
	free(helps);
	free(options);
}

/* The help of a command has its synopsis, and its own options; its lines fit. */
static void each_command_has_its_own_help(void **state)
{
	static const char *const words[] = { "list", "check", "reset", "history", "trust" };
	struct child_result all, ran;
	char synopsis[40], *line, *rest;
	size_t i;

	child_run(&all, WORDS("--help"), NOTHING);
	for (i = 0; i < ARRAY_SIZE(words); i++) {
		child_run(&ran, WORDS(words[i], "--help"), NOTHING);
		/* the guidelines for plugins ask for UNKNOWN */
		assert_int_equal(ran.status, !strcmp(words[i], "check") ? 3 : 0);
		snprintf(synopsis, sizeof(synopsis), "Usage: bdbtop %s ", words[i]);
		assert_memory_equal(ran.out, synopsis, strlen(synopsis));
		assert_true(has_word(ran.out, "--replace") == !strcmp(words[i], "trust"));
		assert_true(has_word(ran.out, "--problems") == !strcmp(words[i], "list"));
		assert_true(has_word(ran.out, "--by") == !strcmp(words[i], "list"));
		assert_false(has_word(ran.out, "--mouse"));
		/* nothing is said of a cluster that is not contacted */
		assert_true(!strstr(ran.out, "3 the cluster") ==
			    (!strcmp(words[i], "history") || !strcmp(words[i], "check")));
		for (rest = ran.out; (line = strsep(&rest, "\n"));)
			assert_in_range(strlen(line), 0, 80);
	}
	for (rest = all.out; (line = strsep(&rest, "\n"));)
		assert_in_range(strlen(line), 0, 80);
}

static bool of_console(unsigned mask, unsigned command)
{
	return mask & 1U << RUN_CONSOLE;
}

static bool of_command_only(unsigned mask, unsigned command)
{
	return mask & 1U << command && !of_console(mask, command);
}

/* The options of the console are in one section, further ones in that of each command. */
static void each_command_has_its_own_section(void **state)
{
	const struct command_def *command;
	char heading[40];

	explains_options(".SH OPTIONS\n", of_console, RUN_CONSOLE);
	for (command = command_defs; command->word; command++) {
		if (command->later || command->mode == RUN_HELP)
			continue;
		snprintf(heading, sizeof(heading), ".SS %s\n", command->word);
		explains_options(heading, of_command_only, command->mode);
	}
}

/* keys: as in the help, `up down j k`.  The text begins with a heading. */
static void holds_keys(const char *where, const char *text, const char *keys)
{
	char copy[40], *word, *rest = copy;

	snprintf(copy, sizeof(copy), "%s", keys);
	while ((word = strsep(&rest, " "))) {
		const char *at = text + 1;
		size_t length = strlen(word);

		while ((at = strstr(at, word)) &&
		       (!strchr(" \"", at[-1]) || !strchr(" \",\n", at[length])))
			at++;
		if (!at)
			fail_msg("%s has no key %s", where, word);
	}
}

static void every_key_stands_in_manual_and_readme(void **state)
{
	char *in_manual = section(manual, ".SH KEYS", ".SH STATES");
	char *in_readme = section(readme, "\nKeys\n", "\nWhat the words mean\n");
	int id;

	for (id = CMD_NONE + 1; id < CMD_COUNT; id++) {
		holds_keys("the manual", in_manual, commands[id].keys_text);
		/* commands without help text are those of every terminal */
		if (commands[id].help)
			holds_keys("README", in_readme, commands[id].keys_text);
	}
	free(in_manual);
	free(in_readme);
}

static void every_key_of_the_configuration_is_explained(void **state)
{
	char *in_manual = section(config_manual, ".SH KEYS", ".SH EXAMPLES");
	struct child_result ran;
	int key;

	child_run(&ran, WORDS("--config=/dev/null", "--print-config", "h"), NOTHING);
	assert_int_equal(ran.status, 0);
	for (key = 0; key < CONFIG_KEYS; key++) {
		if (!has_word(in_manual, config_keys[key].name))
			fail_msg("the manual has no %s", config_keys[key].name);
		if (!has_word(sample, config_keys[key].name))
			fail_msg("the sample has no %s", config_keys[key].name);
		if (key != CONFIG_DEFAULT && !has_word(ran.out, config_keys[key].name))
			fail_msg("--print-config has no %s", config_keys[key].name);
	}
	free(in_manual);
}

/* Every column and every filter key. */
static void columns_and_filters_are_explained(void **state)
{
	static const char *const keys[] = { "state:",  "backup:", "export:", "import:",
					    "reason:", "result:", "loss>",   "progress<",
					    "age>",    "age<",	  "module:", "tag:" };
	char *sort = section(manual, ".BR --sort", ".B --read-only");
	char *filter = section(manual, ".SH FILTER", ".SH RESETS");
	size_t i;
	int by;

	for (by = 0; by < SORT_KINDS; by++) {
		assert_true(has_word(sort, sort_defs[by].word));
		assert_true(has_word(sample, sort_defs[by].word));
	}
	for (i = 0; i < ARRAY_SIZE(keys); i++)
		if (!strstr(filter, keys[i]))
			fail_msg("the manual has no %s", keys[i]);
	free(sort);
	free(filter);
}

static void every_code_of_an_error_is_explained(void **state)
{
	char *errors = section(manual, ".SH ERRORS", "\n.SH");
	int code;

	for (code = ERR_CODE_NONE + 1; code < ERR_CODES; code++)
		if (!has_word(errors, err_code_word((enum err_code)code)))
			fail_msg("the manual has no %s", err_code_word((enum err_code)code));
	free(errors);
}

/* Every word of bell and notify. */
static void notification_words_are_explained(void **state)
{
	char *in_manual = section(config_manual, ".BR bell ", ".B default");
	char *in_readme = section(readme, "bell = failed", "NO_COLOR means");
	int word;

	for (word = 0; word < TRANSITION_KINDS; word++)
		if (!has_word(in_manual, transition_defs[word].word) ||
		    !has_word(in_readme, transition_defs[word].word))
			fail_msg("not explained: %s", transition_defs[word].word);
	free(in_manual);
	free(in_readme);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(help_and_manual_have_the_same_options),
		cmocka_unit_test(each_command_has_its_own_help),
		cmocka_unit_test(each_command_has_its_own_section),
		cmocka_unit_test(every_key_stands_in_manual_and_readme),
		cmocka_unit_test(every_key_of_the_configuration_is_explained),
		cmocka_unit_test(columns_and_filters_are_explained),
		cmocka_unit_test(every_code_of_an_error_is_explained),
		cmocka_unit_test(notification_words_are_explained),
	};

	manual = manual_text("assets/bdbtop.1");
	config_manual = manual_text("assets/bdbtop.conf.5");
	readme = source_text("README");
	sample = source_text("assets/bdbtop.conf");
	return tap_run(tests);
}
