#include "bdbtop/json/data_formats.h"

#include "tests/json/data_fixture.h"

/* Decodes one action with these members.  Free with end_data(). */
static const struct action *read_action(struct data_result *result, const char *members)
{
	char body[1024];

	snprintf(body, sizeof(body), "[{\"action_uid\":\"a\",%s}]", members);
	read_data(result, &action_format, 0, body);
	assert_int_equal(result->data->action_count, 1);
	return result->data->actions;
}

static void the_documented_list_of_v2_is_read(void **state)
{
	static const char body[] =
		"[{\"action_type\":\"task\",\"action_uid\":\"6155403f\",\"additional_info\":"
		"{\"object_type\":\"node\",\"object_uid\":\"1\"},\"creation_time\":1742595918,"
		"\"name\":\"retry_bdb\",\"progress\":100.0,\"status\":\"completed\"},"
		"{\"action_type\":\"other\",\"action_uid\":\"77\",\"additional_info\":"
		"{\"object_type\":\"bdb\",\"object_uid\":\"12\",\"description\":\"d\","
		"\"pending_ops\":{\"3\":{\"heartbeat\":1742595920,\"op_name\":\"backup\","
		"\"progress\":42,"
		"\"last_sample_time\":1742595921,\"status_code\":\"running\","
		"\"status_description\":\"copying\",\"snapshot\":{}},\"4\":{}}},"
		"\"creation_time\":1742595919,\"name\":\"backup\",\"progress\":42.5,"
		"\"status\":\"running\"}]";
	struct data_result result;
	const struct cluster_data *data = read_data(&result, &action_format, 0, body);
	const struct action *done = &data->actions[0], *runs = &data->actions[1];

	assert_int_equal(data->action_count, 2);
	assert_int_equal(data->unreadable, 0);
	assert_string_equal(done->id, "6155403f");
	assert_string_equal(done->name, "retry_bdb");
	assert_string_equal(done->type, "task");
	assert_string_equal(done->status, "completed");
	assert_true(done->uid == 0 && !done->running && done->created_s == 1742595918);
	assert_percent(done->percent, 100);
	assert_int_equal(done->op_count, 0);
	assert_true(runs->uid == 12 && runs->running);
	assert_percent(runs->percent, 42.5);
	assert_int_equal(runs->op_count, 2);
	assert_true(runs->ops[0].shard == 3 && runs->ops[0].heartbeat_s == 1742595920);
	assert_percent(runs->ops[0].percent, 42);
	assert_true(runs->ops[1].shard == 4 && runs->ops[1].heartbeat_s == 0);
	assert_percent(runs->ops[1].percent, -1);
	end_data(&result);
}

static void the_documented_list_of_one_database_is_read(void **state)
{
	static const char body[] =
		"[{\"action_uid\":\"8afc7f70\",\"heartbeat\":1703067908,\"name\":\"SMUpdateBDB\","
		"\"object_name\":\"bdb:1\",\"pending_ops\":{\"1\":{\"heartbeat\":1703067908}},"
		"\"progress\":50.0,\"state\":\"proxy_policy\",\"status\":\"active\"}]";
	struct data_result result;
	const struct action *action = read_data(&result, &action_format, 1, body)->actions;

	assert_true(action->uid == 1 && action->running && action->created_s == 0);
	assert_string_equal(action->type, "");
	assert_percent(action->percent, 50);
	assert_int_equal(action->op_count, 1);
	assert_true(action->ops[0].shard == 1 && action->ops[0].heartbeat_s == 1703067908);
	end_data(&result);
}

/* The reply is an array, or an object with two arrays. */
static void the_documented_wrapper_of_v1_is_read(void **state)
{
	static const char body[] =
		"{\"actions\":[{\"action_uid\":\"159c\",\"name\":\"retry_bdb\",\"node_uid\":\"2\","
		"\"creation_time\":\"1760400087\",\"progress\":\"100\",\"status\":\"completed\","
		"\"task_id\":\"159c\"},null],\"state-machines\":[{\"action_uid\":\"a105\","
		"\"heartbeat\":1650378874,\"name\":\"SMCreateBDB\",\"object_name\":\"bdb:1\","
		"\"progress\":100,\"status\":\"completed\"}],\"else\":7}";
	struct data_result result;
	const struct cluster_data *data = read_data(&result, &action_format, 0, body);

	assert_int_equal(data->action_count, 2);
	assert_int_equal(data->unreadable, 2);
	assert_percent(data->actions[0].percent, 100);
	assert_true(data->actions[0].created_s == 1760400087);
	assert_true(data->actions[0].uid == 0 && data->actions[1].uid == 1);
	assert_string_equal(data->actions[1].name, "SMCreateBDB");
	/* its array gives its type: a state machine is no backup, it changes the configuration */
	assert_string_equal(data->actions[0].type, "task");
	assert_string_equal(data->actions[1].type, "state-machine");
	end_data(&result);
}

