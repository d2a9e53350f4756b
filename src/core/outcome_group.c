#include "bdbtop/core/outcome_group.h"

#include <string.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"

const char *const outcome_group_words[OUTCOME_GROUPS] = {
	[GROUP_NONE] = "",
	[GROUP_CLEARED] = "cleared",
	[GROUP_UNCHANGED] = "unchanged",
	[GROUP_NOT_CONFIRMED] = "not_confirmed",
	[GROUP_NOTHING_TO_RESET] = "nothing_to_reset",
	[GROUP_NOT_SENT] = "not_sent",
	[GROUP_CANCELLED] = "cancelled",
	[GROUP_REFUSED] = "refused",
	[GROUP_BUSY] = "busy",
	[GROUP_GONE] = "gone",
	[GROUP_NO_ANSWER] = "no_answer",
};

/* After a 200 only the reads that follow it decide. */
static const enum outcome_group groups[] = {
	[OUTCOME_NONE] = GROUP_NONE,
	[OUTCOME_DECLINED] = GROUP_NOT_SENT,
	[OUTCOME_SUPERSEDED] = GROUP_NOT_SENT,
	[OUTCOME_NOTHING_TO_RESET] = GROUP_NOTHING_TO_RESET,
	[OUTCOME_IDLE_NOT_BY_US] = GROUP_NOTHING_TO_RESET,
	[OUTCOME_IDLE_BEFORE_REASON_KEPT] = GROUP_NOT_SENT,
	[OUTCOME_SKIPPED] = GROUP_NOT_SENT,
	[OUTCOME_DROPPED] = GROUP_NOT_SENT,
	[OUTCOME_CANNOT_READ] = GROUP_NOT_SENT,
	[OUTCOME_CANCELLED] = GROUP_CANCELLED,
	[OUTCOME_ASLEEP] = GROUP_CANCELLED,
	[OUTCOME_STOPPED] = GROUP_CANCELLED,
	[OUTCOME_CLEARED] = GROUP_CLEARED,
	[OUTCOME_REASON_KEPT] = GROUP_UNCHANGED,
	[OUTCOME_RUNNING] = GROUP_UNCHANGED,
	[OUTCOME_MOVED] = GROUP_UNCHANGED,
	[OUTCOME_UNCHANGED] = GROUP_UNCHANGED,
	[OUTCOME_OTHER_BDB] = GROUP_GONE,
	[OUTCOME_THEN_GONE] = GROUP_GONE,
	[OUTCOME_NOT_CONFIRMED] = GROUP_NOT_CONFIRMED,
	[OUTCOME_REFUSED_307] = GROUP_REFUSED,
	[OUTCOME_REFUSED_401] = GROUP_REFUSED,
	[OUTCOME_REFUSED_403] = GROUP_REFUSED,
	[OUTCOME_GONE] = GROUP_GONE,
	[OUTCOME_PATH_UNKNOWN] = GROUP_REFUSED,
	[OUTCOME_STILL_LISTED] = GROUP_REFUSED,
	[OUTCOME_REFUSED_406] = GROUP_REFUSED,
	[OUTCOME_GAVE_UP] = GROUP_BUSY,
	[OUTCOME_REFUSED_OTHER] = GROUP_REFUSED,
	[OUTCOME_UNSENT] = GROUP_NOT_SENT,
	[OUTCOME_NO_ANSWER] = GROUP_NO_ANSWER,
	[OUTCOME_UNKNOWN] = GROUP_NO_ANSWER,
};

enum outcome_group outcome_group_of(enum reset_outcome outcome)
{
	return groups[outcome];
}

enum outcome_group outcome_group_find(const char *word)
{
	int group;

	for (group = GROUP_NONE + 1; group < OUTCOME_GROUPS; group++)
		if (!strcmp(word, outcome_group_words[group]))
			return (enum outcome_group)group;
	return GROUP_NONE;
}

/* The first that fits. */
static const struct {
	const char *prefix;
	enum outcome_group group;
} beginnings[] = {
	{ "cleared", GROUP_CLEARED },
	{ "idle now, not by us", GROUP_NOTHING_TO_RESET },
	{ "nothing to reset", GROUP_NOTHING_TO_RESET },
	{ "idle now, reason kept", GROUP_NOT_SENT },
	{ "not sent", GROUP_NOT_SENT },
	{ "no answer, not sent", GROUP_NOT_SENT },
	{ "cancelled", GROUP_CANCELLED },
	{ "stopped: ", GROUP_CANCELLED },
	{ "idle, reason kept", GROUP_UNCHANGED },
	{ "accepted, not confirmed", GROUP_NOT_CONFIRMED },
	{ "accepted, then ", GROUP_GONE },
	{ "accepted, ", GROUP_UNCHANGED },
	{ "409 busy, gave up", GROUP_BUSY },
	{ "404 gone", GROUP_GONE },
	{ "404", GROUP_REFUSED },
	{ "no answer", GROUP_NO_ANSWER },
	{ "may have been carried out", GROUP_NO_ANSWER },
};

enum outcome_group outcome_group_of_text(const char *text)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(beginnings); i++)
		if (text_has_prefix(text, beginnings[i].prefix))
			return beginnings[i].group;
	/* a status code: a comma after it leads to what a read showed after an answer that says
	 * nothing, as after none */
	if (strspn(text, "0123456789") != 3)
		return GROUP_NONE;
	return text[3] == ',' ? GROUP_NO_ANSWER : GROUP_REFUSED;
}
