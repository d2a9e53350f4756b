#include "reset_internal.h"

#include <string.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"

#define CELLS_MEDIUM  28 /* REASON / RESULT at 80 columns (doc/screens.md, Columns) */
#define CELLS_LETTERS 16 /* and at 40 */

/* What replaces a name in braces. */

static struct op last_op(const struct reset *reset)
{
	const struct bdb *bdb = reset->last_read ? reset->last_read : reset->target->evidence;

	return reset_target_op(reset->target, bdb);
}

static void add_status(struct text *text, const struct op *op)
{
	switch (op->phase) {
	case OP_IDLE:
		text_add(text, "idle");
		break;
	case OP_RUNNING:
		text_add(text, "running");
		break;
	default:
		text_add_safe(text, *op->status ? op->status : "changed");
	}
}

static void add_reason(struct text *text, const char *before, const struct op *op)
{
	if (op->reason_presence != FIELD_PRESENT || !*op->reason)
		return;
	text_add(text, before);
	text_add_safe(text, op->reason);
}

static void add_before(const struct reset *reset, int64_t now_ms, struct text *text)
{
	struct op op = reset_target_op(reset->target, reset->target->evidence);

	(void)now_ms;
	add_status(text, &op);
}

static void add_was(const struct reset *reset, int64_t now_ms, struct text *text)
{
	struct op op = reset_target_op(reset->target, reset->target->evidence);

	(void)now_ms;
	add_reason(text, ", was ", &op);
}

static void add_now(const struct reset *reset, int64_t now_ms, struct text *text)
{
	struct op op = last_op(reset);

	(void)now_ms;
	add_status(text, &op);
}

static void add_now_reason(const struct reset *reset, int64_t now_ms, struct text *text)
{
	struct op op = last_op(reset);

	(void)now_ms;
	if (op.phase == OP_FAILED || op.phase == OP_IDLE)
		add_reason(text, ": ", &op);
}

static void add_percent(const struct reset *reset, int64_t now_ms, struct text *text)
{
	struct op op = last_op(reset);

	(void)now_ms;
	if (op.percent_presence == FIELD_PRESENT && op.percent >= 0 && op.percent <= 100)
		text_addf(text, " %d%%", (int)op.percent);
}

static void add_db(const struct reset *reset, int64_t now_ms, struct text *text)
{
	(void)now_ms;
	text_addf(text, "db:%lld", (long long)reset->target->id.uid);
}

static void add_code(const struct reset *reset, int64_t now_ms, struct text *text)
{
	(void)now_ms;
	text_addf(text, "%u", reset->answer.status);
}

/* The row shows the code of a 5xx and of a complete answer, else `no answer`. */
static bool has_code(const struct reset *reset)
{
	return reset->answer.status >= 500 || (reset->answer.status && reset->answer.complete);
}

static void add_lost(const struct reset *reset, int64_t now_ms, struct text *text)
{
	if (has_code(reset))
		add_code(reset, now_ms, text);
	else
		text_add(text, "no answer");
}

static void add_took(struct text *text, const char *before, int64_t took_ms)
{
	if (took_ms >= 1000)
		text_addf(text, "%s%llds", before, (long long)(took_ms / 1000));
}

static void add_after(const struct reset *reset, int64_t now_ms, struct text *text)
{
	(void)now_ms;
	add_took(text, " after ", reset->answer.took_ms);
}

static void add_seconds(const struct reset *reset, int64_t now_ms, struct text *text)
{
	(void)now_ms;
	add_took(text, " ", reset->answer.took_ms);
}

static void add_retry_code(const struct reset *reset, int64_t now_ms, struct text *text)
{
	(void)now_ms;
	text_addf(text, "%u", reset->retry_status);
}

static void add_retry(const struct reset *reset, int64_t now_ms, struct text *text)
{
	add_retry_code(reset, now_ms, text);
	text_add(text, reset->retry_status == 429 ? " too many requests" : " not available");
}

