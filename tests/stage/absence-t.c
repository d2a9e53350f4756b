/*
 * The summary of what happened in an absence: a pause, ctrl-z, sleep of the machine, an outage, or
 * five minutes without a key.  And transitions in the log.
 */
#include "bdbtop/core/array.h"
#include "tests/stage/scenario.h"

static const char *const evening[] = {
	"bdb 3 name=pricing",
	"bdb 7 name=sessions backup=failed:general-error",
	"bdb 12 name=orders-eu",
	"bdb 44 name=ledger",
	NULL,
};

/* db:3 fails, db:7 recovers, db:9 is new. */
#define NIGHT                                                                                      \
	"> bdb 3 backup=failed:no-permission",                                                     \
		"> bdb 7 backup=succeeded:~ backup.last=2026-11-21T20:20:00Z",                     \
		"> bdb 9 name=ratelimit"

static const struct scenario scenarios[] = {
	/* transitions */
	{ "transitions stand in the log, with the reason", evening,
	  LINES(NIGHT, "wait 5000", "logged failed, no-permission", "logged recovered",
		"logged new", "key l", "key /", "type seen", "log rows 3", "key ctrl-u",
		"type seen !db:9", "log rows 2") },
	{ "while somebody looks nothing is told twice", evening,
	  LINES(NIGHT, "wait 5000", "notice line nothing") },

	/* five minutes without a key */
	{ "five minutes without a key", evening,
	  LINES("wait 60000", NIGHT, "wait 240000", "notice line nothing", "key j",
		"notice line while you were away (5m): db:3 failed, db:7 recovered, db:9 new   "
		"l more",
		"wait 60000",
		"notice line while you were away (5m): db:3 failed, db:7 recovered, db:9 new   "
		"l more") },
	{ "a second less is no absence", evening,
	  LINES(NIGHT, "wait 299000", "key j", "notice line nothing") },
	{ "each key begins anew", evening,
	  LINES(NIGHT, "wait 200000", "key j", "wait 299000", "key k", "notice line nothing") },
	{ "in which nothing happened nothing is told", evening,
	  LINES("wait 600000", "key j", "notice line nothing", "cannot esc") },
	{ "what began and ended meanwhile is told as it ended", evening,
	  LINES("wait 5000", "> bdb 3 backup=failed:x", "wait 5000",
		"> bdb 3 backup=succeeded:~ backup.last=2026-11-21T20:14:15Z", "wait 300000",
		"key j", "notice line while you were away (5m): db:3 recovered   l more") },
	{ "of one that went nothing else is told", evening,
	  LINES("> bdb 3 backup=failed:x", "wait 5000", "> gone 3", "wait 300000", "key j",
		"notice line while you were away (5m): db:3 gone   l more") },
	{ "a start is no news", evening,
	  LINES("> bdb 3 export=exporting export.percent=1", "wait 5000",
		"> bdb 3 export=exporting export.percent=80", "wait 300000", "key j",
		"notice line nothing") },
	{ "the worst three are named, the others counted", evening,
	  LINES("wait 5000", NIGHT, "> bdb 12 export=failed:y", "> bdb 44 import=failed:z",
		"> bdb 10", "wait 310000", "key j",
		"notice line while you were away (5m): db:3 failed, db:12 failed, db:44 failed "
		"and 3 "
		"more   l more") },
	{ "of several operations the worst is told", evening,
	  LINES("wait 5000",
		"> bdb 7 backup=succeeded:~ backup.last=2026-11-21T20:20:00Z "
		"export=failed:x",
		"wait 310000", "key j",
		"notice line while you were away (5m): db:7 failed   l more") },

	/* dismissed */
	{ "esc dismisses it", evening,
	  LINES(NIGHT, "wait 300000", "key j", "can esc", "key esc", "notice line nothing",
		"cannot esc") },
	{ "a reset dismisses it, asked or not", evening,
	  LINES(NIGHT, "wait 300000", "key j", "go 12", "key b", "row 12 nothing to reset",
		"notice line nothing") },
	{ "the key that ends the absence dismisses nothing", evening,
	  LINES(NIGHT, "wait 300000", "key esc",
		"notice line while you were away (5m): db:3 failed, db:7 recovered, db:9 new   "
		"l more") },
	{ "moving dismisses nothing, nor does the log", evening,
	  LINES(NIGHT, "wait 300000", "key j", "key k", "key l", "key esc",
		"notice line while you were away (5m): db:3 failed, db:7 recovered, db:9 new   "
		"l more") },
	{ "a second absence without news takes nothing away, one with news does", evening,
	  LINES(NIGHT, "wait 300000", "key j", "wait 400000", "key j",
		"notice line while you were away (5m): db:3 failed, db:7 recovered, db:9 new   "
		"l more",
		"> bdb 44 export=failed:x", "wait 400000", "key j",
		"notice line while you were away (6m): db:44 failed   l more") },
	{ "what it answers to a key comes before it", evening,
	  LINES(NIGHT, "wait 300000", "key j", "> fail No.", "wait 5000", "go 3", "key b",
		"notice line no reset until the cluster answers", "key esc",
		"notice line nothing") },

	/* a pause */
	{ "a pause ends with p, and the poll after it tells", evening,
	  LINES("key p", "wait 100000", NIGHT, "wait 20000", "notice line nothing", "> hold list",
		"key p", "notice line nothing", "wait 100", "> release list",
		"notice line while you were away (2m): db:3 failed, db:7 recovered, db:9 new   "
		"l more",
		"> bdb 44 export=failed:x", "wait 5000",
		"notice line while you were away (2m): db:3 failed, db:7 recovered, db:9 new   "
		"l more") },
	{ "a pause longer than five minutes is one absence, not two", evening,
	  LINES("key p", "wait 840000", NIGHT, "key p",
		"notice line while you were away (14m): db:3 failed, db:7 recovered, db:9 new   "
		"l more",
		"wait 10000",
		"notice line while you were away (14m): db:3 failed, db:7 recovered, db:9 new   "
		"l more") },
	{ "a poll by hand in a pause ends nothing", evening,
	  LINES("key p", "wait 60000", NIGHT, "key f5", "notice line nothing", "key p",
		"notice line while you were away (1m): db:3 failed, db:7 recovered, db:9 new   "
		"l more") },

	/* an outage */
	{ "an outage ends with the first answer, which tells", evening,
	  LINES("> fail No.", "wait 65000", NIGHT, "notice line nothing", "> recover", "wait 20000",
		"conn ok",
		"notice line while you were away (1m): db:3 failed, db:7 recovered, db:9 new   "
		"l more") },
	{ "a refused log-in ends with the new one", evening,
	  LINES("> refuse login No.", "wait 61000", NIGHT, "login", "wait 5000",
		"notice line while you were away (1m): db:3 failed, db:7 recovered, db:9 new   "
		"l more") },
	{ "an outage without news says nothing", evening,
	  LINES("> fail No.", "wait 65000", "> recover", "wait 20000", "conn ok",
		"notice line nothing") },

	/* asleep */
	{ "the machine slept", evening,
	  LINES("wait 5000", "> hold list", "sleep 3600000", NIGHT, "> release list", "wait 5000",
		"notice line while you were away (1h): db:3 failed, db:7 recovered, db:9 new   "
		"l more") },
	{ "ctrl-z, short as it was", evening,
	  LINES("wait 4000", "key ctrl-z", "> hold list", "sleep 20000", NIGHT, "> release list",
		"wait 5000",
		"notice line while you were away (20s): db:3 failed, db:7 recovered, db:9 new   "
		"l more") },
	{ "ctrl-z without an absence is none", evening,
	  LINES("key ctrl-z", NIGHT, "wait 5000", "wait 5000", "key j", "logged new") },
};

int main(void)
{
	return scenario_run_all(scenarios, ARRAY_SIZE(scenarios), NULL, 0);
}
