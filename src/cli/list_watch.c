/*
 * What is printed after a turn of the loop: the events of the log since the last turn, and for
 * jsonl also every other difference between the databases that are shown now and then.  So a
 * database that begins to pass the filter is ADDED, and one that no longer does is DELETED.
 */
#include "list_internal.h"

#include <stdlib.h>
#include <string.h>

#include "bdbtop/cli/output.h"
#include "bdbtop/cli/poll.h"
#include "bdbtop/cli/streams.h"
#include "bdbtop/core/array.h"
#include "bdbtop/session/export.h"

#define BDBS_MAX   1000000
#define EVENTS_MAX 1000000

/* A database that was shown, and what was printed of it, as a checksum. */
struct shown_bdb {
	struct bdb_id id;
	uint64_t content;
	bool present;  /* the reader knows that it is there */
	bool reported; /* in this turn */
};
struct shown_bdbs {
	struct shown_bdb *item; /* by id */
	size_t count, capacity;
};

/* One line of the log. */
struct seen_event {
	struct log_line line;
	char *name; /* raw, or NULL */
};

/* What was printed of the connection. */
struct seen_poll {
	int64_t list_ms, retry_ms;
	bool failed;
};

struct watch {
	struct session *session;
	const struct list_options *options;
	struct shown_bdbs before, now;
	struct seen_event *events;
	size_t event_count, event_capacity;
	struct seen_poll *polls; /* one for each cluster */
	struct moment at;
	bool out_of_memory;
	int status; /* of the run; -1: it goes on */
};

/* --- events ---------------------------------------------------------------------------------- */

static void on_event(void *arg, const struct cluster_event *event)
{
	struct watch *watch = arg;
	struct seen_event *seen;

	if (!ARRAY_RESERVE(watch->events, watch->event_capacity, watch->event_count + 1,
			   EVENTS_MAX)) {
		watch->out_of_memory = true;
		return;
	}
	seen = &watch->events[watch->event_count++];
	*seen = (struct seen_event){ .line = log_line_of(event),
				     .name = event->name ? strdup(event->name) : NULL };
}

static void forget_events(struct watch *watch)
{
	size_t i;

	for (i = 0; i < watch->event_count; i++)
		free(watch->events[i].name);
	watch->event_count = 0;
}

/* --- the databases that are shown ------------------------------------------------------------ */

static uint64_t add_bytes(uint64_t hash, const void *bytes, size_t count)
{
	const unsigned char *byte = bytes;

	/* FNV-1a */
	while (count--)
		hash = (hash ^ *byte++) * UINT64_C(0x100000001b3);
	return hash;
}

static uint64_t add_text(uint64_t hash, const char *text)
{
	return add_bytes(hash, text, strlen(text) + 1);
}

static uint64_t add_number(uint64_t hash, int64_t number)
{
	return add_bytes(hash, &number, sizeof(number));
}

/* All that matters but what changes with every poll: percents, ages. */
static uint64_t sum_content(const struct bdb *bdb, const struct finding *finding)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	int kind;

	hash = add_text(add_text(hash, bdb->name), bdb->state);
	hash = add_number(hash, finding->generation);
	hash = add_number(hash, bdb->backup_enabled);
	hash = add_number(hash, bdb->backup_interval_s);
	for (kind = 0; kind < OP_KINDS; kind++) {
		const struct op *op = &bdb->op[kind];

		hash = add_text(add_text(hash, op->status), op->reason);
		hash = add_number(hash, op->last_success_s);
		hash = add_number(hash, triage_op_states(finding, (enum op_kind)kind));
	}
	return hash;
}

static int by_id(const void *left, const void *right)
{
	const struct shown_bdb *a = left, *b = right;

	return bdb_id_compare(&a->id, &b->id);
}

static struct shown_bdb *find_shown(const struct shown_bdbs *bdbs, struct bdb_id id)
{
	const struct shown_bdb key = { .id = id };

