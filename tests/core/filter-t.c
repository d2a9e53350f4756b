#include "bdbtop/core/filter.h"

#include <locale.h>

#include "bdbtop/core/array.h"
#include "tests/core/sample.h"
#include "tests/random.h"
#include "tests/tap.h"

#define DAY_S INT64_C(86400)
#define NOW_S INT64_C(1795000000)

/* What a filter tests: judged as in the console, with data of the past set by the test. */
struct filter_case {
	struct bdb bdb;
	struct finding finding;
	struct op_since op_since[OP_KINDS];
	struct bdb_info bdb_info;
	bool has_bdb_info, has_op_since, is_unlisted;
	const char *past_reason; /* of the backup */
	const struct filter_result *results;
	size_t result_count;
};

static void judge(struct filter_case *tested)
{
	static const struct op_since op_since[OP_KINDS];
	const struct roster_entry entry = { .bdb = &tested->bdb, .op_since = op_since };
	const struct triage_rules rules = { .stall_ms = TRIAGE_STALL_MS };
	const struct triage_now now = { 0, NOW_S };

	triage_judge(&entry, &rules, &now, &tested->finding);
}

static bool case_matches(const struct filter_case *tested, const char *expression)
{
	const struct filter_input subject = {
		.bdb = &tested->bdb,
		.finding = &tested->finding,
		.op_since = tested->has_op_since ? tested->op_since : NULL,
		.bdb_info = tested->has_bdb_info ? &tested->bdb_info : NULL,
		.is_unlisted = tested->is_unlisted,
		.past_reason = { tested->past_reason },
		.results = tested->results,
		.result_count = tested->result_count,
		.now_s = NOW_S,
	};
	struct filter filter;
	struct filter_error error;

	if (filter_parse(&filter, expression, &error) < 0)
		fail_msg("%s: %s", expression, error.text);
	return filter_matches(&filter, &subject);
}

static bool finds(const struct bdb *bdb, const char *expression)
{
	struct filter_case tested = { .bdb = *bdb };

	judge(&tested);
	return case_matches(&tested, expression);
}

/* Filters that match and filters that do not, each list ended by NULL. */
static void matches_only(const struct filter_case *tested, const char *const *found,
			 const char *const *missed)
{
	for (; *found; found++)
		if (!case_matches(tested, *found))
			fail_msg("not found: %s", *found);
	for (; *missed; missed++)
		if (case_matches(tested, *missed))
			fail_msg("found: %s", *missed);
}

#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static struct bdb orders(void)
{
	struct bdb bdb = sample(12, "Orders-EU");

	sample_status(&bdb, OP_BACKUP, "failed", "no-permission");
	sample_status(&bdb, OP_EXPORT, "exporting", "");
	sample_status(&bdb, OP_IMPORT, "succeeded", "download-error");
	return bdb;
}

static void nothing_typed_shows_everything(void **state)
{
	struct bdb bdb = orders();

	assert_true(finds(&bdb, ""));
	assert_true(finds(&bdb, "  \t "));
}

static void finds_id_name_state_and_reason(void **state)
{
	static const char *const found[] = { "db:12",	  "12",	     "orders",	   "eu",
					     "failed",	  "running", "ok",	   "exporting",
					     "succeeded", "no-perm", "PERMISSION", "rders-e" };
	static const char *const missed[] = { "db:13",	   "sessions", "idle",
					      "importing", "other",    "name" };
	struct bdb bdb = orders();
	size_t i;

	for (i = 0; i < ARRAY_SIZE(found); i++)
		assert_true(finds(&bdb, found[i]));
	for (i = 0; i < ARRAY_SIZE(missed); i++)
		assert_false(finds(&bdb, missed[i]));
}

static void every_word_must_be_found(void **state)
{
	struct bdb bdb = orders();

	assert_true(finds(&bdb, "failed eu"));
	assert_true(finds(&bdb, "  no-permission \t db:12  running "));
	assert_false(finds(&bdb, "failed us"));
}

static void only_the_reason_of_a_failed_one_counts(void **state)
{
	struct bdb bdb = orders();

	assert_false(finds(&bdb, "download-error"));
	sample_status(&bdb, OP_IMPORT, "failed", "download-error");
	assert_true(finds(&bdb, "download-error"));
}

static void idle_is_no_word_unless_the_cluster_says_it(void **state)
{
	struct bdb bdb = sample(4, "wishlist");

	assert_false(finds(&bdb, "-"));
	assert_false(finds(&bdb, "idle"));
	sample_status(&bdb, OP_IMPORT, "idle", "");
	assert_true(finds(&bdb, "idle"));
}

