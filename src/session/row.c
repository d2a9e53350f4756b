#include "bdbtop/session/row.h"

#include <stdio.h>
#include <string.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"
#include "bdbtop/session/subject.h"

/* A row shows at most this many results; the summary and the log have the others. */
#define ROW_RESULTS 4

static const struct {
	const char *word[ROW_FULL + 1];
	enum style style;
} note_texts[] = {
	[OBSTACLE_NONE] = { { "", "", "" }, STYLE_TEXT },
	[OBSTACLE_NOTHING_TO_RESET] = { { "nothing to reset", "nothing to reset",
					  "nothing to reset" },
					STYLE_TEXT },
	[OBSTACLE_UNDER_WAY] = { { "under way", "already under way", "already under way" },
				 STYLE_WAITING },
	[OBSTACLE_FORBIDDEN] = { { "403 role", "403 role may not reset", "403 role may not reset" },
				 STYLE_REFUSED },
	[OBSTACLE_DISCONNECTED] = { { "no reset now", "no reset: no answer",
				      "no reset until the cluster answers" },
				    STYLE_REFUSED },
	[OBSTACLE_LOGIN_REFUSED] = { { "no reset now", "no reset: log-in refused",
				       "no reset: log-in refused" },
				     STYLE_REFUSED },
	[OBSTACLE_NOT_LISTED] = { { "gone", "no reset: not listed", "no reset: not listed" },
				  STYLE_REFUSED },
	[OBSTACLE_UNSUPPORTED] = { { "no reset here", "no reset from here",
				     "no reset: nothing can be sent from here" },
				   STYLE_REFUSED },
	[OBSTACLE_READ_ONLY] = { { "read-only", "no reset: read-only", "no reset: read-only" },
				 STYLE_REFUSED },
};

/* The text of a row note in one width; "" for OBSTACLE_NONE. */
const char *row_note_text(enum reset_obstacle obstacle, enum row_width width)
{
	return note_texts[obstacle].word[width];
}

void row_format_result(struct fact *out, const struct cluster_result *result, enum row_width width,
		       int64_t now_ms)
{
	struct reset_text words;
	struct text text;

	*out = (struct fact){ .what = FACT_RESULT, .kind = result->kind, .join = "  " };
	if (!result->reset) {
		snprintf(out->text, sizeof(out->text), "%s",
			 row_note_text(result->obstacle, width));
		out->style = note_texts[result->obstacle].style;
		return;
	}
	reset_format(result->reset, result->question_waits, now_ms, &words);
	text_init(&text, out->text, sizeof(out->text));
	text_add(&text, width == ROW_FULL     ? words.full
			: width == ROW_MEDIUM ? words.medium
					      : words.letters);
	out->has_past_cause = width == ROW_FULL && words.full[words.shown];
	out->style = words.style;
}

int64_t row_next_try(const struct reset *reset, struct moment now)
{
	int64_t in_ms = reset_due(reset) - now.ms;

	return now.wall_ms + (in_ms > 0 ? in_ms : 0);
}

/* Several results start with their keys and use a shorter form: `b 409 again in 4s  e cleared`. */
static void add_results(struct row *row, const struct cluster *cluster, int64_t uid,
			enum row_width width, int64_t now_ms)
{
	struct cluster_result result[ROW_RESULTS];
	size_t count = cluster_results(cluster, uid, result, ROW_RESULTS), i;
	struct fact one;

	if (count > 1 && width > ROW_LETTERS)
		width--;
	for (i = 0; i < count; i++) {
		struct fact *clause = &row->clauses[row->clause_count++];

		row_format_result(&one, &result[i], width, now_ms);
		*clause = one;
		if (count > 1)
			snprintf(clause->text, sizeof(clause->text), "%c %.300s",
				 op_defs[one.kind].key, one.text);
	}
}

/* --- clauses --------------------------------------------------------------------------------- */

