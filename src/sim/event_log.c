#include "bdbtop/sim/event_log.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/sim/bdb.h"
#include "bdbtop/sim/memory.h"

struct page {
	int64_t at_ms, no, uid;
	char *told;
	unsigned char what, kind;
};

struct sim_diary {
	struct page *pages;
	size_t count, size;
	size_t sorted;		/* the first so many are in order */
	size_t trim_at;		/* look for what is too much when there are so many */
	bool trimmed;		/* nothing came since */
	int64_t ever;
};

enum { TRIM_LEAST = 8192 };

struct sim_diary *sim_diary_new(void)
{
	struct sim_diary *diary = sim_memory_new(1, sizeof(*diary));

	diary->trim_at = TRIM_LEAST;
	return diary;
}

void sim_diary_free(struct sim_diary *diary)
{
	size_t i;

	if (!diary)
		return;
	for (i = 0; i < diary->count; i++)
		free(diary->pages[i].told);
	free(diary->pages);
	free(diary);
}

/* --- order --- */

static int by_time(const void *a, const void *b)
{
	const struct page *x = a, *y = b;

	if (x->at_ms != y->at_ms)
		return x->at_ms < y->at_ms ? -1 : 1;
	return x->no < y->no ? -1 : x->no > y->no;
}

/* The first of the first `among` that is later than a time. */
static size_t after(const struct sim_diary *diary, size_t among, int64_t at_ms)
{
	size_t low = 0, high = among;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (diary->pages[middle].at_ms <= at_ms)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void put_in_order(struct sim_diary *diary)
{
	int64_t earliest_ms = INT64_MAX;
	size_t i, from;

	for (i = diary->sorted; i < diary->count; i++)
		if (diary->pages[i].at_ms < earliest_ms)
			earliest_ms = diary->pages[i].at_ms;
	from = after(diary, diary->sorted, earliest_ms);
	if (from < diary->count)
		qsort(diary->pages + from, diary->count - from, sizeof(*diary->pages), by_time);
	diary->sorted = diary->count;
}

/* --- only the newest of one type about one object stay --- */

struct tally {
	int64_t uid;
	unsigned count;
	unsigned char what, kind;
};

static struct tally *tally_of(struct tally *tallies, size_t mask, const struct page *page)
{
	uint64_t at = ((uint64_t)page->uid * 64 + page->what * 4u + page->kind) *
		      UINT64_C(0x9e3779b97f4a7c15);
	struct tally *t = &tallies[(at >> 20) & mask];

	while (t->count && (t->uid != page->uid || t->what != page->what || t->kind != page->kind))
		t = t == tallies + mask ? tallies : t + 1;
	t->uid = page->uid;
	t->what = page->what;
	t->kind = page->kind;
	return t;
}

static void trim(struct sim_diary *diary)
{
	size_t slots = 1, i, kept;
	struct tally *tallies;

	if (diary->trimmed)
		return;
	diary->trimmed = true;
	if (!diary->count)
		return;
	put_in_order(diary);
	while (slots < 2 * diary->count)
		slots *= 2;
	tallies = sim_memory_new(slots, sizeof(*tallies));
	kept = diary->count;
	for (i = diary->count; i-- > 0;) {
		struct page *page = &diary->pages[i];

		if (tally_of(tallies, slots - 1, page)->count++ < SIM_DIARY_KEEP)
			diary->pages[--kept] = *page;
		else
			free(page->told);
	}
	free(tallies);
	memmove(diary->pages, diary->pages + kept, (diary->count - kept) * sizeof(*diary->pages));
	diary->count -= kept;
	diary->sorted = diary->count;
	diary->trim_at = 2 * diary->count > TRIM_LEAST ? 2 * diary->count : TRIM_LEAST;
}

void sim_diary_note(struct sim_diary *diary, const struct sim_event *event)
{
	if (!diary)
		return;
	if (diary->count >= diary->trim_at)
		trim(diary);
	if (diary->count == diary->size) {
		diary->size = diary->size ? 2 * diary->size : 256;
		diary->pages = sim_memory_resize(diary->pages, diary->size, sizeof(*diary->pages));
	}
	diary->trimmed = false;
	diary->pages[diary->count++] = (struct page){
		.at_ms = event->at_ms, .no = ++diary->ever, .uid = event->uid,
		.told = event->told ? sim_memory_copy(event->told) : NULL,
		.what = (unsigned char)event->what, .kind = (unsigned char)event->kind,
	};
}

size_t sim_diary_count(struct sim_diary *diary)
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
static bool has_prefix(const struct page *page)
{
	return page->what > SIM_EVENT_IN_TIME || page->uid % 4 == 2;
}

static void write_page(const struct page *page, struct sim_buffer *out)
{
	if (page->what == SIM_EVENT_BY_HAND) {
		sim_buffer_put(out, page->told);
		return;
	}
	sim_buffer_put(out, "{\"time\":");
	sim_buffer_time(out, page->at_ms / 1000);
	sim_buffer_print(out, ",\"type\":\"%s%s%s\",\"severity\":\"%s\"",
			 has_prefix(page) ? words[page->what].prefix : "",
			 page->what <= SIM_EVENT_FAILED ? sim_kinds[page->kind].word : "",
			 words[page->what].name, words[page->what].severity);
	sim_buffer_print(out, page->uid % 5 == 2 ? ",\"bdb_uid\":%" PRId64
						 : ",\"bdb_uid\":\"%" PRId64 "\"", page->uid);
	sim_buffer_put(out, words[page->what].more);
	sim_buffer_put(out, page->told ? page->told : "");
	sim_buffer_put(out, "}");
}

void sim_diary_write(struct sim_diary *diary, const struct sim_diary_ask *ask,
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
		write_page(&diary->pages[ask->newest_first ? end - 1 - offset - i
							   : first + offset + i], out);
	}
	sim_buffer_put(out, "]");
}
