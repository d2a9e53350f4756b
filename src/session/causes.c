/*
 * The causes view: its groups, cursor and marks.
 */
#include "session_internal.h"

#include <stdlib.h>

#include "bdbtop/core/array.h"
#include "bdbtop/session/subject.h"

#define MARKS_MAX    10000
#define CLUSTERS_MAX 1000

static struct cause_id id_of(const struct cause_group *group)
{
	return (struct cause_id){ group->cluster, group->cause };
}

static const struct cause_group *find_group(const struct session *s, const struct cause_id *id,
					    size_t *row)
{
	return s->view.causes ? causes_find(s->view.causes, id->cluster, &id->cause, row) : NULL;
}

/* --- marks ----------------------------------------------------------------------------------- */

static size_t find_mark(const struct session *s, const struct cause_group *group)
{
	const struct causes_cursor *c = &s->causes;
	size_t i = 0;

	while (i < c->mark_count && (c->marks[i].cluster != group->cluster ||
				     cause_compare(&c->marks[i].cause, &group->cause) != 0))
		i++;
	return i;
}

bool session_cause_is_marked(const struct session *s, const struct cause_group *group)
{
	return find_mark(s, group) < s->causes.mark_count;
}

size_t session_marked_causes(const struct session *s)
{
	return s->causes.mark_count;
}

static void prune_marks(struct session *s)
{
	struct causes_cursor *c = &s->causes;
	size_t i, kept = 0;

	for (i = 0; i < c->mark_count; i++)
		if (find_group(s, &c->marks[i], NULL))
			c->marks[kept++] = c->marks[i];
	c->mark_count = kept;
}

static int set_mark(struct session *s, const struct cause_group *group, bool marked)
{
	struct causes_cursor *c = &s->causes;
	size_t at = find_mark(s, group);

	if (marked == (at < c->mark_count))
		return 0;
	if (!marked) {
		array_remove(c->marks, &c->mark_count, at, sizeof(*c->marks));
		return 0;
	}
	return ARRAY_APPEND(c->marks, c->mark_count, c->mark_capacity, MARKS_MAX, id_of(group))
		       ? 0
		       : -1;
}

/* Marks all groups, or, if all are marked, unmarks them. */
static int mark_all(struct session *s)
{
	size_t i, count = causes_count(s->view.causes);
	bool marked = s->causes.mark_count < count;

	for (i = 0; i < count; i++)
		if (set_mark(s, causes_at(s->view.causes, i), marked) < 0)
			return -1;
	return 0;
}

int session_mark_causes(struct session *s, enum command_id id)
{
	const struct cause_group *group = session_selected_cause(s);
	int done = 0;

	if (id == CMD_UNMARK)
		s->causes.mark_count = 0;
	else if (id == CMD_MARK_SHOWN)
		done = mark_all(s);
	else if (group)
		done = set_mark(s, group, !session_cause_is_marked(s, group));
	if (id == CMD_MARK && group && !done)
		session_move_cause(s, s->view.cause_row + 1);
	session_mark_changed(s);
	return done;
}

/* --- groups and cursor ----------------------------------------------------------------------- */

static bool has_problem(const struct cluster *cluster, const struct roster_entry *entry)
{
	const struct finding *finding = cluster_state_of(cluster, entry);

	return finding && verdict_defs[finding->worst].problem;
}

static int add_cluster(struct causes *causes, const struct cluster *cluster)
{
	const struct roster *roster = cluster_roster(cluster);
	size_t i;

	for (i = 0; i < roster_count(roster); i++) {
		const struct roster_entry *entry = roster_at(roster, i);

		if (has_problem(cluster, entry) && subject_add_causes(causes, cluster, entry) < 0)
			return -1;
	}
	return 0;
}

static struct causes *make_groups(const struct session *s)
{
	struct causes *causes = causes_new();
	size_t i;
	int done = causes ? 0 : -1;

	for (i = 0; i < fleet_count(s->fleet) && !done; i++)
		done = add_cluster(causes, fleet_at(s->fleet, i));
	if (!done && !causes_group(causes))
		return causes;
	causes_free(causes);
	return NULL;
}

/* The cursor stays on its group, or goes to the one that is now nearest to its old place. */
static void repair_cursor(struct session *s)
{
	size_t row;

	if (s->causes.started && find_group(s, &s->causes.at, &row))
		s->view.cause_row = row;
	else
		session_move_cause(s, s->view.cause_row);
	s->causes.started |= causes_count(s->view.causes) > 0;
}

/* A database that is in a group has no problem any more. */
static bool any_is_over(const struct causes *causes, const struct cluster *cluster)
{
	const struct roster *roster = cluster_roster(cluster);
	const struct cause_group *group;
	size_t i, at;

	for (i = 0; i < causes_count(causes); i++) {
		group = causes_at(causes, i);
		for (at = 0; at < group->count && group->cluster == cluster_index(cluster); at++)
			if (!has_problem(cluster,
					 roster_find(roster, causes_bdb(causes, group, at).uid)))
				return true;
	}
	return false;
}

