#include "bdbtop/core/triage.h"

#include "tests/tap.h"

#include "tests/core/watch.h"

#define DAY 86400

static struct bdb quiet(void)
{
	struct bdb bdb;
	int kind;

	bdb_init(&bdb, 12);
	for (kind = 0; kind < OP_KINDS; kind++) {
		bdb.op[kind].status_seen = SEEN_ABSENT;
		op_settle(&bdb.op[kind], (enum op_kind)kind);
	}
	return bdb;
}

static void set(struct bdb *bdb, enum op_kind kind, const char *status)
{
	bdb->op[kind].status_seen = SEEN_GIVEN;
	bdb->op[kind].status = status;
	op_settle(&bdb->op[kind], kind);
}

static struct finding judge(const struct bdb *bdb)
{
	const struct roster_entry entry = { .bdb = (struct bdb *)(uintptr_t)bdb };
	const struct triage_rules rules = { TRIAGE_STALL_MS };
	const struct triage_now now = { 0 };
	struct finding finding;

	triage_judge(&entry, &rules, &now, &finding);
	return finding;
}

static enum verdict worst_of(const struct bdb *bdb, enum op_kind *worst)
{
	struct finding finding = judge(bdb);

	*worst = finding.worst_kind;
	return finding.worst;
}

static const char *word_of(const struct bdb *bdb, enum op_kind kind)
{
	struct finding finding = judge(bdb);

	return triage_word(bdb, &finding, kind);
}

static const char *sentence_of(const struct bdb *bdb, enum op_kind kind)
{
	struct finding finding = judge(bdb);

	return triage_sentence(bdb, &finding, kind);
}

static void a_database_has_the_worst_verdict_of_its_operations(void **state)
{
	struct bdb bdb = quiet();
	enum op_kind worst = OP_IMPORT;

	(void)state;
	assert_int_equal(worst_of(&bdb, &worst), VERDICT_IDLE);
	assert_int_equal(worst, OP_BACKUP);
	set(&bdb, OP_EXPORT, "succeeded");
	assert_int_equal(worst_of(&bdb, &worst), VERDICT_OK);
	assert_int_equal(worst, OP_EXPORT);
	set(&bdb, OP_BACKUP, "pondering");
	assert_int_equal(worst_of(&bdb, &worst), VERDICT_OTHER);
	assert_int_equal(worst, OP_BACKUP);
	set(&bdb, OP_IMPORT, "initializing");
	assert_int_equal(worst_of(&bdb, &worst), VERDICT_RUNNING);
	assert_int_equal(worst, OP_IMPORT);
	set(&bdb, OP_EXPORT, "failed");
	assert_int_equal(worst_of(&bdb, &worst), VERDICT_FAILED);
}

static void of_equals_the_first_in_the_order_of_the_keys_is_named(void **state)
{
	struct bdb bdb = quiet();
	enum op_kind worst = OP_BACKUP;

	(void)state;
	set(&bdb, OP_IMPORT, "failed");
	set(&bdb, OP_EXPORT, "failed");
	assert_int_equal(worst_of(&bdb, &worst), VERDICT_FAILED);
	assert_int_equal(worst, OP_EXPORT);
}

static void what_was_not_asked_or_not_readable_is_never_quiet(void **state)
{
	struct bdb bdb;

	(void)state;
	bdb_init(&bdb, 1);
	assert_int_equal(judge(&bdb).op[OP_BACKUP].verdict, VERDICT_OTHER);
	assert_string_equal(word_of(&bdb, OP_BACKUP), "?");
	assert_string_equal(sentence_of(&bdb, OP_BACKUP), "not asked");
	bdb.op[OP_EXPORT].status_seen = SEEN_WRONG;
	op_settle(&bdb.op[OP_EXPORT], OP_EXPORT);
	assert_int_equal(judge(&bdb).op[OP_EXPORT].verdict, VERDICT_OTHER);
	assert_string_equal(word_of(&bdb, OP_EXPORT), "?");
	assert_string_equal(sentence_of(&bdb, OP_EXPORT), "unreadable");
}

