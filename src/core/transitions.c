#include "bdbtop/core/transitions.h"

const struct transition_def transition_defs[TRANSITION_KINDS] = {
	[TRANSITION_STARTED] = { "started", 0 },
	[TRANSITION_FAILED] = { "failed", 5 },
	[TRANSITION_FAILED_AGAIN] = { "failed again", 6 },
	[TRANSITION_RECOVERED] = { "recovered", 2 },
	[TRANSITION_STALLED] = { "stalled", 4 },
	[TRANSITION_NEW] = { "new", 1 },
	[TRANSITION_GONE] = { "gone", 3 },
};

static bool was_reported(const struct op_finding *op)
{
	return op->phase != OP_NOT_REQUESTED && op->phase != OP_UNREADABLE;
}

/* A streak that no reset from here ended was ended by a success, observed or not. */
static bool is_recovering(const struct op_finding *before, const struct op_finding *after)
{
	if (before->in_streak)
		return !after->in_streak && !after->cleared && after->phase != OP_FAILED;
	return before->stuck && after->phase == OP_SUCCEEDED;
}

static bool is_starting(const struct op_finding *before, const struct op_finding *after)
{
	return after->phase == OP_RUNNING && !after->retrying && before->phase != OP_RUNNING &&
	       was_reported(before);
}

/* Returns whether there is one; the first that matches counts. */
static bool detect_op(const struct op_finding *before, const struct op_finding *after,
		      enum transition_kind *kind)
{
	if (after->phase == OP_FAILED && after->in_streak && !before->in_streak)
		*kind = after->cleared ? TRANSITION_FAILED_AGAIN : TRANSITION_FAILED;
	else if (after->verdict == VERDICT_STALLED && !before->stuck)
		*kind = TRANSITION_STALLED; /* once per run, however often it moves and stops */
	else if (is_recovering(before, after))
		*kind = TRANSITION_RECOVERED;
	else if (is_starting(before, after))
		*kind = TRANSITION_STARTED;
	else
		return false;
	return true;
}

size_t transitions_detect(const struct finding *before, const struct finding *after,
			  struct transition out[TRANSITIONS_MAX])
{
	size_t count = 0;
	int kind;

	if (before && after && before->generation == after->generation) {
		for (kind = 0; kind < OP_KINDS; kind++)
			if (detect_op(&before->op[kind], &after->op[kind], &out[count].kind))
				out[count++].op_kind = (enum op_kind)kind;
		return count;
	}
	if (before)
		out[count++] = (struct transition){ .kind = TRANSITION_GONE };
	if (after)
		out[count++] = (struct transition){ .kind = TRANSITION_NEW };
	return count;
}
