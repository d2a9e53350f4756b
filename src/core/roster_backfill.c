/*
 * What the log shows of the time before the first observation.
 *
 * Events have full seconds of the cluster's clock, and our estimate of that clock may be off by up
 * to a minute.  So an event within a minute of the first observation may belong before or after it,
 * and is skipped if it contradicts the observation; an older contradicting event ends the search.
 */
#include "roster_internal.h"

#include <stdlib.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/due.h"

/* Both are of the cluster's clock; the event is written a moment after the success. */
#define GOOD_RUN_APART_S 10

/* Events of one operation, newest first. */
struct event_cursor {
	struct roster_record *record;
	const struct op *op;
	struct op_history *history;
	enum op_kind kind;
	const struct event *const *events;
	size_t count;
	int64_t complete_from_s; /* no event since then is missing */
	struct moment now;
};

static int64_t event_ms(const struct event_cursor *cursor, size_t index)
{
	return cursor->now.ms - (cursor->now.wall_ms - cursor->events[index]->time_s * 1000);
}

static int64_t first_seen_ms(const struct event_cursor *cursor)
{
	return cursor->record->since->first_seen.ms;
}

static struct moment event_moment(const struct event_cursor *cursor, size_t index)
{
	int64_t ms = event_ms(cursor, index), first_ms = first_seen_ms(cursor);

	return (struct moment){ ms < first_ms ? ms : first_ms,
				cursor->events[index]->time_s * 1000 };
}

/* The phase of an operation after an event. */
static const enum op_phase phase_after_event[] = {
	[EVENT_OTHER] = OP_OTHER,
	[EVENT_STARTED] = OP_RUNNING,
	[EVENT_SUCCEEDED] = OP_SUCCEEDED,
	[EVENT_FAILED] = OP_FAILED,
};

/* Index of the event that began the phase of the first observation, or count. */
static size_t find_begin(const struct event_cursor *cursor)
{
	int64_t first_ms = first_seen_ms(cursor);
	size_t i;

	for (i = 0; i < cursor->count; i++) {
		int64_t ms = event_ms(cursor, i);

		if (ms > first_ms + CLOCK_TOLERANCE_MS)
			continue;
		if (phase_after_event[cursor->events[i]->class] == cursor->history->first_phase)
			return i;
		if (ms < first_ms - CLOCK_TOLERANCE_MS)
			break;
	}
	return cursor->count;
}

/* True while the operation is in the state of the first observation. */
static bool is_first_phase(const struct event_cursor *cursor)
{
	const struct op_since *op_since = &cursor->record->since->op_since[cursor->kind];

	return op_since->source == SINCE_BEFORE_START &&
	       op_since->since.ms == first_seen_ms(cursor) &&
	       cursor->op->phase == cursor->history->first_phase;
}

static void backfill_since(const struct event_cursor *cursor, size_t begin)
{
	struct op_since *op_since = &cursor->record->since->op_since[cursor->kind];
	struct op_history *history = cursor->history;
	struct moment since;

	if (begin == cursor->count || event_ms(cursor, begin) > first_seen_ms(cursor) ||
	    !is_first_phase(cursor))
		return;
	since = event_moment(cursor, begin);
	history->runs->run_start = since;
	history->run_start_known = history->first_phase == OP_RUNNING;
	/* a run at 0 % has not moved since its start */
	if (history->first_phase == OP_RUNNING && op_since->unmoved && op_since->moved_to == 0)
		op_since->moved_at = since;
	op_since->since = since;
	op_since->source = SINCE_EVENT;
}

/* The failures after the last success. */
struct event_failures {
	size_t count;
	size_t oldest;	   /* index of the first failure; only when count > 0 */
	bool bounded;	   /* known to begin there: a success is known before it */
	int64_t success_s; /* that success, or the creation */
};

static size_t find_streak_start(const struct event_cursor *cursor, size_t begin)
{
	size_t i;

	if (begin < cursor->count)
		return cursor->history->first_phase == OP_RUNNING ? begin + 1 : begin;
	for (i = 0; i < cursor->count; i++)
		if (event_ms(cursor, i) <= first_seen_ms(cursor))
			break;
	return i;
}

