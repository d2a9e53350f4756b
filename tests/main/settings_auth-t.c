/*
 * Which way of the log-in is chosen, and from where: what --print-config prints.
 */
#include <stdio.h>
#include <unistd.h>

#include "bdbtop/core/array.h"
#include "tests/main/child.h"
#include "tests/tap.h"

#define VARIABLES                                                                                  \
	"REDIS_ENTERPRISE_URL=https://a:1", "REDIS_ENTERPRISE_USER=alice",                         \
		"REDIS_ENTERPRISE_PASSWORD=hunter2"
#define TOKEN "REDIS_ENTERPRISE_TOKEN=eyJ.secret.x"

static const struct row {
	const char *title;
	struct {
		const char *option; /* or NULL */
		const char *config; /* after [cluster a] and its url */
		const char *variables[5];
	} input;
	struct {
		const char *auth, *from; /* the line of auth */
		const char *token;	 /* that of token */
	} want;
} rows[] = {
	{ "basic is built in", { NULL, "", { VARIABLES } }, { "basic", "built in", "" } },
	{ "a token is there to be used",
	  { NULL, "", { VARIABLES, TOKEN } },
	  { "token", "REDIS_ENTERPRISE_TOKEN", "(set)" } },
	{ "a file of the command line wins over the variable",
	  { "--token-file=/t", "", { VARIABLES, TOKEN } },
	  { "token", "--token-file", "" } },
	{ "a given password has more weight than a token of the variables",
	  { "--password-file=/p", "", { VARIABLES, TOKEN } },
	  { "basic", "built in", "(set)" } },
	{ "the key has more weight than a token",
	  { "--auth=certificate", "", { VARIABLES, TOKEN } },
	  { "certificate", "--auth", "(set)" } },
	{ "the variable is not for a cluster that has a log-in",
	  { NULL, "user = carol\n", { VARIABLES, TOKEN } },
	  { "basic", "built in", "" } },
	{ "a token file is a log-in",
	  { NULL, "token_file = /t\n", { VARIABLES, TOKEN } },
	  { "token", ":3", "" } },
};

/* The line of a key: its value and where it is from. */
static void assert_line(const struct child_result *ran, const char *key, const char *value,
			const char *from)
{
	char want[80], *line, *end;

	snprintf(want, sizeof(want), "\n%-16s = %-28s  ; ", key, value);
	line = strstr(ran->out, want);
	if (!line)
		fail_msg("no line \"%s\" in%s", want + 1, ran->out);
	end = line + strlen(want) + strcspn(line + strlen(want), "\n");
	if (from)
		assert_memory_equal(end - strlen(from), from, strlen(from));
}

static void the_way_of_the_log_in_has_one_source(void **state)
{
	char path[] = "/tmp/bdbtop-auth-XXXXXX", option[60];
	struct child_result ran;
	size_t i;

	close(mkstemp(path));
	snprintf(option, sizeof(option), "--config=%s", path);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *words[] = { "--print-config", option, "a", rows[i].input.option, NULL };
		FILE *file = fopen(path, "we");

		fprintf(file, "[cluster a]\nurl = https://a:1\n%s", rows[i].input.config);
		fclose(file);
		child_run(&ran, words, rows[i].input.variables);
		assert_int_equal(ran.status, 0);
		assert_line(&ran, "auth", rows[i].want.auth, rows[i].want.from);
		assert_line(&ran, "token", rows[i].want.token, NULL);
		assert_null(strstr(ran.out, "eyJ"));
		assert_null(strstr(ran.out, "hunter2"));
	}
	unlink(path);
}

static void what_cannot_be_used_is_refused_before_anything_is_sent(void **state)
{
	struct child_result ran;

	child_run(&ran, WORDS("list", "https://a:1"),
		  WORDS("REDIS_ENTERPRISE_TOKEN=Bearer eyJ.secret.x"));
	assert_int_equal(ran.status, 2);
	assert_string_equal(
		ran.err, "bdbtop: The token of REDIS_ENTERPRISE_TOKEN cannot be used: it has a "
			 "character that no token has. Give the token alone, without the word JWT "
			 "or Bearer.\n");
	child_run(&ran, WORDS("list", "--auth=certificate", "https://a:1"), NOTHING);
	assert_int_equal(ran.status, 2);
	assert_string_equal(ran.err, "bdbtop: --auth: the log-in is a certificate, and none is "
				     "set: set cert too, or give --cert.\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_way_of_the_log_in_has_one_source),
		cmocka_unit_test(what_cannot_be_used_is_refused_before_anything_is_sent),
	};

	return tap_run(tests);
}