	return array_find(&key, bdbs->item, bdbs->count, sizeof(*bdbs->item), by_id);
}

static const struct cluster *cluster_of(const struct watch *watch, struct bdb_id id)
{
	return fleet_at(session_view(watch->session)->fleet, id.cluster);
}

static void list_shown(struct watch *watch)
{
	struct view *list = session_view(watch->session)->list;
	struct shown_bdbs *now = &watch->now;
	size_t row;

	now->count = 0;
	if (!ARRAY_RESERVE(now->item, now->capacity, view_rows(list) + 1, BDBS_MAX)) {
		watch->out_of_memory = true;
		return;
	}
	for (row = 0; row < view_rows(list); row++) {
		const struct bdb_id id = view_at(list, row);
		const struct cluster *cluster = cluster_of(watch, id);
		const struct roster_entry *entry = roster_find(cluster_roster(cluster), id.uid);
		const struct finding *finding = cluster_finding(cluster, id.uid);

		if (entry && finding && finding->listed)
			now->item[now->count++] =
				(struct shown_bdb){ .id = id,
						    .content = sum_content(entry->bdb, finding) };
	}
	qsort(now->item, now->count, sizeof(*now->item), by_id);
}

/* --- what is printed ------------------------------------------------------------------------- */

static bool is_json(const struct watch *watch)
{
	return watch->options->format == OUTPUT_JSONL;
}

static void put_event(struct watch *watch, const struct export_event *event)
{
	struct err err;

	if (export_event(stream_output(), event, &err) < 0)
		watch->out_of_memory = true;
}

/* An event about the cluster. */
static void put_poll(struct watch *watch, const struct cluster *cluster, const char *type,
		     struct moment at)
{
	const struct err *error = &cluster_status(cluster)->error;
	const bool failed = cluster_status(cluster)->conn != CONN_OK;

	if (is_json(watch))
		put_event(watch, &(struct export_event){ .type = type,
							 .at = at,
							 .cluster = cluster,
							 .error = failed ? error->text : NULL });
}

/* An event about a database, which is shown now or was before. */
static void put_bdb(struct watch *watch, struct shown_bdb *bdb, const struct seen_event *seen)
{
	const bool shown = find_shown(&watch->now, bdb->id) == bdb;
	const bool gone = !shown || (seen && seen->line.transition == TRANSITION_GONE);
	const struct cluster *cluster = cluster_of(watch, bdb->id);
	const struct roster_entry *entry = roster_find(cluster_roster(cluster), bdb->id.uid);

	bdb->reported = true;
	if (gone && !bdb->present)
		return;
	put_event(watch, &(struct export_event){
				 .type = gone		? "DELETED"
					 : bdb->present ? "MODIFIED"
							: "ADDED",
				 .at = seen ? seen->line.at : watch->at,
				 .cluster = cluster,
				 .transition = seen ? &seen->line : NULL,
				 .uid = bdb->id.uid,
				 .has_bdb = entry && roster_entry_is_listed(entry) &&
					    (!seen || seen->line.transition != TRANSITION_GONE),
				 .name = seen ? seen->name : NULL,
			 });
	bdb->present = !gone;
}

static void put_seen_event(struct watch *watch, const struct seen_event *seen)
{
	const struct bdb_id id = { seen->line.cluster, seen->line.uid };
	struct shown_bdb *bdb;

	if (seen->line.event_kind == CLUSTER_EVENT_CONNECTION) {
		if (!is_json(watch))
			export_log_line(stream_output(), &seen->line);
		return;
	}
	bdb = find_shown(&watch->now, id);
	if (!bdb)
		bdb = find_shown(&watch->before, id);
	if (!bdb)
		return;
	if (is_json(watch))
		put_bdb(watch, bdb, seen);
	else
		export_log_line(stream_output(), &seen->line);
}

