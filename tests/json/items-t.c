#include "bdbtop/json/items.h"

#include <json-c/json.h>

#include "bdbtop/core/array.h"
#include "tests/json/mutate.h"
#include "tests/tap.h"

/* The items of a reply, one per line, or the error. */
struct items_result {
	char items[4096];
	size_t count;
	bool complete;
	struct err err;
};

static int add_item(void *arg, struct json_object *item, struct err *err)
{
	struct items_result *result = arg;
	const char *text = json_object_to_json_string_ext(item, JSON_C_TO_STRING_PLAIN);

	result->count++;
	if (strlen(result->items) + strlen(text) + 2 < sizeof(result->items)) {
		strcat(result->items, text);
		strcat(result->items, "\n");
	}
	return 0;
}

static struct items_setup setup_of(bool one, struct items_result *result)
{
	memset(result, 0, sizeof(*result));
	return (struct items_setup){ .shape = one ? ITEMS_ONE : ITEMS_LIST,
				     .subject = one ? "db:7" : "a list of databases",
				     .item = add_item,
				     .arg = result };
}

struct parts {
	const char *bytes;
	size_t length;
	bool one;
};

/* Feeds the body in parts of `step` bytes, the first one of `first` bytes. */
static void read_parts(struct items_result *result, struct parts body, size_t first, size_t step)
{
	struct items_setup setup = setup_of(body.one, result);
	struct items *items = items_new(&setup);
	size_t at = 0, part = first;

	assert_non_null(items);
	for (; at < body.length; at += part, part = step) {
		if (part > body.length - at)
			part = body.length - at;
		/* a copy on the heap, so that a sanitizer sees every read beyond the part */
		char *copy = malloc(part + !part);

		memcpy(copy, body.bytes + at, part);
		items_feed(items, copy, part, &result->err);
		free(copy);
	}
	result->complete = !items_end(items, &result->err);
	items_free(items);
}

static void read_whole(struct items_result *result, bool one, const char *body)
{
	size_t length = strlen(body);

	read_parts(result, (struct parts){ body, length, one }, length, 1);
}

static void assert_refused(const char *body, const char *sentence)
{
	struct items_result result;

	read_whole(&result, false, body);
	assert_false(result.complete);
	if (!strstr(result.err.text, sentence))
		fail_msg("%s: %s", body, result.err.text);
}

static const char mixed[] =
	" \r\n[ {\"uid\": 1, \"name\": \"a\\\"]},\\\\\", \"n\": [1, {\"x\": []}], \"f\": "
	"-1.5e+3,\"g\":NaN,\"h\":-Infinity},\n\t{} ,"
	"null,true , 12,\"'quoted', \\u00e9\\ud83d\\ude00 \xc3\xa9\", [ ],{\"uid\":2}] \n";

static void the_items_of_a_list_come_in_their_order(void **state)
{
	struct items_result result;

	read_whole(&result, false, "[{\"uid\":1},{\"uid\":2} , {\"uid\":3}]");
	assert_true(result.complete);
	assert_string_equal(result.items, "{\"uid\":1}\n{\"uid\":2}\n{\"uid\":3}\n");
	read_whole(&result, false, mixed);
	assert_true(result.complete);
	assert_int_equal(result.count, 8);
}

static void an_empty_list_is_complete(void **state)
{
	struct items_result result;

	read_whole(&result, false, " [ \n] ");
	assert_true(result.complete);
	assert_int_equal(result.count, 0);
}

static void every_split_gives_the_same_items(void **state)
{
	struct items_result whole, split;
	size_t length = strlen(mixed), at, step;

	read_whole(&whole, false, mixed);
	assert_true(whole.complete);
	for (at = 0; at <= length; at++) {
		read_parts(&split, (struct parts){ mixed, length, false }, at, length);
		assert_true(split.complete);
		assert_string_equal(split.items, whole.items);
	}
	for (step = 1; step <= 7; step++) {
		read_parts(&split, (struct parts){ mixed, length, false }, step, step);
		assert_true(split.complete);
		assert_string_equal(split.items, whole.items);
	}
}

