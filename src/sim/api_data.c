#include "api_internal.h"

#include <string.h>

#include "alert.h"
#include "keyword.h"
#include "time.h"

/* --- event log --- */

static bool read_time(const char *value, int64_t *seconds)
{
	return !value || sim_time_parse(value, seconds);
}

static bool read_count(const char *value, int64_t min, int64_t *count)
{
	return !value || sim_keyword_number(value, min, INT32_MAX, count);
}

static bool read_order(const char *value, bool *newest_first)
{
	if (!value)
		return true;
	*newest_first = strcmp(value, "desc") == 0;
	return *newest_first || strcmp(value, "asc") == 0;
}

void sim_call_logs(struct sim_call *call)
{
	const struct sim_request *r = call->request;
	struct sim_event_query query = { .from_s = 0, .to_s = INT64_MAX, .limit = -1 };

	if (!call->user->role->logs) {
		sim_call_fail(call, BAD_ROLE);
		return;
	}
	if (!read_time(r->stime, &query.from_s) || !read_time(r->etime, &query.to_s) ||
	    !read_order(r->order, &query.newest_first) || !read_count(r->limit, 1, &query.limit) ||
	    !read_count(r->offset, 0, &query.offset)) {
		sim_call_fail(call, BAD_QUERY);
		return;
	}
	sim_event_log_write(sim_cluster_event_log(call->api->cluster), &query, &call->reply->body);
	sim_call_succeed(call);
}

/* --- alerts --- */

void sim_call_alerts(struct sim_call *call)
{
	sim_cluster_write_alerts(call->api->cluster, &call->reply->body);
	sim_call_succeed(call);
}

/* The database in the path; NULL after an error reply. */
static const struct sim_bdb *bdb_of(struct sim_call *call)
{
	const struct sim_bdb *bdb = sim_cluster_find(call->api->cluster, call->uid);

	if (!bdb)
		sim_call_fail(call, NO_BDB);
	return bdb;
}

void sim_call_alerts_of(struct sim_call *call)
{
	const struct sim_bdb *bdb = bdb_of(call);

	if (!bdb)
		return;
	sim_alert_write(bdb, sim_cluster_now(call->api->cluster), &call->reply->body);
	sim_call_succeed(call);
}

void sim_call_alert(struct sim_call *call)
{
	const struct sim_bdb *bdb = bdb_of(call);

	if (!bdb)
		return;
	if (sim_alert_write_one(bdb, call->action, sim_cluster_now(call->api->cluster),
				&call->reply->body))
		sim_call_succeed(call);
	else
		sim_call_fail(call, NO_ALERT);
}

/* --- actions --- */

void sim_call_actions(struct sim_call *call)
{
	sim_cluster_write_actions(call->api->cluster, &call->reply->body);
	sim_call_succeed(call);
}

void sim_call_changes(struct sim_call *call)
{
	sim_cluster_write_changes(call->api->cluster, &call->reply->body);
	sim_call_succeed(call);
}

void sim_call_changes_of(struct sim_call *call)
{
	const struct sim_bdb *bdb = bdb_of(call);

	if (!bdb)
		return;
	sim_cluster_write_changes_of(call->api->cluster, bdb, &call->reply->body);
	sim_call_succeed(call);
}

static void one_action(struct sim_call *call, int version)
{
	if (sim_cluster_write_action(call->api->cluster, version, call->action, &call->reply->body))
		sim_call_succeed(call);
	else
		sim_call_fail(call, NO_ACTION);
}

void sim_call_action(struct sim_call *call)
{
	one_action(call, 2);
}

void sim_call_change(struct sim_call *call)
{
	one_action(call, 1);
}

/* --- shards --- */

void sim_call_shards(struct sim_call *call)
{
	sim_cluster_write_shards(call->api->cluster, NULL, &call->reply->body);
	sim_call_succeed(call);
}

void sim_call_shards_of(struct sim_call *call)
{
	const struct sim_bdb *bdb = bdb_of(call);

	if (!bdb)
		return;
	sim_cluster_write_shards(call->api->cluster, bdb, &call->reply->body);
	sim_call_succeed(call);
}
