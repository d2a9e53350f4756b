#include "reset_internal.h"

#include "bdbtop/core/text.h"

#include <string.h>

/* Conditions. */

static enum op_phase evidence_phase(const struct reset *reset)
{
	return ticket_op(reset->ticket, reset->ticket->evidence).phase;
}

static bool not_asked(const struct reset *reset, const struct happening *h)
{
	(void)h;
	return !reset->asked;
}

static bool first_put(const struct reset *reset, const struct happening *h)
{
	(void)h;
	return !reset->puts;
}

static bool wants_place(const struct reset *reset, const struct happening *h)
{
	return reset_wants_place(reset, h->now.ms);
}

static bool is_fresh(const struct reset *reset, const struct happening *h)
{
	(void)h;
	return reset->fresh;
}

static bool was_not_idle(const struct reset *reset, const struct happening *h)
{
	(void)h;
	return evidence_phase(reset) != OP_IDLE;
}

static bool agreed_running(const struct reset *reset, const struct happening *h)
{
	(void)h;
	return reset->agreed_running;
}

/* Somebody is there to be asked, about this row alone, and nothing has been sent yet. */
static bool may_ask(const struct reset *reset, const struct happening *h)
{
	(void)h;
	return !reset->ticket->bulk && reset->ticket->terminal && !reset->puts;
}

static bool third_bad(const struct reset *reset, const struct happening *h)
{
	(void)h;
	return reset->bads >= 2;
}

static bool with_body(const struct reset *reset, const struct happening *h)
{
	(void)h;
	return reset->with_body;
}

static bool agreed_ledger(const struct reset *reset, const struct happening *h)
{
	(void)h;
	return reset->agreed_ledger;
}

static bool agreed_ledger_with_body(const struct reset *reset, const struct happening *h)
{
	return with_body(reset, h) && agreed_ledger(reset, h);
}

static bool form_open(const struct reset *reset, const struct happening *h)
{
	return !reset->with_body && !h->event->form_learned;
}

static bool may_follow(const struct reset *reset, const struct happening *h)
{
	return h->event->answer->follow && reset->hops < RESET_HOPS;
}

/* Against a running operation a 409 is what was expected: it is not tried again. */
static bool pauses_left(const struct reset *reset, const struct happening *h)
{
	(void)h;
	return reset->conflicts < RESET_PAUSES && evidence_phase(reset) != OP_RUNNING;
}

static bool would_repeat(const struct reset *reset, const struct happening *h)
{
	switch (answer_class(h->event->answer)) {
	case ANSWER_FORM:
		return form_open(reset, h);
	case ANSWER_PRIMARY:
		return may_follow(reset, h);
	case ANSWER_BUSY:
		return pauses_left(reset, h);
	default:
		return false;
	}
}

static bool stopped_repeat(const struct reset *reset, const struct happening *h)
{
	return reset->barred == BAR_REFUSED && would_repeat(reset, h);
}

static bool barred_repeat(const struct reset *reset, const struct happening *h)
{
	return reset->barred != BAR_NONE && would_repeat(reset, h);
}

static bool is_refused(const struct reset *reset, const struct happening *h)
{
	(void)h;
	return reset->refused;
}

static bool is_quitting(const struct reset *reset, const struct happening *h)
{
	(void)h;
	return reset->quitting;
}

static bool no_more_reads(const struct reset *reset, const struct happening *h)
{
	return is_refused(reset, h) || is_quitting(reset, h);
}

static bool accepted(const struct reset *reset, const struct happening *h)
{
	(void)h;
	return answer_class(&reset->answer) == ANSWER_ACCEPTED;
}

static bool after_404(const struct reset *reset, const struct happening *h)
{
	(void)h;
	return answer_class(&reset->answer) == ANSWER_ABSENT;
}

/* Idle may be called cleared only when a status that was there before has gone. */
static bool had_status(const struct reset *reset, const struct happening *h)
{
	(void)h;
	return reset->status_shown;
}

static bool still_after_watch(const struct reset *reset, const struct happening *h)
{
	unsigned good = reset->good + (!reset->good || h->event->read->asked_ms != reset->same_ms);

	return good >= 2 && h->now.ms - reset->answered_ms >= RESET_WATCH_MS;
}

static bool silent(const struct reset *reset, const struct happening *h)
{
	return h->now.ms - reset->good_ms >= RESET_SILENT_MS;
}

