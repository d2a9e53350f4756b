/*
 * Options, configuration and environment for theme, notifications and times take effect in the
 * console.
 */
#include <sys/stat.h>
#include <unistd.h>

#include "tests/screen/pty.h"
#include "tests/tap.h"

static struct pty pty;
static char path[64], option[80];

/* Starts the console with this configuration, on two databases; one has failed. */
static void open_with(const char *config, const struct pty_setup *setup)
{
	int fd;

	strcpy(path, "/tmp/bdbtop-console-XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_true(dprintf(fd, "%s", config) >= 0);
	close(fd);
	snprintf(option, sizeof(option), "--config=%s", path);
	pty_open(&pty, &(struct pty_setup){ .cols = 100,
					    .rows = 40,
					    .variable = setup->variable,
					    .option = setup->option ? setup->option : option });
	pty_script(&pty, "bdb 12 name=orders-eu backup=failed:no-permission");
	pty_script(&pty, "bdb 44 name=ledger backup=succeeded backup.last=2026-11-21T15:02:40Z");
	pty_script(&pty, "release list");
	pty_advance(&pty, 0);
}

#define OPEN(config, ...) open_with(config, &(struct pty_setup){ __VA_ARGS__ })

static int close_console(void **state)
{
	pty_close(&pty);
	unlink(path);
	return 0;
}

static void fail_second_bdb(void)
{
	pty_forget_bytes(&pty);
	pty.stream_length = 0;
	pty_script(&pty, "bdb 44 backup=failed:general-error");
	pty_advance(&pty, 15000);
	assert_true(pty_shows(&pty, "2 failed"));
}

/* The number of BEL that do not end an ESC ] sequence. */
static int rings(void)
{
	bool inside = false;
	int count = 0;
	size_t i;

	for (i = 0; i < pty.stream_length; i++)
		if (i && pty.stream[i - 1] == '\033' && pty.stream[i] == ']')
			inside = true;
		else if (pty.stream[i] == '\a' && inside)
			inside = false;
		else if (pty.stream[i] == '\a')
			count++;
	return count;
}

static void the_configuration_says_what_rings(void **state)
{
	OPEN("[bdbtop]\nbell = stalled, failed\n", .option = NULL);
	fail_second_bdb();
	assert_int_equal(rings(), 1);
	assert_false(pty_got(&pty, "\033]777;"));
}

static void the_configuration_says_what_gives_a_notice(void **state)
{
	OPEN("[bdbtop]\nnotify = failed\nbell = new\n", .option = NULL);
	fail_second_bdb();
	assert_int_equal(rings(), 0);
	assert_true(pty_got(&pty, "\033]9;bdbtop: db:44 failed\a"));
}

static void nothing_notifies_by_default(void **state)
{
	OPEN("", .option = NULL);
	fail_second_bdb();
	assert_int_equal(rings(), 0);
	assert_false(pty_got(&pty, "bdbtop: db:44"));
}

/* The attributes of `failed` on a row without the cursor, whose row is reversed in every theme. */
static void failed_is(bool coloured, bool reversed)
{
	VTermScreenCell cell;
	const char *row, *word;

	pty_type(&pty, "j");
	row = pty_row(&pty, 4);
	word = strstr(row, "failed");
	assert_non_null(word);
	cell = pty_cell(&pty, 4, (int)(word - row));
	assert_int_equal(!VTERM_COLOR_IS_DEFAULT_FG(&cell.fg), coloured);
	assert_int_equal(cell.attrs.reverse, reversed);
}

static void the_theme_is_the_chosen_one(void **state)
{
	OPEN("", .option = NULL);
	failed_is(true, false);
	close_console(NULL);
	OPEN("[bdbtop]\ntheme = monochrome\n", .option = NULL);
	failed_is(false, false);
	close_console(NULL);
	OPEN("[bdbtop]\ntheme = contrast\n", .option = NULL);
	failed_is(true, true);
	close_console(NULL);
	OPEN("", .variable = "NO_COLOR=1");
	failed_is(false, false);
	close_console(NULL);
	OPEN("", .option = "--theme=contrast", .variable = "NO_COLOR=1");
	failed_is(true, true);
}

static void the_mouse_is_asked_for_only_where_it_is_wanted(void **state)
{
	OPEN("", .option = NULL);
	assert_false(pty_got(&pty, "1000h"));
	close_console(NULL);
	OPEN("", .option = "--mouse");
	assert_true(pty_got(&pty, "1000h"));
	close_console(NULL);
	OPEN("[bdbtop]\nmouse = yes\n", .option = NULL);
	assert_true(pty_got(&pty, "1000h"));
}

static void ascii_may_stand_in_the_configuration(void **state)
{
	size_t i;

	OPEN("[bdbtop]\nascii = yes\n", .option = NULL);
	for (i = 0; i < pty.stream_length; i++)
		assert_true((unsigned char)pty.stream[i] < 0x80);
	close_console(NULL);
	OPEN("[bdbtop]\nascii = no\n", .option = NULL);
	assert_true(pty_got(&pty, "\xe2\x94\x80"));
}

static void without_a_store_the_console_says_so_and_keeps_nothing(void **state)
{
	char top[] = "/tmp/bdbtop-state-XXXXXX", own[64], variable[64];

	assert_non_null(mkdtemp(top));
	snprintf(own, sizeof(own), "%s/bdbtop", top);
	snprintf(variable, sizeof(variable), "XDG_STATE_HOME=%s", top);
	assert_int_equal(mkdir(own, 0700) | chmod(own, 0777), 0);
	OPEN("", .variable = variable);
	assert_true(pty_shows(&pty, "is not used, and nothing is saved in this run"));
	/* a reset asks whether to go on without an audit line */
	pty_type(&pty, "b");
	pty_advance(&pty, 250);
	pty_type(&pty, "y");
	assert_true(pty_shows(&pty, "The audit log cannot be written. "));
	assert_true(pty_shows(&pty, "Type yes, then enter: "));
	pty_type(&pty, "\033");
	/* a change of the order, which would be saved */
	pty_type(&pty, "sd");
	pty_forget_bytes(&pty);
	pty.stream_length = 0;
	/* quits without a second warning */
	assert_int_equal(write(pty.master, "q", 1), 1);
	assert_int_equal(pty_wait(&pty), 0);
	assert_false(pty_got(&pty, "keeps nothing"));
	assert_int_equal(rmdir(own) | rmdir(top), 0);
}

static void local_times_are_those_of_the_machine(void **state)
{
	OPEN("", .variable = "TZ=CET-1CEST,M3.5.0,M10.5.0/3");
	assert_true(pty_shows(&pty, "polled 20:14:05Z"));
	pty_type(&pty, "t");
	assert_true(pty_shows(&pty, "polled 21:14:05+01"));
	pty_type(&pty, "t");
	assert_true(pty_shows(&pty, "polled 20:14:05Z"));
}

static void diagnostics_report_what_is_in_use(void **state)
{
	OPEN("", .option = NULL);
	pty_type(&pty, "?");
	pty_type(&pty, "d");
	assert_true(pty_shows(&pty, "libcurl"));
	assert_true(pty_shows(&pty, "xterm-256color"));
	assert_true(pty_shows(&pty, "C.UTF-8"));
	pty_type(&pty, "q");
	assert_true(pty_shows(&pty, "orders-eu"));
}

#define TEST(test) cmocka_unit_test_teardown(test, close_console)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_configuration_says_what_rings),
		TEST(the_configuration_says_what_gives_a_notice),
		TEST(nothing_notifies_by_default),
		TEST(the_theme_is_the_chosen_one),
		TEST(the_mouse_is_asked_for_only_where_it_is_wanted),
		TEST(ascii_may_stand_in_the_configuration),
		TEST(without_a_store_the_console_says_so_and_keeps_nothing),
		TEST(local_times_are_those_of_the_machine),
		TEST(diagnostics_report_what_is_in_use),
	};

	return tap_run_within(240, tests);
}
