/*
 * Replies about the database of the detail: its own records, sorted, replace the former ones.
 */
#include "cluster_internal.h"

#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/defect.h"
#include "bdbtop/core/text.h"

#define EVENTS_MAX  100
#define ACTIONS_MAX 50

static int running_first(const void *left, const void *right)
{
	const struct action *a = *(const struct action *const *)left;
	const struct action *b = *(const struct action *const *)right;

	if (a->running != b->running)
		return a->running ? -1 : 1;
	if (a->created_s != b->created_s)
		return a->created_s > b->created_s ? -1 : 1;
	return a < b ? -1 : a > b;
}

/* The records of a topic: where struct cluster_data has their array and its count, to which
 * database a record belongs, and their order if it is not that of the reply. */
static const struct record_kind {
	size_t size, array_offset, count_offset, bdb_offset;
	int (*compare)(const void *, const void *);
} record_kinds[TOPIC_COUNT] = {
#define RECORDS(record, bdb, array, count)                                                         \
	sizeof(struct record), offsetof(struct cluster_data, array),                               \
		offsetof(struct cluster_data, count), offsetof(struct record, bdb)
	[TOPIC_EVENTS] = { RECORDS(event, uid, events, event_count), NULL },
	[TOPIC_ALERTS] = { RECORDS(alert, uid, alerts, alert_count), NULL },
	[TOPIC_ACTIONS] = { RECORDS(action, uid, actions, action_count), running_first },
	[TOPIC_SHARDS] = { RECORDS(shard, bdb, shards, shard_count), int64_compare_behind },
#undef RECORDS
};

/* The records about the database in a reply, at most max (0: all), in one block for free(); NULL
 * when out of memory. */
static void *own_records(const struct cluster *c, const struct data_reply *reply,
			 size_t max, size_t *own_count)
{
	const struct record_kind *kind = &record_kinds[reply->topic];
	const char *data = (const char *)reply->data, *records, **own;
	size_t i, count = 0, total;
	char *to = NULL;

	/* memcpy() because the type of the array differs between kinds */
	memcpy(&records, data + kind->array_offset, sizeof(records));
	memcpy(&total, data + kind->count_offset, sizeof(total));
	own = malloc((total + 1) * sizeof(*own));
	for (i = 0; own && i < total; i++, records += kind->size)
		if (*(const int64_t *)(const void *)(records + kind->bdb_offset) ==
		    c->detail.detail.uid)
			own[count++] = records;
	if (count && kind->compare)
		qsort(own, count, sizeof(*own), kind->compare);
	if (max && count > max)
		count = max;
	if (own)
		to = malloc(count * kind->size + 1);
	for (i = 0; to && i < count; i++)
		memcpy(to + i * kind->size, own[i], kind->size);
	free(own);
	*own_count = count;
	return to;
}

/* Replaces the records of a kind; takes ownership of them. */
static void set_records(struct detail_watch *watch, enum source_topic topic, void *records,
			size_t count)
{
	const struct record_kind *kind = &record_kinds[topic];
	char *data = (char *)&watch->detail.data;

	free(watch->records[topic]);
	watch->records[topic] = records;
	memcpy(data + kind->array_offset, &records, sizeof(records));
	memcpy(data + kind->count_offset, &count, sizeof(count));
}

bool detail_apply_records(struct cluster *c, const struct data_reply *reply)
{
	size_t count;
	void *own = own_records(c, reply, 0, &count);

	if (own)
		set_records(&c->detail, reply->topic, own, count);
	return own != NULL;
}

static bool is_same_event(const struct event *a, const struct event *b)
{
	return a->time_s == b->time_s && !strcmp(a->type, b->type) &&
	       !strcmp(a->severity, b->severity) && !strcmp(a->text, b->text);
}

static bool has_event(const struct event *events, size_t count, const struct event *event)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (is_same_event(&events[i], event))
			return true;
	return false;
}

