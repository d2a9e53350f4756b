#include "bdbtop/json/data_formats.h"

#include "tests/json/data_fixture.h"

#define AT   "\"time\":\"2014-08-29T11:19:49Z\","
#define AT_S INT64_C(1409311189)
#define PAGE "<!DOCTYPE html>"

/* Decodes one event with these members after its time.  Free with end_data(). */
static const struct event *read_event(struct data_result *result, const char *members)
{
	char body[1024];

	snprintf(body, sizeof(body), "[{" AT "%s}]", members);
	read_data(result, &event_format, 0, body);
	assert_int_equal(result->data->event_count, 1);
	assert_int_equal(result->data->unreadable, 0);
	return result->data->events;
}

static void the_documented_log_is_read(void **state)
{
	static const char body[] =
		"[{\"time\":\"2014-08-29T11:19:49Z\",\"type\":\"bdb_name_updated\","
		"\"severity\":\"INFO\",\"bdb_uid\":\"1\",\"old_val\":\"test\","
		"\"new_val\":\"test123\"},"
		"{\"time\":\"2014-08-29T11:18:48Z\",\"type\":\"cluster_bdb_created\","
		"\"severity\":\"INFO\",\"bdb_uid\":\"1\",\"bdb_name\":\"test\"},"
		"{\"time\":\"2014-08-29T11:17:49Z\",\"type\":\"cluster_node_joined\","
		"\"severity\":\"INFO\",\"node_uid\":2}]";
	struct data_result result;
	const struct cluster_data *data = read_data(&result, &event_format, 0, body);

	assert_int_equal(data->event_count, 3);
	assert_int_equal(data->unreadable, 0);
	assert_false(data->truncated);
	assert_true(data->events[0].time_s == AT_S);
	assert_true(data->events[0].uid == 1);
	assert_int_equal(data->events[0].class, EVENT_OTHER);
	assert_string_equal(data->events[0].type, "bdb_name_updated");
	assert_string_equal(data->events[0].severity, "INFO");
	assert_string_equal(data->events[0].text, "");
	assert_true(data->events[2].time_s == AT_S - 120);
	assert_true(data->events[2].uid == 0);
	end_data(&result);
}

static void names_are_known_with_and_without_their_prefix(void **state)
{
	static const struct {
		const char *type;
		enum event_class what;
		enum op_kind kind;
	} rows[] = {
		{ "backup_started", EVENT_STARTED, OP_BACKUP },
		{ "backup_succeeded", EVENT_SUCCEEDED, OP_BACKUP },
		{ "backup_failed", EVENT_FAILED, OP_BACKUP },
		{ "export_failed", EVENT_FAILED, OP_EXPORT },
		{ "import_started", EVENT_STARTED, OP_IMPORT },
		{ "bdb_backup_failed", EVENT_FAILED, OP_BACKUP },
		{ "bdb_export_succeeded", EVENT_SUCCEEDED, OP_EXPORT },
		{ "bdb_import_succeeded", EVENT_SUCCEEDED, OP_IMPORT },
		{ "backup_delayed", EVENT_OTHER, 0 },
		{ "bdb_backup_failed_again", EVENT_OTHER, 0 },
		{ "backup_", EVENT_OTHER, 0 },
		{ "backup", EVENT_OTHER, 0 },
		{ "BACKUP_FAILED", EVENT_OTHER, 0 },
		{ "cluster_backup_failed", EVENT_OTHER, 0 },
		{ "bdb_bdb_backup_failed", EVENT_OTHER, 0 },
		{ "failed", EVENT_OTHER, 0 },
		{ "bdb_", EVENT_OTHER, 0 },
	};
	char members[100];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct data_result result;
		const struct event *event;

		snprintf(members, sizeof(members), "\"type\":\"%s\"", rows[i].type);
		event = read_event(&result, members);
		if (event->class != rows[i].what || event->kind != rows[i].kind ||
		    strcmp(event->type, rows[i].type) != 0)
			fail_msg("%s: %d of %d", event->type, event->class, event->kind);
		end_data(&result);
	}
}

