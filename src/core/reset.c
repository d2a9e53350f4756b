#include "reset_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/array.h"

/* When to read back after the answer, and the interval after the last of these. */
static const int64_t read_delays_ms[] = { 300, 1000, 2000, 4000, 7000, 11000, 15000, 20000 };
#define READ_INTERVAL_MS 5000

struct reset *reset_new(struct reset_target *target, bool running, int64_t now_ms)
{
	struct reset *reset = calloc(1, sizeof(*reset));

	if (!reset) {
		reset_target_free(target);
		return NULL;
	}
	running = running || reset_target_op(target, target->evidence).phase == OP_RUNNING;
	reset->target = target;
	reset->state = running ? RESET_ASKING2 : RESET_ASKING;
	reset->answered_ms = reset->next_read_ms = now_ms;
	return reset;
}

void reset_free(struct reset *reset)
{
	if (!reset)
		return;
	bdb_free(reset->last_read);
	reset_target_free(reset->target);
	free(reset);
}

static int64_t next_read_ms(const struct reset *reset, int64_t now_ms)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(read_delays_ms); i++)
		if (reset->answered_ms + read_delays_ms[i] > now_ms)
			return reset->answered_ms + read_delays_ms[i];
	return now_ms + READ_INTERVAL_MS;
}

/* Reads after a 404 still count while the path is checked. */
static bool is_judging_reads(const struct reset *reset)
{
	return reset_is_reading_back(reset) || reset->state == RESET_CHECKING_PATH ||
	       reset_is_watched(reset);
}

enum read_origin { ORIGIN_OTHER, ORIGIN_OWN, ORIGIN_OWN_STALE };

/* Stale: requested before this job wanted the read. */
static enum read_origin finish_own_read(struct reset *reset, const struct reset_event *event)
{
	const struct observation *observation = event->read;

	if (!event->own_read || !reset->read_in_flight || observation->kind == OBS_LIST ||
	    observation->uid != reset->target->id.uid)
		return ORIGIN_OTHER;
	reset->read_in_flight = false;
	return observation->requested_ms < reset->read_requested_ms ? ORIGIN_OWN_STALE : ORIGIN_OWN;
}

/* Before a PUT, only the job's own read counts. */
static enum read_result result_before_put(const struct reset *reset,
					  const struct observation *observation,
					  enum read_origin origin)
{
	if (origin == ORIGIN_OTHER)
		return READ_IRRELEVANT;
	return origin == ORIGIN_OWN ? reset_judge(reset->target, observation) : READ_BAD;
}

/* After the answer, every read counts that was requested after it and not before a read that
 * counted; the job's own read always was.  Two lists in a row prove absence. */
static enum read_result result_after_put(struct reset *reset, const struct observation *observation,
					 enum read_origin origin)
{
	enum read_result result = reset_judge(reset->target, observation);

	if ((origin != ORIGIN_OWN && observation->requested_ms <= reset->answered_ms) ||
	    observation->requested_ms < reset->newest_read_ms)
		return READ_IRRELEVANT;
	if (result == READ_BAD || result == READ_IRRELEVANT)
		return result;
	reset->newest_read_ms = observation->requested_ms;
	if (result != READ_ABSENT) {
		reset->absent = false;
		return result;
	}
	if (reset->absent && observation->requested_ms != reset->absent_ms)
		return READ_GONE;
	reset->absent = true;
	reset->absent_ms = observation->requested_ms;
	return READ_ABSENT;
}

static bool is_about_target(enum read_result result)
{
	return result == READ_IDLE || result == READ_SAME || result == READ_RUNNING ||
	       result == READ_IDLE_REASON || result == READ_MOVED;
}

/* A record that cannot be stored counts as unreadable: nothing is sent or shown because of it. */
static void store_read(struct reset *reset, struct reset_context *ctx)
{
	struct bdb *copy;

	if (!is_about_target(ctx->result) || reset->state == RESET_END)
		return;
	copy = bdb_copy(ctx->record);
	ctx->no_memory = !copy;
	if (ctx->no_memory) {
		ctx->result = READ_BAD;
		return;
	}
	bdb_free(reset->last_read);
	reset->last_read = copy;
	reset->last_read_is_current = true;
}

static void on_read(struct reset *reset, struct reset_context *ctx)
{
	const struct observation *observation = ctx->event->read;
	enum read_origin origin = finish_own_read(reset, ctx->event);

	ctx->record = reset_target_record(reset->target, observation);
	if (reset->state == RESET_CHECKING)
		ctx->result = result_before_put(reset, observation, origin);
	else if (is_judging_reads(reset))
		ctx->result = result_after_put(reset, observation, origin);
	store_read(reset, ctx);
	if (reset_is_reading_back(reset) && (is_about_target(ctx->result) ||
				       ctx->result == READ_OTHER_BDB || ctx->result == READ_GONE))
		reset->last_good_ms = ctx->now.ms;
	ctx->detail = 1u << ctx->result;
}

static void on_answer(struct reset *reset, struct reset_context *ctx)
{
	const struct reset_answer *answer = ctx->event->answer;
	const char *words = *answer->message ? answer->message : answer->failure;
	struct reset_attempt *attempt;

	ctx->detail = 1u << answer_classify(answer);
	if (reset->state != RESET_SENT)
		return;
	reset->answer = *answer;
	reset->answered_ms =
		answer->received_ms > reset->put_at.ms ? answer->received_ms : reset->put_at.ms;
	reset->newest_read_ms = reset->answered_ms;
	if (reset->attempt_count == RESET_PUTS)
		return;
	attempt = &reset->attempts[reset->attempt_count++];
	attempt->sent_at = reset->put_at;
	attempt->answered_at = ctx->now;
	attempt->status = answer->status;
	memcpy(attempt->message, words, sizeof(attempt->message));
}

