/*
 * The request slots: every request is sent from here, every reply arrives here.
 *
 * One request alone until the first success, then at most three; login.c, trust.c, retry_after.c
 * and route.c decide whether and where to a request may be sent.
 */
#include "rest_internal.h"

#include <stdio.h>

#define CONNECT_MS 5000

static bool slot_is_free(const struct rest *rest, size_t index)
{
	return !rest->slots[index].def;
}

static bool has_request_in_flight(const struct rest *rest)
{
	size_t i;

	for (i = 0; i < REQUEST_SLOTS; i++)
		if (!slot_is_free(rest, i))
			return true;
	return false;
}

static bool has_pause(const struct rest *rest)
{
	return rest->retry_after.until_ms != RETRY_AFTER_NONE;
}

/* Whether there is a token for a request that takes so long, or none is needed. */
static bool has_token(const struct rest *rest, int64_t span_ms)
{
	return rest->setup.auth != AUTH_TOKEN || rest->login_state == LOGIN_STATE_MISSING ||
	       token_lasts(&rest->token, rest->now_ms, span_ms);
}

unsigned rest_free_slots(const struct rest *rest)
{
	unsigned count = 0;
	size_t i;

	/* a job that reads soon sends a PUT, which must not outlive the token */
	if (rest->trust_state != TRUST_STATE_OPEN || rest->login_state != LOGIN_STATE_GIVEN ||
	    has_pause(rest) || !has_token(rest, ANSWER_MS) ||
	    (!rest->login_proven && has_request_in_flight(rest)))
		return 0;
	for (i = 0; i < REQUEST_SLOTS; i++)
		count += i != POLL_SLOT && slot_is_free(rest, i);
	return rest->login_proven ? count : 1;
}

/* Apart from a slot and a token. */
static bool can_send(const struct rest *rest)
{
	return rest->trust_state == TRUST_STATE_OPEN && !login_is_closed(rest) &&
	       !has_pause(rest) && (rest->login_proven || !has_request_in_flight(rest));
}

bool rest_can_poll(const struct rest *rest)
{
	return can_send(rest) && slot_is_free(rest, POLL_SLOT) && has_token(rest, 0);
}

/* Any slot: while there is no token, no poll needs its own. */
static size_t find_token_slot(const struct rest *rest)
{
	size_t i = can_send(rest) ? 0 : REQUEST_SLOTS;

	while (i < REQUEST_SLOTS && !slot_is_free(rest, i))
		i++;
	return i;
}

bool request_can_start(const struct rest *rest)
{
	return find_token_slot(rest) < REQUEST_SLOTS;
}

static struct request *find_slot(struct rest *rest, const struct request_def *def)
{
	size_t i;

	if (def->token_step) {
		i = find_token_slot(rest);
		return i < REQUEST_SLOTS ? &rest->slots[i] : NULL;
	}
	if (def->is_poll)
		return rest_can_poll(rest) ? &rest->slots[POLL_SLOT] : NULL;
	if (!rest_free_slots(rest))
		return NULL;
	for (i = 0; i == POLL_SLOT || !slot_is_free(rest, i); i++)
		;
	return &rest->slots[i];
}

const char *rest_stop_reason(const struct rest *rest)
{
	return rest->trust_state == TRUST_STATE_OPEN ? "stopped: log-in refused"
						     : "stopped: trust lost";
}

/* The handlers get a reply as if the request had ended before anything was sent. */
static void drop(struct request *slot, int64_t now_ms)
{
	struct request request = *slot;
	struct http_reply reply = { .result = HTTP_NOT_STARTED,
				    .body = "",
				    .content_type = "",
				    .location = "",
				    .started_ms = request.requested_ms,
				    .ended_ms = now_ms };

	http_cancel(request.rest->http, request.http_id);
	*slot = (struct request){ 0 };
	err_set(&reply.err, ERR_ASK_USER, "%s.", rest_stop_reason(request.rest));
	request.def->on_done(&request, &reply);
	request_release(&request);
}

