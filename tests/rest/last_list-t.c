/*
 * Which elements of a list are decoded again, and which databases count as changed.
 */
#include "tests/json/count_decoded.h"
#include "tests/rest/rest_fixture.h"

#define LIST  "GET /v1/bdbs?"
#define ONE   "GET /v1/bdbs/7?"
#define SEVEN "{\"uid\":7,\"name\":\"sessions\"}"
#define THREE "[{\"uid\":1}," SEVEN ",{\"uid\":8}]"
#define OTHER "[{\"uid\":1}," SEVEN ",{\"uid\":8,\"name\":\"new\"}]"

/* The next list: so many elements are decoded, and so many databases count as changed. */
static void expect_list(struct rest_fixture *fix, unsigned long elements, size_t changed)
{
	fix->now += INTERVAL_MS;
	log_clear(fix);
	decoded = 0;
	until(fix, "list of 3");
	assert_int_equal(decoded, elements);
	assert_true(fix->knows_changed);
	assert_int_equal(fix->changed_count, changed);
}

static void decodes_what_changed(void **state)
{
	struct rest_fixture *fix = *state;

	reply(fix, LIST, 2, 200, THREE);
	reply(fix, LIST, 0, 200, OTHER);
	until(fix, "list of 3");
	assert_false(fix->knows_changed);
	assert_int_equal(decoded, 3);
	expect_list(fix, 0, 0);
	expect_list(fix, 1, 1);
	expect_list(fix, 0, 0);
}

static void decodes_a_database_after_a_read_of_it_alone(void **state)
{
	struct rest_fixture *fix = *state;

	reply(fix, LIST, 0, 200, THREE);
	reply(fix, ONE, 1, 200, SEVEN);
	reply(fix, ONE, 1, 404, "");
	first_poll(fix);
	fix->ops->request(fix->rest, TOPIC_ONE, 7, fix->now);
	until(fix, "one");
	expect_list(fix, 1, 1);
	fix->ops->request(fix->rest, TOPIC_ONE, 7, fix->now);
	until(fix, "gone");
	expect_list(fix, 1, 1);
	expect_list(fix, 0, 0);
}

static void compares_with_the_last_list_that_was_applied(void **state)
{
	struct rest_fixture *fix = *state;

	reply(fix, LIST, 1, 200, THREE);
	reply(fix, LIST, 1, 200, OTHER);
	reply(fix, LIST, 1, 200, "[{\"uid\":1},");
	reply(fix, LIST, 0, 200, OTHER);
	first_poll(fix);
	fix->no_memory = true;
	expect_list(fix, 1, 1);
	fix->no_memory = false;
	fix->now += INTERVAL_MS;
	log_clear(fix);
	until(fix, "trouble");
	expect_list(fix, 1, 1);
	expect_list(fix, 0, 0);
}

static void decodes_all_that_another_node_sends(void **state)
{
	struct rest_fixture *fix = plain_servers(2, 2);

	reply(fix, LIST, 2, 200, THREE);
	server_fault(fix, "", 0, FAULT_CLOSE, "");
	reply_of(fix->servers[1], LIST, 0, 200, THREE);
	first_poll(fix);
	expect_list(fix, 0, 0);
	expect_list(fix, 3, 0);
	expect_list(fix, 0, 0);
	rest_fixture_free(fix);
}

static void decodes_all_after_another_log_in(void **state)
{
	struct rest_fixture *fix =
		rest_fixture_plain(&(struct rest_fixture_setup){ .interactive = true });

	reply(fix, LIST, 1, 200, THREE);
	reply(fix, LIST, 1, 401, "");
	reply(fix, LIST, 0, 200, THREE);
	first_poll(fix);
	fix->now += INTERVAL_MS;
	until(fix, "asks");
	set_login(fix, "other@lab", "pass");
	fix->ops->answer(fix->rest, PROMPT_LOGIN, true, fix->now);
	expect_list(fix, 3, 0);
	expect_list(fix, 0, 0);
	rest_fixture_free(fix);
}

static void decodes_all_after_a_refused_field_list(void **state)
{
	struct rest_fixture *fix = *state;

	reply(fix, LIST, 1, 200, THREE);
	reply(fix, LIST, 1, 406, "");
	reply(fix, LIST, 0, 200, THREE);
	first_poll(fix);
	/* other fields are absent now, so all count as changed */
	expect_list(fix, 3, 3);
	expect_list(fix, 0, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, plain_fixture, end_fixture)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(decodes_what_changed),
		TEST(decodes_a_database_after_a_read_of_it_alone),
		TEST(compares_with_the_last_list_that_was_applied),
		cmocka_unit_test(decodes_all_that_another_node_sends),
		cmocka_unit_test(decodes_all_after_another_log_in),
		TEST(decodes_all_after_a_refused_field_list),
	};

	return tap_run(tests);
}