static void running_is_decided_by_the_status_words_of_both_lists(void **state)
{
	static const struct {
		const char *status;
		bool running;
	} rows[] = {
		{ "pending", true },	  { "active", true },  { "queued", true },
		{ "starting", true },	  { "running", true }, { "cancelling", true },
		{ "completed", false },	  { "failed", false }, { "cancelled", false },
		{ "aborted", false },	  { "", false },       { "Running", false },
		{ "hibernating", false },
	};
	char members[100];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct data_result result;
		const struct action *action;

		snprintf(members, sizeof(members), "\"status\":\"%s\"", rows[i].status);
		action = read_action(&result, members);
		assert_string_equal(action->status, rows[i].status);
		assert_int_equal(action->running, rows[i].running);
		end_data(&result);
	}
}

/* Numbers come as integer, float or string. */
static void percents_and_times_come_in_every_form(void **state)
{
	static const struct {
		const char *members;
		double percent;
		int64_t created_s;
	} rows[] = {
		{ "\"progress\":14.29,\"creation_time\":1760400087", 14.29, 1760400087 },
		{ "\"progress\":\"14.29\",\"creation_time\":\"1760400087\"", 14.29, 1760400087 },
		{ "\"progress\":100,\"creation_time\":1760400087.25", 100, 1760400087 },
		{ "\"progress\":0.0,\"creation_time\":\"2025-10-14T00:01:27Z\"", 0, 1760400087 },
		{ "\"progress\":null,\"creation_time\":null", -1, 0 },
		{ "\"name\":\"b\"", -1, 0 },
		{ "\"progress\":101,\"creation_time\":-1", -1, 0 },
		{ "\"progress\":\"half\",\"creation_time\":\"now\"", -1, 0 },
		{ "\"progress\":NaN,\"creation_time\":Infinity", -1, 0 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct data_result result;
		const struct action *action = read_action(&result, rows[i].members);

		assert_percent(action->percent, rows[i].percent);
		assert_true(action->created_s == rows[i].created_s);
		end_data(&result);
	}
}

static void the_database_is_found_by_uid_or_object_name(void **state)
{
	static const struct {
		const char *members;
		int64_t uid;
	} rows[] = {
		{ "\"additional_info\":{\"object_type\":\"bdb\",\"object_uid\":\"7\"}", 7 },
		{ "\"additional_info\":{\"object_type\":\"bdb\",\"object_uid\":7}", 7 },
		{ "\"object_name\":\"bdb:7\"", 7 },
		{ "\"additional_info\":{},\"object_name\":\"bdb:7\"", 7 },
		{ "\"additional_info\":null", 0 },
		{ "\"additional_info\":[7]", 0 },
		{ "\"additional_info\":{\"object_uid\":\"7\"}", 0 },
		{ "\"additional_info\":{\"object_type\":\"node\",\"object_uid\":\"7\"}", 0 },
		{ "\"additional_info\":{\"object_type\":\"bdb\",\"object_uid\":\"7f-3\"}", 0 },
		{ "\"object_name\":\"node:7\"", 0 },
		{ "\"object_name\":\"bdb:07\"", 0 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct data_result result;

		if (read_action(&result, rows[i].members)->uid != rows[i].uid)
			fail_msg("%s", rows[i].members);
		end_data(&result);
	}
}

static void shards_of_an_action_are_read_in_every_form(void **state)
{
	static const struct {
		const char *ops;
		size_t count, unreadable;
		int64_t shard, heartbeat_s;
		double percent;
	} rows[] = {
		{ "{\"3\":{\"heartbeat\":\"5\",\"progress\":\"7\"}}", 1, 0, 3, 5, 7 },
		{ "{\"3\":{\"heartbeat\":5.9,\"progress\":7.0}}", 1, 0, 3, 5, 7 },
		{ "{\"3\":{\"heartbeat\":\"1970-01-01T00:00:00Z\"}}", 1, 0, 3, 0, -1 },
		{ "{\"3\":{\"heartbeat\":\"1970-01-01T00:01:05Z\"}}", 1, 0, 3, 65, -1 },
		{ "{\"redis:3\":{\"heartbeat\":5}}", 1, 0, 0, 5, -1 },
		{ "{\"3\":{\"heartbeat\":null,\"op_name\":4,\"progress\":[]}}", 1, 0, 3, 0, -1 },
		{ "{\"2\":null,\"3\":{\"heartbeat\":5},\"4\":[]}", 1, 2, 3, 5, -1 },
		{ "{}", 0, 0, 0, 0, 0 },
		{ "null", 0, 0, 0, 0, 0 },
		{ "[]", 0, 1, 0, 0, 0 },
		{ "\"3\"", 0, 1, 0, 0, 0 },
	};
	char members[200];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct data_result result;
		const struct action *action;

		snprintf(members, sizeof(members), "\"additional_info\":{\"pending_ops\":%s}",
			 rows[i].ops);
		action = read_action(&result, members);
		if (action->op_count != rows[i].count ||
		    result.data->unreadable != rows[i].unreadable)
			fail_msg("%s: %zu, %zu", rows[i].ops, action->op_count,
				 result.data->unreadable);
		if (action->op_count) {
			assert_true(action->ops->shard == rows[i].shard);
			assert_true(action->ops->heartbeat_s == rows[i].heartbeat_s);
			assert_percent(action->ops->percent, rows[i].percent);
		}
		end_data(&result);
	}
}

static void invalid_action_elements_are_counted_and_hide_no_other(void **state)
{
	static const char *const bad[] = { "null",	   "7",
					   "[]",	   "\"a\"",
					   "{}",	   "{\"status\":\"x\"}",
					   "{\"name\":7}", "{\"action_uid\":\"a\\u0000b\"}" };
	char body[200];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		struct data_result result;
		const struct cluster_data *data;

		snprintf(body, sizeof(body), "[%s,{\"name\":\"good\"}]", bad[i]);
		data = read_data(&result, &action_format, 0, body);
		if (data->action_count != 1 || data->unreadable != 1)
			fail_msg("%s", bad[i]);
		assert_string_equal(data->actions[0].name, "good");
		assert_string_equal(data->actions[0].id, "");
		end_data(&result);
	}
}