static struct fact *add_clause(struct row *row, const struct fact *fact, bool named)
{
	struct fact *clause = &row->clauses[row->clause_count];

	if (row->clause_count == ROW_CLAUSES)
		return clause - 1;
	row->clause_count++;
	*clause = *fact;
	clause->join = ", ";
	if (named)
		snprintf(clause->text, sizeof(clause->text), "%s %.300s", op_defs[fact->kind].word,
			 fact->text);
	return clause;
}

/* Facts that nothing but a space or a colon separates are one clause. */
static void extend_clause(struct fact *clause, const struct fact *fact)
{
	size_t length = strlen(clause->text);

	snprintf(clause->text + length, sizeof(clause->text) - length, "%s%s", fact->join,
		 fact->text);
	clause->rank = RANK_PLAIN;
	clause->percent = -1;
}

/* The percent is part of what the state says. */
static bool has_percent(const struct op_finding *op)
{
	return op->verdict == VERDICT_RUNNING || op->verdict == VERDICT_STALLED;
}

static bool is_state_clause(const struct fact *fact, const struct op_finding *op, bool several)
{
	switch (fact->what) {
	case FACT_STATE:
		return op->retrying;
	case FACT_PERCENT:
		return has_percent(op);
	case FACT_USUAL:
		return !several;
	default:
		return true;
	}
}

/* The state of one operation; only its first clause names it, if several have the worst verdict.
 * The cell has the word of the state, so it is a clause only if nothing else is known. */
static void add_state(struct row *row, const struct description *words, enum op_kind kind,
		      bool several)
{
	const struct op_finding *op = &row->finding->op[kind];
	const struct fact *fact = NULL;
	struct fact *clause = NULL;

	while ((fact = description_next(words, kind, PART_STATE, fact)) != NULL) {
		if (!is_state_clause(fact, op, several))
			continue;
		if (clause && strcmp(fact->join, ", ") != 0)
			extend_clause(clause, fact);
		else
			clause = add_clause(row, fact, several && !clause);
		if (op->verdict == VERDICT_FAILED)
			clause->style = STYLE_FAILED_REASON;
	}
	if (!clause && op->phase != OP_OTHER)
		add_clause(row, description_find(words, kind, FACT_STATE), several);
}

static void add_states(struct row *row, const struct description *words)
{
	int kind, count = 0;

	/* late or quiet: other clauses and the cells have it */
	if (row->worst >= VERDICT_OK || row->worst == VERDICT_OVERDUE)
		return;
	for (kind = 0; kind < OP_KINDS; kind++)
		count += row->op[kind].verdict == row->worst;
	row->bar = !row->clause_count && count == 1 && row->worst == VERDICT_RUNNING;
	for (kind = 0; kind < OP_KINDS; kind++)
		if (row->op[kind].verdict == row->worst)
			add_state(row, words, (enum op_kind)kind, count > 1);
	row->bar = row->bar && row->clauses[0].percent >= 0;
}

/* Facts of one part of all operations. */
static void add_part(struct row *row, const struct description *words, enum fact_part part)
{
	const struct fact *fact;
	int kind;

	for (kind = 0; kind < OP_KINDS; kind++)
		for (fact = NULL;
		     (fact = description_next(words, (enum op_kind)kind, part, fact)) != NULL;)
			add_clause(row, fact, false);
}

/* Every running operation shows its percent, even if another verdict is worse. */
static void add_percents(struct row *row, const struct description *words)
{
	int kind;

	for (kind = 0; kind < OP_KINDS; kind++) {
		const struct op_finding *op = &row->finding->op[kind];
		const struct fact *fact = description_find(words, (enum op_kind)kind, FACT_PERCENT);

		if (!fact || fact->percent < 0 ||
		    (op->verdict == row->worst &&
		     (has_percent(op) ||
		      (op->verdict == VERDICT_SUSPECT && op->suspect & SUSPECT_FULL))))
			continue;
		add_clause(row, fact, true)->style = STYLE_RUNNING;
	}
}

