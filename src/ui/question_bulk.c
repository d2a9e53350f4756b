/*
 * The question about several databases: their number and reasons, the first of them, and the
 * skipped ones.
 */
#include "question_internal.h"

#include <stdio.h>
#include <string.h>

#define MAX_LISTED   10 /* databases that are listed */
#define NAME_CELLS   14
#define WIDE_NAME    20
#define REASON_CELLS 11
#define WIDE_CELLS   50
#define GAP	     2
#define BETWEEN	     4 /* cells between the two columns */
#define MAX_REASONS  12

/* Reasons and how often each occurs; `others` counts those that do not fit. */
struct reason_count {
	char word[MAX_REASONS][48];
	size_t total[MAX_REASONS];
	size_t used, others;
};

static void reason_count_add(struct reason_count *reasons, const char *word)
{
	const size_t length = sizeof(reasons->word[0]) - 1;
	size_t i = 0;

	while (i < reasons->used && strncmp(reasons->word[i], word, length) != 0)
		i++;
	if (i == MAX_REASONS) {
		reasons->others++;
		return;
	}
	if (i == reasons->used)
		snprintf(reasons->word[reasons->used++], sizeof(reasons->word[0]), "%.47s", word);
	reasons->total[i]++;
}

static void reason_count_sort(struct reason_count *reasons)
{
	struct reason_count was = *reasons;
	size_t i, j;

	for (i = 0; i < was.used; i++) {
		size_t rank = 0;

		for (j = 0; j < was.used; j++)
			rank += was.total[j] > was.total[i] ||
				(j < i && was.total[j] == was.total[i]);
		memcpy(reasons->word[rank], was.word[i], sizeof(was.word[0]));
		reasons->total[rank] = was.total[i];
	}
}

/* `10 no-permission, 2 general-error`: the most frequent first, in so many cells; the rest is one
 * number. */
static void reason_count_write(struct reason_count *reasons, struct text *text, int cells)
{
	size_t i, rest = reasons->others;
	char one[80];
	int width = 0;

	reason_count_sort(reasons);
	for (i = 0; i < reasons->used; i++)
		rest += reasons->total[i];
	for (i = 0; i < reasons->used; i++) {
		snprintf(one, sizeof(one), "%s%zu %s", i ? ", " : "", reasons->total[i],
			 reasons->word[i]);
		width += text_width(one);
		if (i && width + (rest > reasons->total[i] ? 11 : 0) > cells)
			break;
		text_add(text, one);
		rest -= reasons->total[i];
	}
	if (rest)
		text_addf(text, ", %zu other%s", rest, rest == 1 ? "" : "s");
}

/* As in the row. */
static void write_op_reason(const struct question_context *q, const struct op *op,
			    enum op_kind kind, char out[FACT_TEXT])
{
	const struct describe_style style = context_describe_style(q->context, DESCRIBE_SHORT);

	if (op->reason_presence == FIELD_PRESENT && op->reason[0])
		describe_reason(out, op->reason, kind, &style);
	else
		snprintf(out, FACT_TEXT, "no reason");
}

static void write_reason(const struct question_context *q, const struct reset_target *target,
			 char out[FACT_TEXT])
{
	write_op_reason(q, &target->evidence->op[target->kind], target->kind, out);
}

static const struct reset_target *bulk_target_at(const struct question_context *q, size_t index)
{
	const struct reset *reset = cluster_bulk_reset(q->cluster, index);

	return reset ? reset_target(reset) : NULL;
}

/* Width of a line of the body. */
static int body_cells(const struct question_context *q)
{
	return q->context->canvas->cols - 1 - QUESTION_COL;
}

static int column_count(const struct question_context *q)
{
	return q->context->columns.letters ? 1 : 2;
}

/* The part of the list that is shown, in columns from top to bottom. */
struct shown_list {
	size_t rows, fit, top;
	char position[120]; /* `1-10 of 12`, as wide on every page; "": all are shown */
	bool in_row;	    /* the position is in the row, as no line below has room for it */
};

static int column_cells(const struct question_context *q, const struct shown_list *list)
{
	int cells = body_cells(q) - (list->in_row ? text_width(list->position) + GAP : 0);

	return (cells - (column_count(q) - 1) * BETWEEN) / column_count(q);
}

/* Fills exactly `cells` cells; truncates in the middle. */
static void put_field(const struct question_context *q, struct text_writer *writer,
		      enum style style, int cells, const char *safe)
{
	char cut[420];

	text_truncate_middle(cut, sizeof(cut), safe, cells, q->context->canvas->ascii);
	writer_field(writer, style, cells, cut);
}

