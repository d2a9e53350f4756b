/*
 * What filter, order and view read of a row: its record and finding, results and past causes.
 */
#include "row_reader.h"

#include "bdbtop/core/text.h"
#include "bdbtop/session/subject.h"

void row_reader_init(struct row_reader *reader, const struct session *s,
		     const struct cluster *cluster, bool reads_times)
{
	reader->session = s;
	reader->cluster = cluster;
	reader->now_s = cluster_now_s(cluster);
	reader->noted_known = false;
	reader->reads_times = reads_times;
}

static bool is_noted(struct row_reader *reader, int64_t uid)
{
	if (!reader->noted_known || uid > reader->noted_uid) {
		reader->noted_uid = uid - 1;
		cluster_next_noted(reader->cluster, &reader->noted_uid);
		reader->noted_known = true;
	}
	return uid == reader->noted_uid;
}

/* A screen shows a result in one of three widths, and the user may type what any of them shows. */
static void read_result(struct row_reader *reader, const struct cluster_result *result, size_t i)
{
	struct fact shown;
	struct text text;
	int width;

	text_init(&text, reader->words[i], RESULT_WORDS);
	for (width = ROW_FULL; width >= ROW_LETTERS; width--) {
		row_format_result(&shown, result, (enum row_width)width, reader->session->now.ms);
		text_addf(&text, "%s  ", shown.text);
	}
	reader->results[i] = (struct filter_result){
		.outcome = result->reset ? bulk_outcome_defs[bulk_outcome_of(result->reset)].word
					 : NULL,
		.text = reader->words[i]
	};
}

static void read_notes(struct row_reader *reader, int64_t uid)
{
	struct filter_input *input = &reader->input;
	struct cluster_result result[RESULTS_MAX];
	size_t i;

	input->results = reader->results;
	input->result_count = cluster_results(reader->cluster, uid, result, RESULTS_MAX);
	input->result_rank = input->result_count ? (int)cluster_result_rank(&result[0]) : 0;
	for (i = 0; i < input->result_count; i++)
		read_result(reader, &result[i], i);
	reader->needs_operator = cluster_needs_operator(reader->cluster, uid);
	subject_add_past_reasons(input, reader->cluster);
}

/* What grows each second is computed only if it is read. */
static const struct finding *finding_of(const struct row_reader *reader,
					const struct roster_entry *entry)
{
	return reader->reads_times ? cluster_finding_of(reader->cluster, entry)
				   : cluster_state_of(reader->cluster, entry);
}

const struct filter_input *row_read(struct row_reader *reader, const struct roster_entry *entry)
{
	const int64_t uid = entry->bdb->uid;

	reader->input = (struct filter_input){ .bdb = entry->bdb,
					       .finding = finding_of(reader, entry),
					       .op_since = entry->op_since,
					       .is_unlisted = !roster_entry_is_listed(entry),
					       .now_s = reader->now_s };
	if (reader->session->wants_bdb_info)
		reader->input.bdb_info = cluster_bdb_info(reader->cluster, uid);
	reader->needs_operator = false;
	if (is_noted(reader, uid))
		read_notes(reader, uid);
	return &reader->input;
}
