/*
 * Help: from the table of commands and the table of verdicts.
 */
#include "bdbtop/ui/scene.h"

#include "bdbtop/core/text.h"

#include <stdio.h>
#include <string.h>

#define BLOCKS 3
#define INDENT 2
#define WHOLE_ROWS 20	/* below this there is no room for groups */

/* One group in a column of its own width. */
struct block {
	struct scene const *scene;
	int row, end;		/* next row, and the first below */
	int col, cells;
};

/* Where the columns begin when there are so many of them, and which groups stand in each. */
static const int begins[BLOCKS + 1] = { 1, 30, 59, 80 };
static const enum command_group placed[BLOCKS][2] = {
	{ GROUP_RESET, GROUP_NONE },
	{ GROUP_FIND, GROUP_KEEP },
	{ GROUP_MOVE, GROUP_NONE },
};

/* The next command of the group after id that has a line of its own; CMD_NONE: none. */
static enum command_id next_in(enum command_group group, enum command_id id)
{
	int next;

	for (next = id + 1; next < CMD_COUNT; next++)
		if (commands[next].group == group && commands[next].help)
			return (enum command_id)next;
	return CMD_NONE;
}

/* Widest keys of the lines from id on whose help still fits beside them; *after: of the rest. */
static int run_width(const struct block *block, enum command_id id, enum command_id *after)
{
	int keys = 0, help = 0;

	for (; id; id = next_in(commands[id].group, id)) {
		int more_keys = text_width(commands[id].keys_text),
		    more_help = text_width(commands[id].help);

		more_keys = more_keys > keys ? more_keys : keys;
		more_help = more_help > help ? more_help : help;
		if (keys && INDENT - 1 + more_keys + 2 + more_help > block->cells)
			break;
		keys = more_keys;
		help = more_help;
	}
	*after = id;
	return keys;
}

static struct pen pen_in(const struct block *block, int indent)
{
	struct pen pen = pen_at(block->scene->canvas, block->row, block->col + indent,
				block->col + block->cells);

	if (block->row >= block->end)
		pen.end = pen.col;
	return pen;
}

static void draw_group(struct block *block, enum command_group group)
{
	enum command_id id = next_in(group, CMD_NONE), after = id;
	struct pen pen = pen_in(block, 0);
	int keys = 0;

	pen_put(&pen, EL_HEADER, command_group_titles[group]);
	block->row++;
	for (; id; id = next_in(group, id)) {
		if (id == after)
			keys = run_width(block, id, &after);
		pen = pen_in(block, INDENT - 1);
		pen_field(&pen, EL_KEY, keys, commands[id].keys_text);
		pen_skip(&pen, 2);
		pen_cut(&pen, EL_TEXT, commands[id].help);
		block->row++;
	}
}

/* Returns the row behind the commands. */
static int draw_commands(const struct scene *scene, int row)
{
	int cols = scene->canvas->cols, columns = cols >= begins[BLOCKS] ? BLOCKS
						  : cols >= begins[2]	 ? 2
									 : 1;
	int lowest = row, i, j;
	struct block block = { .scene = scene, .row = row, .end = scene->canvas->rows };

	for (i = 0; i < BLOCKS; i++) {
		block.col = begins[i % columns];
		block.cells = (i % columns + 1 < columns ? begins[i % columns + 1] - 1 : cols) -
			      block.col;
		block.row = i < columns ? row : block.row;
		for (j = 0; j < 2 && placed[i][j] != GROUP_NONE; j++) {
			draw_group(&block, placed[i][j]);
			block.row++;
		}
		lowest = block.row > lowest ? block.row : lowest;
	}
	return lowest;
}

static void draw_verdict(struct pen *pen, enum verdict verdict)
{
	const struct verdict_def *def = &verdict_defs[verdict];
	char letter[2] = { def->letter, '\0' };

	pen_put(pen, def->element, letter);
	pen_skip(pen, 1);
	pen_put(pen, def->element, def->sentence);
}

/* Worst first, the harmless two in one line where it is wide enough. */
static int draw_verdicts(const struct scene *scene, int row)
{
	static const enum verdict order[] = { VERDICT_FAILED, VERDICT_STALLED, VERDICT_OVERDUE,
					      VERDICT_RUNNING, VERDICT_OK, VERDICT_IDLE,
					      VERDICT_OTHER };
	static const int help_at = 14, beside = 33;
	struct pen pen = pen_at(scene->canvas, row++, 1, scene->canvas->cols);
	bool together = scene->canvas->cols >= LAYOUT_WORDS_COLS;
	size_t i;

	pen_put(&pen, EL_HEADER, "STATES");
	pen_put(&pen, EL_TEXT, ", worst first");
	for (i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		int col = together && order[i] == VERDICT_IDLE ? beside : INDENT;

		pen = pen_at(scene->canvas, row, col, scene->canvas->cols);
		draw_verdict(&pen, order[i]);
		pen.col = col == beside ? beside + 11 : help_at;
		pen_cut(&pen, EL_TEXT, verdict_defs[order[i]].help);
		row += !(together && order[i] == VERDICT_OK);
	}
	return row;
}

/* On a small screen: commands side by side without their groups, and the letters of the list. */
static void draw_compact(const struct scene *scene)
{
	int rows = scene->canvas->rows - 2, cells = scene->canvas->cols / 2, group, row = 0,
	    verdict;
	struct block block = { .scene = scene,
			       .row = 1,
			       .end = scene->canvas->rows - 1,
			       .col = 1,
			       .cells = cells - 1 };
	struct pen pen = pen_at(scene->canvas, scene->canvas->rows - 1, 1, scene->canvas->cols);

	for (group = 0; group < GROUP_NONE; group++) {
		enum command_id id = CMD_NONE;

		while ((id = next_in((enum command_group)group, id))) {
			block.row = 1 + row % rows;
			block.col = 1 + row / rows * cells;
			row++;
			pen = pen_in(&block, 0);
			pen_put(&pen, EL_KEY, commands[id].keys_text);
			pen_skip(&pen, 1);
			pen_cut(&pen, EL_TEXT, commands[id].help);
		}
	}
	pen = pen_at(scene->canvas, scene->canvas->rows - 1, 1, scene->canvas->cols);
	for (verdict = 0; verdict < VERDICT_KINDS; verdict++) {
		draw_verdict(&pen, (enum verdict)verdict);
		pen_skip(&pen, 1);
	}
}

void help_draw(const struct scene *scene)
{
	int rows = scene->canvas->rows, cols = scene->canvas->cols, row;
	struct pen pen = pen_at(scene->canvas, 0, 1, cols);
	struct prose last = { .end = rows, .col = 1 };

	pen_putf(&pen, EL_HEADER, "bdbtop %s", scene->version);
	pen_put(&pen, EL_TEXT, "  help");
	scene_right(scene, 0, cols - pen.col - 3, EL_DIM,
		    cols < LAYOUT_WORDS_COLS ? "any key returns" : "any other key returns");
	if (rows < WHOLE_ROWS || cols < LAYOUT_WORDS_COLS) {
		draw_compact(scene);
		return;
	}
	row = draw_commands(scene, rows > WHOLE_ROWS ? 2 : 1);
	row = draw_verdicts(scene, row) + (row + 8 <= rows);
	last.row = row;
	scene_prose(
		scene, &last,
		"LAST BACKUP is the age of the last good one. A reset clears a status, no cause.");
}
