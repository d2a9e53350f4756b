#include "bdbtop/core/due.h"

/* An interval above this is none that anybody set, and the sums stay small. */
#define LONGEST_S (INT64_C(200) * 366 * 86400)

static bool is_missing(enum seen seen)
{
	return seen == SEEN_ABSENT || seen == SEEN_NULL;
}

/* The time from which the interval counts. */
static bool find_start(const struct bdb *bdb, struct due *due, int64_t *start_s)
{
	const struct op *op = &bdb->op[OP_BACKUP];

	if (op->last_seen == SEEN_GIVEN) {
		*start_s = op->last_ok_s;
		return true;
	}
	due->never = is_missing(op->last_seen);
	*start_s = bdb->created_s;
	return due->never && bdb->created_seen == SEEN_GIVEN;
}

void due_backup(const struct bdb *bdb, int64_t now_s, struct due *due)
{
	int64_t start_s, late_s, bearable_s;

	*due = (struct due){ .planned = false };
	if (bdb->backup_seen != SEEN_GIVEN || !bdb->backup)
		return;
	if (!find_start(bdb, due, &start_s) || bdb->every_seen != SEEN_GIVEN ||
	    bdb->backup_every_s <= 0 || bdb->backup_every_s > LONGEST_S)
		return;
	due->planned = true;
	due->due_s = start_s + bdb->backup_every_s;
	bearable_s = bdb->backup_every_s / (100 / DUE_PERCENT);
	if (bearable_s < DUE_LEAST_S)
		bearable_s = DUE_LEAST_S;
	late_s = now_s - due->due_s;
	if (late_s <= bearable_s || bdb->op[OP_BACKUP].phase == OP_RUNNING)
		return;
	due->late = true;
	due->late_s = late_s;
	due->missed = (now_s - start_s) / bdb->backup_every_s;
}
