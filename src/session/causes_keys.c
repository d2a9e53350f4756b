/*
 * What the keys do in the causes view.
 */
#include "session_internal.h"

#include <stdio.h>
#include <stdlib.h>

/* --- the view and its filter ----------------------------------------------------------------- */

void session_show_causes(struct session *s, bool shown)
{
	struct filter_error ignored;

	s->view.by_cause = shown;
	s->view.detail_open = false;
	if (shown && s->view.filter_is_cause) {
		s->view.filter_is_cause = false;
		session_set_filter(s, s->causes.filter_before.expression, &ignored);
	} else {
		session_repair_view(s);
	}
}

void session_open_cause(struct session *s)
{
	const struct cause_group *group = session_selected_cause(s);
	char expression[FILTER_SIZE];
	struct filter_error ignored;

	if (!group)
		return;
	s->causes.filter_before = s->view.filter;
	cause_format_filter(&group->cause, expression);
	s->view.by_cause = false;
	session_set_filter(s, expression, &ignored);
	s->view.filter_is_cause = true;
	view_move_to(s->view.list, 0);
}

/* --- resets ---------------------------------------------------------------------------------- */

/* The operation of one of its databases failed, so that a reset is for it. */
static bool has_failed(const struct session *s, const struct cause_group *group)
{
	const struct cluster *cluster = fleet_at(s->fleet, group->cluster);
	const struct roster_entry *entry;
	size_t i;

	for (i = 0; i < group->count; i++) {
		entry = roster_find(cluster_roster(cluster),
				    causes_bdb(s->view.causes, group, i).uid);
		if (entry && entry->bdb->op[group->cause.kind].phase == OP_FAILED)
			return true;
	}
	return false;
}

static bool can_reset(const struct session *s, enum op_kind kind)
{
	size_t i, count = s->view.causes ? causes_count(s->view.causes) : 0;

	for (i = 0; i < count; i++) {
		const struct cause_group *group = causes_at(s->view.causes, i);

		if (session_cause_is_meant(s, group, kind) && has_failed(s, group))
			return true;
	}
	return false;
}

/* Why a reset key does nothing here. */
static void notice_wrong_group(struct session *s, enum op_kind kind)
{
	const struct cause_group *group = session_selected_cause(s);
	size_t marked = session_marked_causes(s);
	char text[200];

	if (marked && !can_reset(s, kind))
		snprintf(text, sizeof(text),
			 "No reset: no %s has failed in the %zu marked group%s. u removes the "
			 "marks.",
			 op_defs[kind].word, marked, marked == 1 ? "" : "s");
	else if (group->cause.kind == kind)
		snprintf(text, sizeof(text), "No reset: no %s of this group has failed.",
			 op_defs[kind].word);
	else if (has_failed(s, group))
		snprintf(text, sizeof(text),
			 "No reset: %c is for %ss, and this group is about %ss: press %c.",
			 op_defs[kind].key, op_defs[kind].word, op_defs[group->cause.kind].word,
			 op_defs[group->cause.kind].key);
	else
		snprintf(text, sizeof(text),
			 "No reset: %c is for %ss, and this group is about %ss.", op_defs[kind].key,
			 op_defs[kind].word, op_defs[group->cause.kind].word);
	session_set_notice(s, text);
}

static void reset_group(struct session *s, enum op_kind kind, struct moment now)
{
	struct uid_list uids;
	unsigned cluster = 0;

	session_set_notice(s, "");
	session_clear_absence(s);
	if (!session_selected_cause(s))
		return;
	if (!session_cause_bdbs(s, kind, &uids, &cluster)) {
		session_set_notice(s, "Out of memory: nothing was sent.");
		return;
	}
	if ((!uids.count || !session_ask_bulk(s, cluster, kind, &uids, now)) && !s->view.notice[0])
		notice_wrong_group(s, kind);
	free(uids.uid);
}

