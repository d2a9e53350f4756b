/*
 * Surprises in the database object (doc/api-notes.md), one test each.
 */
#include "tests/json/bdb_fixture.h"

/* Idle has four spellings. */
static void idle_has_four_spellings_and_each_is_distinguished(void **state)
{
	static const struct {
		const char *keys;
		enum field_presence presence;
	} idle[] = {
		{ "", FIELD_ABSENT },
		{ "\"backup_status\":null", FIELD_NULL },
		{ "\"backup_status\":\"\"", FIELD_PRESENT },
		{ "\"backup_status\":\"idle\"", FIELD_PRESENT },
	};
	struct list_result a;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(idle); i++) {
		const struct op *op = &read_keys(&a, idle[i].keys)->op[OP_BACKUP];

		assert_int_equal(op->phase, OP_IDLE);
		assert_int_equal(op->status_presence, idle[i].presence);
		assert_true(op_is_clear(op));
		release(&a);
	}
}

/* An unknown status is kept as received. */
static void an_unknown_status_stays_as_it_came(void **state)
{
	struct list_result a;
	const struct op *op =
		&read_keys(&a, "\"export_status\":\"paused by \\u0007mars\"")->op[OP_EXPORT];

	assert_int_equal(op->phase, OP_OTHER);
	assert_string_equal(op->status, "paused by \amars");
	release(&a);
}

/* A reason may have two sizes behind it. */
static void an_import_reason_keeps_its_two_byte_counts(void **state)
{
	struct list_result a;
	const struct op *op =
		&read_keys(&a, "\"import_status\":\"failed\",\"import_failure_reason\":"
			       "\"file-larger-than-mem-limit:12884901888:x:\"")
			 ->op[OP_IMPORT];

	assert_string_equal(op->reason, "file-larger-than-mem-limit:12884901888:x:");
	release(&a);
}

/* A reason may outlive its failure. */
static void a_reason_without_failed_is_kept_and_is_not_clear(void **state)
{
	struct list_result a;
	const struct op *op =
		&read_keys(&a, "\"backup_status\":\"\",\"backup_failure_reason\":\"general-error\"")
			 ->op[OP_BACKUP];

	assert_int_equal(op->phase, OP_IDLE);
	assert_false(op_is_clear(op));
	release(&a);
}

/* No success has several spellings, and times come as ISO 8601 or as seconds. */
static void no_last_time_null_empty_and_1970_are_all_no_success(void **state)
{
	static const struct {
		const char *keys;
		enum field_presence presence;
	} never[] = {
		{ "\"backup\":true", FIELD_ABSENT },
		{ "\"last_backup_time\":null", FIELD_NULL },
		{ "\"last_backup_time\":\"\"", FIELD_NULL },
		{ "\"last_backup_time\":\"1970-01-01T00:00:00Z\"", FIELD_NULL },
		{ "\"last_backup_time\":\"yesterday\"", FIELD_INVALID },
		{ "\"last_backup_time\":1795017731", FIELD_INVALID },
		{ "\"last_backup_time\":\"2026-02-30T00:00:00Z\"", FIELD_INVALID },
		{ "\"last_backup_time\":\"2026-11-18T16:02:11Z\\u0000\"", FIELD_INVALID },
	};
	struct list_result a;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(never); i++) {
		assert_int_equal(read_keys(&a, never[i].keys)->op[OP_BACKUP].last_success_presence,
				 never[i].presence);
		release(&a);
	}
}

/* An interval is set while backups are off. */
static void an_interval_is_read_although_backups_are_off(void **state)
{
	struct list_result a;
	const struct bdb *bdb = read_keys(&a, "\"backup\":false,\"backup_interval\":86400");

	assert_true(bdb->backup_enabled_presence == FIELD_PRESENT && !bdb->backup_enabled);
	assert_true(bdb->backup_interval_presence == FIELD_PRESENT &&
		    bdb->backup_interval_s == 86400);
	release(&a);
}

