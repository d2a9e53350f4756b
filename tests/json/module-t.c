#include "bdbtop/json/module.h"

#include "bdbtop/core/array.h"
#include "tests/tap.h"

static int read_body(struct module_names *out, const char *body, struct err *err)
{
	return modules_lacking(out, body, strlen(body), err);
}

/* names: separated by spaces. */
static void assert_lacking(const char *body, const char *names)
{
	struct module_names out;
	char all[256] = "";
	struct err err;
	size_t i;

	if (read_body(&out, body, &err) < 0)
		fail_msg("%s: %s", body, err.text);
	for (i = 0; i < out.count; i++) {
		strcat(all, i ? " " : "");
		strcat(all, out.names[i]);
	}
	assert_string_equal(all, names);
	module_names_release(&out);
	assert_int_equal(out.count, 0);
}

#define MODULE(name, capabilities)                                                                 \
	"{\"uid\":\"x\",\"module_name\":\"" name "\",\"capabilities\":" capabilities "}"

static void a_module_without_the_capability_is_named(void **state)
{
	assert_lacking("[" MODULE("graph", "[\"types\",\"crdb\"]") ","
			   MODULE("search", "[\"types\",\"backup_restore\"]") ","
			   MODULE("bare", "[]") "]", "bare graph");
	assert_lacking("[]", "");
}

static void one_version_that_has_it_clears_the_name(void **state)
{
	assert_lacking(
		"[" MODULE("search", "[\"types\"]") "," MODULE("graph", "[]") "," MODULE(
			"search", "[\"backup_restore\"]") "," MODULE("graph", "[\"types\"]") "]",
		"graph");
}

static void a_module_that_reports_nothing_is_not_named(void **state)
{
	assert_lacking(
		"[{\"module_name\":\"a\"}," MODULE("b", "null") "," MODULE(
			"c", "\"types\"") "," MODULE("d", "{}") "," MODULE("e",
									   "[\"types\",7]") "]",
		"");
	/* even if another version of it lacks the capability */
	assert_lacking("[" MODULE("a", "[]") ",{\"module_name\":\"a\"}]", "");
	assert_lacking("[1,null,{},{\"module_name\":7,\"capabilities\":[]}," MODULE("", "[]") "]",
		       "");
}

static void what_is_no_list_is_refused_and_nothing_is_left(void **state)
{
	static const char *const bodies[] = {
		"{\"modules\":[]}",	     "<html>", "", "[" MODULE("a", "[]"),
		"[" MODULE("a", "[]") "] x", "[{]",
	};
	struct module_names out;
	struct err err;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bodies); i++) {
		assert_int_equal(read_body(&out, bodies[i], &err), -1);
		assert_int_equal(out.count, 0);
		assert_null(out.names);
		assert_int_equal(strncmp(err.text, "the reply ", 10), 0);
	}
	assert_int_equal(read_body(&out, bodies[0], &err), -1);
	assert_non_null(strstr(err.text, "an object where a list of modules was expected"));
	assert_int_equal(read_body(&out, bodies[0], NULL), -1);
}

static void many_module_versions_are_compared(void **state)
{
	char *body = malloc(64 * 20000), *end = body;
	struct module_names out;
	size_t i;

	*end++ = '[';
	for (i = 0; i < 20000; i++)
		end += sprintf(end, "%s{\"module_name\":\"m%zu\",\"capabilities\":[]}",
			       i ? "," : "", i % 10000);
	strcpy(end, "]");
	assert_int_equal(read_body(&out, body, NULL), 0);
	assert_int_equal(out.count, 10000);
	module_names_release(&out);
	free(body);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_module_without_the_capability_is_named),
		cmocka_unit_test(one_version_that_has_it_clears_the_name),
		cmocka_unit_test(a_module_that_reports_nothing_is_not_named),
		cmocka_unit_test(what_is_no_list_is_refused_and_nothing_is_left),
		cmocka_unit_test(many_module_versions_are_compared),
	};

	return tap_run(tests);
}
