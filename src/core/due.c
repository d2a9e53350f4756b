#include "bdbtop/core/due.h"

#include "bdbtop/core/time.h"

/* An interval above this is none that anybody set, and the sums stay small. */
#define LONGEST_S (INT64_C(200) * 366 * 86400)

/* A database may be years older than its schedule.  When the schedule was switched on is not
 * reported, but the last administrative change is not earlier. */
static bool find_first_start(const struct bdb *bdb, struct due *due)
{
	bool created = bdb->created_seen == SEEN_GIVEN, changed = bdb->changed_seen == SEEN_GIVEN;

	due->from_change = changed && (!created || bdb->changed_s > bdb->created_s);
	due->start_s = due->from_change ? bdb->changed_s : bdb->created_s;
	return (created || changed) && bdb->created_seen != SEEN_WRONG &&
	       bdb->changed_seen != SEEN_WRONG;
}

/* The time from which the interval counts. */
static bool find_start(const struct bdb *bdb, struct due *due)
{
	const struct op *op = &bdb->op[OP_BACKUP];

	due->never = op_never_succeeded(op, OP_BACKUP);
	if (due->never)
		return find_first_start(bdb, due);
	due->start_s = op->last_ok_s;
	return op->last_seen == SEEN_GIVEN;
}

void due_backup(const struct bdb *bdb, int64_t now_s, struct due *due)
{
	int64_t late_s, bearable_s;

	*due = (struct due){ .planned = false };
	if (bdb->backup_seen != SEEN_GIVEN || !bdb->backup)
		return;
	if (!find_start(bdb, due) || bdb->every_seen != SEEN_GIVEN ||
	    bdb->backup_every_s <= 0 || bdb->backup_every_s > LONGEST_S)
		return;
	due->planned = true;
	due->due_s = time_add(due->start_s, bdb->backup_every_s);
	bearable_s = bdb->backup_every_s / (100 / DUE_PERCENT);
	if (bearable_s < DUE_LEAST_S)
		bearable_s = DUE_LEAST_S;
	late_s = time_subtract(now_s, due->due_s);
	if (late_s <= bearable_s || bdb->op[OP_BACKUP].phase == OP_RUNNING)
		return;
	due->late = true;
	due->late_s = late_s;
	/* which of them were planned before the first success is not known */
	if (!due->never)
		due->missed = time_subtract(now_s, due->start_s) / bdb->backup_every_s;
}
