#include "reset_internal.h"

#include <string.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"

/* Conditions. */

static enum op_phase evidence_phase(const struct reset *reset)
{
	return reset_target_op(reset->target, reset->target->evidence).phase;
}

static bool is_unconfirmed(const struct reset *reset, const struct reset_context *ctx)
{
	(void)ctx;
	return !reset->confirmed;
}

static bool is_first_put(const struct reset *reset, const struct reset_context *ctx)
{
	(void)ctx;
	return !reset->puts;
}

static bool needs_slot(const struct reset *reset, const struct reset_context *ctx)
{
	return reset_needs_slot(reset, ctx->now.ms);
}

static bool is_just_requested(const struct reset *reset, const struct reset_context *ctx)
{
	(void)ctx;
	return reset->just_requested;
}

static bool was_not_idle(const struct reset *reset, const struct reset_context *ctx)
{
	(void)ctx;
	return evidence_phase(reset) != OP_IDLE;
}

static bool accepted_running(const struct reset *reset, const struct reset_context *ctx)
{
	(void)ctx;
	return reset->accepted_running;
}

/* A single reset on a terminal, and no PUT yet. */
static bool can_ask(const struct reset *reset, const struct reset_context *ctx)
{
	(void)ctx;
	return !reset->target->bulk && reset->target->interactive && !reset->puts;
}

static bool is_third_bad_read(const struct reset *reset, const struct reset_context *ctx)
{
	(void)ctx;
	return reset->bad_reads >= 2;
}

static bool uses_body(const struct reset *reset, const struct reset_context *ctx)
{
	(void)ctx;
	return reset->with_body;
}

static bool accepted_no_audit_log(const struct reset *reset, const struct reset_context *ctx)
{
	(void)ctx;
	return reset->accepted_no_audit_log;
}

static bool accepted_no_audit_log_with_body(const struct reset *reset,
					    const struct reset_context *ctx)
{
	return uses_body(reset, ctx) && accepted_no_audit_log(reset, ctx);
}

static bool can_change_form(const struct reset *reset, const struct reset_context *ctx)
{
	return !reset->with_body && !ctx->event->form_learned;
}

static bool can_follow_redirect(const struct reset *reset, const struct reset_context *ctx)
{
	return ctx->event->answer->can_follow && reset->redirects < RESET_REDIRECTS;
}

/* A 409 is expected while the operation runs, so it is not tried again. */
static bool has_pauses_left(const struct reset *reset, const struct reset_context *ctx)
{
	(void)ctx;
	return reset->conflicts < RESET_PAUSES && evidence_phase(reset) != OP_RUNNING;
}

static bool would_put_again(const struct reset *reset, const struct reset_context *ctx)
{
	switch (answer_classify(ctx->event->answer)) {
	case ANSWER_FORM:
		return can_change_form(reset, ctx);
	case ANSWER_PRIMARY:
		return can_follow_redirect(reset, ctx);
	case ANSWER_BUSY:
		return has_pauses_left(reset, ctx);
	default:
		return false;
	}
}

static bool refused_before_repeat(const struct reset *reset, const struct reset_context *ctx)
{
	return reset->stop == STOP_REFUSED && would_put_again(reset, ctx);
}

static bool stopped_before_repeat(const struct reset *reset, const struct reset_context *ctx)
{
	return reset->stop != STOP_NONE && would_put_again(reset, ctx);
}

static bool is_refused(const struct reset *reset, const struct reset_context *ctx)
{
	(void)ctx;
	return reset->refused;
}

static bool is_quitting(const struct reset *reset, const struct reset_context *ctx)
{
	(void)ctx;
	return reset->quitting;
}

static bool is_refused_or_quitting(const struct reset *reset, const struct reset_context *ctx)
{
	return is_refused(reset, ctx) || is_quitting(reset, ctx);
}

static bool was_accepted(const struct reset *reset, const struct reset_context *ctx)
{
	(void)ctx;
	return answer_classify(&reset->answer) == ANSWER_ACCEPTED;
}