/* Instead of the reason: what is new about the database. */
static void write_change(const struct question_context *q, enum target_change change,
			 const struct op *now, enum op_kind kind, char out[FACT_TEXT])
{
	static const char *const words[] = {
		[TARGET_GONE] = "gone",
		[TARGET_RENAMED] = "renamed",
		[TARGET_RECREATED] = "recreated",
	};

	if (change != TARGET_CHANGED)
		snprintf(out, FACT_TEXT, "%s", words[change]);
	else if (now->phase == OP_FAILED)
		write_op_reason(q, now, kind, out);
	else
		text_safe(out, FACT_TEXT, now->phase == OP_IDLE ? "idle" : now->status,
			  q->context->canvas->ascii);
}

/* `  db:3  pricing         no-permission`; `! db:3  pricing         succeeded` after it changed */
static void put_entry(const struct question_context *q, struct text_writer *writer,
		      const struct reset_target *target, int id_cells, int cells)
{
	int name = cells >= WIDE_CELLS ? WIDE_NAME : NAME_CELLS, rest;
	enum target_change change;
	char safe[420], id[32];
	const struct op *now;
	enum style style;

	rest = cells - id_cells - name - 2 * GAP;
	/* a long id shrinks the name */
	if (rest < REASON_CELLS) {
		name -= REASON_CELLS - rest;
		name = name > 0 ? name : 0;
		rest = cells - id_cells - name - 2 * GAP;
	}
	change = question_target_change(q->cluster, target, &now);
	style = change == TARGET_SAME ? STYLE_TEXT : STYLE_WAITING;
	snprintf(id, sizeof(id), "%sdb:%lld", change == TARGET_SAME ? "" : "! ",
		 (long long)target->id.uid);
	writer_right(writer, style, GAP + id_cells, id);
	writer_skip(writer, GAP);
	text_safe(safe, sizeof(safe), target->evidence->name, q->context->canvas->ascii);
	put_field(q, writer, style, name, safe);
	writer_skip(writer, GAP);
	if (change == TARGET_SAME)
		write_reason(q, target, safe);
	else
		write_change(q, change, now, target->kind, safe);
	put_field(q, writer, style, rest, safe);
}

/* The longest id of all, so that the columns stay where they are. */
static int longest_id(const struct question_context *q)
{
	const struct reset_target *target;
	int width, longest = 0;
	size_t i;

	for (i = 0; (target = bulk_target_at(q, i)); i++) {
		width = snprintf(NULL, 0, "db:%lld", (long long)target->id.uid);
		longest = width > longest ? width : longest;
	}
	return longest;
}

static void write_position(struct shown_list *list, size_t targets)
{
	size_t first = list->top + 1, last = list->top + list->fit;
	int cells = snprintf(NULL, 0, "%zu", targets);
	char range[64];

	if (list->fit == 1)
		snprintf(range, sizeof(range), "%zu", first);
	else
		snprintf(range, sizeof(range), "%zu-%zu", first, last);
	if (list->fit > 1)
		cells = snprintf(NULL, 0, "%zu-%zu", targets - list->fit + 1, targets);
	if (list->in_row)
		snprintf(list->position, sizeof(list->position), "%*s of %zu", cells, range,
			 targets);
	else
		snprintf(list->position, sizeof(list->position), "%s of %zu.%*s", range, targets,
			 cells - text_width(range), "");
}

/* One row is shown in any case, of one database or, in columns, of several. */
static void choose_shown(struct question_context *q, size_t targets, int max_rows,
			 struct shown_list *list)
{
	size_t columns = (size_t)column_count(q);
	size_t fit = targets < MAX_LISTED ? targets : MAX_LISTED, rows;

	*list = (struct shown_list){ .in_row = max_rows <= 0 };
	rows = (fit + columns - 1) / columns;
	if (max_rows <= 0)
		max_rows = 1;
	if (rows > (size_t)max_rows) {
		rows = (size_t)max_rows;
		fit = rows * columns;
	}
	list->rows = rows;
	list->fit = fit;
	session_set_question_lines(q->context->session, targets, fit);
	list->top = q->question->list.top;
	if (fit < targets)
		write_position(list, targets);
	else
		list->in_row = false;
}

static void add_list(struct question_context *q, const struct shown_list *list, int rank)
{
	int id_cells = longest_id(q), cells = column_cells(q, list);
	size_t row, column, at;

	question_flush(q);
	q->flow->rank = rank;
	for (row = 0; row < list->rows; row++) {
		/* the sign of a change is left of the body */
		struct text_writer writer = flow_writer(q->flow, QUESTION_COL - GAP);

		if (list->in_row) {
			writer_skip(&writer, GAP);
			writer_put(&writer, STYLE_TEXT, list->position);
		}
		for (column = 0; (at = column * list->rows + row) < list->fit; column++) {
			const struct reset_target *target = bulk_target_at(q, list->top + at);

			if (!target)
				break;
			writer_skip(&writer, column ? BETWEEN - GAP : 0);
			put_entry(q, &writer, target, id_cells, cells);
		}
		flow_next_row(q->flow);
	}
}

