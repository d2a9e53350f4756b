#include "bdbtop/core/loss.h"

#include <stdio.h>

bool loss_is_time(int64_t loss_s)
{
	return loss_s >= 0 && loss_s != LOSS_NEVER;
}

bool loss_is_above(int64_t loss_s, int64_t limit_s)
{
	return loss_s >= 0 && loss_s > limit_s;
}

bool loss_start(const struct roster_entry *entry, int64_t *start_s)
{
	const struct bdb *bdb = entry->bdb;
	const struct op *backup = &bdb->op[OP_BACKUP];
	int64_t good_start_s = entry->op_since[OP_BACKUP].good_start_s;

	*start_s = good_start_s ? good_start_s : backup->last_success_s;
	return bdb->backup_enabled_presence == FIELD_PRESENT && bdb->backup_enabled &&
	       backup->last_success_presence == FIELD_PRESENT;
}

int64_t loss_window_s(const struct roster_entry *entry, int64_t now_s)
{
	const struct bdb *bdb = entry->bdb;
	const struct op *backup = &bdb->op[OP_BACKUP];
	int64_t start_s, loss_s;

	if (bdb->backup_enabled_presence == FIELD_NOT_REQUESTED ||
	    bdb->backup_enabled_presence == FIELD_INVALID)
		return LOSS_UNKNOWN;
	if (bdb->backup_enabled_presence != FIELD_PRESENT || !bdb->backup_enabled)
		return LOSS_NONE;
	if (op_never_succeeded(backup, OP_BACKUP))
		return LOSS_NEVER;
	if (!loss_start(entry, &start_s))
		return LOSS_UNKNOWN;
	loss_s = time_subtract(now_s, start_s);
	return loss_s > 0 ? loss_s : 0;
}

int64_t loss_by_age_s(const struct bdb *bdb, int64_t loss_s, int64_t now_s)
{
	int64_t age_s = time_subtract(now_s, bdb->created_s);

	if (loss_s != LOSS_NEVER || bdb->created_presence != FIELD_PRESENT)
		return loss_s;
	return age_s > 0 ? age_s : 0;
}

void loss_sum_init(struct loss_sum *sum)
{
	*sum = (struct loss_sum){ .worst_s = LOSS_UNKNOWN };
}

void loss_sum_add(struct loss_sum *sum, int64_t loss_s)
{
	sum->never += loss_s == LOSS_NEVER;
	sum->not_scheduled += loss_s == LOSS_NONE;
	if (loss_is_time(loss_s) && (!loss_is_time(sum->worst_s) || loss_s > sum->worst_s))
		sum->worst_s = loss_s;
	else if (loss_s == LOSS_NEVER && !loss_is_time(sum->worst_s))
		sum->worst_s = LOSS_NEVER;
}

void loss_format(char out[TIME_TEXT_SIZE], int64_t loss_s)
{
	if (loss_is_time(loss_s))
		time_format_age(out, loss_s);
	else
		snprintf(out, TIME_TEXT_SIZE, "%s", loss_s == LOSS_NEVER ? "never" : "-");
}
