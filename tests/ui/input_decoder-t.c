/*
 * The decoder: which events bytes become, however reads split them, and after which timeouts.
 *
 * Events are written as text: a key as its character or <name>, ignored bytes as `~`, a paste as
 * {text}, the mouse as <click>.
 */
#include "bdbtop/ui/input_decoder.h"

#include <locale.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/time.h"
#include "bdbtop/session/commands.h"
#include "tests/tap.h"

static struct input_decoder decoder;
static int64_t now_ms;
static char got[4096];
static bool in_paste;

static const struct {
	int key;
	const char *name;
} names[] = {
	{ KEY_CURSOR_UP, "<up>" },  { KEY_CURSOR_DOWN, "<down>" }, { KEY_PAGE_UP, "<pgup>" },
	{ KEY_FIRST, "<home>" },    { KEY_LAST, "<end>" },	   { KEY_FUNCTION_1, "<f1>" },
	{ KEY_FUNCTION_5, "<f5>" }, { KEY_ESCAPE, "<esc>" },	   { KEY_RETURN, "<enter>" },
	{ KEY_RUBOUT, "<rubout>" }, { KEY_CTRL_C, "<ctrl-c>" },
};

static int setup(void **state)
{
	now_ms = 1000003;
	in_paste = false;
	got[0] = '\0';
	input_decoder_init(&decoder, true, true);
	return 0;
}

static void add_key(int key)
{
	char text[32];
	size_t i;

	snprintf(text, sizeof(text), key < 0x80 ? "%c" : "<%x>", (unsigned)key);
	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].key == key)
			snprintf(text, sizeof(text), "%s", names[i].name);
	strcat(got, text);
}

static void add_event(const struct input_event *event)
{
	switch (event->kind) {
	case INPUT_IGNORED:
		strcat(got, "~");
		break;
	case INPUT_MOUSE:
		strcat(got, event->mouse == MOUSE_CLICK ? "<click>" : "<wheel>");
		break;
	case INPUT_PASTED:
		if (!event->key) {
			in_paste = !in_paste;
			strcat(got, in_paste ? "{" : "}");
			break;
		}
		add_key(event->key);
		break;
	default:
		add_key(event->key);
		break;
	}
}

static void drain(void)
{
	struct input_event event;

	while (input_decoder_next(&decoder, &event))
		add_event(&event);
}

static void feed(const char *bytes, size_t length)
{
	input_decoder_feed(&decoder, bytes, length, now_ms);
	drain();
}

static void wait(int64_t ms)
{
	now_ms += ms;
	input_decoder_tick(&decoder, now_ms);
	drain();
}

static void send(const char *bytes)
{
	feed(bytes, strlen(bytes));
}

static void sees(const char *want)
{
	assert_string_equal(got, want);
	got[0] = '\0';
}

/* In one read, in two split at every position, and byte by byte with short pauses. */
static void becomes(const char *bytes, const char *want)
{
	size_t length = strlen(bytes), i;

	for (i = 0; i <= length; i++) {
		feed(bytes, i);
		/* a lone ESC becomes the esc key after a short timeout */
		now_ms += i && bytes[i - 1] == '\033' ? 20 : 999;
		feed(bytes + i, length - i);
		wait(0);
		sees(want);
	}
	for (i = 0; i < length; i++)
		feed(bytes + i, 1);
	sees(want);
}

struct row {
	const char *bytes, *becomes;
};

static void all(const struct row *rows, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		becomes(rows[i].bytes, rows[i].becomes);
	assert_true(input_decoder_due(&decoder) == TIME_NEVER);
}

#define ALL(...)                                                                                   \
	do {                                                                                       \
		static const struct row rows[] = { __VA_ARGS__ };                                  \
		all(rows, ARRAY_SIZE(rows));                                         \
	} while (0)

static void characters_are_keys(void **state)
{
	ALL({ "bY?", "bY?" }, { "\r\b\177\003", "<enter><rubout><rubout><ctrl-c>" },
	    { "\xc3\xa9\xe9\xa1\xa7\xf0\x9f\x92\xa9", "<e9><9867><1f4a9>" });
	feed("\0a", 2);
	sees("~a");
}

