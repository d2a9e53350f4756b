#include "bdbtop/store/progress.h"

#include <errno.h>
#include <stdlib.h>

#include "bdbtop/json/progress_text.h"
#include "bdbtop/store/paths.h"

struct progress_file {
	struct paths_file file;
};

struct progress_file *progress_file_new(const char *state_home, const char *home)
{
	static const struct paths_file words = { .subject = "The file of saved progress",
						 .predicate = "cannot be used",
						 .disposable = true };

	return (struct progress_file *)paths_new(&words, "progress.json", state_home, home);
}

void progress_file_free(struct progress_file *progress)
{
	paths_free((struct paths_file *)progress);
}

int progress_file_read(const struct progress_file *progress, const char *cluster,
		       struct saved_progress *out, struct err *err)
{
	char *text = paths_read(&progress->file, err);
	int rc;

	saved_progress_init(out);
	if (!text)
		return -1;
	rc = progress_text_read(text, cluster, out);
	free(text);
	if (!rc)
		return 0;
	return paths_set_error(&progress->file, "it is damaged",
			       "This run begins a new one; nothing needs to be done", err);
}

/* The argument of edit(). */
struct progress_edit {
	const struct progress_file *progress;
	const char *cluster;
	const struct saved_progress *saved;
	int64_t now_s;
};

static int edit(void *arg, const char *old, FILE *fresh, struct err *err)
{
	const struct progress_edit *change = arg;
	char *text = progress_text_replace(old, change->cluster, change->saved, change->now_s);

	if (!text)
		return paths_set_errno_error(&change->progress->file, ENOMEM, err);
	fputs(text, fresh);
	free(text);
	return 0;
}

int progress_file_save(const struct progress_file *progress, const char *cluster,
		       const struct saved_progress *saved, int64_t now_s, struct err *err)
{
	struct progress_edit change = { progress, cluster, saved, now_s };

	return paths_update(&progress->file, edit, &change, err);
}
