#include "tests/search/checked_internal.h"

#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/array.h"

/* An answer takes this long: a list can be requested after the PUT and before it. */
#define ANSWER_MS 2

/* --- a job as a value ------------------------------------------------------------------------ */

enum search_evidence checked_evidence(const struct checked_reset *job)
{
	int i;

	for (i = 0; i < EVIDENCES; i++)
		if (job->reset.target->evidence == search_records[i][RECORD_SAME])
			break;
	return (enum search_evidence)i;
}

struct reset_target *checked_begin(struct checked_reset *job, const struct checked_setup *setup)
{
	struct moment now = { 1000000, 1800000000000 };
	struct reset_target wanted;
	struct reset *reset;

	search_make_records();
	wanted = (struct reset_target){ .reset_id = 5,
					.id = { 3, 7 },
					.kind = OP_BACKUP,
					.evidence = search_records[setup->evidence][RECORD_SAME],
					.shown_at = now,
					.bulk = setup->bulk,
					.interactive = setup->interactive,
					.seed = 12 };
	reset = reset_new(reset_target_new(&wanted), false, now.ms);
	memset(job, 0, sizeof(*job));
	job->reset = *reset;
	job->now = now;
	free(reset);
	return job->reset.target;
}

void checked_copy(struct checked_reset *to, const struct checked_reset *from)
{
	*to = *from;
	if (from->reset.last_read)
		to->reset.last_read = bdb_copy(from->reset.last_read);
}

void checked_release(struct checked_reset *job)
{
	bdb_free(job->reset.last_read);
}

/* --- steps ----------------------------------------------------------------------------------- */

bool search_step_is_own(const struct search_step *step)
{
	return step->when == OWN || step->when == OWN_STALE;
}

static bool is_possible(const struct checked_reset *job, const struct search_step *step)
{
	switch (step->kind) {
	case EV_REQUEST_SLOT:
		return reset_needs_slot(&job->reset, job->now.ms);
	case EV_READ:
		/* the source reports no other read until a new log-in */
		if (job->refused && job->reset.state == RESET_END && step->read != OBS_BAD)
			return false;
		if (search_step_is_own(step))
			return job->read_in_flight;
		return step->when == FRESH || job->now.ms > job->reset.answered_ms;
	case EV_LINE_WRITTEN:
	case EV_LINE_FAILED:
		return job->line_in_flight;
	case EV_UNSENT:
		return job->just_requested;
	case EV_ANSWER:
		return job->put_in_flight;
	case EV_PATH:
		return job->path_in_flight;
	case EV_MODULES:
		return job->modules_in_flight;
	default:
		return true;
	}
}

static int64_t request_time(const struct checked_reset *job, enum request_time when)
{
	switch (when) {
	case OWN:
		return job->read_ms;
	case OWN_STALE:
		return job->read_ms - 1;
	case FRESH:
		return job->now.ms;
	case AFTER_ANSWER:
		return job->reset.answered_ms + 1;
	case BEFORE_ANSWER:
		return job->reset.answered_ms - 1;
	default:
		return job->reset.answered_ms;
	}
}

static int64_t next_time(const struct checked_reset *job)
{
	const struct reset *reset = &job->reset;
	int64_t due_ms = reset_due(reset), half_ms = reset->end_ms + RESET_LATE_CLEAR_MS / 2;

	if (checked_is_after_put(reset))
		return job->now.ms + CHECKED_STEP_MS;
	if (due_ms == TIME_NEVER)
		return job->now.ms;
	if (!reset_is_watched(reset))
		return due_ms;
	if (job->now.ms < half_ms)
		return half_ms;
	return job->now.ms < due_ms ? due_ms : due_ms + 1;
}

void checked_pass_time(struct checked_reset *job, int64_t by_ms)
{
	job->now.ms += by_ms;
	job->now.wall_ms += by_ms;
}

static bool pass_time(struct checked_reset *job)
{
	int64_t by_ms = next_time(job) - job->now.ms;

	if (by_ms > 0)
		checked_pass_time(job, by_ms);
	return by_ms > 0;
}

