#include "bdbtop/store/login_refusals.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/memory_file.h"
#include "bdbtop/core/time.h"
#include "lines.h"

struct login_refusals {
	struct paths_file file;
};

struct login_refusals *login_refusals_new(const char *state_home, const char *home)
{
	static const struct paths_file words = { .subject = "The file of refused log-ins",
						 .predicate = "cannot be used" };

	return (struct login_refusals *)paths_new(&words, "refused", state_home, home);
}

void login_refusals_free(struct login_refusals *refusals)
{
	paths_free((struct paths_file *)refusals);
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
static char *format_fields(const struct refused_login *login)
{
	struct memory_file out;

	if (memory_file_open(&out) < 0)
		return NULL;
	if (login->host_port) {
		fputc(' ', out.file);
		write_field(out.file, login->host_port);
	}
	fputc(' ', out.file);
	write_field(out.file, login->user);
	fputc(' ', out.file);
	write_field(out.file, login->credential);
	return memory_file_close(&out, NULL);
}

/* A line of the file; points into its text. */
struct refusal_entry {
	const char *fields; /* ` HOST:PORT USER SOURCE` */
	int64_t at_s;
};

/* False for an invalid line. */
static bool parse_entry(struct refusal_entry *entry, const char *line)
{
	char time_text[TIME_TEXT_SIZE];
	size_t length = strcspn(line, " ");

	if (length >= sizeof(time_text) || !line[length])
		return false;
	memcpy(time_text, line, length);
	time_text[length] = '\0';
	entry->fields = line + length;
	return time_parse(time_text, &entry->at_s);
}

/* Age in seconds; -1: expired, or so far in the future that the clock must have been set back. */
static int64_t entry_age_s(const struct refusal_entry *entry, int64_t now_s)
{
	int64_t age_s = time_subtract(now_s, entry->at_s);

	if (age_s >= LOGIN_REFUSAL_S || age_s < -LOGIN_REFUSAL_S)
		return -1;
	return age_s < 0 ? 0 : age_s;
}

/* any_host: `fields` has no host. */
static bool entry_matches(const struct refusal_entry *entry, const char *fields, bool any_host)
{
	const char *at = any_host ? strchr(entry->fields + 1, ' ') : entry->fields;

	return at && !strcmp(at, fields);
}

int64_t login_refusals_age_s(const struct login_refusals *refusals,
			     const struct refused_login *login, int64_t now_s)
{
	char *text = paths_read(&refusals->file, NULL), *fields = format_fields(login),
	     *rest = text;
	struct refusal_entry entry;
	int64_t youngest_s = -1;
	const char *line;

	while (fields && (line = lines_next(&rest))) {
		int64_t age_s = parse_entry(&entry, line) &&
						entry_matches(&entry, fields, !login->host_port)
					? entry_age_s(&entry, now_s)
					: -1;

		if (age_s >= 0 && (youngest_s < 0 || age_s < youngest_s))
			youngest_s = age_s;
	}
	free(fields);
	free(text);
	return youngest_s;
}

/* The argument of edit(). */
struct refusal_edit {
	const struct login_refusals *refusals;
	const char *fields;
	bool accepted;
	int64_t now_s;
	bool found;
};

/* Drops also expired lines, so that the file stays short. */
static bool is_other(void *arg, const char *line)
{
	struct refusal_edit *change = arg;
	struct refusal_entry entry;

	if (!parse_entry(&entry, line))
		return false;
	if (!entry_matches(&entry, change->fields, false))
		return entry_age_s(&entry, change->now_s) >= 0;
	change->found = true;
	return false;
}

static int edit(void *arg, const char *old, FILE *fresh, struct err *err)
{
	struct refusal_edit *change = arg;
	char time_text[TIME_TEXT_SIZE];

	if (lines_copy(fresh, old, SIZE_MAX, is_other, change) < 0)
		return paths_set_errno_error(&change->refusals->file, ENOMEM, err);
	if (!change->accepted) {
		time_format_iso(time_text, change->now_s);
		fprintf(fresh, "%s%s\n", time_text, change->fields);
	}
	return change->accepted && !change->found;
}

int login_refusals_record(struct login_refusals *refusals, const struct refused_login *login,
			  bool accepted, int64_t now_s, struct err *err)
{
	struct refusal_edit change = { refusals, NULL, accepted, now_s, false };
	char *fields;
	int rc;

	/* the usual case creates no file and no directory */
	if (accepted && login_refusals_age_s(refusals, login, now_s) < 0)
		return 0;
	fields = format_fields(login);
	if (!fields)
		return paths_set_errno_error(&refusals->file, ENOMEM, err);
	change.fields = fields;
	rc = paths_update(&refusals->file, edit, &change, err);
	free(fields);
	return rc;
}
