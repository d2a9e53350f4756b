/*
 * More lines of a scenario: filter, marks, bulks, cluster data, and the text of a row.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/text.h"
#include "bdbtop/session/row.h"
#include "tests/stage/scenario.h"

struct more_scenario_line {
	struct stage *stage;
	const char *name, *line;
};

static void same(const struct more_scenario_line *m, const char *want, const char *got)
{
	if (strcmp(want, got) != 0)
		fail_msg("\"%s\", at \"%s\": it is \"%s\"", m->name, m->line, got);
}

static void same_number(const struct more_scenario_line *m, const char *want, size_t got)
{
	char text[32];

	snprintf(text, sizeof(text), "%zu", got);
	same(m, want, text);
}

static void add(char *out, size_t size, const char *text)
{
	snprintf(out + strlen(out), size - strlen(out), "%s%s", out[0] ? " " : "", text);
}

static void expect_filter(const struct more_scenario_line *m, const char *rest)
{
	same(m, rest, session_view(m->stage->session)->filter.expression);
}

static void expect_mistake(const struct more_scenario_line *m, const char *rest)
{
	const struct session_view *view = session_view(m->stage->session);
	char got[160] = "";

	if (view->has_filter_error)
		snprintf(got, sizeof(got), "%zu %s", view->filter_error.offset,
			 view->filter_error.text);
	same(m, rest, got);
}

static void expect_order(const struct more_scenario_line *m, const char *rest)
{
	struct sort_order order = session_view(m->stage->session)->order;
	char got[64];

	sort_order_format(&order, got, sizeof(got));
	same(m, rest, got);
}

static void expect_problems(const struct more_scenario_line *m, const char *rest)
{
	same(m, rest, session_view(m->stage->session)->problems_only ? "on" : "off");
}

static void expect_marked(const struct more_scenario_line *m, const char *rest)
{
	const struct view *view = session_view(m->stage->session)->list;
	char got[400] = "", id[32];
	size_t i;

	for (i = 0; i < view_marked_count(view); i++) {
		snprintf(id, sizeof(id), "%lld", (long long)view_marked_at(view, i).uid);
		add(got, sizeof(got), id);
	}
	same(m, rest, got);
}

static void expect_asks(const struct more_scenario_line *m, const char *rest)
{
	const struct question *question = &session_view(m->stage->session)->question;
	char got[64];

	snprintf(got, sizeof(got), "%zu %zu", question->bulk_count, question->bulk_hidden);
	same(m, rest, got);
}

static void expect_leaves(const struct more_scenario_line *m, const char *rest)
{
	struct bulk bulk = { .id = 0 };

	cluster_bulk(m->stage->cluster, &bulk);
	same_number(m, rest, bulk.skipped_count);
}

static void expect_takes(const struct more_scenario_line *m, const char *rest)
{
	char word[QUESTION_WORD];

	question_word(&session_view(m->stage->session)->question, word);
	same(m, rest, word);
}

static void expect_bulk_changed(const struct more_scenario_line *m, const char *rest)
{
	char text[160];

	question_format_bulk_change(m->stage->cluster, text, sizeof(text));
	same(m, rest, text);
}

static void expect_says(const struct more_scenario_line *m, const char *rest)
{
	struct notice_part part[NOTICE_PARTS];
	size_t count = session_notice_parts(m->stage->session, part), i;
	char got[1000];
	struct text text;

	text_init(&text, got, sizeof(got));
	for (i = 0; i < count; i++)
		text_add(&text, part[i].text);
	same(m, strcmp(rest, "nothing") != 0 ? rest : "", got);
}

static bool make_row(const struct more_scenario_line *m, struct row *row, const char *rest)
{
	struct row_style style = { .width = ROW_FULL };
	const struct roster_entry *entry =
		roster_find(cluster_roster(m->stage->cluster), atoll(rest));

	session_row_style(m->stage->session, &style);
	if (entry)
		row_init(row, m->stage->cluster, entry, &style, m->stage->now);
	return entry != NULL;
}

static const char *after_uid(const char *rest)
{
	rest += strcspn(rest, " ");
	return rest + (*rest == ' ');
}

static void expect_clauses(const struct more_scenario_line *m, const char *rest)
{
	struct row row = { .clause_count = 0 };
	char got[1000];
	struct text text;
	size_t i;

	make_row(m, &row, rest);
	text_init(&text, got, sizeof(got));
	for (i = 0; i < row.clause_count; i++)
		text_addf(&text, "%s%s", i ? ", " : "", row.clauses[i].text);
	same(m, after_uid(rest), got);
}

static void expect_cells(const struct more_scenario_line *m, const char *rest)
{
	struct row row;
	char got[160] = "";
	int kind;

	for (kind = 0; make_row(m, &row, rest) && kind < OP_KINDS; kind++)
		add(got, sizeof(got), row.op[kind].word);
	same(m, after_uid(rest), got);
}

static void expect_next(const struct more_scenario_line *m, const char *rest)
{
	struct row row;

	same(m, after_uid(rest), make_row(m, &row, rest) ? row.next : "");
}

static void expect_last(const struct more_scenario_line *m, const char *rest)
{
	struct row row;

	same(m, after_uid(rest), make_row(m, &row, rest) ? row.last_backup : "");
}

static void expect_shown(const struct more_scenario_line *m, const char *rest)
{
	same_number(m, rest, log_rows(session_view(m->stage->session)->log));
}

static void expect_topmost(const struct more_scenario_line *m, const char *rest)
{
	const struct log *log = session_view(m->stage->session)->log;

	same(m, rest, log_rows(log) ? log_row(log, 0)->outcome : "");
}

/* `told TOPIC N` */
static void expect_told(const struct more_scenario_line *m, const char *rest)
{
	static const char *const names[TOPIC_COUNT] = {
		[TOPIC_EVENTS] = "events", [TOPIC_ALERTS] = "alerts", [TOPIC_ACTIONS] = "actions",
		[TOPIC_SHARDS] = "shards", [TOPIC_BDB_INFO] = "traits",
	};
	size_t length = strcspn(rest, " ");
	int topic;

	for (topic = TOPIC_EVENTS; topic < TOPIC_COUNT; topic++)
		if (strlen(names[topic]) == length && !strncmp(names[topic], rest, length)) {
			same_number(m, rest + length + 1,
				    script_counts(m->stage->script)->topics[topic]);
			return;
		}
	same(m, rest, "no such topic");
}

