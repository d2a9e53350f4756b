#include "bdbtop/core/err.h"

#include <errno.h>

#include "tests/tap.h"

static void holds_the_sentence_and_its_class(void **state)
{
	struct err err;

	err_set(&err, ERR_ASK_USER, "port %d is taken.", 9443);
	assert_string_equal(err.text, "port 9443 is taken.");
	assert_int_equal(err.class, ERR_ASK_USER);
}

static void cuts_at_a_whole_character(void **state)
{
	struct err err;
	char wide[2 * sizeof(err.text)] = "";
	size_t i, end = sizeof(err.text) - 2;

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

	memset(exact, 'a', sizeof(exact) - 3);
	memcpy(exact + sizeof(exact) - 3, "é", 3);
	err_set(&err, ERR_FINAL, "%s", exact);
	assert_string_equal(err.text, exact);
}

static void accepts_null(void **state)
{
	err_set(NULL, ERR_FINAL, "%s", "unheard");
}

static void each_cause_has_its_own_remedy(void **state)
{
	assert_string_equal(err_remedy(EACCES), "Check its permissions");
	assert_string_equal(err_remedy(ENOENT), "Check the path");
	assert_non_null(strstr(err_remedy(EMFILE), "ulimit -n"));
	assert_non_null(strstr(err_remedy(EFBIG), "ulimit -f"));
	assert_string_equal(err_remedy(ENOTTY), "Check the file and its file system");
}

/* Programs compare these words: none may be empty, or the same as another. */
static void each_code_has_a_word_of_its_own(void **state)
{
	int code, other;

	for (code = ERR_CODE_NONE + 1; code < ERR_CODES; code++) {
		const char *word = err_code_word((enum err_code)code);

		assert_true(*word);
		assert_int_equal(word[strspn(word, "abcdefghijklmnopqrstuvwxyz_")], '\0');
		for (other = ERR_CODE_NONE + 1; other < code; other++)
			assert_string_not_equal(word, err_code_word((enum err_code)other));
	}
}

static void a_code_is_set_once(void **state)
{
	struct err err;

	err_set(&err, ERR_FINAL, "x.");
	err_default_code(&err, ERR_CODE_CONFIG);
	err_default_code(&err, ERR_CODE_USAGE);
	assert_int_equal(err.code, ERR_CODE_CONFIG);
	err_set_code(&err, ERR_CODE_IO, ERR_RETRY, "file %d.", 1);
	assert_int_equal(err.code, ERR_CODE_IO);
	assert_int_equal(err.class, ERR_RETRY);
	assert_string_equal(err.text, "file 1.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_code_has_a_word_of_its_own),
		cmocka_unit_test(a_code_is_set_once),
		cmocka_unit_test(holds_the_sentence_and_its_class),
		cmocka_unit_test(cuts_at_a_whole_character),
		cmocka_unit_test(keeps_a_sentence_that_just_fits),
		cmocka_unit_test(accepts_null),
		cmocka_unit_test(each_cause_has_its_own_remedy),
	};

	return tap_run(tests);
}
