/*
 * Sightings: what was seen of an operation from one observation to the next.
 */
#include "roster_internal.h"

#include <limits.h>
#include <string.h>

/* One operation that is looked at. */
struct transition_input {
	struct op_since *op_since;
	struct op_history *history;
	const struct op *op;
	const struct roster_sample *sample;
	enum op_kind kind;
};

static struct transition_input transition_input_make(struct roster_record *slot, int kind,
						     const struct roster_sample *look)
{
	return (struct transition_input){ &slot->entry.op_since[kind], &slot->history[kind],
					  &slot->entry.bdb->op[kind], look, (enum op_kind)kind };
}

static bool is_known_phase(enum op_phase phase)
{
	return phase != OP_NOT_REQUESTED && phase != OP_UNREADABLE;
}

static bool is_known(enum field_presence seen)
{
	return seen != FIELD_NOT_REQUESTED && seen != FIELD_INVALID;
}

static const char *reason_of(const struct op *op)
{
	return op->reason_presence == FIELD_PRESENT ? op->reason : "";
}

/* The same status, and the same reason where one counts: beside a run or a success it is what the
 * cluster has left over (API page 8.3).  The spellings of idle are one, as are the words for
 * running, and a reason that could not be read is no change of it. */
static bool is_standing(const struct op *before, const struct op *after)
{
	if (before->phase != after->phase)
		return false;
	if (after->phase == OP_OTHER && strcmp(before->status, after->status))
		return false;
	if (after->phase != OP_FAILED && after->phase != OP_OTHER)
		return true;
	return !is_known(before->reason_presence) || !is_known(after->reason_presence) ||
	       !strcmp(reason_of(before), reason_of(after));
}

void track_publish(struct roster_record *slot, enum op_kind kind)
{
	struct op_since *sight = &slot->entry.op_since[kind];
	struct op_history *past = &slot->history[kind];

	past->streak.complete = past->origin_known && past->complete;
	sight->streak = past->in_streak ? &past->streak : NULL;
	sight->cleared = past->cleared;
}

/* The median of the newest runs. */
static int64_t median(const struct op_history *past, unsigned count)
{
	int32_t sorted[TYPICAL_RUNS] = { 0 };
	unsigned i, j;

	for (i = 0; i < count; i++) {
		for (j = i; j && sorted[j - 1] > past->run_lengths_s[i]; j--)
			sorted[j] = sorted[j - 1];
		sorted[j] = past->run_lengths_s[i];
	}
	return sorted[(count - 1) / 2];
}

static void publish_typical_run(struct op_since *sight, const struct op_history *past)
{
	sight->typical_run_count = past->run_count < TYPICAL_RUNS ? past->run_count : TYPICAL_RUNS;
	sight->typical_run_s =
		sight->typical_run_count ? median(past, sight->typical_run_count) : 0;
}

void track_run_length(struct roster_record *slot, enum op_kind kind, int64_t seconds)
{
	struct op_history *past = &slot->history[kind];

	if (seconds < 0 || seconds > INT32_MAX)
		return;
	past->run_lengths_s[past->run_count++ % TYPICAL_RUNS] = (int32_t)seconds;
	publish_typical_run(&slot->entry.op_since[kind], past);
}

static void begin_phase(const struct transition_input *scene, enum since_source how)
{
	const struct op *op = scene->op;
	struct op_since *sight = scene->op_since;

	*sight = (struct op_since){ .since = scene->sample->at,
				    .moved_at = scene->sample->at,
				    .moved_to = -1,
				    .source = how };
	if (op->percent_presence == FIELD_PRESENT)
		sight->moved_to = op->percent;
	publish_typical_run(sight, scene->history);
	scene->history->unmoved = how == SINCE_BEFORE_START;
	scene->history->heartbeat.known = false;
}

void track_moved(struct roster_record *slot, enum op_kind kind, struct moment at)
{
	struct op_since *sight = &slot->entry.op_since[kind];

	if (at.ms <= sight->moved_at.ms)
		return;
	if (at.ms - sight->moved_at.ms > sight->longest_still_ms)
		sight->longest_still_ms = at.ms - sight->moved_at.ms;
	sight->moved_at = at;
	sight->samples = 0;
	slot->history[kind].unmoved = false;
}

void streak_end(struct op_history *past, bool cleared)
{
	past->in_streak = false;
	past->cleared = cleared;
	past->origin_known = past->ended_well = true;
}

void streak_set_reason(struct failure_streak *series, const struct op *op)
{
	const char *reason = reason_of(op);
	size_t length = strnlen(reason, sizeof(series->reason) - 1);

	memcpy(series->reason, reason, length);
	series->reason[length] = '\0';
}