static void an_unknown_word_is_found_as_it_came(void **state)
{
	struct bdb bdb = sample(4, "wishlist");

	sample_status(&bdb, OP_EXPORT, "pondering", "");
	assert_true(finds(&bdb, "ponder"));
	bdb.op[OP_EXPORT].status_presence = FIELD_INVALID;
	op_classify(&bdb.op[OP_EXPORT], OP_EXPORT);
	assert_false(finds(&bdb, "ponder"));
}

static void what_stands_on_the_screen_is_found(void **state)
{
	struct bdb bdb = sample(11, "evil\x1b[2J顧客");

	assert_true(finds(&bdb, "evil^[[2J"));
	assert_true(finds(&bdb, "顧客"));
	assert_false(finds(&bdb, "客顧"));
}

static void a_word_after_an_exclamation_mark_must_not_be_found(void **state)
{
	struct bdb bdb = orders();

	assert_false(finds(&bdb, "!failed"));
	assert_false(finds(&bdb, "eu !no-permission"));
	assert_true(finds(&bdb, "!stalled eu"));
	assert_false(finds(&bdb, "!stalled !eu"));
	assert_true(finds(&bdb, "!state:stalled !backup:ok"));
	assert_false(finds(&bdb, "!backup:failed"));
}

static void a_state_is_that_of_any_operation_and_begins_as_typed(void **state)
{
	struct filter_case tested = { .bdb = orders() };

	judge(&tested);
	matches_only(&tested,
		     WORDS("state:failed", "state:f", "STATE:Failed", "state:running", "state:ok",
			   "state:exporting", "state:export", "state:succeeded", "state:active"),
		     WORDS("state:ailed", "state:failedx", "state:stalled", "state:quiet",
			   "state:idle", "state:-", "state:importing", "state:retrying",
			   "state:overdue", "state:suspect", "state:no-permission"));
}

static void the_state_of_one_operation_is_that_of_no_other(void **state)
{
	struct filter_case tested = { .bdb = orders() };

	judge(&tested);
	matches_only(&tested,
		     WORDS("backup:failed", "export:running", "export:exporting", "import:ok",
			   "import:quiet", "Backup:Fail export:run"),
		     WORDS("backup:running", "export:failed", "import:failed", "backup:ok",
			   "backup:quiet", "export:quiet", "backup:active"));
}

static void quiet_is_a_database_with_nothing_to_look_at(void **state)
{
	struct filter_case tested = { .bdb = sample(4, "wishlist") };

	judge(&tested);
	matches_only(&tested,
		     WORDS("state:quiet", "state:q", "state:idle", "state:-", "backup:-",
			   "!state:failed", "quiet", "QUIET"),
		     WORDS("!state:quiet", "!quiet", "qui", "state:running", "state:ok"));
	sample_status(&tested.bdb, OP_BACKUP, "succeeded", "");
	judge(&tested);
	matches_only(&tested, WORDS("state:quiet", "state:ok", "backup:ok", "backup:quiet"),
		     WORDS("backup:idle", "!backup:quiet"));
	sample_status(&tested.bdb, OP_IMPORT, "importing", "");
	judge(&tested);
	matches_only(&tested, WORDS("backup:quiet", "state:running"),
		     WORDS("state:quiet", "state:q"));
}

/* Line 2 counts databases by their worst verdict, by these words. */
static void each_word_of_the_counts_matches_what_it_counts(void **state)
{
	int verdict, other;

	for (verdict = 0; verdict < VERDICT_KINDS; verdict++) {
		struct filter_case tested = { .bdb = sample(4, "wishlist") };
		char not_it[32];

		judge(&tested);
		tested.finding.worst = (enum verdict)verdict;
		for (other = 0; other < VERDICT_KINDS; other++) {
			const char *word = verdict_defs[other].count;
			bool same = !strcmp(word, verdict_defs[verdict].count);

			snprintf(not_it, sizeof(not_it), "!%s", word);
			if (case_matches(&tested, word) != same ||
			    case_matches(&tested, not_it) == same)
				fail_msg("%s, counted as %s", word, verdict_defs[verdict].count);
		}
	}
}

