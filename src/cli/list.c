#include "bdbtop/cli/list.h"

#include "bdbtop/core/text.h"
#include "bdbtop/session/row.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* One row's cells as they will be printed. */
enum { COL_DB, COL_NAME, COL_BACKUP, COL_EXPORT, COL_IMPORT, COL_LAST, COL_REASON, COLS };

#define CELL 256

struct print_row {
	int rank;
	int64_t uid;
	char cell[COLS][CELL];
};

struct sheet {
	struct print_row *row;
	size_t count;
	int width[COLS];
};

static int by_rank(const void *a, const void *b)
{
	const struct print_row *left = a, *right = b;

	if (left->rank != right->rank)
		return left->rank < right->rank ? -1 : 1;
	return left->uid < right->uid ? -1 : left->uid > right->uid;
}

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

static void fill_reason(char out[CELL], const struct row *row)
{
	struct text text;
	size_t i;

	text_init(&text, out, CELL);
	for (i = 0; i < row->clauses; i++) {
		if (i)
			text_add(&text, ", ");
		if (row->clause[i].percent >= 0)
			text_addf(&text, "%d%%", row->clause[i].percent);
		else
			text_add(&text, row->clause[i].text);
	}
}

static void fill_row(struct print_row *out, const struct roster_entry *entry, const struct row *row,
		     bool terminal)
{
	const struct op *backup = &entry->bdb->op[OP_BACKUP];
	int kind;

	out->rank = triage_rank(row->worst);
	out->uid = entry->bdb->uid;
	put_cell(out->cell[COL_DB], row->id);
	put_cell(out->cell[COL_NAME], row->name);
	for (kind = 0; kind < OP_KINDS; kind++)
		put_cell(out->cell[COL_BACKUP + kind], row->op[kind].word);
	put_cell(out->cell[COL_LAST], row->last_backup);
	fill_reason(out->cell[COL_REASON], row);
	if (terminal)
		return;
	if (backup->last_seen == SEEN_GIVEN)
		time_iso(out->cell[COL_LAST], backup->last_ok_s);
	for (kind = COL_DB; kind < COL_REASON; kind++)
		one_word(out->cell[kind]);
}

static const char *const headings[2][COLS] = {
	{ "DB", "NAME", "BACKUP", "EXPORT", "IMPORT", "LAST_BACKUP", "REASON" },
	{ "DB", "NAME", "BACKUP", "EXPORT", "IMPORT", "LAST BACKUP", "REASON" },
};

static void measure(struct sheet *sheet, bool terminal)
{
	size_t i;
	int col, width;

	for (col = 0; col < COLS; col++)
		sheet->width[col] = text_width(headings[terminal][col]);
	for (i = 0; i < sheet->count; i++)
		for (col = 0; col < COLS; col++) {
			width = text_width(sheet->row[i].cell[col]);
			if (width > sheet->width[col])
				sheet->width[col] = width;
		}
}

static int make_sheet(struct sheet *sheet, const struct cluster *cluster,
		      const struct list_options *options, struct moment now)
{
	const struct row_style style = { .form = ROW_FULL,
					 .ascii = options->ascii,
					 .whole = !options->terminal };
	const struct roster *roster = cluster_roster(cluster);
	size_t i, count = roster_count(roster);
	struct row row;

	*sheet = (struct sheet){ .row = calloc(count ? count : 1, sizeof(*sheet->row)) };
	if (!sheet->row)
		return -1;
	for (i = 0; i < count; i++) {
		row_make(&row, cluster, roster_at(roster, i), &style, now);
		fill_row(&sheet->row[sheet->count++], roster_at(roster, i), &row,
			 options->terminal);
	}
	qsort(sheet->row, sheet->count, sizeof(*sheet->row), by_rank);
	measure(sheet, options->terminal);
	return 0;
}

static void pad(FILE *out, int cells)
{
	fprintf(out, "%*s", cells > 0 ? cells : 0, "");
}

/* In a pipe: nothing cut, nothing aligned to the right, no blanks at the end of a line. */
static void print_plain(FILE *out, const struct sheet *sheet)
{
	size_t i;
	int col, last;

	for (i = 0; i <= sheet->count; i++) {
		last = !i || *sheet->row[i - 1].cell[COL_REASON] ? COL_REASON : COL_LAST;
		for (col = 0; col <= last; col++) {
			const char *cell = i ? sheet->row[i - 1].cell[col] : headings[0][col];

			fputs(cell, out);
			pad(out, col < last ? sheet->width[col] + 2 - text_width(cell) : 0);
		}
		putc('\n', out);
	}
}

/* A count that only oddities have stays away at 0. */
static void print_counts(FILE *out, const struct cluster_face *face)
{
	const char *word = NULL;
	size_t sum = 0;
	int verdict;

	for (verdict = 0; verdict < VERDICT_KINDS; verdict++) {
		if (verdict_defs[verdict].rare && !face->counts[verdict])
			continue;
		if (word && strcmp(word, verdict_defs[verdict].count) != 0) {
			fprintf(out, "%zu %s   ", sum, word);
			sum = 0;
		}
		word = verdict_defs[verdict].count;
		sum += face->counts[verdict];
	}
	fprintf(out, "%zu %s\n", sum, word);
}

