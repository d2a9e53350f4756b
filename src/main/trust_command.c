#include "trust_command.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bdbtop/cli/output.h"
#include "bdbtop/cli/streams.h"
#include "bdbtop/cli/trust.h"
#include "bdbtop/core/text.h"
#include "bdbtop/net/trust.h"
#include "login.h"

#define PROBE_MS 10000

enum { TRUSTED = 0, NOT_TRUSTED = 1, NO_TERMINAL = 3 };

static bool pin_is_configured(const struct settings *settings)
{
	enum setting_source from = settings->values[CONFIG_PIN].source;

	return settings->values[CONFIG_PIN].text && from != SOURCE_PINS;
}

/* All addresses that have a pin must have the same one. */
static int find_pin(const struct trust_command *command, struct source_pin *out, struct err *err)
{
	const struct settings *settings = command->settings;
	struct source_pin other;
	const char *first = NULL;
	size_t i;
	int rc;

	for (i = 0; i < settings->address_count; i++) {
		const char *host = settings->addresses[i].shown;

		rc = pins_find(command->pins, host, &other, err);
		if (rc < 0)
			return -1;
		if (!rc)
			continue;
		if (first && strcmp(other.pin, out->pin) != 0)
			return err_set(
				err, ERR_ASK_USER,
				"different keys are pinned for %s and %s, but all nodes of a "
				"cluster have the same key. Check them: bdbtop trust --replace %s",
				first, host, settings->name);
		first = host;
		*out = other;
	}
	return first != NULL;
}

int trust_command_find_pin(const struct trust_command *command, struct source_pin *out,
			   struct err *err)
{
	*out = (struct source_pin){ 0 };
	if (!pin_is_configured(command->settings))
		return find_pin(command, out, err);
	snprintf(out->pin, sizeof(out->pin), "%s", command->settings->values[CONFIG_PIN].text);
	pins_fingerprint(out->key_sha256, out->pin);
	return 1;
}

const char *trust_command_note(const struct settings *settings)
{
	const struct redisctl_profile *profile = settings->redisctl.profile;

	return profile && profile->insecure
		       ? "The redisctl profile accepts any certificate (insecure = true). bdbtop "
			 "accepts only one: pin its key."
		       : NULL;
}

static int save_pin(const struct trust_command *command, const struct source_pin *pin, bool replace,
		    struct err *err)
{
	const struct settings *settings = command->settings;
	size_t i;

	for (i = 0; i < settings->address_count; i++)
		if (pins_save(command->pins, settings->addresses[i].shown, pin, replace, err) < 0)
			return -1;
	return 0;
}

int trust_command_save_pin(void *arg, const struct source_pin *pin, struct err *err)
{
	const struct trust_command *command = arg;
	struct source_pin dated = *pin;

	/* a source does not set the time */
	if (!dated.since_s)
		dated.since_s = command->clock->now(command->clock->arg).wall_ms / 1000;
	return save_pin(command, &dated, false, err);
}

struct probe_wait {
	struct trust_probe probe;
	bool finished;
};

static void on_probed(void *arg, const struct trust_probe *probe)
{
	struct probe_wait *wait = arg;

	wait->probe = *probe;
	wait->finished = true;
}

static int probe_address(const struct trust_command *command, struct http *http,
			 const struct address *address, struct probe_wait *wait, struct err *err)
{
	const struct clock *clock = command->clock;
	const char *cacert = command->settings->values[CONFIG_CACERT].text;
	struct trust trust = { .by = cacert ? TRUST_CA : TRUST_SYSTEM, .cafile = cacert };
	struct trust_probe_request request = { .address = address,
					       .trust = &trust,
					       .timeout_ms = PROBE_MS,
					       .on_done = on_probed,
					       .arg = wait };
	int64_t now = clock->now(clock->arg).ms, due;

	*wait = (struct probe_wait){ 0 };
	if (!trust_probe(http, &request, now, err))
		return -1;
	while (!wait->finished) {
		http_run(http, now);
		http_turn(http, now);
		if (wait->finished)
			break;
		due = http_due(http, now);
		http_wait(http, NULL, 0, due == TIME_NEVER ? -1 : due > now ? due - now : 0);
		now = clock->now(clock->arg).ms;
	}
	if (wait->probe.connected)
		return 0;
	*err = wait->probe.err;
	return -1;
}

/* Probes every address; all must offer the same key.  The result is that of the first. */
static int probe_all(const struct trust_command *command, struct http *http,
		     struct probe_wait *first, struct err *err)
{
	const struct settings *settings = command->settings;
	struct probe_wait wait;
	size_t i;

