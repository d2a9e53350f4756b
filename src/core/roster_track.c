/*
 * What changes in an operation from one observation to the next.
 */
#include "roster_internal.h"

#include <limits.h>
#include <string.h>

/* One operation in one observation. */
struct transition_input {
	struct op_since *op_since;
	struct op_history *history;
	const struct op *op;
	const struct roster_sample *sample;
	enum op_kind kind;
};

static struct transition_input transition_input_make(struct roster_record *record, int kind,
						     const struct roster_sample *sample)
{
	return (struct transition_input){ &record->since->op_since[kind], &record->history[kind],
					  &record->entry.bdb->op[kind], sample,
					  (enum op_kind)kind };
}

static bool is_known_phase(enum op_phase phase)
{
	return phase != OP_NOT_REQUESTED && phase != OP_UNREADABLE;
}

static bool is_known(enum field_presence presence)
{
	return presence != FIELD_NOT_REQUESTED && presence != FIELD_INVALID;
}

static const char *reason_of(const struct op *op)
{
	return op->reason_presence == FIELD_PRESENT ? op->reason : "";
}

/* True for the same status, and the same reason where it counts: beside a run or a success it is
 * left over from an earlier failure.  The spellings of idle are equal, and so are the words for
 * running; an unreadable reason is not a change. */
static bool is_same_state(const struct op *before, const struct op *after)
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

static void update_streak(struct op_history *history)
{
	if (history->runs)
		history->runs->streak.complete = history->origin_known && history->complete;
}

void track_publish(struct roster_record *record, enum op_kind kind)
{
	struct op_since *since = &record->since->op_since[kind];
	struct op_history *history = &record->history[kind];
	const struct op *op = &record->entry.bdb->op[kind];
	const struct op_runs *runs = history->runs;

	update_streak(history);
	since->streak = history->in_streak ? &runs->streak : NULL;
	since->cleared = history->cleared;
	since->good_start_s = runs && op->last_success_presence == FIELD_PRESENT &&
					      op->last_success_s == runs->good_end_s
				      ? runs->good_start_s
				      : 0;
}

void track_good_run(struct roster_record *record, enum op_kind kind, int64_t start_s, int64_t end_s)
{
	struct op_runs *runs = record->history[kind].runs;

	runs->good_start_s = start_s;
	runs->good_end_s = end_s;
}

/* The median of the newest runs. */
static int64_t median(const struct op_runs *runs, unsigned count)
{
	int32_t sorted[TYPICAL_RUNS] = { 0 };
	unsigned i, j;

	for (i = 0; i < count; i++) {
		for (j = i; j && sorted[j - 1] > runs->run_lengths_s[i]; j--)
			sorted[j] = sorted[j - 1];
		sorted[j] = runs->run_lengths_s[i];
	}
	return sorted[(count - 1) / 2];
}

static void publish_typical_run(struct op_since *since, const struct op_runs *runs)
{
	if (!runs)
		return;
	since->typical_run_count = runs->run_count < TYPICAL_RUNS ? runs->run_count : TYPICAL_RUNS;
	since->typical_run_s =
		since->typical_run_count ? median(runs, since->typical_run_count) : 0;
}

void track_run_length(struct roster_record *record, enum op_kind kind, int64_t seconds)
{
	struct op_runs *runs = record->history[kind].runs;

	if (seconds < 0 || seconds > INT32_MAX)
		return;
	runs->run_lengths_s[runs->run_count++ % TYPICAL_RUNS] = (int32_t)seconds;
	publish_typical_run(&record->since->op_since[kind], runs);
}

static void begin_phase(const struct transition_input *input, enum since_source source)
{
	const struct op *op = input->op;
	struct op_since *since = input->op_since;

	*since = (struct op_since){ .since = input->sample->at,
				    .moved_at = input->sample->at,
				    .moved_to = -1,
				    .source = source };
	if (op->percent_presence == FIELD_PRESENT)
		since->moved_to = op->percent;
	publish_typical_run(since, input->history->runs);
	since->unmoved = source == SINCE_BEFORE_START;
	if (input->history->runs)
		input->history->runs->heartbeat.known = false;
}

