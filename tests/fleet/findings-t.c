/*
 * The findings of a cluster after its newest poll: events, counts, and which clock they use.
 */
#include "tests/fleet/cluster_fixture.h"

static void sample_at(struct cluster_fixture *fix)
{
	cluster_fixture_turn(fix);
	fix->log[0] = '\0';
}

static enum verdict worst(const struct cluster_fixture *fix, int64_t uid)
{
	const struct finding *finding = cluster_finding(fix->cluster, uid);

	assert_non_null(finding);
	return finding->worst;
}

static void counts_are(const struct cluster_fixture *fix, const char *want)
{
	const size_t *count = cluster_status(fix->cluster)->counts;
	char got[80] = "";
	int verdict;

	for (verdict = 0; verdict < VERDICT_KINDS; verdict++)
		snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s%zu", verdict ? " " : "",
			 count[verdict]);
	assert_string_equal(got, want);
}

/* --- events ---------------------------------------------------------------------------------- */

static void the_first_sample_reports_nothing(void **state)
{
	struct cluster_fixture *fix = *state;

	cluster_fixture_script(fix, "bdb 12 name=orders backup=failed:x");
	cluster_fixture_turn(fix);
	cluster_fixture_logged(fix, "link first answer\n");
	cluster_fixture_advance(fix, 60000);
	cluster_fixture_logged(fix, "");
}

static void what_happens_later_is_reported_once(void **state)
{
	struct cluster_fixture *fix = *state;

	cluster_fixture_script(
		fix, "bdb 12 name=orders backup=succeeded backup.last=2026-11-21T20:00:00Z");
	sample_at(fix);
	cluster_fixture_script(fix, "bdb 12 backup=exporting backup.percent=3");
	cluster_fixture_advance(fix, 5000);
	cluster_fixture_logged(fix, "seen 12 orders backup started\n");
	cluster_fixture_script(fix, "bdb 12 backup=failed:file-larger-than-mem-limit:9:8");
	cluster_fixture_advance(fix, 15000);
	cluster_fixture_logged(fix, "seen 12 orders backup failed, file-larger-than-mem-limit\n");
	cluster_fixture_script(fix, "bdb 12 backup=exporting backup.percent=1");
	cluster_fixture_advance(fix, 5000);
	cluster_fixture_script(fix, "bdb 12 backup=failed:no-permission");
	cluster_fixture_advance(fix, 5000);
	cluster_fixture_logged(fix, "");
	cluster_fixture_script(fix, "bdb 12 backup=succeeded backup.last=2026-11-21T20:14:30Z");
	cluster_fixture_advance(fix, 5000);
	cluster_fixture_logged(fix, "seen 12 orders backup recovered\n");
}

static void a_stall_is_reported_with_its_percent(void **state)
{
	struct cluster_fixture *fix = *state;

	cluster_fixture_script(fix, "bdb 7 name=sessions backup=exporting backup.percent=42.4");
	sample_at(fix);
	cluster_fixture_advance(fix, 595000);
	cluster_fixture_logged(fix, "");
	assert_int_equal(worst(fix, 7), VERDICT_RUNNING);
	cluster_fixture_advance(fix, 10000);
	cluster_fixture_logged(fix, "seen 7 sessions backup stalled at 42%\n");
	assert_int_equal(worst(fix, 7), VERDICT_STALLED);
}

static void new_and_removed_databases_are_reported_by_name(void **state)
{
	struct cluster_fixture *fix = *state;

	cluster_fixture_script(fix, "bdb 12 name=orders");
	sample_at(fix);
	cluster_fixture_script(fix, "bdb 9 name=fresh");
	cluster_fixture_advance(fix, 5000);
	cluster_fixture_logged(fix, "seen 9 fresh backup new\n");
	cluster_fixture_script(fix, "gone 12");
	cluster_fixture_advance(fix, 5000);
	cluster_fixture_logged(fix, "seen 12 orders backup gone\n");
	cluster_fixture_advance(fix, 120000);
	assert_null(cluster_finding(fix->cluster, 12));
	cluster_fixture_logged(fix, "");
	cluster_fixture_script(fix, "bdb 9 name=other");
	cluster_fixture_advance(fix, 5000);
	cluster_fixture_logged(fix, "seen 9 fresh backup gone\nseen 9 other backup new\n");
}

