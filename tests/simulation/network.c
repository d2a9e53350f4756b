#include "tests/simulation/network.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t mix(uint64_t *state)
{
	uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

unsigned network_random(struct network *n, unsigned sides)
{
	return (unsigned)(mix(&n->random) >> 33) % sides;
}

void network_init(struct network *n, struct sim_api *api, uint64_t seed, int64_t now_ms)
{
	unsigned i;

	*n = (struct network){
		.api = api, .seed = seed, .random = seed, .now_ms = now_ms, .redirected = -1
	};
	for (i = 0; i < NETWORK_NODES; i++)
		n->up[i] = true;
}

void network_release(struct network *n)
{
	while (n->arrivals) {
		struct arrival *next = n->arrivals->next;

		free(n->arrivals);
		n->arrivals = next;
	}
}

enum request_class request_class_of(const char *method, const char *target)
{
	static const char databases[] = "/v1/bdbs";

	if (!strcmp(method, "PUT"))
		return REQUEST_PUT;
	if (!strcmp(method, "POST"))
		return REQUEST_TOKEN;
	if (strncmp(target, databases, sizeof(databases) - 1) != 0 ||
	    !strstr(target, "backup_status"))
		return REQUEST_OTHER;
	return target[sizeof(databases) - 1] == '/' ? REQUEST_ONE : REQUEST_LIST;
}

bool request_is_reset(const char *target, int64_t *uid, enum op_kind *kind)
{
	char action[40];
	int k;

	if (sscanf(target, "/v1/bdbs/%" SCNd64 "/actions/%39s", uid, action) != 2)
		return false;
	for (k = 0; k < OP_KINDS; k++)
		if (!strcmp(action, op_defs[k].action)) {
			*kind = (enum op_kind)k;
			return true;
		}
	return false;
}

/* --- faults ---------------------------------------------------------------------------------- */

void network_add_rule(struct network *n, const struct wire_rule *rule)
{
	unsigned i;

	for (i = 0; i < WIRE_RULES; i++)
		if (!n->rules[i].times) {
			n->rules[i] = *rule;
			return;
		}
	memmove(&n->rules[0], &n->rules[1], (WIRE_RULES - 1) * sizeof(n->rules[0]));
	n->rules[WIRE_RULES - 1] = *rule;
}

struct wire_rule network_take_rule(struct network *n, enum request_class request)
{
	unsigned i;

	for (i = 0; i < WIRE_RULES; i++) {
		struct wire_rule *rule = &n->rules[i];

		if (!rule->times || (rule->request != request && rule->request != REQUEST_ANY))
			continue;
		rule->times--;
		return *rule;
	}
	return (struct wire_rule){ .fault = WIRE_NONE };
}

void network_heal(struct network *n)
{
	unsigned i;

	memset(n->rules, 0, sizeof(n->rules));
	for (i = 0; i < NETWORK_NODES; i++)
		n->up[i] = true;
	n->certificate = 0;
}

void network_pin(unsigned certificate, char out[64])
{
	snprintf(out, 64, "sha256//%042uA=", certificate);
}

/* --- arrivals -------------------------------------------------------------------------------- */

void network_add_arrival(struct network *n, const struct arrival *arrival)
{
	struct arrival **at = &n->arrivals, *added = malloc(sizeof(*added));

	if (!added)
		abort();
	*added = *arrival;
	while (*at && (*at)->at_ms <= added->at_ms)
		at = &(*at)->next;
	added->next = *at;
	*at = added;
}

int64_t network_next(const struct network *n)
{
	return n->arrivals ? n->arrivals->at_ms : TIME_NEVER;
}

/* Tells the cluster which node is asked, as far as it matters. */
static void set_node(struct network *n, unsigned node)
{
	int wanted = n->redirects && node != n->primary ? (int)n->primary : -1;
	char line[64];

	if (wanted != n->redirected) {
		if (wanted < 0)
			snprintf(line, sizeof(line), "redirect off");
		else
			snprintf(line, sizeof(line), "redirect https://10.0.0.%d:9443", wanted + 1);
		if (sim_api_run_line(n->api, line, n->now_ms, NULL) < 0)
			abort();
		n->redirected = wanted;
	}
	n->redirects_sent += wanted >= 0;
}

static void carry_out(struct network *n, const struct arrival *a, struct sim_reply *reply)
{
	const bool basic = a->has_login && !a->is_token;
	const struct sim_request request = {
		.method = a->method,
		.target = a->target,
		.user = basic ? a->user : NULL,
		.password = basic ? a->secret : NULL,
		.token = a->is_token ? a->secret : NULL,
		.token_as_bearer = a->is_bearer,
		.body = *a->body ? a->body : NULL,
		.body_length = strlen(a->body),
	};

	set_node(n, a->node);
	sim_api_answer(n->api, &request, n->now_ms, reply);
	if (n->watch.on_arrival)
		n->watch.on_arrival(n->arg, a, reply);
}

/* When and how the reply reaches the client; false: never. */
static bool send_back(struct network *n, const struct arrival *a, struct arriving_reply *r)
{
	const struct sim_reply *reply = &r->reply;
	int64_t sent_ms = reply->send_at_ms > n->now_ms ? reply->send_at_ms : n->now_ms;

	r->result = reply->status ? HTTP_COMPLETE : HTTP_DISCONNECTED;
	r->length = reply->length;
	r->date_s = reply->status ? (sent_ms + reply->skew_ms) / 1000 : 0;
	r->head_ms = r->done_ms = sent_ms + 1 + network_random(n, 20);
	if (reply->bytes >= 0 && (size_t)reply->bytes < reply->length) {
		r->length = (size_t)reply->bytes;
		r->result = HTTP_DISCONNECTED;
	}
	switch (a->fault) {
	case WIRE_REPLY_LOST:
		return false;
	case WIRE_REPLY_LATE:
		r->head_ms = r->done_ms = sent_ms + 500 + a->number % 9000;
		break;
	case WIRE_HEAD_FIRST:
		r->done_ms = r->head_ms + 200 + a->number % 8000;
		break;
	case WIRE_CLOSED:
		r->reply.status = 0;
		r->result = HTTP_DISCONNECTED;
		r->length = 0;
		break;
	case WIRE_CUT:
		r->result = HTTP_DISCONNECTED;
		r->length = r->length ? a->number % r->length : 0;
		break;
	default:
		break;
	}
	return true;
}

static void arrive(struct network *n, struct arrival *a)
{
	struct arriving_reply back = { .result = HTTP_COMPLETE };

	/* the node went down while the request travelled */
	if (!n->up[a->node]) {
		back.reply = (struct sim_reply){ .send_at_ms = n->now_ms, .bytes = -1 };
		n->refused_nodes++;
	} else {
		carry_out(n, a, &back.reply);
	}
	if (send_back(n, a, &back) && a->http)
		http_on_reply(a->http, a->id, &back);
	else
		sim_reply_release(&back.reply);
	if (a->fault != WIRE_REPEATED || a->is_repeated)
		return;
	a->is_repeated = true;
	a->http = NULL;
	a->at_ms += 100 + a->number % 20000;
	network_add_arrival(n, a);
}

void network_advance(struct network *n, int64_t now_ms)
{
	while (n->arrivals && n->arrivals->at_ms <= now_ms) {
		struct arrival *a = n->arrivals;

		n->arrivals = a->next;
		n->now_ms = a->at_ms;
		arrive(n, a);
		free(a);
	}
	n->now_ms = now_ms;
}