static bool is_after_404(const struct reset *reset, const struct reset_context *ctx)
{
	(void)ctx;
	return answer_classify(&reset->answer) == ANSWER_ABSENT;
}

/* Idle counts as cleared only when the status was set before. */
static bool had_status(const struct reset *reset, const struct reset_context *ctx)
{
	(void)ctx;
	return reset->had_status;
}

static bool is_unchanged_after_watch(const struct reset *reset, const struct reset_context *ctx)
{
	int64_t requested_ms = ctx->event->read->requested_ms;
	unsigned good =
		reset->same_reads + (!reset->same_reads || requested_ms != reset->last_same_ms);

	return good >= 2 && ctx->now.ms - reset->answered_ms >= RESET_WATCH_MS;
}

static bool has_no_read(const struct reset *reset, const struct reset_context *ctx)
{
	return ctx->now.ms - reset->last_good_ms >= RESET_NO_READ_MS;
}

static bool has_no_read_after_404(const struct reset *reset, const struct reset_context *ctx)
{
	return is_after_404(reset, ctx) && has_no_read(reset, ctx);
}

static bool needs_modules(const struct reset *reset, const struct reset_context *ctx)
{
	(void)ctx;
	return reset->needs_modules;
}

static bool is_watched_unchanged(const struct reset *reset, const struct reset_context *ctx)
{
	return reset->watched && reset->outcome == OUTCOME_UNCHANGED &&
	       ctx->now.ms - reset->end_ms <= RESET_LATE_CLEAR_MS;
}

static bool is_watched_and_had_status(const struct reset *reset, const struct reset_context *ctx)
{
	return is_watched_unchanged(reset, ctx) && had_status(reset, ctx);
}

static bool is_watch_over(const struct reset *reset, const struct reset_context *ctx)
{
	return reset->watched && reset->outcome == OUTCOME_UNCHANGED &&
	       ctx->now.ms - reset->end_ms >= RESET_LATE_CLEAR_MS;
}

static bool has_failed_again(const struct reset *reset, const struct reset_context *ctx)
{
	return reset->watched && reset->outcome == OUTCOME_CLEARED &&
	       ctx->event->read->requested_ms > reset->end_read_ms && ctx->record &&
	       reset_target_op(reset->target, ctx->record).phase == OP_FAILED;
}

static bool is_watched(const struct reset *reset, const struct reset_context *ctx)
{
	(void)ctx;
	return reset->watched;
}

/* What rules record. */

static void record_yes(struct reset *reset, const struct reset_context *ctx)
{
	(void)ctx;
	if (reset->question == ASK_RUNNING)
		reset->accepted_running = true;
	else
		reset->accepted_no_audit_log = true;
}

static void record_refusal(struct reset *reset, const struct reset_context *ctx)
{
	struct text text;

	text_init(&text, reset->refused_because, sizeof(reset->refused_because));
	text_add(&text, ctx->event->failure ? ctx->event->failure : "");
	reset->refused = true;
}

static void record_unsent(struct reset *reset, const struct reset_context *ctx)
{
	if (reset->read_in_flight)
		reset->read_in_flight = false;
	else
		reset->puts--;
	reset->next_read_ms = ctx->now.ms + RESET_NO_SLOT_MS;
}

static void record_path_wanted(struct reset *reset, const struct reset_context *ctx)
{
	reset->next_read_ms = ctx->now.ms;
}

static void record_status(struct reset *reset, const struct reset_context *ctx)
{
	enum field_presence presence = ctx->record->op[reset->target->kind].status_presence;

	reset->had_status = presence == FIELD_PRESENT || presence == FIELD_NULL;
}

static void record_running(struct reset *reset, const struct reset_context *ctx)
{
	(void)ctx;
	reset->question = ASK_RUNNING;
}

static void record_audit_error(struct reset *reset, const struct reset_context *ctx)
{
	struct text text;

	reset->question = ASK_AUDIT_LOG;
	text_init(&text, reset->question_error, sizeof(reset->question_error));
	text_add(&text, ctx->event->failure ? ctx->event->failure : "");
}

