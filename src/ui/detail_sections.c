/*
 * The data requested for this database only: events, alerts, actions, shards.  The title of each
 * section has the time of the data, or the error.
 */
#include "detail_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/text.h"

#define SAFE_SIZE 120
#define GAP	  2
#define MIN_WORD  7 /* cells of a severity, a type, a status */
#define MAX_WORD  16
#define SLOW_S	  3
#define POINT_MAX 12 /* a longer time has a date and is formatted for a column instead */

void detail_format_point(const struct detail_pane *pane, int64_t wall_s, char out[TIME_TEXT_SIZE])
{
	const struct draw_context *context = pane->summary.context;

	context_format_point(context, time_to_ms(wall_s), out);
	if (strlen(out) > POINT_MAX)
		time_format_column(out, wall_s, context->now.wall_ms / 1000,
				   session_zone(context->session, wall_s));
}

void detail_widen_column(const struct detail_pane *pane, int64_t wall_s, int *width)
{
	char point[TIME_TEXT_SIZE];

	detail_format_point(pane, wall_s, point);
	if ((int)strlen(point) > *width)
		*width = (int)strlen(point);
}

void detail_draw_field(struct detail_pane *pane, const char *label, enum style style,
		       const char *text)
{
	flow_add(pane->flow, &(struct flow_paragraph){ .text = text,
						       .col = pane->text,
						       .style = style,
						       .label = label,
						       .label_col = pane->label,
						       .label_style = STYLE_DIM });
}

/* --- titles ---------------------------------------------------------------------------------- */

/* `again in 8s`; counts full seconds of the clock, when the screen is redrawn. */
static void add_retry_time(const struct detail_pane *pane, const struct section_status *status,
			   struct text *text)
{
	int64_t in_s = status->retry_ms / 1000 - pane->summary.context->now.ms / 1000;
	char span[TIME_TEXT_SIZE];

	if (status->retry_ms == TIME_NEVER)
		return;
	if (in_s <= 0 || status->in_flight_since_ms != TIME_NEVER) {
		text_add(text, ", asking again");
		return;
	}
	time_format_span(span, in_s);
	text_addf(text, ", again in %s", span);
}

static enum style write_section(const struct detail_pane *pane, const struct section_status *status,
				struct text *text)
{
	const struct draw_context *context = pane->summary.context;
	int64_t out_s = status->in_flight_since_ms == TIME_NEVER
				? 0
				: context->now.ms / 1000 - status->in_flight_since_ms / 1000;
	char point[TIME_TEXT_SIZE];

	if (status->error[0]) {
		text_add(text, status->error);
		add_retry_time(pane, status, text);
		return STYLE_WAITING;
	}
	if (out_s >= SLOW_S) {
		time_format_span(point, out_s);
		text_addf(text, "no reply for %s", point);
		return STYLE_WAITING;
	}
	if (status->has_data) {
		context_format_point(context, status->read_at.wall_ms, point);
		text_addf(text, "read %s", point);
	} else {
		text_add(text, status->loading ? "asking" : "not requested");
	}
	return STYLE_DIM;
}

static void put_title(struct detail_pane *pane, const char *title, enum source_topic section)
{
	static const struct section_status unknown = { .loading = true,
						       .in_flight_since_ms = TIME_NEVER };
	const struct section_status *status =
		pane->detail->uid ? &pane->detail->section[section] : &unknown;
	struct text_writer writer = flow_writer(pane->flow, 1);
	char state[160];
	struct text text;
	enum style style;

	text_init(&text, state, sizeof(state));
	style = write_section(pane, status, &text);
	writer_put(&writer, STYLE_HEADER, title);
	writer_skip(&writer, GAP);
	if (writer_cells_left(&writer)) {
		writer.end--;
		if (text_width(state) < writer_cells_left(&writer))
			writer.col = writer.end - text_width(state);
		writer_put_truncated(&writer, style, state);
	}
	flow_next_row(pane->flow);
}

/* The section has current data: `none` may be shown.  After an error only old lines are shown. */
static bool is_read(const struct detail_pane *pane, enum source_topic section)
{
	const struct section_status *status = &pane->detail->section[section];

	return pane->detail->uid && status->has_data && !status->error[0];
}

static void put_item(struct detail_pane *pane, enum style style, const char *text)
{
	flow_add_text(pane->flow, DETAIL_ITEM, style, text);
}

