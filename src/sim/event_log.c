#include "event_log.h"

#include <inttypes.h>
#include <stdlib.h>

#include "bdbtop/core/array.h"
#include "bdb.h"
#include "memory.h"

struct event_entry {
	int64_t at_ms, id, uid;
	char *members;
	unsigned char event_kind, kind;
};

struct sim_event_log {
	struct event_entry *entries;	/* by time, if trimmed */
	size_t count, size;
	size_t trim_at_count;		/* call trim() at this count */
	bool trimmed;			/* no event was added since trim() */
	int64_t total;
};

enum { TRIM_MIN = 8192 };

struct sim_event_log *sim_event_log_new(void)
{
	struct sim_event_log *event_log = sim_memory_new(1, sizeof(*event_log));

	event_log->trim_at_count = TRIM_MIN;
	event_log->trimmed = true;
	return event_log;
}

void sim_event_log_free(struct sim_event_log *event_log)
{
	size_t i;

	if (!event_log)
		return;
	for (i = 0; i < event_log->count; i++)
		free(event_log->entries[i].members);
	free(event_log->entries);
	free(event_log);
}

/* --- keep only the newest events of one type about one object --- */

static int by_time(const void *a, const void *b)
{
	const struct event_entry *x = a, *y = b;

	return x->at_ms != y->at_ms ? int64_compare(x->at_ms, y->at_ms)
				    : int64_compare(x->id, y->id);
}

static int compare_subject(const struct event_entry *x, const struct event_entry *y)
{
	if (x->uid != y->uid)
		return int64_compare(x->uid, y->uid);
	return x->event_kind != y->event_kind ? x->event_kind - y->event_kind : x->kind - y->kind;
}

/* The newest first of each subject. */
static int by_subject(const void *a, const void *b)
{
	int order = compare_subject(a, b);

	return order ? order : by_time(b, a);
}

static void trim(struct sim_event_log *event_log)
{
	struct event_entry *entries = event_log->entries;
	size_t i, kept = 0, same = 0;

	if (event_log->trimmed)
		return;
	event_log->trimmed = true;
	qsort(entries, event_log->count, sizeof(*entries), by_subject);
	for (i = 0; i < event_log->count; i++) {
		same = kept && compare_subject(&entries[kept - 1], &entries[i]) == 0 ? same + 1 : 0;
		if (same < SIM_EVENT_LOG_MAX)
			entries[kept++] = entries[i];
		else
			free(entries[i].members);
	}
	qsort(entries, kept, sizeof(*entries), by_time);
	event_log->count = kept;
	event_log->trim_at_count = 2 * kept > TRIM_MIN ? 2 * kept : TRIM_MIN;
}

void sim_event_log_add(struct sim_event_log *event_log, const struct sim_event *event)
{
	if (!event_log)
		return;
	if (event_log->count >= event_log->trim_at_count)
		trim(event_log);
	SIM_MEMORY_RESERVE(event_log->entries, event_log->size, event_log->count + 1);
	event_log->trimmed = false;
	event_log->entries[event_log->count++] = (struct event_entry){
		.at_ms = event->at_ms, .id = ++event_log->total, .uid = event->uid,
		.members = event->members ? sim_memory_copy(event->members) : NULL,
		.event_kind = (unsigned char)event->event_kind, .kind = (unsigned char)event->kind,
	};
}

/* --- writing --- */

/* The index of the first entry that is later than at_ms. */
static size_t find_after(const struct sim_event_log *event_log, int64_t at_ms)
{
	const struct event_entry last = { .at_ms = at_ms, .id = INT64_MAX };

	return array_index(&last, event_log->entries, event_log->count, sizeof(last), by_time);
}

static const struct {
	const char *prefix, *name, *severity;
	const char *more;
} event_types[] = {
	[SIM_EVENT_STARTED] = { "bdb_", "_started", "INFO", "" },
	[SIM_EVENT_SUCCEEDED] = { "bdb_", "_succeeded", "INFO", "" },
	[SIM_EVENT_FAILED] = { "bdb_", "_failed", "ERROR", "" },
	[SIM_EVENT_DELAYED] = { "bdb_", "backup_delayed", "WARNING", ",\"state\":true" },
	[SIM_EVENT_DELAY_OVER] = { "bdb_", "backup_delayed", "INFO", ",\"state\":false" },
	[SIM_EVENT_CREATED] = { "cluster_", "bdb_created", "INFO", "" },
	[SIM_EVENT_DELETED] = { "cluster_", "bdb_deleted", "INFO", "" },
	[SIM_EVENT_RENAMED] = { "bdb_", "name_updated", "INFO", "" },
};

/* The REST reference documents both forms of a name, on different pages. */
static bool has_prefix(const struct event_entry *entry)
{
	return entry->event_kind > SIM_EVENT_DELAY_OVER || entry->uid % 4 == 2;
}

static void write_entry(const struct event_entry *entry, struct sim_buffer *out)
{
	if (entry->event_kind == SIM_EVENT_CUSTOM) {
		sim_json_raw(out, NULL, entry->members);
		return;
	}
	sim_json_open(out, NULL, '{');
	sim_json_time(out, "time", entry->at_ms / 1000);
	sim_buffer_print(out, ",\"type\":\"%s%s%s\",\"severity\":\"%s\"",
			 has_prefix(entry) ? event_types[entry->event_kind].prefix : "",
			 entry->event_kind <= SIM_EVENT_FAILED ? sim_kinds[entry->kind].word : "",
			 event_types[entry->event_kind].name,
			 event_types[entry->event_kind].severity);
	sim_buffer_print(
		out, entry->uid % 5 == 2 ? ",\"bdb_uid\":%" PRId64 : ",\"bdb_uid\":\"%" PRId64 "\"",
		entry->uid);
	sim_buffer_put(out, event_types[entry->event_kind].more);
	sim_buffer_put(out, entry->members ? entry->members : "");
	sim_json_close(out, '}');
}

void sim_event_log_write(struct sim_event_log *event_log, const struct sim_event_query *query,
			 struct sim_buffer *out)
{
	const int64_t most_s = INT64_MAX / 1000 - 1;
	size_t first, end, i, count, offset = (size_t)query->offset;

	trim(event_log);
	first = query->from_s > most_s
			? event_log->count
			: find_after(event_log, query->from_s * 1000 - 1);
	end = find_after(event_log, query->to_s > most_s ? INT64_MAX : query->to_s * 1000 + 999);
	count = end > first ? end - first : 0;
	if (offset > count)
		offset = count;
	count -= offset;
	if (query->limit >= 0 && (uint64_t)query->limit < count)
		count = (size_t)query->limit;
	sim_json_open(out, NULL, '[');
	for (i = 0; i < count; i++)
		write_entry(&event_log->entries[query->newest_first ? end - 1 - offset - i
							   : first + offset + i], out);
	sim_json_close(out, ']');
}
