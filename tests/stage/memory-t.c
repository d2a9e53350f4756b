/*
 * A list for which each allocation fails in turn: the console keeps the old list or shows the new
 * one, never a mix, and shows an error until a list succeeds.
 */
#include "tests/alloc.h"
#include "tests/stage/stage.h"
#include "tests/tap.h"

#define CALLS_MAX 400

static const char *const few[] = {
	"latency 0",
	"bdb 12 name=orders-eu backup=failed:no-permission",
	"bdb 44 name=ledger backup=succeeded",
	NULL,
};

/* 20 new databases, one deleted, one with another state. */
static void change(struct stage *stage)
{
	int uid;

	stage_script(stage, "bdb 12 backup=succeeded");
	stage_script(stage, "gone 44");
	for (uid = 100; uid < 120; uid++)
		stage_script(stage, "bdb %d name=new-%d export=failed:x", uid, uid);
}

static void assert_one_observation(const struct stage *stage, size_t rows)
{
	const struct roster *roster = cluster_roster(stage->cluster);
	size_t i;

	for (i = 0; i < roster_count(roster); i++)
		assert_non_null(cluster_finding(stage->cluster, roster_at(roster, i)->bdb->uid));
	assert_true(view_rows(session_view(stage->session)->list) == 2 ||
		    view_rows(session_view(stage->session)->list) == 22);
	assert_true(roster_count(roster) == 2 || roster_count(roster) == 22);
	if (rows)
		assert_int_equal(view_rows(session_view(stage->session)->list), rows);
}

static void without_memory_the_old_view_stays_and_the_next_poll_shows_the_new(void **state)
{
	unsigned cut = 0, stale = 0;
	long left;

	for (left = 0; left < CALLS_MAX; left++) {
		struct stage stage;
		bool out;

		stage_open(&stage, few);
		assert_one_observation(&stage, 2);
		change(&stage);
		alloc_limit(left);
		stage_advance(&stage, 5000);
		out = alloc.left == 0;
		alloc_limit(-1);
		assert_one_observation(&stage, 0);
		if (cluster_status(stage.cluster)->conn == CONN_DOWN) {
			cut++;
			assert_non_null(
				strstr(cluster_status(stage.cluster)->error.text, "out of memory"));
			assert_one_observation(&stage, 2);
		} else if (session_view(stage.session)->list_is_stale) {
			stale++;
			assert_string_equal(session_view(stage.session)->notice,
					    "Out of memory: the rows are not up to date.");
		} else {
			assert_one_observation(&stage, 22);
		}
		stage_advance(&stage, 31000);
		assert_one_observation(&stage, 22);
		assert_int_equal(cluster_status(stage.cluster)->conn, CONN_OK);
		assert_string_equal(session_view(stage.session)->notice, "");
		stage_close(&stage);
		if (!out)
			break;
	}
	assert_in_range(left, 20, CALLS_MAX - 1);
	assert_true(cut > 0 && stale > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_memory_the_old_view_stays_and_the_next_poll_shows_the_new),
	};

	return tap_run(tests);
}
