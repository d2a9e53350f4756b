#include "reset_internal.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"
#include "bdbtop/core/triage.h"

#define CELLS_MEDIUM  28 /* REASON / RESULT at 80 columns (doc/screens.md, Columns) */
#define CELLS_LETTERS 16 /* and at 40 */

/*
 * The words: the first line that fits.  medium and letters: NULL means as the wider one.  Text
 * after a `~` is omitted where it does not fit; a medium that does not fit becomes the letters.
 * `|` and `^` begin what the brief and the shown text lack (core/reset.h).
 */

#define UNDER_WAY_IF(in, condition) .state = RESET_##in, .need = condition
#define UNDER_WAY(in)		    UNDER_WAY_IF(in, 0)
#define ENDED_IF(how, condition)    .outcome = OUTCOME_##how, .state = RESET_END, .need = condition
#define ENDED(how)		    ENDED_IF(how, 0)

static const struct sentence {
	enum reset_outcome outcome;
	enum reset_state state;
	uint64_t need;
	enum style style;
	const char *full, *medium, *letters;
} sentences[] = {
	{ UNDER_WAY_IF(ASKING2, COND(ABOUT_AUDIT_LOG)), STYLE_WAITING,
	  "cannot write the audit log: {why}", "cannot write the audit log", "no audit log" },
	{ UNDER_WAY(QUEUED), STYLE_PENDING, "queued" },
	{ UNDER_WAY_IF(CHECKING, COND(RETRY_AFTER)), STYLE_PENDING, "{retry}, next try in {left}",
	  "{retry code}, next try in {left}", "{retry code} again in {left}" },
	{ UNDER_WAY_IF(CHECKING, COND(READ_IS_RETRY)), STYLE_PENDING, "checking, again in {left}",
	  NULL, "checking {left}" },
	{ UNDER_WAY_IF(CHECKING, COND(AFTER_307)), STYLE_PENDING, "primary is {where}", NULL,
	  "checking" },
	{ UNDER_WAY(CHECKING), STYLE_PENDING, "checking" },
	{ UNDER_WAY(NOTING), STYLE_PENDING, "checking" },
	{ UNDER_WAY_IF(SENT, COND(CANCEL_CAME_LATE)), STYLE_PENDING,
	  "in flight, cannot be cancelled", "in flight, cannot cancel", "in flight" },
	{ UNDER_WAY(SENT), STYLE_PENDING, "sent" },
	{ UNDER_WAY(WAITING), STYLE_WAITING, "409 busy{cause}, again in {left} {turn}",
	  "409 busy, again in {left} {turn}", "409 again in {left}" },
	{ UNDER_WAY_IF(READING, COND(CANCEL_CAME_LATE)), STYLE_PENDING, "sent, only reading", NULL,
	  "only reading" },
	{ UNDER_WAY(READING), STYLE_PENDING, "200 accepted" },
	{ UNDER_WAY_IF(PROBING, COND(CANCEL_CAME_LATE)), STYLE_WAITING, "sent, only reading", NULL,
	  "only reading" },
	{ UNDER_WAY_IF(PROBING, COND(AFTER_404)), STYLE_REFUSED, "404" },
	{ UNDER_WAY_IF(PROBING, COND(HAS_CODE)), STYLE_WAITING, "{code}{words}", NULL, "{code}" },
	{ UNDER_WAY(PROBING), STYLE_WAITING, "no answer{after}, may have been done",
	  "no answer{after}", "no answer{seconds}" },
	{ UNDER_WAY_IF(CHECKING_PATH, COND(CANCEL_CAME_LATE)), STYLE_WAITING, "sent, only reading",
	  NULL, "only reading" },
	{ UNDER_WAY(CHECKING_PATH), STYLE_REFUSED, "404" },
	{ UNDER_WAY_IF(HELD, COND(ACCEPTED)), STYLE_WAITING, "accepted, not confirmed: {login}",
	  "accepted, not confirmed", "not confirmed" },
	{ UNDER_WAY_IF(HELD, COND(AFTER_404)), STYLE_REFUSED, "404, cannot read: {login}",
	  "404, cannot read" },
	{ UNDER_WAY(HELD), STYLE_WAITING, "{lost}, cannot read: {login}", "{lost}, cannot read",
	  "{lost}" },

	{ ENDED_IF(DECLINED, COND(DECLINED_SECOND)), STYLE_TEXT, "not sent" },
	{ ENDED(NOTHING_TO_RESET), STYLE_TEXT, "nothing to reset", NULL, "not sent" },
	{ ENDED(IDLE_NOT_BY_US), STYLE_TEXT, "idle now, not by us", NULL, "idle, not by us" },
	{ ENDED(IDLE_BEFORE_REASON_KEPT), STYLE_WAITING, "idle now, reason kept", NULL,
	  "reason kept" },
	{ ENDED_IF(SKIPPED, FOUND(RUNNING)), STYLE_WAITING, "not sent, running{percent}", NULL,
	  "not sent" },
	{ ENDED(SKIPPED), STYLE_WAITING, "not sent, now {now}{reason}", "not sent, now {now}",
	  "not sent" },
	{ ENDED_IF(DROPPED, FOUND(GONE)), STYLE_WAITING, "not sent, gone" },
	{ ENDED(DROPPED), STYLE_WAITING, "not sent, another database under {db}",
	  "not sent, another database", "not sent" },
	{ ENDED(CANNOT_READ), STYLE_WAITING, "not sent, cannot read: {failure}",
	  "not sent, cannot read", "not sent" },
	{ ENDED(CANCELLED), STYLE_TEXT, "cancelled|{retries}", NULL, "cancelled" },
	{ ENDED(ASLEEP), STYLE_TEXT, "cancelled: asleep", NULL, "cancelled" },
	{ ENDED_IF(STOPPED, COND(CONFIRMED)), STYLE_DANGER, "stopped: {refusal}", NULL, "stopped" },

	{ ENDED_IF(CLEARED, COND(FAILED_AGAIN)), STYLE_WAITING, "cleared, failed again {again}",
	  "cleared, failed again", "failed again" },
	{ ENDED_IF(CLEARED, COND(CLEARED_LATE)), STYLE_CLEARED, "cleared| after {late}^{was}",
	  "cleared after {late}", "cleared~ {late}" },
	{ ENDED(CLEARED), STYLE_CLEARED, "cleared^{was}", "cleared" },
	{ ENDED(REASON_KEPT), STYLE_WAITING, "idle, reason kept", NULL, "reason kept" },
	{ ENDED(RUNNING), STYLE_WAITING, "accepted, running now{percent}", NULL,
	  "running now{percent}" },
	{ ENDED(MOVED), STYLE_WAITING, "accepted, now {now}{reason}", "accepted, now {now}",
	  "now {now}" },
	{ ENDED(UNCHANGED), STYLE_WAITING, "accepted, still {before}| after 20s",
	  "accepted, still {before}~ 20s", "still {before}~ 20s" },
	{ ENDED(OTHER_BDB), STYLE_WAITING, "accepted, then another under {db}",
	  "accepted, then another", "then another" },
	{ ENDED(THEN_GONE), STYLE_WAITING, "accepted, then gone", NULL, "then gone" },
	{ ENDED(NOT_CONFIRMED), STYLE_WAITING, "accepted, not confirmed", NULL, "not confirmed" },

	{ ENDED(REFUSED_307), STYLE_REFUSED, "307 primary is {where}", NULL, "307 not primary" },
	{ ENDED(REFUSED_401), STYLE_REFUSED, "401 log-in refused", NULL, "401 log-in" },
	{ ENDED(REFUSED_403), STYLE_REFUSED, "403 role may not reset{:words}",
	  "403 role may not reset", "403 role" },
	{ ENDED(GONE), STYLE_REFUSED, "404 gone" },
	{ ENDED(PATH_UNKNOWN), STYLE_REFUSED, "404, path unknown here", NULL, "404 path unknown" },
	{ ENDED(STILL_LISTED), STYLE_REFUSED, "404, still listed", NULL, "404 still listed" },
	{ ENDED_IF(REFUSED_406, COND(HAS_MODULES)), STYLE_REFUSED,
	  "406 {modules} {lack} backup_restore", "406 {modules}", "406 module" },
	{ ENDED(REFUSED_406), STYLE_REFUSED, "{code}{words}", NULL, "{code}" },
	{ ENDED(GAVE_UP), STYLE_REFUSED, "409 busy, gave up|{retries}", "409 busy, gave up",
	  "409 gave up" },
	{ ENDED_IF(REFUSED_OTHER, COND(AFTER_404)), STYLE_REFUSED, "404, cannot read" },
	{ ENDED(REFUSED_OTHER), STYLE_REFUSED, "{code}{words}", NULL, "{code}" },

	{ ENDED_IF(UNSENT, COND(HAS_FAILURE)), STYLE_WAITING, "not sent: {failure}", "not sent" },
	{ ENDED(UNSENT), STYLE_WAITING, "no answer, not sent", NULL, "not sent" },
	{ ENDED_IF(NO_ANSWER, FOUND(IDLE)), STYLE_WAITING, "{lost}, now idle", NULL,
	  "{lost}, idle" },
	{ ENDED_IF(NO_ANSWER, FOUND(IDLE_REASON)), STYLE_WAITING, "{lost}, now idle, reason kept",
	  "{lost}, reason kept", "{lost}, idle" },
	{ ENDED_IF(NO_ANSWER, FOUND(SAME)), STYLE_WAITING, "{lost}, still {before}", NULL,
	  "{lost}, still" },
	{ ENDED_IF(NO_ANSWER, FOUND(RUNNING)), STYLE_WAITING, "{lost}, running now{percent}",
	  "{lost}, running now", "{lost}, runs" },
	{ ENDED_IF(NO_ANSWER, FOUND(MOVED)), STYLE_WAITING, "{lost}, now {now}{reason}",
	  "{lost}, now {now}", "{lost}, moved" },
	{ ENDED_IF(NO_ANSWER, FOUND(OTHER_BDB)), STYLE_WAITING, "{lost}, another under {db}",
	  "{lost}, another database", "{lost}, other" },
	{ ENDED_IF(NO_ANSWER, FOUND(GONE)), STYLE_WAITING, "{lost}, gone" },
	{ ENDED(NO_ANSWER), STYLE_WAITING, "{lost}, cannot read", NULL, "{lost}" },
	{ ENDED(UNKNOWN), STYLE_WAITING, "may have been carried out", NULL, "may be done" },
};