static void on_path(struct reset *reset, struct reset_context *ctx)
{
	ctx->detail = 1u << ctx->event->path;
	if (reset->state == RESET_CHECKING_PATH)
		reset->read_in_flight = false;
}

static void enter_state(struct reset *reset, const struct reset_context *ctx,
			const struct reset_rule *rule)
{
	bool answered = reset->state == RESET_SENT;

	reset->state = rule->next;
	reset->outcome = rule->outcome;
	assert(reset->outcome != OUTCOME_CLEARED ||
	       (reset->puts && reset->answer.complete && reset->answer.status == 200));
	reset->conditions &= ~COND(CANCEL_CAME_LATE);
	if (reset->state == RESET_QUEUED) {
		reset->next_read_ms = ctx->now.ms;
	} else if (reset->state == RESET_CHECKING) {
		reset->bad_reads = 0;
		reset->read_is_retry = false;
	} else if (reset->state == RESET_END) {
		reset->end_ms = ctx->now.ms;
		reset->last_result = ctx->result;
	} else if (answered && (reset_is_reading_back(reset) || reset->state == RESET_HELD)) {
		reset->last_good_ms = ctx->now.ms;
		reset->next_read_ms = next_read_ms(reset, reset->answered_ms);
	}
}

static void start_effect(struct reset *reset, enum reset_effect effect, struct moment now)
{
	bool puts = effect == DO_PUT || effect == DO_PUT_BODY;

	reset->just_requested = puts || effect == DO_READ || effect == DO_CHECK_PATH;
	if (effect == DO_READ || effect == DO_CHECK_PATH) {
		reset->read_in_flight = true;
		reset->read_is_retry = false;
		reset->read_requested_ms = now.ms;
		reset->next_read_ms = next_read_ms(reset, now.ms);
	} else if (puts) {
		/* these hold in every build: a fault here would send what nobody confirmed */
		assert(reset->state == RESET_SENT && reset->conditions & COND(CONFIRMED));
		reset->puts++;
		assert(reset->puts <= RESET_PUTS);
		reset->last_read_is_current = false;
		reset->put_at = now;
	}
}

static enum reset_effect apply_rule(struct reset *reset, const struct reset_context *ctx,
				    const struct reset_rule *rule)
{
	if (rule->record)
		rule->record(reset, ctx);
	reset->conditions = (reset->conditions | rule->set) & ~rule->clear;
	if (rule->next != RESET_SAME_STATE)
		enter_state(reset, ctx, rule);
	return rule->effect;
}

enum reset_effect reset_apply(struct reset *reset, const struct reset_event *event,
			      struct moment now)
{
	struct reset_context ctx = {
		.event = event, .now = now, .detail = ~0u, .result = READ_IRRELEVANT
	};
	const struct reset_rule *rule;
	enum reset_effect effect;

	if (event->kind == EV_TIMER)
		ctx.result = READ_BAD;
	if (event->kind == EV_READ)
		on_read(reset, &ctx);
	else if (event->kind == EV_ANSWER)
		on_answer(reset, &ctx);
	else if (event->kind == EV_PATH)
		on_path(reset, &ctx);
	rule = reset_rule_find(reset, &ctx);
	effect = rule ? apply_rule(reset, &ctx, rule) : DO_NOTHING;
	start_effect(reset, effect, now);
	return effect;
}

const struct reset_target *reset_target(const struct reset *reset)
{
	return reset->target;
}

enum reset_state reset_state(const struct reset *reset)
{
	return reset->state;
}

enum reset_outcome reset_outcome(const struct reset *reset)
{
	return reset->outcome;
}

unsigned reset_puts(const struct reset *reset)
{
	return reset->puts;
}

enum reset_question reset_question(const struct reset *reset)
{
	return reset->conditions & COND(ABOUT_AUDIT_LOG) ? ASK_AUDIT_LOG : ASK_RUNNING;
}

const char *reset_question_error(const struct reset *reset)
{
	return reset->conditions & COND(ABOUT_AUDIT_LOG) ? reset->question_error : "";
}

const struct bdb *reset_last_read(const struct reset *reset)
{
	return reset->last_read;
}

const struct bdb *reset_read_after(const struct reset *reset)
{
	return reset->last_read_is_current ? reset->last_read : NULL;
}

bool reset_uses_body(const struct reset *reset)
{
	return reset->conditions & COND(WITH_BODY);
}

bool reset_is_unfinished(const struct reset *reset)
{
	return reset->state != RESET_END && reset->conditions & COND(CONFIRMED);
}

bool reset_left_failure(const struct reset *reset)
{
	if (reset->state != RESET_END)
		return false;
	if (reset->outcome == OUTCOME_SKIPPED || reset->outcome == OUTCOME_MOVED)
		return reset->last_read &&
		       reset_target_op(reset->target, reset->last_read).phase == OP_FAILED;
	return reset->conditions & COND(FAILED_AGAIN);
}

bool reset_attempt(const struct reset *reset, size_t index, struct reset_attempt *out)
{
	if (index >= reset->attempt_count)
		return false;
	*out = reset->attempts[index];
	return true;
}
