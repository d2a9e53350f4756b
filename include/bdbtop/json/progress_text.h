/*
 * json/progress_text.h - the saved progress of several clusters as one text of JSON.
 */
#pragma once

#include "bdbtop/core/saved_progress.h"

/* Reads what is saved of a cluster (its host and port); empty if nothing is, also from "".  -1 and
 * empty: the text is damaged, or out of memory. */
int progress_text_read(const char *text, const char *cluster, struct saved_progress *out);

/*
 * Returns the text with the progress of a cluster, from malloc(); NULL when out of memory.  What is
 * older than SAVED_PROGRESS_S at now_s, or over a minute later than now_s, is dropped, and so is a
 * damaged text.  If the text has newer progress of this cluster, that stays: another run was
 * faster.  The clusters that were saved last stay, PROGRESS_CLUSTERS of them, with SAVED_OPS_MAX
 * operations together.
 */
#define PROGRESS_CLUSTERS 50
char *progress_text_replace(const char *text, const char *cluster, const struct saved_progress *,
			    int64_t now_s);
