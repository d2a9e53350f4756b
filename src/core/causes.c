#include "bdbtop/core/causes.h"

#include <stdlib.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/loss.h"

#define ENTRIES_MAX 3000000 /* a million databases with three operations */

/* The problem of one operation of one database. */
struct cause_entry {
	struct cause cause;
	struct bdb_id id;
	int64_t since_s, age_s, loss_s;
	bool at_least;
	bool is_worst; /* of its database */
	size_t place;  /* in the order of adding */
};

struct causes {
	struct cause_entry *entries; /* once grouped: by cluster, cause and uid */
	size_t entry_count, entry_capacity;
	struct cause_group *groups;
	size_t group_count, group_capacity;
};

struct causes *causes_new(void)
{
	return calloc(1, sizeof(struct causes));
}

void causes_free(struct causes *causes)
{
	if (!causes)
		return;
	free(causes->entries);
	free(causes->groups);
	free(causes);
}

void causes_clear(struct causes *causes)
{
	causes->entry_count = causes->group_count = 0;
}

/* --- the entries ----------------------------------------------------------------------------- */

/* A late backup is late since it was due, one beyond the rpo since its loss window is above it; one
 * that never succeeded has no such time. */
static void set_overdue_since(struct cause_entry *out, const struct finding *finding, int64_t now_s)
{
	const struct backup_due *due = &finding->due;

	if (due->never_succeeded)
		return;
	if (!due->overdue) {
		out->age_s = time_subtract(finding->loss_s, finding->rpo_s);
		out->since_s = time_subtract(now_s, out->age_s);
		return;
	}
	out->since_s = due->due_s;
	out->age_s = due->overdue_s;
}

static void set_since(struct cause_entry *out, const struct roster_entry *entry,
		      const struct finding *finding, const struct triage_now *now)
{
	const struct op_finding *op = &finding->op[out->cause.kind];
	enum since_source source;
	const struct moment *since;

	out->age_s = -1;
	if (out->cause.state == VERDICT_OVERDUE) {
		set_overdue_since(out, finding, now->cluster_s);
		return;
	}
	if (out->cause.state == VERDICT_STALLED) {
		out->age_s = op->still_s;
		out->since_s = now->cluster_s - op->still_s;
		return;
	}
	since = triage_since(entry, out->cause.kind, &source);
	out->age_s = now->ms > since->ms ? (now->ms - since->ms) / 1000 : 0;
	out->since_s = since->wall_ms / 1000;
	out->at_least = since_is_at_least(source);
}

int causes_add(struct causes *causes, struct bdb_id id, const struct roster_entry *entry,
	       const struct filter_input *input, const struct triage_now *now)
{
	const struct finding *finding = input->finding;
	const size_t place = causes->entry_count;
	struct cause_entry *out;
	struct cause cause;
	int kind;

	for (kind = 0; kind < OP_KINDS; kind++) {
		if (!cause_find(input, (enum op_kind)kind, &cause))
			continue;
		if (!ARRAY_APPEND(causes->entries, causes->entry_count, causes->entry_capacity,
				  ENTRIES_MAX, (struct cause_entry){ .cause = cause, .id = id }))
			return -1;
		out = &causes->entries[causes->entry_count - 1];
		out->place = place;
		out->loss_s = kind == OP_BACKUP ? finding->loss_s : LOSS_NONE;
		out->is_worst = cause.state == finding->worst && cause.kind == finding->worst_kind;
		set_since(out, entry, finding, now);
	}
	return 0;
}

/* --- the groups ------------------------------------------------------------------------------ */

static int compare_group(unsigned cluster, const struct cause *cause, unsigned other_cluster,
			 const struct cause *other)
{
	if (cluster != other_cluster)
		return cluster < other_cluster ? -1 : 1;
	return cause_compare(cause, other);
}

static int entries_by_group(const void *left, const void *right)
{
	const struct cause_entry *a = left, *b = right;
	int order = compare_group(a->id.cluster, &a->cause, b->id.cluster, &b->cause);

	return order ? order : bdb_id_compare(&a->id, &b->id);
}

