/*
 * Sightings: what was seen of an operation from one observation to the next.
 */
#include "roster_internal.h"

#include <limits.h>
#include <string.h>

/* One operation that is looked at. */
struct scene {
	struct sighting *sight;
	struct past *past;
	const struct op *op;
	const struct look *look;
	enum op_kind kind;
};

static struct scene scene_of(struct slot *slot, int kind, const struct look *look)
{
	return (struct scene){ &slot->entry.sight[kind], &slot->past[kind],
			       &slot->entry.bdb->op[kind], look, (enum op_kind)kind };
}

static bool is_told_phase(enum op_phase phase)
{
	return phase != OP_NOT_ASKED && phase != OP_UNREADABLE;
}

static bool is_told(enum seen seen)
{
	return seen != SEEN_NOT_ASKED && seen != SEEN_WRONG;
}

static const char *reason_of(const struct op *op)
{
	return op->reason_seen == SEEN_GIVEN ? op->reason : "";
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
	return !is_told(before->reason_seen) || !is_told(after->reason_seen) ||
	       !strcmp(reason_of(before), reason_of(after));
}

void sight_show(struct slot *slot, enum op_kind kind)
{
	struct sighting *sight = &slot->entry.sight[kind];
	struct past *past = &slot->past[kind];

	past->series.whole = past->origin && past->counted;
	sight->series = past->in_series ? &past->series : NULL;
	sight->cleared = past->cleared;
}

/* The median of the newest runs. */
static int64_t median(const struct past *past, unsigned count)
{
	int32_t sorted[USUAL_RUNS] = { 0 };
	unsigned i, j;

	for (i = 0; i < count; i++) {
		for (j = i; j && sorted[j - 1] > past->runs[i]; j--)
			sorted[j] = sorted[j - 1];
		sorted[j] = past->runs[i];
	}
	return sorted[(count - 1) / 2];
}

static void show_usual(struct sighting *sight, const struct past *past)
{
	sight->usual_runs = past->run_count < USUAL_RUNS ? past->run_count : USUAL_RUNS;
	sight->usual_s = sight->usual_runs ? median(past, sight->usual_runs) : 0;
}

void sight_ran(struct slot *slot, enum op_kind kind, int64_t seconds)
{
	struct past *past = &slot->past[kind];

	if (seconds < 0 || seconds > INT32_MAX)
		return;
	past->runs[past->run_count++ % USUAL_RUNS] = (int32_t)seconds;
	show_usual(&slot->entry.sight[kind], past);
}

static void begin(const struct scene *scene, enum sight_source how)
{
	const struct op *op = scene->op;
	struct sighting *sight = scene->sight;

	*sight = (struct sighting){
		.since = scene->look->at, .moved = scene->look->at, .moved_to = -1, .how = how
	};
	if (op->percent_seen == SEEN_GIVEN)
		sight->moved_to = op->percent;
	show_usual(sight, scene->past);
	scene->past->unmoved = how == SIGHT_BEFORE;
	scene->past->pulse.felt = false;
}

void sight_moved(struct slot *slot, enum op_kind kind, struct moment at)
{
	struct sighting *sight = &slot->entry.sight[kind];

	if (at.ms <= sight->moved.ms)
		return;
	if (at.ms - sight->moved.ms > sight->still_ms)
		sight->still_ms = at.ms - sight->moved.ms;
	sight->moved = at;
	sight->looks = 0;
	slot->past[kind].unmoved = false;
}

void sight_ended(struct past *past, bool cleared)
{
	past->in_series = false;
	past->cleared = cleared;
	past->origin = past->ended = true;
}

void sight_reason(struct series *series, const struct op *op)
{
	const char *reason = reason_of(op);
	size_t length = strnlen(reason, sizeof(series->reason) - 1);

	memcpy(series->reason, reason, length);
	series->reason[length] = '\0';
}

static void add_failure(const struct scene *scene, enum sight_source how)
{
	struct past *past = scene->past;
	struct series *series = &past->series;

	if (!past->in_series) {
		*series = (struct series){ .first = scene->look->at, .how = how };
		past->in_series = true;
		past->counted = scene->look->gap_ms <= LOOK_GAP_MS;
	}
	series->failures++;
	sight_reason(series, scene->op);
}