static void words_of_the_clauses_are_found_complete(void **state)
{
	struct filter_case tested = { .bdb = sample(7, "x"), .is_unlisted = true };

	sample_status(&tested.bdb, OP_EXPORT, "exporting", "");
	tested.bdb.op[OP_EXPORT].percent_presence = FIELD_PRESENT;
	tested.bdb.op[OP_EXPORT].percent = 17;
	tested.past_reason = "no-permission";
	judge(&tested);
	tested.finding.due = (struct backup_due){ .overdue = true, .missed_intervals = 3 };
	tested.finding.loss_s = LOSS_NONE;
	matches_only(&tested,
		     WORDS("late", "missed", "not listed", "not scheduled", "17%", "was",
			   "no-permission", "reason:no-perm", "active"),
		     WORDS("lat", "listed scheduledx", "beyond", "never", "7%", "acti", "!late"));
	tested.finding.due.never_succeeded = tested.finding.beyond_rpo = true;
	matches_only(&tested, WORDS("never backed up", "never", "beyond rpo"), WORDS("back"));
	/* which contradictions, the row says only of a suspect one, and if nothing is worse */
	tested.finding.op[OP_EXPORT].suspect = SUSPECT_FULL | SUSPECT_BACKWARDS;
	matches_only(&tested, WORDS(""), WORDS("percent decreased", "100%"));
	tested.finding.op[OP_EXPORT].verdict = tested.finding.worst = VERDICT_SUSPECT;
	matches_only(&tested, WORDS("percent decreased", "100%"), WORDS("usually"));
	tested.finding.op[OP_EXPORT].verdict = tested.finding.worst = VERDICT_STALLED;
	tested.has_op_since = true;
	tested.op_since[OP_EXPORT].typical_run_s = 242;
	matches_only(&tested, WORDS("usually"), WORDS("percent decreased", "!usually"));
}

static void no_problems_is_one_phrase(void **state)
{
	struct filter_case tested = { .bdb = sample(7, "x") };

	judge(&tested);
	tested.finding.worst = VERDICT_RUNNING;
	matches_only(&tested, WORDS("no problems", "x NO  Problems", "!problems"),
		     WORDS("problems", "!no problems", "problems no", "no !problems"));
	tested.finding.worst = VERDICT_OVERDUE;
	matches_only(&tested, WORDS("problems", "!no problems"),
		     WORDS("no problems", "no", "!problems"));
}

static void a_result_is_found_by_its_outcome_and_its_words(void **state)
{
	static const struct filter_result results[] = {
		{ "no answer", "no answer after 10s, may have been done" },
		{ "refused", "403 role may not reset  403 role" }
	};
	struct filter_case tested = { .bdb = sample(7, "x"),
				      .results = results,
				      .result_count = 2 };

	judge(&tested);
	matches_only(&tested,
		     WORDS("result:refused", "result:ref", "result:no-answer", "result:any",
			   "result:403", "result:ROLE", "403", "role may", "!result:cleared"),
		     WORDS("result:cleared", "result:efused", "result:no-answerx", "!result:any"));
	tested.result_count = 0;
	matches_only(&tested, WORDS("!result:any"), WORDS("result:any", "result:refused", "403"));
}

static void loss_and_progress_have_limits(void **state)
{
	struct filter_case tested = { .bdb = sample(7, "x") };

	sample_status(&tested.bdb, OP_EXPORT, "exporting", "");
	tested.bdb.op[OP_EXPORT].percent_presence = FIELD_PRESENT;
	tested.bdb.op[OP_EXPORT].percent = 17.5;
	judge(&tested);
	tested.finding.loss_s = DAY_S;
	matches_only(&tested,
		     WORDS("loss>23h", "loss<25h", "loss>1h loss<2d", "!loss>1d", "progress>17",
			   "progress<18", "progress>0%", "PROGRESS<100"),
		     WORDS("loss>1d", "loss<1d", "progress<17", "progress>18%", "!progress<18"));
	tested.finding.loss_s = LOSS_NEVER;
	tested.bdb.op[OP_EXPORT].percent_presence = FIELD_NULL;
	matches_only(&tested, WORDS("loss>36500d"),
		     WORDS("loss<36500d", "progress>0", "progress<100"));
	tested.finding.loss_s = LOSS_NONE;
	matches_only(&tested, WORDS(""), WORDS("loss>1s", "loss<1s"));
}

static void what_history_found_is_found_by_its_word(void **state)
{
	struct filter_case tested = { .bdb = sample(7, "sessions") };

	sample_status(&tested.bdb, OP_BACKUP, "exporting", "");
	judge(&tested);
	tested.finding.op[OP_BACKUP].verdict = tested.finding.worst = VERDICT_STALLED;
	matches_only(&tested,
		     WORDS("state:stalled", "backup:stalled", "stalled", "backup:exporting"),
		     WORDS("state:running", "export:stalled", "failed"));
	tested.finding.op[OP_BACKUP].verdict = tested.finding.worst = VERDICT_SUSPECT;
	matches_only(&tested, WORDS("state:suspect", "backup:susp"),
		     WORDS("state:stalled", "export:suspect"));
}