static void cancel_group(struct session *s, struct moment now)
{
	const struct cause_group *group = session_selected_cause(s);
	size_t i;

	for (i = 0; group && i < group->count; i++) {
		struct bdb_id id = causes_bdb(s->view.causes, group, i);

		cluster_cancel(fleet_at(s->fleet, id.cluster), id.uid, now);
	}
}

static bool may_cancel_group(const struct session *s)
{
	const struct cause_group *group = session_selected_cause(s);
	size_t i;

	for (i = 0; group && i < group->count; i++) {
		struct bdb_id id = causes_bdb(s->view.causes, group, i);

		if (cluster_may_cancel(fleet_at(s->fleet, id.cluster), id.uid))
			return true;
	}
	return false;
}

static void mark_groups(struct session *s, enum command_id id)
{
	if (session_mark_causes(s, id) < 0)
		session_set_notice(s, "Out of memory: not every group was marked.");
}

static void notice_list_only(struct session *s, enum command_id id)
{
	char text[120];

	snprintf(text, sizeof(text), "%s works in the list: enter or c goes there.",
		 commands[id].keys_text);
	session_set_notice(s, text);
}

static bool is_next(enum command_id id)
{
	return id == CMD_NEXT || id == CMD_PREVIOUS;
}

static bool is_list_only(enum command_id id)
{
	return id == CMD_COPY || (commands[id].group == GROUP_FIND && id != CMD_TIMES &&
				  id != CMD_CAUSES && !is_next(id));
}

bool session_causes_command(struct session *s, enum command_id id, struct moment now)
{
	long by = command_rows(id, (long)s->page_rows);

	/* these rows are those of databases, which the list has */
	if (is_next(id))
		session_show_causes(s, false);
	if (by)
		session_move(s, by);
	else if (id >= CMD_RESET_BACKUP && id <= CMD_RESET_IMPORT)
		reset_group(s, (enum op_kind)(id - CMD_RESET_BACKUP), now);
	else if (id == CMD_CANCEL && !session_has_canary(s))
		cancel_group(s, now);
	else if (commands[id].group == GROUP_MARK)
		mark_groups(s, id);
	else if (id == CMD_OPEN)
		session_open_cause(s);
	else if (is_list_only(id))
		notice_list_only(s, id);
	else
		return false;
	return true;
}

bool session_can_in_causes(const struct session *s, enum command_id id)
{
	switch (id) {
	case CMD_RESET_BACKUP:
	case CMD_RESET_EXPORT:
	case CMD_RESET_IMPORT:
		return can_reset(s, (enum op_kind)(id - CMD_RESET_BACKUP));
	case CMD_CANCEL:
		return may_cancel_group(s);
	case CMD_MARK:
	case CMD_MARK_SHOWN:
	case CMD_OPEN:
		return session_selected_cause(s) != NULL;
	case CMD_UNMARK:
		return session_marked_causes(s) > 0;
	default:
		return !is_list_only(id);
	}
}

void session_available_cause_keys(const struct session *s, char *out, size_t size)
{
	const struct cause_group *group = session_selected_cause(s);
	const struct cluster *cluster;
	enum reset_obstacle obstacle;
	const struct op_def *op;

	*out = '\0';
	if (!group)
		return;
	cluster = fleet_at(s->fleet, group->cluster);
	op = &op_defs[group->cause.kind];
	obstacle = cluster_obstacle(cluster, group->sample.uid, group->cause.kind);
	if (obstacle_is_for_all_rows(obstacle))
		snprintf(out, size, "%s", session_obstacle_text(cluster, obstacle));
	else if (session_marked_causes(s))
		snprintf(out, size, "b e i reset the %zu marked", session_marked_causes(s));
	else if (has_failed(s, group))
		snprintf(out, size, "%c resets the %s status of %zu", op->key, op->word,
			 group->count);
	else if (group->cause.state == VERDICT_STALLED || group->cause.state == VERDICT_FAILED)
		snprintf(out, size, "no reset: the %s is still running", op->word);
	else if (group->cause.state == VERDICT_OVERDUE)
		snprintf(out, size, "no reset: late, but not failed");
	else
		snprintf(out, size, "no reset: nothing has failed");
}
