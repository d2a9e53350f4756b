/*
 * The detail and the pages in a session: open, follow the cursor, scroll, close.
 */
#include "bdbtop/core/array.h"
#include "tests/stage/scenario.h"

static const char *const triage[] = {
	"bdb 12 name=orders-eu backup=failed:no-permission periodic=true every=86400 "
	"backup.last=2026-11-18T16:02:11Z",
	"bdb 44 name=ledger backup=succeeded export=failed:wrong-file-path",
	"bdb 7 name=sessions backup=exporting: backup.percent=42",
	"bdb 1 name=accounts backup=succeeded backup.last=2026-11-21T18:14:05Z periodic=true "
	"every=86400",
	"event 2026-11-21T20:13:58Z backup_failed 12",
	"shard 12 uid=5 node=1",
	NULL,
};

static const struct scenario scenarios[] = {
	/* open, follow, close */
	{ "enter opens the detail of the chosen database, esc closes it", triage,
	  LINES("detail closed", "detail of 0", "go 12", "can enter", "cannot esc", "key enter",
		"changed", "detail open", "detail of 12", "mode list", "cannot enter", "can esc",
		"key enter", "detail open", "key esc", "changed", "detail closed", "detail of 0",
		"cannot esc") },
	{ "the detail follows the cursor at once", triage,
	  LINES("go 12", "key enter", "detail of 12", "key down", "detail of 44", "key j",
		"detail of 7", "key k", "detail of 44", "key up", "detail of 12", "key G",
		"detail of 1", "key g", "detail of 12") },
	{ "it follows when rows change, and stays with its database", triage,
	  LINES("go 7", "key enter", "> bdb 2 name=new backup=failed:x", "wait 5000", "detail of 7",
		"> gone 7", "wait 70000", "detail of 1", "cursor 1") },
	{ "it follows a filter, and looks at none where no row is left", triage,
	  LINES("go 12", "key enter", "key /", "type ledger", "detail of 44", "type x",
		"detail of 0", "detail open", "key esc", "detail of 44") },
	{ "space marks and moves, and the detail goes along", triage,
	  LINES("go 12", "key enter", "key space", "marked 12", "detail of 44") },
	{ "without a row there is no detail", LINES("latency 5"),
	  LINES("key enter", "detail closed", "key y", "mode list", "request none") },
	{ "resets go on from an open detail", triage,
	  LINES("go 12", "key enter", "ask b", "detail open", "type y", "detail open", "puts 1",
		"detail of 12") },
	{ "esc closes the detail before it takes a notice or a result away", triage,
	  LINES("go 12", "confirm b", "wait 3000", "row 12 cleared, was no-permission", "key enter",
		"key esc", "detail closed", "row 12 cleared, was no-permission", "key esc",
		"none 12") },

	/* scrolling */
	{ "PgUp and PgDn scroll the detail and leave the cursor alone", triage,
	  LINES("go 12", "key enter", "fits 10 of 35", "key pgdn", "detail top 9", "cursor 12",
		"key pgdn", "key pgdn", "detail top 25", "key pgdn", "detail top 25", "key pgup",
		"detail top 16", "key pgup", "key pgup", "detail top 0", "cursor 12") },
	{ "what fits is not scrolled", triage,
	  LINES("go 12", "key enter", "fits 30 of 12", "key pgdn", "detail top 0") },
	{ "another row begins at its top, and lines that went take the view along", triage,
	  LINES("go 12", "key enter", "fits 10 of 35", "key pgdn", "key pgdn", "detail top 18",
		"fits 10 of 20", "detail top 10", "key down", "detail top 0") },
	{ "a closed and opened detail begins at its top", triage,
	  LINES("go 12", "key enter", "fits 10 of 35", "key pgdn", "detail top 9", "key esc",
		"key enter", "detail top 0") },
	{ "without the detail the keys turn pages of the list", triage,
	  LINES("key pgdn", "cursor 1", "detail top 0") },

	/* counting seconds */
	{ "a corner that tells when it asks again counts, a closed one does not", triage,
	  LINES("> break shards", "go 12", "redraw never", "key enter", "section error 3 500",
		"redraw 997", "key esc", "redraw never") },
	{ "a corner that is slow counts", triage,
	  LINES("> hold shards", "go 12", "key enter", "wait 500", "redraw 500", "> release shards",
		"wait 10", "redraw never") },
	{ "one that is shut for good does not count", triage,
	  LINES("> deny shards", "go 12", "key enter", "section error 3 403 role may not read them",
		"redraw never") },

	/* times */
	{ "t turns ages, local times and UTC", triage,
	  LINES("offset 7200", "last 12 3d 04h", "next 12 2d 04h late", "next 1 in 22h",
		"times ages", "key t", "changed", "times local", "last 12 18 18:02+02",
		"next 12 19 18:02+02", "key t", "times utc", "last 12 11-18 16:02Z",
		"next 1 11-22 18:14Z", "key t", "times ages") },
	{ "a stall has lasted for so long, or stands there since", triage,
	  LINES("> bdb 7 periodic=false", "offset 7200", "wait 720000", "clauses 7 42% for 12m",
		"key t", "clauses 7 42% since 22:14:05+02", "key t",
		"clauses 7 42% since 20:14:05Z", "wait 18000000",
		"clauses 7 42% since 2026-11-21 20:14:05Z") },
	{ "local is UTC where nobody knows better", triage,
	  LINES("key t", "times local", "last 12 11-18 16:02Z") },
	{ "t works in the log too, and in no line that is typed", triage,
	  LINES("key l", "key t", "times local", "mode log", "key esc", "key /", "type t",
		"times local", "typing t") },
	{ "what was never done has no time in any form",
	  LINES("bdb 4 periodic=true every=3600", "bdb 5 name=x periodic=false"),
	  LINES("last 4 never", "last 5 -", "key t", "last 4 never", "last 5 -", "next 5 -") },

	/* after a reset */
	{ "after a clearing it is told whether the cluster tried again", triage,
	  LINES("after reset 12 backup nothing", "go 12", "confirm b", "wait 10000",
		"row 12 cleared, was no-permission", "after reset 12 backup no retry seen",
		"wait 240000", "> bdb 12 backup=exporting:", "wait 5000",
		"after reset 12 backup retried 4m later", "after reset 12 export nothing") },
	{ "and when it is to try next, by the plan",
	  LINES("bdb 1 name=a backup=failed:no-permission periodic=true every=86400 "
		"backup.last=2026-11-21T02:00:00Z"),
	  LINES("go 1", "confirm b", "wait 10000",
		"after reset 1 backup no retry seen, next due 02:00Z", "offset 7200", "key t",
		"after reset 1 backup no retry seen, next due 04:00+02", "wait 21000000",
		"after reset 1 backup no retry seen") },
	{ "with its day, where that is not plain",
	  LINES("bdb 1 name=a backup=failed:no-permission periodic=true every=604800 "
		"backup.last=2026-11-21T02:00:00Z"),
	  LINES("go 1", "confirm b", "wait 10000",
		"after reset 1 backup no retry seen, next due 2026-11-28 02:00Z") },

	/* help and diagnostics */
	{ "? then d is the page of diagnostics, any other key goes back", triage,
	  LINES("key ?", "mode help", "key d", "changed", "mode diagnostics", "fits 10 of 25",
		"key down", "page 1", "key pgdn", "page 10", "key G", "page 15", "key g", "page 0",
		"wheel 3", "page 3", "key x", "mode list", "key ?", "key d", "page 0", "key esc",
		"mode list") },
	{ "from the log it goes back to the log", triage,
	  LINES("key l", "key ?", "key d", "mode diagnostics", "key q", "mode log", "not over") },
	{ "no question comes over the page of diagnostics", triage,
	  LINES("go 12", "> put 200 keep", "confirm b", "key ?", "key d", "> refuse login No.",
		"> ask login", "mode diagnostics", "key esc", "question login") },

	/* the mouse */
	{ "a click chooses, a double click opens", triage,
	  LINES("rows 12 44 7 1", "click 2", "cursor 7", "detail closed", "click 1 twice",
		"cursor 44", "detail open", "detail of 44", "click 3", "detail of 1", "click 4",
		"cursor 1") },
	{ "the wheel moves the list, over the detail the detail", triage,
	  LINES("wheel 2", "cursor 7", "wheel -1", "cursor 44", "wheel detail 1", "cursor 7",
		"key enter", "fits 10 of 35", "wheel detail 3", "detail top 3", "cursor 7",
		"wheel detail -9", "detail top 0") },
	{ "a click answers no question and moves nothing under it", triage,
	  LINES("go 12", "ask b", "click 1 twice", "wheel 2", "wheel detail 2", "question reset",
		"cursor 12", "detail closed", "puts 0") },
	{ "in the log the mouse chooses lines", triage,
	  LINES("go 12", "confirm b", "wait 3000", "key l", "log cursor 0", "wheel 1",
		"log cursor 1", "click 2", "log cursor 2", "click 99", "log cursor 2",
		"mode log") },
	{ "help, and a line that is typed, know no mouse", triage,
	  LINES("go 12", "key ?", "click 1", "wheel 1", "mode help", "cursor 12", "key x", "key /",
		"click 1", "cursor 12", "mode filter") },
};

int main(void)
{
	return scenario_run_all(scenarios, ARRAY_SIZE(scenarios), NULL, 0);
}