static void record_bad_read(struct reset *reset, const struct reset_context *ctx)
{
	const struct observation *read = ctx->event->read;

	reset->bad_reads++;
	reset->read_is_retry = true;
	reset->next_read_ms = ctx->now.ms + 1000 * (int64_t)reset->bad_reads;
	reset->retry_status = read->kind == OBS_BAD ? read->retry_status : 0;
	if (reset->retry_status)
		reset->next_read_ms = read->retry_ms;
}

static void stop_on_cancel(struct reset *reset, const struct reset_context *ctx)
{
	(void)ctx;
	reset->cancel_came_late = true;
	if (reset->stop == STOP_NONE)
		reset->stop = STOP_CANCEL;
}

static void stop_on_refused(struct reset *reset, const struct reset_context *ctx)
{
	record_refusal(reset, ctx);
	if (reset->stop == STOP_NONE)
		reset->stop = STOP_REFUSED;
}

static void stop_on_quit(struct reset *reset, const struct reset_context *ctx)
{
	(void)ctx;
	reset->quitting = true;
	if (reset->stop == STOP_NONE)
		reset->stop = STOP_QUIT;
}

static void refuse_cancel(struct reset *reset, const struct reset_context *ctx)
{
	(void)ctx;
	reset->cancel_came_late = true;
}

static void record_login(struct reset *reset, const struct reset_context *ctx)
{
	reset->refused = false;
	reset->read_in_flight = false; /* dropped with the old log-in */
	reset->last_good_ms = ctx->now.ms;
	reset->next_read_ms = ctx->now.ms;
}

static void record_body(struct reset *reset, const struct reset_context *ctx)
{
	(void)ctx;
	reset->with_body = true;
}

static void record_redirect(struct reset *reset, const struct reset_context *ctx)
{
	(void)ctx;
	reset->redirects++;
}

static void record_conflict(struct reset *reset, const struct reset_context *ctx)
{
	reset->conflicts++;
	reset->next_read_ms = ctx->now.ms + reset_pause_ms(reset->target, reset->conflicts);
}

static void record_modules_wanted(struct reset *reset, const struct reset_context *ctx)
{
	(void)ctx;
	reset->needs_modules = true;
}

static void record_no_modules(struct reset *reset, const struct reset_context *ctx)
{
	(void)ctx;
	reset->needs_modules = false;
}

static bool lacks_capability(const struct reset_event *event, const char *name)
{
	size_t i;

	for (i = 0; i < event->module_count; i++)
		if (!strcmp(event->modules[i], name))
			return true;
	return false;
}

static void record_modules(struct reset *reset, const struct reset_context *ctx)
{
	const struct bdb *own = reset->last_read;
	struct text text;
	size_t i;

	reset->needs_modules = false;
	text_init(&text, reset->modules, sizeof(reset->modules));
	for (i = 0; own && i < own->module_count; i++) {
		if (!lacks_capability(ctx->event, own->modules[i]))
			continue;
		text_add(&text, reset->module_count++ ? ", " : "");
		text_add_safe(&text, own->modules[i]);
	}
}

static void record_same_read(struct reset *reset, const struct reset_context *ctx)
{
	int64_t requested_ms = ctx->event->read->requested_ms;

	if (!reset->same_reads || requested_ms != reset->last_same_ms)
		reset->same_reads++;
	reset->last_same_ms = requested_ms;
}

static void record_sleep(struct reset *reset, const struct reset_context *ctx)
{
	reset->last_good_ms = ctx->now.ms;
}

static void record_watch(struct reset *reset, const struct reset_context *ctx)
{
	reset->watched = true;
	reset->end_read_ms = ctx->event->read->requested_ms;
}

static void record_cleared_late(struct reset *reset, const struct reset_context *ctx)
{
	record_watch(reset, ctx);
	reset->cleared_late_ms = ctx->now.ms - reset->answered_ms;
}