/* Text from the cluster is untrusted. */
static void hostile_text_stays_the_raw_bytes_that_it_is(void **state)
{
	struct data_result result;
	const struct action *action = read_action(
		&result, "\"name\":\"\\u001b[31m\xff\",\"status\":\"\\r\\n\\u009b2J`x`\"");

	assert_string_equal(action->name, "\x1b[31m\xff");
	assert_string_equal(action->status, "\r\n\xc2\x9b"
					    "2J`x`");
	end_data(&result);
}

static void what_is_no_list_of_actions_is_refused(void **state)
{
	assert_refused(&action_format, "7", "a number where a list of actions was expected");
	assert_refused(&action_format, "\"none\"", "a string where a list of actions was expected");
	assert_refused(&action_format, "{\"actions\":[}", "invalid JSON");
	assert_refused(&action_format, "{\"actions\":[]]", "a comma or } is missing");
	assert_refused(&action_format, "{\"actions\":[]", "was cut off after");
	assert_refused(&action_format, "[{}}", "a comma or ] is missing");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_documented_list_of_v2_is_read),
		cmocka_unit_test(the_documented_list_of_one_database_is_read),
		cmocka_unit_test(the_documented_wrapper_of_v1_is_read),
		cmocka_unit_test(running_is_decided_by_the_status_words_of_both_lists),
		cmocka_unit_test(percents_and_times_come_in_every_form),
		cmocka_unit_test(the_database_is_found_by_uid_or_object_name),
		cmocka_unit_test(shards_of_an_action_are_read_in_every_form),
		cmocka_unit_test(invalid_action_elements_are_counted_and_hide_no_other),
		cmocka_unit_test(hostile_text_stays_the_raw_bytes_that_it_is),
		cmocka_unit_test(what_is_no_list_of_actions_is_refused),
	};

	return tap_run(tests);
}