/* What replaces the names in braces, for one reset at one time. */
struct terms {
	size_t count;
	struct text_term list[27];
	char values[27][200];
};

static void begin_term(struct terms *terms, const char *name, struct text *text)
{
	char *value = terms->values[terms->count];

	assert(terms->count < ARRAY_SIZE(terms->list));
	terms->list[terms->count++] = (struct text_term){ name, value };
	text_init(text, value, sizeof(terms->values[0]));
}

__attribute__((format(printf, 3, 4))) static void add_term(struct terms *terms, const char *name,
							   const char *fmt, ...)
{
	struct text text;
	va_list args;

	begin_term(terms, name, &text);
	va_start(args, fmt);
	text_addv(&text, fmt, args);
	va_end(args);
}

/* Text as the cluster sent it, after a prefix; nothing if it is empty. */
static void add_raw_term(struct terms *terms, const char *name, const char *prefix, const char *raw)
{
	struct text text;

	begin_term(terms, name, &text);
	text_add(&text, *raw ? prefix : "");
	text_add_safe(&text, raw);
}

static const char *status_of(const struct op *op)
{
	if (op->phase == OP_IDLE)
		return "idle";
	if (op->phase == OP_RUNNING)
		return "running";
	return *op->status ? op->status : "changed";
}

static const char *reason_of(const struct op *op)
{
	return op->reason_presence == FIELD_PRESENT ? op->reason : "";
}