static const struct fact *find_clause(const struct row *row, enum op_kind kind, enum fact_what what)
{
	size_t i;

	for (i = 0; i < row->clause_count; i++)
		if (row->clauses[i].what == what && row->clauses[i].kind == kind)
			return &row->clauses[i];
	return NULL;
}

static void insert_clause(struct row *row, const struct fact *before, const struct fact *fact)
{
	size_t at = (size_t)(before - row->clauses) + 1;

	if (row->clause_count == ROW_CLAUSES)
		return;
	array_insert(row->clauses, &row->clause_count, at, sizeof(row->clauses[0]));
	row->clauses[at] = *fact;
}

/* `cleared, was no-permission`, `2d 04h late, was no-permission`: it follows the result, which may
 * have it already, or the lateness; else it is named, unless the row is about that operation. */
static void add_past_cause(struct row *row, const struct fact *cause)
{
	const struct fact *result = find_clause(row, cause->kind, FACT_RESULT),
			  *late = find_clause(row, cause->kind, FACT_LATE);
	bool named = row->worst >= VERDICT_OK || row->worst_kind != cause->kind;

	if (result && result->has_past_cause)
		return;
	if (result || (late && !named))
		insert_clause(row, result ? result : late, cause);
	else
		add_clause(row, cause, named);
}

static void add_past_causes(struct row *row, const struct description *words)
{
	const struct fact *cause;
	int kind;

	for (kind = 0; kind < OP_KINDS; kind++) {
		cause = description_find(words, (enum op_kind)kind, FACT_PAST_CAUSE);
		if (cause)
			add_past_cause(row, cause);
	}
}

static void add_not_listed(struct row *row)
{
	static const struct fact not_listed = { .what = FACT_NOT_LISTED,
						.percent = -1,
						.text = NOT_LISTED };

	add_clause(row, &not_listed, false);
}

/* Its result says that it is gone; without one, that it is not listed must be enough. */
static void add_gone(struct row *row, const struct description *words)
{
	const struct fact *former = description_find(words, row->worst_kind, FACT_FORMER);

	if (!row->clause_count)
		add_not_listed(row);
	if (former && row->finding->op[row->worst_kind].phase == OP_FAILED)
		add_clause(row, former, false);
}

static void add_clauses(struct row *row, const struct description *words,
			const struct row_style *style)
{
	if (!row->listed)
		add_not_listed(row);
	add_states(row, words);
	add_part(row, words, PART_SCHEDULE);
	add_percents(row, words);
	add_past_causes(row, words);
	if (style->sizes)
		add_part(row, words, PART_SIZES);
}

/* --- columns --------------------------------------------------------------------------------- */

enum style row_cell_style(const struct row *row, enum row_column column)
{
	switch (column) {
	case COLUMN_NAME:
		return STYLE_TEXT;
	case COLUMN_STATUS:
		return STYLE_DIM;
	case COLUMN_BACKUP:
	case COLUMN_EXPORT:
	case COLUMN_IMPORT:
		return verdict_defs[row->op[column - COLUMN_BACKUP].verdict].style;
	case COLUMN_NEXT:
		return row->overdue ? STYLE_OVERDUE : STYLE_DIM;
	default:
		return row->worst >= VERDICT_OK ? STYLE_DIM : STYLE_TEXT;
	}
}

static void write_tags(char cell[ROW_CELL], const char *tag, bool ascii)
{
	char safe[ROW_CELL];
	struct text text;

	text_init(&text, cell, ROW_CELL);
	for (; *tag; tag = bdb_info_next(tag)) {
		text_add(&text, text.length ? "," : "");
		text_add(&text, text_safe(safe, sizeof(safe), tag, ascii));
	}
	text_add(&text, text.length ? "" : "-");
}

