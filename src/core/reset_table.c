#include "reset_internal.h"

#include <string.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"

/* What rules record, besides conditions. */

static void copy_failure(char *to, size_t size, const struct reset_context *ctx)
{
	struct text text;

	text_init(&text, to, size);
	text_add(&text, ctx->event->failure ? ctx->event->failure : "");
}

static void record_refusal(struct reset *reset, const struct reset_context *ctx)
{
	copy_failure(reset->refused_because, sizeof(reset->refused_because), ctx);
}

static void record_audit_error(struct reset *reset, const struct reset_context *ctx)
{
	copy_failure(reset->question_error, sizeof(reset->question_error), ctx);
}

static void record_unsent(struct reset *reset, const struct reset_context *ctx)
{
	if (reset->read_in_flight)
		reset->read_in_flight = false;
	else
		reset->puts--;
	reset->next_read_ms = ctx->now.ms + RESET_NO_SLOT_MS;
}

static void record_unsendable(struct reset *reset, const struct reset_context *ctx)
{
	record_unsent(reset, ctx);
	copy_failure(reset->failure, sizeof(reset->failure), ctx);
}

static void read_at_once(struct reset *reset, const struct reset_context *ctx)
{
	reset->next_read_ms = ctx->now.ms;
}

static void record_status(struct reset *reset, const struct reset_context *ctx)
{
	enum field_presence presence = ctx->record->op[reset->target->kind].status_presence;

	reset->failure[0] = '\0';
	reset->conditions &= ~COND(HAD_STATUS);
	if (presence == FIELD_PRESENT || presence == FIELD_NULL)
		reset->conditions |= COND(HAD_STATUS);
}

static void record_read_error(struct reset *reset, const struct reset_context *ctx)
{
	const struct observation *read = ctx->event->read;
	struct text text;

	text_init(&text, reset->failure, sizeof(reset->failure));
	if (read->kind == OBS_BAD && read->error)
		text_add(&text, read->error->text);
	else
		text_add(&text, ctx->no_memory ? "out of memory."
					       : "the reply does not show its name, status and "
						 "reason.");
}

static void retry_read(struct reset *reset, const struct reset_context *ctx)
{
	reset->bad_reads++;
	reset->read_is_retry = true;
	reset->next_read_ms = ctx->now.ms + 1000 * (int64_t)reset->bad_reads;
	reset->retry_status = 0;
}

static void record_unsendable_read(struct reset *reset, const struct reset_context *ctx)
{
	record_unsendable(reset, ctx);
	retry_read(reset, ctx);
}

static void record_bad_read(struct reset *reset, const struct reset_context *ctx)
{
	const struct observation *read = ctx->event->read;

	record_read_error(reset, ctx);
	retry_read(reset, ctx);
	if (read->kind == OBS_BAD && read->retry_status) {
		reset->retry_status = read->retry_status;
		reset->next_read_ms = read->retry_ms;
	}
}

