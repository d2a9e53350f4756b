#include "bdbtop/session/commands.h"

#include <stdbool.h>

#include "bdbtop/core/array.h"
#include "bdbtop/session/sort_menu.h"
#include "tests/files.h"
#include "tests/tap.h"

#define KEYS_MAX 200

static void every_command_stands_in_its_own_row(void **state)
{
	int id;

	for (id = CMD_NONE + 1; id < CMD_COUNT; id++)
		assert_int_equal(commands[id].id, id);
	assert_int_equal(commands[CMD_NONE].keys[0], 0);
}

static void no_key_means_two_commands(void **state)
{
	int seen[KEYS_MAX], count = 0, id, i, j;

	for (id = CMD_NONE + 1; id < CMD_COUNT; id++)
		for (i = 0; i < COMMAND_KEYS && commands[id].keys[i]; i++) {
			for (j = 0; j < count; j++)
				if (seen[j] == commands[id].keys[i])
					fail_msg("%s shares a key", commands[id].name);
			seen[count++] = commands[id].keys[i];
		}
	assert_in_range(count, CMD_COUNT, KEYS_MAX);
}

static void every_key_finds_its_command_and_no_other_does(void **state)
{
	int id, i;

	for (id = CMD_NONE + 1; id < CMD_COUNT; id++) {
		assert_int_not_equal(commands[id].keys[0], 0);
		for (i = 0; i < COMMAND_KEYS && commands[id].keys[i]; i++)
			assert_int_equal(command_of_key(commands[id].keys[i]), id);
	}
	assert_int_equal(command_of_key(0), CMD_NONE);
	assert_int_equal(command_of_key('d'), CMD_NONE);
	assert_int_equal(command_of_key(KEY_RUBOUT), CMD_NONE);
	assert_int_equal(command_of_key(0x10ffff), CMD_NONE);
}

/* The command has a help line, shares the one before it, or is only about the terminal. */
static bool is_documented(const struct command *command)
{
	if (command->help)
		return command->help[0] != '\0';
	if (command->id == CMD_REDRAW || command->id == CMD_SUSPEND)
		return true;
	return command[-1].help && command[-1].group == command->group &&
	       strlen(command[-1].keys_text) > strlen(command->keys_text);
}

static void every_column_has_a_letter_of_the_sort_menu(void **state)
{
	int column, i, count;

	for (column = 0; column < SORT_KINDS; column++) {
		for (count = i = 0; i < SORT_KINDS; i++)
			count += (int)sort_choices[i].column == column;
		assert_int_equal(count, 1);
	}
	for (i = 0; i < SORT_KINDS; i++)
		assert_ptr_equal(sort_choice_of_key(sort_choices[i].letter), &sort_choices[i]);
	/* it reverses in the menu, too */
	assert_null(sort_choice_of_key('S'));
}

static void every_command_has_a_name_its_keys_and_help(void **state)
{
	int id, other;

	for (id = CMD_NONE + 1; id < CMD_COUNT; id++) {
		const struct command *command = &commands[id];

		assert_non_null(command->name);
		assert_non_null(command->keys_text);
		assert_true(is_documented(command));
		assert_in_range(command->group, GROUP_RESET, GROUP_COUNT - 1);
		for (other = CMD_NONE + 1; other < id; other++)
			assert_string_not_equal(command->name, commands[other].name);
	}
}

static void every_group_has_a_title_and_a_command(void **state)
{
	int group, id, count;

	for (group = 0; group < GROUP_COUNT; group++) {
		assert_non_null(command_group_titles[group]);
		for (count = 0, id = CMD_NONE + 1; id < CMD_COUNT; id++)
			count += (int)commands[id].group == group;
		assert_int_not_equal(count, 0);
	}
}

/* Names of keys that are not a single character. */
static const struct {
	int key;
	const char *text;
} named[] = {
	{ KEY_CTRL_C, "ctrl-c" },    { KEY_CTRL_L, "ctrl-l" }, { KEY_CTRL_Z, "ctrl-z" },
	{ KEY_RETURN, "enter" },     { KEY_ESCAPE, "esc" },    { KEY_CURSOR_UP, "up" },
	{ KEY_CURSOR_DOWN, "down" }, { KEY_PAGE_UP, "PgUp" },  { KEY_PAGE_DOWN, "PgDn" },
	{ KEY_FUNCTION_1, "F1" },    { KEY_FUNCTION_5, "F5" }, { ' ', "space" },
};

