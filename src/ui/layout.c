#include "bdbtop/ui/layout.h"

#include <string.h>

#include "bdbtop/core/array.h"

/* Rows of the summary, for screens with at least so many rows. */
static const struct {
	int rows, summary_rows;
} summary_sizes[] = { { 30, LAYOUT_SUMMARY_LONG }, { 20, 5 }, { 14, 3 }, { LAYOUT_MIN_ROWS, 1 } };

#define NOTICE_ROWS 14

void layout_zones(struct zones *z, int cols, int rows)
{
	int next = 0;
	size_t i;

	memset(z, 0, sizeof(*z));
	z->second_notice = -1;
	z->small = cols < LAYOUT_MIN_COLS || rows < LAYOUT_MIN_ROWS;
	if (z->small)
		return;
	for (i = 0; summary_sizes[i].rows > rows; i++)
		;
	z->header = next++;
	z->counts = next++;
	z->notice = rows >= NOTICE_ROWS ? next++ : -1;
	z->headings = next++;
	z->list = next;
	z->summary_rows = summary_sizes[i].summary_rows;
	z->keys = rows - 1;
	z->summary = z->keys - z->summary_rows;
	z->rule = z->summary - 1;
	z->list_rows = z->rule - z->list;
}

void layout_detail(struct zones *z, int cols)
{
	if (z->small)
		return;
	z->summary_rows = 0;
	z->summary = z->keys;
	z->rule = z->keys - 1;
	z->list_rows = z->rule - z->list;
	z->detail = z->list;
	if (cols >= LAYOUT_BESIDE_COLS)
		return;
	/* no headings; a notice that would replace them is drawn in the last row above the keys */
	z->detail = z->headings;
	z->headings = z->rule;
}

/* A list this wide has words and the loss window. */
#define BESIDE_WORDS_COLS   149
#define BESIDE_WORDS_LIST   80
#define BESIDE_LETTERS_LIST 55

int layout_beside_list(int cols)
{
	if (cols < BESIDE_WORDS_COLS)
		return BESIDE_LETTERS_LIST;
	return cols / 2 > BESIDE_WORDS_LIST ? cols / 2 : BESIDE_WORDS_LIST;
}

int layout_beside_at(int cols)
{
	/* a blank and the divider */
	return layout_beside_list(cols) + 2;
}

void layout_grow_summary(struct zones *z, int rows, int min_list_rows)
{
	int most = z->summary_rows + z->list_rows - min_list_rows;
	int more = (rows < most ? rows : most) - z->summary_rows;

	if (z->small || more <= 0)
		return;
	z->summary_rows += more;
	z->summary -= more;
	z->rule -= more;
	z->list_rows -= more;
}

#define MARGIN	      2 /* cursor and mark */
#define ID	      6
#define MIN_NAME      4
#define MIN_REASON    8 /* the code and first word of a result */
#define WIDE_GAP      3 /* before the reason, from so many columns on: */
#define WIDE_GAP_COLS 120
#define REST	      1000

/*
 * How the columns grow with the width, in this order.  From `from` columns of the screen on, the
 * column has `width` cells and takes every further cell up to `max_width`; as_needed: no more than
 * its longest word has.  The last step gives the rest to the reason.  COLUMN_BACKUP stands for the
 * three operations.
 */
static const struct layout_step {
	int from;
	enum row_column column;
	int width, max_width;
	bool as_needed;
} letters_steps[] = {
	{ 40, COLUMN_NAME, 10, 10, false },
	{ 40, COLUMN_BACKUP, 1, 1, false },
	{ 40, COLUMN_REASON, 16, 28, false },
	{ 52, COLUMN_NAME, 10, 13, false },
	{ 55, COLUMN_REASON, 28, REST, false },
}, words_steps[] = {
	{ 66, COLUMN_NAME, 13, 13, false },
	{ 66, COLUMN_BACKUP, 7, 7, false },
	{ 66, COLUMN_REASON, 14, 27, false },
	{ 80, COLUMN_LOSS, 6, 6, false },
	{ 80, COLUMN_REASON, 20, 33, false },
	{ 94, COLUMN_LOSS, 12, 12, false },
	{ 94, COLUMN_REASON, 28, 33, false },
	{ 100, COLUMN_BACKUP, 9, 9, false },
	{ 100, COLUMN_REASON, 28, 31, false },
	{ 104, COLUMN_NAME, 17, 17, false },
	{ 104, COLUMN_REASON, 28, 43, false },
	{ 120, COLUMN_NAME, 17, 32, true },
	{ 120, COLUMN_REASON, 43, REST, false },
	/* the name shrinks for the column NEXT, so that full sentences still fit the reason */
	{ 149, COLUMN_NAME, 18, 18, false },
	{ 149, COLUMN_REASON, 43, 43, false },
	{ 149, COLUMN_STATUS, 12, 12, false },
	{ 149, COLUMN_NEXT, 12, 12, false },
	{ 149, COLUMN_NAME, 18, LAYOUT_NAME_MAX, true },
	{ 149, COLUMN_STATUS, 12, LAYOUT_STATUS_MAX, true },
	{ 149, COLUMN_REASON, 43, REST, false },
};

static bool is_op(enum row_column column)
{
	return column >= COLUMN_BACKUP && column <= COLUMN_IMPORT;
}

