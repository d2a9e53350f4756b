#include "reset_internal.h"

#define WHEN(holds, condition) ((holds) ? COND(condition) : 0)

uint64_t reset_conditions(const struct reset *reset)
{
	const struct reset_target *target = reset->target;
	const struct reset_answer *answer = &reset->answer;
	enum answer_class class = answer_classify(answer);
	unsigned status = answer->status;
	uint64_t conditions = reset->conditions;

	conditions |= WHEN(reset_target_op(target, target->evidence).phase == OP_IDLE, WAS_IDLE);
	conditions |= WHEN(reset->puts, HAS_PUT);
	conditions |= WHEN(!target->bulk && target->interactive && !reset->puts, CAN_ASK);
	conditions |= WHEN(reset->just_requested, JUST_REQUESTED);
	conditions |= WHEN(*reset->failure, HAS_FAILURE);
	conditions |= WHEN(reset->bad_reads >= 2, THIRD_BAD_READ);
	conditions |= WHEN(reset->read_is_retry, READ_IS_RETRY);
	conditions |= WHEN(reset->read_is_retry && reset->retry_status, RETRY_AFTER);
	conditions |= WHEN(class == ANSWER_ACCEPTED, ACCEPTED);
	conditions |= WHEN(class == ANSWER_ABSENT, AFTER_404);
	conditions |= WHEN(reset->attempt_count && status == 307, AFTER_307);
	conditions |= WHEN(status >= 500 || (status && answer->complete), HAS_CODE);
	conditions |= WHEN(reset->module_count, HAS_MODULES);
	return conditions | UINT64_C(1) << (COND_FOUND + reset->last_result);
}

static bool can_repeat(const struct reset *reset, const struct reset_event *event)
{
	const struct reset_target *target = reset->target;

	switch (answer_classify(event->answer)) {
	case ANSWER_FORM:
		return !(reset->conditions & COND(WITH_BODY)) && !event->form_learned;
	case ANSWER_PRIMARY:
		return event->answer->can_follow && reset->redirects < RESET_REDIRECTS;
	case ANSWER_BUSY:
		/* a 409 is expected while the operation runs, so it is not tried again */
		return reset->conflicts < RESET_PAUSES &&
		       reset_target_op(target, target->evidence).phase != OP_RUNNING;
	default:
		return false;
	}
}

static bool is_same_for_20s(const struct reset *reset, const struct reset_context *ctx)
{
	int64_t requested_ms = ctx->event->read->requested_ms;
	unsigned good =
		reset->same_reads + (!reset->same_reads || requested_ms != reset->last_same_ms);

	return good >= 2 && ctx->now.ms - reset->answered_ms >= RESET_WATCH_MS;
}

static bool fails_now(const struct reset *reset, const struct reset_context *ctx)
{
	return reset->outcome == OUTCOME_CLEARED && ctx->record &&
	       ctx->event->read->requested_ms > reset->end_read_ms &&
	       reset_target_op(reset->target, ctx->record).phase == OP_FAILED;
}

uint64_t reset_event_conditions(const struct reset *reset, const struct reset_context *ctx)
{
	bool unchanged = reset->outcome == OUTCOME_UNCHANGED;
	int64_t now_ms = ctx->now.ms, ended_ms = now_ms - reset->end_ms;
	uint64_t conditions = 0;

	conditions |= WHEN(reset_needs_slot(reset, now_ms), SLOT_DUE);
	conditions |= WHEN(now_ms - reset->last_good_ms >= RESET_NO_READ_MS, NO_GOOD_READ);
	conditions |= WHEN(unchanged && ended_ms <= RESET_LATE_CLEAR_MS, CAN_CLEAR_LATE);
	conditions |= WHEN(unchanged && ended_ms >= RESET_LATE_CLEAR_MS, WATCH_OVER);
	conditions |= WHEN(ctx->event->kind == EV_UNSENT && ctx->event->failure, CANNOT_SEND);
	if (ctx->event->kind == EV_ANSWER)
		conditions |= WHEN(can_repeat(reset, ctx->event), CAN_REPEAT);
	if (ctx->event->kind == EV_READ) {
		conditions |= WHEN(is_same_for_20s(reset, ctx), SAME_FOR_20S);
		conditions |= WHEN(fails_now(reset, ctx), FAILS_NOW);
	}
	return conditions;
}