/* ` 42%`; nothing when the percent is unknown. */
static void add_percent(struct text *text, const struct op *op)
{
	if (op->percent_presence == FIELD_PRESENT && op->percent >= 0 && op->percent <= 100)
		text_addf(text, " %d%%", (int)op->percent);
}

static void add_read_terms(struct terms *terms, const struct reset *reset)
{
	const struct reset_target *target = reset->target;
	const struct bdb *last = reset->last_read ? reset->last_read : target->evidence;
	struct op before = reset_target_op(target, target->evidence);
	struct op now = reset_target_op(target, last);
	bool has_reason = now.phase == OP_FAILED || now.phase == OP_IDLE;
	struct text percent;

	add_raw_term(terms, "before", "", status_of(&before));
	add_raw_term(terms, "was", ", was ", reason_of(&before));
	add_raw_term(terms, "now", "", status_of(&now));
	add_raw_term(terms, "reason", ": ", has_reason ? reason_of(&now) : "");
	begin_term(terms, "percent", &percent);
	add_percent(&percent, &now);
	add_term(terms, "db", "db:%lld", (long long)target->id.uid);
}

static void add_took(struct terms *terms, const char *name, const char *before, int64_t took_ms)
{
	if (took_ms >= 1000)
		add_term(terms, name, "%s%llds", before, (long long)(took_ms / 1000));
}

