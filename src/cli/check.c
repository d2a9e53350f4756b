#include "bdbtop/cli/check.h"

#include <inttypes.h>
#include <string.h>

#include "bdbtop/cli/error_report.h"
#include "bdbtop/cli/output.h"
#include "bdbtop/cli/poll.h"
#include "bdbtop/cli/streams.h"
#include "check_internal.h"

/* The argument of is_known(). */
struct check_wait {
	const struct check_options *options;
	const struct session *session;
};

/* Whether an operation is stalled can become known while the cluster answers. */
static bool can_become_known(const struct cluster *cluster)
{
	const struct cluster_status *status = cluster_status(cluster);

	return status->stall_unknown &&
	       (status->conn == CONN_OK || (status->conn == CONN_DOWN && status->has_list));
}

static bool is_known(void *arg, struct moment now)
{
	const struct check_wait *wait = arg;
	const struct fleet *fleet = session_view(wait->session)->fleet;
	size_t i;

	if (!poll_is_read((void *)(uintptr_t)wait->session, now))
		return false;
	for (i = 0; i < fleet_count(fleet); i++)
		if (can_become_known(fleet_at(fleet, i)))
			return now.ms - wait->options->started.ms >= wait->options->wait_ms;
	return true;
}

/* Finds a cluster that could not be read, NULL: none, and why. */
static const struct cluster *find_unread(const struct fleet *fleet,
					 const struct check_options *options, struct err *err)
{
	const struct err *bdb_info_error;
	size_t i;

	for (i = 0; i < fleet_count(fleet); i++) {
		const struct cluster *cluster = fleet_at(fleet, i);
		const struct cluster_status *status = cluster_status(cluster);

		bool complete = cluster_bdb_info_is_complete(cluster, &bdb_info_error);

		if (status->conn == CONN_CONNECTING)
			err_set_code(err, ERR_CODE_TIMEOUT, ERR_RETRY,
				     "there was no reply within %" PRId64 " s. Try again, or allow "
				     "more time with --timeout.",
				     options->timeout_ms / 1000);
		else if (status->conn != CONN_OK)
			*err = status->error;
		else if (!complete && !bdb_info_error)
			err_set_code(err, ERR_CODE_TIMEOUT, ERR_RETRY,
				     "modules and tags, which the filter or an rpo_tag needs, were "
				     "not read within %" PRId64 " s. Try again, or allow more time "
				     "with --timeout.",
				     options->timeout_ms / 1000);
		else if (bdb_info_error)
			err_set_code(
				err, bdb_info_error->code, bdb_info_error->class,
				"modules and tags, which the filter or an rpo_tag needs, could "
				"not be read: %s",
				bdb_info_error->text);
		else
			continue;
		return cluster;
	}
	return NULL;
}

static int report(const struct session *session, struct check_result *result, struct moment now)
{
	const struct fleet *fleet = session_view(session)->fleet;
	const struct cluster *unread;
	enum check_state state;
	struct err err;

	unread = find_unread(fleet, result->options, &err);
	if (unread)
		return error_report_cluster(ERROR_PLUGIN, unread, &err, CHECK_UNKNOWN);
	if (session_view(session)->list_is_stale) {
		err_set_code(&err, ERR_CODE_INTERNAL, ERR_FINAL,
			     "Out of memory while sorting the databases.");
		return error_report(ERROR_PLUGIN, NULL, &err, CHECK_UNKNOWN);
	}
	fleet_save_progress(fleet, now, &result->save_error);
	result->took_s = (double)(now.ms - result->options->started.ms) / 1000;
	state = check_report(stream_output(), result);
	return output_flush("the result") ? CHECK_UNKNOWN : (int)state;
}

/* The list is in the order of the worst; the rest of the time limit is left. */
int check_run(struct fleet *fleet, struct http *http, const struct clock *clock,
	      const struct check_options *options)
{
	struct session *session = session_new(fleet);
	struct check_wait wait = { .options = options, .session = session };
	struct check_result result = { .options = options, .session = session };
	int64_t left_ms = options->timeout_ms - (clock->now(clock->arg).ms - options->started.ms);
	const struct poll poll = { .session = session,
				   .http = http,
				   .clock = clock,
				   .limit_ms = left_ms > 1 ? left_ms : 1,
				   .is_done = options->wait_ms ? is_known : poll_is_read,
				   .arg = options->wait_ms ? (void *)&wait : session };
	struct filter_error unused;
	struct moment now;
	struct err err;
	int status;

	if (!session) {
		err_set_code(&err, ERR_CODE_INTERNAL, ERR_FINAL, "Out of memory.");
		return error_report(ERROR_PLUGIN, NULL, &err, CHECK_UNKNOWN);
	}
	session_set_filter(session, options->filter ? options->filter : "", &unused);
	poll_run(&poll, &now);
	status = report(session, &result, now);
	session_free(session);
	return status;
}
