/*
 * A view that is told what changed shows the same as a simple one that is built anew each time:
 * rows, cursor, marks and counts, over random changes, orders, filters, results, and questions that
 * freeze it.
 *
 * BDBTOP_RUNS and BDBTOP_SEED in the environment choose how many runs, and the first seed.
 */
#include <stdlib.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"
#include "bdbtop/core/view.h"
#include "tests/env_number.h"
#include "tests/random.h"
#include "tests/tap.h"

#define RUNS	  400
#define STEPS	  80
#define FEW	  24   /* databases of most runs */
#define MANY	  3000 /* and of every hundredth, with fewer steps */
#define TEXT_SIZE 48

/* A database that may exist. */
struct model_bdb {
	bool exists;
	struct view_item item;
	char text[2][TEXT_SIZE]; /* of its key: the current one, and garbage */
	bool marked;
	unsigned mark_generation;
};

/* The view as its contract says, without regard to cost. */
struct model {
	struct model_bdb *bdb;
	size_t most;
	struct view_item *rows; /* as of the last update that was not frozen */
	size_t count, hidden;
	struct bdb_id cursor;
	size_t cursor_row;
	bool started, frozen, resort, reversed, by_text;
	uint64_t random;
	unsigned seed;
};

#define HOLDS(model, promise)                                                                      \
	do {                                                                                       \
		if (!(promise))                                                                    \
			fail_msg("seed %u: not so: %s", (model)->seed, #promise);                  \
	} while (0)

static unsigned below(struct model *m, unsigned sides)
{
	return random_below(&m->random, sides);
}

static bool is_same(const struct bdb_id *a, const struct bdb_id *b)
{
	return !bdb_id_compare(a, b);
}

/* --- changes ---------------------------------------------------------------------------------- */

static void change_key(struct model *m, struct model_bdb *bdb)
{
	static const char *const starts[] = {
		"orders", "Orders-of-", "sessions-eu-west-", "sessions-eu-", "SESSIONS-EU-WEST", ""
	};
	struct sort_key *key = &bdb->item.key;

	*key = (struct sort_key){ .number = (int64_t)below(m, 6) - 3, .unknown = !below(m, 7) };
	if (!below(m, 9))
		key->number = below(m, 2) ? INT64_MIN : INT64_MAX;
	if (!m->by_text)
		return;
	memcpy(bdb->text[0], bdb->text[1], TEXT_SIZE);
	snprintf(bdb->text[1], TEXT_SIZE, "%s%0*u", starts[below(m, 6)], (int)below(m, 20),
		 below(m, 30));
	key->text = bdb->text[1];
	/* the old text is freed memory by now */
	if (!below(m, 2)) {
		memcpy(bdb->text[0], bdb->text[1], TEXT_SIZE);
		key->text = bdb->text[0];
		strcpy(bdb->text[1], "~ garbage");
	} else {
		strcpy(bdb->text[0], "! garbage");
	}
}

static void change_bdb(struct model *m, struct model_bdb *bdb)
{
	if (!below(m, 6)) {
		bdb->exists = !bdb->exists;
		bdb->item.generation += below(m, 2);
	}
	bdb->item.generation += !below(m, 15);
	bdb->item.matches = below(m, 3) > 0;
	bdb->item.keep_place = !below(m, 6);
	bdb->item.rank = (int)below(m, 4) - 1;
	bdb->item.facts = below(m, 8);
	change_key(m, bdb);
}

static void change_order(struct model *m)
{
	size_t i;

	m->by_text = below(m, 2);
	for (i = 0; i < m->most; i++)
		change_key(m, &m->bdb[i]);
}

/* --- the simple view -------------------------------------------------------------------------- */

static int compare(const struct model *m, const struct view_item *a, const struct view_item *b)
{
	int order = 0;

	if (a->key.unknown != b->key.unknown)
		return a->key.unknown ? 1 : -1;
	if (!a->key.unknown && m->by_text)
		order = text_compare(a->key.text, b->key.text);
	else if (!a->key.unknown)
		order = int64_compare(a->key.number, b->key.number);
	if (order)
		return m->reversed ? -order : order;
	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	return bdb_id_compare(&a->id, &b->id);
}

static int by_order(const void *left, const void *right, void *m)
{
	return compare(m, left, right);
}

static bool was_shown(const struct model *m, struct bdb_id id)
{
	size_t i;

	for (i = 0; i < m->count; i++)
		if (is_same(&m->rows[i].id, &id))
			return true;
	return false;
}

static struct model_bdb *bdb_of(const struct model *m, struct bdb_id id)
{
	return &m->bdb[(size_t)(id.uid - 1) * 2 + id.cluster];
}

static bool keeps_its_row(const struct model *m, const struct model_bdb *bdb)
{
	return bdb->exists && bdb->item.keep_place && !m->resort && was_shown(m, bdb->item.id);
}

static void place_rows(const struct model *m, struct view_item *rows, size_t count,
		       const struct view_item *others)
{
	size_t limit = count, row;

	for (row = 0; row < count; row++)
		rows[row].id.uid = 0;
	for (row = m->count; row-- > 0;) {
		const struct model_bdb *bdb = bdb_of(m, m->rows[row].id);

		if (!keeps_its_row(m, bdb))
			continue;
		limit = row < limit ? row : limit - 1;
		rows[limit] = bdb->item;
	}
	for (row = 0; row < count; row++)
		if (!rows[row].id.uid)
			rows[row] = *others++;
}

static void move_cursor(struct model *m)
{
	size_t i;

	for (i = 0; m->started && i < m->count; i++)
		if (is_same(&m->rows[i].id, &m->cursor)) {
			m->cursor_row = i;
			return;
		}
	if (!m->count)
		return;
	m->started = true;
	if (m->cursor_row >= m->count)
		m->cursor_row = m->count - 1;
	m->cursor = m->rows[m->cursor_row].id;
}

static void model_arrange(struct model *m)
{
	struct view_item *rows = calloc(m->most + 1, sizeof(*rows)),
			 *others = calloc(m->most + 1, sizeof(*others));
	size_t i, count = 0, other_count = 0;

	m->hidden = 0;
	for (i = 0; i < m->most; i++) {
		const struct model_bdb *bdb = &m->bdb[i];
		bool wanted = bdb->exists && (bdb->item.keep_place || bdb->item.matches);

		count += wanted;
		m->hidden += bdb->exists && !wanted;
		if (wanted && !keeps_its_row(m, bdb))
			others[other_count++] = bdb->item;
	}
	qsort_r(others, other_count, sizeof(*others), by_order, m);
	place_rows(m, rows, count, others);
	free(others);
	free(m->rows);
	m->rows = rows;
	m->count = count;
	m->resort = false;
	move_cursor(m);
}

static void model_update(struct model *m)
{
	size_t i;

	for (i = 0; i < m->most; i++) {
		struct model_bdb *bdb = &m->bdb[i];

		bdb->marked &= bdb->exists && bdb->mark_generation == bdb->item.generation;
	}
	if (!m->frozen)
		model_arrange(m);
}

/* --- both ------------------------------------------------------------------------------------- */

static void update_all(struct model *m, struct view *view)
{
	struct view_item *items = calloc(m->most + 1, sizeof(*items));
	size_t i, count = 0, from = below(m, (unsigned)m->most) * below(m, 2);

	for (i = 0; i < m->most; i++)
		if (m->bdb[(from + i) % m->most].exists)
			items[count++] = m->bdb[(from + i) % m->most].item;
	HOLDS(m, !view_update(view, items, count));
	free(items);
}

static int by_id(const void *left, const void *right)
{
	return bdb_id_compare(left, right);
}

/* Each of them changes with this chance; some that did not change are told, too. */
static void change_some(struct model *m, struct view *view, unsigned sides)
{
	struct view_item *items = calloc(m->most + 1, sizeof(*items));
	size_t i, count = 0;

	for (i = 0; i < m->most; i++) {
		struct model_bdb *bdb = &m->bdb[i];
		bool changes = !below(m, sides);

		if (changes)
			change_bdb(m, bdb);
		if (!changes && below(m, 50))
			continue;
		items[count] = bdb->item;
		items[count++].gone = !bdb->exists;
	}
	qsort(items, count, sizeof(*items), by_id);
	HOLDS(m, !view_change(view, items, count));
	free(items);
}

static void filter(struct model *m, struct view *view)
{
	unsigned char *matches = calloc(m->most + 1, 1);
	size_t cluster, i, count = 0;

	HOLDS(m, !view_change(view, NULL, 0));
	model_update(m);
	for (cluster = 0; cluster < 2; cluster++)
		for (i = cluster; i < m->most; i += 2) {
			m->bdb[i].item.matches = below(m, 2);
			if (m->bdb[i].exists)
				matches[count++] = m->bdb[i].item.matches;
		}
	HOLDS(m, view_candidates(view) == count);
	HOLDS(m, !view_filter(view, matches));
	free(matches);
}

static void mark_shown(struct model *m, struct view *view)
{
	bool all = true;
	size_t i;

	HOLDS(m, !view_mark_shown(view));
	for (i = 0; i < m->count; i++) {
		const struct model_bdb *bdb = bdb_of(m, m->rows[i].id);

		all &= !bdb->exists || bdb->marked;
	}
	for (i = 0; i < m->count; i++) {
		struct model_bdb *bdb = bdb_of(m, m->rows[i].id);

		bdb->marked = bdb->exists && !all;
		bdb->mark_generation = bdb->item.generation;
	}
}

static void mark_one(struct model *m, struct view *view)
{
	struct model_bdb *bdb = &m->bdb[below(m, (unsigned)m->most)];
	bool on = below(m, 3) > 0;

	HOLDS(m, !view_mark(view, bdb->item.id, on));
	if (on && !bdb->marked && bdb->exists)
		bdb->mark_generation = bdb->item.generation;
	bdb->marked = on && (bdb->marked || bdb->exists);
}

static void unmark_all(struct model *m, struct view *view)
{
	size_t i;

	view_unmark_all(view);
	for (i = 0; i < m->most; i++)
		m->bdb[i].marked = false;
}

static void move(struct model *m, struct view *view)
{
	if (!m->count)
		return;
	m->cursor_row = below(m, (unsigned)m->count);
	m->cursor = m->rows[m->cursor_row].id;
	view_move_to(view, m->cursor_row);
}

static void step(struct model *m, struct view *view)
{
	switch (below(m, 13)) {
	case 0:
		view_freeze(view, m->frozen = !m->frozen);
		return;
	case 1:
		mark_shown(m, view);
		return;
	case 2:
		mark_one(m, view);
		return;
	case 3:
		move(m, view);
		return;
	case 4:
		/* rarely, so that there are marks */
		if (!below(m, 4))
			unmark_all(m, view);
		return;
	case 5:
		m->resort = true;
		view_resort(view);
		return;
	case 6:
		view_reverse(view, m->reversed = below(m, 2));
		update_all(m, view);
		break;
	case 7:
		change_order(m);
		update_all(m, view);
		break;
	case 8:
		if (m->frozen)
			return;
		filter(m, view);
		break;
	default:
		change_some(m, view, 1 + below(m, 3) * below(m, 40));
	}
	model_update(m);
}

static void check_rows(const struct model *m, const struct view *view)
{
	size_t i, kept = 0;

	HOLDS(m, view_rows(view) == m->count);
	HOLDS(m, view_hidden(view) == m->hidden);
	for (i = 0; i < m->count; i++) {
		const struct view_item *row = &m->rows[i];
		struct bdb_id id = view_at(view, i);
		bool is_kept = row->keep_place && !row->matches;

		HOLDS(m, is_same(&id, &row->id));
		HOLDS(m, view_is_shown(view, id));
		HOLDS(m, view_is_kept(view, id) == is_kept);
		if (bdb_of(m, id)->exists)
			HOLDS(m, view_facts_at(view, i) == bdb_of(m, id)->item.facts);
		kept += is_kept;
	}
	HOLDS(m, view_kept(view) == kept);
}

static void check_marks(const struct model *m, const struct view *view)
{
	size_t i, marked = 0, with_fact = 0, index;

	for (i = 0; i < m->most; i++) {
		const struct model_bdb *bdb = &m->bdb[i];

		marked += bdb->marked;
		with_fact += bdb->marked && bdb->item.facts & 2;
		HOLDS(m, view_is_marked(view, bdb->item.id) == bdb->marked);
	}
	HOLDS(m, view_marked_count(view) == marked);
	for (i = 1; i < marked; i++) {
		struct bdb_id a = view_marked_at(view, i - 1), b = view_marked_at(view, i);

		HOLDS(m, bdb_id_compare(&a, &b) < 0);
	}
	for (index = 0; view_next_marked(view, 2, &index); index++)
		with_fact--;
	HOLDS(m, with_fact == 0);
}

static void check_cursor(const struct model *m, const struct view *view)
{
	struct bdb_id id;
	size_t row;

	HOLDS(m, view_cursor(view, &id, &row) == (m->count > 0));
	if (!m->count)
		return;
	HOLDS(m, row == m->cursor_row);
	HOLDS(m, is_same(&id, &m->cursor));
}

static void run(unsigned seed)
{
	bool many = seed % 100 == 0;
	struct model m = { .most = many ? MANY : FEW, .random = random_start(seed), .seed = seed };
	struct view *view = view_new();
	size_t i, steps = many ? STEPS / 4 : STEPS;

	m.bdb = calloc(m.most, sizeof(*m.bdb));
	m.rows = calloc(1, sizeof(*m.rows));
	for (i = 0; i < m.most; i++) {
		m.bdb[i].item.id = (struct bdb_id){ i % 2, (int64_t)i / 2 + 1 };
		m.bdb[i].exists = below(&m, 4) > 0;
		change_bdb(&m, &m.bdb[i]);
	}
	update_all(&m, view);
	model_update(&m);
	while (steps--) {
		step(&m, view);
		check_rows(&m, view);
		check_marks(&m, view);
		check_cursor(&m, view);
	}
	view_free(view);
	free(m.rows);
	free(m.bdb);
}

static void a_changed_view_is_the_same_as_one_built_anew(void **state)
{
	unsigned long runs = env_number("BDBTOP_RUNS", RUNS), seed = env_number("BDBTOP_SEED", 1);

	for (; runs--; seed++)
		run((unsigned)seed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_changed_view_is_the_same_as_one_built_anew),
	};

	return tap_run(tests);
}
