/*
 * The detail of one database: which section is requested, and when.
 *
 * One request at a time, and none while the background poll has one in flight: of the two slots
 * that are not for polls, one is always left for reset jobs.
 */
#include "cluster_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SETTLE_MS     200   /* moving quickly through the rows sends no requests */
#define AGAIN_MS      10000 /* after the first failure; twice and four times after the next ones */
#define SLOT_RETRY_MS 1000  /* after the source refused a request despite a free slot */
#define RECENT_MS     (INT64_C(10) * 60 * 1000)
#define DAY_S	      (INT64_C(24) * 60 * 60)
#define OVERLAP_S     30 /* the nodes' clocks differ, and their log entries arrive in any order */

static const struct {
	enum source_topic topic;
	int64_t idle_ms, busy_ms; /* interval; busy: see is_busy() */
} detail_sources[DETAIL_SOURCES] = {
	[SECTION_EVENTS] = { TOPIC_EVENTS, 30000, 10000 },
	[SECTION_ALERTS] = { TOPIC_ALERTS, 30000, 30000 },
	[SECTION_ACTIONS] = { TOPIC_ACTIONS, 30000, 10000 },
	[SECTION_SHARDS] = { TOPIC_SHARDS, 30000, 10000 },
	[SECTION_BDB_INFO] = { TOPIC_BDB_INFO, 300000, 300000 },
	[DETAIL_NODES] = { TOPIC_NODES, TIME_NEVER, TIME_NEVER },
};

static bool can_request(const struct cluster *c)
{
	return c->ops && c->detail.detail.uid && c->status.conn == CONN_OK &&
	       !c->detail.in_flight && !c->background.in_flight;
}

/* An operation runs, or failed a short while ago. */
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

static int64_t source_due(const struct detail_watch *watch, unsigned i, bool busy)
{
	const struct source_progress *progress = &watch->progress[i];
	int64_t every_ms = busy ? detail_sources[i].busy_ms : detail_sources[i].idle_ms;

	if (progress->unavailable)
		return TIME_NEVER;
	if (progress->failures)
		return progress->retry_ms;
	if (!progress->requested)
		return watch->begin_ms;
	return every_ms == TIME_NEVER ? TIME_NEVER : progress->requested_ms + every_ms;
}

static unsigned first_due(const struct cluster *c, int64_t *due_ms)
{
	bool busy = is_busy(c);
	unsigned i, first = 0;

	*due_ms = TIME_NEVER;
	for (i = 0; i < DETAIL_SOURCES; i++) {
		int64_t due = source_due(&c->detail, i, busy);

		if (due < *due_ms) {
			*due_ms = due;
			first = i;
		}
	}
	if (*due_ms < c->detail.retry_ms)
		*due_ms = c->detail.retry_ms;
	return first;
}

int64_t detail_watch_due(const struct cluster *c, int64_t now_ms)
{
	int64_t due;

	if (!can_request(c))
		return TIME_NEVER;
	first_due(c, &due);
	/* the reply that frees a slot causes the next turn */
	if (due <= now_ms && !c->ops->free_slots(c->source))
		return TIME_NEVER;
	return due;
}

static void mark_changed(struct cluster *c)
{
	c->detail.detail.revision++;
	cluster_mark_changed(c);
}

/* The fields of the sections that depend on the connection and on requests in flight. */
static void update_sections(struct cluster *c)
{
	struct detail_watch *watch = &c->detail;
	bool connected = watch->detail.uid && c->status.conn == CONN_OK, any = false;
	unsigned i;

	for (i = 0; i < DETAIL_SECTIONS; i++) {
		struct section_status *status = &watch->detail.section[i];
		const struct source_progress *progress = &watch->progress[i];
		bool loading = connected && !status->has_data && !status->error[0];
		bool will_retry = connected && status->error[0] && !progress->unavailable;
		bool in_flight = watch->in_flight && watch->in_flight_watch_id == watch->watch_id &&
				 watch->in_flight_source == i;
		int64_t next_ms = will_retry ? progress->retry_ms : TIME_NEVER;
		int64_t in_flight_ms = in_flight ? progress->requested_ms : TIME_NEVER;

		any |= loading != status->loading || next_ms != status->retry_ms ||
		       in_flight_ms != status->in_flight_since_ms;
		status->loading = loading;
		status->retry_ms = next_ms;
		status->in_flight_since_ms = in_flight_ms;
	}
	if (any)
		mark_changed(c);
}

