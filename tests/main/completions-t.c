/*
 * The completions of the shells have the commands and options of the program, and offer the
 * databases that it saved.
 */
#include <ctype.h>
#include <time.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/output_format.h"
#include "bdbtop/core/sort_order.h"
#include "bdbtop/store/name_cache.h"
#include "main/option_table.h"
#include "tests/files.h"

#define BASH "assets/completions/bdbtop"
#define ZSH  "assets/completions/_bdbtop"
#define FISH "assets/completions/bdbtop.fish"

/* A row of a completion: an option and the commands that have it. */
struct row {
	char commands[80], name[40], letter;
	bool value, value_optional;
};

/* `console list|i|--interval=|...`; false for another line. */
static bool parse_table_row(char *line, struct row *row)
{
	char *rest = line + strspn(line, "\t'"), *commands = strsep(&rest, "|"),
	     *letter = rest ? strsep(&rest, "|") : NULL, *name = rest ? strsep(&rest, "|") : NULL;

	if (name && *name == '*')
		name++;
	if (!name || strncmp(name, "--", 2) != 0)
		return false;
	snprintf(row->commands, sizeof(row->commands), "%s", commands);
	snprintf(row->name, sizeof(row->name), "%.*s", (int)strcspn(name + 2, "="), name + 2);
	row->letter = *letter;
	row->value = strchr(name, '=') != NULL;
	row->value_optional = strstr(name, "=-") != NULL;
	return true;
}

/* `complete -c bdbtop -n '__bdbtop_in console list' -s i -l interval -x ...`.  fish knows no
 * optional value: such an option has none there. */
static bool parse_fish_row(char *line, struct row *row)
{
	const char *commands = strstr(line, "__bdbtop_in "), *name = strstr(line, " -l "),
		   *letter = strstr(line, " -s ");

	if (strncmp(line, "complete ", 9) != 0 || !commands || !name)
		return false;
	commands += strlen("__bdbtop_in ");
	snprintf(row->commands, sizeof(row->commands), "%.*s", (int)strcspn(commands, "'"),
		 commands);
	snprintf(row->name, sizeof(row->name), "%.*s", (int)strcspn(name + 4, " "), name + 4);
	row->letter = letter ? letter[4] : '\0';
	row->value = strstr(line, " -x ") || strstr(line, " -r ");
	return true;
}

static void format_commands(char out[80], unsigned commands)
{
	const struct command_def *command;

	*out = '\0';
	if (commands & 1U << RUN_CONSOLE)
		strcpy(out, "console");
	for (command = command_defs; command->word; command++)
		if (command->mode != RUN_CONSOLE && commands & 1U << command->mode)
			snprintf(out + strlen(out), 80 - strlen(out), "%s%s", *out ? " " : "",
				 command->word);
}

static const struct option_def *find_option(const char *name)
{
	size_t i;

	for (i = 0; i < option_count; i++)
		if (!strcmp(option_defs[i].name, name))
			return &option_defs[i];
	return NULL;
}

static void row_is_right(const char *file, const struct row *row)
{
	const struct option_def *def = find_option(row->name);
	bool fish = !strcmp(file, FISH);
	char commands[80];

	if (!def)
		fail_msg("%s has an unknown option --%s", file, row->name);
	format_commands(commands, def->commands);
	if (strcmp(commands, row->commands) != 0)
		fail_msg("%s: --%s is of \"%s\"", file, row->name, commands);
	if (def->letter != row->letter)
		fail_msg("%s: the letter of --%s is wrong", file, row->name);
	if (row->value != (def->value && !(fish && def->value_optional)) ||
	    row->value_optional != (!fish && def->value_optional))
		fail_msg("%s: the value of --%s is wrong", file, row->name);
}

static void has_all_options(const char *file, bool (*parse)(char *line, struct row *))
{
	char *text = source_text(file), *rest = text, *line;
	bool found[OPTIONS_MAX] = { false };
	size_t i;

	assert_non_null(text);
	while ((line = strsep(&rest, "\n"))) {
		struct row row = { .letter = '\0' };

		if (!parse(line, &row))
			continue;
		row_is_right(file, &row);
		i = (size_t)(find_option(row.name) - option_defs);
		if (found[i])
			fail_msg("%s has --%s twice", file, row.name);
		found[i] = true;
	}
	for (i = 0; i < option_count; i++)
		if (!found[i])
			fail_msg("%s has no --%s", file, option_defs[i].name);
	free(text);
}

static void each_shell_has_exactly_the_options(void **state)
{
	has_all_options(BASH, parse_table_row);
	has_all_options(ZSH, parse_table_row);
	has_all_options(FISH, parse_fish_row);
}