static void add_words(const struct reset *reset, int64_t now_ms, struct text *text)
{
	(void)now_ms;
	if (*reset->answer.message)
		text_addf(text, " %s", reset->answer.message);
}

static void add_colon_words(const struct reset *reset, int64_t now_ms, struct text *text)
{
	(void)now_ms;
	if (*reset->answer.message)
		text_addf(text, ": %s", reset->answer.message);
}

static void add_where(const struct reset *reset, int64_t now_ms, struct text *text)
{
	(void)now_ms;
	text_add(text, *reset->answer.location_host ? reset->answer.location_host : "elsewhere");
}

/* Seconds left.  A pause that its jitter makes longer still starts at its nominal seconds. */
static void add_left(const struct reset *reset, int64_t now_ms, struct text *text)
{
	int64_t left_s = (reset->next_read_ms - now_ms + 999) / 1000;

	if (reset->state == RESET_WAITING && left_s > reset_pause_s(reset->conflicts))
		left_s = reset_pause_s(reset->conflicts);
	text_addf(text, "%llds", (long long)(left_s > 0 ? left_s : 0));
}

static void add_turn(const struct reset *reset, int64_t now_ms, struct text *text)
{
	(void)now_ms;
	text_addf(text, "(%u/%d)", reset->conflicts, RESET_PAUSES);
}

/* What keeps the database busy, by the read before the PUT. */
static void add_cause(const struct reset *reset, int64_t now_ms, struct text *text)
{
	const struct bdb *bdb = reset->last_read;
	int kind;

	(void)now_ms;
	if (!bdb)
		return;
	if (bdb->state_presence == FIELD_PRESENT && *bdb->state &&
	    strcmp(bdb->state, "active") != 0) {
		text_add(text, ": ");
		text_add_safe(text, bdb->state);
		return;
	}
	for (kind = 0; kind < OP_KINDS; kind++) {
		struct op op = bdb->op[kind];

		op_classify(&op, kind);
		if (kind != (int)reset->target->kind && op.phase == OP_RUNNING) {
			text_add(text, ": action running");
			return;
		}
	}
}

static void add_retries(const struct reset *reset, int64_t now_ms, struct text *text)
{
	unsigned retries = 0;
	size_t i;

	(void)now_ms;
	for (i = 1; i < reset->attempt_count; i++)
		retries += reset->attempts[i - 1].status == 409;
	if (retries)
		text_addf(text, " after %u %s", retries, retries == 1 ? "retry" : "retries");
}

static void add_refusal(const struct reset *reset, int64_t now_ms, struct text *text)
{
	(void)now_ms;
	text_add(text, *reset->refused_because ? reset->refused_because : "log-in refused");
}

static void add_login_wait(const struct reset *reset, int64_t now_ms, struct text *text)
{
	(void)now_ms;
	text_add(text, *reset->refused_because ? reset->refused_because : "log-in");
}

static void add_ask_why(const struct reset *reset, int64_t now_ms, struct text *text)
{
	(void)now_ms;
	text_add(text, reset->question_error);
}

static void add_modules(const struct reset *reset, int64_t now_ms, struct text *text)
{
	(void)now_ms;
	text_addf(text, "%s %s", reset->module_count > 1 ? "modules" : "module", reset->modules);
}

static void add_lack(const struct reset *reset, int64_t now_ms, struct text *text)
{
	(void)now_ms;
	text_add(text, reset->module_count > 1 ? "lack" : "lacks");
}

static void add_late(const struct reset *reset, int64_t now_ms, struct text *text)
{
	char span[TIME_TEXT_SIZE];

	(void)now_ms;
	time_format_span(span, reset->cleared_late_ms / 1000);
	text_add(text, span);
}

static void add_again(const struct reset *reset, int64_t now_ms, struct text *text)
{
	char point[TIME_TEXT_SIZE];

	(void)now_ms;
	time_format_clock(point, reset->failed_again_wall_ms / 1000);
	text_add(text, point);
}