/* All requests in flight but a PUT that was sent: it still waits for its answer. */
static void request_drop_all(struct rest *rest, int64_t now_ms)
{
	size_t i;

	for (i = 0; i < REQUEST_SLOTS; i++) {
		struct request *slot = &rest->slots[i];

		if (!slot_is_free(rest, i) &&
		    !(slot->def->is_put && http_request_is_sent(rest->http, slot->http_id)))
			drop(slot, now_ms);
	}
}

/* libcurl may have read a 401 already and report it only at the end of that reply. */
static bool can_leave(void *arg)
{
	const struct request *slot = arg;
	const struct rest *rest = slot->rest;
	size_t i;

	if (slot->handshake_only || rest->trust_state != TRUST_STATE_OPEN || login_is_closed(rest))
		return false;
	for (i = 0; i < REQUEST_SLOTS; i++)
		if (!slot_is_free(rest, i) &&
		    rest->slots[i].login_generation == rest->login_generation &&
		    http_status(rest->http, rest->slots[i].http_id) == 401)
			return false;
	return true;
}

static int on_bytes(void *arg, const char *bytes, size_t length, struct err *err)
{
	const struct request *slot = arg;

	if (slot->def->token_step)
		return token_feed(&slot->rest->token, bytes, length, err);
	if (slot->data)
		return data_reader_feed(slot->data, bytes, length, err);
	return bdb_reader_feed(slot->reader, bytes, length, err);
}

void request_release(struct request *slot)
{
	bdb_reader_free(slot->reader);
	data_reader_free(slot->data);
}

/* True when the request was sent again, to the same or another address. */
static bool retry_request(struct rest *rest, struct request *slot, const struct http_reply *reply,
			  bool untrusted)
{
	bool again;

	if (untrusted)
		again = trust_on_untrusted(rest, slot, reply) && !slot->def->is_put;
	else
		again = rest->token.resend || route_retry(rest, slot, reply);
	rest->token.resend = false;
	return again && !request_continue(rest, slot, reply->ended_ms, NULL);
}

static void on_done(void *arg, const struct http_reply *reply)
{
	struct request *slot = arg, request = *slot;
	struct rest *rest = request.rest;
	bool refused = login_on_reply(rest, &request, reply);
	/* a certificate at the target of a redirect says nothing about the cluster's address */
	bool untrusted = (reply->result == HTTP_NO_TRUST || reply->result == HTTP_WRONG_KEY) &&
			 !request.target.has_resolved_address &&
			 rest->trust_state == TRUST_STATE_OPEN;
	int64_t old_until_ms;

	*slot = (struct request){ 0 };
	if (retry_request(rest, &request, reply, untrusted)) {
		request_release(&request);
		return;
	}
	route_learn(rest, &request, reply);
	old_until_ms = rest->retry_after.until_ms;
	retry_after_begin(rest, &request, reply);
	request.def->on_done(&request, reply);
	/* the polls wait too, so their failure names the pause; a poll reports it itself */
	if (rest->retry_after.until_ms != old_until_ms && !request.def->is_poll)
		poller_on_failure(rest, &rest->retry_after.error, reply->ended_ms);
	request_release(&request);
	if (refused)
		login_on_refused(rest, &request, reply);
	if (untrusted)
		trust_report(rest, reply->ended_ms);
	if (refused || rest->trust_state != TRUST_STATE_OPEN)
		request_drop_all(rest, reply->ended_ms);
}

