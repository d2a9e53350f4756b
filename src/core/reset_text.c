#include "reset_internal.h"

#include "bdbtop/core/text.h"

#include <string.h>

#define CELLS_MEDIUM 28		/* REASON / RESULT at 80 columns (screens.md, section 0) */
#define CELLS_CODE 16		/* and at 40 */

/* What is put in the place of a name in braces. */

static struct op last_op(const struct reset *reset)
{
	const struct bdb *bdb = reset->last_read ? reset->last_read : reset->ticket->evidence;

	return ticket_op(reset->ticket, bdb);
}

static void put_status(struct text *text, const struct op *op)
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

static void put_reason(struct text *text, const char *before, const struct op *op)
{
	if (op->reason_seen != SEEN_GIVEN || !*op->reason)
		return;
	text_add(text, before);
	text_add_safe(text, op->reason);
}

static void put_before(const struct reset *reset, int64_t now_ms, struct text *text)
{
	struct op op = ticket_op(reset->ticket, reset->ticket->evidence);

	(void)now_ms;
	put_status(text, &op);
}

static void put_was(const struct reset *reset, int64_t now_ms, struct text *text)
{
	struct op op = ticket_op(reset->ticket, reset->ticket->evidence);

	(void)now_ms;
	put_reason(text, ", was ", &op);
}

static void put_now(const struct reset *reset, int64_t now_ms, struct text *text)
{
	struct op op = last_op(reset);

	(void)now_ms;
	put_status(text, &op);
}

static void put_now_reason(const struct reset *reset, int64_t now_ms, struct text *text)
{
	struct op op = last_op(reset);

	(void)now_ms;
	if (op.phase == OP_FAILED || op.phase == OP_IDLE)
		put_reason(text, ": ", &op);
}

static void put_percent(const struct reset *reset, int64_t now_ms, struct text *text)
{
	struct op op = last_op(reset);

	(void)now_ms;
	if (op.percent_seen == SEEN_GIVEN && op.percent >= 0 && op.percent <= 100)
		text_addf(text, " %d%%", (int)op.percent);
}

static void put_db(const struct reset *reset, int64_t now_ms, struct text *text)
{
	(void)now_ms;
	text_addf(text, "db:%lld", (long long)reset->ticket->id.uid);
}

static void put_code(const struct reset *reset, int64_t now_ms, struct text *text)
{
	(void)now_ms;
	text_addf(text, "%u", reset->answer.status);
}

/* A whole answer with a code that says neither yes nor no is named by that code. */
static bool has_code(const struct reset *reset)
{
	return reset->answer.status >= 500 || (reset->answer.status && reset->answer.whole);
}

static void put_lost(const struct reset *reset, int64_t now_ms, struct text *text)
{
	if (has_code(reset))
		put_code(reset, now_ms, text);
	else
		text_add(text, "no answer");
}

static void put_took(struct text *text, const char *before, int64_t took_ms)
{
	if (took_ms >= 1000)
		text_addf(text, "%s%llds", before, (long long)(took_ms / 1000));
}

static void put_after(const struct reset *reset, int64_t now_ms, struct text *text)
{
	(void)now_ms;
	put_took(text, " after ", reset->answer.took_ms);
}

static void put_seconds(const struct reset *reset, int64_t now_ms, struct text *text)
{
	(void)now_ms;
	put_took(text, " ", reset->answer.took_ms);
}

static void put_retry_code(const struct reset *reset, int64_t now_ms, struct text *text)
{
	(void)now_ms;
	text_addf(text, "%u", reset->retry_status);
}

static void put_retry(const struct reset *reset, int64_t now_ms, struct text *text)
{
	put_retry_code(reset, now_ms, text);
	text_add(text, reset->retry_status == 429 ? " too many requests" : " not available");
}

static void put_words(const struct reset *reset, int64_t now_ms, struct text *text)
{
	(void)now_ms;
	if (*reset->answer.words)
		text_addf(text, " %s", reset->answer.words);
}

static void put_colon_words(const struct reset *reset, int64_t now_ms, struct text *text)
{
	(void)now_ms;
	if (*reset->answer.words)
		text_addf(text, ": %s", reset->answer.words);
}

static void put_where(const struct reset *reset, int64_t now_ms, struct text *text)
{
	(void)now_ms;
	text_add(text, *reset->answer.where ? reset->answer.where : "elsewhere");
}

