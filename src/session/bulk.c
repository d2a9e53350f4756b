/*
 * Marks, and resets of many databases at once: one question, one answer, one summary.
 */
#include "rows.h"

#include <stdio.h>
#include <stdlib.h>

#include "bdbtop/core/array.h"

#define MARK_WATCHES_MAX 1000000 /* as many as marks */

/* --- marks ----------------------------------------------------------------------------------- */

/* Like htop: the cursor moves down, so that repeated keys mark several rows. */
static int mark_row(struct session *s)
{
	struct bdb_id id;

	if (!view_cursor(s->view.list, &id, NULL))
		return 0;
	if (view_mark(s->view.list, id, !view_is_marked(s->view.list, id)) < 0)
		return -1;
	view_move(s->view.list, 1);
	return 0;
}

void session_mark(struct session *s, enum command_id id)
{
	int done = 0;

	if (id == CMD_MARK)
		done = mark_row(s);
	else if (id == CMD_MARK_SHOWN)
		done = view_mark_shown(s->view.list);
	else
		view_unmark_all(s->view.list);
	session_mark_changed(s);
	if (done < 0)
		session_set_notice(s, "Out of memory: nothing was marked.");
}

/* --- the question ---------------------------------------------------------------------------- */

static bool has_marks(const struct session *s, unsigned cluster)
{
	size_t i;

	for (i = 0; i < view_marked_count(s->view.list); i++)
		if (view_marked_at(s->view.list, i).cluster == cluster)
			return true;
	return false;
}

/* A question is about one cluster: that of the cursor if it has marks. */
bool session_marked_bdbs(const struct session *s, struct uid_list *out, unsigned *cluster)
{
	size_t i, all = view_marked_count(s->view.list);
	struct bdb_id id;

	*out = (struct uid_list){ .uid = malloc((all + 1) * sizeof(*out->uid)) };
	*cluster = all ? view_marked_at(s->view.list, 0).cluster : 0;
	if (view_cursor(s->view.list, &id, NULL) && has_marks(s, id.cluster))
		*cluster = id.cluster;
	if (!out->uid)
		return false;
	for (i = 0; i < all; i++) {
		id = view_marked_at(s->view.list, i);
		if (id.cluster == *cluster)
			out->uid[out->count++] = id.uid;
	}
	return true;
}

/* How many of them failed in this operation: the notice explains why no question opens. */
static size_t count_failed(const struct uid_list *marked, const struct cluster *cluster,
			   enum op_kind kind)
{
	size_t i, failed = 0;

	for (i = 0; i < marked->count; i++) {
		const struct roster_entry *entry =
			roster_find(cluster_roster(cluster), marked->uid[i]);

		failed += entry && entry->bdb->op[kind].phase == OP_FAILED;
	}
	return failed;
}

static void notice_nothing_marked(struct session *s, unsigned cluster,
				  const struct uid_list *marked, enum op_kind kind)
{
	size_t failed = count_failed(marked, fleet_at(s->fleet, cluster), kind);
	char text[160];

	if (failed)
		snprintf(text, sizeof(text),
			 "No reset: of the %zu marked, %zu failed in %s, and none of these can be "
			 "reset now.",
			 marked->count, failed, op_defs[kind].word);
	else
		snprintf(text, sizeof(text),
			 "No reset: none of the %zu marked has a failed %s. u removes the marks.",
			 marked->count, op_defs[kind].word);
	session_set_notice(s, text);
}

static void open_bulk_question(struct session *s, unsigned cluster, unsigned bulk_id)
{
	const struct cluster *of = fleet_at(s->fleet, cluster);
	const struct reset *reset;
	struct question *q = &s->view.question;
	size_t i;

	session_open_question(s, QUESTION_BULK, cluster, 0);
	q->bulk_id = bulk_id;
	for (i = 0; (reset = cluster_bulk_reset(of, i)) != NULL; i++) {
		q->bulk_count++;
		/* the causes view has no filter */
		q->bulk_hidden += !s->view.by_cause &&
				  !view_is_shown(s->view.list, reset_target(reset)->id);
	}
}

void session_set_question_lines(struct session *s, size_t lines, size_t fit)
{
	scroll_fit(&s->view.question.list, lines, fit);
}

bool session_ask_bulk(struct session *s, unsigned index, enum op_kind kind,
		      const struct uid_list *uids, struct moment now)
{
	struct cluster *cluster = fleet_at(s->fleet, index);
	enum reset_obstacle obstacle = cluster_obstacle(cluster, uids->uid[0], kind);
	unsigned bulk_id;

	if (obstacle_is_for_all_rows(obstacle)) {
		session_set_obstacle_notice(s, (struct bdb_id){ index, uids->uid[0] }, kind,
					    obstacle);
		return false;
	}
	bulk_id = cluster_open_bulk(cluster, kind, uids->uid, uids->count, now);
	if (bulk_id)
		open_bulk_question(s, index, bulk_id);
	return bulk_id;
}

