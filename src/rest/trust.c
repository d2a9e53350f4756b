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

#define LOOK_MS 5000

void trust_init(struct live *live)
{
	struct live_setup *setup = &live->setup;

	if (setup->trust.by != TRUST_PIN || !setup->trust.pin)
		return;
	if (!*setup->pinned.pin)
		snprintf(setup->pinned.pin, sizeof(setup->pinned.pin), "%s", setup->trust.pin);
	if (!*setup->pinned.key_sha256)
		trust_format_pin(setup->pinned.key_sha256, setup->trust.pin);
}

void trust_release(struct live *live)
{
	if (live->gate == GATE_PROBING)
		http_cancel(live->http, live->probe);
}

static void refuse(struct live *live, const struct err *err, int64_t now_ms)
{
	struct source_refused refused = { .what = REFUSED_TRUST, .err = err };

	live->gate = GATE_SHUT;
	live->sink.on_refused(live->arg, &refused, now_ms);
}

static void ask(struct live *live, const struct trust_probe *probe)
{
	struct source_prompt ask = { .kind = PROMPT_TRUST, .offered = probe->offered };
	struct source_pin *pin = &live->pin;

	*pin = (struct source_pin){ 0 };
	memcpy(pin->pin, probe->offered.pin, sizeof(pin->pin));
	memcpy(pin->key_sha256, probe->offered.key_sha256, sizeof(pin->key_sha256));
	memcpy(pin->cert_sha256, probe->offered.sha256, sizeof(pin->cert_sha256));
	memcpy(ask.host, live->addresses[live->doubted].shown, sizeof(ask.host));
	memcpy(ask.problem, probe->problem, sizeof(ask.problem));
	/* what was under way when it was still believed has ended with that */
	if (live->proven)
		refuse(live, &live->doubt, probe->ended_ms);
	live->gate = GATE_ASKED;
	live->sink.on_prompt(live->arg, &ask, probe->ended_ms);
}

static void refuse_changed(struct live *live, const struct trust_probe *probe)
{
	char name[120];
	struct err err;

	text_safe(name, sizeof(name), live->setup.name, false);
	err_set(&err, ERR_ASK_USER,
		"the key of %s has changed: %s shows another than the pinned one. Nothing was "
		"sent. If it was renewed, accept it: bdbtop trust --replace %s",
		name, live->addresses[live->doubted].shown, name);
	live->gate = GATE_SHUT;
	live->sink.on_key_changed(live->arg, &live->setup.pinned, &probe->offered, probe->ended_ms);
	refuse(live, &err, probe->ended_ms);
}

static void probed(void *arg, const struct trust_probe *probe)
{
	struct live *live = arg;
	bool by_pin = live->setup.trust.by == TRUST_PIN, passes;

	live->gate = GATE_OPEN;
	if (!probe->connected) {
		poller_fail(live, &probe->err, probe->ended_ms);
		return;
	}
	passes = by_pin ? !strcmp(probe->offered.pin, live->setup.pinned.pin) : probe->trusted;
	/* the next poll may pass; a pause before it, lest the two chase each other */
	if (passes)
		poller_fail(live, &live->doubt, probe->ended_ms);
	else if (by_pin)
		refuse_changed(live, probe);
	else
		ask(live, probe);
}

/* `the certificate of HOST is self-signed`, out of a sentence that goes on with another remedy. */
static void say_unpinned(struct live *live, const struct http_reply *reply)
{
	static const char begin[] = "the certificate of ";
	const char *end = strstr(reply->err.text, ". ");
	char name[120];

	live->doubt = reply->err;
	live->doubt.class = ERR_ASK_USER;
	if (!end || strncmp(reply->err.text, begin, sizeof(begin) - 1) != 0)
		return;
	err_set(&live->doubt, ERR_ASK_USER, "%.*s and not pinned here. Look at it: bdbtop trust %s",
		(int)(end - reply->err.text), reply->err.text,
		text_safe(name, sizeof(name), live->setup.name, false));
}

static void begin_look(struct live *live, int64_t now_ms)
{
	struct trust_probe_request look = { .address = &live->addresses[live->doubted],
					    .timeout_ms = LOOK_MS,
					    .on_done = probed,
					    .arg = live };
	struct err err;

	live->gate = GATE_PROBING;
	live->probe = trust_probe(live->http, &look, now_ms, &err);
	if (live->probe)
		return;
	live->gate = GATE_SHUT;
	live->doubt = err;
}

bool trust_doubts(struct live *live, const struct job *job, const struct http_reply *reply)
{
	const struct live_setup *setup = &live->setup;

	live->doubted = job->hop.at;
	live->gate = GATE_SHUT;
	live->doubt = reply->err;
	live->doubt.class = ERR_ASK_USER;
	if (setup->trust.by == TRUST_SYSTEM && setup->insecure && reply->result == HTTP_NO_TRUST) {
		live->setup.trust.by = TRUST_NONE;
		live->gate = GATE_OPEN;
		return true;
	}
	if (setup->trust.by == TRUST_SYSTEM)
		say_unpinned(live, reply);
	if (reply->result == HTTP_WRONG_KEY || (setup->trust.by == TRUST_SYSTEM && setup->may_ask))
		begin_look(live, reply->ended_ms);
	return false;
}

void trust_says(struct live *live, int64_t now_ms)
{
	if (live->gate == GATE_SHUT)
		refuse(live, &live->doubt, now_ms);
}

bool trust_look_again(struct live *live)
{
	if (live->gate == GATE_ASKED)
		return false;
	if (live->gate == GATE_SHUT)
		live->gate = GATE_OPEN;
	return true;
}

void trust_answer(struct live *live, bool yes)
{
	if (live->gate != GATE_ASKED)
		return;
	live->gate = GATE_SHUT;
	if (!yes)
		return;
	live->setup.pinned = live->pin;
	live->setup.trust.by = TRUST_PIN;
	live->setup.trust.pin = live->setup.pinned.pin;
	live->gate = GATE_OPEN;
	live->pin_new = true;
	live->proven = false;
	live->poller.wanted = true;
}

void trust_turn(struct live *live, int64_t now_ms)
{
	if (!live->pin_new)
		return;
	live->pin_new = false;
	live->sink.on_pinned(live->arg, &live->setup.pinned, now_ms);
}
