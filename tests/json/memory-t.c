/*
 * The readers when they are out of memory, and how much memory a long list needs.
 *
 * Besides the functions of tests/alloc.h, the linker wraps allocating functions of the C library
 * and of json-c (--wrap) with those below, so that each call can fail.
 */
#include <json-c/json.h>

#include "bdbtop/json/data_formats.h"
#include "bdbtop/json/audit_line.h"
#include "bdbtop/json/error_body.h"
#include "bdbtop/json/module.h"
#include "bdbtop/json/progress_text.h"
#include "bdbtop/json/reset_object.h"
#include "tests/alloc.h"
#include "tests/json/bdb_fixture.h"

static struct {
	size_t tokeners;
	int live, most; /* trees returned by json-c and not freed yet */
} trees;

#define WRAP(result, name, parameters, arguments)                                                  \
	result __real_##name parameters;                                                           \
	result __wrap_##name parameters;                                                           \
	result __wrap_##name parameters                                                            \
	{                                                                                          \
		return alloc_is_out() ? NULL : __real_##name arguments;                            \
	}

WRAP(char *, strdup, (const char *text), (text))
WRAP(char *, strndup, (const char *text, size_t length), (text, length))
WRAP(struct json_object *, json_object_new_object, (void), ())
WRAP(struct json_object *, json_object_new_string, (const char *text), (text))
WRAP(struct json_object *, json_object_new_int64, (int64_t number), (number))

struct json_tokener *__real_json_tokener_new_ex(int depth);
struct json_tokener *__wrap_json_tokener_new_ex(int depth);
struct json_tokener *__wrap_json_tokener_new_ex(int depth)
{
	trees.tokeners++;
	return alloc_is_out() ? NULL : __real_json_tokener_new_ex(depth);
}

struct json_object *__real_json_tokener_parse_ex(struct json_tokener *, const char *, int);
struct json_object *__wrap_json_tokener_parse_ex(struct json_tokener *, const char *, int);
struct json_object *__wrap_json_tokener_parse_ex(struct json_tokener *tokener, const char *bytes,
						 int length)
{
	struct json_object *tree = __real_json_tokener_parse_ex(tokener, bytes, length);

	trees.live += tree != NULL;
	trees.most = trees.live > trees.most ? trees.live : trees.most;
	return tree;
}

int __real_json_object_put(struct json_object *);
int __wrap_json_object_put(struct json_object *);
int __wrap_json_object_put(struct json_object *tree)
{
	trees.live -= tree != NULL;
	return __real_json_object_put(tree);
}

/* True if a call failed since alloc_limit(left). */
static bool fails_without_memory(long left)
{
	return alloc.calls > (unsigned long)left;
}

/* Runs it with 0, 1, 2, ... successful calls until none fails. */
static void try_without_memory(void (*once)(long left))
{
	bool enough = false;
	long left;

	for (left = 0; left < 1000 && !enough; left++) {
		alloc_limit(left);
		once(left);
		enough = !fails_without_memory(left);
		alloc_limit(-1);
	}
	assert_true(enough && left > 1);
}

static void list_once(long left)
{
	static const char body[] =
		"[{\"uid\":9,\"module_list\":[{\"module_name\":\"a\"}]},{\"uid\":3},{\"uid\":9}]";
	struct bdb_reader *reader = bdb_reader_new("uid,module_list", 0);
	struct bdb_set set;
	size_t unreadable;
	struct err err = { 0 };
	int rc;

	if (!reader) {
		assert_true(fails_without_memory(left));
		return;
	}
	bdb_set_init(&set);
	bdb_reader_feed(reader, body, sizeof(body) - 1, &err);
	rc = bdb_reader_end(reader, &set, &unreadable, &err);
	assert_int_equal(rc, fails_without_memory(left) ? -1 : 0);
	assert_int_equal(set.count, fails_without_memory(left) ? 0 : 2);
	if (rc < 0)
		assert_non_null(strstr(err.text, "out of memory while reading "));
	bdb_set_release(&set);
	bdb_reader_free(reader);
}

static void a_list_without_memory_is_refused(void **state)
{
	try_without_memory(list_once);
}