/* --- events ---------------------------------------------------------------------------------- */

static const char *safe_text(const struct detail_pane *pane, const char *raw, char out[SAFE_SIZE])
{
	return text_safe(out, SAFE_SIZE, raw, pane->summary.context->canvas->ascii);
}

/* The style of `ERROR`, `CRITICAL` and `WARNING`; `quiet` for all others. */
static enum style severity_style(const char *severity, enum style quiet)
{
	if (!text_compare(severity, "ERROR") || !text_compare(severity, "CRITICAL"))
		return STYLE_FAILED_REASON;
	return text_compare(severity, "WARNING") ? quiet : STYLE_OVERDUE;
}

/* Widens a column for a word, up to MAX_WORD, so that the next column stays visible. */
static void widen(const struct detail_pane *pane, const char *raw, int *width)
{
	char text[SAFE_SIZE];
	int cells = text_width(safe_text(pane, raw, text));

	if (cells > *width)
		*width = cells < MAX_WORD ? cells : MAX_WORD;
}

/* The cells of the columns of the events. */
struct event_columns {
	int point, severity;
};

/* Writes time and severity; the rest of the row is the caller's. */
static struct text_writer begin_event(struct detail_pane *pane, const struct event *event,
				      const struct event_columns *c)
{
	struct text_writer writer = flow_writer(pane->flow, DETAIL_ITEM);
	char point[TIME_TEXT_SIZE], text[SAFE_SIZE];

	detail_format_point(pane, event->time_s, point);
	writer_field(&writer, STYLE_TEXT, c->point + GAP, point);
	writer_field(&writer, severity_style(event->severity, STYLE_DIM), c->severity,
		     safe_text(pane, event->severity, text));
	writer_skip(&writer, GAP);
	return writer;
}

static void end_event(struct detail_pane *pane, struct text_writer *writer,
		      const struct event *event)
{
	char text[SAFE_SIZE];

	if (event->text[0]) {
		writer_skip(writer, GAP);
		writer_put_truncated(writer, STYLE_DIM, safe_text(pane, event->text, text));
	}
	flow_next_row(pane->flow);
}

static void put_event(struct detail_pane *pane, const struct event *event,
		      const struct event_columns *c)
{
	struct text_writer writer = begin_event(pane, event, c);
	char text[SAFE_SIZE];

	writer_put_truncated(&writer, STYLE_TEXT, safe_text(pane, event->type, text));
	end_event(pane, &writer, event);
}

/* `backup failed 36 times, every 5m, `; where it does not fit it loses whole words of its end. */
static void put_failures(struct text_writer *writer, enum op_kind kind,
			 const struct series_words *words, int cells)
{
	char head[SAFE_SIZE], cut[SAFE_SIZE];
	struct text text;

	text_init(&text, head, sizeof(head));
	text_addf(&text, "%s failed", op_defs[kind].word);
	if (text_width(head) + 1 + text_width(words->count) <= cells) {
		text_addf(&text, " %s", words->count);
		if (text_width(head) + 2 + text_width(words->every) <= cells)
			text_addf(&text, ", %s", words->every);
	}
	text_truncate(cut, sizeof(cut), head, cells, writer->ascii);
	writer_putf(writer, STYLE_TEXT, "%s%s", cut, *cut ? ", " : "");
}

/* `backup failed 36 times, every 5m, 13:03Z to 22:03Z` in place of its type: the period stays. */
static void put_series(struct detail_pane *pane, const struct event_series *series,
		       const struct event_columns *c)
{
	const struct event *newest = &pane->detail->data.events[series->first];
	const struct describe_style style =
		context_describe_style(pane->summary.context, DESCRIBE_LONG);
	struct text_writer writer = begin_event(pane, newest, c);
	struct series_words words;

	describe_series(&words, series->failures, pane->detail->data.events[series->oldest].time_s,
			newest->time_s, &style);
	put_failures(&writer, newest->kind, &words,
		     writer_cells_left(&writer) - text_width(words.period) - GAP);
	writer_put_truncated(&writer, STYLE_TEXT, words.period);
	end_event(pane, &writer, newest);
}

