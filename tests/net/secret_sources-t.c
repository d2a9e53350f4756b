#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "bdbtop/core/array.h"
#include "net/secret_internal.h"
#include "tests/tap.h"

struct secret_fixture {
	struct secret *secret;
	char top[64], path[128];
	struct err err;
};

static int enter(void **state)
{
	struct secret_fixture *fix = calloc(1, sizeof(*fix));

	fix->secret = secret_new();
	strcpy(fix->top, "/tmp/bdbtop-secret-t.XXXXXX");
	if (!mkdtemp(fix->top)) {
		free(fix);
		return -1;
	}
	snprintf(fix->path, sizeof(fix->path), "%s/password", fix->top);
	*state = fix;
	return 0;
}

static int leave(void **state)
{
	struct secret_fixture *fix = *state;

	secret_free(fix->secret);
	unlink(fix->path);
	if (rmdir(fix->top) < 0)
		return -1;
	free(fix);
	return 0;
}

static void write_bytes(const struct secret_fixture *fix, const void *bytes, size_t length)
{
	int fd = open(fix->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, length), length);
	close(fd);
}

static void reads(struct secret_fixture *fix, const char *password)
{
	if (secret_from_file(fix->secret, "password", fix->path, &fix->err) < 0)
		fail_msg("%s", fix->err.text);
	assert_string_equal(secret_peek(fix->secret), password);
}

static void assert_empty(const struct secret_fixture *fix)
{
	static const char zeros[SECRET_MAX];

	assert_false(secret_is_set(fix->secret));
	assert_memory_equal(secret_peek(fix->secret), zeros, sizeof(zeros));
}

static void error_has(const struct secret_fixture *fix, const char *what)
{
	if (!strstr(fix->err.text, what))
		fail_msg("%s", fix->err.text);
	assert_null(strstr(fix->err.text, "hunter"));
	assert_int_equal(fix->err.text[strlen(fix->err.text) - 1], '.');
}

/* The file is rejected, and the old secret is cleared too. */
static void refuses(struct secret_fixture *fix, const char *path, const char *what)
{
	secret_clear(fix->secret);
	assert_int_equal(secret_type(fix->secret, 'x'), 0);
	assert_int_equal(secret_from_file(fix->secret, "password", path, &fix->err), -1);
	error_has(fix, what);
	error_has(fix, "The password file ");
	assert_empty(fix);
}

static void of_a_file_one_line_ending_at_the_end_is_skipped(void **state)
{
	static const struct {
		const char *text, *password;
		bool trimmed;
	} cases[] = {
		{ "hunter2", "hunter2", false },
		{ "hunter2\n", "hunter2", true },
		{ "hunter2\r\n", "hunter2", true },
		{ " hunter\t2 \n", " hunter\t2 ", true },
	};
	struct secret_fixture *fix = *state;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		write_bytes(fix, cases[i].text, strlen(cases[i].text));
		reads(fix, cases[i].password);
		assert_int_equal(secret_was_trimmed(fix->secret), cases[i].trimmed);
	}
}

/* Sent unchanged, these would be wrong passwords. */
static const struct {
	const char *text, *what;
} wrong_texts[] = {
	{ "hunter2\n\n", "it has more than one line" },
	{ "hunter2\r\n\r\n", "it has more than one line" },
	{ "two\nlines\n", "it has more than one line" },
	{ "two\nlines", "it has more than one line" },
	{ "\n\n", "it has more than one line" },
	{ "hunter2\r", "it contains a carriage return" },
	{ "hun\rter2\n", "it contains a carriage return" },
	{ "hunter2\r\r\n", "it contains a carriage return" },
	{ "\xef\xbb\xbfhunter2\n", "it contains a byte-order mark" },
	{ "hunter2\xef\xbb\xbf", "it contains a byte-order mark" },
	{ "\xff\xfeh", "it contains a byte-order mark" },
	{ "\xfe\xffh", "it contains a byte-order mark" },
	{ "\n", "it is empty" },
};

