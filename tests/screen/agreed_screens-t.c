/*
 * The drawings that show parts of the agreed screens of doc/screens.md, cell by cell; and each
 * drawing has a case that leads to it.  Where an agreed screen is a complete drawing, its case in
 * tests/screen/screen_cases names it, and tests/ui/frame-t.c compares the canvas with it.
 *
 * A fence there, opened by a line such as "```text 1.2 80x24", may have fewer rows than a screen,
 * and rows of several screens: each of its rows is in one span here.  Where a drawing differs, a
 * table here has both texts and the reason; all other cells of that row are equal.
 */
#include <locale.h>
#include <wchar.h>

#include "bdbtop/core/array.h"
#include "tests/files.h"
#include "tests/screen/screen_cases.h"
#include "tests/tap.h"

#define ROWS_MAX   64
#define FENCES_MAX 64
#define LINES_MAX  2000

/* --- which drawing shows what ---------------------------------------------------------------- */

static const struct screen_span {
	const char *fence;
	int from, rows;		/* of the fence, from 0 */
	const char *drawing;
	int at;			/* row of the drawing, from 0 */
} screen_spans[] = {
	{ "2.2", 0, 7, "running-80x24", 17 },
	{ "3.1", 0, 22, "outcomes-120x22", 0 },
	{ "3.4", 0, 5, "sums-120x36", 0 },
	{ "5.2", 0, 7, "sorted-120x36", 0 },
	{ "6.2", 0, 7, "password-80x24", 17 },
	{ "6.5", 0, 1, "skew-80x14", 0 },
	{ "6.5", 1, 1, "read-only-80x14", 0 },
	{ "6.5", 2, 1, "insecure-80x14", 0 },
	{ "6.5", 3, 1, "via-80x14", 0 },
	{ "6.5", 4, 1, "paused-80x14", 0 },
	{ "6.5", 5, 1, "poll-late-80x14", 0 },
	{ "6.5", 6, 1, "read-only-list-80x14", 13 },
	{ "6.5", 7, 1, "role-80x14", 13 },
	{ "7.1", 0, 24, "help-80x24", 0 },
	{ "7.3", 0, 1, "absence-80x24", 2 },
	{ "9.2", 0, 6, "waiting-80x24", 0 },
	{ "9.3", 0, 7, "empty-80x24", 0 },
	{ "9.4", 0, 5, "ids-80x14", 1 },
	{ "9.4", 5, 1, "ids-80x14", 9 },
	{ "9.5", 0, 5, "odd-names-80x14", 3 },
};


/* Each text occurs once in its row. */
static const struct screen_difference {
	const char *fence;
	int row;
	const char *agreed, *ours, *why;
} screen_differences[] = {
	{ "3.1", 1, "58 failed", "57 failed", "what is gone has no verdict any more" },
	{ "3.1", 6, "200 accepted  no-permission", "200 accepted  no-permission, 2d 04h late",
	  "lateness is said on every late row that has room for it" },
	{ "3.1", 14, "not sent, name changed  general-error",
	  "not sent, another database under db:55",
	  "the machine of resets takes another name for another database, and says so" },
	{ "3.1", 18, "the cluster runs another action on this database",
	  "active-change-pending", "what it works on is said where a read shows it" },
	{ "9.4", 5, "4181-4182", "4181-4185",
	  "the smallest screen with a notice line has five rows of the list, not two" },
	{ "9.5", 0, "      DB  NAME", "     DB▲  NAME",
	  "in the order of their ids these stand when sorted by them" },
};

/* --- reading --------------------------------------------------------------------------------- */

/* Splits a text into lines, in place; returns their number. */
static int lines_of(char *text, char **line, int most)
{
	int count = 0;

	while (*text && count < most) {
		line[count++] = text;
		text += strcspn(text, "\n");
		if (*text)
			*text++ = '\0';
	}
	return count;
}

/* One agreed screen, or some rows of one. */
struct fence {
	char name[8];
	int cols, count;
	char *row[ROWS_MAX];
	bool shown[ROWS_MAX];
};

struct agreed_screens {
	char *text;
	struct fence fence[FENCES_MAX];
	int count;
};