void detail_draw_events(struct detail_pane *pane, size_t from, size_t to)
{
	const struct cluster_data *data = &pane->detail->data;
	struct event_columns c = { .severity = MIN_WORD };
	size_t i;

	for (i = from; i < to; i++) {
		const struct event *event = &data->events[pane->lines[i].first];

		detail_widen_column(pane, event->time_s, &c.point);
		widen(pane, event->severity, &c.severity);
	}
	for (i = from; i < to; i++)
		if (pane->lines[i].failures)
			put_series(pane, &pane->lines[i], &c);
		else
			put_event(pane, &data->events[pane->lines[i].first], &c);
}

static void put_events(struct detail_pane *pane)
{
	put_title(pane, "EVENTS", TOPIC_EVENTS);
	pane->events_row = pane->flow->rows;
	if (is_read(pane, TOPIC_EVENTS) && !pane->detail->data.event_count)
		put_item(pane, STYLE_TEXT, "none in 24 hours");
}

/* --- alerts ---------------------------------------------------------------------------------- */

/* The threshold of a delayed backup is in minutes; the others are shown as received. */
static void add_limit(const struct detail_pane *pane, const struct alert *alert, struct text *text)
{
	char *end, plain[SAFE_SIZE], span[TIME_TEXT_SIZE];
	long minutes = strtol(alert->threshold, &end, 10);

	if (!alert->threshold[0])
		return;
	if (text_contains(alert->name, "backup_delayed") && !*end && minutes > 0 &&
	    minutes < 100000000) {
		describe_interval(span, (int64_t)minutes * 60);
		text_addf(text, ", limit %s", span);
		return;
	}
	text_addf(text, ", limit %s", safe_text(pane, alert->threshold, plain));
}

static void put_alert(struct detail_pane *pane, const struct alert *alert, int width)
{
	char name[SAFE_SIZE], point[TIME_TEXT_SIZE], out[SAFE_SIZE * 2];
	struct flow_paragraph paragraph = { .text = out,
					    .col = DETAIL_ITEM + width + GAP,
					    .style = severity_style(alert->severity, STYLE_OVERDUE),
					    .label = name,
					    .label_col = DETAIL_ITEM };
	struct text text;

	text_init(&text, out, sizeof(out));
	text_add(&text, "on");
	if (alert->since_s) {
		context_format_point(pane->summary.context, time_to_ms(alert->since_s), point);
		text_addf(&text, " since %s", point);
	}
	add_limit(pane, alert, &text);
	safe_text(pane, alert->name, name);
	/* in a narrow pane the text continues below the name */
	if (paragraph.col + text_width(out) > pane->flow->cells) {
		flow_add_text(pane->flow, DETAIL_ITEM, STYLE_TEXT, name);
		paragraph.col = DETAIL_ITEM + GAP;
		paragraph.label = NULL;
	}
	flow_add(pane->flow, &paragraph);
}

static void put_alerts(struct detail_pane *pane)
{
	const struct cluster_data *data = &pane->detail->data;
	int width = 0, cells, on = 0;
	char name[SAFE_SIZE];
	size_t i;

	put_title(pane, "ALERTS", TOPIC_ALERTS);
	for (i = 0; i < data->alert_count; i++) {
		cells = text_width(safe_text(pane, data->alerts[i].name, name));
		if (data->alerts[i].on && cells > width)
			width = cells;
	}
	for (i = 0; i < data->alert_count; i++)
		if (data->alerts[i].on) {
			put_alert(pane, &data->alerts[i], width);
			on++;
		}
	if (!on && is_read(pane, TOPIC_ALERTS))
		put_item(pane, STYLE_TEXT, "none on");
}

/* --- actions --------------------------------------------------------------------------------- */

struct action_columns {
	int point, type, status;
};

static void put_action(struct detail_pane *pane, const struct action *action,
		       const struct action_columns *c)
{
	struct text_writer writer = flow_writer(pane->flow, DETAIL_ITEM);
	char point[TIME_TEXT_SIZE] = "-", text[SAFE_SIZE];

	if (action->created_s)
		detail_format_point(pane, action->created_s, point);
	writer_field(&writer, STYLE_TEXT, c->point + GAP, point);
	writer_field(&writer, STYLE_TEXT, c->type, safe_text(pane, action->type, text));
	writer_skip(&writer, GAP);
	writer_field(&writer, STYLE_RUNNING, c->status, safe_text(pane, action->status, text));
	writer_skip(&writer, 1);
	if (action->percent >= 0)
		snprintf(text, sizeof(text), "%d%%", (int)action->percent);
	else
		snprintf(text, sizeof(text), "-");
	writer_right(&writer, STYLE_RUNNING, 5, text);
	if (action->name[0]) {
		writer_skip(&writer, GAP);
		writer_put_truncated(&writer, STYLE_TEXT, safe_text(pane, action->name, text));
	}
	flow_next_row(pane->flow);
}

