#include "bdbtop/sim/event_log.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/sim/bdb.h"
#include "bdbtop/sim/memory.h"

struct event_entry {
	int64_t at_ms, id, uid;
	char *members;
	unsigned char event_kind, kind;
};

struct sim_event_log {
	struct event_entry *entries;
	size_t count, size;
	size_t sorted;		/* the first so many are in order */
	size_t trim_at;		/* look for what is too much when there are so many */
	bool trimmed;		/* nothing came since */
	int64_t total;
};

enum { TRIM_LEAST = 8192 };

struct sim_event_log *sim_event_log_new(void)
{
	struct sim_event_log *diary = sim_memory_new(1, sizeof(*diary));

	diary->trim_at = TRIM_LEAST;
	return diary;
}

void sim_event_log_free(struct sim_event_log *diary)
{
	size_t i;

	if (!diary)
		return;
	for (i = 0; i < diary->count; i++)
		free(diary->entries[i].members);
	free(diary->entries);
	free(diary);
}

/* --- order --- */

static int by_time(const void *a, const void *b)
{
	const struct event_entry *x = a, *y = b;

	if (x->at_ms != y->at_ms)
		return x->at_ms < y->at_ms ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

/* The first of the first `among` that is later than a time. */
static size_t after(const struct sim_event_log *diary, size_t among, int64_t at_ms)
{
	size_t low = 0, high = among;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (diary->entries[middle].at_ms <= at_ms)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void sort_entries(struct sim_event_log *diary)
{
	int64_t earliest_ms = INT64_MAX;
	size_t i, from;

	for (i = diary->sorted; i < diary->count; i++)
		if (diary->entries[i].at_ms < earliest_ms)
			earliest_ms = diary->entries[i].at_ms;
	from = after(diary, diary->sorted, earliest_ms);
	if (from < diary->count)
		qsort(diary->entries + from, diary->count - from, sizeof(*diary->entries), by_time);
	diary->sorted = diary->count;
}

/* --- only the newest of one type about one object stay --- */

struct event_count {
	int64_t uid;
	unsigned count;
	unsigned char event_kind, kind;
};

static struct event_count *event_count_of(struct event_count *tallies, size_t mask,
					  const struct event_entry *page)
{
	uint64_t at = ((uint64_t)page->uid * 64 + page->event_kind * 4u + page->kind) *
		      UINT64_C(0x9e3779b97f4a7c15);
	struct event_count *t = &tallies[(at >> 20) & mask];

	while (t->count &&
	       (t->uid != page->uid || t->event_kind != page->event_kind || t->kind != page->kind))
		t = t == tallies + mask ? tallies : t + 1;
	t->uid = page->uid;
	t->event_kind = page->event_kind;
	t->kind = page->kind;
	return t;
}

static void trim(struct sim_event_log *diary)
{
	size_t slots = 1, i, kept;
	struct event_count *tallies;

	if (diary->trimmed)
		return;
	diary->trimmed = true;
	if (!diary->count)
		return;
	sort_entries(diary);
	while (slots < 2 * diary->count)
		slots *= 2;
	tallies = sim_memory_new(slots, sizeof(*tallies));
	kept = diary->count;
	for (i = diary->count; i-- > 0;) {
		struct event_entry *page = &diary->entries[i];

		if (event_count_of(tallies, slots - 1, page)->count++ < SIM_EVENT_LOG_MAX)
			diary->entries[--kept] = *page;
		else
			free(page->members);
	}
	free(tallies);
	memmove(diary->entries, diary->entries + kept,
		(diary->count - kept) * sizeof(*diary->entries));
	diary->count -= kept;
	diary->sorted = diary->count;
	diary->trim_at = 2 * diary->count > TRIM_LEAST ? 2 * diary->count : TRIM_LEAST;
}

void sim_event_log_add(struct sim_event_log *diary, const struct sim_event *event)
{
	if (!diary)
		return;
	if (diary->count >= diary->trim_at)
		trim(diary);
	if (diary->count == diary->size) {
		diary->size = diary->size ? 2 * diary->size : 256;
		diary->entries =
			sim_memory_resize(diary->entries, diary->size, sizeof(*diary->entries));
	}
	diary->trimmed = false;
	diary->entries[diary->count++] = (struct event_entry){
		.at_ms = event->at_ms, .id = ++diary->total, .uid = event->uid,
		.members = event->members ? sim_memory_copy(event->members) : NULL,
		.event_kind = (unsigned char)event->event_kind, .kind = (unsigned char)event->kind,
	};
}

size_t sim_event_log_count(struct sim_event_log *diary)
{
	trim(diary);
	return diary->count;
}

/* --- telling --- */

static const struct {
	const char *prefix, *name, *severity;
	const char *more;
} words[] = {
	[SIM_EVENT_STARTED] = { "bdb_", "_started", "INFO", "" },
	[SIM_EVENT_SUCCEEDED] = { "bdb_", "_succeeded", "INFO", "" },
	[SIM_EVENT_FAILED] = { "bdb_", "_failed", "ERROR", "" },
	[SIM_EVENT_DELAYED] = { "bdb_", "backup_delayed", "WARNING", ",\"state\":true" },
	[SIM_EVENT_IN_TIME] = { "bdb_", "backup_delayed", "INFO", ",\"state\":false" },
	[SIM_EVENT_CREATED] = { "cluster_", "bdb_created", "INFO", "" },
	[SIM_EVENT_DELETED] = { "cluster_", "bdb_deleted", "INFO", "" },
	[SIM_EVENT_RENAMED] = { "bdb_", "name_updated", "INFO", "" },
};

/* Both forms of a name are documented, on different pages. */
static bool has_prefix(const struct event_entry *page)
{
	return page->event_kind > SIM_EVENT_IN_TIME || page->uid % 4 == 2;
}

static void write_entry(const struct event_entry *page, struct sim_buffer *out)
{
	if (page->event_kind == SIM_EVENT_CUSTOM) {
		sim_buffer_put(out, page->members);
		return;
	}
	sim_buffer_put(out, "{\"time\":");
	sim_buffer_time(out, page->at_ms / 1000);
	sim_buffer_print(out, ",\"type\":\"%s%s%s\",\"severity\":\"%s\"",
			 has_prefix(page) ? words[page->event_kind].prefix : "",
			 page->event_kind <= SIM_EVENT_FAILED ? sim_kinds[page->kind].word : "",
			 words[page->event_kind].name, words[page->event_kind].severity);
	sim_buffer_print(out, page->uid % 5 == 2 ? ",\"bdb_uid\":%" PRId64
						 : ",\"bdb_uid\":\"%" PRId64 "\"", page->uid);
	sim_buffer_put(out, words[page->event_kind].more);
	sim_buffer_put(out, page->members ? page->members : "");
	sim_buffer_put(out, "}");
}

void sim_event_log_write(struct sim_event_log *diary, const struct sim_event_query *ask,
			 struct sim_buffer *out)
{
	const int64_t most_s = INT64_MAX / 1000 - 1;
	size_t first, end, i, count, offset = (size_t)ask->offset;

	trim(diary);
	first = ask->from_s > most_s ? diary->count
				     : after(diary, diary->count, ask->from_s * 1000 - 1);
	end = after(diary, diary->count, ask->to_s > most_s ? INT64_MAX : ask->to_s * 1000 + 999);
	count = end > first ? end - first : 0;
	if (offset > count)
		offset = count;
	count -= offset;
	if (ask->limit >= 0 && (uint64_t)ask->limit < count)
		count = (size_t)ask->limit;
	sim_buffer_put(out, "[");
	for (i = 0; i < count; i++) {
		if (i)
			sim_buffer_add(out, ",", 1);
		write_entry(&diary->entries[ask->newest_first ? end - 1 - offset - i
							   : first + offset + i], out);
	}
	sim_buffer_put(out, "]");
}