/* Reads a list of two databases, and keeps it; it is refused or complete. */
static void compare_list(struct last_list *last, const char *body)
{
	struct bdb_reader *reader = bdb_reader_new("uid,name", 0);
	struct err err = { 0 };
	size_t unreadable;
	struct bdb_set set;

	if (!reader)
		return;
	bdb_set_init(&set);
	bdb_reader_compare(reader, last, "");
	bdb_reader_feed(reader, body, strlen(body), &err);
	if (bdb_reader_end(reader, &set, &unreadable, &err) < 0) {
		assert_non_null(strstr(err.text, "out of memory while reading "));
	} else {
		assert_int_equal(set.count, 2);
		assert_string_equal(set.bdbs[0]->name, strstr(body, "new") ? "new" : "a");
		assert_string_equal(set.bdbs[1]->name, "b");
		bdb_reader_keep(reader);
	}
	bdb_set_release(&set);
	bdb_reader_free(reader);
}

static void compared_once(long left)
{
	struct last_list *last = last_list_new();

	if (!last)
		return;
	compare_list(last, "[{\"uid\":9,\"name\":\"a\"},{\"uid\":3,\"name\":\"b\"}]");
	last_list_forget(last, 3);
	compare_list(last, "[{\"uid\":9,\"name\":\"new\"},{\"uid\":3,\"name\":\"b\"}]");
	compare_list(last, "[{\"uid\":9,\"name\":\"new\"},{\"uid\":3,\"name\":\"b\"}]");
	last_list_free(last);
}

static void a_compared_list_without_memory_is_refused_or_complete(void **state)
{
	try_without_memory(compared_once);
}

static void modules_once(long left)
{
	static const char body[] = "[{\"module_name\":\"a\",\"capabilities\":[]}]";
	struct module_names names;
	struct err err;
	int rc = modules_lacking(&names, body, sizeof(body) - 1, &err);

	assert_int_equal(rc, fails_without_memory(left) ? -1 : 0);
	assert_int_equal(names.count, fails_without_memory(left) ? 0 : 1);
	module_names_release(&names);
}

static void modules_without_memory_are_refused(void **state)
{
	try_without_memory(modules_once);
}

/* Reads a reply with data; it must be rejected with an error unless no allocation failed. */
static void data_once(const struct data_format *form, const char *body, long left)
{
	struct data_reader *reader = data_reader_new(form, 0, 0);
	struct err err = { 0 };
	bool refused;

	if (!reader) {
		assert_true(fails_without_memory(left));
		return;
	}
	data_reader_feed(reader, body, strlen(body), &err);
	refused = !data_reader_end(reader, &err);
	assert_int_equal(refused, fails_without_memory(left));
	if (fails_without_memory(left))
		assert_non_null(strstr(err.text, "out of memory while reading a "));
	data_reader_free(reader);
}

static void events_once(long left)
{
	/* unordered, so that they are sorted */
	data_once(&event_format,
		  "[{\"time\":2,\"type\":\"b\",\"severity\":\"INFO\",\"description\":\"x\"},"
		  "{\"time\":3,\"type\":\"a\"},{\"time\":1,\"type\":\"c\"}]",
		  left);
}

static void alerts_once(long left)
{
	data_once(&alert_format,
		  "{\"1\":{\"a\":{\"state\":true,\"threshold\":80}},"
		  "\"2\":{\"b\":{\"state\":false}}}",
		  left);
}

static void actions_once(long left)
{
	data_once(&action_format,
		  "[{\"name\":\"a\",\"pending_ops\":{\"1\":{\"op_name\":\"x\"}}},"
		  "{\"name\":\"b\"}]",
		  left);
}

static void shards_once(long left)
{
	data_once(&shard_format, "[{\"uid\":1,\"role\":\"a\",\"backup\":{\"status\":\"b\"}}]",
		  left);
}

static void bdb_info_once(long left)
{
	data_once(&bdb_info_format,
		  "[{\"uid\":1,\"module_list\":[{\"module_name\":\"a\"}],"
		  "\"tags\":[{\"key\":\"k\",\"value\":\"v\"}]}]",
		  left);
}

static void bdb_info_one_once(long left)
{
	data_once(&bdb_info_one_format,
		  "{\"uid\":1,\"version\":\"8.0.0\",\"tags\":[{\"key\":\"k\"}]}", left);
}

static void nodes_once(long left)
{
	data_once(&node_format, "[{\"uid\":1,\"addr\":\"a\",\"software_version\":\"8\"}]", left);
}

static void data_without_memory_are_refused(void **state)
{
	try_without_memory(events_once);
	try_without_memory(alerts_once);
	try_without_memory(actions_once);
	try_without_memory(shards_once);
	try_without_memory(bdb_info_once);
	try_without_memory(bdb_info_one_once);
	try_without_memory(nodes_once);
}