static void every_truncation_is_refused(void **state)
{
	static const char tight[] = "[{\"uid\":1,\"n\":[1,2]},{\"uid\":2}]",
			  one[] = "{\"uid\":7,\"m\":[{}]}";
	struct items_result result;
	size_t at;

	for (at = 0; at < strlen(tight); at++) {
		read_parts(&result, (struct parts){ tight, at, false }, at, 1);
		assert_false(result.complete);
		assert_non_null(strstr(result.err.text, at ? "was cut off after" : "is empty"));
		read_parts(&result, (struct parts){ tight, at, false }, 1, 1);
		assert_false(result.complete);
	}
	for (at = 0; at < strlen(one); at++) {
		read_parts(&result, (struct parts){ one, at, true }, at, 1);
		assert_false(result.complete);
	}
	read_parts(&result, (struct parts){ one, at, true }, at, 1);
	assert_true(result.complete);
}

static void commas_and_brackets_are_demanded(void **state)
{
	assert_refused("[{} {}]", "byte 4 (a comma or ] is missing)");
	assert_refused("[{}{}]", "a comma or ]");
	assert_refused("[{},,{}]", "an element is missing");
	assert_refused("[,{}]", "an element is missing");
	assert_refused("[{},]", "an element is missing");
	assert_refused("[{}}", "a comma or ]");
	assert_refused("[{}:{}]", "a comma or ]");
	assert_refused("[1 2]", "a comma or ]");
}

static void nothing_may_stand_behind_the_end(void **state)
{
	struct items_result result;

	assert_refused("[] []", "byte 3 (there is something after its end)");
	assert_refused("[{}],", "there is something after its end");
	assert_refused("[{}]]", "there is something after its end");
	read_whole(&result, true, "{\"uid\":7} {}");
	assert_false(result.complete);
	read_whole(&result, true, "{\"uid\":7}\r\n");
	assert_true(result.complete);
}

/* False for json-c 0.18, whose strict mode rejects non-ASCII strings. */
static bool json_c_can_be_strict(void)
{
	static const char word[] = "\"\xc3\xa9\"";
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *read;

	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
	read = json_tokener_parse_ex(tokener, word, sizeof(word) - 1);
	json_tokener_free(tokener);
	json_object_put(read);
	return read != NULL;
}

static void broken_json_is_refused_at_its_byte(void **state)
{
	assert_refused("[{\"a\" 1}]", "invalid JSON at byte 6");
	assert_refused("[{a:1}]", "invalid JSON at byte");
	assert_refused("[{\"a\":tru}]", "invalid JSON at byte");
	assert_refused("[{\"a\":\"\\x\"}]", "invalid JSON at byte");
	assert_refused("[{\"a\":7x}]", "invalid JSON at byte");
	assert_refused("[{\"a\":1]", "invalid JSON at byte");
	if (json_c_can_be_strict()) {
		assert_refused("[{\"a\":1,}]", "invalid JSON at byte");
		assert_refused("[/* */ {}]", "invalid JSON at byte");
	}
}

static void json_c_extensions_are_refused(void **state)
{
	static const char nul[] = "[{\"a\":\"x\0y\"}]";
	struct items_result result;
	size_t step;

	assert_refused("[{'uid':1}]", "byte 2 (a single quote)");
	assert_refused("[{\"uid\":'1'}]", "a single quote");
	assert_refused("['a']", "a single quote");
	for (step = 1; step < sizeof(nul); step++) {
		read_parts(&result, (struct parts){ nul, sizeof(nul) - 1, false }, step, step);
		assert_false(result.complete);
		assert_non_null(strstr(result.err.text, "byte 8 (a NUL)"));
	}
	/* quotes inside a string are text, also after an escaped one */
	read_whole(&result, false, "[{\"a\":\"it's\\\"'\\\\\"}]");
	assert_true(result.complete);
}

