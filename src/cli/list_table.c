#include "src/cli/list_table.h"

#include <string.h>

#include "bdbtop/core/text.h"
#include "bdbtop/session/row.h"

#define CELL 2048 /* all that the cluster may say in one */
#define GAP  2
#define WORD 9

/* In a pipe every column has the room that it needs; on a terminal `least` at least, `most` at
 * most, and it stays away below so many columns. */
static const struct column {
	const char *heading, *plain; /* in a pipe; NULL: not there */
	int from, least, most;
	bool right;
} columns[COLS] = {
	[COL_DB] = { .heading = "DB", .plain = "DB", .least = 6, .most = CELL, .right = true },
	[COL_NAME] = { .heading = "NAME", .plain = "NAME", .least = 13, .most = 32 },
	[COL_STATUS] = { .heading = "STATUS", .from = 149, .least = 12, .most = 24 },
	[COL_BACKUP] = { .heading = "BACKUP", .plain = "BACKUP", .least = 7, .most = WORD },
	[COL_EXPORT] = { .heading = "EXPORT", .plain = "EXPORT", .least = 7, .most = WORD },
	[COL_IMPORT] = { .heading = "IMPORT", .plain = "IMPORT", .least = 7, .most = WORD },
	[COL_LAST] = { .heading = "LAST BACKUP",
		       .plain = "LAST_BACKUP",
		       .from = 94,
		       .most = CELL,
		       .right = true },
	[COL_NEXT] = { .heading = "NEXT", .from = 149, .least = 11, .most = CELL, .right = true },
	[COL_REASON] = { .heading = "REASON", .plain = "REASON", .most = CELL },
};
#define NAME_NARROW 13

/* One database. */
struct line {
	char cell[COLS][CELL];
};

static void put_cell(char cell[CELL], const char *words)
{
	struct text text;

	text_init(&text, cell, CELL);
	text_add(&text, words);
}

/* In a pipe a cell is one word: spaces are told as what they are. */
static void one_word(char cell[CELL])
{
	char copy[CELL], *word = copy, *space;
	struct text text;

	strcpy(copy, cell);
	text_init(&text, cell, CELL);
	while ((space = strchr(word, ' '))) {
		*space = '\0';
		text_add(&text, word);
		text_add(&text, "<U+0020>");
		word = space + 1;
	}
	text_add(&text, *copy || word > copy ? word : "-");
}

static void fill_reason(struct line *line, const struct row *row)
{
	struct text text;
	size_t i;

	text_init(&text, line->cell[COL_REASON], CELL);
	for (i = 0; i < row->clause_count; i++) {
		text_add(&text, i ? row_join(row, i) : "");
		text_add(&text, row->clauses[i].text);
	}
}

static void fill_line(struct line *line, const struct sheet *sheet, const struct bdb *bdb,
		      const struct row *row)
{
	const struct op *backup = &bdb->op[OP_BACKUP];
	int kind, col;

	put_cell(line->cell[COL_DB], row->id);
	put_cell(line->cell[COL_NAME], row->name);
	put_cell(line->cell[COL_STATUS], row->state);
	for (kind = 0; kind < OP_KINDS; kind++)
		put_cell(line->cell[COL_BACKUP + kind], row->op[kind].word);
	put_cell(line->cell[COL_LAST], row->last_backup);
	put_cell(line->cell[COL_NEXT], row->next);
	fill_reason(line, row);
	if (sheet->options->terminal)
		return;
	if (backup->last_success_presence == FIELD_PRESENT)
		time_format_iso(line->cell[COL_LAST], backup->last_success_s);
	for (col = COL_DB; col < COL_REASON; col++)
		one_word(line->cell[col]);
}

/* A row of the view; false when it is another cluster's. */
static bool make_line(struct line *line, const struct sheet *sheet, size_t at)
{
	const struct row_style style = { .width = ROW_FULL,
					 .ascii = sheet->options->ascii,
					 .full_reasons = !sheet->options->terminal };
	struct bdb_id id = view_at(sheet->view, at);
	const struct roster_entry *entry;
	struct row row;

	if (id.cluster != cluster_index(sheet->cluster))
		return false;
	entry = roster_find(cluster_roster(sheet->cluster), id.uid);
	if (!entry)
		return false;
	row_init(&row, sheet->cluster, entry, &style, sheet->now);
	/* without a width yet when the columns are measured */
	if (sheet->fitted)
		row_fit(&row, sheet->width[COL_REASON], style.ascii);
	fill_line(line, sheet, entry->bdb, &row);
	return true;
}

