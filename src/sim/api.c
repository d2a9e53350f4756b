#include "api_internal.h"

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>
#include <microhttpd.h>

#include "memory.h"

static void read_target(struct sim_call *call)
{
	char *rest = call->path = sim_memory_copy(call->request->target), *value, *blank;

	MHD_http_unescape(strsep(&rest, "?"));
	call->query = json_object_new_object();
	while ((value = strsep(&rest, "&"))) {
		const char *name = strsep(&value, "=");

		/* the first of several values counts */
		if (!value || json_object_object_get_ex(call->query, name, NULL))
			continue;
		for (blank = value; (blank = strchr(blank, '+'));)
			*blank = ' ';
		MHD_http_unescape(value);
		json_object_object_add(call->query, name, json_object_new_string(value));
	}
}

static void redirect(struct sim_call *call)
{
	call->reply->location =
		sim_memory_format("%s%s", call->api->redirect, call->request->target);
	call->reply->status = 307;
}

/* Returns NULL for a 401.  Only a wrong password counts towards a lock. */
static const struct sim_user *log_in(struct sim_call *call, int64_t now_ms)
{
	const struct sim_request *r = call->request;
	struct sim_api *api = call->api;
	enum sim_auth auth = api->tokens.auth;

	if (r->token)
		return sim_token_find(&api->tokens, r->token,
				      r->token_as_bearer ? SIM_SCHEME_BEARER : SIM_SCHEME_JWT,
				      now_ms);
	if (auth == SIM_AUTH_CERTIFICATE && r->certificate && !r->user)
		return &api->lockout.users[0];
	if (auth != SIM_AUTH_BASIC &&
	    (auth != SIM_AUTH_TOKEN || strcmp(call->path, "/v1/users/authorize") != 0))
		return NULL;
	return sim_lockout_log_in(&api->lockout, r->user, r->password, now_ms);
}

static void answer_from_state(struct sim_call *call, int64_t now_ms)
{
	call->user = log_in(call, now_ms);
	if (!call->user)
		sim_call_fail(call, BAD_LOGIN);
	else if (call->api->redirect)
		redirect(call);
	else if (!call->user->role->reads)
		sim_call_fail(call, BAD_ROLE);
	else
		sim_call_route(call);
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
		.credentials = r->user || r->password || r->token,
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
	json_object_put(call.query);
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
