/*
 * tests/fleet/detail_fixture.h - a cluster with a database that is worth looking at, 12, and
 * another, 13.
 */
#ifndef BDBTOP_TESTS_FLEET_DETAIL_FIXTURE_H
#define BDBTOP_TESTS_FLEET_DETAIL_FIXTURE_H

#include "tests/fleet/cluster_fixture.h"

#include "bdbtop/fleet/detail.h"

static const enum source_topic look_topics[DETAIL_SECTIONS] = {
	[SECTION_EVENTS] = TOPIC_EVENTS,     [SECTION_ALERTS] = TOPIC_ALERTS,
	[SECTION_ACTIONS] = TOPIC_ACTIONS,   [SECTION_SHARDS] = TOPIC_SHARDS,
	[SECTION_BDB_INFO] = TOPIC_BDB_INFO,
};

static inline const struct detail *detail(struct rig *rig)
{
	return cluster_detail(rig->cluster);
}

static inline const struct section_status *corner(struct rig *rig, enum detail_section which)
{
	return &detail(rig)->section[which];
}

static inline unsigned asked(struct rig *rig, enum detail_section which)
{
	return script_counts(rig->script)->topics[look_topics[which]];
}

/* The one has something in each corner; the slow round of the start is over. */
static inline int look_enter(void **state)
{
	struct rig *rig;

	rig_enter(state);
	rig = *state;
	rig_say(rig, "bdb 12 name=orders-eu backup=failed:no-permission");
	rig_say(rig, "bdb 13 name=stock");
	rig_say(rig, "event 2026-11-21T20:13:58Z backup_failed 12 ERROR");
	rig_say(rig, "event 2026-11-21T20:13:41Z bdb_backup_started 12");
	rig_say(rig, "event 2026-11-21T20:13:50Z backup_started 13");
	rig_say(rig, "alert 12 on since=2026-11-19T17:02:11Z");
	rig_say(rig, "alert 13 on");
	rig_say(rig, "action 12 running percent=42 shard=7 heartbeat=2026-11-21T20:13:55Z");
	rig_say(rig, "action 13 running percent=3");
	rig_say(rig, "shard 12 uid=7 node=2 percent=3");
	rig_say(rig, "shard 12 uid=5 node=1 percent=61");
	rig_say(rig, "shard 13 uid=9");
	rig_say(rig, "traits 12 module=search redis=8.0 version=8.0.0 shards=4 memory=1024");
	rig_say(rig, "node 1 version=8.0.2-17");
	rig_say(rig, "node 2 version=7.22.2-20");
	rig_turn(rig);
	return 0;
}

static inline void note_nothing(void *arg, const struct script_flight *flight,
				const struct observation *observation,
				const struct reset_answer *answer)
{
	(void)arg;
	(void)flight;
	(void)observation;
	(void)answer;
}

#endif
