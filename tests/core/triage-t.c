#include "bdbtop/core/triage.h"

#include "tests/tap.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_database_has_the_worst_verdict_of_its_operations),
		cmocka_unit_test(of_equals_the_first_in_the_order_of_the_keys_is_named),
		cmocka_unit_test(what_was_not_asked_or_not_readable_is_never_quiet),
		cmocka_unit_test(words_are_those_of_the_list_and_of_sentences),
		cmocka_unit_test(ranks_rise_and_all_that_is_quiet_shares_one),
		cmocka_unit_test(the_table_is_whole_and_its_letters_differ),
	};

	return tap_run(tests);
}