void track_moved(struct roster_record *record, enum op_kind kind, struct moment at)
{
	struct op_since *since = &record->since->op_since[kind];

	if (at.ms <= since->moved_at.ms)
		return;
	if (at.ms - since->moved_at.ms > since->longest_still_ms)
		since->longest_still_ms = at.ms - since->moved_at.ms;
	since->moved_at = at;
	since->samples = 0;
	since->unmoved = false;
}

/* Ends the streak: by a success, or cleared from here. */
static void streak_end(struct op_history *history, bool cleared)
{
	history->in_streak = false;
	history->cleared = cleared;
	history->origin_known = history->ended_well = true;
}

void streak_set_reason(struct failure_streak *streak, const struct op *op)
{
	const char *reason = reason_of(op);
	size_t length = strnlen(reason, sizeof(streak->reason) - 1);

	memcpy(streak->reason, reason, length);
	streak->reason[length] = '\0';
}

static void add_failure(const struct transition_input *input, enum since_source source)
{
	struct op_history *history = input->history;
	struct failure_streak *streak = &history->runs->streak;

	if (!history->in_streak) {
		*streak = (struct failure_streak){ .first = input->sample->at, .source = source };
		history->in_streak = true;
		history->complete = input->sample->gap_ms <= SAMPLE_GAP_MS;
	}
	streak->failures++;
	streak_set_reason(streak, input->op);
}

static void set_last_success(struct op_history *history, const struct op *op)
{
	history->success_known = is_known(op->last_success_presence);
	history->has_success = op->last_success_presence == FIELD_PRESENT;
	history->last_success_s = history->has_success ? op->last_success_s : INT64_MIN;
}

/* True when there was a success since the operation last was not running. */
static bool has_succeeded(const struct op_history *history, const struct op *op)
{
	return history->success_known && op->last_success_presence == FIELD_PRESENT &&
	       op->last_success_s > history->last_success_s;
}

static void apply_first_sample(const struct transition_input *input)
{
	struct op_history *history = input->history;
	enum op_phase phase = input->op->phase;

	if (history->runs)
		*history->runs = (struct op_runs){ .run_count = 0 };
	*history = (struct op_history){ .runs = history->runs,
					.first_phase = phase,
					.last_phase = phase,
					.complete = true };
	history->origin_known = phase == OP_SUCCEEDED || phase == OP_IDLE;
	begin_phase(input, SINCE_BEFORE_START);
	set_last_success(history, input->op);
	if (phase == OP_FAILED)
		add_failure(input, SINCE_BEFORE_START);
	input->op_since->samples = phase == OP_RUNNING;
}

void track_first(struct roster_record *record, const struct roster_sample *sample)
{
	int kind;

	record->since->first_seen = sample->at;
	for (kind = 0; kind < OP_KINDS; kind++) {
		struct transition_input input = transition_input_make(record, kind, sample);

		apply_first_sample(&input);
		track_publish(record, (enum op_kind)kind);
	}
}

static void enter_succeeded(struct roster_record *record, const struct transition_input *input,
			    bool moved)
{
	struct op_history *history = input->history;
	const struct roster_sample *sample = input->sample;

	streak_end(history, false);
	if (is_known_phase(history->last_phase) && history->has_success &&
	    input->op->last_success_presence == FIELD_PRESENT && !moved)
		input->op_since->suspect |= SUSPECT_OLD_SUCCESS;
	if (history->last_phase == OP_RUNNING && history->run_start_known &&
	    sample->gap_ms <= SAMPLE_GAP_MS)
		track_run_length(record, input->kind,
				 (sample->at.ms - history->runs->run_start.ms) / 1000);
}

static void enter_failed(const struct transition_input *input, bool hidden)
{
	struct op_history *history = input->history;

	if (hidden && history->last_phase == OP_FAILED && history->in_streak &&
	    !strncmp(history->runs->streak.reason, reason_of(input->op), STREAK_REASON_SIZE - 1))
		return;
	add_failure(input, hidden ? SINCE_BEFORE_START : SINCE_OBSERVED);
}

static void enter_running(const struct transition_input *input, bool hidden, struct moment failed)
{
	struct op_history *history = input->history;

	history->runs->run_start = input->sample->at;
	history->run_start_known = !hidden && input->sample->gap_ms <= SAMPLE_GAP_MS;
	if (input->kind == OP_BACKUP && history->last_phase == OP_FAILED &&
	    input->sample->at.ms - failed.ms > RETRY_GAP_MS)
		history->complete = false;
}

