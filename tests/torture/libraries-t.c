/*
 * Each allocation fails in turn, those of libcurl, OpenSSL, json-c and the C library included.
 */
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
	torture_allocations(*state, &(struct torture_command){ .words = WORDS("list") },
			    ALLOCATIONS_OF_ALL);
}

static void a_reset_is_recorded_before_it_is_sent(void **state)
{
	torture_allocations(*state,
			    &(struct torture_command){
				    .words = WORDS("reset", "backup", "12", "--yes", "--timeout=2"),
				    .prepare = "set 12 backup_status=\"failed\"" },
			    ALLOCATIONS_OF_ALL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_list_is_the_same_or_an_error),
		TEST(a_reset_is_recorded_before_it_is_sent),
	};

	if (!REAL_MALLOC) {
		puts("1..0 # SKIP a sanitizer has malloc(), or there is no __libc_malloc()");
		return 0;
	}
	return tap_run(tests);
}
