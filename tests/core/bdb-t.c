#include "bdbtop/core/bdb.h"

#include "bdbtop/core/array.h"
#include "tests/alloc.h"
#include "tests/core/sample.h"
#include "tests/tap.h"

static enum op_phase phase_of(enum op_kind kind, const char *status)
{
	struct bdb bdb = sample(1, "one");

	sample_status(&bdb, kind, status, "");
	return bdb.op[kind].phase;
}

static void idle_has_four_spellings(void **state)
{
	struct op op = { .status = "", .reason = "" };

	op.status_presence = FIELD_ABSENT;
	op_classify(&op, OP_BACKUP);
	assert_int_equal(op.phase, OP_IDLE);
	op.status_presence = FIELD_NULL;
	op_classify(&op, OP_BACKUP);
	assert_int_equal(op.phase, OP_IDLE);
	assert_int_equal(phase_of(OP_BACKUP, ""), OP_IDLE);
	assert_int_equal(phase_of(OP_BACKUP, "idle"), OP_IDLE);
}

static void not_asked_and_unreadable_are_not_idle(void **state)
{
	struct op op = { .status = "", .reason = "" };

	op_classify(&op, OP_IMPORT);
	assert_int_equal(op.phase, OP_NOT_REQUESTED);
	op.status_presence = FIELD_INVALID;
	op_classify(&op, OP_IMPORT);
	assert_int_equal(op.phase, OP_UNREADABLE);
}

static void each_kind_has_its_own_running_words(void **state)
{
	assert_int_equal(phase_of(OP_BACKUP, "exporting"), OP_RUNNING);
	assert_int_equal(phase_of(OP_EXPORT, "exporting"), OP_RUNNING);
	assert_int_equal(phase_of(OP_IMPORT, "exporting"), OP_OTHER);
	assert_int_equal(phase_of(OP_IMPORT, "initializing"), OP_RUNNING);
	assert_int_equal(phase_of(OP_IMPORT, "importing"), OP_RUNNING);
	assert_int_equal(phase_of(OP_BACKUP, "importing"), OP_OTHER);
}

static void a_word_that_is_not_exactly_known_is_other(void **state)
{
	assert_int_equal(phase_of(OP_BACKUP, "failed"), OP_FAILED);
	assert_int_equal(phase_of(OP_BACKUP, "succeeded"), OP_SUCCEEDED);
	assert_int_equal(phase_of(OP_BACKUP, "Failed"), OP_OTHER);
	assert_int_equal(phase_of(OP_BACKUP, "idle "), OP_OTHER);
	assert_int_equal(phase_of(OP_BACKUP, "moon-phase"), OP_OTHER);
}

static void only_idle_without_a_reason_is_clear(void **state)
{
	static const struct {
		enum field_presence presence;
		const char *reason;
		bool clear;
	} row[] = {
		{ FIELD_ABSENT, "", true },   { FIELD_NULL, "", true },
		{ FIELD_PRESENT, "", true },  { FIELD_PRESENT, "no-permission", false },
		{ FIELD_INVALID, "", false }, { FIELD_NOT_REQUESTED, "", false },
	};
	struct bdb bdb = sample(1, "one");
	struct op *op = &bdb.op[OP_EXPORT];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(row); i++) {
		sample_status(&bdb, OP_EXPORT, "idle", row[i].reason);
		op->reason_presence = row[i].presence;
		assert_int_equal(op_is_clear(op), row[i].clear);
		sample_status(&bdb, OP_EXPORT, "succeeded", row[i].reason);
		op->reason_presence = row[i].presence;
		assert_false(op_is_clear(op));
	}
}

static void the_three_operations_are_rows_of_one_table(void **state)
{
	char action[64];
	int kind, other;

	for (kind = 0; kind < OP_KINDS; kind++) {
		const struct op_def *def = &op_defs[kind];

		snprintf(action, sizeof(action), "%s_reset_status", def->word);
		assert_string_equal(def->action, action);
		assert_memory_equal(def->status_key, def->word, strlen(def->word));
		assert_memory_equal(def->reason_key, def->word, strlen(def->word));
		assert_memory_equal(def->progress_key, def->word, strlen(def->word));
		assert_int_equal(def->last_success_key == NULL, kind == OP_IMPORT);
		assert_int_equal(def->key, def->word[0]);
		assert_non_null(def->running_words[0]);
		for (other = 0; other < kind; other++)
			assert_int_not_equal(def->key, op_defs[other].key);
	}
}

static void an_empty_record_has_strings_and_knows_nothing(void **state)
{
	struct bdb bdb;
	int kind;

	memset(&bdb, 0xa5, sizeof(bdb));
	bdb_init(&bdb, 77);
	assert_int_equal(bdb.uid, 77);
	assert_string_equal(bdb.name, "");
	assert_string_equal(bdb.state, "");
	assert_int_equal(bdb.name_presence, FIELD_NOT_REQUESTED);
	for (kind = 0; kind < OP_KINDS; kind++) {
		assert_int_equal(bdb.op[kind].phase, OP_NOT_REQUESTED);
		assert_string_equal(bdb.op[kind].status, "");
		assert_string_equal(bdb.op[kind].reason, "");
	}
}

