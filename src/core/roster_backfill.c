/*
 * What the log tells of the time before the first look.
 *
 * An event is told in whole seconds of the cluster's clock, and ours may differ from it by what
 * nobody corrects.  So an event within a minute of the first look may belong before or after it,
 * and one that contradicts what was seen there is passed over; an older one ends the search.
 */
#include "roster_internal.h"

#include "bdbtop/core/due.h"

#include <stdlib.h>

/* Events of one operation, newest first. */
struct event_cursor {
	struct roster_record *record;
	const struct op *op;
	struct op_history *history;
	enum op_kind kind;
	const struct event *const *events;
	size_t count;
	int64_t complete_from_s; /* nothing since then is missing */
	struct moment now;
};

static int64_t ms_of(const struct event_cursor *tale, size_t index)
{
	return tale->now.ms - (tale->now.wall_ms - tale->events[index]->time_s * 1000);
}

static struct moment moment_of(const struct event_cursor *tale, size_t index)
{
	int64_t ms = ms_of(tale, index), met = tale->record->first_seen.ms;

	return (struct moment){ ms < met ? ms : met, tale->events[index]->time_s * 1000 };
}

/* What an operation is in after an event. */
static const enum op_phase next_event_classes[] = {
	[EVENT_OTHER] = OP_OTHER,
	[EVENT_STARTED] = OP_RUNNING,
	[EVENT_SUCCEEDED] = OP_SUCCEEDED,
	[EVENT_FAILED] = OP_FAILED,
};

/* The event with which what was seen first began, or count. */
static size_t find_begin(const struct event_cursor *tale)
{
	int64_t met = tale->record->first_seen.ms;
	size_t i;

	for (i = 0; i < tale->count; i++) {
		int64_t ms = ms_of(tale, i);

		if (ms > met + CLOCK_TOLERANCE_MS)
			continue;
		if (next_event_classes[tale->events[i]->class] == tale->history->first_phase)
			return i;
		if (ms < met - CLOCK_TOLERANCE_MS)
			break;
	}
	return tale->count;
}

/* It is still in the state in which it was met. */
static bool is_first_phase(const struct event_cursor *tale)
{
	const struct op_since *sight = &tale->record->entry.op_since[tale->kind];

	return sight->source == SINCE_BEFORE_START &&
	       sight->since.ms == tale->record->first_seen.ms &&
	       tale->op->phase == tale->history->first_phase;
}

static void backfill_since(const struct event_cursor *tale, size_t begin)
{
	struct op_since *sight = &tale->record->entry.op_since[tale->kind];
	struct op_history *past = tale->history;
	struct moment since;

	if (begin == tale->count || ms_of(tale, begin) > tale->record->first_seen.ms ||
	    !is_first_phase(tale))
		return;
	since = moment_of(tale, begin);
	past->run_start = since;
	past->run_start_known = past->first_phase == OP_RUNNING;
	/* what is at 0 % has stood there from the beginning */
	if (past->first_phase == OP_RUNNING && past->unmoved && sight->moved_to == 0)
		sight->moved_at = since;
	sight->since = since;
	sight->source = SINCE_EVENT;
}

/* How far back the failures go that no success ended. */
struct event_failures {
	size_t count;
	size_t oldest;	   /* index of the first of them; only when count > 0 */
	bool bounded;	   /* they are known to begin there: a success stands before them */
	int64_t success_s; /* that success, or the creation */
};

static size_t first_of_streak(const struct event_cursor *tale, size_t begin)
{
	size_t i;

	if (begin < tale->count)
		return tale->history->first_phase == OP_RUNNING ? begin + 1 : begin;
	for (i = 0; i < tale->count; i++)
		if (ms_of(tale, i) <= tale->record->first_seen.ms)
			break;
	return i;
}

/* The newest success that the record itself tells of, or its creation when there was none. */
static bool find_record(const struct event_cursor *tale, int64_t *success_s)
{
	const struct bdb *bdb = tale->record->entry.bdb;

	if (tale->op->last_success_presence == FIELD_PRESENT) {
		*success_s = tale->op->last_success_s;
		return true;
	}
	*success_s = bdb->created_s;
	return bdb->created_presence == FIELD_PRESENT &&
	       (tale->op->last_success_presence == FIELD_ABSENT ||
		tale->op->last_success_presence == FIELD_NULL);
}

static struct event_failures count_failures(const struct event_cursor *tale, size_t begin)
{
	struct event_failures failures = { .count = 0 };
	bool recorded = find_record(tale, &failures.success_s);
	size_t i;

