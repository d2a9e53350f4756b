#include "bdbtop/json/data_formats.h"

#include "tests/json/data_fixture.h"

/* Modules and tags of the first database, as `search ReJSON | env=prod`. */
static const char *words_of(const char *members, char out[300])
{
	char body[600], *at = out;
	struct data_result result;
	const struct bdb_info *info;
	const char *word;

	snprintf(body, sizeof(body), "[{\"uid\":7,%s}]", members);
	info = read_data(&result, &bdb_info_format, 0, body)->bdb_infos;
	assert_int_equal(result.data->bdb_info_count, 1);
	assert_int_equal(result.data->unreadable, 0);
	for (word = info->modules; *word; word = bdb_info_next(word))
		at += sprintf(at, "%s ", word);
	at += sprintf(at, "|");
	for (word = info->tags; *word; word = bdb_info_next(word))
		at += sprintf(at, " %s", word);
	end_data(&result);
	return out;
}

static void modules_and_tags_are_read(void **state)
{
	char out[300];

	assert_string_equal(words_of("\"module_list\":[{\"module_args\":\"\",\"module_id\":"
				     "\"b1\",\"module_name\":\"search\",\"semantic_version\":"
				     "\"7.99.91\"},{\"module_name\":\"ReJSON\"}],"
				     "\"tags\":[{\"key\":\"env\",\"value\":\"prod\"},"
				     "{\"value\":\"eu\",\"key\":\"region\"}]",
				     out),
			    "search ReJSON | env=prod region=eu");
	assert_string_equal(words_of("\"module_list\":[],\"tags\":[]", out), "|");
	assert_string_equal(words_of("\"name\":\"x\"", out), "|");
}

static void unnamed_modules_and_tags_are_skipped(void **state)
{
	char out[300];

	assert_string_equal(
		words_of("\"module_list\":[null,7,{},{\"module_name\":null},"
			 "{\"module_name\":7},{\"module_name\":\"\"},"
			 "{\"module_name\":\"a\\u0000b\"},\"bf\","
			 "{\"module_name\":\"good\"}],"
			 "\"tags\":[null,\"env=prod\",{},{\"key\":\"\",\"value\":\"x\"},"
			 "{\"value\":\"x\"},{\"key\":7,\"value\":\"x\"},"
			 "{\"key\":\"k\\u0000\",\"value\":\"x\"},"
			 "{\"key\":\"a\"},{\"key\":\"b\",\"value\":\"\"},"
			 "{\"key\":\"c\",\"value\":null},{\"key\":\"d\",\"value\":\"=\"}]",
			 out),
		"good | a= b= c= d==");
	assert_string_equal(words_of("\"module_list\":null,\"tags\":{\"env\":\"prod\"}", out), "|");
	assert_string_equal(words_of("\"module_list\":\"search\",\"tags\":7", out), "|");
}

static void invalid_database_elements_are_counted_and_hide_no_other(void **state)
{
	static const char *const bad[] = {
		"null",		"7", "[]", "{}", "{\"uid\":\"x\"}", "{\"uid\":0}", "{\"uid\":-1}",
		"{\"uid\":1.5}"
	};
	char body[200];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		struct data_result result;
		const struct cluster_data *data;

		snprintf(body, sizeof(body), "[%s,{\"uid\":2}]", bad[i]);
		data = read_data(&result, &bdb_info_format, 0, body);
		if (data->bdb_info_count != 1 || data->unreadable != 1 || data->bdb_infos->uid != 2)
			fail_msg("%s", bad[i]);
		end_data(&result);
	}
}

/* Text from the cluster is untrusted. */
static void hostile_tags_stay_the_raw_bytes_that_they_are(void **state)
{
	char out[300];

	assert_string_equal(words_of("\"module_list\":[{\"module_name\":\"\\u001bc\"}],\"tags\":"
				     "[{\"key\":\"\xff\",\"value\":\"\\u202e'$(x)'\\n\"}]",
				     out),
			    "\x1b"
			    "c | \xff=\xe2\x80\xae'$(x)'\n");
}

/* Versions and sizes of the one database, as `8.0.0 8.0 4 8589934592`. */
static const char *sizes_of(const char *members, char out[300])
{
	char body[600];
	struct data_result result;
	const struct bdb_info *info;

	snprintf(body, sizeof(body), "{\"uid\":\"7\",%s}", members);
	info = read_data(&result, &bdb_info_one_format, 7, body)->bdb_infos;
	assert_int_equal(result.data->bdb_info_count, 1);
	assert_int_equal(info->uid, 7);
	snprintf(out, 300, "(%s) (%s) %lld %lld", info->version, info->redis_version,
		 (long long)info->shards_count, (long long)info->memory_size);
	end_data(&result);
	return out;
}

