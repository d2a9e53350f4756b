/*
 * Whether the server is trusted: a pin alone decides where there is one; else the CAs; else the
 * user, who sees the certificate that the server offers.
 *
 * Each connection checks the certificate itself and sends nothing when it does not pass.  Only then
 * this file fetches the certificate, with handshakes alone, and reports or asks.
 */
#include "rest_internal.h"

#include <stdio.h>
#include <string.h>

#include "bdbtop/core/text.h"

#define PROBE_MS 5000

void trust_init(struct rest *rest)
{
	struct rest_setup *setup = &rest->setup;

	if (setup->trust.by != TRUST_PIN || !setup->trust.pin)
		return;
	if (!*setup->pinned.pin)
		snprintf(setup->pinned.pin, sizeof(setup->pinned.pin), "%s", setup->trust.pin);
	if (!*setup->pinned.key_sha256)
		trust_format_pin(setup->pinned.key_sha256, setup->trust.pin);
}

void trust_release(struct rest *rest)
{
	if (rest->trust_state == TRUST_STATE_PROBING)
		http_cancel(rest->http, rest->probe_id);
}

static void refuse(struct rest *rest, const struct err *err, int64_t now_ms)
{
	struct source_refused refused = { .what = REFUSED_TRUST, .err = err };

	rest->trust_state = TRUST_STATE_CLOSED;
	rest->sink.on_refused(rest->arg, &refused, now_ms);
}

static void ask_user(struct rest *rest, const struct trust_probe *probe)
{
	struct source_prompt prompt = { .kind = PROMPT_TRUST, .offered = probe->offered };
	struct source_pin *pin = &rest->pin;

	*pin = (struct source_pin){ 0 };
	memcpy(pin->pin, probe->offered.pin, sizeof(pin->pin));
	memcpy(pin->key_sha256, probe->offered.key_sha256, sizeof(pin->key_sha256));
	memcpy(pin->cert_sha256, probe->offered.sha256, sizeof(pin->cert_sha256));
	memcpy(prompt.host, rest->addresses[rest->probed_address].shown, sizeof(prompt.host));
	memcpy(prompt.problem, probe->problem, sizeof(prompt.problem));
	/* resets that began while the server was trusted end here */
	if (rest->login_proven)
		refuse(rest, &rest->probe_reason, probe->ended_ms);
	rest->trust_state = TRUST_STATE_PROMPTED;
	rest->sink.on_prompt(rest->arg, &prompt, probe->ended_ms);
}

static void refuse_changed(struct rest *rest, const struct trust_probe *probe)
{
	char name[120];
	struct err err;

	text_safe(name, sizeof(name), rest->setup.name, false);
	err_set_code(
		&err, ERR_CODE_KEY_CHANGED, ERR_ASK_USER,
		"the key of %s has changed: %s does not present the pinned key. Nothing was sent. "
		"If the key was renewed, accept it: bdbtop trust --replace %s",
		name, rest->addresses[rest->probed_address].shown, name);
	rest->trust_state = TRUST_STATE_CLOSED;
	rest->sink.on_key_changed(rest->arg, &rest->setup.pinned, &probe->offered, probe->ended_ms);
	refuse(rest, &err, probe->ended_ms);
}

static void on_probed(void *arg, const struct trust_probe *probe)
{
	struct rest *rest = arg;
	bool by_pin = rest->setup.trust.by == TRUST_PIN, passes;

	rest->trust_state = TRUST_STATE_OPEN;
	if (!probe->connected) {
		poller_on_failure(rest, &probe->err, probe->ended_ms);
		return;
	}
	passes = by_pin ? !strcmp(probe->offered.pin, rest->setup.pinned.pin) : probe->trusted;
	/* the next poll may pass; the pause before it avoids a tight loop of poll and probe */
	if (passes)
		poller_on_failure(rest, &rest->probe_reason, probe->ended_ms);
	else if (by_pin)
		refuse_changed(rest, probe);
	else
		ask_user(rest, probe);
}

/* Takes `the certificate of HOST is self-signed` from the reply's error; its remedy differs. */
static void set_unpinned_error(struct rest *rest, const struct http_reply *reply)
{
	static const char begin[] = "the certificate of ";
	const char *end = strstr(reply->err.text, ". ");
	char name[120];

	rest->probe_reason = reply->err;
	rest->probe_reason.class = ERR_ASK_USER;
	if (!end || strncmp(reply->err.text, begin, sizeof(begin) - 1) != 0)
		return;
	err_set_code(&rest->probe_reason, ERR_CODE_TLS_UNTRUSTED, ERR_ASK_USER,
		     "%.*s and its key is not pinned. See and pin it: bdbtop trust %s",
		     (int)(end - reply->err.text), reply->err.text,
		     text_safe(name, sizeof(name), rest->setup.name, false));
}

static void begin_probe(struct rest *rest, int64_t now_ms)
{
	struct trust_probe_request request = { .address = &rest->addresses[rest->probed_address],
					       .timeout_ms = PROBE_MS,
					       .on_done = on_probed,
					       .arg = rest };
	struct err err;

	rest->trust_state = TRUST_STATE_PROBING;
	rest->probe_id = trust_probe(rest->http, &request, now_ms, &err);
	if (rest->probe_id)
		return;
	rest->trust_state = TRUST_STATE_CLOSED;
	rest->probe_reason = err;
}

bool trust_on_untrusted(struct rest *rest, const struct request *request,
			const struct http_reply *reply)
{
	const struct rest_setup *setup = &rest->setup;

	rest->probed_address = request->target.address_index;
	rest->trust_state = TRUST_STATE_CLOSED;
	rest->probe_reason = reply->err;
	rest->probe_reason.class = ERR_ASK_USER;
	if (setup->trust.by == TRUST_SYSTEM && setup->insecure && reply->result == HTTP_NO_TRUST) {
		rest->setup.trust.by = TRUST_NONE;
		rest->trust_state = TRUST_STATE_OPEN;
		return true;
	}
	if (setup->trust.by == TRUST_SYSTEM)
		set_unpinned_error(rest, reply);
	if (reply->result == HTTP_WRONG_KEY ||
	    (setup->trust.by == TRUST_SYSTEM && setup->interactive))
		begin_probe(rest, reply->ended_ms);
	return false;
}

void trust_report(struct rest *rest, int64_t now_ms)
{
	if (rest->trust_state == TRUST_STATE_CLOSED)
		refuse(rest, &rest->probe_reason, now_ms);
}

bool trust_retry(struct rest *rest)
{
	if (rest->trust_state == TRUST_STATE_PROMPTED)
		return false;
	if (rest->trust_state == TRUST_STATE_CLOSED)
		rest->trust_state = TRUST_STATE_OPEN;
	return true;
}

void trust_answer(struct rest *rest, bool yes)
{
	if (rest->trust_state != TRUST_STATE_PROMPTED)
		return;
	rest->trust_state = TRUST_STATE_CLOSED;
	if (!yes)
		return;
	rest->setup.pinned = rest->pin;
	rest->setup.trust.by = TRUST_PIN;
	rest->setup.trust.pin = rest->setup.pinned.pin;
	rest->trust_state = TRUST_STATE_OPEN;
	rest->pin_changed = true;
	rest->login_proven = false;
	rest->poller.wanted = true;
}

void trust_turn(struct rest *rest, int64_t now_ms)
{
	if (!rest->pin_changed)
		return;
	rest->pin_changed = false;
	rest->sink.on_pinned(rest->arg, &rest->setup.pinned, now_ms);
}