static void both_spellings_of_keys_are_known(void **state)
{
	ALL({ "\033[A\033OA\xc2\x9b"
	      "A\x8f"
	      "A",
	      "<up><up><up><up>" },
	    { "\033[5~", "<pgup>" }, { "\033[H\033[1~\033[7~\033OH", "<home><home><home><home>" },
	    { "\033[[A\033OP\033[11~", "<f1><f1><f1>" },
	    { "\033[[E\033[15~\033Ot", "<f5><f5><f5>" });
}

static void other_control_sequences_are_consumed_to_their_end(void **state)
{
	ALL({ "\033[1;5By", "~y" }, { "\033[>0;136;0cy", "~y" }, { "\033[?7;1$yb", "~b" },
	    { "\033[I\033[Ob", "~~b" }, { "\033[[yy", "~y" }, { "\033Oyb", "~b" },
	    { "\033O5Qb", "~b" },
	    { "\x9b"
	      "24;80Rb",
	      "~b" },
	    { "\xc2\x9b"
	      "24;80Rb",
	      "~b" },
	    { "\033[1\r2yb", "~b" }, { "\033[12\030b", "~b" }, { "\033[12\032b", "~b" },
	    { "\033[12\033[Ab", "~<up>b" }, { "\033[1\xc3\xa9y", "~y" },
	    { "\033[11111111111111111111111111111111111111111111111111111111~b", "~b" });
}

/* The bytes of one read; then the reply that the decoder has noted. */
static enum mode_support reply_after(const char *bytes)
{
	struct input_event event;

	input_decoder_feed(&decoder, bytes, strlen(bytes), now_ms);
	while (input_decoder_next(&decoder, &event))
		assert_int_equal(event.kind == INPUT_KEY, false);
	return decoder.synchronized;
}

static void the_reply_about_synchronized_output_is_noted_and_ignored(void **state)
{
	static const struct {
		const char *bytes;
		enum mode_support reply;
	} cases[] = {
		{ "\033[?2026;0$y", MODE_UNSUPPORTED }, { "\033[?2026;1$y", MODE_SUPPORTED },
		{ "\033[?2026;4$y", MODE_UNSUPPORTED }, { "\033[?2026;2$y", MODE_SUPPORTED },
		{ "\033[?2026;3$y", MODE_UNSUPPORTED }, { "\x9b?2026;2$y", MODE_SUPPORTED },
	};
	/* about another mode, without a value, cut, with too much */
	static const char *const others[] = { "\033[?2004;2$y", "\033[?2026;$y", "\033[?2026;2y",
					      "\033[2026;2$y",	 "\033[?2026$p",  "\033[?2026;12$y",
					      "\033\033[?2026;2$y" };
	size_t i;

	ALL({ "\033[?2026;2$yb", "~b" });
	for (i = 0; i < ARRAY_SIZE(others); i++) {
		setup(state);
		assert_int_equal(reply_after(others[i]), MODE_UNKNOWN);
	}
	setup(state);
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(reply_after(cases[i].bytes), cases[i].reply);
	/* however reads split it, and when input is dropped */
	setup(state);
	assert_int_equal(reply_after("\033[?20"), MODE_UNKNOWN);
	assert_int_equal(reply_after("26;2$y"), MODE_SUPPORTED);
	setup(state);
	input_decoder_feed(&decoder, "\033[?2026;2$y", 11, now_ms);
	input_decoder_drop(&decoder);
	assert_int_equal(decoder.synchronized, MODE_SUPPORTED);
	/* a paste is text */
	setup(state);
	assert_int_equal(reply_after("\033[200~\033[?2026;2$y\033[201~"), MODE_UNKNOWN);
}

static void strings_are_consumed_to_st_or_bell(void **state)
{
	ALL({ "\033]11;rgb:by/1e\ab", "~b" }, { "\033]11;rgb:1e1e\033\\b", "~b" },
	    { "\033P>|XTerm(by)\033\\b", "~b" }, { "\033_Gi=1;y\r\033\\b", "~b" },
	    { "\033^yes\r\033\\b", "~b" }, { "\033Xyes\r\033\\b", "~b" },
	    { "\x9d"
	      "11;y\x9c"
	      "b",
	      "~b" },
	    { "\x90y\ab", "~b" },
	    { "\x98y\x9c"
	      "b",
	      "~b" },
	    { "\x9ey\x9c"
	      "b",
	      "~b" },
	    { "\x9fy\x9c"
	      "b",
	      "~b" },
	    { "\xc2\x9d"
	      "y\xc2\x9c"
	      "b",
	      "~b" },
	    { "\033]0;y\030b", "~b" },
	    /* 0x9c inside a character is not ST; an ESC without `\` does not end the string */
	    { "\033]0;\xc3\x9cy\ab", "~b" }, { "\033Py\033by\033[Ay\033\033\\b", "~b" },
	    /* ST without a string */
	    { "\033\\\xc2\x9c"
	      "b",
	      "~~b" });
}

