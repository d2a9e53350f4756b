#include "reset_internal.h"

#include <string.h>

#include "bdbtop/core/text.h"

/* Conditions. */

static enum op_phase evidence_phase(const struct reset *reset)
{
	return reset_target_op(reset->target, reset->target->evidence).phase;
}

static bool is_not_requested(const struct reset *reset, const struct reset_context *h)
{
	(void)h;
	return !reset->confirmed;
}

static bool is_first_put(const struct reset *reset, const struct reset_context *h)
{
	(void)h;
	return !reset->puts;
}

static bool needs_slot(const struct reset *reset, const struct reset_context *h)
{
	return reset_needs_slot(reset, h->now.ms);
}

static bool is_just_requested(const struct reset *reset, const struct reset_context *h)
{
	(void)h;
	return reset->just_requested;
}

static bool was_not_idle(const struct reset *reset, const struct reset_context *h)
{
	(void)h;
	return evidence_phase(reset) != OP_IDLE;
}

static bool accepted_running(const struct reset *reset, const struct reset_context *h)
{
	(void)h;
	return reset->accepted_running;
}

/* Somebody is there to be asked, about this row alone, and nothing has been sent yet. */
static bool can_ask(const struct reset *reset, const struct reset_context *h)
{
	(void)h;
	return !reset->target->bulk && reset->target->interactive && !reset->puts;
}

static bool is_third_bad_read(const struct reset *reset, const struct reset_context *h)
{
	(void)h;
	return reset->bad_reads >= 2;
}

static bool with_body(const struct reset *reset, const struct reset_context *h)
{
	(void)h;
	return reset->with_body;
}

static bool accepted_no_audit_log(const struct reset *reset, const struct reset_context *h)
{
	(void)h;
	return reset->accepted_no_audit_log;
}

static bool accepted_no_audit_log_with_body(const struct reset *reset,
					    const struct reset_context *h)
{
	return with_body(reset, h) && accepted_no_audit_log(reset, h);
}

static bool can_change_form(const struct reset *reset, const struct reset_context *h)
{
	return !reset->with_body && !h->event->form_learned;
}

static bool can_follow_redirect(const struct reset *reset, const struct reset_context *h)
{
	return h->event->answer->can_follow && reset->redirects < RESET_REDIRECTS;
}

/* Against a running operation a 409 is what was expected: it is not tried again. */
static bool has_pauses_left(const struct reset *reset, const struct reset_context *h)
{
	(void)h;
	return reset->conflicts < RESET_PAUSES && evidence_phase(reset) != OP_RUNNING;
}

static bool would_put_again(const struct reset *reset, const struct reset_context *h)
{
	switch (answer_classify(h->event->answer)) {
	case ANSWER_FORM:
		return can_change_form(reset, h);
	case ANSWER_PRIMARY:
		return can_follow_redirect(reset, h);
	case ANSWER_BUSY:
		return has_pauses_left(reset, h);
	default:
		return false;
	}
}

static bool refused_before_repeat(const struct reset *reset, const struct reset_context *h)
{
	return reset->stop == STOP_REFUSED && would_put_again(reset, h);
}

static bool stopped_before_repeat(const struct reset *reset, const struct reset_context *h)
{
	return reset->stop != STOP_NONE && would_put_again(reset, h);
}

static bool is_refused(const struct reset *reset, const struct reset_context *h)
{
	(void)h;
	return reset->refused;
}

static bool is_quitting(const struct reset *reset, const struct reset_context *h)
{
	(void)h;
	return reset->quitting;
}

static bool no_more_reads(const struct reset *reset, const struct reset_context *h)
{
	return is_refused(reset, h) || is_quitting(reset, h);
}

static bool was_accepted(const struct reset *reset, const struct reset_context *h)
{
	(void)h;
	return answer_classify(&reset->answer) == ANSWER_ACCEPTED;
}

static bool is_after_404(const struct reset *reset, const struct reset_context *h)
{
	(void)h;
	return answer_classify(&reset->answer) == ANSWER_ABSENT;
}

/* Idle may be called cleared only when a status that was there before has gone. */
static bool had_status(const struct reset *reset, const struct reset_context *h)
{
	(void)h;
	return reset->had_status;
}

