#include "api_internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/sim/keyword.h"
#include "bdbtop/sim/memory.h"
#include "bdbtop/sim/time.h"

enum error_body_form { CODE_DESCRIPTION, CODE_MESSAGE, CODE_ALONE, NO_BODY };

static const struct {
	unsigned status;
	enum error_body_form shape;
	const char *code, *words;
} error_replies[] = {
	[BAD_LOGIN] = { 401, CODE_ALONE, "unauthorized", NULL },
	[BAD_ROLE] = { 403, CODE_DESCRIPTION, "forbidden", "This role may not do that." },
	[NO_BDB] = { 404, CODE_DESCRIPTION, "bdb_not_exist", "Database does not exist" },
	[NO_PATH] = { 404, NO_BODY, NULL, NULL },
	[BAD_METHOD] = { 405, NO_BODY, NULL, NULL },
	[LACKS_MODULE] = { 406, CODE_MESSAGE, "module_capability_missing",
			   "A module of this database lacks the capability backup_restore." },
	[BUSY] = { 409, CODE_DESCRIPTION, "bdb_busy", "Database is busy with a different action." },
	[NO_ALERT] = { 404, CODE_DESCRIPTION, "alert_not_exist", "Alert does not exist" },
	[NO_ACTION] = { 404, CODE_DESCRIPTION, "action_not_found", "Action does not exist" },
	[BAD_QUERY] = { 400, CODE_DESCRIPTION, "bad_request", "A parameter is invalid." },
	[DENIED] = { 403, CODE_MESSAGE, "forbidden", "This role is limited to other databases." },
};

void sim_call_fail(struct sim_call *v, enum sim_error_kind which)
{
	struct sim_buffer *body = &v->reply->body;
	enum error_body_form shape = error_replies[which].shape;

	v->reply->status = error_replies[which].status;
	v->reply->challenge = which == BAD_LOGIN;
	if (shape == NO_BODY)
		return;
	v->reply->type = "application/json";
	sim_buffer_put(body, "{\"error_code\":");
	sim_buffer_string(body, error_replies[which].code);
	if (shape != CODE_ALONE) {
		sim_buffer_put(body, shape == CODE_MESSAGE ? ",\"message\":" : ",\"description\":");
		sim_buffer_string(body, error_replies[which].words);
	}
	sim_buffer_put(body, "}");
}

void sim_call_succeed(struct sim_call *v)
{
	v->reply->status = 200;
	if (v->reply->body.length)
		v->reply->type = "application/json";
}

/* --- the calls --- */

static void get_bdbs(struct sim_call *v)
{
	struct sim_fields fields;

	sim_fields_init(&fields, v->request->fields);
	sim_cluster_write_bdbs(v->api->cluster, &fields, &v->reply->body);
	sim_fields_release(&fields);
	sim_call_succeed(v);
}

static void get_bdb(struct sim_call *v)
{
	struct sim_cluster *cluster = v->api->cluster;
	const struct sim_bdb *bdb = sim_cluster_find(cluster, v->uid);
	struct sim_fields fields;

	if (!bdb) {
		sim_call_fail(v, NO_BDB);
		return;
	}
	sim_fields_init(&fields, v->request->fields);
	sim_field_write(&v->reply->body, bdb, sim_cluster_defaults(cluster), &fields,
			sim_cluster_now(cluster));
	sim_fields_release(&fields);
	sim_call_succeed(v);
}

static void get_modules(struct sim_call *v)
{
	sim_cluster_write_modules(v->api->cluster, &v->reply->body);
	sim_call_succeed(v);
}

static void get_nodes(struct sim_call *v)
{
	sim_cluster_write_nodes(v->api->cluster, &v->reply->body);
	sim_call_succeed(v);
}

/* The kind whose status the action of the path resets; SIM_KINDS: it is no such action. */
static int kind_of_action(const struct sim_call *v)
{
	int kind;

	for (kind = 0; kind < SIM_KINDS; kind++)
		if (strcmp(sim_kinds[kind].path, v->action) == 0)
			break;
	return kind;
}

