#include "bdbtop/store/audit_history.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit_log_internal.h"
#include "bdbtop/core/array.h"
#include "line_reader.h"
#include "user_file.h"

#define LINES_MAX   ((size_t)4 << 20)
#define REPLIES_MAX 1000 /* of one reset; a reset sends ten PUTs at most */

/* One line of the log. */
struct line_ref {
	uint64_t key; /* of its reset */
	int64_t offset;
	uint32_t length;
	uint32_t sequence; /* in the log */
	uint32_t first;	   /* the sequence of the first line of its reset */
	uint8_t file;
	bool begins; /* the line `asked` */
};

struct audit_history {
	const struct audit_log *audit_log;
	const struct audit_history_query *query;
	int fds[GENERATIONS];
	struct line_ref *lines; /* those of a reset beside each other */
	size_t count, capacity, at;
	size_t damaged;
	char *buffer; /* LINE_READER_MAX bytes */
	struct audit_line_parser *parser;
	struct audit_reset reset;
	struct audit_record record; /* a line of it */
	struct audit_reply *replies;
	size_t reply_capacity;
};

static int set_error(const struct audit_history *history, int cause, struct err *err)
{
	struct paths_file file = history->audit_log->file;

	file.predicate = "cannot be read";
	paths_set_errno_error(&file, cause, err);
	return err_default_code(err, cause == ENOMEM ? ERR_CODE_INTERNAL : ERR_CODE_IO);
}

/* --- which lines belong together ------------------------------------------------------------- */

static bool is_wanted(const struct audit_history_query *query, const struct audit_record *record)
{
	bool cluster = !query->cluster_count, uid = !query->uid_count;
	size_t i;

	for (i = 0; i < query->cluster_count; i++)
		cluster |= !strcmp(query->clusters[i], record->cluster);
	for (i = 0; i < query->uid_count; i++)
		uid |= query->uids[i] == record->uid;
	return cluster && uid;
}

/* Process ids and the ids of resets repeat, but a reset has one database. */
static uint64_t key_of(const struct audit_record *record)
{
	const uint64_t numbers[] = { record->run, record->reset_id, (uint64_t)record->uid,
				     record->kind };
	uint64_t hash = audit_log_hash(AUDIT_LOG_HASH, record->cluster, strlen(record->cluster));

	return audit_log_hash(hash, numbers, sizeof(numbers));
}

/* -1 when there are too many, or out of memory. */
static int add_line(struct audit_history *history, const struct file_line *line, int file)
{
	const struct audit_record *record = &history->record;

	if (!ARRAY_RESERVE(history->lines, history->capacity, history->count + 1, LINES_MAX))
		return -1;
	history->lines[history->count] =
		(struct line_ref){ .key = key_of(record),
				   .offset = line->offset,
				   .length = (uint32_t)line->length,
				   .sequence = (uint32_t)history->count,
				   .file = (uint8_t)file,
				   .begins = record->event == AUDIT_ASKED };
	history->count++;
	return 0;
}

static int read_file(struct audit_history *history, int file, struct err *err)
{
	struct line_reader reader;
	struct file_line line;
	int rc;

	line_reader_init(&reader, history->fds[file], history->buffer);
	while ((rc = line_reader_next(&reader, &line)) > 0) {
		if (!line.length && line.text)
			continue; /* two processes may write an empty line */
		rc = line.text ? audit_line_parser_read(history->parser, line.text, line.length,
							&history->record)
			       : 1;
		if (!rc && is_wanted(history->query, &history->record))
			rc = add_line(history, &line, file);
		if (rc < 0)
			return set_error(history, ENOMEM, err);
		history->damaged += (size_t)rc;
	}
	return rc < 0 ? set_error(history, errno, err) : 0;
}

static int by_reset(const void *a, const void *b)
{
	const struct line_ref *left = a, *right = b;

	if (left->key != right->key)
		return left->key < right->key ? -1 : 1;
	return int64_compare(left->sequence, right->sequence);
}

static int by_first_line(const void *a, const void *b)
{
	const struct line_ref *left = a, *right = b;
	int order = int64_compare(left->first, right->first);

	return order ? order : int64_compare(left->sequence, right->sequence);
}

/* Brings the lines of a reset together, and the resets into the order of their first lines. */
static void sort_lines(struct audit_history *history)
{
	struct line_ref *lines = history->lines;
	size_t i;

	if (!history->count)
		return;
	qsort(lines, history->count, sizeof(*lines), by_reset);
	for (i = 0; i < history->count; i++)
		lines[i].first = i && lines[i].key == lines[i - 1].key && !lines[i].begins
					 ? lines[i - 1].first
					 : lines[i].sequence;
	qsort(lines, history->count, sizeof(*lines), by_first_line);
}

