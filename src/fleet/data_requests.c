/*
 * Requests for cluster data besides the list: what, about what, when, and what follows a failure.
 *
 * One request at a time: of the two slots that are not for polls, one is always left for reset
 * jobs.
 */
#include "cluster_internal.h"

#define SLOT_RETRY_MS 1000  /* after the source refused a request despite a free slot */
#define RETRY_MS      60000 /* after a failure */
#define OPEN_RETRY_MS 10000 /* the same while the user looks; doubles twice */
#define RECENT_MS     (INT64_C(10) * 60 * 1000)
#define DAY_S	      (INT64_C(24) * 60 * 60)
#define OVERLAP_S     30 /* the nodes' clocks differ, and their log entries arrive in any order */

/* ABOUT_ONE: what is kept is about the database of the detail, so another one begins anew. */
enum source_about { ABOUT_ALL, ABOUT_ONE };

/* The state in which a source is requested, beside a connection. */
enum source_wanted {
	WHILE_POLLING,	/* not in a single poll, nor while polls are paused */
	WHILE_ASKED,	/* by cluster_want_bdb_info(), and polls are not paused */
	WHILE_OPEN,	/* the detail is open */
};

#define ONCE TIME_NEVER

/* When several are due at the same time, the first one is requested. */
static const struct data_source {
	enum source_topic topic;
	enum source_about about;
	enum source_wanted wanted;
	/* between requests; busy: an operation of the database runs or failed a short while ago */
	int64_t calm_ms, busy_ms;
	/* Applies a good reply; false when out of memory: the reply counts as failed. */
	bool (*apply)(struct cluster *, const struct data_reply *);
	/* Gets every reply afterwards; NULL: not needed. */
	void (*on_result)(struct cluster *, const struct data_reply *, bool applied);
} sources[] = {
	{ TOPIC_EVENTS, ABOUT_ALL, WHILE_POLLING, ONCE, ONCE, .apply = background_apply_events },
	{ TOPIC_BDB_INFO, ABOUT_ALL, WHILE_ASKED, 300000, 300000,
	  .apply = background_apply_bdb_info, .on_result = background_on_bdb_info },
	{ TOPIC_ALERTS, ABOUT_ALL, WHILE_POLLING, 60000, 60000, .apply = background_apply_alerts },
	{ TOPIC_ACTIONS, ABOUT_ALL, WHILE_POLLING, 60000, 60000,
	  .apply = background_apply_actions },
	{ TOPIC_EVENTS, ABOUT_ONE, WHILE_OPEN, 30000, 10000, .apply = detail_apply_events,
	  .on_result = detail_on_result },
	{ TOPIC_ALERTS, ABOUT_ONE, WHILE_OPEN, 30000, 30000, .apply = detail_apply_records,
	  .on_result = detail_on_result },
	{ TOPIC_ACTIONS, ABOUT_ONE, WHILE_OPEN, 30000, 10000, .apply = detail_apply_actions,
	  .on_result = detail_on_result },
	{ TOPIC_SHARDS, ABOUT_ONE, WHILE_OPEN, 30000, 10000, .apply = detail_apply_records,
	  .on_result = detail_on_result },
	{ TOPIC_BDB_INFO, ABOUT_ONE, WHILE_OPEN, 300000, 300000, .apply = detail_apply_bdb_info,
	  .on_result = detail_on_result },
	{ TOPIC_NODES, ABOUT_ALL, WHILE_OPEN, ONCE, ONCE, .apply = detail_apply_nodes },
};
_Static_assert(ARRAY_SIZE(sources) <= DATA_SOURCES_MAX, "progress has too few elements");

/* The request was about a database that the detail no longer shows. */
static bool is_outdated(const struct cluster *c, unsigned i)
{
	return sources[i].about == ABOUT_ONE &&
	       c->data_requests.progress[i].watch_id != c->detail.watch_id;
}

static bool is_wanted(const struct cluster *c, const struct data_source *source)
{
	if (source->wanted == WHILE_OPEN)
		return c->detail.detail.uid != 0;
	if (!c->status.has_list || c->status.paused)
		return false;
	return source->wanted == WHILE_ASKED ? c->background.bdb_info_wanted
						: !c->setup.single_poll;
}

/* An operation of the database in the detail runs, or failed a short while ago. */
static bool is_busy(const struct cluster *c)
{
	const struct roster_entry *entry = roster_find(c->roster, c->detail.detail.uid);
	int kind;

	for (kind = 0; entry && kind < OP_KINDS; kind++) {
		enum op_phase phase = entry->bdb->op[kind].phase;

		if (phase == OP_RUNNING ||
		    (phase == OP_FAILED && c->now.ms - entry->op_since[kind].since.ms < RECENT_MS))
			return true;
	}
	return false;
}

