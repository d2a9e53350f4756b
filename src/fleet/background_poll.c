/*
 * The background poll: the cluster's log of the last 24 hours once, then a round of alerts and
 * actions every minute, and modules and tags while they are wanted.  One request at a time, and
 * none while a reset job needs the slot.
 */
#include "cluster_internal.h"

#include <stdlib.h>
#include <string.h>

#define ROUND_MS      INT64_C(60000)
#define BDB_INFO_MS   (INT64_C(5) * 60 * 1000)
#define SLOT_RETRY_MS 1000 /* after the source refused a request despite a free slot */
#define LOG_AGE_S     (INT64_C(24) * 60 * 60)

/* In the order in which they are requested. */
static const enum source_topic background_topics[] = { TOPIC_EVENTS, TOPIC_BDB_INFO, TOPIC_ALERTS,
						       TOPIC_ACTIONS };
#define TOPICS ARRAY_SIZE(background_topics)

/* A single poll requests only modules and tags, and only if they are wanted. */
static bool can_request(const struct cluster *c)
{
	return c->ops && (!c->setup.single_poll || c->background.bdb_info_wanted) &&
	       c->status.has_list && c->status.conn == CONN_OK && !c->status.paused &&
	       !c->background.in_flight && !c->detail.in_flight;
}

static bool wants_bdb_info(const struct background_poll *poll, int64_t now_ms)
{
	return poll->bdb_info_wanted && !poll->unavailable[TOPIC_BDB_INFO] &&
	       (!poll->bdb_info_requested || now_ms - poll->bdb_info_requested_ms >= BDB_INFO_MS);
}

/* TOPIC_COUNT: none. */
static enum source_topic next_topic(const struct background_poll *poll, int64_t now_ms)
{
	size_t i;

	for (i = 0; i < TOPICS; i++)
		if (!poll->unavailable[background_topics[i]] &&
		    poll->not_before_ms[background_topics[i]] <= now_ms &&
		    (poll->wanted[background_topics[i]] ||
		     (background_topics[i] == TOPIC_BDB_INFO && wants_bdb_info(poll, now_ms))))
			return background_topics[i];
	return TOPIC_COUNT;
}

/* When a round begins, or modules and tags are requested again. */
static int64_t next_ms(const struct background_poll *poll)
{
	bool any = !poll->unavailable[TOPIC_ALERTS] || !poll->unavailable[TOPIC_ACTIONS] ||
		   poll->events_failed;
	int64_t due = any ? poll->next_ms : TIME_NEVER;
	size_t i;

	if (poll->bdb_info_wanted && poll->bdb_info_requested &&
	    !poll->unavailable[TOPIC_BDB_INFO] && poll->bdb_info_requested_ms + BDB_INFO_MS < due)
		due = poll->bdb_info_requested_ms + BDB_INFO_MS;
	for (i = 0; i < TOPICS; i++)
		if (poll->wanted[background_topics[i]] &&
		    !poll->unavailable[background_topics[i]] &&
		    poll->not_before_ms[background_topics[i]] < due)
			due = poll->not_before_ms[background_topics[i]];
	return due;
}

static void begin_round(struct background_poll *poll, int64_t now_ms)
{
	if (now_ms < poll->next_ms)
		return;
	poll->next_ms = now_ms + ROUND_MS;
	poll->wanted[TOPIC_ALERTS] = poll->wanted[TOPIC_ACTIONS] = true;
	poll->wanted[TOPIC_EVENTS] |= poll->events_failed;
	poll->events_failed = false;
}

void background_poll_on_list(struct cluster *c, struct moment now)
{
	c->background.wanted[TOPIC_EVENTS] = !c->setup.single_poll;
	c->background.next_ms = c->setup.single_poll ? TIME_NEVER : now.ms;
}

int64_t background_poll_due(const struct cluster *c, int64_t now_ms)
{
	const struct background_poll *poll = &c->background;
	int64_t due = poll->retry_ms;

	if (!can_request(c))
		return TIME_NEVER;
	if (next_topic(poll, now_ms) == TOPIC_COUNT)
		due = next_ms(poll);
	else if (!c->ops->free_slots(c->source))
		/* the reply that frees a slot causes the next turn */
		return TIME_NEVER;
	return due > now_ms ? due : now_ms;
}

void background_poll_turn(struct cluster *c, struct moment now)
{
	struct background_poll *poll = &c->background;
	enum source_topic topic;
	int64_t argument;

	if (!can_request(c))
		return;
	begin_round(poll, now.ms);
	topic = next_topic(poll, now.ms);
	if (topic == TOPIC_COUNT || now.ms < poll->retry_ms || !c->ops->free_slots(c->source))
		return;
	argument = topic == TOPIC_EVENTS ? cluster_now_s(c) - LOG_AGE_S : 0;
	if (c->ops->request(c->source, topic, argument, now.ms) < 0) {
		poll->retry_ms = now.ms + SLOT_RETRY_MS;
		return;
	}
	poll->in_flight = true;
	poll->wanted[topic] = false;
	if (topic == TOPIC_BDB_INFO) {
		poll->bdb_info_requested = true;
		poll->bdb_info_requested_ms = now.ms;
	}
}

/* --- replies --------------------------------------------------------------------------------- */

static int delay_alert_by_uid(const void *key, const void *element)
{
	const struct delay_alert *a = key, *b = element;

	return int64_compare(a->uid, b->uid);
}

static bool is_delay_alert(const struct alert *alert)
{
	const char *name = alert->name;

	return alert->enabled && alert->on &&
	       !strcmp(strncmp(name, "bdb_", 4) ? name : name + 4, "backup_delayed");
}