/* Numbers come as integer, float or string. */
static void the_uid_is_a_number_or_a_string_or_stands_in_the_object(void **state)
{
	static const struct {
		const char *members;
		int64_t uid;
	} rows[] = {
		{ "\"bdb_uid\":7", 7 },
		{ "\"bdb_uid\":\"7\"", 7 },
		{ "\"bdb_uid\":7.0", 7 },
		{ "\"object\":\"bdb:7\"", 7 },
		{ "\"bdb_uid\":8,\"object\":\"bdb:7\"", 8 },
		{ "\"bdb_uid\":null,\"object\":\"bdb:7\"", 7 },
		{ "\"bdb_uid\":null", 0 },
		{ "\"bdb_uid\":\"\"", 0 },
		{ "\"bdb_uid\":0", 0 },
		{ "\"object\":\"node:7\"", 0 },
		{ "\"object\":\"bdb:\"", 0 },
		{ "\"object\":\"bdb:7:1\"", 0 },
		{ "\"object\":7", 0 },
		{ "\"node_uid\":7", 0 },
	};
	char members[100];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct data_result result;

		snprintf(members, sizeof(members), "\"type\":\"x\",%s", rows[i].members);
		if (read_event(&result, members)->uid != rows[i].uid)
			fail_msg("%s", rows[i].members);
		end_data(&result);
	}
}

/* Times come as ISO 8601 or as seconds. */
static void the_time_is_a_date_or_seconds_since_1970(void **state)
{
	static const char *const times[] = { "\"2014-08-29T11:19:49Z\"", "1409311189",
					     "1409311189.7", "\"1409311189\"" };
	char body[100];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(times); i++) {
		struct data_result result;

		snprintf(body, sizeof(body), "[{\"time\":%s,\"type\":\"x\"}]", times[i]);
		read_data(&result, &event_format, 0, body);
		assert_true(result.data->events[0].time_s == AT_S);
		end_data(&result);
	}
}

static void invalid_event_elements_are_counted_and_hide_no_other(void **state)
{
	static const char *const bad[] = {
		"null",
		"7",
		"\"backup_failed\"",
		"[]",
		"{}",
		"{\"type\":\"x\"}",
		"{\"time\":\"\",\"type\":\"x\"}",
		"{\"time\":\"1970-01-01T00:00:00Z\",\"type\":\"x\"}",
		"{\"time\":-5,\"type\":\"x\"}",
		"{" AT "\"severity\":\"INFO\"}",
		"{" AT "\"type\":\"\"}",
		"{" AT "\"type\":7}",
		"{" AT "\"type\":\"backup_failed\\u0000x\"}",
		"{" AT "\"type\":\"x\",\"bdb_uid\":\"seven\"}",
		"{" AT "\"type\":\"x\",\"bdb_uid\":-7}",
		"{" AT "\"type\":\"x\",\"bdb_uid\":[7]}",
	};
	char body[300];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		struct data_result result;

		snprintf(body, sizeof(body), "[%s,{" AT "\"type\":\"good\"}]", bad[i]);
		read_data(&result, &event_format, 0, body);
		if (result.data->event_count != 1 || result.data->unreadable != 1 ||
		    strcmp(result.data->events[0].type, "good") != 0)
			fail_msg("%s", bad[i]);
		end_data(&result);
	}
}

static void texts_of_a_wrong_type_are_as_if_not_reported(void **state)
{
	struct data_result result;
	const struct event *event =
		read_event(&result, "\"type\":\"x\",\"severity\":3,\"description\":{\"a\":1}");

	assert_string_equal(event->severity, "");
	assert_string_equal(event->text, "");
	end_data(&result);
}

