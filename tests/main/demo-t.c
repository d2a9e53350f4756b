/*
 * bdbtop --demo: the simulated cluster is a child that never outlives its parent; its printed list;
 * and what other users can see of the process.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/main/child.h"
#include "tests/screen/pty.h"
#include "tests/tap.h"

static const char *const console[] = { "--demo", NULL };
static const char *const list[] = { "list", "--demo", NULL };

static struct pty pty;

static void open_console(void)
{
	const struct pty_setup setup = { .cols = 80, .rows = 24, .words = console };

	pty_start(&pty, &setup);
	pty_await(&pty, ">  db:12  orders-eu      failed ");
}

/* The number of processes that children of the test left behind; all must have exited with 0. */
static int processes_left(void)
{
	int status, count = 0;

	while (waitpid(-1, &status, 0) > 0) {
		assert_int_equal(status, 0);
		count++;
	}
	assert_int_equal(errno, ECHILD);
	return count;
}

static int close_console(void **state)
{
	pty_close(&pty);
	return processes_left() ? -1 : 0;
}

/* --- output ---------------------------------------------------------------------------------- */

static size_t lines_of(const char *text)
{
	size_t lines = 0;

	for (; (text = strchr(text, '\n')); text++)
		lines++;
	return lines;
}

static void a_pipe_gets_the_list_and_the_variables_are_ignored(void **state)
{
	struct child_result ran;

	child_run(&ran, list,
		  WORDS("REDIS_ENTERPRISE_URL=https://a:b@c/d", "REDIS_ENTERPRISE_USER=x:y",
			"REDIS_ENTERPRISE_PASSWORD=hunter2",
			"REDIS_ENTERPRISE_CA_CERT=/nonexistent",
			"REDIS_ENTERPRISE_INSECURE=maybe"));
	assert_string_equal(ran.err, "");
	assert_int_equal(ran.status, 0);
	assert_memory_equal(ran.out, "DB      NAME ", 13);
	assert_non_null(strstr(ran.out, "\ndb:12   orders-eu     failed   -        -        20"));
	assert_non_null(strstr(ran.out, "Z  file-larger-than-mem-limit"));
	assert_int_equal(lines_of(ran.out), 215);
	assert_null(strstr(ran.out, " \n"));
	assert_int_equal(processes_left(), 0);
}

static void output_that_cannot_be_written_is_reported(void **state)
{
	struct child_result ran;

	child_run_to(&ran, "/dev/full", list, NOTHING);
	assert_string_equal(ran.err,
			    "bdbtop: the table could not be written: No space left on device\n");
	assert_int_equal(ran.status, 1);
	child_run_to(&ran, NULL, list, NOTHING);
	assert_string_equal(ran.err, "");
	assert_int_equal(ran.status, 0);
	assert_int_equal(processes_left(), 0);
}

static void print_on_terminal(int cols, const char *locale)
{
	const struct pty_setup setup = {
		.cols = cols, .rows = 24, .words = list, .locale = locale
	};

	pty_start(&pty, &setup);
	assert_int_equal(pty_wait(&pty), 0);
	pty.stream[pty.stream_length] = '\0';
	assert_memory_equal(pty.stream, "demo  127.0.0.1:", 16);
	assert_non_null(strstr(pty.stream, "\r\n3 failed   2 overdue   5 running   204 quiet"));
	assert_non_null(strstr(pty.stream, "(stalled: not known from one poll)\r\n\r\n"));
	assert_int_equal(lines_of(pty.stream), cols > 80 ? 218 : 219);
	assert_null(strchr(pty.stream, '\033'));
}

static void no_line_is_wider_than(int cols)
{
	const char *line = pty.stream, *end;

	for (; (end = strstr(line, "\r\n")); line = end + 2)
		assert_in_range(end - line, 0, cols);
}

static void a_terminal_gets_the_columns_that_fit(void **state)
{
	print_on_terminal(80, "C");
	no_line_is_wider_than(80);
	assert_non_null(strstr(pty.stream, "  IMPORT     LOSS  REASON\r\n"));
	assert_non_null(strstr(
		pty.stream, " db:12  orders-eu      failed   -        -        3d 04h  no-perm"));
	pty_close(&pty);
	print_on_terminal(120, NULL);
	no_line_is_wider_than(120);
	assert_non_null(strstr(pty.stream, "  IMPORT     LOSS  REASON\r\n"));
	assert_non_null(strstr(pty.stream, "  3d 04h  no-permission, 2d 04h late"));
}

static void the_list_filters_and_sorts(void **state)
{
	struct child_result ran;

	child_run(&ran, WORDS("list", "--demo", "--filter=state:failed", "--sort=-db"), NOTHING);
	assert_string_equal(ran.err, "");
	assert_int_equal(ran.status, 0);
	assert_non_null(strstr(ran.out, "\ndb:58  clickstream  ok      -       failed  "));
	assert_non_null(strstr(ran.out, "\ndb:44  ledger "));
	assert_non_null(strstr(ran.out, "no-permission, 2d 04h late, 3 missed\n"));
	assert_int_equal(lines_of(ran.out), 4);
	assert_true(strstr(ran.out, "\ndb:58 ") < strstr(ran.out, "\ndb:12 "));
	child_run(&ran, WORDS("list", "--demo", "--problems", "--filter=!state:failed"), NOTHING);
	assert_int_equal(lines_of(ran.out), 3);
	assert_non_null(strstr(ran.out, "\ndb:90  quotas "));
	assert_int_equal(processes_left(), 0);
}

