/*
 * The keys rpo and rpo_tag of the configuration: what is read, refused and printed.
 */
#include "tests/files.h"
#include "tests/main/child.h"

static struct temp_dir dir;
static struct child_result ran;

static int enter(void **state)
{
	return temp_dir_init(&dir, "unused");
}

static int leave(void **state)
{
	temp_dir_release(dir.top);
	return 0;
}

/* The output of --print-config for the cluster r, or the errors. */
static const char *print(const char *text)
{
	char path[128], option[160];

	snprintf(path, sizeof(path), "%s/bdbtop.conf", dir.top);
	snprintf(option, sizeof(option), "--config=%s", path);
	unlink(path);
	temp_dir_append(path, text, strlen(text));
	child_run(&ran, WORDS(option, "--print-config", "r"), NOTHING);
	return ran.status ? ran.err : ran.out;
}

static void has(const char *text, const char *words)
{
	if (!strstr(text, words))
		fail_msg("\"%s\" is missing in\n%s", words, text);
}

static void those_of_a_cluster_are_printed_as_they_are_written(void **state)
{
	const char *text = print("[bdbtop]\nrpo = 24h\nrpo_tag = x 1h\n[cluster r]\nurl = r:1\n"
				 "rpo_tag = tier=gold \t 1h\nrpo_tag = owner of it 7d\n");

	assert_int_equal(ran.status, 0);
	has(text, "\nrpo              = 24h ");
	has(text, "bdbtop.conf:2\n");
	has(text, "\nrpo_tag          = tier=gold ");
	has(text, "bdbtop.conf:6\nrpo_tag          = owner of it 7d ");
	assert_null(strstr(text, "x 1h"));
}

static void an_invalid_one_is_named_with_its_line(void **state)
{
	static const char refused[] = " is not a tag and a duration, as in \"tier=gold 1h\" or "
				      "\"tier 1h\".\n";
	static const struct {
		const char *line, *place;
	} row[] = {
		{ "rpo_tag = 1h\n", ":3: rpo_tag: \"1h\"" },
		{ "rpo_tag = tier=gold\n", ":3: rpo_tag: \"tier=gold\"" },
		{ "rpo_tag = a 1h\nrpo_tag = tier= 1h\n", ":4: rpo_tag: \"tier= 1h\"" },
		{ "rpo_tag = =gold 1h\nrpo_tag = a 1h\n", ":3: rpo_tag: \"=gold 1h\"" },
	};
	char text[200], want[200];
	size_t i;

	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		snprintf(text, sizeof(text), "[cluster r]\nurl = r:1\n%s", row[i].line);
		snprintf(want, sizeof(want), "%s%s", row[i].place, refused);
		has(print(text), want);
		assert_int_equal(ran.status, 2);
		assert_ptr_equal(strchr(ran.err, '\n'), strrchr(ran.err, '\n'));
	}
	has(print("[cluster r]\nurl = r:1\nrpo = 24\n"),
	    ":3: rpo: \"24\" is not a duration from 1s to 30d: ");
	has(print("[cluster r]\nurl = r:1\nrpo = 24h\nrpo = 1h\n"),
	    ":4: rpo: this is already set in line 3.\n");
}

static void there_are_at_most_16(void **state)
{
	char many[600] = "[cluster r]\nurl = r:1\n";
	int i;

	for (i = 0; i < 16; i++)
		strcat(many, "rpo_tag = tier 1h\n");
	print(many);
	assert_int_equal(ran.status, 0);
	strcat(many, "rpo_tag = tier 1h\n");
	has(print(many), ":19: rpo_tag: there are more than 16 of these; remove some.\n");
	assert_int_equal(ran.status, 2);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(those_of_a_cluster_are_printed_as_they_are_written),
		TEST(an_invalid_one_is_named_with_its_line),
		TEST(there_are_at_most_16),
	};

	return tap_run(tests);
}
