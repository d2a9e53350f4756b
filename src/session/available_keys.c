/*
 * Which keys do something now, for the footer and for the end of the summary's first line; and when
 * the screen changes by itself.
 */
#include "session_internal.h"

#include <stdio.h>

static bool has_reset_to_cancel(const struct session *s)
{
	size_t i;

	for (i = 0; i < fleet_count(s->fleet); i++)
		if (cluster_may_cancel(fleet_at(s->fleet, i), 0))
			return true;
	return false;
}

bool session_can_show_last_list(const struct session *s)
{
	size_t i;

	for (i = 0; i < fleet_count(s->fleet) && !s->view.shows_last_list; i++) {
		const struct cluster_status *status = cluster_status(fleet_at(s->fleet, i));

		if (status->conn == CONN_UNTRUSTED && status->key_changed && status->has_list)
			return true;
	}
	return false;
}

static bool has_settled_result(const struct session *s)
{
	size_t i;

	for (i = 0; i < fleet_count(s->fleet); i++)
		if (cluster_may_dismiss(fleet_at(s->fleet, i), 0))
			return true;
	return false;
}

enum close_layer session_close_layer(const struct session *s)
{
	if (session_can_show_last_list(s))
		return CLOSE_CHANGED_KEY;
	if (s->view.detail_open)
		return CLOSE_DETAIL;
	if (session_may_drop_notice(s) || has_settled_result(s))
		return CLOSE_RESULTS;
	if (s->view.by_cause)
		return CLOSE_CAUSES;
	if (s->view.filter.terms)
		return CLOSE_FILTER;
	return s->view.problems_only ? CLOSE_PROBLEMS_ONLY : CLOSE_NOTHING;
}

static bool can_reset(const struct session *s, const struct selected_bdb *selected,
		      enum op_kind kind)
{
	if (view_marked_count(s->view.list))
		return session_can_reset_marked(s, kind);
	return selected &&
	       cluster_obstacle(selected->cluster, selected->id.uid, kind) == OBSTACLE_NONE;
}

bool session_can(const struct session *s, enum command_id id)
{
	struct selected_bdb selected;
	bool row = session_selected(s, &selected);

	if (id == CMD_CANARY)
		return session_can_start_canary(s);
	if (id == CMD_CANCEL && session_has_canary(s))
		return true;
	if (s->view.by_cause && id != CMD_CANCEL_ALL && id != CMD_CLOSE)
		return session_can_in_causes(s, id);
	switch (id) {
	case CMD_RESET_BACKUP:
	case CMD_RESET_EXPORT:
	case CMD_RESET_IMPORT:
		return can_reset(s, row ? &selected : NULL, (enum op_kind)(id - CMD_RESET_BACKUP));
	case CMD_CANCEL:
		return row && cluster_may_cancel(selected.cluster, selected.id.uid);
	case CMD_CANCEL_ALL:
		return has_reset_to_cancel(s);
	case CMD_MARK:
	case CMD_MARK_SHOWN:
		return row;
	case CMD_UNMARK:
		return view_marked_count(s->view.list) > 0;
	case CMD_COPY:
		return row;
	case CMD_OPEN:
		return row && !s->view.detail_open;
	case CMD_CLOSE:
		return session_close_layer(s) != CLOSE_NOTHING;
	default:
		return true;
	}
}

/* The words of write_keys_for() apply to this operation too: it runs, or nothing has failed. */
static bool is_reset_in_vain(const struct selected_bdb *selected, enum op_kind kind)
{
	const struct finding *finding = cluster_finding(selected->cluster, selected->id.uid);
	const struct op_finding *op = &finding->op[kind];

	if (op->retrying || op->phase == OP_RUNNING)
		return true;
	return (finding->worst == VERDICT_OVERDUE || finding->worst == VERDICT_SUSPECT) &&
	       op->phase != OP_FAILED && op->verdict != VERDICT_OTHER;
}

bool session_helps(const struct session *s, enum command_id id)
{
	struct selected_bdb selected;

	if (!session_can(s, id))
		return false;
	if (id < CMD_RESET_BACKUP || id > CMD_RESET_IMPORT || view_marked_count(s->view.list) ||
	    s->view.by_cause || !session_selected(s, &selected))
		return true;
	return !is_reset_in_vain(&selected, (enum op_kind)(id - CMD_RESET_BACKUP));
}