static bool silent_after_404(const struct reset *reset, const struct happening *h)
{
	return after_404(reset, h) && silent(reset, h);
}

static bool wants_modules(const struct reset *reset, const struct happening *h)
{
	(void)h;
	return reset->wants_modules;
}

static bool watches_unchanged(const struct reset *reset, const struct happening *h)
{
	return reset->watched && reset->outcome == OUTCOME_UNCHANGED &&
	       h->now.ms - reset->end_ms <= RESET_LATE_MS;
}

static bool late_and_had_status(const struct reset *reset, const struct happening *h)
{
	return watches_unchanged(reset, h) && had_status(reset, h);
}

static bool watch_over(const struct reset *reset, const struct happening *h)
{
	return reset->watched && reset->outcome == OUTCOME_UNCHANGED &&
	       h->now.ms - reset->end_ms >= RESET_LATE_MS;
}

static bool failed_again(const struct reset *reset, const struct happening *h)
{
	return reset->watched && reset->outcome == OUTCOME_CLEARED &&
	       h->event->read->asked_ms > reset->seen_ms && h->record &&
	       ticket_op(reset->ticket, h->record).phase == OP_FAILED;
}

static bool is_watched(const struct reset *reset, const struct happening *h)
{
	(void)h;
	return reset->watched;
}

/* What rows note down. */

static void note_yes(struct reset *reset, const struct happening *h)
{
	(void)h;
	if (reset->asks == ASK_RUNNING)
		reset->agreed_running = true;
	else
		reset->agreed_ledger = true;
}

static void note_refusal(struct reset *reset, const struct happening *h)
{
	struct text text;

	text_init(&text, reset->refusal, sizeof(reset->refusal));
	text_add(&text, h->event->why ? h->event->why : "");
	reset->refused = true;
}

static void note_unsent(struct reset *reset, const struct happening *h)
{
	if (reset->read_out)
		reset->read_out = false;
	else
		reset->puts--;
	reset->read_ms = h->now.ms + RESET_NO_ROOM_MS;
}

static void note_path_wanted(struct reset *reset, const struct happening *h)
{
	reset->read_ms = h->now.ms;
}

static void note_status(struct reset *reset, const struct happening *h)
{
	enum seen seen = h->record->op[reset->ticket->kind].status_seen;

	reset->status_shown = seen == SEEN_GIVEN || seen == SEEN_NULL;
}

static void note_running(struct reset *reset, const struct happening *h)
{
	(void)h;
	reset->asks = ASK_RUNNING;
}

static void note_sentence(struct reset *reset, const struct happening *h)
{
	struct text text;

	reset->asks = ASK_LEDGER;
	text_init(&text, reset->ask_why, sizeof(reset->ask_why));
	text_add(&text, h->event->why ? h->event->why : "");
}

static void note_bad(struct reset *reset, const struct happening *h)
{
	const struct observation *read = h->event->read;

	reset->bads++;
	reset->read_again = true;
	reset->read_ms = h->now.ms + 1000 * (int64_t)reset->bads;
	reset->retry_status = read->what == OBS_BAD ? read->retry_status : 0;
	if (reset->retry_status)
		reset->read_ms = read->retry_ms;
}

static void bar_cancel(struct reset *reset, const struct happening *h)
{
	(void)h;
	reset->told_cancel = true;
	if (reset->barred == BAR_NONE)
		reset->barred = BAR_CANCEL;
}

static void bar_refused(struct reset *reset, const struct happening *h)
{
	note_refusal(reset, h);
	if (reset->barred == BAR_NONE)
		reset->barred = BAR_REFUSED;
}

static void bar_quit(struct reset *reset, const struct happening *h)
{
	(void)h;
	reset->quitting = true;
	if (reset->barred == BAR_NONE)
		reset->barred = BAR_QUIT;
}

static void tell_cancel(struct reset *reset, const struct happening *h)
{
	(void)h;
	reset->told_cancel = true;
}

static void note_log_in(struct reset *reset, const struct happening *h)
{
	reset->refused = false;
	reset->read_out = false;	/* what was out was dropped with the old log-in */
	reset->good_ms = h->now.ms;
	reset->read_ms = h->now.ms;
}

static void note_body(struct reset *reset, const struct happening *h)
{
	(void)h;
	reset->with_body = true;
}