static int64_t source_due(const struct cluster *c, unsigned i, bool busy)
{
	const struct source_progress *progress = &c->data_requests.progress[i];
	int64_t every_ms = busy ? sources[i].busy_ms : sources[i].calm_ms;

	if (!is_wanted(c, &sources[i]))
		return TIME_NEVER;
	if (!progress->requested || is_outdated(c, i))
		return sources[i].wanted == WHILE_OPEN ? c->detail.begin_ms : 0;
	if (progress->unavailable)
		return TIME_NEVER;
	if (progress->failures)
		return progress->retry_ms;
	return every_ms == ONCE ? TIME_NEVER : progress->requested_ms + every_ms;
}

/* The source that is due first, and when; TIME_NEVER: none. */
static unsigned first_due(const struct cluster *c, int64_t *due_ms)
{
	bool busy = is_busy(c);
	unsigned i, first = 0;

	*due_ms = TIME_NEVER;
	for (i = 0; i < ARRAY_SIZE(sources); i++) {
		int64_t due = source_due(c, i, busy);

		if (due < *due_ms) {
			*due_ms = due;
			first = i;
		}
	}
	if (*due_ms < c->data_requests.retry_ms)
		*due_ms = c->data_requests.retry_ms;
	return first;
}

static bool can_request(const struct cluster *c)
{
	return c->ops && c->status.conn == CONN_OK && !c->data_requests.in_flight;
}

int64_t data_requests_due(const struct cluster *c, int64_t now_ms)
{
	int64_t due;

	if (!can_request(c))
		return TIME_NEVER;
	first_due(c, &due);
	/* the reply that frees a slot causes the next turn */
	if (due <= now_ms)
		return c->ops->free_slots(c->source) ? now_ms : TIME_NEVER;
	return due;
}

/* The uid for request(), which is a time for events. */
static int64_t request_argument(const struct cluster *c, const struct data_source *source)
{
	const struct detail_watch *watch = &c->detail;

	if (source->topic == TOPIC_EVENTS)
		return source->about == ABOUT_ONE && watch->newest_s ? watch->newest_s - OVERLAP_S
								     : cluster_now_s(c) - DAY_S;
	return source->about == ABOUT_ONE && source->topic != TOPIC_ACTIONS ? watch->detail.uid : 0;
}

static void request_first(struct cluster *c, int64_t now_ms)
{
	struct data_requests *requests = &c->data_requests;
	int64_t due_ms;
	unsigned i = first_due(c, &due_ms);
	struct source_progress *progress = &requests->progress[i];

	if (due_ms > now_ms || !c->ops->free_slots(c->source))
		return;
	if (c->ops->request(c->source, sources[i].topic, request_argument(c, &sources[i]), now_ms) <
	    0) {
		requests->retry_ms = now_ms + SLOT_RETRY_MS;
		return;
	}
	if (is_outdated(c, i))
		*progress = (struct source_progress){ .failures = 0 };
	progress->requested = true;
	progress->requested_ms = now_ms;
	progress->watch_id = c->detail.watch_id;
	requests->in_flight = true;
	requests->source = i;
}

void data_requests_turn(struct cluster *c, struct moment now)
{
	struct data_requests *requests = &c->data_requests;
	unsigned i;

	if (can_request(c))
		request_first(c, now.ms);
	for (i = 0; i < ARRAY_SIZE(sources); i++)
		if (sources[i].about == ABOUT_ONE)
			detail_on_progress(c, sources[i].topic,
					   is_outdated(c, i) ? NULL : &requests->progress[i],
					   requests->in_flight && requests->source == i);
}

static void record_result(struct source_progress *progress, const struct data_source *source,
			  const struct data_reply *reply, bool applied, int64_t now_ms)
{
	unsigned doubled = progress->failures < 2 ? progress->failures : 2;

	if (applied) {
		progress->failures = 0;
		return;
	}
	progress->unavailable = reply->result == DATA_FORBIDDEN || reply->result == DATA_MISSING;
	progress->failures++;
	progress->retry_ms = now_ms + (source->wanted == WHILE_OPEN ? OPEN_RETRY_MS << doubled
								    : RETRY_MS);
	if (reply->retry_ms > progress->retry_ms)
		progress->retry_ms = reply->retry_ms;
}

void data_requests_on_data(void *arg, const struct data_reply *reply, int64_t now_ms)
{
	struct cluster *c = arg;
	const struct data_source *source = &sources[c->data_requests.source];
	bool expected = c->data_requests.in_flight && !is_outdated(c, c->data_requests.source);
	bool applied;

	c->data_requests.in_flight = false;
	if (!expected)
		return;
	applied = reply->result == DATA_OK && source->apply(c, reply);
	record_result(&c->data_requests.progress[c->data_requests.source], source, reply, applied,
		      now_ms);
	if (source->on_result)
		source->on_result(c, reply, applied);
}
