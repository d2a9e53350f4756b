/*
 * The causes view: its groups, cursor and marks, the filter of a group, and the reset of a group.
 */
#include "bdbtop/core/array.h"
#include "tests/stage/scenario.h"

static const char *const night[] = {
	"bdb 3 name=pricing backup=failed:no-permission",
	"bdb 9 name=ratelimit backup=failed:no-permission",
	"bdb 12 name=orders-eu backup=failed:general-error export=failed:no-permission",
	"bdb 44 name=ledger backup=succeeded export=failed:wrong-file-path",
	"bdb 7 name=sessions backup=exporting: backup.percent=42",
	"bdb 5 name=mailer periodic=true every=3600 created=2026-01-01T00:00:00Z backup=~ "
	"backup.last=~",
	"bdb 1 name=accounts backup=succeeded",
	NULL,
};

static const char *const many[] = {
	"bdb 1 backup=failed:x",
	"bdb 2 backup=failed:x",
	"bdb 3 backup=failed:x",
	"bdb 4 backup=failed:x",
	"bdb 5 backup=failed:x",
	"bdb 6 backup=failed:x",
	"bdb 7 backup=failed:x",
	"bdb 8 backup=failed:x",
	"bdb 9 backup=failed:x",
	"bdb 10 backup=failed:x",
	"bdb 11 backup=failed:x",
	"bdb 12 backup=failed:y",
	NULL,
};

static const struct scenario scenarios[] = {
	{ "c shows one row for each problem, worst first, and goes back", night,
	  LINES("causes no", "key c",
		"causes >backup failed no-permission 2; backup failed general-error 1; export "
		"failed no-permission 1; export failed wrong-file-path 1; backup overdue never "
		"backed up 1",
		"key c", "causes no", "cursor 3") },
	{ "the cursor moves among the groups and stops at the ends", night,
	  LINES("key c", "key up", "key down", "key down", "key k", "key j", "key G", "key j",
		"causes backup failed no-permission 2; backup failed general-error 1; export "
		"failed no-permission 1; export failed wrong-file-path 1; >backup overdue never "
		"backed up 1",
		"key g", "wheel 1",
		"causes backup failed no-permission 2; >backup failed general-error 1; export "
		"failed no-permission 1; export failed wrong-file-path 1; backup overdue never "
		"backed up 1",
		"key c", "cursor 3") },
	{ "the cursor stays on its group when the order changes, and near it when it goes", many,
	  LINES("key c", "key j", "causes backup failed x 11; >backup failed y 1",
		"> bdb 20 export=failed:z", "> bdb 21 export=failed:z", "wait 5000",
		"causes backup failed x 11; export failed z 2; >backup failed y 1",
		"> bdb 12 backup=succeeded", "wait 5000",
		"causes backup failed x 11; >export failed z 2") },
	{ "enter shows exactly the databases of the group, and esc goes back to it", night,
	  LINES("key /", "type pricing", "key enter", "rows 3", "key c", "key j", "key j",
		"key enter", "causes no", "filter export:failed/no-permission", "rows 12",
		"key enter", "detail open", "key esc", "detail closed", "key esc",
		"causes backup failed no-permission 2; backup failed general-error 1; >export "
		"failed no-permission 1; export failed wrong-file-path 1; backup overdue never "
		"backed up 1",
		"filter pricing", "key esc", "causes no", "rows 3") },
	{ "c goes back from the databases of a group, too", night,
	  LINES("key c", "key G", "key enter", "filter backup:overdue/never-backed-up", "rows 5",
		"key c", "filter ", "key c", "rows 3 9 12 44 5 7 1") },
	{ "after another filter esc clears that", night,
	  LINES("key c", "key enter", "filter backup:failed/no-permission", "key /", "type x",
		"key enter", "key esc", "causes no", "filter ") },
	{ "a double click shows the databases of a group", night,
	  LINES("key c", "click 3 twice", "filter export:failed/wrong-file-path", "rows 44") },

	/* resets */
	{ "b resets the databases of the group and no other", night,
	  LINES("key c", "can b", "cannot e", "available keys b resets the backup status of 2",
		"ask b", "question bulk", "bulk of 2 0", "skipped 0", "puts 0", "key y", "wait 300",
		"puts 2",
		"causes >backup failed general-error 1; export failed no-permission 1; export "
		"failed wrong-file-path 1; backup overdue never backed up 1",
		"key c",
		"row 3 cleared, was no-permission", "none 12") },
	{ "declined, nothing is sent and the view is the same", night,
	  LINES("key c", "ask b", "key n", "puts 0", "mode list",
		"causes >backup failed no-permission 2; backup failed general-error 1; export "
		"failed no-permission 1; export failed wrong-file-path 1; backup overdue never "
		"backed up 1") },
	{ "groups do not move while the question is open", night,
	  LINES("key c", "ask b", "> bdb 30 export=failed:q", "> bdb 9 backup=succeeded",
		"wait 5000",
		"causes >backup failed no-permission 2; backup failed general-error 1; export "
		"failed no-permission 1; export failed wrong-file-path 1; backup overdue never "
		"backed up 1",
		"key n",
		"causes backup failed general-error 1; >backup failed no-permission 1; export "
		"failed no-permission 1; export failed q 1; export failed wrong-file-path 1; "
		"backup overdue never backed up 1") },
	{ "on a group of another operation the key says so", night,
	  LINES("key c", "key e", "mode list",
		"notice No reset: e is for exports, and this group is about backups: press b.",
		"key G", "key e",
		"notice No reset: e is for exports, and this group is about backups.", "key b",
		"notice No reset: no backup of this group has failed.", "puts 0") },
	{ "space marks groups, and a reset is for all marked of its operation", night,
	  LINES("key c", "key space", "key space", "key space",
		"causes *backup failed no-permission 2; *backup failed general-error 1; *export "
		"failed no-permission 1; >export failed wrong-file-path 1; backup overdue never "
		"backed up 1",
		"available keys b e i reset the 3 marked", "can b", "can e", "cannot i", "ask b",
		"bulk of 3 0", "key n", "ask e", "bulk of 1 0", "key n", "key i",
		"notice No reset: no import has failed in the 3 marked groups. u removes the "
		"marks.",
		"key u", "ask e", "bulk of 1 0", "key n", "key *", "key space",
		"causes *backup failed no-permission 2; *backup failed general-error 1; *export "
		"failed no-permission 1; export failed wrong-file-path 1; >*backup overdue never "
		"backed up 1",
		"marked ") },
	{ "a mark goes with its group", many,
	  LINES("key c", "key *", "> bdb 12 backup=succeeded", "wait 5000",
		"causes >*backup failed x 11", "> bdb 12 backup=failed:y", "wait 5000",
		"causes >*backup failed x 11; backup failed y 1") },
	{ "marked databases stay marked and are not meant", night,
	  LINES("go 12", "key space", "key c", "ask b", "bulk of 2 0", "key n", "marked 12",
		"key c", "ask b", "bulk of 1 0") },
	{ "in an outage the reason is said", night,
	  LINES("key c", "> fail No.", "wait 5000", "key b",
		"notice no reset until the cluster answers") },
	{ "x cancels what waits for a database of the group", night,
	  LINES("> put 409", "> put 409", "key c", "cannot x", "ask b", "key y", "wait 300",
		"can x", "key x", "wait 10000", "puts 2") },
	{ "esc removes results first, then the view", night,
	  LINES("key c", "ask b", "key y", "wait 300", "key esc", "notice line nothing", "key esc",
		"causes no", "none 3") },
	{ "n and N go back to the list, to the next row that needs the user", night,
	  LINES("key c", "can n", "key n", "causes no", "cursor 9", "key c", "key N", "causes no",
		"cursor 3") },
	{ "keys of the list say where they work", night,
	  LINES("key c", "cannot /", "key /", "mode list",
		"notice / works in the list: enter or c goes there.", "can l", "key l", "mode log",
		"key esc", "mode list", "key ?", "mode help") },
	{ "without a problem there is no group", LINES("bdb 1 backup=succeeded"),
	  LINES("key c", "causes ", "cannot space", "cannot enter", "key b", "key enter",
		"key space", "key *", "key j", "causes ", "puts 0") },
};

