/*
 * What the source can tell of its own work: polls, latencies, bytes, and where and why it trusts.
 */
#include "src/rest/rest_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const trust_names[] = {
	[TRUST_PIN] = "pinned key",
	[TRUST_SYSTEM] = "system's CAs",
	[TRUST_CA] = "CA file",
	[TRUST_NONE] = "INSECURE",
};

void stats_poll(struct rest_stats *meter, int64_t latency_ms)
{
	meter->polls++;
	if (latency_ms < 0)
		meter->bad_polls++;
	else
		meter->latency_ms[meter->latency_count++ % STATS_POLLS] = latency_ms;
}

static int compare(const void *left, const void *right)
{
	const int64_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

/* The newest, the median, the longest. */
static void get_latencies(const struct rest_stats *meter, int64_t out[3])
{
	size_t count = meter->latency_count < STATS_POLLS ? meter->latency_count : STATS_POLLS;
	int64_t sorted[STATS_POLLS];

	out[0] = out[1] = out[2] = -1;
	if (!count)
		return;
	memcpy(sorted, meter->latency_ms, count * sizeof(*sorted));
	qsort(sorted, count, sizeof(*sorted), compare);
	out[0] = meter->latency_ms[(meter->latency_count - 1) % STATS_POLLS];
	out[1] = sorted[(count - 1) / 2];
	out[2] = sorted[count - 1];
}

void stats_get(const struct rest *live, struct source_stats *out)
{
	const struct rest_stats *meter = &live->stats;
	bool tls = route_address(live, &live->read_target)->tls;
	size_t i;

	*out = (struct source_stats){ .polls = meter->polls,
				      .bad_polls = meter->bad_polls,
				      .requests = meter->http.requests,
				      .bytes_in = meter->http.bytes_in,
				      .bytes_out = meter->http.bytes_out };
	snprintf(out->address, sizeof(out->address), "%s", route_shown(live, &live->read_target));
	snprintf(out->trust_kind, sizeof(out->trust_kind), "%s",
		 tls ? trust_names[live->setup.trust.by] : "plain http, on this machine");
	snprintf(out->tls, sizeof(out->tls), "%s", meter->http.tls);
	for (i = 0; i < REQUEST_SLOTS; i++)
		out->in_flight += live->slots[i].kind != REQUEST_NONE;
	get_latencies(meter, out->latency_ms);
}