static void add_failure(const struct transition_input *scene, enum since_source how)
{
	struct op_history *past = scene->history;
	struct failure_streak *series = &past->streak;

	if (!past->in_streak) {
		*series = (struct failure_streak){ .first = scene->sample->at, .source = how };
		past->in_streak = true;
		past->complete = scene->sample->gap_ms <= SAMPLE_GAP_MS;
	}
	series->failures++;
	streak_set_reason(series, scene->op);
}

static void note_success(struct op_history *past, const struct op *op)
{
	past->success_known = is_known(op->last_success_presence);
	past->has_success = op->last_success_presence == FIELD_PRESENT;
	past->last_success_s = past->has_success ? op->last_success_s : INT64_MIN;
}

/* Something ended well since it last did not run. */
static bool has_succeeded(const struct op_history *past, const struct op *op)
{
	return past->success_known && op->last_success_presence == FIELD_PRESENT &&
	       op->last_success_s > past->last_success_s;
}

static void first_sample(const struct transition_input *scene)
{
	struct op_history *past = scene->history;
	enum op_phase phase = scene->op->phase;

	*past = (struct op_history){ .first_phase = phase, .last_phase = phase, .complete = true };
	past->origin_known = phase == OP_SUCCEEDED || phase == OP_IDLE;
	begin_phase(scene, SINCE_BEFORE_START);
	note_success(past, scene->op);
	if (phase == OP_FAILED)
		add_failure(scene, SINCE_BEFORE_START);
	scene->op_since->samples = 1;
}

void track_first(struct roster_record *slot, const struct roster_sample *look)
{
	int kind;

	slot->first_seen = look->at;
	for (kind = 0; kind < OP_KINDS; kind++) {
		struct transition_input scene = transition_input_make(slot, kind, look);

		first_sample(&scene);
		track_publish(slot, (enum op_kind)kind);
	}
}

static void now_succeeded(struct roster_record *slot, const struct transition_input *scene,
			  bool moved)
{
	struct op_history *past = scene->history;
	const struct roster_sample *look = scene->sample;

	streak_end(past, false);
	if (is_known_phase(past->last_phase) && past->has_success &&
	    scene->op->last_success_presence == FIELD_PRESENT && !moved)
		scene->op_since->suspect |= SUSPECT_OLD_SUCCESS;
	if (past->last_phase == OP_RUNNING && past->run_start_known &&
	    look->gap_ms <= SAMPLE_GAP_MS)
		track_run_length(slot, scene->kind, (look->at.ms - past->run_start.ms) / 1000);
}

static void now_failed(const struct transition_input *scene, bool hidden)
{
	struct op_history *past = scene->history;

	if (hidden && past->last_phase == OP_FAILED && past->in_streak &&
	    !strncmp(past->streak.reason, reason_of(scene->op), STREAK_REASON_SIZE - 1))
		return;
	add_failure(scene, hidden ? SINCE_BEFORE_START : SINCE_OBSERVED);
}

static void now_running(const struct transition_input *scene, bool hidden, struct moment failed)
{
	struct op_history *past = scene->history;

	past->run_start = scene->sample->at;
	past->run_start_known = !hidden && scene->sample->gap_ms <= SAMPLE_GAP_MS;
	if (scene->kind == OP_BACKUP && past->last_phase == OP_FAILED &&
	    scene->sample->at.ms - failed.ms > RETRY_GAP_MS)
		past->complete = false;
}

static void now_idle(const struct transition_input *scene)
{
	struct op_history *past = scene->history;

	if ((past->last_phase == OP_FAILED || past->last_phase == OP_SUCCEEDED) && !past->put_sent)
		scene->op_since->suspect |= SUSPECT_FORGOTTEN;
	/* whatever failed before was cleared, by whomever */
	if (!past->in_streak)
		past->origin_known = true;
}

/* It is in another state than before; hidden: what was before could not be read, so that it may
 * long have been so. */
static void change_phase(struct roster_record *slot, const struct transition_input *scene,
			 bool hidden)
{
	struct op_history *past = scene->history;
	const struct op *op = scene->op;
	struct moment former = scene->op_since->since;
	bool moved = has_succeeded(past, op);

	begin_phase(scene, hidden ? SINCE_BEFORE_START : SINCE_OBSERVED);
	if (!is_known(op->status_presence)) {
		past->complete = past->run_start_known = false;
		return;
	}
	/* only its reading had failed in between */
	if (hidden && past->last_phase == op->phase && op->phase != OP_FAILED)
		return;
	if (moved && past->in_streak)
		streak_end(past, false);
	if (op->phase == OP_SUCCEEDED)
		now_succeeded(slot, scene, moved);
	else if (op->phase == OP_FAILED)
		now_failed(scene, hidden);
	else if (op->phase == OP_RUNNING)
		now_running(scene, hidden, former);
	else if (op->phase == OP_IDLE)
		now_idle(scene);
	/* the time of the success that a run ends in may come before its word */
	if (op->phase != OP_RUNNING || moved)
		note_success(past, op);
	past->last_phase = op->phase;
	past->put_sent = false;
}