/* What no event says: the first list, a schedule that changed, a backup that is now late. */
static void put_differences(struct watch *watch)
{
	struct view *list = session_view(watch->session)->list;
	size_t i;

	for (i = 0; i < watch->before.count; i++) {
		struct shown_bdb *before = &watch->before.item[i];

		if (before->present && !find_shown(&watch->now, before->id))
			put_bdb(watch, before, NULL);
	}
	for (i = 0; i < view_rows(list); i++) {
		const struct bdb_id id = view_at(list, i);
		const struct shown_bdb *before = find_shown(&watch->before, id);
		struct shown_bdb *now = find_shown(&watch->now, id);

		if (now && (!now->present || (!now->reported && before->content != now->content)))
			put_bdb(watch, now, NULL);
	}
}

static void put_databases(struct watch *watch)
{
	const struct shown_bdbs unused = watch->before;
	size_t i;

	list_shown(watch);
	for (i = 0; i < watch->now.count; i++)
		watch->now.item[i].present = find_shown(&watch->before, watch->now.item[i].id);
	for (i = 0; i < watch->event_count; i++)
		put_seen_event(watch, &watch->events[i]);
	forget_events(watch);
	if (is_json(watch))
		put_differences(watch);
	watch->before = watch->now;
	watch->now = unused;
	for (i = 0; i < watch->before.count; i++)
		watch->before.item[i].present = true;
}

/* --- a turn ---------------------------------------------------------------------------------- */

/* The connection failed in a way that no later poll mends by itself. */
static bool is_refused(const struct cluster *cluster)
{
	enum conn_state conn = cluster_status(cluster)->conn;

	return conn == CONN_LOGIN_REFUSED || conn == CONN_UNTRUSTED || conn == CONN_NO_LOGIN;
}

static void look_at_failure(struct watch *watch, const struct cluster *cluster,
			    struct seen_poll *seen)
{
	const struct cluster_status *status = cluster_status(cluster);

	if (status->conn == CONN_OK || status->conn == CONN_CONNECTING ||
	    (seen->failed && seen->retry_ms == status->retry_ms))
		return;
	seen->failed = true;
	seen->retry_ms = status->retry_ms;
	put_poll(watch, cluster, "POLL_FAILED", watch->at);
	if (is_refused(cluster))
		watch->status = error_report_cluster(watch->options->error_form, cluster,
						     &status->error, 3);
}

/* True when a list has come since the last turn. */
static bool has_new_list(const struct cluster *cluster, const struct seen_poll *seen)
{
	const struct cluster_status *status = cluster_status(cluster);

	return status->has_list && status->conn == CONN_OK && status->list_at.ms != seen->list_ms;
}

/* What comes before the databases, and after them. */
static void look_at_polls(struct watch *watch, bool after)
{
	const struct fleet *fleet = session_view(watch->session)->fleet;
	size_t i;

	for (i = 0; i < fleet_count(fleet); i++) {
		const struct cluster *cluster = fleet_at(fleet, i);
		const struct cluster_status *status = cluster_status(cluster);
		struct seen_poll *seen = &watch->polls[i];

		if (!has_new_list(cluster, seen)) {
			if (after)
				look_at_failure(watch, cluster, seen);
			continue;
		}
		if (!after && seen->failed)
			put_poll(watch, cluster, "POLL_OK", status->list_at);
		if (!after)
			continue;
		put_poll(watch, cluster, "BOOKMARK", status->list_at);
		*seen = (struct seen_poll){ .list_ms = status->list_at.ms };
	}
}

static bool any_new_list(const struct watch *watch)
{
	const struct fleet *fleet = session_view(watch->session)->fleet;
	size_t i;

	for (i = 0; i < fleet_count(fleet); i++)
		if (has_new_list(fleet_at(fleet, i), &watch->polls[i]))
			return true;
	return false;
}

static int report_no_memory(const struct watch *watch)
{
	struct err err;

	err_set_code(&err, ERR_CODE_INTERNAL, ERR_FINAL, "Out of memory.");
	return error_report(watch->options->error_form, NULL, &err, 3);
}

