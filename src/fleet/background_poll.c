/*
 * What is asked beside the databases: the log of the last day once, then a slow round of alerts and
 * actions, and what the databases are while somebody wants to know.  One request of these at a
 * time, and none while a ticket wants the place.
 */
#include "cluster_internal.h"

#include <stdlib.h>
#include <string.h>

#define ROUND_MS  INT64_C(60000)
#define TRAITS_MS (INT64_C(5) * 60 * 1000)
#define AGAIN_MS  1000 /* after a source that had a place, and yet none */
#define LOG_S	  (INT64_C(24) * 60 * 60)

/* In the order in which they are asked. */
static const enum source_topic topics[] = { TOPIC_EVENTS, TOPIC_BDB_INFO, TOPIC_ALERTS,
					    TOPIC_ACTIONS };
#define TOPICS (sizeof(topics) / sizeof(topics[0]))

/* One look asks only for what it cannot be understood without. */
static bool may_ask(const struct cluster *c)
{
	return c->ops && (!c->setup.alone || c->round.traits_wanted) && c->face.listed &&
	       c->face.link == LINK_FRESH && !c->face.paused && !c->round.out && !c->look.out;
}

static bool wants_traits(const struct round *round, int64_t now_ms)
{
	return round->traits_wanted && !round->dropped[TOPIC_BDB_INFO] &&
	       (!round->traits_asked || now_ms - round->traits_ms >= TRAITS_MS);
}

/* What is asked next; TOPIC_COUNT for nothing. */
static enum source_topic next_topic(const struct round *round, int64_t now_ms)
{
	size_t i;

	for (i = 0; i < TOPICS; i++)
		if (!round->dropped[topics[i]] && round->not_before_ms[topics[i]] <= now_ms &&
		    (round->wanted[topics[i]] ||
		     (topics[i] == TOPIC_BDB_INFO && wants_traits(round, now_ms))))
			return topics[i];
	return TOPIC_COUNT;
}

/* When a round begins, or the traits are to be asked again. */
static int64_t next_ms(const struct round *round)
{
	bool any = !round->dropped[TOPIC_ALERTS] || !round->dropped[TOPIC_ACTIONS] ||
		   round->late_events;
	int64_t due = any ? round->next_ms : TIME_NEVER;
	size_t i;

	if (round->traits_wanted && round->traits_asked && !round->dropped[TOPIC_BDB_INFO] &&
	    round->traits_ms + TRAITS_MS < due)
		due = round->traits_ms + TRAITS_MS;
	for (i = 0; i < TOPICS; i++)
		if (round->wanted[topics[i]] && !round->dropped[topics[i]] &&
		    round->not_before_ms[topics[i]] < due)
			due = round->not_before_ms[topics[i]];
	return due;
}

static void begin_round(struct round *round, int64_t now_ms)
{
	if (now_ms < round->next_ms)
		return;
	round->next_ms = now_ms + ROUND_MS;
	round->wanted[TOPIC_ALERTS] = round->wanted[TOPIC_ACTIONS] = true;
	round->wanted[TOPIC_EVENTS] |= round->late_events;
	round->late_events = false;
}

void facts_listed(struct cluster *c, struct moment now)
{
	c->round.wanted[TOPIC_EVENTS] = !c->setup.alone;
	c->round.next_ms = c->setup.alone ? TIME_NEVER : now.ms;
}

int64_t facts_due(const struct cluster *c, int64_t now_ms)
{
	const struct round *round = &c->round;
	int64_t due = round->retry_ms;

	if (!may_ask(c))
		return TIME_NEVER;
	if (next_topic(round, now_ms) == TOPIC_COUNT)
		due = next_ms(round);
	else if (!c->ops->free_slots(c->source))
		/* the reply that frees a place wakes us */
		return TIME_NEVER;
	return due > now_ms ? due : now_ms;
}

void facts_turn(struct cluster *c, struct moment now)
{
	struct round *round = &c->round;
	enum source_topic topic;
	int64_t about;

	if (!may_ask(c))
		return;
	begin_round(round, now.ms);
	topic = next_topic(round, now.ms);
	if (topic == TOPIC_COUNT || now.ms < round->retry_ms || !c->ops->free_slots(c->source))
		return;
	about = topic == TOPIC_EVENTS ? cluster_now_s(c) - LOG_S : 0;
	if (c->ops->request(c->source, topic, about, now.ms) < 0) {
		round->retry_ms = now.ms + AGAIN_MS;
		return;
	}
	round->out = true;
	round->wanted[topic] = false;
	if (topic == TOPIC_BDB_INFO) {
		round->traits_asked = true;
		round->traits_ms = now.ms;
	}
}

/* --- what is told ---------------------------------------------------------------------------- */

static int by_uid(const void *key, const void *delayed)
{
	int64_t uid = *(const int64_t *)key, other = ((const struct delayed *)delayed)->uid;

	return uid < other ? -1 : uid > other;
}

static bool tells_delay(const struct alert *alert)
{
	const char *name = alert->name;

	return alert->enabled && alert->on &&
	       !strcmp(strncmp(name, "bdb_", 4) ? name : name + 4, "backup_delayed");
}

