#include "tests/screen/screen_cases_detail.h"

#include <stddef.h>

const char *const crowd[] = {
	"cluster",
	"gone 384",
	"gone 385",
	"gone 386",
	"gone 387",
	"gone 388",
	"gone 389",
	"gone 390",
	"gone 391",
	"gone 392",
	"gone 393",
	"gone 394",
	"bdb 11 name=vouchers backup=succeeded backup.last=2026-11-21T15:10:00Z",
	"bdb 13 name=stock backup=succeeded backup.last=2026-11-21T17:00:00Z",
	"bdb 14 name=billing backup=succeeded backup.last=2026-11-21T15:10:00Z",
	"bdb 15 name=webhooks backup=succeeded backup.last=2026-11-21T15:10:00Z",
	"bdb 16 name=feeds backup=succeeded backup.last=2026-11-21T15:10:00Z",
	"bdb 17 name=carts-us backup=succeeded backup.last=2026-11-21T15:10:00Z",
	"bdb 18 name=audit backup=succeeded backup.last=2026-11-21T15:10:00Z",
	"bdb 19 name=coupons backup=succeeded backup.last=2026-11-21T15:10:00Z",
	"bdb 20 name=presence periodic=false",
	"bdb 22 name=geo-us backup=succeeded backup.last=2026-11-21T15:10:00Z",
	"bdb 23 name=tickets backup=succeeded backup.last=2026-11-21T15:10:00Z",
	"advance 65000",
	NULL,
};

/* The last steps let the sections be read at different seconds, as on a real cluster. */
const char *const detail_steps[] = {
	"crowd",
	"key p",
	"advance 538700",
	"key b",
	"advance 300",
	"put 200",
	"latency 41",
	"hold put",
	"key y",
	"advance 0",
	"hold one",
	"release put",
	"advance 2000",
	"release one",
	"latency 38",
	"advance 98000",
	"bdb 12 backup=exporting",
	"moving",
	"key .",
	"advance 17000",
	"bdb 12 backup=failed:no-permission",
	"key .",
	"advance 2000",
	"key p",
	"advance 3000",
	"key esc",
	"key esc",
	"traits 12 redis=8.0 shards=7",
	"event 2026-11-21T20:03:58Z backup_failed 12 ERROR",
	"event 2026-11-21T20:08:40Z backup_started 12",
	"event 2026-11-21T20:08:57Z backup_failed 12 ERROR",
	"event 2026-11-21T20:13:41Z backup_started 12",
	"event 2026-11-21T20:13:58Z backup_failed 12 ERROR",
	"alert 12 since=2026-11-19T17:02:11Z limit=1500",
	"shard 12 uid=1 node=1",
	"shard 12 uid=2 node=1",
	"shard 12 uid=3 node=1",
	"shard 12 uid=4 node=2",
	"shard 12 uid=5 node=2",
	"shard 12 uid=6 node=2",
	"shard 12 uid=7 node=2",
	"mute actions",
	"wall 1000",
	"key enter",
	"advance 0",
	"wall -1000",
	"advance 2000",
	NULL,
};

#define SHARDS_OF_7                                                                              \
	"shard 7 uid=5 node=1 percent=61", "shard 7 uid=6 node=1 percent=58",                     \
		"shard 7 uid=7 node=2 percent=3", "shard 7 uid=8 node=2 percent=46"

const char *const detail_stalled_steps[] = {
	"runs 7 29",
	"bdb 7 export.last=2026-10-02T11:30:00Z",
	"traits 7 redis=8.0 shards=4",
	SHARDS_OF_7,
	"crowd",
	"key p",
	"advance 658000",
	"moving",
	"no events",
	"event 2026-11-21T19:43:02Z backup_started 7",
	"action 7 running name= percent=42 shard=7 heartbeat=2026-11-21T20:01:55Z "
	"created=2026-11-21T19:43:02Z",
	"key p",
	"row 4",
	"advance 4000",
	"key esc",
	"key enter",
	"advance 1000",
	NULL,
};

/* A success without a new file, and an export whose percent goes back without a heartbeat. */
const char *const detail_suspect_steps[] = {
	"triage",
	"bdb 13 name=stock backup=succeeded backup.last=2026-11-21T17:00:00Z",
	"advance 5000",
	"bdb 13 backup=exporting backup.percent=50",
	"advance 5000",
	"bdb 13 backup=succeeded export=exporting export.percent=60",
	"advance 5000",
	"bdb 13 export.percent=20",
	"advance 5000",
	"key /",
	"type state:suspect",
	"key enter",
	"row 1",
	"key enter",
	"advance 1000",
	NULL,
};

const char *const detail_import_steps[] = {
	"triage", "row 3", "key enter", "advance 1000", NULL,
};

