#include "export_internal.h"

#include <stdlib.h>

#include "bdbtop/json/list_object.h"
#include "bdbtop/json/printer.h"
#include "config.h"

#define MAX_WARNINGS 16

/* Prints a part and frees it; NULL: out of memory. */
static int put_part(struct json_printer *printer, const char *before, char *json, struct err *err)
{
	if (!json)
		return err_set(err, ERR_FINAL, "The list was not written: out of memory.");
	json_print(printer, before);
	json_print(printer, json);
	free(json);
	return 0;
}

/* --- the clusters --------------------------------------------------------------------------- */

static const char *status_word(enum conn_state conn, enum err_code code)
{
	static const char *const words[] = {
		[CONN_CONNECTING] = "down",	[CONN_OK] = "ok",
		[CONN_DOWN] = "down",		[CONN_LOGIN_REFUSED] = "login_refused",
		[CONN_UNTRUSTED] = "untrusted", [CONN_NO_LOGIN] = "no_login",
	};

	/* nothing was sent at all */
	if (conn == CONN_CONNECTING && code == ERR_CODE_LOGIN_MISSING)
		conn = CONN_NO_LOGIN;
	if (conn == CONN_CONNECTING &&
	    (code == ERR_CODE_LOGIN_REFUSED || code == ERR_CODE_LOGIN_LOCKED))
		conn = CONN_LOGIN_REFUSED;
	return words[conn];
}

/* What is before the databases. */
struct head_parts {
	struct list_head head;
	struct list_cluster *clusters;
	char texts[MAX_WARNINGS][EXPORT_WARNING_SIZE];
	const char *warnings[MAX_WARNINGS];
};

static struct list_cluster describe_cluster(const struct export_job *job,
					    const struct cluster *cluster)
{
	const struct cluster_status *status = cluster_status(cluster);
	const struct err *failure = export_failure(job, cluster);

	return (struct list_cluster){
		.name = cluster_setup(cluster)->name,
		.address = cluster_setup(cluster)->host,
		.status = status_word(status->conn, failure ? failure->code : ERR_CODE_NONE),
		.polled_at_s = status->has_list ? status->list_at.wall_ms / 1000 : 0,
		.latency_ms = status->latency_ms,
		.error = failure && *failure->text ? failure->text : NULL
	};
}

/* The text of the next warning; NULL: there are enough. */
static char *next_warning(struct head_parts *parts)
{
	size_t index = parts->head.warning_count;

	if (index == MAX_WARNINGS)
		return NULL;
	parts->warnings[index] = parts->texts[index];
	parts->head.warning_count++;
	return parts->texts[index];
}

static void add_warnings(struct head_parts *parts, const struct cluster *cluster)
{
	char unreadable[EXPORT_WARNING_SIZE], *text;
	struct err error;

	if (export_unreadable(cluster, unreadable) && (text = next_warning(parts)))
		snprintf(text, EXPORT_WARNING_SIZE, "%s", unreadable);
	if (export_bdb_info_error(cluster, &error)) {
		parts->head.complete = false;
		if ((text = next_warning(parts)))
			snprintf(text, EXPORT_WARNING_SIZE, "%s: %s", cluster_setup(cluster)->name,
				 error.text);
	}
}

static void add_cluster(struct head_parts *parts, const struct export_job *job, size_t index)
{
	const struct cluster *cluster = fleet_at(job->view->fleet, index);
	const struct cluster_status *status = cluster_status(cluster);
	struct list_head *head = &parts->head;
	int64_t polled_at_s;

	parts->clusters[index] = describe_cluster(job, cluster);
	polled_at_s = parts->clusters[index].polled_at_s;
	if (polled_at_s < head->polled_at_s)
		head->polled_at_s = polled_at_s;
	head->unreadable += status->unreadable;
	head->complete = head->complete && status->conn == CONN_OK && !status->unreadable;
	add_warnings(parts, cluster);
}

/* Prints the list up to the array of that name; NULL: all of it. */
static int put_head(const struct export_job *job, struct json_printer *printer, const char *name,
		    struct err *err)
{
	const size_t count = fleet_count(job->view->fleet);
	struct head_parts *parts = calloc(1, sizeof(*parts));
	char *json = NULL;
	size_t i;

