/*
 * What could be done now, in words: the end of the strip's first line, the footer's bright keys,
 * and when something shown counts on.
 */
#include "session-private.h"

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

bool session_can(const struct session *s, enum command_id id)
{
	struct chosen chosen;
	bool row = session_chosen(s, &chosen);

	switch (id) {
	case CMD_RESET_BACKUP:
	case CMD_RESET_EXPORT:
	case CMD_RESET_IMPORT:
		return row && cluster_gate(chosen.cluster, chosen.id.uid,
					   (enum op_kind)(id - CMD_RESET_BACKUP)) == GATE_OPEN;
	case CMD_CANCEL:
		return row && cluster_may_cancel(chosen.cluster, chosen.id.uid);
	case CMD_CANCEL_ALL:
		return anything_to_cancel(s);
	case CMD_OPEN:
		return row && !s->strip_open;
	case CMD_CLOSE:
		return s->strip_open || s->notice[0] || session_may_show_picture(s) ||
		       (row && cluster_may_dismiss(chosen.cluster, chosen.id.uid));
	default:
		return true;
	}
}

/* The sentences for a gate that is shut for all three operations alike. */
static const char *const shut[] = {
	[GATE_CUT] = "no reset until the cluster answers",
	[GATE_REFUSED] = "no reset: log-in refused",
	[GATE_NOT_LISTED] = "no reset: the database is gone",
	[GATE_CANNOT] = "no reset: nothing can be sent from here",
	[GATE_READ_ONLY] = "no reset: read-only",
};

static void advise_on(const struct chosen *chosen, char *out, size_t size)
{
	const struct finding *finding = cluster_finding(chosen->cluster, chosen->id.uid);
	enum op_kind kind = finding->worst_kind;
	enum verdict worst = finding->worst;
	const char *word = op_defs[kind].word;

	switch (cluster_gate(chosen->cluster, chosen->id.uid, kind)) {
	case GATE_OPEN:
		if (worst == VERDICT_RUNNING)
			snprintf(out, size, "no reset: the %s is still running", word);
		else if (worst == VERDICT_FAILED || worst == VERDICT_OTHER)
			snprintf(out, size, "%c resets the %s status", op_defs[kind].key, word);
		break;
	case GATE_GREYED:
		snprintf(out, size, "no reset: this role may not reset the %s status", word);
		break;
	default:
		break;
	}
}

void session_advice(const struct session *s, char *out, size_t size)
{
	struct chosen chosen;
	enum gate gate;

	*out = '\0';
	if (!session_chosen(s, &chosen))
		return;
	gate = cluster_gate(chosen.cluster, chosen.id.uid, OP_BACKUP);
	if (gate == GATE_REFUSED && cluster_face(chosen.cluster)->link == LINK_UNTRUSTED)
		snprintf(out, size, "no reset: not trusted");
	else if (gate >= GATE_CUT)
		snprintf(out, size, "%s", shut[gate]);
	else if (cluster_may_cancel(chosen.cluster, chosen.id.uid))
		snprintf(out, size, "x cancels the retry   X all");
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

int64_t session_redraw_due(const struct session *s, int64_t now_ms)
{
	int64_t due = TIME_NEVER;
	size_t i;

	for (i = 0; i < fleet_count(s->fleet); i++) {
		int64_t from = counts_from(fleet_at(s->fleet, i), now_ms);

		if (from <= now_ms)
			from = now_ms - now_ms % 1000 + 1000;
		if (from < due)
			due = from;
	}
	return due;
}