static void enter_idle(const struct transition_input *input)
{
	struct op_history *history = input->history;

	if ((history->last_phase == OP_FAILED || history->last_phase == OP_SUCCEEDED) &&
	    !history->put_sent)
		input->op_since->suspect |= SUSPECT_FORGOTTEN;
	/* an earlier failure was cleared, here or elsewhere */
	if (!history->in_streak)
		history->origin_known = true;
}

/* The state differs from before.  hidden: the one before was unreadable, so the current state may
 * have begun much earlier. */
static void change_phase(struct roster_record *record, const struct transition_input *input,
			 bool hidden)
{
	struct op_history *history = input->history;
	const struct op *op = input->op;
	struct moment before = input->op_since->since;
	bool moved = has_succeeded(history, op);

	begin_phase(input, hidden ? SINCE_BEFORE_START : SINCE_OBSERVED);
	if (!is_known(op->status_presence)) {
		history->complete = history->run_start_known = false;
		return;
	}
	/* the status was only unreadable in between */
	if (hidden && history->last_phase == op->phase && op->phase != OP_FAILED)
		return;
	if (moved && history->in_streak)
		streak_end(history, false);
	if (op->phase == OP_SUCCEEDED)
		enter_succeeded(record, input, moved);
	else if (op->phase == OP_FAILED)
		enter_failed(input, hidden);
	else if (op->phase == OP_RUNNING)
		enter_running(input, hidden, before);
	else if (op->phase == OP_IDLE)
		enter_idle(input);
	/* the time of the success may appear before the status changes from running */
	if (op->phase != OP_RUNNING || moved)
		set_last_success(history, op);
	history->last_phase = op->phase;
	history->put_sent = false;
}

/* The state is the same, but a success happened between two observations. */
static void apply_missed_success(const struct transition_input *input)
{
	struct op_history *history = input->history;

	set_last_success(history, input->op);
	input->op_since->suspect &= ~(unsigned)SUSPECT_OLD_SUCCESS;
	if (history->in_streak)
		streak_end(history, false);
	if (input->op->phase != OP_FAILED)
		return;
	begin_phase(input, SINCE_OBSERVED);
	add_failure(input, SINCE_OBSERVED);
	history->complete = false;
}

/* This is another run than the one observed before. */
static void restart_run(const struct transition_input *input)
{
	struct op_history *history = input->history;

	begin_phase(input, SINCE_OBSERVED);
	history->run_start_known = false;
	if (!has_succeeded(history, input->op))
		return;
	streak_end(history, false);
	/* it is unknown which run succeeded, so the next success need not change the time */
	history->success_known = history->has_success = false;
}

/* The percent decreased: another run if there was time for one or a success, else suspect. */
static void apply_lower_percent(const struct transition_input *input)
{
	if (has_succeeded(input->history, input->op) || input->sample->gap_ms > SAMPLE_GAP_MS)
		restart_run(input);
	else
		input->op_since->suspect |= SUSPECT_BACKWARDS;
}

static void track_percent(struct roster_record *record, const struct transition_input *input,
			  const struct op *before)
{
	struct op_since *since = input->op_since;
	const struct op *op = input->op;
	bool other_word = op->phase == OP_RUNNING && strcmp(before->status, op->status);
	double from = since->moved_to;

	if (op->percent_presence == FIELD_PRESENT && op->percent != from) {
		since->moved_to = op->percent;
		/* the cluster may omit a percent of 0 */
		if (from >= 0 || op->percent > 0)
			track_moved(record, input->kind, input->sample->at);
		if (op->percent < from && op->phase == OP_RUNNING && !other_word)
			apply_lower_percent(input);
	}
	if (other_word)
		track_moved(record, input->kind, input->sample->at);
}

static void track_gap(const struct transition_input *input)
{
	if (input->sample->gap_ms > SAMPLE_GAP_MS)
		input->history->complete = false;
}

static void count_sample(const struct transition_input *input)
{
	struct op_since *since = input->op_since;

	if (input->op->phase == OP_RUNNING && since->samples < UINT_MAX)
		since->samples++;
}

