/*
 * The state of a cluster for everyone who has one, and the notice to those who subscribe.  All
 * other files of the module are above this one.
 */
#include "cluster_internal.h"

const struct cluster_setup *cluster_setup(const struct cluster *c)
{
	return &c->setup;
}

const struct cluster_status *cluster_status(const struct cluster *c)
{
	return &c->status;
}

const struct roster *cluster_roster(const struct cluster *c)
{
	return c->roster;
}

unsigned cluster_index(const struct cluster *c)
{
	return c->index;
}

struct moment cluster_moment(const struct cluster *c, int64_t ms)
{
	return (struct moment){ .ms = ms, .wall_ms = c->now.wall_ms + (ms - c->now.ms) };
}

void cluster_mark_changed(struct cluster *c)
{
	c->status.revision++;
}

void cluster_notify(struct cluster *c, struct cluster_event *event)
{
	const struct cluster_subscriber *subscriber = c->subscribers;
	size_t i;

	event->cluster = c->index;
	for (i = 0; i < c->subscriber_count; i++)
		if (subscriber[i].on_event)
			subscriber[i].on_event(c, event);
}

void cluster_notify_connection(struct cluster *c, struct moment at, const char *outcome)
{
	struct cluster_event event = {
		.event_kind = CLUSTER_EVENT_CONNECTION, .at = at, .outcome = outcome, .name = ""
	};

	cluster_notify(c, &event);
}

void cluster_notify_observation(struct cluster *c, const struct observation *observation,
				struct moment now)
{
	const struct cluster_subscriber *subscriber = c->subscribers;
	size_t i;

	for (i = 0; i < c->subscriber_count; i++)
		if (subscriber[i].on_observation)
			subscriber[i].on_observation(c, observation, now);
}

const struct bdb_info *cluster_bdb_info(const struct cluster *c, int64_t uid)
{
	const int64_t *key = &uid;
	struct bdb_info **found =
		array_find(&key, c->background.bdb_info, c->background.bdb_info_count,
			   sizeof(struct bdb_info *), int64_compare_behind);

	return found ? *found : NULL;
}