/* --- preferences ----------------------------------------------------------------------------- */

static void quit(void)
{
	pty_send(&pty, "q");
	assert_int_equal(pty_wait(&pty), 0);
	pty_close(&pty);
}

static void the_order_is_there_again_and_the_filter_can_be_recalled(void **state)
{
	char folder[] = "/tmp/bdbtop-demo-XXXXXX", variable[64], path[64];
	struct pty_setup setup = { .cols = 120, .rows = 24, .words = console };

	assert_non_null(mkdtemp(folder));
	snprintf(variable, sizeof(variable), "XDG_STATE_HOME=%s", folder);
	setup.variable = variable;
	pty_start(&pty, &setup);
	pty_await(&pty, ">  db:12  orders-eu");
	pty_await(&pty, "sort severity   filter none");
	pty_send(&pty, "/state:failed\r");
	pty_await(&pty, "filter state:failed");
	pty_send(&pty, "sd");
	pty_await(&pty, "sort DB   filter state:failed");
	quit();
	pty_start(&pty, &setup);
	pty_await(&pty, "sort DB   filter none");
	pty_send(&pty, "/\x1b[A\r");
	pty_await(&pty, "sort DB   filter state:failed");
	pty_await(&pty, " hidden");
	quit();
	/* an option takes precedence and is not saved */
	setup.words = WORDS("--demo", "--filter=quotas", "--sort=name");
	pty_start(&pty, &setup);
	pty_await(&pty, "sort NAME   filter quotas");
	pty_await(&pty, "filter quotas is set by --filter");
	quit();
	setup.words = console;
	pty_start(&pty, &setup);
	pty_await(&pty, "sort DB   filter none");
	quit();
	snprintf(path, sizeof(path), "%s/bdbtop/prefs", folder);
	assert_int_equal(unlink(path), 0);
	snprintf(path, sizeof(path), "%s/bdbtop/prefs.lock", folder);
	assert_int_equal(unlink(path), 0);
	snprintf(path, sizeof(path), "%s/bdbtop", folder);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(rmdir(folder), 0);
	assert_int_equal(processes_left(), 0);
}

/* --- unusable terminals ---------------------------------------------------------------------- */

static void a_terminal_that_cannot_be_used_is_one_sentence(void **state)
{
	static const struct {
		const char *term, *sentence;
	} terms[] = {
		{ "", "bdbtop: TERM is not set, so the type of this terminal is unknown. " },
		{ "nope", "bdbtop: TERM=nope is a terminal unknown to this system. " },
		{ "dumb", "bdbtop: TERM=dumb is a terminal that cannot move its cursor. " },
	};
	struct child_result ran;
	int i, status;

	for (i = 0; i < 3; i++) {
		const struct pty_setup setup = {
			.cols = 200, .rows = 24, .words = console, .term = terms[i].term
		};

		pty_start(&pty, &setup);
		status = pty_wait(&pty);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 2);
		assert_true(pty_got(&pty, terms[i].sentence));
		assert_true(pty_got(&pty, "or use bdbtop list.\r\n"));
		assert_false(pty_got(&pty, "\033"));
		assert_true(pty_is_cooked(&pty));
		if (i < 2)
			pty_close(&pty);
	}
	child_run(&ran, console, NOTHING);
	assert_int_equal(ran.status, 2);
	assert_int_equal(processes_left(), 0);
}

static void without_a_locale_it_draws_in_ascii(void **state)
{
	const struct pty_setup setup = { .cols = 80, .rows = 24, .words = console, .locale = "C" };
	size_t i;

	pty_start(&pty, &setup);
	pty_await(&pty, "\n   db:31  carts          ok       -        running      2h  "
			"##----------  17%\n");
	for (i = 0; i < pty.stream_length; i++)
		assert_true((unsigned char)pty.stream[i] < 0x80);
	pty_send(&pty, "q");
	assert_int_equal(pty_wait(&pty), 0);
}

/* --- ways to end ----------------------------------------------------------------------------- */

static void is_given_back(void)
{
	assert_true(pty_is_cooked(&pty));
	assert_true(pty_got(&pty, "\033[?1049l"));
	assert_int_equal(processes_left(), 0);
}

static void q_ends_it_and_its_cluster(void **state)
{
	open_console();
	pty_send(&pty, "q");
	assert_int_equal(pty_wait(&pty), 0);
	is_given_back();
}