static void a_database_that_returns_is_new_and_its_changes_are_reported(void **state)
{
	struct cluster_fixture *fix = *state;

	cluster_fixture_script(fix, "bdb 12 name=orders");
	sample_at(fix);
	cluster_fixture_script(fix, "gone 12");
	cluster_fixture_advance(fix, 5000);
	cluster_fixture_script(fix, "bdb 12 name=orders backup=failed:x");
	cluster_fixture_advance(fix, 5000);
	cluster_fixture_logged(fix, "seen 12 orders backup gone\nseen 12 orders backup new\n"
				    "seen 12 orders backup failed, x\n");
}

static void after_a_reset_from_here_it_failed_again(void **state)
{
	struct cluster_fixture *fix = *state;

	cluster_fixture_script(fix, "bdb 12 name=orders backup=failed:x");
	cluster_fixture_turn(fix);
	cluster_confirm_reset(fix->cluster,
			      cluster_open_reset(fix->cluster, 12, OP_BACKUP, fix->now), fix->now);
	cluster_fixture_advance(fix, 10000);
	assert_string_equal(cluster_fixture_result_text(fix, 12), "cleared, was x");
	assert_true(cluster_finding(fix->cluster, 12)->op[OP_BACKUP].cleared);
	assert_int_equal(worst(fix, 12), VERDICT_IDLE);
	fix->log[0] = '\0';
	cluster_fixture_script(fix, "bdb 12 backup=failed:x");
	cluster_fixture_advance(fix, 5000);
	cluster_fixture_logged(fix, "seen 12 orders backup failed again, x\n");
}

static void what_was_seen_is_reported_before_what_a_reset_made_of_it(void **state)
{
	struct cluster_fixture *fix = *state;
	const int64_t uid = 12;
	unsigned bulk;

	cluster_fixture_script(fix, "bdb 12 name=orders backup=failed:x");
	sample_at(fix);
	cluster_fixture_advance(fix, 1000);
	bulk = cluster_open_bulk(fix->cluster, OP_BACKUP, &uid, 1, fix->now);
	cluster_fixture_script(fix, "bdb 12 backup=succeeded");
	cluster_confirm_bulk(fix->cluster, bulk, fix->now);
	cluster_fixture_turn(fix);
	cluster_fixture_logged(fix, "reset 12 orders backup was failed, x\n"
				    "seen 12 orders backup recovered\n"
				    "reset 12 orders backup not sent, now succeeded\n");
}

/* --- counts ---------------------------------------------------------------------------------- */

static void the_counts_are_those_of_the_listed(void **state)
{
	struct cluster_fixture *fix = *state;

	cluster_fixture_script(fix, "bdb 1 backup=failed:x");
	cluster_fixture_script(fix, "bdb 2 backup=exporting backup.percent=3");
	cluster_fixture_script(fix, "bdb 3 created=2026-01-01T00:00:00Z");
	cluster_fixture_script(fix, "bdb 4 backup=failed:~");
	cluster_fixture_script(fix, "bdb 5 backup=pondering");
	cluster_fixture_script(fix, "bdb 6 backup=succeeded backup.last=2026-11-21T20:00:00Z");
	cluster_fixture_script(fix, "bdb 7 name=idle");
	cluster_fixture_turn(fix);
	counts_are(fix, "1 0 1 1 1 1 1 1");
	cluster_fixture_script(fix, "gone 1");
	cluster_fixture_advance(fix, 5000);
	counts_are(fix, "0 0 1 1 1 1 1 1");
	assert_false(cluster_finding(fix->cluster, 1)->listed);
}