/* `8.0 GiB`, `unlimited`; `-` while it is not known */
static void write_size(char cell[ROW_CELL], const struct bdb_info *info)
{
	struct text size;

	text_init(&size, cell, ROW_CELL);
	if (!info || info->memory_size < 0)
		text_add(&size, "-");
	else if (!info->memory_size)
		text_add(&size, "unlimited");
	else
		text_add_size(&size, (uint64_t)info->memory_size);
}

static void write_shards(char cell[ROW_CELL], const struct bdb_info *info)
{
	if (info && info->shards_count >= 0)
		snprintf(cell, ROW_CELL, "%lld", (long long)info->shards_count);
	else
		strcpy(cell, "-");
}

static void write_safe(char cell[ROW_CELL], const char *raw, enum field_presence presence,
		       bool ascii)
{
	text_safe(cell, ROW_CELL, presence == FIELD_PRESENT ? raw : "-", ascii);
}

static void write_fact(char cell[ROW_CELL], const struct description *words, enum fact_what what)
{
	snprintf(cell, ROW_CELL, "%s", description_find(words, OP_BACKUP, what)->text);
}

static void write_cells(struct row *row, const struct bdb *bdb, const struct bdb_info *info,
			const struct description *words, bool ascii)
{
	int kind;

	snprintf(row->cells[COLUMN_DB], ROW_CELL, "db:%lld", (long long)bdb->uid);
	write_safe(row->cells[COLUMN_NAME], bdb->name, bdb->name_presence, ascii);
	write_safe(row->cells[COLUMN_STATUS], bdb->state, bdb->state_presence, ascii);
	for (kind = 0; kind < OP_KINDS; kind++)
		text_safe(row->cells[COLUMN_BACKUP + kind], ROW_CELL,
			  triage_word(bdb, row->finding, (enum op_kind)kind), ascii);
	write_fact(row->cells[COLUMN_LAST], words, FACT_LAST_COLUMN);
	write_fact(row->cells[COLUMN_LOSS], words, FACT_LOSS_COLUMN);
	write_fact(row->cells[COLUMN_NEXT], words, FACT_NEXT_COLUMN);
	write_fact(row->cells[COLUMN_INTERVAL], words, FACT_INTERVAL_COLUMN);
	write_size(row->cells[COLUMN_SIZE], info);
	write_shards(row->cells[COLUMN_SHARDS], info);
	write_tags(row->cells[COLUMN_TAGS], info ? info->tags : "", ascii);
	row->cells[COLUMN_REASON][0] = '\0';
}

static void describe(struct description *words, const struct cluster *cluster,
		     const struct roster_entry *entry, const struct row_style *style)
{
	struct describe_style form = style->describe;
	struct describe_subject subject;

	form.form = DESCRIBE_SHORT;
	form.today_s = cluster_now_s(cluster);
	subject_init(&subject, cluster, entry);
	subject_describe(words, &subject, &form);
}

void row_init(struct row *row, const struct cluster *cluster, const struct roster_entry *entry,
	      const struct row_style *style, struct moment now)
{
	const struct bdb *bdb = entry->bdb;
	struct description words;
	int kind;

	row->clause_count = 0;
	row->width = style->width;
	row->bar = false;
	row->listed = roster_entry_is_listed(entry);
	row->finding = cluster_finding(cluster, bdb->uid);
	row->worst = row->finding->worst;
	row->worst_kind = row->finding->worst_kind;
	for (kind = 0; kind < OP_KINDS; kind++) {
		row->op[kind].verdict = row->finding->op[kind].verdict;
		row->op[kind].letter = verdict_defs[row->op[kind].verdict].letter;
	}
	describe(&words, cluster, entry, style);
	row->overdue = row->finding->due.overdue;
	write_cells(row, bdb, cluster_bdb_info(cluster, bdb->uid), &words, style->describe.ascii);
	add_results(row, cluster, bdb->uid, style->width, now.ms);
	if (entry->gone)
		add_gone(row, &words);
	else
		add_clauses(row, &words, style);
}

