/*
 * What the source reports about itself: polls, latencies, bytes, address and kind of trust.
 */
#include "rest_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const trust_names[] = {
	[TRUST_PIN] = "pinned key",
	[TRUST_SYSTEM] = "system's CAs",
	[TRUST_CA] = "CA file",
	[TRUST_NONE] = "INSECURE",
};

void stats_poll(struct rest_stats *stats, int64_t latency_ms)
{
	stats->polls++;
	if (latency_ms < 0)
		stats->bad_polls++;
	else
		stats->latency_ms[stats->latency_count++ % STATS_POLLS] = latency_ms;
}

static int compare(const void *left, const void *right)
{
	const int64_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

/* The newest, the median, the longest; -1 when there is none. */
static void get_latencies(const struct rest_stats *stats, int64_t out[3])
{
	size_t count = stats->latency_count < STATS_POLLS ? stats->latency_count : STATS_POLLS;
	int64_t sorted[STATS_POLLS];

	out[0] = out[1] = out[2] = -1;
	if (!count)
		return;
	memcpy(sorted, stats->latency_ms, count * sizeof(*sorted));
	qsort(sorted, count, sizeof(*sorted), compare);
	out[0] = stats->latency_ms[(stats->latency_count - 1) % STATS_POLLS];
	out[1] = sorted[(count - 1) / 2];
	out[2] = sorted[count - 1];
}

static void format_login(const struct rest *rest, char *out, size_t size)
{
	const struct token *token = &rest->token;

	if (rest->setup.auth == AUTH_BASIC)
		snprintf(out, size, "user and password");
	else if (rest->setup.auth == AUTH_CERTIFICATE)
		snprintf(out, size, "client certificate");
	else if (!token->scheme_is_known)
		snprintf(out, size, token->supplied ? "supplied token" : "token");
	else
		snprintf(out, size, "%stoken as %s", token->supplied ? "supplied " : "",
			 token->scheme == SCHEME_JWT ? "JWT" : "Bearer");
}

void stats_get(const struct rest *rest, struct source_stats *out)
{
	const struct rest_stats *stats = &rest->stats;
	bool tls = route_address(rest, &rest->read_target)->tls;
	size_t i;

	*out = (struct source_stats){ .polls = stats->polls,
				      .bad_polls = stats->bad_polls,
				      .requests = stats->http.requests,
				      .bytes_in = stats->http.bytes_in,
				      .bytes_out = stats->http.bytes_out };
	snprintf(out->address, sizeof(out->address), "%s", route_shown(rest, &rest->read_target));
	snprintf(out->trust_kind, sizeof(out->trust_kind), "%s",
		 tls ? trust_names[rest->setup.trust.by] : "plain http, on this machine");
	format_login(rest, out->login_kind, sizeof(out->login_kind));
	snprintf(out->tls, sizeof(out->tls), "%s", stats->http.tls);
	for (i = 0; i < REQUEST_SLOTS; i++)
		out->in_flight += rest->slots[i].def != NULL;
	get_latencies(stats, out->latency_ms);
}
