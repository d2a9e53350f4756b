#include "api_internal.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/array.h"
#include "memory.h"
#include "keyword.h"

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

void sim_call_succeed(struct sim_call *call)
{
	call->reply->status = 200;
	if (call->body.length)
		call->reply->type = "application/json";
}

/* --- the target of a request --- */

/* Decode %XX in place; an incomplete one stays. */
static void decode(char *text)
{
	char digits[3] = "", *to = text;

	for (; *text; text++) {
		if (*text == '%' && isxdigit((unsigned char)text[1]) &&
		    isxdigit((unsigned char)text[2])) {
			memcpy(digits, text + 1, 2);
			*to++ = (char)strtol(digits, NULL, 16);
			text += 2;
		} else {
			*to++ = *text;
		}
	}
	*to = '\0';
}

static void read_target(struct sim_call *call)
{
	const char *target = call->request->target;
	size_t length = strcspn(target, "?");
	struct sim_buffer query = SIM_BUFFER_INIT;

	call->path = sim_memory_copy_n(target, length);
	decode(call->path);
	for (target += length; *target; target += length) {
		char *pair, *blank;

		length = strcspn(++target, "&");
		pair = sim_memory_copy_n(target, length);
		for (blank = pair; (blank = strchr(blank, '+'));)
			*blank = ' ';
		decode(pair);
		sim_buffer_add(&query, pair, strlen(pair) + 1);
		free(pair);
	}
	sim_buffer_add(&query, "", 1);
	call->query = sim_buffer_detach(&query);
}

const char *sim_call_query(const struct sim_call *call, const char *name)
{
	size_t length = strlen(name);
	const char *pair;

	for (pair = call->query; *pair; pair += strlen(pair) + 1)
		if (strncmp(pair, name, length) == 0 && pair[length] == '=')
			return pair + length + 1;
	return NULL;
}

/* --- routes --- */

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
		sim_call_succeed(call);
	} else if (result == SIM_RESET_UNANSWERED) {
		/* longer than any client waits; then the connection closes */
		call->reply->send_at_ms += 60000;
		call->reply->status = 0;
	} else {
		sim_call_fail(call, errors[result]);
	}
}

/* "#" stands for a uid, "@" for a word. */
static const struct route {
	const char *method, *pattern;
	void (*call)(struct sim_call *);
} routes[] = {
	{ "GET", "/v1/bdbs", sim_call_bdbs },
	{ "GET", "/v1/bdbs/#", sim_call_bdb },
	{ "PUT", "/v1/bdbs/#/actions/@", put_action },
	{ "GET", "/v1/modules", sim_call_modules },
	{ "GET", "/v1/nodes", sim_call_nodes },
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

/* The methods of a path, for any database uid; an unknown path gives the usual 404. */
static void write_allowed_methods(struct sim_call *call)
{
	struct sim_buffer allow = SIM_BUFFER_INIT;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(routes); i++) {
		if (!path_matches(call, routes[i].pattern) ||
		    (routes[i].call == put_action && kind_of_action(call) == SIM_KINDS))
			continue;
		sim_buffer_print(&allow, "%s%s", allow.length ? ", " : "", routes[i].method);
	}
	if (!allow.length) {
		sim_call_fail(call, NO_PATH);
		return;
	}
	call->reply->allow = sim_buffer_detach(&allow);
	sim_call_succeed(call);
}

static void route(struct sim_call *call)
{
	enum sim_error_kind error = NO_PATH;
	size_t i;

	if (!strcmp(call->request->method, "OPTIONS")) {
		write_allowed_methods(call);
		return;
	}
	for (i = 0; i < ARRAY_SIZE(routes); i++) {
		if (!path_matches(call, routes[i].pattern))
			continue;
		if (strcmp(routes[i].method, call->request->method) == 0) {
			routes[i].call(call);
			return;
		}
		error = BAD_METHOD;
	}
	sim_call_fail(call, error);
}

static void redirect(struct sim_call *call)
{
	struct sim_buffer location = SIM_BUFFER_INIT;

	sim_buffer_print(&location, "%s%s", call->api->redirect, call->request->target);
	call->reply->location = sim_buffer_detach(&location);
	call->reply->status = 307;
}

static void answer_from_state(struct sim_call *call, int64_t now_ms)
{
	call->user = sim_lockout_log_in(&call->api->lockout, call->request->user,
					call->request->password, now_ms);
	if (!call->user)
		sim_call_fail(call, BAD_LOGIN);
	else if (call->api->redirect)
		redirect(call);
	else if (!call->user->role->reads)
		sim_call_fail(call, BAD_ROLE);
	else
		route(call);
}