/* Reads with the old log-in were dropped. */
static void record_login(struct reset *reset, const struct reset_context *ctx)
{
	reset->read_in_flight = false;
	reset->last_good_ms = ctx->now.ms;
	reset->next_read_ms = ctx->now.ms;
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

static void record_end_read(struct reset *reset, const struct reset_context *ctx)
{
	reset->end_read_ms = ctx->event->read->requested_ms;
}

static void record_cleared_late(struct reset *reset, const struct reset_context *ctx)
{
	record_end_read(reset, ctx);
	reset->cleared_late_ms = ctx->now.ms - reset->answered_ms;
}

static void record_failed_again(struct reset *reset, const struct reset_context *ctx)
{
	reset->failed_again_wall_ms = ctx->now.wall_ms;
}

/* The table.  The bits of a state, an event, a read result, an answer class and a path state: */

#define S(state)  (1u << RESET_##state)
#define E(event)  (1u << EV_##event)
#define J(judged) (1u << READ_##judged)
#define A(class)  (1u << ANSWER_##class)
#define P(path)	  (1u << PATH_##path)

#define TO(state) .next = RESET_##state
#define ENDS(how) .outcome = OUTCOME_##how, .next = RESET_END
#define STAY	  .next = RESET_SAME_STATE

#define BEFORE_PUT   (S(QUEUED) | S(CHECKING) | S(ASKING2) | S(NOTING) | S(WAITING))
#define AFTER_PUT    (S(READING) | S(PROBING))
#define QUITS	     (E(QUIT) | E(QUIT_TIMEOUT))
#define ABOUT_TARGET (J(IDLE) | J(SAME) | J(RUNNING) | J(IDLE_REASON) | J(MOVED))

static const struct reset_rule reset_rules[] = {
	/* asking */
	{ S(ASKING), E(CONFIRM), TO(QUEUED), DO_WRITE_LINE, .set = COND(CONFIRMED) },
	{ S(ASKING), E(DECLINE) | E(CANCEL) | QUITS, ENDS(DECLINED), DO_NOTHING },
	{ S(ASKING), E(REFUSED), ENDS(STOPPED), DO_NOTHING, .record = record_refusal },

	/* asking2 */
	{ S(ASKING2), E(REFUSED), .without = COND(CONFIRMED), ENDS(STOPPED), DO_NOTHING,
	  .record = record_refusal },
	{ S(ASKING2), E(TYPED_YES), .without = COND(CONFIRMED), TO(QUEUED), DO_WRITE_LINE,
	  .set = COND(CONFIRMED) | COND(ACCEPTED_RUNNING) },
	{ S(ASKING2), E(TYPED_YES), .need = COND(ABOUT_AUDIT_LOG), TO(CHECKING), DO_READ,
	  .set = COND(ACCEPTED_NO_LOG) },
	{ S(ASKING2), E(TYPED_YES), TO(CHECKING), DO_READ, .set = COND(ACCEPTED_RUNNING) },
	{ S(ASKING2), E(DECLINE), ENDS(DECLINED), DO_END, .set = COND(DECLINED_SECOND) },

	/* before a PUT everything can be cancelled */
	{ BEFORE_PUT, E(CANCEL), ENDS(CANCELLED), DO_END },
	{ BEFORE_PUT, E(REFUSED), ENDS(STOPPED), DO_END, .record = record_refusal },
	{ BEFORE_PUT, E(ASLEEP), ENDS(ASLEEP), DO_END },
	{ BEFORE_PUT, QUITS, ENDS(CANCELLED), DO_END },

	/* queued, waiting, and a read that is retried */
	{ S(QUEUED) | S(WAITING), E(REQUEST_SLOT), .need = COND(SLOT_DUE), TO(CHECKING), DO_READ },
	{ S(CHECKING), E(REQUEST_SLOT), .need = COND(SLOT_DUE), STAY, DO_READ },

	/* checking */
	{ S(CHECKING), E(UNSENT),
	  .need = COND(JUST_REQUESTED) | COND(CANNOT_SEND) | COND(THIRD_BAD_READ),
	  ENDS(CANNOT_READ), DO_END, .record = record_unsendable },
	{ S(CHECKING), E(UNSENT), .need = COND(JUST_REQUESTED) | COND(CANNOT_SEND), STAY,
	  DO_NOTHING, .record = record_unsendable_read },
	{ S(CHECKING), E(UNSENT), .need = COND(JUST_REQUESTED), STAY, DO_NOTHING,
	  .record = record_unsent },
	{ S(CHECKING), E(READ), J(SAME), TO(NOTING), DO_WRITE_LINE, .record = record_status },
	{ S(CHECKING), E(READ), J(IDLE), .without = COND(HAS_PUT), ENDS(NOTHING_TO_RESET), DO_END },
	{ S(CHECKING), E(READ), J(IDLE), ENDS(IDLE_NOT_BY_US), DO_END },
	{ S(CHECKING), E(READ), J(IDLE_REASON), .without = COND(WAS_IDLE),
	  ENDS(IDLE_BEFORE_REASON_KEPT), DO_END },
	{ S(CHECKING), E(READ), J(RUNNING), .need = COND(ACCEPTED_RUNNING), TO(NOTING),
	  DO_WRITE_LINE, .record = record_status },
	{ S(CHECKING), E(READ), J(RUNNING), .need = COND(CAN_ASK), TO(ASKING2), DO_ASK_AGAIN,
	  .clear = COND(ABOUT_AUDIT_LOG) },
	{ S(CHECKING), E(READ), J(RUNNING), ENDS(SKIPPED), DO_END },
	{ S(CHECKING), E(READ), J(MOVED) | J(IDLE_REASON), .need = COND(CAN_ASK), ENDS(SUPERSEDED),
	  DO_ASK_AGAIN },
	{ S(CHECKING), E(READ), J(MOVED) | J(IDLE_REASON), ENDS(SKIPPED), DO_END },
	{ S(CHECKING), E(READ), J(OTHER_BDB) | J(GONE), ENDS(DROPPED), DO_END },
	{ S(CHECKING), E(READ), J(BAD), .need = COND(THIRD_BAD_READ), ENDS(CANNOT_READ), DO_END,
	  .record = record_read_error },
	{ S(CHECKING), E(READ), J(BAD), STAY, DO_NOTHING, .record = record_bad_read },

	/* noting */
	{ S(NOTING), E(LINE_WRITTEN), .need = COND(WITH_BODY), TO(SENT), DO_PUT_BODY },
	{ S(NOTING), E(LINE_WRITTEN), TO(SENT), DO_PUT },
	{ S(NOTING), E(LINE_FAILED), .need = COND(ACCEPTED_NO_LOG) | COND(WITH_BODY), TO(SENT),
	  DO_PUT_BODY },
	{ S(NOTING), E(LINE_FAILED), .need = COND(ACCEPTED_NO_LOG), TO(SENT), DO_PUT },
	{ S(NOTING), E(LINE_FAILED), TO(ASKING2), DO_ASK_AGAIN, .set = COND(ABOUT_AUDIT_LOG),
	  .record = record_audit_error },

	/* sent: this PUT cannot be cancelled, but it can be the last one */
	{ S(SENT), E(UNSENT), .need = COND(JUST_REQUESTED) | COND(CANNOT_SEND), ENDS(UNSENT),
	  DO_END, .record = record_unsendable },
	{ S(SENT), E(UNSENT), .need = COND(JUST_REQUESTED), TO(CHECKING), DO_NOTHING,
	  .record = record_unsent },
	{ S(SENT), E(CANCEL), STAY, DO_NOTHING, .set = COND(CANCEL_CAME_LATE) | COND(LAST_PUT) },
	{ S(SENT), E(REFUSED), .need = COND(LAST_PUT), STAY, DO_NOTHING, .set = COND(REFUSED),
	  .record = record_refusal },
	{ S(SENT), E(REFUSED), STAY, DO_NOTHING,
	  .set = COND(REFUSED) | COND(LAST_PUT) | COND(REFUSED_FIRST), .record = record_refusal },
	{ S(SENT), E(LOGGED_IN), STAY, DO_NOTHING, .clear = COND(REFUSED), .record = record_login },
	{ S(SENT), E(QUIT), STAY, DO_NOTHING, .set = COND(QUITTING) | COND(LAST_PUT) },
	{ S(SENT), E(QUIT_TIMEOUT), ENDS(UNKNOWN), DO_END },

	/* the answer, when no read may follow */
	{ S(SENT), E(ANSWER), A(ACCEPTED), .need = COND(QUITTING), ENDS(NOT_CONFIRMED), DO_END },
	{ S(SENT), E(ANSWER), A(LOST), .need = COND(QUITTING), ENDS(UNKNOWN), DO_END },
	{ S(SENT), E(ANSWER), A(ABSENT), .need = COND(QUITTING), ENDS(REFUSED_OTHER), DO_END },
	{ S(SENT), E(ANSWER), A(ACCEPTED) | A(LOST) | A(ABSENT), .need = COND(REFUSED), TO(HELD),
	  DO_NOTHING },
	{ S(SENT), E(ANSWER), .need = COND(CAN_REPEAT) | COND(REFUSED_FIRST), ENDS(STOPPED),
	  DO_END },
	{ S(SENT), E(ANSWER), .need = COND(CAN_REPEAT) | COND(LAST_PUT), ENDS(CANCELLED), DO_END },
	{ S(SENT), E(ANSWER), A(MODULE), .need = COND(REFUSED), ENDS(REFUSED_406), DO_END },
	{ S(SENT), E(ANSWER), A(MODULE), .need = COND(QUITTING), ENDS(REFUSED_406), DO_END },

	/* the answer */
	{ S(SENT), E(ANSWER), A(ACCEPTED), TO(READING), DO_NOTHING },
	{ S(SENT), E(ANSWER), A(FORM), .need = COND(CAN_REPEAT), TO(CHECKING), DO_READ,
	  .set = COND(WITH_BODY) },
	{ S(SENT), E(ANSWER), A(FORM), ENDS(REFUSED_OTHER), DO_END },
	{ S(SENT), E(ANSWER), A(PRIMARY), .need = COND(CAN_REPEAT), TO(CHECKING), DO_READ,
	  .record = record_redirect },
	{ S(SENT), E(ANSWER), A(PRIMARY), ENDS(REFUSED_307), DO_END },
	{ S(SENT), E(ANSWER), A(LOGIN), ENDS(REFUSED_401), DO_END },
	{ S(SENT), E(ANSWER), A(ROLE), ENDS(REFUSED_403), DO_END },
	{ S(SENT), E(ANSWER), A(ABSENT), TO(PROBING), DO_READ },
	{ S(SENT), E(ANSWER), A(MODULE), ENDS(REFUSED_406), DO_READ_MODULES,
	  .set = COND(NEEDS_MODULES) },
	{ S(SENT), E(ANSWER), A(BUSY), .need = COND(CAN_REPEAT), TO(WAITING), DO_NOTHING,
	  .record = record_conflict },
	{ S(SENT), E(ANSWER), A(BUSY), ENDS(GAVE_UP), DO_END },
	{ S(SENT), E(ANSWER), A(REFUSED), ENDS(REFUSED_OTHER), DO_END },
	{ S(SENT), E(ANSWER), A(LOST), TO(PROBING), DO_NOTHING },
	{ S(SENT), E(ANSWER), A(UNSENT), ENDS(UNSENT), DO_END },

	/* reading and probing: only reads from here on */
	{ AFTER_PUT, E(REQUEST_SLOT), .need = COND(SLOT_DUE), STAY, DO_READ },
	{ AFTER_PUT | S(CHECKING_PATH), E(UNSENT), .need = COND(JUST_REQUESTED), STAY, DO_NOTHING,
	  .record = record_unsent },
	{ AFTER_PUT | S(CHECKING_PATH), E(CANCEL), STAY, DO_NOTHING,
	  .set = COND(CANCEL_CAME_LATE) },
	{ AFTER_PUT | S(CHECKING_PATH), E(ASLEEP), STAY, DO_NOTHING, .record = record_sleep },
	{ AFTER_PUT, E(REFUSED), TO(HELD), DO_NOTHING, .record = record_refusal },
	{ S(HELD), E(LOGGED_IN), .need = COND(ACCEPTED), TO(READING), DO_NOTHING,
	  .record = record_login },
	{ S(HELD), E(LOGGED_IN), TO(PROBING), DO_NOTHING, .record = record_login },
	{ AFTER_PUT | S(HELD), QUITS, .need = COND(ACCEPTED), ENDS(NOT_CONFIRMED), DO_END },
	{ AFTER_PUT | S(HELD), QUITS, .need = COND(AFTER_404), ENDS(REFUSED_OTHER), DO_END },
	{ AFTER_PUT | S(HELD), QUITS, ENDS(UNKNOWN), DO_END },

	/* reading */
	{ S(READING), E(READ), J(IDLE), .need = COND(HAD_STATUS), ENDS(CLEARED), DO_END,
	  .set = COND(WATCHED), .record = record_end_read },
	{ S(READING), E(READ), J(IDLE), ENDS(NOT_CONFIRMED), DO_END },
	{ S(READING), E(READ), J(IDLE_REASON), ENDS(REASON_KEPT), DO_END },
	{ S(READING), E(READ), J(RUNNING), ENDS(RUNNING), DO_END },
	{ S(READING), E(READ), J(MOVED), ENDS(MOVED), DO_END },
	{ S(READING), E(READ), J(SAME), .need = COND(SAME_FOR_20S), ENDS(UNCHANGED), DO_END,
	  .set = COND(WATCHED), .record = record_end_read },
	{ S(READING), E(READ), J(SAME), STAY, DO_NOTHING, .record = record_same_read },
	{ S(READING), E(READ), J(OTHER_BDB), ENDS(OTHER_BDB), DO_END },
	{ S(READING), E(READ), J(GONE), ENDS(THEN_GONE), DO_END },
	{ S(READING), E(READ) | E(TIMER), J(BAD), .need = COND(NO_GOOD_READ), ENDS(NOT_CONFIRMED),
	  DO_END },

	/* probing */
	{ S(PROBING), E(READ), J(GONE), .need = COND(AFTER_404), ENDS(GONE), DO_END },
	{ S(PROBING), E(READ), ABOUT_TARGET, .need = COND(AFTER_404), TO(CHECKING_PATH), DO_NOTHING,
	  .record = read_at_once },
	{ S(PROBING), E(READ), J(OTHER_BDB), .need = COND(AFTER_404), ENDS(PATH_UNKNOWN), DO_END },
	{ S(PROBING), E(READ) | E(TIMER), J(BAD), .need = COND(AFTER_404) | COND(NO_GOOD_READ),
	  ENDS(REFUSED_OTHER), DO_END },
	{ S(PROBING), E(READ), J(SAME), .need = COND(SAME_FOR_20S), ENDS(NO_ANSWER), DO_END },
	{ S(PROBING), E(READ), J(SAME), STAY, DO_NOTHING, .record = record_same_read },
	{ S(PROBING), E(READ), ABOUT_TARGET | J(OTHER_BDB) | J(GONE), ENDS(NO_ANSWER), DO_END },
	{ S(PROBING), E(READ) | E(TIMER), J(BAD), .need = COND(NO_GOOD_READ), ENDS(NO_ANSWER),
	  DO_END },

	/* checking the path after a 404: one OPTIONS request, and no further PUT */
	{ S(CHECKING_PATH), E(REQUEST_SLOT), .need = COND(SLOT_DUE), STAY, DO_CHECK_PATH },
	{ S(CHECKING_PATH), E(PATH), P(KNOWN), ENDS(STILL_LISTED), DO_END },
	{ S(CHECKING_PATH), E(PATH), ENDS(PATH_UNKNOWN), DO_END },
	{ S(CHECKING_PATH), E(READ), J(GONE), ENDS(GONE), DO_END },
	{ S(CHECKING_PATH), E(READ), J(OTHER_BDB), ENDS(PATH_UNKNOWN), DO_END },
	{ S(CHECKING_PATH), E(REFUSED) | QUITS, ENDS(PATH_UNKNOWN), DO_END },
	{ S(CHECKING_PATH), E(TIMER), .need = COND(NO_GOOD_READ), ENDS(PATH_UNKNOWN), DO_END },

	/* ended: reads count only as long as it is watched */
	{ S(END), E(MODULES), .need = COND(NEEDS_MODULES), STAY, DO_END,
	  .clear = COND(NEEDS_MODULES), .record = record_modules },
	{ S(END), E(REFUSED) | QUITS, .need = COND(NEEDS_MODULES), STAY, DO_END,
	  .clear = COND(NEEDS_MODULES) },
	{ S(END), E(READ), J(IDLE), .need = COND(CAN_CLEAR_LATE) | COND(HAD_STATUS), ENDS(CLEARED),
	  DO_END, .set = COND(CLEARED_LATE), .record = record_cleared_late },
	{ S(END), E(READ), J(IDLE), .need = COND(CAN_CLEAR_LATE), ENDS(NOT_CONFIRMED), DO_END,
	  .clear = COND(WATCHED) },
	{ S(END), E(READ), J(SAME) | J(MOVED), .need = COND(FAILS_NOW), STAY, DO_NOTHING,
	  .set = COND(FAILED_AGAIN), .clear = COND(WATCHED), .record = record_failed_again },
	{ S(END), E(READ), J(OTHER_BDB) | J(GONE), STAY, DO_NOTHING, .clear = COND(WATCHED) },
	{ S(END), E(TIMER), .need = COND(WATCH_OVER), STAY, DO_NOTHING, .clear = COND(WATCHED) },
};

static bool fits(const struct reset_rule *rule, uint64_t conditions,
		 const struct reset_context *ctx)
{
	return rule->events & 1u << ctx->event->kind &&
	       (!rule->details || rule->details & ctx->detail) &&
	       (conditions & rule->need) == rule->need && !(conditions & rule->without);
}

const struct reset_rule *reset_rule_find(const struct reset *reset, const struct reset_context *ctx)
{
	const struct reset_rule *rule = reset_rules, *end = reset_rules + ARRAY_SIZE(reset_rules);
	uint64_t conditions = reset_conditions(reset) | reset_event_conditions(reset, ctx);

	for (; rule < end; rule++)
		if (rule->states & 1u << reset->state && fits(rule, conditions, ctx))
			return rule;
	return NULL;
}
