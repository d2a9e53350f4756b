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
struct tale {
	struct slot *slot;
	const struct op *op;
	struct past *past;
	enum op_kind kind;
	const struct event *const *events;
	size_t count;
	int64_t whole_s; /* nothing since then is missing */
	struct moment now;
};

static int64_t ms_of(const struct tale *tale, size_t index)
{
	return tale->now.ms - (tale->now.wall_ms - tale->events[index]->time_s * 1000);
}

static struct moment moment_of(const struct tale *tale, size_t index)
{
	int64_t ms = ms_of(tale, index), met = tale->slot->met.ms;

	return (struct moment){ ms < met ? ms : met, tale->events[index]->time_s * 1000 };
}

/* What an operation is in after an event. */
static const enum op_phase after[] = {
	[EVENT_OTHER] = OP_OTHER,
	[EVENT_STARTED] = OP_RUNNING,
	[EVENT_SUCCEEDED] = OP_SUCCEEDED,
	[EVENT_FAILED] = OP_FAILED,
};

/* The event with which what was seen first began, or count. */
static size_t find_begin(const struct tale *tale)
{
	int64_t met = tale->slot->met.ms;
	size_t i;

	for (i = 0; i < tale->count; i++) {
		int64_t ms = ms_of(tale, i);

		if (ms > met + BLUR_MS)
			continue;
		if (after[tale->events[i]->what] == tale->past->met)
			return i;
		if (ms < met - BLUR_MS)
			break;
	}
	return tale->count;
}

/* It is still in the state in which it was met. */
static bool is_as_met(const struct tale *tale)
{
	const struct sighting *sight = &tale->slot->entry.sight[tale->kind];

	return sight->how == SIGHT_BEFORE && sight->since.ms == tale->slot->met.ms &&
	       tale->op->phase == tale->past->met;
}

static void learn_since(const struct tale *tale, size_t begin)
{
	struct sighting *sight = &tale->slot->entry.sight[tale->kind];
	struct past *past = tale->past;
	struct moment since;

	if (begin == tale->count || ms_of(tale, begin) > tale->slot->met.ms || !is_as_met(tale))
		return;
	since = moment_of(tale, begin);
	past->run = since;
	past->run_known = past->met == OP_RUNNING;
	/* what is at 0 % has stood there from the beginning */
	if (past->met == OP_RUNNING && past->unmoved && sight->moved_to == 0)
		sight->moved = since;
	sight->since = since;
	sight->how = SIGHT_LOGGED;
}

/* How far back the failures go that no success ended. */
struct failures {
	size_t count;
	size_t oldest;	   /* index of the first of them; only when count > 0 */
	bool bounded;	   /* they are known to begin there: a success stands before them */
	int64_t success_s; /* that success, or the creation */
};

static size_t first_of_series(const struct tale *tale, size_t begin)
{
	size_t i;

	if (begin < tale->count)
		return tale->past->met == OP_RUNNING ? begin + 1 : begin;
	for (i = 0; i < tale->count; i++)
		if (ms_of(tale, i) <= tale->slot->met.ms)
			break;
	return i;
}

/* The newest success that the record itself tells of, or its creation when there was none. */
static bool find_record(const struct tale *tale, int64_t *success_s)
{
	const struct bdb *bdb = tale->slot->entry.bdb;

	if (tale->op->last_seen == SEEN_GIVEN) {
		*success_s = tale->op->last_ok_s;
		return true;
	}
	*success_s = bdb->created_s;
	return bdb->created_seen == SEEN_GIVEN &&
	       (tale->op->last_seen == SEEN_ABSENT || tale->op->last_seen == SEEN_NULL);
}

static struct failures count_failures(const struct tale *tale, size_t begin)
{
	struct failures failures = { .count = 0 };
	bool recorded = find_record(tale, &failures.success_s);
	size_t i;

	for (i = first_of_series(tale, begin); i < tale->count; i++) {
		const struct event *event = tale->events[i];

		if (recorded && event->time_s <= failures.success_s)
			break;
		if (event->what == EVENT_SUCCEEDED) {
			failures.success_s = event->time_s;
			failures.bounded = true;
			return failures;
		}
		if (event->what != EVENT_FAILED)
			continue;
		failures.count++;
		failures.oldest = i;
	}
	failures.bounded = recorded && failures.success_s >= tale->whole_s;
	return failures;
}

/* A log keeps only so many events of a type and object: a first try long after it was due is not
 * the first. */
static bool is_first_missing(const struct tale *tale, const struct failures *failures)
{
	const struct bdb *bdb = tale->slot->entry.bdb;
	size_t first = failures->oldest;
	int64_t waited_s, slack_s;

	if (tale->kind != OP_BACKUP || bdb->every_seen != SEEN_GIVEN || bdb->backup_every_s <= 0)
		return false;
	if (first + 1 < tale->count && tale->events[first + 1]->what == EVENT_STARTED)
		first++;
	slack_s = bdb->backup_every_s / (100 / DUE_PERCENT);
	if (slack_s < DUE_LEAST_S)
		slack_s = DUE_LEAST_S;
	waited_s = time_subtract(tale->events[first]->time_s, failures->success_s);
	return time_subtract(waited_s, slack_s) > bdb->backup_every_s;
}