/* Blocks without a number are not compared. */
static bool opens_fence(const char *line, struct fence *fence)
{
	int rows;

	return sscanf(line, "```text %7s %dx%d", fence->name, &fence->cols, &rows) == 3;
}

static void read_agreed_screens(struct agreed_screens *screens)
{
	char *line[LINES_MAX];
	bool within = false;
	int count, i;

	memset(screens, 0, sizeof(*screens));
	screens->text = source_text("doc/screens.md");
	count = lines_of(screens->text, line, LINES_MAX);
	assert_true(count < LINES_MAX);
	for (i = 0; i < count; i++) {
		struct fence *fence = &screens->fence[screens->count];

		assert_true(screens->count < FENCES_MAX);
		if (within && !strncmp(line[i], "```", 3)) {
			within = false;
			screens->count++;
		} else if (within) {
			assert_true(fence->count < ROWS_MAX);
			fence->row[fence->count++] = line[i];
		} else {
			within = opens_fence(line[i], fence);
		}
	}
}

static struct fence *fence_named(struct agreed_screens *agreed, const char *name)
{
	int i;

	for (i = 0; i < agreed->count; i++)
		if (!strcmp(agreed->fence[i].name, name))
			return &agreed->fence[i];
	fail_msg("doc/screens.md has no fence %s", name);
	return NULL;
}

/* --- comparing ------------------------------------------------------------------------------- */

/* Replaces the text of a known difference in a row of the agreed screens. */
static void use_difference(const char *fence, int row, char *text, size_t size)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(screen_differences); i++) {
		const struct screen_difference *d = &screen_differences[i];
		char tail[1024], *at;

		if (strcmp(d->fence, fence) != 0 || d->row != row)
			continue;
		at = d->agreed[0] ? strstr(text, d->agreed) : text + strlen(text);
		if (!at)
			fail_msg("%s, row %d does not say \"%s\"", fence, row, d->agreed);
		assert_true(strlen(d->why) > 10);
		snprintf(tail, sizeof(tail), "%s", at + strlen(d->agreed));
		snprintf(at, size - (size_t)(at - text), "%s%s", d->ours, tail);
	}
}

static void trim(char *row)
{
	size_t length = strlen(row);

	while (length && row[length - 1] == ' ')
		row[--length] = '\0';
}

static int compare_span(struct fence *fence, const struct screen_span *span)
{
	char name[80], *text, *line[ROWS_MAX], wanted[1024];
	int i, count, differ = 0;

	snprintf(name, sizeof(name), "tests/screen/drawn/%s", span->drawing);
	text = source_text(name);
	assert_non_null(text);
	count = lines_of(text, line, ROWS_MAX);
	assert_true(span->at + span->rows <= count);
	for (i = 0; i < span->rows; i++) {
		int row = span->from + i;
		char *ours = line[span->at + i];

		assert_true(row < fence->count && !fence->shown[row]);
		fence->shown[row] = true;
		snprintf(wanted, sizeof(wanted), "%s", fence->row[row]);
		use_difference(fence->name, row, wanted, sizeof(wanted));
		trim(wanted);
		trim(ours);
		if (strcmp(wanted, ours) != 0) {
			print_message("%s, row %d, against %s\n# agreed %s\n# ours   %s\n",
				      fence->name, row, span->drawing, wanted, ours);
			differ++;
		}
	}
	free(text);
	return differ;
}

/* A case is compared with this screen itself. */
static bool is_drawing(const char *fence)
{
	size_t i;

	for (i = 0; i < screen_case_count; i++)
		if (!strcmp(screen_cases[i].agreed, fence))
			return true;
	return false;
}

