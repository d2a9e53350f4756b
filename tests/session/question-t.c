#include "bdbtop/core/array.h"
#include "bdbtop/session/question.h"

#include "bdbtop/session/commands.h"
#include "tests/tap.h"

/* A question drawn at 1000 ms. */
static struct question drawn(enum question_kind kind)
{
	struct question question;

	question_open(&question, kind, 0, 1);
	question_on_drawn(&question, 1000);
	return question;
}

static enum question_answer press_at(struct question *question, int key, int64_t now_ms)
{
	const struct input_event event = { .kind = INPUT_KEY, .key = key, .alone = true };

	return question_input(question, &event, now_ms);
}

static enum question_answer press(struct question *question, int key)
{
	return press_at(question, key, 2000);
}

/* A key that is not alone in its read. */
static enum question_answer press_with_others(struct question *question, int key)
{
	const struct input_event event = { .kind = INPUT_KEY, .key = key };

	return question_input(question, &event, 2000);
}

static enum question_answer paste(struct question *question, int key)
{
	const struct input_event event = { .kind = INPUT_PASTED, .key = key };

	return question_input(question, &event, 2000);
}

static void press_all(struct question *question, const char *keys)
{
	for (; *keys; keys++)
		assert_int_equal(press(question, *keys), QUESTION_OPEN);
}

static const enum question_kind by_key[] = { QUESTION_RESET, QUESTION_QUIT };
static const enum question_kind by_word[] = { QUESTION_RUNNING, QUESTION_AUDIT_LOG };

static void some_take_a_key_and_some_a_word(void **state)
{
	assert_false(question_is_typed(QUESTION_RESET));
	assert_false(question_is_typed(QUESTION_QUIT));
	assert_true(question_is_typed(QUESTION_RUNNING));
	assert_true(question_is_typed(QUESTION_AUDIT_LOG));
}

static void only_y_confirms(void **state)
{
	struct question question;
	int i, key;

	for (i = 0; i < 2; i++)
		for (key = 1; key < 0x200; key++) {
			enum question_answer want = QUESTION_OPEN;

			if (key == 'y')
				want = QUESTION_YES;
			else if (key == 'n' || key == KEY_ESCAPE || key == KEY_CTRL_C ||
				 key == KEY_RETURN || key == '\n')
				want = QUESTION_NO;
			question = drawn(by_key[i]);
			assert_int_equal(press(&question, key), want);
		}
}

static void nothing_counts_before_it_is_drawn(void **state)
{
	struct question question;

	question_open(&question, QUESTION_RESET, 0, 1);
	assert_int_equal(press_at(&question, 'y', 900000), QUESTION_OPEN);
	assert_int_equal(press_at(&question, 'n', 900000), QUESTION_OPEN);
	question_open(&question, QUESTION_AUDIT_LOG, 0, 1);
	assert_int_equal(press_at(&question, KEY_ESCAPE, 900000), QUESTION_OPEN);
	assert_int_equal(press_at(&question, 'y', 900000), QUESTION_OPEN);
	assert_string_equal(question.typed, "");
}

static void y_counts_from_a_quarter_of_a_second_on(void **state)
{
	struct question question = drawn(QUESTION_RESET);

	assert_int_equal(press_at(&question, 'y', 1250), QUESTION_YES);
	assert_int_equal(press_at(&question, 'n', 1000), QUESTION_NO);
	assert_int_equal(press_at(&question, 'y', 1249), QUESTION_OPEN);
}

static void whatever_is_ignored_begins_the_guard_again(void **state)
{
	static const struct input_event ignored[] = {
		{ .kind = INPUT_IGNORED },
		{ .kind = INPUT_MOUSE, .mouse = MOUSE_CLICK },
		{ .kind = INPUT_PASTED },
		{ .kind = INPUT_PASTED, .key = 'y' },
		{ .kind = INPUT_KEY, .key = KEY_CURSOR_UP, .alone = true },
		{ .kind = INPUT_KEY, .key = 'j', .alone = true },
		{ .kind = INPUT_KEY, .key = 0xe9, .alone = true },
		{ .kind = INPUT_KEY, .key = 'y' },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ignored); i++) {
		struct question question = drawn(QUESTION_TRUST), typed = drawn(QUESTION_RUNNING);

		question_input(&question, &ignored[i], 2000);
		assert_int_equal(press_at(&question, 'y', 2249), QUESTION_OPEN);
		assert_int_equal(press_at(&question, 'y', 2499), QUESTION_YES);
		if (ignored[i].kind == INPUT_KEY && ignored[i].key <= 'y')
			continue;
		question_input(&typed, &ignored[i], 2000);
		assert_int_equal(press_at(&typed, 'y', 2249), QUESTION_OPEN);
		assert_string_equal(typed.typed, "");
		assert_int_equal(press_at(&typed, 'y', 2499), QUESTION_OPEN);
		assert_string_equal(typed.typed, "y");
	}
}

