/*
 * An incident on the simulated cluster: resets of many exports, then of many imports, that get
 * every kind of reply.  After each step, at three sizes: each row that needs the operator says so,
 * `n` visits these rows and no others, and the sum lines add up to what was confirmed.
 */
#include <ctype.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "bdbtop/core/array.h"
#include "tests/screen/simulated_console.h"

#define DATABASES 11

static const struct size {
	int cols, rows, rule;	/* rule: the row below the list */
} sizes[] = { { 120, 36, 22 }, { 80, 24, 17 }, { 40, 10, 7 } };

/* What the row of a database must say, one word for each size; NULL: it needs no operator. */
struct expected {
	int uid;
	const char *words[ARRAY_SIZE(sizes)];
};

/* --- the screen ------------------------------------------------------------------------------ */

static const struct size *size_now;

static int cell_count(const char *text)
{
	int cells = 0;

	for (; *text; text++)
		cells += (*text & 0xc0) != 0x80;
	return cells;
}

static bool is_laid_out(struct pty *screen, const char *unused)
{
	const char *rule = pty_row(screen, size_now->rule);

	return !strncmp(rule, "─", strlen("─")) && cell_count(rule) == size_now->cols - 1;
}

static void resize_to(const struct size *size)
{
	struct winsize to = { .ws_col = (unsigned short)size->cols,
			      .ws_row = (unsigned short)size->rows };

	size_now = size;
	pty.cols = size->cols;
	pty.rows = size->rows;
	vterm_set_size(pty.vterm, size->rows, size->cols);
	assert_int_equal(ioctl(pty.master, TIOCSWINSZ, &to), 0);
	pty_await_that(&pty, is_laid_out, "the rule below the list");
}

/* The row of the screen with the cursor, or -1 while a frame is drawn: a complete one parks the
 * terminal's cursor there.  *uid is its database. */
static int cursor_row(struct pty *screen, int *uid)
{
	const VTermPos parked = pty_cursor(screen);
	const char *text = pty_row(screen, parked.row), *id = strstr(text, "db:");

	if (parked.col || text[0] != '>' || !id)
		return -1;
	*uid = atoi(id + 3);
	return parked.row;
}

static int left_uid;

static bool cursor_left(struct pty *screen, const char *unused)
{
	int uid;

	return cursor_row(screen, &uid) >= 0 && uid != left_uid;
}

static bool cursor_is_at_top(struct pty *screen, const char *unused)
{
	int uid;

	return cursor_row(screen, &uid) >= 0 && uid == 1;
}

static bool cursor_row_has(struct pty *screen, const char *words)
{
	int uid, row = cursor_row(screen, &uid);

	return row >= 0 && strstr(pty_row(screen, row), words);
}

/* Presses a key that moves the cursor to another database; returns which. */
static int press_and_move(const char *key)
{
	int uid = 0;

	left_uid = 0;
	pty_await_that(&pty, cursor_left, "the cursor");
	cursor_row(&pty, &left_uid);
	pty_send(&pty, key);
	pty_await_that(&pty, cursor_left, key);
	cursor_row(&pty, &uid);
	return uid;
}

static void go_to_top(void)
{
	pty_send(&pty, "g");
	pty_await_that(&pty, cursor_is_at_top, "db:1");
}

/* --- checks ---------------------------------------------------------------------------------- */

static const char *expected_words(const struct expected *expected, int uid)
{
	for (; expected->uid; expected++)
		if (expected->uid == uid)
			return expected->words[size_now - sizes];
	return NULL;
}

static void each_row_says_so(const struct expected *expected)
{
	int i, uid = 1;

	go_to_top();
	for (i = 1; i <= DATABASES; i++) {
		const char *words = expected_words(expected, uid);

		if (words)
			pty_await_that(&pty, cursor_row_has, words);
		if (i < DATABASES)
			uid = press_and_move("j");
	}
}

static void n_visits_exactly_these(const struct expected *expected)
{
	bool visited[DATABASES + 1] = { false };
	size_t i, count = 0;

	for (i = 0; expected[i].uid; i++)
		count++;
	pty_send(&pty, "G");
	for (i = 0; i < count; i++) {
		int uid = press_and_move("n");

		if (visited[uid] || !expected_words(expected, uid))
			fail_msg("n went to db:%d:\n%s", uid, pty_text(&pty));
		visited[uid] = true;
	}
	/* once more: it begins again with the first */
	assert_true(visited[press_and_move("n")]);
}

/* Adds up the outcomes of a sum line: numbers before words, up to the first wide gap. */
static int sum_of_outcomes(const char *text)
{
	const char *end = strstr(text, "   ");
	int sum = 0;

	/* + is before the number of other sums */
	while (*text && *text != '+' && (!end || text < end)) {
		if (isdigit((unsigned char)*text))
			sum += (int)strtol(text, (char **)(uintptr_t)&text, 10);
		else
			text++;
	}
	return sum;
}

