#include "api_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bdbtop/core/array.h"
#include "report.h"
#include "keyword.h"
#include "memory.h"
#include "param.h"

enum error_body_form { CODE_DESCRIPTION, CODE_MESSAGE, CODE_ALONE, NO_BODY };

static const struct {
	unsigned status;
	enum error_body_form form;
	const char *code, *text;
} error_replies[] = {
	[BAD_LOGIN] = { 401, CODE_ALONE, "unauthorized", NULL },
	[BAD_ROLE] = { 403, CODE_DESCRIPTION, "forbidden", "This role may not do that." },
	[NO_BDB] = { 404, CODE_DESCRIPTION, "bdb_not_exist", "Database does not exist" },
	[NO_PATH] = { 404, NO_BODY, NULL, NULL },
	[BAD_METHOD] = { 405, NO_BODY, NULL, NULL },
	[NO_CAPABILITY] = { 406, CODE_MESSAGE, "module_capability_missing",
			    "A module of this database lacks the capability backup_restore." },
	[BUSY] = { 409, CODE_DESCRIPTION, "bdb_busy", "Database is busy with a different action." },
	[NO_ALERT] = { 404, CODE_DESCRIPTION, "alert_not_exist", "Alert does not exist" },
	[NO_ACTION] = { 404, CODE_DESCRIPTION, "action_not_found", "Action does not exist" },
	[BAD_QUERY] = { 400, CODE_DESCRIPTION, "bad_request", "A parameter is invalid." },
	[DENIED] = { 403, CODE_MESSAGE, "forbidden", "This role is limited to other databases." },
};

void sim_call_fail(struct sim_call *call, enum sim_error_kind which)
{
	enum error_body_form form = error_replies[which].form;

	call->reply->status = error_replies[which].status;
	call->reply->challenge = which == BAD_LOGIN;
	if (form == NO_BODY)
		return;
	call->reply->type = "application/json";
	sim_json_open(&call->body, NULL, '{');
	sim_json_string(&call->body, "error_code", error_replies[which].code);
	if (form != CODE_ALONE)
		sim_json_string(&call->body, form == CODE_MESSAGE ? "message" : "description",
				error_replies[which].text);
	sim_json_close(&call->body, '}');
}

static void succeed(struct sim_call *call)
{
	call->reply->status = 200;
	if (call->body.length)
		call->reply->type = "application/json";
}

static const char *query(const struct sim_call *call, const char *name)
{
	return json_object_get_string(json_object_object_get(call->query, name));
}

/* --- modules, nodes --- */

static void get_modules(struct sim_call *call)
{
	sim_json_raw(&call->body, NULL, sim_param_json(call->api->cluster->modules));
	succeed(call);
}

static void get_nodes(struct sim_call *call)
{
	sim_json_raw(&call->body, NULL, sim_param_json(call->api->cluster->nodes));
	succeed(call);
}

/* --- event log --- */

#define QUERY(name, type, member, min, max)                                                        \
	{ SIM_PARAM(name, type, sim_event_query, member, min, max) }

static const char *const orders[] = { "asc", "desc", NULL };
static const struct sim_param log_params[] = {
	QUERY("stime", SIM_PARAM_TIME, from_s, 0, 0),
	QUERY("etime", SIM_PARAM_TIME, to_s, 0, 0),
	{ SIM_PARAM("order", SIM_PARAM_WORD, sim_event_query, newest_first, 0, 0),
	  .words = orders },
	QUERY("limit", SIM_PARAM_INT, limit, 1, INT32_MAX),
	QUERY("offset", SIM_PARAM_INT, offset, 0, INT32_MAX),
};

static void get_logs(struct sim_call *call)
{
	struct sim_event_query asked = { .to_s = INT64_MAX, .limit = -1 };
	size_t i;

	if (!call->user->role->logs) {
		sim_call_fail(call, BAD_ROLE);
		return;
	}
	for (i = 0; i < ARRAY_SIZE(log_params); i++) {
		const char *value = query(call, log_params[i].name);

		if (value && !sim_param_set_word(&log_params[i], &asked, value)) {
			sim_call_fail(call, BAD_QUERY);
			return;
		}
	}
	sim_event_log_write(call->api->cluster->event_log, &asked, &call->body);
	succeed(call);
}