static void add_title(struct question_context *q, size_t targets)
{
	struct text text = question_add_line(q, LINE_TITLE, 0, NULL);
	struct bulk bulk = { .kind = OP_BACKUP };
	char word[QUESTION_WORD];

	cluster_bulk(q->cluster, &bulk);
	question_word(q->question, word);
	text_addf(&text, "Reset the %s status of ", op_defs[bulk.kind].word);
	/* a single database is named even without rows for a list */
	if (targets == 1)
		question_add_database(q, bulk_target_at(q, 0), &text);
	else
		text_addf(&text, "%zu databases", targets);
	text_add(&text, " on ");
	question_add_cluster(q, &text);
	text_add(&text, word[0] ? "?" : "?  [y/N]");
}

/* How many failed, with their reasons, and how many are hidden by the filter.  The reasons have
 * this rank unless both are in one line. */
static void add_counts(struct question_context *q, size_t targets, int rank)
{
	size_t hidden = q->question->bulk_hidden, i;
	const struct reset_target *target;
	struct reason_count reasons = { .used = 0 };
	char note[48] = "", reason[FACT_TEXT];
	struct text text;
	int pad;

	for (i = 0; (target = bulk_target_at(q, i)); i++) {
		write_reason(q, target, reason);
		reason_count_add(&reasons, reason);
	}
	if (hidden)
		snprintf(note, sizeof(note), "%zu %s hidden by the filter", hidden,
			 hidden == 1 ? "is" : "are");
	text = question_add_line(q, LINE_BODY, 1, NULL);
	text_addf(&text, "%zu failed: ", targets);
	reason_count_write(&reasons, &text, body_cells(q) - text_width(text.buffer));
	if (!note[0])
		return;
	pad = body_cells(q) - text_width(text.buffer) - text_width(note);
	if (pad >= GAP) {
		text_addf(&text, "%*s%s", pad, "", note);
		return;
	}
	q->rank = rank;
	question_add_body(q, 1, NULL, note);
}

/* How many marked databases are skipped, by state. */
static void add_skipped(struct question_context *q)
{
	struct reason_count reasons = { .used = 0 };
	struct text text;
	char word[32];
	int64_t uid;
	size_t i;

	for (i = 0; cluster_bulk_skipped(q->cluster, i, &uid, word); i++)
		reason_count_add(&reasons, word);
	if (!i)
		return;
	text = question_add_line(q, LINE_BODY, 2, NULL);
	text_addf(&text, "%zu skipped: ", i);
	reason_count_write(&reasons, &text, body_cells(q) - text_width(text.buffer));
}

static void add_scope(struct question_context *q)
{
	const struct reset_target *target;
	struct text text;
	size_t i, count = 0;

	for (i = 0; (target = bulk_target_at(q, i)); i++)
		count += target->evidence->crdt_presence == FIELD_PRESENT && target->evidence->crdt;
	if (!count)
		return;
	text = question_add_line(q, LINE_BODY, 2, NULL);
	text_addf(&text, "%zu Active-Active: this cluster's copy only", count);
}

/* The lines below the list of databases. */
static void add_end(struct question_context *q, const char *position)
{
	struct text text = question_add_line(q, LINE_BODY, 4, NULL);
	char word[QUESTION_WORD];

	if (*position)
		text_addf(&text, "%s ", position);
	text_add(&text, "Each is read again first; one that changed or runs is skipped.");
	question_word(q->question, word);
	if (word[0])
		question_add_prompt(q);
	question_flush(q);
}

/* `reasons_rank`: of the line with the reasons. */
static void fill(struct question_context *q, int reasons_rank)
{
	const struct zones *z = &q->context->zones;
	int list_rows = z->summary_rows + z->list_rows - QUESTION_LIST_ROWS;
	size_t targets = q->question->bulk_count, top;
	struct shown_list list;

	add_title(q, targets);
	add_counts(q, targets, reasons_rank);
	add_skipped(q);
	add_scope(q);
	question_flush(q);
	/* the list gets the rows that the lines below it leave */
	top = q->flow->rows;
	add_end(q, "");
	list_rows -= (int)q->flow->rows;
	flow_cut(q->flow, top);
	choose_shown(q, targets, list_rows, &list);
	/* the title names a single database */
	if (list_rows > 0 || targets > 1)
		add_list(q, &list, list_rows > 0 ? 3 : 1);
	add_end(q, list.in_row ? "" : list.position);
}

void question_add_bulk(struct question_context *q)
{
	const struct zones *z = &q->context->zones;

	fill(q, 1);
	if ((int)flow_height(q->flow, QUESTION_NEEDED) <= z->summary_rows + z->list_rows)
		return;
	/* the database itself has its reason */
	flow_cut(q->flow, 0);
	fill(q, QUESTION_NEEDED + 1);
}