static bool is_unchanged_after_watch(const struct reset *reset, const struct reset_context *h)
{
	unsigned good = reset->same_reads +
			(!reset->same_reads || h->event->read->requested_ms != reset->last_same_ms);

	return good >= 2 && h->now.ms - reset->answered_ms >= RESET_WATCH_MS;
}

static bool has_no_read(const struct reset *reset, const struct reset_context *h)
{
	return h->now.ms - reset->last_good_ms >= RESET_NO_READ_MS;
}

static bool has_no_read_after_404(const struct reset *reset, const struct reset_context *h)
{
	return is_after_404(reset, h) && has_no_read(reset, h);
}

static bool needs_modules(const struct reset *reset, const struct reset_context *h)
{
	(void)h;
	return reset->needs_modules;
}

static bool is_watched_unchanged(const struct reset *reset, const struct reset_context *h)
{
	return reset->watched && reset->outcome == OUTCOME_UNCHANGED &&
	       h->now.ms - reset->end_ms <= RESET_LATE_CLEAR_MS;
}

static bool is_late_and_had_status(const struct reset *reset, const struct reset_context *h)
{
	return is_watched_unchanged(reset, h) && had_status(reset, h);
}

static bool is_watch_over(const struct reset *reset, const struct reset_context *h)
{
	return reset->watched && reset->outcome == OUTCOME_UNCHANGED &&
	       h->now.ms - reset->end_ms >= RESET_LATE_CLEAR_MS;
}

static bool has_failed_again(const struct reset *reset, const struct reset_context *h)
{
	return reset->watched && reset->outcome == OUTCOME_CLEARED &&
	       h->event->read->requested_ms > reset->end_read_ms && h->record &&
	       reset_target_op(reset->target, h->record).phase == OP_FAILED;
}

static bool is_watched(const struct reset *reset, const struct reset_context *h)
{
	(void)h;
	return reset->watched;
}

/* What rows note down. */

static void record_yes(struct reset *reset, const struct reset_context *h)
{
	(void)h;
	if (reset->question == ASK_RUNNING)
		reset->accepted_running = true;
	else
		reset->accepted_no_audit_log = true;
}

static void record_refusal(struct reset *reset, const struct reset_context *h)
{
	struct text text;

	text_init(&text, reset->refused_because, sizeof(reset->refused_because));
	text_add(&text, h->event->failure ? h->event->failure : "");
	reset->refused = true;
}

static void record_unsent(struct reset *reset, const struct reset_context *h)
{
	if (reset->read_in_flight)
		reset->read_in_flight = false;
	else
		reset->puts--;
	reset->next_read_ms = h->now.ms + RESET_NO_SLOT_MS;
}

static void record_path_wanted(struct reset *reset, const struct reset_context *h)
{
	reset->next_read_ms = h->now.ms;
}

static void record_status(struct reset *reset, const struct reset_context *h)
{
	enum field_presence presence = h->record->op[reset->target->kind].status_presence;

	reset->had_status = presence == FIELD_PRESENT || presence == FIELD_NULL;
}

static void record_running(struct reset *reset, const struct reset_context *h)
{
	(void)h;
	reset->question = ASK_RUNNING;
}

static void record_sentence(struct reset *reset, const struct reset_context *h)
{
	struct text text;

	reset->question = ASK_AUDIT_LOG;
	text_init(&text, reset->question_error, sizeof(reset->question_error));
	text_add(&text, h->event->failure ? h->event->failure : "");
}

static void record_bad(struct reset *reset, const struct reset_context *h)
{
	const struct observation *read = h->event->read;

	reset->bad_reads++;
	reset->read_is_retry = true;
	reset->next_read_ms = h->now.ms + 1000 * (int64_t)reset->bad_reads;
	reset->retry_status = read->kind == OBS_BAD ? read->retry_status : 0;
	if (reset->retry_status)
		reset->next_read_ms = read->retry_ms;
}

static void stop_on_cancel(struct reset *reset, const struct reset_context *h)
{
	(void)h;
	reset->cancel_came_late = true;
	if (reset->stop == STOP_NONE)
		reset->stop = STOP_CANCEL;
}

static void stop_on_refused(struct reset *reset, const struct reset_context *h)
{
	record_refusal(reset, h);
	if (reset->stop == STOP_NONE)
		reset->stop = STOP_REFUSED;
}

static void stop_on_quit(struct reset *reset, const struct reset_context *h)
{
	(void)h;
	reset->quitting = true;
	if (reset->stop == STOP_NONE)
		reset->stop = STOP_QUIT;
}

