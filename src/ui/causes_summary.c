/*
 * The group under the cursor of the causes view, below the rule: since when, its databases, what
 * the problem means, and what to do.
 */
#include <stdio.h>
#include <string.h>

#include "bdbtop/core/loss.h"
#include "bdbtop/core/text.h"
#include "summary_internal.h"

#define LINE_SIZE   2000
#define LONG_ROWS   6 /* from this height on the long form fits */
#define LONG_NAMED  3 /* its rows of databases */
#define SHORT_ROWS  4
#define STYLE_OF(c) (verdict_defs[(c)->state].style)

struct cause_summary {
	const struct draw_context *context;
	const struct cause_group *group;
	const struct cluster *cluster;
	struct text_flow *flow;
	struct description words; /* what the problem means, and the next steps */
	int rows;
};

/* `backup failed: no-permission` */
static void put_cause(const struct cause_summary *summary, struct text_writer *writer)
{
	const struct cause *cause = &summary->group->cause;
	char safe[CAUSE_REASON_SIZE * 8];

	writer_putf(writer, STYLE_HEADER, "%s ", op_defs[cause->kind].word);
	writer_put(writer, STYLE_OF(cause), verdict_defs[cause->state].count);
	if (!cause->reason[0])
		return;
	writer_put(writer, STYLE_HEADER, ": ");
	writer_put_truncated(
		writer, STYLE_HEADER,
		text_safe(safe, sizeof(safe), cause->reason, summary->context->canvas->ascii));
}

/* On a narrow screen only as far as the key: `b resets`. */
static void write_keys(const struct cause_summary *summary, char *out, size_t size)
{
	char *rest;

	session_available_keys(summary->context->session, out, size);
	if (!summary->context->columns.letters)
		return;
	rest = strstr(out, " the ");
	rest = rest ? rest : strchr(out, ':');
	if (rest)
		*rest = '\0';
}

static void draw_title(struct cause_summary *summary)
{
	struct text_writer writer = flow_writer(summary->flow, 1);
	size_t count = summary->group->count;
	char keys[160];

	writer.end--;
	writer.dimmed = summary->context->outdated;
	write_keys(summary, keys, sizeof(keys));
	writer_put_aside(&writer, STYLE_TEXT, summary->flow->cells * 2 / 3, keys);
	put_cause(summary, &writer);
	if (summary->rows > 1) {
		writer_skip(&writer, SUMMARY_INDENT);
		writer_putf(&writer, STYLE_TEXT, "%zu database%s", count, count == 1 ? "" : "s");
	}
	flow_next_row(summary->flow);
}

/* `the longest since 2026-11-18 16:02:11Z (3d 04h), worst loss at least 3d 04h` */
static void draw_since(struct cause_summary *summary)
{
	const struct describe_style style =
		context_describe_style(summary->context, DESCRIBE_SENTENCE);
	const struct cause_group *group = summary->group;
	char line[LINE_SIZE], point[POINT_TEXT_SIZE], age[TIME_TEXT_SIZE], loss[TIME_TEXT_SIZE];
	bool several = group->count > 1;
	struct text text;

	text_init(&text, line, sizeof(line));
	if (group->age_s >= 0) {
		describe_point(point, group->since_s, &style);
		time_format_age(age, group->age_s);
		text_add(&text, several ? "the longest " : "");
		if (group->at_least)
			text_addf(&text, "for at least %s", age);
		else
			text_addf(&text, "since %s (%s)", point, age);
	}
	loss_format(loss, group->loss_s);
	if (loss_is_time(group->loss_s))
		text_addf(&text, "%s%sloss at least %s", text.length ? ", " : "",
			  several ? "worst " : "", loss);
	flow_add_text(summary->flow, SUMMARY_INDENT, STYLE_TEXT, line);
}

/* `db:12 orders-eu` */
static void write_bdb(const struct cause_summary *summary, size_t index, char *out, size_t size)
{
	const int64_t uid = causes_bdb(summary->context->view->causes, summary->group, index).uid;
	const struct roster_entry *entry = roster_find(cluster_roster(summary->cluster), uid);
	char safe[120] = "", name[120];

	if (entry)
		text_safe(safe, sizeof(safe), entry->bdb->name, summary->context->canvas->ascii);
	text_truncate_middle(name, sizeof(name), safe, 24, summary->context->canvas->ascii);
	snprintf(out, size, "db:%lld %s", (long long)uid, name);
}

