/*
 * Log-in in the console: how many requests a bad password costs, the prompt for a new one, and that
 * no password appears anywhere.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/screen/walkthrough.h"
#include "tests/tap.h"

#define PASSWORD   "Password (not shown):"
#define LOGGED_OUT "log-in refused, polling stopped"

static void read_proc(const char *name, char *out, size_t size)
{
	char path[64];
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pty.child, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	length = fd < 0 ? 0 : read(fd, out, size - 1);
	if (fd >= 0)
		close(fd);
	out[length > 0 ? length : 0] = '\0';
	while (length-- > 1)
		if (!out[length - 1])
			out[length - 1] = ' ';
}

/* --- log-in ----------------------------------------------------------------------------------- */

static void change_password(const char *to)
{
	char line[300];

	/* the last request of a start, so that only the next poll is refused */
	simulated_say(&sim, "await GET /v2/actions 1");
	snprintf(line, sizeof(line), "password %s %s", sim.at.user, to);
	simulated_say(&sim, line);
}

static void a_new_password_in_mid_session_brings_one_request(void **unused)
{
	size_t before, good;

	walkthrough_pin();
	change_password("new: pw");
	pty_send(&pty, ".");
	pty_await(&pty, LOGGED_OUT);
	pty_await(&pty, PASSWORD);
	pty_await(&pty, WALKTHROUGH_LISTED);
	assert_int_equal(walkthrough_with_status(&sim, 401), 1);
	before = walkthrough_requests(&sim);
	good = walkthrough_with_status(&sim, 200);
	walkthrough_type("\033[200~new: pw\r\033[201~");
	walkthrough_type("\r");
	pty_await_not(&pty, LOGGED_OUT);
	pty_await_not(&pty, PASSWORD);
	assert_false(pty_got(&pty, "new: pw"));
	simulated_say(&sim, "await GET /v1/bdbs$ 3");
	walkthrough_settle();
	assert_int_equal(walkthrough_requests(&sim), before + 1);
	assert_int_equal(walkthrough_with_status(&sim, 200), good + 1);
	pty_send(&pty, ".");
	simulated_say(&sim, "await GET /v1/bdbs$ 4");
}

static void a_refused_password_is_never_sent_again_by_itself(void **unused)
{
	walkthrough_pin();
	change_password("changed");
	pty_send(&pty, ".");
	pty_await(&pty, PASSWORD);
	pty_send(&pty, "\033");
	pty_await_not(&pty, PASSWORD);
	pty_send(&pty, "ppb");
	walkthrough_settle();
	assert_int_equal(walkthrough_with_status(&sim, 401), 1);
	walkthrough_quit();
	assert_int_equal(walkthrough_with_status(&sim, 401), 1);
}

static void a_second_refusal_is_counted_on_the_screen(void **unused)
{
	walkthrough_pin();
	change_password("changed");
	pty_send(&pty, ".");
	pty_await(&pty, "1 was used from here, so at most 4 are left.");
	walkthrough_type("wrong");
	walkthrough_type("\r");
	pty_await(&pty, "2 were used from here, so at most 3 are left.");
	assert_int_equal(walkthrough_with_status(&sim, 401), 2);
	assert_int_equal(walkthrough_requests(&sim), 3);
}

static void nor_after_it_was_suspended(void **unused)
{
	const char *const words[] = { "--interval=1", "--insecure", NULL };

	setenv("REDIS_ENTERPRISE_PASSWORD", "wrong", 1);
	walkthrough_run(words, true);
	pty_await(&pty, "1 was used from here, so at most 4 are left.");
	pty_await(&pty, PASSWORD);
	pty_send(&pty, "\033");
	pty_await_not(&pty, PASSWORD);
	pty_forget_bytes(&pty);
	pty_send(&pty, "\032");
	pty_await_that(&pty, pty_got, "[stopped, cooked]");
	pty_await(&pty, LOGGED_OUT);
	walkthrough_settle();
	assert_int_equal(walkthrough_requests(&sim), 1);
	assert_int_equal(sim.request[0].status, 401);
}

static void a_locked_account_costs_one_request_for_both_addresses(void **unused)
{
	char addresses[256], line[160];

	walkthrough_open_other(true);
	snprintf(addresses, sizeof(addresses), "%s,%s", sim.at.url, other.at.url);
	setenv("REDIS_ENTERPRISE_URL", addresses, 1);
	snprintf(line, sizeof(line), "lock %s", sim.at.user);
	simulated_say(&sim, line);
	simulated_say(&other, line);
	walkthrough_start("--insecure", NULL);
	pty_await(&pty, "Log-in refused (401) for admin@demo.example.");
	/* the frame comes in pieces; a key right after esc would form another key with it */
	pty_await(&pty, PASSWORD);
	pty_send(&pty, "\033");
	pty_await_not(&pty, PASSWORD);
	walkthrough_settle();
	assert_int_equal(walkthrough_requests(&sim) + walkthrough_requests(&other), 1);
}

