/*
 * Which rows changed since a revision.
 */
#include "tests/fleet/cluster_fixture.h"

static uint64_t revision(const struct cluster_fixture *fix)
{
	return cluster_status(fix->cluster)->rows_revision;
}

/* The changes since then: `all`, or the uids. */
static void changes_are(const struct cluster_fixture *fix, uint64_t since, const char *want)
{
	const int64_t *uids;
	size_t i, count;
	char got[80] = "all";

	if (cluster_row_changes(fix->cluster, since, &uids, &count))
		got[0] = '\0';
	for (i = 0; i < count; i++)
		snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s%lld", i ? " " : "",
			 (long long)uids[i]);
	assert_string_equal(got, want);
}

static void a_note_changes_one_row(void **state)
{
	struct cluster_fixture *fix = *state;
	uint64_t since;

	cluster_fixture_script(fix, "bdb 12 name=orders");
	cluster_fixture_turn(fix);
	changes_are(fix, 0, "all");
	since = revision(fix);
	changes_are(fix, since, "");
	cluster_set_row_note(fix->cluster, 12, OP_EXPORT, OBSTACLE_NOTHING_TO_RESET);
	changes_are(fix, since, "12");
	cluster_dismiss(fix->cluster, 12);
	changes_are(fix, since, "12 12");
	changes_are(fix, since + 1, "12");
	changes_are(fix, revision(fix), "");
}

static void old_changes_are_forgotten_new_ones_are_known(void **state)
{
	struct cluster_fixture *fix = *state;
	uint64_t since;
	int64_t uid;

	cluster_fixture_turn(fix);
	since = revision(fix);
	for (uid = 1; uid < 20000; uid++)
		cluster_set_row_note(fix->cluster, uid, OP_EXPORT, OBSTACLE_NOTHING_TO_RESET);
	changes_are(fix, since, "all");
	changes_are(fix, revision(fix) - 2, "19998 19999");
}

int main(void)
{
#define TEST(name)                                                                                 \
	cmocka_unit_test_setup_teardown(name, cluster_fixture_enter, cluster_fixture_leave)
	const struct CMUnitTest tests[] = {
		TEST(a_note_changes_one_row),
		TEST(old_changes_are_forgotten_new_ones_are_known),
	};

	return tap_run(tests);
}
