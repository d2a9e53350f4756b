/*
 * Which databases the list shows: makes the candidates of the view from what the fleet has, anew
 * only for the rows that changed; and passes over all of them after a change of filter or order.
 */
#include "rows.h"

#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"
#include "bdbtop/session/row.h"

#define ROWS_MAX 10000000

/* --- facts ------------------------------------------------------------------------------------ */

/* Each of the widths has eight bits of the facts. */
enum row_width_of { WIDTH_NAME, WIDTH_STATUS, WIDTH_ASCII_NAME, WIDTH_ASCII_STATUS };
#define WIDTH_MAX 255

/* Names are mostly printable ASCII, which needs no safe text: there may be thousands. */
static uint64_t width_of(const char *raw, bool ascii)
{
	char safe[256];
	const char *at = raw;
	int width;

	while (*at >= ' ' && *at <= '~')
		at++;
	width = *at ? text_width(text_safe(safe, sizeof(safe), raw, ascii)) : (int)(at - raw);
	return (uint64_t)(width < WIDTH_MAX ? width : WIDTH_MAX);
}

static uint64_t make_facts(const struct bdb *bdb, const struct finding *finding, bool results_ended)
{
	uint64_t facts = width_of(bdb->name, false) << (8 * WIDTH_NAME) |
			 width_of(bdb->state, false) << (8 * WIDTH_STATUS) |
			 width_of(bdb->name, true) << (8 * WIDTH_ASCII_NAME) |
			 width_of(bdb->state, true) << (8 * WIDTH_ASCII_STATUS);
	int kind;

	if (verdict_defs[finding->worst].problem)
		facts |= ROW_PROBLEM;
	if (results_ended)
		facts |= ROW_NEEDS_OPERATOR;
	for (kind = 0; kind < OP_KINDS; kind++)
		if (bdb->op[kind].phase == OP_FAILED)
			facts |= row_failed((enum op_kind)kind);
	return facts;
}

static void count_widths(struct row_updates *rows, uint64_t facts, int by)
{
	int which;

	for (which = 0; which < ROW_WIDTHS; which++)
		rows->width_counts[which][(facts >> (8 * which)) & WIDTH_MAX] += (size_t)by;
}

static int max_width(const struct row_updates *rows, enum row_width_of which)
{
	int width = WIDTH_MAX;

	while (width && !rows->width_counts[which][width])
		width--;
	return width;
}

int session_name_width(const struct session *s, bool ascii)
{
	return max_width(&s->rows, ascii ? WIDTH_ASCII_NAME : WIDTH_NAME);
}

int session_status_width(const struct session *s, bool ascii)
{
	return max_width(&s->rows, ascii ? WIDTH_ASCII_STATUS : WIDTH_STATUS);
}

/* --- what the filter reads -------------------------------------------------------------------- */

/* At most so many results of a row are searched. */
#define RESULTS_MAX  4
#define RESULT_WORDS (3 * sizeof(((struct fact *)0)->text))

/* Reads the rows of one cluster, best in the order of the roster. */
struct row_reader {
	const struct session *session;
	const struct cluster *cluster;
	int64_t now_s;
	int64_t noted_uid; /* at or above the row: the next with results or past causes */
	bool noted_known;
	bool reads_times;
	struct filter_input input;
	bool needs_operator;
	struct filter_result results[RESULTS_MAX];
	char words[RESULTS_MAX][RESULT_WORDS];
};

static void reader_init(struct row_reader *reader, const struct session *s,
			const struct cluster *cluster)
{
	reader->session = s;
	reader->cluster = cluster;
	reader->now_s = cluster_now_s(cluster);
	reader->noted_known = false;
	reader->reads_times =
		filter_depends_on_time(&s->view.filter) || s->view.order.column == SORT_LOSS;
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
	int kind;

	input->results = reader->results;
	input->result_count = cluster_results(reader->cluster, uid, result, RESULTS_MAX);
	input->result_rank = input->result_count ? (int)cluster_result_rank(&result[0]) : 0;
	for (i = 0; i < input->result_count; i++)
		read_result(reader, &result[i], i);
	reader->needs_operator = cluster_needs_operator(reader->cluster, uid);
	for (kind = 0; kind < OP_KINDS; kind++) {
		const struct past_cause *cause =
			cluster_past_cause(reader->cluster, uid, (enum op_kind)kind);

		input->past_reason[kind] = cause ? cause->reason : NULL;
	}
}

/* What grows each second is computed only if it is read. */
static const struct finding *finding_of(const struct row_reader *reader,
					const struct roster_entry *entry)
{
	return reader->reads_times ? cluster_finding_of(reader->cluster, entry)
				   : cluster_state_of(reader->cluster, entry);
}

