#include <locale.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/filter.h"
#include "bdbtop/core/text.h"
#include "tests/core/reset_scenario.h"

static void show(const struct reset_scenario *run, struct reset_text *words)
{
	reset_format(run->reset, false, run->now.ms, words);
}

static void expect_full(const struct reset_scenario *run, const char *full)
{
	struct reset_text words;

	show(run, &words);
	assert_string_equal(words.full, full);
}

/* Every text of doc/reset-contract.md but the full one, which reset-t.c checks, with the longest of
 * the usual names.  NULL: as the wider one. */
static const struct {
	const char *line;
	enum style style;
	const char *medium, *letters;
} texts[] = {
	{ "y", STYLE_PENDING, NULL, NULL },
	{ "pictured yes place run", STYLE_PENDING, NULL, NULL },
	{ "pictured n", STYLE_TEXT, NULL, NULL },
	{ "pictured x", STYLE_TEXT, NULL, NULL },
	{ "pictured asleep", STYLE_TEXT, NULL, "cancelled" },
	{ "y 401", STYLE_DANGER, NULL, "stopped" },
	{ "y place slow", STYLE_PENDING, "429, next try in 7s", "429 again in 7s" },
	{ "y place idle", STYLE_TEXT, NULL, "not sent" },
	{ TO_WAITING "+2200 place idle", STYLE_TEXT, NULL, "idle, not by us" },
	{ "y place idle+", STYLE_WAITING, NULL, "reason kept" },
	{ "was:idle+ bulk y place idle++", STYLE_WAITING, "not sent, now idle", "not sent" },
	{ "bulk y place run", STYLE_WAITING, NULL, "not sent" },
	{ "bulk y place moved", STYLE_WAITING, NULL, "not sent" },
	{ TO_WAITING "+2200 place again", STYLE_WAITING, "not sent, now failed", "not sent" },
	{ "y place else", STYLE_WAITING, "not sent, another database", "not sent" },
	{ "y place gone", STYLE_WAITING, NULL, NULL },
	{ "y place bad", STYLE_PENDING, NULL, "checking 1s" },
	{ "y place bad +1000 place bad +2000 place bad", STYLE_WAITING, "not sent, cannot read",
	  "not sent" },
	{ TO_SENT "nomemory", STYLE_WAITING, "not sent", NULL },
	{ "y place same noted", STYLE_PENDING, NULL, NULL },
	{ "y place same unnoted", STYLE_WAITING, "cannot write the audit log", "no audit log" },
	{ TO_SENT "x", STYLE_PENDING, "in flight, cannot cancel", "in flight" },
	{ TO_SENT "=200", STYLE_PENDING, NULL, NULL },
	{ TO_SENT "=400 same noted =400:bad_request", STYLE_REFUSED, NULL, "400" },
	{ TO_SENT "=307f", STYLE_PENDING, NULL, "checking" },
	{ TO_SENT "=307f same noted =307f same noted =307f", STYLE_REFUSED,
	  NULL, "307 not primary" },
	{ TO_SENT "=401", STYLE_REFUSED, NULL, "401 log-in" },
	{ TO_SENT "=403", STYLE_REFUSED, NULL, "403 role" },
	{ TO_SENT "=404", STYLE_REFUSED, NULL, NULL },
	{ TO_SENT "=406:lacking modules", STYLE_REFUSED, "406 module graph", "406 module" },
	{ TO_SENT "=409", STYLE_WAITING, NULL, "409 again in 2s" },
	{ "y place pending noted =409", STYLE_WAITING,
	  "409 busy, again in 2s (1/6)", "409 again in 2s" },
	{ GAVE_UP, STYLE_REFUSED, "409 busy, gave up", "409 gave up" },
	{ "pictured yes place run noted =409", STYLE_REFUSED, NULL, "409 gave up" },
	{ TO_SENT "=429:slow", STYLE_REFUSED, NULL, "429" },
	{ TO_SENT "=503:no_quorum", STYLE_WAITING, NULL, "503" },
	{ TO_SENT "=0", STYLE_WAITING, "no answer after 10s", "no answer 10s" },
	{ TO_SENT "=200c", STYLE_WAITING, "no answer", NULL },
	{ TO_SENT "=0u", STYLE_WAITING, NULL, "not sent" },
	{ TO_SENT "q over", STYLE_WAITING, NULL, "may be done" },
	{ TO_SENT "q =200", STYLE_WAITING, NULL, "not confirmed" },
	{ TO_SENT "q =404", STYLE_REFUSED, NULL, NULL },
	{ TO_SENT "401 =200", STYLE_WAITING, "accepted, not confirmed", "not confirmed" },
	{ TO_SENT "401 =503", STYLE_WAITING, "503, cannot read", "503" },
	{ TO_WAITING RETRY(2200), STYLE_WAITING, NULL, "409 again in 4s" },
	{ TO_READING "x", STYLE_PENDING, NULL, "only reading" },
	{ TO_READING "list:idle", STYLE_CLEARED, "cleared", NULL },
	{ TO_READING "+300 place idle+", STYLE_WAITING, NULL, "reason kept" },
	{ TO_READING "list:run", STYLE_WAITING, NULL, "running now 3%" },
	{ TO_READING "list:moved", STYLE_WAITING, NULL, "now succeeded" },
	{ TO_READING "list:again", STYLE_WAITING, "accepted, now failed", "now failed" },
	{ TO_READING SAME_20S, STYLE_WAITING, "accepted, still failed 20s", "still failed 20s" },
	{ "pictured yes place run noted =200 +300 place run +20000 place run", STYLE_WAITING,
	  "accepted, still running 20s", "still running" },
	{ TO_READING "list:else", STYLE_WAITING, "accepted, then another", "then another" },
	{ TO_READING "+300 place gone", STYLE_WAITING, NULL, "then gone" },
	{ TO_READING "trust", STYLE_WAITING, "accepted, not confirmed", "not confirmed" },
	{ TO_PROBING "401", STYLE_WAITING, "no answer, cannot read", "no answer" },
	{ TO_404 "401", STYLE_REFUSED, "404, cannot read", NULL },
	{ TO_PROBING "list:idle", STYLE_WAITING, NULL, "no answer, idle" },
	{ TO_PROBING "list:idle+", STYLE_WAITING, "no answer, reason kept", "no answer, idle" },
	{ TO_PROBING SAME_20S, STYLE_WAITING, NULL, "no answer, still" },
	{ TO_PROBING "list:run", STYLE_WAITING, "no answer, running now", "no answer, runs" },
	{ TO_PROBING "list:moved", STYLE_WAITING, NULL, "no answer, moved" },
	{ TO_PROBING "list:again", STYLE_WAITING, "no answer, now failed", "no answer, moved" },
	{ TO_PROBING "list:else", STYLE_WAITING,
	  "no answer, another database", "no answer, other" },
	{ TO_PROBING "+300 place gone", STYLE_WAITING, NULL, NULL },
	{ TO_PROBING SILENT, STYLE_WAITING, NULL, "no answer" },
	{ TO_SENT "=503 list:idle", STYLE_WAITING, NULL, "503, idle" },
	{ TO_SENT "=503 " SAME_20S, STYLE_WAITING, NULL, "503, still" },
	{ TO_404 "gone", STYLE_REFUSED, NULL, NULL },
	{ TO_404 "else", STYLE_REFUSED, NULL, "404 path unknown" },
	{ TO_OPTIONS "known", STYLE_REFUSED, NULL, "404 still listed" },
	{ TO_READING SAME_20S " +22700 list:idle", STYLE_CLEARED,
	  "cleared after 43s", "cleared 43s" },
	{ TO_READING "list:idle list:again", STYLE_WAITING,
	  "cleared, failed again", "failed again" },
	{ "bulk y place run+", STYLE_WAITING, NULL, "not sent" },
	{ TO_SENT "=403:you_may_not_do_this", STYLE_REFUSED, "403 role may not reset", "403 role" },
	{ TO_SENT "=406:some_module", STYLE_REFUSED, NULL, "406" },
	{ TO_WAITING RETRY(2200) RETRY(4400) RETRY(8800) "+16500 x", STYLE_TEXT,
	  NULL, "cancelled" },
	{ TO_WAITING RETRY(2200) RETRY(4400) RETRY(8800) RETRY(16500), STYLE_WAITING,
	  NULL, "409 again in 30s" },
	{ TO_SENT "=418:short_and_stout", STYLE_REFUSED, NULL, "418" },
	{ TO_READING "list:run+", STYLE_WAITING, NULL, "running now 42%" },
	{ TO_READING SAME_20S " +299000 list:idle", STYLE_CLEARED,
	  "cleared after 5m 19s", "cleared 5m 19s" },
	{ TO_SENT "=503 list:else", STYLE_WAITING, "503, another database", "503, other" },
	{ TO_SENT "=503 " SILENT, STYLE_WAITING, NULL, "503" },
	{ "was:moved y place moved noted =200 +300 place moved +20000 place moved", STYLE_WAITING,
	  "accepted, still succeeded", "still succeeded" },
	{ "was:idle+ y place absent+ noted =200 +300 place absent+ +20000 place absent+",
	  STYLE_WAITING, "accepted, still idle 20s", "still idle 20s" },
	{ "was:strange y place strange noted =200 +300 place strange +20000 place strange",
	  STYLE_WAITING, "accepted, still pondering", "still pondering" },
	{ "was:strange y place strange noted =0 +300 place strange +20000 place strange",
	  STYLE_WAITING, NULL, "no answer, still" },
};