static void a_legacy_mouse_report_takes_three_bytes_more(void **state)
{
	ALL({ "\033[M bybx", "~bx" }, { "\033[M \033[b", "~b" }, { "\033[M\xe9\x9b\xffz", "~z" },
	    { "\x9bMbyyb", "~b" });
}

static void a_report_of_the_mouse_is_one_only_where_it_is_wanted(void **state)
{
	ALL({ "\033[<0;5;7M\033[<0;5;7mj", "<click>~j" }, { "\033[<64;1;1M", "<wheel>" },
	    { "\033[<0;5;7b", "~" }, { "\033[<0;5M", "~" }, { "\033[<0;0;7M", "~" },
	    { "\033[<0;5;7;9M", "~" }, { "\033[<+0;5;7M", "~" }, { "\033[<0;99999;7M", "~" });
	input_decoder_init(&decoder, true, false);
	becomes("\033[<0;5;7Mj", "~j");
}

static void alt_with_a_key_is_ignored(void **state)
{
	ALL({ "\033by", "~y" }, { "\033\ry", "~y" }, { "\033\xc3\xa9y", "~y" },
	    { "\033\033[Ay", "~y" }, { "\033\033]y\a", "~" }, { "\033\033by", "<esc>~y" });
}

static void bytes_that_are_no_character_are_ignored_one_by_one(void **state)
{
	ALL({ "\xffy", "~y" }, { "\xc3y", "~y" }, { "\xe2\x82y", "~~y" }, { "\xc0\xafy", "~~y" },
	    { "\xed\xa0\xa0y", "~~~y" }, { "\xf4\xa0\xa0\xa0y", "~~~~y" }, { "\xf8y", "~y" },
	    { "\xc3\033[A", "~<up>" }, { "\xe2\x9byb", "~~b" },
	    { "\xffjjjjjjjjjjjjjjj", "~jjjjjjjjjjjjjjj" }, { "\x85y", "~y" });
}

static void without_utf8_high_bytes_are_text_of_the_locale_or_ignored(void **state)
{
	assert_non_null(setlocale(LC_CTYPE, "C"));
	input_decoder_init(&decoder, false, false);
	ALL({ "\x9b"
	      "24;80Rb",
	      "~b" },
	    { "\x9dy\x9c"
	      "b",
	      "~b" },
	    { "\x85y", "~y" });
	send("\xe9y");
	/* some C libraries decode it as text; it is never a command */
	assert_int_equal(got[strlen(got) - 1], 'y');
	assert_true(!strcmp(got, "~y") || !strcmp(got, "<e9>y"));
}

static void a_paste_is_the_text_of_its_first_line(void **state)
{
	ALL({ "\033[200~new: pw\033[201~y", "{new: pw}y" },
	    { "\033[200~a\rb\ny\033[201~y", "{a}y" }, { "\033[200~\n\033[201~", "{}" },
	    { "\033[200~a\033[Ab\033]y\033[201~", "{aby}" },
	    { "\033[200~a\033[M\033[201~y", "{a}y" }, { "\033[200~\xff\t\003z\033[201~", "{z}" },
	    { "\033[200~\xc3\xa9\x9b"
	      "201~y",
	      "{<e9>}y" },
	    { "\033[200~a\033\033[201~", "{a}" }, { "\033[201~y", "~y" });
}

static void a_paste_has_a_limit(void **state)
{
	int i;

	send("\033[200~");
	for (i = 0; i < 3 * INPUT_PASTE_LENGTH; i++) {
		got[0] = '\0';
		send("a");
	}
	sees("");
	send("\033[201~b");
	sees("}b");
}

/* --- time ------------------------------------------------------------------------------------ */