static void what_confirms_is_read_alone(void **state)
{
	struct question question = drawn(QUESTION_RESET), typed = drawn(QUESTION_AUDIT_LOG);

	assert_int_equal(press_with_others(&question, 'y'), QUESTION_OPEN);
	assert_int_equal(press_with_others(&question, 'n'), QUESTION_NO);
	/* letters may come in one read, as over a slow connection */
	assert_int_equal(press_with_others(&typed, 'y'), QUESTION_OPEN);
	press_with_others(&typed, 'e');
	press_with_others(&typed, 's');
	assert_string_equal(typed.typed, "yes");
	assert_int_equal(press_with_others(&typed, KEY_RETURN), QUESTION_OPEN);
	assert_int_equal(press_at(&typed, KEY_RETURN, 2249), QUESTION_OPEN);
	assert_int_equal(press_at(&typed, KEY_RETURN, 2499), QUESTION_YES);
}

static void a_paste_answers_nothing(void **state)
{
	struct question question = drawn(QUESTION_RESET), typed = drawn(QUESTION_RUNNING);

	assert_int_equal(paste(&question, 'y'), QUESTION_OPEN);
	assert_int_equal(paste(&question, 'n'), QUESTION_OPEN);
	assert_int_equal(paste(&typed, 'y'), QUESTION_OPEN);
	assert_string_equal(typed.typed, "");
	assert_int_equal(paste(&typed, KEY_ESCAPE), QUESTION_OPEN);
}

static void the_word_and_enter_confirm(void **state)
{
	int i;

	for (i = 0; i < 2; i++) {
		struct question question = drawn(by_word[i]);

		press_all(&question, "yes");
		assert_int_equal(press(&question, KEY_RETURN), QUESTION_YES);
		question = drawn(by_word[i]);
		press_all(&question, "yes");
		assert_int_equal(press(&question, '\n'), QUESTION_YES);
	}
}

static void a_wrong_word_is_reported_and_can_be_corrected(void **state)
{
	struct question question = drawn(QUESTION_RUNNING);

	press_all(&question, "yse");
	assert_false(question.wrong);
	assert_int_equal(press(&question, KEY_RETURN), QUESTION_OPEN);
	assert_true(question.wrong);
	assert_int_equal(press(&question, KEY_RUBOUT), QUESTION_OPEN);
	assert_false(question.wrong);
	assert_int_equal(press(&question, KEY_RUBOUT), QUESTION_OPEN);
	press_all(&question, "es");
	assert_int_equal(press(&question, KEY_RETURN), QUESTION_YES);
}

static void a_wrong_word_is_reported_until_the_line_changes(void **state)
{
	static const int ignored[] = { KEY_CURSOR_UP, ' ' };
	struct question question = drawn(QUESTION_RUNNING);
	size_t i;

	(void)state;
	press_all(&question, "no");
	press(&question, KEY_RETURN);
	for (i = 0; i < ARRAY_SIZE(ignored); i++) {
		press(&question, ignored[i]);
		assert_true(question.wrong);
	}
	assert_int_equal(press_at(&question, KEY_CTRL_U, 3000), QUESTION_OPEN);
	assert_false(question.wrong);
}

static void the_word_can_be_retyped(void **state)
{
	struct question question = drawn(QUESTION_RUNNING);

	press_all(&question, "no\x15yes");
	assert_string_equal(question.typed, "yes");
	press_all(&question, "\x7f\x7f\x7f\x7f\x7f");
	assert_string_equal(question.typed, "");
}

static void enter_on_nothing_declines_the_word(void **state)
{
	struct question question = drawn(QUESTION_RUNNING);

	assert_int_equal(press(&question, KEY_RETURN), QUESTION_NO);
	assert_int_equal(press(&question, KEY_ESCAPE), QUESTION_NO);
	assert_int_equal(press(&question, KEY_CTRL_C), QUESTION_NO);
	assert_int_equal(press(&question, 'n'), QUESTION_OPEN);
}