static void a_copy_is_equal_and_stands_alone(void **state)
{
	char name[] = "orders-eu", reason[] = "no-permission", module[] = "graph";
	const char *modules[] = { "search", module };
	struct bdb bdb = sample(12, name), *copy;

	sample_status(&bdb, OP_IMPORT, "failed", reason);
	sample_percent(&bdb, OP_IMPORT, 12.5);
	bdb.modules_presence = FIELD_PRESENT;
	bdb.modules = modules;
	bdb.module_count = 2;
	copy = bdb_copy(&bdb);
	assert_non_null(copy);
	assert_true(bdb_is_equal(copy, &bdb));
	name[0] = reason[0] = module[0] = 'X';
	modules[0] = "X";
	assert_string_equal(copy->name, "orders-eu");
	assert_string_equal(copy->op[OP_IMPORT].reason, "no-permission");
	assert_string_equal(copy->modules[0], "search");
	assert_string_equal(copy->modules[1], "graph");
	assert_false(bdb_is_equal(copy, &bdb));
	bdb_free(copy);
	bdb_free(NULL);
}

static void a_copy_of_a_copy_needs_no_memory_and_outlives_it(void **state)
{
	struct bdb bdb = sample(12, "orders-eu"), *first = bdb_copy(&bdb), *second, changed, *third;

	alloc_limit(0);
	second = bdb_copy(first);
	alloc_limit(-1);
	assert_non_null(second);
	bdb_free(first);
	assert_true(bdb_is_equal(second, &bdb));
	/* a changed record does not share memory with the old one */
	changed = *second;
	changed.uid = 13;
	third = bdb_copy(&changed);
	bdb_free(second);
	assert_int_equal(third->uid, 13);
	assert_string_equal(third->name, "orders-eu");
	bdb_free(third);
}

static void a_copy_is_null_when_memory_is_out(void **state)
{
	struct bdb bdb = sample(12, "orders-eu");

	alloc_limit(0);
	assert_null(bdb_copy(&bdb));
	alloc_limit(-1);
}

static struct bdb failing(void)
{
	struct bdb bdb = sample(1, "one");

	sample_status(&bdb, OP_EXPORT, "failed", "no-permission");
	sample_percent(&bdb, OP_EXPORT, 10);
	return bdb;
}

/* Changes one of two equal records; want: they are still equal. */
#define AFTER(change, want)                                                                        \
	do {                                                                                       \
		struct bdb left = failing(), right = left;                                         \
		assert_true(bdb_is_equal(&left, &right));                                          \
		change;                                                                            \
		assert_int_equal(bdb_is_equal(&left, &right), want);                               \
		assert_int_equal(bdb_is_equal(&right, &left), want);                               \
	} while (0)

static void every_field_that_is_read_counts(void **state)
{
	static const char *const search[] = { "search" }, *const graph[] = { "graph" };

	AFTER(right.uid = 2, false);
	AFTER(right.name = "two", false);
	AFTER(right.name_presence = FIELD_NULL, false);
	AFTER(right.state = "recovery", false);
	AFTER(right.state_presence = FIELD_INVALID, false);
	AFTER(right.crdt = true, false);
	AFTER(right.internal = true, false);
	AFTER(right.internal_presence = FIELD_PRESENT, false);
	AFTER(right.backup_enabled = true, false);
	AFTER(right.created_s++, false);
	AFTER(right.changed_s++, false);
	AFTER(right.changed_presence = FIELD_INVALID, false);
	AFTER(right.backup_interval_s = 3600, false);
	AFTER(right.op[OP_EXPORT].status = "idle", false);
	AFTER(right.op[OP_EXPORT].reason = "wrong-file-path", false);
	AFTER(right.op[OP_EXPORT].phase = OP_IDLE, false);
	AFTER(right.op[OP_EXPORT].percent = 11, false);
	AFTER(right.op[OP_EXPORT].percent_presence = FIELD_INVALID, false);
	AFTER(right.op[OP_IMPORT].reason_presence = FIELD_NULL, false);
	AFTER(right.op[OP_BACKUP].last_success_presence = FIELD_PRESENT, false);
	AFTER(right.modules_presence = FIELD_PRESENT, false);
	AFTER((left.modules = search, left.module_count = 1, right.modules = graph,
	       right.module_count = 1),
	      false);
}

static void differences_without_meaning_are_equal(void **state)
{
	AFTER(right.op[OP_BACKUP].percent = 50, true);
	AFTER(right.op[OP_BACKUP].last_success_s = 50, true);
}

static void identity_is_uid_name_and_creation_where_both_know_it(void **state)
{
	struct bdb a = sample(1, "one"), b = sample(1, "one");

	assert_true(bdb_is_same(&a, &b));
	b.uid = 2;
	assert_false(bdb_is_same(&a, &b));
	b = sample(1, "uno");
	assert_false(bdb_is_same(&a, &b));
	b = sample(1, "one");
	b.created_s++;
	assert_false(bdb_is_same(&a, &b));
	b.created_presence = FIELD_ABSENT;
	assert_true(bdb_is_same(&a, &b));
	sample_status(&b, OP_BACKUP, "failed", "");
	assert_true(bdb_is_same(&b, &a));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(idle_has_four_spellings),
		cmocka_unit_test(not_asked_and_unreadable_are_not_idle),
		cmocka_unit_test(each_kind_has_its_own_running_words),
		cmocka_unit_test(a_word_that_is_not_exactly_known_is_other),
		cmocka_unit_test(only_idle_without_a_reason_is_clear),
		cmocka_unit_test(the_three_operations_are_rows_of_one_table),
		cmocka_unit_test(an_empty_record_has_strings_and_knows_nothing),
		cmocka_unit_test(a_copy_is_equal_and_stands_alone),
		cmocka_unit_test(a_copy_of_a_copy_needs_no_memory_and_outlives_it),
		cmocka_unit_test(a_copy_is_null_when_memory_is_out),
		cmocka_unit_test(every_field_that_is_read_counts),
		cmocka_unit_test(differences_without_meaning_are_equal),
		cmocka_unit_test(identity_is_uid_name_and_creation_where_both_know_it),
	};

	return tap_run(tests);
}
