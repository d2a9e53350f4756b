#include "tests/json/bdb_fixture.h"

static const char two_full[] = TWO_FULL;

static void every_field_of_a_database_is_read(void **state)
{
	const struct bdb *bdb;
	struct list_result a;

	read_list(&a, two_full);
	assert_int_equal(a.rc, 0);
	assert_int_equal(a.set.count, 2);
	assert_int_equal(a.unreadable, 0);
	bdb = a.set.bdbs[0];
	assert_int_equal(bdb->uid, 12);
	assert_string_equal(bdb->name, "orders-eu");
	assert_string_equal(bdb->state, "active");
	assert_true(bdb->crdt && !bdb->internal && bdb->backup_enabled);
	assert_int_equal(bdb->created_s, 1772445600);
	assert_int_equal(bdb->changed_presence, FIELD_PRESENT);
	assert_int_equal(bdb->changed_s, 1795165200);
	assert_int_equal(bdb->backup_interval_s, 86400);
	assert_int_equal(bdb->op[OP_BACKUP].phase, OP_FAILED);
	assert_string_equal(bdb->op[OP_BACKUP].reason, "no-permission");
	assert_int_equal(bdb->op[OP_BACKUP].last_success_s, 1795017731);
	assert_int_equal(bdb->op[OP_EXPORT].phase, OP_IDLE);
	assert_int_equal(bdb->op[OP_EXPORT].last_success_presence, FIELD_ABSENT);
	assert_int_equal(bdb->op[OP_IMPORT].phase, OP_RUNNING);
	assert_true(bdb->op[OP_IMPORT].percent_presence == FIELD_PRESENT &&
		    bdb->op[OP_IMPORT].percent == 41.5);
	/* the API has no last_import_time, so it is not requested */
	assert_int_equal(bdb->op[OP_IMPORT].last_success_presence, FIELD_NOT_REQUESTED);
	assert_int_equal(bdb->modules_presence, FIELD_NOT_REQUESTED);
	assert_int_equal(a.set.bdbs[1]->changed_presence, FIELD_ABSENT);
	assert_int_equal(a.set.bdbs[1]->op[OP_EXPORT].phase, OP_SUCCEEDED);
	release(&a);
}

static void assert_same_records(const struct list_result *a, const struct list_result *b)
{
	size_t i;

	assert_int_equal(a->rc, b->rc);
	assert_int_equal(a->unreadable, b->unreadable);
	assert_int_equal(a->set.count, b->set.count);
	for (i = 0; i < a->set.count; i++)
		assert_true(bdb_is_equal(a->set.bdbs[i], b->set.bdbs[i]));
}

static void how_the_body_is_parted_makes_no_difference(void **state)
{
	struct list_result whole, parts;
	size_t step;

	read_list(&whole, two_full);
	for (step = 1; step < sizeof(two_full); step++) {
		read_parts(&parts, fields_list(FIELDS_FULL), 0, two_full, step);
		assert_same_records(&whole, &parts);
		release(&parts);
	}
	release(&whole);
}

static void a_cut_body_leaves_the_records_of_the_caller_alone(void **state)
{
	struct bdb_reader *reader = bdb_reader_new("uid,name", 0);
	struct bdb_set set;
	size_t unreadable = 99;
	struct bdb bdb;
	struct err err;

	bdb_set_init(&set);
	bdb_init(&bdb, 3);
	assert_int_equal(bdb_set_add(&set, &bdb), 0);
	assert_int_equal(bdb_reader_feed(reader, "[{\"uid\":1},{\"uid\":2}", 20, &err), 0);
	assert_int_equal(bdb_reader_end(reader, &set, &unreadable, &err), -1);
	assert_non_null(strstr(err.text, "was cut off after 20 bytes"));
	assert_int_equal(set.count, 1);
	assert_int_equal(set.bdbs[0]->uid, 3);
	assert_int_equal(unreadable, 99);
	bdb_set_release(&set);
	bdb_reader_free(reader);
	bdb_reader_free(NULL);
}