static void refuse_cancel(struct reset *reset, const struct reset_context *h)
{
	(void)h;
	reset->cancel_came_late = true;
}

static void record_login(struct reset *reset, const struct reset_context *h)
{
	reset->refused = false;
	reset->read_in_flight = false;	/* what was out was dropped with the old log-in */
	reset->last_good_ms = h->now.ms;
	reset->next_read_ms = h->now.ms;
}

static void record_body(struct reset *reset, const struct reset_context *h)
{
	(void)h;
	reset->with_body = true;
}

static void record_redirect(struct reset *reset, const struct reset_context *h)
{
	(void)h;
	reset->redirects++;
}

static void record_conflict(struct reset *reset, const struct reset_context *h)
{
	reset->conflicts++;
	reset->next_read_ms = h->now.ms + reset_pause_ms(reset->target, reset->conflicts);
}

static void record_modules_wanted(struct reset *reset, const struct reset_context *h)
{
	(void)h;
	reset->needs_modules = true;
}

static void record_no_modules(struct reset *reset, const struct reset_context *h)
{
	(void)h;
	reset->needs_modules = false;
}

static bool add_missing_module(const struct reset_event *event, const char *name)
{
	size_t i;

	for (i = 0; i < event->module_count; i++)
		if (!strcmp(event->modules[i], name))
			return true;
	return false;
}

static void record_modules(struct reset *reset, const struct reset_context *h)
{
	const struct bdb *own = reset->last_read;
	struct text text;
	size_t i;

	reset->needs_modules = false;
	text_init(&text, reset->modules, sizeof(reset->modules));
	for (i = 0; own && i < own->module_count; i++) {
		if (!add_missing_module(h->event, own->modules[i]))
			continue;
		text_add(&text, reset->module_count++ ? ", " : "");
		text_add_safe(&text, own->modules[i]);
	}
}

static void record_same(struct reset *reset, const struct reset_context *h)
{
	int64_t requested_ms = h->event->read->requested_ms;

	if (!reset->same_reads || requested_ms != reset->last_same_ms)
		reset->same_reads++;
	reset->last_same_ms = requested_ms;
}

static void record_sleep(struct reset *reset, const struct reset_context *h)
{
	reset->last_good_ms = h->now.ms;
}

static void record_watch(struct reset *reset, const struct reset_context *h)
{
	reset->watched = true;
	reset->end_read_ms = h->event->read->requested_ms;
}

static void record_late(struct reset *reset, const struct reset_context *h)
{
	record_watch(reset, h);
	reset->cleared_late_ms = h->now.ms - reset->answered_ms;
}

static void record_failed_again(struct reset *reset, const struct reset_context *h)
{
	reset->failed_again_wall_ms = h->now.wall_ms;
	reset->watched = false;
}

static void record_unwatch(struct reset *reset, const struct reset_context *h)
{
	(void)h;
	reset->watched = false;
}

/* The table. */

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
#define ITSELF (J(IDLE) | J(SAME) | J(RUNNING) | J(IDLE_REASON) | J(MOVED))