static void have_a_style_and_two_shorter_forms_that_fit(void **state)
{
	struct reset_text words;
	struct reset_scenario run;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		const char *medium = texts[i].medium, *letters = texts[i].letters;

		scenario_line(&run, texts[i].line);
		show(&run, &words);
		medium = medium ? medium : words.full;
		letters = letters ? letters : medium;
		if (words.style != texts[i].style || strcmp(words.medium, medium) != 0 ||
		    strcmp(words.letters, letters) != 0 || text_width(medium) > 28 ||
		    text_width(letters) > 16 || strpbrk(words.full, "{}~|^"))
			fail_msg("%s: style %d, `%s` | `%s` | `%s`", texts[i].line, words.style,
				 words.full, words.medium, words.letters);
		scenario_over(&run);
	}
}

static void find_words(const char *words, const struct filter_input *input)
{
	static const char ends[] = " ,:";
	struct filter_error error;
	struct filter filter;
	char word[120];
	size_t length;

	for (words += strspn(words, ends); *words; words += length + strspn(words + length, ends)) {
		length = strcspn(words, " ,");
		while (length && words[length - 1] == ':')
			length--;
		snprintf(word, sizeof(word), "%.*s", (int)length, words);
		if (filter_parse(&filter, word, &error) < 0)
			fail_msg("%s: %s", word, error.text);
		if (!filter_matches(&filter, input))
			fail_msg("the filter %s misses it", word);
	}
}