/* Most rows that change, as those of running operations do, have no problem and had none. */
static bool same_causes(const struct causes *causes, const struct cluster *cluster, uint64_t since)
{
	const struct roster *roster = cluster_roster(cluster);
	const int64_t *uids;
	size_t i, count;

	if (!cluster_row_changes(cluster, since, &uids, &count))
		return false;
	for (i = 0; i < count; i++)
		if (has_problem(cluster, roster_find(roster, uids[i])))
			return false;
	return !count || !any_is_over(causes, cluster);
}

/* Both clocks of the cluster went on by the same time, to a second: all ages did. */
static bool clocks_agree(const struct triage_now *then, const struct triage_now *now)
{
	int64_t cluster_s = time_subtract(now->cluster_s, then->cluster_s);

	return llabs(cluster_s - (now->ms - then->ms) / 1000) <= 1;
}

static bool groups_are_current(const struct session *s)
{
	size_t i;

	for (i = 0; s->causes.groups && i < fleet_count(s->fleet); i++) {
		const struct cluster *cluster = fleet_at(s->fleet, i);
		const struct causes_origin *origin = &s->causes.origins[i];
		const struct triage_now now = subject_judged_at(cluster);

		if (!clocks_agree(&origin->at, &now) ||
		    !same_causes(s->causes.groups, cluster, origin->rows_revision))
			return false;
	}
	return s->causes.groups != NULL;
}

static void age_groups(struct session *s)
{
	size_t i;

	for (i = 0; i < fleet_count(s->fleet); i++) {
		const struct cluster *cluster = fleet_at(s->fleet, i);
		struct causes_origin *origin = &s->causes.origins[i];
		int64_t age_s = subject_judged_at(cluster).cluster_s - origin->at.cluster_s;

		causes_age(s->causes.groups, (unsigned)i, age_s - origin->aged_s);
		origin->aged_s = age_s;
		origin->rows_revision = cluster_status(cluster)->rows_revision;
	}
}

static bool set_origins(struct session *s)
{
	struct causes_cursor *c = &s->causes;
	size_t i, count = fleet_count(s->fleet);

	if (!ARRAY_RESERVE(c->origins, c->origin_capacity, count, CLUSTERS_MAX))
		return false;
	for (i = 0; i < count; i++)
		c->origins[i] = (struct causes_origin){
			.rows_revision = cluster_status(fleet_at(s->fleet, i))->rows_revision,
			.at = subject_judged_at(fleet_at(s->fleet, i))
		};
	return true;
}

int session_update_causes(struct session *s)
{
	struct causes *causes;

	if (!s->view.by_cause || s->view.mode == MODE_QUESTION)
		return 0;
	if (groups_are_current(s)) {
		age_groups(s);
		return 0;
	}
	causes = make_groups(s);
	if (!causes || !set_origins(s)) {
		causes_free(causes);
		return -1;
	}
	causes_free(s->causes.groups);
	s->view.causes = s->causes.groups = causes;
	prune_marks(s);
	repair_cursor(s);
	return 0;
}

void session_move_cause(struct session *s, size_t row)
{
	size_t count = s->view.causes ? causes_count(s->view.causes) : 0;

	s->view.cause_row = row < count ? row : count ? count - 1 : 0;
	if (count)
		s->causes.at = id_of(causes_at(s->view.causes, s->view.cause_row));
	session_mark_changed(s);
}

const struct cause_group *session_selected_cause(const struct session *s)
{
	if (!s->view.by_cause || !s->view.causes ||
	    s->view.cause_row >= causes_count(s->view.causes))
		return NULL;
	return causes_at(s->view.causes, s->view.cause_row);
}

size_t session_causes_top(struct session *s, size_t height)
{
	size_t count = s->view.causes ? causes_count(s->view.causes) : 0;

	s->causes.top = view_scroll(s->causes.top, s->view.cause_row, count, height);
	return s->causes.top;
}

/* --- databases of groups --------------------------------------------------------------------- */

static void add_bdbs(const struct session *s, const struct cause_group *group, struct uid_list *out)
{
	size_t i;

	for (i = 0; i < group->count; i++)
		out->uid[out->count++] = causes_bdb(s->view.causes, group, i).uid;
}

bool session_cause_is_meant(const struct session *s, const struct cause_group *group,
			    enum op_kind kind)
{
	if (group->cause.kind != kind)
		return false;
	return s->causes.mark_count ? session_cause_is_marked(s, group)
				    : group == session_selected_cause(s);
}

bool session_cause_bdbs(const struct session *s, enum op_kind kind, struct uid_list *out,
			unsigned *cluster)
{
	size_t i, most = 0, count = s->view.causes ? causes_count(s->view.causes) : 0;
	bool any = false;

	for (i = 0; i < count; i++)
		most += causes_at(s->view.causes, i)->count;
	*out = (struct uid_list){ .uid = malloc((most + 1) * sizeof(*out->uid)) };
	if (!out->uid)
		return false;
	for (i = 0; i < count; i++) {
		const struct cause_group *group = causes_at(s->view.causes, i);

		if (!session_cause_is_meant(s, group, kind) || (any && group->cluster != *cluster))
			continue;
		any = true;
		*cluster = group->cluster;
		add_bdbs(s, group, out);
	}
	qsort(out->uid, out->count, sizeof(*out->uid), int64_compare_at);
	return true;
}