static void a_single_read_moves_the_counts(void **state)
{
	struct cluster_fixture *fix = *state;

	cluster_fixture_script(fix, "bdb 1 backup=failed:x");
	cluster_fixture_script(fix, "bdb 2 backup=failed:x");
	cluster_fixture_turn(fix);
	cluster_fixture_script(fix, "hold list");
	cluster_confirm_reset(fix->cluster,
			      cluster_open_reset(fix->cluster, 1, OP_BACKUP, fix->now), fix->now);
	cluster_fixture_advance(fix, 1000);
	counts_are(fix, "1 0 0 0 0 0 0 1");
	cluster_fixture_script(fix, "gone 2");
	cluster_confirm_reset(fix->cluster,
			      cluster_open_reset(fix->cluster, 2, OP_BACKUP, fix->now), fix->now);
	cluster_fixture_advance(fix, 1000);
	counts_are(fix, "0 0 0 0 0 0 0 1");
}

/* --- the clock ------------------------------------------------------------------------------- */

static int64_t skew(const struct cluster_fixture *fix)
{
	return cluster_status(fix->cluster)->skew_s;
}

static void clocks_that_differ_by_more_than_a_minute_are_distinguished(void **state)
{
	struct cluster_fixture *fix = *state;

	cluster_fixture_script(fix, "ahead 60");
	cluster_fixture_turn(fix);
	assert_int_equal(skew(fix), 0);
	cluster_fixture_script(fix, "ahead 130");
	cluster_fixture_advance(fix, 5000);
	assert_int_equal(skew(fix), 130);
	assert_int_equal(cluster_now_s(fix->cluster), 1795292050 + 130);
	/* a change of 2 s is ignored: Date has whole seconds */
	cluster_fixture_script(fix, "ahead 128");
	cluster_fixture_advance(fix, 5000);
	assert_int_equal(skew(fix), 130);
	cluster_fixture_script(fix, "ahead 127");
	cluster_fixture_advance(fix, 5000);
	assert_int_equal(skew(fix), 127);
	cluster_fixture_script(fix, "ahead 10");
	cluster_fixture_advance(fix, 5000);
	assert_int_equal(skew(fix), 0);
	cluster_fixture_script(fix, "ahead -61");
	cluster_fixture_advance(fix, 5000);
	assert_int_equal(skew(fix), -61);
	cluster_fixture_script(fix, "ahead -59");
	cluster_fixture_advance(fix, 5000);
	assert_int_equal(skew(fix), -61);
	cluster_fixture_script(fix, "ahead 0");
	cluster_fixture_advance(fix, 5000);
	assert_int_equal(skew(fix), 0);
}

static void lateness_is_by_the_clusters_clock(void **state)
{
	struct cluster_fixture *fix = *state;

	cluster_fixture_script(
		fix, "bdb 12 backup=succeeded backup.last=2026-11-21T19:00:00Z every=3600");
	cluster_fixture_turn(fix);
	/* due 20:00, overdue from 20:15 */
	assert_int_equal(worst(fix, 12), VERDICT_OK);
	cluster_fixture_script(fix, "ahead 120");
	cluster_fixture_advance(fix, 5000);
	assert_int_equal(worst(fix, 12), VERDICT_OVERDUE);
}

static int64_t differ(const struct cluster_fixture *fix)
{
	return cluster_status(fix->cluster)->clocks_differ_s;
}