/* LAST BACKUP is the first to go when the width ends, then names are cut; never an id nor a state.
 */
static void print_fitting(FILE *out, const struct sheet *sheet, const struct list_options *options)
{
	bool last = options->columns >= 94;
	int name = sheet->width[COL_NAME], fixed = 0, reason, col;
	char cell[256];
	size_t i;

	for (col = 0; col < COL_REASON; col++)
		if (col != COL_NAME && (col != COL_LAST || last))
			fixed += sheet->width[col] + 2;
	if (name > (last ? 32 : 13))
		name = last ? 32 : 13;
	reason = options->columns - fixed - name - 2;
	for (i = 0; i <= sheet->count; i++) {
		int gap = 0;

		for (col = 0; col < COL_REASON; col++) {
			const char *from = i ? sheet->row[i - 1].cell[col] : headings[1][col];
			bool right = col == COL_DB || col == COL_LAST;
			int width = col == COL_NAME ? name : sheet->width[col], rest;

			if (col == COL_LAST && !last)
				continue;
			rest = width -
			       text_cut_middle(cell, sizeof(cell), from, width, options->ascii);
			pad(out, gap + (right ? rest : 0));
			fputs(cell, out);
			gap = 2 + (right ? 0 : rest);
		}
		text_cut(cell, sizeof(cell),
			 i ? sheet->row[i - 1].cell[COL_REASON] : headings[1][COL_REASON],
			 reason > 0 ? reason : 0, options->ascii);
		/* no blanks at the end of a line */
		pad(out, cell[0] ? gap : 0);
		fprintf(out, "%s\n", cell);
	}
}

static void print_cluster(FILE *out, const struct cluster *cluster,
			  const struct list_options *options, struct moment now)
{
	const struct cluster_setup *setup = cluster_setup(cluster);
	const struct cluster_face *face = cluster_face(cluster);
	struct sheet sheet;
	char iso[TIME_TEXT];

	if (make_sheet(&sheet, cluster, options, now) < 0)
		return;
	if (!options->terminal) {
		print_plain(out, &sheet);
		free(sheet.row);
		return;
	}
	time_iso(iso, face->good.wall_ms / 1000);
	*strchr(iso, 'T') = ' ';
	fprintf(out, "%s", setup->name);
	if (strcmp(setup->name, setup->host) != 0)
		fprintf(out, "  %s", setup->host);
	fprintf(out, "  polled %s%s\n", iso, setup->insecure ? "  INSECURE" : "");
	if (sheet.count) {
		print_counts(out, face);
		putc('\n', out);
		print_fitting(out, &sheet, options);
	} else {
		fputs("no databases\n", out);
	}
	free(sheet.row);
}

void list_print(FILE *out, const struct fleet *fleet, const struct list_options *options,
		struct moment now)
{
	size_t i;

	for (i = 0; i < fleet_count(fleet); i++)
		if (cluster_face(fleet_at(fleet, i))->listed)
			print_cluster(out, fleet_at(fleet, i), options, now);
}

/* The loop's front: it has no keys and draws nothing, it waits for the first word of every cluster.
 */
struct waiter {
	struct session *session;
	struct moment now;
};

static size_t no_fds(void *arg, struct http_fd *out, size_t room)
{
	(void)arg;
	(void)out;
	(void)room;
	return 0;
}

static void no_input(void *arg, struct moment now)
{
	(void)arg;
	(void)now;
}

static void look(void *arg, struct moment now)
{
	struct waiter *waiter = arg;
	const struct fleet *fleet = session_fleet(waiter->session);
	size_t i;

	waiter->now = now;
	for (i = 0; i < fleet_count(fleet); i++)
		if (cluster_face(fleet_at(fleet, i))->link == LINK_FIRST)
			return;
	session_terminate(waiter->session, now);
}

static int report_trouble(const struct fleet *fleet)
{
	size_t i;
	int status = 0;

	for (i = 0; i < fleet_count(fleet); i++) {
		const struct cluster *cluster = fleet_at(fleet, i);
		const struct cluster_face *face = cluster_face(cluster);

		if (face->link != LINK_FRESH) {
			fprintf(stderr, "bdbtop: %s: %s\n", cluster_setup(cluster)->name,
				face->trouble.text);
			status = 3;
		} else if (face->unreadable) {
			fprintf(stderr,
				"bdbtop: %s: %zu elements of the list are no databases and are "
				"not shown.\n",
				cluster_setup(cluster)->name, face->unreadable);
		}
	}
	return status;
}

int list_run(struct fleet *fleet, struct http *http, const struct clock *clock,
	     const struct list_options *options)
{
	static const struct front_ops ops = { .fds = no_fds, .input = no_input, .draw = look };
	struct waiter waiter = { .session = session_new(fleet) };

	if (!waiter.session) {
		fputs("bdbtop: There is no memory to begin.\n", stderr);
		return 3;
	}
	loop_run(waiter.session, http, clock, &waiter, &ops);
	session_free(waiter.session);
	list_print(stdout, fleet, options, waiter.now);
	if (fflush(stdout) == EOF || ferror(stdout)) {
		/* the reader has seen enough: nobody waits for a sentence about it */
		if (errno != EPIPE)
			perror("bdbtop: the table could not be written");
		return 1;
	}
	return report_trouble(fleet);
}
