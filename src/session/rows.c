/*
 * Which databases the list shows: makes the candidates of the view from what the fleet has, anew
 * only for the rows that changed; and passes over all of them after a change of filter or order.
 */
#include "rows.h"

#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"
#include "row_reader.h"

#define ROWS_MAX 10000000

/* --- facts ------------------------------------------------------------------------------------ */

/* Each of the widths has eight bits of the facts. */
enum row_width_of { WIDTH_NAME, WIDTH_STATUS, WIDTH_ASCII_NAME, WIDTH_ASCII_STATUS };
#define WIDTH_MAX     255
#define PLAIN_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_ "

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

/* Notes the words that databases have as their status. */
static void note_status(struct row_updates *rows, const char *status)
{
	size_t i;

	for (i = 0; i < rows->status_count; i++)
		if (!strcmp(rows->statuses[i], status))
			return;
	rows->more_statuses |= i == ROW_STATUSES || strlen(status) >= sizeof(rows->statuses[0]) ||
			       strspn(status, PLAIN_LETTERS) != strlen(status);
	if (rows->more_statuses)
		return;
	strcpy(rows->statuses[rows->status_count++], status);
}

static uint64_t make_facts(const struct filter_input *input, bool needs_operator)
{
	const struct bdb *bdb = input->bdb;
	uint64_t facts = width_of(bdb->name, false) << (8 * WIDTH_NAME) |
			 width_of(bdb->state, false) << (8 * WIDTH_STATUS) |
			 width_of(bdb->name, true) << (8 * WIDTH_ASCII_NAME) |
			 width_of(bdb->state, true) << (8 * WIDTH_ASCII_STATUS);
	int kind;

	if (verdict_defs[input->finding->worst].problem)
		facts |= ROW_PROBLEM;
	if (needs_operator)
		facts |= ROW_NEEDS_OPERATOR;
	if (filter_input_is_plain(input))
		facts |= ROW_PLAIN;
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

static bool passes(const struct session *s, const struct filter *filter,
		   const struct filter_input *input)
{
	if (s->view.problems_only && !verdict_defs[input->finding->worst].problem)
		return false;
	return filter_matches(filter, input);
}

static void init_reader(struct row_reader *reader, const struct session *s,
			const struct cluster *cluster)
{
	row_reader_init(reader, s, cluster,
			filter_reads_loss(&s->view.filter) || s->view.order.column == SORT_LOSS);
}

/* --- candidates ------------------------------------------------------------------------------- */

static void make_item(struct session *s, struct row_reader *reader,
		      const struct roster_entry *entry, struct view_item *item)
{
	const struct filter_input *input = row_read(reader, entry);

	note_status(&s->rows, entry->bdb->state);

	*item = (struct view_item){
		.id = { cluster_index(reader->cluster), entry->bdb->uid },
		.rank = triage_rank(input->finding->worst),
		.generation = entry->generation,
		.keep_place = input->result_count > 0,
		.matches = passes(s, &s->view.filter, input),
		.facts = make_facts(input, reader->needs_operator),
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

		init_reader(&reader, s, fleet_at(s->fleet, i));
		for (at = 0; at < roster_count(roster); at++)
			make_item(s, &reader, roster_at(roster, at), &items[count++]);
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

static bool add_changed(struct row_updates *rows, struct bdb_id id)
{
	return ARRAY_APPEND(rows->changed, rows->changed_count, rows->changed_capacity, ROWS_MAX,
			    id);
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
		qsort(rows->changed, rows->changed_count, sizeof(*rows->changed),
		      bdb_id_compare_at);
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
			init_reader(&reader, s, cluster);
		if (entry)
			make_item(s, &reader, entry, &items[i]);
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

/* The filter that is typed need only be evaluated for rows that match the one in effect. */
static bool can_narrow(const struct session *s, const struct filter *filter)
{
	const struct row_updates *rows = &s->rows;
	size_t i;

	if (rows->more_statuses || rows->filter_changed || !filter_narrows(filter, &s->view.filter))
		return false;
	for (i = 0; i < rows->status_count; i++)
		if (filter_has_word(rows->statuses[i], filter_last_word(filter)))
			return false;
	return true;
}

static bool may_match(const struct session *s, size_t index)
{
	bool matches;
	uint64_t facts = view_facts_of(s->view.list, index, &matches);

	return matches || !(facts & ROW_PLAIN);
}

static void pass_release(struct row_pass *pass)
{
	free(pass->matches);
	*pass = (struct row_pass){ .running = false };
}

/* Begins a pass over all rows that has the filter in effect at its end. */
static int pass_start(struct session *s, const struct filter *filter)
{
	struct row_pass *pass = &s->rows.pass;
	const struct filter copy = *filter;

	pass_release(pass);
	*pass = (struct row_pass){ .running = true,
				   .filter = copy,
				   .all = !copy.terms && !s->view.problems_only,
				   .narrow = can_narrow(s, &copy),
				   .matches = malloc(view_candidates(s->view.list) + 1) };
	if (pass->matches)
		return 0;
	pass_release(pass);
	return -1;
}

/* Evaluates up to `count` rows of one cluster. */
static void pass_rows(const struct session *s, struct row_pass *pass, size_t count)
{
	const struct cluster *cluster = fleet_at(s->fleet, pass->cluster);
	const struct roster *roster = cluster_roster(cluster);
	size_t end = roster_count(roster);
	struct row_reader reader;

	row_reader_init(&reader, s, cluster, filter_reads_loss(&pass->filter));
	if (end - pass->row > count)
		end = pass->row + count;
	for (; pass->row < end; pass->row++, pass->next++)
		pass->matches[pass->next] =
			pass->all ||
			((!pass->narrow || may_match(s, pass->next)) &&
			 passes(s, &pass->filter, row_read(&reader, roster_at(roster, pass->row))));
	if (pass->row < roster_count(roster))
		return;
	pass->cluster++;
	pass->row = 0;
}

/* Continues the pass; at its end the filter takes effect. */
static int pass_continue(struct session *s, size_t count)
{
	struct row_pass *pass = &s->rows.pass;
	size_t before, clusters = fleet_count(s->fleet);
	int done;

	while (pass->cluster < clusters && count) {
		before = pass->next;
		pass_rows(s, pass, count);
		count -= pass->next - before;
	}
	if (pass->cluster < clusters)
		return 0;
	s->view.filter = pass->filter;
	done = view_filter(s->view.list, pass->matches);
	pass_release(pass);
	return done;
}

/* Evaluates the filter in effect anew. */
static int pass_filter(struct session *s)
{
	return pass_start(s, &s->view.filter) < 0 ? -1 : pass_continue(s, SIZE_MAX);
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

		init_reader(&reader, s, fleet_at(s->fleet, i));
		for (at = 0; at < roster_count(roster); at++)
			sort_key_make(&s->view.order, row_read(&reader, roster_at(roster, at)),
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
	if (rows->resort) {
		set_order(s);
		if (view_change(s->view.list, NULL, 0) < 0)
			return -1;
	}
	return rows->filter_changed ? pass_filter(s) : 0;
}

/* The rows may be others since the pass began. */
static void restart_pass(struct session *s, const struct filter *filter)
{
	if (pass_start(s, filter) < 0)
		s->rows.all = true;
}

int rows_update(struct session *s)
{
	struct row_updates *rows = &s->rows;
	const struct filter typed = rows->pass.filter;
	bool running = rows->pass.running;

	pass_release(&rows->pass);

	/* an update that is not complete leaves all rows to the next one */
	if (update(s) < 0) {
		rows->all = true;
		return -1;
	}
	rows->all = false;
	if (can_pass(s))
		rows->filter_changed = rows->order_changed = false;
	if (running)
		restart_pass(s, &typed);
	return 0;
}

int rows_type_filter(struct session *s, const struct filter *filter)
{
	if (rows_update(s) < 0 || pass_start(s, filter) < 0)
		return -1;
	return pass_continue(s, s->rows.slice);
}

int rows_continue(struct session *s)
{
	return s->rows.pass.running ? pass_continue(s, s->rows.slice) : 0;
}

void rows_stop(struct session *s)
{
	pass_release(&s->rows.pass);
}

void rows_release(struct row_updates *rows)
{
	pass_release(&rows->pass);
	free(rows->revisions);
	free(rows->changed);
}
