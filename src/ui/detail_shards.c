/*
 * The progress of each shard, from the shards themselves and from the pending operations of an
 * action.
 */
#include "detail_internal.h"

#include <stdio.h>
#include <stdlib.h>

#include "bdbtop/core/text.h"

#define BAR	16
#define GAP	3
#define MAX_BARS 12 /* of more shards those with the lowest percent */

struct progress {
	int64_t shard;
	double percent;
};
struct progress_list {
	struct progress items[MAX_BARS];
	size_t count, skipped;
	double lowest; /* lowest percent of the skipped ones */
};

/* The percent of a shard in an operation (`backup` and `loading` of the API's shard object). */
static double percent_of(const struct shard *shard, enum op_kind kind)
{
	return kind == OP_IMPORT ? shard->loading_percent : shard->backup_percent;
}

static int by_percent(const struct progress *a, const struct progress *b)
{
	if (a->percent != b->percent)
		return a->percent < b->percent ? -1 : 1;
	return a->shard < b->shard ? -1 : a->shard > b->shard;
}

static int by_shard(const void *left, const void *right)
{
	const struct progress *a = left, *b = right;

	return a->shard < b->shard ? -1 : a->shard > b->shard;
}

static void skip_shard(struct progress_list *all, const struct progress *one)
{
	if (!all->skipped++ || one->percent < all->lowest)
		all->lowest = one->percent;
}

/* Adds a shard unless it is listed; a full list skips the one with the highest percent. */
static void add_progress(struct progress_list *all, struct progress one)
{
	size_t i, far = 0;

	for (i = 0; i < all->count; i++) {
		if (all->items[i].shard == one.shard)
			return;
		if (by_percent(&all->items[i], &all->items[far]) > 0)
			far = i;
	}
	if (all->count < MAX_BARS) {
		all->items[all->count++] = one;
		return;
	}
	if (by_percent(&one, &all->items[far]) < 0) {
		struct progress dropped = all->items[far];

		all->items[far] = one;
		one = dropped;
	}
	skip_shard(all, &one);
}

static void add_shards(const struct detail_pane *pane, enum op_kind kind, struct progress_list *all)
{
	const struct cluster_data *data = &pane->detail->data;
	size_t i;

	for (i = 0; i < data->shard_count; i++)
		if (percent_of(&data->shards[i], kind) >= 0)
			add_progress(all, (struct progress){
						  .shard = data->shards[i].uid,
						  .percent = percent_of(&data->shards[i], kind) });
}

/* The action has the operation in its name, or no other operation runs. */
static bool is_about(const struct detail_pane *pane, const struct action *action, enum op_kind kind)
{
	int other, running = 0;

	if (!action->running)
		return false;
	if (text_contains(action->name, op_defs[kind].word))
		return true;
	for (other = 0; other < OP_KINDS; other++) {
		running += pane->summary.bdb->op[other].phase == OP_RUNNING;
		if (text_contains(action->name, op_defs[other].word))
			return false;
	}
	return running == 1;
}

static void add_pending(const struct detail_pane *pane, enum op_kind kind,
			struct progress_list *all)
{
	const struct cluster_data *data = &pane->detail->data;
	size_t i, op;

	for (i = 0; i < data->action_count; i++) {
		const struct action *action = &data->actions[i];

		for (op = 0; op < action->op_count && is_about(pane, action, kind); op++)
			if (action->ops[op].shard && action->ops[op].percent >= 0)
				add_progress(all, (struct progress){
							  .shard = action->ops[op].shard,
							  .percent = action->ops[op].percent });
	}
}

/* Shards report backup and export in the same field: if both run, only the backup shows it. */
static bool is_first(const struct detail_pane *pane, enum op_kind kind)
{
	const struct op *op = pane->summary.bdb->op;

	return op[kind].phase == OP_RUNNING &&
	       (kind != OP_EXPORT || op[OP_BACKUP].phase != OP_RUNNING);
}

bool detail_has_bars(const struct detail_pane *pane)
{
	struct progress_list all = { .count = 0 };
	int kind;

	for (kind = 0; kind < OP_KINDS; kind++)
		if (is_first(pane, (enum op_kind)kind))
			add_shards(pane, (enum op_kind)kind, &all);
	return all.count > 0;
}

static int id_width(const struct progress_list *all)
{
	int width = 2;
	size_t i;

	for (i = 0; i < all->count; i++) {
		int cells = snprintf(NULL, 0, "%lld", (long long)all->items[i].shard);

		width = cells > width ? cells : width;
	}
	return width;
}

static void put_bar(struct text_writer *writer, const struct progress *one, int id,
		    enum style style)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)one->shard);
	writer_right(writer, STYLE_TEXT, id, text);
	writer_skip(writer, 2);
	writer_bar(writer, style, BAR, (int)one->percent);
	writer_skip(writer, GAP);
}

/* Fills the first column from top to bottom, then the next one. */
static void put_bars(struct detail_pane *pane, enum op_kind kind, const struct progress_list *all)
{
	int64_t silent = pane->summary.selected.entry->op_since[kind].silent_shard;
	bool stalled = pane->summary.finding->op[kind].verdict == VERDICT_STALLED;
	int id = id_width(all), cells = pane->flow->cells - 1 - pane->text + GAP;
	size_t columns = (size_t)(cells / (id + 2 + BAR + WRITER_PERCENT + GAP)), lines, line, i;

	if (!columns)
		columns = 1;
	lines = (all->count + columns - 1) / columns;
	for (line = 0; line < lines; line++) {
		struct text_writer writer = flow_writer(pane->flow, pane->label);

		if (!line)
			writer_put(&writer, STYLE_DIM, "shards");
		writer = flow_writer(pane->flow, pane->text);
		for (i = line; i < all->count; i += lines)
			put_bar(&writer, &all->items[i], id,
				stalled && all->items[i].shard == silent ? STYLE_STALLED
								      : STYLE_RUNNING);
		flow_next_row(pane->flow);
	}
}

bool detail_draw_bars(struct detail_pane *pane, enum op_kind kind)
{
	struct progress_list all = { .count = 0 };
	char text[80];

	if (!is_first(pane, kind))
		return false;
	add_shards(pane, kind, &all);
	add_pending(pane, kind, &all);
	if (!all.count)
		return false;
	qsort(all.items, all.count, sizeof(all.items[0]), by_shard);
	put_bars(pane, kind, &all);
	if (all.skipped) {
		snprintf(text, sizeof(text), "%zu more, all at %d%% or beyond", all.skipped,
			 (int)all.lowest);
		detail_draw_field(pane, "", STYLE_TEXT, text);
	}
	return true;
}
