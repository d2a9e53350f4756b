/*
 * Whether the server is believed: a pin alone decides where there is one; else the authorities;
 * else the user, who is shown what the server offered.
 *
 * Each connection checks for itself and sends nothing when it does not pass.  Only then is there
 * anything to do here: look what is there instead, with handshakes alone, and say it.
 */
#include "src/rest/rest_internal.h"

#include <stdio.h>
#include <string.h>

#include "bdbtop/core/text.h"

#define PROBE_MS 5000

void trust_init(struct rest *live)
{
	struct rest_setup *setup = &live->setup;

	if (setup->trust.by != TRUST_PIN || !setup->trust.pin)
		return;
	if (!*setup->pinned.pin)
		snprintf(setup->pinned.pin, sizeof(setup->pinned.pin), "%s", setup->trust.pin);
	if (!*setup->pinned.key_sha256)
		trust_format_pin(setup->pinned.key_sha256, setup->trust.pin);
}

void trust_release(struct rest *live)
{
	if (live->trust_state == TRUST_STATE_PROBING)
		http_cancel(live->http, live->probe_id);
}

static void refuse(struct rest *live, const struct err *err, int64_t now_ms)
{
	struct source_refused refused = { .what = REFUSED_TRUST, .err = err };

	live->trust_state = TRUST_STATE_CLOSED;
	live->sink.on_refused(live->arg, &refused, now_ms);
}

static void ask(struct rest *live, const struct trust_probe *probe)
{
	struct source_prompt ask = { .kind = PROMPT_TRUST, .offered = probe->offered };
	struct source_pin *pin = &live->pin;

	*pin = (struct source_pin){ 0 };
	memcpy(pin->pin, probe->offered.pin, sizeof(pin->pin));
	memcpy(pin->key_sha256, probe->offered.key_sha256, sizeof(pin->key_sha256));
	memcpy(pin->cert_sha256, probe->offered.sha256, sizeof(pin->cert_sha256));
	memcpy(ask.host, live->addresses[live->probed_address].shown, sizeof(ask.host));
	memcpy(ask.problem, probe->problem, sizeof(ask.problem));
	/* what was under way when it was still believed has ended with that */
	if (live->login_proven)
		refuse(live, &live->probe_reason, probe->ended_ms);
	live->trust_state = TRUST_STATE_ASKED;
	live->sink.on_prompt(live->arg, &ask, probe->ended_ms);
}

static void refuse_changed(struct rest *live, const struct trust_probe *probe)
{
	char name[120];
	struct err err;

	text_safe(name, sizeof(name), live->setup.name, false);
	err_set(&err, ERR_ASK_USER,
		"the key of %s has changed: %s shows another than the pinned one. Nothing was "
		"sent. If it was renewed, accept it: bdbtop trust --replace %s",
		name, live->addresses[live->probed_address].shown, name);
	live->trust_state = TRUST_STATE_CLOSED;
	live->sink.on_key_changed(live->arg, &live->setup.pinned, &probe->offered, probe->ended_ms);
	refuse(live, &err, probe->ended_ms);
}

static void on_probed(void *arg, const struct trust_probe *probe)
{
	struct rest *live = arg;
	bool by_pin = live->setup.trust.by == TRUST_PIN, passes;

	live->trust_state = TRUST_STATE_OPEN;
	if (!probe->connected) {
		poller_on_failure(live, &probe->err, probe->ended_ms);
		return;
	}
	passes = by_pin ? !strcmp(probe->offered.pin, live->setup.pinned.pin) : probe->trusted;
	/* the next poll may pass; a pause before it, lest the two chase each other */
	if (passes)
		poller_on_failure(live, &live->probe_reason, probe->ended_ms);
	else if (by_pin)
		refuse_changed(live, probe);
	else
		ask(live, probe);
}

/* `the certificate of HOST is self-signed`, out of a sentence that goes on with another remedy. */
static void set_unpinned_error(struct rest *live, const struct http_reply *reply)
{
	static const char begin[] = "the certificate of ";
	const char *end = strstr(reply->err.text, ". ");
	char name[120];

	live->probe_reason = reply->err;
	live->probe_reason.class = ERR_ASK_USER;
	if (!end || strncmp(reply->err.text, begin, sizeof(begin) - 1) != 0)
		return;
	err_set(&live->probe_reason, ERR_ASK_USER,
		"%.*s and not pinned here. Look at it: bdbtop trust %s",
		(int)(end - reply->err.text), reply->err.text,
		text_safe(name, sizeof(name), live->setup.name, false));
}

static void begin_probe(struct rest *live, int64_t now_ms)
{
	struct trust_probe_request look = { .address = &live->addresses[live->probed_address],
					    .timeout_ms = PROBE_MS,
					    .on_done = on_probed,
					    .arg = live };
	struct err err;

	live->trust_state = TRUST_STATE_PROBING;
	live->probe_id = trust_probe(live->http, &look, now_ms, &err);
	if (live->probe_id)
		return;
	live->trust_state = TRUST_STATE_CLOSED;
	live->probe_reason = err;
}

bool trust_on_untrusted(struct rest *live, const struct request *job,
			const struct http_reply *reply)
{
	const struct rest_setup *setup = &live->setup;

	live->probed_address = job->target.address_index;
	live->trust_state = TRUST_STATE_CLOSED;
	live->probe_reason = reply->err;
	live->probe_reason.class = ERR_ASK_USER;
	if (setup->trust.by == TRUST_SYSTEM && setup->insecure && reply->result == HTTP_NO_TRUST) {
		live->setup.trust.by = TRUST_NONE;
		live->trust_state = TRUST_STATE_OPEN;
		return true;
	}
	if (setup->trust.by == TRUST_SYSTEM)
		set_unpinned_error(live, reply);
	if (reply->result == HTTP_WRONG_KEY ||
	    (setup->trust.by == TRUST_SYSTEM && setup->interactive))
		begin_probe(live, reply->ended_ms);
	return false;
}

void trust_report(struct rest *live, int64_t now_ms)
{
	if (live->trust_state == TRUST_STATE_CLOSED)
		refuse(live, &live->probe_reason, now_ms);
}

bool trust_retry(struct rest *live)
{
	if (live->trust_state == TRUST_STATE_ASKED)
		return false;
	if (live->trust_state == TRUST_STATE_CLOSED)
		live->trust_state = TRUST_STATE_OPEN;
	return true;
}

void trust_answer(struct rest *live, bool yes)
{
	if (live->trust_state != TRUST_STATE_ASKED)
		return;
	live->trust_state = TRUST_STATE_CLOSED;
	if (!yes)
		return;
	live->setup.pinned = live->pin;
	live->setup.trust.by = TRUST_PIN;
	live->setup.trust.pin = live->setup.pinned.pin;
	live->trust_state = TRUST_STATE_OPEN;
	live->pin_changed = true;
	live->login_proven = false;
	live->poller.wanted = true;
}

void trust_turn(struct rest *live, int64_t now_ms)
{
	if (!live->pin_changed)
		return;
	live->pin_changed = false;
	live->sink.on_pinned(live->arg, &live->setup.pinned, now_ms);
}