	if (parts)
		parts->clusters = calloc(count ? count : 1, sizeof(*parts->clusters));
	if (parts && parts->clusters) {
		parts->head = (struct list_head){ .generator = "bdbtop " PACKAGE_VERSION,
						  .polled_at_s = count ? INT64_MAX : 0,
						  .complete = true,
						  .warnings = parts->warnings,
						  .clusters = parts->clusters,
						  .cluster_count = count };
		for (i = 0; i < job->warning_count && i < MAX_WARNINGS; i++)
			parts->warnings[parts->head.warning_count++] = job->warnings[i];
		for (i = 0; i < count; i++)
			add_cluster(parts, job, i);
		json = list_object_begin(&parts->head, name);
	}
	free(parts ? parts->clusters : NULL);
	free(parts);
	return put_part(printer, "", json, err);
}

/* --- databases and causes ------------------------------------------------------------------- */

/* Writes each of them with what is before it: `before` from the second on. */
static int put_bdbs(const struct export_job *job, struct json_printer *printer, const char *before,
		    struct err *err)
{
	const bool line = job->format == OUTPUT_JSONL;
	const char *separator = line ? before : "";
	struct export_bdb bdb;
	size_t row;

	for (row = 0; row < view_rows(job->view->list); row++) {
		if (!export_bdb_init(&bdb, job, row))
			continue;
		if (put_part(printer, separator, list_object_bdb(&bdb.subject, line), err) < 0)
			return -1;
		separator = before;
	}
	return 0;
}

static char *make_cause(const struct export_job *job, size_t index)
{
	struct export_cause cause;
	size_t i, count;
	int64_t *uids;
	char *json = NULL;

	export_cause_init(&cause, job, index);
	count = cause.group->count;
	uids = calloc(count, sizeof(*uids));
	for (i = 0; uids && i < count; i++)
		uids[i] = causes_bdb(job->causes, cause.group, i).uid;
	if (uids)
		json = list_object_cause(
			&(struct list_cause){ .cluster = cluster_setup(cause.cluster)->name,
					      .kind = cause.group->cause.kind,
					      .state = cause.group->cause.state,
					      .reason = cause.group->cause.reason,
					      .since_s = cause.since_s,
					      .loss_s = cause.group->loss_s,
					      .next_step = cause.next_step,
					      .uids = uids,
					      .count = count },
			job->format == OUTPUT_JSONL);
	free(uids);
	return json;
}

static int put_causes(const struct export_job *job, struct json_printer *printer,
		      const char *before, struct err *err)
{
	size_t i;

	for (i = 0; i < causes_count(job->causes); i++)
		if (put_part(printer, i || job->format == OUTPUT_JSONL ? before : "",
			     make_cause(job, i), err) < 0)
			return -1;
	return 0;
}

static int put_content(const struct export_job *job, struct json_printer *printer,
		       const char *before, struct err *err)
{
	return job->causes ? put_causes(job, printer, before, err)
			   : put_bdbs(job, printer, before, err);
}

int export_write_json(const struct export_job *job, FILE *out, struct err *err)
{
	struct json_printer printer = { .out = out, .indented = job->terminal };

	if (put_head(job, &printer, job->causes ? "causes" : "databases", err) < 0 ||
	    put_content(job, &printer, ",\n", err) < 0)
		return -1;
	json_print(&printer, LIST_OBJECT_END);
	return 0;
}

int export_write_jsonl(const struct export_job *job, FILE *out, struct err *err)
{
	struct json_printer printer = { .out = out };

	if (put_head(job, &printer, NULL, err) < 0 || put_content(job, &printer, "\n", err) < 0)
		return -1;
	json_print(&printer, "\n");
	return 0;
}

/* --- an event ------------------------------------------------------------------------------- */

int export_event(FILE *out, const struct export_event *event, struct err *err)
{
	const struct log_line *transition = event->transition;
	struct json_printer printer = { .out = out };
	struct export_bdb bdb;
	const struct roster_entry *entry =
		event->has_bdb ? roster_find(cluster_roster(event->cluster), event->uid) : NULL;
	struct watch_event object = { .type = event->type,
				      .at_s = event->at.wall_ms / 1000,
				      .cluster = cluster_setup(event->cluster)->name,
				      .kind = -1,
				      .uid = event->uid,
				      .name = event->name,
				      .error = event->error };

	if (transition) {
		object.transition = transition_defs[transition->transition].word;
		object.kind = log_has_kind(transition) ? (int)transition->kind : -1;
		object.text = transition->outcome;
	}
	if (export_bdb_describe(&bdb, event->cluster, entry))
		object.subject = &bdb.subject;
	if (put_part(&printer, "", list_object_event(&object), err) < 0)
		return -1;
	json_print(&printer, "\n");
	return 0;
}
