#include "bdbtop/core/defect.h"

#include <string.h>

#include "bdbtop/core/array.h"
#include "tests/core/sample.h"
#include "tests/tap.h"

static void versions_are_compared_number_by_number(void **state)
{
	static const struct {
		const char *left, *right;
		int sign;
	} row[] = {
		{ "7.22.2-20", "7.22.2-20", 0 },  { "7.22.2-19", "7.22.2-20", -1 },
		{ "7.22.2-100", "7.22.2-20", 1 }, { "7.4.6-22", "7.22.0", -1 },
		{ "8.0.6", "8.0.6-1", -1 },	  { "8.0.6-54", "8.0.6", 1 },
		{ "8.0", "8.0.0", 0 },		  { "8.2.0 (rc1)", "8.2.0", 0 },
		{ "10.0.0", "9.9.9", 1 },	  { "8.0.", "8.0", 0 },
		{ "7.2.4-91", "7.2.4-92", -1 },	  { "7.2.4-9", "7.2.4-92", -1 },
		{ "7.2.4-105", "7.2.4-92", 1 },	  { "7.2.4", "7.2.4-92", -1 },
		{ "7.2.5", "7.2.4-92", 1 },	  { "7.2.4-92.rhel8", "7.2.4-92", 0 },
		{ "8.2.0-9", "8.2.0-25", -1 },	  { "8.0-20", "8.0.0-20", 0 },
		{ "7.22-1", "7.22.0-216", -1 },	  { "7.22.1", "7.22-216", 1 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(row); i++) {
		int sign = version_compare(row[i].left, row[i].right);

		assert_int_equal((sign > 0) - (sign < 0), row[i].sign);
		sign = version_compare(row[i].right, row[i].left);
		assert_int_equal((sign > 0) - (sign < 0), -row[i].sign);
	}
}

static bool has(const char *version, const struct bdb *bdb, enum op_kind kind, const char *id)
{
	const struct defect *found[16];
	size_t count = defect_find(version, bdb, kind, found, 16), i;

	for (i = 0; i < count; i++)
		if (found[i]->id && !strcmp(found[i]->id, id))
			return true;
	return false;
}

static void a_defect_is_named_until_the_version_that_fixes_it(void **state)
{
	struct bdb bdb = sample(7, "sessions");

	sample_status(&bdb, OP_IMPORT, "failed", "general-error");
	assert_true(has("7.8.6-35", &bdb, OP_IMPORT, "RS151990"));
	assert_false(has("7.8.6-36", &bdb, OP_IMPORT, "RS151990"));
	assert_false(has("8.0.2-17", &bdb, OP_IMPORT, "RS151990"));
}

/* Each is listed for the last version that has it, not for the next one or another state. */
static void each_of_them_ends_with_its_version(void **state)
{
	static const struct {
		const char *id;
		enum op_kind kind;
		const char *status, *with, *without;
	} row[] = {
		{ "RS110481", OP_IMPORT, "failed", "7.2.4-91", "7.2.4-92" },
		{ "RS74469", OP_BACKUP, "failed", "6.2.9-999", "6.2.10" },
		{ "RS196137", OP_BACKUP, "failed", "8.2.0-77", "8.2.0-78" },
		{ "RS173541", OP_IMPORT, "succeeded", "8.0.2-40", "8.0.2-41" },
		{ "RS29097", OP_BACKUP, "failed", "5.4.3", "5.4.4" },
		{ "RS25835", OP_BACKUP, "failed", "5.4.1", "5.4.2" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(row); i++) {
		struct bdb bdb = sample(7, "sessions");
		bool failed = !strcmp(row[i].status, "failed");

		bdb.crdt_presence = FIELD_PRESENT;
		bdb.crdt = true;
		sample_status(&bdb, row[i].kind, row[i].status, failed ? "general-error" : "");
		assert_true(has(row[i].with, &bdb, row[i].kind, row[i].id));
		assert_false(has(row[i].without, &bdb, row[i].kind, row[i].id));
		sample_status(&bdb, row[i].kind, failed ? "succeeded" : "failed", "");
		assert_false(has(row[i].with, &bdb, row[i].kind, row[i].id));
	}
}

static void a_defect_of_active_active_is_not_named_for_others(void **state)
{
	struct bdb bdb = sample(7, "sessions");

	sample_status(&bdb, OP_BACKUP, "failed", "general-error");
	bdb.crdt_presence = FIELD_PRESENT;
	bdb.crdt = false;
	assert_false(has("6.2.8", &bdb, OP_BACKUP, "RS74469"));
	/* an unknown field may have the value */
	bdb.crdt_presence = FIELD_NOT_REQUESTED;
	assert_true(has("6.2.8", &bdb, OP_BACKUP, "RS74469"));
}

static bool is_refused_by_design(const char *version)
{
	struct bdb bdb = sample(7, "sessions");
	const struct defect *found[DEFECTS_MAX];
	size_t count, i;

	sample_status(&bdb, OP_IMPORT, "failed", "download-error");
	count = defect_find(version, &bdb, OP_IMPORT, found, DEFECTS_MAX);
	for (i = 0; i < count; i++)
		if (!found[i]->fixed_in && strstr(found[i]->text, "mount_point"))
			return !strcmp(found[i]->from, "8.2.0-25");
	return false;
}

static void what_fails_by_design_begins_with_its_version(void **state)
{
	assert_false(is_refused_by_design("8.2.0-24"));
	assert_true(is_refused_by_design("8.2.0-25"));
	assert_true(is_refused_by_design("9.0.0"));
}

static void there_is_room_for_all_of_one_operation(void **state)
{
	struct bdb bdb = sample(7, "sessions");
	const struct defect *found[100];
	int kind, phase;

	for (kind = 0; kind < OP_KINDS; kind++)
		for (phase = 0; phase <= OP_OTHER; phase++) {
			bdb.op[kind].phase = (enum op_phase)phase;
			bdb.op[kind].reason = "general-error";
			assert_in_range(defect_find("1.0", &bdb, (enum op_kind)kind, found, 100), 0,
					DEFECTS_MAX - 1);
		}
}

static void only_what_the_state_may_come_from_is_named(void **state)
{
	struct bdb bdb = sample(7, "sessions");

	sample_status(&bdb, OP_IMPORT, "failed", "download-error");
	sample_status(&bdb, OP_BACKUP, "succeeded", "");
	assert_false(has("7.4.2-1", &bdb, OP_IMPORT, "RS151990"));
	assert_true(has("7.4.2-1", &bdb, OP_IMPORT, "RS185422"));
	assert_true(has("7.4.2-1", &bdb, OP_BACKUP, "RS140649"));
	assert_false(has("7.4.2-1", &bdb, OP_BACKUP, "RS186863"));
	assert_false(has("7.4.2-1", &bdb, OP_EXPORT, "RS176225"));
}

static void an_unknown_version_has_no_known_defects(void **state)
{
	struct bdb bdb = sample(7, "sessions");
	const struct defect *found[4];

	sample_status(&bdb, OP_BACKUP, "failed", "general-error");
	assert_int_equal(defect_find("", &bdb, OP_BACKUP, found, 4), 0);
	assert_int_equal(defect_find("unknown", &bdb, OP_BACKUP, found, 4), 0);
	assert_int_equal(defect_find("5.4.0", &bdb, OP_BACKUP, found, 1), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(versions_are_compared_number_by_number),
		cmocka_unit_test(a_defect_is_named_until_the_version_that_fixes_it),
		cmocka_unit_test(each_of_them_ends_with_its_version),
		cmocka_unit_test(a_defect_of_active_active_is_not_named_for_others),
		cmocka_unit_test(what_fails_by_design_begins_with_its_version),
		cmocka_unit_test(there_is_room_for_all_of_one_operation),
		cmocka_unit_test(only_what_the_state_may_come_from_is_named),
		cmocka_unit_test(an_unknown_version_has_no_known_defects),
	};

	return tap_run(tests);
}
