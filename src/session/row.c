#include "bdbtop/session/row.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bdbtop/core/reason.h"
#include "bdbtop/core/text.h"

/* A row shows at most this many results; the summary and the log have the others. */
#define ROW_RESULTS 4
#define REASON_SIZE 160

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

const char *row_note_text(enum reset_obstacle obstacle, enum row_width width)
{
	return note_texts[obstacle].word[width];
}

static struct clause *add_clause(struct row *row, enum style style)
{
	struct clause *clause;

	if (row->clause_count == ROW_CLAUSES)
		return NULL;
	clause = &row->clauses[row->clause_count++];
	*clause = (struct clause){ .style = style, .percent = -1 };
	return clause;
}

/* A database that a bulk skipped: `not sent, running 42%`. */
static void write_skipped(struct clause *clause, const char *why, enum row_width width)
{
	clause->style = STYLE_WAITING;
	snprintf(clause->text, sizeof(clause->text),
		 width == ROW_LETTERS ? "not sent" : "not sent, %s", why);
}

void row_format_result(struct clause *out, const struct cluster_result *result,
		       enum row_width width, int64_t now_ms)
{
	struct reset_text words;

	*out = (struct clause){ .percent = -1, .is_result = true };
	if (!result->reset && result->skipped) {
		write_skipped(out, result->skipped, width);
		return;
	}
	if (!result->reset) {
		snprintf(out->text, sizeof(out->text), "%s",
			 row_note_text(result->obstacle, width));
		out->style = note_texts[result->obstacle].style;
		return;
	}
	reset_format(result->reset, result->question_waits, now_ms, &words);
	snprintf(out->text, sizeof(out->text), "%s",
		 width == ROW_FULL     ? words.full
		 : width == ROW_MEDIUM ? words.medium
				       : words.letters);
	out->style = words.style;
}

/* Several results start with their keys and use a shorter form: `b 409 again in 4s  e cleared`. */
static void add_results(struct row *row, const struct cluster *cluster, int64_t uid,
			enum row_width width, int64_t now_ms)
{
	struct cluster_result result[ROW_RESULTS];
	size_t count = cluster_results(cluster, uid, result, ROW_RESULTS), i;
	char text[sizeof(row->clauses[0].text)];

	if (count > 1 && width > ROW_LETTERS)
		width--;
	for (i = 0; i < count; i++) {
		struct clause *clause = add_clause(row, STYLE_TEXT);

		row_format_result(clause, &result[i], width, now_ms);
		if (count > 1) {
			memcpy(text, clause->text, sizeof(text));
			snprintf(clause->text, sizeof(clause->text), "%c %.200s",
				 op_defs[result[i].kind].key, text);
		}
	}
}

/* Length of the reason in bytes, without the numbers at the end of some reasons. */
static size_t plain_reason(const char *reason)
{
	const char *colon = strchr(reason, ':');

	while (colon && !isdigit((unsigned char)colon[1]))
		colon = strchr(colon + 1, ':');
	return colon ? (size_t)(colon - reason) : strlen(reason);
}

static int percent_of(const struct op *op)
{
	return op->percent_presence == FIELD_PRESENT ? (int)op->percent : -1;
}

