/*
 * Hostile text in every string that a cluster sends: what bdbtop writes to a terminal, in every
 * format and on every screen, has no byte that acts on it, and no row or field more.
 */
#include <unistd.h>

#include "bdbtop/core/array.h"
#include "tests/screen/hostile.h"
#include "tests/screen/raw_stream.h"

#define N HOSTILE_TEXTS

/* --- what is printed ------------------------------------------------------------------------- */

static int count_lines(const char *text, const char *prefix)
{
	int count = 0;

	for (; text && *text; text = strchr(text, '\n'), text += text != NULL)
		count += !strncmp(text + strspn(text, " "), prefix, strlen(prefix));
	return count;
}

/* A command whose output is a terminal; the text of each database is in it. */
static const char *on_terminal(const char *const *words)
{
	const char *text = hostile_on_terminal(words);

	assert_non_null(strstr(text, "HOSTILE"));
	return text;
}

static void a_terminal_gets_text_and_a_line_for_each_database(void **state)
{
	static const struct {
		const char *option, *prefix;
		int lines;
	} rows[] = {
		{ "--format=table", "db:", N },
		{ "--by=cause", "db:", 0 },
		{ "--format=jsonl", "{\"schema\":\"bdbtop.database\"", N },
		{ "--format=csv", "", N + 1 },
		{ "--format=tsv", "", N + 1 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		int lines = count_lines(on_terminal(WORDS("list", rows[i].option)), rows[i].prefix);

		if (lines != rows[i].lines)
			fail_msg("%s: %d lines", rows[i].option, lines);
	}
	on_terminal(WORDS("list", "--by=cause"));
	on_terminal(WORDS("list", "--format=json"));
	on_terminal(WORDS("list", "--format=prometheus"));
	on_terminal(WORDS("check", "-vvv"));
}

static void resets_and_their_history_are_text_too(void **state)
{
	(void)state;
	hostile_refuse_resets();
	assert_int_equal(
		count_lines(on_terminal(WORDS("reset", "backup", "--all-failed", "--yes")), "db:"),
		N);
	on_terminal(WORDS("reset", "backup", "--all-failed", "--yes", "--format=jsonl"));
	on_terminal(WORDS("history"));
	on_terminal(WORDS("history", "--format=json"));
	on_terminal(WORDS("history", "--format=csv"));
}

/* --- what programs read ---------------------------------------------------------------------- */

static const char *to_a_pipe(const char *const *words)
{
	const char *out = hostile_to_pipe(words);

	assert_string_equal(hostile.ran.err, "");
	return out;
}

/* Reads one field of RFC 4180; the character behind it. */
static const char *skip_field(const char *at)
{
	if (*at != '"')
		return at + strcspn(at, ",\r\n");
	for (at++; *at && (*at != '"' || at[1] == '"'); at++)
		at += *at == '"';
	return *at ? at + 1 : at;
}

static void csv_has_the_same_fields_in_each_record_and_no_formula(void **state)
{
	const char *at = to_a_pipe(WORDS("list", "--format=csv", "--excel"));
	int fields = 0, first = 0, records = 0;

	(void)state;
	while (*at) {
		if (*at == '"')
			assert_true(!at[1] || !strchr("=+-@\t\r", at[1]));
		else
			assert_null(strchr("=+-@\t", *at));
		at = skip_field(at);
		fields++;
		if (*at == ',') {
			at++;
			continue;
		}
		assert_memory_equal(at, "\r\n", 2);
		first = records++ ? first : fields;
		assert_int_equal(fields, first);
		fields = 0;
		at += 2;
	}
	assert_int_equal(records, N + 1);
}

static void tsv_has_the_same_fields_in_each_line(void **state)
{
	const char *at = to_a_pipe(WORDS("list", "--format=tsv"));
	int tabs = 0, first = -1, lines = 0;

	(void)state;
	for (; *at; at++) {
		tabs += *at == '\t';
		assert_true(*at != '\r');
		if (*at != '\n')
			continue;
		first = first < 0 ? tabs : first;
		assert_int_equal(tabs, first);
		tabs = 0;
		lines++;
	}
	assert_int_equal(lines, N + 1);
}

/* NAME{LABEL="...",...} NUMBER, where \\, \" and \n are the escapes. */
static void is_sample(const char *line, size_t length)
{
	const char *end = line + length, *at = line + strspn(line, "abcdefghijklmnopqrstuvwxyz_");
	bool quoted = false;

	assert_int_equal(*at, '{');
	for (at++; at < end && (quoted || *at != '}'); at++) {
		if (quoted && *at == '\\')
			assert_non_null(strchr("\\\"n", *++at));
		else if (*at == '"')
			quoted = !quoted;
	}
	assert_memory_equal(at, "} ", 2);
	at += 2;
	assert_int_equal(at + strspn(at, "0123456789.e+-"), end);
}

static void metrics_are_samples_and_comments(void **state)
{
	const char *at = to_a_pipe(WORDS("list", "--format=prometheus"));
	size_t length, samples = 0;

	(void)state;
	for (; *at; at += length + 1) {
		length = strcspn(at, "\n");
		if (*at == '#')
			continue;
		assert_memory_equal(at, "bdbtop_", 7);
		is_sample(at, length);
		samples++;
	}
	assert_true(samples > (size_t)N);
}

/* A pipe may lead to a pager. */
static void text_is_safe_in_a_pipe_too(void **state)
{
	(void)state;
	hostile_refuse_resets();
	hostile_judge("json", to_a_pipe(WORDS("list", "--format=json")));
	hostile_judge("jsonl", to_a_pipe(WORDS("list", "--format=jsonl")));
	hostile_judge("table", to_a_pipe(WORDS("list")));
	hostile_judge("causes", to_a_pipe(WORDS("list", "--by=cause")));
	hostile_judge("check", to_a_pipe(WORDS("check", "-vvv")));
	hostile_judge("reset", to_a_pipe(WORDS("reset", "backup", "--all-failed", "--yes")));
	hostile_judge("reset", to_a_pipe(WORDS("reset", "backup", "--all-failed", "--yes",
					       "--format=jsonl")));
	hostile_judge("history", to_a_pipe(WORDS("history")));
	hostile_judge("history", to_a_pipe(WORDS("history", "--format=json")));
}

/* --- the console ----------------------------------------------------------------------------- */

#define CONSOLE WORDS("--interval=3600", "--sort=db")

/* Presses a key, and waits until the screen has both words. */
static void press(const char *key, const char *words, const char *more)
{
	pty_send(&hostile.pty, key);
	pty_await(&hostile.pty, words);
	pty_await(&hostile.pty, more);
	hostile_count_screen();
}

/* Closes what is open; the footer of the list follows. */
static void close_with(const char *key)
{
	pty_send(&hostile.pty, key);
	pty_await(&hostile.pty, "s sort");
}

static void open_console(const char *what)
{
	hostile_start(what, false, CONSOLE);
	pty_await(&hostile.pty, "db:24 ");
}

static void each_database_can_be_opened(void **state)
{
	static const char *const sections[] = { "SHARDS", "EVENTS", "ALERTS", "ACTIONS",
						"SENT FROM HERE" };
	char title[20];
	size_t seen[ARRAY_SIZE(sections)] = { 0 }, j;
	int i;

	(void)state;
	open_console("detail");
	pty_send(&hostile.pty, "\r");
	for (i = 0; i < N; i++) {
		snprintf(title, sizeof(title), "\342\224\202 db:%d ", i + 1);
		pty_await(&hostile.pty, title);
		pty_await(&hostile.pty, "on since");
		for (j = 0; j < ARRAY_SIZE(sections); j++)
			seen[j] += pty_shows(&hostile.pty, sections[j]);
		press("\033[6~", "SENT FROM HERE", "SHARDS");
		for (j = 0; j < ARRAY_SIZE(sections); j++)
			seen[j] += pty_shows(&hostile.pty, sections[j]);
		pty_send(&hostile.pty, "j");
	}
	pty_close(&hostile.pty);
	for (j = 0; j < ARRAY_SIZE(sections); j++)
		assert_true(seen[j] >= N);
}

static void each_page_is_text(void **state)
{
	static const struct {
		const char *key, *words, *close;
	} pages[] = {
		{ "y", "copy again", "\033" }, { "Y", "copy again", "\033" },
		{ "c", "NEXT STEP", "c" },     { "/HOSTILE", "esc", "\033" },
		{ "l", "HOSTILE", "\033" },
	};
	size_t i;

	(void)state;
	open_console("pages");
	for (i = 0; i < ARRAY_SIZE(pages); i++) {
		press(pages[i].key, pages[i].words, "HOSTILE");
		close_with(pages[i].close);
	}
	pty_close(&hostile.pty);
}

static void each_question_is_text(void **state)
{
	int i;

	(void)state;
	open_console("questions");
	for (i = 0; i < N; i += 3) {
		press("b", "Reset the backup status", "HOSTILE");
		close_with("\033");
		pty_send(&hostile.pty, "jjj");
	}
	pty_send(&hostile.pty, "g j j");
	pty_await(&hostile.pty, "2 marked");
	press("b", "[y/N]", "HOSTILE");
	close_with("\033");
	pty_send(&hostile.pty, "*");
	pty_await(&hostile.pty, "24 marked");
	press("b", "Type 24", "HOSTILE");
	close_with("\033");
	pty_close(&hostile.pty);
}

/* Writes what is shown to a file; it must be as safe as what is printed. */
static void write_to_file(const char *name)
{
	char path[200], notice[240], *text;

	snprintf(path, sizeof(path), "%s/bdbtop/%s", hostile.dir.state, name);
	pty_send(&hostile.pty, "w");
	pty_await(&hostile.pty, "esc");
	pty_send(&hostile.pty, path);
	pty_send(&hostile.pty, "\r");

	snprintf(notice, sizeof(notice), "written to %s", path);
	pty_await(&hostile.pty, notice);
	text = temp_dir_read(path);
	assert_non_null(strstr(text, "HOSTILE"));
	hostile_judge(name, text);
	free(text);
	hostile_count_screen();
}

static void a_reset_its_log_its_files_and_the_report_are_text(void **state)
{
	char *log;

	(void)state;
	hostile_refuse_resets();
	open_console("reset");
	press("b", "Reset the backup status", "HOSTILE");
	pty_confirm(&hostile.pty);
	pty_await(&hostile.pty, " 406 ");
	write_to_file("list.txt");
	write_to_file("list.json");
	press("l", "406", "HOSTILE");
	write_to_file("log.txt");
	close_with("\033");
	pty_forget_bytes(&hostile.pty);
	pty_send(&hostile.pty, "q");
	pty_wait(&hostile.pty);
	assert_true(pty_got(&hostile.pty, "406"));
	assert_true(pty_got(&hostile.pty, "HOSTILE"));
	hostile_count_screen();
	pty_close(&hostile.pty);
	log = temp_dir_read(hostile.dir.path);
	assert_non_null(strstr(log, "HOSTILE"));
	hostile_judge("audit log", log);
	free(log);
}

/* --- other locales --------------------------------------------------------------------------- */

static void a_locale_without_utf_8_gets_ascii(void **state)
{
	static const char *const formats[] = { "--format=table",     "--by=cause",
					       "--format=json",	     "--format=jsonl",
					       "--format=csv",	     "--format=tsv",
					       "--format=prometheus" };
	size_t i;

	(void)state;
	hostile.locale = "C";
	for (i = 0; i < ARRAY_SIZE(formats); i++)
		on_terminal(WORDS("list", formats[i]));
	on_terminal(WORDS("check", "-vvv"));
	hostile_start("console", false, CONSOLE);
	pty_await(&hostile.pty, "db:24 ");
	press("\r", "SHARDS", "HOSTILE");
	pty_close(&hostile.pty);
}

/* --- the judge ------------------------------------------------------------------------------- */

static const char *judged(const char *bytes, bool plain)
{
	struct raw_stream stream = { .plain = plain };
	const char *wrong = NULL;

	/* in pieces, as they come from a terminal */
	for (; *bytes && !wrong; bytes++)
		wrong = raw_stream_read(&stream, bytes, 1);
	return wrong;
}

static void the_judge_sees_each_byte_that_acts(void **state)
{
	static const char *const never[] = {
		"\033c",   "\033[6n",	     "\033[7;7777H",	 "\033]0;x\a", "\033]8;;x\a",
		"\033P+q", "\033]52;c;\033", "\033[?1000h",	 "\007",       "\016",
		"\177",	   "\302\233",	     "\342\200\256",	 "\302\255",   "\233",
		"\303(",   "\355\240\200",   "\360\200\200\200", "\005",
	};
	static const char frame[] = "\033[?1049h\033[22;0;0t\033[1;24r\033(B\033[m\033[4l\033[?7h"
				    "\033]2;bdbtop x\a\033]52;c;Iyxx\a\033[2;5HZ\303\274rich\r\n";
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(never); i++)
		if (!judged(never[i], true) || !judged(never[i], false))
			fail_msg("%zu", i);
	for (i = 0; i < 5; i++)
		assert_non_null(judged(hostile_bytes((int)i), false));
	assert_null(judged(frame, false));
	assert_non_null(judged(frame, true));
	assert_null(judged("Z\303\274rich\t\346\227\245\r\n", true));
}

static int set_up(void **state)
{
	if (hostile_set_up(state) < 0)
		return -1;
	hostile_answer_all();
	return 0;
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, hostile_tear_down)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_judge_sees_each_byte_that_acts),
		TEST(a_terminal_gets_text_and_a_line_for_each_database),
		TEST(resets_and_their_history_are_text_too),
		TEST(csv_has_the_same_fields_in_each_record_and_no_formula),
		TEST(tsv_has_the_same_fields_in_each_line),
		TEST(metrics_are_samples_and_comments),
		TEST(text_is_safe_in_a_pipe_too),
		TEST(each_database_can_be_opened),
		TEST(each_page_is_text),
		TEST(each_question_is_text),
		TEST(a_reset_its_log_its_files_and_the_report_are_text),
		TEST(a_locale_without_utf_8_gets_ascii),
	};

	return hostile_report(tap_run(tests));
}
