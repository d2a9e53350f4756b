#include "bdbtop/core/array.h"
#include "bdbtop/session/log.h"

#include "tests/tap.h"

static struct cluster_event make_event(const char *outcome)
{
	return (struct cluster_event){ .event_kind = CLUSTER_EVENT_RESET,
				       .at = { .ms = 5, .wall_ms = 6 },
				       .cluster = 2,
				       .uid = 12,
				       .name = "orders-eu",
				       .kind = OP_EXPORT,
				       .reset_id = 3,
				       .outcome = outcome };
}

static void keeps_what_is_added(void **state)
{
	struct cluster_event event = make_event("409 busy in 31 ms");
	struct log *log = log_new();
	const struct log_line *line;

	event.is_answer = true;
	event.status = 409;
	event.message = "Database is busy.";
	event.took_ms = 31;
	event.question_at = (struct moment){ .ms = 1, .wall_ms = 2 };
	log_add(log, &event);
	assert_int_equal(log_count(log), 1);
	line = log_at(log, 0);
	assert_int_equal(line->event_kind, CLUSTER_EVENT_RESET);
	assert_int_equal(line->at.wall_ms, 6);
	assert_int_equal(line->cluster, 2);
	assert_int_equal(line->uid, 12);
	assert_int_equal(line->kind, OP_EXPORT);
	assert_int_equal(line->reset_id, 3);
	assert_string_equal(line->name, "orders-eu");
	assert_string_equal(line->outcome, "409 busy in 31 ms");
	assert_true(line->is_answer);
	assert_int_equal(line->status, 409);
	assert_string_equal(line->message, "Database is busy.");
	assert_int_equal(line->took_ms, 31);
	assert_int_equal(line->question_at.wall_ms, 2);
	log_free(log);
}

static void the_newest_is_first(void **state)
{
	struct cluster_event one = make_event("one"), two = make_event("two");
	struct log *log = log_new();

	assert_int_equal(log_count(log), 0);
	log_add(log, &one);
	log_add(log, &two);
	assert_string_equal(log_at(log, 0)->outcome, "two");
	assert_string_equal(log_at(log, 1)->outcome, "one");
	log_free(log);
}

static void the_oldest_line_is_dropped(void **state)
{
	struct log *log = log_new();
	char text[20];
	int i;

	for (i = 0; i < LOG_LINES + 3; i++) {
		struct cluster_event event = make_event(text);

		snprintf(text, sizeof(text), "%d", i);
		log_add(log, &event);
	}
	assert_int_equal(log_count(log), LOG_LINES);
	snprintf(text, sizeof(text), "%d", LOG_LINES + 2);
	assert_string_equal(log_at(log, 0)->outcome, text);
	assert_string_equal(log_at(log, LOG_LINES - 1)->outcome, "3");
	log_free(log);
}

static void what_came_from_outside_is_made_safe(void **state)
{
	struct cluster_event event = make_event("said \x1b[2J");
	struct log *log = log_new();

	event.name = "evil\x1b[2Jname";
	event.message = "\xff";
	log_add(log, &event);
	assert_string_equal(log_at(log, 0)->name, "evil^[[2Jname");
	assert_string_equal(log_at(log, 0)->outcome, "said ^[[2J");
	assert_string_equal(log_at(log, 0)->message, "\\xFF");
	log_free(log);
}

static void long_texts_are_cut(void **state)
{
	struct log *log = log_new();
	char text[1000];
	struct cluster_event event = make_event(text);

	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	event.name = event.message = text;
	log_add(log, &event);
	assert_in_range(strlen(log_at(log, 0)->name), 70, 79);
	assert_in_range(strlen(log_at(log, 0)->outcome), 390, 399);
	assert_in_range(strlen(log_at(log, 0)->message), 150, 159);
	log_free(log);
}

/* A transition of a database. */
static struct cluster_event transition(int64_t uid, const char *name, enum transition_kind word,
				       const char *outcome)
{
	return (struct cluster_event){ .event_kind = CLUSTER_EVENT_TRANSITION,
				       .uid = uid,
				       .name = name,
				       .kind = OP_IMPORT,
				       .transition = word,
				       .outcome = outcome };
}

static struct log *filled(void)
{
	struct cluster_event event[] = {
		make_event("was failed"),
		transition(7, "sessions", TRANSITION_STALLED, "stalled at 42%"),
		transition(9, "new-one", TRANSITION_NEW, "new"),
		{ .event_kind = CLUSTER_EVENT_CONNECTION, .outcome = "first answer" },
	};
	struct log *log = log_new();
	size_t i;