static void put_action(struct sim_call *v)
{
	static const enum sim_error_kind answers[] = {
		[SIM_RESET_GONE] = NO_BDB, [SIM_RESET_FORBIDDEN] = DENIED,
		[SIM_RESET_LACKING] = LACKS_MODULE, [SIM_RESET_BUSY] = BUSY,
	};
	int kind = kind_of_action(v);
	enum sim_reset_result outcome;

	if (kind == SIM_KINDS) {
		sim_call_fail(v, NO_PATH);
		return;
	}
	if (!v->user->role->resets) {
		sim_call_fail(v, BAD_ROLE);
		return;
	}
	outcome = sim_cluster_reset(v->api->cluster, v->uid, (enum sim_kind)kind);
	if (outcome == SIM_RESET_ACCEPTED) {
		sim_call_succeed(v);
	} else if (outcome == SIM_RESET_UNANSWERED) {
		/* longer than any client waits; then the connection goes */
		v->reply->ready_ms += 60000;
		v->reply->status = 0;
	} else {
		sim_call_fail(v, answers[outcome]);
	}
}

/* "#" stands for a uid, "@" for a word. */
static const struct route {
	const char *method, *pattern;
	void (*call)(struct sim_call *);
} routes[] = {
	{ "GET", "/v1/bdbs", get_bdbs },
	{ "GET", "/v1/bdbs/#", get_bdb },
	{ "PUT", "/v1/bdbs/#/actions/@", put_action },
	{ "GET", "/v1/modules", get_modules },
	{ "GET", "/v1/nodes", get_nodes },
	{ "GET", "/v1/logs", sim_call_logs },
	{ "GET", "/v1/bdbs/alerts", sim_call_alerts },
	{ "GET", "/v1/bdbs/alerts/#", sim_call_alerts_of },
	{ "GET", "/v1/bdbs/alerts/#/@", sim_call_alert },
	{ "GET", "/v2/actions", sim_call_actions },
	{ "GET", "/v2/actions/@", sim_call_action },
	{ "GET", "/v1/actions", sim_call_changes },
	{ "GET", "/v1/actions/@", sim_call_change },
	{ "GET", "/v1/actions/bdb/#", sim_call_changes_of },
	{ "GET", "/v1/shards", sim_call_shards },
	{ "GET", "/v1/bdbs/#/shards", sim_call_shards_of },
};

static bool segment(struct sim_call *v, char what, const char *path, size_t length)
{
	char digits[24];

	if (!length)
		return false;
	if (what == '@') {
		v->action = path;
		return true;
	}
	if (length >= sizeof(digits))
		return false;
	memcpy(digits, path, length);
	digits[length] = '\0';
	return sim_keyword_number(digits, 0, INT64_MAX, &v->uid);
}

static bool path_is(struct sim_call *v, const char *pattern)
{
	const char *path = v->request->path;

	while (*pattern) {
		size_t length = strcspn(path, "/");

		if (*pattern == '#' || *pattern == '@') {
			if (!segment(v, *pattern, path, length))
				return false;
			path += length;
		} else if (*path++ != *pattern) {
			return false;
		}
		pattern++;
	}
	return !*path;
}

/* What a path takes, whatever its database is: an unknown path is the same 404 as ever. */
static void write_methods(struct sim_call *v)
{
	struct sim_buffer allow = SIM_BUFFER_INIT;
	size_t i;

	for (i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
		if (!path_is(v, routes[i].pattern) ||
		    (routes[i].call == put_action && kind_of_action(v) == SIM_KINDS))
			continue;
		sim_buffer_print(&allow, "%s%s", allow.length ? ", " : "", routes[i].method);
	}
	if (!allow.length) {
		sim_call_fail(v, NO_PATH);
		return;
	}
	v->reply->allow = sim_buffer_detach(&allow);
	sim_call_succeed(v);
}

