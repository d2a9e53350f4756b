/*
 * Each system call of a kind fails in turn, in bdbtop and its libraries: a full disk, a broken one,
 * no more files, interruptions, and calls that do less than they were asked to.
 */
#include "bdbtop/core/array.h"
#include "tests/real_malloc.h"
#include "tests/tap.h"
#include "tests/torture/torture.h"

static const struct torture_fault faults[] = {
	{ "write", "ENOSPC", false, false },  { "write", "ENOSPC", true, false },
	{ "write", "EIO", false, false },     { "write", "EINTR", false, true },
	{ "write", "short", false, true },    { "write", "short", true, true },
	{ "open", "EMFILE", false, false },   { "open", "EMFILE", true, false },
	{ "open", "EIO", false, false },      { "open", "EINTR", false, false },
	{ "open", "ENOSPC", false, false },   { "fsync", "EIO", false, false },
	{ "fsync", "ENOSPC", true, false },   { "fsync", "EINTR", false, true },
	{ "rename", "EIO", false, false },    { "rename", "ENOSPC", false, false },
	{ "socket", "EMFILE", false, false }, { "socket", "EMFILE", true, false },
	{ "poll", "EINTR", false, true },     { "poll", "zero", false, true },
	{ "poll", "ENOMEM", true, false },    { "read", "EIO", false, false },
	{ "read", "EINTR", false, true },     { "read", "short", false, true },
	{ "read", "short", true, true },      { "send", "EIO", false, false },
	{ "send", "EINTR", false, true },     { "send", "short", false, true },
	{ "receive", "EIO", false, false },   { "receive", "EINTR", false, true },
	{ "receive", "short", false, true },  { "receive", "short", true, true },
	{ "file", "EIO", false, false },      { "file", "EACCES", false, false },
	{ "file", "EIO", true, false },
};

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
	torture_calls(*state, &(struct torture_command){ .words = WORDS("list", "--format=json") },
		      faults, ARRAY_SIZE(faults));
}

static void a_check_is_the_same_or_unknown(void **state)
{
	torture_calls(*state,
		      &(struct torture_command){ .words = WORDS("check"), .is_check = true },
		      faults, ARRAY_SIZE(faults));
}

static void a_reset_is_recorded_before_it_is_sent(void **state)
{
	torture_calls(*state,
		      &(struct torture_command){
			      .words = WORDS("reset", "backup", "12", "--yes", "--timeout=2"),
			      .prepare = "set 12 backup_status=\"failed\"" },
		      faults, ARRAY_SIZE(faults));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_list_is_the_same_or_an_error),
		TEST(a_check_is_the_same_or_unknown),
		TEST(a_reset_is_recorded_before_it_is_sent),
	};

	if (!REAL_MALLOC || !torture_can_trace()) {
		puts("1..0 # SKIP a sanitizer has malloc(), or a process cannot trace another");
		return 0;
	}
	return tap_run(tests);
}
