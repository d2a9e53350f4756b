#include "bdbtop/json/event.h"

#include <stdlib.h>
#include <string.h>

#include "data_reader_internal.h"

static const struct value_field fields[] = {
	VALUE_FIELD("time", value_moment, event, time_s),
	VALUE_FIELD("type", value_text, event, type),
	VALUE_FIELD("severity", value_text, event, severity),
	VALUE_FIELD("description", value_text, event, text),
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

static int take_event(struct data_reader *r, struct json_object *item, const char *key)
{
	struct event event = { 0 }, *kept;

	(void)key;
	if (DATA_FILL(r, item, fields, &event) < 0)
		return -1;
	if (!event.time_s || !*event.type || !read_bdb_uid(item, &event)) {
		data_add_unreadable(r);
		return 0;
	}
	classify_event(&event);
	kept = data_add(r);
	if (!kept)
		return -1;
	*kept = event;
	return 0;
}

static void reverse(struct event *events, size_t count)
{
	size_t i;

	for (i = 0; i < count / 2; i++) {
		struct event early = events[i];

		events[i] = events[count - 1 - i];
		events[count - 1 - i] = early;
	}
}

static bool is_newest_first(const struct event *events, size_t count)
{
	size_t i;

	for (i = 1; i < count; i++)
		if (events[i].time_s > events[i - 1].time_s)
			return false;
	return true;
}

/* An event and its position, because events of one second keep their order. */
struct event_position {
	struct event event;
	size_t position;
};

static int by_time_then_position(const void *left, const void *right)
{
	const struct event_position *a = left, *b = right;

	if (a->event.time_s != b->event.time_s)
		return a->event.time_s > b->event.time_s ? -1 : 1;
	return a->position < b->position ? -1 : a->position > b->position;
}

static int sort_newest_first(void *records, size_t count)
{
	struct event *events = records;
	struct event_position *all;
	size_t i;

	if (events[0].time_s < events[count - 1].time_s)
		reverse(events, count);
	if (is_newest_first(events, count))
		return 0;
	all = malloc(count * sizeof(*all));
	if (!all)
		return -1;
	for (i = 0; i < count; i++)
		all[i] = (struct event_position){ events[i], i };
	qsort(all, count, sizeof(*all), by_time_then_position);
	for (i = 0; i < count; i++)
		events[i] = all[i].event;
	free(all);
	return 0;
}

const struct data_format event_format = {
	.subject = "a list of events",
	.shape = ITEMS_LIST,
	.size = sizeof(struct event),
	.array_offset = offsetof(struct cluster_data, events),
	.count_offset = offsetof(struct cluster_data, event_count),
	.take = take_event,
	.finish = sort_newest_first,
};
