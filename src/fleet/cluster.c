#include "cluster_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/array.h"

static int copy_setup(struct cluster_setup *to, const struct cluster_setup *from)
{
	*to = *from;
	to->name = strdup(from->name);
	to->host = strdup(from->host);
	to->url = strdup(from->url);
	to->user = strdup(from->user ? from->user : "");
	to->label = strdup(from->label ? from->label : "");
	return to->name && to->host && to->url && to->user && to->label ? 0 : -1;
}

/* A row with a result stays until the result is dismissed, even when the database is gone. */
static bool has_job_or_note(void *arg, int64_t uid)
{
	const struct cluster *c = arg;
	struct reset_job **jobs;

	return reset_jobs_of(c, uid, &jobs) || row_note_find(c, uid);
}

static void remove_outdated_notes(struct cluster *c, const struct observation *observation,
				  struct moment now)
{
	(void)observation;
	(void)now;
	row_note_remove_outdated(c);
}

static void call_listener(struct cluster *c, const struct cluster_event *event)
{
	if (c->on_event)
		c->on_event(c->on_event_arg, event);
}

/*
 * Who learns of an applied and judged observation, and of an event, in this order:
 *
 * - the transitions: what was seen is reported before what a reset made of it;
 * - the jobs with their bulks;
 * - the past causes, which a `cleared` adds and a new run ends;
 * - the history, then the detail, which copies the lines of the history;
 * - the row notes: a job that ended makes one outdated;
 * - the names for the completions, on which nothing here depends;
 * - the log of the front end: when it is called, the others have the event already.
 */
static const struct cluster_subscriber subscribers[] = {
	{ findings_report, NULL },
	{ reset_run_on_observation, NULL },
	{ past_causes_on_observation, past_causes_on_event },
	{ reset_history_on_observation, reset_history_on_event },
	{ detail_watch_on_observation, detail_watch_on_event },
	{ remove_outdated_notes, NULL },
	{ names_on_observation, NULL },
	{ NULL, call_listener },
};

struct cluster *cluster_new(const struct cluster_setup *setup, unsigned index)
{
	struct cluster *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->index = index;
	c->subscribers = subscribers;
	c->subscriber_count = ARRAY_SIZE(subscribers);
	c->status.retry_ms = TIME_NEVER;
	c->roster = roster_new();
	if (copy_setup(&c->setup, setup) < 0 || !c->roster) {
		cluster_free(c);
		return NULL;
	}
	if (!c->setup.stall_ms)
		c->setup.stall_ms = TRIAGE_STALL_MS;
	cluster_want_bdb_info(c, false);
	roster_set_retain(c->roster, has_job_or_note, c);
	return c;
}

static void release_modules(struct cluster *c)
{
	size_t i;

	for (i = 0; i < c->module_count; i++)
		free(c->modules[i]);
	free(c->modules);
	c->modules = NULL;
	c->module_count = 0;
}

void cluster_free(struct cluster *c)
{
	if (!c)
		return;
	if (c->ops)
		c->ops->free(c->source);
	while (c->job_count)
		reset_job_remove(c, c->jobs[c->job_count - 1]);
	bulks_release(c);
	free(c->jobs);
	free(c->jobs_by_uid);
	free(c->notes);
	release_modules(c);
	background_release(c);
	detail_watch_release(c);
	reset_history_release(c);
	past_causes_release(c);
	row_changes_release(c);
	findings_release(c);
	roster_free(c->roster);
	free((char *)c->setup.name);
	free((char *)c->setup.host);
	free((char *)c->setup.url);
	free((char *)c->setup.user);
	free((char *)c->setup.label);
	free(c);
}

void cluster_set_listener(struct cluster *c, cluster_on_event_fn *on_event, void *arg)
{
	c->on_event = on_event;
	c->on_event_arg = arg;
}

void cluster_attach(struct cluster *c, void *source, const struct source_ops *ops)
{
	c->source = source;
	c->ops = ops;
}

void cluster_tick(struct cluster *c, struct moment now)
{
	if (!c->status.started_at.wall_ms)
		c->status.started_at = now;
	if (!c->earliest_wall_ms || now.wall_ms < c->earliest_wall_ms)
		c->earliest_wall_ms = now.wall_ms;
	c->now = now;
}

int64_t cluster_due(const struct cluster *c, int64_t now_ms)
{
	int64_t due = reset_run_due(c, now_ms), data_ms = data_requests_due(c, now_ms), source;

	if (!c->ops)
		return due;
	source = c->ops->due(c->source, now_ms);
	due = data_ms < due ? data_ms : due;
	return source < due ? source : due;
}

void cluster_turn(struct cluster *c, struct moment now)
{
	if (!c->ops)
		return;
	c->ops->turn(c->source, now.ms);
	reset_run_turn(c, now);
	data_requests_turn(c, now);
}

static void on_list(struct cluster *c, const struct observation *observation, struct moment now)
{
	struct cluster_status *status = &c->status;
	char span[TIME_TEXT_SIZE], words[TIME_TEXT_SIZE + 32];
	bool first = !status->has_list;

	/* a list that was requested before the newest one says nothing about the connection now */
	if (status->has_list && observation->requested_ms < status->list_at.ms - status->latency_ms)
		return;
	if (status->conn == CONN_DOWN) {
		time_format_span(span, (now.ms - status->down_since.ms) / 1000);
		snprintf(words, sizeof(words), "answers again after %s", span);
		cluster_notify_connection(c, now, words);
	} else if (first) {
		cluster_notify_connection(c, now, "first answer");
	}
	auth_on_list(c, observation, now);
	if (status->conn != CONN_LOGIN_REFUSED && status->conn != CONN_UNTRUSTED)
		status->conn = CONN_OK;
	status->has_list = true;
	status->list_at = cluster_moment(c, observation->received_ms);
	status->latency_ms = observation->received_ms - observation->requested_ms;
	status->unreadable = observation->unreadable;
	status->retry_ms = TIME_NEVER;
	findings_clock(c, observation);
	if (first)
		progress_resume(c);
}

