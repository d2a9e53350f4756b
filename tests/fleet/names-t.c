/*
 * The names of the databases that a list has are kept for the completions of the shells.
 */
#include "bdbtop/store/name_cache.h"
#include "tests/files.h"
#include "tests/fleet/cluster_fixture.h"

static void each_list_replaces_the_names_of_its_cluster(void **state)
{
	struct cluster_fixture fix = { .muted = true };
	struct cluster_setup setup = cluster_fixture_setup(&fix);
	struct temp_dir dir;

	assert_int_equal(temp_dir_init(&dir, "names"), 0);
	setup.names = name_cache_new(dir.state, NULL, setup.name);
	cluster_fixture_open(&fix, &setup);
	cluster_fixture_script(&fix, "bdb 12 name=orders-eu");
	cluster_fixture_script(&fix, "bdb 44 name=ledger");
	temp_dir_mkdir(&dir);
	cluster_fixture_turn(&fix);
	temp_dir_file_is(dir.path, "1795292045\tprod-eu\t12\torders-eu\n"
				   "1795292045\tprod-eu\t44\tledger\n");
	/* a database that is no longer listed keeps its record for a while */
	cluster_fixture_script(&fix, "gone 44");
	cluster_fixture_advance(&fix, 5000);
	assert_int_equal(roster_count(cluster_roster(fix.cluster)), 2);
	temp_dir_file_is(dir.path, "1795292050\tprod-eu\t12\torders-eu\n");
	cluster_fixture_release(&fix);
	name_cache_free(setup.names);
	temp_dir_release(dir.top);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_list_replaces_the_names_of_its_cluster),
	};

	return tap_run(tests);
}