/* Whole seconds left; with its jitter a pause never starts above what was announced. */
static void put_left(const struct reset *reset, int64_t now_ms, struct text *text)
{
	int64_t left_s = (reset->read_ms - now_ms + 999) / 1000;

	if (reset->state == RESET_WAITING && left_s > reset_pause_s(reset->conflicts))
		left_s = reset_pause_s(reset->conflicts);
	text_addf(text, "%llds", (long long)(left_s > 0 ? left_s : 0));
}

static void put_turn(const struct reset *reset, int64_t now_ms, struct text *text)
{
	(void)now_ms;
	text_addf(text, "(%u/%d)", reset->conflicts, RESET_PAUSES);
}

/* What keeps the database busy, as the read before the PUT told it. */
static void put_cause(const struct reset *reset, int64_t now_ms, struct text *text)
{
	const struct bdb *bdb = reset->last_read;
	int kind;

	(void)now_ms;
	if (!bdb)
		return;
	if (bdb->state_seen == SEEN_GIVEN && *bdb->state && strcmp(bdb->state, "active") != 0) {
		text_add(text, ": ");
		text_add_safe(text, bdb->state);
		return;
	}
	for (kind = 0; kind < OP_KINDS; kind++) {
		struct op op = bdb->op[kind];

		op_settle(&op, kind);
		if (kind != (int)reset->ticket->kind && op.phase == OP_RUNNING) {
			text_add(text, ": action running");
			return;
		}
	}
}

static void put_retries(const struct reset *reset, int64_t now_ms, struct text *text)
{
	unsigned retries = 0;
	size_t i;

	(void)now_ms;
	for (i = 1; i < reset->try_count; i++)
		retries += reset->tries[i - 1].status == 409;
	if (retries)
		text_addf(text, " after %u %s", retries, retries == 1 ? "retry" : "retries");
}

static void put_refusal(const struct reset *reset, int64_t now_ms, struct text *text)
{
	(void)now_ms;
	text_add(text, *reset->refusal ? reset->refusal : "log-in refused");
}

static void put_held(const struct reset *reset, int64_t now_ms, struct text *text)
{
	(void)now_ms;
	text_add(text, *reset->refusal ? reset->refusal : "log-in");
}

static void put_ask_why(const struct reset *reset, int64_t now_ms, struct text *text)
{
	(void)now_ms;
	text_add(text, reset->ask_why);
}

static void put_modules(const struct reset *reset, int64_t now_ms, struct text *text)
{
	(void)now_ms;
	text_addf(text, "%s %s", reset->module_count > 1 ? "modules" : "module", reset->modules);
}

static void put_lack(const struct reset *reset, int64_t now_ms, struct text *text)
{
	(void)now_ms;
	text_add(text, reset->module_count > 1 ? "lack" : "lacks");
}

static void put_late(const struct reset *reset, int64_t now_ms, struct text *text)
{
	char span[TIME_TEXT];

	(void)now_ms;
	time_span(span, reset->late_ms / 1000);
	text_add(text, span);
}

static void put_again(const struct reset *reset, int64_t now_ms, struct text *text)
{
	char point[TIME_TEXT];

	(void)now_ms;
	time_clock(point, reset->again_wall_ms / 1000);
	text_add(text, point);
}

static const struct {
	const char *name;
	void (*put)(const struct reset *, int64_t now_ms, struct text *);
} names[] = {
	{ "{before}", put_before },
	{ "{was}", put_was },
	{ "{now}", put_now },
	{ "{reason}", put_now_reason },
	{ "{percent}", put_percent },
	{ "{db}", put_db },
	{ "{code}", put_code },
	{ "{lost}", put_lost },
	{ "{after}", put_after },
	{ "{seconds}", put_seconds },
	{ "{retry}", put_retry },
	{ "{retry code}", put_retry_code },
	{ "{words}", put_words },
	{ "{:words}", put_colon_words },
	{ "{where}", put_where },
	{ "{left}", put_left },
	{ "{turn}", put_turn },
	{ "{cause}", put_cause },
	{ "{retries}", put_retries },
	{ "{refusal}", put_refusal },
	{ "{held}", put_held },
	{ "{why}", put_ask_why },
	{ "{modules}", put_modules },
	{ "{lack}", put_lack },
	{ "{late}", put_late },
	{ "{again}", put_again },
};

/* Which line of the table stands. */

static bool asks_ledger(const struct reset *reset)
{
	return reset->asks == ASK_LEDGER;
}

static bool at_primary(const struct reset *reset)
{
	return reset->try_count && reset->tries[reset->try_count - 1].status == 307;
}

static bool reads_again(const struct reset *reset)
{
	return reset->read_again;
}