static void set_text(struct row *row, enum style style, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void set_text(struct row *row, enum style style, const char *fmt, ...)
{
	struct clause *clause = add_clause(row, style);
	va_list ap;

	if (!clause)
		return;
	va_start(ap, fmt);
	vsnprintf(clause->text, sizeof(clause->text), fmt, ap);
	va_end(ap);
}

/* The input for the clauses of one operation. */
struct verdict_input {
	const struct bdb *bdb;
	enum op_kind kind;
	const struct op *op;
	const struct op_finding *finding;
	const struct op_since *op_since;
	bool is_only_op; /* no other operation has the worst verdict */
	char name[16];	 /* `backup `; "" if is_only_op */
	int64_t now_s;
	const struct row_style *style;
};

static void write_reason(char out[REASON_SIZE], const char *reason, const struct row_style *style)
{
	size_t length = style->full_reasons ? strlen(reason) : plain_reason(reason);
	char raw[REASON_SIZE];

	snprintf(raw, sizeof(raw), "%.*s", (int)length, reason);
	text_safe(out, REASON_SIZE, raw, style->ascii);
}

/* `7th` */
static const char *ordinal(unsigned number)
{
	static const char *const endings[] = { "th", "st", "nd", "rd" };
	unsigned last = number % 10;

	return number / 10 % 10 == 1 || last > 3 ? endings[0] : endings[last];
}

static void add_retrying(struct row *row, const struct verdict_input *input)
{
	const struct failure_streak *streak = input->op_since->streak;
	char reason[REASON_SIZE] = "";

	write_reason(reason, streak ? streak->reason : "", input->style);
	if (input->finding->attempt)
		set_text(row, STYLE_FAILED_REASON, "%sretrying%s%s, %u%s try", input->name,
			 reason[0] ? ": " : "", reason, input->finding->attempt,
			 ordinal(input->finding->attempt));
	else
		set_text(row, STYLE_FAILED_REASON, "%sretrying%s%s", input->name,
			 reason[0] ? ": " : "", reason);
}

static void add_failed(struct row *row, const struct verdict_input *input)
{
	char reason[REASON_SIZE];

	if (input->finding->retrying) {
		add_retrying(row, input);
		return;
	}
	write_reason(reason, input->op->reason_presence == FIELD_PRESENT ? input->op->reason : "",
		     input->style);
	set_text(row, STYLE_FAILED_REASON, "%s%s", input->name, reason[0] ? reason : "failed");
}

static struct time_zone zone_of(const struct row_style *style, int64_t wall_s)
{
	return time_zone_at(style->times == TIMES_LOCAL ? style->local_offset : NULL, wall_s);
}

/* `for 12m`, `since 20:01:57Z` */
static void write_unchanged(char out[TIME_TEXT_SIZE + 8], const struct verdict_input *input)
{
	const int64_t moved_s = input->op_since->moved_at.wall_ms / 1000;
	char text[TIME_TEXT_SIZE];

	if (input->style->times == TIMES_AGES) {
		time_format_age(text, input->finding->still_s);
		snprintf(out, TIME_TEXT_SIZE + 8, "for %s", text);
	} else {
		time_format_point_in_zone(text, moved_s, input->now_s,
					  zone_of(input->style, moved_s));
		snprintf(out, TIME_TEXT_SIZE + 8, "since %s", text);
	}
}

static void add_stalled(struct row *row, const struct verdict_input *input)
{
	char still[TIME_TEXT_SIZE + 8], age[TIME_TEXT_SIZE];

	write_unchanged(still, input);
	if (percent_of(input->op) >= 0)
		set_text(row, STYLE_TEXT, "%s%d%% %s", input->name, percent_of(input->op), still);
	else
		set_text(row, STYLE_TEXT, "%sno percent %s", input->name, still);
	if (!input->is_only_op || input->op_since->typical_run_s <= 0)
		return;
	time_format_age(age, input->op_since->typical_run_s);
	set_text(row, STYLE_TEXT, "usually %s", age);
}

static void add_percent(struct row *row, const char *name, int percent)
{
	struct clause *clause = add_clause(row, STYLE_RUNNING);

	if (!clause)
		return;
	clause->rank = CLAUSE_PERCENT;
	snprintf(clause->text, sizeof(clause->text), "%s%d%%", name, percent);
}

static void add_running(struct row *row, const struct verdict_input *input)
{
	int percent = percent_of(input->op);

	if (percent < 0) {
		set_text(row, STYLE_RUNNING, "%s%s", input->name,
			 input->is_only_op ? "percent -" : "running");
		return;
	}
	add_percent(row, input->name, percent);
	if (input->is_only_op)
		row->clauses[row->clause_count - 1].percent = percent;
}

static void add_suspect(struct row *row, const struct verdict_input *input)
{
	unsigned suspect = input->finding->suspect;
	/* only the first clause names the operation */
	const char *name = input->name;

	for (; suspect; suspect &= suspect - 1, name = "")
		set_text(row, STYLE_TEXT, "%s%s", name,
			 triage_suspect_text((enum suspect_reason)(suspect & (0U - suspect)),
					     input->kind));
}

static void add_other(struct row *row, const struct verdict_input *input)
{
	char reason[REASON_SIZE];

	write_reason(reason, input->op->reason_presence == FIELD_PRESENT ? input->op->reason : "",
		     input->style);
	if (reason[0])
		set_text(row, STYLE_TEXT, "%s%s", input->name, reason);
	else if (input->op->phase != OP_OTHER)
		set_text(row, STYLE_TEXT, "%s%s", input->name,
			 triage_sentence(input->bdb, row->finding, input->kind));
}

static void (*const verdict_clauses[VERDICT_KINDS])(struct row *, const struct verdict_input *) = {
	[VERDICT_FAILED] = add_failed,	 [VERDICT_STALLED] = add_stalled,
	[VERDICT_SUSPECT] = add_suspect, [VERDICT_RUNNING] = add_running,
	[VERDICT_OTHER] = add_other,
};

static void add_reasons(struct row *row, const struct roster_entry *entry,
			const struct row_style *style, int64_t now_s)
{
	int kind, op_count = 0;

	if (row->worst >= VERDICT_OK || !verdict_clauses[row->worst])
		return;
	for (kind = 0; kind < OP_KINDS; kind++)
		op_count += row->op[kind].verdict == row->worst;
	for (kind = 0; kind < OP_KINDS; kind++) {
		struct verdict_input input = { .bdb = entry->bdb,
					       .kind = (enum op_kind)kind,
					       .op = &entry->bdb->op[kind],
					       .finding = &row->finding->op[kind],
					       .op_since = &entry->op_since[kind],
					       .is_only_op = op_count == 1,
					       .now_s = now_s,
					       .style = style };

		if (row->op[kind].verdict != row->worst)
			continue;
		if (!input.is_only_op)
			snprintf(input.name, sizeof(input.name), "%s ", op_defs[kind].word);
		verdict_clauses[row->worst](row, &input);
	}
}

/* Added even if another verdict is worse.  `never backed up` is added even before the backup is
 * overdue, because each change of the database moves the due time. */
static void add_lateness(struct row *row)
{
	const struct backup_due *due = &row->finding->due;
	char age[TIME_TEXT_SIZE];

	if (due->never_succeeded) {
		set_text(row, due->overdue ? STYLE_OVERDUE : STYLE_TEXT, "never backed up");
		row->clauses[row->clause_count - 1].rank = CLAUSE_NEVER;
		return;
	}
	if (!due->overdue)
		return;
	time_format_age(age, due->overdue_s);
	set_text(row, STYLE_OVERDUE, "%s late", age);
	if (due->missed_intervals > 0)
		set_text(row, STYLE_OVERDUE, "%lld missed", (long long)due->missed_intervals);
}

/* A clause of the worst verdict already has the percent. */
static bool has_percent_clause(const struct row *row, enum op_kind kind)
{
	const struct op_finding *op = &row->finding->op[kind];

	if (op->verdict != row->worst)
		return false;
	return op->verdict == VERDICT_RUNNING || op->verdict == VERDICT_STALLED ||
	       (op->verdict == VERDICT_SUSPECT && op->suspect & SUSPECT_FULL);
}

/* Every running operation shows its percent, even if another verdict is worse. */
static void add_percents(struct row *row, const struct bdb *bdb)
{
	char name[16];
	int kind;

	for (kind = 0; kind < OP_KINDS; kind++) {
		const struct op *op = &bdb->op[kind];

		if (op->phase != OP_RUNNING || percent_of(op) < 0 ||
		    has_percent_clause(row, (enum op_kind)kind))
			continue;
		snprintf(name, sizeof(name), "%s ", op_defs[kind].word);
		add_percent(row, name, percent_of(op));
	}
}

/* Explains the numbers at the end of the reason of a failed operation. */
static void add_sizes(struct row *row, const struct bdb *bdb)
{
	char sizes[REASON_TEXT_SIZE];
	int kind;

	for (kind = 0; kind < OP_KINDS; kind++) {
		if (bdb->op[kind].phase != OP_FAILED)
			continue;
		reason_format_shortfall(bdb->op[kind].reason, sizes);
		if (sizes[0])
			set_text(row, STYLE_TEXT, "%s", sizes);
	}
}

/* --- times ---------------------------------------------------------------------------------- */

#define DAY_S (INT64_C(24) * 60 * 60)

/* `02:00Z`: no seconds, and no date if it is less than a day away. */
static void write_minute(char out[TIME_TEXT_SIZE], int64_t wall_s, int64_t now_s,
			 const struct row_style *style)
{
	int64_t from_s = time_subtract(wall_s, now_s) < DAY_S ? wall_s : now_s;
	char *seconds;

	time_format_point_in_zone(out, wall_s, from_s, zone_of(style, wall_s));
	seconds = strrchr(out, ':');
	memmove(seconds, seconds + 3, strlen(seconds + 3) + 1);
}

bool row_format_retry(char out[ROW_RETRY_SIZE], const struct cluster *cluster,
		      const struct roster_entry *entry, enum op_kind kind,
		      const struct row_style *style)
{
	const struct finding *finding = cluster_finding(cluster, entry->bdb->uid);
	const int64_t now_s = cluster_now_s(cluster);
	char text[TIME_TEXT_SIZE];
	int64_t retried_s;

	if (!finding || !cluster_has_clear_retry(cluster, entry->bdb->uid, kind, &retried_s))
		return false;
	if (retried_s >= 0) {
		time_format_age(text, retried_s);
		snprintf(out, ROW_RETRY_SIZE, "retried %s later", text);
	} else if (kind == OP_BACKUP && finding->due.has_due_time && finding->due.due_s > now_s) {
		write_minute(text, finding->due.due_s, now_s, style);
		snprintf(out, ROW_RETRY_SIZE, "no retry seen, next due %s", text);
	} else {
		snprintf(out, ROW_RETRY_SIZE, "no retry seen");
	}
	return true;
}

static void make_next(struct row *row, int64_t now_s, const struct row_style *style)
{
	const struct backup_due *due = &row->finding->due;
	char age[TIME_TEXT_SIZE];

	row->overdue = due->overdue;
	if (due->has_due_time && style->times != TIMES_AGES) {
		time_format_column(row->next, due->due_s, now_s, zone_of(style, due->due_s));
	} else if (due->overdue) {
		time_format_age(age, due->overdue_s);
		snprintf(row->next, sizeof(row->next), "%.20s late", age);
	} else if (due->has_due_time && due->due_s > now_s) {
		time_format_age(age, time_subtract(due->due_s, now_s));
		snprintf(row->next, sizeof(row->next), "in %.20s", age);
	} else {
		strcpy(row->next, due->has_due_time ? "due" : "-");
	}
}

static void make_last_backup(struct row *row, const struct bdb *bdb, int64_t now_s,
			     const struct row_style *style)
{
	const struct op *op = &bdb->op[OP_BACKUP];

	if (op->last_success_presence == FIELD_PRESENT && style->times != TIMES_AGES)
		time_format_column(row->last_backup, op->last_success_s, now_s,
				   zone_of(style, op->last_success_s));
	else if (op->last_success_presence == FIELD_PRESENT)
		time_format_age(row->last_backup, time_subtract(now_s, op->last_success_s));
	else
		strcpy(row->last_backup, row->finding->due.never_succeeded ? "never" : "-");
}

void row_init(struct row *row, const struct cluster *cluster, const struct roster_entry *entry,
	      const struct row_style *style, struct moment now)
{
	const struct bdb *bdb = entry->bdb;
	const int64_t now_s = cluster_now_s(cluster);
	int kind;

	row->clause_count = 0;
	row->listed = roster_entry_is_listed(entry);
	row->finding = cluster_finding(cluster, bdb->uid);
	row->worst = row->finding->worst;
	row->worst_kind = row->finding->worst_kind;
	snprintf(row->id, sizeof(row->id), "db:%lld", (long long)bdb->uid);
	text_safe(row->name, sizeof(row->name),
		  bdb->name_presence == FIELD_PRESENT ? bdb->name : "-", style->ascii);
	text_safe(row->state, sizeof(row->state),
		  bdb->state_presence == FIELD_PRESENT ? bdb->state : "-", style->ascii);
	for (kind = 0; kind < OP_KINDS; kind++) {
		row->op[kind].verdict = row->finding->op[kind].verdict;
		row->op[kind].letter = verdict_defs[row->op[kind].verdict].letter;
		text_safe(row->op[kind].word, sizeof(row->op[kind].word),
			  triage_word(bdb, row->finding, (enum op_kind)kind), style->ascii);
	}
	make_last_backup(row, bdb, now_s, style);
	make_next(row, now_s, style);
	add_results(row, cluster, bdb->uid, style->width, now.ms);
	if (entry->gone)
		return;
	if (!row->listed)
		set_text(row, STYLE_TEXT, "not listed");
	add_reasons(row, entry, style, now_s);
	add_lateness(row);
	add_percents(row, bdb);
	if (style->sizes)
		add_sizes(row, bdb);
}

/* --- width ---------------------------------------------------------------------------------- */

#define MIN_FIRST_CELLS 6 /* the first clause may be truncated to this */

const char *row_separator(const struct row *row, size_t index)
{
	return row->clauses[index - 1].is_result ? "  " : ", ";
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

/* The first clause cannot be truncated enough to fit. */
static bool is_cramped(const struct row *row, int cells)
{
	int least = text_width(row->clauses[0].text);

	if (!row->clauses[0].is_result && least > MIN_FIRST_CELLS)
		least = MIN_FIRST_CELLS;
	return least + row_width_after_first(row) > cells;
}

/* Drops the last clause of a rank, but never the first clause of the row. */
static bool drop_last(struct row *row, enum clause_rank rank)
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
		running += row->clauses[i].rank == CLAUSE_PERCENT;
	for (i = 0; i < row->clause_count; i++) {
		char *text = row->clauses[i].text, *number = strchr(text, ' ');

		if (row->clauses[i].rank != CLAUSE_PERCENT || !number)
			continue;
		if (running > 1)
			text++;
		else
			number++;
		memmove(text, number, strlen(number) + 1);
	}
}

bool row_fit(struct row *row, int cells, bool ascii)
{
	char first[sizeof(row->clauses[0].text)];
	bool complete = true;

	if (!row->clause_count)
		return true;
	while (is_wide(row, cells) && drop_last(row, CLAUSE_PLAIN))
		;
	if (is_wide(row, cells))
		shorten_percents(row);
	while (is_cramped(row, cells) && drop_last(row, CLAUSE_NEVER))
		;
	while (is_cramped(row, cells) && drop_last(row, CLAUSE_PERCENT))
		complete = false;
	if (!is_wide(row, cells))
		return complete;
	strcpy(first, row->clauses[0].text);
	text_truncate(row->clauses[0].text, sizeof(first), first,
		      cells - row_width_after_first(row), ascii);
	return complete && !row->clauses[0].is_result;
}