	for (i = 0; i < settings->address_count; i++) {
		if (!settings->addresses[i].tls)
			return err_set(err, ERR_FINAL, "%s is plain http and has no certificate.",
				       settings->addresses[i].url);
		if (probe_address(command, http, &settings->addresses[i], i ? &wait : first, err) <
		    0)
			return -1;
		if (!i || !strcmp(wait.probe.offered.pin, first->probe.offered.pin))
			continue;
		return err_set(
			err, ERR_FINAL,
			"%s and %s present different keys, but all nodes of a cluster have the "
			"same key; nothing was pinned. Are both nodes of this cluster?",
			settings->addresses[0].shown, settings->addresses[i].shown);
	}
	return 0;
}

static int report(const struct trust_command *command, const char *message, int status)
{
	fprintf(stream_errors(), "bdbtop: %s: %s\n", command->settings->name, message);
	return status;
}

/* Handles a key that needs no question.  Returns the exit status, or -1: the user must decide. */
static int handle_known_key(const struct trust_command *command, const struct trust_info *info,
			    bool replace)
{
	char where[SETTING_SOURCE_BYTES], message[SETTING_SOURCE_BYTES + 200];

	if (!info->pinned)
		return -1;
	settings_format_source(command->settings, CONFIG_PIN, where, sizeof(where));
	if (!strcmp(info->pinned->pin, info->offered->pin)) {
		fprintf(stream_output(), "%s presents the pinned key%s%s.\n", info->host,
			pin_is_configured(command->settings) ? " at " : "",
			pin_is_configured(command->settings) ? where : "");
		return output_flush("the answer");
	}
	trust_print(stream_output(), info);
	if (output_flush("the certificate"))
		return NOT_TRUSTED;
	if (pin_is_configured(command->settings)) {
		snprintf(message, sizeof(message),
			 "the pin is set in %s; change it there, to %s.", where,
			 info->offered->pin);
		return report(command, message, NOT_TRUSTED);
	}
	if (replace)
		return -1;
	snprintf(message, sizeof(message),
		 "the key has changed. If it was renewed, accept the new one: bdbtop trust "
		 "--replace %s",
		 command->settings->name);
	return report(command, message, NOT_TRUSTED);
}

static int ask_and_save(const struct trust_command *command, const struct trust_info *info)
{
	struct source_pin pin = { .since_s = info->now_s };
	struct err err;
	int terminal;
	bool yes;

	if (!*pins_path(command->pins))
		return report(command, "cannot pin without a state directory.", NOT_TRUSTED);
	terminal = login_terminal("cannot ask without a terminal; nothing was pinned. Run bdbtop "
				  "trust in a terminal.",
				  &err);
	if (terminal < 0)
		return report(command, err.text, NO_TERMINAL);
	yes = trust_ask(terminal, info);
	close(terminal);
	if (!yes)
		return report(command, "nothing was pinned.", NOT_TRUSTED);
	snprintf(pin.pin, sizeof(pin.pin), "%s", info->offered->pin);
	snprintf(pin.key_sha256, sizeof(pin.key_sha256), "%s", info->offered->key_sha256);
	snprintf(pin.cert_sha256, sizeof(pin.cert_sha256), "%s", info->offered->sha256);
	if (save_pin(command, &pin, true, &err) < 0)
		return report(command, err.text, NOT_TRUSTED);
	fprintf(stream_output(), "Pinned in %s.\n", pins_path(command->pins));
	return output_flush("the answer");
}

int trust_command_run(const struct trust_command *command, struct http *http, bool replace)
{
	struct trust_info info = { .name = command->settings->name,
				   .host = command->settings->addresses[0].shown,
				   .now_s = command->clock->now(command->clock->arg).wall_ms /
					    1000 };
	struct source_pin pinned;
	struct probe_wait wait;
	struct err err;
	int found = trust_command_find_pin(command, &pinned, &err), status;

	/* --replace also repairs different pins for one cluster */
	if (found < 0 && replace)
		found = pins_find(command->pins, info.host, &pinned, &err);
	if (found < 0)
		return report(command, err.text, NO_TERMINAL);
	if (probe_all(command, http, &wait, &err) < 0)
		return report(command, err.text, NO_TERMINAL);
	info.offered = &wait.probe.offered;
	info.problem = wait.probe.trusted ? "" : wait.probe.problem;
	info.note = wait.probe.trusted ? NULL : trust_command_note(command->settings);
	info.pinned = found > 0 ? &pinned : NULL;
	status = handle_known_key(command, &info, replace);
	if (status >= 0)
		return status;
	if (info.pinned)
		putc('\n', stream_output());
	info.pinned = NULL;
	trust_print(stream_output(), &info);
	/* do not ask about a certificate that the user cannot see */
	if (output_flush("the certificate"))
		return NOT_TRUSTED;
	info.pinned = found > 0 ? &pinned : NULL;
	return ask_and_save(command, &info);
}
