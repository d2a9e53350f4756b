#include "bdbtop/session/subject.h"

#define SLACK_S 2 /* two clocks read in full seconds may differ by this */

/* The time of the newest event of the operation if it is about this failure: it is more exact than
 * that of the poll.  0: none. */
static int64_t find_failure_event(const struct cluster *cluster, const struct roster_entry *entry,
				  enum op_kind kind)
{
	const struct cluster_data *data = &cluster_detail(cluster)->data;
	int64_t skew_s = cluster_status(cluster)->skew_s;
	int64_t every_s = cluster_setup(cluster)->interval_ms / 1000;
	enum since_source how;
	int64_t since_s = triage_since(entry, kind, &how)->wall_ms / 1000;
	size_t i;

	for (i = 0; i < data->event_count; i++) {
		const struct event *event = &data->events[i];
		int64_t before_s = time_subtract(time_add(since_s, skew_s), event->time_s);

		if (event->class == EVENT_OTHER || event->kind != kind)
			continue;
		return event->class == EVENT_FAILED && before_s >= -SLACK_S &&
				       before_s <= every_s + SLACK_S
			       ? event->time_s
			       : 0;
	}
	return 0;
}

static int64_t find_node(const struct cluster *cluster, int64_t shard)
{
	const struct cluster_data *data = &cluster_detail(cluster)->data;
	size_t i;

	for (i = 0; shard && i < data->shard_count; i++)
		if (data->shards[i].uid == shard)
			return data->shards[i].node;
	return 0;
}

void subject_init(struct describe_subject *subject, const struct cluster *cluster,
		  const struct roster_entry *entry)
{
	const int64_t uid = entry->bdb->uid;
	bool has_detail = cluster_detail(cluster)->uid == uid;
	int kind;

	*subject = (struct describe_subject){ .entry = entry,
					      .finding = cluster_finding(cluster, uid),
					      .stall_ms = cluster_setup(cluster)->stall_ms,
					      .now_s = cluster_now_s(cluster) };
	for (kind = 0; kind < OP_KINDS; kind++) {
		const enum op_kind of = (enum op_kind)kind;

		subject->op[kind].cleared =
			cluster_has_clear_retry(cluster, uid, of, &subject->op[kind].retried_s);
		subject->op[kind].past_cause = cluster_past_cause(cluster, uid, of);
		if (!has_detail)
			continue;
		subject->op[kind].failed_s = find_failure_event(cluster, entry, of);
		subject->op[kind].silent_node =
			find_node(cluster, entry->op_since[kind].silent_shard);
	}
	subject->delay_alert = cluster_has_delay_alert(cluster, uid, &subject->delay_alert_s);
}

void subject_describe(struct description *words, const struct describe_subject *subject,
		      const struct describe_style *style)
{
	int kind;

	words->count = 0;
	for (kind = 0; subject->finding && kind < OP_KINDS; kind++)
		describe_op(words, subject, (enum op_kind)kind, style);
}

struct filter_input subject_filter_input(const struct cluster *cluster,
					 const struct roster_entry *entry)
{
	return (struct filter_input){ .bdb = entry->bdb,
				      .finding = cluster_finding_of(cluster, entry),
				      .op_since = entry->op_since,
				      .now_s = cluster_now_s(cluster) };
}

void subject_add_past_reasons(struct filter_input *input, const struct cluster *cluster)
{
	int kind;

	for (kind = 0; kind < OP_KINDS; kind++) {
		const struct past_cause *cause =
			cluster_past_cause(cluster, input->bdb->uid, (enum op_kind)kind);

		input->past_reason[kind] = cause ? cause->reason : NULL;
	}
}

struct triage_now subject_judged_at(const struct cluster *cluster)
{
	return (struct triage_now){ cluster_status(cluster)->list_at.ms, cluster_now_s(cluster) };
}

int subject_add_causes(struct causes *causes, const struct cluster *cluster,
		       const struct roster_entry *entry)
{
	const struct bdb_id id = { cluster_index(cluster), entry->bdb->uid };
	const struct filter_input input = subject_filter_input(cluster, entry);
	const struct triage_now now = subject_judged_at(cluster);

	return causes_add(causes, id, entry, &input, &now);
}

void subject_brief_step(char out[FACT_TEXT], const struct cluster *cluster,
			const struct cause_group *group)
{
	const struct roster_entry *entry = roster_find(cluster_roster(cluster), group->sample.uid);
	struct describe_subject subject;

	*out = '\0';
	if (!entry)
		return;
	subject_init(&subject, cluster, entry);
	describe_brief_step(out, &subject, group->cause.kind, group->cause.state, group->count > 1);
}
