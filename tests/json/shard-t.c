#include "bdbtop/json/data_formats.h"

#include "tests/json/data_fixture.h"

static void the_documented_list_is_read(void **state)
{
	static const char body[] =
		"[{\"uid\":\"1\",\"role\":\"master\",\"assigned_slots\":\"0-16383\",\"bdb_uid\":7,"
		"\"detailed_status\":\"ok\",\"loading\":{\"status\":\"idle\"},\"node_uid\":\"3\","
		"\"backup\":{\"status\":\"exporting\",\"progress\":42.5},"
		"\"redis_info\":{\"connected_clients\":14,\"used_memory_rss\":12263424},"
		"\"report_timestamp\":\"2024-06-28T18:44:01Z\",\"status\":\"active\"},"
		"{\"uid\":\"2\",\"role\":\"slave\"}]";
	struct data_result result;
	const struct cluster_data *data = read_data(&result, &shard_format, 7, body);
	const struct shard *one = &data->shards[0], *two = &data->shards[1];

	assert_int_equal(data->shard_count, 2);
	assert_int_equal(data->unreadable, 0);
	assert_true(one->uid == 1 && one->bdb == 7 && one->node == 3);
	assert_string_equal(one->status, "active");
	assert_percent(one->backup_percent, 42.5);
	assert_percent(one->loading_percent, -1);
	/* missing members stay empty; its database is the one of the request */
	assert_true(two->uid == 2 && two->bdb == 7 && two->node == 0);
	assert_string_equal(two->status, "");
	assert_percent(two->backup_percent, -1);
	end_data(&result);
}

/* Numbers come as integer, float or string. */
static void numbers_come_in_every_form(void **state)
{
	static const struct {
		const char *members;
		int64_t bdb, node;
		double backup, loading;
	} rows[] = {
		{ "\"bdb_uid\":\"7\",\"node_uid\":3", 7, 3, -1, -1 },
		{ "\"bdb_uid\":7.0,\"backup\":{\"progress\":\"42\"}", 7, 0, 42, -1 },
		{ "\"bdb_uid\":7,\"loading\":{\"progress\":\"99.5\"}", 7, 0, -1, 99.5 },
		{ "\"backup\":null,\"loading\":null", 0, 0, -1, -1 },
		{ "\"backup\":{\"progress\":null},\"loading\":[1]", 0, 0, -1, -1 },
		{ "\"backup\":{\"progress\":420},\"loading\":{\"progress\":-1}", 0, 0, -1, -1 },
		{ "\"node_uid\":\"three\",\"backup\":7", 0, 0, -1, -1 },
	};
	char body[200];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct data_result result;
		const struct shard *shard;

		snprintf(body, sizeof(body), "[{\"uid\":5,%s}]", rows[i].members);
		shard = read_data(&result, &shard_format, 0, body)->shards;
		assert_true(shard->uid == 5);
		assert_true(shard->bdb == rows[i].bdb && shard->node == rows[i].node);
		assert_percent(shard->backup_percent, rows[i].backup);
		assert_percent(shard->loading_percent, rows[i].loading);
		end_data(&result);
	}
}

static void invalid_shard_of_this_database_elements_are_counted_and_hide_no_other(void **state)
{
	static const char *const bad[] = { "null",
					   "1",
					   "[]",
					   "{}",
					   "{\"uid\":\"\"}",
					   "{\"uid\":\"one\"}",
					   "{\"uid\":-1}",
					   "{\"uid\":\"1\\u0000\"}",
					   "{\"uid\":1,\"bdb_uid\":8}",
					   "{\"uid\":1,\"bdb_uid\":\"8\"}" };
	char body[200];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		struct data_result result;
		const struct cluster_data *data;

		snprintf(body, sizeof(body), "[%s,{\"uid\":2,\"bdb_uid\":7}]", bad[i]);
		data = read_data(&result, &shard_format, 7, body);
		if (data->shard_count != 1 || data->unreadable != 1 || data->shards->uid != 2)
			fail_msg("%s", bad[i]);
		end_data(&result);
	}
}

/* Text from the cluster is untrusted. */
static void hostile_text_stays_the_raw_bytes_that_it_is(void **state)
{
	struct data_result result;
	const struct shard *shard =
		read_data(&result, &shard_format, 0,
			  "[{\"uid\":1,\"status\":\"\\u001b[5m\xff\\n\"},"
			  "{\"uid\":2,\"status\":\"a\\u0000b\"}]")
			->shards;

	assert_string_equal(shard[0].status, "\x1b[5m\xff\n");
	assert_string_equal(shard[1].status, "");
	end_data(&result);
}

/* The shards are an array. */
static void another_shape_is_refused(void **state)
{
	assert_refused(&shard_format, "{\"1\":{\"role\":\"master\"}}",
		       "an object where a list of shards was expected");
	assert_refused(&shard_format, "{\"uid\":1}", "an object where a list of shards");
	assert_refused(&shard_format, "[{\"uid\":1}", "was cut off after");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_documented_list_is_read),
		cmocka_unit_test(numbers_come_in_every_form),
		cmocka_unit_test(
			invalid_shard_of_this_database_elements_are_counted_and_hide_no_other),
		cmocka_unit_test(hostile_text_stays_the_raw_bytes_that_it_is),
		cmocka_unit_test(another_shape_is_refused),
	};

	return tap_run(tests);
}
