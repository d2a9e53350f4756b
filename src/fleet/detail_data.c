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

/* One kind of records in struct cluster_data: where array and count are, to which database a record
 * belongs, and what the detail keeps. */
struct record_kind {
	size_t size, array_offset, count_offset, bdb_offset;
	size_t max;				    /* 0: all */
	int (*compare)(const void *, const void *); /* pointers to records; NULL: as received */
};
#define RECORD_KIND(record, bdb, array, count)                                                     \
	.size = sizeof(struct record), .bdb_offset = offsetof(struct record, bdb),                 \
	.array_offset = offsetof(struct cluster_data, array),                                      \
	.count_offset = offsetof(struct cluster_data, count)

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

static int shard_by_uid(const void *left, const void *right)
{
	const struct shard *a = *(const struct shard *const *)left;
	const struct shard *b = *(const struct shard *const *)right;

	return int64_compare(a->uid, b->uid);
}

static const struct record_kind events_kind = { RECORD_KIND(event, uid, events, event_count) };
static const struct record_kind alerts_kind = { RECORD_KIND(alert, uid, alerts, alert_count) };
static const struct record_kind actions_kind = { RECORD_KIND(action, uid, actions, action_count),
						 .max = ACTIONS_MAX, .compare = running_first };
static const struct record_kind shards_kind = { RECORD_KIND(shard, bdb, shards, shard_count),
						.compare = shard_by_uid };

/* The two members of a kind, with memcpy() because the type of the array differs between kinds. */
static const char *get_records(const struct record_kind *kind, const struct cluster_data *data,
			       size_t *count)
{
	const void *records;

	memcpy(count, (const char *)data + kind->count_offset, sizeof(*count));
	memcpy(&records, (const char *)data + kind->array_offset, sizeof(records));
	return records;
}

/* Takes ownership of the records. */
static void set_records(struct cluster_data *data, const struct record_kind *kind,
			const void *records, size_t count)
{
	size_t former_count;

	free((void *)get_records(kind, data, &former_count));
	memcpy((char *)data + kind->count_offset, &count, sizeof(count));
	memcpy((char *)data + kind->array_offset, &records, sizeof(records));
}

/* The records about a database, in one block for free(); NULL when out of memory. */
static void *own_records(const struct record_kind *kind, const struct cluster_data *data,
			 int64_t uid, size_t *own_count)
{
	size_t i, count = 0, total;
	const char *records = get_records(kind, data, &total);
	const char **own = malloc((total + 1) * sizeof(*own));
	char *to = NULL;

	for (i = 0; own && i < total; i++, records += kind->size)
		if (*(const int64_t *)(const void *)(records + kind->bdb_offset) == uid)
			own[count++] = records;
	if (count && kind->compare)
		qsort(own, count, sizeof(*own), kind->compare);
	if (kind->max && count > kind->max)
		count = kind->max;
	if (own)
		to = malloc(count * kind->size + 1);
	for (i = 0; to && i < count; i++)
		memcpy(to + i * kind->size, own[i], kind->size);
	free(own);
	*own_count = count;
	return to;
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

static bool apply_events(struct cluster *c, const struct data_reply *reply)
{
	struct detail_watch *watch = &c->detail;
	struct event *merged = malloc(EVENTS_MAX * sizeof(*merged));
	struct event *own;
	size_t count;

	own = merged ? own_records(&events_kind, reply->data, watch->detail.uid, &count) : NULL;
	if (!own) {
		free(merged);
		return false;
	}
	reset_history_on_events(c, own, count);
	count = merge_events(merged, own, count, &watch->detail.data);
	free(own);
	set_records(&watch->detail.data, &events_kind, merged, count);
	advance_newest(watch, reply);
	return true;
}

static bool apply_own(struct cluster *c, const struct record_kind *kind,
		      const struct data_reply *reply)
{
	size_t count;
	void *own = own_records(kind, reply->data, c->detail.detail.uid, &count);

	if (own)
		set_records(&c->detail.detail.data, kind, own, count);
	return own != NULL;
}

static bool apply_alerts(struct cluster *c, const struct data_reply *reply)
{
	return apply_own(c, &alerts_kind, reply);
}

static bool apply_shards(struct cluster *c, const struct data_reply *reply)
{
	return apply_own(c, &shards_kind, reply);
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

static bool apply_actions(struct cluster *c, const struct data_reply *reply)
{
	struct detail_watch *watch = &c->detail;
	size_t count;
	struct action *own = own_records(&actions_kind, reply->data, watch->detail.uid, &count);
	struct action_op *ops = own ? copy_ops(own, count) : NULL;

	if (!ops) {
		free(own);
		return false;
	}
	set_records(&watch->detail.data, &actions_kind, own, count);
	free(watch->action_ops);
	watch->action_ops = ops;
	watch->detail.older_actions = reply->older_actions;
	return true;
}

static bool apply_bdb_info(struct cluster *c, const struct data_reply *reply)
{
	struct detail_watch *watch = &c->detail;
	struct bdb_info *copy = NULL;
	size_t i;

	for (i = 0; i < reply->data->bdb_info_count; i++)
		if (reply->data->bdb_infos[i].uid == watch->detail.uid) {
			copy = bdb_info_copy(&reply->data->bdb_infos[i]);
			if (!copy)
				return false;
			break;
		}
	free(watch->bdb_info);
	watch->bdb_info = copy;
	watch->detail.bdb_info = copy;
	return true;
}

static bool apply_nodes(struct cluster *c, const struct data_reply *reply)
{
	const struct cluster_data *data = reply->data;
	const char *oldest = "";
	size_t i;

	for (i = 0; i < data->node_count; i++)
		if (data->nodes[i].version[0] &&
		    (!oldest[0] || version_compare(data->nodes[i].version, oldest) < 0))
			oldest = data->nodes[i].version;
	text_safe(c->detail.version, sizeof(c->detail.version), oldest, false);
	return true;
}

bool detail_data_apply(struct cluster *c, unsigned source, const struct data_reply *reply)
{
	static bool (*const apply[DETAIL_SOURCES])(struct cluster *, const struct data_reply *) = {
		[SECTION_EVENTS] = apply_events,     [SECTION_ALERTS] = apply_alerts,
		[SECTION_ACTIONS] = apply_actions,   [SECTION_SHARDS] = apply_shards,
		[SECTION_BDB_INFO] = apply_bdb_info, [DETAIL_NODES] = apply_nodes,
	};

	return apply[source](c, reply);
}

void detail_data_release(struct detail_watch *watch)
{
	static const struct record_kind *const kinds[] = { &events_kind, &alerts_kind,
							   &actions_kind, &shards_kind };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		set_records(&watch->detail.data, kinds[i], NULL, 0);
	free(watch->action_ops);
	free(watch->bdb_info);
	watch->action_ops = NULL;
	watch->bdb_info = NULL;
	watch->detail.bdb_info = NULL;
}
