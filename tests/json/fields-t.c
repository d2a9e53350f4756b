#include "bdbtop/json/fields.h"

#include "bdbtop/core/array.h"
#include "bdbtop/core/bdb.h"
#include "tests/tap.h"

#define LISTS 8

static void lists(const char *at[LISTS])
{
	at[0] = fields_list(FIELDS_FULL);
	at[1] = fields_one(FIELDS_FULL);
	at[2] = fields_list(FIELDS_2020);
	at[3] = fields_one(FIELDS_2020);
	at[4] = fields_bdb_info(FIELDS_FULL);
	at[5] = fields_bdb_info(FIELDS_2020);
	at[6] = fields_bdb_info_one(FIELDS_FULL);
	at[7] = fields_bdb_info_one(FIELDS_2020);
}

static void a_list_asks_for_exactly_the_twenty_names(void **state)
{
	assert_string_equal(
		fields_list(FIELDS_FULL),
		"uid,name,status,crdt,internal,created_time,last_changed_time,backup,"
		"backup_interval,backup_status,backup_progress,backup_failure_reason,"
		"last_backup_time,export_status,export_progress,export_failure_reason,"
		"last_export_time,import_status,import_progress,import_failure_reason");
}

static void a_single_read_asks_for_the_same_and_more(void **state)
{
	const char *list = fields_list(FIELDS_FULL), *one = fields_one(FIELDS_FULL);

	assert_int_equal(strncmp(one, list, strlen(list)), 0);
	assert_string_equal(
		one + strlen(list),
		",type,version,redis_version,memory_size,shards_count,replication,"
		"data_persistence,backup_interval_offset,backup_history,"
		"action_uid,endpoints,module_list,tags");
}

static void the_short_list_holds_the_names_of_2020_and_no_other(void **state)
{
	assert_string_equal(
		fields_list(FIELDS_2020),
		"uid,name,status,backup,backup_interval,backup_status,backup_progress,"
		"backup_failure_reason,last_backup_time,export_status,export_progress,"
		"export_failure_reason,last_export_time,import_status,import_progress,"
		"import_failure_reason");
	assert_string_equal(fields_one(FIELDS_2020), fields_list(FIELDS_2020));
}

static void bdb_info_is_requested_by_its_field_names(void **state)
{
	assert_string_equal(fields_bdb_info(FIELDS_FULL),
			    "uid,module_list,tags,shards_count,memory_size");
	assert_string_equal(fields_bdb_info(FIELDS_2020),
			    "uid,module_list,shards_count,memory_size");
	assert_string_equal(fields_bdb_info_one(FIELDS_FULL),
			    "uid,module_list,tags,version,redis_version,shards_count,memory_size");
	assert_string_equal(fields_bdb_info_one(FIELDS_2020),
			    "uid,module_list,version,redis_version,shards_count,memory_size");
}

static void every_list_holds_what_a_reset_is_judged_by(void **state)
{
	const char *at[LISTS];
	size_t i, kind;

	lists(at);
	/* all lists but those of bdb_info */
	for (i = 0; i < 4; i++) {
		assert_true(fields_contain(at[i], "uid"));
		assert_true(fields_contain(at[i], "name"));
		for (kind = 0; kind < OP_KINDS; kind++) {
			const struct op_def *def = &op_defs[kind];

			assert_true(fields_contain(at[i], def->status_key));
			assert_true(fields_contain(at[i], def->reason_key));
			assert_true(fields_contain(at[i], def->progress_key));
			assert_true(!def->last_success_key ||
				    fields_contain(at[i], def->last_success_key));
		}
	}
}

/* The unfiltered object contains passwords. */
static void no_list_holds_a_secret(void **state)
{
	static const char *const secrets[] = {
		"authentication_admin_pass",
		"authentication_redis_pass",
		"authentication_sasl_pass",
		"authentication_sasl_uname",
		"backup_location",
		"export_location",
		"dataset_import_sources",
		"replica_sources",
		"crdt_sources",
		"sync_sources",
		"crdt_replicas",
		"crdt_modules",
		"authentication_ssl_client_certs",
		"authentication_ssl_crdt_certs",
	};
	const char *at[LISTS];
	size_t i, k;

	lists(at);
	for (i = 0; i < ARRAY_SIZE(at); i++) {
		for (k = 0; k < ARRAY_SIZE(secrets); k++)
			assert_false(fields_contain(at[i], secrets[k]));
		assert_null(strstr(at[i], "pass"));
		assert_null(strstr(at[i], "location"));
		assert_null(strstr(at[i], "sources"));
	}
}

static void every_list_is_safe_in_a_url(void **state)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyz_,";
	const char *at[LISTS];
	size_t i;

	lists(at);
	for (i = 0; i < ARRAY_SIZE(at); i++)
		assert_int_equal(strspn(at[i], safe), strlen(at[i]));
}

static void only_a_complete_name_is_found(void **state)
{
	assert_true(fields_contain("uid,backup", "backup"));
	assert_false(fields_contain("uid,backup_status", "backup"));
	assert_false(fields_contain("uid,last_backup_time", "backup_time"));
	assert_false(fields_contain("uid,name", "uid,name"));
	assert_false(fields_contain("uid,,name", ""));
	assert_false(fields_contain("", "uid"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_asks_for_exactly_the_twenty_names),
		cmocka_unit_test(a_single_read_asks_for_the_same_and_more),
		cmocka_unit_test(the_short_list_holds_the_names_of_2020_and_no_other),
		cmocka_unit_test(bdb_info_is_requested_by_its_field_names),
		cmocka_unit_test(every_list_holds_what_a_reset_is_judged_by),
		cmocka_unit_test(no_list_holds_a_secret),
		cmocka_unit_test(every_list_is_safe_in_a_url),
		cmocka_unit_test(only_a_complete_name_is_found),
	};

	return tap_run(tests);
}