static void take_alerts(struct cluster *c, const struct cluster_data *facts)
{
	struct round *round = &c->round;
	struct delayed *delayed = malloc((facts->alert_count + 1) * sizeof(*delayed));
	size_t i, count = 0;

	if (!delayed)
		return;
	for (i = 0; i < facts->alert_count; i++)
		if (tells_delay(&facts->alerts[i]))
			delayed[count++] = (struct delayed){ .uid = facts->alerts[i].uid,
							     .since_s = facts->alerts[i].since_s };
	qsort(delayed, count, sizeof(*delayed), by_uid);
	if (count != round->delayed_count ||
	    (count && memcmp(delayed, round->delayed, count * sizeof(*delayed)) != 0))
		cluster_seen(c);
	free(round->delayed);
	round->delayed = delayed;
	round->delayed_count = count;
}

bool cluster_alert(const struct cluster *c, int64_t uid, int64_t *since_s)
{
	const struct round *round = &c->round;
	const struct delayed *found = round->delayed_count
					      ? bsearch(&uid, round->delayed, round->delayed_count,
							sizeof(*round->delayed), by_uid)
					      : NULL;

	if (!found)
		return false;
	*since_s = found->since_s;
	return true;
}

static void traits_free(struct bdb_info **traits, size_t count)
{
	while (count)
		free(traits[--count]);
	free(traits);
}

static int traits_by_uid(const void *left, const void *right)
{
	int64_t a = (*(struct bdb_info *const *)left)->uid,
		b = (*(struct bdb_info *const *)right)->uid;

	return a < b ? -1 : a > b;
}

/* All of them, or those that were there stay: a filter would leave out databases without a word. */
static void take_traits(struct cluster *c, const struct cluster_data *facts)
{
	struct round *round = &c->round;
	size_t i, count = facts->bdb_info_count;
	struct bdb_info **fresh = malloc((count + 1) * sizeof(struct bdb_info *));

	for (i = 0; fresh && i < count; i++) {
		fresh[i] = keep_traits(&facts->bdb_infos[i]);
		if (fresh[i])
			continue;
		traits_free(fresh, i);
		fresh = NULL;
	}
	cluster_seen(c);
	if (!fresh) {
		err_set(&round->traitless, ERR_RETRY, "out of memory.");
		return;
	}
	qsort(fresh, count, sizeof(*fresh), traits_by_uid);
	traits_free(round->traits, round->trait_count);
	round->traits = fresh;
	round->trait_count = count;
}

const struct bdb_info *cluster_traits(const struct cluster *c, int64_t uid)
{
	const struct bdb_info want = { .uid = uid }, *key = &want;
	struct bdb_info **found = c->round.trait_count
					  ? bsearch(&key, c->round.traits, c->round.trait_count,
						    sizeof(struct bdb_info *), traits_by_uid)
					  : NULL;

	return found ? *found : NULL;
}

void cluster_want_traits(struct cluster *c, bool wanted)
{
	c->round.traits_wanted = wanted;
	c->round.wanted[TOPIC_BDB_INFO] &= wanted;
}

bool cluster_traits_come(const struct cluster *c, const struct err **why)
{
	const struct round *round = &c->round;

	if (why)
		*why = *round->traitless.text ? &round->traitless : NULL;
	return !round->traits_wanted || round->traits_told;
}

static void note_traits(struct cluster *c, const struct data_reply *told)
{
	c->round.traits_told = true;
	if (told->result == DATA_OK)
		c->round.traitless.text[0] = '\0';
	else
		c->round.traitless = *told->error;
	cluster_seen(c);
}

static void take(struct cluster *c, const struct data_reply *told, int64_t now_ms)
{
	switch (told->topic) {
	case TOPIC_EVENTS:
		/* what was so before we looked is no news */
		roster_backfill(c->roster, told->data, told->uid, findings_moment(c, now_ms));
		findings_again(c);
		cluster_seen(c);
		break;
	case TOPIC_ALERTS:
		take_alerts(c, told->data);
		break;
	case TOPIC_ACTIONS:
		roster_heartbeat(c->roster, told->data, findings_moment(c, told->received_ms));
		findings_make(c);
		cluster_seen(c);
		break;
	case TOPIC_BDB_INFO:
		take_traits(c, told->data);
		break;
	default:
		break;
	}
}

void facts_told(void *arg, const struct data_reply *told, int64_t now_ms)
{
	struct cluster *c = arg;

	if (look_told(c, told, now_ms))
		return;
	c->round.out = false;
	c->round.not_before_ms[told->topic] = told->retry_ms;
	if (told->topic == TOPIC_BDB_INFO)
		note_traits(c, told);
	if (told->result == DATA_OK)
		take(c, told, now_ms);
	else if (told->result == DATA_FORBIDDEN || told->result == DATA_MISSING)
		c->round.dropped[told->topic] = true;
	else if (told->topic == TOPIC_EVENTS)
		c->round.late_events = true;
	else if (told->topic == TOPIC_BDB_INFO)
		/* with the next round */
		c->round.traits_ms = c->round.next_ms - TRAITS_MS;
}

void facts_release(struct cluster *c)
{
	traits_free(c->round.traits, c->round.trait_count);
	free(c->round.delayed);
}
