/*
 * What the answers about one database leave behind.
 */
#include "cluster_internal.h"

#include "bdbtop/core/defect.h"
#include "bdbtop/core/text.h"

#include <stdlib.h>
#include <string.h>

#define EVENTS_KEPT  100
#define ACTIONS_KEPT 50

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
	/* within a second they stay as they were told */
	return a < b ? -1 : a > b;
}

/* Those of the database in an answer, newest first. */
static size_t own_events(const struct event **to, const struct cluster_data *facts, int64_t uid)
{
	size_t i, count = 0;

	for (i = 0; i < facts->event_count; i++)
		if (facts->events[i].uid == uid)
			to[count++] = &facts->events[i];
	if (count)
		qsort(to, count, sizeof(*to), newest_event);
	return count;
}

/* Both newest first: those told, then of the ones kept what was not told again. */
static size_t merge_events(const struct event **to, const struct event *const *told,
			   size_t told_count, const struct look *look)
{
	const struct cluster_data *kept = &look->face.facts;
	size_t count = 0, i = 0, old = 0;

	while (count < EVENTS_KEPT && (i < told_count || old < kept->event_count)) {
		const struct event *event = old < kept->event_count ? &kept->events[old] : NULL;

		if (event && has_event(told, told_count, event)) {
			old++;
		} else if (i < told_count && (!event || told[i]->time_s >= event->time_s)) {
			to[count++] = told[i++];
		} else {
			to[count++] = event;
			old++;
		}
	}
	return count;
}

/* It goes on from the newest of the whole log, whoever that is about. */
static void move_on(struct look *look, const struct data_reply *told)
{
	size_t i;

	if (look->newest_s < told->uid)
		look->newest_s = told->uid;
	for (i = 0; i < told->data->event_count; i++)
		if (told->data->events[i].time_s > look->newest_s)
			look->newest_s = told->data->events[i].time_s;
}

static bool take_events(struct cluster *c, const struct data_reply *told)
{
	struct look *look = &c->look;
	const struct event **own = malloc((told->data->event_count + 1) * sizeof(*own));
	const struct event *merged[EVENTS_KEPT];
	struct page page = { .count = 0 };
	bool kept = false;
	size_t count;

	if (own) {
		count = own_events(own, told->data, look->face.uid);
		sent_events(c, own, count);
		kept = keep_events(&page, merged, merge_events(merged, own, count, look));
	}
	free(own);
	if (!kept)
		return false;
	keep_release(&look->page[CORNER_EVENTS]);
	look->page[CORNER_EVENTS] = page;
	look->face.facts.events = page.records;
	look->face.facts.event_count = page.count;
	move_on(look, told);
	return true;
}

static bool take_alerts(struct cluster *c, const struct data_reply *told)
{
	struct look *look = &c->look;
	const struct alert **own = malloc((told->data->alert_count + 1) * sizeof(*own));
	struct page page = { .count = 0 };
	size_t i, count = 0;
	bool kept;

	for (i = 0; own && i < told->data->alert_count; i++)
		if (told->data->alerts[i].uid == look->face.uid)
			own[count++] = &told->data->alerts[i];
	kept = own && keep_alerts(&page, own, count);
	free(own);
	if (!kept)
		return false;
	keep_release(&look->page[CORNER_ALERTS]);
	look->page[CORNER_ALERTS] = page;
	look->face.facts.alerts = page.records;
	look->face.facts.alert_count = page.count;
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

static bool take_actions(struct cluster *c, const struct data_reply *told)
{
	struct look *look = &c->look;
	const struct action **own = malloc((told->data->action_count + 1) * sizeof(*own));
	struct page page = { .count = 0 };
	size_t i, count = 0;
	bool kept;

	for (i = 0; own && i < told->data->action_count; i++)
		if (told->data->actions[i].uid == look->face.uid)
			own[count++] = &told->data->actions[i];
	if (count)
		qsort(own, count, sizeof(*own), running_first);
	kept = own && keep_actions(&page, own, count < ACTIONS_KEPT ? count : ACTIONS_KEPT);
	free(own);
	if (!kept)
		return false;
	keep_release(&look->page[CORNER_ACTIONS]);
	look->page[CORNER_ACTIONS] = page;
	look->face.older_actions = told->older_actions;
	look->face.facts.actions = page.records;
	look->face.facts.action_count = page.count;
	return true;
}

static int shard_by_uid(const void *left, const void *right)
{
	const struct shard *a = *(const struct shard *const *)left;
	const struct shard *b = *(const struct shard *const *)right;

	return a->uid < b->uid ? -1 : a->uid > b->uid;
}

static bool take_shards(struct cluster *c, const struct data_reply *told)
{
	struct look *look = &c->look;
	const struct shard **own = malloc((told->data->shard_count + 1) * sizeof(*own));
	struct page page = { .count = 0 };
	size_t i, count = 0;
	bool kept;

	for (i = 0; own && i < told->data->shard_count; i++)
		if (!told->data->shards[i].bdb || told->data->shards[i].bdb == look->face.uid)
			own[count++] = &told->data->shards[i];
	if (count)
		qsort(own, count, sizeof(*own), shard_by_uid);
	kept = own && keep_shards(&page, own, count);
	free(own);
	if (!kept)
		return false;
	keep_release(&look->page[CORNER_SHARDS]);
	look->page[CORNER_SHARDS] = page;
	look->face.facts.shards = page.records;
	look->face.facts.shard_count = page.count;
	return true;
}

static bool take_traits(struct cluster *c, const struct data_reply *told)
{
	struct look *look = &c->look;
	struct bdb_info *copy = NULL;
	size_t i;

	for (i = 0; i < told->data->bdb_info_count; i++)
		if (told->data->bdb_infos[i].uid == look->face.uid) {
			copy = keep_traits(&told->data->bdb_infos[i]);
			if (!copy)
				return false;
			break;
		}
	keep_release(&look->page[CORNER_TRAITS]);
	look->page[CORNER_TRAITS].records = copy;
	look->face.traits = copy;
	return true;
}

static bool take_nodes(struct cluster *c, const struct data_reply *told)
{
	const struct cluster_data *facts = told->data;
	const char *oldest = "";
	size_t i;

	for (i = 0; i < facts->node_count; i++)
		if (facts->nodes[i].version[0] &&
		    (!oldest[0] || version_compare(facts->nodes[i].version, oldest) < 0))
			oldest = facts->nodes[i].version;
	text_safe(c->look.version, sizeof(c->look.version), oldest, false);
	return true;
}

bool pages_take(struct cluster *c, unsigned sort, const struct data_reply *told)
{
	static bool (*const take[LOOK_SORTS])(struct cluster *, const struct data_reply *) = {
		[CORNER_EVENTS] = take_events,	 [CORNER_ALERTS] = take_alerts,
		[CORNER_ACTIONS] = take_actions, [CORNER_SHARDS] = take_shards,
		[CORNER_TRAITS] = take_traits,	 [LOOK_NODES] = take_nodes,
	};

	return take[sort](c, told);
}

void pages_release(struct look *look)
{
	unsigned i;

	for (i = 0; i < CORNERS; i++)
		keep_release(&look->page[i]);
	look->face.facts = (struct cluster_data){ .event_count = 0 };
	look->face.traits = NULL;
}
