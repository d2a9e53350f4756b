#include "bdbtop/json/error_body.h"

#include <locale.h>

#include "bdbtop/core/array.h"
#include "tests/tap.h"

static void each_shape_of_an_error_body_gives_its_message(void **state)
{
	static const struct {
		const char *body;
		enum error_body_kind is;
		const char *words;
	} bodies[] = {
		{ "{\"description\": \"no such database\", \"error_code\": \"bdb_not_exist\"}",
		  ERROR_BODY_MESSAGE, "no such database" },
		{ "{\"error_code\":\"bdb_busy\",\"message\":\"busy with an import\"}",
		  ERROR_BODY_MESSAGE, "busy with an import" },
		{ "{\"error_message\":\"try later\",\"error_code\":\"x\"}", ERROR_BODY_MESSAGE,
		  "try later" },
		{ "{\n  \"error_code\": \"unauthorized\"\n}\n", ERROR_BODY_MESSAGE,
		  "unauthorized" },
		{ "no healthy upstream", ERROR_BODY_MESSAGE, "no healthy upstream" },
		{ "\r\n  upstream connect error \r\nmore of it", ERROR_BODY_MESSAGE,
		  "upstream connect error" },
		{ "<html><body>502</body></html>", ERROR_BODY_HTML, "" },
		{ "\n<!DOCTYPE html>", ERROR_BODY_HTML, "" },
		{ "", ERROR_BODY_EMPTY, "" },
		{ " \r\n\t", ERROR_BODY_EMPTY, "" },
	};
	char words[160];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bodies); i++) {
		memset(words, 'x', sizeof(words));
		assert_int_equal(
			error_message(words, sizeof(words), bodies[i].body, strlen(bodies[i].body)),
			bodies[i].is);
		assert_string_equal(words, bodies[i].words);
	}
}

static void the_code_is_read_apart_from_the_words(void **state)
{
	static const struct {
		const char *body, *code;
	} bodies[] = {
		{ "{\"description\":\"Password has expired\",\"error_code\":\"password_expired\"}",
		  "password_expired" },
		{ "\xef\xbb\xbf \n{\"error_code\":\"a\\u001bb\"}", "a^[b" },
		{ "{\"description\":\"x\"}", "" },
		{ "{\"error_code\":7}", "" },
		{ "error_code", "" },
		{ "", "" },
	};
	char code[160];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bodies); i++) {
		error_code(code, sizeof(code), bodies[i].body, strlen(bodies[i].body));
		assert_string_equal(code, bodies[i].code);
	}
}

static void what_says_most_wins_whatever_the_order_of_keys(void **state)
{
	static const char *const bodies[] = {
		"{\"error_code\":\"c\",\"error_message\":\"e\",\"message\":\"m\","
		"\"description\":\"words\"}",
		"{\"description\":\"words\",\"message\":\"m\",\"status_code\":409}",
		"{\"description\":\"\",\"message\":\"words\",\"error_code\":\"c\"}",
		"{\"description\":null,\"message\":\"words\"}",
		"{\"description\":404,\"message\":{\"a\":\"b\"},\"error_message\":[],"
		"\"error_code\":\"words\"}",
		"{\"description\":\" \\n\",\"error_code\":\"words\"}",
		"{\"description\":\"\\n words \\n\"}",
		"\xef\xbb\xbf{\"description\":\"words\"}",
		"\"words\"",
	};
	char words[160];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bodies); i++) {
		assert_int_equal(error_message(words, sizeof(words), bodies[i], strlen(bodies[i])),
				 ERROR_BODY_MESSAGE);
		assert_string_equal(words, "words");
	}
}

static void json_without_a_known_key_is_shown_on_one_line(void **state)
{
	static const char body[] = "{\n  \"detail\": \"no/quorum\",\n  \"code\": 5\n}\n";
	char words[160];

	assert_int_equal(error_message(words, sizeof(words), body, strlen(body)),
			 ERROR_BODY_MESSAGE);
	assert_string_equal(words, "{\"detail\":\"no/quorum\",\"code\":5}");
}

static void json_without_text_is_empty(void **state)
{
	static const char *const bodies[] = { "{}", "null\n", "[]", "\"\"", "{ }\n" };
	char words[160];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bodies); i++) {
		assert_int_equal(error_message(words, sizeof(words), bodies[i], strlen(bodies[i])),
				 ERROR_BODY_EMPTY);
		assert_string_equal(words, "");
	}
}

static void broken_json_is_shown_as_it_came(void **state)
{
	static const char *const bodies[] = {
		"{\"description\":\"cut",
		"{\"description\" \"x\"}",
		"{\"description\":\"a\"} and more",
		"404",
	};
	char words[160];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bodies); i++) {
		assert_int_equal(error_message(words, sizeof(words), bodies[i], strlen(bodies[i])),
				 ERROR_BODY_MESSAGE);
		assert_string_equal(words, bodies[i]);
	}
}

/* Text from the cluster is untrusted. */
static void words_are_safe_to_show(void **state)
{
	static const char json[] = "{\"description\":\"a\\u001b[2Jb\\nc\"}",
			  raw[] = "a\x1b]0;x\x07z\xff";
	char words[160];

	error_message(words, sizeof(words), json, strlen(json));
	assert_string_equal(words, "a^[[2Jb^Jc");
	error_message(words, sizeof(words), raw, strlen(raw));
	assert_string_equal(words, "a^[]0;x^Gz\\xFF");
	error_message(words, sizeof(words), "a\0b", 3);
	assert_string_equal(words, "a");
}

static void long_words_are_cut_at_a_whole_character(void **state)
{
	char body[400] = "", words[20];
	size_t i;

	for (i = 0; i < 130; i++)
		strcat(body, "é");
	assert_int_equal(error_message(words, sizeof(words), body, strlen(body)),
			 ERROR_BODY_MESSAGE);
	assert_int_equal(strlen(words), 18);
	assert_int_equal(strncmp(words, body, 18), 0);
}

static void a_body_of_any_bytes_and_any_cut_does_no_harm(void **state)
{
	static const char seed_body[] =
		"{\"description\": \"a \\u00e9 b\", \"error_code\": [1, {\"x\": null}]}";
	uint32_t seed = 7;
	char words[40];
	size_t i, at;

	for (i = 0; i < 5000; i++) {
		size_t length = i % sizeof(seed_body);
		/* of exact length, so that a sanitizer sees every read beyond the end */
		char *body = malloc(length + !length);

		memcpy(body, seed_body, length);
		for (at = 0; at < 3 && length; at++) {
			seed = seed * 1664525 + 1013904223;
			body[(seed >> 8) % length] = (char)(seed >> 24);
		}
		memset(words, 'x', sizeof(words));
		error_message(words, sizeof(words), body, length);
		assert_non_null(memchr(words, 0, sizeof(words)));
		free(body);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_shape_of_an_error_body_gives_its_message),
		cmocka_unit_test(the_code_is_read_apart_from_the_words),
		cmocka_unit_test(what_says_most_wins_whatever_the_order_of_keys),
		cmocka_unit_test(json_without_a_known_key_is_shown_on_one_line),
		cmocka_unit_test(json_without_text_is_empty),
		cmocka_unit_test(broken_json_is_shown_as_it_came),
		cmocka_unit_test(words_are_safe_to_show),
		cmocka_unit_test(long_words_are_cut_at_a_whole_character),
		cmocka_unit_test(a_body_of_any_bytes_and_any_cut_does_no_harm),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return tap_run(tests);
}