/* --- width ---------------------------------------------------------------------------------- */

#define MIN_RESULT_CELLS 8 /* the code and first word of a result */
#define MIN_FIRST_CELLS	 6 /* the first clause may be truncated to this */

static bool is_past(const struct fact *clause)
{
	return clause->what == FACT_PAST_CAUSE || clause->what == FACT_FORMER;
}

/* A result, or what follows it about the time before it. */
static bool is_of_result(const struct row *row, size_t index)
{
	const struct fact *clause = &row->clauses[index];

	return clause->what == FACT_RESULT || (is_past(clause) && index &&
					       clause[-1].what == FACT_RESULT &&
					       clause[-1].kind == clause->kind);
}

const char *row_separator(const struct row *row, size_t index)
{
	bool past = is_past(&row->clauses[index]) && is_of_result(row, index);

	return is_of_result(row, index - 1) && !past ? "  " : ", ";
}

int row_width_after_first(const struct row *row)
{
	int width = 0;
	size_t i;

	for (i = 1; i < row->clause_count; i++)
		width += text_width(row_separator(row, i)) + text_width(row->clauses[i].text);
	return width;
}

static bool is_wide(const struct row *row, int cells)
{
	return text_width(row->clauses[0].text) + row_width_after_first(row) > cells;
}

/* The first clause cannot be truncated enough to fit; a result not below so many cells. */
static bool is_cramped(const struct row *row, int result_cells, int cells)
{
	int least = text_width(row->clauses[0].text),
	    min = row->clauses[0].what == FACT_RESULT ? result_cells : MIN_FIRST_CELLS;

	return (least < min ? least : min) + row_width_after_first(row) > cells;
}

/* Drops the last clause of a rank, but never the first clause of the row. */
static bool drop_last(struct row *row, enum fact_rank rank)
{
	size_t i = row->clause_count;

	while (--i > 0)
		if (row->clauses[i].rank == rank) {
			row->clause_count--;
			memmove(&row->clauses[i], &row->clauses[i + 1],
				(row->clause_count - i) * sizeof(row->clauses[0]));
			return true;
		}
	return false;
}

/* `import 17%` becomes `17%`, or `i 17%` if several operations run. */
static void shorten_percents(struct row *row)
{
	size_t i, running = 0;

	for (i = 0; i < row->clause_count; i++)
		running += row->clauses[i].rank == RANK_PERCENT;
	for (i = 0; i < row->clause_count; i++) {
		struct fact *clause = &row->clauses[i];

		if (clause->rank == RANK_PERCENT && running > 1)
			snprintf(clause->text, sizeof(clause->text), "%c %d%%",
				 op_defs[clause->kind].key, clause->percent);
		else if (clause->rank == RANK_PERCENT)
			snprintf(clause->text, sizeof(clause->text), "%d%%", clause->percent);
	}
}

bool row_fit(struct row *row, int cells, bool ascii)
{
	char first[sizeof(row->clauses[0].text)];
	int result_cells = cells;
	bool complete = true;

	if (!row->clause_count)
		return true;
	while (is_wide(row, cells) && drop_last(row, RANK_PLAIN))
		;
	if (is_wide(row, cells))
		shorten_percents(row);
	while (is_cramped(row, cells, cells) && drop_last(row, RANK_NEVER))
		;
	/* no form of a result is shorter than its letters: only its end yields to a percent */
	if (row->width == ROW_LETTERS)
		result_cells = MIN_RESULT_CELLS;
	while (is_cramped(row, result_cells, cells) && drop_last(row, RANK_PERCENT))
		complete = false;
	if (!is_wide(row, cells))
		return complete;
	strcpy(first, row->clauses[0].text);
	text_truncate(row->clauses[0].text, sizeof(first), first,
		      cells - row_width_after_first(row), ascii);
	return complete && row->clauses[0].what != FACT_RESULT;
}
