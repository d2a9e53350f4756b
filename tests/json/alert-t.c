#include "bdbtop/json/data_formats.h"

#include "tests/json/data_fixture.h"

#define ON "{\"state\":true}"

static void the_documented_map_is_read(void **state)
{
	static const char body[] =
		"{\"1\":{\"bdb_size\":{\"enabled\":true,\"state\":true,\"threshold\":\"80\","
		"\"change_time\":\"2014-08-29T11:19:49Z\",\"severity\":\"WARNING\","
		"\"change_value\":{\"state\":true,\"threshold\":\"80\",\"memory_util\":81.2}}},"
		"\"12\":{\"bdb_backup_delayed\":{\"enabled\":true,\"state\":false,"
		"\"threshold\":1800},\"bdb_high_latency\":{\"state\":true}}}";
	struct data_result result;
	const struct alert *alerts;

	read_data(&result, &alert_format, 0, body);
	assert_int_equal(result.data->alert_count, 3);
	assert_int_equal(result.data->unreadable, 0);
	alerts = result.data->alerts;
	assert_true(alerts[0].uid == 1 && alerts[0].on && alerts[0].enabled);
	assert_true(alerts[0].since_s == 1409311189);
	assert_string_equal(alerts[0].name, "bdb_size");
	assert_string_equal(alerts[0].threshold, "80");
	assert_string_equal(alerts[0].severity, "WARNING");
	assert_true(alerts[1].uid == 12 && !alerts[1].on && alerts[1].enabled);
	assert_true(alerts[1].since_s == 0);
	assert_string_equal(alerts[1].name, "bdb_backup_delayed");
	assert_string_equal(alerts[1].threshold, "1800");
	assert_string_equal(alerts[1].severity, "");
	assert_true(alerts[2].uid == 12 && alerts[2].on && !alerts[2].enabled);
	assert_string_equal(alerts[2].threshold, "");
	end_data(&result);
}

/* For one database, the map is by uid or by name. */
static void asked_about_one_database_either_map_is_read(void **state)
{
	static const char *const bodies[] = {
		"{\"bdb_size\":" ON ",\"bdb_high_latency\":" ON "}",
		"{\"7\":{\"bdb_size\":" ON ",\"bdb_high_latency\":" ON "}}",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bodies); i++) {
		struct data_result result;
		const struct cluster_data *data = read_data(&result, &alert_format, 7, bodies[i]);

		assert_int_equal(data->alert_count, 2);
		assert_true(data->alerts[1].uid == 7);
		assert_string_equal(data->alerts[1].name, "bdb_high_latency");
		end_data(&result);
	}
}

static void alerts_of_another_database_are_not_taken_for_those_of_this(void **state)
{
	struct data_result result;
	const struct cluster_data *data =
		read_data(&result, &alert_format, 7,
			  "{\"8\":{\"bdb_size\":" ON "},\"7\":{\"bdb_size\":" ON "}}");

	assert_int_equal(data->alert_count, 1);
	assert_true(data->alerts[0].uid == 7);
	assert_int_equal(data->unreadable, 1);
	end_data(&result);
}

static void invalid_alert_elements_are_counted_and_hide_no_other(void **state)
{
	static const char *const bad[] = {
		"\"1\":null",
		"\"1\":[]",
		"\"1\":true",
		"\"1\":{\"bdb_size\":null}",
		"\"1\":{\"bdb_size\":[]}",
		"\"1\":{\"bdb_size\":{}}",
		"\"1\":{\"bdb_size\":{\"enabled\":true}}",
		"\"1\":{\"bdb_size\":{\"state\":null}}",
		"\"1\":{\"bdb_size\":{\"state\":\"true\"}}",
		"\"1\":{\"\":" ON "}",
		"\"bdb_size\":" ON,
		"\"-1\":{\"bdb_size\":" ON "}",
		"\"1x\":{\"bdb_size\":" ON "}",
		"\"1\\u00002\":{\"bdb_size\":" ON "}",
		"\"99999999999999999999\":{\"bdb_size\":" ON "}",
		"\"\":{\"bdb_size\":" ON "}",
	};
	char body[300];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		struct data_result result;
		const struct cluster_data *data;

		snprintf(body, sizeof(body), "{%s,\"2\":{\"good\":" ON "}}", bad[i]);
		data = read_data(&result, &alert_format, 0, body);
		if (data->alert_count != 1 || data->unreadable != 1 || data->alerts[0].uid != 2)
			fail_msg("%s", bad[i]);
		end_data(&result);
	}
}