static const struct {
	const char *name;
	void (*add)(const struct reset *, int64_t now_ms, struct text *);
} placeholders[] = {
	{ "{before}", add_before },
	{ "{was}", add_was },
	{ "{now}", add_now },
	{ "{reason}", add_now_reason },
	{ "{percent}", add_percent },
	{ "{db}", add_db },
	{ "{code}", add_code },
	{ "{lost}", add_lost },
	{ "{after}", add_after },
	{ "{seconds}", add_seconds },
	{ "{retry}", add_retry },
	{ "{retry code}", add_retry_code },
	{ "{words}", add_words },
	{ "{:words}", add_colon_words },
	{ "{where}", add_where },
	{ "{left}", add_left },
	{ "{turn}", add_turn },
	{ "{cause}", add_cause },
	{ "{retries}", add_retries },
	{ "{refusal}", add_refusal },
	{ "{login}", add_login_wait },
	{ "{why}", add_ask_why },
	{ "{modules}", add_modules },
	{ "{lack}", add_lack },
	{ "{late}", add_late },
	{ "{again}", add_again },
};

/* Which line of the table applies. */

static bool asks_about_log(const struct reset *reset)
{
	return reset->question == ASK_AUDIT_LOG;
}

static bool is_after_307(const struct reset *reset)
{
	return reset->attempt_count && reset->attempts[reset->attempt_count - 1].status == 307;
}

static bool is_read_retry(const struct reset *reset)
{
	return reset->read_is_retry;
}

static bool has_retry_after(const struct reset *reset)
{
	return reset->read_is_retry && reset->retry_status;
}

static bool cancel_came_late(const struct reset *reset)
{
	return reset->cancel_came_late;
}

static bool is_404(const struct reset *reset)
{
	return answer_classify(&reset->answer) == ANSWER_ABSENT;
}

static bool was_accepted(const struct reset *reset)
{
	return answer_classify(&reset->answer) == ANSWER_ACCEPTED;
}

static bool was_confirmed(const struct reset *reset)
{
	return reset->confirmed;
}

static bool declined_second(const struct reset *reset)
{
	return reset->confirmed || reset->second_question_first;
}

static bool has_failed_again(const struct reset *reset)
{
	return reset->failed_again_wall_ms != 0;
}

static bool cleared_late(const struct reset *reset)
{
	return reset->cleared_late_ms != 0;
}

static bool has_modules(const struct reset *reset)
{
	return reset->module_count != 0;
}

static bool found_idle(const struct reset *reset)
{
	return reset->last_result == READ_IDLE;
}

static bool found_reason(const struct reset *reset)
{
	return reset->last_result == READ_IDLE_REASON;
}

static bool found_same(const struct reset *reset)
{
	return reset->last_result == READ_SAME;
}

static bool found_running(const struct reset *reset)
{
	return reset->last_result == READ_RUNNING;
}

static bool found_moved(const struct reset *reset)
{
	return reset->last_result == READ_MOVED;
}

static bool found_other_bdb(const struct reset *reset)
{
	return reset->last_result == READ_OTHER_BDB;
}

static bool found_gone(const struct reset *reset)
{
	return reset->last_result == READ_GONE;
}

/*
 * The words: the first line that fits.  medium and letters: NULL means as the wider one.  Text
 * after a `~` is omitted where it does not fit; a medium that does not fit becomes the letters.
 */
