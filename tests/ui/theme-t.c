#include "bdbtop/core/array.h"
#include "bdbtop/ui/theme.h"

#include "bdbtop/ui/canvas.h"
#include "tests/tap.h"

static void names_no_colour_that_a_palette_may_hide(void **state)
{
	unsigned flags;
	int element;

	for (element = 0; element < STYLE_COUNT; element++)
		for (flags = 0; flags <= (CELL_CHOSEN | CELL_WORST); flags++) {
			int colour =
				theme_attributes(THEME_COLOUR, (enum style)element, flags).colour;

			assert_true(colour == 0 || colour == 1 || colour == 2 || colour == 3 ||
				    colour == 5 || colour == 6);
		}
}

static void is_complete_without_colour_and_without_dim(void **state)
{
	int element;

	for (element = 0; element < STYLE_COUNT; element++) {
		struct cell_attributes attr =
			theme_attributes(THEME_MONOCHROME, (enum style)element, 0);

		assert_int_equal(attr.colour, 0);
		assert_false(attr.dim);
	}
	assert_true(theme_attributes(THEME_MONOCHROME, STYLE_DANGER, 0).reverse);
	assert_true(theme_attributes(THEME_MONOCHROME, STYLE_FAILED, 0).bold);
	assert_false(theme_attributes(THEME_MONOCHROME, STYLE_FAILED_REASON, 0).bold);
}

static bool is(enum style style, int colour, bool bold, bool reverse)
{
	struct cell_attributes attr = theme_attributes(THEME_CONTRAST, style, 0);

	return attr.colour == colour && attr.bold == bold && attr.reverse == reverse && !attr.dim;
}

static void in_high_contrast_what_is_wrong_is_filled_and_nothing_is_faint(void **state)
{
	enum { RED = 1, GREEN, YELLOW };
	static const enum style bold[] = { STYLE_HEADER,  STYLE_RUNNING, STYLE_OTHER,
					   STYLE_MARK,	  STYLE_KEY,	 STYLE_PENDING,
					   STYLE_WAITING, STYLE_QUESTION },
				plain[] = { STYLE_TEXT, STYLE_DIM, STYLE_OK, STYLE_IDLE,
					    STYLE_KEY_OFF };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bold); i++)
		assert_true(is(bold[i], 0, true, false));
	for (i = 0; i < ARRAY_SIZE(plain); i++)
		assert_true(is(plain[i], 0, false, false));
	assert_true(is(STYLE_FAILED, RED, false, true));
	assert_true(is(STYLE_FAILED_REASON, RED, false, false));
	assert_true(is(STYLE_STALLED, YELLOW, false, true));
	assert_true(is(STYLE_SUSPECT, YELLOW, false, true));
	assert_true(is(STYLE_OVERDUE, YELLOW, false, true));
	assert_true(is(STYLE_CLEARED, GREEN, false, true));
	assert_true(is(STYLE_REFUSED, RED, false, true));
	assert_true(is(STYLE_DANGER, RED, false, true));
}

static void the_chosen_row_is_a_bar_in_every_theme(void **state)
{
	int theme, element;

	for (theme = 0; theme < THEME_COUNT; theme++)
		for (element = 0; element < STYLE_COUNT; element++) {
			struct cell_attributes attr = theme_attributes(
				(enum theme)theme, (enum style)element, CELL_CHOSEN);

			assert_true(attr.reverse);
			assert_int_equal(attr.colour, 0);
		}
}

static void green_is_for_cleared_and_for_the_label(void **state)
{
	int element;

	for (element = 0; element < STYLE_COUNT; element++)
		assert_int_equal(theme_attributes(THEME_COLOUR, (enum style)element, 0).colour == 2,
				 element == STYLE_CLEARED || element == STYLE_LABEL_GREEN);
}

static void shows_the_selected_row_in_reverse_with_the_colour_of_its_worst_word(void **state)
{
	struct cell_attributes plain, worst;

	plain = theme_attributes(THEME_COLOUR, STYLE_FAILED, CELL_CHOSEN);
	assert_true(plain.reverse);
	assert_int_equal(plain.colour, 0);
	assert_false(plain.dim);
	worst = theme_attributes(THEME_COLOUR, STYLE_FAILED, CELL_CHOSEN | CELL_WORST);
	assert_true(worst.reverse);
	assert_int_equal(worst.colour, 1);
	assert_true(worst.bold);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_no_colour_that_a_palette_may_hide),
		cmocka_unit_test(is_complete_without_colour_and_without_dim),
		cmocka_unit_test(
			in_high_contrast_what_is_wrong_is_filled_and_nothing_is_faint),
		cmocka_unit_test(the_chosen_row_is_a_bar_in_every_theme),
		cmocka_unit_test(green_is_for_cleared_and_for_the_label),
		cmocka_unit_test(
			shows_the_selected_row_in_reverse_with_the_colour_of_its_worst_word),
	};

	return tap_run(tests);
}
