#include "bdbtop/core/transitions.h"

const struct feed_def feed_defs[FEED_WORDS] = {
	[FEED_STARTED] = { "started", 0 },
	[FEED_FAILED] = { "failed", 5 },
	[FEED_FAILED_AGAIN] = { "failed again", 6 },
	[FEED_RECOVERED] = { "recovered", 2 },
	[FEED_STALLED] = { "stalled", 4 },
	[FEED_NEW] = { "new", 1 },
	[FEED_GONE] = { "gone", 3 },
};

struct step {
	const struct op_finding *before, *after;
};

static bool was_told(const struct op_finding *op)
{
	return op->phase != OP_NOT_ASKED && op->phase != OP_UNREADABLE;
}

static bool begins_to_fail(const struct step *step)
{
	return step->after->phase == OP_FAILED && step->after->in_series &&
	       !step->before->in_series;
}

static bool fails(const struct step *step)
{
	return begins_to_fail(step) && !step->after->cleared;
}

static bool fails_again(const struct step *step)
{
	return begins_to_fail(step) && step->after->cleared;
}

/* Of one run it is told once, however often it moves a little and stands still again. */
static bool stalls(const struct step *step)
{
	return step->after->verdict == VERDICT_STALLED && !step->before->stuck;
}

/* A series that no reset from here ended was ended by a success, seen or not. */
static bool recovers(const struct step *step)
{
	const struct op_finding *before = step->before, *after = step->after;

	if (before->in_series)
		return !after->in_series && !after->cleared && after->phase != OP_FAILED;
	return before->stuck && after->phase == OP_SUCCEEDED;
}

static bool starts(const struct step *step)
{
	return step->after->phase == OP_RUNNING && !step->after->retrying &&
	       step->before->phase != OP_RUNNING && was_told(step->before);
}

/* The first that is true is told. */
static const struct {
	bool (*is)(const struct step *);
	enum feed_word word;
} steps[] = {
	{ fails, FEED_FAILED },	      { fails_again, FEED_FAILED_AGAIN }, { stalls, FEED_STALLED },
	{ recovers, FEED_RECOVERED }, { starts, FEED_STARTED },
};

static size_t judge_op(const struct step *step, enum op_kind kind, struct feed_item *out)
{
	size_t i;

	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (steps[i].is(step)) {
			*out = (struct feed_item){ steps[i].word, kind };
			return 1;
		}
	return 0;
}

size_t feed_judge(const struct finding *before, const struct finding *after,
		  struct feed_item out[FEED_ITEMS])
{
	size_t count = 0;
	int kind;

	if (before && after && before->life == after->life) {
		for (kind = 0; kind < OP_KINDS; kind++) {
			const struct step step = { &before->op[kind], &after->op[kind] };

			count += judge_op(&step, (enum op_kind)kind, &out[count]);
		}
		return count;
	}
	if (before)
		out[count++] = (struct feed_item){ .word = FEED_GONE };
	if (after)
		out[count++] = (struct feed_item){ .word = FEED_NEW };
	return count;
}