static const struct {
	enum reset_state state;
	enum reset_outcome outcome;
	bool (*condition)(const struct reset *);
	enum style style;
	const char *full, *medium, *letters;
} sentences[] = {
#define UNDER_WAY(state) RESET_##state, OUTCOME_NONE
#define ENDED(outcome) RESET_END, OUTCOME_##outcome
	{ UNDER_WAY(ASKING2), asks_about_log, STYLE_WAITING, "cannot write the audit log: {why}",
	  "cannot write the audit log", "no audit log" },
	{ UNDER_WAY(QUEUED), NULL, STYLE_PENDING, "queued", NULL, NULL },
	{ UNDER_WAY(CHECKING), has_retry_after, STYLE_PENDING, "{retry}, next try in {left}",
	  "{retry code}, next try in {left}", "{retry code} again in {left}" },
	{ UNDER_WAY(CHECKING), is_read_retry, STYLE_PENDING, "checking, again in {left}", NULL,
	  "checking {left}" },
	{ UNDER_WAY(CHECKING), is_after_307, STYLE_PENDING, "primary is {where}", NULL,
	  "checking" },
	{ UNDER_WAY(CHECKING), NULL, STYLE_PENDING, "checking", NULL, NULL },
	{ UNDER_WAY(NOTING), NULL, STYLE_PENDING, "checking", NULL, NULL },
	{ UNDER_WAY(SENT), cancel_came_late, STYLE_PENDING, "in flight, cannot be cancelled",
	  "in flight, cannot cancel", "in flight" },
	{ UNDER_WAY(SENT), NULL, STYLE_PENDING, "sent", NULL, NULL },
	{ UNDER_WAY(WAITING), NULL, STYLE_WAITING, "409 busy{cause}, again in {left} {turn}",
	  "409 busy, again in {left} {turn}", "409 again in {left}" },
	{ UNDER_WAY(READING), cancel_came_late, STYLE_PENDING, "sent, only reading", NULL,
	  "only reading" },
	{ UNDER_WAY(READING), NULL, STYLE_PENDING, "200 accepted", NULL, NULL },
	{ UNDER_WAY(PROBING), cancel_came_late, STYLE_WAITING, "sent, only reading", NULL,
	  "only reading" },
	{ UNDER_WAY(PROBING), is_404, STYLE_REFUSED, "404", NULL, NULL },
	{ UNDER_WAY(PROBING), has_code, STYLE_WAITING, "{code}{words}", NULL, "{code}" },
	{ UNDER_WAY(PROBING), NULL, STYLE_WAITING, "no answer{after}, may have been done",
	  "no answer{after}", "no answer{seconds}" },
	{ UNDER_WAY(CHECKING_PATH), cancel_came_late, STYLE_WAITING, "sent, only reading", NULL,
	  "only reading" },
	{ UNDER_WAY(CHECKING_PATH), NULL, STYLE_REFUSED, "404", NULL, NULL },
	{ UNDER_WAY(HELD), was_accepted, STYLE_WAITING, "accepted, not confirmed: {login}",
	  "accepted, not confirmed", "not confirmed" },
	{ UNDER_WAY(HELD), is_404, STYLE_REFUSED, "404, cannot read: {login}", "404, cannot read",
	  NULL },
	{ UNDER_WAY(HELD), NULL, STYLE_WAITING, "{lost}, cannot read: {login}",
	  "{lost}, cannot read", "{lost}" },

	{ ENDED(DECLINED), declined_second, STYLE_TEXT, "not sent", NULL, NULL },
	{ ENDED(NOTHING_TO_RESET), NULL, STYLE_TEXT, "nothing to reset", NULL, "not sent" },
	{ ENDED(IDLE_NOT_BY_US), NULL, STYLE_TEXT, "idle now, not by us", NULL, "idle, not by us" },
	{ ENDED(IDLE_BEFORE_REASON_KEPT), NULL, STYLE_WAITING, "idle now, reason kept", NULL,
	  "reason kept" },
	{ ENDED(SKIPPED), found_running, STYLE_WAITING, "not sent, running{percent}", NULL,
	  "not sent" },
	{ ENDED(SKIPPED), NULL, STYLE_WAITING, "not sent, now {now}{reason}", "not sent, now {now}",
	  "not sent" },
	{ ENDED(DROPPED), found_gone, STYLE_WAITING, "not sent, gone", NULL, NULL },
	{ ENDED(DROPPED), NULL, STYLE_WAITING, "not sent, another database under {db}",
	  "not sent, another database", "not sent" },
	{ ENDED(CANNOT_READ), NULL, STYLE_WAITING, "not sent, cannot read", NULL, "not sent" },
	{ ENDED(CANCELLED), NULL, STYLE_TEXT, "cancelled{retries}", NULL, "cancelled" },
	{ ENDED(ASLEEP), NULL, STYLE_TEXT, "cancelled: asleep", NULL, "cancelled" },
	{ ENDED(STOPPED), was_confirmed, STYLE_DANGER, "stopped: {refusal}", NULL, "stopped" },

	{ ENDED(CLEARED), has_failed_again, STYLE_WAITING, "cleared, failed again {again}",
	  "cleared, failed again", "failed again" },
	{ ENDED(CLEARED), cleared_late, STYLE_CLEARED, "cleared after {late}{was}",
	  "cleared after {late}", "cleared~ {late}" },
	{ ENDED(CLEARED), NULL, STYLE_CLEARED, "cleared{was}", "cleared", NULL },
	{ ENDED(REASON_KEPT), NULL, STYLE_WAITING, "idle, reason kept", NULL, "reason kept" },
	{ ENDED(RUNNING), NULL, STYLE_WAITING, "accepted, running now{percent}", NULL,
	  "running now{percent}" },
	{ ENDED(MOVED), NULL, STYLE_WAITING, "accepted, now {now}{reason}", "accepted, now {now}",
	  "now {now}" },
	{ ENDED(UNCHANGED), NULL, STYLE_WAITING, "accepted, still {before} after 20s",
	  "accepted, still {before}~ 20s", "still {before}~ 20s" },
	{ ENDED(OTHER_BDB), NULL, STYLE_WAITING, "accepted, then another under {db}",
	  "accepted, then another", "then another" },
	{ ENDED(THEN_GONE), NULL, STYLE_WAITING, "accepted, then gone", NULL, "then gone" },
	{ ENDED(NOT_CONFIRMED), NULL, STYLE_WAITING, "accepted, not confirmed", NULL,
	  "not confirmed" },

	{ ENDED(REFUSED_307), NULL, STYLE_REFUSED, "307 primary is {where}", NULL,
	  "307 not primary" },
	{ ENDED(REFUSED_401), NULL, STYLE_REFUSED, "401 log-in refused", NULL, "401 log-in" },
	{ ENDED(REFUSED_403), NULL, STYLE_REFUSED, "403 role may not reset{:words}",
	  "403 role may not reset", "403 role" },
	{ ENDED(GONE), NULL, STYLE_REFUSED, "404 gone", NULL, NULL },
	{ ENDED(PATH_UNKNOWN), NULL, STYLE_REFUSED, "404, path unknown here", NULL,
	  "404 path unknown" },
	{ ENDED(STILL_LISTED), NULL, STYLE_REFUSED, "404, still listed", NULL, "404 still listed" },
	{ ENDED(REFUSED_406), has_modules, STYLE_REFUSED, "406 {modules} {lack} backup_restore",
	  "406 {modules}", "406 module" },
	{ ENDED(REFUSED_406), NULL, STYLE_REFUSED, "{code}{words}", NULL, "{code}" },
	{ ENDED(GAVE_UP), NULL, STYLE_REFUSED, "409 busy, gave up{retries}", "409 busy, gave up",
	  "409 gave up" },
	{ ENDED(REFUSED_OTHER), is_404, STYLE_REFUSED, "404, cannot read", NULL, NULL },
	{ ENDED(REFUSED_OTHER), NULL, STYLE_REFUSED, "{code}{words}", NULL, "{code}" },

	{ ENDED(UNSENT), NULL, STYLE_WAITING, "no answer, not sent", NULL, "not sent" },
	{ ENDED(NO_ANSWER), found_idle, STYLE_WAITING, "{lost}, now idle", NULL, "{lost}, idle" },
	{ ENDED(NO_ANSWER), found_reason, STYLE_WAITING, "{lost}, now idle, reason kept",
	  "{lost}, reason kept", "{lost}, idle" },
	{ ENDED(NO_ANSWER), found_same, STYLE_WAITING, "{lost}, still {before}", NULL,
	  "{lost}, still" },
	{ ENDED(NO_ANSWER), found_running, STYLE_WAITING, "{lost}, running now{percent}",
	  "{lost}, running now", "{lost}, runs" },
	{ ENDED(NO_ANSWER), found_moved, STYLE_WAITING, "{lost}, now {now}{reason}",
	  "{lost}, now {now}", "{lost}, moved" },
	{ ENDED(NO_ANSWER), found_other_bdb, STYLE_WAITING, "{lost}, another under {db}",
	  "{lost}, another database", "{lost}, other" },
	{ ENDED(NO_ANSWER), found_gone, STYLE_WAITING, "{lost}, gone", NULL, NULL },
	{ ENDED(NO_ANSWER), NULL, STYLE_WAITING, "{lost}, cannot read", NULL, "{lost}" },
	{ ENDED(UNKNOWN), NULL, STYLE_WAITING, "may have been carried out", NULL, "may be done" },
#undef UNDER_WAY
#undef ENDED
};

