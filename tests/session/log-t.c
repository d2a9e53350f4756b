#include "bdbtop/session/log.h"

#include "tests/tap.h"

static struct cluster_event event(const char *outcome)
{
	return (struct cluster_event){ .what = NEWS_RESET,
				       .at = { .ms = 5, .wall_ms = 6 },
				       .cluster = 2,
				       .uid = 12,
				       .name = "orders-eu",
				       .kind = OP_EXPORT,
				       .ticket = 3,
				       .outcome = outcome };
}

static void keeps_what_it_is_told(void **state)
{
	struct cluster_event told = event("409 busy in 31 ms");
	struct log *log = log_new();
	const struct log_line *line;

	(void)state;
	told.answer = true;
	told.status = 409;
	told.words = "Database is busy.";
	told.took_ms = 31;
	told.asked = (struct moment){ .ms = 1, .wall_ms = 2 };
	log_add(log, &told);
	assert_int_equal(log_count(log), 1);
	line = log_at(log, 0);
	assert_int_equal(line->what, NEWS_RESET);
	assert_int_equal(line->at.wall_ms, 6);
	assert_int_equal(line->cluster, 2);
	assert_int_equal(line->uid, 12);
	assert_int_equal(line->kind, OP_EXPORT);
	assert_int_equal(line->ticket, 3);
	assert_string_equal(line->name, "orders-eu");
	assert_string_equal(line->outcome, "409 busy in 31 ms");
	assert_true(line->answer);
	assert_int_equal(line->status, 409);
	assert_string_equal(line->words, "Database is busy.");
	assert_int_equal(line->took_ms, 31);
	assert_int_equal(line->asked.wall_ms, 2);
	log_free(log);
}

static void the_newest_is_first(void **state)
{
	struct cluster_event one = event("one"), two = event("two");
	struct log *log = log_new();

	(void)state;
	assert_int_equal(log_count(log), 0);
	log_add(log, &one);
	log_add(log, &two);
	assert_string_equal(log_at(log, 0)->outcome, "two");
	assert_string_equal(log_at(log, 1)->outcome, "one");
	log_free(log);
}

static void the_oldest_gives_way(void **state)
{
	struct log *log = log_new();
	char text[20];
	int i;

	(void)state;
	for (i = 0; i < LOG_LINES + 3; i++) {
		struct cluster_event told = event(text);

		snprintf(text, sizeof(text), "%d", i);
		log_add(log, &told);
	}
	assert_int_equal(log_count(log), LOG_LINES);
	snprintf(text, sizeof(text), "%d", LOG_LINES + 2);
	assert_string_equal(log_at(log, 0)->outcome, text);
	assert_string_equal(log_at(log, LOG_LINES - 1)->outcome, "3");
	log_free(log);
}

static void what_came_from_outside_is_made_safe(void **state)
{
	struct cluster_event told = event("said \x1b[2J");
	struct log *log = log_new();

	(void)state;
	told.name = "evil\x1b[2Jname";
	told.words = "\xff";
	log_add(log, &told);
	assert_string_equal(log_at(log, 0)->name, "evil^[[2Jname");
	assert_string_equal(log_at(log, 0)->outcome, "said ^[[2J");
	assert_string_equal(log_at(log, 0)->words, "\\xFF");
	log_free(log);
}

static void long_texts_are_cut(void **state)
{
	struct log *log = log_new();
	char text[1000];
	struct cluster_event told = event(text);

	(void)state;
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	told.name = told.words = text;
	log_add(log, &told);
	assert_in_range(strlen(log_at(log, 0)->name), 70, 79);
	assert_in_range(strlen(log_at(log, 0)->outcome), 390, 399);
	assert_in_range(strlen(log_at(log, 0)->words), 150, 159);
	log_free(log);
}

static void nothing_is_borne(void **state)
{
	struct cluster_event told = { .what = NEWS_LINK };
	struct log *log = log_new();

	(void)state;
	log_add(log, &told);
	assert_string_equal(log_at(log, 0)->name, "");
	assert_string_equal(log_at(log, 0)->outcome, "");
	assert_string_equal(log_at(log, 0)->words, "");
	log_free(log);
	log_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_what_it_is_told),
		cmocka_unit_test(the_newest_is_first),
		cmocka_unit_test(the_oldest_gives_way),
		cmocka_unit_test(what_came_from_outside_is_made_safe),
		cmocka_unit_test(long_texts_are_cut),
		cmocka_unit_test(nothing_is_borne),
	};

	return tap_run(tests);
}
