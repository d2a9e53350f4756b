/*
 * The screens that have a drawing, and the steps that lead to each.
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
static const char *const question_changed_steps[] = {
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
static const char *const filter_error_steps[] = {
	"night",
	"key /",
	"type state:failed age>24",
	NULL,
};
/* Only problems, sorted by the column after IMPORT. */
static const char *const sorted_steps[] = {
	"triage", "key !", "key s", "key s", "key s", "key s",
	"key s",  "key s", "key s", "row 1", NULL,
};
static const char *const by_db_steps[] = { "triage", "key s", "row 1", NULL };
static const char *const healthy_steps[] = {
	"latency 38",	"many 1 20", "bdb 20 name=search backup=exporting backup.percent=12",
	"release list", NULL,
};
static const char *const healthy_problems_steps[] = {
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
	"alert 21 since=2026-11-21T17:00:00Z", "triage", "row 5", "advance 60000", NULL,
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
static const char *const log_selected_steps[] = { "night", "key l", "key down", "key down", NULL };
static const char *const log_filter_steps[] = {
	"night", "key l", "key /", "type db:12 !cleared", NULL,
};
static const char *const filter_steps[] = { "triage", "key /", "type failed", NULL };
static const char *const filtered_steps[] = { "triage", "key /", "type failed", "key enter", NULL };
static const char *const filter_no_match_steps[] = {
	"triage", "key /", "type zzz", "key enter", NULL,
};
static const char *const outage_steps[] = { "lost", NULL };
static const char *const poll_late_steps[] = { "triage", "hold list", "advance 12000", NULL };
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
static const char *const password_typing_steps[] = {
	"triage", REFUSED, "advance 5000", "type hidden", NULL,
};
static const char *const password_refused_steps[] = {
	"triage", REFUSED, "advance 5000", "logins bad", "type wrong", "key enter", NULL,
};
static const char *const login_pending_steps[] = {
	"triage",    "advance 1000", REFUSED,	  "advance 1000",
	"hold list", "type new",     "key enter", NULL,
};
static const char *const login_later_steps[] = {
	"triage", REFUSED, "advance 5000", "key esc", NULL,
};
static const char *const sign_in_steps[] = { "ask login", "advance 5000", NULL };
static const char *const sign_in_user_steps[] = {
	"setup no-user", "ask login", "advance 5000", "type admin@prod", NULL,
};
static const char *const no_login_steps[] = { "ask login", "advance 5000", "key esc", NULL };
static const char *const first_contact_steps[] = { "ask trust", "advance 5000", NULL };
static const char *const trust_later_steps[] = { "ask trust", "advance 5000", "key n", NULL };
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
/* By id: a long name, a wide one, a hostile one, a suspect one. */
static const char *const odd_names_steps[] = {
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
static const char *const read_only_list_steps[] = { "setup read-only", "triage", NULL };
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
	{ "question-changed", 80, 24, false, question_changed_steps },
	{ "audit-log", 80, 24, false, audit_log_steps },
	{ "quit", 80, 24, false, quit_steps },
	{ "outcomes", 120, 22, false, outcomes_steps },
	{ "results", 120, 22, false, results_steps },
	{ "results", 80, 24, false, results_steps },
	{ "results", 40, 24, false, results_steps },
	{ "forbidden", 80, 24, false, forbidden_steps },
	{ "filter", 80, 14, false, filter_steps },
	{ "filter", 40, 10, false, filter_steps },
	{ "filtered", 80, 14, false, filtered_steps },
	{ "filter-no-match", 80, 14, false, filter_no_match_steps },
	{ "outage", 80, 14, false, outage_steps },
	{ "outage", 40, 10, false, outage_steps },
	{ "poll-late", 80, 14, false, poll_late_steps },
	{ "paused", 80, 14, false, paused_steps },
	{ "login", 80, 24, false, login_steps },
	{ "login", 40, 10, false, login_steps },
	{ "trust", 80, 14, false, trust_steps },
	{ "password", 80, 24, false, password_steps },
	{ "password", 80, 14, false, password_steps },
	{ "password", 40, 10, false, password_steps },
	{ "password-typing", 80, 24, false, password_typing_steps },
	{ "password-refused", 80, 24, false, password_refused_steps },
	{ "login-pending", 80, 14, false, login_pending_steps },
	{ "login-later", 80, 24, false, login_later_steps },
	{ "sign-in", 80, 24, false, sign_in_steps },
	{ "sign-in", 40, 10, false, sign_in_steps },
	{ "sign-in-user", 80, 14, false, sign_in_user_steps },
	{ "no-login", 80, 14, false, no_login_steps },
	{ "first-contact", 80, 20, false, first_contact_steps },
	{ "first-contact", 80, 14, false, first_contact_steps },
	{ "first-contact", 40, 10, false, first_contact_steps },
	{ "first-contact", 120, 36, false, first_contact_steps },
	{ "trust-later", 80, 20, false, trust_later_steps },
	{ "key-changed", 80, 14, false, key_changed_steps },
	{ "key-changed", 40, 10, false, key_changed_steps },
	{ "key-changed", 120, 36, false, key_changed_steps },
	{ "key-changed-later", 80, 24, false, key_changed_later_steps },
	{ "last-list", 80, 14, false, last_list_steps },
	{ "read-only", 80, 14, false, read_only_steps },
	{ "read-only", 40, 10, false, read_only_steps },
	{ "label", 80, 20, false, label_steps },
	{ "label", 40, 10, false, label_steps },
	{ "label-first-contact", 80, 20, false, label_first_contact_steps },
	{ "label-password", 80, 24, false, label_password_steps },
	{ "waiting", 80, 24, false, waiting_steps },
	{ "waiting", 40, 10, false, waiting_steps },
	{ "unreached", 80, 14, false, unreached_steps },
	{ "empty", 80, 24, false, empty_steps },
	{ "ids", 80, 14, false, ids_steps },
	{ "hostile", 80, 24, false, hostile_steps },
	{ "hostile-ascii", 80, 24, true, hostile_steps },
	{ "odd-names", 80, 14, false, odd_names_steps },
	{ "insecure", 80, 14, false, insecure_steps },
	{ "read-only-list", 80, 14, false, read_only_list_steps },
	{ "role", 80, 14, false, role_steps },
	{ "via", 80, 14, false, via_steps },
	{ "unreadable", 80, 24, false, unreadable_steps },
	{ "help", 80, 24, false, help_steps },
	{ "help", 40, 10, false, help_steps },
	{ "bulk", 80, 18, false, bulk_steps },
	{ "bulk", 120, 36, false, bulk_steps },
	{ "bulk", 40, 10, false, bulk_steps },
	{ "bulk", 40, 24, false, bulk_steps },
	{ "bulk-few", 80, 24, false, bulk_few_steps },
	{ "bulk-few", 40, 10, false, bulk_few_steps },
	{ "marked", 80, 24, false, marked_steps },
	{ "marked", 40, 10, false, marked_steps },
	{ "bulk-totals", 120, 22, false, bulk_totals_steps },
	{ "bulk-totals", 80, 24, false, bulk_totals_steps },
	{ "bulk-totals", 40, 14, false, bulk_totals_steps },
	{ "bulk-end", 120, 36, false, bulk_end_steps },
	{ "bulk-end", 80, 24, false, bulk_end_steps },
	{ "filter-error", 80, 14, false, filter_error_steps },
	{ "filter-error", 40, 10, false, filter_error_steps },
	{ "filter-error", 120, 36, false, filter_error_steps },
	{ "sorted", 120, 36, false, sorted_steps },
	{ "sorted", 80, 24, false, sorted_steps },
	{ "sorted", 40, 10, false, sorted_steps },
	{ "by-db", 80, 24, true, by_db_steps },
	{ "healthy", 80, 14, false, healthy_steps },
	{ "healthy", 40, 10, false, healthy_steps },
	{ "healthy-problems", 80, 14, false, healthy_problems_steps },
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
	{ "suspect", 80, 24, false, suspect_steps },
	{ "suspect", 120, 36, false, suspect_steps },
	{ "suspect", 40, 10, false, suspect_steps },
	{ "absence", 80, 24, false, absence_steps },
	{ "absence", 120, 36, false, absence_steps },
	{ "absence", 40, 10, false, absence_steps },
	{ "log-selected", 80, 16, false, log_selected_steps },
	{ "log-selected", 120, 36, false, log_selected_steps },
	{ "log-selected", 40, 10, false, log_selected_steps },
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
	{ "detail-suspect", 80, 24, false, detail_suspect_steps },
	{ "detail-suspect", 120, 36, false, detail_suspect_steps },
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
	{ "detail-errors", 80, 24, false, detail_errors_steps },
	{ "detail-errors", 120, 36, false, detail_errors_steps },
	{ "detail-loading", 80, 24, false, detail_loading_steps },
	{ "detail-slow", 80, 24, false, detail_slow_steps },
	{ "detail-long", 80, 24, false, detail_long_steps },
	{ "detail-long", 120, 36, false, detail_long_steps },
	{ "detail-after-reset", 80, 24, false, detail_after_reset_steps },
	{ "detail-after-reset", 120, 36, false, detail_after_reset_steps },
	{ "after-reset", 120, 36, false, after_reset_steps },
	{ "retried", 120, 36, false, retried_steps },
	{ "detail-retried", 120, 36, false, detail_retried_steps },
	{ "detail-result", 80, 24, false, detail_result_steps },
	{ "detail-question", 80, 24, false, detail_question_steps },
	{ "detail-question", 120, 36, false, detail_question_steps },
	{ "detail-question", 40, 10, false, detail_question_steps },
	{ "detail-filter", 80, 24, false, detail_filter_steps },
	{ "detail-filter", 120, 36, false, detail_filter_steps },
	{ "detail-truncated", 80, 24, false, detail_truncated_steps },
	{ "detail-truncated", 120, 36, false, detail_truncated_steps },
	{ "detail-hostile", 80, 24, false, detail_hostile_steps },
	{ "detail-hostile", 120, 36, false, detail_hostile_steps },
	{ "detail-ascii", 120, 36, true, detail_stalled_steps },
	{ "small", 30, 3, false, list_steps },
};
const size_t screen_case_count = sizeof(screen_cases) / sizeof(screen_cases[0]);