static void route(struct sim_call *v)
{
	enum sim_error_kind trouble = NO_PATH;
	size_t i;

	if (!strcmp(v->request->method, "OPTIONS")) {
		write_methods(v);
		return;
	}
	for (i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
		if (!path_is(v, routes[i].pattern))
			continue;
		if (strcmp(routes[i].method, v->request->method) == 0) {
			routes[i].call(v);
			return;
		}
		trouble = BAD_METHOD;
	}
	sim_call_fail(v, trouble);
}

static void redirect(struct sim_call *v)
{
	struct sim_buffer to = SIM_BUFFER_INIT;

	sim_buffer_put(&to, v->api->redirect);
	sim_buffer_put(&to, v->request->target);
	v->reply->location = sim_buffer_detach(&to);
	v->reply->status = 307;
}

static void answer_from_state(struct sim_call *v, int64_t now_ms)
{
	v->user =
		sim_lockout_admit(v->api->lockout, v->request->user, v->request->password, now_ms);
	if (!v->user)
		sim_call_fail(v, BAD_LOGIN);
	else if (v->api->redirect)
		redirect(v);
	else if (!v->user->role->reads)
		sim_call_fail(v, BAD_ROLE);
	else
		route(v);
}

static const char *type_of(const char *body)
{
	if (*body == '{' || *body == '[')
		return "application/json";
	return *body == '<' ? "text/html" : *body ? "text/plain" : NULL;
}

static void answer_from_fault(struct sim_call *v, const struct sim_fault *rule)
{
	const char *body = rule->body ? rule->body : "";

	v->reply->status = rule->status;
	v->reply->challenge = rule->status == 401;
	v->reply->allow = rule->allow ? sim_memory_copy(rule->allow) : NULL;
	v->reply->retry_s = rule->retry_s;
	v->reply->retry_dated = rule->retry_dated;
	if (rule->status >= 300 && rule->status < 400 && *body) {
		v->reply->location = sim_memory_copy(body);
		return;
	}
	sim_buffer_put(&v->reply->body, body);
	v->reply->type = type_of(body);
}

static void note(struct sim_call *v, int64_t now_ms)
{
	const struct sim_request *r = v->request;
	struct sim_request_log_entry entry = {
		.received_ms = now_ms, .status = v->reply->status, .connection = r->connection,
		.credentials = r->user || r->password, .body_length = r->body_length,
		.in_flight = r->in_flight,
	};

	sim_request_log_add(&v->api->request_log, &entry, r->method, r->target);
}

/* By the path as it is meant, or, for an order about a query, by the target as it came. */
static const struct sim_fault *fault_for(struct sim_api *api, enum sim_fault_kind kind,
					 const struct sim_request *r)
{
	const struct sim_fault *rule = sim_faults_match(&api->faults, kind, r->method, r->path);

	if (rule || !strchr(r->target, '?'))
		return rule;
	return sim_faults_match(&api->faults, kind, r->method, r->target);
}

void sim_api_answer(struct sim_api *api, const struct sim_request *request, int64_t now_ms,
		    struct sim_reply *reply)
{
	struct sim_call v = { .api = api, .request = request, .reply = reply };
	const struct sim_fault *rule;

	memset(reply, 0, sizeof(*reply));
	reply->bytes = -1;
	reply->ready_ms = now_ms;
	sim_cluster_turn(api->cluster, now_ms);
	rule = fault_for(api, SIM_FAULT_ANSWER, request);
	if (rule)
		answer_from_fault(&v, rule);
	else
		answer_from_state(&v, now_ms);
	rule = fault_for(api, SIM_FAULT_DELAY, request);
	if (rule)
		reply->ready_ms += rule->ms;
	rule = fault_for(api, SIM_FAULT_CUT, request);
	if (rule) {
		reply->bytes = rule->cut_bytes;
		if (rule->cut_bytes < 0)
			reply->status = 0;
	}
	note(&v, now_ms);
}

void sim_reply_release(struct sim_reply *reply)
{
	sim_buffer_release(&reply->body);
	free(reply->location);
	free(reply->allow);
	reply->location = reply->allow = NULL;
}

void sim_api_release(struct sim_api *api)
{
	sim_faults_release(&api->faults);
	sim_request_log_release(&api->request_log);
}