/* Of all lines of the table, which have every outcome with a text. */
static void each_word_is_a_filter(void **state)
{
	const struct finding finding = { .listed = true, .worst = VERDICT_IDLE };
	struct filter_result result = { .outcome = NULL };
	struct filter_input input = { .finding = &finding, .results = &result, .result_count = 1 };
	struct reset_text words;
	const char *const widths[] = { words.full, words.medium, words.letters };
	uint64_t outcomes = 0;
	struct reset_scenario run;
	size_t i, width;
	int outcome;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		scenario_line(&run, texts[i].line);
		show(&run, &words);
		outcomes |= UINT64_C(1) << reset_outcome(run.reset);
		for (width = 0; width < ARRAY_SIZE(widths); width++) {
			result.text = widths[width];
			input.bdb = &run.evidence;
			find_words(widths[width], &input);
		}
		scenario_over(&run);
	}
	for (outcome = OUTCOME_DECLINED; outcome <= OUTCOME_UNKNOWN; outcome++)
		if (outcome != OUTCOME_SUPERSEDED && !(outcomes >> outcome & 1))
			fail_msg("no text of outcome %d is tried", outcome);
}

static void say_where_the_old_status_and_the_times_begin(void **state)
{
	static const struct {
		const char *line, *shown, *brief;
	} lines[] = {
		{ TO_SENT "=200 list:idle", "cleared", "cleared" },
		{ TO_WAITING RETRY(2200) "x", "cancelled after 1 retry", "cancelled" },
		{ TO_SENT "=503:busy", "503 busy", "503 busy" },
	};
	struct reset_text words;
	struct reset_scenario run;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		scenario_line(&run, lines[i].line);
		show(&run, &words);
		assert_int_equal(words.shown, strlen(lines[i].shown));
		assert_int_equal(words.brief, strlen(lines[i].brief));
		assert_memory_equal(words.full, lines[i].shown, words.shown);
		scenario_over(&run);
	}
}

static void on_a_line_of_their_own_begin_with_the_answer(void **state)
{
	static const struct {
		const char *line, *text;
	} lines[] = {
		{ TO_READING "list:idle", "200 accepted, cleared" },
		{ TO_READING "+2000 list:idle", "200 accepted, cleared after 2s" },
		{ TO_READING SAME_20S " +22700 list:idle", "200 accepted, cleared after 43s" },
		{ TO_READING, "200 accepted" },
		{ TO_READING SAME_20S, "200 accepted, still failed after 20s" },
		{ TO_READING "+300 place idle+", "200 accepted, idle, reason kept" },
		{ TO_SENT "q =200", "200 accepted, not confirmed" },
		{ TO_SENT "401 =200", "200 accepted, not confirmed: log-in" },
		{ TO_SENT "=403", "403 role may not reset" },
		{ TO_PROBING "list:idle", "no answer, now idle" },
		{ TO_WAITING "+2200 place idle", "idle now, not by us" },
		{ "y place idle", "nothing to reset" },
	};
	struct reset_scenario run;
	char text[RESET_LINE_SIZE];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		scenario_line(&run, lines[i].line);
		reset_format_line(run.reset, run.now.ms, text);
		assert_string_equal(text, lines[i].text);
		scenario_over(&run);
	}
}