void session_reset_marked(struct session *s, enum op_kind kind, struct moment now)
{
	struct uid_list marked;
	unsigned cluster;

	if (!session_marked_bdbs(s, &marked, &cluster))
		session_set_notice(s, "Out of memory: nothing was sent.");
	else if (!session_ask_bulk(s, cluster, kind, &marked, now) && !s->view.notice[0])
		notice_nothing_marked(s, cluster, &marked, kind);
	free(marked.uid);
}

bool session_can_reset_marked(const struct session *s, enum op_kind kind)
{
	size_t i;

	for (i = 0; view_next_marked(s->view.list, row_failed(kind), &i); i++) {
		struct bdb_id id = view_marked_at(s->view.list, i);

		if (cluster_obstacle(fleet_at(s->fleet, id.cluster), id.uid, kind) == OBSTACLE_NONE)
			return true;
	}
	return false;
}

/* Valid while one of its resets still waits for the answer. */
bool session_bulk_question_is_valid(const struct session *s)
{
	const struct cluster *cluster = fleet_at(s->fleet, s->view.question.cluster);
	const struct reset *reset;
	struct bulk bulk;
	size_t i;

	if (!cluster_bulk(cluster, &bulk) || bulk.id != s->view.question.bulk_id || bulk.confirmed)
		return false;
	for (i = 0; (reset = cluster_bulk_reset(cluster, i)) != NULL; i++)
		if (reset_state(reset) == RESET_ASKING)
			return true;
	return false;
}

static void watch_marks(struct session *s, unsigned cluster)
{
	const struct cluster *of = fleet_at(s->fleet, cluster);
	const struct reset *reset;
	size_t i;

	for (i = 0; (reset = cluster_bulk_reset(of, i)) != NULL; i++) {
		/* out of memory: the mark stays after the reset succeeded */
		if (!ARRAY_APPEND(
			    s->mark_watches, s->mark_watch_count, s->mark_watch_capacity,
			    MARK_WATCHES_MAX,
			    (struct bulk_mark_watch){ cluster, reset_target(reset)->reset_id }))
			return;
	}
}

void session_answer_bulk(struct session *s, const struct question *question, bool yes,
			 struct moment now)
{
	struct cluster *cluster = fleet_at(s->fleet, question->cluster);

	if (!yes) {
		cluster_decline_bulk(cluster, question->bulk_id, now);
		return;
	}
	watch_marks(s, question->cluster);
	cluster_confirm_bulk(cluster, question->bulk_id, now);
}

/* --- marks that are removed ------------------------------------------------------------------- */

static bool ended_well(const struct reset *reset)
{
	switch (reset_outcome(reset)) {
	case OUTCOME_CLEARED:
	case OUTCOME_NOTHING_TO_RESET:
	case OUTCOME_IDLE_NOT_BY_US:
		return true;
	default:
		return false;
	}
}

/* Returns true while the outcome of the reset may still change. */
static bool review_mark(struct session *s, const struct bulk_mark_watch *watch)
{
	const struct reset *reset =
		cluster_reset(fleet_at(s->fleet, watch->cluster), watch->reset_id);

	if (!reset)
		return false;
	if (ended_well(reset)) {
		view_mark(s->view.list, reset_target(reset)->id, false);
		session_mark_changed(s);
		return false;
	}
	return reset_state(reset) != RESET_END || reset_is_watched(reset);
}

void session_review_marks(struct session *s)
{
	size_t i, kept = 0;

	if (s->mark_watch_revision == fleet_revision(s->fleet))
		return;
	s->mark_watch_revision = fleet_revision(s->fleet);
	for (i = 0; i < s->mark_watch_count; i++)
		if (review_mark(s, &s->mark_watches[i]))
			s->mark_watches[kept++] = s->mark_watches[i];
	s->mark_watch_count = kept;
}

/* --- sums of bulks ---------------------------------------------------------------------------- */

bool session_sum(const struct session *s, size_t index, struct bulk *out, struct cluster **of)
{
	size_t i, in_cluster;

	for (i = 0; i < fleet_count(s->fleet); i++) {
		struct cluster *cluster = fleet_at(s->fleet, i);

		for (in_cluster = 0; cluster_sum(cluster, in_cluster, out); in_cluster++)
			if (!index--) {
				if (of)
					*of = cluster;
				return true;
			}
	}
	return false;
}