/* Places the columns from left to right; returns the column after the last. */
static int place_columns(struct columns *c, int cols)
{
	int gap = c->letters ? 1 : 2, at = MARGIN, i;

	for (i = 0; i < c->order.count; i++) {
		enum row_column column = c->order.column[i];
		struct column_span *span = &c->span[column];

		/* the letters of the operations stand together */
		if (c->letters && i && is_op(column) && is_op(c->order.column[i - 1]))
			at -= gap;
		if (column == COLUMN_REASON && i && cols >= WIDE_GAP_COLS)
			at += WIDE_GAP - gap;
		span->left = at;
		at += span->width ? span->width + gap : 0;
	}
	return at - gap;
}

static void set_width(struct columns *c, enum row_column column, int width)
{
	c->span[column].width = width;
	if (column == COLUMN_BACKUP)
		c->span[COLUMN_EXPORT].width = c->span[COLUMN_IMPORT].width = width;
}

/* The cells of its longest word; REST: not known. */
static int needed_width(enum row_column column, const struct column_needs *needs)
{
	return column == COLUMN_NAME	 ? needs->name_width
	       : column == COLUMN_STATUS ? needs->status_width
					 : REST;
}

static int step_max_width(const struct layout_step *step, const struct column_needs *needs)
{
	int needed = needed_width(step->column, needs);

	if (!step->as_needed || needed > step->max_width)
		return step->max_width;
	return needed > step->width ? needed : step->width;
}

static void apply_steps(struct columns *c, int cols, const struct column_needs *needs)
{
	const struct layout_step *step = c->letters ? letters_steps : words_steps;
	size_t count = c->letters ? ARRAY_SIZE(letters_steps) : ARRAY_SIZE(words_steps);
	int rest;

	for (; count-- && step->from <= cols; step++) {
		set_width(c, step->column, step->width);
		rest = cols - place_columns(c, cols);
		if (rest > step_max_width(step, needs) - step->width)
			rest = step_max_width(step, needs) - step->width;
		if (rest > 0)
			set_width(c, step->column, step->width + rest);
	}
}

/* A longer id shrinks the name to MIN_NAME, then the reason to MIN_REASON, then drops the name. */
static void grow_id(struct columns *c, int more)
{
	int *name = &c->span[COLUMN_NAME].width;

	c->span[COLUMN_DB].width += more;
	*name -= more;
	if (*name >= MIN_NAME)
		return;
	if (c->span[COLUMN_REASON].width - (MIN_NAME - *name) >= MIN_REASON)
		*name = MIN_NAME;
	else
		*name = 0;
}

void layout_columns(struct columns *c, int cols, const struct column_needs *needs)
{
	memset(c, 0, sizeof(*c));
	while (c->order.count < COLUMN_COUNT) {
		c->order.column[c->order.count] = (enum row_column)c->order.count;
		c->order.count++;
	}
	if (cols < LAYOUT_MIN_COLS)
		return;
	c->letters = cols < LAYOUT_WORDS_COLS;
	c->span[COLUMN_DB].width = ID;
	apply_steps(c, cols, needs);
	if (needs->id_width > ID)
		grow_id(c, needs->id_width - ID);
	place_columns(c, cols);
	c->span[COLUMN_REASON].width = cols - c->span[COLUMN_REASON].left;
}

/* --- chosen columns -------------------------------------------------------------------------- */

/* Where the rest of the width goes, in this order; no more than needed_width(). */
static const struct {
	enum row_column column;
	int max_width;
} chosen_growth[] = {
	{ COLUMN_REASON, 28 },
	{ COLUMN_NAME, LAYOUT_NAME_MAX },
	{ COLUMN_BACKUP, 9 },
	{ COLUMN_EXPORT, 9 },
	{ COLUMN_IMPORT, 9 },
	{ COLUMN_REASON, 43 },
	{ COLUMN_STATUS, LAYOUT_STATUS_MAX },
	{ COLUMN_TAGS, 40 },
	{ COLUMN_REASON, REST },
};

static void grow_chosen(struct columns *c, int cols, const struct column_needs *needs)
{
	int rest = cols - place_columns(c, cols), more;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(chosen_growth) && rest > 0; i++) {
		enum row_column column = chosen_growth[i].column;
		int most = chosen_growth[i].max_width, *width = &c->span[column].width;

		if (!*width || (c->letters && is_op(column)))
			continue;
		if (needed_width(column, needs) < most)
			most = needed_width(column, needs);
		more = most - *width < rest ? most - *width : rest;
		if (more <= 0)
			continue;
		*width += more;
		rest -= more;
	}
}

void layout_chosen_columns(struct columns *c, int cols, const struct column_needs *needs,
			   const struct column_list *chosen)
{
	enum row_column column;
	int i, rest;

	if (!chosen->count || cols < LAYOUT_MIN_COLS) {
		layout_columns(c, cols, needs);
		return;
	}
	*c = (struct columns){ .letters = cols < LAYOUT_WORDS_COLS, .order = *chosen };
	for (i = 0; i < chosen->count; i++) {
		column = chosen->column[i];
		c->span[column].width = c->letters ? column_defs[column].letters_width
						   : column_defs[column].words_width;
	}
	if (c->span[COLUMN_DB].width && needs->id_width > ID)
		c->span[COLUMN_DB].width = needs->id_width;
	while (place_columns(c, cols) > cols && column_list_drop(&c->order, &column))
		c->span[column] = (struct column_span){ 0 };
	grow_chosen(c, cols, needs);
	rest = cols - place_columns(c, cols);
	/* only the longest ids leave it fewer cells than it needs */
	if (c->span[COLUMN_REASON].width && rest < 0)
		c->span[COLUMN_REASON].width += rest;
	place_columns(c, cols);
}