/* Gets the last success in the record, or its creation if there was none; false: unknown. */
static bool find_last_success(const struct event_cursor *cursor, int64_t *success_s)
{
	const struct bdb *bdb = cursor->record->entry.bdb;

	if (cursor->op->last_success_presence == FIELD_PRESENT) {
		*success_s = cursor->op->last_success_s;
		return true;
	}
	*success_s = bdb->created_s;
	return bdb->created_presence == FIELD_PRESENT &&
	       (cursor->op->last_success_presence == FIELD_ABSENT ||
		cursor->op->last_success_presence == FIELD_NULL);
}

static struct event_failures count_failures(const struct event_cursor *cursor, size_t begin)
{
	struct event_failures failures = { .count = 0 };
	bool recorded = find_last_success(cursor, &failures.success_s);
	size_t i;

	for (i = find_streak_start(cursor, begin); i < cursor->count; i++) {
		const struct event *event = cursor->events[i];

		if (recorded && event->time_s <= failures.success_s)
			break;
		if (event->class == EVENT_SUCCEEDED) {
			failures.success_s = event->time_s;
			failures.bounded = true;
			return failures;
		}
		if (event->class != EVENT_FAILED)
			continue;
		failures.count++;
		failures.oldest = i;
	}
	failures.bounded = recorded && failures.success_s >= cursor->complete_from_s;
	return failures;
}

/* A log keeps a limited number of events per type and object: if the first try in it is long after
 * the backup was due, it was not the first. */
static bool is_first_missing(const struct event_cursor *cursor,
			     const struct event_failures *failures)
{
	const struct bdb *bdb = cursor->record->entry.bdb;
	size_t first = failures->oldest;
	int64_t waited_s;

	if (cursor->kind != OP_BACKUP || bdb->backup_interval_presence != FIELD_PRESENT ||
	    bdb->backup_interval_s <= 0)
		return false;
	if (first + 1 < cursor->count && cursor->events[first + 1]->class == EVENT_STARTED)
		first++;
	waited_s = time_subtract(cursor->events[first]->time_s, failures->success_s);
	return time_subtract(waited_s, backup_tolerance_s(bdb->backup_interval_s)) >
	       bdb->backup_interval_s;
}

/* A failure that was observed here may also be in the log. */
static bool has_later_failure(const struct event_cursor *cursor)
{
	size_t i;

	for (i = 0; i < cursor->count && event_ms(cursor, i) > first_seen_ms(cursor); i++)
		if (cursor->events[i]->class == EVENT_FAILED)
			return true;
	return false;
}

static void backfill_streak(const struct event_cursor *cursor, size_t begin)
{
	struct event_failures failures = count_failures(cursor, begin);
	struct op_history *history = cursor->history;
	struct failure_streak *streak = history->runs ? &history->runs->streak : NULL;
	unsigned observed = history->in_streak ? streak->failures : 0;
	bool first_was_failed = history->first_phase == OP_FAILED;

	/* the log lacks the observed failure, so it may lack others too */
	history->origin_known = failures.bounded &&
				(!first_was_failed || (failures.count && begin < cursor->count));
	if (!failures.count)
		return;
	if (is_first_missing(cursor, &failures))
		history->origin_known = false;
	if (observed > (first_was_failed ? 1 : 0) && has_later_failure(cursor))
		history->complete = false;
	if (!history->in_streak) {
		*streak = (struct failure_streak){ .failures = 0 };
		/* events have no reason; the record still has the reason of the newest failure */
		streak_set_reason(streak, cursor->op);
	}
	history->in_streak = true;
	if (first_was_failed && observed && begin < cursor->count)
		observed--;
	streak->failures = observed + (unsigned)failures.count;
	streak->first = event_moment(cursor, failures.oldest);
	streak->source = history->origin_known ? SINCE_EVENT : SINCE_LOG_START;
}

/* The event of the last success has nearly the time of it in the record. */
static void backfill_good_run(const struct event_cursor *cursor, int64_t started_s, int64_t ended_s)
{
	const struct op *op = cursor->op;
	int64_t apart_s = time_subtract(ended_s, op->last_success_s);

	if (op->last_success_presence == FIELD_PRESENT && apart_s >= -GOOD_RUN_APART_S &&
	    apart_s <= GOOD_RUN_APART_S && started_s <= op->last_success_s)
		track_good_run(cursor->record, cursor->kind, started_s, op->last_success_s);
}