static void note_hop(struct reset *reset, const struct happening *h)
{
	(void)h;
	reset->hops++;
}

static void note_conflict(struct reset *reset, const struct happening *h)
{
	reset->conflicts++;
	reset->read_ms = h->now.ms + reset_pause_ms(reset->ticket, reset->conflicts);
}

static void note_modules_wanted(struct reset *reset, const struct happening *h)
{
	(void)h;
	reset->wants_modules = true;
}

static void note_no_modules(struct reset *reset, const struct happening *h)
{
	(void)h;
	reset->wants_modules = false;
}

static bool lacks(const struct reset_event *event, const char *name)
{
	size_t i;

	for (i = 0; i < event->module_count; i++)
		if (!strcmp(event->modules[i], name))
			return true;
	return false;
}

static void note_modules(struct reset *reset, const struct happening *h)
{
	const struct bdb *own = reset->last_read;
	struct text text;
	size_t i;

	reset->wants_modules = false;
	text_init(&text, reset->modules, sizeof(reset->modules));
	for (i = 0; own && i < own->module_count; i++) {
		if (!lacks(h->event, own->modules[i]))
			continue;
		text_add(&text, reset->module_count++ ? ", " : "");
		text_add_safe(&text, own->modules[i]);
	}
}

static void note_same(struct reset *reset, const struct happening *h)
{
	int64_t asked_ms = h->event->read->asked_ms;

	if (!reset->good || asked_ms != reset->same_ms)
		reset->good++;
	reset->same_ms = asked_ms;
}

static void note_sleep(struct reset *reset, const struct happening *h)
{
	reset->good_ms = h->now.ms;
}

static void note_watch(struct reset *reset, const struct happening *h)
{
	reset->watched = true;
	reset->seen_ms = h->event->read->asked_ms;
}

static void note_late(struct reset *reset, const struct happening *h)
{
	note_watch(reset, h);
	reset->late_ms = h->now.ms - reset->answered_ms;
}

static void note_again(struct reset *reset, const struct happening *h)
{
	reset->again_wall_ms = h->now.wall_ms;
	reset->watched = false;
}

static void note_unwatch(struct reset *reset, const struct happening *h)
{
	(void)h;
	reset->watched = false;
}

/* The table. */

#define S(state) (1u << RESET_##state)
#define E(event) (1u << RE_##event)
#define J(judged) (1u << JUDGED_##judged)
#define A(class) (1u << ANSWER_##class)
#define P(path) (1u << PATH_##path)
#define ANY (~0u)

#define TO(state) RESET_##state, OUTCOME_NONE
#define ENDS(outcome) RESET_END, OUTCOME_##outcome
#define STAY RESET_STAY, OUTCOME_NONE

#define BEFORE_PUT (S(QUEUED) | S(CHECKING) | S(ASKING2) | S(NOTING) | S(WAITING))
#define AFTER_PUT (S(READING) | S(PROBING))
#define QUITS (E(QUIT) | E(QUIT_OVER))
#define ITSELF (J(IDLE) | J(SAME) | J(RUN) | J(IDLE_REASON) | J(MOVED))