static void node_clocks_that_differ_move_no_verdict(void **state)
{
	struct cluster_fixture *fix = *state;
	int i;

	cluster_fixture_script(
		fix, "bdb 12 backup=succeeded backup.last=2026-11-21T19:00:00Z every=7200");
	cluster_fixture_turn(fix);
	cluster_fixture_logged(fix, "link first answer\n");
	/* every second poll reaches a node by whose clock the backup is hours late */
	for (i = 0; i < 200; i++) {
		cluster_fixture_script(fix, i % 2 ? "ahead 0" : "ahead 10800");
		cluster_fixture_advance(fix, 5000);
		assert_int_equal(worst(fix, 12), VERDICT_OK);
		assert_int_equal(differ(fix), 10800);
		assert_int_equal(skew(fix), 0);
	}
	cluster_fixture_logged(fix, "");
}

/* Clocks 90 s apart: the backup becomes overdue by one, then by the other. */
static void a_small_difference_makes_nothing_late_and_in_time_again(void **state)
{
	struct cluster_fixture *fix = *state;
	bool late = false;
	int i;

	/* overdue from 20:15:00 */
	cluster_fixture_script(
		fix, "bdb 12 backup=succeeded backup.last=2026-11-21T19:00:00Z every=3600");
	cluster_fixture_turn(fix);
	for (i = 0; i < 40; i++) {
		cluster_fixture_script(fix, i % 2 ? "ahead -45" : "ahead 45");
		cluster_fixture_advance(fix, 5000);
		assert_true(!late || worst(fix, 12) == VERDICT_OVERDUE);
		late = worst(fix, 12) == VERDICT_OVERDUE;
	}
	assert_true(late);
	assert_int_equal(differ(fix), 0);
	/* the same with a skew over a minute: the clock of the cluster counts */
	cluster_fixture_script(
		fix, "bdb 13 backup=succeeded backup.last=2026-11-21T19:05:00Z every=3600");
	late = false;
	for (i = 0; i < 80; i++) {
		cluster_fixture_script(fix, i % 2 ? "ahead 65" : "ahead 155");
		cluster_fixture_advance(fix, 5000);
		assert_true(!late || worst(fix, 13) == VERDICT_OVERDUE);
		late = worst(fix, 13) == VERDICT_OVERDUE;
	}
	assert_true(late);
}

/* Our clock moves by three hours; the clock of the cluster does not. */
static void a_step_of_our_own_clock_moves_no_verdict(void **state)
{
	struct cluster_fixture *fix = *state;

	cluster_fixture_script(
		fix, "bdb 12 backup=succeeded backup.last=2026-11-21T19:00:00Z every=7200");
	cluster_fixture_turn(fix);
	fix->now.wall_ms += INT64_C(10800000);
	cluster_fixture_script(fix, "ahead 0");
	cluster_fixture_advance(fix, 5000);
	assert_int_equal(skew(fix), -10800);
	assert_int_equal(differ(fix), 0);
	assert_int_equal(worst(fix, 12), VERDICT_OK);
	assert_int_equal(cluster_now_s(fix->cluster), 1795292050);
}

int main(void)
{
#define TEST(name)                                                                                 \
	cmocka_unit_test_setup_teardown(name, cluster_fixture_enter, cluster_fixture_leave)
	const struct CMUnitTest tests[] = {
		TEST(the_first_sample_reports_nothing),
		TEST(what_happens_later_is_reported_once),
		TEST(a_stall_is_reported_with_its_percent),
		TEST(new_and_removed_databases_are_reported_by_name),
		TEST(a_database_that_returns_is_new_and_its_changes_are_reported),
		TEST(after_a_reset_from_here_it_failed_again),
		TEST(what_was_seen_is_reported_before_what_a_reset_made_of_it),
		TEST(the_counts_are_those_of_the_listed),
		TEST(a_single_read_moves_the_counts),
		TEST(clocks_that_differ_by_more_than_a_minute_are_distinguished),
		TEST(lateness_is_by_the_clusters_clock),
		TEST(node_clocks_that_differ_move_no_verdict),
		TEST(a_small_difference_makes_nothing_late_and_in_time_again),
		TEST(a_step_of_our_own_clock_moves_no_verdict),
	};

	return tap_run(tests);
}