static void record_failed_again(struct reset *reset, const struct reset_context *ctx)
{
	reset->failed_again_wall_ms = ctx->now.wall_ms;
	reset->watched = false;
}

static void record_unwatch(struct reset *reset, const struct reset_context *ctx)
{
	(void)ctx;
	reset->watched = false;
}

/* The table.  The bits of a state, an event, a read result, an answer class and a path state: */

#define S(state) (1u << RESET_##state)
#define E(event) (1u << EV_##event)
#define J(judged) (1u << READ_##judged)
#define A(class) (1u << ANSWER_##class)
#define P(path) (1u << PATH_##path)
#define ANY (~0u)

#define TO(state) RESET_##state, OUTCOME_NONE
#define ENDS(outcome) RESET_END, OUTCOME_##outcome
#define STAY RESET_SAME_STATE, OUTCOME_NONE

#define BEFORE_PUT (S(QUEUED) | S(CHECKING) | S(ASKING2) | S(NOTING) | S(WAITING))
#define AFTER_PUT (S(READING) | S(PROBING))
#define QUITS (E(QUIT) | E(QUIT_TIMEOUT))
#define ABOUT_TARGET (J(IDLE) | J(SAME) | J(RUNNING) | J(IDLE_REASON) | J(MOVED))

static const struct reset_rule reset_rules[] = {
	/* asking */
	{ S(ASKING), E(CONFIRM), ANY, NULL, TO(QUEUED), DO_WRITE_LINE, NULL },
	{ S(ASKING), E(DECLINE) | E(CANCEL) | QUITS, ANY, NULL, ENDS(DECLINED), DO_NOTHING, NULL },
	{ S(ASKING), E(REFUSED), ANY, NULL, ENDS(STOPPED), DO_NOTHING, record_refusal },

	/* asking2 */
	{ S(ASKING2), E(REFUSED), ANY, is_unconfirmed, ENDS(STOPPED), DO_NOTHING, record_refusal },
	{ S(ASKING2), E(TYPED_YES), ANY, is_unconfirmed, TO(QUEUED), DO_WRITE_LINE, record_yes },
	{ S(ASKING2), E(TYPED_YES), ANY, NULL, TO(CHECKING), DO_READ, record_yes },
	{ S(ASKING2), E(DECLINE), ANY, NULL, ENDS(DECLINED), DO_END, NULL },

	/* before a PUT everything can be cancelled */
	{ BEFORE_PUT, E(CANCEL), ANY, NULL, ENDS(CANCELLED), DO_END, NULL },
	{ BEFORE_PUT, E(REFUSED), ANY, NULL, ENDS(STOPPED), DO_END, record_refusal },
	{ BEFORE_PUT, E(ASLEEP), ANY, NULL, ENDS(ASLEEP), DO_END, NULL },
	{ BEFORE_PUT, QUITS, ANY, NULL, ENDS(CANCELLED), DO_END, NULL },

	/* queued, waiting, and a read that is retried */
	{ S(QUEUED) | S(WAITING), E(REQUEST_SLOT), ANY, needs_slot, TO(CHECKING), DO_READ, NULL },
	{ S(CHECKING), E(REQUEST_SLOT), ANY, needs_slot, STAY, DO_READ, NULL },

	/* checking */
	{ S(CHECKING), E(UNSENT), ANY, is_just_requested, STAY, DO_NOTHING, record_unsent },
	{ S(CHECKING), E(READ), J(SAME), NULL, TO(NOTING), DO_WRITE_LINE, record_status },
	{ S(CHECKING), E(READ), J(IDLE), is_first_put, ENDS(NOTHING_TO_RESET), DO_END, NULL },
	{ S(CHECKING), E(READ), J(IDLE), NULL, ENDS(IDLE_NOT_BY_US), DO_END, NULL },
	{ S(CHECKING), E(READ), J(IDLE_REASON), was_not_idle, ENDS(IDLE_BEFORE_REASON_KEPT), DO_END,
	  NULL },
	{ S(CHECKING), E(READ), J(RUNNING), accepted_running, TO(NOTING), DO_WRITE_LINE,
	  record_status },
	{ S(CHECKING), E(READ), J(RUNNING), can_ask, TO(ASKING2), DO_ASK_AGAIN, record_running },
	{ S(CHECKING), E(READ), J(RUNNING), NULL, ENDS(SKIPPED), DO_END, NULL },
	{ S(CHECKING), E(READ), J(MOVED) | J(IDLE_REASON), can_ask, ENDS(SUPERSEDED), DO_ASK_AGAIN,
	  NULL },
	{ S(CHECKING), E(READ), J(MOVED) | J(IDLE_REASON), NULL, ENDS(SKIPPED), DO_END, NULL },
	{ S(CHECKING), E(READ), J(OTHER_BDB) | J(GONE), NULL, ENDS(DROPPED), DO_END, NULL },
	{ S(CHECKING), E(READ), J(BAD), is_third_bad_read, ENDS(CANNOT_READ), DO_END, NULL },
	{ S(CHECKING), E(READ), J(BAD), NULL, STAY, DO_NOTHING, record_bad_read },

	/* noting */
	{ S(NOTING), E(LINE_WRITTEN), ANY, uses_body, TO(SENT), DO_PUT_BODY, NULL },
	{ S(NOTING), E(LINE_WRITTEN), ANY, NULL, TO(SENT), DO_PUT, NULL },
	{ S(NOTING), E(LINE_FAILED), ANY, accepted_no_audit_log_with_body, TO(SENT), DO_PUT_BODY,
	  NULL },
	{ S(NOTING), E(LINE_FAILED), ANY, accepted_no_audit_log, TO(SENT), DO_PUT, NULL },
	{ S(NOTING), E(LINE_FAILED), ANY, NULL, TO(ASKING2), DO_ASK_AGAIN, record_audit_error },

	/* sent: this PUT cannot be cancelled, but it can be the last one */
	{ S(SENT), E(UNSENT), ANY, is_just_requested, TO(CHECKING), DO_NOTHING, record_unsent },
	{ S(SENT), E(CANCEL), ANY, NULL, STAY, DO_NOTHING, stop_on_cancel },
	{ S(SENT), E(REFUSED), ANY, NULL, STAY, DO_NOTHING, stop_on_refused },
	{ S(SENT), E(LOGGED_IN), ANY, NULL, STAY, DO_NOTHING, record_login },
	{ S(SENT), E(QUIT), ANY, NULL, STAY, DO_NOTHING, stop_on_quit },
	{ S(SENT), E(QUIT_TIMEOUT), ANY, NULL, ENDS(UNKNOWN), DO_END, NULL },

	/* the answer, when no read may follow */
	{ S(SENT), E(ANSWER), A(ACCEPTED), is_quitting, ENDS(NOT_CONFIRMED), DO_END, NULL },
	{ S(SENT), E(ANSWER), A(LOST), is_quitting, ENDS(UNKNOWN), DO_END, NULL },
	{ S(SENT), E(ANSWER), A(ABSENT), is_quitting, ENDS(REFUSED_OTHER), DO_END, NULL },
	{ S(SENT), E(ANSWER), A(ACCEPTED) | A(LOST) | A(ABSENT), is_refused, TO(HELD), DO_NOTHING,
	  NULL },
	{ S(SENT), E(ANSWER), ANY, refused_before_repeat, ENDS(STOPPED), DO_END, NULL },
	{ S(SENT), E(ANSWER), ANY, stopped_before_repeat, ENDS(CANCELLED), DO_END, NULL },
	{ S(SENT), E(ANSWER), A(MODULE), is_refused_or_quitting, ENDS(REFUSED_406), DO_END, NULL },

	/* the answer */
	{ S(SENT), E(ANSWER), A(ACCEPTED), NULL, TO(READING), DO_NOTHING, NULL },
	{ S(SENT), E(ANSWER), A(FORM), can_change_form, TO(CHECKING), DO_READ, record_body },
	{ S(SENT), E(ANSWER), A(FORM), NULL, ENDS(REFUSED_OTHER), DO_END, NULL },
	{ S(SENT), E(ANSWER), A(PRIMARY), can_follow_redirect, TO(CHECKING), DO_READ,
	  record_redirect },
	{ S(SENT), E(ANSWER), A(PRIMARY), NULL, ENDS(REFUSED_307), DO_END, NULL },
	{ S(SENT), E(ANSWER), A(LOGIN), NULL, ENDS(REFUSED_401), DO_END, NULL },
	{ S(SENT), E(ANSWER), A(ROLE), NULL, ENDS(REFUSED_403), DO_END, NULL },
	{ S(SENT), E(ANSWER), A(ABSENT), NULL, TO(PROBING), DO_READ, NULL },
	{ S(SENT), E(ANSWER), A(MODULE), NULL, ENDS(REFUSED_406), DO_READ_MODULES,
	  record_modules_wanted },
	{ S(SENT), E(ANSWER), A(BUSY), has_pauses_left, TO(WAITING), DO_NOTHING, record_conflict },
	{ S(SENT), E(ANSWER), A(BUSY), NULL, ENDS(GAVE_UP), DO_END, NULL },
	{ S(SENT), E(ANSWER), A(REFUSED), NULL, ENDS(REFUSED_OTHER), DO_END, NULL },
	{ S(SENT), E(ANSWER), A(LOST), NULL, TO(PROBING), DO_NOTHING, NULL },
	{ S(SENT), E(ANSWER), A(UNSENT), NULL, ENDS(UNSENT), DO_END, NULL },

	/* reading and probing: only reads from here on */
	{ AFTER_PUT, E(REQUEST_SLOT), ANY, needs_slot, STAY, DO_READ, NULL },
	{ AFTER_PUT | S(CHECKING_PATH), E(UNSENT), ANY, is_just_requested, STAY, DO_NOTHING,
	  record_unsent },
	{ AFTER_PUT | S(CHECKING_PATH), E(CANCEL), ANY, NULL, STAY, DO_NOTHING, refuse_cancel },
	{ AFTER_PUT | S(CHECKING_PATH), E(ASLEEP), ANY, NULL, STAY, DO_NOTHING, record_sleep },
	{ AFTER_PUT, E(REFUSED), ANY, NULL, TO(HELD), DO_NOTHING, record_refusal },
	{ S(HELD), E(LOGGED_IN), ANY, was_accepted, TO(READING), DO_NOTHING, record_login },
	{ S(HELD), E(LOGGED_IN), ANY, NULL, TO(PROBING), DO_NOTHING, record_login },
	{ AFTER_PUT | S(HELD), QUITS, ANY, was_accepted, ENDS(NOT_CONFIRMED), DO_END, NULL },
	{ AFTER_PUT | S(HELD), QUITS, ANY, is_after_404, ENDS(REFUSED_OTHER), DO_END, NULL },
	{ AFTER_PUT | S(HELD), QUITS, ANY, NULL, ENDS(UNKNOWN), DO_END, NULL },

	/* reading */
	{ S(READING), E(READ), J(IDLE), had_status, ENDS(CLEARED), DO_END, record_watch },
	{ S(READING), E(READ), J(IDLE), NULL, ENDS(NOT_CONFIRMED), DO_END, NULL },
	{ S(READING), E(READ), J(IDLE_REASON), NULL, ENDS(REASON_KEPT), DO_END, NULL },
	{ S(READING), E(READ), J(RUNNING), NULL, ENDS(RUNNING), DO_END, NULL },
	{ S(READING), E(READ), J(MOVED), NULL, ENDS(MOVED), DO_END, NULL },
	{ S(READING), E(READ), J(SAME), is_unchanged_after_watch, ENDS(UNCHANGED), DO_END,
	  record_watch },
	{ S(READING), E(READ), J(SAME), NULL, STAY, DO_NOTHING, record_same_read },
	{ S(READING), E(READ), J(OTHER_BDB), NULL, ENDS(OTHER_BDB), DO_END, NULL },
	{ S(READING), E(READ), J(GONE), NULL, ENDS(THEN_GONE), DO_END, NULL },
	{ S(READING), E(READ) | E(TIMER), J(BAD), has_no_read, ENDS(NOT_CONFIRMED), DO_END, NULL },

	/* probing */
	{ S(PROBING), E(READ), J(GONE), is_after_404, ENDS(GONE), DO_END, NULL },
	{ S(PROBING), E(READ), ABOUT_TARGET, is_after_404, TO(CHECKING_PATH), DO_NOTHING,
	  record_path_wanted },
	{ S(PROBING), E(READ), J(OTHER_BDB), is_after_404, ENDS(PATH_UNKNOWN), DO_END, NULL },
	{ S(PROBING), E(READ) | E(TIMER), J(BAD), has_no_read_after_404, ENDS(REFUSED_OTHER),
	  DO_END, NULL },
	{ S(PROBING), E(READ), J(SAME), is_unchanged_after_watch, ENDS(NO_ANSWER), DO_END, NULL },
	{ S(PROBING), E(READ), J(SAME), NULL, STAY, DO_NOTHING, record_same_read },
	{ S(PROBING), E(READ), ABOUT_TARGET | J(OTHER_BDB) | J(GONE), NULL, ENDS(NO_ANSWER), DO_END,
	  NULL },
	{ S(PROBING), E(READ) | E(TIMER), J(BAD), has_no_read, ENDS(NO_ANSWER), DO_END, NULL },

	/* checking the path after a 404: one OPTIONS request, and no further PUT */
	{ S(CHECKING_PATH), E(REQUEST_SLOT), ANY, needs_slot, STAY, DO_CHECK_PATH, NULL },
	{ S(CHECKING_PATH), E(PATH), P(KNOWN), NULL, ENDS(STILL_LISTED), DO_END, NULL },
	{ S(CHECKING_PATH), E(PATH), ANY, NULL, ENDS(PATH_UNKNOWN), DO_END, NULL },
	{ S(CHECKING_PATH), E(READ), J(GONE), NULL, ENDS(GONE), DO_END, NULL },
	{ S(CHECKING_PATH), E(READ), J(OTHER_BDB), NULL, ENDS(PATH_UNKNOWN), DO_END, NULL },
	{ S(CHECKING_PATH), E(REFUSED) | QUITS, ANY, NULL, ENDS(PATH_UNKNOWN), DO_END, NULL },
	{ S(CHECKING_PATH), E(TIMER), ANY, has_no_read, ENDS(PATH_UNKNOWN), DO_END, NULL },

	/* ended */
	{ S(END), E(MODULES), ANY, needs_modules, STAY, DO_END, record_modules },
	{ S(END), E(REFUSED) | QUITS, ANY, needs_modules, STAY, DO_END, record_no_modules },
	{ S(END), E(READ), J(IDLE), is_watched_and_had_status, ENDS(CLEARED), DO_END,
	  record_cleared_late },
	{ S(END), E(READ), J(IDLE), is_watched_unchanged, ENDS(NOT_CONFIRMED), DO_END,
	  record_unwatch },
	{ S(END), E(READ), J(SAME) | J(MOVED), has_failed_again, STAY, DO_NOTHING,
	  record_failed_again },
	{ S(END), E(READ), J(OTHER_BDB) | J(GONE), is_watched, STAY, DO_NOTHING, record_unwatch },
	{ S(END), E(TIMER), ANY, is_watch_over, STAY, DO_NOTHING, record_unwatch },
};

const struct reset_rule *reset_rule_find(const struct reset *reset, const struct reset_context *ctx)
{
	const struct reset_rule *row = reset_rules, *end = reset_rules + ARRAY_SIZE(reset_rules);

	for (; row < end; row++)
		if (row->states & (1u << reset->state) && row->events & (1u << ctx->event->kind) &&
		    row->mask & ctx->mask && (!row->condition || row->condition(reset, ctx)))
			return row;
	return NULL;
}