/* json-c reads a complete number if a part ends after the 9. */
static void a_sign_inside_a_number_is_refused_however_it_is_parted(void **state)
{
	static const char body[] = "[{\"time\":1409-11190}]", good[] = "[1,-1,-1e-5,\"1-1\"]";
	struct items_result result;
	size_t at;

	for (at = 0; at < sizeof(body) - 1; at++) {
		read_parts(&result, (struct parts){ body, sizeof(body) - 1, false }, at, 100);
		assert_false(result.complete);
	}
	for (at = 0; at < sizeof(good) - 1; at++) {
		read_parts(&result, (struct parts){ good, sizeof(good) - 1, false }, at, 100);
		assert_true(result.complete);
	}
}

/* A map, or a reply of either shape: its entries as `key=item`, one per line. */
struct map_result {
	struct items *items;
	char entries[400];
	struct err err;
};

static int add_entry(void *arg, struct json_object *item, struct err *err)
{
	struct map_result *map = arg;
	const char *key = items_key(map->items);

	sprintf(map->entries + strlen(map->entries), "%s=%s\n", key ? key : "(none)",
		json_object_to_json_string_ext(item, JSON_C_TO_STRING_PLAIN));
	return 0;
}

static bool read_map(struct map_result *map, enum items_shape shape, const char *body, size_t step)
{
	const struct items_setup setup = {
		.shape = shape, .subject = "a map of alerts", .item = add_entry, .arg = map
	};
	size_t at, length = strlen(body);
	bool whole;

	memset(map, 0, sizeof(*map));
	map->items = items_new(&setup);
	for (at = 0; at < length; at += step)
		items_feed(map->items, body + at, step < length - at ? step : length - at,
			   &map->err);
	whole = !items_end(map->items, &map->err);
	items_free(map->items);
	return whole;
}

static const char mapped[] = " {\"1\" : {\"a\":[1,-2]} ,\n\"q\\\"}:\":null,\"\":\"it's\","
			     "\"\u00e9\":12,\"x\\u0000y\":[],\"1\":true}\r\n";

static void the_items_of_a_map_come_with_their_keys_however_it_is_parted(void **state)
{
	struct map_result map;
	size_t step;

	for (step = 1; step <= sizeof(mapped); step++) {
		assert_true(read_map(&map, ITEMS_MAP, mapped, step));
		assert_string_equal(map.entries,
				    "1={\"a\":[1,-2]}\nq\"}:=null\n=\"it's\"\n\xc3\xa9=12\n=[]\n"
				    "1=true\n");
	}
	assert_true(read_map(&map, ITEMS_MAP, "{ }", 1));
	assert_string_equal(map.entries, "");
}

static void every_truncation_of_a_map_is_refused(void **state)
{
	static const char tight[] = "{\"1\":{},\"2\":12}";
	char part[sizeof(tight)];
	struct map_result map;
	size_t at;

	for (at = 0; at < sizeof(tight) - 1; at++) {
		memcpy(part, tight, at);
		part[at] = '\0';
		assert_false(read_map(&map, ITEMS_MAP, part, at + 1));
		assert_non_null(strstr(map.err.text, at ? "was cut off after" : "is empty"));
	}
}

