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

static bool is_same_event(const struct event *a, const struct event *b)
{
	return a->time_s == b->time_s && !strcmp(a->type, b->type) &&
	       !strcmp(a->severity, b->severity) && !strcmp(a->text, b->text);
}

static bool has_event(const struct event *const *events, size_t count, const struct event *event)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (is_same_event(events[i], event))
			return true;
	return false;
}

static int newest_event(const void *left, const void *right)
{
	const struct event *a = *(const struct event *const *)left;
	const struct event *b = *(const struct event *const *)right;

	if (a->time_s != b->time_s)
		return a->time_s > b->time_s ? -1 : 1;
	/* within a second they stay in the order of the reply */
	return a < b ? -1 : a > b;
}

/* The events of the database in a reply, newest first. */
static size_t events_of_bdb(const struct event **to, const struct cluster_data *data, int64_t uid)
{
	size_t i, count = 0;

	for (i = 0; i < data->event_count; i++)
		if (data->events[i].uid == uid)
			to[count++] = &data->events[i];
	if (count)
		qsort(to, count, sizeof(*to), newest_event);
	return count;
}

/* The events of the reply, and those of before that it does not repeat, newest first. */
static size_t merge_events(const struct event **to, const struct event *const *events,
			   size_t event_count, const struct detail_watch *watch)
{
	const struct cluster_data *former = &watch->detail.data;
	size_t count = 0, i = 0, old = 0;

	while (count < EVENTS_MAX && (i < event_count || old < former->event_count)) {
		const struct event *event = old < former->event_count ? &former->events[old] : NULL;

		if (event && has_event(events, event_count, event)) {
			old++;
		} else if (i < event_count && (!event || events[i]->time_s >= event->time_s)) {
			to[count++] = events[i++];
		} else {
			to[count++] = event;
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
	const struct event **own = malloc((reply->data->event_count + 1) * sizeof(*own));
	const struct event *merged[EVENTS_MAX];
	struct detail_records records = { .count = 0 };
	bool copied = false;
	size_t count;

	if (own) {
		count = events_of_bdb(own, reply->data, watch->detail.uid);
		reset_history_on_events(c, own, count);
		copied =
			data_copy_events(&records, merged, merge_events(merged, own, count, watch));
	}
	free(own);
	if (!copied)
		return false;
	data_copy_release(&watch->records[SECTION_EVENTS]);
	watch->records[SECTION_EVENTS] = records;
	watch->detail.data.events = records.records;
	watch->detail.data.event_count = records.count;
	advance_newest(watch, reply);
	return true;
}

static bool apply_alerts(struct cluster *c, const struct data_reply *reply)
{
	struct detail_watch *watch = &c->detail;
	const struct alert **own = malloc((reply->data->alert_count + 1) * sizeof(*own));
	struct detail_records records = { .count = 0 };
	size_t i, count = 0;
	bool copied;

	for (i = 0; own && i < reply->data->alert_count; i++)
		if (reply->data->alerts[i].uid == watch->detail.uid)
			own[count++] = &reply->data->alerts[i];
	copied = own && data_copy_alerts(&records, own, count);
	free(own);
	if (!copied)
		return false;
	data_copy_release(&watch->records[SECTION_ALERTS]);
	watch->records[SECTION_ALERTS] = records;
	watch->detail.data.alerts = records.records;
	watch->detail.data.alert_count = records.count;
	return true;
}

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

static bool apply_actions(struct cluster *c, const struct data_reply *reply)
{
	struct detail_watch *watch = &c->detail;
	const struct action **own = malloc((reply->data->action_count + 1) * sizeof(*own));
	struct detail_records records = { .count = 0 };
	size_t i, count = 0;
	bool copied;

	for (i = 0; own && i < reply->data->action_count; i++)
		if (reply->data->actions[i].uid == watch->detail.uid)
			own[count++] = &reply->data->actions[i];
	if (count)
		qsort(own, count, sizeof(*own), running_first);
	copied = own && data_copy_actions(&records, own, count < ACTIONS_MAX ? count : ACTIONS_MAX);
	free(own);
	if (!copied)
		return false;
	data_copy_release(&watch->records[SECTION_ACTIONS]);
	watch->records[SECTION_ACTIONS] = records;
	watch->detail.older_actions = reply->older_actions;
	watch->detail.data.actions = records.records;
	watch->detail.data.action_count = records.count;
	return true;
}

static int shard_by_uid(const void *left, const void *right)
{
	const struct shard *a = *(const struct shard *const *)left;
	const struct shard *b = *(const struct shard *const *)right;

	return a->uid < b->uid ? -1 : a->uid > b->uid;
}

static bool apply_shards(struct cluster *c, const struct data_reply *reply)
{
	struct detail_watch *watch = &c->detail;
	const struct shard **own = malloc((reply->data->shard_count + 1) * sizeof(*own));
	struct detail_records records = { .count = 0 };
	size_t i, count = 0;
	bool copied;

	for (i = 0; own && i < reply->data->shard_count; i++)
		if (!reply->data->shards[i].bdb || reply->data->shards[i].bdb == watch->detail.uid)
			own[count++] = &reply->data->shards[i];
	if (count)
		qsort(own, count, sizeof(*own), shard_by_uid);
	copied = own && data_copy_shards(&records, own, count);
	free(own);
	if (!copied)
		return false;
	data_copy_release(&watch->records[SECTION_SHARDS]);
	watch->records[SECTION_SHARDS] = records;
	watch->detail.data.shards = records.records;
	watch->detail.data.shard_count = records.count;
	return true;
}

static bool apply_bdb_info(struct cluster *c, const struct data_reply *reply)
{
	struct detail_watch *watch = &c->detail;
	struct bdb_info *copy = NULL;
	size_t i;

	for (i = 0; i < reply->data->bdb_info_count; i++)
		if (reply->data->bdb_infos[i].uid == watch->detail.uid) {
			copy = data_copy_bdb_info(&reply->data->bdb_infos[i]);
			if (!copy)
				return false;
			break;
		}
	data_copy_release(&watch->records[SECTION_BDB_INFO]);
	watch->records[SECTION_BDB_INFO].records = copy;
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
	unsigned i;

	for (i = 0; i < DETAIL_SECTIONS; i++)
		data_copy_release(&watch->records[i]);
	watch->detail.data = (struct cluster_data){ .event_count = 0 };
	watch->detail.bdb_info = NULL;
}