static void note_success(struct past *past, const struct op *op)
{
	past->ok_known = is_told(op->last_seen);
	past->ok_given = op->last_seen == SEEN_GIVEN;
	past->ok_s = past->ok_given ? op->last_ok_s : INT64_MIN;
}

/* Something ended well since it last did not run. */
static bool has_succeeded(const struct past *past, const struct op *op)
{
	return past->ok_known && op->last_seen == SEEN_GIVEN && op->last_ok_s > past->ok_s;
}

static void meet(const struct scene *scene)
{
	struct past *past = scene->past;
	enum op_phase phase = scene->op->phase;

	*past = (struct past){ .met = phase, .told = phase, .counted = true };
	past->origin = phase == OP_SUCCEEDED || phase == OP_IDLE;
	begin(scene, SIGHT_BEFORE);
	note_success(past, scene->op);
	if (phase == OP_FAILED)
		add_failure(scene, SIGHT_BEFORE);
	scene->sight->looks = 1;
}

void sight_meet(struct slot *slot, const struct look *look)
{
	int kind;

	slot->met = look->at;
	for (kind = 0; kind < OP_KINDS; kind++) {
		struct scene scene = scene_of(slot, kind, look);

		meet(&scene);
		sight_show(slot, (enum op_kind)kind);
	}
}

static void now_succeeded(struct slot *slot, const struct scene *scene, bool moved)
{
	struct past *past = scene->past;
	const struct look *look = scene->look;

	sight_ended(past, false);
	if (is_told_phase(past->told) && past->ok_given && scene->op->last_seen == SEEN_GIVEN &&
	    !moved)
		scene->sight->doubts |= DOUBT_STILL_OLD;
	if (past->told == OP_RUNNING && past->run_known && look->gap_ms <= LOOK_GAP_MS)
		sight_ran(slot, scene->kind, (look->at.ms - past->run.ms) / 1000);
}

static void now_failed(const struct scene *scene, bool hidden)
{
	struct past *past = scene->past;

	if (hidden && past->told == OP_FAILED && past->in_series &&
	    !strncmp(past->series.reason, reason_of(scene->op), SERIES_REASON - 1))
		return;
	add_failure(scene, hidden ? SIGHT_BEFORE : SIGHT_SEEN);
}

static void now_running(const struct scene *scene, bool hidden, struct moment failed)
{
	struct past *past = scene->past;

	past->run = scene->look->at;
	past->run_known = !hidden && scene->look->gap_ms <= LOOK_GAP_MS;
	if (scene->kind == OP_BACKUP && past->told == OP_FAILED &&
	    scene->look->at.ms - failed.ms > RETRY_GAP_MS)
		past->counted = false;
}

static void now_idle(const struct scene *scene)
{
	struct past *past = scene->past;

	if ((past->told == OP_FAILED || past->told == OP_SUCCEEDED) && !past->sent)
		scene->sight->doubts |= DOUBT_FORGOTTEN;
	/* whatever failed before was cleared, by whomever */
	if (!past->in_series)
		past->origin = true;
}

/* It is in another state than before; hidden: what was before could not be read, so that it may
 * long have been so. */
static void turn(struct slot *slot, const struct scene *scene, bool hidden)
{
	struct past *past = scene->past;
	const struct op *op = scene->op;
	struct moment former = scene->sight->since;
	bool moved = has_succeeded(past, op);

	begin(scene, hidden ? SIGHT_BEFORE : SIGHT_SEEN);
	if (!is_told(op->status_seen)) {
		past->counted = past->run_known = false;
		return;
	}
	/* only its reading had failed in between */
	if (hidden && past->told == op->phase && op->phase != OP_FAILED)
		return;
	if (moved && past->in_series)
		sight_ended(past, false);
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
	past->told = op->phase;
	past->sent = false;
}

