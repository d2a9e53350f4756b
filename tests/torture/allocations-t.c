/*
 * Each allocation of bdbtop's own code fails in turn, in each command and format.
 */
#include "bdbtop/core/array.h"
#include "tests/real_malloc.h"
#include "tests/tap.h"
#include "tests/torture/torture.h"

static int enter(void **state)
{
	struct torture *t = malloc(sizeof(*t));

	torture_open(t);
	*state = t;
	return 0;
}

static int leave(void **state)
{
	torture_close(*state);
	free(*state);
	return 0;
}

static void a_list_is_the_same_or_an_error(void **state)
{
	static const char *const formats[] = {
		"--format=table", "--format=json", "--format=jsonl",
		"--format=csv",	  "--format=tsv",  "--format=prometheus",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(formats); i++)
		torture_allocations(*state,
				    &(struct torture_command){ .words = WORDS("list", formats[i]) },
				    ALLOCATIONS_OF_BDBTOP);
}

/* The rows depend on a second reply, with modules and tags. */
static void a_filter_by_tag_leaves_out_no_row(void **state)
{
	torture_allocations(
		*state,
		&(struct torture_command){ .words = WORDS("list", "--filter=tag:env=prod") },
		ALLOCATIONS_OF_BDBTOP);
}

static void a_check_is_the_same_or_unknown(void **state)
{
	torture_allocations(*state,
			    &(struct torture_command){ .words = WORDS("check"), .is_check = true },
			    ALLOCATIONS_OF_BDBTOP);
}

static void a_reset_is_recorded_before_it_is_sent(void **state)
{
	torture_allocations(*state,
			    &(struct torture_command){
				    .words = WORDS("reset", "backup", "12", "--yes", "--timeout=2"),
				    .prepare = "set 12 backup_status=\"failed\"" },
			    ALLOCATIONS_OF_BDBTOP);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_list_is_the_same_or_an_error),
		TEST(a_filter_by_tag_leaves_out_no_row),
		TEST(a_check_is_the_same_or_unknown),
		TEST(a_reset_is_recorded_before_it_is_sent),
	};

	if (!REAL_MALLOC) {
		puts("1..0 # SKIP a sanitizer has malloc(), or there is no __libc_malloc()");
		return 0;
	}
	return tap_run(tests);
}