/* The state is the same, but there was a success that was not seen. */
static void succeeded_unseen(const struct transition_input *scene)
{
	struct op_history *past = scene->history;

	note_success(past, scene->op);
	scene->op_since->suspect &= ~(unsigned)SUSPECT_OLD_SUCCESS;
	if (past->in_streak)
		streak_end(past, false);
	if (scene->op->phase != OP_FAILED)
		return;
	begin_phase(scene, SINCE_OBSERVED);
	add_failure(scene, SINCE_OBSERVED);
	past->complete = false;
}

/* Another run than the one that was seen. */
static void run_anew(const struct transition_input *scene)
{
	struct op_history *past = scene->history;

	begin_phase(scene, SINCE_OBSERVED);
	past->run_start_known = false;
	if (!has_succeeded(past, scene->op))
		return;
	streak_end(past, false);
	/* of which run that success is the end is not known: the next one need not move it */
	past->success_known = past->has_success = false;
}

/* Its percent is less than it was: another run, where there was time for one or a success. */
static void went_back(const struct transition_input *scene)
{
	if (has_succeeded(scene->history, scene->op) || scene->sample->gap_ms > SAMPLE_GAP_MS)
		run_anew(scene);
	else
		scene->op_since->suspect |= SUSPECT_BACKWARDS;
}

static void follow_percent(struct roster_record *slot, const struct transition_input *scene,
			   const struct op *before)
{
	struct op_since *sight = scene->op_since;
	const struct op *op = scene->op;
	bool other_word = op->phase == OP_RUNNING && strcmp(before->status, op->status);
	double from = sight->moved_to;

	if (op->percent_presence == FIELD_PRESENT && op->percent != from) {
		sight->moved_to = op->percent;
		/* the cluster may leave out a percent that is 0 */
		if (from >= 0 || op->percent > 0)
			track_moved(slot, scene->kind, scene->sample->at);
		if (op->percent < from && op->phase == OP_RUNNING && !other_word)
			went_back(scene);
	}
	if (other_word)
		track_moved(slot, scene->kind, scene->sample->at);
}

static void track_op(const struct transition_input *scene)
{
	if (scene->sample->gap_ms > SAMPLE_GAP_MS)
		scene->history->complete = false;
}

static void count_sample(struct op_since *sight)
{
	if (sight->samples < UINT_MAX)
		sight->samples++;
}

static void continue_phase(struct roster_record *slot, const struct op *before,
			   const struct transition_input *scene)
{
	bool runs = scene->op->phase == OP_RUNNING, moved;

	follow_percent(slot, scene, before);
	moved = has_succeeded(scene->history, scene->op);
	if (runs && moved && scene->sample->gap_ms > SAMPLE_GAP_MS)
		run_anew(scene);
	else if (!runs && moved)
		succeeded_unseen(scene);
	else if (!runs && !scene->history->success_known)
		note_success(scene->history, scene->op);
}

void track_change(struct roster_record *slot, const struct bdb *before,
		  const struct roster_sample *look)
{
	int kind;

	for (kind = 0; kind < OP_KINDS; kind++) {
		struct transition_input scene = transition_input_make(slot, kind, look);

		track_op(&scene);
		if (is_standing(&before->op[kind], scene.op))
			continue_phase(slot, &before->op[kind], &scene);
		else
			change_phase(slot, &scene, !is_known(before->op[kind].status_presence));
		count_sample(scene.op_since);
		track_publish(slot, (enum op_kind)kind);
	}
}

void track_unchanged(struct roster_record *slot, const struct roster_sample *look)
{
	int kind;

	for (kind = 0; kind < OP_KINDS; kind++) {
		struct transition_input scene = transition_input_make(slot, kind, look);

		track_op(&scene);
		count_sample(scene.op_since);
		scene.history->streak.complete =
			scene.history->origin_known && scene.history->complete;
	}
}

void roster_reset_sent(struct roster *roster, int64_t uid, enum op_kind kind)
{
	struct roster_record *slot = roster_record_find(roster, uid);

	if (slot)
		slot->history[kind].put_sent = true;
}

void roster_reset_cleared(struct roster *roster, int64_t uid, enum op_kind kind)
{
	struct roster_record *slot = roster_record_find(roster, uid);

	if (!slot)
		return;
	streak_end(&slot->history[kind], true);
	slot->entry.op_since[kind].suspect &= ~(unsigned)SUSPECT_FORGOTTEN;
	track_publish(slot, kind);
}