/* Every shell lists the commands and values as words separated by spaces. */
static void each_shell_has_the_commands_and_values(void **state)
{
	static const char *const files[] = { BASH, ZSH, FISH };
	char commands[80] = "", orders[200] = "", formats[80] = "", *text;
	const struct command_def *command;
	size_t i;

	for (command = command_defs; command->word; command++)
		if (command->mode != RUN_CONSOLE)
			snprintf(commands + strlen(commands), sizeof(commands) - strlen(commands),
				 "%s%s", *commands ? " " : "", command->word);
	for (i = 0; i < SORT_KINDS; i++)
		snprintf(orders + strlen(orders), sizeof(orders) - strlen(orders), "%s%s",
			 i ? " " : "", sort_defs[i].word);
	for (i = 0; i < OUTPUT_FORMATS; i++)
		snprintf(formats + strlen(formats), sizeof(formats) - strlen(formats), "%s%s",
			 i ? " " : "", output_format_words[i]);
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		text = source_text(files[i]);
		assert_non_null(text);
		if (!strstr(text, commands) || !strstr(text, orders) || !strstr(text, formats))
			fail_msg("%s lacks one of: %s; %s; %s", files[i], commands, orders,
				 formats);
		free(text);
	}
}

/* What bash offers for a command line, in one line. */
static void completes(const char *line, const char *expected)
{
	static const char script[] = "compopt() { :; }; . \"$SRCDIR/" BASH "\"; COMP_LINE=$LINE; "
				     "COMP_POINT=${#LINE}; _bdbtop; echo \"${COMPREPLY[*]}\"";
	char command[600], got[500] = "";
	FILE *pipe;

	snprintf(command, sizeof(command), "LINE='%s' bash -c '%s'", line, script);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	assert_non_null(fgets(got, sizeof(got), pipe));
	assert_int_equal(pclose(pipe), 0);
	got[strcspn(got, "\n")] = '\0';
	if (strcmp(got, expected) != 0)
		fail_msg("%s => %s", line, got);
}

static void save_name(const struct temp_dir *dir, const char *cluster, int64_t uid,
		      const char *name)
{
	struct name_cache *cache = name_cache_new(dir->state, NULL, cluster);

	name_cache_add(cache, uid, name);
	assert_int_equal(name_cache_save(cache, time(NULL), NULL), 0);
	name_cache_free(cache);
}

static void fill_home(const struct temp_dir *dir)
{
	char path[200];

	temp_dir_mkdir(dir);
	save_name(dir, "prod-eu", 12, "orders-eu");
	save_name(dir, "prod-us", 7, "sessions");
	save_name(dir, "stage", 44, "a b");
	snprintf(path, sizeof(path), "%s/bdbtop/bdbtop.conf", dir->state);
	temp_dir_write(path, "[bdbtop]\n[cluster prod-eu]\n[cluster prod-us]\n");
	snprintf(path, sizeof(path), "%s/redisctl.toml", dir->top);
	temp_dir_write(path, "[profiles.lab]\ndeployment_type = \"enterprise\"\n"
			     "password = \"hunter2\"\n[profiles.cloud]\n"
			     "deployment_type = \"cloud\"\n");
	setenv("REDISCTL_CONFIG_FILE", path, 1);
	setenv("XDG_CONFIG_HOME", dir->state, 1);
	setenv("XDG_STATE_HOME", dir->state, 1);
}

static void bash_completes_commands_clusters_and_databases(void **state)
{
	struct temp_dir dir;
	char line[200];

	assert_int_equal(temp_dir_init(&dir, "names"), 0);
	fill_home(&dir);
	completes("bdbtop ", "list check reset history trust help prod-eu prod-us lab");
	completes("bdbtop list --so", "--sort=");
	completes("bdbtop list --sort=la", "last-backup");
	completes("bdbtop list --theme", "");
	completes("bdbtop reset ", "backup export import");
	completes("bdbtop reset --format=", "table jsonl");
	completes("bdbtop reset --cluster=prod-u", "prod-us");
	completes("bdbtop reset backup ", "12 7 44 orders-eu sessions");
	completes("bdbtop reset backup --cluster=prod-eu ", "12 orders-eu");
	completes("bdbtop reset backup --cluster=unknown s", "sessions");
	/* a day later: a line of the file that is too old, or no line of it */
	snprintf(line, sizeof(line), "%lld\tprod-eu\t12\torders\n1\tx\t$(id)\ty\n",
		 (long long)time(NULL) - NAME_CACHE_S);
	temp_dir_write(dir.path, line);
	completes("bdbtop reset backup ", "");
	temp_dir_release(dir.top);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_shell_has_exactly_the_options),
		cmocka_unit_test(each_shell_has_the_commands_and_values),
		cmocka_unit_test(bash_completes_commands_clusters_and_databases),
	};

	return tap_run(tests);
}
