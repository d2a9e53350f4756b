#include "export_internal.h"

#include <stdio.h>

#include "bdbtop/session/subject.h"

#define SHOWN_BYTES 4096 /* of one text on a terminal */

void export_put_text(bool terminal, FILE *out, const char *raw, export_escape_fn *escape_of)
{
	char shown[SHOWN_BYTES];
	const char *text = terminal ? text_safe(shown, sizeof(shown), raw, false) : raw;
	uint32_t code;
	size_t bytes;

	for (; *text; text += bytes ? bytes : 1) {
		const char *escape = escape_of(*text);

		bytes = text_decode(text, &code);
		if (escape || !bytes)
			fputs(escape ? escape : TEXT_REPLACEMENT, out);
		else
			fwrite(text, 1, bytes, out);
	}
}

const struct err *export_failure(const struct export_job *job, const struct cluster *cluster)
{
	const struct cluster_status *status = cluster_status(cluster);

	if (status->conn == CONN_OK)
		return NULL;
	return *status->error.text || !job->failure ? &status->error : job->failure;
}

bool export_unreadable(const struct cluster *cluster, char out[EXPORT_WARNING_SIZE])
{
	const size_t count = cluster_status(cluster)->unreadable;

	if (count)
		snprintf(out, EXPORT_WARNING_SIZE,
			 "%s: %zu element%s of the list %s and %s not shown.",
			 cluster_setup(cluster)->name, count, count == 1 ? "" : "s",
			 count == 1 ? "is not a database" : "are not databases",
			 count == 1 ? "is" : "are");
	return count > 0;
}

bool export_bdb_info_error(const struct cluster *cluster, struct err *out)
{
	const struct err *error;

	cluster_bdb_info_is_complete(cluster, &error);
	if (error)
		err_set_code(out, error->code, error->class,
			     "modules, tags and sizes, which the filter, the columns or an rpo_tag "
			     "need, could not be read: %s",
			     error->text);
	return error != NULL;
}

const struct roster_entry *export_row(const struct export_job *job, size_t row,
				      const struct cluster **cluster)
{
	struct bdb_id id = view_at(job->view->list, row);

	*cluster = fleet_at(job->view->fleet, id.cluster);
	return roster_find(cluster_roster(*cluster), id.uid);
}

bool export_bdb_describe(struct export_bdb *out, const struct cluster *cluster,
			 const struct roster_entry *entry)
{
	/* not that of a sentence on the screen, which may name a key */
	const struct describe_style style = { .form = DESCRIBE_LONG };
	struct describe_subject subject;
	struct description words;
	int kind;

	if (!entry)
		return false;
	subject_init(&subject, cluster, entry);
	if (!subject.finding)
		return false;
	out->subject = (struct list_subject){ .cluster = cluster_setup(cluster)->name,
					      .entry = entry,
					      .finding = subject.finding };
	for (kind = 0; kind < OP_KINDS; kind++) {
		const struct fact *step;

		words.count = 0;
		describe_next_steps(&words, &subject, (enum op_kind)kind, &style);
		step = description_find(&words, (enum op_kind)kind, FACT_NEXT_STEP);
		snprintf(out->next_step[kind], FACT_TEXT, "%s", step ? step->text : "");
		out->subject.next_step[kind] = out->next_step[kind];
	}
	return true;
}

bool export_bdb_init(struct export_bdb *out, const struct export_job *job, size_t row)
{
	const struct cluster *cluster;
	const struct roster_entry *entry = export_row(job, row, &cluster);

	return export_bdb_describe(out, cluster, entry);
}

void export_cause_init(struct export_cause *out, const struct export_job *job, size_t index)
{
	const struct cause_group *group = causes_at(job->causes, index);

	out->group = group;
	out->cluster = fleet_at(job->view->fleet, group->cluster);
	/* what began before the first poll began at an unknown time */
	out->since_s = group->age_s >= 0 && !group->at_least ? group->since_s : -1;
	subject_brief_step(out->next_step, out->cluster, group);
}