static void add_answer_terms(struct terms *terms, const struct reset *reset)
{
	const struct reset_answer *answer = &reset->answer;
	const char *message = answer->message;

	add_term(terms, "code", "%u", answer->status);
	if (reset_conditions(reset) & COND(HAS_CODE))
		add_term(terms, "lost", "%u", answer->status);
	else
		add_term(terms, "lost", "no answer");
	add_took(terms, "after", " after ", answer->took_ms);
	add_took(terms, "seconds", " ", answer->took_ms);
	add_term(terms, "words", "%s%s", *message ? " " : "", message);
	add_term(terms, ":words", "%s%s", *message ? ": " : "", message);
	add_term(terms, "where", "%s",
		 *answer->location_host ? answer->location_host : "elsewhere");
	add_term(terms, "modules", "%s %s", reset->module_count > 1 ? "modules" : "module",
		 reset->modules);
	add_term(terms, "lack", "%s", reset->module_count > 1 ? "lack" : "lacks");
}

/* What keeps the database busy, by the read before the PUT, safe: the state of the database, or
 * `action running`; "" when that read shows nothing. */
static void format_busy(const struct reset *reset, char out[64])
{
	const struct bdb *bdb = reset->last_read;
	struct text text;
	int kind;

	text_init(&text, out, 64);
	if (!bdb)
		return;
	if (bdb->state_presence == FIELD_PRESENT && *bdb->state &&
	    strcmp(bdb->state, "active") != 0) {
		text_add_safe(&text, bdb->state);
		return;
	}
	for (kind = 0; kind < OP_KINDS; kind++) {
		struct op op = bdb->op[kind];

		op_classify(&op, kind);
		if (kind != (int)reset->target->kind && op.phase == OP_RUNNING) {
			text_add(&text, "action running");
			return;
		}
	}
}

static void add_retry_terms(struct terms *terms, const struct reset *reset, int64_t now_ms)
{
	int64_t left_s = (reset->next_read_ms - now_ms + 999) / 1000;
	unsigned code = reset->retry_status, retries = 0;
	size_t i;

	/* a pause that its jitter makes longer still starts at its nominal seconds */
	if (reset->state == RESET_WAITING && left_s > reset_pause_s(reset->conflicts))
		left_s = reset_pause_s(reset->conflicts);
	add_term(terms, "left", "%llds", (long long)(left_s > 0 ? left_s : 0));
	add_term(terms, "turn", "(%u/%d)", reset->conflicts, RESET_PAUSES);
	add_term(terms, "retry code", "%u", code);
	add_term(terms, "retry", "%u %s", code,
		 code == 429 ? "too many requests" : "not available");
	for (i = 1; i < reset->attempt_count; i++)
		retries += reset->attempts[i - 1].status == 409;
	if (retries)
		add_term(terms, "retries", " after %u %s", retries,
			 retries == 1 ? "retry" : "retries");
}