/* --- resets --- */

/* The kind whose status the action in the path resets; SIM_KINDS if it is not a reset. */
static int kind_of_action(const struct sim_call *call)
{
	int kind;

	for (kind = 0; kind < SIM_KINDS; kind++)
		if (strcmp(sim_kinds[kind].path, call->action) == 0)
			break;
	return kind;
}

static void put_action(struct sim_call *call)
{
	static const enum sim_error_kind errors[] = {
		[SIM_RESET_GONE] = NO_BDB,
		[SIM_RESET_FORBIDDEN] = DENIED,
		[SIM_RESET_NO_CAPABILITY] = NO_CAPABILITY,
		[SIM_RESET_BUSY] = BUSY,
	};
	int kind = kind_of_action(call);
	enum sim_reset_result result;

	if (kind == SIM_KINDS) {
		sim_call_fail(call, NO_PATH);
		return;
	}
	if (!call->user->role->resets) {
		sim_call_fail(call, BAD_ROLE);
		return;
	}
	result = sim_cluster_reset(call->api->cluster, call->uid, (enum sim_kind)kind,
				   call->api->fired);
	if (result == SIM_RESET_ACCEPTED) {
		succeed(call);
	} else if (result == SIM_RESET_UNANSWERED) {
		/* longer than any client waits; then the connection closes */
		call->reply->send_at_ms += 60000;
		call->reply->status = 0;
	} else {
		sim_call_fail(call, errors[result]);
	}
}

/* --- tokens --- */

/* The lifetime that the body asks for; 0: the body is invalid.  Nothing else belongs in it. */
static int64_t read_ttl(const char *body)
{
	static const struct sim_param keys[] = {
		{ .name = "ttl", .type = SIM_PARAM_INT, .min = 1, .max = 86400 }, { .name = NULL },
	};
	struct json_object *object;
	int64_t seconds = SIM_TOKEN_TTL_S;

	if (!body || !*body)
		return seconds;
	object = json_tokener_parse(body);
	if (sim_param_read(keys, &seconds, object, "body", NULL) < 0)
		seconds = 0;
	json_object_put(object);
	return seconds;
}

static void post_token(struct sim_call *call)
{
	struct sim_api *api = call->api;
	int64_t ttl_s = read_ttl(call->request->body);

	if (!ttl_s) {
		sim_call_fail(call, BAD_QUERY);
		return;
	}
	sim_json_open(&call->body, NULL, '{');
	sim_json_string(&call->body, "access_token",
			sim_token_issue(&api->tokens, call->user, ttl_s, api->cluster->now_ms));
	sim_json_close(&call->body, '}');
	succeed(call);
}

/* Only a token can be renewed. */
static void post_refresh(struct sim_call *call)
{
	if (call->request->token)
		post_token(call);
	else
		sim_call_fail(call, BAD_LOGIN);
}

/* --- routes --- */

/*
 * "#" stands for a uid, "@" for a word.  write writes the database of the uid, or
 * each database if there is no "#", between open and close; if it writes nothing
 * then, the reply is the error missing.  Without write, handle does it all.
 */