static const struct filter_input *read_row(struct row_reader *reader,
					   const struct roster_entry *entry)
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

static bool passes_filter(const struct session *s, const struct filter_input *input)
{
	if (s->view.problems_only && !verdict_defs[input->finding->worst].problem)
		return false;
	return filter_matches(&s->view.filter, input);
}

/* --- candidates ------------------------------------------------------------------------------- */

static void make_item(struct row_reader *reader, const struct roster_entry *entry,
		      struct view_item *item)
{
	const struct session *s = reader->session;
	const struct filter_input *input = read_row(reader, entry);

	*item = (struct view_item){
		.id = { cluster_index(reader->cluster), entry->bdb->uid },
		.rank = triage_rank(input->finding->worst),
		.generation = entry->generation,
		.keep_place = input->result_count > 0,
		.matches = passes_filter(s, input),
		.facts = make_facts(entry->bdb, input->finding, reader->needs_operator),
	};
	sort_key_make(&s->view.order, input, &item->key);
}

static size_t count_rows(const struct session *s)
{
	size_t i, count = 0;

	for (i = 0; i < fleet_count(s->fleet); i++)
		count += roster_count(cluster_roster(fleet_at(s->fleet, i)));
	return count;
}

/* Only the update that has the new order may sort by it. */
static void set_order(struct session *s)
{
	view_reverse(s->view.list, s->view.order.reversed);
	if (s->rows.resort)
		view_resort(s->view.list);
	s->rows.resort = false;
}

/* All rows; the memory for them is needed only now. */
static int update_all(struct session *s)
{
	struct row_updates *rows = &s->rows;
	size_t all = count_rows(s), count = 0, i, at;
	struct view_item *items = malloc((all + 1) * sizeof(*items));
	struct row_reader reader;
	int done;

	if (!items)
		return -1;
	for (i = 0; i < fleet_count(s->fleet); i++) {
		const struct roster *roster = cluster_roster(fleet_at(s->fleet, i));

		reader_init(&reader, s, fleet_at(s->fleet, i));
		for (at = 0; at < roster_count(roster); at++)
			make_item(&reader, roster_at(roster, at), &items[count++]);
	}
	set_order(s);
	done = view_update(s->view.list, items, count);
	if (!done) {
		memset(rows->width_counts, 0, sizeof(rows->width_counts));
		for (at = 0; at < count; at++)
			count_widths(rows, items[at].facts, 1);
	}
	free(items);
	return done;
}

/* --- rows that changed ------------------------------------------------------------------------ */

static int by_id(const void *left, const void *right)
{
	return bdb_id_compare(left, right);
}

static bool add_changed(struct row_updates *rows, struct bdb_id id)
{
	if (!ARRAY_RESERVE(rows->changed, rows->changed_capacity, rows->changed_count + 1,
			   ROWS_MAX))
		return false;
	rows->changed[rows->changed_count++] = id;
	return true;
}

/* The words of a result count down, so such rows count as changed. */
static bool add_kept(struct session *s)
{
	struct bdb_id id;
	size_t index = 0;

	while (view_next_kept(s->view.list, &index, &id))
		if (!add_changed(&s->rows, id))
			return false;
	return true;
}

static bool add_changed_of(struct row_updates *rows, const struct cluster *cluster, uint64_t since)
{
	const int64_t *uids;
	size_t i, count;

	if (!cluster_row_changes(cluster, since, &uids, &count))
		return false;
	for (i = 0; i < count; i++)
		if (!add_changed(rows, (struct bdb_id){ cluster_index(cluster), uids[i] }))
			return false;
	return true;
}

/* Collects the rows that changed, each once and in order; false: any may have changed. */
static bool collect_changed(struct session *s)
{
	struct row_updates *rows = &s->rows;
	size_t i, kept = 0;

	rows->changed_count = 0;
	if (rows->cluster_count != fleet_count(s->fleet))
		return false;
	for (i = 0; i < rows->cluster_count; i++)
		if (!add_changed_of(rows, fleet_at(s->fleet, i), rows->revisions[i]))
			return false;
	if (!add_kept(s))
		return false;
	if (rows->changed_count)
		qsort(rows->changed, rows->changed_count, sizeof(*rows->changed), by_id);
	for (i = 0; i < rows->changed_count; i++)
		if (!kept || bdb_id_compare(&rows->changed[kept - 1], &rows->changed[i]) != 0)
			rows->changed[kept++] = rows->changed[i];
	rows->changed_count = kept;
	return true;
}

