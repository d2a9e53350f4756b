/*
 * The prompts, refusals and pins of a script.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script_internal.h"

static const struct source_certificate certificates[] = {
	{ .subject = "CN=cluster.prod.example",
	  .issuer = "CN=cluster.prod.example",
	  .self_signed = true,
	  .names = "cluster.prod.example, *.cluster.prod.example",
	  .from_s = 1772409600,
	  .to_s = 1803945600,
	  .sha256 = "9F:3C:71:0A:5E:D2:44:B8:13:C6:2A:90:7F:E1:58:0D:"
		    "66:B4:9A:27:F3:1C:85:DE:40:7B:A8:12:CD:39:E6:51",
	  .key_sha256 = "2B:E8:04:9D:C1:76:3F:5A:90:1E:B7:48:6C:D3:25:FA:"
			"81:0C:5F:B2:97:E4:3D:68:AA:16:F9:43:D0:7E:2C:95",
	  .pin = "sha256//K+gEncF2P1qQHrdIbNMl+oEMX7KX5D1oqhb5Q9B+LJU=" },
	{ .subject = "CN=cluster.prod.example",
	  .issuer = "CN=cluster.prod.example",
	  .self_signed = true,
	  .names = "cluster.prod.example",
	  .from_s = 1795219200,
	  .to_s = 1826755200,
	  .sha256 = "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:"
		    "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF",
	  .key_sha256 = "C4:07:B9:6E:12:8D:F5:3A:5B:E0:94:71:2F:CC:08:A6:"
			"3D:F1:6A:85:9C:42:E7:10:B8:53:0F:DA:74:29:91:BE",
	  .pin = "sha256//xAe5bhKN9Tpb4JRxL8wIpj3xaoWcQucQuFMP2nQpkb4=" },
};

static struct source_pin pin_of(const struct source_certificate *cert)
{
	struct source_pin pin = { .since_s = 1772582400 };

	snprintf(pin.pin, sizeof(pin.pin), "%s", cert->pin);
	snprintf(pin.key_sha256, sizeof(pin.key_sha256), "%s", cert->key_sha256);
	snprintf(pin.cert_sha256, sizeof(pin.cert_sha256), "%s", cert->sha256);
	return pin;
}

void script_ask_user(struct script *s, enum prompt_kind what)
{
	bool another = s->prompting && what == PROMPT_TRUST;

	s->prompt = (struct source_prompt){
		.kind = what,
		.host = "cluster.prod.example:9443",
		.offered = certificates[another],
		.problem = "Its certificate is self-signed, not signed by a trusted CA.",
		.login_refusals = s->refusals
	};
	s->prompting = true;
	s->declined = false;
	s->sink->on_prompt(s->arg, &s->prompt, s->now_ms);
}

void script_send_pin(struct script *s)
{
	struct source_pin pin = pin_of(&s->prompt.offered);

	s->pin_pending = false;
	s->sink->on_pinned(s->arg, &pin, s->now_ms);
}

void script_refuse(struct script *s, enum source_refusal what, const char *sentence)
{
	bool again = what == REFUSED_LOGIN && s->login_pending;
	struct err err;
	struct source_refused refused = { .what = what, .login = s->refusal, .err = &err };

	s->refused = true;
	if (what == REFUSED_LOGIN) {
		s->login_pending = false;
		s->refusals++;
	}
	err_set(&err, ERR_ASK_USER, "%s", sentence);
	s->sink->on_refused(s->arg, &refused, s->now_ms);
	if (again)
		script_ask_user(s, PROMPT_LOGIN);
}

int script_do_refuse(struct script *s, char *rest)
{
	char *text = strchr(rest, ' ');

	s->refusal = !strncmp(rest, "certificate", 11) ? LOGIN_CERTIFICATE : LOGIN_REFUSED;
	script_refuse(s, !strncmp(rest, "trust", 5) ? REFUSED_TRUST : REFUSED_LOGIN,
		      text ? text + 1 : "Log-in refused (401).");
	return 0;
}

int script_do_accept(struct script *s, char *rest)
{
	s->refused = s->prompting = false;
	s->next_ms = s->now_ms;
	return *rest ? -1 : 0;
}

int script_do_ask(struct script *s, char *rest)
{
	script_ask_user(s, !strcmp(rest, "login") ? PROMPT_LOGIN : PROMPT_TRUST);
	return 0;
}

int script_do_changed(struct script *s, char *rest)
{
	struct source_pin pin = pin_of(&certificates[0]);

	s->sink->on_key_changed(s->arg, &pin, &certificates[1], s->now_ms);
	script_refuse(s, REFUSED_TRUST, "The key of cluster.prod.example:9443 has changed.");
	return *rest ? -1 : 0;
}

void script_answer(void *self, enum prompt_kind what, bool yes, int64_t now_ms)
{
	struct script *s = self;

	if (!s->prompting || what != s->prompt.kind)
		abort();
	s->count.yeses += yes;
	s->count.noes += !yes;
	s->declined = !yes;
	if (!yes)
		return;
	s->prompting = s->refused = false;
	s->pin_pending = what == PROMPT_TRUST;
	s->login_pending = what == PROMPT_LOGIN;
	s->next_ms = now_ms;
}