/* The events of the reply, and those of before that it does not repeat, newest first. */
static size_t merge_events(struct event *to, const struct event *events, size_t event_count,
			   const struct cluster_data *former)
{
	size_t count = 0, i = 0, old = 0;

	while (count < EVENTS_MAX && (i < event_count || old < former->event_count)) {
		const struct event *event = old < former->event_count ? &former->events[old] : NULL;

		if (event && has_event(events, event_count, event)) {
			old++;
		} else if (i < event_count && (!event || events[i].time_s >= event->time_s)) {
			to[count++] = events[i++];
		} else {
			to[count++] = *event;
			old++;
		}
	}
	return count;
}

/* The next request starts at the newest event of any database. */
static void advance_newest(struct detail_watch *watch, const struct data_reply *reply)
{
	size_t i;

	if (watch->newest_s < reply->uid)
		watch->newest_s = reply->uid;
	for (i = 0; i < reply->data->event_count; i++)
		if (reply->data->events[i].time_s > watch->newest_s)
			watch->newest_s = reply->data->events[i].time_s;
}

bool detail_apply_events(struct cluster *c, const struct data_reply *reply)
{
	struct detail_watch *watch = &c->detail;
	struct event *merged = malloc(EVENTS_MAX * sizeof(*merged));
	size_t count;
	struct event *own = merged ? own_records(c, reply, 0, &count) : NULL;

	if (!own) {
		free(merged);
		return false;
	}
	reset_history_on_events(c, own, count);
	count = merge_events(merged, own, count, &watch->detail.data);
	free(own);
	set_records(watch, TOPIC_EVENTS, merged, count);
	advance_newest(watch, reply);
	return true;
}

/* Copies what the actions point to, all in one block; NULL when out of memory. */
static struct action_op *copy_ops(struct action *actions, size_t count)
{
	struct action_op *ops;
	size_t i, total = 0;

	for (i = 0; i < count; i++)
		total += actions[i].op_count;
	ops = malloc(total * sizeof(*ops) + 1);
	for (i = total = 0; ops && i < count; i++) {
		if (actions[i].op_count)
			memcpy(ops + total, actions[i].ops, actions[i].op_count * sizeof(*ops));
		actions[i].ops = ops + total;
		total += actions[i].op_count;
	}
	return ops;
}

bool detail_apply_actions(struct cluster *c, const struct data_reply *reply)
{
	struct detail_watch *watch = &c->detail;
	size_t count;
	struct action *own = own_records(c, reply, ACTIONS_MAX, &count);
	struct action_op *ops = own ? copy_ops(own, count) : NULL;

	if (!ops) {
		free(own);
		return false;
	}
	set_records(watch, TOPIC_ACTIONS, own, count);
	free(watch->action_ops);
	watch->action_ops = ops;
	watch->detail.older_actions = reply->older_actions;
	return true;
}

bool detail_apply_bdb_info(struct cluster *c, const struct data_reply *reply)
{
	struct detail_watch *watch = &c->detail;
	struct bdb_info *copy = NULL;
	size_t i;

	for (i = 0; !copy && i < reply->data->bdb_info_count; i++) {
		if (reply->data->bdb_infos[i].uid != watch->detail.uid)
			continue;
		copy = bdb_info_copy(&reply->data->bdb_infos[i]);
		if (!copy)
			return false;
	}
	free(watch->records[TOPIC_BDB_INFO]);
	watch->records[TOPIC_BDB_INFO] = copy;
	watch->detail.bdb_info = copy;
	return true;
}

bool detail_apply_nodes(struct cluster *c, const struct data_reply *reply)
{
	const struct cluster_data *data = reply->data;
	const char *oldest = "";
	size_t i;

	for (i = 0; i < data->node_count; i++)
		if (data->nodes[i].version[0] &&
		    (!oldest[0] || version_compare(data->nodes[i].version, oldest) < 0))
			oldest = data->nodes[i].version;
	text_safe(c->detail.version, sizeof(c->detail.version), oldest, false);
	c->detail.detail.revision++;
	cluster_mark_changed(c);
	return true;
}

void detail_data_release(struct detail_watch *watch)
{
	unsigned topic;

	for (topic = 0; topic < TOPIC_COUNT; topic++) {
		free(watch->records[topic]);
		watch->records[topic] = NULL;
	}
	free(watch->action_ops);
	watch->action_ops = NULL;
	watch->detail.data = (struct cluster_data){ .event_count = 0 };
	watch->detail.bdb_info = NULL;
}
