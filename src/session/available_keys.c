/*
 * What could be done now, in words: the end of the strip's first line, the footer's bright keys,
 * and when something shown counts on.
 */
#include "session_internal.h"

#include <stdio.h>

static bool anything_to_cancel(const struct session *s)
{
	size_t i;

	for (i = 0; i < fleet_count(s->fleet); i++)
		if (cluster_may_cancel(fleet_at(s->fleet, i), 0))
			return true;
	return false;
}

bool session_may_show_picture(const struct session *s)
{
	size_t i;

	for (i = 0; i < fleet_count(s->fleet) && !s->picture; i++) {
		const struct cluster_face *face = cluster_face(fleet_at(s->fleet, i));

		if (face->link == LINK_UNTRUSTED && face->key_changed && face->listed)
			return true;
	}
	return false;
}

static bool can_reset(const struct session *s, const struct chosen *chosen, enum op_kind kind)
{
	if (view_marked_count(s->view))
		return session_can_reset_marked(s, kind);
	return chosen && cluster_gate(chosen->cluster, chosen->id.uid, kind) == GATE_OPEN;
}

bool session_can(const struct session *s, enum command_id id)
{
	struct chosen chosen;
	bool row = session_chosen(s, &chosen);

	switch (id) {
	case CMD_RESET_BACKUP:
	case CMD_RESET_EXPORT:
	case CMD_RESET_IMPORT:
		return can_reset(s, row ? &chosen : NULL, (enum op_kind)(id - CMD_RESET_BACKUP));
	case CMD_CANCEL:
		return row && cluster_may_cancel(chosen.cluster, chosen.id.uid);
	case CMD_CANCEL_ALL:
		return anything_to_cancel(s);
	case CMD_MARK:
	case CMD_MARK_SHOWN:
		return row;
	case CMD_UNMARK:
		return view_marked_count(s->view) > 0;
	case CMD_COPY:
		return row;
	case CMD_OPEN:
		return row && !s->detail_open;
	case CMD_CLOSE:
		return s->detail_open || session_may_drop_notice(s) ||
		       session_may_show_picture(s) ||
		       (row && cluster_may_dismiss(chosen.cluster, chosen.id.uid));
	default:
		return true;
	}
}

/* Why no reset of the worst operation helps, or the key that does. */
static void advise_on(const struct chosen *chosen, char *out, size_t size)
{
	const struct finding *finding = cluster_finding(chosen->cluster, chosen->id.uid);
	enum op_kind kind = finding->worst_kind;
	const struct op_finding *op = &finding->op[kind];
	const char *word = op_defs[kind].word;
	enum gate gate = cluster_gate(chosen->cluster, chosen->id.uid, kind);

	if (gate == GATE_GREYED && finding->worst < VERDICT_OK)
		snprintf(out, size, "no reset: this role may not reset the %s status", word);
	else if (gate == GATE_UNDER_WAY || gate == GATE_GREYED)
		return;
	else if (op->retrying)
		snprintf(out, size, "no reset: the %s is being tried again", word);
	else if (op->phase == OP_RUNNING)
		snprintf(out, size, "no reset: the %s is still running", word);
	else if (op->phase == OP_FAILED || finding->worst == VERDICT_OTHER)
		snprintf(out, size, "%c resets the %s status", op_defs[kind].key, word);
	else if (finding->worst == VERDICT_OVERDUE)
		snprintf(out, size, "no reset: late, but not failed");
	else if (finding->worst == VERDICT_SUSPECT)
		snprintf(out, size, "no reset: nothing has failed");
}

void session_advice(const struct session *s, char *out, size_t size)
{
	struct chosen chosen;
	enum gate gate;

	*out = '\0';
	if (!session_chosen(s, &chosen))
		return;
	gate = cluster_gate(chosen.cluster, chosen.id.uid, OP_BACKUP);
	if (gate >= GATE_CUT)
		snprintf(out, size, "%s", session_shut_word(chosen.cluster, gate));
	else if (cluster_may_cancel(chosen.cluster, chosen.id.uid))
		snprintf(out, size, "x cancels the retry   X all");
	else if (view_marked_count(s->view))
		snprintf(out, size, "b e i reset the %zu marked", view_marked_count(s->view));
	else
		advise_on(&chosen, out, size);
}

/* Does the face of a cluster show a number of seconds that goes on by itself, and from when? */
static int64_t counts_from(const struct cluster *cluster, int64_t now_ms)
{
	const struct cluster_face *face = cluster_face(cluster);

	if (cluster_counts_down(cluster) || face->link == LINK_CUT || face->link == LINK_FIRST)
		return now_ms;
	if (face->polling && face->link == LINK_FRESH)
		return face->poll_ms + cluster_setup(cluster)->every_ms;
	return TIME_NEVER;
}

/* The same of the corners of the detail: `again in 8s`, `no answer for 3s`. */
static int64_t corners_count_from(const struct cluster *cluster, int64_t now_ms)
{
	const struct detail *detail = cluster_detail(cluster);
	int64_t from = TIME_NEVER;
	int i;

	for (i = 0; detail->uid && i < CORNERS; i++) {
		const struct corner_face *corner = &detail->corner[i];

		if (corner->trouble[0] && corner->next_ms != TIME_NEVER)
			return now_ms;
		if (corner->out_ms != TIME_NEVER && corner->out_ms + 1000 < from)
			from = corner->out_ms + 1000;
	}
	return from;
}

int64_t session_redraw_due(const struct session *s, int64_t now_ms)
{
	int64_t due = TIME_NEVER;
	size_t i;

	for (i = 0; i < fleet_count(s->fleet); i++) {
		int64_t from = counts_from(fleet_at(s->fleet, i), now_ms),
			corners = corners_count_from(fleet_at(s->fleet, i), now_ms);

		from = corners < from ? corners : from;

		if (from <= now_ms)
			from = now_ms - now_ms % 1000 + 1000;
		if (from < due)
			due = from;
	}
	return due;
}
