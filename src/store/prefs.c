#include "bdbtop/store/prefs.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/text.h"
#include "bdbtop/store/paths.h"

#define SORT_FIELD   "sort="
#define FILTER_FIELD "filter="
#define CLUSTERS_MAX 200

/* The next line and its length without the newline, or NULL. */
static const char *next_line(const char **text, size_t *length)
{
	const char *line = *text;

	if (!*line)
		return NULL;
	*length = strcspn(line, "\n");
	*text = line + *length + (line[*length] == '\n');
	return line;
}

static bool is_of_cluster(const char *line, size_t length, const char *cluster)
{
	size_t name = strlen(cluster);

	return length > name && !memcmp(line, cluster, name) && line[name] == '\t';
}

/* True when there is no control byte: no saved value contains one. */
static bool has_no_control_byte(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return false;
	return true;
}

/* Copies the value of `key` from the fields of a line; "" if it is missing, too long or invalid. */
static void read_field(const char *line, size_t length, const char *key, char *out, size_t size)
{
	size_t key_length = strlen(key);
	const char *at = line, *end = line + length, *field_end;

	*out = '\0';
	for (; at < end; at = field_end + 1) {
		field_end = memchr(at, '\t', (size_t)(end - at));
		if (!field_end)
			field_end = end;
		if ((size_t)(field_end - at) < key_length || memcmp(at, key, key_length) != 0)
			continue;
		at += key_length;
		if ((size_t)(field_end - at) < size) {
			memcpy(out, at, (size_t)(field_end - at));
			out[field_end - at] = '\0';
			if (!has_no_control_byte(out))
				*out = '\0';
		}
		return;
	}
}

static int file_init(struct paths_file *file, const char *state_home, const char *home)
{
	*file = (struct paths_file){ .subject = "The file of saved filters",
				     .predicate = "cannot be saved" };
	return paths_init(file, "prefs", state_home, home);
}

static void find_prefs(const char *text, const char *cluster, struct prefs *prefs)
{
	const char *line;
	size_t length;

	while ((line = next_line(&text, &length)) != NULL)
		if (is_of_cluster(line, length, cluster)) {
			line += strlen(cluster) + 1;
			length -= strlen(cluster) + 1;
			read_field(line, length, SORT_FIELD, prefs->sort, sizeof(prefs->sort));
			read_field(line, length, FILTER_FIELD, prefs->filter,
				   sizeof(prefs->filter));
		}
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

void prefs_read(const char *state_home, const char *home, const char *cluster, struct prefs *prefs)
{
	struct paths_file file;
	char *text;

	*prefs = (struct prefs){ .filter = "" };
	if (file_init(&file, state_home, home) < 0)
		return;
	text = paths_read(&file, NULL);
	if (text)
		find_prefs(text, cluster, prefs);
	update_words(prefs->filter);
	free(text);
	paths_release(&file);
}

/* The argument of edit(). */
struct prefs_edit {
	const char *cluster;
	const struct prefs *prefs;
};

static size_t count_others(const char *text, const char *cluster)
{
	const char *line;
	size_t length, count = 0;

	while ((line = next_line(&text, &length)) != NULL)
		count += length && !is_of_cluster(line, length, cluster);
	return count;
}

static void write_line(FILE *out, const struct prefs_edit *change)
{
	if (!*change->prefs->sort && !*change->prefs->filter)
		return;
	fputs(change->cluster, out);
	if (*change->prefs->sort)
		fprintf(out, "\t" SORT_FIELD "%s", change->prefs->sort);
	if (*change->prefs->filter)
		fprintf(out, "\t" FILTER_FIELD "%s", change->prefs->filter);
	fputc('\n', out);
}

/* Writes the newest line last and drops the oldest lines. */
static int edit(void *arg, const char *old, FILE *fresh, struct err *err)
{
	const struct prefs_edit *change = arg;
	size_t others = count_others(old, change->cluster), length;
	struct prefs existing = { .filter = "" };
	const char *line;

	(void)err;
	find_prefs(old, change->cluster, &existing);
	if (!strcmp(existing.filter, change->prefs->filter) &&
	    !strcmp(existing.sort, change->prefs->sort))
		return 1;
	while ((line = next_line(&old, &length)) != NULL)
		if (length && !is_of_cluster(line, length, change->cluster) &&
		    others-- < CLUSTERS_MAX)
			fprintf(fresh, "%.*s\n", (int)length, line);
	write_line(fresh, change);
	return 0;
}

int prefs_save(const char *state_home, const char *home, const char *cluster,
	       const struct prefs *prefs, struct err *err)
{
	struct prefs_edit change = { cluster, prefs };
	struct paths_file file;
	char safe[160];
	int rc;

	if (!*cluster || !has_no_control_byte(cluster) || !has_no_control_byte(prefs->filter) ||
	    !has_no_control_byte(prefs->sort)) {
		err_set(err, ERR_FINAL,
			"The filter and the sort order of %s were not saved: they contain a "
			"control character.",
			text_safe(safe, sizeof(safe), cluster, false));
		return -1;
	}
	if (file_init(&file, state_home, home) < 0) {
		err_set(err, ERR_RETRY,
			"The filter and the sort order of %s were not saved: out of memory.",
			text_safe(safe, sizeof(safe), cluster, false));
		return -1;
	}
	rc = paths_update(&file, edit, &change, err);
	paths_release(&file);
	return rc;
}