static unsigned send_request(struct request *slot, int64_t now_ms, struct err *err)
{
	const struct request_def *def = slot->def;
	const struct rest_setup *setup = &slot->rest->setup;
	struct login buffer;
	char path[1024];
	bool reads = def->bdb_fields || def->data_format || def->token_step;
	struct http_sink sink = { .may_send = can_leave,
				  .on_bytes = reads ? on_bytes : NULL,
				  .on_done = on_done,
				  .arg = slot };
	struct http_request request = {
		.method = def->method,
		.path = path,
		.address = route_address(slot->rest, &slot->target),
		.connect_to =
			slot->target.has_resolved_address ? &slot->target.resolved_address : NULL,
		.trust = &setup->trust,
		.login = login_of(slot, &buffer),
		.stats = &slot->rest->stats.http,
		.body = def->token_step ? TOKEN_BODY : slot->with_body ? "{}" : NULL,
		.max_bytes = def->max_bytes,
		.connect_ms = CONNECT_MS,
		.total_ms = def->total_ms,
		.silence_ms = def->silence_ms,
		.fresh_connection = def->for_put || def->token_step,
		.small_buffer = def->small_buffer,
		.secret_body = def->token_step != 0,
	};

	request_path(path, sizeof(path), slot);
	return http_send(slot->rest->http, &request, &sink, now_ms, err);
}

/* Elements that another log-in or another node sent are decoded again. */
static void compare_lists(const struct request *slot)
{
	const struct rest *rest = slot->rest;
	char origin[2048];

	snprintf(origin, sizeof(origin), "%s %u %s", slot->def->bdb_fields(slot->fields),
		 slot->login_generation, route_shown(rest, &slot->target));
	bdb_reader_compare(slot->reader, rest->last_list, origin);
}

static int make_readers(struct request *slot)
{
	const struct request_def *def = slot->def;

	slot->reader = NULL;
	slot->data = NULL;
	if (def->bdb_fields)
		slot->reader = bdb_reader_new(def->bdb_fields(slot->fields),
					      def->is_poll ? 0 : slot->uid);
	if (slot->reader && def->is_poll)
		compare_lists(slot);
	/* for events uid is a time */
	if (def->data_format)
		slot->data = data_reader_new(def->data_format,
					     def->topic == TOPIC_EVENTS ? 0 : slot->uid,
					     def->item_limit);
	return (def->bdb_fields && !slot->reader) || (def->data_format && !slot->data) ? -1 : 0;
}

/* The field list for requests of this kind; NULL: they have none. */
static enum fields_set *fields_of(struct rest *rest, const struct request_def *def)
{
	return def->fields_offset ? (void *)((char *)rest + def->fields_offset) : NULL;
}

int request_continue(struct rest *rest, const struct request *want, int64_t now_ms, struct err *err)
{
	struct request *slot;
	const enum fields_set *set = fields_of(rest, want->def);

	rest->now_ms = now_ms;
	slot = find_slot(rest, want->def);
	err_set(err, ERR_RETRY, "requests are stopped now.");
	if (!slot)
		return -1;
	if (want->def->token_step)
		token_on_requested(&rest->token);
	*slot = *want;
	slot->rest = rest;
	slot->requested_ms = now_ms;
	slot->fields = set ? *set : FIELDS_FULL;
	slot->actions_v1 = want->def->topic == TOPIC_ACTIONS && rest->actions_v1;
	slot->login_generation = rest->login_generation;
	slot->handshake_only =
		rest->login_state == LOGIN_STATE_MISSING || want->def->handshake_only;
	if (make_readers(slot) < 0)
		err_set(err, ERR_RETRY, "out of memory.");
	else
		slot->http_id = send_request(slot, now_ms, err);
	if (slot->http_id)
		return 0;
	request_release(slot);
	*slot = (struct request){ 0 };
	return -1;
}

int request_start(struct rest *rest, const struct request *want, int64_t now_ms, struct err *err)
{
	struct request slot = *want;

	route_start(rest, &slot,
		    slot.def->for_put ? &rest->put_target : &rest->read_target);
	return request_continue(rest, &slot, now_ms, err);
}

bool request_shrink_fields(struct rest *rest, const struct request *slot,
			   const struct http_reply *reply)
{
	enum fields_set *set = fields_of(rest, slot->def);
	unsigned status = complete_status(reply);

	if (!set || (status != 400 && status != 406) || slot->fields != FIELDS_FULL)
		return false;
	*set = FIELDS_2020;
	return true;
}