/* Numbers come as integer, float or string. */
static void numbers_come_as_float_string_or_integer(void **state)
{
	static const struct {
		const char *value;
		enum field_presence percent_presence;
		double percent;
		enum field_presence interval_presence;
		int64_t interval_s;
	} numbers[] = {
		{ "7", FIELD_PRESENT, 7, FIELD_PRESENT, 7 },
		{ "7.0", FIELD_PRESENT, 7, FIELD_PRESENT, 7 },
		{ "\"7\"", FIELD_PRESENT, 7, FIELD_PRESENT, 7 },
		{ "\"7.00\"", FIELD_PRESENT, 7, FIELD_PRESENT, 7 },
		{ "14.29", FIELD_PRESENT, 14.29, FIELD_INVALID, 0 },
		{ "\"14.29\"", FIELD_PRESENT, 14.29, FIELD_INVALID, 0 },
		{ "0.0", FIELD_PRESENT, 0, FIELD_PRESENT, 0 },
		{ "1e2", FIELD_PRESENT, 100, FIELD_PRESENT, 100 },
		{ "3600", FIELD_INVALID, 0, FIELD_PRESENT, 3600 },
		{ "1081100128256.0", FIELD_INVALID, 0, FIELD_PRESENT, 1081100128256 },
		{ "-1", FIELD_INVALID, 0, FIELD_INVALID, 0 },
		{ "NaN", FIELD_INVALID, 0, FIELD_INVALID, 0 },
		{ "Infinity", FIELD_INVALID, 0, FIELD_INVALID, 0 },
		{ "-Infinity", FIELD_INVALID, 0, FIELD_INVALID, 0 },
		{ "1e400", FIELD_INVALID, 0, FIELD_INVALID, 0 },
		{ "99999999999999999999999", FIELD_INVALID, 0, FIELD_INVALID, 0 },
		{ "\"7x\"", FIELD_INVALID, 0, FIELD_INVALID, 0 },
		{ "\"0x7\"", FIELD_INVALID, 0, FIELD_INVALID, 0 },
		{ "\" 7\"", FIELD_INVALID, 0, FIELD_INVALID, 0 },
		{ "\"inf\"", FIELD_INVALID, 0, FIELD_INVALID, 0 },
		{ "\"\"", FIELD_INVALID, 0, FIELD_INVALID, 0 },
		{ "\".5\"", FIELD_INVALID, 0, FIELD_INVALID, 0 },
		{ "\"7\\u0000\"", FIELD_INVALID, 0, FIELD_INVALID, 0 },
		{ "true", FIELD_INVALID, 0, FIELD_INVALID, 0 },
		{ "[7]", FIELD_INVALID, 0, FIELD_INVALID, 0 },
		{ "{}", FIELD_INVALID, 0, FIELD_INVALID, 0 },
		{ "null", FIELD_NULL, 0, FIELD_NULL, 0 },
	};
	struct list_result a;
	char keys[256];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		const char *value = numbers[i].value;
		const struct bdb *bdb;

		snprintf(keys, sizeof(keys), "\"export_progress\":%s,\"backup_interval\":%s", value,
			 value);
		bdb = read_keys(&a, keys);
		if (bdb->op[OP_EXPORT].percent_presence != numbers[i].percent_presence ||
		    bdb->backup_interval_presence != numbers[i].interval_presence)
			fail_msg("%s: %d, %d", value, bdb->op[OP_EXPORT].percent_presence,
				 bdb->backup_interval_presence);
		assert_true(bdb->op[OP_EXPORT].percent == numbers[i].percent);
		assert_true(bdb->backup_interval_s == numbers[i].interval_s);
		release(&a);
	}
}

/* json-c accepts more than numbers as numbers. */
static void a_uid_is_exact_or_the_element_is_unreadable(void **state)
{
	static const struct {
		const char *uid;
		int64_t is;	/* 0: unreadable */
	} uids[] = {
		{ "7", 7 },
		{ "7.0", 7 },
		{ "7e0", 7 },
		{ "9223372036854775807", INT64_MAX },
		{ "9007199254740993", INT64_C(9007199254740993) },
		{ "9223372036854775808", 0 },
		{ "18446744073709551616", 0 },
		{ "1e300", 0 },
		{ "99999999999999999999999", 0 },
		{ "9007199254740992.0", INT64_C(9007199254740992) },
		{ "9007199254740994.0", 0 },
		{ "0", 0 },
		{ "-7", 0 },
		{ "-0.0", 0 },
		{ "7.5", 0 },
		{ "NaN", 0 },
		{ "Infinity", 0 },
		{ "\"7\"", 0 },
		{ "\"7x\"", 0 },
		{ "true", 0 },
		{ "null", 0 },
		{ "[7]", 0 },
		{ "{}", 0 },
		{ "-99999999999999999999999", 0 },
	};
	struct list_result a;
	char body[128];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(uids); i++) {
		snprintf(body, sizeof(body), "[{\"uid\":%s,\"name\":\"x\"}]", uids[i].uid);
		read_list(&a, body);
		assert_int_equal(a.rc, 0);
		if (a.set.count != (uids[i].is != 0) || a.unreadable != !uids[i].is)
			fail_msg("%s: %zu, %zu", uids[i].uid, a.set.count, a.unreadable);
		if (uids[i].is)
			assert_true(a.set.bdbs[0]->uid == uids[i].is);
		release(&a);
	}
}

/* The list of databases is an array. */
static void a_map_or_a_wrapper_is_no_list(void **state)
{
	static const char *const bodies[] = { "{\"1\":{\"uid\":1}}", "{\"bdbs\":[]}", "{}" };
	struct list_result a;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bodies); i++) {
		read_list(&a, bodies[i]);
		assert_int_equal(a.rc, -1);
		assert_non_null(
			strstr(a.err.text, "an object where a list of databases was expected"));
	}
}

