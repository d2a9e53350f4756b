#include "sim/event_log.h"

#include "tests/sim/sim_fixture.h"

static void add_event(struct sim_event_log *event_log, int64_t after_s, int64_t uid,
		      enum sim_event_kind what)
{
	const struct sim_event event = {
		.at_ms = FIXTURE_S(after_s), .uid = uid, .event_kind = what, .kind = SIM_BACKUP
	};

	sim_event_log_add(event_log, &event);
}

/* The uids of the reported events, as in "3 2 1". */
static const char *written(struct sim_event_log *event_log, const struct sim_event_query *query)
{
	static char uids[4096];
	struct sim_buffer out = SIM_BUFFER_INIT;
	struct json_object *list;
	size_t i, length = 0;

	sim_event_log_write(event_log, query, &out);
	list = json_tokener_parse(out.data);
	assert_true(json_object_is_type(list, json_type_array));
	uids[0] = '\0';
	for (i = 0; i < json_object_array_length(list); i++) {
		struct json_object *uid = json_object_object_get(
			json_object_array_get_idx(list, i), "bdb_uid");

		length += (size_t)snprintf(uids + length, sizeof(uids) - length, "%s%s",
					   i ? " " : "", json_object_get_string(uid));
		assert_true(length < sizeof(uids));
	}
	json_object_put(list);
	sim_buffer_release(&out);
	return uids;
}

static struct sim_event_query all(void)
{
	return (struct sim_event_query){ .from_s = 0, .to_s = INT64_MAX, .limit = -1 };
}

static void reports_events_sorted_by_time(void **state)
{
	struct sim_event_log *event_log = sim_event_log_new();
	struct sim_event_query query = all();

	assert_string_equal(written(event_log, &query), "");
	add_event(event_log, 30, 3, SIM_EVENT_FAILED);
	add_event(event_log, 10, 1, SIM_EVENT_STARTED);
	add_event(event_log, 20, 2, SIM_EVENT_STARTED);
	add_event(event_log, 20, 4, SIM_EVENT_STARTED);
	assert_string_equal(written(event_log, &query), "1 2 4 3");
	add_event(event_log, 15, 5, SIM_EVENT_STARTED);
	add_event(event_log, 40, 6, SIM_EVENT_STARTED);
	assert_string_equal(written(event_log, &query), "1 5 2 4 3 6");
	query.newest_first = true;
	assert_string_equal(written(event_log, &query), "6 3 4 2 5 1");
	sim_event_log_free(event_log);
}

static void a_query_includes_both_ends(void **state)
{
	struct sim_event_log *event_log = sim_event_log_new();
	struct sim_event_query query = all();
	int i;

	for (i = 1; i <= 6; i++)
		add_event(event_log, 10 * i, i, SIM_EVENT_STARTED);
	query.from_s = FIXTURE_S(20) / 1000;
	query.to_s = FIXTURE_S(50) / 1000;
	assert_string_equal(written(event_log, &query), "2 3 4 5");
	query.offset = 1;
	query.limit = 2;
	assert_string_equal(written(event_log, &query), "3 4");
	query.newest_first = true;
	assert_string_equal(written(event_log, &query), "4 3");
	query.offset = 9;
	assert_string_equal(written(event_log, &query), "");
	query = all();
	query.from_s = INT64_MAX;
	assert_string_equal(written(event_log, &query), "");
	query.from_s = FIXTURE_S(50) / 1000;
	query.to_s = FIXTURE_S(20) / 1000;
	assert_string_equal(written(event_log, &query), "");
	sim_event_log_free(event_log);
}

static void keeps_the_newest_of_one_type_about_one_object(void **state)
{
	struct sim_event_log *event_log = sim_event_log_new();
	struct sim_event_query query = {
		.from_s = 0, .to_s = INT64_MAX, .newest_first = true, .limit = 3
	};
	const struct sim_event_query every = all();
	int i;

	add_event(event_log, 0, 9, SIM_EVENT_FAILED);
	add_event(event_log, 0, 8, SIM_EVENT_STARTED);
	for (i = 1; i <= 20000; i++) {
		add_event(event_log, i, 7, SIM_EVENT_STARTED);
		add_event(event_log, i, 7, SIM_EVENT_FAILED);
	}
	/* rare events remain when many others arrive; each uid has one digit */
	assert_int_equal(strlen(written(event_log, &every)), 2 * (2 * SIM_EVENT_LOG_MAX + 2) - 1);
	assert_string_equal(written(event_log, &query), "7 7 7");
	query.newest_first = false;
	assert_string_equal(written(event_log, &query), "9 8 7");
	sim_event_log_free(event_log);
}

static void uses_the_spellings_of_the_rest_reference(void **state)
{
	static const char *const lines[] = {
		"[{\"time\":\"2026-11-21T20:14:05Z\",\"type\":\"backup_started\",",
		"\"severity\":\"INFO\",\"bdb_uid\":12},",
		"\"type\":\"backup_failed\",\"severity\":\"ERROR\",\"bdb_uid\":12},",
		"\"type\":\"bdb_backup_succeeded\",\"severity\":\"INFO\",\"bdb_uid\":\"58\"},",
		"\"type\":\"backup_delayed\",\"severity\":\"WARNING\",\"bdb_uid\":\"21\","
		"\"state\":true},",
		"\"type\":\"backup_delayed\",\"severity\":\"INFO\",\"bdb_uid\":\"21\","
		"\"state\":false},",
		"\"type\":\"cluster_bdb_deleted\",\"severity\":\"INFO\",\"bdb_uid\":\"4\"},",
		"{\"moon\":1}]",
	};
	struct sim_event_log *event_log = sim_event_log_new();
	const struct sim_event custom = { .at_ms = FIXTURE_S(9), .event_kind = SIM_EVENT_CUSTOM,
					   .members = "{\"moon\":1}" };
	const struct sim_event_query query = { .from_s = 0, .to_s = INT64_MAX, .limit = -1 };
	struct sim_buffer out = SIM_BUFFER_INIT;
	size_t i;

	add_event(event_log, 0, 12, SIM_EVENT_STARTED);
	add_event(event_log, 1, 12, SIM_EVENT_FAILED);
	add_event(event_log, 2, 58, SIM_EVENT_SUCCEEDED);
	add_event(event_log, 3, 21, SIM_EVENT_DELAYED);
	add_event(event_log, 4, 21, SIM_EVENT_DELAY_OVER);
	add_event(event_log, 5, 4, SIM_EVENT_DELETED);
	sim_event_log_add(event_log, &custom);
	sim_event_log_write(event_log, &query, &out);
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (!strstr(out.data, lines[i]))
			fail_msg("%s is not in %s", lines[i], out.data);
	sim_buffer_release(&out);
	sim_event_log_free(event_log);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reports_events_sorted_by_time),
		cmocka_unit_test(a_query_includes_both_ends),
		cmocka_unit_test(keeps_the_newest_of_one_type_about_one_object),
		cmocka_unit_test(uses_the_spellings_of_the_rest_reference),
	};

	return tap_run(tests);
}