/* The key that resets the worst operation, or why no reset helps. */
static void write_keys_for(const struct selected_bdb *selected, char *out, size_t size)
{
	const struct finding *finding = cluster_finding(selected->cluster, selected->id.uid);
	enum op_kind kind = finding->worst_kind;
	const struct op_finding *op = &finding->op[kind];
	const char *word = op_defs[kind].word;
	enum reset_obstacle obstacle = cluster_obstacle(selected->cluster, selected->id.uid, kind);

	if (obstacle == OBSTACLE_FORBIDDEN && finding->worst < VERDICT_OK)
		snprintf(out, size, "no reset: this role may not reset the %s status", word);
	else if (obstacle == OBSTACLE_UNDER_WAY || obstacle == OBSTACLE_FORBIDDEN)
		return;
	else if (op->retrying)
		snprintf(out, size, "no reset: the cluster is retrying the %s", word);
	else if (op->phase == OP_RUNNING)
		snprintf(out, size, "no reset: the %s is still running", word);
	else if (op->phase == OP_FAILED || finding->worst == VERDICT_OTHER)
		snprintf(out, size, "%c resets the %s status", op_defs[kind].key, word);
	else if (finding->worst == VERDICT_OVERDUE)
		snprintf(out, size, "no reset: %s, but not failed",
			 finding->due.overdue ? "late" : BEYOND_RPO);
	else if (finding->worst == VERDICT_SUSPECT)
		snprintf(out, size, "no reset: nothing has failed");
}

void session_available_keys(const struct session *s, char *out, size_t size)
{
	struct selected_bdb selected;
	enum reset_obstacle obstacle;

	*out = '\0';
	if (s->view.by_cause) {
		session_available_cause_keys(s, out, size);
		return;
	}
	if (!session_selected(s, &selected))
		return;
	obstacle = cluster_obstacle(selected.cluster, selected.id.uid, OP_BACKUP);
	if (obstacle >= OBSTACLE_DISCONNECTED)
		snprintf(out, size, "%s", session_obstacle_text(selected.cluster, obstacle));
	else if (cluster_may_cancel(selected.cluster, selected.id.uid))
		snprintf(out, size, "x cancels the retry   X all");
	else if (view_marked_count(s->view.list))
		snprintf(out, size, "b e i reset the %zu marked", view_marked_count(s->view.list));
	else
		write_keys_for(&selected, out, size);
}

/* From when on the header or a row of a cluster counts seconds; TIME_NEVER: never. */
static int64_t counting_from(const struct cluster *cluster, int64_t now_ms)
{
	const struct cluster_status *status = cluster_status(cluster);

	if (cluster_has_countdown(cluster) || status->conn == CONN_DOWN ||
	    status->conn == CONN_CONNECTING)
		return now_ms;
	if (status->polling && status->conn == CONN_OK)
		return status->poll_started_ms + cluster_setup(cluster)->interval_ms;
	return TIME_NEVER;
}

/* From when on a section of the detail counts seconds: `again in 8s`, `no answer for 3s`. */
static int64_t sections_counting_from(const struct cluster *cluster, int64_t now_ms)
{
	const struct detail *detail = cluster_detail(cluster);
	int64_t from = TIME_NEVER;
	int i;

	for (i = 0; detail->uid && i < TOPIC_COUNT; i++) {
		const struct section_status *section = &detail->section[i];

		if (section->error[0] && section->retry_ms != TIME_NEVER)
			return now_ms;
		if (section->in_flight_since_ms != TIME_NEVER &&
		    section->in_flight_since_ms + 1000 < from)
			from = section->in_flight_since_ms + 1000;
	}
	return from;
}

int64_t session_redraw_due(const struct session *s, int64_t now_ms)
{
	int64_t due = session_canary_redraw_due(s, now_ms);
	size_t i;

	for (i = 0; i < fleet_count(s->fleet); i++) {
		int64_t from = counting_from(fleet_at(s->fleet, i), now_ms),
			sections_ms = sections_counting_from(fleet_at(s->fleet, i), now_ms);

		from = sections_ms < from ? sections_ms : from;

		if (from <= now_ms)
			from = now_ms - now_ms % 1000 + 1000;
		if (from < due)
			due = from;
	}
	return due;
}