/* The state is the same, but there was a success that was not seen. */
static void succeeded_unseen(const struct scene *scene)
{
	struct past *past = scene->past;

	note_success(past, scene->op);
	scene->sight->doubts &= ~(unsigned)DOUBT_STILL_OLD;
	if (past->in_series)
		sight_ended(past, false);
	if (scene->op->phase != OP_FAILED)
		return;
	begin(scene, SIGHT_SEEN);
	add_failure(scene, SIGHT_SEEN);
	past->counted = false;
}

/* Another run than the one that was seen. */
static void run_anew(const struct scene *scene)
{
	struct past *past = scene->past;

	begin(scene, SIGHT_SEEN);
	past->run_known = false;
	if (!has_succeeded(past, scene->op))
		return;
	sight_ended(past, false);
	/* of which run that success is the end is not known: the next one need not move it */
	past->ok_known = past->ok_given = false;
}

/* Its percent is less than it was: another run, where there was time for one or a success. */
static void went_back(const struct scene *scene)
{
	if (has_succeeded(scene->past, scene->op) || scene->look->gap_ms > LOOK_GAP_MS)
		run_anew(scene);
	else
		scene->sight->doubts |= DOUBT_BACKWARDS;
}

static void follow_percent(struct slot *slot, const struct scene *scene, const struct op *before)
{
	struct sighting *sight = scene->sight;
	const struct op *op = scene->op;
	bool other_word = op->phase == OP_RUNNING && strcmp(before->status, op->status);
	double from = sight->moved_to;

	if (op->percent_seen == SEEN_GIVEN && op->percent != from) {
		sight->moved_to = op->percent;
		/* the cluster may leave out a percent that is 0 */
		if (from >= 0 || op->percent > 0)
			sight_moved(slot, scene->kind, scene->look->at);
		if (op->percent < from && op->phase == OP_RUNNING && !other_word)
			went_back(scene);
	}
	if (other_word)
		sight_moved(slot, scene->kind, scene->look->at);
}

static void look_at(const struct scene *scene)
{
	if (scene->look->gap_ms > LOOK_GAP_MS)
		scene->past->counted = false;
}

static void count_look(struct sighting *sight)
{
	if (sight->looks < UINT_MAX)
		sight->looks++;
}

static void go_on(struct slot *slot, const struct op *before, const struct scene *scene)
{
	bool runs = scene->op->phase == OP_RUNNING, moved;

	follow_percent(slot, scene, before);
	moved = has_succeeded(scene->past, scene->op);
	if (runs && moved && scene->look->gap_ms > LOOK_GAP_MS)
		run_anew(scene);
	else if (!runs && moved)
		succeeded_unseen(scene);
	else if (!runs && !scene->past->ok_known)
		note_success(scene->past, scene->op);
}

void sight_change(struct slot *slot, const struct bdb *before, const struct look *look)
{
	int kind;

	for (kind = 0; kind < OP_KINDS; kind++) {
		struct scene scene = scene_of(slot, kind, look);

		look_at(&scene);
		if (is_standing(&before->op[kind], scene.op))
			go_on(slot, &before->op[kind], &scene);
		else
			turn(slot, &scene, !is_told(before->op[kind].status_seen));
		count_look(scene.sight);
		sight_show(slot, (enum op_kind)kind);
	}
}

void sight_look(struct slot *slot, const struct look *look)
{
	int kind;

	for (kind = 0; kind < OP_KINDS; kind++) {
		struct scene scene = scene_of(slot, kind, look);

		look_at(&scene);
		count_look(scene.sight);
		scene.past->series.whole = scene.past->origin && scene.past->counted;
	}
}

void roster_reset_sent(struct roster *roster, int64_t uid, enum op_kind kind)
{
	struct slot *slot = roster_slot(roster, uid);

	if (slot)
		slot->past[kind].sent = true;
}

void roster_reset_cleared(struct roster *roster, int64_t uid, enum op_kind kind)
{
	struct slot *slot = roster_slot(roster, uid);

	if (!slot)
		return;
	sight_ended(&slot->past[kind], true);
	slot->entry.sight[kind].doubts &= ~(unsigned)DOUBT_FORGOTTEN;
	sight_show(slot, kind);
}