/* Text from the cluster is untrusted; text_safe() is applied where it is shown. */
static void hostile_text_stays_the_raw_bytes_that_it_is(void **state)
{
	struct data_result result;
	const struct event *event =
		read_event(&result, "\"type\":\"\\u001b[2J\",\"severity\":\"\xff\xfe\","
				    "\"description\":\"a\\n\\\"'$(x)\\u202e%s \xc3\xa9\"");

	assert_string_equal(event->type, "\x1b[2J");
	assert_string_equal(event->severity, "\xff\xfe");
	assert_string_equal(event->text, "a\n\"'$(x)\xe2\x80\xae%s \xc3\xa9");
	end_data(&result);
}

/* The seconds and names of the events, as `3b 2a 1c `. */
static const char *order_of(const char *body, char *out)
{
	struct data_result result;
	const struct cluster_data *data = read_data(&result, &event_format, 0, body);
	char *at = out;
	size_t i;

	*out = '\0';
	for (i = 0; i < data->event_count; i++)
		at += sprintf(at, "%d%s ", (int)data->events[i].time_s, data->events[i].type);
	end_data(&result);
	return out;
}

#define EVENT(second, name) "{\"time\":" second ",\"type\":\"" name "\"}"

static void events_are_given_newest_first_whatever_their_order(void **state)
{
	char out[200];

	assert_string_equal(order_of("[" EVENT("3", "a") "," EVENT("2", "b") "," EVENT(
					     "2", "c") "," EVENT("1", "d") "]",
				     out),
			    "3a 2b 2c 1d ");
	/* oldest first: events of the same second are reversed too */
	assert_string_equal(order_of("[" EVENT("1", "d") "," EVENT("2", "c") "," EVENT(
					     "2", "b") "," EVENT("3", "a") "]",
				     out),
			    "3a 2b 2c 1d ");
	/* unordered */
	assert_string_equal(order_of("[" EVENT("2", "b") "," EVENT("3", "a") "," EVENT(
					     "2", "c") "," EVENT("1", "d") "]",
				     out),
			    "3a 2b 2c 1d ");
	assert_string_equal(order_of("[]", out), "");
}

static void as_many_items_as_were_asked_for_may_be_a_part(void **state)
{
	static const char three[] = "[" EVENT("3", "a") ",null," EVENT("1", "c") "]";
	struct data_request request = { .format = &event_format, .limit = 3 };
	struct data_result result;

	assert_true(read_requested(&result, &request, three)->truncated);
	assert_int_equal(result.data->event_count, 2);
	end_data(&result);
	request.limit = 4;
	assert_false(read_requested(&result, &request, three)->truncated);
	end_data(&result);
}

/* Anything but an array is rejected. */
static void another_shape_is_refused(void **state)
{
	assert_refused(&event_format, "{\"events\":[]}",
		       "an object where a list of events was expected");
	assert_refused(&event_format, "{}", "an object where a list of events was expected");
	assert_refused(&event_format, "null", "not JSON where a list of events");
	assert_refused(&event_format, PAGE, "HTML");
	assert_refused(&event_format, "[{" AT "\"type\":\"x\"}", "was cut off after");
	assert_refused(&event_format, "", "is empty");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_documented_log_is_read),
		cmocka_unit_test(names_are_known_with_and_without_their_prefix),
		cmocka_unit_test(the_uid_is_a_number_or_a_string_or_stands_in_the_object),
		cmocka_unit_test(the_time_is_a_date_or_seconds_since_1970),
		cmocka_unit_test(invalid_event_elements_are_counted_and_hide_no_other),
		cmocka_unit_test(texts_of_a_wrong_type_are_as_if_not_reported),
		cmocka_unit_test(hostile_text_stays_the_raw_bytes_that_it_is),
		cmocka_unit_test(events_are_given_newest_first_whatever_their_order),
		cmocka_unit_test(as_many_items_as_were_asked_for_may_be_a_part),
		cmocka_unit_test(another_shape_is_refused),
	};

	return tap_run(tests);
}
