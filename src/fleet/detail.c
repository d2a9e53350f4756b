/*
 * The detail of one database: opening and closing it, and the state of its sections.
 */
#include "cluster_internal.h"

#include <stdio.h>
#include <stdlib.h>

#define SETTLE_MS 200 /* moving quickly through the rows sends no requests */

static void mark_changed(struct cluster *c)
{
	c->detail.detail.revision++;
	cluster_mark_changed(c);
}

void detail_on_progress(struct cluster *c, enum source_topic topic,
			const struct source_progress *progress, bool in_flight)
{
	struct section_status *status = &c->detail.detail.section[topic], before = *status;
	bool connected = c->detail.detail.uid && c->status.conn == CONN_OK;
	bool will_retry = connected && status->error[0] && progress && !progress->unavailable;

	status->loading = connected && !status->has_data && !status->error[0];
	status->retry_ms = will_retry ? progress->retry_ms : TIME_NEVER;
	status->in_flight_since_ms = in_flight && progress ? progress->requested_ms : TIME_NEVER;
	if (status->loading != before.loading || status->retry_ms != before.retry_ms ||
	    status->in_flight_since_ms != before.in_flight_since_ms)
		mark_changed(c);
}

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

/* These heartbeats are newer than those of the background poll; a paused screen must not change. */
static void apply_heartbeats(struct cluster *c, const struct data_reply *reply)
{
	if (c->status.paused)
		return;
	roster_heartbeat(c->roster, reply->data, findings_moment(c, reply->received_ms));
	findings_update(c);
}

void detail_on_result(struct cluster *c, const struct data_reply *reply, bool applied)
{
	struct section_status *status = &c->detail.detail.section[reply->topic];

	if (reply->result == DATA_OK && reply->topic == TOPIC_ACTIONS)
		apply_heartbeats(c, reply);
	if (applied) {
		status->has_data = true;
		status->read_at = cluster_moment(c, reply->received_ms);
		status->error[0] = '\0';
	} else if (c->status.conn == CONN_OK) {
		/* when the cluster does not answer at all, the header shows that */
		format_error(status->error, reply);
	}
	mark_changed(c);
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
	struct section_status unread = { .loading = uid && c->status.conn == CONN_OK,
					 .in_flight_since_ms = TIME_NEVER,
					 .retry_ms = TIME_NEVER };
	int topic;

	release(watch);
	watch->detail = (struct detail){ .uid = uid, .revision = watch->detail.revision };
	for (topic = 0; topic < TOPIC_COUNT; topic++)
		watch->detail.section[topic] = unread;
	watch->watch_id++;
	watch->generation = entry ? entry->generation : 0;
	watch->begin_ms = begin_ms;
	watch->newest_s = 0;
	if (uid)
		watch->earlier_runs = reset_history_earlier_runs(c, uid, &watch->earlier_run_count);
	update_history(c);
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