const char *const detail_running_steps[] = {
	"traits 140 redis=7.4 shards=30",
	"triage",
	"row 10",
	"progress 140 30",
	"action 140 running name=export percent=12 shard=7 heartbeat=2026-11-21T20:14:01Z "
	"created=2026-11-20T23:43:02Z",
	"key enter",
	"advance 1000",
	NULL,
};

const char *const detail_overdue_steps[] = {
	"alert 21 since=2026-11-21T17:00:00Z", "triage", "row 5", "key enter", "advance 1000",
	NULL,
};

const char *const detail_never_steps[] = {
	"triage", "row 6", "key enter", "advance 1000", NULL,
};

const char *const detail_retrying_steps[] = {
	"event 2026-11-21T20:00:40Z backup_started 12",
	"event 2026-11-21T19:55:58Z backup_failed 12 ERROR",
	"event 2026-11-21T19:55:40Z backup_started 12",
	"event 2026-11-21T19:50:58Z backup_failed 12 ERROR",
	"event 2026-11-21T19:50:40Z backup_started 12",
	"event 2026-11-20T21:02:11Z backup_succeeded 12",
	"bdb 12 created=2026-01-01T00:00:00Z",
	"node 1 version=8.0.2-17",
	"node 2 version=8.0.6-20",
	"triage",
	"bdb 44 export=failed:general-error",
	"bdb 12 backup=exporting backup.percent=12",
	"advance 5000",
	"key enter",
	"advance 1000",
	NULL,
};

const char *const detail_defects_steps[] = {
	"node 1 version=7.4.6-22",
	"node 2 version=7.8.6-36",
	"triage",
	"bdb 58 import=failed:general-error",
	"advance 5000",
	"row 3",
	"key enter",
	"advance 1000",
	NULL,
};

const char *const detail_quiet_steps[] = {
	"traits 2 version=7.2.4 shards=1", "triage", "row 12", "key enter", "advance 1000", NULL,
};

const char *const detail_errors_steps[] = {
	"triage",      "mute events",  "deny alerts",  "break actions", "spoil shards",
	"lack traits", "key enter", "advance 3000", NULL,
};

const char *const detail_loading_steps[] = {
	"triage", "hold facts", "key enter", NULL,
};

const char *const detail_slow_steps[] = {
	"event 2026-11-21T20:08:57Z backup_failed 12 ERROR",
	"triage", "key enter", "advance 1000", "hold facts", "advance 38000", NULL,
};

/* Events of a day, and a reset that was repeated without effect. */
#define IN_VAIN "put 200 keep", "key b", "advance 300", "key y", "advance 24000"
const char *const detail_long_steps[] = {
	"triage",	"runs 12 20", IN_VAIN,	      IN_VAIN,	IN_VAIN, IN_VAIN, "key enter",
	"advance 5000", "key page-down", "advance 1000", NULL,
};

#define CLEARED                                                                                   \
	"triage", "bdb 12 backup.last=2026-11-21T02:00:00Z", "advance 5000", "key b",             \
		"advance 300", "key y", "advance 2000", "key esc"
const char *const detail_after_reset_steps[] = {
	CLEARED, "key enter", "advance 3000", NULL,
};
const char *const detail_retried_steps[] = {
	CLEARED, "key enter", "advance 240000", "bdb 12 backup=exporting backup.percent=1",
	"advance 5000", NULL,
};
const char *const after_reset_steps[] = { CLEARED, NULL };
const char *const retried_steps[] = {
	CLEARED, "advance 240000", "bdb 12 backup=exporting backup.percent=1", "advance 5000",
	NULL,
};

const char *const detail_result_steps[] = {
	"triage", "put 409 Database is busy with a different action.",
	"key b", "advance 300", "key y", "key enter", NULL,
};

const char *const detail_question_steps[] = {
	"triage", "key enter", "advance 1000", "key b", NULL,
};

const char *const detail_filter_steps[] = {
	"triage", "key enter", "advance 1000", "key /", "type failed", NULL,
};

const char *const detail_truncated_steps[] = {
	"triage", "key enter", "advance 1000", "fail Connection refused by 10.1.2.3 port 9443.",
	"advance 45000", NULL,
};

const char *const detail_hostile_steps[] = {
	"latency 38",
	"bdb 11 name=evil%1B[2Jname backup=pondering:moon-phase-of-the-third-kind",
	"bdb 13 name=顧客-東京-本番 backup=failed:%1B]0;x%07 state=%1B[31mactive",
	"bdb 15 name=quiet backup=succeeded",
	"traits 13 redis=\033[2J8 shards=1",
	"event 2026-11-21T20:08:57Z bdb_x\033[2J\xe2\x80\xae_failed 13 ERR\033OR",
	"alert 13 name=a\033[31mlert",
	"action 13 running name=a\033[2Jb percent=4",
	"shard 13 uid=1 node=1 status=do\033wn",
	"release list",
	"advance 1000",
	"row 1",
	"key enter",
	"advance 1000",
	NULL,
};
