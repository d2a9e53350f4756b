#include <locale.h>

#include "bdbtop/core/array.h"
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

/* Lines with the longest texts for usual names. */
static const char *const outcomes[] = {
	"y", "y place", "y place bad", "y place bad +1000 place bad", "pictured n", "y place idle",
	"y place bad +1000 place bad +2000 place bad", "bulk y place run", "bulk y place runs",
	"bulk y place run+", "bulk y place moved", "bulk y place again", "bulk y place strange",
	"y place else", "y place gone", "y place idle+", "y x", "y asleep", "y 401", "y trust",
	"y place same unnoted", TO_SENT, TO_SENT "x", TO_SENT "=307f", TO_SENT "=307",
	TO_SENT "=401", TO_SENT "=403:you_may_not_do_this", TO_SENT "=406:some_module",
	TO_SENT "=406 modules", TO_WAITING,
	TO_WAITING RETRY(2200) RETRY(4400) RETRY(8800) "+16500 x",
	TO_WAITING RETRY(2200) RETRY(4400) RETRY(8800) RETRY(16500), GAVE_UP,
	"y place pending noted =409", TO_WAITING "+2200 place idle", TO_SENT "=0u",
	TO_SENT "=418:short_and_stout", TO_SENT "=503:no_quorum", TO_SENT "=0 over",
	TO_READING, TO_READING "x", TO_READING "401", TO_READING "trust", TO_READING "list:idle",
	TO_READING "list:idle+", TO_READING "list:run", TO_READING "list:run+",
	TO_READING "list:moved", TO_READING "list:again", TO_READING SAME_20S,
	TO_READING SAME_20S " list:idle", TO_READING SAME_20S " +299000 list:idle",
	TO_READING "list:idle list:same", TO_READING "list:else", TO_READING "+300 place gone",
	TO_READING SILENT, TO_PROBING, TO_PROBING "401", TO_PROBING "list:idle",
	TO_PROBING "list:idle+", TO_PROBING SAME_20S, TO_PROBING "list:run",
	TO_PROBING "list:moved",
	TO_PROBING "list:again", TO_PROBING "list:else", TO_PROBING "+300 place gone",
	TO_PROBING SILENT, TO_404, TO_404 "401", TO_404 "gone", TO_404 "same",
	TO_OPTIONS "known", TO_OPTIONS "unknown", TO_404 SILENT,
	TO_SENT "=503 list:else", TO_SENT "=503 " SAME_20S, TO_SENT "=503 " SILENT,
	"was:moved y place moved noted =200 +300 place moved +20000 place moved",
	"was:idle+ y place absent+ noted =200 +300 place absent+ +20000 place absent+",
	"was:strange y place strange noted =0 +300 place strange +20000 place strange",
};

static void fit_the_columns_they_are_made_for(void **state)
{
	struct reset_text words;
	struct reset_scenario run;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(outcomes); i++) {
		scenario_line(&run, outcomes[i]);
		show(&run, &words);
		if (text_width(words.medium) > 28 || text_width(words.letters) > 16 ||
		    !*words.letters || strpbrk(words.full, "{}~"))
			fail_msg("%s: `%s` | `%s` | `%s`", outcomes[i], words.full, words.medium,
				 words.letters);
		scenario_over(&run);
	}
}

static void have_a_colour_by_what_they_mean(void **state)
{
	static const struct {
		const char *line;
		enum style element;
	} colours[] = {
		{ "y", STYLE_PENDING },		{ "y place", STYLE_PENDING },
		{ TO_SENT, STYLE_PENDING },	{ TO_READING, STYLE_PENDING },
		{ TO_WAITING, STYLE_WAITING },	{ TO_PROBING, STYLE_WAITING },
		{ TO_READING SAME_20S, STYLE_WAITING },	{ TO_READING "list:idle", STYLE_CLEARED },
		{ TO_READING SAME_20S " list:idle", STYLE_CLEARED },
		{ TO_READING "list:idle list:same", STYLE_WAITING },
		{ TO_PROBING "list:idle", STYLE_WAITING },	{ GAVE_UP, STYLE_REFUSED },
		{ TO_SENT "=307", STYLE_REFUSED },		{ TO_SENT "=401", STYLE_REFUSED },
		{ TO_SENT "=403", STYLE_REFUSED },		{ TO_404 "gone", STYLE_REFUSED },
		{ TO_SENT "=406", STYLE_REFUSED },		{ TO_SENT "=418", STYLE_REFUSED },
		{ "y 401", STYLE_DANGER },			{ "y place idle", STYLE_TEXT },
	};
	struct reset_text words;
	struct reset_scenario run;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(colours); i++) {
		scenario_line(&run, colours[i].line);
		show(&run, &words);
		if (words.style != colours[i].element)
			fail_msg("%s: `%s` is %d", colours[i].line, words.full, words.style);
		scenario_over(&run);
	}
}

static void say_that_a_question_waits(void **state)
{
	struct reset_text words;
	struct reset_scenario run;

	(void)state;
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

	(void)state;
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

	(void)state;
	scenario_line(&run, "y place pending noted =409");
	expect_full(&run, "409 busy: import-pending, again in 2s (1/6)");
	scenario_over(&run);
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

	(void)state;
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

	(void)state;
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

	(void)state;
	scenario_line(&run, TO_SENT "=503:the_cluster_has_no_quorum_at_all");
	show(&run, &words);
	assert_string_equal(words.full, "503 the_cluster_has_no_quorum_at_all");
	assert_string_equal(words.medium, "503");
	scenario_over(&run);

	scenario_line(&run, "was:strange y place strange noted =200 "
			 "+300 place strange +20000 place strange");
	show(&run, &words);
	assert_string_equal(words.medium, "accepted, still pondering");
	assert_string_equal(words.letters, "still pondering");
	scenario_over(&run);
}

static void end_at_a_whole_character_when_the_cluster_talks_on(void **state)
{
	char line[400] = TO_SENT "=403:";
	struct reset_text words;
	struct reset_scenario run;
	size_t i;

	(void)state;
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

	(void)state;
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
		cmocka_unit_test(fit_the_columns_they_are_made_for),
		cmocka_unit_test(have_a_colour_by_what_they_mean),
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