static void words_are_those_of_the_list_and_of_sentences(void **state)
{
	static const struct {
		const char *status, *word, *sentence;
	} row[] = {
		{ "failed", "failed", "failed" }, { "exporting", "running", "running" },
		{ "succeeded", "ok", "ok" },	  { "", "-", "idle" },
		{ "idle", "-", "idle" },	  { "pondering", "pondering", "pondering" },
	};
	struct bdb bdb = quiet();
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		set(&bdb, OP_BACKUP, row[i].status);
		assert_string_equal(word_of(&bdb, OP_BACKUP), row[i].word);
		assert_string_equal(sentence_of(&bdb, OP_BACKUP), row[i].sentence);
	}
}

static void ranks_rise_and_all_that_is_quiet_shares_one(void **state)
{
	(void)state;
	assert_true(triage_rank(VERDICT_FAILED) < triage_rank(VERDICT_RUNNING));
	assert_true(triage_rank(VERDICT_RUNNING) < triage_rank(VERDICT_OTHER));
	assert_true(triage_rank(VERDICT_OTHER) < triage_rank(VERDICT_OK));
	assert_int_equal(triage_rank(VERDICT_OK), triage_rank(VERDICT_IDLE));
}

static void the_table_is_whole_and_its_letters_differ(void **state)
{
	static const char letters[] = "FSO?R?+-";
	size_t i;

	(void)state;
	for (i = 0; i < VERDICT_KINDS; i++) {
		const struct verdict_def *def = &verdict_defs[i];

		assert_int_equal(def->letter, letters[i]);
		assert_true(*def->sentence && *def->count && *def->help);
		assert_true(i == VERDICT_OTHER || i == VERDICT_DOUBTFUL || (def->word && strlen(def->word) <= 7));
	}
	assert_null(verdict_defs[VERDICT_OTHER].word);
	assert_string_equal(verdict_defs[VERDICT_OK].count, verdict_defs[VERDICT_IDLE].count);
}

/* What is looked at, and when: seconds after the watch began; NULL ends it. */
struct sight_case {
	int64_t at_s;
	const char *status, *reason;
	double percent;
	int64_t ok_s; /* last success; 0: as before */
};

