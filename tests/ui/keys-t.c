/*
 * The footer: which keys it has at each width, and which of them it highlights; and the reply to an
 * unknown key.
 */
#include "bdbtop/core/array.h"
#include "tests/ui/frame_fixture.h"

static const char *const cluster[] = {
	"latency 38",
	"bdb 12 name=orders-eu backup=failed:no-permission backup.last=2026-11-18T16:02:11Z",
	"bdb 44 name=ledger backup=succeeded backup.last=2026-11-21T15:02:40Z "
	"export=failed:wrong-file-path",
	"bdb 7 name=sessions backup=exporting backup.percent=42 backup.last=2026-11-21T10:00:00Z",
	"bdb 21 name=invoices backup=succeeded backup.last=2026-11-21T15:10:00Z every=3600",
	"bdb 13 name=stock backup=failed backup.last=2026-11-21T18:00:00Z",
	"bdb 59 name=accounts backup=succeeded backup.last=2026-11-21T17:00:00Z",
	NULL,
};

static int open_stage(void **state)
{
	frame_open(cluster);
	return 0;
}

static const char *footer(void)
{
	return row(canvas.rows - 1);
}

/* The column of a key in the footer, where a blank is on both sides; -1: it is not there. */
static int key_at(char key)
{
	const char *line = footer();
	size_t i;

	for (i = 1; line[i]; i++)
		if (line[i] == key && line[i - 1] == ' ' && line[i + 1] == ' ')
			return (int)i;
	return -1;
}

static enum style style_of(char key)
{
	int at = key_at(key);

	if (at < 0)
		fail_msg("no key %c in \"%s\"", key, footer());
	return canvas.cells[(canvas.rows - 1) * canvas.cols + at].style;
}

/* --- which keys ------------------------------------------------------------------------------ */

static void has_log_and_help_at_every_width(void)
{
	int cols;

	for (cols = LAYOUT_MIN_COLS; cols <= 200; cols++) {
		draw(cols, 24);
		if (key_at('l') < 0 || key_at('?') < 0)
			fail_msg("at %d columns: \"%s\"", cols, footer());
	}
}

static void log_and_help_are_never_dropped(void **state)
{
	has_log_and_help_at_every_width();
	stage_key(&stage, '!');
	has_log_and_help_at_every_width();
	stage_type(&stage, "*");
	has_log_and_help_at_every_width();
	stage_script(&stage, "put 409");
	stage_type(&stage, "u");
	stage_confirm(&stage, 'b');
	has_log_and_help_at_every_width();
	stage_key(&stage, KEY_RETURN);
	has_log_and_help_at_every_width();
}

/* The causes view has no other hint; the sort order has one on line 2. */
static void the_causes_outrank_the_sort_menu(void **state)
{
	int cols;

	for (cols = 120; cols <= 200; cols++) {
		draw(cols, 36);
		assert_non_null(strstr(footer(), "c causes"));
	}
	assert_non_null(strstr(footer(), "s sort"));
}

static void log_and_help_stay_beside_keys_that_are_off(void **state)
{
	static const char kinds[] = "bei";
	size_t i;

	stage_script(&stage, "bdb 12 export=failed:no-permission import=failed:no-permission");
	stage_script(&stage, "bdb 44 backup=failed:no-permission import=failed:no-permission");
	stage_advance(&stage, 5000);
	for (i = 0; i < 6; i++)
		stage_script(&stage, "put 403");
	for (i = 0; i < 3; i++) {
		stage_choose(&stage, 12);
		stage_confirm(&stage, kinds[i]);
		stage_advance(&stage, 1000);
		stage_choose(&stage, 44);
		stage_confirm(&stage, kinds[i]);
		stage_advance(&stage, 1000);
	}
	draw(80, 24);
	assert_non_null(strstr(footer(), "role may not reset: b e i off"));
	has_log_and_help_at_every_width();
}

/* --- which are highlighted ------------------------------------------------------------------- */

/* Checks the keys b, e and i on the row of a database: an upper-case letter is highlighted. */
static void is_highlighted(int64_t uid, const char *keys)
{
	const char *key;

	stage_choose(&stage, uid);
	draw(120, 36);
	for (key = keys; *key; key++) {
		bool wanted = *key < 'a';
		char letter = wanted ? (char)(*key + ('a' - 'A')) : *key;

		if ((style_of(letter) == STYLE_KEY) != wanted)
			fail_msg("db:%lld: %c in \"%s\"", (long long)uid, letter, footer());
	}
}

