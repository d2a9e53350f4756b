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

#define MARGIN	    2 /* cursor and mark */
#define ID	    6
#define LETTERS_GAP 1
#define WORDS_GAP   2
#define MIN_NAME    4
#define MIN_REASON  8 /* the code and first word of a result */

/*
 * How the columns grow with the width, in this order.  From `from` columns of the screen on, the
 * part has `width` cells and takes every further cell up to `max_width`.  The last step gives the
 * rest to the reason.
 */
enum row_part {
	PART_NAME,
	PART_WORD,
	PART_REASON,
	PART_LAST,
	PART_LAST_GAP,
	PART_STATUS,
	PART_NEXT,
	PART_COUNT
};

static const struct layout_step {
	int from;
	enum row_part part;
	int width, max_width;
} letters_steps[] = {
	{ 40, PART_REASON, 16, 28 },
	{ 52, PART_NAME, 10, 13 },
	{ 55, PART_REASON, 28, 1000 },
}, words_steps[] = {
	{ 66, PART_REASON, 14, 41 },
	{ 94, PART_LAST, 12, 12 },
	{ 94, PART_REASON, 28, 33 },
	{ 100, PART_WORD, 9, 9 },
	{ 100, PART_REASON, 28, 31 },
	{ 104, PART_NAME, 17, 17 },
	{ 104, PART_REASON, 28, 43 },
	{ 120, PART_LAST_GAP, 3, 3 },
	{ 120, PART_NAME, 17, 32 },
	{ 135, PART_REASON, 43, 56 },
	/* the name shrinks for the column NEXT, so that full sentences still fit the reason */
	{ 149, PART_NAME, 18, 18 },
	{ 149, PART_REASON, 43, 43 },
	{ 149, PART_STATUS, 12, 12 },
	{ 149, PART_NEXT, 12, 12 },
	{ 149, PART_NAME, 18, 32 },
	{ 149, PART_REASON, 43, 1000 },
};

static int fixed_width(const int part[PART_COUNT], bool letters)
{
	if (letters)
		return MARGIN + ID + LETTERS_GAP + LETTERS_GAP + OP_KINDS + LETTERS_GAP;
	return MARGIN + ID + WORDS_GAP + WORDS_GAP + OP_KINDS * (part[PART_WORD] + WORDS_GAP) +
	       (part[PART_LAST] ? part[PART_LAST] + part[PART_LAST_GAP] : 0) +
	       (part[PART_STATUS] ? part[PART_STATUS] + WORDS_GAP : 0) +
	       (part[PART_NEXT] ? part[PART_NEXT] + WORDS_GAP : 0);
}

static void apply_steps(int part[PART_COUNT], int cols, bool letters)
{
	const struct layout_step *step = letters ? letters_steps : words_steps;
	size_t count = letters ? ARRAY_SIZE(letters_steps) : ARRAY_SIZE(words_steps), i;

	for (i = 0; i < count && step[i].from <= cols; i++) {
		int *width = &part[step[i].part], rest;

		*width = step[i].width;
		rest = cols - fixed_width(part, letters) - part[PART_NAME] - part[PART_REASON];
		if (step[i].width < step[i].max_width && rest > 0)
			*width += rest < step[i].max_width - step[i].width
					  ? rest
					  : step[i].max_width - step[i].width;
	}
}

/* A longer id shrinks the name to MIN_NAME, then the reason to MIN_REASON, then drops the name. */
static void shrink_for_id(int part[PART_COUNT], int more, int gap)
{
	part[PART_NAME] -= more;
	if (part[PART_NAME] >= MIN_NAME)
		return;
	part[PART_REASON] -= MIN_NAME - part[PART_NAME];
	part[PART_NAME] = MIN_NAME;
	if (part[PART_REASON] >= MIN_REASON)
		return;
	part[PART_REASON] += MIN_NAME + gap;
	part[PART_NAME] = 0;
}

static int set_column(struct column_span *column, int at, int width, int gap)
{
	column->left = at;
	column->width = width;
	return width ? at + width + gap : at;
}

void layout_columns(struct columns *c, int cols, int id_width)
{
	int part[PART_COUNT] = { [PART_NAME] = 13, [PART_WORD] = 7, [PART_LAST_GAP] = WORDS_GAP };
	int gap, at = MARGIN, id = id_width > ID ? id_width : ID, kind;

	memset(c, 0, sizeof(*c));
	if (cols < LAYOUT_MIN_COLS)
		return;
	c->letters = cols < LAYOUT_WORDS_COLS;
	gap = c->letters ? LETTERS_GAP : WORDS_GAP;
	if (c->letters)
		part[PART_NAME] = 10;
	apply_steps(part, cols, c->letters);
	shrink_for_id(part, id - ID, gap);
	at = set_column(&c->db, at, id, gap);
	at = set_column(&c->name, at, part[PART_NAME], gap);
	at = set_column(&c->status, at, part[PART_STATUS], gap);
	for (kind = 0; kind < OP_KINDS; kind++)
		at = set_column(&c->op[kind], at, c->letters ? 1 : part[PART_WORD],
				c->letters ? 0 : gap);
	if (c->letters)
		at += gap;
	at = set_column(&c->last_backup, at, part[PART_LAST],
			part[PART_NEXT] ? WORDS_GAP : part[PART_LAST_GAP]);
	at = set_column(&c->next_backup, at, part[PART_NEXT], part[PART_LAST_GAP]);
	set_column(&c->reason, at, cols - at, 0);
}
