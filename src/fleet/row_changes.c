/*
 * Which rows changed, so that a front end looks at these only.
 */
#include "cluster_internal.h"

#include <stdlib.h>

#include "bdbtop/core/array.h"

/* Beyond that, it is not much faster to look at some rows than at all. */
#define ROW_CHANGES_MAX 8192

void cluster_mark_rows_changed(struct cluster *c)
{
	c->row_changes.count = 0;
	c->row_changes.base_revision = ++c->status.rows_revision;
	cluster_mark_changed(c);
}

void cluster_mark_row_changed(struct cluster *c, int64_t uid)
{
	struct row_changes *changes = &c->row_changes;

	/* whoever knows all changes up to now needs none of them */
	if (changes->count == ROW_CHANGES_MAX) {
		changes->count = 0;
		changes->base_revision = c->status.rows_revision;
	}
	if (!ARRAY_APPEND(changes->uids, changes->count, changes->capacity, ROW_CHANGES_MAX, uid))
		cluster_mark_rows_changed(c);
	c->status.rows_revision++;
	cluster_mark_changed(c);
}

bool cluster_row_changes(const struct cluster *c, uint64_t since, const int64_t **uids,
			 size_t *count)
{
	const struct row_changes *changes = &c->row_changes;

	*uids = NULL;
	*count = 0;
	if (since < changes->base_revision)
		return false;
	*count = c->status.rows_revision - since;
	if (*count)
		*uids = changes->uids + (since - changes->base_revision);
	return true;
}

void row_changes_release(struct cluster *c)
{
	free(c->row_changes.uids);
}
