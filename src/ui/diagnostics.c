/*
 * The diagnostics: the connection and traffic of the cluster, and facts about the program.
 */
#include "page_internal.h"

#include <stdio.h>
#include <string.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"

#define NAME_CELLS 13
#define VALUE	   400

struct diagnostics {
	const struct draw_context *context;
	struct text_flow flow;
};

/* A name and a value, which may need several rows. */
static void put_pair(struct diagnostics *page, const char *name, const char *value)
{
	flow_add(&page->flow, &(struct flow_paragraph){ .text = value,
							.col = 1 + NAME_CELLS,
							.label = name,
							.label_col = 1,
							.label_style = STYLE_DIM });
}

static const struct byte_unit {
	int64_t bytes;
	const char *word;
} byte_units[] = {
	{ INT64_C(1) << 30, "GiB" },
	{ INT64_C(1) << 20, "MiB" },
	{ INT64_C(1) << 10, "KiB" },
};

/* `12.4 MiB`, `812 B` */
static void add_bytes(struct text *text, uint64_t bytes)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(byte_units); i++)
		if (bytes >= (uint64_t)byte_units[i].bytes) {
			uint64_t tenths = bytes / ((uint64_t)byte_units[i].bytes / 10);

			text_addf(text, "%llu.%llu %s", (unsigned long long)(tenths / 10),
				  (unsigned long long)(tenths % 10), byte_units[i].word);
			return;
		}
	text_addf(text, "%llu B", (unsigned long long)bytes);
}

static void add_latency(struct text *text, int64_t ms, const char *word)
{
	if (ms < 0)
		text_addf(text, "- %s", word);
	else
		text_addf(text, "%lld ms %s", (long long)ms, word);
}

static void put_address(struct diagnostics *page, const struct source_stats *stats)
{
	const struct cluster_status *status = page->context->status;
	char value[VALUE];
	struct text text;

	text_init(&text, value, sizeof(value));
	text_add(&text, stats->address[0] ? stats->address : page->context->setup->host);
	if (status->via[0])
		text_addf(&text, ", via %s", status->via);
	put_pair(page, "address", value);
	put_pair(page, "TLS", stats->tls[0] ? stats->tls : "no connection yet");
	put_pair(page, "trust", stats->trust_kind[0] ? stats->trust_kind : "-");
	put_pair(page, "log-in", stats->login_kind[0] ? stats->login_kind : "-");
}

static void put_traffic(struct diagnostics *page, const struct source_stats *stats)
{
	static const char *const latencies[] = { "the newest", "the median",
						 "the longest of the last 100" };
	char value[VALUE], every[TIME_TEXT_SIZE];
	struct text text;
	size_t i;

	text_init(&text, value, sizeof(value));
	describe_interval(every, page->context->setup->interval_ms / 1000);
	text_addf(&text, "%llu, %llu failed, every %s", (unsigned long long)stats->polls,
		  (unsigned long long)stats->bad_polls, every);
	put_pair(page, "polls", value);
	text_init(&text, value, sizeof(value));
	text_addf(&text, "%llu, ", (unsigned long long)stats->requests);
	add_bytes(&text, stats->bytes_in);
	text_add(&text, " in, ");
	add_bytes(&text, stats->bytes_out);
	text_add(&text, " out");
	put_pair(page, "requests", value);
	text_init(&text, value, sizeof(value));
	for (i = 0; i < ARRAY_SIZE(latencies); i++) {
		text_add(&text, i ? ", " : "");
		add_latency(&text, stats->latency_ms[i], latencies[i]);
	}
	put_pair(page, "latency", value);
}

static void put_queue(struct diagnostics *page, const struct source_stats *stats)
{
	char value[VALUE];
	size_t queued = cluster_queued_count(page->context->cluster);

	snprintf(value, sizeof(value), "%u of 3 requests in flight, %zu %s", stats->in_flight,
		 queued, queued == 1 ? "reset waiting" : "resets waiting");
	put_pair(page, "queue", value);
}

static void put_clock(struct diagnostics *page)
{
	const struct cluster_status *status = page->context->status;
	int64_t skew_s = status->skew_s;
	char value[VALUE], span[TIME_TEXT_SIZE];
	struct text text;

	text_init(&text, value, sizeof(value));
	time_format_span(span, skew_s < 0 ? -skew_s : skew_s);
	if (skew_s)
		text_addf(&text, "%s%s", span, skew_s < 0 ? " behind ours" : " ahead of ours");
	else
		text_add(&text, "within a minute of ours");
	time_format_age(span, status->clocks_differ_s);
	if (status->clocks_differ_s)
		text_addf(&text, "; node clocks differ by %s, the earlier one counts", span);
	put_pair(page, "clock", value);
}

static void put_cluster(struct diagnostics *page)
{
	const struct draw_context *context = page->context;
	const char *version = cluster_version(context->cluster);
	struct source_stats stats;
	char value[VALUE];

	flow_add_text(&page->flow, 1, STYLE_HEADER, context->setup->name);
	if (!cluster_stats(context->cluster, &stats)) {
		put_pair(page, "address", context->setup->host);
		put_pair(page, "measured", "not counted by this source");
	} else {
		put_address(page, &stats);
		put_traffic(page, &stats);
		put_queue(page, &stats);
	}
	put_clock(page);
	snprintf(value, sizeof(value), "%s on its oldest node", version);
	put_pair(page, "software",
		 *version ? value : "not known until a database is opened with enter");
}

static void put_program(struct diagnostics *page)
{
	const struct program_info *about = &session_view(page->context->session)->program_info;
	int64_t bytes = about->memory_bytes ? about->memory_bytes() : -1;
	char value[VALUE];
	struct text text;
	size_t i;

	flow_add_text(&page->flow, 1, STYLE_HEADER, "bdbtop");
	for (i = 0; i < about->count; i++)
		put_pair(page, about->lines[i][0], about->lines[i][1]);
	text_init(&text, value, sizeof(value));
	if (bytes < 0) {
		put_pair(page, "memory", "-");
		return;
	}
	add_bytes(&text, (uint64_t)bytes);
	text_add(&text, " resident");
	put_pair(page, "memory", value);
}

void diagnostics_draw(const struct draw_context *context)
{
	struct text_writer title = writer_at(context->canvas, 0, 1, context->canvas->cols);
	bool spaced = context->zones.notice >= 0;
	struct diagnostics page;

	writer_putf(&title, STYLE_HEADER, "bdbtop %s", context->version);
	writer_put(&title, STYLE_TEXT, "  diagnostics");
	page.context = context;
	flow_init(&page.flow, context->canvas->cols, context->canvas->ascii);
	put_cluster(&page);
	if (spaced)
		flow_next_row(&page.flow);
	put_program(&page);
	page_draw(context, &page.flow, 1 + spaced);
}
