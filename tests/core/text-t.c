#include "bdbtop/core/text.h"

#include "tests/tap.h"

#include <locale.h>

static void is_safe(const char *raw, const char *want)
{
	char out[200];

	assert_string_equal(text_safe(out, sizeof(out), raw, false), want);
}

static void is_safe_ascii(const char *raw, const char *want)
{
	char out[200];

	assert_string_equal(text_safe(out, sizeof(out), raw, true), want);
}

static void controls_become_visible_marks(void **state)
{
	(void)state;
	is_safe("", "");
	is_safe("orders-eu", "orders-eu");
	is_safe("evil\x1b[2Jname", "evil^[[2Jname");
	is_safe("\x01\t\n\r\x1f\x7f", "^A^I^J^M^_^?");
	is_safe("a\xc2\x9b" "b", "a<U+009B>b");
	is_safe("back\\slash", "back\\slash");
}

static void what_is_no_utf8_becomes_a_byte_mark(void **state)
{
	(void)state;
	is_safe("\xff", "\\xFF");
	is_safe("a\x80z", "a\\x80z");
	is_safe("\xc3", "\\xC3");
	is_safe("\xc3(", "\\xC3(");
	is_safe("\xc0\xaf", "\\xC0\\xAF");
	is_safe("\xe0\x80\xaf", "\\xE0\\x80\\xAF");
	is_safe("\xed\xa0\x80", "\\xED\\xA0\\x80");
	is_safe("\xf4\x90\x80\x80", "\\xF4\\x90\\x80\\x80");
	is_safe("\xf0\x9f\x98", "\\xF0\\x9F\\x98");
}

static void what_nobody_sees_becomes_a_mark(void **state)
{
	(void)state;
	is_safe("a\u202eb", "a<U+202E>b");
	is_safe("a\u200fb\u2066\u061c", "a<U+200F>b<U+2066><U+061C>");
	is_safe("a\u200db", "a<U+200D>b");
	is_safe("a\u00adb\ufeff", "a<U+00AD>b<U+FEFF>");
	is_safe("a\u2028b\u2029", "a<U+2028>b<U+2029>");
	is_safe("\u2764\ufe0f", "\u2764<U+FE0F>");
	is_safe("\U000e0041", "<U+E0041>");
	is_safe("a\u3164", "a<U+3164>");
	is_safe("\U0001f468\u200d\U0001f469", "\U0001f468<U+200D>\U0001f469");
	is_safe("\U0001f44d\U0001f3fd", "\U0001f44d<U+1F3FD>");
	is_safe("\ufdd0", "<U+FDD0>");
}

static void wide_and_combining_characters_stay(void **state)
{
	(void)state;
	is_safe("顧客-本番", "顧客-本番");
	is_safe("e\u0301", "e\u0301");
	is_safe("é…", "é…");
}

static void a_mark_without_a_base_is_shown_as_one(void **state)
{
	(void)state;
	is_safe("\u0301abc", "<U+0301>abc");
	is_safe("\x1b\u0301", "^[<U+0301>");
	is_safe("a\u0301\u0302\u0303\u0304\u0305", "a\u0301\u0302\u0303\u0304<U+0305>");
}

static void ascii_marks_everything_else(void **state)
{
	(void)state;
	is_safe_ascii("e\u0301 é 顧 \U0001f600 \xff", "e<U+0301> <U+00E9> <U+9867> <U+1F600> \\xFF");
}

static void a_locale_without_utf8_marks_everything_else_too(void **state)
{
	char out[8];

	(void)state;
	assert_non_null(setlocale(LC_CTYPE, "C"));
	is_safe("顧", "<U+9867>");
	assert_int_equal(text_width("é"), 2);
	assert_int_equal(text_cut(out, sizeof(out), "abcdef", 4, false), 4);
	assert_string_equal(out, "abc~");
	assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(controls_become_visible_marks),
		cmocka_unit_test(what_is_no_utf8_becomes_a_byte_mark),
		cmocka_unit_test(what_nobody_sees_becomes_a_mark),
		cmocka_unit_test(wide_and_combining_characters_stay),
		cmocka_unit_test(a_mark_without_a_base_is_shown_as_one),
		cmocka_unit_test(ascii_marks_everything_else),
		cmocka_unit_test(a_locale_without_utf8_marks_everything_else_too),
	};

	if (!setlocale(LC_CTYPE, "C.UTF-8")) {
		printf("1..0 # SKIP no locale C.UTF-8\n");
		return 0;
	}
	return tap_run(tests);
}