static void esc_is_a_key_after_its_delay(void **state)
{
	send("\033");
	assert_int_equal(input_decoder_due(&decoder), now_ms + INPUT_ESCAPE_MS);
	wait(INPUT_ESCAPE_MS - 1);
	sees("");
	wait(1);
	sees("<esc>");
	send("\033\033");
	wait(INPUT_ESCAPE_MS);
	sees("<esc><esc>");
	send("\033\033\033");
	wait(INPUT_ESCAPE_MS);
	sees("<esc><esc><esc>");
}

static void bytes_that_were_read_late_continue_a_sequence(void **state)
{
	send("\033");
	now_ms += 300;
	send("[A");
	sees("<up>");
}

static void an_introducer_soon_after_esc_continues_a_sequence(void **state)
{
	static const char *const rests[] = { "[24;80R",	 "[A",	 "[M by",    "Oy",	"]11;y\a",
					     "Py\033\\", "_y\a", "^yes\r\a", "[<0;5;7M" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rests); i++) {
		send("\033");
		wait(INPUT_ESCAPE_MS);
		wait(INPUT_SILENCE_MS - 1);
		sees("<esc>");
		send(rests[i]);
		sees("~");
	}
	send("\033");
	wait(900);
	send("[200~yes\r\033");
	wait(900);
	send("[201~y");
	sees("<esc>{yes}y");
}

static void a_user_may_type_an_introducer_later_or_x_at_once(void **state)
{
	send("\033");
	wait(INPUT_ESCAPE_MS);
	send("X]");
	sees("<esc>X]");
	send("\033");
	wait(INPUT_ESCAPE_MS);
	wait(INPUT_SILENCE_MS + 1);
	send("]");
	sees("<esc>]");
	send("\033");
	wait(INPUT_ESCAPE_MS);
	send("/[");
	sees("<esc>/[");
}

