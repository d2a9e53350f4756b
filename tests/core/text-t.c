#include "bdbtop/core/text.h"

#include <locale.h>
#include <wchar.h>

#include "bdbtop/core/array.h"
#include "tests/random.h"
#include "tests/tap.h"

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
	is_safe("", "");
	is_safe("orders-eu", "orders-eu");
	is_safe("evil\x1b[2Jname", "evil^[[2Jname");
	is_safe("\x01\t\n\r\x1f\x7f", "^A^I^J^M^_^?");
	is_safe("a\xc2\x9b"
		"b",
		"a<U+009B>b");
	is_safe("back\\slash", "back\\slash");
}

static void what_is_no_utf8_becomes_a_byte_mark(void **state)
{
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

static void invisible_characters_become_a_mark(void **state)
{
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

static size_t encode(uint32_t code, char out[5])
{
	size_t bytes = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4, i;
	static const unsigned char leads[] = { 0, 0, 0xc0, 0xe0, 0xf0 };

	for (i = bytes; i-- > 1; code >>= 6)
		out[i] = (char)(0x80 | (code & 0x3f));
	out[0] = (char)(leads[bytes] | code);
	out[bytes] = '\0';
	return bytes;
}

static void an_unsafe_character_is_one_that_is_always_escaped(void **state)
{
	char raw[5], safe[32];
	uint32_t code, decoded, unsafe = 0;

	for (code = 1; code < 0x110000; code++) {
		size_t bytes = encode(code, raw);

		if (code >= 0xd800 && code < 0xe000) {
			assert_int_equal(text_decode(raw, &decoded), 0);
			continue;
		}
		assert_int_equal(text_decode(raw, &decoded), bytes);
		assert_int_equal(decoded, code);
		text_safe(safe, sizeof(safe), raw, false);
		if (text_is_unsafe(code))
			assert_string_not_equal(safe, raw);
		unsafe += text_is_unsafe(code);
	}
	assert_in_range(unsafe, 65, 5000);
}

static void wide_and_combining_characters_stay(void **state)
{
	is_safe("顧客-本番", "顧客-本番");
	is_safe("e\u0301", "e\u0301");
	is_safe("é…", "é…");
}

static void a_mark_without_a_base_is_shown_as_one(void **state)
{
	is_safe("\u0301abc", "<U+0301>abc");
	is_safe("\x1b\u0301", "^[<U+0301>");
	is_safe("a\u0301\u0302\u0303\u0304\u0305", "a\u0301\u0302\u0303\u0304<U+0305>");
}

static void ascii_marks_everything_else(void **state)
{
	is_safe_ascii("e\u0301 é 顧 \U0001f600 \xff",
		      "e<U+0301> <U+00E9> <U+9867> <U+1F600> \\xFF");
}

static void a_locale_without_utf8_marks_everything_else_too(void **state)
{
	char out[8];

	assert_non_null(setlocale(LC_CTYPE, "C"));
	is_safe("顧", "<U+9867>");
	assert_int_equal(text_width("é"), 2);
	assert_int_equal(text_truncate(out, sizeof(out), "abcdef", 4, false), 4);
	assert_string_equal(out, "abc~");
	assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
}

static void a_mark_is_complete_or_absent(void **state)
{
	char out[12];

	assert_string_equal(text_safe(out, 4, "ab\x1b[2J", false), "ab");
	assert_string_equal(text_safe(out, 5, "ab\x1b[2J", false), "ab^[");
	assert_string_equal(text_safe(out, 9, "\u202eab", false), "<U+202E>");
	assert_string_equal(text_safe(out, 8, "\u202eab", false), "");
	assert_string_equal(text_safe(out, 4, "aéé", false), "aé");
	assert_string_equal(text_safe(out, 3, "顧", false), "");
	assert_string_equal(text_safe(out, 1, "a", false), "");
}

static void a_sentence_grows_and_is_cut_at_a_whole_character(void **state)
{
	char buffer[12];
	struct text text;

	text_init(&text, buffer, sizeof(buffer));
	assert_string_equal(buffer, "");
	text_add(&text, "db:");
	text_addf(&text, "%d", 12);
	text_add_safe(&text, " \x1b");
	assert_string_equal(buffer, "db:12 ^[");
	assert_int_equal(text.length, 8);
	assert_false(text.truncated);
	text_add(&text, "abé");
	assert_true(text.truncated);
	assert_string_equal(buffer, "db:12 ^[ab");
	assert_int_equal(text.length, 10);
	text_add(&text, "x");
	text_addf(&text, "x");
	text_add_safe(&text, "x");
	assert_string_equal(buffer, "db:12 ^[ab");
}

static void a_format_is_cut_like_the_rest(void **state)
{
	char buffer[6];
	struct text text;

	text_init(&text, buffer, sizeof(buffer));
	text_addf(&text, "%s", "abcde");
	assert_false(text.truncated);
	assert_string_equal(buffer, "abcde");
	text_init(&text, buffer, sizeof(buffer));
	text_addf(&text, "abcd%s", "é");
	assert_true(text.truncated);
	assert_string_equal(buffer, "abcd");
	assert_int_equal(text.length, 4);
	text_init(&text, buffer, sizeof(buffer));
	text_addf(&text, "abc%s", "é");
	assert_false(text.truncated);
	assert_string_equal(buffer, "abcé");
}

static void a_pattern_takes_the_values_of_its_terms(void **state)
{
	static const struct text_term terms[] = { { "who", "a {name}" }, { "name", "b" } };
	struct text text;
	char out[40];

	text_init(&text, out, sizeof(out));
	text_add_pattern(&text, "{who} and {name}{other}.", terms, 2);
	assert_string_equal(out, "a {name} and b.");
}

static void width_is_counted_in_cells(void **state)
{
	assert_int_equal(text_width(""), 0);
	assert_int_equal(text_width("orders-eu"), 9);
	assert_int_equal(text_width("é…"), 2);
	assert_int_equal(text_width("顧客-本番"), 9);
	assert_int_equal(text_width("e\u0301e"), 2);
	assert_int_equal(text_width("█░"), 2);
}

static void truncates_to(const char *safe, int cells, const char *want)
{
	char out[80];

	assert_int_equal(text_truncate(out, sizeof(out), safe, cells, false), text_width(want));
	assert_string_equal(out, want);
}

static void an_end_is_cut_to_the_cell(void **state)
{
	char out[80];

	truncates_to("abcdef", 6, "abcdef");
	truncates_to("abcdef", 5, "abcd…");
	truncates_to("abcdef", 1, "…");
	truncates_to("abcdef", 0, "");
	truncates_to("abcdef", -3, "");
	truncates_to("", 0, "");
	truncates_to("pondering", 7, "ponder…");
	assert_int_equal(text_truncate(out, sizeof(out), "abcdef", 5, true), 5);
	assert_string_equal(out, "abcd~");
}

static void a_wide_character_in_the_last_cell_is_skipped(void **state)
{
	truncates_to("顧客本番", 8, "顧客本番");
	truncates_to("顧客本番", 7, "顧客本…");
	truncates_to("顧客本番", 6, "顧客…");
	truncates_to("顧客本番", 2, "…");
	truncates_to("ab顧", 3, "ab…");
}

static void a_combining_mark_goes_with_its_base(void **state)
{
	truncates_to("e\u0301e\u0301e\u0301", 3, "e\u0301e\u0301e\u0301");
	truncates_to("e\u0301e\u0301e\u0301", 2, "e\u0301…");
	truncates_to("abe\u0301", 2, "a…");
}

static void truncates_middle_to(const char *safe, int cells, const char *want)
{
	char out[80];

	assert_int_equal(text_truncate_middle(out, sizeof(out), safe, cells, false),
			 text_width(want));
	assert_string_equal(out, want);
}

static void a_long_name_loses_its_middle(void **state)
{
	char out[80];

	truncates_middle_to("customers-and-their-cache", 13, "custom…-cache");
	truncates_middle_to("顧客-データベース-本番", 13, "顧客-…-本番");
	truncates_middle_to("abcdef", 6, "abcdef");
	truncates_middle_to("abcdef", 5, "ab…ef");
	truncates_middle_to("abcdef", 4, "ab…f");
	truncates_middle_to("abcdef", 2, "a…");
	truncates_middle_to("abcdef", 1, "…");
	truncates_middle_to("abcdef", 0, "");
	truncates_middle_to("abcdef", -1, "");
	truncates_middle_to("ae\u0301bcde\u0301", 5, "ae\u0301…de\u0301");
	assert_int_equal(text_truncate_middle(out, sizeof(out), "abcdef", 3, true), 3);
	assert_string_equal(out, "a~f");
}

static void a_small_buffer_cuts_at_a_whole_character_too(void **state)
{
	char out[6];

	assert_int_equal(text_truncate(out, sizeof(out), "顧客本番", 8, false), 2);
	assert_string_equal(out, "顧");
	assert_int_equal(text_truncate_middle(out, sizeof(out), "abcdefghij", 7, false), 3);
	assert_string_equal(out, "abc");
}

static void raw_text_is_cut_between_characters_whatever_its_bytes(void **state)
{
	static const struct {
		const char *raw, *want; /* in 8 bytes */
	} rows[] = {
		{ "", "" },
		{ "abcdefg", "abcdefg" },
		{ "abcdefgh", "abcd…" },
		{ "aé€x", "aé€x" },
		{ "abcéx", "abcéx" },
		{ "abcéxyz", "abc…" },
		{ "abéxyz", "abéxyz" },
		{ "abéxyz!", "abé…" },
		{ "本番本", "本…" },
		{ "a本番", "a本番" },
		{ "ab本番", "ab…" },
		{ "\U0001f600abcd", "\U0001f600…" },
		{ "a\U0001f600bcd", "a…" },
		/* not UTF-8: cut all the same */
		{ "\x80\x80\x80\x80\x80\x80\x80\x80", "\x80\x80\x80\x80…" },
		{ "\xff\xff\xff\xff\xff\xff\xff\xff", "\xff\xff\xff…" },
		{ "\xe3\x80\x80\x80\x80\x80\x80\x80", "\xe3\x80\x80\x80…" },
	};
	char out[9];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		out[8] = '!';
		assert_string_equal(text_truncate_bytes(out, 8, rows[i].raw), rows[i].want);
		assert_int_equal(out[8], '!');
	}
	assert_string_equal(text_truncate_bytes(out, 4, "abcd"), "…");
}

/* The lines, joined with `|`, are `want`. */
static void lines(const char *safe, int cells, const char *want)
{
	char out[200] = "";
	size_t bytes, skip;

	while ((bytes = text_next_line(safe, cells, &skip)) > 0) {
		if (*out)
			strcat(out, "|");
		strncat(out, safe, bytes);
		safe += bytes + skip;
	}
	assert_string_equal(safe, "");
	assert_string_equal(out, want);
}

static void lines_break_at_spaces(void **state)
{
	lines("", 10, "");
	lines("bdbtop needs 40x10; this is 30x3. Enlarge the window to continue. q quits.", 30,
	      "bdbtop needs 40x10; this is|30x3. Enlarge the window to|continue. q quits.");
	lines("one two", 7, "one two");
	lines("one two", 6, "one|two");
	lines("one two", 3, "one|two");
	lines("one   two", 4, "one|two");
	lines("one two  ", 7, "one two");
	lines("  one two", 5, "  one|two");
}

static void a_word_too_long_breaks_between_characters(void **state)
{
	lines("abcdefgh", 3, "abc|def|gh");
	lines("ab cdefgh", 4, "ab|cdef|gh");
	lines("顧客本番", 5, "顧客|本番");
	lines("e\u0301e\u0301e\u0301", 2, "e\u0301e\u0301|e\u0301");
	lines("     x", 3, "   |  x");
	lines("顧a", 1, "顧|a");
	lines("ab", 0, "a|b");
}

static void a_word_too_long_breaks_after_a_comma(void **state)
{
	(void)state;
	lines("CN=a.example,OU=b,O=c", 20, "CN=a.example,OU=b,|O=c");
	lines("ab,cd ef,gh", 5, "ab,cd|ef,gh");
	lines("ab cd,efgh", 5, "ab|cd,|efgh");
	lines("abc,", 3, "abc|,");
	lines("ab,", 3, "ab,");
}

static void search_knows_no_case_of_ascii_letters(void **state)
{
	assert_true(text_contains("Orders-EU", "orders-eu"));
	assert_true(text_contains("orders-eu", "ERS"));
	assert_true(text_contains("aaab", "aab"));
	assert_true(text_contains("abc", ""));
	assert_true(text_contains("", ""));
	assert_false(text_contains("", "a"));
	assert_false(text_contains("ab", "abc"));
	assert_false(text_contains("É", "é"));
	assert_false(text_contains("[", "{"));
}

/* The text is valid UTF-8 without control bytes. */
static void is_clean(const char *text)
{
	wchar_t wide[600];
	size_t i, count = mbstowcs(wide, text, 600);

	assert_true(count < 600);
	for (i = 0; i < count; i++)
		assert_true(wcwidth(wide[i]) >= 0);
	for (i = 0; text[i]; i++)
		assert_true((unsigned char)text[i] >= 0x20 && text[i] != 0x7f);
}

/* Random bytes, mostly ones that begin, continue or break a sequence. */
static void random_bytes(char *raw, size_t most, uint64_t *random)
{
	static const char *const piece[] = { "顧",	   "e\u0301", "\u200d",	  "\ufe0f",
					     "\U0001f600", "\u202e",  "\xc2\x9b", "\x1b[",
					     " ",	   "ab",      "\xf0\x9f", "\u0302" };
	size_t length = random_below(random, 40), at = 0, bytes;

	while (length-- > 0 && at + 8 < most) {
		const char *chosen = piece[random_below(random, ARRAY_SIZE(piece))];
		char byte = (char)(1 + random_below(random, 255));

		bytes = random_below(random, 2) ? strlen(chosen) : 1;
		memcpy(raw + at, bytes == 1 ? &byte : chosen, bytes);
		at += bytes;
	}
	raw[at] = '\0';
}

static void random_bytes_come_out_clean_and_never_too_wide(void **state)
{
	char raw[300], safe[600], ascii[600], out[600];
	uint64_t random = random_start(20261121);
	unsigned turn, i;

	for (turn = 0; turn < 6000; turn++) {
		int cells = (int)random_below(&random, 30), width;
		bool plain = random_below(&random, 2);

		random_bytes(raw, sizeof(raw), &random);
		text_safe(safe,
			  random_below(&random, 4) ? sizeof(safe) : 1 + random_below(&random, 40),
			  raw, false);
		is_clean(safe);
		text_safe(ascii, sizeof(ascii), raw, true);
		for (i = 0; ascii[i]; i++)
			assert_true(ascii[i] >= 0x20 && ascii[i] < 0x7f);
		width = text_truncate(out, sizeof(out), safe, cells, plain);
		is_clean(out);
		assert_true(width <= cells);
		assert_int_equal(width, text_width(out));
		width = text_truncate_middle(
			out, random_below(&random, 4) ? sizeof(out) : 1 + random_below(&random, 20),
			safe, cells, plain);
		is_clean(out);
		assert_true(width <= cells);
		assert_int_equal(width, text_width(out));
	}
}

static void random_text_is_whole_when_its_lines_are_joined(void **state)
{
	char raw[300], safe[1200], line[1200];
	uint64_t random = random_start(7);
	unsigned turn;

	for (turn = 0; turn < 2000; turn++) {
		int cells = 2 + (int)random_below(&random, 20);
		const char *at = safe;
		size_t bytes, skip, i;

		random_bytes(raw, sizeof(raw), &random);
		text_safe(safe, sizeof(safe), raw, false);
		while ((bytes = text_next_line(at, cells, &skip)) > 0) {
			memcpy(line, at, bytes);
			line[bytes] = '\0';
			assert_true(text_width(line) <= cells);
			for (i = 0; i < skip; i++)
				assert_int_equal(at[bytes + i], ' ');
			at += bytes + skip;
		}
		assert_int_equal(*at, 0);
	}
}

static void the_beginning_and_the_order_know_no_case_either(void **state)
{
	assert_true(text_has_prefix("Orders-EU", "orders"));
	assert_true(text_has_prefix("a", ""));
	assert_true(text_has_prefix("", ""));
	assert_false(text_has_prefix("orders", "rders"));
	assert_false(text_has_prefix("order", "orders"));
	assert_false(text_has_prefix("", "a"));
	assert_int_equal(text_compare("Orders", "oRDERS"), 0);
	assert_int_equal(text_compare("", ""), 0);
	assert_true(text_compare("Zebra", "apple") > 0);
	assert_true(text_compare("apple", "Zebra") < 0);
	assert_true(text_compare("order", "orders") < 0);
	assert_true(text_compare("orders", "Order") > 0);
	/* ignores case; `_` is between capital and small letters in ASCII */
	assert_true(text_compare("_", "A") < 0);
	assert_true(text_compare("_", "a") < 0);
	assert_true(text_compare("z", "\xc3\xa9") < 0);
	assert_true(text_compare("\xc3\xa9", "\xc3\x89") > 0);
}

static void typing_errors_are_counted(void **state)
{
	static const struct {
		const char *a, *b;
		size_t errors;
	} cases[] = {
		{ "", "", 0 },
		{ "list", "list", 0 },
		{ "", "list", 4 },
		{ "lits", "list", 1 },
		{ "ilst", "list", 1 },
		{ "lst", "list", 1 },
		{ "lists", "list", 1 },
		{ "lost", "list", 1 },
		{ "trsut", "trust", 1 },
		{ "turts", "trust", 2 },
		{ "abc", "xyz", 3 },
		{ "kitten", "sitting", 3 },
		{ "12345678901234567890123456789012", "1234567890123456789012345678901", 1 },
		{ "123456789012345678901234567890123", "1", TEXT_FAR },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(text_edit_distance(cases[i].a, cases[i].b), cases[i].errors);
		assert_int_equal(text_edit_distance(cases[i].b, cases[i].a), cases[i].errors);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(controls_become_visible_marks),
		cmocka_unit_test(what_is_no_utf8_becomes_a_byte_mark),
		cmocka_unit_test(invisible_characters_become_a_mark),
		cmocka_unit_test(an_unsafe_character_is_one_that_is_always_escaped),
		cmocka_unit_test(wide_and_combining_characters_stay),
		cmocka_unit_test(a_mark_without_a_base_is_shown_as_one),
		cmocka_unit_test(ascii_marks_everything_else),
		cmocka_unit_test(a_locale_without_utf8_marks_everything_else_too),
		cmocka_unit_test(a_mark_is_complete_or_absent),
		cmocka_unit_test(a_sentence_grows_and_is_cut_at_a_whole_character),
		cmocka_unit_test(a_format_is_cut_like_the_rest),
		cmocka_unit_test(a_pattern_takes_the_values_of_its_terms),
		cmocka_unit_test(width_is_counted_in_cells),
		cmocka_unit_test(an_end_is_cut_to_the_cell),
		cmocka_unit_test(a_wide_character_in_the_last_cell_is_skipped),
		cmocka_unit_test(a_combining_mark_goes_with_its_base),
		cmocka_unit_test(a_long_name_loses_its_middle),
		cmocka_unit_test(a_small_buffer_cuts_at_a_whole_character_too),
		cmocka_unit_test(raw_text_is_cut_between_characters_whatever_its_bytes),
		cmocka_unit_test(lines_break_at_spaces),
		cmocka_unit_test(a_word_too_long_breaks_between_characters),
		cmocka_unit_test(a_word_too_long_breaks_after_a_comma),
		cmocka_unit_test(search_knows_no_case_of_ascii_letters),
		cmocka_unit_test(the_beginning_and_the_order_know_no_case_either),
		cmocka_unit_test(typing_errors_are_counted),
		cmocka_unit_test(random_bytes_come_out_clean_and_never_too_wide),
		cmocka_unit_test(random_text_is_whole_when_its_lines_are_joined),
	};

	if (!setlocale(LC_CTYPE, "C.UTF-8")) {
		printf("1..0 # SKIP no locale C.UTF-8\n");
		return 0;
	}
	return tap_run(tests);
}
