/*
 * What the console prints when it ends.
 */
#include "tests/screen/pty.h"
#include "tests/tap.h"

static struct pty pty;

static void open_with(const char *option)
{
	const struct pty_setup setup = { .cols = 80, .rows = 24, .option = option };

	pty_open(&pty, &setup);
	pty_script(&pty, "bdb 12 name=orders-eu backup=failed:no-permission "
			 "backup.last=2026-11-18T16:02:11Z");
	pty_script(&pty, "release list");
	pty_advance(&pty, 0);
}

static bool reports_at_the_end(void)
{
	static const char title[] = "# bdbtop report on ";
	const char *left, *at;

	pty_forget_bytes(&pty);
	pty_send(&pty, "q");
	pty_wait(&pty);
	left = memmem(pty.stream, pty.stream_length, "\033[?1049l", 8);
	at = memmem(pty.stream, pty.stream_length, title, strlen(title));
	/* the screen of the shell is back */
	return left && at && left < at && pty_got(&pty, "cleared, was no-permission");
}

static void reset_one(void)
{
	pty_type(&pty, "b");
	pty_advance(&pty, 300);
	pty_type(&pty, "y");
	pty_advance(&pty, 2000);
}

static void a_session_with_a_reset_ends_with_a_report(void **state)
{
	open_with(NULL);
	reset_one();
	assert_true(reports_at_the_end());
	pty_close(&pty);
	open_with(NULL);
	assert_false(reports_at_the_end());
	pty_close(&pty);
	open_with("--no-report");
	reset_one();
	assert_false(reports_at_the_end());
	pty_close(&pty);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_session_with_a_reset_ends_with_a_report),
	};

	return tap_run(tests);
}