	for (i = 0; i < ARRAY_SIZE(event); i++)
		log_add(log, &event[i]);
	return log;
}

static size_t rows_with(struct log *log, const char *expression)
{
	log_filter(log, expression);
	assert_string_equal(log_expression(log), expression);
	return log_rows(log);
}

static void a_line_is_found_by_all_that_it_says(void **state)
{
	struct log *log = filled();

	assert_int_equal(rows_with(log, ""), 4);
	assert_int_equal(rows_with(log, "seen"), 2);
	assert_int_equal(rows_with(log, "reset"), 1);
	assert_int_equal(rows_with(log, "link"), 1);
	assert_int_equal(rows_with(log, "db:7"), 1);
	assert_int_equal(rows_with(log, "SESSIONS"), 1);
	assert_int_equal(rows_with(log, "42%"), 1);
	assert_int_equal(rows_with(log, "import"), 1);
	assert_int_equal(rows_with(log, "seen stalled"), 1);
	assert_int_equal(rows_with(log, "seen first"), 0);
	log_free(log);
}

static void what_it_does_not_say_is_not_found_in_it(void **state)
{
	struct log *log = filled();

	/* connection events have no database; appearing and disappearing has no operation */
	assert_int_equal(rows_with(log, "db:0"), 0);
	assert_int_equal(rows_with(log, "new import"), 0);
	assert_int_equal(rows_with(log, "first backup"), 0);
	log_free(log);
}

static void a_word_with_a_bang_must_not_be_there(void **state)
{
	struct log *log = filled();

	assert_int_equal(rows_with(log, "!seen"), 2);
	assert_int_equal(rows_with(log, "seen !new"), 1);
	assert_string_equal(log_row(log, 0)->outcome, "stalled at 42%");
	assert_int_equal(rows_with(log, "!"), 4);
	assert_int_equal(rows_with(log, "  "), 4);
	log_free(log);
}

static void rows_are_the_newest_first_and_lines_stay_whole(void **state)
{
	struct cluster_event more = transition(8, "x", TRANSITION_FAILED, "failed, y");
	struct log *log = filled();

	assert_int_equal(rows_with(log, "seen"), 2);
	assert_string_equal(log_row(log, 0)->outcome, "new");
	assert_string_equal(log_row(log, 1)->outcome, "stalled at 42%");
	log_add(log, &more);
	assert_int_equal(log_rows(log), 3);
	assert_string_equal(log_row(log, 0)->outcome, "failed, y");
	assert_int_equal(log_count(log), 5);
	assert_string_equal(log_at(log, 1)->outcome, "first answer");
	log_free(log);
}

static void a_dropped_line_has_no_row(void **state)
{
	struct log *log = filled();
	int i;

	assert_int_equal(rows_with(log, "seen"), 2);
	for (i = 0; i < LOG_LINES - 3; i++) {
		struct cluster_event other = make_event("x");

		log_add(log, &other);
	}
	assert_int_equal(log_rows(log), 2);
	for (i = 0; i < 2; i++) {
		struct cluster_event other = make_event("x");

		log_add(log, &other);
	}
	assert_int_equal(log_rows(log), 0);
	assert_int_equal(rows_with(log, ""), LOG_LINES);
	log_free(log);
}

static void a_transition_without_text_has_its_own_word(void **state)
{
	struct cluster_event event = transition(7, "x", TRANSITION_RECOVERED, NULL);
	struct log *log = log_new();

	log_add(log, &event);
	assert_string_equal(log_at(log, 0)->outcome, "recovered");
	assert_int_equal(log_at(log, 0)->transition, TRANSITION_RECOVERED);
	log_free(log);
}

static void too_long_a_filter_is_cut(void **state)
{
	char long_one[LOG_FILTER + 50];
	struct log *log = log_new();

	memset(long_one, 'a', sizeof(long_one) - 1);
	long_one[sizeof(long_one) - 1] = '\0';
	log_filter(log, long_one);
	assert_int_equal(strlen(log_expression(log)), LOG_FILTER - 1);
	log_free(log);
}

/* The reset ended with these words. */
static void end_with(struct log *log, struct cluster_event event, const char *outcome,
		     enum style style)
{
	const struct reset_text words = { .shown = strlen(outcome), .brief = strlen(outcome) };

	event.outcome = outcome;
	event.end = &words;
	event.style = style;
	event.at.wall_ms = 60;
	log_add(log, &event);
}

static void answer_with(struct log *log, struct cluster_event event, unsigned status,
			const char *outcome)
{
	event.outcome = outcome;
	event.is_answer = true;
	event.status = status;
	event.message = "Said so.";
	event.took_ms = 31;
	log_add(log, &event);
}