/* Numbers come as integer, float or string. */
static void versions_and_sizes_of_one_are_read(void **state)
{
	char out[300];

	assert_string_equal(sizes_of("\"version\":\"8.0.0\",\"redis_version\":\"5.0-big\","
				     "\"shards_count\":4,\"memory_size\":8589934592",
				     out),
			    "(8.0.0) (5.0-big) 4 8589934592");
	assert_string_equal(sizes_of("\"redis_version\":7.4,\"shards_count\":\"4\","
				     "\"memory_size\":1081100128256.0",
				     out),
			    "() (7.4) 4 1081100128256");
	/* 0: no limit */
	assert_string_equal(sizes_of("\"memory_size\":0", out), "() () -1 0");
	assert_string_equal(sizes_of("\"version\":null,\"redis_version\":[],\"shards_count\":-1,"
				     "\"memory_size\":NaN",
				     out),
			    "() () -1 -1");
	assert_string_equal(sizes_of("\"shards_count\":1.5,\"memory_size\":\"8 GB\"", out),
			    "() () -1 -1");
}

static void sizes_that_nobody_asked_for_are_not_known(void **state)
{
	struct data_result result;
	const struct bdb_info *info =
		read_data(&result, &bdb_info_format, 0, "[{\"uid\":7,\"tags\":[]}]")->bdb_infos;

	assert_string_equal(info->version, "");
	assert_string_equal(info->redis_version, "");
	assert_int_equal(info->shards_count, -1);
	assert_int_equal(info->memory_size, -1);
	end_data(&result);
}

static void what_is_not_the_database_that_was_asked_about_is_refused(void **state)
{
	static const char *const bad[] = { "{}", "{\"uid\":8}",
					   "{\"uid\":null,\"version\":\"8.0.0\"}",
					   "{\"uid\":\"7 \"}" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		struct data_request request = { .format = &bdb_info_one_format, .uid = 7 };
		struct data_result result;

		read_bytes(&result, &request, bad[i], strlen(bad[i]));
		assert_null(result.data);
		assert_string_equal(result.err.text, "the reply is not a database, or is about "
						     "another one. Is a proxy in between?");
		end_data(&result);
	}
	assert_refused(&bdb_info_one_format, "[{\"uid\":7}]",
		       "a list where a database was expected");
	assert_refused(&bdb_info_one_format, "{\"uid\":7}{\"uid\":7}",
		       "there is something after its end");
}

/* A map by uid, or one complete database, is rejected. */
static void another_shape_is_refused(void **state)
{
	assert_refused(&bdb_info_format, "{\"1\":{\"tags\":[]}}",
		       "an object where a list of databases was expected");
	assert_refused(&bdb_info_format, "{\"uid\":1,\"authentication_admin_pass\":\"x\"}",
		       "an object where a list of databases was expected");
}

static void ten_thousand_databases_are_read_in_parts(void **state)
{
	const size_t count = 10000;
	char *body = malloc(count * 160), *end = body;
	struct data_request request = { .format = &bdb_info_format, .step = 4096 };
	struct data_result result;
	size_t i;

	for (i = 1; i <= count; i++)
		end += sprintf(end,
			       "%c{\"uid\":%zu,\"module_list\":[{\"module_name\":\"m%zu\"},"
			       "{\"module_name\":\"search\"}],\"tags\":[{\"key\":\"n\",\"value\":"
			       "\"%zu\"}]}",
			       i == 1 ? '[' : ',', i, i, i);
	strcpy(end, "]");
	read_bytes(&result, &request, body, strlen(body));
	assert_non_null(result.data);
	assert_int_equal(result.data->bdb_info_count, count);
	/* strings read first are still valid */
	assert_string_equal(result.data->bdb_infos[0].modules, "m1");
	assert_string_equal(bdb_info_next(result.data->bdb_infos[0].modules), "search");
	assert_string_equal(result.data->bdb_infos[count - 1].modules, "m10000");
	assert_string_equal(result.data->bdb_infos[count - 1].tags, "n=10000");
	end_data(&result);
	free(body);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(modules_and_tags_are_read),
		cmocka_unit_test(unnamed_modules_and_tags_are_skipped),
		cmocka_unit_test(invalid_database_elements_are_counted_and_hide_no_other),
		cmocka_unit_test(hostile_tags_stay_the_raw_bytes_that_they_are),
		cmocka_unit_test(versions_and_sizes_of_one_are_read),
		cmocka_unit_test(sizes_that_nobody_asked_for_are_not_known),
		cmocka_unit_test(what_is_not_the_database_that_was_asked_about_is_refused),
		cmocka_unit_test(another_shape_is_refused),
		cmocka_unit_test(ten_thousand_databases_are_read_in_parts),
	};

	return tap_run(tests);
}