static void a_file_or_a_variable_with_more_than_the_password_is_refused(void **state)
{
	struct secret_fixture *fix = *state;
	char value[32];
	size_t i, k;

	for (i = 0; i < ARRAY_SIZE(wrong_texts); i++) {
		write_bytes(fix, wrong_texts[i].text, strlen(wrong_texts[i].text));
		refuses(fix, fix->path, wrong_texts[i].what);
		strcpy(value, wrong_texts[i].text);
		assert_int_equal(
			secret_from_env(fix->secret, "REDIS_ENTERPRISE_PASSWORD", value, &fix->err),
			-1);
		error_has(fix, "REDIS_ENTERPRISE_PASSWORD cannot be used: ");
		error_has(fix, wrong_texts[i].what);
		assert_empty(fix);
		for (k = 0; k < strlen(wrong_texts[i].text); k++)
			assert_int_equal(value[k], 0);
	}
	write_bytes(fix, "\xff\xfeh\0u\0", 6);
	refuses(fix, fix->path, "it contains a byte-order mark");
	assert_int_equal(secret_from_command(fix->secret, "printf 'hun\\rter2\\n'",
					     SECRET_COMMAND_MS, &fix->err),
			 -1);
	error_has(fix, "it contains a carriage return");
	assert_int_equal(secret_from_command(fix->secret, "printf '\\357\\273\\277x'",
					     SECRET_COMMAND_MS, &fix->err),
			 -1);
	assert_string_equal(
		fix->err.text,
		"The password command failed: the first line of its output is not a password: it "
		"contains a byte-order mark, which some editors add.");
}

static void a_file_of_nothing_or_with_a_NUL_is_refused(void **state)
{
	struct secret_fixture *fix = *state;

	write_bytes(fix, "", 0);
	refuses(fix, fix->path, "it is empty");
	write_bytes(fix, "\n", 1);
	refuses(fix, fix->path, "it is empty");
	write_bytes(fix, "\r\n", 2);
	refuses(fix, fix->path, "it is empty");
	write_bytes(fix, "hunter\0two", 10);
	refuses(fix, fix->path, "NUL");
}

static void a_file_has_4096_bytes_at_most(void **state)
{
	struct secret_fixture *fix = *state;
	char bytes[8192];

	memset(bytes, 'x', sizeof(bytes));
	write_bytes(fix, bytes, 4096);
	assert_int_equal(secret_from_file(fix->secret, "password", fix->path, NULL), 0);
	assert_int_equal(strlen(secret_peek(fix->secret)), 4096);
	write_bytes(fix, bytes, 4097);
	refuses(fix, fix->path, "longer than 4096 bytes");
	write_bytes(fix, bytes, sizeof(bytes));
	refuses(fix, fix->path, "longer than 4096 bytes");
	bytes[4096] = '\r';
	bytes[4097] = '\n';
	write_bytes(fix, bytes, 4098);
	assert_int_equal(secret_from_file(fix->secret, "password", fix->path, NULL), 0);
	bytes[4098] = '\n';
	write_bytes(fix, bytes, 4099);
	refuses(fix, fix->path, "longer than 4096 bytes");
	bytes[4096] = '\n';
	write_bytes(fix, bytes, 4098);
	refuses(fix, fix->path, "longer than 4096 bytes");
}

static void a_file_that_group_or_others_can_read_is_refused(void **state)
{
	static const mode_t modes[] = { 0640, 0604, 0644, 0620, 0602, 0660 };
	struct secret_fixture *fix = *state;
	size_t i;

	write_bytes(fix, "hunter2\n", 8);
	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		assert_int_equal(chmod(fix->path, modes[i]), 0);
		refuses(fix, fix->path,
			"group or others may read or write it. Run chmod 600 on it");
	}
	assert_int_equal(chmod(fix->path, 0400), 0);
	reads(fix, "hunter2");
}

static void a_link_is_followed_and_its_target_judged(void **state)
{
	struct secret_fixture *fix = *state;
	char link[160];

	write_bytes(fix, "hunter2\n", 8);
	snprintf(link, sizeof(link), "%s/link", fix->top);
	assert_int_equal(symlink("password", link), 0);
	assert_int_equal(secret_from_file(fix->secret, "password", link, NULL), 0);
	assert_string_equal(secret_peek(fix->secret), "hunter2");
	assert_int_equal(chmod(fix->path, 0644), 0);
	refuses(fix, link, "group or others may read");
	unlink(fix->path);
	refuses(fix, link, "No such file");
	unlink(link);
}