static void add_end_terms(struct terms *terms, const struct reset *reset)
{
	const char *refused = reset->refused_because;
	char late[TIME_TEXT_SIZE], again[TIME_TEXT_SIZE];

	time_format_span(late, reset->cleared_late_ms / 1000);
	time_format_clock(again, reset->failed_again_wall_ms / 1000);
	add_term(terms, "late", "%s", late);
	add_term(terms, "again", "%s", again);
	add_term(terms, "refusal", "%s", *refused ? refused : "log-in refused");
	add_term(terms, "login", "%s", *refused ? refused : "log-in");
	add_term(terms, "why", "%s", reset->question_error);
	/* it may be longer than a value of the others */
	terms->list[terms->count++] = (struct text_term){ "failure", reset->failure };
}

/* A pattern with its terms; where its marks are, in bytes, 0: none. */
enum { MARK_OPTIONAL, MARK_BRIEF, MARK_SHOWN, MARKS };
struct expansion {
	struct text text;
	size_t at[MARKS];
};

static void cut(struct text *text, size_t length)
{
	text->buffer[length] = '\0';
	text->length = length;
	text->truncated = false;
}

/* Returns whether the result fits into that many cells. */
static bool expand(struct expansion *out, const struct terms *terms, const char *pattern, int cells)
{
	static const char marks[MARKS + 1] = "~|^";
	struct text *text = &out->text;
	char part[120];
	size_t length;

	while (*pattern) {
		length = strcspn(pattern, marks);
		assert(length < sizeof(part));
		snprintf(part, sizeof(part), "%.*s", (int)length, pattern);
		text_add_pattern(text, part, terms->list, terms->count);
		pattern += length;
		if (*pattern)
			out->at[strchr(marks, *pattern++) - marks] = text->length;
	}
	if (out->at[MARK_OPTIONAL] && (text->truncated || text_width(text->buffer) > cells))
		cut(text, out->at[MARK_OPTIONAL]);
	return !text->truncated && text_width(text->buffer) <= cells;
}

static struct expansion expansion_in(char *out, size_t size)
{
	struct expansion expansion = { .at = { 0 } };

	text_init(&expansion.text, out, size);
	return expansion;
}

static void expand_all(const struct terms *terms, const struct sentence *line,
		       struct reset_text *out)
{
	const char *medium = line->medium ? line->medium : line->full;
	const char *letters = line->letters ? line->letters : medium;
	struct expansion full = expansion_in(out->full, sizeof(out->full)), narrow;

	expand(&full, terms, line->full, 1000);
	out->shown = full.at[MARK_SHOWN] ? full.at[MARK_SHOWN] : full.text.length;
	out->brief = full.at[MARK_BRIEF] ? full.at[MARK_BRIEF] : out->shown;
	narrow = expansion_in(out->medium, sizeof(out->medium));
	if (!expand(&narrow, terms, medium, CELLS_MEDIUM)) {
		narrow = expansion_in(out->medium, sizeof(out->medium));
		expand(&narrow, terms, letters, CELLS_MEDIUM);
	}
	narrow = expansion_in(out->letters, sizeof(out->letters));
	expand(&narrow, terms, letters, CELLS_LETTERS);
	out->style = line->style;
}

static void format_line(const struct reset *reset, int64_t now_ms, const struct sentence *line,
			struct reset_text *out)
{
	struct terms terms;
	char cause[64];

	terms.count = 0;
	add_read_terms(&terms, reset);
	format_busy(reset, cause);
	add_term(&terms, "cause", "%s%s", *cause ? ": " : "", cause);
	add_answer_terms(&terms, reset);
	add_retry_terms(&terms, reset, now_ms);
	add_end_terms(&terms, reset);
	expand_all(&terms, line, out);
}

/* NULL: no words. */
static const struct sentence *find_line(const struct reset *reset)
{
	const struct sentence *line = sentences, *end = sentences + ARRAY_SIZE(sentences);
	uint64_t conditions = reset_conditions(reset);

	for (; line < end; line++)
		if (line->state == reset->state && line->outcome == reset->outcome &&
		    (conditions & line->need) == line->need)
			return line;
	return NULL;
}