static bool waits_as_told(const struct reset *reset)
{
	return reset->read_again && reset->retry_status;
}

static bool told_cancel(const struct reset *reset)
{
	return reset->told_cancel;
}

static bool absent(const struct reset *reset)
{
	return answer_class(&reset->answer) == ANSWER_ABSENT;
}

static bool accepted(const struct reset *reset)
{
	return answer_class(&reset->answer) == ANSWER_ACCEPTED;
}

static bool asked(const struct reset *reset)
{
	return reset->asked;
}

static bool declined_second(const struct reset *reset)
{
	return reset->asked || reset->second;
}

static bool again(const struct reset *reset)
{
	return reset->again_wall_ms != 0;
}

static bool late(const struct reset *reset)
{
	return reset->late_ms != 0;
}

static bool knows_modules(const struct reset *reset)
{
	return reset->module_count != 0;
}

static bool found_idle(const struct reset *reset)
{
	return reset->found == JUDGED_IDLE;
}

static bool found_reason(const struct reset *reset)
{
	return reset->found == JUDGED_IDLE_REASON;
}

static bool found_same(const struct reset *reset)
{
	return reset->found == JUDGED_SAME;
}

static bool found_running(const struct reset *reset)
{
	return reset->found == JUDGED_RUN;
}

static bool found_moved(const struct reset *reset)
{
	return reset->found == JUDGED_MOVED;
}

static bool found_else(const struct reset *reset)
{
	return reset->found == JUDGED_ELSE;
}

static bool found_gone(const struct reset *reset)
{
	return reset->found == JUDGED_GONE;
}

/*
 * The words, first line that fits.  medium and code: NULL means as the wider one.  What follows a
 * `~` is left out where it does not fit; a medium that does not fit gives way to the code.
 */