static void name_an_operation_that_is_skipped_and_one_that_is_not(void **state)
{
	static const struct {
		const char *read, *skipped, *evidence;
	} reads[] = {
		{ "idle", "nothing to reset (idle)", "idle" },
		{ "idle+", "not sent, idle, reason kept", "idle, no-permission" },
		{ "moved", "nothing to reset (ok)", "succeeded" },
		{ "run+", "not sent, running 42%", "exporting, no-permission" },
		{ "run", "not sent, running 3%", "exporting" },
		{ "strange", "not sent, pondering", "pondering" },
		{ "same", "not sent, failed", "failed, no-permission" },
	};
	char text[RESET_LINE_SIZE];
	struct bdb bdb;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(reads); i++) {
		struct op *op = &bdb.op[OP_BACKUP];

		scenario_record(&bdb, reads[i].read);
		op_classify(op, OP_BACKUP);
		reset_format_skipped(op, text);
		assert_string_equal(text, reads[i].skipped);
		reset_format_evidence(op, text);
		assert_string_equal(text, reads[i].evidence);
	}
}

static void are_recognized_in_the_audit_log_of_an_earlier_run(void **state)
{
	struct reset_text words;

	reset_text_read(&words, "cleared, was no-permission");
	assert_string_equal(words.full, "cleared, was no-permission");
	assert_int_equal(words.shown, strlen("cleared"));
	assert_int_equal(words.style, STYLE_CLEARED);
	reset_text_read(&words, "409 busy, gave up after 6 retries\x07");
	assert_string_equal(words.full, "409 busy, gave up after 6 retries^G");
	assert_int_equal(words.shown, strlen(words.full));
	assert_int_equal(words.style, STYLE_TEXT);
}

static void say_that_a_question_waits(void **state)
{
	struct reset_text words;
	struct reset_scenario run;

	scenario_line(&run, "y place run");
	reset_format(run.reset, true, run.now.ms, &words);
	assert_string_equal(words.full, "question waits");
	assert_string_equal(words.letters, "question waits");
	scenario_on(&run, "yes");
	reset_format(run.reset, true, run.now.ms, &words);
	assert_string_equal(words.full, "checking");
	scenario_over(&run);
}

static void count_down_by_the_second(void **state)
{
	int64_t due_ms;
	struct reset_scenario run;

	scenario_line(&run, TO_WAITING RETRY(2200));
	due_ms = reset_due(run.reset);
	expect_full(&run, "409 busy, again in 4s (2/6)");
	scenario_turn(&run, due_ms - 2000 - run.now.ms);
	expect_full(&run, "409 busy, again in 2s (2/6)");
	scenario_turn(&run, 1);
	expect_full(&run, "409 busy, again in 2s (2/6)");
	scenario_turn(&run, 999);
	expect_full(&run, "409 busy, again in 1s (2/6)");
	scenario_turn(&run, 5000);
	expect_full(&run, "409 busy, again in 0s (2/6)");
	scenario_over(&run);
}

static void report_what_keeps_the_database_busy(void **state)
{
	struct reset_scenario run;

	scenario_line(&run, "y place exports noted =409");
	expect_full(&run, "409 busy: action running, again in 2s (1/6)");
	scenario_over(&run);
	scenario_line(&run, "y place run yes run noted =409");
	expect_full(&run, "409 busy, again in 2s (1/6)");
	scenario_over(&run);
}

static void show_no_number_that_is_not_one(void **state)
{
	static const double odd[] = { -3, 100.5, 1e300, 0, 100, 99.99 };
	static const char *const shown[] = {
		"accepted, running now", "accepted, running now", "accepted, running now",
		"accepted, running now 0%", "accepted, running now 100%",
		"accepted, running now 99%",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(odd); i++) {
		struct bdb bdb;
		const struct bdb *at[] = { &bdb };
		struct observation observation = { .kind = OBS_LIST, .bdbs = at, .count = 1 };
		struct reset_scenario run;

		scenario_line(&run, TO_READING "+300");
		scenario_record(&bdb, "run");
		bdb.op[OP_BACKUP].percent = odd[i];
		observation.requested_ms = run.now.ms;
		scenario_observe(&run, &observation, false);
		expect_full(&run, shown[i]);
		scenario_over(&run);
	}
}