static const struct {
	const char *name;
	struct sight_case looks[6];
	int64_t judge_s; /* the newest look, or later */
	enum verdict verdict;
	const char *word, *sentence;
	unsigned doubts;
} cases[] = {
	{ "idle", { { 0, "", "", NO_PERCENT, 0 } }, 0, VERDICT_IDLE, "-", "idle", 0 },
	{ "idle, other spelling", { { 0, "idle", "", 0, 0 } }, 0, VERDICT_IDLE, "-", "idle", 0 },
	{ "ok", { { 0, "succeeded", "", 100, -60 } }, 0, VERDICT_OK, "ok", "ok", 0 },
	{ "ok for a day",
	  { { 0, "succeeded", "", 100, -60 }, { DAY, "succeeded", "", 100, 0 } },
	  DAY, VERDICT_OK, "ok", "ok", 0 },
	{ "failed", { { 0, "failed", "no-permission", 42, 0 } }, 0, VERDICT_FAILED, "failed",
	  "failed", 0 },
	{ "failed with a word nobody knows", { { 0, "failed", "bad-moon", 42, 0 } }, 0,
	  VERDICT_FAILED, "failed", "failed", 0 },
	{ "failed without a reason", { { 0, "failed", "", 42, 0 } }, 0, VERDICT_DOUBTFUL, "failed?",
	  "failed?", DOUBT_SILENT },
	{ "other", { { 0, "pondering", "", 42, 0 } }, 0, VERDICT_OTHER, "pondering", "pondering", 0 },
	{ "running", { { 0, "exporting", "", 42, 0 } }, 599, VERDICT_RUNNING, "running", "running",
	  0 },
	{ "stalled", { { 0, "exporting", "", 42, 0 } }, 600, VERDICT_STALLED, "stalled", "stalled",
	  0 },
	{ "stalled, percent left out", { { 0, "exporting", "", NO_PERCENT, 0 } }, 600,
	  VERDICT_STALLED, "stalled", "stalled", 0 },
	{ "a crawl",
	  { { 0, "exporting", "", 42, 0 },
	    { 599, "exporting", "", 42.1, 0 },
	    { 1198, "exporting", "", 42.2, 0 },
	    { 1797, "exporting", "", 42.3, 0 } },
	  2396, VERDICT_RUNNING, "running", "running", 0 },
	{ "moves again",
	  { { 0, "exporting", "", 42, 0 }, { 700, "exporting", "", 43, 0 } },
	  700, VERDICT_RUNNING, "running", "running", 0 },
	{ "a leftover reason beside a run is no failure",
	  { { 0, "exporting", "no-permission", 5, 0 }, { 5, "exporting", "", 5, 0 } },
	  599, VERDICT_RUNNING, "running", "running", 0 },
	{ "retrying",
	  { { 0, "failed", "no-permission", 42, 0 }, { 5, "exporting", "", 0, 0 } },
	  5, VERDICT_FAILED, "running", "running", 0 },
	{ "retrying and still",
	  { { 0, "failed", "no-permission", 42, 0 }, { 5, "exporting", "", 0, 0 } },
	  700, VERDICT_FAILED, "running", "running", 0 },
	{ "a run after a success",
	  { { 0, "failed", "no-permission", 42, 0 },
	    { 5, "exporting", "", 0, 0 },
	    { 10, "succeeded", "", 100, 9 },
	    { 300, "exporting", "", 0, 0 } },
	  300, VERDICT_RUNNING, "running", "running", 0 },
	{ "full for a minute, one poll", { { 0, "exporting", "", 100, 0 } }, 60, VERDICT_RUNNING,
	  "running", "running", 0 },
	{ "full for less than a minute",
	  { { 0, "exporting", "", 100, 0 }, { 59, "exporting", "", 100, 0 } },
	  59, VERDICT_RUNNING, "running", "running", 0 },
	{ "full for a minute and two polls",
	  { { 0, "exporting", "", 100, 0 }, { 60, "exporting", "", 100, 0 } },
	  60, VERDICT_DOUBTFUL, "running?", "running?", DOUBT_FULL },
	{ "full and stalled",
	  { { 0, "exporting", "", 100, 0 }, { 600, "exporting", "", 100, 0 } },
	  600, VERDICT_STALLED, "stalled", "stalled", DOUBT_FULL },
	{ "backwards",
	  { { 0, "exporting", "", 42, 0 },
	    { 5, "exporting", "", 41.9, 0 },
	    { 10, "exporting", "", 60, 0 } },
	  10, VERDICT_DOUBTFUL, "running?", "running?", DOUBT_BACKWARDS },
	{ "another run that nobody saw begin",
	  { { 0, "exporting", "", 42, -60 }, { 5, "exporting", "", 3, 2 } },
	  5, VERDICT_RUNNING, "running", "running", 0 },
	{ "another run after nobody looked for long",
	  { { 0, "exporting", "", 42, 0 }, { 121, "exporting", "", 3, 0 } },
	  121, VERDICT_RUNNING, "running", "running", 0 },
	{ "succeeded, but the time did not move",
	  { { 0, "exporting", "", 42, -60 }, { 5, "succeeded", "", 100, -60 } },
	  5, VERDICT_DOUBTFUL, "ok?", "ok?", DOUBT_STILL_OLD },
	{ "succeeded where it had failed, but the time did not move",
	  { { 0, "failed", "general-error", 42, -60 }, { 5, "succeeded", "", 100, -60 } },
	  5, VERDICT_DOUBTFUL, "ok?", "ok?", DOUBT_STILL_OLD },
	{ "the time moved after all",
	  { { 0, "exporting", "", 42, -60 },
	    { 5, "succeeded", "", 100, -60 },
	    { 10, "succeeded", "", 100, 4 } },
	  10, VERDICT_OK, "ok", "ok", 0 },
	{ "the time moved before the word",
	  { { 0, "", "", NO_PERCENT, -60 },
	    { 5, "exporting", "", 42, -60 },
	    { 10, "exporting", "", 100, 9 },
	    { 15, "succeeded", "", 100, 9 } },
	  15, VERDICT_OK, "ok", "ok", 0 },
	{ "no time is ever told",
	  { { 0, "exporting", "", 42, 0 }, { 5, "succeeded", "", 100, 0 } },
	  5, VERDICT_OK, "ok", "ok", 0 },
	{ "idle where it was failed",
	  { { 0, "failed", "no-permission", 42, 0 }, { 5, "", "", NO_PERCENT, 0 } },
	  5, VERDICT_DOUBTFUL, "-?", "idle?", DOUBT_FORGOTTEN },
	{ "idle where it had succeeded",
	  { { 0, "succeeded", "", 100, -60 }, { 5, "idle", "", NO_PERCENT, 0 } },
	  5, VERDICT_DOUBTFUL, "-?", "idle?", DOUBT_FORGOTTEN },
	{ "idle after a run",
	  { { 0, "exporting", "", 42, 0 }, { 5, "", "", NO_PERCENT, 0 } },
	  5, VERDICT_IDLE, "-", "idle", 0 },
	{ "forgotten, and then a run",
	  { { 0, "succeeded", "", 100, -60 },
	    { 5, "", "", NO_PERCENT, 0 },
	    { 10, "exporting", "", 0, 0 } },
	  10, VERDICT_RUNNING, "running", "running", 0 },
};