static void backfill_typical_run(const struct event_cursor *cursor)
{
	size_t i = cursor->count;
	int64_t started_s = -1;

	while (i--) {
		const struct event *event = cursor->events[i];

		if (event_ms(cursor, i) > first_seen_ms(cursor))
			return;
		if (event->class == EVENT_SUCCEEDED && started_s >= 0) {
			track_run_length(cursor->record, cursor->kind, event->time_s - started_s);
			backfill_good_run(cursor, started_s, event->time_s);
		}
		started_s = event->class == EVENT_STARTED ? event->time_s : -1;
	}
}

static bool reserve(const struct event_cursor *cursor)
{
	return history_reserve_op(cursor->record, cursor->kind) && !since_own(cursor->record);
}

static void backfill_op(const struct event_cursor *cursor)
{
	struct op_history *history = cursor->history;
	size_t begin;

	/* without an event it needs no memory, and nothing is noted */
	if (history->backfilled || (cursor->count && !reserve(cursor)))
		return;
	history->backfilled = true;
	begin = find_begin(cursor);
	backfill_typical_run(cursor);
	backfill_since(cursor, begin);
	if (!history->ended_well &&
	    (history->first_phase == OP_FAILED || history->first_phase == OP_RUNNING))
		backfill_streak(cursor, begin);
	track_publish(cursor->record, cursor->kind);
}

static int by_operation(const void *left, const void *right)
{
	const struct event *a = *(const struct event *const *)left;
	const struct event *b = *(const struct event *const *)right;

	if (a->uid != b->uid)
		return int64_compare(a->uid, b->uid);
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->time_s != b->time_s)
		return int64_compare(b->time_s, a->time_s);
	/* events of one second keep their order */
	return a < b ? -1 : a > b;
}

static bool is_time(int64_t seconds)
{
	return seconds > 0 && seconds <= TIME_LATEST_S;
}

/* Returns the events about operations, by database and operation, newest first; NULL when out of
 * memory. */
static const struct event **sort_events(const struct cluster_data *data, size_t *count)
{
	const struct event **sorted = malloc((data->event_count + 1) * sizeof(*sorted));
	size_t i;

	*count = 0;
	for (i = 0; sorted && i < data->event_count; i++)
		if (data->events[i].class != EVENT_OTHER && is_time(data->events[i].time_s))
			sorted[(*count)++] = &data->events[i];
	if (*count)
		qsort(sorted, *count, sizeof(*sorted), by_operation);
	return sorted;
}

/* Sets the cursor to the next events of this operation and returns their number; skips the oldest
 * ones if they are from before the database's creation, of an earlier one with this uid. */
static size_t take_events(struct event_cursor *cursor, const struct event *const *events,
			  size_t count)
{
	const struct bdb *bdb = cursor->record->entry.bdb;
	size_t same = 0;

	cursor->events = events;
	cursor->count = 0;
	while (same < count && events[same]->uid == bdb->uid &&
	       events[same]->kind == cursor->kind) {
		if (bdb->created_presence != FIELD_PRESENT ||
		    events[same]->time_s >= bdb->created_s)
			cursor->count = same + 1;
		same++;
	}
	return same;
}

static void backfill_record(struct roster_record *record, struct event_cursor *cursor,
			    const struct event *const **next, const struct event *const *end)
{
	int kind;

	while (*next < end && (**next)->uid < record->entry.bdb->uid)
		(*next)++;
	for (kind = 0; kind < OP_KINDS; kind++) {
		cursor->record = record;
		cursor->kind = (enum op_kind)kind;
		cursor->op = &record->entry.bdb->op[kind];
		cursor->history = &record->history[kind];
		*next += take_events(cursor, *next, (size_t)(end - *next));
		backfill_op(cursor);
	}
}

void roster_backfill(struct roster *roster, const struct cluster_data *data, int64_t from_s,
		     struct moment now)
{
	struct event_cursor cursor = { .complete_from_s = from_s, .now = now };
	size_t i, count;
	const struct event **sorted = sort_events(data, &count);
	const struct event *const *next = sorted;

	if (!sorted)
		return;
	/* some events of the oldest second may be missing */
	if (data->truncated && data->event_count)
		cursor.complete_from_s = data->events[data->event_count - 1].time_s + 1;
	changes_add_all(roster);
	for (i = 0; i < roster->count; i++)
		backfill_record(roster->records[i], &cursor, &next, sorted + count);
	free(sorted);
}