static void what_a_map_must_have_is_demanded(void **state)
{
	static const char *const rows[][2] = {
		{ "{\"1\"}", "a colon is missing" },
		{ "{\"1\" {}}", "a colon is missing" },
		{ "{\"1\":}", "an element is missing" },
		{ "{\"1\":,\"2\":{}}", "an element is missing" },
		{ "{\"1\":{},}", "an element is missing" },
		{ "{,\"1\":{}}", "an element is missing" },
		{ "{\"1\":{}\"2\":{}}", "a comma or } is missing" },
		{ "{\"1\":{}]", "a comma or } is missing" },
		{ "{1:{}}", "a key is missing" },
		{ "{{}:{}}", "a key is missing" },
		{ "{'1':{}}", "a single quote" },
		{ "{\"1\":{}}}", "there is something after its end" },
		{ "{\"1\":{}} []", "there is something after its end" },
		{ "{\"1\":tru}", "invalid JSON at byte" },
		{ "[]", "a list where a map of alerts was expected" },
	};
	struct map_result map;
	size_t i, step;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		for (step = 1; step < 30; step += 28) {
			assert_false(read_map(&map, ITEMS_MAP, rows[i][0], step));
			if (!strstr(map.err.text, rows[i][1]))
				fail_msg("%s: %s", rows[i][0], map.err.text);
		}
	}
	assert_refused("[}", "an element is missing");
}

static void either_shape_is_read_where_either_is_expected(void **state)
{
	struct map_result map;

	assert_true(read_map(&map, ITEMS_ANY, "[7,{}]", 1));
	assert_string_equal(map.entries, "(none)=7\n(none)={}\n");
	assert_true(read_map(&map, ITEMS_ANY, "{\"a\":[7]}", 1));
	assert_string_equal(map.entries, "a=[7]\n");
	assert_false(read_map(&map, ITEMS_ANY, "7", 1));
}

static void a_nesting_over_32_refuses_the_whole(void **state)
{
	char body[300];
	struct items_result result;
	int depth;

	for (depth = 31; depth <= 100; depth += 2) {
		strcpy(body, "[{},");
		memset(body + 4, '[', (size_t)depth);
		memset(body + 4 + depth, ']', (size_t)depth);
		strcpy(body + 4 + 2 * depth, "]");
		read_whole(&result, false, body);
		assert_int_equal(result.complete, depth <= 32);
		if (depth > 32)
			assert_non_null(strstr(result.err.text, "nests more than 32 levels"));
	}
}

static void an_item_without_end_is_refused(void **state)
{
	const size_t length = 16 * 1024;
	struct items_result result;
	struct items_setup setup = setup_of(false, &result);
	struct items *items = items_new(&setup);
	char *part = malloc(length);
	size_t fed = 0;
	int rc;

	memset(part, 'x', length);
	assert_int_equal(items_feed(items, "[{\"name\":\"", 10, &result.err), 0);
	do {
		rc = items_feed(items, part, length, &result.err);
		fed += length;
	} while (!rc && fed < 16 * ITEM_MAX_BYTES);
	assert_int_equal(rc, -1);
	assert_true(fed <= ITEM_MAX_BYTES + length);
	assert_non_null(strstr(result.err.text, "one element of the reply has more than"));
	free(part);
	items_free(items);
}

static void html_says_which_port_is_which(void **state)
{
	struct items_result result;

	read_whole(&result, false, "\n<!DOCTYPE html><html lang='en'>");
	assert_string_equal(
		result.err.text,
		"the reply is HTML, not the API's JSON. Port 8443 is the web interface, 9443 the "
		"API; or a proxy is in between.");
	read_whole(&result, true, "<html></html>");
	assert_non_null(strstr(result.err.text, "HTML"));
}

static void another_shape_is_named_in_the_sentence(void **state)
{
	struct items_result result;

	assert_refused("{\"uid\":1}",
		       "the reply is an object where a list of databases was expected.");
	assert_refused("\"busy\"", "the reply is a string where a list of databases");
	assert_refused("404", "the reply is a number where a list of databases");
	assert_refused("null", "the reply is not JSON where a list of databases");
	assert_refused("no healthy upstream", "not JSON");
	assert_refused("\xef\xbb\xbf[]", "byte order mark");
	assert_refused("", "the reply is empty where a list of databases was expected.");
	assert_refused(" \r\n", "is empty");
	read_whole(&result, true, "[{\"uid\":7}]");
	assert_non_null(strstr(result.err.text, "the reply is a list where db:7 was expected."));
}