static enum reset_effect send_event(struct checked_reset *job, const struct search_step *step,
				    int64_t requested_ms)
{
	static const char *const lacking[] = { "graph" };
	struct bdb *record =
		step->record < RECORDS ? search_records[checked_evidence(job)][step->record] : NULL;
	const struct bdb *listed[3] = { record, record, search_other_bdb };
	struct err why = { .class = ERR_RETRY };
	struct observation observation = {
		.kind = step->read,
		.requested_ms = requested_ms,
		.received_ms = job->now.ms,
		.bdbs = listed + (2 - step->copies) * (step->read == OBS_LIST),
		.uid = 7,
		.count = step->copies + (step->read == OBS_LIST),
		.unreadable = step->unreadable,
		.error = &why,
		.retry_status = step->retry_ms ? 429 : 0,
		.retry_ms = job->now.ms + step->retry_ms,
	};
	struct reset_answer answer = { .status = step->status,
				       .complete = step->complete,
				       .can_follow = step->status == 307 && step->other,
				       .unsent = !step->status && step->other,
				       .received_ms = job->now.ms };
	struct reset_event event = { .kind = step->kind,
				     .own_read = search_step_is_own(step),
				     .path = step->path,
				     .form_learned = step->status == 400 && step->other,
				     .modules = lacking,
				     .module_count = 1 };

	if (step->kind == EV_READ)
		event.read = &observation;
	if (step->kind == EV_ANSWER)
		event.answer = &answer;
	if (step->kind == EV_LINE_FAILED)
		event.failure = "No space left.";
	if (step->kind == EV_UNSENT && step->other)
		event.failure = "out of memory.";
	return reset_apply(&job->reset, &event, job->now);
}

bool checked_take(struct checked_reset *job, size_t at, const char **broken)
{
	const struct search_step *step = &search_step_defs[at];
	const struct reset before = job->reset;
	const char *wrong[4] = { NULL };
	enum reset_effect effect;
	int64_t requested_ms;
	size_t i;

	if (step->pass)
		return pass_time(job);
	if (!is_possible(job, step))
		return false;
	if (step->kind == EV_ANSWER)
		checked_pass_time(job, ANSWER_MS);
	requested_ms = request_time(job, step->when);
	checker_event(job, step, requested_ms);
	effect = send_event(job, step, requested_ms);
	if (step->kind == EV_UNSENT)
		checker_unsent(job);
	wrong[0] = checker_effect(job, step, effect);
	wrong[1] = checker_end(&before, &job->reset, effect);
	if (job->reset.outcome == OUTCOME_CLEARED && before.outcome != OUTCOME_CLEARED)
		wrong[2] = checker_cleared(job, step, requested_ms);
	if (step->kind == EV_READ && before.state != RESET_END)
		wrong[3] = checker_gone(job, step);
	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		if (wrong[i])
			*broken = wrong[i];
	return true;
}

/* --- every state ----------------------------------------------------------------------------- */

static const char *check_text(const struct reset *reset, int64_t now_ms)
{
	struct reset_text text;

	reset_format(reset, false, now_ms, &text);
	if (reset_has_text(reset) && (!*text.full || !*text.medium || !*text.letters))
		return "no words for its row";
	if (!reset_has_text(reset) && reset_is_unfinished(reset) && reset->state != RESET_ASKING2)
		return "it is under way without words";
	if (strstr(text.full, "cleared") && reset->outcome != OUTCOME_CLEARED)
		return "the word cleared for another outcome";
	return NULL;
}

/* A pause after a 409 or a Retry-After is no need yet. */
static const char *check_slot(const struct checked_reset *job)
{
	const struct reset *reset = &job->reset;
	bool needs = reset->state == RESET_QUEUED || reset->state == RESET_CHECKING ||
		     reset->state == RESET_CHECKING_PATH || reset_is_reading_back(reset);

	if (!needs || job->read_in_flight || job->path_in_flight || reset->retry_status)
		return NULL;
	return reset_needs_slot(reset, job->now.ms + CHECKED_SLOT_MS)
		       ? NULL
		       : "no slot is wanted within 5 s";
}

/* Slots are granted, reads fail, the PUT gets no answer: the step that follows then. */
static const char *failing_step(struct checked_reset *job)
{
	if (job->line_in_flight)
		return "written";
	if (job->put_in_flight) {
		job->now.ms += 10000;
		return "no answer";
	}
	if (job->path_in_flight)
		return "path unclear";
	if (job->read_in_flight)
		return "own bad";
	if (reset_needs_slot(&job->reset, job->now.ms))
		return "slot";
	job->now.ms = reset_due(&job->reset);
	return "timer";
}

static const char *check_end_in_time(const struct checked_reset *from)
{
	const char *broken = NULL;
	struct checked_reset job;

	checked_copy(&job, from);
	while (!broken && job.reset.state != RESET_END && job.reset.state != RESET_HELD &&
	       job.reset.state != RESET_ASKING && job.reset.state != RESET_ASKING2) {
		checked_take(&job, search_find_step(failing_step(&job)), &broken);
		if (job.now.ms - from->now.ms > CHECKED_END_MS)
			broken = "it does not end when everything fails";
	}
	checked_release(&job);
	return broken;
}

const char *checked_check_state(const struct checked_reset *job)
{
	const char *broken = check_text(&job->reset, job->now.ms);

	if (!broken)
		broken = check_slot(job);
	return broken ? broken : check_end_in_time(job);
}