static const char *content_type(const char *body)
{
	if (*body == '{' || *body == '[')
		return "application/json";
	return *body == '<' ? "text/html" : *body ? "text/plain" : NULL;
}

static void answer_from_fault(struct sim_call *call, const struct sim_fault *rule)
{
	const char *body = rule->body ? rule->body : "";

	call->reply->status = rule->status;
	call->reply->challenge = rule->status == 401;
	sim_memory_replace(&call->reply->allow, rule->allow);
	call->reply->retry_s = rule->retry_s;
	call->reply->retry_is_date = rule->retry_is_date;
	if (rule->status >= 300 && rule->status < 400 && *body) {
		call->reply->location = sim_memory_copy(body);
		return;
	}
	sim_buffer_put(&call->body, body);
	call->reply->type = content_type(body);
}

static void log_request(struct sim_call *call, int64_t now_ms)
{
	const struct sim_request *r = call->request;
	struct sim_request_log_entry entry = {
		.received_ms = now_ms,
		.status = call->reply->status,
		.connection = r->connection,
		.credentials = r->user || r->password,
		.body_length = r->body_length,
		.in_flight = r->in_flight,
	};

	sim_request_log_add(&call->api->request_log, &entry, r->method, r->target);
}

/* Match the decoded path first; then, for a fault with a query, the target as received. */
static const struct sim_fault *find_fault(struct sim_call *call, enum sim_fault_kind kind)
{
	const struct sim_request *r = call->request;
	struct sim_faults *faults = &call->api->faults;
	const struct sim_fault *rule = sim_faults_match(faults, kind, r->method, call->path);

	if (!rule && strchr(r->target, '?'))
		rule = sim_faults_match(faults, kind, r->method, r->target);
	if (rule)
		call->api->fired[kind]++;
	return rule;
}

/* The clock offset of the node that replies; the nodes take turns. */
static int64_t next_skew_ms(struct sim_api *api)
{
	unsigned node = api->node_clocks ? api->next_clock++ % api->node_clocks : 0;

	return api->skew_ms[node];
}

static void answer(struct sim_call *call, int64_t now_ms)
{
	const struct sim_fault *rule = find_fault(call, SIM_FAULT_ANSWER);

	if (rule)
		answer_from_fault(call, rule);
	else
		answer_from_state(call, now_ms);
	rule = find_fault(call, SIM_FAULT_DELAY);
	if (rule)
		call->reply->send_at_ms += rule->ms;
	rule = find_fault(call, SIM_FAULT_CUT);
	if (rule) {
		call->reply->bytes = rule->cut_bytes;
		if (rule->cut_bytes < 0)
			call->reply->status = 0;
	}
}

static void init_reply(struct sim_reply *reply, int64_t now_ms)
{
	*reply = (struct sim_reply){ .bytes = -1, .send_at_ms = now_ms };
}

void sim_api_answer(struct sim_api *api, const struct sim_request *request, int64_t now_ms,
		    struct sim_reply *reply)
{
	struct sim_call call = { .api = api, .request = request, .reply = reply };

	sim_cluster_advance(api->cluster, now_ms);
	read_target(&call);
	init_reply(reply, now_ms);
	if (find_fault(&call, SIM_FAULT_REPEAT)) {
		answer(&call, now_ms);
		log_request(&call, now_ms);
		sim_buffer_release(&call.body);
		sim_reply_release(reply);
		init_reply(reply, now_ms);
	}
	answer(&call, now_ms);
	log_request(&call, now_ms);
	if (reply->status)
		reply->skew_ms = next_skew_ms(api);
	reply->length = call.body.length;
	reply->body = sim_buffer_detach(&call.body);
	free(call.path);
	free(call.query);
}

void sim_reply_release(struct sim_reply *reply)
{
	free(reply->body);
	free(reply->location);
	free(reply->allow);
	reply->body = reply->location = reply->allow = NULL;
}

unsigned long sim_api_fired(const struct sim_api *api, enum sim_fault_kind kind)
{
	return api->fired[kind];
}

void sim_api_free(struct sim_api *api)
{
	if (!api)
		return;
	sim_cluster_free(api->cluster);
	sim_lockout_release(&api->lockout);
	sim_faults_release(&api->faults);
	sim_request_log_release(&api->request_log);
	free(api->redirect);
	free(api);
}