/* Adds the text of a placeholder at the start of the template.  Returns the length of its name, 0
 * if there is none. */
static size_t add_placeholder(const struct reset *reset, int64_t now_ms, const char *template,
			      struct text *text)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(placeholders); i++) {
		size_t length = strlen(placeholders[i].name);

		if (strncmp(template, placeholders[i].name, length))
			continue;
		placeholders[i].add(reset, now_ms, text);
		return length;
	}
	return 0;
}

/* Returns whether the result fits into that many cells. */
static bool expand(const struct reset *reset, int64_t now_ms, const char *template,
		   struct text *text, int cells)
{
	size_t mandatory = 0, took;

	for (; *template; template += took) {
		took = *template == '{' ? add_placeholder(reset, now_ms, template, text) : 0;
		if (took)
			continue;
		took = *template == '~' ? 1 : 1 + strcspn(template + 1, "{~");
		if (*template == '~')
			mandatory = text->length;
		else
			text_addf(text, "%.*s", (int)took, template);
	}
	if (mandatory && (text->truncated || text_width(text->buffer) > cells)) {
		text->buffer[mandatory] = '\0';
		text->length = mandatory;
		text->truncated = false;
	}
	return !text->truncated && text_width(text->buffer) <= cells;
}

static void expand_all(const struct reset *reset, int64_t now_ms, size_t line,
		       struct reset_text *out)
{
	const char *full = sentences[line].full;
	const char *medium = sentences[line].medium ? sentences[line].medium : full;
	const char *letters = sentences[line].letters ? sentences[line].letters : medium;
	struct text text;

