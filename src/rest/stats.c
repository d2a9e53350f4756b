/*
 * What the source can tell of its own work: polls, latencies, bytes, and where and why it trusts.
 */
#include "src/rest/rest_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const trusts[] = {
	[TRUST_PIN] = "pinned key",
	[TRUST_SYSTEM] = "system's CAs",
	[TRUST_CA] = "CA file",
	[TRUST_NONE] = "INSECURE",
};

void meter_poll(struct meter *meter, int64_t latency_ms)
{
	meter->polls++;
	if (latency_ms < 0)
		meter->bad_polls++;
	else
		meter->latency_ms[meter->latencies++ % METER_POLLS] = latency_ms;
}

static int compare(const void *left, const void *right)
{
	const int64_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

/* The newest, the median, the longest. */
static void tell_latencies(const struct meter *meter, int64_t out[3])
{
	size_t count = meter->latencies < METER_POLLS ? meter->latencies : METER_POLLS;
	int64_t sorted[METER_POLLS];

	out[0] = out[1] = out[2] = -1;
	if (!count)
		return;
	memcpy(sorted, meter->latency_ms, count * sizeof(*sorted));
	qsort(sorted, count, sizeof(*sorted), compare);
	out[0] = meter->latency_ms[(meter->latencies - 1) % METER_POLLS];
	out[1] = sorted[(count - 1) / 2];
	out[2] = sorted[count - 1];
}

void meter_tell(const struct live *live, struct source_stats *out)
{
	const struct meter *meter = &live->meter;
	bool tls = route_name(live, &live->route)->tls;
	size_t i;

	*out = (struct source_stats){ .polls = meter->polls,
				      .bad_polls = meter->bad_polls,
				      .requests = meter->http.requests,
				      .bytes_in = meter->http.bytes_in,
				      .bytes_out = meter->http.bytes_out };
	snprintf(out->address, sizeof(out->address), "%s", route_shown(live, &live->route));
	snprintf(out->trust_kind, sizeof(out->trust_kind), "%s",
		 tls ? trusts[live->setup.trust.by] : "plain http, on this machine");
	snprintf(out->tls, sizeof(out->tls), "%s", meter->http.tls);
	for (i = 0; i < LIVE_PLACES; i++)
		out->in_flight += live->places[i].kind != JOB_NONE;
	tell_latencies(meter, out->latency_ms);
}