static bool has_word(const char *text, const char *word, size_t length)
{
	for (; *text; text += strcspn(text, " "), text += strspn(text, " "))
		if (strcspn(text, " ") == length && !strncmp(text, word, length))
			return true;
	return false;
}

static bool has_key(const struct command *command, int key)
{
	int i;

	for (i = 0; i < COMMAND_KEYS; i++)
		if (command->keys[i] == key)
			return true;
	return false;
}

static void the_text_of_the_keys_is_of_these_keys(void **state)
{
	const char *text;
	size_t length, i;
	int id, key;

	for (id = CMD_NONE + 1; id < CMD_COUNT; id++)
		for (text = commands[id].keys_text; *text; text += length + (text[length] == ' ')) {
			length = strcspn(text, " ");
			key = length == 1 ? text[0] : 0;
			for (i = 0; i < ARRAY_SIZE(named); i++)
				if (length == strlen(named[i].text) &&
				    !strncmp(text, named[i].text, length))
					key = named[i].key;
			if (key && id + 1 < CMD_COUNT && !commands[id + 1].help &&
			    has_key(&commands[id + 1], key))
				continue;
			if (!key || !has_key(&commands[id], key))
				fail_msg("%s is not by \"%.*s\"", commands[id].name, (int)length,
					 text);
		}
}

static void the_footer_has_a_place_for_each_of_its_keys(void **state)
{
	int id, other;

	for (id = CMD_NONE + 1; id < CMD_COUNT; id++) {
		const struct command *command = &commands[id];

		if (!command->footer_key) {
			assert_null(command->footer_wide);
			continue;
		}
		assert_true(has_word(command->keys_text, command->footer_key,
				     strlen(command->footer_key)));
		assert_non_null(command->footer_wide);
		assert_non_null(command->footer_short);
		assert_true(strlen(command->footer_short) <= strlen(command->footer_wide));
		for (other = CMD_NONE + 1; other < id; other++)
			if (commands[other].footer_key)
				assert_int_not_equal(command->footer_order,
						     commands[other].footer_order);
	}
}

/* The bold words of the section KEYS, in order. */
static void read_keys(char *out, size_t size)
{
	char path[4096], line[1000];
	bool inside = false;
	FILE *page;

	source_path(path, "assets/bdbtop.1");
	page = fopen(path, "r");
	assert_non_null(page);
	*out = '\0';
	while (fgets(line, sizeof(line), page)) {
		line[strcspn(line, "\n")] = '\0';
		if (!strncmp(line, ".SH ", 4))
			inside = !strcmp(line + 4, "KEYS");
		else if (inside && !strncmp(line, ".B ", 3))
			snprintf(out + strlen(out), size - strlen(out), "%s ", line + 3);
	}
	fclose(page);
	for (; *out; out++)
		if (*out == '"' || *out == '\\')
			*out = ' ';
}

static void the_manual_names_every_key(void **state)
{
	char page[4000];
	const char *text;
	size_t length;
	int id;

	read_keys(page, sizeof(page));
	for (id = CMD_NONE + 1; id < CMD_COUNT; id++)
		for (text = commands[id].keys_text; *text; text += length + (text[length] == ' ')) {
			length = strcspn(text, " ");
			if (!has_word(page + strspn(page, " "), text, length))
				fail_msg("the manual lacks \"%.*s\", %s", (int)length, text,
					 commands[id].name);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_command_stands_in_its_own_row),
		cmocka_unit_test(no_key_means_two_commands),
		cmocka_unit_test(every_key_finds_its_command_and_no_other_does),
		cmocka_unit_test(every_column_has_a_letter_of_the_sort_menu),
		cmocka_unit_test(every_command_has_a_name_its_keys_and_help),
		cmocka_unit_test(every_group_has_a_title_and_a_command),
		cmocka_unit_test(the_text_of_the_keys_is_of_these_keys),
		cmocka_unit_test(the_footer_has_a_place_for_each_of_its_keys),
		cmocka_unit_test(the_manual_names_every_key),
	};

	return tap_run(tests);
}
