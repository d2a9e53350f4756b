/*
 * The cause of a cleared failure on the row, until the next successful run.
 */
#include "bdbtop/session/row.h"
#include "tests/stage/stage.h"
#include "tests/tap.h"

static struct stage stage;

static void move_to(struct row *row, int64_t uid, enum row_width width)
{
	const struct row_style style = { .width = width };

	row_init(row, stage.cluster, roster_find(cluster_roster(stage.cluster), uid), &style,
		 stage.now);
}

/* The clauses as a row shows them. */
static const char *row_text(const struct row *row)
{
	static char line[400];
	struct text text;
	size_t i;

	text_init(&text, line, sizeof(line));
	for (i = 0; i < row->clause_count; i++)
		text_addf(&text, "%s%s", i ? row_separator(row, i) : "", row->clauses[i].text);
	return line;
}

static void see(struct row *row, const char *line)
{
	stage_script(&stage, "%s", line);
	stage_advance(&stage, 5000);
	move_to(row, 12, ROW_FULL);
}

static void a_cleared_cause_stays_until_a_success(void **state)
{
	struct row row;

	stage_open(&stage, NULL);
	see(&row, "bdb 12 backup=failed:no-permission backup.last=2026-11-18T16:02:11Z");
	stage_choose(&stage, 12);
	stage_confirm(&stage, 'b');
	stage_advance(&stage, 1000);
	move_to(&row, 12, ROW_FULL);
	assert_string_equal(row_text(&row), "cleared, was no-permission  2d 04h late, 3 missed");
	move_to(&row, 12, ROW_MEDIUM);
	assert_string_equal(row_text(&row), "cleared, was no-permission  2d 04h late, 3 missed");
	row_fit(&row, 20, false);
	assert_string_equal(row_text(&row), "cleared");
	stage_key(&stage, KEY_ESCAPE);
	move_to(&row, 12, ROW_FULL);
	assert_string_equal(row_text(&row), "2d 04h late, was no-permission, 3 missed");
	see(&row, "bdb 12 backup=exporting backup.percent=3");
	assert_string_equal(row_text(&row), "3%, was no-permission");
	see(&row, "bdb 12 backup=: periodic=false");
	assert_string_equal(row_text(&row), "backup was no-permission");
	see(&row, "bdb 12 export=failed:x");
	assert_string_equal(row_text(&row), "x, backup was no-permission");
	see(&row, "bdb 12 backup=succeeded");
	assert_string_equal(row_text(&row), "x");
	stage_close(&stage);
}

/* The cluster's own words are no cause. */
static void words_of_the_cluster_do_not_hide_it(void **state)
{
	struct row row;

	stage_open(&stage, NULL);
	see(&row, "bdb 12 periodic=false backup=failed:no-permission");
	stage_choose(&stage, 12);
	stage_confirm(&stage, 'b');
	stage_advance(&stage, 1000);
	see(&row, "bdb 12 backup=pondering:");
	stage_script(&stage, "put 418 it failed, was a teapot");
	stage_choose(&stage, 12);
	stage_confirm(&stage, 'b');
	stage_advance(&stage, 1000);
	move_to(&row, 12, ROW_FULL);
	assert_string_equal(row_text(&row), "418 it failed, was a teapot, was no-permission");
	stage_close(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cleared_cause_stays_until_a_success),
		cmocka_unit_test(words_of_the_cluster_do_not_hide_it),
	};

	return tap_run(tests);
}
