#include "bdbtop/store/login_refusals.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/time.h"
#include "bdbtop/store/paths.h"

struct guard {
	struct paths_file file;
};

struct guard *guard_new(const char *state_home, const char *home)
{
	struct guard *guard = calloc(1, sizeof(*guard));

	if (!guard)
		return NULL;
	guard->file.thing = "The file of refused log-ins";
	guard->file.cannot = "cannot be used";
	if (paths_init(&guard->file, "refused", state_home, home) < 0) {
		free(guard);
		return NULL;
	}
	return guard;
}

void guard_free(struct guard *guard)
{
	if (!guard)
		return;
	paths_release(&guard->file);
	free(guard);
}

void guard_command(char out[32], const char *command)
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (; *command; command++)
		hash = (hash ^ (unsigned char)*command) * 0x100000001b3u;
	snprintf(out, 32, "command:%016llx", (unsigned long long)hash);
}

/* Blanks and everything that is no plain ASCII as %XX, so that a line has four words whatever they
 * hold. */
static void write_word(FILE *out, const char *raw)
{
	for (; *raw; raw++)
		if ((unsigned char)*raw <= ' ' || (unsigned char)*raw >= 0x7f || *raw == '%')
			fprintf(out, "%%%02X", (unsigned)(unsigned char)*raw);
		else
			fputc(*raw, out);
}

/* ` HOST:PORT USER SOURCE`, to be freed; without the first where host_port is NULL.  NULL when
 * memory is out. */
static char *make_words(const struct guard_login *login)
{
	size_t length;
	char *words = NULL;
	FILE *out = open_memstream(&words, &length);

	if (!out)
		return NULL;
	if (login->host_port) {
		fputc(' ', out);
		write_word(out, login->host_port);
	}
	fputc(' ', out);
	write_word(out, login->user);
	fputc(' ', out);
	write_word(out, login->source);
	if (fclose(out)) {
		free(words);
		words = NULL;
	}
	return words;
}

/* A line of the file, cut out of its text. */
struct entry {
	const char *words; /* ` HOST:PORT USER SOURCE` */
	int64_t at_s;
};

/* The next line that is an entry; false at the end. */
static bool next_entry(char **rest, struct entry *entry)
{
	char *line, *words;

	while ((line = strsep(rest, "\n"))) {
		char when[TIME_TEXT_SIZE];

		words = strchr(line, ' ');
		if (!words || words - line >= TIME_TEXT_SIZE)
			continue;
		memcpy(when, line, (size_t)(words - line));
		when[words - line] = '\0';
		entry->words = words;
		if (time_parse(when, &entry->at_s))
			return true;
	}
	return false;
}

/* Age in seconds, or -1: over, or so far ahead that the clock was put back. */
static int64_t age(const struct entry *entry, int64_t now_s)
{
	int64_t age_s = time_subtract(now_s, entry->at_s);

	if (age_s >= GUARD_S || age_s < -GUARD_S)
		return -1;
	return age_s < 0 ? 0 : age_s;
}

/* words without a host are the end of what is written. */
static bool matches(const struct entry *entry, const char *words, bool any_host)
{
	const char *at = any_host ? strchr(entry->words + 1, ' ') : entry->words;

	return at && !strcmp(at, words);
}

int64_t guard_refused(const struct guard *guard, const struct guard_login *login, int64_t now_s)
{
	char *text = paths_read(&guard->file, NULL), *words = make_words(login), *rest = text;
	struct entry entry;
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

/* What paths_change() hands to the edit. */
struct noting {
	const struct guard *guard;
	const char *words;
	bool good;
	int64_t now_s;
};

static void write_entry(FILE *out, int64_t at_s, const char *words)
{
	char when[TIME_TEXT_SIZE];

	time_format_iso(when, at_s);
	fprintf(out, "%s%s\n", when, words);
}

/* Lines that are over are dropped on the way, so that the file stays short. */
static int edit(void *arg, const char *old, FILE *fresh, struct err *err)
{
	const struct noting *n = arg;
	char *text = strdup(old), *rest = text;
	struct entry entry;
	bool found = false;

	if (!text)
		return paths_say(&n->guard->file, ENOMEM, err);
	while (next_entry(&rest, &entry)) {
		if (matches(&entry, n->words, false))
			found = true;
		else if (age(&entry, n->now_s) >= 0)
			write_entry(fresh, entry.at_s, entry.words);
	}
	free(text);
	if (!n->good)
		write_entry(fresh, n->now_s, n->words);
	return n->good && !found;
}

int guard_note(struct guard *guard, const struct guard_login *login, bool good, int64_t now_s,
	       struct err *err)
{
	struct noting noting = { guard, NULL, good, now_s };
	char *words;
	int rc;

	/* the usual case leaves no file and no folder behind */
	if (good && guard_refused(guard, login, now_s) < 0)
		return 0;
	words = make_words(login);
	if (!words)
		return paths_say(&guard->file, ENOMEM, err);
	noting.words = words;
	rc = paths_change(&guard->file, edit, &noting, err);
	free(words);
	return rc;
}