static void make_text_from_outside_safe(void **state)
{
	struct reset_scenario run;
	struct reset_text words;

	scenario_init(&run);
	run.evidence.op[OP_BACKUP].reason = "evil\x1b[2J\xff\xe2\x80\xae";
	scenario_on(&run, "y place");
	{
		struct bdb bdb = run.evidence;
		const struct bdb *at[] = { &bdb };
		struct observation observation = { .kind = OBS_ONE,
						   .bdbs = at,
						   .count = 1,
						   .uid = 7,
						   .requested_ms = run.read_ms };

		bdb.state = "\x07 beeping";
		scenario_observe(&run, &observation, true);
	}
	scenario_on(&run, "noted =409");
	expect_full(&run, "409 busy: ^G beeping, again in 2s (1/6)");
	scenario_on(&run, RETRY(2200) "x");
	scenario_over(&run);

	scenario_init(&run);
	scenario_read_find(&run.evidence, "same");
	run.evidence.op[OP_BACKUP].reason = "evil\x1b[2J\xff\xe2\x80\xae";
	scenario_on(&run, "y place");
	{
		const struct bdb *at[] = { &run.evidence };
		struct observation observation = { .kind = OBS_ONE,
						   .bdbs = at,
						   .count = 1,
						   .uid = 7,
						   .requested_ms = run.read_ms };

		scenario_observe(&run, &observation, true);
	}
	scenario_on(&run, "noted =200 list:idle");
	show(&run, &words);
	assert_string_equal(words.full, "cleared, was evil^[[2J\\xFF<U+202E>");
	assert_string_equal(words.medium, "cleared");
	scenario_over(&run);
}

static void shorter_forms_are_used_where_the_full_one_does_not_fit(void **state)
{
	struct reset_text words;
	struct reset_scenario run;

	scenario_line(&run, TO_SENT "=503:the_cluster_has_no_quorum_at_all");
	show(&run, &words);
	assert_string_equal(words.full, "503 the_cluster_has_no_quorum_at_all");
	assert_string_equal(words.medium, "503");
	scenario_over(&run);
}

static void end_at_a_whole_character_when_the_cluster_talks_on(void **state)
{
	char line[400] = TO_SENT "=403:";
	struct reset_text words;
	struct reset_scenario run;
	size_t i;

	for (i = 0; i < 70; i++)
		strcat(line, "\xc3\xa9");
	scenario_line(&run, line);
	show(&run, &words);
	assert_int_equal(text_width(words.full), (int)strlen("403 role may not reset: ") + 70);
	assert_string_equal(words.medium, "403 role may not reset");
	scenario_over(&run);
}

static void name_the_modules_that_the_database_has(void **state)
{
	static const char *const lacking[] = { "search", "graph", "other" };
	struct reset_event event = { .kind = EV_MODULES, .modules = lacking, .module_count = 3 };
	struct reset_text words;
	struct reset_scenario run;

	scenario_line(&run, TO_SENT "=406:lacking");
	scenario_event(&run, &event);
	show(&run, &words);
	assert_string_equal(words.full, "406 modules search, graph lack backup_restore");
	assert_string_equal(words.medium, "406 modules search, graph");
	assert_string_equal(words.letters, "406 module");
	scenario_over(&run);

	scenario_line(&run, TO_SENT "=406:lacking");
	event.modules += 2;
	event.module_count = 1;
	scenario_event(&run, &event);
	assert_int_equal(run.effect, DO_END);
	expect_full(&run, "406 lacking");
	scenario_over(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(have_a_style_and_two_shorter_forms_that_fit),
		cmocka_unit_test(each_word_is_a_filter),
		cmocka_unit_test(say_where_the_old_status_and_the_times_begin),
		cmocka_unit_test(on_a_line_of_their_own_begin_with_the_answer),
		cmocka_unit_test(name_an_operation_that_is_skipped_and_one_that_is_not),
		cmocka_unit_test(are_recognized_in_the_audit_log_of_an_earlier_run),
		cmocka_unit_test(say_that_a_question_waits),
		cmocka_unit_test(count_down_by_the_second),
		cmocka_unit_test(report_what_keeps_the_database_busy),
		cmocka_unit_test(show_no_number_that_is_not_one),
		cmocka_unit_test(make_text_from_outside_safe),
		cmocka_unit_test(shorter_forms_are_used_where_the_full_one_does_not_fit),
		cmocka_unit_test(end_at_a_whole_character_when_the_cluster_talks_on),
		cmocka_unit_test(name_the_modules_that_the_database_has),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return tap_run(tests);
}
