#include "bdbtop/core/transitions.h"

#include "bdbtop/core/array.h"

const struct transition_def transition_defs[TRANSITION_KINDS] = {
	[TRANSITION_STARTED] = { "started", 0 },
	[TRANSITION_FAILED] = { "failed", 5 },
	[TRANSITION_FAILED_AGAIN] = { "failed again", 6 },
	[TRANSITION_RECOVERED] = { "recovered", 2 },
	[TRANSITION_STALLED] = { "stalled", 4 },
	[TRANSITION_NEW] = { "new", 1 },
	[TRANSITION_GONE] = { "gone", 3 },
};

struct op_change {
	const struct op_finding *before, *after;
};

static bool was_reported(const struct op_finding *op)
{
	return op->phase != OP_NOT_REQUESTED && op->phase != OP_UNREADABLE;
}

static bool is_first_failure(const struct op_change *change)
{
	return change->after->phase == OP_FAILED && change->after->in_streak &&
	       !change->before->in_streak;
}

static bool is_failing(const struct op_change *change)
{
	return is_first_failure(change) && !change->after->cleared;
}

static bool is_failing_again(const struct op_change *change)
{
	return is_first_failure(change) && change->after->cleared;
}

/* Only once per run, however often it moves and stops again. */
static bool is_stalling(const struct op_change *change)
{
	return change->after->verdict == VERDICT_STALLED && !change->before->stuck;
}

/* A streak that no reset from here ended was ended by a success, observed or not. */
static bool is_recovering(const struct op_change *change)
{
	const struct op_finding *before = change->before, *after = change->after;

	if (before->in_streak)
		return !after->in_streak && !after->cleared && after->phase != OP_FAILED;
	return before->stuck && after->phase == OP_SUCCEEDED;
}

static bool is_starting(const struct op_change *change)
{
	return change->after->phase == OP_RUNNING && !change->after->retrying &&
	       change->before->phase != OP_RUNNING && was_reported(change->before);
}

/* The first that matches counts. */
static const struct {
	bool (*matches)(const struct op_change *);
	enum transition_kind kind;
} transition_rules[] = {
	{ is_failing, TRANSITION_FAILED },   { is_failing_again, TRANSITION_FAILED_AGAIN },
	{ is_stalling, TRANSITION_STALLED }, { is_recovering, TRANSITION_RECOVERED },
	{ is_starting, TRANSITION_STARTED },
};

static size_t detect_op(const struct op_change *change, enum op_kind kind, struct transition *out)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(transition_rules); i++)
		if (transition_rules[i].matches(change)) {
			*out = (struct transition){ transition_rules[i].kind, kind };
			return 1;
		}
	return 0;
}

size_t transitions_detect(const struct finding *before, const struct finding *after,
			  struct transition out[TRANSITIONS_MAX])
{
	size_t count = 0;
	int kind;

	if (before && after && before->generation == after->generation) {
		for (kind = 0; kind < OP_KINDS; kind++) {
			const struct op_change change = { &before->op[kind], &after->op[kind] };

			count += detect_op(&change, (enum op_kind)kind, &out[count]);
		}
		return count;
	}
	if (before)
		out[count++] = (struct transition){ .kind = TRANSITION_GONE };
	if (after)
		out[count++] = (struct transition){ .kind = TRANSITION_NEW };
	return count;
}
