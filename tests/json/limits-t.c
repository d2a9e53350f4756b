/*
 * A reply beyond a limit is rejected completely, with the limit in the error; a reply at the limit
 * is read.
 */
#include <inttypes.h>

#include "bdbtop/json/data_formats.h"
#include "bdbtop/json/items.h"
#include "tests/json/bdb_fixture.h"

/* A reply under construction. */
struct body {
	char *text, *end;
};

static struct body body_new(size_t room)
{
	struct body body = { .text = malloc(room) };

	body.end = stpcpy(body.text, "[");
	return body;
}

static void add(struct body *body, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void add(struct body *body, const char *fmt, ...)
{
	va_list ap;

	if (body->end > body->text + 1)
		body->end = stpcpy(body->end, ",");
	va_start(ap, fmt);
	body->end += vsprintf(body->end, fmt, ap);
	va_end(ap);
}

/* Reads the body in parts, then frees it. */
static void read_body(struct list_result *a, struct body *body)
{
	strcpy(body->end, "]");
	read_parts(a, fields_list(FIELDS_FULL), 0, body->text, 4096);
	free(body->text);
}

static void assert_refused(struct list_result *a, const char *sentence)
{
	assert_int_equal(a->rc, -1);
	assert_int_equal(a->set.count, 0);
	assert_string_equal(a->err.text, sentence);
}

static void a_list_of_200000_databases_is_read_and_one_more_refused(void **state)
{
	int64_t most;

	for (most = ITEMS_MAX; most <= ITEMS_MAX + 1; most++) {
		struct body body = body_new(4000000);
		struct list_result a;
		int64_t uid;

		for (uid = 1; uid <= most; uid++)
			add(&body, "{\"uid\":%" PRId64 "}", uid);
		read_body(&a, &body);
		if (most == ITEMS_MAX)
			assert_int_equal(a.set.count, ITEMS_MAX);
		else
			assert_refused(&a,
				       "the reply has more than 200,000 elements, the limit for a "
				       "list of databases, so none of it is used.");
		release(&a);
	}
}

static void elements_that_are_no_database_count_too(void **state)
{
	struct body body = body_new(4000000);
	struct list_result a;
	int i;

	for (i = 0; i <= ITEMS_MAX; i++)
		add(&body, "0");
	read_body(&a, &body);
	assert_refused(&a, "the reply has more than 200,000 elements, the limit for a list of "
			   "databases, so none of it is used.");
}

static void a_thousand_repeated_uids_are_counted_and_one_more_refused(void **state)
{
	int most;

	for (most = BDB_REPEATED_MAX; most <= BDB_REPEATED_MAX + 1; most++) {
		struct body body = body_new(100000);
		struct list_result a;
		int i;

		add(&body, "{\"uid\":9,\"name\":\"first\"},{\"uid\":3}");
		for (i = 0; i < most; i++)
			add(&body, "{\"uid\":%d,\"name\":\"again\"}", i % 2 ? 3 : 9);
		read_body(&a, &body);
		if (most == BDB_REPEATED_MAX) {
			assert_int_equal(a.rc, 0);
			assert_int_equal(a.set.count, 2);
			assert_int_equal(a.unreadable, BDB_REPEATED_MAX);
			assert_string_equal(a.set.bdbs[0]->name, "first");
		} else {
			assert_refused(&a, "the list of databases repeats a uid more than 1,000 "
					   "times, the limit, so none of it is used.");
		}
		release(&a);
	}
}

static void thirty_two_mib_of_text_are_the_limit(void **state)
{
	const size_t length = (size_t)1 << 19;
	char *name = malloc(length + 1);
	size_t most;

	memset(name, 'x', length);
	name[length] = '\0';
	for (most = BDB_TEXT_MAX / length; most <= BDB_TEXT_MAX / length + 1; most++) {
		struct body body = body_new((most + 1) * (length + 40));
		struct list_result a;
		size_t i;

		for (i = 1; i <= most; i++)
			add(&body, "{\"uid\":%zu,\"name\":\"%s\"}", i, name);
		read_body(&a, &body);
		if (most == BDB_TEXT_MAX / length)
			assert_int_equal(a.set.count, most);
		else
			assert_refused(&a, "the list of databases has more than 32 MiB of names, "
					   "states and reasons, the limit, so none of it is used.");
		release(&a);
	}
	free(name);
}

static void an_element_of_more_than_50000_values_is_refused(void **state)
{
	struct body body = body_new(200000);
	struct list_result a;
	int i;

	add(&body, "{\"uid\":1,\"x\":[0");
	for (i = 0; i < 50000; i++)
		add(&body, "1");
	body.end = stpcpy(body.end, "]}");
	read_body(&a, &body);
	assert_refused(&a, "one element of the reply has more than 50,000 values, the limit for a "
			   "list of databases, so none of the reply is used.");
}

/* Equal elements as data: rejected with this error, or read if it is NULL. */
static void assert_elements(const struct data_format *form, size_t count, const char *element,
			    const char *sentence)
{
	struct data_reader *reader = data_reader_new(form, 0, 0);
	struct err err = { 0 };
	size_t i;

	data_reader_feed(reader, "[", 1, &err);
	for (i = 0; i < count; i++) {
		data_reader_feed(reader, ",", i > 0, &err);
		data_reader_feed(reader, element, strlen(element), &err);
	}
	data_reader_feed(reader, "]", 1, &err);
	if (sentence) {
		assert_null(data_reader_end(reader, &err));
		assert_string_equal(err.text, sentence);
	} else if (!data_reader_end(reader, &err)) {
		fail_msg("%s", err.text);
	}
	data_reader_free(reader);
}

static void data_have_the_same_limits(void **state)
{
	const size_t length = (size_t)1 << 19;
	char *bdb = malloc(length + 100);

	assert_elements(&node_format, ITEMS_MAX, "{\"uid\":1}", NULL);
	assert_elements(
		&node_format, ITEMS_MAX + 1, "{\"uid\":1}",
		"the reply has more than 200,000 elements, the limit for a list of nodes, so "
		"none of it is used.");
	assert_elements(
		&shard_format, ITEMS_MAX + 1, "7",
		"the reply has more than 200,000 elements, the limit for a list of shards, so "
		"none of it is used.");
	assert_elements(&event_format, 30000, "{\"time\":1,\"type\":\"x\"}", NULL);
	assert_elements(
		&event_format, ITEMS_MAX, "{\"time\":1,\"type\":\"x\"}",
		"the reply takes more than 32 MiB of memory, the limit for a list of events, "
		"so none of it is used.");
	sprintf(bdb, "{\"uid\":1,\"tags\":[{\"key\":\"%0*d\"}]}", (int)length, 1);
	assert_elements(&bdb_info_format, 60, bdb, NULL);
	assert_elements(&bdb_info_format, 70, bdb,
			"the reply takes more than 32 MiB of memory, the limit for a list of "
			"databases, so none of it is used.");
	free(bdb);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_of_200000_databases_is_read_and_one_more_refused),
		cmocka_unit_test(elements_that_are_no_database_count_too),
		cmocka_unit_test(a_thousand_repeated_uids_are_counted_and_one_more_refused),
		cmocka_unit_test(thirty_two_mib_of_text_are_the_limit),
		cmocka_unit_test(an_element_of_more_than_50000_values_is_refused),
		cmocka_unit_test(data_have_the_same_limits),
	};

	return tap_run(tests);
}