static int64_t request_argument(const struct cluster *c, unsigned source)
{
	const struct detail_watch *watch = &c->detail;

	switch (detail_sources[source].topic) {
	case TOPIC_EVENTS:
		return watch->newest_s ? watch->newest_s - OVERLAP_S : cluster_now_s(c) - DAY_S;
	case TOPIC_ACTIONS:
	case TOPIC_NODES:
		return 0;
	default:
		return watch->detail.uid;
	}
}

static void request_first(struct cluster *c, struct moment now)
{
	struct detail_watch *watch = &c->detail;
	int64_t due_ms;
	unsigned source = first_due(c, &due_ms);

	if (due_ms > now.ms || !c->ops->free_slots(c->source))
		return;
	if (c->ops->request(c->source, detail_sources[source].topic, request_argument(c, source),
			    now.ms) < 0) {
		watch->retry_ms = now.ms + SLOT_RETRY_MS;
		return;
	}
	watch->in_flight = true;
	watch->in_flight_watch_id = watch->watch_id;
	watch->in_flight_source = source;
	watch->progress[source].requested = true;
	watch->progress[source].requested_ms = now.ms;
}

void detail_watch_turn(struct cluster *c, struct moment now)
{
	if (can_request(c))
		request_first(c, now);
	update_sections(c);
}

/* --- replies --------------------------------------------------------------------------------- */