/* A server that ignores `fields=` sends more fields. */
static void a_field_that_was_not_asked_is_not_taken(void **state)
{
	struct list_result a;
	const struct bdb *bdb;

	read_parts(&a, "uid,name,backup_status,backup_failure_reason", 0, TWO_FULL, SIZE_MAX);
	assert_int_equal(a.rc, 0);
	bdb = a.set.bdbs[0];
	assert_int_equal(bdb->op[OP_BACKUP].phase, OP_FAILED);
	assert_int_equal(bdb->op[OP_BACKUP].percent_presence, FIELD_NOT_REQUESTED);
	assert_int_equal(bdb->op[OP_EXPORT].phase, OP_NOT_REQUESTED);
	assert_int_equal(bdb->op[OP_IMPORT].phase, OP_NOT_REQUESTED);
	assert_int_equal(bdb->op[OP_IMPORT].status_presence, FIELD_NOT_REQUESTED);
	assert_false(op_is_clear(&bdb->op[OP_EXPORT]));
	assert_int_equal(bdb->state_presence, FIELD_NOT_REQUESTED);
	assert_string_equal(bdb->state, "");
	assert_int_equal(bdb->created_presence, FIELD_NOT_REQUESTED);
	release(&a);
	/* a field that the short list does not request counts as not requested, not as absent */
	read_parts(&a, fields_list(FIELDS_2020), 0, "[{\"uid\":1,\"crdt\":true}]", SIZE_MAX);
	assert_int_equal(a.set.bdbs[0]->crdt_presence, FIELD_NOT_REQUESTED);
	assert_int_equal(a.set.bdbs[0]->op[OP_IMPORT].status_presence, FIELD_ABSENT);
	release(&a);
}

/* Text from the cluster is untrusted. */
static void names_keep_their_raw_bytes(void **state)
{
	static const char raw[] = "a\x1b[31m\xff\xfe\xe2\x80\xae\"'\xf0\x9f\x92\xa5";
	struct list_result a;
	const struct bdb *bdb =
		read_keys(&a, "\"name\":\"a\x1b[31m\xff\xfe\xe2\x80\xae\\\"'\\ud83d\\udca5\"");

	assert_string_equal(bdb->name, raw);
	release(&a);
}

static void a_lone_surrogate_becomes_the_sign_for_it(void **state)
{
	struct list_result a;

	assert_string_equal(read_keys(&a, "\"name\":\"a\\ud800b\"")->name, "a\xef\xbf\xbd" "b");
	release(&a);
}

static void a_text_of_another_type_or_with_a_nul_is_wrong(void **state)
{
	static const char *const wrong[] = {
		"7", "7.5", "true", "[]", "{\"a\":\"failed\"}", "\"fail\\u0000ed\""
	};
	struct list_result a;
	char keys[256];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		const struct bdb *bdb;

		snprintf(keys, sizeof(keys), "\"name\":%s,\"status\":%s,\"backup_status\":%s,"
			 "\"backup_failure_reason\":%s", wrong[i], wrong[i], wrong[i], wrong[i]);
		bdb = read_keys(&a, keys);
		assert_int_equal(bdb->name_presence, FIELD_INVALID);
		assert_string_equal(bdb->name, "");
		assert_int_equal(bdb->state_presence, FIELD_INVALID);
		assert_int_equal(bdb->op[OP_BACKUP].phase, OP_UNREADABLE);
		assert_int_equal(bdb->op[OP_BACKUP].reason_presence, FIELD_INVALID);
		assert_false(op_is_clear(&bdb->op[OP_BACKUP]));
		release(&a);
	}
}

/* Unknown keys are normal. */
static void unknown_keys_are_ignored(void **state)
{
	struct list_result a;
	const struct bdb *bdb =
		read_keys(&a, "\"acl\":[],\"backup_location\":{\"url\":\"ftp://u:p@h/\"},"
			      "\"topology_epoch\":1,\"\":{},\"name\":\"x\"");

	assert_string_equal(bdb->name, "x");
	release(&a);
}

static void of_a_key_that_comes_twice_the_last_counts(void **state)
{
	struct list_result a;

	assert_string_equal(read_keys(&a, "\"name\":\"first\",\"name\":\"last\"")->name, "last");
	release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(idle_has_four_spellings_and_each_is_distinguished),
		cmocka_unit_test(an_unknown_status_stays_as_it_came),
		cmocka_unit_test(an_import_reason_keeps_its_two_byte_counts),
		cmocka_unit_test(a_reason_without_failed_is_kept_and_is_not_clear),
		cmocka_unit_test(no_last_time_null_empty_and_1970_are_all_no_success),
		cmocka_unit_test(an_interval_is_read_although_backups_are_off),
		cmocka_unit_test(numbers_come_as_float_string_or_integer),
		cmocka_unit_test(a_uid_is_exact_or_the_element_is_unreadable),
		cmocka_unit_test(a_map_or_a_wrapper_is_no_list),
		cmocka_unit_test(a_field_that_was_not_asked_is_not_taken),
		cmocka_unit_test(names_keep_their_raw_bytes),
		cmocka_unit_test(a_lone_surrogate_becomes_the_sign_for_it),
		cmocka_unit_test(a_text_of_another_type_or_with_a_nul_is_wrong),
		cmocka_unit_test(unknown_keys_are_ignored),
		cmocka_unit_test(of_a_key_that_comes_twice_the_last_counts),
	};

	return tap_run(tests);
}