static void make_changed(struct session *s, struct view_item *items)
{
	struct row_updates *rows = &s->rows;
	struct row_reader reader = { .cluster = NULL };
	size_t i;

	for (i = 0; i < rows->changed_count; i++) {
		struct bdb_id id = rows->changed[i];
		const struct cluster *cluster = fleet_at(s->fleet, id.cluster);
		const struct roster_entry *entry = roster_find(cluster_roster(cluster), id.uid);

		if (cluster != reader.cluster)
			reader_init(&reader, s, cluster);
		if (entry)
			make_item(&reader, entry, &items[i]);
		else
			items[i] = (struct view_item){ .id = id, .gone = true };
	}
}

static void recount_widths(struct session *s, const struct view_item *items)
{
	size_t i;
	uint64_t facts;

	for (i = 0; i < s->rows.changed_count; i++) {
		if (view_facts(s->view.list, items[i].id, &facts))
			count_widths(&s->rows, facts, -1);
		if (!items[i].gone)
			count_widths(&s->rows, items[i].facts, 1);
	}
}

static int update_changed(struct session *s)
{
	struct view_item *items = malloc((s->rows.changed_count + 1) * sizeof(*items));
	int done;

	if (!items)
		return -1;
	make_changed(s, items);
	recount_widths(s, items);
	done = view_change(s->view.list, items, s->rows.changed_count);
	free(items);
	return done;
}

/* --- passes over all rows --------------------------------------------------------------------- */

/* Evaluates the filter for all rows. */
static int pass_filter(struct session *s)
{
	unsigned char *matches = malloc(view_candidates(s->view.list) + 1);
	struct row_reader reader;
	size_t i, at, count = 0;
	int done;

	if (!matches)
		return -1;
	for (i = 0; i < fleet_count(s->fleet); i++) {
		const struct roster *roster = cluster_roster(fleet_at(s->fleet, i));

		reader_init(&reader, s, fleet_at(s->fleet, i));
		for (at = 0; at < roster_count(roster); at++)
			matches[count++] =
				passes_filter(s, read_row(&reader, roster_at(roster, at)));
	}
	done = view_filter(s->view.list, matches);
	free(matches);
	return done;
}

/* Makes the sort keys of all rows. */
static int pass_order(struct session *s)
{
	struct sort_key *keys = malloc((view_candidates(s->view.list) + 1) * sizeof(*keys));
	struct row_reader reader;
	size_t i, at, count = 0;
	int done;

	if (!keys)
		return -1;
	for (i = 0; i < fleet_count(s->fleet); i++) {
		const struct roster *roster = cluster_roster(fleet_at(s->fleet, i));

		reader_init(&reader, s, fleet_at(s->fleet, i));
		for (at = 0; at < roster_count(roster); at++)
			sort_key_make(&s->view.order, read_row(&reader, roster_at(roster, at)),
				      &keys[count++]);
	}
	set_order(s);
	done = view_sort_by(s->view.list, keys);
	free(keys);
	return done;
}

/* --- all -------------------------------------------------------------------------------------- */

static bool set_revisions(struct session *s)
{
	struct row_updates *rows = &s->rows;
	size_t i, count = fleet_count(s->fleet);

	if (!ARRAY_RESERVE(rows->revisions, rows->revision_capacity, count, ROWS_MAX))
		return false;
	for (i = 0; i < count; i++)
		rows->revisions[i] = cluster_status(fleet_at(s->fleet, i))->rows_revision;
	rows->cluster_count = count;
	return true;
}

/* While the rows are frozen, the view has other candidates than the fleet. */
static bool can_pass(const struct session *s)
{
	return s->view.mode != MODE_QUESTION;
}

static int update(struct session *s)
{
	struct row_updates *rows = &s->rows;
	bool all = rows->all || !collect_changed(s);
	bool later = s->view_revision != fleet_revision(s->fleet);

	if (!all && update_changed(s) < 0)
		return -1;
	/* passes rely on candidates that are the records of the fleet */
	all |= can_pass(s) && view_candidates(s->view.list) != count_rows(s);
	if ((all && update_all(s) < 0) || !set_revisions(s))
		return -1;
	if (all)
		return 0;
	/* time alone changes these */
	rows->filter_changed |= later && filter_depends_on_time(&s->view.filter);
	rows->order_changed |= later && s->view.order.column == SORT_LOSS;
	if (!can_pass(s))
		return 0;
	if (rows->order_changed && pass_order(s) < 0)
		return -1;
	return rows->filter_changed ? pass_filter(s) : 0;
}

int rows_update(struct session *s)
{
	struct row_updates *rows = &s->rows;

	/* an update that is not complete leaves all rows to the next one */
	if (update(s) < 0) {
		rows->all = true;
		return -1;
	}
	rows->all = false;
	if (can_pass(s))
		rows->filter_changed = rows->order_changed = false;
	return 0;
}

void rows_release(struct row_updates *rows)
{
	free(rows->revisions);
	free(rows->changed);
}
