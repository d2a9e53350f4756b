#include "verb_internal.h"

#include <string.h>

#include "bdbtop/core/time.h"
#include "keyword.h"

static int write_time(struct verb_line *line, int64_t now_ms)
{
	char iso[TIME_TEXT_SIZE];

	if (now_ms % 1000)
		time_format_iso_ms(iso, now_ms);
	else
		time_format_iso(iso, now_ms / 1000);
	sim_buffer_put(line->setup->out, iso);
	return 0;
}

int verb_advance(struct verb_line *line)
{
	struct sim_clock *clock = line->setup->program->clock;

	sim_clock_advance(clock, line->ms);
	sim_cluster_advance(line->setup->api->cluster, sim_clock_now(clock));
	return write_time(line, sim_clock_now(clock));
}

int verb_time(struct verb_line *line)
{
	return write_time(line, line->setup->now_ms);
}

int verb_cut_all(struct verb_line *line)
{
	const struct sim_program *program = line->setup->program;

	sim_buffer_print(line->setup->out, "%zu", program->cut_all(program->arg));
	return 0;
}

static int change_handshake(struct verb_line *line, const struct sim_handshake *change)
{
	const struct sim_program *program = line->setup->program;
	char pin[SIM_CERT_PIN_SIZE];

	if (program->handshake(program->arg, change, pin, line->err) < 0)
		return -1;
	sim_buffer_put(line->setup->out, pin);
	return 0;
}

int verb_certificate(struct verb_line *line)
{
	struct sim_handshake change = { .tls = SIM_TLS_COUNT, .renew = *line->word };

	change.same_key = strcmp(line->word, "same-key") == 0;
	if (change.renew && !change.same_key && strcmp(line->word, "new-key") != 0)
		return verb_usage(line);
	if (*line->second)
		change.shape = (enum sim_cert_shape)sim_keyword_find(line->second, sim_cert_words);
	return change.shape < SIM_CERT_SHAPES ? change_handshake(line, &change) : verb_usage(line);
}

int verb_tls(struct verb_line *line)
{
	struct sim_handshake change = { .renew = false };

	change.tls = (enum sim_tls)sim_keyword_find(line->word, sim_tls_words);
	return change.tls < SIM_TLS_COUNT ? change_handshake(line, &change) : verb_usage(line);
}

int verb_log(struct verb_line *line)
{
	const struct sim_program *program = line->setup->program;
	struct sim_request_log *log = &line->setup->api->request_log;
	struct sim_buffer lines = SIM_BUFFER_INIT;
	size_t count;

	if (strcmp(line->method, "clear") == 0 && !*line->prefix) {
		sim_request_log_clear(log);
		return 0;
	}
	count = sim_request_log_print(log, line->method, *line->prefix ? line->prefix : NULL,
				      &lines);
	if (lines.length)
		program->write(program->arg, lines.data, lines.length);
	sim_buffer_release(&lines);
	sim_buffer_print(line->setup->out, "%zu", count);
	return 0;
}

int verb_await(struct verb_line *line)
{
	struct sim_await *await = line->setup->await;

	if (!line->number || line->number > SIM_REQUEST_LOG_MAX)
		return verb_usage(line);
	strcpy(await->method, line->method);
	strcpy(await->prefix, line->prefix);
	await->count = line->number < 0 ? 1 : line->number;
	return 0;
}
