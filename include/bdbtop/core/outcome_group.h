/*
 * core/outcome_group.h - the outcomes of resets in the groups that counts, the audit log and other
 * output for programs know.
 */
#pragma once

#include "bdbtop/core/reset.h"

enum outcome_group {
	GROUP_NONE, /* not ended, or not known */
	GROUP_CLEARED,
	GROUP_UNCHANGED,	/* accepted, but not cleared */
	GROUP_NOT_CONFIRMED,	/* accepted, and no read shows what followed */
	GROUP_NOTHING_TO_RESET, /* not sent: the read before the PUT shows it idle */
	GROUP_NOT_SENT,
	GROUP_CANCELLED,
	GROUP_REFUSED,
	GROUP_BUSY,
	GROUP_GONE,
	GROUP_NO_ANSWER,
	OUTCOME_GROUPS
};

/* Their words in the audit log and in output for programs: `no_answer`; "" for GROUP_NONE. */
extern const char *const outcome_group_words[OUTCOME_GROUPS];

enum outcome_group outcome_group_of(enum reset_outcome);
/* Finds the group of a word; GROUP_NONE if there is none. */
enum outcome_group outcome_group_find(const char *word);
/* The group by the text of a row, as lines of the audit log of bdbtop 0.1 have it alone;
 * GROUP_NONE if it says none. */
enum outcome_group outcome_group_of_text(const char *text);