	text_init(&text, out->full, sizeof(out->full));
	expand(reset, now_ms, full, &text, 1000);
	text_init(&text, out->medium, sizeof(out->medium));
	if (!expand(reset, now_ms, medium, &text, CELLS_MEDIUM)) {
		text_init(&text, out->medium, sizeof(out->medium));
		expand(reset, now_ms, letters, &text, CELLS_MEDIUM);
	}
	text_init(&text, out->letters, sizeof(out->letters));
	expand(reset, now_ms, letters, &text, CELLS_LETTERS);
	out->style = sentences[line].style;
}

static size_t find_line(const struct reset *reset)
{
	size_t i = 0;

	while (i < ARRAY_SIZE(sentences) &&
	       !(sentences[i].state == reset->state && sentences[i].outcome == reset->outcome &&
		 (!sentences[i].condition || sentences[i].condition(reset))))
		i++;
	return i;
}

bool reset_has_text(const struct reset *reset)
{
	return find_line(reset) < ARRAY_SIZE(sentences);
}

void reset_format(const struct reset *reset, bool waits, int64_t now_ms, struct reset_text *out)
{
	size_t line = find_line(reset);

	*out = (struct reset_text){ .style = STYLE_TEXT };
	if (waits && (reset->state == RESET_ASKING || reset->state == RESET_ASKING2)) {
		*out = (struct reset_text){ "question waits", "question waits", "question waits",
					    STYLE_PENDING };
		return;
	}
	if (line < ARRAY_SIZE(sentences))
		expand_all(reset, now_ms, line, out);
}