static void apply_alerts(struct cluster *c, const struct cluster_data *data)
{
	struct background_poll *poll = &c->background;
	struct delay_alert *delayed = malloc((data->alert_count + 1) * sizeof(*delayed));
	size_t i, count = 0;

	if (!delayed)
		return;
	for (i = 0; i < data->alert_count; i++)
		if (is_delay_alert(&data->alerts[i]))
			delayed[count++] =
				(struct delay_alert){ .uid = data->alerts[i].uid,
						      .since_s = data->alerts[i].since_s };
	qsort(delayed, count, sizeof(*delayed), delay_alert_by_uid);
	if (count != poll->delay_alert_count ||
	    (count && memcmp(delayed, poll->delay_alerts, count * sizeof(*delayed)) != 0))
		cluster_mark_changed(c);
	free(poll->delay_alerts);
	poll->delay_alerts = delayed;
	poll->delay_alert_count = count;
}

bool cluster_has_delay_alert(const struct cluster *c, int64_t uid, int64_t *since_s)
{
	const struct background_poll *poll = &c->background;
	const struct delay_alert want = { .uid = uid };
	const struct delay_alert *found =
		array_find(&want, poll->delay_alerts, poll->delay_alert_count,
			   sizeof(*poll->delay_alerts), delay_alert_by_uid);

	if (!found)
		return false;
	*since_s = found->since_s;
	return true;
}

static void bdb_infos_free(struct bdb_info **info, size_t count)
{
	while (count)
		free(info[--count]);
	free(info);
}

static int bdb_info_by_uid(const void *left, const void *right)
{
	const struct bdb_info *a = *(struct bdb_info *const *)left;
	const struct bdb_info *b = *(struct bdb_info *const *)right;

	return int64_compare(a->uid, b->uid);
}

/* All of them or none: with a part, a filter would omit databases silently. */
static void apply_bdb_info(struct cluster *c, const struct cluster_data *data)
{
	struct background_poll *poll = &c->background;
	size_t i, count = data->bdb_info_count;
	struct bdb_info **copies = malloc((count + 1) * sizeof(struct bdb_info *));

	for (i = 0; copies && i < count; i++) {
		copies[i] = bdb_info_copy(&data->bdb_infos[i]);
		if (copies[i])
			continue;
		bdb_infos_free(copies, i);
		copies = NULL;
	}
	cluster_mark_changed(c);
	if (!copies) {
		err_set(&poll->bdb_info_error, ERR_RETRY, "out of memory.");
		return;
	}
	qsort(copies, count, sizeof(*copies), bdb_info_by_uid);
	bdb_infos_free(poll->bdb_info, poll->bdb_info_count);
	poll->bdb_info = copies;
	poll->bdb_info_count = count;
}

const struct bdb_info *cluster_bdb_info(const struct cluster *c, int64_t uid)
{
	const struct bdb_info want = { .uid = uid }, *key = &want;
	struct bdb_info **found = array_find(&key, c->background.bdb_info,
					     c->background.bdb_info_count,
					     sizeof(struct bdb_info *), bdb_info_by_uid);

	return found ? *found : NULL;
}

void cluster_want_bdb_info(struct cluster *c, bool wanted)
{
	c->background.bdb_info_wanted = wanted;
	c->background.wanted[TOPIC_BDB_INFO] &= wanted;
}

bool cluster_bdb_info_is_complete(const struct cluster *c, const struct err **error)
{
	const struct background_poll *poll = &c->background;

	if (error)
		*error = *poll->bdb_info_error.text ? &poll->bdb_info_error : NULL;
	return !poll->bdb_info_wanted || poll->bdb_info_complete;
}

static void record_bdb_info_result(struct cluster *c, const struct data_reply *reply)
{
	c->background.bdb_info_complete = true;
	if (reply->result == DATA_OK)
		c->background.bdb_info_error.text[0] = '\0';
	else
		c->background.bdb_info_error = *reply->error;
	cluster_mark_changed(c);
}

static void apply_data(struct cluster *c, const struct data_reply *reply, int64_t now_ms)
{
	switch (reply->topic) {
	case TOPIC_EVENTS:
		/* past events change findings, but are no transitions of this run */
		roster_backfill(c->roster, reply->data, reply->uid, findings_moment(c, now_ms));
		findings_update_quietly(c);
		cluster_mark_changed(c);
		break;
	case TOPIC_ALERTS:
		apply_alerts(c, reply->data);
		break;
	case TOPIC_ACTIONS:
		roster_heartbeat(c->roster, reply->data, findings_moment(c, reply->received_ms));
		findings_update(c);
		cluster_mark_changed(c);
		break;
	case TOPIC_BDB_INFO:
		apply_bdb_info(c, reply->data);
		break;
	default:
		break;
	}
}

void background_poll_on_data(void *arg, const struct data_reply *reply, int64_t now_ms)
{
	struct cluster *c = arg;

	if (detail_watch_on_data(c, reply, now_ms))
		return;
	c->background.in_flight = false;
	c->background.not_before_ms[reply->topic] = reply->retry_ms;
	if (reply->topic == TOPIC_BDB_INFO)
		record_bdb_info_result(c, reply);
	if (reply->result == DATA_OK)
		apply_data(c, reply, now_ms);
	else if (reply->result == DATA_FORBIDDEN || reply->result == DATA_MISSING)
		c->background.unavailable[reply->topic] = true;
	else if (reply->topic == TOPIC_EVENTS)
		c->background.events_failed = true;
	else if (reply->topic == TOPIC_BDB_INFO)
		/* request it again in the next round */
		c->background.bdb_info_requested_ms = c->background.next_ms - BDB_INFO_MS;
}

void background_poll_release(struct cluster *c)
{
	bdb_infos_free(c->background.bdb_info, c->background.bdb_info_count);
	free(c->background.delay_alerts);
}