/* An is_done() function of cli/poll.h. */
static bool watch_turn(void *arg, struct moment now)
{
	struct watch *watch = arg;
	const struct fleet *fleet = session_view(watch->session)->fleet;
	size_t i;

	watch->at = now;
	/* a list without its modules and tags, which a filter may need, is not shown yet */
	for (i = 0; i < fleet_count(fleet); i++)
		if (cluster_status(fleet_at(fleet, i))->conn == CONN_OK &&
		    !cluster_bdb_info_is_complete(fleet_at(fleet, i), NULL))
			return false;
	look_at_polls(watch, false);
	if (watch->event_count || any_new_list(watch))
		put_databases(watch);
	look_at_polls(watch, true);
	if (watch->status < 0 &&
	    (watch->out_of_memory || session_view(watch->session)->list_is_stale))
		watch->status = report_no_memory(watch);
	if (watch->status < 0)
		watch->status = output_end("the list", watch->options->error_form) ? 1 : -1;
	if (watch->status < 0 && output_is_closed())
		watch->status = 0;
	return watch->status >= 0;
}

static bool on_signal(void *arg, int number, struct moment now)
{
	(void)arg;
	(void)number;
	(void)now;
	return true;
}

/* The time limit has passed.  Returns the exit status. */
static int end_at_timeout(const struct watch *watch)
{
	const struct fleet *fleet = session_view(watch->session)->fleet;
	int status = 0;
	size_t i;

	for (i = 0; i < fleet_count(fleet); i++) {
		const struct cluster *cluster = fleet_at(fleet, i);
		struct err err = cluster_status(cluster)->error;

		if (cluster_status(cluster)->has_list)
			continue;
		if (!*err.text)
			poll_set_timeout_error(&err, watch->options->timeout_ms);
		status = error_report_cluster(watch->options->error_form, cluster, &err, 3);
	}
	return status;
}

/* Returns the exit status. */
static int run(struct watch *watch, struct http *http, const struct clock *clock)
{
	const struct poll poll = { .session = watch->session,
				   .http = http,
				   .clock = clock,
				   .limit_ms = watch->options->timeout_ms,
				   .is_done = watch_turn,
				   .on_signal = on_signal,
				   .arg = watch };
	struct moment now;
	int status = 0;

	session_set_listener(watch->session, on_event, watch);
	list_apply_options(watch->session, watch->options, clock->now(clock->arg));
	if (!is_json(watch) && !watch->options->no_header)
		export_log_heading(stream_output());
	if (poll_run(&poll, &now) == POLL_TIMEOUT)
		status = end_at_timeout(watch);
	session_set_listener(watch->session, NULL, NULL);
	/* without it the next run knows less */
	fleet_save_progress(session_view(watch->session)->fleet, now, NULL);
	return watch->status < 0 ? status : watch->status;
}

void list_watch_print_failure(const struct fleet *fleet, const struct err *failure,
			      const struct list_options *options, struct moment now)
{
	size_t i;

	for (i = 0; i < fleet_count(fleet) && options->format == OUTPUT_JSONL; i++)
		export_event(stream_output(),
			     &(struct export_event){ .type = "POLL_FAILED",
						     .at = now,
						     .cluster = fleet_at(fleet, i),
						     .error = failure->text },
			     NULL);
	output_end("the list", options->error_form);
}

int list_watch(struct fleet *fleet, struct http *http, const struct clock *clock,
	       const struct list_options *options)
{
	struct watch watch = { .session = session_new(fleet), .options = options, .status = -1 };
	int status;

	watch.polls = calloc(fleet_count(fleet) + 1, sizeof(*watch.polls));
	status = watch.session && watch.polls ? run(&watch, http, clock) : report_no_memory(&watch);
	forget_events(&watch);
	free(watch.events);
	free(watch.before.item);
	free(watch.now.item);
	free(watch.polls);
	session_free(watch.session);
	return status;
}
