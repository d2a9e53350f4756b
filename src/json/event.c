#include <stdlib.h>
#include <string.h>

#include "data_reader_internal.h"

static const struct data_field fields[] = {
	DATA_VALUE("time", value_moment, event, time_s),
	DATA_NAME("type", event, type),
	DATA_TEXT("severity", event, severity),
	DATA_TEXT("description", event, text),
};

/* The end of a type, after `backup` and the like. */
static const char *const class_suffixes[] = {
	[EVENT_STARTED] = "_started",
	[EVENT_SUCCEEDED] = "_succeeded",
	[EVENT_FAILED] = "_failed",
};

static void classify_event(struct event *event)
{
	static const char prefix[] = "bdb_";
	const char *type = event->type;
	int kind, suffix;

	if (!strncmp(type, prefix, sizeof(prefix) - 1))
		type += sizeof(prefix) - 1;
	for (kind = 0; kind < OP_KINDS; kind++) {
		size_t length = strlen(op_defs[kind].word);

		if (strncmp(type, op_defs[kind].word, length) != 0)
			continue;
		for (suffix = EVENT_STARTED; suffix <= EVENT_FAILED; suffix++) {
			if (strcmp(type + length, class_suffixes[suffix]) != 0)
				continue;
			event->class = suffix;
			event->kind = kind;
		}
	}
}

/* False for an invalid uid: the database of the event is then unknown. */
static bool read_bdb_uid(struct json_object *item, struct event *event)
{
	struct json_object *uid = value_member(item, "bdb_uid");

	if (uid)
		return value_uid(uid, &event->uid) != FIELD_INVALID;
	event->uid = data_object_uid(value_member(item, "object"));
	return true;
}

static enum data_taken read_event(struct data_reader *r, struct json_object *item, void *record)
{
	struct event *event = record;
	enum data_taken taken = DATA_FILL(item, fields, event);

	(void)r;
	if (taken != DATA_TAKEN)
		return taken;
	if (!event->time_s || !*event->type || !read_bdb_uid(item, event))
		return DATA_UNREADABLE;
	classify_event(event);
	return DATA_TAKEN;
}

static int newest_first(const void *left, const void *right)
{
	const struct event *a = left, *b = right;
	int by = int64_compare(b->time_s, a->time_s);

	return by ? by : int64_compare((int64_t)a->position, (int64_t)b->position);
}

static void sort_newest_first(void *records, size_t count)
{
	struct event *events = records;
	bool reversed = events[0].time_s < events[count - 1].time_s;
	size_t i;

	for (i = 0; i < count; i++)
		events[i].position = reversed ? count - i : i;
	qsort(events, count, sizeof(*events), newest_first);
}

const struct data_format event_format = {
	DATA_FORMAT(event, events, event_count),
	.subject = "a list of events",
	.shape = ITEMS_LIST,
	.read = read_event,
	.finish = sort_newest_first,
};