/* The fences whose number begins so: `1.3`, or `1.` for all of section 1. */
static void agreed_section_is_drawn(void **state)
{
	const char *section = *state;
	struct agreed_screens *agreed = malloc(sizeof(*agreed));
	int differ = 0, fences = 0, i, row;
	size_t s;

	assert_non_null(agreed);
	read_agreed_screens(agreed);
	for (s = 0; s < ARRAY_SIZE(screen_spans); s++)
		if (!strncmp(screen_spans[s].fence, section, strlen(section)))
			differ += compare_span(fence_named(agreed, screen_spans[s].fence),
					       &screen_spans[s]);
	for (i = 0; i < agreed->count; i++) {
		struct fence *fence = &agreed->fence[i];

		if (strncmp(fence->name, section, strlen(section)) != 0)
			continue;
		fences++;
		for (row = 0; row < fence->count && !is_drawing(fence->name); row++)
			if (!fence->shown[row])
				fail_msg("%s, row %d is in no drawing", fence->name, row);
	}
	free(agreed->text);
	free(agreed);
	assert_true(fences > 0);
	if (differ)
		fail_msg("%d rows differ from the agreed screens", differ);
}

/* A known difference that no longer exists must be removed from the table. */
static void every_known_difference_is_used(void **state)
{
	size_t d, s, found;

	for (d = 0; d < ARRAY_SIZE(screen_differences); d++) {
		assert_string_not_equal(screen_differences[d].agreed, screen_differences[d].ours);
		for (s = found = 0; s < ARRAY_SIZE(screen_spans); s++)
			found += !strcmp(screen_spans[s].fence, screen_differences[d].fence) &&
				 screen_differences[d].row >= screen_spans[s].from &&
				 screen_differences[d].row <
					 screen_spans[s].from + screen_spans[s].rows;
		assert_int_equal(found, 1);
	}
}

/* --- cases and files ------------------------------------------------------------------------- */

static bool has_case(const char *file)
{
	char name[80];
	size_t i;

	for (i = 0; i < screen_case_count; i++) {
		snprintf(name, sizeof(name), "%s-%dx%d", screen_cases[i].name, screen_cases[i].cols,
			 screen_cases[i].rows);
		if (!*screen_cases[i].agreed && !strcmp(name, file))
			return true;
	}
	return false;
}

static void each_drawing_has_its_case(void **state)
{
	const struct dirent *entry;
	char path[4096];
	size_t files = 0, agreed = 0, i;
	DIR *drawn;

	source_path(path, "tests/screen/drawn");
	drawn = opendir(path);
	assert_non_null(drawn);
	while ((entry = readdir(drawn)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		files++;
		if (!has_case(entry->d_name))
			fail_msg("no scene leads to %s", entry->d_name);
	}
	closedir(drawn);
	for (i = 0; i < screen_case_count; i++)
		agreed += *screen_cases[i].agreed != '\0';
	assert_int_equal(files + agreed, screen_case_count);
}

static int cells(const char *row)
{
	wchar_t wide[1024];

	assert_true(mbstowcs(wide, row, 1024) < 1024);
	return wcswidth(wide, 1024);
}

static void each_case_has_a_drawing_of_its_size(void **state)
{
	char *line[ROWS_MAX];
	size_t i;

	for (i = 0; i < screen_case_count; i++) {
		char *drawing = screen_case_drawing(&screen_cases[i]);
		int row, count;

		if (!drawing)
			fail_msg("no drawing %s-%dx%d", screen_cases[i].name,
				 screen_cases[i].cols, screen_cases[i].rows);
		count = lines_of(drawing, line, ROWS_MAX);
		assert_int_equal(count, screen_cases[i].rows);
		for (row = 0; row < count; row++)
			assert_in_range(cells(line[row]), 0, screen_cases[i].cols);
		free(drawing);
	}
}

#define SECTION(number, title)                                                                     \
	{                                                                                          \
		.name = title " looks as agreed", .test_func = agreed_section_is_drawn,            \
		.initial_state = (void *)(uintptr_t)number                                         \
	}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SECTION("1.", "the list"),
		SECTION("2.", "a question"),
		SECTION("3.", "a result"),
		SECTION("4.", "the detail"),
		SECTION("5.", "finding"),
		SECTION("6.", "trouble"),
		SECTION("7.", "help, log, looked away"),
		SECTION("9.", "an edge"),
		cmocka_unit_test(every_known_difference_is_used),
		cmocka_unit_test(each_drawing_has_its_case),
		cmocka_unit_test(each_case_has_a_drawing_of_its_size),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	screen_cases_read();
	return tap_run(tests);
}
