#include "bdbtop/core/due.h"

#include "bdbtop/core/time.h"

/* No user sets a longer interval, and with this limit the sums cannot overflow. */
#define INTERVAL_MAX_S	(INT64_C(200) * 366 * 86400)
#define TOLERANCE_MIN_S 900

int64_t backup_tolerance_s(int64_t interval_s)
{
	int64_t tenth_s = interval_s / 10;

	return tenth_s < TOLERANCE_MIN_S ? TOLERANCE_MIN_S : tenth_s;
}

bool backup_is_scheduled(const struct bdb *bdb)
{
	return bdb->backup_enabled_presence == FIELD_PRESENT && bdb->backup_enabled &&
	       bdb->backup_interval_presence == FIELD_PRESENT && bdb->backup_interval_s > 0;
}

/* A database may be years older than its schedule.  The cluster does not report when the schedule
 * was switched on, but the last administrative change is not earlier. */
static bool find_first_start(const struct bdb *bdb, struct backup_due *due)
{
	bool created = bdb->created_presence == FIELD_PRESENT,
	     changed = bdb->changed_presence == FIELD_PRESENT;

	due->from_change = changed && (!created || bdb->changed_s > bdb->created_s);
	due->start_s = due->from_change ? bdb->changed_s : bdb->created_s;
	return (created || changed) && bdb->created_presence != FIELD_INVALID &&
	       bdb->changed_presence != FIELD_INVALID;
}

/* The time from which the interval counts. */
static bool find_start(const struct bdb *bdb, struct backup_due *due)
{
	const struct op *op = &bdb->op[OP_BACKUP];

	due->never_succeeded = op_never_succeeded(op, OP_BACKUP);
	if (due->never_succeeded)
		return find_first_start(bdb, due);
	due->start_s = op->last_success_s;
	return op->last_success_presence == FIELD_PRESENT;
}

void backup_due_compute(const struct bdb *bdb, int64_t now_s, struct backup_due *due)
{
	int64_t late_s;

	*due = (struct backup_due){ .has_due_time = false };
	if (bdb->backup_enabled_presence != FIELD_PRESENT || !bdb->backup_enabled)
		return;
	if (!find_start(bdb, due) || !backup_is_scheduled(bdb) ||
	    bdb->backup_interval_s > INTERVAL_MAX_S)
		return;
	due->has_due_time = true;
	due->due_s = time_add(due->start_s, bdb->backup_interval_s);
	late_s = time_subtract(now_s, due->due_s);
	if (late_s <= backup_tolerance_s(bdb->backup_interval_s) ||
	    bdb->op[OP_BACKUP].phase == OP_RUNNING)
		return;
	due->overdue = true;
	due->overdue_s = late_s;
	/* before the first success it is unknown how many were scheduled */
	if (!due->never_succeeded)
		due->missed_intervals = time_subtract(now_s, due->start_s) / bdb->backup_interval_s;
}
