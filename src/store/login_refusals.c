#include "bdbtop/store/login_refusals.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/time.h"
#include "bdbtop/store/paths.h"

struct login_refusals {
	struct paths_file file;
};

struct login_refusals *login_refusals_new(const char *state_home, const char *home)
{
	struct login_refusals *refusals = calloc(1, sizeof(*refusals));

	if (!refusals)
		return NULL;
	refusals->file.subject = "The file of refused log-ins";
	refusals->file.predicate = "cannot be used";
	if (paths_init(&refusals->file, "refused", state_home, home) < 0) {
		free(refusals);
		return NULL;
	}
	return refusals;
}

void login_refusals_free(struct login_refusals *refusals)
{
	if (!refusals)
		return;
	paths_release(&refusals->file);
	free(refusals);
}

void login_refusals_command_id(char out[32], const char *command)
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (; *command; command++)
		hash = (hash ^ (unsigned char)*command) * 0x100000001b3u;
	snprintf(out, 32, "command:%016llx", (unsigned long long)hash);
}

/* Writes blanks, `%` and all bytes outside printable ASCII as %XX, so that a line always has four
 * words. */
static void write_field(FILE *out, const char *raw)
{
	for (; *raw; raw++)
		if ((unsigned char)*raw <= ' ' || (unsigned char)*raw >= 0x7f || *raw == '%')
			fprintf(out, "%%%02X", (unsigned)(unsigned char)*raw);
		else
			fputc(*raw, out);
}

/* ` HOST:PORT USER SOURCE`, to be freed; without HOST:PORT if that is NULL.  NULL when out of
 * memory. */
static char *make_fields(const struct refused_login *login)
{
	size_t length;
	char *words = NULL;
	FILE *out = open_memstream(&words, &length);

	if (!out)
		return NULL;
	if (login->host_port) {
		fputc(' ', out);
		write_field(out, login->host_port);
	}
	fputc(' ', out);
	write_field(out, login->user);
	fputc(' ', out);
	write_field(out, login->credential);
	if (fclose(out)) {
		free(words);
		words = NULL;
	}
	return words;
}

/* A line of the file; points into its text. */
struct refusal_entry {
	const char *fields; /* ` HOST:PORT USER SOURCE` */
	int64_t at_s;
};

/* The next valid line; false at the end. */
static bool next_entry(char **rest, struct refusal_entry *entry)
{
	char *line, *words;

	while ((line = strsep(rest, "\n"))) {
		char when[TIME_TEXT_SIZE];

		words = strchr(line, ' ');
		if (!words || words - line >= TIME_TEXT_SIZE)
			continue;
		memcpy(when, line, (size_t)(words - line));
		when[words - line] = '\0';
		entry->fields = words;
		if (time_parse(when, &entry->at_s))
			return true;
	}
	return false;
}

/* Age in seconds; -1: expired, or so far in the future that the clock must have been set back. */
static int64_t age(const struct refusal_entry *entry, int64_t now_s)
{
	int64_t age_s = time_subtract(now_s, entry->at_s);

	if (age_s >= LOGIN_REFUSAL_S || age_s < -LOGIN_REFUSAL_S)
		return -1;
	return age_s < 0 ? 0 : age_s;
}

/* any_host: `words` has no host. */
static bool matches(const struct refusal_entry *entry, const char *words, bool any_host)
{
	const char *at = any_host ? strchr(entry->fields + 1, ' ') : entry->fields;

	return at && !strcmp(at, words);
}

int64_t login_refusals_age_s(const struct login_refusals *refusals,
			     const struct refused_login *login, int64_t now_s)
{
	char *text = paths_read(&refusals->file, NULL), *words = make_fields(login), *rest = text;
	struct refusal_entry entry;
	int64_t least = -1;

	while (words && next_entry(&rest, &entry)) {
		int64_t age_s = matches(&entry, words, !login->host_port) ? age(&entry, now_s) : -1;

		if (age_s >= 0 && (least < 0 || age_s < least))
			least = age_s;
	}
	free(words);
	free(text);
	return least;
}

/* The argument of edit(). */
struct refusal_edit {
	const struct login_refusals *refusals;
	const char *fields;
	bool accepted;
	int64_t now_s;
};

static void write_entry(FILE *out, int64_t at_s, const char *words)
{
	char when[TIME_TEXT_SIZE];

	time_format_iso(when, at_s);
	fprintf(out, "%s%s\n", when, words);
}

/* Also drops expired lines, so that the file stays short. */
static int edit(void *arg, const char *old, FILE *fresh, struct err *err)
{
	const struct refusal_edit *n = arg;
	char *text = strdup(old), *rest = text;
	struct refusal_entry entry;
	bool found = false;

	if (!text)
		return paths_set_errno_error(&n->refusals->file, ENOMEM, err);
	while (next_entry(&rest, &entry)) {
		if (matches(&entry, n->fields, false))
			found = true;
		else if (age(&entry, n->now_s) >= 0)
			write_entry(fresh, entry.at_s, entry.fields);
	}
	free(text);
	if (!n->accepted)
		write_entry(fresh, n->now_s, n->fields);
	return n->accepted && !found;
}

int login_refusals_record(struct login_refusals *refusals, const struct refused_login *login,
			  bool good, int64_t now_s, struct err *err)
{
	struct refusal_edit change = { refusals, NULL, good, now_s };
	char *words;
	int rc;

	/* the usual case creates no file and no directory */
	if (good && login_refusals_age_s(refusals, login, now_s) < 0)
		return 0;
	words = make_fields(login);
	if (!words)
		return paths_set_errno_error(&refusals->file, ENOMEM, err);
	change.fields = words;
	rc = paths_update(&refusals->file, edit, &change, err);
	free(words);
	return rc;
}