/* The text of a sum line from the number on that the user confirmed; NULL: there is none. */
static const char *find_sum(const char *name, char key)
{
	char long_form[40], short_form[20];
	int row;

	snprintf(long_form, sizeof(long_form), " %s reset of ", name);
	snprintf(short_form, sizeof(short_form), " %c of ", key);
	for (row = 2; row < pty.rows; row++) {
		const char *text = pty_row(&pty, row);

		if (!strncmp(text, long_form, strlen(long_form)))
			return text + strlen(long_form);
		if (!strncmp(text, short_form, strlen(short_form)))
			return text + strlen(short_form);
	}
	return NULL;
}

static void sum_line_adds_up(const char *name, int confirmed)
{
	char *after = NULL;
	const char *text = find_sum(name, name[0]);

	if (!text)
		fail_msg("no sum line of the %s resets:\n%s", name, pty_text(&pty));
	assert_int_equal(strtol(text, &after, 10), confirmed);
	if (sum_of_outcomes(after) != confirmed)
		fail_msg("the line does not add up to %d:\n%s", confirmed, pty_text(&pty));
}

static void check(const struct expected *expected, int exports, int imports)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		resize_to(&sizes[i]);
		if (exports)
			sum_line_adds_up("export", exports);
		if (imports)
			sum_line_adds_up("import", imports);
		each_row_says_so(expected);
		n_visits_exactly_these(expected);
		go_to_top();
	}
	resize_to(&sizes[0]);
}

/* --- the incident ---------------------------------------------------------------------------- */

static void start(void)
{
	static const char *const words[] = { "--interval=1", NULL };
	static const struct pty_setup setup = { .cols = 120, .rows = 36, .words = words };
	static char scenario[4096];
	static const char *const options[] = { "--clock=running", scenario, NULL };
	const char *source = getenv("SRCDIR");

	snprintf(scenario, sizeof(scenario), "--scenario=%s/tests/screen/incident.json",
		 source ? source : ".");
	simulated_open(&sim, options);
	pty_start(&pty, &setup);
	pty_await(&pty, " 10 failed ");
	size_now = &sizes[0];
}

#define EXPORTS_THAT_NEED_THE_OPERATOR                                                             \
	{ 2, { "accepted, still failed", "still failed", "still failed" } },                       \
	{ 3, { "403 role may not reset", "403 role", "403 role" } },                               \
	{ 4, { "404 gone", "404 gone", "404 gone" } },                                             \
	{ 5, { "406", "406", "406" } },                                                            \
	{ 7, { "no answer", "no answer", "no answer" } }
#define IMPORTS_THAT_NEED_THE_OPERATOR                                                             \
	{ 9, { "accepted, still failed", "still failed", "still failed" } },                       \
	{ 10, { "403 role may not reset", "403 role", "403 role" } }
#define FAILED(uid, reason)                                                                        \
	{ uid, { reason, reason, reason } }

/* Nothing was sent yet: the failures themselves. */
static const struct expected before[] = {
	FAILED(1, "export no-perm"),   FAILED(2, "no-permission"),   FAILED(3, "no-permission"),
	FAILED(4, "no-permission"),    FAILED(5, "no-permission"),   FAILED(6, "no-permission"),
	FAILED(7, "no-permission"),    FAILED(8, "wrong-file-path"), FAILED(9, "wrong-file-path"),
	FAILED(10, "wrong-file-path"), { 0 },
};

static const struct expected after_exports[] = { EXPORTS_THAT_NEED_THE_OPERATOR, { 0 } };

static const struct expected after_imports[] = { EXPORTS_THAT_NEED_THE_OPERATOR,
						 IMPORTS_THAT_NEED_THE_OPERATOR,
						 { 0 } };

static const struct expected at_the_end[] = {
	EXPORTS_THAT_NEED_THE_OPERATOR,
	IMPORTS_THAT_NEED_THE_OPERATOR,
	{ 6, { "409 busy, gave up", "409 gave up", "409 gave up" } },
	{ 0 },
};

static void reset_all_that_failed(const char *key)
{
	/* a cleared row has lost its mark; * marks all unless all are marked */
	pty_send(&pty, "*");
	pty_await(&pty, ">*  db:1 ");
	pty_send(&pty, key);
	pty_confirm(&pty);
}

static void nothing_that_needs_the_operator_is_hidden(void **state)
{
	start();
	check(before, 0, 0);
	reset_all_that_failed("e");
	pty_await(&pty, "accepted, still failed after 20s");
	pty_await_not(&pty, " under way");
	pty_await(&pty, "409 busy, again in ");
	check(after_exports, 7, 0);
	reset_all_that_failed("i");
	pty_await(&pty, "import reset of 4: 2 cleared, 1 unchanged, 1 refused");
	check(after_imports, 7, 4);
	pty_await(&pty, "409 busy, gave up");
	check(at_the_end, 7, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(nothing_that_needs_the_operator_is_hidden, close_both),
	};

	return tap_run_within(240, tests);
}