	for (i = first_of_streak(tale, begin); i < tale->count; i++) {
		const struct event *event = tale->events[i];

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
	failures.bounded = recorded && failures.success_s >= tale->complete_from_s;
	return failures;
}

/* A log keeps only so many events of a type and object: a first try long after it was due is not
 * the first. */
static bool is_first_missing(const struct event_cursor *tale, const struct event_failures *failures)
{
	const struct bdb *bdb = tale->record->entry.bdb;
	size_t first = failures->oldest;
	int64_t waited_s, slack_s;

	if (tale->kind != OP_BACKUP || bdb->backup_interval_presence != FIELD_PRESENT ||
	    bdb->backup_interval_s <= 0)
		return false;
	if (first + 1 < tale->count && tale->events[first + 1]->class == EVENT_STARTED)
		first++;
	slack_s = bdb->backup_interval_s / (100 / DUE_TOLERANCE_PERCENT);
	if (slack_s < DUE_TOLERANCE_S)
		slack_s = DUE_TOLERANCE_S;
	waited_s = time_subtract(tale->events[first]->time_s, failures->success_s);
	return time_subtract(waited_s, slack_s) > bdb->backup_interval_s;
}

/* Failures that were seen here after the first look may stand in the log as well. */
static bool is_duplicate(const struct event_cursor *tale)
{
	size_t i;

	for (i = 0; i < tale->count && ms_of(tale, i) > tale->record->first_seen.ms; i++)
		if (tale->events[i]->class == EVENT_FAILED)
			return true;
	return false;
}

static void backfill_streak(const struct event_cursor *tale, size_t begin)
{
	struct event_failures failures = count_failures(tale, begin);
	struct op_history *past = tale->history;
	struct failure_streak *series = &past->streak;
	unsigned seen = past->in_streak ? series->failures : 0;
	bool met_failed = past->first_phase == OP_FAILED;

	/* a failure that was met and that the log lacks: it lacks others, perhaps */
	past->origin_known =
		failures.bounded && (!met_failed || (failures.count && begin < tale->count));
	if (!failures.count)
		return;
	if (is_first_missing(tale, &failures))
		past->origin_known = false;
	if (seen > (met_failed ? 1 : 0) && is_duplicate(tale))
		past->complete = false;
	if (!past->in_streak) {
		*series = (struct failure_streak){ .failures = 0 };
		/* an event tells no reason; what the cluster left over is that of the newest */
		streak_set_reason(series, tale->op);
	}
	past->in_streak = true;
	if (met_failed && seen && begin < tale->count)
		seen--;
	series->failures = seen + (unsigned)failures.count;
	series->first = moment_of(tale, failures.oldest);
	series->source = past->origin_known ? SINCE_EVENT : SINCE_BEFORE_START;
}

static void backfill_typical_run(const struct event_cursor *tale)
{
	size_t i = tale->count;
	int64_t started_s = -1;

	while (i--) {
		const struct event *event = tale->events[i];

		if (ms_of(tale, i) > tale->record->first_seen.ms)
			return;
		if (event->class == EVENT_SUCCEEDED && started_s >= 0)
			track_run_length(tale->record, tale->kind, event->time_s - started_s);
		started_s = event->class == EVENT_STARTED ? event->time_s : -1;
	}
}

static void backfill_op(const struct event_cursor *tale)
{
	struct op_history *past = tale->history;
	size_t begin;

	if (past->backfilled)
		return;
	past->backfilled = true;
	begin = find_begin(tale);
	backfill_typical_run(tale);
	backfill_since(tale, begin);
	if (!past->ended_well &&
	    (past->first_phase == OP_FAILED || past->first_phase == OP_RUNNING))
		backfill_streak(tale, begin);
	track_publish(tale->record, tale->kind);
}

static int by_operation(const void *left, const void *right)
{
	const struct event *a = *(const struct event *const *)left;
	const struct event *b = *(const struct event *const *)right;

	if (a->uid != b->uid)
		return a->uid < b->uid ? -1 : 1;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->time_s != b->time_s)
		return a->time_s > b->time_s ? -1 : 1;
	/* of one second: as they came */
	return a < b ? -1 : a > b;
}

static bool is_time(int64_t seconds)
{
	return seconds > 0 && seconds <= TIME_LATEST_S;
}

/* Those of operations, ordered by operation, then newest first. */
static const struct event **sort_events(const struct cluster_data *facts, size_t *count)
{
	const struct event **sorted = malloc((facts->event_count + 1) * sizeof(*sorted));
	size_t i;

	*count = 0;
	for (i = 0; sorted && i < facts->event_count; i++)
		if (facts->events[i].class != EVENT_OTHER && is_time(facts->events[i].time_s))
			sorted[(*count)++] = &facts->events[i];
	if (*count)
		qsort(sorted, *count, sizeof(*sorted), by_operation);
	return sorted;
}

/* How many of the events from here on are of this operation, and how many of those of this
 * database: an older one may have had its uid. */
static size_t take_events(struct event_cursor *tale, const struct event *const *events,
			  size_t count)
{
	const struct bdb *bdb = tale->record->entry.bdb;
	size_t same = 0;

	tale->events = events;
	tale->count = 0;
	while (same < count && events[same]->uid == bdb->uid && events[same]->kind == tale->kind) {
		if (bdb->created_presence != FIELD_PRESENT ||
		    events[same]->time_s >= bdb->created_s)
			tale->count = same + 1;
		same++;
	}
	return same;
}

static void backfill_record(struct roster_record *slot, struct event_cursor *tale,
			    const struct event *const **next, const struct event *const *end)
{
	int kind;

	while (*next < end && (**next)->uid < slot->uid)
		(*next)++;
	for (kind = 0; kind < OP_KINDS; kind++) {
		tale->record = slot;
		tale->kind = (enum op_kind)kind;
		tale->op = &slot->entry.bdb->op[kind];
		tale->history = &slot->history[kind];
		*next += take_events(tale, *next, (size_t)(end - *next));
		backfill_op(tale);
	}
}

void roster_backfill(struct roster *roster, const struct cluster_data *facts, int64_t from_s,
		     struct moment now)
{
	struct event_cursor tale = { .complete_from_s = from_s, .now = now };
	size_t i, count;
	const struct event **sorted = sort_events(facts, &count);
	const struct event *const *next = sorted;

	if (!sorted)
		return;
	/* of the second of the oldest one some may be missing */
	if (facts->truncated && facts->event_count)
		tale.complete_from_s = facts->events[facts->event_count - 1].time_s + 1;
	for (i = 0; i < roster->count; i++)
		backfill_record(roster->records[i], &tale, &next, sorted + count);
	free(sorted);
}