static void elements_that_are_no_database_are_counted(void **state)
{
	struct list_result a;

	read_list(&a,
		  "[1,null,\"x\",[{\"uid\":3}],{},{\"name\":\"no uid\"},true,{\"uid\":5},[],2.5]");
	assert_int_equal(a.rc, 0);
	assert_int_equal(a.set.count, 1);
	assert_int_equal(a.set.bdbs[0]->uid, 5);
	assert_int_equal(a.unreadable, 9);
	release(&a);
}

static void of_a_uid_that_comes_twice_the_first_stays(void **state)
{
	struct list_result a;
	size_t i;

	read_list(
		&a,
		"[{\"uid\":9,\"name\":\"a\"},{\"uid\":2,\"name\":\"b\"},{\"uid\":9,\"name\":\"c\"},"
		"{\"uid\":5,\"name\":\"d\"},{\"uid\":2,\"name\":\"e\"},{\"uid\":9.0,"
		"\"name\":\"f\"}]");
	assert_int_equal(a.rc, 0);
	assert_int_equal(a.set.count, 3);
	assert_int_equal(a.unreadable, 3);
	for (i = 0; i < a.set.count; i++)
		assert_string_equal(a.set.bdbs[i]->name, a.set.bdbs[i]->uid == 9 ? "a" :
						       a.set.bdbs[i]->uid == 2 ? "b" : "d");
	release(&a);
}

static void a_single_read_takes_its_own_uid_only(void **state)
{
	struct list_result a;

	read_parts(&a, "uid,name", 7, "{\"uid\":7,\"name\":\"x\"}", SIZE_MAX);
	assert_int_equal(a.rc, 0);
	assert_int_equal(a.set.count, 1);
	release(&a);
	read_parts(&a, "uid,name", 7, "{\"uid\":8,\"name\":\"x\"}", SIZE_MAX);
	assert_int_equal(a.rc, -1);
	assert_string_equal(a.err.text, "the reply is about db:8, but db:7 was requested. "
					"Is a proxy in between?");
	read_parts(&a, "uid,name", 7, "{\"name\":\"x\"}", SIZE_MAX);
	assert_int_equal(a.rc, -1);
	assert_non_null(strstr(a.err.text, "without a valid uid, but db:7 was requested. "));
	read_parts(&a, "uid,name", 7, "[{\"uid\":7}]", SIZE_MAX);
	assert_int_equal(a.rc, -1);
	assert_non_null(strstr(a.err.text, "a list where db:7 was expected"));
}

static void a_single_read_reports_the_modules(void **state)
{
	struct list_result a;

	read_parts(
		&a, fields_one(FIELDS_FULL), 7,
		"{\"uid\":7,\"module_list\":[{\"module_name\":\"search\",\"module_args\":\"\"},7,"
		"null,{},"
		"{\"module_name\":1},{\"module_name\":\"a\\u0000b\"},"
		"{\"module_name\":\"ReJSON\"}]}",
		SIZE_MAX);
	assert_int_equal(a.set.bdbs[0]->modules_presence, FIELD_PRESENT);
	assert_int_equal(a.set.bdbs[0]->module_count, 2);
	assert_string_equal(a.set.bdbs[0]->modules[0], "search");
	assert_string_equal(a.set.bdbs[0]->modules[1], "ReJSON");
	release(&a);
	read_parts(&a, fields_one(FIELDS_FULL), 7, "{\"uid\":7,\"module_list\":{}}", SIZE_MAX);
	assert_int_equal(a.set.bdbs[0]->modules_presence, FIELD_INVALID);
	release(&a);
	read_parts(&a, fields_one(FIELDS_FULL), 7, "{\"uid\":7,\"module_list\":null}", SIZE_MAX);
	assert_int_equal(a.set.bdbs[0]->modules_presence, FIELD_NULL);
	release(&a);
	read_parts(&a, fields_one(FIELDS_FULL), 7, "{\"uid\":7}", SIZE_MAX);
	assert_int_equal(a.set.bdbs[0]->modules_presence, FIELD_ABSENT);
	release(&a);
}