static void put_actions(struct detail_pane *pane)
{
	const struct cluster_data *data = &pane->detail->data;
	struct action_columns c = { .point = 1, .type = MIN_WORD, .status = MIN_WORD };
	int running = 0;
	size_t i;

	put_title(pane, "ACTIONS", TOPIC_ACTIONS);
	for (i = 0; i < data->action_count; i++) {
		const struct action *action = &data->actions[i];

		if (!action->running)
			continue;
		if (action->created_s)
			detail_widen_column(pane, action->created_s, &c.point);
		widen(pane, action->type, &c.type);
		widen(pane, action->status, &c.status);
	}
	for (i = 0; i < data->action_count; i++)
		if (data->actions[i].running) {
			put_action(pane, &data->actions[i], &c);
			running++;
		}
	if (!running && is_read(pane, TOPIC_ACTIONS))
		put_item(pane, STYLE_TEXT,
			 pane->detail->older_actions
				 ? "none running; backup, export, import not listed"
				 : "none running");
}

/* --- shards ---------------------------------------------------------------------------------- */

static size_t count_on(const struct cluster_data *data, int64_t node)
{
	size_t i, count = 0;

	for (i = 0; i < data->shard_count; i++)
		count += data->shards[i].node == node;
	return count;
}

/* The lowest node above this one; 0: none. */
static int64_t next_node(const struct cluster_data *data, int64_t above)
{
	int64_t next = 0;
	size_t i;

	for (i = 0; i < data->shard_count; i++) {
		int64_t node = data->shards[i].node;

		if (node > above && (!next || node < next))
			next = node;
	}
	return next;
}

/* `3 on node 1, 4 on node 2`, and whether progress is missing */
static void put_shard_nodes(struct detail_pane *pane, const struct cluster_data *data)
{
	int64_t node = 0;
	char out[400];
	struct text text;

	text_init(&text, out, sizeof(out));
	while ((node = next_node(data, node)))
		text_addf(&text, "%s%zu on node %lld", text.length ? ", " : "",
			  count_on(data, node), (long long)node);
	if (count_on(data, 0))
		text_addf(&text, "%s%zu on an unknown node", text.length ? ", " : "",
			  count_on(data, 0));
	if (!pane->has_bars)
		text_add(&text, ": no progress reported");
	put_item(pane, STYLE_TEXT, out);
}

/* Shards with another status than active. */
static void put_unhealthy(struct detail_pane *pane, const struct cluster_data *data)
{
	char status[SAFE_SIZE], out[SAFE_SIZE + 80];
	size_t i;

	for (i = 0; i < data->shard_count; i++) {
		const struct shard *shard = &data->shards[i];

		if (!shard->status[0] || !text_compare(shard->status, "active"))
			continue;
		snprintf(out, sizeof(out), "shard %lld on node %lld: %s", (long long)shard->uid,
			 (long long)shard->node, safe_text(pane, shard->status, status));
		put_item(pane, STYLE_OVERDUE, out);
	}
}

/* With bars below the operation only unhealthy shards are listed. */
static void put_shards(struct detail_pane *pane)
{
	const struct cluster_data *data = &pane->detail->data;
	bool has_error = pane->detail->uid && pane->detail->section[TOPIC_SHARDS].error[0];

	if (has_error || !pane->has_bars) {
		put_title(pane, "SHARDS", TOPIC_SHARDS);
		if (data->shard_count)
			put_shard_nodes(pane, data);
		else if (is_read(pane, TOPIC_SHARDS))
			put_item(pane, STYLE_TEXT, "none reported");
	}
	put_unhealthy(pane, data);
}

/* This section has no lines: the title of the detail shows its data.  Only an error is shown. */
static void put_bdb_info(struct detail_pane *pane)
{
	if (pane->detail->uid && pane->detail->section[TOPIC_BDB_INFO].error[0])
		put_title(pane, "VERSION", TOPIC_BDB_INFO);
}

void detail_draw_sections(struct detail_pane *pane)
{
	put_events(pane);
	put_alerts(pane);
	put_actions(pane);
	put_shards(pane);
	put_bdb_info(pane);
}