/*
 * The first sample with a new success, right after one of the run: the run lasted at least from the
 * first to the last sample that showed it, so it did not start later than so long before the
 * success.  Durations do not depend on the difference of the clocks.
 */
static void note_good_run(struct roster_record *record, const struct transition_input *input,
			  const struct op *before)
{
	const struct op_history *history = input->history;
	int64_t last_ms = input->sample->at.ms - input->sample->gap_ms, length_s;

	if (input->op->last_success_presence != FIELD_PRESENT || before->phase != OP_RUNNING ||
	    !history->run_start_known || input->sample->gap_ms > SAMPLE_GAP_MS ||
	    (before->last_success_presence == FIELD_PRESENT &&
	     before->last_success_s >= input->op->last_success_s))
		return;
	length_s = (last_ms - history->runs->run_start.ms) / 1000;
	track_good_run(record, input->kind,
		       time_subtract(input->op->last_success_s, length_s > 0 ? length_s : 0),
		       input->op->last_success_s);
}

static void continue_phase(struct roster_record *record, const struct op *before,
			   const struct transition_input *input)
{
	bool runs = input->op->phase == OP_RUNNING, moved;

	track_percent(record, input, before);
	moved = has_succeeded(input->history, input->op);
	if (runs && moved && input->sample->gap_ms > SAMPLE_GAP_MS)
		restart_run(input);
	else if (!runs && moved)
		apply_missed_success(input);
	else if (!runs && !input->history->success_known)
		set_last_success(input->history, input->op);
}

void track_change(struct roster_record *record, const struct bdb *before,
		  const struct roster_sample *sample)
{
	int kind;

	for (kind = 0; kind < OP_KINDS; kind++) {
		struct transition_input input = transition_input_make(record, kind, sample);

		track_gap(&input);
		note_good_run(record, &input, &before->op[kind]);
		if (is_same_state(&before->op[kind], input.op))
			continue_phase(record, &before->op[kind], &input);
		else
			change_phase(record, &input, !is_known(before->op[kind].status_presence));
		count_sample(&input);
		track_publish(record, (enum op_kind)kind);
	}
}

void track_unchanged(struct roster_record *record, const struct roster_sample *sample)
{
	int kind;

	for (kind = 0; kind < OP_KINDS; kind++) {
		struct transition_input input = transition_input_make(record, kind, sample);

		track_gap(&input);
		count_sample(&input);
		update_streak(input.history);
	}
}

bool track_may_change(const struct roster_record *record, const struct roster_sample *sample)
{
	int kind;

	if (sample->gap_ms > SAMPLE_GAP_MS)
		return true;
	for (kind = 0; kind < OP_KINDS; kind++)
		if (record->entry.bdb->op[kind].phase == OP_RUNNING &&
		    record->entry.op_since[kind].samples <= 2)
			return true;
	return false;
}

void track_resume(struct roster_record *record, const struct saved_op *saved,
		  const struct roster_sample *sample)
{
	struct transition_input input = transition_input_make(record, saved->kind, sample);
	struct op before = *input.op;
	struct op_since *since = input.op_since;
	int64_t wall_ms = time_to_ms(saved->moved_s), still_ms;

	before.status = saved->status;
	since->moved_at.ms = sample->at.ms - (sample->at.wall_ms - wall_ms);
	since->moved_at.wall_ms = wall_ms;
	since->moved_to = saved->percent;
	since->unmoved = saved->unmoved;
	still_ms = sample->at.ms - sample->gap_ms - since->moved_at.ms;
	track_percent(record, &input, &before);
	/* it may have moved right after it was saved */
	if (since->longest_still_ms > still_ms)
		since->longest_still_ms = still_ms;
	/* the sample that was saved */
	count_sample(&input);
}

void track_new_run(struct roster_record *record, enum op_kind kind,
		   const struct roster_sample *sample)
{
	struct transition_input input = transition_input_make(record, kind, sample);

	/* it is not known for how long it has been still already */
	if (sample->gap_ms > SAMPLE_GAP_MS)
		return;
	restart_run(&input);
	count_sample(&input);
}

void track_cleared(struct roster_record *record, enum op_kind kind)
{
	streak_end(&record->history[kind], true);
	record->since->op_since[kind].suspect &= ~(unsigned)SUSPECT_FORGOTTEN;
	track_publish(record, kind);
}