static const struct {
	enum reset_state state;
	enum reset_outcome outcome;
	bool (*when)(const struct reset *);
	enum element element;
	const char *full, *medium, *code;
} lines[] = {
#define UNDER_WAY(state) RESET_##state, OUTCOME_NONE
#define ENDED(outcome) RESET_END, OUTCOME_##outcome
	{ UNDER_WAY(ASKING2), asks_ledger, EL_WAITING,
	  "cannot write the ledger: {why}", "cannot write the ledger", "no ledger" },
	{ UNDER_WAY(QUEUED), NULL, EL_PENDING, "queued", NULL, NULL },
	{ UNDER_WAY(CHECKING), waits_as_told, EL_PENDING,
	  "{retry}, next try in {left}", "{retry code}, next try in {left}",
	  "{retry code} again in {left}" },
	{ UNDER_WAY(CHECKING), reads_again, EL_PENDING,
	  "checking, again in {left}", NULL, "checking {left}" },
	{ UNDER_WAY(CHECKING), at_primary, EL_PENDING, "primary is {where}", NULL, "checking" },
	{ UNDER_WAY(CHECKING), NULL, EL_PENDING, "checking", NULL, NULL },
	{ UNDER_WAY(NOTING), NULL, EL_PENDING, "checking", NULL, NULL },
	{ UNDER_WAY(SENT), told_cancel, EL_PENDING,
	  "on its way, cannot be cancelled", "on its way, cannot cancel", "on its way" },
	{ UNDER_WAY(SENT), NULL, EL_PENDING, "sent", NULL, NULL },
	{ UNDER_WAY(WAITING), NULL, EL_WAITING,
	  "409 busy{cause}, again in {left} {turn}",
	  "409 busy, again in {left} {turn}", "409 again in {left}" },
	{ UNDER_WAY(READING), told_cancel, EL_PENDING, "sent, only reading", NULL, "only reading" },
	{ UNDER_WAY(READING), NULL, EL_PENDING, "200 accepted", NULL, NULL },
	{ UNDER_WAY(PROBING), told_cancel, EL_WAITING, "sent, only reading", NULL, "only reading" },
	{ UNDER_WAY(PROBING), absent, EL_REFUSED, "404", NULL, NULL },
	{ UNDER_WAY(PROBING), has_code, EL_WAITING, "{code}{words}", NULL, "{code}" },
	{ UNDER_WAY(PROBING), NULL, EL_WAITING,
	  "no answer{after}, may have been done", "no answer{after}", "no answer{seconds}" },
	{ UNDER_WAY(CHECKING_PATH), told_cancel, EL_WAITING,
	  "sent, only reading", NULL, "only reading" },
	{ UNDER_WAY(CHECKING_PATH), NULL, EL_REFUSED, "404", NULL, NULL },
	{ UNDER_WAY(HELD), accepted, EL_WAITING,
	  "accepted, not confirmed: {held}", "accepted, not confirmed", "not confirmed" },
	{ UNDER_WAY(HELD), absent, EL_REFUSED,
	  "404, cannot read: {held}", "404, cannot read", NULL },
	{ UNDER_WAY(HELD), NULL, EL_WAITING,
	  "{lost}, cannot read: {held}", "{lost}, cannot read", "{lost}" },

	{ ENDED(DECLINED), declined_second, EL_TEXT, "not sent", NULL, NULL },
	{ ENDED(NOTHING_TO_RESET), NULL, EL_TEXT, "nothing to reset", NULL, "not sent" },
	{ ENDED(IDLE_NOT_BY_US), NULL, EL_TEXT, "idle now, not by us", NULL, "idle, not by us" },
	{ ENDED(IDLE_BEFORE_REASON_KEPT), NULL, EL_WAITING,
	  "idle now, reason kept", NULL, "reason kept" },
	{ ENDED(LEFT_OUT), found_running, EL_WAITING,
	  "not sent, running{percent}", NULL, "not sent" },
	{ ENDED(LEFT_OUT), NULL, EL_WAITING,
	  "not sent, now {now}{reason}", "not sent, now {now}", "not sent" },
	{ ENDED(DROPPED), found_gone, EL_WAITING, "not sent, gone", NULL, NULL },
	{ ENDED(DROPPED), NULL, EL_WAITING,
	  "not sent, another database under {db}", "not sent, another database", "not sent" },
	{ ENDED(CANNOT_READ), NULL, EL_WAITING, "not sent, cannot read", NULL, "not sent" },
	{ ENDED(CANCELLED), NULL, EL_TEXT, "cancelled{retries}", NULL, "cancelled" },
	{ ENDED(ASLEEP), NULL, EL_TEXT, "cancelled: asleep", NULL, "cancelled" },
	{ ENDED(STOPPED), asked, EL_DANGER, "stopped: {refusal}", NULL, "stopped" },

	{ ENDED(CLEARED), again, EL_WAITING,
	  "cleared, failed again {again}", "cleared, failed again", "failed again" },
	{ ENDED(CLEARED), late, EL_CLEARED,
	  "cleared after {late}{was}", "cleared after {late}", "cleared~ {late}" },
	{ ENDED(CLEARED), NULL, EL_CLEARED, "cleared{was}", "cleared", NULL },
	{ ENDED(REASON_KEPT), NULL, EL_WAITING, "idle, reason kept", NULL, "reason kept" },
	{ ENDED(RUNNING), NULL, EL_WAITING,
	  "accepted, running now{percent}", NULL, "running now{percent}" },
	{ ENDED(MOVED), NULL, EL_WAITING,
	  "accepted, now {now}{reason}", "accepted, now {now}", "now {now}" },
	{ ENDED(UNCHANGED), NULL, EL_WAITING,
	  "accepted, still {before} after 20s",
	  "accepted, still {before}~ 20s", "still {before}~ 20s" },
	{ ENDED(OTHER_BDB), NULL, EL_WAITING,
	  "accepted, then another under {db}", "accepted, then another", "then another" },
	{ ENDED(THEN_GONE), NULL, EL_WAITING, "accepted, then gone", NULL, "then gone" },
	{ ENDED(NOT_CONFIRMED), NULL, EL_WAITING,
	  "accepted, not confirmed", NULL, "not confirmed" },

	{ ENDED(REFUSED_307), NULL, EL_REFUSED, "307 primary is {where}", NULL, "307 not primary" },
	{ ENDED(REFUSED_401), NULL, EL_REFUSED, "401 log-in refused", NULL, "401 log-in" },
	{ ENDED(REFUSED_403), NULL, EL_REFUSED,
	  "403 role may not reset{:words}", "403 role may not reset", "403 role" },
	{ ENDED(GONE), NULL, EL_REFUSED, "404 gone", NULL, NULL },
	{ ENDED(PATH_UNKNOWN), NULL, EL_REFUSED,
	  "404, path unknown here", NULL, "404 path unknown" },
	{ ENDED(STILL_LISTED), NULL, EL_REFUSED,
	  "404, still listed", NULL, "404 still listed" },
	{ ENDED(REFUSED_406), knows_modules, EL_REFUSED,
	  "406 {modules} {lack} backup_restore", "406 {modules}", "406 module" },
	{ ENDED(REFUSED_406), NULL, EL_REFUSED, "{code}{words}", NULL, "{code}" },
	{ ENDED(GAVE_UP), NULL, EL_REFUSED,
	  "409 busy, gave up{retries}", "409 busy, gave up", "409 gave up" },
	{ ENDED(REFUSED_OTHER), absent, EL_REFUSED, "404, cannot read", NULL, NULL },
	{ ENDED(REFUSED_OTHER), NULL, EL_REFUSED, "{code}{words}", NULL, "{code}" },

	{ ENDED(UNSENT), NULL, EL_WAITING, "no answer, not sent", NULL, "not sent" },
	{ ENDED(NO_ANSWER), found_idle, EL_WAITING, "{lost}, now idle", NULL, "{lost}, idle" },
	{ ENDED(NO_ANSWER), found_reason, EL_WAITING,
	  "{lost}, now idle, reason kept", "{lost}, reason kept", "{lost}, idle" },
	{ ENDED(NO_ANSWER), found_same, EL_WAITING,
	  "{lost}, still {before}", NULL, "{lost}, still" },
	{ ENDED(NO_ANSWER), found_running, EL_WAITING,
	  "{lost}, running now{percent}", "{lost}, running now", "{lost}, runs" },
	{ ENDED(NO_ANSWER), found_moved, EL_WAITING,
	  "{lost}, now {now}{reason}", "{lost}, now {now}", "{lost}, moved" },
	{ ENDED(NO_ANSWER), found_else, EL_WAITING,
	  "{lost}, another under {db}", "{lost}, another database", "{lost}, other" },
	{ ENDED(NO_ANSWER), found_gone, EL_WAITING, "{lost}, gone", NULL, NULL },
	{ ENDED(NO_ANSWER), NULL, EL_WAITING, "{lost}, cannot read", NULL, "{lost}" },
	{ ENDED(UNKNOWN), NULL, EL_WAITING, "may have been carried out", NULL, "may be done" },
#undef UNDER_WAY
#undef ENDED
};