static const struct reset_row rows[] = {
	/* asking */
	{ S(ASKING), E(CONFIRM), ANY, NULL, TO(QUEUED), DO_NOTE, NULL },
	{ S(ASKING), E(DECLINE) | E(CANCEL) | QUITS, ANY, NULL, ENDS(DECLINED), DO_NOTHING, NULL },
	{ S(ASKING), E(REFUSED), ANY, NULL, ENDS(STOPPED), DO_NOTHING, note_refusal },

	/* asking2 */
	{ S(ASKING2), E(REFUSED), ANY, not_asked, ENDS(STOPPED), DO_NOTHING, note_refusal },
	{ S(ASKING2), E(YES), ANY, not_asked, TO(QUEUED), DO_NOTE, note_yes },
	{ S(ASKING2), E(YES), ANY, NULL, TO(CHECKING), DO_READ, note_yes },
	{ S(ASKING2), E(DECLINE), ANY, NULL, ENDS(DECLINED), DO_END, NULL },

	/* before a PUT everything can be taken back */
	{ BEFORE_PUT, E(CANCEL), ANY, NULL, ENDS(CANCELLED), DO_END, NULL },
	{ BEFORE_PUT, E(REFUSED), ANY, NULL, ENDS(STOPPED), DO_END, note_refusal },
	{ BEFORE_PUT, E(ASLEEP), ANY, NULL, ENDS(ASLEEP), DO_END, NULL },
	{ BEFORE_PUT, QUITS, ANY, NULL, ENDS(CANCELLED), DO_END, NULL },

	/* queued, waiting, and a read that is to be tried again */
	{ S(QUEUED) | S(WAITING), E(PLACE), ANY, wants_place, TO(CHECKING), DO_READ, NULL },
	{ S(CHECKING), E(PLACE), ANY, wants_place, STAY, DO_READ, NULL },

	/* checking */
	{ S(CHECKING), E(UNSENT), ANY, is_fresh, STAY, DO_NOTHING, note_unsent },
	{ S(CHECKING), E(READ), J(SAME), NULL, TO(NOTING), DO_NOTE, note_status },
	{ S(CHECKING), E(READ), J(IDLE), first_put, ENDS(NOTHING_TO_RESET), DO_END, NULL },
	{ S(CHECKING), E(READ), J(IDLE), NULL, ENDS(IDLE_NOT_BY_US), DO_END, NULL },
	{ S(CHECKING), E(READ), J(IDLE_REASON), was_not_idle,
	  ENDS(IDLE_BEFORE_REASON_KEPT), DO_END, NULL },
	{ S(CHECKING), E(READ), J(RUN), agreed_running, TO(NOTING), DO_NOTE, note_status },
	{ S(CHECKING), E(READ), J(RUN), may_ask, TO(ASKING2), DO_ASK_AGAIN, note_running },
	{ S(CHECKING), E(READ), J(RUN), NULL, ENDS(LEFT_OUT), DO_END, NULL },
	{ S(CHECKING), E(READ), J(MOVED) | J(IDLE_REASON), may_ask,
	  ENDS(SUPERSEDED), DO_ASK_AGAIN, NULL },
	{ S(CHECKING), E(READ), J(MOVED) | J(IDLE_REASON), NULL, ENDS(LEFT_OUT), DO_END, NULL },
	{ S(CHECKING), E(READ), J(ELSE) | J(GONE), NULL, ENDS(DROPPED), DO_END, NULL },
	{ S(CHECKING), E(READ), J(BAD), third_bad, ENDS(CANNOT_READ), DO_END, NULL },
	{ S(CHECKING), E(READ), J(BAD), NULL, STAY, DO_NOTHING, note_bad },

	/* noting */
	{ S(NOTING), E(NOTED), ANY, with_body, TO(SENT), DO_PUT_BODY, NULL },
	{ S(NOTING), E(NOTED), ANY, NULL, TO(SENT), DO_PUT, NULL },
	{ S(NOTING), E(NOT_NOTED), ANY, agreed_ledger_with_body, TO(SENT), DO_PUT_BODY, NULL },
	{ S(NOTING), E(NOT_NOTED), ANY, agreed_ledger, TO(SENT), DO_PUT, NULL },
	{ S(NOTING), E(NOT_NOTED), ANY, NULL, TO(ASKING2), DO_ASK_AGAIN, note_sentence },

	/* sent: nothing takes it back, but it can be the last one */
	{ S(SENT), E(UNSENT), ANY, is_fresh, TO(CHECKING), DO_NOTHING, note_unsent },
	{ S(SENT), E(CANCEL), ANY, NULL, STAY, DO_NOTHING, bar_cancel },
	{ S(SENT), E(REFUSED), ANY, NULL, STAY, DO_NOTHING, bar_refused },
	{ S(SENT), E(LOGGED_IN), ANY, NULL, STAY, DO_NOTHING, note_log_in },
	{ S(SENT), E(QUIT), ANY, NULL, STAY, DO_NOTHING, bar_quit },
	{ S(SENT), E(QUIT_OVER), ANY, NULL, ENDS(UNKNOWN), DO_END, NULL },

	/* the answer, when no read may follow */
	{ S(SENT), E(ANSWER), A(ACCEPTED), is_quitting, ENDS(NOT_CONFIRMED), DO_END, NULL },
	{ S(SENT), E(ANSWER), A(LOST), is_quitting, ENDS(UNKNOWN), DO_END, NULL },
	{ S(SENT), E(ANSWER), A(ABSENT), is_quitting, ENDS(REFUSED_OTHER), DO_END, NULL },
	{ S(SENT), E(ANSWER), A(ACCEPTED) | A(LOST) | A(ABSENT), is_refused,
	  TO(HELD), DO_NOTHING, NULL },
	{ S(SENT), E(ANSWER), ANY, stopped_repeat, ENDS(STOPPED), DO_END, NULL },
	{ S(SENT), E(ANSWER), ANY, barred_repeat, ENDS(CANCELLED), DO_END, NULL },
	{ S(SENT), E(ANSWER), A(MODULE), no_more_reads, ENDS(REFUSED_406), DO_END, NULL },

	/* the answer */
	{ S(SENT), E(ANSWER), A(ACCEPTED), NULL, TO(READING), DO_NOTHING, NULL },
	{ S(SENT), E(ANSWER), A(FORM), form_open, TO(CHECKING), DO_READ, note_body },
	{ S(SENT), E(ANSWER), A(FORM), NULL, ENDS(REFUSED_OTHER), DO_END, NULL },
	{ S(SENT), E(ANSWER), A(PRIMARY), may_follow, TO(CHECKING), DO_READ, note_hop },
	{ S(SENT), E(ANSWER), A(PRIMARY), NULL, ENDS(REFUSED_307), DO_END, NULL },
	{ S(SENT), E(ANSWER), A(LOGIN), NULL, ENDS(REFUSED_401), DO_END, NULL },
	{ S(SENT), E(ANSWER), A(ROLE), NULL, ENDS(REFUSED_403), DO_END, NULL },
	{ S(SENT), E(ANSWER), A(ABSENT), NULL, TO(PROBING), DO_READ, NULL },
	{ S(SENT), E(ANSWER), A(MODULE), NULL,
	  ENDS(REFUSED_406), DO_ASK_MODULES, note_modules_wanted },
	{ S(SENT), E(ANSWER), A(BUSY), pauses_left, TO(WAITING), DO_NOTHING, note_conflict },
	{ S(SENT), E(ANSWER), A(BUSY), NULL, ENDS(GAVE_UP), DO_END, NULL },
	{ S(SENT), E(ANSWER), A(REFUSED), NULL, ENDS(REFUSED_OTHER), DO_END, NULL },
	{ S(SENT), E(ANSWER), A(LOST), NULL, TO(PROBING), DO_NOTHING, NULL },
	{ S(SENT), E(ANSWER), A(UNSENT), NULL, ENDS(UNSENT), DO_END, NULL },

	/* reading and probing: only reads from here on */
	{ AFTER_PUT, E(PLACE), ANY, wants_place, STAY, DO_READ, NULL },
	{ AFTER_PUT | S(CHECKING_PATH), E(UNSENT), ANY, is_fresh, STAY, DO_NOTHING, note_unsent },
	{ AFTER_PUT | S(CHECKING_PATH), E(CANCEL), ANY, NULL, STAY, DO_NOTHING, tell_cancel },
	{ AFTER_PUT | S(CHECKING_PATH), E(ASLEEP), ANY, NULL, STAY, DO_NOTHING, note_sleep },
	{ AFTER_PUT, E(REFUSED), ANY, NULL, TO(HELD), DO_NOTHING, note_refusal },
	{ S(HELD), E(LOGGED_IN), ANY, accepted, TO(READING), DO_NOTHING, note_log_in },
	{ S(HELD), E(LOGGED_IN), ANY, NULL, TO(PROBING), DO_NOTHING, note_log_in },
	{ AFTER_PUT | S(HELD), QUITS, ANY, accepted, ENDS(NOT_CONFIRMED), DO_END, NULL },
	{ AFTER_PUT | S(HELD), QUITS, ANY, after_404, ENDS(REFUSED_OTHER), DO_END, NULL },
	{ AFTER_PUT | S(HELD), QUITS, ANY, NULL, ENDS(UNKNOWN), DO_END, NULL },

	/* reading */
	{ S(READING), E(READ), J(IDLE), had_status, ENDS(CLEARED), DO_END, note_watch },
	{ S(READING), E(READ), J(IDLE), NULL, ENDS(NOT_CONFIRMED), DO_END, NULL },
	{ S(READING), E(READ), J(IDLE_REASON), NULL, ENDS(REASON_KEPT), DO_END, NULL },
	{ S(READING), E(READ), J(RUN), NULL, ENDS(RUNNING), DO_END, NULL },
	{ S(READING), E(READ), J(MOVED), NULL, ENDS(MOVED), DO_END, NULL },
	{ S(READING), E(READ), J(SAME), still_after_watch, ENDS(UNCHANGED), DO_END, note_watch },
	{ S(READING), E(READ), J(SAME), NULL, STAY, DO_NOTHING, note_same },
	{ S(READING), E(READ), J(ELSE), NULL, ENDS(OTHER_BDB), DO_END, NULL },
	{ S(READING), E(READ), J(GONE), NULL, ENDS(THEN_GONE), DO_END, NULL },
	{ S(READING), E(READ) | E(TIME), J(BAD), silent, ENDS(NOT_CONFIRMED), DO_END, NULL },

	/* probing */
	{ S(PROBING), E(READ), J(GONE), after_404, ENDS(GONE), DO_END, NULL },
	{ S(PROBING), E(READ), ITSELF, after_404, TO(CHECKING_PATH), DO_NOTHING, note_path_wanted },
	{ S(PROBING), E(READ), J(ELSE), after_404, ENDS(PATH_UNKNOWN), DO_END, NULL },
	{ S(PROBING), E(READ) | E(TIME), J(BAD), silent_after_404,
	  ENDS(REFUSED_OTHER), DO_END, NULL },
	{ S(PROBING), E(READ), J(SAME), still_after_watch, ENDS(NO_ANSWER), DO_END, NULL },
	{ S(PROBING), E(READ), J(SAME), NULL, STAY, DO_NOTHING, note_same },
	{ S(PROBING), E(READ), ITSELF | J(ELSE) | J(GONE), NULL, ENDS(NO_ANSWER), DO_END, NULL },
	{ S(PROBING), E(READ) | E(TIME), J(BAD), silent, ENDS(NO_ANSWER), DO_END, NULL },

	/* checking the path after a 404: one OPTIONS, and no PUT any more */
	{ S(CHECKING_PATH), E(PLACE), ANY, wants_place, STAY, DO_CHECK_PATH, NULL },
	{ S(CHECKING_PATH), E(PATH), P(KNOWN), NULL, ENDS(STILL_LISTED), DO_END, NULL },
	{ S(CHECKING_PATH), E(PATH), ANY, NULL, ENDS(PATH_UNKNOWN), DO_END, NULL },
	{ S(CHECKING_PATH), E(READ), J(GONE), NULL, ENDS(GONE), DO_END, NULL },
	{ S(CHECKING_PATH), E(READ), J(ELSE), NULL, ENDS(PATH_UNKNOWN), DO_END, NULL },
	{ S(CHECKING_PATH), E(REFUSED) | QUITS, ANY, NULL, ENDS(PATH_UNKNOWN), DO_END, NULL },
	{ S(CHECKING_PATH), E(TIME), ANY, silent, ENDS(PATH_UNKNOWN), DO_END, NULL },

	/* ended */
	{ S(END), E(MODULES), ANY, wants_modules, STAY, DO_END, note_modules },
	{ S(END), E(REFUSED) | QUITS, ANY, wants_modules, STAY, DO_END, note_no_modules },
	{ S(END), E(READ), J(IDLE), late_and_had_status, ENDS(CLEARED), DO_END, note_late },
	{ S(END), E(READ), J(IDLE), watches_unchanged, ENDS(NOT_CONFIRMED), DO_END, note_unwatch },
	{ S(END), E(READ), J(SAME) | J(MOVED), failed_again, STAY, DO_NOTHING, note_again },
	{ S(END), E(READ), J(ELSE) | J(GONE), is_watched, STAY, DO_NOTHING, note_unwatch },
	{ S(END), E(TIME), ANY, watch_over, STAY, DO_NOTHING, note_unwatch },
};

const struct reset_row *reset_row(const struct reset *reset, const struct happening *h)
{
	const struct reset_row *row = rows, *end = rows + sizeof(rows) / sizeof(rows[0]);

	for (; row < end; row++)
		if (row->from & (1u << reset->state) && row->events & (1u << h->event->kind) &&
		    row->what & h->bit && (!row->when || row->when(reset, h)))
			return row;
	return NULL;
}