/* Failures that were seen here after the first look may stand in the log as well. */
static bool is_told_twice(const struct tale *tale)
{
	size_t i;

	for (i = 0; i < tale->count && ms_of(tale, i) > tale->slot->met.ms; i++)
		if (tale->events[i]->what == EVENT_FAILED)
			return true;
	return false;
}

static void learn_series(const struct tale *tale, size_t begin)
{
	struct failures failures = count_failures(tale, begin);
	struct past *past = tale->past;
	struct series *series = &past->series;
	unsigned seen = past->in_series ? series->failures : 0;
	bool met_failed = past->met == OP_FAILED;

	/* a failure that was met and that the log lacks: it lacks others, perhaps */
	past->origin = failures.bounded && (!met_failed || (failures.count && begin < tale->count));
	if (!failures.count)
		return;
	if (is_first_missing(tale, &failures))
		past->origin = false;
	if (seen > (met_failed ? 1 : 0) && is_told_twice(tale))
		past->counted = false;
	if (!past->in_series) {
		*series = (struct series){ .failures = 0 };
		/* an event tells no reason; what the cluster left over is that of the newest */
		sight_reason(series, tale->op);
	}
	past->in_series = true;
	if (met_failed && seen && begin < tale->count)
		seen--;
	series->failures = seen + (unsigned)failures.count;
	series->first = moment_of(tale, failures.oldest);
	series->how = past->origin ? SIGHT_LOGGED : SIGHT_BEFORE;
}

static void learn_usual(const struct tale *tale)
{
	size_t i = tale->count;
	int64_t started_s = -1;

	while (i--) {
		const struct event *event = tale->events[i];

		if (ms_of(tale, i) > tale->slot->met.ms)
			return;
		if (event->what == EVENT_SUCCEEDED && started_s >= 0)
			sight_ran(tale->slot, tale->kind, event->time_s - started_s);
		started_s = event->what == EVENT_STARTED ? event->time_s : -1;
	}
}

static void learn(const struct tale *tale)
{
	struct past *past = tale->past;
	size_t begin;

	if (past->learnt)
		return;
	past->learnt = true;
	begin = find_begin(tale);
	learn_usual(tale);
	learn_since(tale, begin);
	if (!past->ended && (past->met == OP_FAILED || past->met == OP_RUNNING))
		learn_series(tale, begin);
	sight_show(tale->slot, tale->kind);
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
static const struct event **sort_out(const struct facts *facts, size_t *count)
{
	const struct event **sorted = malloc((facts->event_count + 1) * sizeof(*sorted));
	size_t i;

	*count = 0;
	for (i = 0; sorted && i < facts->event_count; i++)
		if (facts->events[i].what != EVENT_OTHER && is_time(facts->events[i].time_s))
			sorted[(*count)++] = &facts->events[i];
	if (*count)
		qsort(sorted, *count, sizeof(*sorted), by_operation);
	return sorted;
}

/* How many of the events from here on are of this operation, and how many of those of this
 * database: an older one may have had its uid. */
static size_t take(struct tale *tale, const struct event *const *events, size_t count)
{
	const struct bdb *bdb = tale->slot->entry.bdb;
	size_t same = 0;

	tale->events = events;
	tale->count = 0;
	while (same < count && events[same]->uid == bdb->uid && events[same]->kind == tale->kind) {
		if (bdb->created_seen != SEEN_GIVEN || events[same]->time_s >= bdb->created_s)
			tale->count = same + 1;
		same++;
	}
	return same;
}

static void learn_slot(struct slot *slot, struct tale *tale, const struct event *const **next,
		       const struct event *const *end)
{
	int kind;

	while (*next < end && (**next)->uid < slot->uid)
		(*next)++;
	for (kind = 0; kind < OP_KINDS; kind++) {
		tale->slot = slot;
		tale->kind = (enum op_kind)kind;
		tale->op = &slot->entry.bdb->op[kind];
		tale->past = &slot->past[kind];
		*next += take(tale, *next, (size_t)(end - *next));
		learn(tale);
	}
}

void roster_learn(struct roster *roster, const struct facts *facts, int64_t from_s,
		  struct moment now)
{
	struct tale tale = { .whole_s = from_s, .now = now };
	size_t i, count;
	const struct event **sorted = sort_out(facts, &count);
	const struct event *const *next = sorted;

	if (!sorted)
		return;
	/* of the second of the oldest one some may be missing */
	if (facts->cut && facts->event_count)
		tale.whole_s = facts->events[facts->event_count - 1].time_s + 1;
	for (i = 0; i < roster->count; i++)
		learn_slot(roster->slots[i], &tale, &next, sorted + count);
	free(sorted);
}