static void a_signal_to_end_is_no_error(void **state)
{
	static const int numbers[] = { SIGTERM, SIGHUP };
	size_t i;

	for (i = 0; i < 2; i++) {
		open_console();
		kill(pty.child, numbers[i]);
		assert_int_equal(pty_wait(&pty), 0);
		is_given_back();
		if (!i)
			pty_close(&pty);
	}
}

static void a_crash_gives_the_terminal_back_and_leaves_no_core(void **state)
{
	static const int numbers[] = { SIGSEGV, SIGABRT };
	size_t i;
	int status;

	for (i = 0; i < 2; i++) {
		open_console();
		kill(pty.child, numbers[i]);
		status = pty_wait(&pty);
		/* a sanitizer exits, else the signal ends it */
		assert_true(status != 0);
		assert_true(!WIFSIGNALED(status) || WTERMSIG(status) == numbers[i]);
		assert_false(WIFSIGNALED(status) && WCOREDUMP(status));
		assert_true(pty_is_cooked(&pty));
		assert_true(pty_got(&pty, "\033[?1049l"));
		assert_int_equal(processes_left(), 1);
		if (!i)
			pty_close(&pty);
	}
}

static void it_ends_with_its_terminal(void **state)
{
	int status = -1;

	open_console();
	close(pty.master);
	assert_int_equal(waitpid(pty.child, &status, 0), pty.child);
	pty.child = 0;
	assert_int_equal(status, 0);
	assert_int_equal(processes_left(), 0);
}

static void even_kill_9_ends_its_cluster(void **state)
{
	open_console();
	kill(pty.child, SIGKILL);
	assert_true(WIFSIGNALED(pty_wait(&pty)));
	assert_int_equal(processes_left(), 1);
}

/* --- what other users can see ---------------------------------------------------------------- */

/* The pid of the child of a process, or 0. */
static pid_t child_of(pid_t parent)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	pid_t found = 0;

	assert_non_null(proc);
	while (!found && (entry = readdir(proc))) {
		char path[300], text[512] = "", *end;
		int fd, of;

		snprintf(path, sizeof(path), "/proc/%s/stat", entry->d_name);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		if (read(fd, text, sizeof(text) - 1) > 0 && (end = strrchr(text, ')')) &&
		    sscanf(end, ") %*c %d", &of) == 1 && of == parent)
			found = atoi(entry->d_name);
		close(fd);
	}
	closedir(proc);
	return found;
}

/* False if it may not be read, which is as safe. */
static bool reads(pid_t pid, const char *file, char *out, size_t size)
{
	char path[64];
	ssize_t got;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		assert_int_equal(errno, EACCES);
		return false;
	}
	got = read(fd, out, size);
	close(fd);
	assert_true(got > 0);
	assert_null(memmem(out, (size_t)got, "hunter2", 7));
	out[got - 1] = '\0';
	return true;
}

static void no_password_can_be_read_of_the_process(void **state)
{
	char text[32768];
	pid_t cluster;

	setenv("REDIS_ENTERPRISE_PASSWORD", "hunter2", 1);
	setenv("REDIS_ENTERPRISE_URL", "https://admin:hunter2@h", 1);
	open_console();
	unsetenv("REDIS_ENTERPRISE_PASSWORD");
	unsetenv("REDIS_ENTERPRISE_URL");
	cluster = child_of(pty.child);
	assert_true(cluster > 0);
	reads(pty.child, "environ", text, sizeof(text));
	reads(cluster, "environ", text, sizeof(text));
	assert_true(reads(pty.child, "cmdline", text, sizeof(text)));
	assert_true(reads(cluster, "cmdline", text, sizeof(text)));
	assert_non_null(strstr(text, "/bdbtop-sim"));
	kill(pty.child, SIGTERM);
	assert_int_equal(pty_wait(&pty), 0);
}

#define ON_TERMINAL(test) cmocka_unit_test_teardown(test, close_console)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pipe_gets_the_list_and_the_variables_are_ignored),
		cmocka_unit_test(output_that_cannot_be_written_is_reported),
		ON_TERMINAL(a_terminal_gets_the_columns_that_fit),
		cmocka_unit_test(the_list_filters_and_sorts),
		cmocka_unit_test(the_order_is_there_again_and_the_filter_can_be_recalled),
		ON_TERMINAL(a_terminal_that_cannot_be_used_is_one_sentence),
		ON_TERMINAL(without_a_locale_it_draws_in_ascii),
		ON_TERMINAL(q_ends_it_and_its_cluster),
		ON_TERMINAL(a_signal_to_end_is_no_error),
		ON_TERMINAL(a_crash_gives_the_terminal_back_and_leaves_no_core),
		ON_TERMINAL(it_ends_with_its_terminal),
		ON_TERMINAL(even_kill_9_ends_its_cluster),
		ON_TERMINAL(no_password_can_be_read_of_the_process),
	};
	struct rlimit cores;

	/* ends a test that hangs */
	alarm(240);
	signal(SIGPIPE, SIG_IGN);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	getrlimit(RLIMIT_CORE, &cores);
	cores.rlim_cur = cores.rlim_max;
	setrlimit(RLIMIT_CORE, &cores);
	return tap_run(tests);
}
