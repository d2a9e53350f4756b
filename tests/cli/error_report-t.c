#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bdbtop/cli/error_report.h"
#include "tests/cli/output_capture.h"
#include "tests/tap.h"

static char printed[4096];

/* Sends one of the two streams to a file while an error is reported. */
static int report(FILE *stream, enum error_form form, const char *about, const struct err *err,
		  int exit_status)
{
	FILE *file = tmpfile();
	int fd = fileno(stream), old = dup(fd), status;
	size_t length;

	assert_non_null(file);
	fflush(stream);
	dup2(fileno(file), fd);
	status = error_report(form, about, err, exit_status);
	fflush(stream);
	dup2(old, fd);
	close(old);
	rewind(file);
	length = fread(printed, 1, sizeof(printed) - 1, file);
	printed[length] = '\0';
	fclose(file);
	return status;
}

static void a_line_names_what_it_is_about(void **state)
{
	struct err err;

	err_set(&err, ERR_FINAL, "It is gone.");
	assert_int_equal(report(stderr, ERROR_LINE, "prod-eu", &err, 3), 3);
	assert_string_equal(printed, "bdbtop: prod-eu: It is gone.\n");
	assert_int_equal(report(stderr, ERROR_LINE, NULL, &err, 2), 2);
	assert_string_equal(printed, "bdbtop: It is gone.\n");
	err_set(&err, ERR_FINAL, "10.0.0.1:94 is gone.");
	report(stderr, ERROR_LINE, "10.0.0.1:94", &err, 3);
	assert_string_equal(printed, "bdbtop: 10.0.0.1:94 is gone.\n");
	report(stderr, ERROR_LINE, "10.0.0.1:9", &err, 3);
	assert_string_equal(printed, "bdbtop: 10.0.0.1:9: 10.0.0.1:94 is gone.\n");
}

static void an_object_is_one_line_with_its_code(void **state)
{
	struct err err;

	err_set_code(&err, ERR_CODE_FORBIDDEN, ERR_RETRY, "\"admin\" may not.");
	assert_int_equal(report(stderr, ERROR_OBJECT, "prod-eu", &err, 3), 3);
	assert_string_equal(printed,
			    "{\"error\":{\"code\":\"forbidden\",\"exit_status\":3,\"message\":"
			    "\"prod-eu: \\\"admin\\\" may not.\",\"next_steps\":[\"Use a user "
			    "whose role allows it.\"],\"retryable\":false}}\n");
}

/* The console polls again after any of these; for a program it makes no difference. */
static void only_what_mends_itself_can_be_tried_again(void **state)
{
	static const char *const words[] = { "unreachable", "timeout", "bad_reply" };
	enum err_code code;
	struct err err;

	for (code = ERR_CODE_USAGE; code < ERR_CODES; code++) {
		const char *word = err_code_word(code);
		bool expected = false;
		size_t i;

		for (i = 0; i < sizeof(words) / sizeof(*words); i++)
			expected |= !strcmp(word, words[i]);
		err_set_code(&err, code, ERR_RETRY, "No.");
		report(stderr, ERROR_OBJECT, NULL, &err, 3);
		if (!strstr(printed, expected ? "\"retryable\":true" : "\"retryable\":false"))
			fail_msg("%s", printed);
	}
}

static void an_error_without_a_code_has_that_of_its_status(void **state)
{
	struct err err;

	err_set(&err, ERR_FINAL, "No.");
	report(stderr, ERROR_OBJECT, NULL, &err, 2);
	assert_non_null(strstr(printed, "\"code\":\"usage\""));
	report(stderr, ERROR_OBJECT, NULL, &err, 1);
	assert_non_null(strstr(printed, "\"code\":\"internal\""));
}

/* Messages about a file are lines; an object has no end of the last one. */
static void a_text_is_a_message_without_the_end_of_its_last_line(void **state)
{
	struct output_capture err;

	(void)state;
	capture_start(&err, STDERR_FILENO);
	error_report_text(ERROR_OBJECT, ERR_CODE_CONFIG, "a.conf:1: no.\na.conf:2: no.\n", 2);
	capture_end(&err, printed, sizeof(printed));
	assert_non_null(strstr(printed, "\"message\":\"a.conf:1: no.\\na.conf:2: no.\","));
}

/* What follows a bar would be performance data. */
static void a_plugin_reports_a_status_line_with_the_stage_and_3(void **state)
{
	struct err err;

	err_set_code(&err, ERR_CODE_LOGIN_REFUSED, ERR_FINAL, "a|b.");
	assert_int_equal(report(stdout, ERROR_PLUGIN, "prod-eu", &err, 2), 3);
	assert_string_equal(printed, "BDBTOP UNKNOWN: log-in: prod-eu: a b.\n");
	err_set_code(&err, ERR_CODE_UNREACHABLE, ERR_FINAL, "a\nb.");
	report(stdout, ERROR_PLUGIN, NULL, &err, 3);
	assert_string_equal(printed, "BDBTOP UNKNOWN: connection: a\na\nb.\n");
}

/* A status line has at most 79 characters; the sentence is complete below it. */
static void a_plugin_cuts_only_the_status_line(void **state)
{
	struct err err;

	err_set_code(&err, ERR_CODE_TIMEOUT, ERR_RETRY,
		     "é123456789012345678901234567890123456789012345678|123");
	report(stdout, ERROR_PLUGIN, NULL, &err, 3);
	assert_string_equal(printed, "BDBTOP UNKNOWN: time-out: "
				     "é123456789012345678901234567890123456789012345678 123\n");
	err_set_code(&err, ERR_CODE_TIMEOUT, ERR_RETRY,
		     "é123456789012345678901234567890123456789012345678|1234");
	report(stdout, ERROR_PLUGIN, NULL, &err, 3);
	assert_string_equal(printed, "BDBTOP UNKNOWN: time-out: "
				     "é123456789012345678901234567890123456789012345678 ...\n"
				     "é123456789012345678901234567890123456789012345678 1234\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_names_what_it_is_about),
		cmocka_unit_test(an_object_is_one_line_with_its_code),
		cmocka_unit_test(only_what_mends_itself_can_be_tried_again),
		cmocka_unit_test(an_error_without_a_code_has_that_of_its_status),
		cmocka_unit_test(a_text_is_a_message_without_the_end_of_its_last_line),
		cmocka_unit_test(a_plugin_reports_a_status_line_with_the_stage_and_3),
		cmocka_unit_test(a_plugin_cuts_only_the_status_line),
	};

	return tap_run(tests);
}
