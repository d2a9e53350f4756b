#include "put_count.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bdbtop/core/array.h"
#include "bdbtop/json/audit_line.h"
#include "tests/tap.h"

static const char *const operations[COUNTED_OPERATIONS] = { "backup", "export", "import" };

static int operation_of(const char *word)
{
	int k;

	for (k = 0; k < COUNTED_OPERATIONS; k++)
		if (!strncmp(word, operations[k], strlen(operations[k])))
			return k;
	fail_msg("an operation that is not known: %s", word);
	return 0;
}

void put_count_requests(struct put_count *c, const char *lines)
{
	const char *line;

	for (line = lines; !strncmp(line, "request ", 8); line = strchr(line, '\n') + 1) {
		unsigned long long id;
		char word[40];
		unsigned uid;

		if (sscanf(line, "request %llu %*s connection %*u PUT /v1/bdbs/%u/actions/%39s",
			   &id, &uid, word) != 3 || uid >= COUNTED_UIDS)
			fail_msg("a PUT that is no reset: %.*s", (int)strcspn(line, "\n"), line);
		if (id <= c->last_request)
			continue;
		c->last_request = id;
		c->put[uid][operation_of(word)]++;
		c->puts++;
	}
}

void put_count_restart(struct put_count *c)
{
	c->last_request = 0;
}

static void count_record(struct put_count *c, const struct audit_record *record)
{
	assert_in_range(record->uid, 0, COUNTED_UIDS - 1);
	if (record->event == AUDIT_SENT) {
		c->sent[record->uid][record->kind]++;
		c->sents++;
	}
	if (record->event != AUDIT_ASKED)
		return;
	c->asked[record->uid][record->kind]++;
	c->askeds++;
	/* all lines of one confirmation have its moment */
	c->confirmations += record->wall_ms != c->last_asked_ms;
	c->last_asked_ms = record->wall_ms;
}

/* Reads the complete lines after the offset; returns the offset behind them. */
static off_t read_lines(struct put_count *c, const char *path, off_t from)
{
	FILE *file = fopen(path, "r");
	struct audit_record record;
	char *line = NULL;
	size_t size = 0;
	ssize_t length;

	assert_non_null(file);
	assert_int_equal(fseeko(file, from, SEEK_SET), 0);
	while ((length = getline(&line, &size, file)) > 0 && line[length - 1] == '\n') {
		if (audit_line_parse(line, (size_t)length, &record) < 0)
			fail_msg("a line of the audit log that cannot be read: %s", line);
		count_record(c, &record);
		from += length;
	}
	free(line);
	fclose(file);
	return from;
}

void put_count_audit(struct put_count *c, const char *state_home)
{
	/* the older file first: it is the newer one of the last call if that was renamed */
	static const char *const names[] = { "actions.1.jsonl", "actions.jsonl" };
	struct put_count old = *c;
	struct stat st;
	char path[256];
	size_t i, k;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(path, sizeof(path), "%s/bdbtop/%s", state_home, names[i]);
		if (stat(path, &st) < 0)
			continue;
		c->audit[i].file = st.st_ino;
		c->audit[i].read = 0;
		for (k = 0; k < ARRAY_SIZE(old.audit); k++)
			if (old.audit[k].file == st.st_ino && old.audit[k].read <= st.st_size)
				c->audit[i].read = old.audit[k].read;
		c->audit[i].read = read_lines(c, path, c->audit[i].read);
	}
}

bool put_count_holds(const struct put_count *c, char *what, size_t size)
{
	int uid, k;

	for (uid = 0; uid < COUNTED_UIDS; uid++)
		for (k = 0; k < COUNTED_OPERATIONS; k++) {
			unsigned puts = c->put[uid][k];

			if (puts <= c->sent[uid][k] &&
			    puts <= PUTS_PER_CONFIRMATION * c->asked[uid][k])
				continue;
			snprintf(what, size, "db:%d %s: %u PUTs, %u lines sent, %u asked", uid,
				 operations[k], puts, c->sent[uid][k], c->asked[uid][k]);
			return false;
		}
	return true;
}