static void suspect_is_found_by_its_word_and_by_its_state(void **state)
{
	struct filter_case tested = { .bdb = sample(13, "stock") };

	sample_status(&tested.bdb, OP_BACKUP, "failed", "");
	judge(&tested);
	assert_int_equal(tested.finding.worst, VERDICT_SUSPECT);
	matches_only(&tested,
		     WORDS("state:failed?", "state:suspect", "state:failed", "backup:failed",
			   "failed?", "?"),
		     WORDS("state:ok", "export:suspect", "state:quiet"));
}

static void a_late_backup_is_overdue_in_any_state(void **state)
{
	struct filter_case tested = { .bdb = orders() };

	judge(&tested);
	tested.finding.due =
		(struct backup_due){ .has_due_time = true, .overdue = true, .overdue_s = DAY_S };
	matches_only(&tested, WORDS("state:overdue", "backup:overdue", "state:failed"),
		     WORDS("export:overdue"));
	tested.finding.op[OP_BACKUP].verdict = VERDICT_RUNNING;
	tested.finding.due.overdue = false;
	tested.finding.worst = VERDICT_OVERDUE;
	matches_only(&tested, WORDS("state:overdue"), WORDS("import:overdue"));
}

static void a_retried_one_is_found_by_the_failure_before(void **state)
{
	struct filter_case tested = { .bdb = sample(12, "orders-eu") };
	struct failure_streak series = { .reason = "no-permission" };

	sample_status(&tested.bdb, OP_BACKUP, "exporting", "general-error");
	judge(&tested);
	matches_only(&tested, WORDS("state:running"),
		     WORDS("retrying", "general-error", "reason:general-error"));
	tested.finding.op[OP_BACKUP].retrying = true;
	tested.finding.op[OP_BACKUP].verdict = VERDICT_FAILED;
	matches_only(&tested,
		     WORDS("retrying", "state:retrying", "backup:retry", "state:failed",
			   "reason:general-error", "general"),
		     WORDS("export:retrying", "reason:no-permission"));
	tested.has_op_since = true;
	tested.op_since[OP_BACKUP].streak = &series;
	matches_only(&tested, WORDS("reason:no-perm", "no-permission"),
		     WORDS("reason:general-error"));
}

static void a_reason_is_that_of_a_failed_one_and_nothing_else(void **state)
{
	struct filter_case tested = { .bdb = orders() };

	judge(&tested);
	matches_only(&tested, WORDS("reason:no-permission", "reason:PERM", "!reason:download"),
		     WORDS("reason:download-error", "reason:failed", "reason:orders"));
	tested.bdb.op[OP_BACKUP].reason_presence = FIELD_NULL;
	matches_only(&tested, WORDS("!reason:no-permission"), WORDS("reason:no-permission"));
	sample_status(&tested.bdb, OP_IMPORT, "failed", "file-larger-than-mem-limit:2:1");
	judge(&tested);
	matches_only(&tested, WORDS("reason:limit:2", "file-larger-than-mem-limit:2"),
		     WORDS("reason:limit:1"));
}

static void an_age_is_that_of_the_last_good_backup(void **state)
{
	struct filter_case tested = { .bdb = sample(4, "wishlist") };
	struct op *op = &tested.bdb.op[OP_BACKUP];

	op->last_success_presence = FIELD_PRESENT;
	op->last_success_s = NOW_S - DAY_S;
	judge(&tested);
	matches_only(&tested,
		     WORDS("age>23h", "age>1h30m", "age>86399s", "age<25h", "AGE<2d", "age<1w",
			   "age>23h age<25h", "!age>1d"),
		     WORDS("age>24h", "age<24h", "age>1d", "age<1440m", "age>1d1s", "age>1w"));
}

static void never_is_older_than_any_age_where_a_backup_is_asked_for(void **state)
{
	struct filter_case tested = { .bdb = sample(90, "quotas") };

	judge(&tested);
	matches_only(&tested, WORDS(""), WORDS("age>1s", "age<9999d"));
	tested.bdb.backup_enabled_presence = tested.bdb.backup_interval_presence = FIELD_PRESENT;
	tested.bdb.backup_enabled = true;
	tested.bdb.backup_interval_s = DAY_S;
	judge(&tested);
	matches_only(&tested, WORDS("age>1s", "age>9999d"), WORDS("age<9999d"));
	tested.bdb.op[OP_BACKUP].last_success_presence = FIELD_INVALID;
	judge(&tested);
	matches_only(&tested, WORDS(""), WORDS("age>1s", "age<9999d"));
}

