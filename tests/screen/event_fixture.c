/*
 * The clusters that screen cases begin with, and what happened on them before.
 */
#include "tests/screen/screen_cases.h"
#include "tests/screen/screen_cases_detail.h"

/* 3 failed, 1 stalled, 2 overdue, 4 running, 204 quiet; polled since 20:01:32Z. */
static const char *const cluster[] = {
	"wall -753000",
	"latency 38",
	"bdb 12 name=orders-eu backup=failed:no-permission backup.last=2026-11-18T16:02:11Z",
	"bdb 44 name=ledger backup=succeeded backup.last=2026-11-21T15:02:40Z "
	"export=failed:wrong-file-path",
	"bdb 58 name=clickstream backup=succeeded backup.last=2026-11-21T18:00:09Z "
	"import=failed:file-larger-than-mem-limit:12884901888:8589934592",
	"bdb 7 name=sessions backup=exporting backup.percent=41 backup.last=2026-11-20T18:05:40Z "
	"created=2026-01-01T00:00:00Z",
	"event 2026-11-21T19:43:02Z backup_started 7",
	"event 2026-11-20T20:34:40Z backup_succeeded 7",
	"event 2026-11-20T20:30:38Z backup_started 7",
	"bdb 31 name=carts backup=succeeded backup.last=2026-11-21T17:44:05Z "
	"import=importing import.percent=16",
	"bdb 63 name=search backup=exporting backup.percent=87 backup.last=2026-11-20T20:02:00Z",
	"bdb 102 name=fraud-scores backup=succeeded backup.last=2026-11-21T16:30:00Z "
	"export=exporting export.percent=3",
	"bdb 140 name=geo backup=exporting backup.percent=60 backup.last=2026-11-20T20:44:05Z "
	"export=exporting export.percent=11",
	"bdb 1 name=accounts backup=succeeded backup.last=2026-11-21T17:10:00Z",
	"bdb 2 name=catalog backup=succeeded backup.last=2026-11-21T17:10:00Z export=succeeded "
	"export.last=2026-11-20T09:00:00Z",
	"bdb 3 name=pricing backup=succeeded backup.last=2026-11-21T19:34:00Z import=succeeded",
	"bdb 4 name=wishlist periodic=false",
	"bdb 5 name=mailer backup=succeeded backup.last=2026-11-21T14:50:00Z",
	"bdb 6 name=tokens backup=succeeded backup.last=2026-11-21T20:03:00Z",
	"bdb 8 name=profiles backup=succeeded backup.last=2026-11-21T14:10:00Z",
	"bdb 9 name=ratelimit periodic=false",
	"bdb 10 name=recommender backup=succeeded backup.last=2026-11-21T15:10:00Z",
	"bdb 21 name=invoices backup=succeeded backup.last=2026-11-21T15:10:00Z every=3600",
	"bdb 90 name=quotas export=succeeded export.last=2026-11-20T09:00:00Z "
	"created=2026-01-01T00:00:00Z",
	"many 200 395",
	"release list",
	"advance 24000",
	"bdb 7 backup.percent=42",
	"advance 1000",
	NULL,
};
/* Changes without a poll, seen at 20:14:05Z. */
static const char *const moving[] = {
	"bdb 31 import.percent=17",
	"bdb 63 backup.percent=88",
	"bdb 102 export.percent=4",
	"bdb 140 backup.percent=61 export.percent=12",
	NULL,
};
static const char *const moved[] = {
	"moving", "key p", "advance 5000", "key esc", NULL,
};
static const char *const triage[] = {
	"cluster", "key p", "advance 723000", "moved", NULL,
};
/* The same cluster with an earlier reset, after which the backup failed again. */
static const char *const night[] = {
	"cluster",
	"key p",
	"advance 603700",
	"key b",
	"advance 300",
	"put 200",
	"key y",
	"advance 100000",
	"bdb 12 backup=exporting",
	"moving",
	"key .",
	"advance 17000",
	"bdb 12 backup=failed:no-permission",
	"key .",
	"advance 2000",
	"moved",
	"key esc",
	NULL,
};

/* The same cluster; polls have failed for 40 s, since 20:13:25Z. */
static const char *const lost[] = {
	"wall -45000",
	"cluster",
	"key p",
	"advance 287700",
	"key b",
	"advance 300",
	"put 200",
	"key y",
	"advance 160000",
	"bdb 12 backup=exporting",
	"moving",
	"key .",
	"advance 17000",
	"bdb 12 backup=failed:no-permission",
	"key .",
	"advance 258000",
	"key p",
	"advance 5000",
	"key esc",
	"key esc",
	"again 61000",
	"fail Connection refused by 10.1.2.3 port 9443.",
	"advance 45000",
	NULL,
};