static void make_headings(struct line *line, const struct sheet *sheet)
{
	int col;

	for (col = 0; col < COLS; col++) {
		const struct column *column = &columns[col];

		put_cell(line->cell[col], sheet->options->terminal ? column->heading
					  : column->plain	   ? column->plain
								   : "");
	}
}

static void measure(struct sheet *sheet, const struct line *line)
{
	int col, width;

	for (col = 0; col < COLS; col++) {
		width = text_width(line->cell[col]);
		if (width > sheet->width[col])
			sheet->width[col] = width;
	}
}

/* LAST BACKUP, STATUS and NEXT are the first to go when the width ends, then names are cut; never
 * an id nor a state. */
static void fit(struct sheet *sheet)
{
	int rest = sheet->options->columns, col;

	for (col = 0; col < COL_REASON; col++) {
		const struct column *column = &columns[col];
		int *width = &sheet->width[col], most = column->most;

		if (col == COL_NAME && sheet->options->columns < columns[COL_LAST].from)
			most = NAME_NARROW;
		if (*width < column->least)
			*width = column->least;
		if (*width > most)
			*width = most;
		if (column->from > sheet->options->columns)
			*width = 0;
		rest -= *width ? *width + GAP : 0;
	}
	sheet->width[COL_REASON] = rest > 0 ? rest : 0;
	sheet->fitted = true;
}

void sheet_init(struct sheet *sheet, struct session *session, const struct cluster *cluster,
		const struct list_options *options, struct moment now)
{
	struct line line = { 0 };
	size_t i;
	int col;

	*sheet = (struct sheet){
		.view = session_view(session), .cluster = cluster, .options = options, .now = now
	};
	make_headings(&line, sheet);
	measure(sheet, &line);
	for (i = 0; i < view_rows(sheet->view); i++)
		if (make_line(&line, sheet, i)) {
			measure(sheet, &line);
			sheet->shown++;
		}
	if (options->terminal)
		fit(sheet);
	for (col = 0; col < COLS; col++)
		if (!options->terminal && !columns[col].plain)
			sheet->width[col] = 0;
}

static void pad(FILE *out, int cells)
{
	fprintf(out, "%*s", cells > 0 ? cells : 0, "");
}

static void print_fitting(const struct sheet *sheet, const struct line *line, FILE *out)
{
	char cell[CELL];
	int gap = 0, col;

	for (col = 0; col < COL_REASON; col++) {
		int width = sheet->width[col], rest;
		bool right = columns[col].right;

		if (!width)
			continue;
		rest = width - text_truncate_middle(cell, sizeof(cell), line->cell[col], width,
						    sheet->options->ascii);
		pad(out, gap + (right ? rest : 0));
		fputs(cell, out);
		gap = GAP + (right ? 0 : rest);
	}
	text_truncate(cell, sizeof(cell), line->cell[COL_REASON], sheet->width[COL_REASON],
		      sheet->options->ascii);
	/* no blanks at the end of a line */
	pad(out, cell[0] ? gap : 0);
	fprintf(out, "%s\n", cell);
}

/* In a pipe: nothing cut, nothing aligned to the right, no blanks at the end of a line. */
static void print_plain(const struct sheet *sheet, const struct line *line, FILE *out)
{
	int col, gap = 0;

	for (col = 0; col < COLS && (col < COL_REASON || *line->cell[COL_REASON]); col++) {
		if (!sheet->width[col])
			continue;
		pad(out, gap);
		fputs(line->cell[col], out);
		gap = sheet->width[col] + GAP - text_width(line->cell[col]);
	}
	putc('\n', out);
}

void sheet_print(const struct sheet *sheet, FILE *out)
{
	void (*print)(const struct sheet *, const struct line *, FILE *) =
		sheet->options->terminal ? print_fitting : print_plain;
	struct line line = { 0 };
	size_t i;

	make_headings(&line, sheet);
	print(sheet, &line, out);
	for (i = 0; i < view_rows(sheet->view); i++)
		if (make_line(&line, sheet, i))
			print(sheet, &line, out);
}