/* A name in braces at the head of the template; the bytes it takes, 0 when there is none. */
static size_t put_name(const struct reset *reset, int64_t now_ms, const char *template,
		       struct text *text)
{
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t length = strlen(names[i].name);

		if (strncmp(template, names[i].name, length))
			continue;
		names[i].put(reset, now_ms, text);
		return length;
	}
	return 0;
}

/* Returns whether it fits into that many cells. */
static bool fill(const struct reset *reset, int64_t now_ms, const char *template,
		 struct text *text, int cells)
{
	size_t mandatory = 0, took;

	for (; *template; template += took) {
		took = *template == '{' ? put_name(reset, now_ms, template, text) : 0;
		if (took)
			continue;
		took = *template == '~' ? 1 : 1 + strcspn(template + 1, "{~");
		if (*template == '~')
			mandatory = text->length;
		else
			text_addf(text, "%.*s", (int)took, template);
	}
	if (mandatory && (text->cut || text_width(text->at) > cells)) {
		text->at[mandatory] = '\0';
		text->length = mandatory;
		text->cut = false;
	}
	return !text->cut && text_width(text->at) <= cells;
}

static void fill_all(const struct reset *reset, int64_t now_ms, size_t line,
		     struct reset_words *out)
{
	const char *full = lines[line].full;
	const char *medium = lines[line].medium ? lines[line].medium : full;
	const char *code = lines[line].code ? lines[line].code : medium;
	struct text text;

	text_init(&text, out->full, sizeof(out->full));
	fill(reset, now_ms, full, &text, 1000);
	text_init(&text, out->medium, sizeof(out->medium));
	if (!fill(reset, now_ms, medium, &text, CELLS_MEDIUM)) {
		text_init(&text, out->medium, sizeof(out->medium));
		fill(reset, now_ms, code, &text, CELLS_MEDIUM);
	}
	text_init(&text, out->code, sizeof(out->code));
	fill(reset, now_ms, code, &text, CELLS_CODE);
	out->element = lines[line].element;
}

void reset_show(const struct reset *reset, bool waits, int64_t now_ms, struct reset_words *out)
{
	size_t i;

	*out = (struct reset_words){ .element = EL_TEXT };
	if (waits && (reset->state == RESET_ASKING || reset->state == RESET_ASKING2)) {
		strcpy(out->full, "question waits");
		strcpy(out->medium, out->full);
		strcpy(out->code, out->full);
		out->element = EL_PENDING;
		return;
	}
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (lines[i].state == reset->state && lines[i].outcome == reset->outcome &&
		    (!lines[i].when || lines[i].when(reset))) {
			fill_all(reset, now_ms, i, out);
			return;
		}
}