static int apply(struct cluster *c, const struct observation *observation, struct moment now)
{
	if (findings_apply(c, observation, now) < 0)
		return -1;
	if (observation->kind == OBS_LIST)
		on_list(c, observation, now);
	cluster_mark_changed(c);
	return 0;
}

static int on_observation(void *arg, const struct observation *observation, int64_t now_ms)
{
	struct cluster *c = arg;
	struct moment now = cluster_moment(c, now_ms);

	if (apply(c, observation, now) < 0)
		return -1;
	findings_judge(c, observation);
	cluster_notify_observation(c, observation, now);
	return 0;
}

static void on_answer(void *arg, unsigned reset_id, const struct reset_answer *answer,
		      int64_t now_ms)
{
	struct cluster *c = arg;

	reset_run_on_answer(c, reset_id, answer, cluster_moment(c, now_ms));
	row_note_remove_outdated(c);
}

static void on_path_checked(void *arg, unsigned reset_id, enum path_state path, int64_t now_ms)
{
	struct cluster *c = arg;

	reset_run_on_path(c, reset_id, path, cluster_moment(c, now_ms));
	row_note_remove_outdated(c);
}

static void on_failure(void *arg, const struct source_failure *failure, int64_t now_ms)
{
	struct cluster *c = arg;
	struct cluster_status *status = &c->status;

	if ((status->conn == CONN_LOGIN_REFUSED || status->conn == CONN_UNTRUSTED) &&
	    !status->reconnecting)
		return;
	if (status->conn != CONN_DOWN || strcmp(status->error.text, failure->error->text) != 0)
		cluster_notify_connection(c, cluster_moment(c, now_ms), failure->error->text);
	status->conn = CONN_DOWN;
	status->error = *failure->error;
	status->down_since = cluster_moment(c, failure->failing_since_ms);
	status->retry_ms = failure->next_ms;
	status->retry_status = failure->retry_status;
	cluster_mark_changed(c);
}

static void on_modules(void *arg, bool known, const char *const *lacking, size_t count,
		       int64_t now_ms)
{
	struct cluster *c = arg;
	size_t i;

	release_modules(c);
	c->modules_known = true;
	c->modules = known && count ? calloc(count, sizeof(*c->modules)) : NULL;
	for (i = 0; c->modules && i < count; i++) {
		c->modules[i] = strdup(lacking[i]);
		if (!c->modules[i])
			break;
		c->module_count++;
	}
	reset_run_on_modules(c, cluster_moment(c, now_ms));
	cluster_mark_changed(c);
}

static void on_polling(void *arg, bool in_flight, int64_t now_ms)
{
	struct cluster *c = arg;

	c->status.polling = in_flight;
	c->status.poll_started_ms = now_ms;
	/* else the reply redraws the screen, or the clock while the poll lasts */
	if (!c->status.has_list)
		cluster_mark_changed(c);
}

static void on_address(void *arg, const char *address, int64_t now_ms)
{
	struct cluster *c = arg;

	(void)now_ms;
	snprintf(c->status.via, sizeof(c->status.via), "%s", address);
	cluster_mark_changed(c);
}

const struct source_sink *cluster_sink(void)
{
	static const struct source_sink sink = {
		.on_observation = on_observation,
		.on_answer = on_answer,
		.on_path_checked = on_path_checked,
		.on_failure = on_failure,
		.on_refused = auth_on_refused,
		.on_modules = on_modules,
		.on_data = data_requests_on_data,
		.on_prompt = auth_on_prompt,
		.on_key_changed = auth_on_key_changed,
		.on_pinned = auth_on_pinned,
		.on_address = on_address,
		.on_login = auth_on_login,
		.on_polling = on_polling,
	};

	return &sink;
}

void cluster_pause(struct cluster *c, bool pause, struct moment now)
{
	if (pause == c->status.paused)
		return;
	c->status.paused = pause;
	c->status.paused_at = now;
	if (c->ops)
		c->ops->pause(c->source, pause, now.ms);
	cluster_notify_connection(c, now, pause ? "polling paused" : "polling resumed");
	cluster_mark_changed(c);
}

void cluster_poll(struct cluster *c, struct moment now)
{
	if (!c->ops || auth_prompt_again(c, now))
		return;
	c->status.reconnecting |= c->status.conn == CONN_UNTRUSTED;
	c->ops->request(c->source, TOPIC_LIST, 0, now.ms);
}

bool cluster_stats(const struct cluster *c, struct source_stats *out)
{
	if (!c->ops || !c->ops->stats)
		return false;
	c->ops->stats(c->source, out);
	return true;
}

size_t cluster_queued_count(const struct cluster *c)
{
	size_t i, waiting = 0;

	for (i = 0; i < c->job_count; i++)
		waiting += !c->jobs[i]->read_in_flight &&
			   reset_needs_slot(c->jobs[i]->reset, c->now.ms);
	return waiting;
}
