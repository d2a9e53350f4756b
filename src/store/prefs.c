#include "bdbtop/store/prefs.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/text.h"
#include "lines.h"

#define SORT_FIELD	 "sort="
#define TIMES_FIELD	 "times="
#define RECENT_FIELD	 "recent="
#define OLD_FILTER_FIELD "filter=" /* of release 0.1 */
#define CLUSTERS_MAX	 200

static bool is_of_cluster(const char *line, const char *cluster)
{
	size_t name = strlen(cluster);

	return !strncmp(line, cluster, name) && line[name] == '\t';
}

/* Sets a value that begins with its key; "" if it is too long or invalid. */
static void read_field(const char *field, const char *key, char *out, size_t size)
{
	size_t length = strlen(key);

	if (strncmp(field, key, length) != 0)
		return;
	*out = '\0';
	if (strlen(field + length) < size && lines_accept(field + length, ' '))
		strcpy(out, field + length);
}

static int file_init(struct paths_file *file, const char *state_home, const char *home)
{
	*file = (struct paths_file){ .subject = "The file of preferences",
				     .predicate = "cannot be saved" };
	return paths_init(file, "prefs", state_home, home);
}

static size_t recent_count(const struct prefs *prefs)
{
	size_t count = 0;

	while (count < PREFS_RECENT && *prefs->recent[count])
		count++;
	return count;
}

/* The first release called this state by another word. */
static void update_words(char *filter)
{
	static const char old[] = ":doubtful", word[] = ":suspect";
	char *at = filter;

	while ((at = strstr(at, old))) {
		memcpy(at, word, strlen(word));
		memmove(at + strlen(word), at + strlen(old), strlen(at + strlen(old)) + 1);
	}
}

static void read_recent(const char *field, const char *key, struct prefs *prefs)
{
	size_t count = recent_count(prefs);

	if (count == PREFS_RECENT)
		return;
	read_field(field, key, prefs->recent[count], sizeof(prefs->recent[count]));
	update_words(prefs->recent[count]);
}

static void read_fields(char *fields, struct prefs *prefs)
{
	char *field;

	while ((field = strsep(&fields, "\t"))) {
		read_field(field, SORT_FIELD, prefs->sort, sizeof(prefs->sort));
		read_field(field, TIMES_FIELD, prefs->times, sizeof(prefs->times));
		read_recent(field, RECENT_FIELD, prefs);
		read_recent(field, OLD_FILTER_FIELD, prefs);
	}
}

/* Splits the text in place. */
static void find_prefs(char *text, const char *cluster, struct prefs *prefs)
{
	char *line;

	*prefs = (struct prefs){ .sort = "" };
	while ((line = lines_next(&text)))
		if (is_of_cluster(line, cluster)) {
			*prefs = (struct prefs){ .sort = "" };
			read_fields(line + strlen(cluster) + 1, prefs);
		}
}

void prefs_read(const char *state_home, const char *home, const char *cluster, struct prefs *prefs)
{
	struct paths_file file;
	char *text;

	*prefs = (struct prefs){ .sort = "" };
	if (file_init(&file, state_home, home) < 0)
		return;
	text = paths_read(&file, NULL);
	find_prefs(text, cluster, prefs);
	free(text);
	paths_release(&file);
}

/* The argument of edit(). */
struct prefs_edit {
	const struct paths_file *file;
	const char *cluster;
	const struct prefs *prefs;
};

static bool is_empty(const struct prefs *prefs)
{
	return !*prefs->sort && !*prefs->times && !recent_count(prefs);
}

static void write_line(FILE *out, const struct prefs_edit *change)
{
	const struct prefs *prefs = change->prefs;
	size_t i;

	if (is_empty(prefs))
		return;
	fputs(change->cluster, out);
	if (*prefs->sort)
		fprintf(out, "\t" SORT_FIELD "%s", prefs->sort);
	if (*prefs->times)
		fprintf(out, "\t" TIMES_FIELD "%s", prefs->times);
	for (i = 0; i < recent_count(prefs); i++)
		fprintf(out, "\t" RECENT_FIELD "%s", prefs->recent[i]);
	fputc('\n', out);
}

static bool is_same(const struct prefs *a, const struct prefs *b)
{
	size_t i, count = recent_count(a);

	if (strcmp(a->sort, b->sort) != 0 || strcmp(a->times, b->times) != 0 ||
	    recent_count(b) != count)
		return false;
	for (i = 0; i < count; i++)
		if (strcmp(a->recent[i], b->recent[i]) != 0)
			return false;
	return true;
}

static bool is_other(void *arg, const char *line)
{
	const struct prefs_edit *change = arg;

	return *line && !is_of_cluster(line, change->cluster);
}

/* Writes the newest line last and drops the oldest lines. */
static int edit(void *arg, const char *old, FILE *fresh, struct err *err)
{
	const struct prefs_edit *change = arg;
	struct prefs existing;
	char *text = strdup(old);

	if (!text)
		return paths_set_errno_error(change->file, ENOMEM, err);
	find_prefs(text, change->cluster, &existing);
	free(text);
	if (is_same(&existing, change->prefs))
		return 1;
	if (lines_copy(fresh, old, CLUSTERS_MAX - 1, is_other, arg) < 0)
		return paths_set_errno_error(change->file, ENOMEM, err);
	write_line(fresh, change);
	return 0;
}

static bool is_acceptable(const char *cluster, const struct prefs *prefs)
{
	size_t i;

	for (i = 0; i < recent_count(prefs); i++)
		if (!lines_accept(prefs->recent[i], ' '))
			return false;
	return *cluster && lines_accept(cluster, ' ') && lines_accept(prefs->sort, ' ') &&
	       lines_accept(prefs->times, ' ');
}

int prefs_save(const char *state_home, const char *home, const char *cluster,
	       const struct prefs *prefs, struct err *err)
{
	struct paths_file file;
	struct prefs_edit change = { &file, cluster, prefs };
	char safe[160];
	int rc;

	if (!is_acceptable(cluster, prefs))
		return err_set(err, ERR_FINAL,
			       "The preferences of %s were not saved: they contain a control "
			       "character.",
			       text_safe(safe, sizeof(safe), cluster, false));
	if (file_init(&file, state_home, home) < 0)
		return err_set(err, ERR_RETRY,
			       "The preferences of %s were not saved: out of memory.",
			       text_safe(safe, sizeof(safe), cluster, false));
	rc = paths_update(&file, edit, &change, err);
	paths_release(&file);
	return rc;
}
