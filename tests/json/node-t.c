#include "bdbtop/json/data_formats.h"

#include "tests/json/data_fixture.h"

/* The first node, as `1 (8.0.2-17)`. */
static const char *node_of(const char *members, char out[300])
{
	char body[600];
	struct data_result result;
	const struct node *node;

	snprintf(body, sizeof(body), "[{%s}]", members);
	node = read_data(&result, &node_format, 0, body)->nodes;
	assert_int_equal(result.data->node_count, 1);
	assert_int_equal(result.data->unreadable, 0);
	snprintf(out, 300, "%d (%s)", (int)node->uid, node->version);
	end_data(&result);
	return out;
}

static void uid_and_version_are_read(void **state)
{
	char out[300];

	assert_string_equal(
		node_of("\"accept_servers\":true,\"addr\":\"10.0.0.1\",\"external_addr\":"
			"[],\"shard_list\":[1],\"software_version\":\"8.0.2-17\","
			"\"status\":\"active\",\"supported_database_versions\":"
			"[{\"version\":\"7.4.2\"}],\"uid\":1,\"uptime\":412",
			out),
		"1 (8.0.2-17)");
	assert_string_equal(node_of("\"uid\":\"2\"", out), "2 ()");
	assert_string_equal(node_of("\"uid\":3.0,\"addr\":null,\"status\":7,"
				    "\"software_version\":\"8\\u00000\"",
				    out),
			    "3 ()");
}

static void a_version_counts_though_nobody_knows_of_which_node(void **state)
{
	char out[300];

	assert_string_equal(node_of("\"software_version\":\"7.4.6-22\"", out),
			    "0 (7.4.6-22)");
	assert_string_equal(node_of("\"uid\":\"x\",\"software_version\":\"7.4.6-22\"", out),
			    "0 (7.4.6-22)");
}

static void invalid_node_elements_are_counted_and_hide_no_other(void **state)
{
	static const char *const bad[] = {
		"null",		"7",
		"\"1\"",	"[]",
		"{}",		"{\"uid\":0}",
		"{\"uid\":-1}", "{\"addr\":\"10.0.0.1\",\"software_version\":\"\"}"
	};
	char body[200];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		struct data_result result;
		const struct cluster_data *data;

		snprintf(body, sizeof(body), "[%s,{\"uid\":2}]", bad[i]);
		data = read_data(&result, &node_format, 0, body);
		if (data->node_count != 1 || data->unreadable != 1 || data->nodes->uid != 2)
			fail_msg("%s", bad[i]);
		end_data(&result);
	}
}

/* Text from the cluster is untrusted. */
static void a_hostile_version_stays_the_raw_bytes_that_it_is(void **state)
{
	char out[300];

	assert_string_equal(node_of("\"uid\":1,\"software_version\":\"\\u001b[2J'$(x)'\xff\"", out),
			    "1 (\x1b[2J'$(x)'\xff)");
}

/* /v1/nodes/status is a map, /v1/nodes an array. */
static void another_shape_is_refused(void **state)
{
	assert_refused(&node_format, "{\"1\":{\"software_version\":\"7.4.6-22\"}}",
		       "an object where a list of nodes was expected");
	assert_refused(&node_format, "<!DOCTYPE html>", "HTML");
}

static void a_cluster_without_nodes_is_a_list_of_none(void **state)
{
	struct data_result result;

	assert_int_equal(read_data(&result, &node_format, 0, "[]")->node_count, 0);
	end_data(&result);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(uid_and_version_are_read),
		cmocka_unit_test(a_version_counts_though_nobody_knows_of_which_node),
		cmocka_unit_test(invalid_node_elements_are_counted_and_hide_no_other),
		cmocka_unit_test(a_hostile_version_stays_the_raw_bytes_that_it_is),
		cmocka_unit_test(another_shape_is_refused),
		cmocka_unit_test(a_cluster_without_nodes_is_a_list_of_none),
	};

	return tap_run(tests);
}
