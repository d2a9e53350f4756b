/*
 * Reading the audit log from its end, the newest lines first.
 */
#include "audit_log_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "user_file.h"

/* The last bytes of the file, at most *tail, NUL-terminated and without an incomplete first line;
 * NULL on failure.  *tail becomes what is left for the file before. */
static char *read_tail(int fd, size_t *tail, size_t *length)
{
	struct stat st;
	off_t from;
	size_t size;
	ssize_t got;
	char *text, *first;

	if (fstat(fd, &st) < 0)
		return NULL;
	from = st.st_size > (off_t)*tail ? st.st_size - (off_t)*tail : 0;
	size = (size_t)(st.st_size - from);
	text = malloc(size + 1);
	got = text ? user_file_read_at(fd, text, size, from) : -1;
	if (got < 0) {
		free(text);
		return NULL;
	}
	text[got] = '\0';
	*tail -= size;
	first = from ? memchr(text, '\n', (size_t)got) : NULL;
	*length = (size_t)got;
	if (first) {
		*length -= (size_t)(first + 1 - text);
		memmove(text, first + 1, *length + 1);
	}
	return text;
}

struct tail_query {
	const char *cluster;
	char mark[40]; /* a text in each matching line: the others need not be parsed as JSON */
	size_t tail;   /* bytes to read */
	struct audit_line_parser *parser;
	/* false: no more records are needed */
	bool (*on_record)(void *arg, const struct audit_record *);
	void *arg;
};

/* The lines about a cluster that contain a mark, newest first; `length` is what is left of them. */
static bool next_line(const struct tail_query *query, const char *text, size_t *length,
		      struct audit_record *out)
{
	while (*length) {
		const char *end = memrchr(text, '\n', *length), *line = end ? end + 1 : text;
		size_t bytes = *length - (size_t)(line - text);

		*length = end ? (size_t)(end - text) : 0;
		if (memmem(line, bytes, query->mark, strlen(query->mark)) &&
		    !audit_line_parser_read(query->parser, line, bytes, out) &&
		    !strcmp(out->cluster, query->cluster))
			return true;
	}
	return false;
}

static void read_newest(const struct audit_log *audit_log, struct tail_query *query)
{
	struct audit_record record;
	int fds[GENERATIONS], i;
	bool more = true;

	query->parser = audit_line_parser_new();
	if (!query->parser)
		return;
	audit_log_open_files(audit_log, fds, NULL);
	for (i = NEWEST; i < GENERATIONS && more && query->tail; i++) {
		size_t length = 0;
		char *text = fds[i] < 0 ? NULL : read_tail(fds[i], &query->tail, &length);

		while (text && more && next_line(query, text, &length, &record))
			more = query->on_record(query->arg, &record);
		free(text);
	}
	audit_log_close_files(fds);
	audit_line_parser_free(query->parser);
}

struct newest_records {
	int64_t uid;
	struct audit_record *out;
	size_t count, capacity;
};

static bool add_newest(void *arg, const struct audit_record *record)
{
	struct newest_records *newest = arg;

	if (record->uid == newest->uid)
		newest->out[newest->count++] = *record;
	return newest->count < newest->capacity;
}

size_t audit_log_history(struct audit_log *audit_log, const char *cluster, int64_t uid,
			 struct audit_record *out, size_t capacity)
{
	struct newest_records newest = { .uid = uid, .out = out, .capacity = capacity };
	struct tail_query query = {
		.cluster = cluster, .tail = AUDIT_LOG_TAIL, .on_record = add_newest, .arg = &newest
	};

	snprintf(query.mark, sizeof(query.mark), "\"uid\":%" PRId64 ",", uid);
	if (capacity)
		read_newest(audit_log, &query);
	return newest.count;
}

struct ended_reader {
	audit_log_on_record_fn *on_record;
	void *arg;
};

static bool pass_ended(void *arg, const struct audit_record *record)
{
	const struct ended_reader *reader = arg;

	if (record->event == AUDIT_ENDED)
		reader->on_record(reader->arg, record);
	return true;
}

void audit_log_read_ended(struct audit_log *audit_log, const char *cluster,
			  audit_log_on_record_fn *on_record, void *arg)
{
	struct ended_reader reader = { on_record, arg };
	struct tail_query query = { .cluster = cluster,
				    .mark = "\"event\":\"ended\"",
				    .tail = AUDIT_LOG_ENDED_TAIL,
				    .on_record = pass_ended,
				    .arg = &reader };

	read_newest(audit_log, &query);
}