static int read_files(struct audit_history *history, struct err *err)
{
	int file;

	if (!*audit_log_path(history->audit_log))
		return err_set_code(
			err, ERR_CODE_IO, ERR_ASK_USER,
			"The audit log cannot be read: the state directory is unknown. "
			"Set HOME or XDG_STATE_HOME to the full path of the directory.");
	if (audit_log_open_files(history->audit_log, history->fds, err) < 0)
		return err_default_code(err, ERR_CODE_IO);
	for (file = GENERATIONS - 1; file >= 0; file--)
		if (history->fds[file] >= 0 && read_file(history, file, err) < 0)
			return -1;
	sort_lines(history);
	return 0;
}

struct audit_history *audit_history_open(const struct audit_log *audit_log,
					 const struct audit_history_query *query, struct err *err)
{
	struct audit_history *history = calloc(1, sizeof(*history));

	if (history) {
		history->audit_log = audit_log;
		history->query = query;
		history->fds[NEWEST] = history->fds[PREVIOUS] = -1;
		history->buffer = malloc(LINE_READER_MAX);
		history->parser = audit_line_parser_new();
	}
	if (!history || !history->buffer || !history->parser)
		err_set_code(err, ERR_CODE_INTERNAL, ERR_RETRY,
			     "The audit log cannot be read: out of memory.");
	else if (!read_files(history, err))
		return history;
	audit_history_free(history);
	return NULL;
}

void audit_history_free(struct audit_history *history)
{
	if (!history)
		return;
	audit_log_close_files(history->fds);
	free(history->lines);
	free(history->buffer);
	audit_line_parser_free(history->parser);
	free(history->replies);
	free(history);
}

size_t audit_history_damaged(const struct audit_history *history)
{
	return history->damaged;
}

void audit_history_rewind(struct audit_history *history)
{
	history->at = 0;
}

/* --- one reset ------------------------------------------------------------------------------- */

/* Reads a line again.  Lines are only appended, so it is as it was. */
static int read_line(struct audit_history *history, const struct line_ref *line, struct err *err)
{
	ssize_t got = user_file_read_at(history->fds[line->file], history->buffer, line->length,
					line->offset);
	int rc = 1;

	if (got < 0)
		return set_error(history, errno, err);
	if ((size_t)got == line->length)
		rc = audit_line_parser_read(history->parser, history->buffer, line->length,
					    &history->record);
	if (rc < 0)
		return set_error(history, ENOMEM, err);
	if (!rc)
		return 0;
	return err_set_code(err, ERR_CODE_IO, ERR_RETRY,
			    "The audit log has changed while it was read. Try again.");
}

/* Returns -1 when out of memory. */
static int add_reply(struct audit_history *history)
{
	struct audit_reset *reset = &history->reset;
	const struct audit_record *record = &history->record;
	struct audit_reply *reply;

	if (reset->reply_count == REPLIES_MAX)
		return 0;
	if (!ARRAY_RESERVE(history->replies, history->reply_capacity, reset->reply_count + 1,
			   REPLIES_MAX))
		return -1;
	reply = &history->replies[reset->reply_count++];
	*reply = (struct audit_reply){ .wall_ms = record->wall_ms,
				       .put = record->put,
				       .status = record->status };
	memcpy(reply->message, record->message, sizeof(reply->message));
	reset->replies = history->replies;
	return 0;
}

/* A reset can end more than once: a status that is cleared late, or that fails again. */
static void add_end(struct audit_reset *reset, const struct audit_record *record)
{
	reset->ended_ms = record->wall_ms;
	memcpy(reset->result, record->message, sizeof(reset->result));
	reset->outcome = *record->outcome ? outcome_group_find(record->outcome)
					  : outcome_group_of_text(record->message);
}

/* Returns -1 when out of memory. */
static int add_record(struct audit_history *history)
{
	switch (history->record.event) {
	case AUDIT_SENT:
		history->reset.puts++;
		break;
	case AUDIT_ANSWERED:
		return add_reply(history);
	case AUDIT_ENDED:
		add_end(&history->reset, &history->record);
		break;
	default:
		break;
	}
	return 0;
}

/* Reads the lines of the reset that begins at `at`; returns 1 if its time is wanted, else 0. */
static int read_reset(struct audit_history *history, struct err *err)
{
	const struct audit_history_query *query = history->query;
	const size_t begin = history->at;
	size_t i, end = begin + 1;

	while (end < history->count && history->lines[end].first == history->lines[begin].first)
		end++;
	history->at = end;
	history->reset = (struct audit_reset){ .reply_count = 0 };
	for (i = begin; i < end; i++) {
		if (read_line(history, &history->lines[i], err) < 0)
			return -1;
		if (i == begin && (history->record.wall_ms < query->since_ms ||
				   history->record.wall_ms >= query->until_ms))
			return 0;
		if (i == begin)
			history->reset.first = history->record;
		if (add_record(history) < 0)
			return set_error(history, ENOMEM, err);
	}
	return 1;
}

int audit_history_next(struct audit_history *history, const struct audit_reset **out,
		       struct err *err)
{
	const struct audit_history_query *query = history->query;
	int rc;

	while (history->at < history->count) {
		rc = read_reset(history, err);
		if (rc < 0)
			return -1;
		if (!rc || (query->by_outcome && history->reset.outcome != query->outcome))
			continue;
		*out = &history->reset;
		return 1;
	}
	return 0;
}
