/*
 * The progress of running operations, taken over from an earlier run of the program and saved for
 * the next one.
 */
#include "cluster_internal.h"

void progress_resume(struct cluster *c)
{
	struct cluster_status *status = &c->status;
	struct saved_progress saved;

	if (!c->setup.progress || progress_file_read(c->setup.progress, c->setup.host, &saved,
						     &status->progress_error) < 0)
		return;
	status->progress_seen_s = saved.seen_s;
	roster_resume(c->roster, &saved, status->list_at);
	saved_progress_release(&saved);
}

int cluster_save_progress(const struct cluster *c, struct moment now, struct err *err)
{
	struct saved_progress saved;
	int rc;

	if (!c->setup.progress || !c->status.has_list)
		return 0;
	if (roster_save_progress(c->roster, c->status.list_at, &saved) < 0)
		return err_set(err, ERR_RETRY,
			       "The progress of running operations was not saved: out of memory.");
	rc = progress_file_save(c->setup.progress, c->setup.host, &saved, now.wall_ms / 1000, err);
	saved_progress_release(&saved);
	return rc;
}
