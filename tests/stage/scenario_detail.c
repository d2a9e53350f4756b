/*
 * More lines of a scenario: the detail, pages, times, notifications and the mouse.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/session/row.h"
#include "tests/stage/scenario.h"

struct detail_scenario_line {
	struct stage *stage;
	const char *name, *line;
};

static void same(const struct detail_scenario_line *l, const char *want, const char *got)
{
	if (strcmp(want, got) != 0)
		fail_msg("\"%s\", at \"%s\": it is \"%s\"", l->name, l->line, got);
}

static void same_number(const struct detail_scenario_line *l, const char *want, int64_t got)
{
	char text[32];

	snprintf(text, sizeof(text), "%lld", (long long)got);
	same(l, want, text);
}

/* --- actions --------------------------------------------------------------------------------- */

static void do_click(const struct detail_scenario_line *l, const char *rest)
{
	session_click(l->stage->session, (size_t)atol(rest), strstr(rest, "twice") != NULL,
		      l->stage->now);
	stage_settle(l->stage);
}

static void do_wheel(const struct detail_scenario_line *l, const char *rest)
{
	if (!strncmp(rest, "detail ", 7))
		session_wheel_detail(l->stage->session, atoi(rest + 7), l->stage->now);
	else
		session_wheel(l->stage->session, atoi(rest), l->stage->now);
	stage_settle(l->stage);
}

static void do_fits(const struct detail_scenario_line *l, const char *rest)
{
	struct session *session = l->stage->session;
	const char *of = strstr(rest, "of ");
	size_t fit = (size_t)atol(rest), lines = of ? (size_t)atol(of + 3) : fit;

	if (session_view(session)->mode >= MODE_HANDOVER)
		session_set_page_lines(session, lines, fit);
	else
		session_set_detail_lines(session, lines, fit);
}

static int two_hours(int64_t wall_s)
{
	(void)wall_s;
	return 7200;
}

static int half_hours(int64_t wall_s)
{
	(void)wall_s;
	return -12600;
}

static int no_hours(int64_t wall_s)
{
	(void)wall_s;
	return 0;
}

static void do_offset(const struct detail_scenario_line *l, const char *rest)
{
	session_set_offset(l->stage->session, *rest == '-'   ? half_hours
					      : *rest == '0' ? no_hours
							     : two_hours);
}

static void do_copied(const struct detail_scenario_line *l, const char *rest)
{
	session_on_copied(l->stage->session, rest);
}

static unsigned transition_words(const char *rest)
{
	unsigned mask = 0;
	int word;

	for (word = 0; word < TRANSITION_KINDS; word++) {
		const char *at = strstr(rest, transition_defs[word].word);
		size_t length = strlen(transition_defs[word].word);

		if (at && (!at[length] || at[length] == ','))
			mask |= 1U << word;
	}
	return mask;
}

static void do_rings(const struct detail_scenario_line *l, const char *rest)
{
	session_set_notifications(l->stage->session, transition_words(rest), 0);
}

static void do_notifies(const struct detail_scenario_line *l, const char *rest)
{
	session_set_notifications(l->stage->session, 0, transition_words(rest));
}

static void do_notifications(const struct detail_scenario_line *l, const char *rest)
{
	session_set_notifications(l->stage->session, transition_words(rest),
				  transition_words(rest));
}

/* --- expectations ---------------------------------------------------------------------------- */

static void expect_detail(const struct detail_scenario_line *l, const char *rest)
{
	same(l, rest, session_view(l->stage->session)->detail_open ? "open" : "closed");
}

static void expect_looks(const struct detail_scenario_line *l, const char *rest)
{
	same_number(l, rest, cluster_detail(l->stage->cluster)->uid);
}

static void expect_top(const struct detail_scenario_line *l, const char *rest)
{
	same_number(l, rest, (int64_t)session_view(l->stage->session)->detail.top);
}

static void expect_page(const struct detail_scenario_line *l, const char *rest)
{
	same_number(l, rest, (int64_t)session_view(l->stage->session)->page.top);
}

static void expect_times(const struct detail_scenario_line *l, const char *rest)
{
	static const char *const forms[] = { "ages", "local", "utc" };

	same(l, rest, forms[session_view(l->stage->session)->times]);
}

static void expect_outcome(const struct detail_scenario_line *l, const char *rest)
{
	same(l, rest, session_view(l->stage->session)->copy_outcome);
}

static void expect_holds(const struct detail_scenario_line *l, const char *rest)
{
	const char *text = session_view(l->stage->session)->handover;
	bool holds = strstr(text, rest) != NULL;

	if (holds != (l->line[0] == 'h'))
		fail_msg("\"%s\", at \"%s\": it is \"%s\"", l->name, l->line, text);
}

static void expect_hands(const struct detail_scenario_line *l, const char *rest)
{
	char got[HANDOVER_SIZE];

	snprintf(got, sizeof(got), "%s", session_view(l->stage->session)->handover);
	got[strcspn(got, "\n")] = '\0';
	same(l, rest, got);
}

static void expect_after(const struct detail_scenario_line *l, const char *rest)
{
	const struct roster_entry *entry =
		roster_find(cluster_roster(l->stage->cluster), atoll(rest));
	struct row_style style = { .width = ROW_FULL };
	char got[ROW_RETRY_SIZE] = "nothing";
	int kind;

	session_row_style(l->stage->session, &style);
	rest += strcspn(rest, " ") + 1;
	for (kind = 0; entry && kind < OP_KINDS; kind++)
		if (!strncmp(rest, op_defs[kind].word, strlen(op_defs[kind].word)))
			row_format_retry(got, l->stage->cluster, entry, (enum op_kind)kind, &style);
	same(l, rest + strcspn(rest, " ") + 1, got);
}

static void expect_called(const struct detail_scenario_line *l, const char *rest)
{
	struct notification attention = { .text = "" };
	char got[200] = "not called";

	if (session_take_notification(l->stage->session, &attention))
		snprintf(got, sizeof(got), "%s %s",
			 attention.bell && attention.notify ? "both"
			 : attention.bell		    ? "rings"
							    : "notifies",
			 attention.text);
	same(l, l->line[0] == 'n' ? "not called" : rest, got);
}

static void expect_corner(const struct detail_scenario_line *l, const char *rest)
{
	same(l, rest + 2, cluster_detail(l->stage->cluster)->section[atoi(rest)].error);
}

static const struct {
	const char *word;
	void (*run)(const struct detail_scenario_line *, const char *rest);
} words[] = {
	{ "click", do_click },
	{ "wheel", do_wheel },
	{ "fits", do_fits },
	{ "offset", do_offset },
	{ "copied", do_copied },
	{ "rings for", do_rings },
	{ "notifies for", do_notifies },
	{ "calls for", do_notifications },
	{ "detail", expect_detail },
	{ "looks", expect_looks },
	{ "top", expect_top },
	{ "page", expect_page },
	{ "times", expect_times },
	{ "outcome", expect_outcome },
	{ "holds", expect_holds },
	{ "lacks", expect_holds },
	{ "hands", expect_hands },
	{ "after", expect_after },
	{ "called", expect_called },
	{ "not called", expect_called },
	{ "corner", expect_corner },
};

bool scenario_detail(struct stage *stage, const char *name, const char *line)
{
	const struct detail_scenario_line l = { .stage = stage, .name = name, .line = line };
	size_t i, length;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		length = strlen(words[i].word);
		if (strncmp(line, words[i].word, length) != 0 ||
		    (line[length] && line[length] != ' '))
			continue;
		words[i].run(&l, line + length + (line[length] == ' '));
		return true;
	}
	return false;
}