/* `verdict UID WORD...`: the words of its three operations, then the worst. */
static void expect_verdict(const struct more_scenario_line *m, const char *rest)
{
	const struct finding *finding = cluster_finding(m->stage->cluster, atoll(rest));
	char got[200] = "";
	int kind;

	if (!finding) {
		same(m, rest, "no finding");
		return;
	}
	for (kind = 0; kind < OP_KINDS; kind++)
		snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s ",
			 verdict_defs[finding->op[kind].verdict].sentence);
	snprintf(got + strlen(got), sizeof(got) - strlen(got), "worst %s",
		 verdict_defs[finding->worst].sentence);
	same(m, rest + strcspn(rest, " ") + 1, got);
}

/* `sum N WORD, N WORD`: the totals of the newest bulk that are not 0; they add up. */
static void expect_sum(const struct more_scenario_line *m, const char *rest)
{
	struct bulk bulk;
	char got[200] = "";
	size_t all = 0;
	int sum;

	if (!cluster_bulk(m->stage->cluster, &bulk)) {
		same(m, rest, "none");
		return;
	}
	for (sum = 0; sum < BULK_OUTCOMES; sum++) {
		all += bulk.count[sum];
		if (bulk.count[sum])
			snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s%zu %s",
				 got[0] ? ", " : "", bulk.count[sum], bulk_outcome_defs[sum].word);
	}
	if (bulk.confirmed && all != bulk.target_count)
		same_number(m, "as many as tickets", all);
	same(m, rest, got);
}

static void expect_skew(const struct more_scenario_line *m, const char *rest)
{
	same_number(m, rest, (size_t)cluster_status(m->stage->cluster)->skew_s);
}

static const struct {
	const char *word;
	void (*expect)(const struct more_scenario_line *, const char *rest);
} words[] = {
	{ "filter", expect_filter },
	{ "mistake", expect_mistake },
	{ "no mistake", expect_mistake },
	{ "order", expect_order },
	{ "problems", expect_problems },
	{ "marked", expect_marked },
	{ "asks", expect_asks },
	{ "leaves", expect_leaves },
	{ "takes", expect_takes },
	{ "bulk changed", expect_bulk_changed },
	{ "says", expect_says },
	{ "clauses", expect_clauses },
	{ "cells", expect_cells },
	{ "next", expect_next },
	{ "last", expect_last },
	{ "shown", expect_shown },
	{ "topmost", expect_topmost },
	{ "told", expect_told },
	{ "verdict", expect_verdict },
	{ "sum", expect_sum },
	{ "skew", expect_skew },
};

bool scenario_more(struct stage *stage, const char *name, const char *line)
{
	const struct more_scenario_line m = { .stage = stage, .name = name, .line = line };
	size_t i, length;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		length = strlen(words[i].word);
		if (strncmp(line, words[i].word, length) != 0 ||
		    (line[length] && line[length] != ' '))
			continue;
		words[i].expect(&m, line + length + (line[length] == ' '));
		return true;
	}
	return false;
}