static void format_error(char out[64], const struct data_reply *reply)
{
	static const struct {
		enum data_result result;
		unsigned status;
		const char *text;
	} error_texts[] = {
		{ DATA_FORBIDDEN, 403, "403 role may not read them" },
		{ DATA_MISSING, 404, "404 not on this cluster" },
		{ DATA_FAILED, 0, "no reply" },
		{ DATA_FAILED, 200, "invalid reply" },
		{ DATA_FAILED, 429, "429 too many requests" },
		{ DATA_OK, 200, "out of memory" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(error_texts); i++)
		if (reply->result == error_texts[i].result &&
		    (reply->result != DATA_FAILED || reply->status == error_texts[i].status)) {
			snprintf(out, 64, "%s", error_texts[i].text);
			return;
		}
	snprintf(out, 64, "%u", reply->status);
}

static void on_error(struct cluster *c, unsigned i, const struct data_reply *reply, int64_t now_ms)
{
	struct detail_watch *watch = &c->detail;
	struct source_progress *progress = &watch->progress[i];
	int64_t pause_ms = AGAIN_MS;

	if (progress->failures)
		pause_ms *= progress->failures > 1 ? 4 : 2;
	progress->unavailable = reply->result == DATA_FORBIDDEN || reply->result == DATA_MISSING;
	progress->failures++;
	progress->retry_ms = now_ms + pause_ms;
	if (reply->retry_ms > progress->retry_ms)
		progress->retry_ms = reply->retry_ms;
	/* when the cluster does not answer at all, the header shows that */
	if (i < DETAIL_SECTIONS && c->status.conn == CONN_OK)
		format_error(watch->detail.section[i].error, reply);
}

static void on_data(struct cluster *c, unsigned i, const struct data_reply *reply)
{
	struct detail_watch *watch = &c->detail;
	struct section_status *status;

	watch->progress[i].failures = 0;
	if (i >= DETAIL_SECTIONS)
		return;
	status = &watch->detail.section[i];
	status->has_data = true;
	status->read_at = cluster_moment(c, reply->received_ms);
	status->error[0] = '\0';
}

/* These heartbeats are newer than those of the background poll; a paused screen must not change. */
static void apply_heartbeats(struct cluster *c, const struct data_reply *reply)
{
	if (c->status.paused)
		return;
	roster_heartbeat(c->roster, reply->data, findings_moment(c, reply->received_ms));
	findings_update(c);
}

bool detail_watch_on_data(struct cluster *c, const struct data_reply *reply, int64_t now_ms)
{
	struct detail_watch *watch = &c->detail;
	unsigned i = watch->in_flight_source;

	if (!watch->in_flight)
		return false;
	watch->in_flight = false;
	if (reply->result == DATA_OK && reply->topic == TOPIC_ACTIONS)
		apply_heartbeats(c, reply);
	if (watch->in_flight_watch_id != watch->watch_id && i != DETAIL_NODES)
		return true;
	if (reply->result == DATA_OK && detail_data_apply(c, i, reply))
		on_data(c, i, reply);
	else
		on_error(c, i, reply, now_ms);
	mark_changed(c);
	return true;
}

/* --- opening and closing --------------------------------------------------------------------- */

static void release(struct detail_watch *watch)
{
	detail_data_release(watch);
	free(watch->earlier_runs);
	free(watch->history);
	watch->earlier_runs = watch->history = NULL;
	watch->detail.history = NULL;
	watch->earlier_run_count = watch->detail.history_count = 0;
}

void detail_watch_release(struct cluster *c)
{
	release(&c->detail);
}

static void update_history(struct cluster *c)
{
	struct detail_watch *watch = &c->detail;

	free(watch->history);
	watch->history = watch->detail.uid ? reset_history_lines(c, watch->detail.uid,
								 &watch->detail.history_count)
					   : NULL;
	watch->detail.history = watch->history;
	if (!watch->history)
		watch->detail.history_count = 0;
	mark_changed(c);
}

static void start_watch(struct cluster *c, int64_t uid, int64_t begin_ms)
{
	const struct roster_entry *entry = roster_find(c->roster, uid);
	struct detail_watch *watch = &c->detail;
	struct source_progress nodes = watch->progress[DETAIL_NODES];

	release(watch);
	watch->detail = (struct detail){ .uid = uid, .revision = watch->detail.revision };
	memset(watch->progress, 0, sizeof(watch->progress));
	watch->progress[DETAIL_NODES] = nodes;
	watch->watch_id++;
	watch->generation = entry ? entry->generation : 0;
	watch->begin_ms = begin_ms;
	watch->newest_s = 0;
	if (uid)
		watch->earlier_runs = reset_history_earlier_runs(c, uid, &watch->earlier_run_count);
	update_history(c);
	update_sections(c);
}

void cluster_watch_detail(struct cluster *c, int64_t uid, struct moment now)
{
	bool moves = c->detail.detail.uid && uid;

	if (uid != c->detail.detail.uid)
		start_watch(c, uid, now.ms + (moves ? SETTLE_MS : 0));
}

void detail_watch_on_event(struct cluster *c, const struct cluster_event *event)
{
	if (event->uid && event->uid == c->detail.detail.uid)
		update_history(c);
}

void detail_watch_on_observation(struct cluster *c, const struct observation *observation,
				 struct moment now)
{
	const struct roster_entry *entry = roster_find(c->roster, c->detail.detail.uid);

	(void)observation;
	/* another database under the same uid: the data is about the former one */
	if (entry && c->detail.detail.uid && entry->generation != c->detail.generation)
		start_watch(c, c->detail.detail.uid, now.ms);
}

const struct detail *cluster_detail(const struct cluster *c)
{
	return &c->detail.detail;
}

const char *cluster_version(const struct cluster *c)
{
	return c->detail.version;
}