/* A captured reply of the directory BDBTOP_SAMPLES; NULL if it is unset, or lacks the file. */
static char *sample(const char *name)
{
	const char *directory = getenv("BDBTOP_SAMPLES");
	char path[1024], *text;
	FILE *file;

	if (!directory) {
		printf("# BDBTOP_SAMPLES is not set, so %s was not read\n", name);
		return NULL;
	}
	text = calloc(1, 64 * 1024);
	assert_non_null(text);
	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "r");
	if (!file || !fread(text, 1, 64 * 1024 - 1, file)) {
		printf("# %s is not there, so it was not read\n", path);
		free(text);
		text = NULL;
	}
	if (file)
		fclose(file);
	return text;
}

static void assert_holds_no(const struct bdb *bdb, const char *secret)
{
	size_t i;

	assert_null(strstr(bdb->name, secret));
	assert_null(strstr(bdb->state, secret));
	for (i = 0; i < OP_KINDS; i++) {
		assert_null(strstr(bdb->op[i].status, secret));
		assert_null(strstr(bdb->op[i].reason, secret));
	}
	for (i = 0; i < bdb->module_count; i++)
		assert_null(strstr(bdb->modules[i], secret));
}

/* A server that ignores `fields=` sends passwords; no record contains them. */
static void a_password_that_comes_unasked_is_in_no_record(void **state)
{
	static const char key[] = "\"authentication_admin_pass\":\"";
	char *body = sample("rs8_bdb_single.json"), *at, secret[64] = "";
	struct list_result a;

	if (!body)
		return;
	at = strstr(body, key);
	assert_non_null(at);
	at += strlen(key);
	snprintf(secret, sizeof(secret), "%.*s", (int)strcspn(at, "\""), at);
	assert_int_equal(strlen(secret), 48);
	read_parts(&a, fields_one(FIELDS_FULL), 1, body, 7);
	assert_int_equal(a.rc, 0);
	assert_holds_no(a.set.bdbs[0], secret);
	assert_string_equal(a.set.bdbs[0]->name, "default-db");
	assert_int_equal(a.set.bdbs[0]->module_count, 4);
	assert_int_equal(a.set.bdbs[0]->created_s, 1760400082);
	assert_true(op_is_clear(&a.set.bdbs[0]->op[OP_BACKUP]));
	release(&a);
	free(body);
}

static void captured_databases_that_never_ran_anything_are_idle(void **state)
{
	static const struct {
		const char *name;
		int64_t uid;
		enum field_presence export_presence;
	} samples[] = {
		{ "rs8_bdb_single.json", 1, FIELD_PRESENT },
		{ "rs60_bdb_single_redisinsight.json", 2, FIELD_ABSENT },
		{ "mock_bdb_with_nulls.json", 1, FIELD_NULL },
	};
	struct list_result a;
	size_t i, kind;

	for (i = 0; i < ARRAY_SIZE(samples); i++) {
		char *body = sample(samples[i].name);

		if (!body)
			continue;
		read_parts(&a, fields_one(FIELDS_FULL), samples[i].uid, body, SIZE_MAX);
		assert_int_equal(a.rc, 0);
		assert_int_equal(a.set.bdbs[0]->op[OP_EXPORT].status_presence,
				 samples[i].export_presence);
		for (kind = 0; kind < OP_KINDS; kind++)
			assert_true(op_is_clear(&a.set.bdbs[0]->op[kind]));
		release(&a);
		free(body);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field_of_a_database_is_read),
		cmocka_unit_test(how_the_body_is_parted_makes_no_difference),
		cmocka_unit_test(a_cut_body_leaves_the_records_of_the_caller_alone),
		cmocka_unit_test(elements_that_are_no_database_are_counted),
		cmocka_unit_test(of_a_uid_that_comes_twice_the_first_stays),
		cmocka_unit_test(a_single_read_takes_its_own_uid_only),
		cmocka_unit_test(a_single_read_reports_the_modules),
		cmocka_unit_test(a_password_that_comes_unasked_is_in_no_record),
		cmocka_unit_test(captured_databases_that_never_ran_anything_are_idle),
	};

	return tap_run(tests);
}