static void every_verdict_on_a_turned_clock(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct sight_case *look;
		const struct op_finding *op;
		struct watch watch;
		bool right;

		assert_int_equal(watch_begin(&watch), 0);
		for (look = cases[i].looks; look->status; look++) {
			if (look->ok_s)
				watch_success(&watch, OP_BACKUP, look->ok_s);
			watch_see(&watch, look->at_s, look->status, look->reason, look->percent);
		}
		op = watch_judge(&watch, cases[i].judge_s * 1000, OP_BACKUP);
		right = op->verdict == cases[i].verdict && op->doubts == cases[i].doubts &&
			watch.finding.worst == cases[i].verdict &&
			!strcmp(triage_word(&watch.bdb, &watch.finding, OP_BACKUP), cases[i].word) &&
			!strcmp(triage_sentence(&watch.bdb, &watch.finding, OP_BACKUP),
				cases[i].sentence);
		if (!right)
			print_error("case `%s`: verdict %d, doubts %u, word %s\n", cases[i].name,
				    (int)op->verdict, op->doubts,
				    triage_word(&watch.bdb, &watch.finding, OP_BACKUP));
		assert_true(right);
		watch_end(&watch);
	}
}

static void stalled_begins_at_the_threshold_and_not_a_millisecond_before(void **state)
{
	struct watch watch;

	(void)state;
	watch_begin(&watch);
	watch_see(&watch, 0, "exporting", "", 42);
	assert_int_equal(watch_judge(&watch, 599999, OP_BACKUP)->verdict, VERDICT_RUNNING);
	assert_int_equal(watch.finding.op[OP_BACKUP].still_s, 599);
	assert_int_equal(watch_judge(&watch, 600000, OP_BACKUP)->verdict, VERDICT_STALLED);
	assert_int_equal(watch.finding.op[OP_BACKUP].still_s, 600);
	watch.rules.stall_ms = 30500;
	assert_int_equal(watch_judge(&watch, 30499, OP_BACKUP)->verdict, VERDICT_RUNNING);
	assert_int_equal(watch_judge(&watch, 30500, OP_BACKUP)->verdict, VERDICT_STALLED);
	watch.rules.stall_ms = 0;
	assert_int_equal(watch_judge(&watch, 599999, OP_BACKUP)->verdict, VERDICT_RUNNING);
	assert_int_equal(watch_judge(&watch, 600000, OP_BACKUP)->verdict, VERDICT_STALLED);
	watch_end(&watch);
}

static void a_percent_that_nobody_could_read_stalls_nothing(void **state)
{
	static const enum seen blind[] = { SEEN_NOT_ASKED, SEEN_WRONG };
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		struct watch watch;

		watch_begin(&watch);
		watch_set(&watch, OP_EXPORT, "exporting", "", NO_PERCENT);
		watch.bdb.op[OP_EXPORT].percent_seen = blind[i];
		watch_look(&watch, 0);
		assert_int_equal(watch_judge(&watch, 86400000, OP_EXPORT)->verdict, VERDICT_RUNNING);
		watch_end(&watch);
	}
}

static void a_reason_that_was_not_asked_for_is_not_missing(void **state)
{
	struct watch watch;

	(void)state;
	watch_begin(&watch);
	watch_set(&watch, OP_EXPORT, "failed", "", NO_PERCENT);
	watch.bdb.op[OP_EXPORT].reason_seen = SEEN_NOT_ASKED;
	watch_look(&watch, 0);
	assert_int_equal(watch.finding.op[OP_EXPORT].verdict, VERDICT_FAILED);
	watch.bdb.op[OP_EXPORT].reason_seen = SEEN_NULL;
	watch_look(&watch, 5);
	assert_int_equal(watch.finding.op[OP_EXPORT].verdict, VERDICT_DOUBTFUL);
	watch_end(&watch);
}

