/*
 * What leads to each screen that has a drawing.
 */
#include "tests/screen/screen_cases.h"

#include "tests/screen/screen_cases_detail.h"
#include "tests/screen/screen_cases_reset.h"

static const char *const list_steps[] = { "triage", NULL };
static const char *const night_steps[] = { "night", NULL };
static const char *const running_row_steps[] = { "triage", "row 4", NULL };
static const char *const two_rows_steps[] = { "triage", "row 8", NULL };
static const char *const question_steps[] = { "night", "key b", NULL };
static const char *const running_steps[] = { "triage", "row 4", "key b", NULL };
static const char *const crdt_steps[] = {
	"triage", "bdb 12 crdt=true",	   "advance 5000",
	"key b",  "bdb 12 name=orders-us", "advance 5000",
	NULL,
};
static const char *const audit_log_steps[] = {
	"triage", "ledger fails", "key b",	  "advance 300",
	"key y",  "advance 1000", "ledger works", NULL,
};
static const char *const quit_steps[] = {
	"triage", "put 409 Database is busy.", "key b", "advance 300", "key y", "key q", NULL,
};
static const char *const mistake_steps[] = {
	"night",
	"key /",
	"type state:failed age>24",
	NULL,
};
/* Nothing but problems, and the column after that of the imports. */
static const char *const sorted_steps[] = {
	"triage", "key !", "key s", "key s", "key s", "key s",
	"key s",  "key s", "key s", "row 1", NULL,
};
static const char *const by_db_steps[] = { "triage", "key s", "row 1", NULL };
static const char *const calm_steps[] = {
	"latency 38",	"many 1 20", "bdb 20 name=search backup=exporting backup.percent=12",
	"release list", NULL,
};
static const char *const calm_problems_steps[] = {
	"latency 38", "many 1 20", "release list", "advance 0", "key !", NULL,
};
static const char *const skew_steps[] = {
	"wall -15000", "ahead 130", "triage", "advance 5000", "advance 10000", NULL,
};
static const char *const node_clocks_steps[] = {
	"wall -15000", "triage", "ahead 10800", "advance 5000", "ahead 0", "advance 10000", NULL,
};
static const char *const stalled_steps[] = {
	"action 7 running name=backup percent=42 shard=7 heartbeat=2026-11-21T20:01:55Z",
	"triage", "row 4", "advance 60000", NULL,
};
static const char *const overdue_steps[] = {
	"alert 21 on since=2026-11-21T17:00:00Z", "triage", "row 5", "advance 60000", NULL,
};
static const char *const never_steps[] = { "triage", "row 6", NULL };
static const char *const import_steps[] = { "triage", "row 3", NULL };
static const char *const retrying_steps[] = {
	"event 2026-11-21T20:00:40Z backup_started 12",
	"event 2026-11-21T19:55:58Z backup_failed 12",
	"event 2026-11-21T19:55:40Z backup_started 12",
	"event 2026-11-21T19:50:58Z backup_failed 12",
	"event 2026-11-21T19:50:40Z backup_started 12",
	"event 2026-11-20T21:02:11Z backup_succeeded 12",
	"bdb 12 created=2026-01-01T00:00:00Z",
	"triage",
	"bdb 12 backup=exporting backup.percent=12",
	"advance 5000",
	NULL,
};
static const char *const suspect_steps[] = {
	"triage",
	"bdb 13 name=stock backup=succeeded backup.last=2026-11-21T17:00:00Z",
	"advance 5000",
	"bdb 13 backup=exporting backup.percent=50",
	"advance 5000",
	"bdb 13 backup=succeeded",
	"bdb 15 name=webhooks backup=failed",
	"advance 5000",
	"key /",
	"type state:suspect",
	"key enter",
	"row 1",
	NULL,
};
static const char *const absence_steps[] = {
	"triage",
	"gone 9",
	"bdb 3 backup=exporting",
	"advance 300000",
	"key esc",
	"bdb 3 backup=failed:no-permission",
	"bdb 7 backup=succeeded backup.last=2026-11-21T20:20:00Z",
	"bdb 9 name=ratelimit periodic=false",
	"advance 840000",
	"key down",
	"advance 5000",
	NULL,
};
static const char *const log_seen_steps[] = { "night", "key l", "key down", "key down", NULL };
static const char *const log_filter_steps[] = {
	"night", "key l", "key /", "type db:12 !cleared", NULL,
};
static const char *const filter_steps[] = { "triage", "key /", "type failed", NULL };
static const char *const filtered_steps[] = { "triage", "key /", "type failed", "key enter", NULL };
static const char *const nothing_steps[] = { "triage", "key /", "type zzz", "key enter", NULL };
static const char *const outage_steps[] = { "lost", NULL };
static const char *const late_steps[] = { "triage", "hold list", "advance 12000", NULL };
static const char *const paused_steps[] = {
	"cluster", "moving", "key p", "advance 484000", "key .", "advance 244000", NULL,
};
static const char *const login_steps[] = {
	"triage",
	"refuse login Log-in refused (401) for admin@prod.example.",
	"advance 5000",
	NULL,
};
static const char *const trust_steps[] = {
	"refuse trust The certificate of cluster.prod.example:9443 does not verify: it is "
	"self-signed. Give its CA with --cacert.",
	NULL,
};
#define REFUSED "refuse login Log-in refused (401) for admin@prod.example.", "ask login"
static const char *const password_steps[] = { "triage", REFUSED, "advance 5000", NULL };
static const char *const typing_steps[] = {
	"triage", REFUSED, "advance 5000", "type hidden", NULL,
};
static const char *const twice_steps[] = {
	"triage", REFUSED, "advance 5000", "logins bad", "type wrong", "key enter", NULL,
};
static const char *const trying_steps[] = {
	"triage",    "advance 1000", REFUSED,	  "advance 1000",
	"hold list", "type new",     "key enter", NULL,
};
static const char *const later_steps[] = { "triage", REFUSED, "advance 5000", "key esc", NULL };
static const char *const sign_in_steps[] = { "ask login", "advance 5000", NULL };
static const char *const user_steps[] = {
	"setup no-user", "ask login", "advance 5000", "type admin@prod", NULL,
};
static const char *const signed_out_steps[] = { "ask login", "advance 5000", "key esc", NULL };
static const char *const first_contact_steps[] = { "ask trust", "advance 5000", NULL };
static const char *const later_contact_steps[] = { "ask trust", "advance 5000", "key n", NULL };
static const char *const key_changed_steps[] = { "changed", NULL };
static const char *const key_changed_later_steps[] = { "triage", "changed", NULL };
static const char *const last_list_steps[] = { "triage", "changed", "key esc", NULL };
static const char *const read_only_steps[] = { "setup read-only", "triage", "key b", NULL };
static const char *const label_steps[] = { "setup label", "via n2", "triage", "key b", NULL };
static const char *const label_first_contact_steps[] = {
	"setup label",
	"ask trust",
	"advance 5000",
	NULL,
};
static const char *const label_password_steps[] = {
	"setup label", "triage", REFUSED, "advance 5000", NULL,
};
static const char *const waiting_steps[] = { "advance 3000", NULL };
static const char *const unreached_steps[] = {
	"fail Connection refused by cluster.prod.example (10.1.2.3) port 9443. Is this a node, and "
	"is its API on this port?",
	"release list",
	"advance 4000",
	NULL,
};
static const char *const empty_steps[] = { "setup lab", "latency 9", "release list", NULL };
static const char *const ids_steps[] = {
	"latency 38",
	"many 1 4101",
	"many 4101 4113 backup=exporting backup.percent=42",
	"many 4113 10001",
	"release list",
	"advance 0",
	"key s",
	"row 4185",
	"key up",
	"key up",
	"key up",
	"key up",
	NULL,
};
static const char *const hostile_steps[] = {
	"latency 38",
	"bdb 9 name=customer-profile-cache backup=failed:invalid-bulk-length",
	"bdb 10 name=顧客-東京-本番 backup=succeeded import=importing import.percent=17",
	"bdb 11 name=evil%1B[2Jname backup=pondering:moon-phase-of-the-third-kind",
	"bdb 13 name=e%CC%81a%E2%80%AEb%FF backup=failed:%1B]0;x%07",
	"bdb 14 name=~ state=! backup=! export=?",
	"release list",
	"row 4",
	NULL,
};
/* By id: a long name, a wide one, a hostile one, a contradiction. */
static const char *const edges_steps[] = {
	"latency 38",
	"bdb 9 name=customer-profile-cache backup=failed:invalid-bulk-length",
	"bdb 10 name=顧客-東京-本番 backup=succeeded import=importing import.percent=17",
	"bdb 11 name=evil%1B[2Jname backup=pondering:moon-phase-of-the-third-kingdom",
	"bdb 13 name=stock backup=exporting backup.last=2026-11-21T17:00:00Z",
	"bdb 14 name=billing",
	"release list",
	"advance 0",
	"bdb 13 backup=succeeded",
	"advance 5000",
	"key s",
	"row 5",
	NULL,
};
static const char *const insecure_steps[] = { "setup insecure", "triage", NULL };
static const char *const watching_steps[] = { "setup read-only", "triage", NULL };
static const char *const via_steps[] = { "setup label", "triage", "via n2", NULL };
static const char *const unreadable_steps[] = { "triage", "unreadable 2", "advance 5000", NULL };
static const char *const help_steps[] = { "triage", "key ?", NULL };
static const char *const log_steps[] = {
	"triage",	 "advance 5000",
	"put 200",	 "key b",
	"advance 300",	 "key y",
	"advance 1000",	 "fail Connection refused by 10.1.2.3 port 9443.",
	"advance 10000", "recover",
	"advance 10000", "key l",
	"key down",	 "key down",
	"key down",	 NULL,
};

