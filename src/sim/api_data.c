#include "api_internal.h"

#include <string.h>

#include "bdbtop/sim/alert.h"
#include "bdbtop/sim/keyword.h"
#include "bdbtop/sim/time.h"

/* --- the log of events --- */

static bool read_time(const char *value, int64_t *seconds)
{
	return !value || sim_time_parse(value, seconds);
}

static bool read_count(const char *value, int64_t least, int64_t *count)
{
	return !value || sim_keyword_number(value, least, INT32_MAX, count);
}

static bool read_order(const char *value, bool *newest_first)
{
	if (!value)
		return true;
	*newest_first = strcmp(value, "desc") == 0;
	return *newest_first || strcmp(value, "asc") == 0;
}

void sim_call_logs(struct sim_call *v)
{
	const struct sim_request *r = v->request;
	struct sim_event_query query = { .from_s = 0, .to_s = INT64_MAX, .limit = -1 };

	if (!v->user->role->logs) {
		sim_call_fail(v, BAD_ROLE);
		return;
	}
	if (!read_time(r->stime, &query.from_s) || !read_time(r->etime, &query.to_s) ||
	    !read_order(r->order, &query.newest_first) || !read_count(r->limit, 1, &query.limit) ||
	    !read_count(r->offset, 0, &query.offset)) {
		sim_call_fail(v, BAD_QUERY);
		return;
	}
	sim_event_log_write(sim_cluster_event_log(v->api->cluster), &query, &v->reply->body);
	sim_call_succeed(v);
}

/* --- alerts --- */

void sim_call_alerts(struct sim_call *v)
{
	sim_cluster_write_alerts(v->api->cluster, &v->reply->body);
	sim_call_succeed(v);
}

/* The database of the path; NULL: the visit has failed. */
static const struct sim_bdb *bdb_of(struct sim_call *v)
{
	const struct sim_bdb *bdb = sim_cluster_find(v->api->cluster, v->uid);

	if (!bdb)
		sim_call_fail(v, NO_BDB);
	return bdb;
}

void sim_call_alerts_of(struct sim_call *v)
{
	const struct sim_bdb *bdb = bdb_of(v);

	if (!bdb)
		return;
	sim_alert_write(bdb, sim_cluster_now(v->api->cluster), &v->reply->body);
	sim_call_succeed(v);
}

void sim_call_alert(struct sim_call *v)
{
	const struct sim_bdb *bdb = bdb_of(v);

	if (!bdb)
		return;
	if (sim_alert_write_one(bdb, v->action, sim_cluster_now(v->api->cluster), &v->reply->body))
		sim_call_succeed(v);
	else
		sim_call_fail(v, NO_ALERT);
}

/* --- actions --- */

void sim_call_actions(struct sim_call *v)
{
	sim_cluster_write_actions(v->api->cluster, &v->reply->body);
	sim_call_succeed(v);
}

void sim_call_changes(struct sim_call *v)
{
	sim_cluster_write_changes(v->api->cluster, &v->reply->body);
	sim_call_succeed(v);
}

void sim_call_changes_of(struct sim_call *v)
{
	const struct sim_bdb *bdb = bdb_of(v);

	if (!bdb)
		return;
	sim_cluster_write_changes_of(v->api->cluster, bdb, &v->reply->body);
	sim_call_succeed(v);
}

static void one_action(struct sim_call *v, int version)
{
	if (sim_cluster_write_action(v->api->cluster, version, v->action, &v->reply->body))
		sim_call_succeed(v);
	else
		sim_call_fail(v, NO_ACTION);
}

void sim_call_action(struct sim_call *v)
{
	one_action(v, 2);
}

void sim_call_change(struct sim_call *v)
{
	one_action(v, 1);
}

/* --- shards --- */

void sim_call_shards(struct sim_call *v)
{
	sim_cluster_write_shards(v->api->cluster, NULL, &v->reply->body);
	sim_call_succeed(v);
}

void sim_call_shards_of(struct sim_call *v)
{
	const struct sim_bdb *bdb = bdb_of(v);

	if (!bdb)
		return;
	sim_cluster_write_shards(v->api->cluster, bdb, &v->reply->body);
	sim_call_succeed(v);
}