/* In a child without root rights. */
static void the_file_is_the_users_own_or_roots(void **state)
{
	struct secret_fixture *fix = *state;
	int status;
	pid_t child;

	if (geteuid() != 0) {
		printf("# only root can give a file away, so this was not tried\n");
		return;
	}
	write_bytes(fix, "hunter2\n", 8);
	assert_int_equal(chown(fix->path, 65534, 65534), 0);
	refuses(fix, fix->path, "belongs to another user");
	assert_int_equal(chmod(fix->top, 0755), 0);
	child = fork();
	if (!child) {
		struct secret *own = secret_new();
		int failed = setresuid(65534, 65534, 65534) < 0 ||
			     secret_from_file(own, "password", fix->path, NULL) < 0;

		_exit(failed);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void without_a_descriptor_the_limit_on_open_files_is_named(void **state)
{
	struct secret_fixture *fix = *state;
	struct rlimit old, none;

	write_bytes(fix, "hunter2", 7);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	none = old;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	refuses(fix, fix->path, "Too many open files. Raise the limit on open files (ulimit -n)");
	assert_int_equal(secret_from_command(fix->secret, "echo x", SECRET_COMMAND_MS, &fix->err),
			 -1);
	error_has(fix, "Too many open files. Raise the limit on open files (ulimit -n)");
	setrlimit(RLIMIT_NOFILE, &old);
}

static void what_is_neither_a_file_nor_a_pipe_is_refused(void **state)
{
	struct secret_fixture *fix = *state;

	refuses(fix, fix->path, "No such file");
	refuses(fix, fix->top, "neither a regular file nor a pipe");
	refuses(fix, "/dev/null", "neither a regular file nor a pipe");
	refuses(fix, "", "No such file");
	refuses(fix, "\x1b[31m", "^[[31m");
}

static void a_pipe_by_its_descriptor_is_read_to_its_end(void **state)
{
	struct secret_fixture *fix = *state;
	char path[32];
	int ends[2], status;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	if (!child) {
		int failed = write(ends[1], "hunt", 4) != 4;

		/* writes the rest after the first part was read */
		while (!failed && !ioctl(ends[1], FIONREAD, &status) && status)
			sched_yield();
		_exit(failed || write(ends[1], "er2\n", 4) != 4);
	}
	close(ends[1]);
	snprintf(path, sizeof(path), "/dev/fd/%d", ends[0]);
	assert_int_equal(secret_from_file(fix->secret, "password", path, &fix->err), 0);
	assert_string_equal(secret_peek(fix->secret), "hunter2");
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	/* our end has its old flags */
	assert_false(fcntl(ends[0], F_GETFL) & O_NONBLOCK);
	close(ends[0]);
}

static void a_pipe_that_nobody_writes_is_not_waited_for(void **state)
{
	struct secret_fixture *fix = *state;

	assert_int_equal(mkfifo(fix->path, 0600), 0);
	refuses(fix, fix->path, "it is empty");
}

static void run(struct secret_fixture *fix, const char *command, const char *password)
{
	if (secret_from_command(fix->secret, command, SECRET_COMMAND_MS, &fix->err) < 0)
		fail_msg("%s", fix->err.text);
	assert_string_equal(secret_peek(fix->secret), password);
}

static void fails(struct secret_fixture *fix, const char *command, const char *what)
{
	secret_clear(fix->secret);
	assert_int_equal(secret_type(fix->secret, 'x'), 0);
	assert_int_equal(secret_from_command(fix->secret, command, 60000, &fix->err), -1);
	error_has(fix, what);
	error_has(fix, "The password command ");
	assert_empty(fix);
}

static void of_a_command_the_first_line_counts(void **state)
{
	static const char zeros[64];
	struct secret_fixture *fix = *state;

	run(fix, "echo hunter2", "hunter2");
	run(fix, "printf hunter2", "hunter2");
	run(fix, "printf 'hunter2\\r\\n'", "hunter2");
	run(fix, "printf ' a b \\nlogin: me\\n\\n'", " a b ");
	assert_memory_equal(secret_peek(fix->secret) + 5, zeros, sizeof(zeros));
	run(fix, "printf hun; printf 'ter2\\nmore'", "hunter2");
}

static void what_follows_the_first_line_is_read_so_that_the_command_ends_well(void **state)
{
	struct secret_fixture *fix = *state;

	run(fix, "echo hunter2; head -c 1000000 /dev/zero && exit 0 || exit 1", "hunter2");
}

static void a_line_has_4096_bytes_at_most(void **state)
{
	struct secret_fixture *fix = *state;

	assert_int_equal(secret_from_command(fix->secret,
					     "head -c 4096 /dev/zero | tr '\\0' x; echo; echo y",
					     SECRET_COMMAND_MS, &fix->err),
			 0);
	assert_int_equal(strlen(secret_peek(fix->secret)), 4096);
	fails(fix, "head -c 4097 /dev/zero | tr '\\0' x", "longer than 4096 bytes");
	fails(fix, "head -c 999999 /dev/zero | tr '\\0' x", "longer than 4096 bytes");
	fails(fix, "printf 'hunt\\000er2\\n'", "NUL");
	fails(fix, "true", "it is empty");
	fails(fix, "echo; echo hunter2", "it is empty");
}

static void a_command_that_fails_gives_no_password(void **state)
{
	struct secret_fixture *fix = *state;

	fails(fix, "echo hunter2; exit 3", "it exited with status 3");
	fails(fix, "echo hunter2; kill -TERM $$",
	      "it was killed by a signal (Terminated). Try it in a shell.");
	fails(fix, "/nowhere/hunter2 2>/dev/null", "it exited with status 127");
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

/* Every process of the group inherits a pipe, whose end shows that the last one is gone. */
static void one_that_takes_too_long_is_killed_with_all_that_it_started(void **state)
{
	struct secret_fixture *fix = *state;
	const char *command = "trap '' TERM HUP; echo hunter2; sleep 600 & sleep 600";
	struct pollfd gone = { .events = POLLIN };
	char byte;
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	/* the command inherits the writing end of the pipe */
	assert_int_equal(secret_from_command(fix->secret, command, 100, &fix->err), -1);
	error_has(fix, "it took longer than 0.1 s and was stopped");
	assert_empty(fix);
	close(ends[1]);
	gone.fd = ends[0];
	assert_int_equal(poll(&gone, 1, 10000), 1);
	assert_int_equal(read(ends[0], &byte, 1), 0);
	close(ends[0]);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

static void what_it_leaves_running_is_not_waited_for(void **state)
{
	struct secret_fixture *fix = *state;
	char pid[32] = "";

	/* an agent that keeps standard output open, like gpg-agent */
	assert_int_equal(
		secret_from_command(fix->secret, "sleep 600 & echo $!", SECRET_COMMAND_MS, NULL),
		0);
	snprintf(pid, sizeof(pid), "%s", secret_peek(fix->secret));
	assert_int_equal(kill(atoi(pid), SIGKILL), 0);
}

static void its_signals_are_at_their_defaults_and_ours_as_they_were(void **state)
{
	struct secret_fixture *fix = *state;
	struct sigaction after;
	sigset_t mask, was;

	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_IGN);
	sigemptyset(&mask);
	sigaddset(&mask, SIGTERM);
	sigprocmask(SIG_BLOCK, &mask, &was);
	/* the first 28 signals; the C library changes two of the others */
	run(fix,
	    "sed -n 's/^Sig[BI][lg][kn]:.*\\(.......\\)$/\\1/p' /proc/self/status |"
	    " tr '\\n' ' '",
	    "0000000 0000000 ");
	sigaction(SIGCHLD, NULL, &after);
	assert_true(after.sa_handler == SIG_IGN);
	sigprocmask(SIG_SETMASK, &was, &mask);
	assert_true(sigismember(&mask, SIGTERM));
	assert_false(sigismember(&mask, SIGTTOU));
	signal(SIGPIPE, SIG_DFL);
	signal(SIGCHLD, SIG_DFL);
}

/* The number of descriptors that a child inherits. */
static int count_inherited(void)
{
	int fd, flags, count = 0;

	for (fd = 0; fd < 256; fd++) {
		flags = fcntl(fd, F_GETFD);
		count += flags >= 0 && !(flags & FD_CLOEXEC);
	}
	return count;
}

static void no_descriptor_of_ours_reaches_it_and_none_is_left_open(void **state)
{
	struct secret_fixture *fix = *state;
	int before = dup(0), after;
	char count[16];

	close(before);
	/* one more for the directory that ls reads */
	snprintf(count, sizeof(count), "%d", count_inherited() + 1);
	run(fix, "ls /proc/self/fd | wc -l | tr -d ' '", count);
	assert_int_equal(secret_from_file(fix->secret, "password", "/dev/null", NULL), -1);
	assert_int_equal(secret_from_command(fix->secret, "sleep 600", 1, NULL), -1);
	after = dup(0);
	close(after);
	assert_int_equal(after, before);
}

/* Calls secret_from_command() in a child that is in the foreground of a new terminal. */
static int on_a_terminal(const char *command, const char *typed, int64_t limit_ms,
			 const char *password)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), slave, status;
	pid_t child;

	assert_true(master >= 0);
	assert_int_equal(grantpt(master) | unlockpt(master), 0);
	child = fork();
	if (!child) {
		struct secret *secret = secret_new();
		struct termios modes;
		int well;

		setsid();
		slave = open(ptsname(master), O_RDWR);
		dup2(slave, 0);
		well = secret_from_command(secret, command, limit_ms, NULL) == (password ? 0 : -1);
		if (password)
			well = well && !strcmp(secret_peek(secret), password);
		well = well && tcgetpgrp(0) == getpgrp();
		well = well && !tcgetattr(0, &modes) && modes.c_lflag & ECHO;
		_exit(!well);
	}
	/* the terminal buffers the input until the command reads it */
	assert_int_equal(write(master, typed, strlen(typed)), strlen(typed));
	assert_int_equal(waitpid(child, &status, 0), child);
	close(master);
	return status;
}

static void it_may_ask_on_the_terminal(void **state)
{
	assert_int_equal(
		on_a_terminal("read a && echo \"got $a\"", "hunter2\n", 60000, "got hunter2"), 0);
	assert_int_equal(on_a_terminal("read a </dev/tty && echo \"got $a\"", "hunter2\n", 60000,
				       "got hunter2"),
			 0);
}

static void the_terminal_is_ours_again_with_its_echo_however_it_ends(void **state)
{
	assert_int_equal(on_a_terminal("stty -echo </dev/tty; echo x", "", 60000, "x"), 0);
	assert_int_equal(on_a_terminal("stty -echo </dev/tty; read a", "", 300, NULL), 0);
	assert_int_equal(on_a_terminal("kill -STOP $$", "", 100, NULL), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)
	const struct CMUnitTest tests[] = {
		TEST(of_a_file_one_line_ending_at_the_end_is_skipped),
		TEST(a_file_or_a_variable_with_more_than_the_password_is_refused),
		TEST(a_file_of_nothing_or_with_a_NUL_is_refused),
		TEST(a_file_has_4096_bytes_at_most),
		TEST(a_file_that_group_or_others_can_read_is_refused),
		TEST(a_link_is_followed_and_its_target_judged),
		TEST(the_file_is_the_users_own_or_roots),
		TEST(without_a_descriptor_the_limit_on_open_files_is_named),
		TEST(what_is_neither_a_file_nor_a_pipe_is_refused),
		TEST(a_pipe_by_its_descriptor_is_read_to_its_end),
		TEST(a_pipe_that_nobody_writes_is_not_waited_for),
		TEST(of_a_command_the_first_line_counts),
		TEST(what_follows_the_first_line_is_read_so_that_the_command_ends_well),
		TEST(a_line_has_4096_bytes_at_most),
		TEST(a_command_that_fails_gives_no_password),
		TEST(one_that_takes_too_long_is_killed_with_all_that_it_started),
		TEST(what_it_leaves_running_is_not_waited_for),
		TEST(its_signals_are_at_their_defaults_and_ours_as_they_were),
		TEST(no_descriptor_of_ours_reaches_it_and_none_is_left_open),
		TEST(it_may_ask_on_the_terminal),
		TEST(the_terminal_is_ours_again_with_its_echo_however_it_ends),
	};

	/* ends a test that blocks */
	alarm(300);
	return tap_run(tests);
}
