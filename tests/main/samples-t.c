/*
 * The samples for other programs call bdbtop with options that it has.
 */
#include <ctype.h>

#include "main/option_table.h"
#include "tests/files.h"

/* `--interval` or `-i`, ended by anything but a letter or a hyphen. */
static const struct option_def *find_option(const char *word)
{
	const struct option_def *def;
	size_t length = 2;

	while (isalpha((unsigned char)word[length]) || word[length] == '-')
		length++;
	for (def = option_defs; def < option_defs + option_count; def++)
		if (word[1] == '-'
			    ? !strncmp(def->name, word + 2, length - 2) && !def->name[length - 2]
			    : length == 2 && def->letter == word[1])
			return def;
	return NULL;
}

/* Every option that follows `before`; returns their number. */
static unsigned check_options(const char *text, const char *before, enum run_mode command)
{
	const struct option_def *def;
	unsigned count = 0;

	for (text = strstr(text, before); text; text = strstr(text, before)) {
		text += strlen(before);
		if (*text != '-')
			continue;
		def = find_option(text);
		if (!def || !(def->commands & 1U << command))
			fail_msg("the command has no option %.20s", text);
		count++;
	}
	return count;
}

static void the_service_calls_list(void **state)
{
	char *text = source_text("assets/examples/bdbtop-metrics.service"), *call;
	unsigned count;

	assert_non_null(text);
	call = strstr(text, "\nExecStart=/usr/bin/bdbtop list ");
	assert_non_null(call);
	count = check_options(call, " ", RUN_LIST) + check_options(call, "\"", RUN_LIST) +
		check_options(call, "\t", RUN_LIST);
	assert_int_equal(count, 5);
	free(text);
}

static void icinga_calls_check(void **state)
{
	char *text = source_text("assets/examples/icinga2-bdbtop.conf");

	assert_non_null(text);
	assert_non_null(strstr(text, "command = [ \"/usr/bin/bdbtop\", \"check\" ]"));
	/* each argument, and the one that is a value */
	assert_int_equal(check_options(text, "\"", RUN_CHECK), 13);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_service_calls_list),
		cmocka_unit_test(icinga_calls_check),
	};

	return tap_run(tests);
}