/* Texts so long that each needs its own allocation. */
static void long_data_once(long left)
{
	static char body[120000];
	char *end = body;
	int i;

	end += sprintf(end, "[");
	for (i = 0; i < 5; i++) {
		end += sprintf(end, "%s{\"time\":5,\"type\":\"", i ? "," : "");
		end += sprintf(end, "%020000d\"}", i);
	}
	strcpy(end, "]");
	data_once(&event_format, body, left);
}

static void long_data_without_memory_are_refused(void **state)
{
	try_without_memory(long_data_once);
}

static void line_once(long left)
{
	const struct audit_user who = { .user = "ana" };
	struct bdb bdb;
	struct audit_line line = { .event = AUDIT_ANSWERED,
				   .cluster = "c:9443",
				   .bdb = &bdb,
				   .message = "busy",
				   .user = &who };
	char *text;

	bdb_init(&bdb, 1);
	text = audit_line_format(&line);
	assert_int_equal(text == NULL, fails_without_memory(left));
	free(text);
}

static void an_audit_line_is_complete_or_not_written(void **state)
{
	try_without_memory(line_once);
}

static void reset_once(long left)
{
	const struct reset_object object = { .cluster = "c", .uid = 7, .name = "a\xff" };
	char *text = reset_object_format(&object);

	assert_int_equal(text == NULL, fails_without_memory(left));
	free(text);
}

static void what_became_of_a_reset_is_complete_or_not_written(void **state)
{
	try_without_memory(reset_once);
}

static void progress_once(long left)
{
	struct saved_op op = { .uid = 7, .status = "exporting", .percent = 4, .moved_s = 1000 };
	struct saved_progress progress = { .seen_s = 1000, .ops = &op, .count = 1 }, read;
	char *first = progress_text_replace("", "a:9443", &progress, 1000), *second = NULL;

	if (first)
		second = progress_text_replace(first, "b:9443", &progress, 1000);
	if (second && !progress_text_read(second, "b:9443", &read)) {
		assert_int_equal(read.count, 1);
		saved_progress_release(&read);
	} else {
		assert_true(fails_without_memory(left));
	}
	free(first);
	free(second);
}

static void saved_progress_is_complete_or_not_written(void **state)
{
	try_without_memory(progress_once);
}

static void error_message_once(long left)
{
	static const char body[] = "{\"description\":\"busy\"}";
	char words[40] = "x";

	error_message(words, sizeof(words), body, sizeof(body) - 1);
	assert_true(fails_without_memory(left) || !strcmp(words, "busy"));
}

static void error_words_without_memory_do_no_harm(void **state)
{
	try_without_memory(error_message_once);
}

static void ten_thousand_databases_take_one_tokener_and_one_tree_at_a_time(void **state)
{
	const size_t count = 10000;
	char *body = malloc(count * 64), *end = body;
	struct list_result a;
	size_t i;

	*end++ = '[';
	for (i = 0; i < count; i++)
		end += sprintf(end, "%s{\"uid\":%zu,\"name\":\"db-%zu\"}", i ? "," : "", count - i,
			       i);
	strcpy(end, "]");
	memset(&trees, 0, sizeof(trees));
	read_parts(&a, fields_list(FIELDS_FULL), 0, body, 4096);
	assert_int_equal(a.rc, 0);
	assert_int_equal(a.set.count, count);
	assert_int_equal(a.unreadable, 0);
	assert_int_equal(trees.tokeners, 1);
	assert_int_equal(trees.most, 1);
	assert_int_equal(trees.live, 0);
	bdb_set_release(&a.set);
	free(body);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_without_memory_is_refused),
		cmocka_unit_test(a_compared_list_without_memory_is_refused_or_complete),
		cmocka_unit_test(modules_without_memory_are_refused),
		cmocka_unit_test(data_without_memory_are_refused),
		cmocka_unit_test(long_data_without_memory_are_refused),
		cmocka_unit_test(an_audit_line_is_complete_or_not_written),
		cmocka_unit_test(what_became_of_a_reset_is_complete_or_not_written),
		cmocka_unit_test(saved_progress_is_complete_or_not_written),
		cmocka_unit_test(error_words_without_memory_do_no_harm),
		cmocka_unit_test(ten_thousand_databases_take_one_tokener_and_one_tree_at_a_time),
	};

	return tap_run(tests);
}