#define REFUSED_STORE "backup=failed:no-permission backup.last=2026-11-18T16:02:11Z"
#define BROKEN	      "backup=failed:general-error backup.last=2026-11-18T16:02:11Z"

/* 61 failed, 31 of them with the same reason; twelve are marked. */
static const char *const bad_night[] = {
	"wall -723000",
	"latency 38",
	"bdb 3 name=pricing " REFUSED_STORE,
	"bdb 9 name=ratelimit " REFUSED_STORE,
	"bdb 12 name=orders-eu " REFUSED_STORE,
	"bdb 17 name=carts-us " REFUSED_STORE,
	"bdb 23 name=tickets " REFUSED_STORE,
	"bdb 29 name=geo-us " REFUSED_STORE,
	"bdb 33 name=vectors " REFUSED_STORE,
	"bdb 38 name=feeds " REFUSED_STORE,
	"bdb 41 name=audit " REFUSED_STORE,
	"bdb 47 name=tokens " REFUSED_STORE,
	"bdb 52 name=billing " BROKEN,
	"bdb 55 name=mailer2 " BROKEN,
	"many 60 81 " REFUSED_STORE,
	"many 81 109 backup=failed:wrong-file-path backup.last=2026-11-21T16:00:00Z",
	"many 120 122 backup=exporting backup.percent=42 backup.last=2026-11-21T16:00:00Z",
	"many 130 139 backup=succeeded backup.last=2026-11-21T15:10:00Z every=3600",
	"many 140 146 backup=exporting backup.percent=42 backup.last=2026-11-21T16:00:00Z",
	"many 200 336",
	"release list",
	"advance 0",
	"key p",
	"advance 718000",
	"many 140 146 backup.percent=43",
	"key p",
	"advance 5000",
	"key esc",
	NULL,
};
/* 60 failed; one has a reset under way. */
static const char *const another_night[] = {
	"wall -753000",
	"latency 38",
	"bdb 3 name=pricing " REFUSED_STORE,
	"bdb 9 name=ratelimit backup=failed:no-permission backup.last=2026-11-21T11:00:00Z",
	"bdb 12 name=orders-eu " REFUSED_STORE,
	"bdb 23 name=tickets backup=failed:general-error backup.last=2026-11-20T17:00:00Z",
	"bdb 29 name=ghost backup=failed:no-permission backup.last=2026-11-15T09:00:00Z",
	"bdb 33 name=vectors backup=failed:no-permission backup.last=2026-11-19T00:00:00Z "
	"modules=graph,json",
	"bdb 38 name=feeds backup=failed:no-permission backup.last=2026-11-20T17:00:00Z",
	"bdb 41 name=audit backup=failed:no-permission backup.last=2026-11-21T08:00:00Z",
	"bdb 47 name=tokens backup=failed:no-permission backup.last=2026-11-21T09:00:00Z",
	"bdb 52 name=billing backup=failed:no-permission backup.last=2026-11-21T13:00:00Z",
	"bdb 55 name=mailer backup=failed:general-error backup.last=2026-11-21T12:00:00Z",
	"lacking graph",
	"many 60 109 backup=failed:wrong-file-path backup.last=2026-11-21T16:00:00Z",
	"many 120 122 backup=exporting backup.percent=42 backup.last=2026-11-21T16:00:00Z",
	"many 130 139 backup=succeeded backup.last=2026-11-21T15:10:00Z every=3600",
	"many 140 146 backup=exporting backup.percent=42 backup.last=2026-11-21T16:00:00Z",
	"many 200 337",
	"release list",
	"advance 0",
	"key p",
	"advance 598000",
	"row 10",
	"key b",
	"advance 300",
	"put 200 keep",
	"key y",
	"advance 34700",
	"many 140 146 backup.percent=43",
	"key p",
	"key esc",
	"key esc",
	"advance 5000",
	"key esc",
	NULL,
};
#define SPACES_4 "key space", "key space", "key space", "key space"
static const char *const marked[] = {
	"bad night", "row 1", SPACES_4, SPACES_4, SPACES_4, "row 1", NULL,
};

const struct event_fixture event_fixtures[] = {
	{ "cluster", cluster }, { "moved", moved }, { "moving", moving },
	{ "triage", triage },	{ "night", night }, { "bad night", bad_night },
	{ "marked", marked },	{ "lost", lost },	{ "crowd", crowd },
	{ "another night", another_night },
};
const size_t event_fixture_count = sizeof(event_fixtures) / sizeof(event_fixtures[0]);