static void without_a_password_it_is_asked_for_first(void **unused)
{
	unsetenv("REDIS_ENTERPRISE_PASSWORD");
	walkthrough_start(NULL, NULL);
	pty_await(&pty, WALKTHROUGH_QUESTION);
	pty_confirm(&pty);
	pty_await(&pty, PASSWORD);
	assert_int_equal(walkthrough_requests(&sim), 0);
	walkthrough_type(sim.at.password);
	walkthrough_type("\r");
	pty_await(&pty, WALKTHROUGH_LISTED);
	assert_int_equal(walkthrough_with_status(&sim, 401), 0);
	assert_false(pty_got(&pty, sim.at.password));
}

static void neither_arguments_nor_environment_show_the_password(void **unused)
{
	char text[32768];

	walkthrough_pin();
	read_proc("cmdline", text, sizeof(text));
	assert_non_null(strstr(text, "--interval"));
	assert_null(strstr(text, sim.at.password));
	read_proc("environ", text, sizeof(text));
	assert_null(strstr(text, sim.at.password));
}

static void a_crash_leaves_no_core(void **unused)
{
	const struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };
	int status;

	/* where the limit cannot be raised, only bdbtop's own setting remains to check */
	setrlimit(RLIMIT_CORE, &all);
	walkthrough_pin();
	kill(pty.child, SIGABRT);
	status = pty_wait(&pty);
	assert_int_equal(status & 0x7f, SIGABRT);
	assert_false(WCOREDUMP(status));
}

/* Writes a configuration with a section for the second cluster; returns the option for it. */
static const char *write_config(const char *more)
{
	static char option[128];
	FILE *file;

	snprintf(option, sizeof(option), "--config=%s/bdbtop.conf", walkthrough_state);
	file = fopen(strchr(option, '=') + 1, "w");
	assert_non_null(file);
	fprintf(file, "[cluster b]\nurl = %s\nuser = %s\npin = %s\n%s", other.at.url, other.at.user,
		walkthrough_pin_of(&other), more);
	assert_int_equal(fclose(file), 0);
	return option;
}

/* --- read-only -------------------------------------------------------------------------------- */

static void read_only_refuses_resets_and_says_so(void **unused)
{
	walkthrough_start("--insecure", "--read-only");
	pty_await(&pty, WALKTHROUGH_LISTED);
	pty_await(&pty, "READ-ONLY");
	pty_await(&pty, "read-only: b e i off");
	pty_send(&pty, "b");
	pty_await(&pty, "no reset: read-only");
	walkthrough_settle();
	assert_false(pty_shows(&pty, "[y/N]"));
	assert_int_equal(simulated_log(&sim, "PUT"), 0);
}

static void the_label_is_shown_in_questions(void **unused)
{
	walkthrough_open_other(false);
	walkthrough_start(write_config("label = PROD\ncolor = red\n"), "b");
	pty_await(&pty, PASSWORD);
	walkthrough_type(sim.at.password);
	walkthrough_type("\r");
	pty_await(&pty, WALKTHROUGH_LISTED);
	pty_await(&pty, " bdbtop  [PROD] b  127.0.0.1:");
	pty_send(&pty, "b");
	pty_await(&pty, "on [PROD] b?  [y/N]");
	pty_send(&pty, "n");
	pty_await_not(&pty, "[y/N]");
	assert_int_equal(simulated_log(&other, "PUT"), 0);
}

#define PLAIN(test) cmocka_unit_test_setup_teardown(test, walkthrough_open, walkthrough_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLAIN(a_new_password_in_mid_session_brings_one_request),
		PLAIN(a_refused_password_is_never_sent_again_by_itself),
		PLAIN(a_second_refusal_is_counted_on_the_screen),
		PLAIN(nor_after_it_was_suspended),
		PLAIN(a_locked_account_costs_one_request_for_both_addresses),
		PLAIN(without_a_password_it_is_asked_for_first),
		PLAIN(neither_arguments_nor_environment_show_the_password),
		PLAIN(a_crash_leaves_no_core),
		PLAIN(read_only_refuses_resets_and_says_so),
		PLAIN(the_label_is_shown_in_questions),
	};

	return tap_run_within(300, tests);
}