size_t session_sum_count(const struct session *s)
{
	struct bulk bulk;
	size_t count = 0;

	while (session_sum(s, count, &bulk, NULL))
		count++;
	return count;
}

bool session_may_dismiss_sums(const struct session *s)
{
	size_t i;

	for (i = 0; i < fleet_count(s->fleet); i++)
		if (cluster_may_dismiss_sums(fleet_at(s->fleet, i)))
			return true;
	return false;
}

bool session_dismiss_sums(struct session *s)
{
	bool any = false;
	size_t i;

	for (i = 0; i < fleet_count(s->fleet); i++)
		any |= cluster_dismiss_sums(fleet_at(s->fleet, i));
	if (any)
		session_mark_changed(s);
	return any;
}

/* How many databases of that bulk are marked. */
static size_t count_marked(const struct session *s, const struct cluster *cluster, unsigned bulk_id)
{
	const struct reset *reset;
	size_t i, marked = 0;

	for (i = 0; (reset = cluster_reset_of_bulk(cluster, bulk_id, i)) != NULL; i++)
		marked += view_is_marked(s->view.list, reset_target(reset)->id);
	return marked;
}

/* What a form has of a sum. */
struct sum_form {
	int bar_cells;
	bool marked, skipped, kind;
	size_t outcomes; /* at most so many; one number for the others */
	const char *gap;
};

static struct sum_form sum_form(unsigned form)
{
	const size_t all = BULK_OUTCOMES;

	return (struct sum_form){ .bar_cells = form == 0   ? 16
					       : form == 1 ? 8
							   : 0,
				  .marked = form < 3,
				  .skipped = form < 4,
				  .kind = form < 5,
				  .outcomes = form < 6 ? all : all + 5 - form,
				  .gap = form < 6 ? "   " : "  " };
}

/* A full bar means that all are cleared. */
static void add_bar(const struct bulk *bulk, int cells, struct notice_part *out, size_t *count)
{
	session_add_part(out, count, STYLE_TEXT, "  ");
	session_add_part(out, count, STYLE_CLEARED, "%s", "");
	out[*count - 1].bar_cells = cells;
	out[*count - 1].bar_percent = (int)(bulk->count[BULK_CLEARED] * 100 / bulk->target_count);
	session_add_part(out, count, STYLE_TEXT, "  ");
}

static void add_outcomes(const struct bulk *bulk, size_t max_count, struct notice_part *out,
			 size_t *count)
{
	size_t rest = 0, named = 0;
	int i;

	for (i = 0; i < BULK_OUTCOMES; i++) {
		if (!bulk->count[i])
			continue;
		if (named == max_count) {
			rest += bulk->count[i];
			continue;
		}
		if (named)
			session_add_part(out, count, STYLE_TEXT, ", ");
		session_add_part(out, count, bulk_outcome_defs[i].style, "%zu %s", bulk->count[i],
				 bulk_outcome_defs[i].word);
		named++;
	}
	if (rest)
		session_add_part(out, count, STYLE_TEXT, "%s%zu more", named ? ", " : "", rest);
}

size_t session_sum_parts(const struct session *s, const struct sum_line *line, unsigned form,
			 struct notice_part out[NOTICE_PARTS])
{
	struct sum_form has = sum_form(form);
	struct cluster *cluster;
	struct bulk bulk;
	size_t count = 0, marked;
	char more[32];

	if (!session_sum(s, line->index, &bulk, &cluster))
		return 0;
	if (has.kind)
		session_add_part(out, &count, STYLE_TEXT, "%s reset of %zu",
				 op_defs[bulk.kind].word, bulk.target_count);
	else
		session_add_part(out, &count, STYLE_TEXT, "%c of %zu", op_defs[bulk.kind].key,
				 bulk.target_count);
	if (has.bar_cells && bulk.unfinished_count)
		add_bar(&bulk, has.bar_cells, out, &count);
	else
		session_add_part(out, &count, STYLE_TEXT, ": ");
	add_outcomes(&bulk, has.outcomes, out, &count);
	if (has.skipped && bulk.skipped_count)
		session_add_part(out, &count, STYLE_TEXT, "   %zu skipped", bulk.skipped_count);
	marked = has.marked && !bulk.unfinished_count ? count_marked(s, cluster, bulk.id) : 0;
	if (marked)
		session_add_part(out, &count, STYLE_TEXT, "   %zu stay%s marked", marked,
				 marked == 1 ? "s" : "");
	if (bulk.needs_operator)
		session_add_key(out, &count, has.gap, "n", " next");
	snprintf(more, sizeof(more), "%s+%zu more, ", has.gap, line->more);
	if (line->more)
		session_add_key(out, &count, more, "l", "");
	return count;
}
