/*
 * The columns that the user chose, in `bdbtop list`.
 */
#include "tests/cli/list_fixture.h"

static void choose(struct list_fixture *fix, const char *columns)
{
	assert_int_equal(column_list_parse(&fix->options.chosen, columns, NULL), 0);
}

static void fill_infos(struct list_fixture *fix)
{
	fill(fix);
	script(fix, "bdb-info 12 tag=env value=prod%20eu tag=x%1b value=y shards=4 "
		    "memory=8589934592");
	script(fix, "bdb-info 44 shards=1 memory=0");
}

static void chosen_columns_have_their_order(void **state)
{
	struct list_fixture *fix = *state;

	fill_infos(fix);
	choose(fix, "tags size shards interval reason db");
	run(fix, true, 100, false);
	assert_int_equal(fix->status, 0);
	assert_string_equal(strstr(fix->out, "TAGS"),
			    "TAGS                    SIZE  SHARDS  INTERVAL  RE"
			    "ASON                                            DB\n"
			    "env=prod eu,x^[=y    8.0 GiB       4       24h  no"
			    "-permission, 2d 04h late, 3 missed           db:12\n"
			    "-                  unlimited       1       24h  wr"
			    "ong-file-path                                db:44\n"
			    "-                          -       -       24h  42"
			    "%, never backed up                            db:7\n"
			    "-                          -       -         -    "
			    "                                              db:1\n"
			    "-                          -       -         -  ne"
			    "ver backed up                                 db:4\n");
}

static void chosen_columns_that_do_not_fit_are_dropped_from_the_right(void **state)
{
	struct list_fixture *fix = *state;

	fill_infos(fix);
	choose(fix, "name reason size tags db");
	run(fix, true, 50, false);
	assert_non_null(strstr(fix->out, "\nNAME           REASON                           DB\n"));
	assert_null(strstr(fix->out, "SIZE"));
}

static void a_pipe_gets_all_chosen_columns_as_numbers_and_words(void **state)
{
	struct list_fixture *fix = *state;

	fill_infos(fix);
	choose(fix, "db,status,loss,next,interval,size,reason,tags");
	run(fix, false, 40, false);
	assert_non_null(strstr(fix->out, "DB     STATUS  LOSS    NEXT                  INTERVAL  "
					 "SIZE        REASON "));
	assert_non_null(strstr(fix->out, "db:12  active  274314  2026-11-19T16:02:11Z  86400     "
					 "8589934592  "
					 "no-permission,<U+0020>2d<U+0020>04h<U+0020>late,<U+0020>3"
					 "<U+0020>missed  env=prod<U+0020>eu,x^[=y\n"));
	assert_non_null(strstr(fix->out, "unlimited   wrong-file-path:1:2 "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FIXTURE(chosen_columns_have_their_order),
		IN_FIXTURE(chosen_columns_that_do_not_fit_are_dropped_from_the_right),
		IN_FIXTURE(a_pipe_gets_all_chosen_columns_as_numbers_and_words),
	};

	return tap_run(tests);
}