/* The summary says `b resets the backup status`, or why no reset helps. */
static void no_key_is_highlighted_that_cannot_help(void **state)
{
	is_highlighted(12, "Bei");
	is_highlighted(44, "BEi");
	/* still running: b would open a question that needs a typed word */
	is_highlighted(7, "bei");
	/* late, but not failed */
	is_highlighted(21, "bei");
	/* failed without a reason: suspect */
	is_highlighted(13, "Bei");
	stage_script(&stage, "bdb 12 backup=exporting backup.percent=3");
	stage_advance(&stage, 5000);
	/* the cluster is retrying it */
	is_highlighted(12, "bei");
	/* the same in the footer of the detail */
	stage_key(&stage, KEY_RETURN);
	is_highlighted(12, "bei");
}

/* A key that is not highlighted still does what it does. */
static void a_key_without_highlight_still_works(void **state)
{
	stage_choose(&stage, 7);
	stage_key(&stage, 'b');
	assert_int_equal(session_view(stage.session)->question.kind, QUESTION_RUNNING);
}

/* --- an unknown key -------------------------------------------------------------------------- */

static void an_unknown_key_is_named_for_two_seconds(void **state)
{
	draw(80, 24);
	assert_string_equal(row(2), "");
	stage_key(&stage, 'z');
	draw(80, 24);
	assert_string_equal(row(2), " no key z here; ? shows the keys");
	stage_advance(&stage, 1999);
	draw(80, 24);
	assert_string_equal(row(2), " no key z here; ? shows the keys");
	assert_int_equal(session_due(stage.session, stage.now.ms) - stage.now.ms, 1);
	stage_advance(&stage, 1);
	draw(80, 24);
	assert_string_equal(row(2), "");
	/* also where the line has the headings, and in the log, which has fewer keys */
	stage_key(&stage, 'l');
	stage_key(&stage, 'b');
	draw(40, 10);
	assert_string_equal(row(2), " no key b here; ? shows the keys");
	stage_key(&stage, KEY_ESCAPE);
	draw(40, 10);
	assert_null(strstr(row(2), "no key"));
}

static void a_notice_is_back_after_it(void **state)
{
	session_add_notice(stage.session, "a notice");
	stage_key(&stage, 'z');
	draw(80, 24);
	assert_string_equal(row(2), " no key z here; ? shows the keys");
	stage_advance(&stage, 2000);
	draw(80, 24);
	assert_string_equal(row(2), " a notice");
}

static void its_name_is_safe(void **state)
{
	static const struct {
		int key;
		const char *text, *ascii;
	} cases[] = {
		{ 'z', "z", "z" },
		{ 1, "ctrl-a", "ctrl-a" },
		{ '\t', "tab", "tab" },
		{ KEY_RUBOUT, "backspace", "backspace" },
		{ 0xe9, "\xc3\xa9", "<U+00E9>" },
		{ 0x9b, "<U+009B>", "<U+009B>" },
		{ 0x202e, "<U+202E>", "<U+202E>" },
		{ 0x301, "<U+0301>", "<U+0301>" },
	};
	char name[KEY_TEXT];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		key_format(cases[i].key, false, name);
		assert_string_equal(name, cases[i].text);
		key_format(cases[i].key, true, name);
		assert_string_equal(name, cases[i].ascii);
	}
}

static void neither_a_question_nor_garbage_has_one(void **state)
{
	static const char garbage[] = "\033[200;1$y\033]10;rgb:0/0/0\a\xff\033[<65;1;1M\033Oz";

	stage_read(&stage, garbage, sizeof(garbage) - 1);
	stage_settle(&stage);
	stage_paste(&stage, "zzz");
	assert_int_equal(session_view(stage.session)->unknown_key, 0);
	stage_choose(&stage, 12);
	stage_key(&stage, 'b');
	stage_key(&stage, 'z');
	assert_int_equal(session_view(stage.session)->mode, MODE_QUESTION);
	assert_int_equal(session_view(stage.session)->unknown_key, 0);
	stage_key(&stage, 'n');
	stage_key(&stage, '/');
	stage_key(&stage, '%');
	assert_int_equal(session_view(stage.session)->unknown_key, 0);
}

#define ON_STAGE(test) cmocka_unit_test_setup_teardown(test, open_stage, frame_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_STAGE(log_and_help_are_never_dropped),
		ON_STAGE(the_causes_outrank_the_sort_menu),
		ON_STAGE(log_and_help_stay_beside_keys_that_are_off),
		ON_STAGE(no_key_is_highlighted_that_cannot_help),
		ON_STAGE(a_key_without_highlight_still_works),
		ON_STAGE(an_unknown_key_is_named_for_two_seconds),
		ON_STAGE(a_notice_is_back_after_it),
		cmocka_unit_test(its_name_is_safe),
		ON_STAGE(neither_a_question_nor_garbage_has_one),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return tap_run(tests);
}