static void the_resets_of_a_bulk_have_one_line_each(void **state)
{
	struct cluster_event event = make_event("was failed"), other = make_event("was failed");
	struct log *log = log_new();
	const struct log_line *line;

	event.bulk = other.bulk = true;
	other.reset_id = 4;
	assert_int_equal(log_add(log, &event), LOG_NO_ROW);
	assert_int_equal(log_add(log, &other), LOG_NO_ROW);
	answer_with(log, event, 200, "200 accepted in 31 ms");
	end_with(log, event, "cleared", STYLE_CLEARED);
	assert_int_equal(log_count(log), 2);
	assert_int_equal(log_rows(log), 2);
	assert_int_equal(log_at(log, 1)->reset_id, 4);
	/* what the call shown below the log and the summary read */
	line = log_at(log, 0);
	assert_string_equal(line->outcome, "cleared");
	assert_int_equal(line->style, STYLE_CLEARED);
	assert_true(line->is_answer);
	assert_int_equal(line->status, 200);
	assert_string_equal(line->message, "Said so.");
	assert_int_equal(line->took_ms, 31);
	assert_int_equal(line->first_at.wall_ms, 6);
	assert_int_equal(line->at.wall_ms, 60);
	log_filter(log, "was");
	assert_int_equal(log_add(log, &other), 0);
	log_free(log);
}

static void an_end_that_repeats_the_answer_replaces_it(void **state)
{
	struct cluster_event event = make_event("was failed");
	struct log *log = log_new();

	log_add(log, &event);
	answer_with(log, event, 403, "403 in 31 ms");
	end_with(log, event, "403 role may not reset", STYLE_REFUSED);
	assert_int_equal(log_count(log), 2);
	assert_string_equal(log_at(log, 0)->outcome, "403 role may not reset");
	assert_int_equal(log_at(log, 0)->took_ms, 31);
	assert_string_equal(log_at(log, 1)->outcome, "was failed");
	event.reset_id = 9;
	answer_with(log, event, 200, "200 accepted in 31 ms");
	end_with(log, event, "cleared", STYLE_CLEARED);
	assert_int_equal(log_count(log), 4);
	/* another reset, and the same number at another cluster */
	event.cluster = 7;
	end_with(log, event, "200", STYLE_TEXT);
	assert_int_equal(log_count(log), 5);
	log_free(log);
}

static void a_full_log_replaces_its_oldest_line(void **state)
{
	struct cluster_event event = make_event("was failed"), other = make_event("x");
	struct log *log = log_new();
	int i;

	event.bulk = true;
	log_add(log, &event);
	for (i = 1; i < LOG_LINES; i++) {
		other.reset_id = 100 + (unsigned)i;
		log_add(log, &other);
	}
	assert_int_equal(log_add(log, &event), LOG_LINES - 1);
	assert_int_equal(log_count(log), LOG_LINES);
	assert_int_equal(log_rows(log), LOG_LINES);
	assert_int_equal(log_at(log, 0)->reset_id, 3);
	assert_int_equal(log_at(log, LOG_LINES - 1)->reset_id, 101);
	log_free(log);
}

static void accepts_null(void **state)
{
	struct cluster_event event = { .event_kind = CLUSTER_EVENT_CONNECTION };
	struct log *log = log_new();

	log_add(log, &event);
	assert_string_equal(log_at(log, 0)->name, "");
	assert_string_equal(log_at(log, 0)->outcome, "");
	assert_string_equal(log_at(log, 0)->message, "");
	log_free(log);
	log_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_what_is_added),
		cmocka_unit_test(the_newest_is_first),
		cmocka_unit_test(the_oldest_line_is_dropped),
		cmocka_unit_test(what_came_from_outside_is_made_safe),
		cmocka_unit_test(long_texts_are_cut),
		cmocka_unit_test(a_line_is_found_by_all_that_it_says),
		cmocka_unit_test(what_it_does_not_say_is_not_found_in_it),
		cmocka_unit_test(a_word_with_a_bang_must_not_be_there),
		cmocka_unit_test(rows_are_the_newest_first_and_lines_stay_whole),
		cmocka_unit_test(a_dropped_line_has_no_row),
		cmocka_unit_test(a_transition_without_text_has_its_own_word),
		cmocka_unit_test(too_long_a_filter_is_cut),
		cmocka_unit_test(the_resets_of_a_bulk_have_one_line_each),
		cmocka_unit_test(an_end_that_repeats_the_answer_replaces_it),
		cmocka_unit_test(a_full_log_replaces_its_oldest_line),
		cmocka_unit_test(accepts_null),
	};

	return tap_run(tests);
}