static void schedule(struct watch *watch, int64_t every_s, int64_t last_s)
{
	watch->bdb.backup_seen = watch->bdb.every_seen = SEEN_GIVEN;
	watch->bdb.backup = true;
	watch->bdb.backup_every_s = every_s;
	watch_success(watch, OP_BACKUP, last_s);
}

static void lateness_takes_the_cell_of_what_is_quiet_and_of_nothing_else(void **state)
{
	static const struct {
		const char *status, *reason;
		enum verdict cell, worst;
		const char *word;
	} row[] = {
		{ "succeeded", "", VERDICT_OVERDUE, VERDICT_OVERDUE, "overdue" },
		{ "", "", VERDICT_OVERDUE, VERDICT_OVERDUE, "overdue" },
		{ "failed", "no-permission", VERDICT_FAILED, VERDICT_FAILED, "failed" },
		{ "failed", "", VERDICT_DOUBTFUL, VERDICT_OVERDUE, "failed?" },
		{ "pondering", "", VERDICT_OTHER, VERDICT_OVERDUE, "pondering" },
		{ "exporting", "", VERDICT_RUNNING, VERDICT_RUNNING, "running" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct watch watch;

		watch_begin(&watch);
		schedule(&watch, DAY, -3 * DAY);
		watch_see(&watch, 0, row[i].status, row[i].reason, 5);
		assert_int_equal(watch.finding.op[OP_BACKUP].verdict, row[i].cell);
		assert_int_equal(watch.finding.worst, row[i].worst);
		assert_int_equal(watch.finding.worst_kind, OP_BACKUP);
		assert_string_equal(triage_word(&watch.bdb, &watch.finding, OP_BACKUP), row[i].word);
		assert_int_equal(watch.finding.due.late, strcmp(row[i].status, "exporting") != 0);
		watch_end(&watch);
	}
}

static void lateness_takes_the_cell_of_a_doubtful_quiet_one_too(void **state)
{
	struct watch watch;

	(void)state;
	watch_begin(&watch);
	schedule(&watch, DAY, -3 * DAY);
	watch_see(&watch, 0, "failed", "no-permission", 5);
	watch_see(&watch, 5, "", "", NO_PERCENT);
	assert_int_equal(watch.finding.op[OP_BACKUP].doubts, DOUBT_FORGOTTEN);
	assert_string_equal(triage_word(&watch.bdb, &watch.finding, OP_BACKUP), "overdue");
	assert_string_equal(triage_sentence(&watch.bdb, &watch.finding, OP_BACKUP), "overdue");
	watch_set(&watch, OP_IMPORT, "failed", "out-of-memory", 5);
	watch_look(&watch, 10);
	assert_int_equal(watch.finding.worst, VERDICT_FAILED);
	assert_int_equal(watch.finding.worst_kind, OP_IMPORT);
	watch_end(&watch);
}

static void a_clean_set_raises_nothing_all_day(void **state)
{
	struct watch watch;
	int64_t at_s;

	(void)state;
	watch_begin(&watch);
	schedule(&watch, 3600, -1800);
	for (at_s = 0; at_s < DAY; at_s += 5) {
		int64_t phase_s = (at_s + 1800) % 3600;
		/* a run of four minutes each hour, 1 % every two or three seconds */
		bool runs = phase_s < 240;

		if (phase_s >= 240)
			watch_success(&watch, OP_BACKUP, at_s - phase_s + 238);
		watch_see(&watch, at_s, runs ? "exporting" : "succeeded", "",
			  runs ? (double)phase_s / 2.4 : 100);
		assert_true(watch.finding.worst == (runs ? VERDICT_RUNNING : VERDICT_OK));
		assert_int_equal(watch.finding.op[OP_BACKUP].doubts, 0);
		assert_false(watch.finding.due.late);
	}
	watch_end(&watch);
}

static void a_day_of_failures_every_five_minutes_stays_failed(void **state)
{
	struct watch watch;
	int64_t at_s;

	(void)state;
	watch_begin(&watch);
	watch_see(&watch, 0, "succeeded", "", 100);
	for (at_s = 5; at_s < DAY; at_s += 5) {
		bool runs = at_s >= 300 && at_s % 300 < 10;

		watch_see(&watch, at_s, runs ? "exporting" : "failed", runs ? "" : "no-permission",
			  runs ? 3 : 5);
		assert_int_equal(watch.finding.worst, VERDICT_FAILED);
		assert_int_equal(watch.finding.op[OP_BACKUP].retrying, runs);
		if (runs)
			assert_int_equal(watch.finding.op[OP_BACKUP].tries, at_s / 300 + 1);
	}
	watch_end(&watch);
}

static void since_is_the_first_failure_of_the_series(void **state)
{
	enum sight_source how = SIGHT_LOGGED;
	const struct roster_entry *entry;
	struct watch watch;

	(void)state;
	watch_begin(&watch);
	watch_see(&watch, 0, "succeeded", "", 100);
	watch_see(&watch, 5, "failed", "no-permission", 5);
	watch_see(&watch, 300, "exporting", "", 0);
	entry = roster_find(watch.roster, WATCH_UID);
	assert_int_equal(triage_since(entry, OP_BACKUP, &how)->ms, 5000);
	assert_int_equal(how, SIGHT_SEEN);
	watch_see(&watch, 305, "failed", "no-permission", 5);
	assert_int_equal(triage_since(entry, OP_BACKUP, &how)->ms, 5000);
	watch_see(&watch, 310, "", "", 5);
	assert_int_equal(triage_since(entry, OP_BACKUP, &how)->ms, 310000);
	assert_int_equal(triage_since(entry, OP_EXPORT, &how)->ms, 0);
	assert_int_equal(how, SIGHT_BEFORE);
	watch_end(&watch);
}

static void a_contradiction_is_named_and_names_its_operation(void **state)
{
	enum op_kind kind;
	unsigned bit;

	(void)state;
	assert_string_equal(triage_doubt(DOUBT_STILL_OLD, OP_BACKUP), "last backup did not move");
	assert_string_equal(triage_doubt(DOUBT_STILL_OLD, OP_EXPORT), "last export did not move");
	for (bit = DOUBT_FULL; bit <= DOUBT_FORGOTTEN; bit *= 2)
		for (kind = OP_BACKUP; kind < OP_KINDS; kind++) {
			const char *clause = triage_doubt((enum doubt)bit, kind);

			assert_true(*clause && strlen(clause) <= 28);
		}
	assert_string_equal(triage_doubt((enum doubt)(DOUBT_FORGOTTEN * 2), OP_BACKUP), "");
	assert_string_equal(triage_doubt((enum doubt)(DOUBT_FULL | DOUBT_SILENT), OP_BACKUP), "");
}

static void what_history_tells_does_not_change_the_plain_word(void **state)
{
	struct watch watch;

	(void)state;
	watch_begin(&watch);
	watch_see(&watch, 0, "failed", "", 5);
	assert_string_equal(triage_plain(&watch.bdb.op[OP_BACKUP]), "failed");
	watch_see(&watch, 5, "exporting", "", 5);
	assert_string_equal(triage_plain(&watch.bdb.op[OP_BACKUP]), "running");
	watch_see(&watch, 10, "pondering", "", 5);
	assert_string_equal(triage_plain(&watch.bdb.op[OP_BACKUP]), "pondering");
	watch_end(&watch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_database_has_the_worst_verdict_of_its_operations),
		cmocka_unit_test(of_equals_the_first_in_the_order_of_the_keys_is_named),
		cmocka_unit_test(what_was_not_asked_or_not_readable_is_never_quiet),
		cmocka_unit_test(words_are_those_of_the_list_and_of_sentences),
		cmocka_unit_test(ranks_rise_and_all_that_is_quiet_shares_one),
		cmocka_unit_test(the_table_is_whole_and_its_letters_differ),
		cmocka_unit_test(every_verdict_on_a_turned_clock),
		cmocka_unit_test(stalled_begins_at_the_threshold_and_not_a_millisecond_before),
		cmocka_unit_test(a_percent_that_nobody_could_read_stalls_nothing),
		cmocka_unit_test(a_reason_that_was_not_asked_for_is_not_missing),
		cmocka_unit_test(lateness_takes_the_cell_of_what_is_quiet_and_of_nothing_else),
		cmocka_unit_test(lateness_takes_the_cell_of_a_doubtful_quiet_one_too),
		cmocka_unit_test(a_clean_set_raises_nothing_all_day),
		cmocka_unit_test(a_day_of_failures_every_five_minutes_stays_failed),
		cmocka_unit_test(since_is_the_first_failure_of_the_series),
		cmocka_unit_test(a_contradiction_is_named_and_names_its_operation),
		cmocka_unit_test(what_history_tells_does_not_change_the_plain_word),
	};

	return tap_run(tests);
}
