#include "bdbtop/core/defect.h"

#include "tests/core/sample.h"
#include "tests/tap.h"

#include <string.h>

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
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		int sign = defect_compare(row[i].left, row[i].right);

		assert_int_equal((sign > 0) - (sign < 0), row[i].sign);
		sign = defect_compare(row[i].right, row[i].left);
		assert_int_equal((sign > 0) - (sign < 0), -row[i].sign);
	}
}

static bool has(const char *version, const struct bdb *bdb, enum op_kind kind, const char *id)
{
	const struct defect *found[16];
	size_t count = defect_find(version, bdb, kind, found, 16), i;

	for (i = 0; i < count; i++)
		if (!strcmp(found[i]->id, id))
			return true;
	return false;
}

static void a_defect_is_named_until_the_version_that_fixes_it(void **state)
{
	struct bdb bdb = sample(7, "sessions");

	(void)state;
	sample_status(&bdb, OP_IMPORT, "failed", "general-error");
	assert_true(has("7.8.6-35", &bdb, OP_IMPORT, "RS151990"));
	assert_false(has("7.8.6-36", &bdb, OP_IMPORT, "RS151990"));
	assert_false(has("8.0.2-17", &bdb, OP_IMPORT, "RS151990"));
}

static void only_what_the_state_may_come_from_is_named(void **state)
{
	struct bdb bdb = sample(7, "sessions");

	(void)state;
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

	(void)state;
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
		cmocka_unit_test(only_what_the_state_may_come_from_is_named),
		cmocka_unit_test(an_unknown_version_has_no_known_defects),
	};

	return tap_run(tests);
}