/* In how many of so many polls the groups were made again. */
static unsigned groupings(struct stage *stage, unsigned polls)
{
	const struct session_view *view = session_view(stage->session);
	unsigned made = 0;

	while (polls--) {
		const struct causes *before = view->causes;

		stage_advance(stage, 5000);
		made += view->causes != before;
	}
	return made;
}

static void groups_are_made_again_only_when_a_problem_changes(void **state)
{
	static const char *const problems[] = { "bdb 1 backup=failed:no-permission",
						"bdb 9 backup=succeeded", "bdb 12 name=orders-us" };
	static const char *const others[] = { "bdb 7 backup.percent=50", "bdb 1 name=accounts-2",
					      "bdb 7 backup=~", "bdb 77 name=new backup=~" };
	struct stage stage;
	size_t i;

	stage_open(&stage, night);
	stage_key(&stage, 'c');
	for (i = 0; i < ARRAY_SIZE(others); i++) {
		stage_script(&stage, "%s", others[i]);
		assert_int_equal(groupings(&stage, 2), 0);
	}
	for (i = 0; i < ARRAY_SIZE(problems); i++) {
		stage_script(&stage, "%s", problems[i]);
		assert_int_equal(groupings(&stage, 2), 1);
	}
	/* ages by one clock then differ from those by the other */
	stage.now.wall_ms += 30000;
	assert_int_equal(groupings(&stage, 2), 1);
	stage_close(&stage);
}

static void ages_grow_though_nothing_changes(void **state)
{
	const struct cause_group *first;
	int64_t age_s, loss_s;
	struct stage stage;

	stage_open(&stage, night);
	stage_script(&stage, "bdb 3 backup.last=2026-11-21T10:00:00Z");
	stage_key(&stage, 'c');
	stage_advance(&stage, 5000);
	first = causes_at(session_view(stage.session)->causes, 0);
	age_s = first->age_s;
	loss_s = first->loss_s;
	assert_int_equal(groupings(&stage, 12), 0);
	assert_int_equal(first->age_s, age_s + 60);
	assert_int_equal(first->loss_s, loss_s + 60);
	stage_close(&stage);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(groups_are_made_again_only_when_a_problem_changes),
		cmocka_unit_test(ages_grow_though_nothing_changes),
	};

	return scenario_run_all(scenarios, ARRAY_SIZE(scenarios), tests, ARRAY_SIZE(tests));
}