static void a_refused_answer_stays_refused(void **state)
{
	struct items_result result;
	struct items_setup setup = setup_of(false, &result);
	struct items *items = items_new(&setup);
	struct err first, later;

	assert_int_equal(items_feed(items, "[{}x", 4, &first), -1);
	assert_int_equal(items_feed(items, ",{}]", 4, &later), -1);
	assert_string_equal(first.text, later.text);
	later.text[0] = '\0';
	assert_int_equal(items_end(items, &later), -1);
	assert_string_equal(first.text, later.text);
	assert_int_equal(items_end(items, NULL), -1);
	assert_int_equal(result.count, 1);
	items_free(items);
}

static int refuse_second(void *arg, struct json_object *item, struct err *err)
{
	size_t *count = arg;

	if (++*count < 2)
		return 0;
	err_set(err, ERR_RETRY, "enough.");
	return -1;
}

static void the_reader_of_items_may_refuse(void **state)
{
	size_t count = 0;
	const struct items_setup setup = { .subject = "a list",
					   .item = refuse_second,
					   .arg = &count };
	struct items *items = items_new(&setup);
	struct err err;

	assert_int_equal(items_feed(items, "[1,2,3]", 7, &err), -1);
	assert_string_equal(err.text, "enough.");
	assert_int_equal(items_end(items, &err), -1);
	assert_int_equal(count, 2);
	items_free(items);
}

static void mutations_do_no_harm_and_splits_never_matter(void **state)
{
	struct items_result whole, split;
	char body[sizeof(mixed) + 8];
	uint32_t seed = 20261121;
	size_t i, length, step, passed = 0;

	for (i = 0; i < 6000; i++) {
		memcpy(body, mixed, sizeof(mixed));
		length = mutate(body, sizeof(mixed) - 1, &seed);
		step = 1 + next_random(&seed) % 9;
		read_parts(&whole, (struct parts){ body, length, i % 8 == 0 }, length, length);
		read_parts(&split, (struct parts){ body, length, i % 8 == 0 }, step, step);
		assert_int_equal(whole.complete, split.complete);
		assert_string_equal(whole.items, split.items);
		passed += whole.complete;
	}
	/* some must pass and some fail, else the test proves nothing */
	assert_in_range(passed, 1, i - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_items_of_a_list_come_in_their_order),
		cmocka_unit_test(an_empty_list_is_complete),
		cmocka_unit_test(every_split_gives_the_same_items),
		cmocka_unit_test(every_truncation_is_refused),
		cmocka_unit_test(commas_and_brackets_are_demanded),
		cmocka_unit_test(nothing_may_stand_behind_the_end),
		cmocka_unit_test(broken_json_is_refused_at_its_byte),
		cmocka_unit_test(json_c_extensions_are_refused),
		cmocka_unit_test(a_sign_inside_a_number_is_refused_however_it_is_parted),
		cmocka_unit_test(the_items_of_a_map_come_with_their_keys_however_it_is_parted),
		cmocka_unit_test(every_truncation_of_a_map_is_refused),
		cmocka_unit_test(what_a_map_must_have_is_demanded),
		cmocka_unit_test(either_shape_is_read_where_either_is_expected),
		cmocka_unit_test(a_nesting_over_32_refuses_the_whole),
		cmocka_unit_test(an_item_without_end_is_refused),
		cmocka_unit_test(html_says_which_port_is_which),
		cmocka_unit_test(another_shape_is_named_in_the_sentence),
		cmocka_unit_test(a_refused_answer_stays_refused),
		cmocka_unit_test(the_reader_of_items_may_refuse),
		cmocka_unit_test(mutations_do_no_harm_and_splits_never_matter),
	};

	return tap_run(tests);
}