/* The first databases, as many as fit in so many rows, and how many more there are. */
static void draw_bdbs(struct cause_summary *summary, int rows)
{
	int cells = (summary->context->canvas->cols - SUMMARY_INDENT - 2) * rows - 14 * rows;
	size_t count = summary->group->count, i;
	char line[LINE_SIZE], one[200];
	struct text text;

	text_init(&text, line, sizeof(line));
	for (i = 0; i < count; i++) {
		write_bdb(summary, i, one, sizeof(one));
		if (i && text_width(line) + text_width(one) > cells)
			break;
		text_addf(&text, "%s%s", i ? ", " : "", one);
	}
	if (i < count)
		text_addf(&text, " and %zu more", count - i);
	flow_add(summary->flow, &(struct flow_paragraph){ .text = line,
							  .col = SUMMARY_INDENT,
							  .style = STYLE_TEXT,
							  .max_rows = rows });
}

static const char *words_of(const struct cause_summary *summary, enum fact_what what)
{
	const struct fact *fact =
		description_find(&summary->words, summary->group->cause.kind, what);

	return fact ? fact->text : "";
}

static void describe(struct cause_summary *summary)
{
	/* several databases: without the sizes of one of them */
	const struct describe_style style = context_describe_style(
		summary->context, summary->group->count > 1 ? DESCRIBE_LONG : DESCRIBE_SENTENCE);
	const struct roster_entry *entry =
		roster_find(cluster_roster(summary->cluster), summary->group->sample.uid);
	struct describe_subject subject;

	if (!entry)
		return;
	subject_init(&subject, summary->cluster, entry);
	describe_next_steps(&summary->words, &subject, summary->group->cause.kind, &style);
}

static void draw_short_meaning(struct cause_summary *summary)
{
	const char *meaning = words_of(summary, FACT_MEANING);
	const char *next_step = words_of(summary, FACT_NEXT_STEP);
	char line[LINE_SIZE];

	snprintf(line, sizeof(line), "%s%s%s", meaning, *meaning && *next_step ? " " : "",
		 next_step);
	flow_add_text(summary->flow, SUMMARY_INDENT, STYLE_TEXT, line);
}

static void draw_long(struct cause_summary *summary)
{
	const struct fact *fact = NULL;
	const char *join = "Check next: ";
	char line[LINE_SIZE];
	struct text text;

	flow_next_row(summary->flow);
	draw_since(summary);
	draw_bdbs(summary, LONG_NAMED);
	flow_next_row(summary->flow);
	flow_add_text(summary->flow, SUMMARY_INDENT, STYLE_TEXT, words_of(summary, FACT_MEANING));
	text_init(&text, line, sizeof(line));
	while ((fact = description_next(&summary->words, summary->group->cause.kind,
					PART_NEXT_STEPS, fact)) != NULL)
		if (fact->what == FACT_CHECK) {
			text_addf(&text, "%s%s", join, fact->text);
			join = "; ";
		}
	if (text.length)
		text_add(&text, ".");
	flow_add_text(summary->flow, SUMMARY_INDENT, STYLE_TEXT, line);
	flow_add_text(summary->flow, SUMMARY_INDENT, STYLE_TEXT, words_of(summary, FACT_RESET));
}

void causes_summary_draw(const struct draw_context *context)
{
	struct cause_summary summary = { .context = context,
					 .group = session_selected_cause(context->session),
					 .words = { .count = 0 },
					 .rows = context->zones.summary_rows };
	struct text_flow flow;

	if (!summary.group)
		return;
	summary.cluster = fleet_at(context->view->fleet, summary.group->cluster);
	summary.flow = &flow;
	flow_init(&flow, context->canvas->cols, context->canvas->ascii);
	describe(&summary);
	draw_title(&summary);
	if (summary.rows >= LONG_ROWS) {
		draw_long(&summary);
	} else if (summary.rows >= SHORT_ROWS) {
		draw_since(&summary);
		draw_bdbs(&summary, 1);
		draw_short_meaning(&summary);
	} else if (summary.rows > 1) {
		draw_bdbs(&summary, 1);
		draw_short_meaning(&summary);
	}
	context_draw_flow(context, &flow, context->zones.summary,
			  context->zones.summary + summary.rows);
}
