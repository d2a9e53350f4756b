#include "bdbtop/session/row.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bdbtop/core/reason.h"
#include "bdbtop/core/text.h"

/* A row has at most this many results in sight; the strip and the log have the others. */
#define ROW_RESULTS 4
#define REASON_SIZE 160

static const struct {
	const char *word[ROW_FULL + 1];
	enum style element;
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

const char *row_note_text(enum reset_obstacle obstacle, enum row_width form)
{
	return note_texts[obstacle].word[form];
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

/* A database that a bulk did not take: `not sent, running 42%`. */
static void write_skipped(struct clause *clause, const char *why, enum row_width form)
{
	clause->style = STYLE_WAITING;
	snprintf(clause->text, sizeof(clause->text),
		 form == ROW_LETTERS ? "not sent" : "not sent, %s", why);
}

void row_format_result(struct clause *out, const struct cluster_result *result, enum row_width form,
		       int64_t now_ms)
{
	struct reset_text words;

	*out = (struct clause){ .percent = -1, .is_result = true };
	if (!result->reset && result->skipped) {
		write_skipped(out, result->skipped, form);
		return;
	}
	if (!result->reset) {
		snprintf(out->text, sizeof(out->text), "%s", row_note_text(result->obstacle, form));
		out->style = note_texts[result->obstacle].element;
		return;
	}
	reset_format(result->reset, result->question_waits, now_ms, &words);
	snprintf(out->text, sizeof(out->text), "%s",
		 form == ROW_FULL     ? words.full
		 : form == ROW_MEDIUM ? words.medium
				      : words.letters);
	out->style = words.style;
}

/* Several results are named by their keys and told shorter: `b 409 again in 4s  e cleared`. */
static void add_results(struct row *row, const struct cluster *cluster, int64_t uid,
			enum row_width form, int64_t now_ms)
{
	struct cluster_result result[ROW_RESULTS];
	size_t count = cluster_results(cluster, uid, result, ROW_RESULTS), i;
	char text[sizeof(row->clauses[0].text)];

	if (count > 1 && form > ROW_LETTERS)
		form--;
	for (i = 0; i < count; i++) {
		struct clause *clause = add_clause(row, STYLE_TEXT);

		row_format_result(clause, &result[i], form, now_ms);
		if (count > 1) {
			memcpy(text, clause->text, sizeof(text));
			snprintf(clause->text, sizeof(clause->text), "%c %.200s",
				 op_defs[result[i].kind].key, text);
		}
	}
}

/* Bytes of the reason before the numbers that some reasons carry. */
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

/* A further clause, the words of a sentence. */
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

/* What is being written of one operation: it is named where several speak. */
struct verdict_input {
	const struct bdb *bdb;
	enum op_kind kind;
	const struct op *op;
	const struct op_finding *finding;
	const struct op_since *op_since;
	bool is_only_clause;
	char name[16]; /* `backup `, or "" */
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

static void add_retrying(struct row *row, const struct verdict_input *by)
{
	const struct failure_streak *streak = by->op_since->streak;
	char reason[REASON_SIZE] = "";

	write_reason(reason, streak ? streak->reason : "", by->style);
	if (by->finding->attempt)
		set_text(row, STYLE_FAILED_REASON, "%sretrying%s%s, %u%s try", by->name,
			 reason[0] ? ": " : "", reason, by->finding->attempt,
			 ordinal(by->finding->attempt));
	else
		set_text(row, STYLE_FAILED_REASON, "%sretrying%s%s", by->name,
			 reason[0] ? ": " : "", reason);
}

static void add_failed(struct row *row, const struct verdict_input *by)
{
	char reason[REASON_SIZE];

	if (by->finding->retrying) {
		add_retrying(row, by);
		return;
	}
	write_reason(reason, by->op->reason_presence == FIELD_PRESENT ? by->op->reason : "",
		     by->style);
	set_text(row, STYLE_FAILED_REASON, "%s%s", by->name, reason[0] ? reason : "failed");
}

static struct time_zone zone_of(const struct row_style *style, int64_t wall_s)
{
	return handover_zone(style->times == TIMES_LOCAL ? style->local_offset : NULL, wall_s);
}

/* `for 12m`, `since 20:01:57Z` */
static void write_still(char out[TIME_TEXT_SIZE + 8], const struct verdict_input *by)
{
	const int64_t moved_s = by->op_since->moved_at.wall_ms / 1000;
	char text[TIME_TEXT_SIZE];

	if (by->style->times == TIMES_AGES) {
		time_format_age(text, by->finding->still_s);
		snprintf(out, TIME_TEXT_SIZE + 8, "for %s", text);
	} else {
		time_format_point_in_zone(text, moved_s, by->now_s, zone_of(by->style, moved_s));
		snprintf(out, TIME_TEXT_SIZE + 8, "since %s", text);
	}
}

static void add_stalled(struct row *row, const struct verdict_input *by)
{
	char still[TIME_TEXT_SIZE + 8], age[TIME_TEXT_SIZE];

	write_still(still, by);
	if (percent_of(by->op) >= 0)
		set_text(row, STYLE_TEXT, "%s%d%% %s", by->name, percent_of(by->op), still);
	else
		set_text(row, STYLE_TEXT, "%sno percent %s", by->name, still);
	if (!by->is_only_clause || by->op_since->typical_run_s <= 0)
		return;
	time_format_age(age, by->op_since->typical_run_s);
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

static void add_running(struct row *row, const struct verdict_input *by)
{
	int percent = percent_of(by->op);

	if (percent < 0) {
		set_text(row, STYLE_RUNNING, "%s%s", by->name,
			 by->is_only_clause ? "percent -" : "running");
		return;
	}
	add_percent(row, by->name, percent);
	if (by->is_only_clause)
		row->clauses[row->clause_count - 1].percent = percent;
}

static void add_suspect(struct row *row, const struct verdict_input *by)
{
	unsigned suspect = by->finding->suspect;
	/* the first of them names the operation, the others follow it */
	const char *name = by->name;

	for (; suspect; suspect &= suspect - 1, name = "")
		set_text(row, STYLE_TEXT, "%s%s", name,
			 triage_suspect_text((enum suspect_reason)(suspect & (0U - suspect)),
					     by->kind));
}

static void add_other(struct row *row, const struct verdict_input *by)
{
	char reason[REASON_SIZE];

	write_reason(reason, by->op->reason_presence == FIELD_PRESENT ? by->op->reason : "",
		     by->style);
	if (reason[0])
		set_text(row, STYLE_TEXT, "%s%s", by->name, reason);
	else if (by->op->phase != OP_OTHER)
		set_text(row, STYLE_TEXT, "%s%s", by->name,
			 triage_sentence(by->bdb, row->finding, by->kind));
}

static void (*const verdict_clauses[VERDICT_KINDS])(struct row *, const struct verdict_input *) = {
	[VERDICT_FAILED] = add_failed,	 [VERDICT_STALLED] = add_stalled,
	[VERDICT_SUSPECT] = add_suspect, [VERDICT_RUNNING] = add_running,
	[VERDICT_OTHER] = add_other,
};

static void add_reasons(struct row *row, const struct roster_entry *entry,
			const struct row_style *style, int64_t now_s)
{
	int kind, speakers = 0;

	if (row->worst >= VERDICT_OK || !verdict_clauses[row->worst])
		return;
	for (kind = 0; kind < OP_KINDS; kind++)
		speakers += row->op[kind].verdict == row->worst;
	for (kind = 0; kind < OP_KINDS; kind++) {
		struct verdict_input by = { .bdb = entry->bdb,
					    .kind = (enum op_kind)kind,
					    .op = &entry->bdb->op[kind],
					    .finding = &row->finding->op[kind],
					    .op_since = &entry->op_since[kind],
					    .is_only_clause = speakers == 1,
					    .now_s = now_s,
					    .style = style };

		if (row->op[kind].verdict != row->worst)
			continue;
		if (!by.is_only_clause)
			snprintf(by.name, sizeof(by.name), "%s ", op_defs[kind].word);
		verdict_clauses[row->worst](row, &by);
	}
}

/* Said whatever is worse.  That no backup ever succeeded is said before it is late as well: each
 * change of the database puts the lateness off. */
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

/* A clause of the worst state has told it. */
static bool has_told_percent(const struct row *row, enum op_kind kind)
{
	const struct op_finding *op = &row->finding->op[kind];

	if (op->verdict != row->worst)
		return false;
	return op->verdict == VERDICT_RUNNING || op->verdict == VERDICT_STALLED ||
	       (op->verdict == VERDICT_SUSPECT && op->suspect & SUSPECT_FULL);
}

/* What runs says how far it is, whatever is worse. */
static void add_percents(struct row *row, const struct bdb *bdb)
{
	char name[16];
	int kind;

	for (kind = 0; kind < OP_KINDS; kind++) {
		const struct op *op = &bdb->op[kind];

		if (op->phase != OP_RUNNING || percent_of(op) < 0 ||
		    has_told_percent(row, (enum op_kind)kind))
			continue;
		snprintf(name, sizeof(name), "%s ", op_defs[kind].word);
		add_percent(row, name, percent_of(op));
	}
}

/* What hangs on the reason of a failed operation, worked out. */
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

/* `02:00Z`: a plan has no seconds, and no day where that can be but one. */
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

#define LEAST_FIRST 6 /* cells to which the first clause may be cut */

const char *row_join(const struct row *row, size_t index)
{
	return row->clauses[index - 1].is_result ? "  " : ", ";
}

int row_width_behind(const struct row *row)
{
	int width = 0;
	size_t i;

	for (i = 1; i < row->clause_count; i++)
		width += text_width(row_join(row, i)) + text_width(row->clauses[i].text);
	return width;
}

static bool is_wide(const struct row *row, int cells)
{
	return text_width(row->clauses[0].text) + row_width_behind(row) > cells;
}

/* The first clause could not be cut to what is left for it. */
static bool is_cramped(const struct row *row, int cells)
{
	int least = text_width(row->clauses[0].text);

	if (!row->clauses[0].is_result && least > LEAST_FIRST)
		least = LEAST_FIRST;
	return least + row_width_behind(row) > cells;
}

/* The last one of a rank, but never the first clause of all. */
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

/* `import 17%` becomes `17%`, or `i 17%` beside another one. */
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
	bool whole = true;

	if (!row->clause_count)
		return true;
	while (is_wide(row, cells) && drop_last(row, CLAUSE_PLAIN))
		;
	if (is_wide(row, cells))
		shorten_percents(row);
	while (is_cramped(row, cells) && drop_last(row, CLAUSE_NEVER))
		;
	while (is_cramped(row, cells) && drop_last(row, CLAUSE_PERCENT))
		whole = false;
	if (!is_wide(row, cells))
		return whole;
	strcpy(first, row->clauses[0].text);
	text_truncate(row->clauses[0].text, sizeof(first), first, cells - row_width_behind(row),
		      ascii);
	return whole && !row->clauses[0].is_result;
}