static void what_has_begun_is_abandoned_after_a_second_of_silence(void **state)
{
	static const struct row rows[] = {
		{ "\033[1;", "~" },    { "\033O", "~" },    { "\033]11;rgb", "~" },
		{ "\033Py\033", "~" }, { "\033[M b", "~" }, { "\033[[", "~" },
		{ "\xe2\x82", "~" },   { "\x9b", "~" },	    { "\033[200~y", "{y~" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		send(rows[i].bytes);
		assert_int_equal(input_decoder_due(&decoder), now_ms + INPUT_SILENCE_MS);
		wait(INPUT_SILENCE_MS - 1);
		assert_true(strlen(got) < strlen(rows[i].becomes));
		wait(1);
		sees(rows[i].becomes);
		in_paste = false;
		send("2b");
		sees("2b");
	}
	send("\033[1");
	now_ms += INPUT_SILENCE_MS;
	send("b");
	sees("~b");
}

/* --- keys that terminfo names ---------------------------------------------------------------- */

static void keys_of_terminfo_match_completely(void **state)
{
	assert_true(input_decoder_add(&decoder, "\033[225z", KEY_FIRST));
	assert_true(input_decoder_add(&decoder, "\233B", KEY_CURSOR_UP) == false);
	assert_true(input_decoder_add(&decoder, "\2335z", KEY_LAST));
	assert_true(input_decoder_add(&decoder, "\033A", KEY_CURSOR_UP));
	assert_true(input_decoder_add(&decoder, "\033?p", KEY_FUNCTION_5));
	assert_true(input_decoder_add(&decoder, "\001@\r", KEY_FUNCTION_1));
	assert_true(input_decoder_add(&decoder, "\013", KEY_CURSOR_DOWN));
	assert_true(input_decoder_add(&decoder, "\033[8$", 0));
	assert_true(input_decoder_add(&decoder, "\033O2P", 0));
	ALL({ "\033[225zb", "<home>b" }, { "\033[5zb", "<end>b" }, { "\033Ab", "<up>b" },
	    { "\033?pb", "<f5>b" }, { "\033?zb", "~b" }, { "\001@\rb", "<f1>b" },
	    { "\001xb", "~b" }, { "\001\033[Ab", "~<up>b" }, { "\013", "<down>" },
	    { "\033[8$b", "~b" }, { "\033[9$yb", "~b" }, { "\033O2Pb", "~b" });
}

static void no_key_of_terminfo_takes_what_must_be_consumed(void **state)
{
	static const char *const forms[] = {
		"",	   "y",		 "yes",	   "\033",
		"\033[",   "\033O",	 "\033[M", "\033[<",
		"\033P",   "\033]x",	 "\033^",  "\033_",
		"\033X",   "\033\033[A", "\003",   "\032",
		"\r",	   "\014",	 "\033[$", "\033[[",
		"\033[Ax", "\033Oxy",	 "\003x",  "\033[1234567890123456789012345~",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(forms); i++)
		if (input_decoder_add(&decoder, forms[i], KEY_FUNCTION_1))
			fail_msg("form %zu was taken", i);
	/* a single control character is not accepted */
	assert_false(input_decoder_add(&decoder, "\013", 0));
}

/* --- reads ----------------------------------------------------------------------------------- */

static bool is_alone(const char *bytes)
{
	struct input_event event, last = { .kind = INPUT_IGNORED };

	input_decoder_feed(&decoder, bytes, strlen(bytes), now_ms);
	while (input_decoder_next(&decoder, &event))
		last = event;
	assert_int_equal(last.kind, INPUT_KEY);
	return last.alone;
}

static void a_key_is_alone_when_its_read_holds_nothing_else(void **state)
{
	assert_true(is_alone("y"));
	assert_true(is_alone("\xc3\xa9"));
	assert_true(is_alone("\033[A"));
	assert_false(is_alone("yy"));
	assert_false(is_alone("by"));
	assert_false(is_alone("\033[24;80Ry"));
	assert_false(is_alone("\xffy"));
	send("\xc3");
	assert_false(is_alone("y"));
	send("\033[1");
	now_ms += INPUT_SILENCE_MS;
	assert_false(is_alone("y"));
	assert_true(is_alone("y"));
}

static void of_a_password_no_copy_stays(void **state)
{
	send("geheim\033[200~geheim\033[201~");
	assert_null(memmem(&decoder, sizeof(decoder), "eheim", 5));
	assert_null(memmem(&decoder, sizeof(decoder), &(int){ 'h' }, sizeof(int)));
}

static void what_is_dropped_ends_as_no_key(void **state)
{
	got[0] = '\0';
	input_decoder_feed(&decoder, "y\xffy\033[<0;5;7My\033", 14, now_ms);
	input_decoder_drop(&decoder);
	wait(INPUT_ESCAPE_MS);
	send("[A");
	sees("~");
	input_decoder_feed(&decoder, "y\033[", 3, now_ms);
	input_decoder_drop(&decoder);
	send("A");
	sees("~");
	input_decoder_feed(&decoder, "\033[200~ye", 8, now_ms);
	input_decoder_drop(&decoder);
	in_paste = true;
	send("s\033[201~y");
	sees("s}y");
}

#define TEST(test) cmocka_unit_test_setup(test, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(characters_are_keys),
		TEST(both_spellings_of_keys_are_known),
		TEST(other_control_sequences_are_consumed_to_their_end),
		TEST(the_reply_about_synchronized_output_is_noted_and_ignored),
		TEST(strings_are_consumed_to_st_or_bell),
		TEST(a_legacy_mouse_report_takes_three_bytes_more),
		TEST(a_report_of_the_mouse_is_one_only_where_it_is_wanted),
		TEST(alt_with_a_key_is_ignored),
		TEST(bytes_that_are_no_character_are_ignored_one_by_one),
		TEST(without_utf8_high_bytes_are_text_of_the_locale_or_ignored),
		TEST(a_paste_is_the_text_of_its_first_line),
		TEST(a_paste_has_a_limit),
		TEST(esc_is_a_key_after_its_delay),
		TEST(bytes_that_were_read_late_continue_a_sequence),
		TEST(an_introducer_soon_after_esc_continues_a_sequence),
		TEST(a_user_may_type_an_introducer_later_or_x_at_once),
		TEST(what_has_begun_is_abandoned_after_a_second_of_silence),
		TEST(keys_of_terminfo_match_completely),
		TEST(no_key_of_terminfo_takes_what_must_be_consumed),
		TEST(a_key_is_alone_when_its_read_holds_nothing_else),
		TEST(of_a_password_no_copy_stays),
		TEST(what_is_dropped_ends_as_no_key),
	};

	return tap_run(tests);
}