static void a_word_that_began_too_early_is_not_taken(void **state)
{
	struct question question = drawn(QUESTION_RUNNING);

	assert_int_equal(press_at(&question, 'y', 1100), QUESTION_OPEN);
	assert_int_equal(press_at(&question, KEY_RETURN, 1200), QUESTION_OPEN);
	assert_string_equal(question.typed, "");
	assert_int_equal(press_at(&question, KEY_ESCAPE, 1100), QUESTION_NO);
}

static void no_word_is_too_long(void **state)
{
	struct question question = drawn(QUESTION_RUNNING);

	press_all(&question, "yesyesyesyesyesyes");
	assert_string_equal(question.typed, "yesyesy");
	assert_int_equal(press(&question, KEY_CURSOR_UP), QUESTION_OPEN);
	assert_int_equal(press(&question, 0xe9), QUESTION_OPEN);
	assert_string_equal(question.typed, "yesyesy");
}

static struct question bulk_of(size_t targets)
{
	struct question question = drawn(QUESTION_BULK);

	question.bulk_count = targets;
	return question;
}

static void a_bulk_of_ten_takes_a_key_and_one_of_eleven_its_number(void **state)
{
	struct question ten = bulk_of(BULK_TYPED), eleven = bulk_of(BULK_TYPED + 1);
	char word[QUESTION_WORD];

	question_word(&ten, word);
	assert_string_equal(word, "");
	assert_int_equal(press(&ten, 'y'), QUESTION_YES);
	question_word(&eleven, word);
	assert_string_equal(word, "11");
	press_all(&eleven, "y");
	assert_int_equal(press(&eleven, KEY_RETURN), QUESTION_OPEN);
	assert_true(eleven.wrong);
	press_all(&eleven, "\x15"
			   "11");
	assert_int_equal(press(&eleven, KEY_RETURN), QUESTION_YES);
}

static void no_other_number_is_taken(void **state)
{
	static const char *const wrong[] = { "1", "12", "110", "011", "yes", "10" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		struct question question = bulk_of(11);

		press_all(&question, wrong[i]);
		assert_int_equal(press(&question, KEY_RETURN), QUESTION_OPEN);
	}
}

static void a_number_can_be_cancelled(void **state)
{
	struct question question = bulk_of(500);

	assert_int_equal(press(&question, KEY_RETURN), QUESTION_NO);
	press_all(&question, "50");
	assert_int_equal(press(&question, KEY_ESCAPE), QUESTION_NO);
	assert_int_equal(paste(&question, '5'), QUESTION_OPEN);
	assert_string_equal(question.typed, "50");
	assert_int_equal(press_at(&question, '0', 1100), QUESTION_OPEN);
	assert_string_equal(question.typed, "50");
}

static void the_word_of_the_others_is_yes_or_none(void **state)
{
	struct question question = drawn(QUESTION_RUNNING);
	char word[QUESTION_WORD];

	question_word(&question, word);
	assert_string_equal(word, "yes");
	question = drawn(QUESTION_RESET);
	question_word(&question, word);
	assert_string_equal(word, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(some_take_a_key_and_some_a_word),
		cmocka_unit_test(only_y_confirms),
		cmocka_unit_test(nothing_counts_before_it_is_drawn),
		cmocka_unit_test(y_counts_from_a_quarter_of_a_second_on),
		cmocka_unit_test(a_paste_answers_nothing),
		cmocka_unit_test(whatever_is_ignored_begins_the_guard_again),
		cmocka_unit_test(what_confirms_is_read_alone),
		cmocka_unit_test(the_word_and_enter_confirm),
		cmocka_unit_test(a_wrong_word_is_reported_and_can_be_corrected),
		cmocka_unit_test(a_wrong_word_is_reported_until_the_line_changes),
		cmocka_unit_test(the_word_can_be_retyped),
		cmocka_unit_test(enter_on_nothing_declines_the_word),
		cmocka_unit_test(a_word_that_began_too_early_is_not_taken),
		cmocka_unit_test(no_word_is_too_long),
		cmocka_unit_test(a_bulk_of_ten_takes_a_key_and_one_of_eleven_its_number),
		cmocka_unit_test(no_other_number_is_taken),
		cmocka_unit_test(a_number_can_be_cancelled),
		cmocka_unit_test(the_word_of_the_others_is_yes_or_none),
	};

	return tap_run(tests);
}
