#include "bdbtop/core/err.h"

#include <errno.h>

#include "tests/tap.h"

static void holds_the_sentence_and_its_class(void **state)
{
	struct err err;

	(void)state;
	err_set(&err, ERR_ASK_USER, "port %d is taken.", 9443);
	assert_string_equal(err.text, "port 9443 is taken.");
	assert_int_equal(err.class, ERR_ASK_USER);
}

static void cuts_at_a_whole_character(void **state)
{
	struct err err;
	char wide[2 * sizeof(err.text)] = "";
	size_t i, end = sizeof(err.text) - 2;

	(void)state;
	for (i = 0; i < sizeof(err.text) * 5 / 8; i++)
		strcat(wide, "é");
	err_set(&err, ERR_FINAL, "%s", wide);
	assert_int_equal(strlen(err.text), end);

	memset(wide, 'a', end);
	memcpy(wide + end, "é", 3);
	err_set(&err, ERR_FINAL, "%s", wide);
	assert_int_equal(strlen(err.text), end);
}

static void keeps_a_sentence_that_just_fits(void **state)
{
	struct err err;
	char exact[sizeof(err.text)];

	(void)state;
	memset(exact, 'a', sizeof(exact) - 3);
	memcpy(exact + sizeof(exact) - 3, "é", 3);
	err_set(&err, ERR_FINAL, "%s", exact);
	assert_string_equal(err.text, exact);
}

static void accepts_null(void **state)
{
	(void)state;
	err_set(NULL, ERR_FINAL, "%s", "unheard");
}

static void each_cause_has_its_own_remedy(void **state)
{
	(void)state;
	assert_string_equal(err_remedy(EACCES), "Check its permissions");
	assert_string_equal(err_remedy(ENOENT), "Check the path");
	assert_non_null(strstr(err_remedy(EMFILE), "ulimit -n"));
	assert_non_null(strstr(err_remedy(EFBIG), "ulimit -f"));
	assert_string_equal(err_remedy(ENOTTY), "Check the file and its file system");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holds_the_sentence_and_its_class),
		cmocka_unit_test(cuts_at_a_whole_character),
		cmocka_unit_test(keeps_a_sentence_that_just_fits),
		cmocka_unit_test(accepts_null),
		cmocka_unit_test(each_cause_has_its_own_remedy),
	};

	return tap_run(tests);
}