static const struct route {
	const char *method, *pattern;
	const char *open, *close;
	sim_report_fn *write;
	enum sim_error_kind missing;
	void (*handle)(struct sim_call *);
} routes[] = {
	{ "GET", "/v1/bdbs", "[", "]", sim_field_write, 0, NULL },
	{ "GET", "/v1/bdbs/#", "", "", sim_field_write, 0, NULL },
	{ "PUT", "/v1/bdbs/#/actions/@", NULL, NULL, NULL, 0, put_action },
	{ "POST", "/v1/users/authorize", NULL, NULL, NULL, 0, post_token },
	{ "POST", "/v1/users/refresh_jwt", NULL, NULL, NULL, 0, post_refresh },
	{ "GET", "/v1/modules", NULL, NULL, NULL, 0, get_modules },
	{ "GET", "/v1/nodes", NULL, NULL, NULL, 0, get_nodes },
	{ "GET", "/v1/logs", NULL, NULL, NULL, 0, get_logs },
	{ "GET", "/v1/bdbs/alerts", "{", "}", sim_alert_write_by_uid, 0, NULL },
	{ "GET", "/v1/bdbs/alerts/#", "", "", sim_alert_write, 0, NULL },
	{ "GET", "/v1/bdbs/alerts/#/@", "", "", sim_alert_write, NO_ALERT, NULL },
	{ "GET", "/v2/actions", "[", "]", sim_action_write_v2, 0, NULL },
	{ "GET", "/v2/actions/@", "", "", sim_action_write_v2, NO_ACTION, NULL },
	{ "GET", "/v1/actions", "{\"actions\":[],\"state-machines\":[", "]}", sim_action_write_v1,
	  0, NULL },
	{ "GET", "/v1/actions/@", "", "", sim_action_write_v1, NO_ACTION, NULL },
	{ "GET", "/v1/actions/bdb/#", "[", "]", sim_action_write_v1, 0, NULL },
	{ "GET", "/v1/shards", "[", "]", sim_shard_write, 0, NULL },
	{ "GET", "/v1/bdbs/#/shards", "[", "]", sim_shard_write, 0, NULL },
};

static void handle(struct sim_call *call, const struct route *route)
{
	const struct sim_cluster *cluster = call->api->cluster;
	const struct sim_bdb *bdb = NULL;
	const char *names = query(call, "fields");
	struct sim_report report = { &call->body, cluster->now_ms, call->action, NULL,
				     json_object_array_length(cluster->nodes) };
	size_t i;

	if (!route->write) {
		route->handle(call);
		return;
	}
	if (strchr(route->pattern, '#') && !(bdb = sim_cluster_find(cluster, call->uid))) {
		sim_call_fail(call, NO_BDB);
		return;
	}
	report.fields = names ? sim_field_names(names) : NULL;
	sim_buffer_put(&call->body, route->open);
	if (bdb)
		route->write(&report, bdb);
	for (i = 0; !bdb && i < cluster->count; i++)
		route->write(&report, cluster->bdbs[i]);
	sim_buffer_put(&call->body, route->close);
	json_object_put(report.fields);
	if (call->body.length)
		succeed(call);
	else
		sim_call_fail(call, route->missing);
}

static bool match_segment(struct sim_call *call, char what, const char *path, size_t length)
{
	char digits[24];

	if (!length)
		return false;
	if (what == '@') {
		call->action = path;
		return true;
	}
	if (length >= sizeof(digits))
		return false;
	memcpy(digits, path, length);
	digits[length] = '\0';
	return sim_keyword_number(digits, 0, INT64_MAX, &call->uid);
}

static bool path_matches(struct sim_call *call, const char *pattern)
{
	const char *path = call->path;

	call->action = NULL;
	while (*pattern) {
		size_t length = strcspn(path, "/");

		if (*pattern == '#' || *pattern == '@') {
			if (!match_segment(call, *pattern, path, length))
				return false;
			path += length;
		} else if (*path++ != *pattern) {
			return false;
		}
		pattern++;
	}
	return !*path;
}

/* The route of the path, which has one at most. */
static const struct route *find_route(struct sim_call *call)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(routes); i++)
		if (path_matches(call, routes[i].pattern))
			return &routes[i];
	return NULL;
}

/* The method of a path, for any database uid. */
static void write_allowed_method(struct sim_call *call, const struct route *route)
{
	if (route->handle == put_action && kind_of_action(call) == SIM_KINDS) {
		sim_call_fail(call, NO_PATH);
		return;
	}
	call->reply->allow = sim_memory_copy(route->method);
	succeed(call);
}

void sim_call_route(struct sim_call *call)
{
	const struct route *route = find_route(call);

	if (!route)
		sim_call_fail(call, NO_PATH);
	else if (strcmp(call->request->method, "OPTIONS") == 0)
		write_allowed_method(call, route);
	else if (strcmp(call->request->method, route->method) == 0)
		handle(call, route);
	else
		sim_call_fail(call, BAD_METHOD);
}