static void a_database_without_alerts_and_an_empty_map_are_whole(void **state)
{
	struct data_result result;

	assert_int_equal(read_data(&result, &alert_format, 0, " { } ")->alert_count, 0);
	assert_int_equal(result.data->unreadable, 0);
	end_data(&result);
	assert_int_equal(read_data(&result, &alert_format, 0, "{\"1\":{}}")->alert_count, 0);
	assert_int_equal(result.data->unreadable, 0);
	end_data(&result);
}

/* Numbers come as integer, float or string; times as ISO 8601 or as seconds. */
static void numbers_and_times_come_in_every_form(void **state)
{
	static const struct {
		const char *members, *threshold;
		int64_t since_s;
	} rows[] = {
		{ "\"threshold\":\"80\",\"change_time\":1409311189", "80", 1409311189 },
		{ "\"threshold\":80,\"change_time\":\"1409311189\"", "80", 1409311189 },
		{ "\"threshold\":0.5,\"change_time\":1409311189.5", "0.5", 1409311189 },
		{ "\"threshold\":\"\",\"change_time\":\"\"", "", 0 },
		{ "\"threshold\":null,\"change_time\":null", "", 0 },
		{ "\"threshold\":[],\"change_time\":\"soon\"", "", 0 },
		{ "\"enabled\":\"yes\",\"change_time\":\"1970-01-01T00:00:00Z\"", "", 0 },
	};
	char body[300];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct data_result result;
		const struct alert *alert;

		snprintf(body, sizeof(body), "{\"7\":{\"x\":{\"state\":true,%s}}}",
			 rows[i].members);
		alert = read_data(&result, &alert_format, 0, body)->alerts;
		assert_string_equal(alert->threshold, rows[i].threshold);
		assert_true(alert->since_s == rows[i].since_s);
		assert_false(alert->enabled);
		end_data(&result);
	}
}

/* Text from the cluster is untrusted. */
static void hostile_names_stay_the_raw_bytes_that_they_are(void **state)
{
	struct data_result result;
	const struct alert *alert = read_data(&result, &alert_format, 0,
					      "{\"7\":{\"\\u001b]0;x\\u0007\":{\"state\":true,"
					      "\"severity\":\"\\n\xff\"}}}")
					    ->alerts;

	assert_string_equal(alert->name, "\x1b]0;x\x07");
	assert_string_equal(alert->severity, "\n\xff");
	end_data(&result);
}

static void another_shape_is_refused(void **state)
{
	assert_refused(&alert_format, "[]", "a list where a map of alerts was expected");
	assert_refused(&alert_format, "[{\"uid\":1}]", "a list where a map of alerts was expected");
	assert_refused(&alert_format, "{\"1\":{}", "was cut off after");
	assert_refused(&alert_format, "{\"1\"}", "a colon is missing");
	assert_refused(&alert_format, "{\"1\":{},}", "an element is missing");
	assert_refused(&alert_format, "{1:{}}", "a key is missing");
}

/* A thousand databases exceed the limit of one item. */
static void a_map_may_be_longer_than_an_item(void **state)
{
	const size_t databases = 4000;
	char *body = malloc(databases * 600), *end = body;
	struct data_request request = { .format = &alert_format, .step = 4096 };
	struct data_result result;
	size_t i;

	for (i = 1; i <= databases; i++)
		end += sprintf(end,
			       "%c\"%zu\":{\"bdb_size\":{\"state\":true,\"detail\":\"%0400d\"}}",
			       i == 1 ? '{' : ',', i, 0);
	strcpy(end, "}");
	assert_true(strlen(body) > (1 << 20));
	read_bytes(&result, &request, body, strlen(body));
	assert_non_null(result.data);
	assert_int_equal(result.data->alert_count, databases);
	assert_true(result.data->alerts[databases - 1].uid == (int64_t)databases);
	end_data(&result);
	free(body);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_documented_map_is_read),
		cmocka_unit_test(asked_about_one_database_either_map_is_read),
		cmocka_unit_test(alerts_of_another_database_are_not_taken_for_those_of_this),
		cmocka_unit_test(invalid_alert_elements_are_counted_and_hide_no_other),
		cmocka_unit_test(a_database_without_alerts_and_an_empty_map_are_whole),
		cmocka_unit_test(numbers_and_times_come_in_every_form),
		cmocka_unit_test(hostile_names_stay_the_raw_bytes_that_they_are),
		cmocka_unit_test(another_shape_is_refused),
		cmocka_unit_test(a_map_may_be_longer_than_an_item),
	};

	return tap_run(tests);
}