static void modules_and_tags_hold_only_where_they_are_known(void **state)
{
	struct filter_case tested = { .bdb = sample(4, "wishlist"),
				      .bdb_info = { .uid = 4,
						    .modules = "ReJSON\0search\0",
						    .tags = "env=prod\0owner=Team A\0odd\0" } };

	judge(&tested);
	matches_only(&tested, WORDS("wish"),
		     WORDS("module:search", "!module:search", "tag:env", "!tag:env"));
	tested.has_bdb_info = true;
	matches_only(&tested,
		     WORDS("module:search", "module:json", "!module:bf", "tag:env", "tag:ENV=Prod",
			   "tag:odd", "!tag:env=dev", "tag:owner"),
		     WORDS("module:bf", "!module:search", "tag:en", "tag:env=pro",
			   "tag:env=production", "tag:prod", "tag:odd=1", "!tag:env"));
}

static void words_with_a_colon_that_are_no_key_are_words(void **state)
{
	struct bdb bdb = sample(12, "a:b db-12:x");

	assert_true(finds(&bdb, "db:12"));
	assert_true(finds(&bdb, ":b"));
	assert_true(finds(&bdb, "db-12:x"));
	assert_false(finds(&bdb, "db:13"));
	assert_false(finds(&bdb, "age"));
}

/* Any text is a filter or an error with an offset inside the text. */
static void any_bytes_are_a_filter_or_a_error(void **state)
{
	static const char *const pieces[] = {
		"state:",  "loss<",   "progress>", "result:", "age>", "age<", "tag:",  "module:",
		"reason:", "backup:", "!",	   " ",	      "\t",   "24",   "h",     "d",
		"=",	   ":",	      "x",	   "db:",     "\xff", "é",    "failed"
	};
	struct bdb bdb = orders();
	struct filter_case tested = { .bdb = bdb };
	uint64_t random = random_start(20261122);
	unsigned turn, count;

	judge(&tested);
	for (turn = 0; turn < 20000; turn++) {
		const struct filter_input subject = { .bdb = &bdb, .finding = &tested.finding };
		char expression[160] = "";
		struct filter_error error;
		struct filter filter;

		for (count = random_below(&random, 18); count; count--)
			strcat(expression, pieces[random_below(&random, ARRAY_SIZE(pieces))]);
		if (filter_parse(&filter, expression, &error) < 0) {
			assert_true(error.offset <= strlen(expression));
			assert_true(strlen(error.text) > 0);
			continue;
		}
		filter_matches(&filter, &subject);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_typed_shows_everything),
		cmocka_unit_test(finds_id_name_state_and_reason),
		cmocka_unit_test(every_word_must_be_found),
		cmocka_unit_test(only_the_reason_of_a_failed_one_counts),
		cmocka_unit_test(idle_is_no_word_unless_the_cluster_says_it),
		cmocka_unit_test(an_unknown_word_is_found_as_it_came),
		cmocka_unit_test(what_stands_on_the_screen_is_found),
		cmocka_unit_test(a_word_after_an_exclamation_mark_must_not_be_found),
		cmocka_unit_test(a_state_is_that_of_any_operation_and_begins_as_typed),
		cmocka_unit_test(the_state_of_one_operation_is_that_of_no_other),
		cmocka_unit_test(quiet_is_a_database_with_nothing_to_look_at),
		cmocka_unit_test(each_word_of_the_counts_matches_what_it_counts),
		cmocka_unit_test(words_of_the_clauses_are_found_complete),
		cmocka_unit_test(no_problems_is_one_phrase),
		cmocka_unit_test(a_result_is_found_by_its_outcome_and_its_words),
		cmocka_unit_test(loss_and_progress_have_limits),
		cmocka_unit_test(what_history_found_is_found_by_its_word),
		cmocka_unit_test(suspect_is_found_by_its_word_and_by_its_state),
		cmocka_unit_test(a_late_backup_is_overdue_in_any_state),
		cmocka_unit_test(a_retried_one_is_found_by_the_failure_before),
		cmocka_unit_test(a_reason_is_that_of_a_failed_one_and_nothing_else),
		cmocka_unit_test(an_age_is_that_of_the_last_good_backup),
		cmocka_unit_test(never_is_older_than_any_age_where_a_backup_is_asked_for),
		cmocka_unit_test(modules_and_tags_hold_only_where_they_are_known),
		cmocka_unit_test(words_with_a_colon_that_are_no_key_are_words),
		cmocka_unit_test(any_bytes_are_a_filter_or_a_error),
	};

	if (!setlocale(LC_CTYPE, "C.UTF-8")) {
		printf("1..0 # SKIP no locale C.UTF-8\n");
		return 0;
	}
	return tap_run(tests);
}