static int groups_by_rank(const void *left, const void *right)
{
	const struct cause_group *a = left, *b = right;

	if (a->cause.state != b->cause.state)
		return a->cause.state < b->cause.state ? -1 : 1;
	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return compare_group(a->cluster, &a->cause, b->cluster, &b->cause);
}

/* The entries from `first` on that have one cause. */
static size_t count_equal(const struct causes *causes, size_t first)
{
	const struct cause_entry *one = &causes->entries[first], *other = one + 1;
	const struct cause_entry *end = causes->entries + causes->entry_count;

	while (other < end &&
	       !compare_group(one->id.cluster, &one->cause, other->id.cluster, &other->cause))
		other++;
	return (size_t)(other - one);
}

static void set_group(struct cause_group *group, const struct cause_entry *entries)
{
	const struct cause_entry *entry;
	struct loss_sum loss;
	bool has_sample = false;

	group->place = entries->place;
	loss_sum_init(&loss);
	group->age_s = -1;
	group->sample = entries->id;
	for (entry = entries; entry < entries + group->count; entry++) {
		loss_sum_add(&loss, entry->loss_s);
		if (entry->place < group->place)
			group->place = entry->place;
		if (entry->is_worst && !has_sample)
			group->sample = entry->id;
		has_sample |= entry->is_worst;
		if (entry->age_s < 0 || entry->age_s < group->age_s ||
		    (entry->age_s == group->age_s && !entry->at_least))
			continue;
		group->age_s = entry->age_s;
		group->since_s = entry->since_s;
		group->at_least = entry->at_least;
	}
	group->loss_s = group->cause.kind == OP_BACKUP ? loss.worst_s : LOSS_NONE;
}

int causes_group(struct causes *causes)
{
	size_t at, count;

	causes->group_count = 0;
	if (causes->entry_count)
		qsort(causes->entries, causes->entry_count, sizeof(*causes->entries),
		      entries_by_group);
	for (at = 0; at < causes->entry_count; at += count) {
		const struct cause_entry *first = &causes->entries[at];

		count = count_equal(causes, at);
		if (!ARRAY_APPEND(causes->groups, causes->group_count, causes->group_capacity,
				  ENTRIES_MAX,
				  (struct cause_group){ .cause = first->cause,
							.cluster = first->id.cluster,
							.first = at,
							.count = count }))
			return -1;
		set_group(&causes->groups[causes->group_count - 1], first);
	}
	if (causes->group_count)
		qsort(causes->groups, causes->group_count, sizeof(*causes->groups), groups_by_rank);
	return 0;
}

void causes_age(struct causes *causes, unsigned cluster, int64_t by_s)
{
	size_t i;

	for (i = 0; i < causes->group_count; i++) {
		struct cause_group *group = &causes->groups[i];

		if (group->cluster != cluster)
			continue;
		if (group->age_s >= 0)
			group->age_s = time_add(group->age_s, by_s);
		if (loss_is_time(group->loss_s))
			group->loss_s = time_add(group->loss_s, by_s);
	}
}

static int groups_by_place(const void *left, const void *right)
{
	const struct cause_group *a = left, *b = right;

	if (a->place != b->place)
		return a->place < b->place ? -1 : 1;
	return groups_by_rank(left, right);
}

void causes_sort_as_added(struct causes *causes)
{
	if (causes->group_count)
		qsort(causes->groups, causes->group_count, sizeof(*causes->groups),
		      groups_by_place);
}

size_t causes_count(const struct causes *causes)
{
	return causes->group_count;
}

const struct cause_group *causes_at(const struct causes *causes, size_t index)
{
	return &causes->groups[index];
}

const struct cause_group *causes_find(const struct causes *causes, unsigned cluster,
				      const struct cause *cause, size_t *index)
{
	size_t i;

	for (i = 0; i < causes->group_count; i++) {
		const struct cause_group *group = &causes->groups[i];

		if (compare_group(cluster, cause, group->cluster, &group->cause) != 0)
			continue;
		if (index)
			*index = i;
		return group;
	}
	return NULL;
}

struct bdb_id causes_bdb(const struct causes *causes, const struct cause_group *group, size_t index)
{
	return causes->entries[group->first + index].id;
}