bool reset_has_text(const struct reset *reset)
{
	return find_line(reset) != NULL;
}

void reset_format(const struct reset *reset, bool waits, int64_t now_ms, struct reset_text *out)
{
	static const struct sentence question = { .style = STYLE_PENDING,
						  .full = "question waits" };
	const struct sentence *line = find_line(reset);

	*out = (struct reset_text){ .style = STYLE_TEXT };
	if (waits && (reset->state == RESET_ASKING || reset->state == RESET_ASKING2))
		line = &question;
	if (line)
		format_line(reset, now_ms, line, out);
}

void reset_format_line(const struct reset *reset, int64_t now_ms, char out[RESET_LINE_SIZE])
{
	static const char accepted[] = "accepted";
	bool was_accepted = reset_conditions(reset) & COND(ACCEPTED) &&
			    (reset->state == RESET_END || reset->state == RESET_HELD);
	struct reset_text words;
	char span[TIME_TEXT_SIZE];
	struct text text;

	text_init(&text, out, RESET_LINE_SIZE);
	reset_format(reset, false, now_ms, &words);
	if (was_accepted)
		text_add(&text, text_has_prefix(words.full, accepted) ? "200 " : "200 accepted, ");
	if (reset->outcome != OUTCOME_CLEARED) {
		text_add(&text, words.full);
		return;
	}
	text_addf(&text, "%.*s", (int)words.brief, words.full);
	time_format_span(span, (reset->end_ms - reset->answered_ms) / 1000);
	if (reset->end_ms - reset->answered_ms >= 1000)
		text_addf(&text, " after %s", span);
}

void reset_format_wait(const struct reset *reset, const char *at, bool brief,
		       char out[RESET_WAIT_SIZE])
{
	char cause[64];

	if (brief) {
		snprintf(out, RESET_WAIT_SIZE, "409 busy, retry %u of %d at %s.", reset_puts(reset),
			 RESET_PAUSES, at);
		return;
	}
	format_busy(reset, cause);
	snprintf(out, RESET_WAIT_SIZE, "409 busy: %s. Retry %u of %d is sent at %s.",
		 cause[0] ? cause : "the cluster runs another action on this database",
		 reset_puts(reset), RESET_PAUSES, at);
}

void reset_format_skipped(const struct op *op, char out[RESET_LINE_SIZE])
{
	bool clear = op->phase == OP_SUCCEEDED || op_is_clear(op);
	struct text text;

	text_init(&text, out, RESET_LINE_SIZE);
	text_add(&text, clear ? "nothing to reset (" : "not sent, ");
	text_add_safe(&text, op->phase == OP_IDLE ? status_of(op) : triage_op_sentence(op));
	if (op->phase == OP_RUNNING)
		add_percent(&text, op);
	else if (!clear && op->phase == OP_IDLE)
		text_add(&text, ", reason kept");
	text_add(&text, clear ? ")" : "");
}

void reset_format_evidence(const struct op *op, char out[RESET_LINE_SIZE])
{
	struct text text;

	text_init(&text, out, RESET_LINE_SIZE);
	text_add_safe(&text, op->phase == OP_IDLE ? "idle" : op->status);
	text_add(&text, *reason_of(op) ? ", " : "");
	text_add_safe(&text, reason_of(op));
}

/* The log has no field for the outcome. */
bool reset_text_is_cleared(const char *recorded)
{
	return text_has_prefix(recorded, "cleared");
}

void reset_text_read(struct reset_text *out, const char *recorded)
{
	static const char was[] = ", was ";
	const char *end;

	*out = (struct reset_text){ .style = STYLE_TEXT };
	text_safe(out->full, sizeof(out->full), recorded, false);
	end = strstr(out->full, was);
	out->shown = out->brief = end ? (size_t)(end - out->full) : strlen(out->full);
	if (reset_text_is_cleared(out->full))
		out->style = STYLE_CLEARED;
}