const struct screen_case screen_cases[] = {
	{ "list", 120, 36, false, night_steps },
	{ "list", 80, 24, false, night_steps },
	{ "list", 80, 20, false, list_steps },
	{ "list", 80, 14, false, list_steps },
	{ "list", 40, 10, false, list_steps },
	{ "list", 66, 14, false, list_steps },
	{ "list", 200, 60, false, list_steps },
	{ "list-ascii", 80, 24, true, running_row_steps },
	{ "two-running", 80, 24, false, two_rows_steps },
	{ "question", 80, 20, false, question_steps },
	{ "question", 80, 14, false, question_steps },
	{ "question", 40, 10, false, question_steps },
	{ "running", 80, 24, false, running_steps },
	{ "running", 40, 10, false, running_steps },
	{ "changed", 80, 24, false, crdt_steps },
	{ "ledger", 80, 24, false, audit_log_steps },
	{ "quit", 80, 24, false, quit_steps },
	{ "outcomes", 120, 22, false, outcomes_steps },
	{ "results", 120, 22, false, results_steps },
	{ "results", 80, 24, false, results_steps },
	{ "results", 40, 24, false, results_steps },
	{ "greyed", 80, 24, false, forbidden_steps },
	{ "filter", 80, 14, false, filter_steps },
	{ "filter", 40, 10, false, filter_steps },
	{ "filtered", 80, 14, false, filtered_steps },
	{ "nothing", 80, 14, false, nothing_steps },
	{ "outage", 80, 14, false, outage_steps },
	{ "outage", 40, 10, false, outage_steps },
	{ "late", 80, 14, false, late_steps },
	{ "paused", 80, 14, false, paused_steps },
	{ "login", 80, 24, false, login_steps },
	{ "login", 40, 10, false, login_steps },
	{ "trust", 80, 14, false, trust_steps },
	{ "password", 80, 24, false, password_steps },
	{ "password", 80, 14, false, password_steps },
	{ "password", 40, 10, false, password_steps },
	{ "typing", 80, 24, false, typing_steps },
	{ "twice", 80, 24, false, twice_steps },
	{ "trying", 80, 14, false, trying_steps },
	{ "later", 80, 24, false, later_steps },
	{ "sign-in", 80, 24, false, sign_in_steps },
	{ "sign-in", 40, 10, false, sign_in_steps },
	{ "sign-in-user", 80, 14, false, user_steps },
	{ "signed-out", 80, 14, false, signed_out_steps },
	{ "visit", 80, 20, false, first_contact_steps },
	{ "visit", 80, 14, false, first_contact_steps },
	{ "visit", 40, 10, false, first_contact_steps },
	{ "visit", 120, 36, false, first_contact_steps },
	{ "visited", 80, 20, false, later_contact_steps },
	{ "key-changed", 80, 14, false, key_changed_steps },
	{ "key-changed", 40, 10, false, key_changed_steps },
	{ "key-changed", 120, 36, false, key_changed_steps },
	{ "key-changed-later", 80, 24, false, key_changed_later_steps },
	{ "picture", 80, 14, false, last_list_steps },
	{ "read-only", 80, 14, false, read_only_steps },
	{ "read-only", 40, 10, false, read_only_steps },
	{ "label", 80, 20, false, label_steps },
	{ "label", 40, 10, false, label_steps },
	{ "label-visit", 80, 20, false, label_first_contact_steps },
	{ "label-password", 80, 24, false, label_password_steps },
	{ "waiting", 80, 24, false, waiting_steps },
	{ "waiting", 40, 10, false, waiting_steps },
	{ "unreached", 80, 14, false, unreached_steps },
	{ "empty", 80, 24, false, empty_steps },
	{ "ids", 80, 14, false, ids_steps },
	{ "hostile", 80, 24, false, hostile_steps },
	{ "hostile-ascii", 80, 24, true, hostile_steps },
	{ "edges", 80, 14, false, edges_steps },
	{ "insecure", 80, 14, false, insecure_steps },
	{ "watching", 80, 14, false, watching_steps },
	{ "role", 80, 14, false, role_steps },
	{ "via", 80, 14, false, via_steps },
	{ "unreadable", 80, 24, false, unreadable_steps },
	{ "help", 80, 24, false, help_steps },
	{ "help", 40, 10, false, help_steps },
	{ "bulk", 80, 18, false, bulk_steps },
	{ "bulk", 120, 36, false, bulk_steps },
	{ "bulk", 40, 10, false, bulk_steps },
	{ "bulk", 40, 24, false, bulk_steps },
	{ "few", 80, 24, false, few_steps },
	{ "few", 40, 10, false, few_steps },
	{ "marked", 80, 24, false, marked_steps },
	{ "marked", 40, 10, false, marked_steps },
	{ "bulk-sum", 120, 22, false, bulk_sum_steps },
	{ "bulk-sum", 80, 24, false, bulk_sum_steps },
	{ "bulk-sum", 40, 14, false, bulk_sum_steps },
	{ "bulk-end", 120, 36, false, bulk_end_steps },
	{ "bulk-end", 80, 24, false, bulk_end_steps },
	{ "mistake", 80, 14, false, mistake_steps },
	{ "mistake", 40, 10, false, mistake_steps },
	{ "mistake", 120, 36, false, mistake_steps },
	{ "sorted", 120, 36, false, sorted_steps },
	{ "sorted", 80, 24, false, sorted_steps },
	{ "sorted", 40, 10, false, sorted_steps },
	{ "by-db", 80, 24, true, by_db_steps },
	{ "calm", 80, 14, false, calm_steps },
	{ "calm", 40, 10, false, calm_steps },
	{ "calm-problems", 80, 14, false, calm_problems_steps },
	{ "skew", 80, 14, false, skew_steps },
	{ "skew", 40, 10, false, skew_steps },
	{ "node-clocks", 80, 14, false, node_clocks_steps },
	{ "node-clocks", 40, 10, false, node_clocks_steps },
	{ "stalled", 80, 24, false, stalled_steps },
	{ "stalled", 120, 36, false, stalled_steps },
	{ "stalled", 40, 24, false, stalled_steps },
	{ "overdue", 80, 24, false, overdue_steps },
	{ "overdue", 120, 36, false, overdue_steps },
	{ "never", 80, 24, false, never_steps },
	{ "import", 80, 24, false, import_steps },
	{ "import", 120, 36, false, import_steps },
	{ "retrying", 80, 24, false, retrying_steps },
	{ "retrying", 120, 36, false, retrying_steps },
	{ "retrying", 40, 10, false, retrying_steps },
	{ "doubt", 80, 24, false, suspect_steps },
	{ "doubt", 120, 36, false, suspect_steps },
	{ "doubt", 40, 10, false, suspect_steps },
	{ "away", 80, 24, false, absence_steps },
	{ "away", 120, 36, false, absence_steps },
	{ "away", 40, 10, false, absence_steps },
	{ "log-seen", 80, 16, false, log_seen_steps },
	{ "log-seen", 120, 36, false, log_seen_steps },
	{ "log-seen", 40, 10, false, log_seen_steps },
	{ "log-filter", 80, 16, false, log_filter_steps },
	{ "log-filter", 40, 10, false, log_filter_steps },
	{ "help", 120, 36, false, help_steps },
	{ "help", 80, 20, false, help_steps },
	{ "log-long", 80, 16, false, log_long_steps },
	{ "log", 80, 16, false, log_steps },
	{ "log", 40, 10, false, log_steps },
	{ "detail", 120, 36, false, detail_steps },
	{ "detail", 80, 24, false, detail_steps },
	{ "detail", 40, 10, false, detail_steps },
	{ "detail", 109, 30, false, detail_steps },
	{ "detail", 110, 30, false, detail_steps },
	{ "detail", 200, 60, false, detail_steps },
	{ "detail-stalled", 80, 24, false, detail_stalled_steps },
	{ "detail-stalled", 120, 36, false, detail_stalled_steps },
	{ "detail-stalled", 40, 10, false, detail_stalled_steps },
	{ "detail-doubt", 80, 24, false, detail_suspect_steps },
	{ "detail-doubt", 120, 36, false, detail_suspect_steps },
	{ "detail-import", 80, 24, false, detail_import_steps },
	{ "detail-import", 120, 36, false, detail_import_steps },
	{ "detail-running", 80, 24, false, detail_running_steps },
	{ "detail-running", 120, 36, false, detail_running_steps },
	{ "detail-running", 200, 60, false, detail_running_steps },
	{ "detail-overdue", 80, 24, false, detail_overdue_steps },
	{ "detail-never", 80, 24, false, detail_never_steps },
	{ "detail-retrying", 120, 36, false, detail_retrying_steps },
	{ "detail-defects", 80, 24, false, detail_defects_steps },
	{ "detail-defects", 120, 36, false, detail_defects_steps },
	{ "detail-quiet", 80, 24, false, detail_quiet_steps },
	{ "detail-trouble", 80, 24, false, detail_trouble_steps },
	{ "detail-trouble", 120, 36, false, detail_trouble_steps },
	{ "detail-asking", 80, 24, false, detail_asking_steps },
	{ "detail-slow", 80, 24, false, detail_slow_steps },
	{ "detail-long", 80, 24, false, detail_long_steps },
	{ "detail-long", 120, 36, false, detail_long_steps },
	{ "detail-after", 80, 24, false, detail_after_steps },
	{ "detail-after", 120, 36, false, detail_after_steps },
	{ "after", 120, 36, false, after_steps },
	{ "retried", 120, 36, false, retried_steps },
	{ "detail-retried", 120, 36, false, detail_retried_steps },
	{ "detail-result", 80, 24, false, detail_result_steps },
	{ "detail-question", 80, 24, false, detail_question_steps },
	{ "detail-question", 120, 36, false, detail_question_steps },
	{ "detail-question", 40, 10, false, detail_question_steps },
	{ "detail-filter", 80, 24, false, detail_filter_steps },
	{ "detail-filter", 120, 36, false, detail_filter_steps },
	{ "detail-cut", 80, 24, false, detail_cut_steps },
	{ "detail-cut", 120, 36, false, detail_cut_steps },
	{ "detail-hostile", 80, 24, false, detail_hostile_steps },
	{ "detail-hostile", 120, 36, false, detail_hostile_steps },
	{ "detail-ascii", 120, 36, true, detail_stalled_steps },
	{ "small", 30, 3, false, list_steps },
};
const size_t screen_case_count = sizeof(screen_cases) / sizeof(screen_cases[0]);