static const struct reset_rule reset_rules[] = {
	/* asking */
	{ S(ASKING), E(CONFIRM), ANY, NULL, TO(QUEUED), DO_WRITE_LINE, NULL },
	{ S(ASKING), E(DECLINE) | E(CANCEL) | QUITS, ANY, NULL, ENDS(DECLINED), DO_NOTHING, NULL },
	{ S(ASKING), E(REFUSED), ANY, NULL, ENDS(STOPPED), DO_NOTHING, record_refusal },

	/* asking2 */
	{ S(ASKING2), E(REFUSED), ANY, is_not_requested, ENDS(STOPPED), DO_NOTHING,
	  record_refusal },
	{ S(ASKING2), E(TYPED_YES), ANY, is_not_requested, TO(QUEUED), DO_WRITE_LINE, record_yes },
	{ S(ASKING2), E(TYPED_YES), ANY, NULL, TO(CHECKING), DO_READ, record_yes },
	{ S(ASKING2), E(DECLINE), ANY, NULL, ENDS(DECLINED), DO_END, NULL },

	/* before a PUT everything can be taken back */
	{ BEFORE_PUT, E(CANCEL), ANY, NULL, ENDS(CANCELLED), DO_END, NULL },
	{ BEFORE_PUT, E(REFUSED), ANY, NULL, ENDS(STOPPED), DO_END, record_refusal },
	{ BEFORE_PUT, E(ASLEEP), ANY, NULL, ENDS(ASLEEP), DO_END, NULL },
	{ BEFORE_PUT, QUITS, ANY, NULL, ENDS(CANCELLED), DO_END, NULL },

	/* queued, waiting, and a read that is to be tried again */
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
	{ S(CHECKING), E(READ), J(BAD), NULL, STAY, DO_NOTHING, record_bad },

	/* noting */
	{ S(NOTING), E(LINE_WRITTEN), ANY, with_body, TO(SENT), DO_PUT_BODY, NULL },
	{ S(NOTING), E(LINE_WRITTEN), ANY, NULL, TO(SENT), DO_PUT, NULL },
	{ S(NOTING), E(LINE_FAILED), ANY, accepted_no_audit_log_with_body, TO(SENT), DO_PUT_BODY,
	  NULL },
	{ S(NOTING), E(LINE_FAILED), ANY, accepted_no_audit_log, TO(SENT), DO_PUT, NULL },
	{ S(NOTING), E(LINE_FAILED), ANY, NULL, TO(ASKING2), DO_ASK_AGAIN, record_sentence },

	/* sent: nothing takes it back, but it can be the last one */
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
	{ S(SENT), E(ANSWER), A(MODULE), no_more_reads, ENDS(REFUSED_406), DO_END, NULL },

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
	{ S(READING), E(READ), J(SAME), NULL, STAY, DO_NOTHING, record_same },
	{ S(READING), E(READ), J(OTHER_BDB), NULL, ENDS(OTHER_BDB), DO_END, NULL },
	{ S(READING), E(READ), J(GONE), NULL, ENDS(THEN_GONE), DO_END, NULL },
	{ S(READING), E(READ) | E(TIMER), J(BAD), has_no_read, ENDS(NOT_CONFIRMED), DO_END, NULL },

	/* probing */
	{ S(PROBING), E(READ), J(GONE), is_after_404, ENDS(GONE), DO_END, NULL },
	{ S(PROBING), E(READ), ITSELF, is_after_404, TO(CHECKING_PATH), DO_NOTHING,
	  record_path_wanted },
	{ S(PROBING), E(READ), J(OTHER_BDB), is_after_404, ENDS(PATH_UNKNOWN), DO_END, NULL },
	{ S(PROBING), E(READ) | E(TIMER), J(BAD), has_no_read_after_404, ENDS(REFUSED_OTHER),
	  DO_END, NULL },
	{ S(PROBING), E(READ), J(SAME), is_unchanged_after_watch, ENDS(NO_ANSWER), DO_END, NULL },
	{ S(PROBING), E(READ), J(SAME), NULL, STAY, DO_NOTHING, record_same },
	{ S(PROBING), E(READ), ITSELF | J(OTHER_BDB) | J(GONE), NULL, ENDS(NO_ANSWER), DO_END,
	  NULL },
	{ S(PROBING), E(READ) | E(TIMER), J(BAD), has_no_read, ENDS(NO_ANSWER), DO_END, NULL },

	/* checking the path after a 404: one OPTIONS, and no PUT any more */
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
	{ S(END), E(READ), J(IDLE), is_late_and_had_status, ENDS(CLEARED), DO_END, record_late },
	{ S(END), E(READ), J(IDLE), is_watched_unchanged, ENDS(NOT_CONFIRMED), DO_END,
	  record_unwatch },
	{ S(END), E(READ), J(SAME) | J(MOVED), has_failed_again, STAY, DO_NOTHING,
	  record_failed_again },
	{ S(END), E(READ), J(OTHER_BDB) | J(GONE), is_watched, STAY, DO_NOTHING, record_unwatch },
	{ S(END), E(TIMER), ANY, is_watch_over, STAY, DO_NOTHING, record_unwatch },
};

const struct reset_rule *reset_rule_find(const struct reset *reset, const struct reset_context *h)
{
	const struct reset_rule *row = reset_rules,
				*end = reset_rules + sizeof(reset_rules) / sizeof(reset_rules[0]);

	for (; row < end; row++)
		if (row->states & (1u << reset->state) && row->events & (1u << h->event->kind) &&
		    row->mask & h->mask && (!row->condition || row->condition(reset, h)))
			return row;
	return NULL;
}
