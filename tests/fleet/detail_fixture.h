/*
 * tests/fleet/detail_fixture.h - a cluster with database 12, which has data in each section of the
 * detail, and database 13.
 */
#pragma once

#include "bdbtop/fleet/detail.h"
#include "tests/fleet/cluster_fixture.h"

/* The topics that are sections of the detail. */
#define SECTION_FIRST TOPIC_EVENTS
#define SECTION_END   (TOPIC_BDB_INFO + 1)

static inline const struct detail *detail(struct cluster_fixture *fix)
{
	return cluster_detail(fix->cluster);
}

static inline const struct section_status *section(struct cluster_fixture *fix,
						   enum source_topic which)
{
	return &detail(fix)->section[which];
}

/* The background poll of the start is over. */
static inline int detail_fixture_enter(void **state)
{
	struct cluster_fixture *fix;

	cluster_fixture_enter(state);
	fix = *state;
	cluster_fixture_script(fix, "bdb 12 name=orders-eu backup=failed:no-permission");
	cluster_fixture_script(fix, "bdb 13 name=stock");
	cluster_fixture_script(fix, "event 2026-11-21T20:13:58Z backup_failed 12 ERROR");
	cluster_fixture_script(fix, "event 2026-11-21T20:13:41Z bdb_backup_started 12");
	cluster_fixture_script(fix, "event 2026-11-21T20:13:50Z backup_started 13");
	cluster_fixture_script(fix, "alert 12 since=2026-11-19T17:02:11Z");
	cluster_fixture_script(fix, "alert 13");
	cluster_fixture_script(
		fix, "action 12 running percent=42 shard=7 heartbeat=2026-11-21T20:13:55Z");
	cluster_fixture_script(fix, "action 13 running percent=3");
	cluster_fixture_script(fix, "shard 12 uid=7 node=2 percent=3");
	cluster_fixture_script(fix, "shard 12 uid=5 node=1 percent=61");
	cluster_fixture_script(fix, "shard 13 uid=9");
	cluster_fixture_script(
		fix, "bdb-info 12 module=search redis=8.0 version=8.0.0 shards=4 memory=1024");
	cluster_fixture_script(fix, "node 1 version=8.0.2-17");
	cluster_fixture_script(fix, "node 2 version=7.22.2-20");
	cluster_fixture_turn(fix);
	return 0;
}
