#include "bdbtop/core/triage.h"

#include "bdbtop/core/array.h"
#include "tests/core/roster_fixture.h"
#include "tests/tap.h"

#define DAY 86400

static struct bdb quiet(void)
{
	struct bdb bdb;
	int kind;

	bdb_init(&bdb, 12);
	for (kind = 0; kind < OP_KINDS; kind++) {
		bdb.op[kind].status_presence = FIELD_ABSENT;
		op_classify(&bdb.op[kind], (enum op_kind)kind);
	}
	return bdb;
}

static void set(struct bdb *bdb, enum op_kind kind, const char *status)
{
	bdb->op[kind].status_presence = FIELD_PRESENT;
	bdb->op[kind].status = status;
	op_classify(&bdb->op[kind], kind);
}

static const struct op_since no_since[OP_KINDS];

static struct finding judge(const struct bdb *bdb)
{
	const struct roster_entry entry = { .bdb = (struct bdb *)(uintptr_t)bdb,
					    .op_since = no_since };
	const struct triage_rules rules = { .stall_ms = TRIAGE_STALL_MS };
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

static void what_is_well_is_a_state_only_where_nothing_else_is(void **state)
{
	struct bdb bdb = quiet();
	struct finding finding = judge(&bdb);

	assert_int_equal(triage_states(&finding), 1U << VERDICT_IDLE);
	set(&bdb, OP_EXPORT, "succeeded");
	finding = judge(&bdb);
	assert_int_equal(triage_states(&finding), 1U << VERDICT_OK);
	set(&bdb, OP_IMPORT, "initializing");
	finding = judge(&bdb);
	assert_int_equal(triage_states(&finding), 1U << VERDICT_RUNNING);
	assert_int_equal(triage_op_states(&finding, OP_EXPORT), 1U << VERDICT_OK);
}

static void of_equals_the_first_in_the_order_of_the_keys_is_named(void **state)
{
	struct bdb bdb = quiet();
	enum op_kind worst = OP_BACKUP;

	set(&bdb, OP_IMPORT, "failed");
	set(&bdb, OP_EXPORT, "failed");
	assert_int_equal(worst_of(&bdb, &worst), VERDICT_FAILED);
	assert_int_equal(worst, OP_EXPORT);
}

static void not_requested_and_unreadable_are_never_quiet(void **state)
{
	struct bdb bdb;

	bdb_init(&bdb, 1);
	assert_int_equal(judge(&bdb).op[OP_BACKUP].verdict, VERDICT_OTHER);
	assert_string_equal(word_of(&bdb, OP_BACKUP), "?");
	assert_string_equal(sentence_of(&bdb, OP_BACKUP), "not requested");
	bdb.op[OP_EXPORT].status_presence = FIELD_INVALID;
	op_classify(&bdb.op[OP_EXPORT], OP_EXPORT);
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

	for (i = 0; i < ARRAY_SIZE(row); i++) {
		set(&bdb, OP_BACKUP, row[i].status);
		assert_string_equal(word_of(&bdb, OP_BACKUP), row[i].word);
		assert_string_equal(sentence_of(&bdb, OP_BACKUP), row[i].sentence);
	}
}

static void ranks_rise_and_all_that_is_quiet_shares_one(void **state)
{
	assert_true(triage_rank(VERDICT_FAILED) < triage_rank(VERDICT_RUNNING));
	assert_true(triage_rank(VERDICT_RUNNING) < triage_rank(VERDICT_OTHER));
	assert_true(triage_rank(VERDICT_OTHER) < triage_rank(VERDICT_OK));
	assert_int_equal(triage_rank(VERDICT_OK), triage_rank(VERDICT_IDLE));
}

static void the_table_is_whole_and_its_letters_differ(void **state)
{
	static const char letters[] = "FSO?RU+-";
	size_t i;

	for (i = 0; i < VERDICT_KINDS; i++) {
		const struct verdict_def *def = &verdict_defs[i];

		assert_int_equal(def->letter, letters[i]);
		assert_true(*def->sentence && *def->count && *def->help);
		assert_true(i == VERDICT_OTHER || i == VERDICT_SUSPECT ||
			    (def->word && strlen(def->word) <= 7));
	}
	assert_null(verdict_defs[VERDICT_OTHER].word);
	assert_string_equal(verdict_defs[VERDICT_OK].count, verdict_defs[VERDICT_IDLE].count);
}

static void an_unreadable_percent_stalls_nothing(void **state)
{
	static const enum field_presence blind[] = { FIELD_NOT_REQUESTED, FIELD_INVALID };
	size_t i;

	for (i = 0; i < 2; i++) {
		struct roster_fixture fix;

		roster_fixture_init(&fix);
		roster_fixture_set(&fix, OP_EXPORT, "exporting", "", NO_PERCENT);
		fix.bdb.op[OP_EXPORT].percent_presence = blind[i];
		roster_fixture_sample(&fix, 0);
		assert_int_equal(roster_fixture_judge(&fix, 86400000, OP_EXPORT)->verdict,
				 VERDICT_RUNNING);
		roster_fixture_release(&fix);
	}
}

static void a_reason_that_was_not_asked_for_is_not_missing(void **state)
{
	struct roster_fixture fix;

	roster_fixture_init(&fix);
	roster_fixture_set(&fix, OP_EXPORT, "failed", "", NO_PERCENT);
	fix.bdb.op[OP_EXPORT].reason_presence = FIELD_NOT_REQUESTED;
	roster_fixture_sample(&fix, 0);
	assert_int_equal(fix.finding.op[OP_EXPORT].verdict, VERDICT_FAILED);
	fix.bdb.op[OP_EXPORT].reason_presence = FIELD_NULL;
	roster_fixture_sample(&fix, 5);
	assert_int_equal(fix.finding.op[OP_EXPORT].verdict, VERDICT_SUSPECT);
	roster_fixture_release(&fix);
}

static void overdue_is_shown_only_in_quiet_cells(void **state)
{
	static const struct {
		const char *status, *reason;
		enum verdict cell, worst;
		const char *word;
	} row[] = {
		{ "succeeded", "", VERDICT_OVERDUE, VERDICT_OVERDUE, "overdue" },
		{ "", "", VERDICT_OVERDUE, VERDICT_OVERDUE, "overdue" },
		{ "failed", "no-permission", VERDICT_FAILED, VERDICT_FAILED, "failed" },
		{ "failed", "", VERDICT_SUSPECT, VERDICT_OVERDUE, "failed?" },
		{ "pondering", "", VERDICT_OTHER, VERDICT_OVERDUE, "pondering" },
		{ "exporting", "", VERDICT_RUNNING, VERDICT_RUNNING, "running" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(row); i++) {
		struct roster_fixture fix;

		roster_fixture_init(&fix);
		roster_fixture_schedule(&fix, DAY, -3 * DAY);
		roster_fixture_observe(&fix, 0, row[i].status, row[i].reason, 5);
		assert_int_equal(fix.finding.op[OP_BACKUP].verdict, row[i].cell);
		assert_int_equal(fix.finding.worst, row[i].worst);
		assert_int_equal(fix.finding.worst_kind, OP_BACKUP);
		assert_string_equal(triage_word(&fix.bdb, &fix.finding, OP_BACKUP),
				    row[i].word);
		assert_int_equal(fix.finding.due.overdue,
				 strcmp(row[i].status, "exporting") != 0);
		assert_int_equal(triage_op_states(&fix.finding, OP_BACKUP),
				 1U << row[i].cell | (unsigned)fix.finding.due.overdue
							     << VERDICT_OVERDUE);
		roster_fixture_release(&fix);
	}
}

static void a_loss_window_beyond_the_rpo_is_overdue(void **state)
{
	static const struct {
		int64_t last_s, rpo_s;
		const char *status;
		bool beyond;
		enum verdict cell, worst;
	} row[] = {
		{ 7200, 0, "succeeded", false, VERDICT_OK, VERDICT_OK },
		{ 7200, 7200, "succeeded", false, VERDICT_OK, VERDICT_OK },
		{ 7201, 7200, "succeeded", true, VERDICT_OVERDUE, VERDICT_OVERDUE },
		{ 7201, 7200, "exporting", true, VERDICT_RUNNING, VERDICT_OVERDUE },
		{ 7201, 7200, "failed", true, VERDICT_FAILED, VERDICT_FAILED },
		/* late by the schedule, whatever the rpo */
		{ 3 * DAY, 10 * DAY, "succeeded", false, VERDICT_OVERDUE, VERDICT_OVERDUE },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(row); i++) {
		struct roster_fixture fix;

		roster_fixture_init(&fix);
		fix.rules.rpo_s = row[i].rpo_s;
		roster_fixture_schedule(&fix, DAY, -row[i].last_s);
		roster_fixture_observe(&fix, 0, row[i].status,
				       strcmp(row[i].status, "failed") ? "" : "no-permission", 5);
		assert_int_equal(fix.finding.beyond_rpo, row[i].beyond);
		assert_int_equal(fix.finding.op[OP_BACKUP].verdict, row[i].cell);
		assert_int_equal(fix.finding.worst, row[i].worst);
		assert_int_equal(triage_is_overdue(&fix.finding),
				 row[i].beyond || row[i].last_s > DAY);
		assert_int_equal(triage_states(&fix.finding),
				 1U << row[i].cell | (row[i].beyond ? 1U << VERDICT_OVERDUE : 0) |
					 1U << row[i].worst);
		roster_fixture_release(&fix);
	}
}

static void a_new_database_is_within_its_rpo(void **state)
{
	struct bdb bdb = quiet();
	const struct roster_entry entry = { .bdb = &bdb, .op_since = no_since };
	const struct triage_rules rules = { .rpo_s = 3600 };
	struct triage_now now = { 0, 3600 };
	struct finding finding;

	bdb.backup_enabled_presence = bdb.created_presence = FIELD_PRESENT;
	bdb.backup_enabled = true;
	bdb.op[OP_BACKUP].last_success_presence = FIELD_ABSENT;
	triage_judge(&entry, &rules, &now, &finding);
	assert_int_equal(finding.loss_s, LOSS_NEVER);
	assert_false(finding.beyond_rpo);
	now.cluster_s = 3601;
	triage_judge(&entry, &rules, &now, &finding);
	assert_true(finding.beyond_rpo);
	bdb.backup_enabled = false;
	triage_judge(&entry, &rules, &now, &finding);
	assert_false(finding.beyond_rpo);
}

static void overdue_is_shown_in_a_suspect_quiet_cell_too(void **state)
{
	struct roster_fixture fix;

	roster_fixture_init(&fix);
	roster_fixture_schedule(&fix, DAY, -3 * DAY);
	roster_fixture_observe(&fix, 0, "failed", "no-permission", 5);
	roster_fixture_observe(&fix, 5, "", "", NO_PERCENT);
	assert_int_equal(fix.finding.op[OP_BACKUP].suspect, SUSPECT_FORGOTTEN);
	assert_string_equal(triage_word(&fix.bdb, &fix.finding, OP_BACKUP), "overdue");
	assert_string_equal(triage_sentence(&fix.bdb, &fix.finding, OP_BACKUP), "overdue");
	roster_fixture_set(&fix, OP_IMPORT, "failed", "out-of-memory", 5);
	roster_fixture_sample(&fix, 10);
	assert_int_equal(fix.finding.worst, VERDICT_FAILED);
	assert_int_equal(fix.finding.worst_kind, OP_IMPORT);
	roster_fixture_release(&fix);
}

static void since_is_the_first_failure_of_the_streak(void **state)
{
	enum since_source how = SINCE_EVENT;
	const struct roster_entry *entry;
	struct roster_fixture fix;

	roster_fixture_init(&fix);
	roster_fixture_observe(&fix, 0, "succeeded", "", 100);
	roster_fixture_observe(&fix, 5, "failed", "no-permission", 5);
	roster_fixture_observe(&fix, 300, "exporting", "", 0);
	entry = roster_find(fix.roster, FIXTURE_UID);
	assert_int_equal(triage_since(entry, OP_BACKUP, &how)->ms, 5000);
	assert_int_equal(how, SINCE_OBSERVED);
	roster_fixture_observe(&fix, 305, "failed", "no-permission", 5);
	assert_int_equal(triage_since(entry, OP_BACKUP, &how)->ms, 5000);
	roster_fixture_observe(&fix, 310, "", "", 5);
	assert_int_equal(triage_since(entry, OP_BACKUP, &how)->ms, 310000);
	assert_int_equal(triage_since(entry, OP_EXPORT, &how)->ms, 0);
	assert_int_equal(how, SINCE_BEFORE_START);
	roster_fixture_release(&fix);
}

static void a_contradiction_is_named_and_names_its_operation(void **state)
{
	enum op_kind kind;
	unsigned bit;

	assert_string_equal(triage_suspect_text(SUSPECT_OLD_SUCCESS, OP_BACKUP),
			    "last backup time unchanged");
	assert_string_equal(triage_suspect_text(SUSPECT_OLD_SUCCESS, OP_EXPORT),
			    "last export time unchanged");
	for (bit = SUSPECT_FULL; bit <= SUSPECT_FORGOTTEN; bit *= 2)
		for (kind = OP_BACKUP; kind < OP_KINDS; kind++) {
			const char *clause = triage_suspect_text((enum suspect_reason)bit, kind);

			assert_true(*clause && strlen(clause) <= 28);
		}
	assert_string_equal(
		triage_suspect_text((enum suspect_reason)(SUSPECT_FORGOTTEN * 2), OP_BACKUP), "");
	assert_string_equal(
		triage_suspect_text((enum suspect_reason)(SUSPECT_FULL | SUSPECT_NO_REASON),
				    OP_BACKUP),
		"");
}

static void what_history_reports_does_not_change_the_plain_word(void **state)
{
	struct roster_fixture fix;

	roster_fixture_init(&fix);
	roster_fixture_observe(&fix, 0, "failed", "", 5);
	assert_string_equal(triage_op_sentence(&fix.bdb.op[OP_BACKUP]), "failed");
	roster_fixture_observe(&fix, 5, "exporting", "", 5);
	assert_string_equal(triage_op_sentence(&fix.bdb.op[OP_BACKUP]), "running");
	roster_fixture_observe(&fix, 10, "pondering", "", 5);
	assert_string_equal(triage_op_sentence(&fix.bdb.op[OP_BACKUP]), "pondering");
	roster_fixture_release(&fix);
}

/* On a narrow screen the letter is all that a cell shows; OK and IDLE differ too. */
static void no_two_states_have_the_same_letter(void **state)
{
	int a, b;

	for (a = 0; a < VERDICT_KINDS; a++)
		for (b = 0; b < a; b++)
			assert_int_not_equal(verdict_defs[a].letter, verdict_defs[b].letter);
	assert_int_equal(verdict_defs[VERDICT_SUSPECT].letter, '?');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_database_has_the_worst_verdict_of_its_operations),
		cmocka_unit_test(what_is_well_is_a_state_only_where_nothing_else_is),
		cmocka_unit_test(of_equals_the_first_in_the_order_of_the_keys_is_named),
		cmocka_unit_test(not_requested_and_unreadable_are_never_quiet),
		cmocka_unit_test(words_are_those_of_the_list_and_of_sentences),
		cmocka_unit_test(ranks_rise_and_all_that_is_quiet_shares_one),
		cmocka_unit_test(the_table_is_whole_and_its_letters_differ),
		cmocka_unit_test(an_unreadable_percent_stalls_nothing),
		cmocka_unit_test(a_reason_that_was_not_asked_for_is_not_missing),
		cmocka_unit_test(overdue_is_shown_only_in_quiet_cells),
		cmocka_unit_test(a_loss_window_beyond_the_rpo_is_overdue),
		cmocka_unit_test(a_new_database_is_within_its_rpo),
		cmocka_unit_test(overdue_is_shown_in_a_suspect_quiet_cell_too),
		cmocka_unit_test(since_is_the_first_failure_of_the_streak),
		cmocka_unit_test(a_contradiction_is_named_and_names_its_operation),
		cmocka_unit_test(what_history_reports_does_not_change_the_plain_word),
		cmocka_unit_test(no_two_states_have_the_same_letter),
	};

	return tap_run(tests);
}
