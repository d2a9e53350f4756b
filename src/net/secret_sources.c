#include "secret_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "bdbtop/core/text.h"

#define COMMAND_MS 60000
#define STEP_MS	   50 /* how often to check for the end of the child without pidfd_open() */

extern char **environ;

static int set_file_error(const char *path, const char *what, const char *remedy, struct err *err)
{
	char safe[512], shown[128];

	text_safe(safe, sizeof(safe), path, false);
	text_truncate_middle(shown, sizeof(shown), safe, 80, true);
	return err_set(err, ERR_ASK_USER, "The password file %s cannot be used: %s. %s.", shown,
		       what, remedy);
}

/* Returns NULL, or why the file is refused. */
static const char *check_file(const struct stat *st, const char **remedy)
{
	if (S_ISFIFO(st->st_mode))
		return NULL;
	if (!S_ISREG(st->st_mode)) {
		*remedy = "Use a file that contains the password and nothing else";
		return "it is neither a regular file nor a pipe";
	}
	if (st->st_uid != geteuid() && st->st_uid != 0) {
		*remedy = "Use a file of your own";
		return "it belongs to another user";
	}
	if (st->st_mode & (S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH)) {
		*remedy = "Run chmod 600 on it, and change the password if someone saw it";
		return "group or others may read or write it";
	}
	return NULL;
}

/* Returns a descriptor, or -1 with err set. */
static int open_file(const char *path, struct err *err)
{
	/* open() would block on a pipe without a writer */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	const char *what, *remedy;
	struct stat st;

	if (fd < 0)
		return set_file_error(path, strerror(errno), err_remedy(errno), err);
	if (fstat(fd, &st) < 0) {
		what = strerror(errno);
		remedy = err_remedy(errno);
	} else {
		what = check_file(&st, &remedy);
	}
	if (what) {
		set_file_error(path, what, remedy, err);
		close(fd);
		return -1;
	}
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
	return fd;
}

/* Read until the end or until the secret is full; -1 with errno. */
static int read_into(struct secret *secret, int fd)
{
	while (secret->length < sizeof(secret->bytes) - 1) {
		ssize_t got = read(fd, secret->bytes + secret->length,
				   sizeof(secret->bytes) - 1 - secret->length);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return (int)got;
		secret->length += (size_t)got;
	}
	return 0;
}

int secret_from_file(struct secret *secret, const char *path, struct err *err)
{
	const char *what;
	int fd, cause;

	secret_clear(secret);
	fd = open_file(path, err);
	if (fd < 0)
		return -1;
	cause = read_into(secret, fd) < 0 ? errno : 0;
	close(fd);
	what = cause ? strerror(cause) : secret_finish(secret);
	if (!what)
		return 0;
	secret_clear(secret);
	return set_file_error(
		path, what,
		cause ? err_remedy(cause) : "It must contain the password and nothing else", err);
}

/* --- the command ------------------------------------------------------------------ */

/* What to restore after the command has used the terminal. */
struct saved_terminal {
	int fd; /* -1: no terminal, or this process is in the background */
	pid_t foreground_group;
	struct termios modes;
};

/* A running command. */
struct command_run {
	pid_t pid;
	int pidfd;  /* -1: the kernel does not support it */
	int out;    /* its standard output, non-blocking; -1 after end of file */
	bool first; /* the first line is still incomplete */
	int status;
	struct saved_terminal terminal;
	struct sigaction chld;
	sigset_t mask;
};

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Returns 0 or an errno. */
static int spawn(struct command_run *run, const char *command, int out)
{
	char *argv[] = { (char *)"sh", (char *)"-c", (char *)command, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t all, none;
	int rc;

	sigfillset(&all);
	sigemptyset(&none);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	posix_spawnattr_init(&attributes);
	/* its own process group, so that a kill also reaches what it started */
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF |
						      POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigdefault(&attributes, &all);
	posix_spawnattr_setsigmask(&attributes, &none);
	rc = posix_spawn(&run->pid, "/bin/sh", &actions, &attributes, argv, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return rc;
}

/* Makes the command the foreground group, so that it can ask questions, if we are that now. */
static void give_terminal(struct command_run *run)
{
	struct saved_terminal *terminal = &run->terminal;

	terminal->fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (terminal->fd < 0)
		return;
	terminal->foreground_group = tcgetpgrp(terminal->fd);
	if (terminal->foreground_group != getpgrp() ||
	    tcgetattr(terminal->fd, &terminal->modes) < 0 ||
	    tcsetpgrp(terminal->fd, run->pid) < 0) {
		close(terminal->fd);
		terminal->fd = -1;
		return;
	}
	/* it may have read from the terminal too early and been stopped by SIGTTIN */
	kill(-run->pid, SIGCONT);
}

/* Needs SIGTTOU blocked: until tcsetpgrp() this process is in the background. */
static void take_terminal(struct command_run *run)
{
	if (run->terminal.fd < 0)
		return;
	tcsetpgrp(run->terminal.fd, run->terminal.foreground_group);
	/* a command that was killed during a question leaves the echo off */
	tcsetattr(run->terminal.fd, TCSADRAIN, &run->terminal.modes);
	close(run->terminal.fd);
}

/* Stores the first line and discards what follows. */
static void read_output(struct command_run *run, struct secret *secret)
{
	char rest[512], *end;
	ssize_t got;

	if (run->first) {
		size_t capacity = sizeof(secret->bytes) - 1 - secret->length;

		got = read(run->out, secret->bytes + secret->length, capacity);
		if (got > 0)
			secret->length += (size_t)got;
		end = memchr(secret->bytes, '\n', secret->length);
		if (end)
			secret_truncate(secret, (size_t)(end - secret->bytes) + 1);
		run->first = !end && secret->length < sizeof(secret->bytes) - 1;
	} else {
		got = read(run->out, rest, sizeof(rest));
		explicit_bzero(rest, sizeof(rest));
	}
	if (!got || (got < 0 && errno != EINTR && errno != EAGAIN)) {
		close(run->out);
		run->out = -1;
	}
}

/* Completes the first line after the command has ended.  Does not wait for end of file: a process
 * that the command left running may keep the pipe open. */
static void read_remaining(struct command_run *run, struct secret *secret)
{
	struct pollfd left = { .fd = run->out, .events = POLLIN };

	while (run->first && run->out >= 0 && poll(&left, 1, 0) > 0)
		read_output(run, secret);
}

/* Waits for the end of the command.  Returns false after the limit, with its group killed. */
static bool wait_for_command(struct command_run *run, struct secret *secret, int64_t limit_ms)
{
	int64_t until_ms = now_ms() + limit_ms;

	for (;;) {
		int64_t left_ms = until_ms - now_ms();
		struct pollfd fds[] = { { .fd = run->out, .events = POLLIN },
					{ .fd = run->pidfd, .events = POLLIN } };

		if (waitpid(run->pid, &run->status, WNOHANG) == run->pid)
			break;
		if (left_ms <= 0) {
			kill(-run->pid, SIGKILL);
			while (waitpid(run->pid, &run->status, 0) < 0 && errno == EINTR)
				;
			return false;
		}
		if (run->pidfd < 0 && left_ms > STEP_MS)
			left_ms = STEP_MS;
		if (poll(fds, 2, (int)left_ms) > 0 && fds[0].revents)
			read_output(run, secret);
	}
	read_remaining(run, secret);
	return true;
}

/* waitpid() needs SIGCHLD not to be ignored, and tcsetpgrp() in the background sends SIGTTOU. */
static void set_signals(struct command_run *run)
{
	struct sigaction standard = { .sa_handler = SIG_DFL };
	sigset_t ttou;

	sigaction(SIGCHLD, &standard, &run->chld);
	sigemptyset(&ttou);
	sigaddset(&ttou, SIGTTOU);
	sigprocmask(SIG_BLOCK, &ttou, &run->mask);
}

static void restore_signals(struct command_run *run)
{
	sigprocmask(SIG_SETMASK, &run->mask, NULL);
	sigaction(SIGCHLD, &run->chld, NULL);
}

static int set_command_error(const char *what, struct err *err)
{
	return err_set(err, ERR_ASK_USER, "The password command failed: %s.", what);
}

static int set_errno_error(int cause, struct err *err)
{
	char what[200];

	snprintf(what, sizeof(what), "%s. %s", strerror(cause), err_remedy(cause));
	return set_command_error(what, err);
}

static int check_result(const struct command_run *run, struct secret *secret, struct err *err)
{
	const char *what;
	char ending[160];

	if (WIFSIGNALED(run->status)) {
		snprintf(ending, sizeof(ending),
			 "it was killed by a signal (%s). Try it in a shell",
			 strsignal(WTERMSIG(run->status)));
		return set_command_error(ending, err);
	}
	if (WEXITSTATUS(run->status)) {
		snprintf(ending, sizeof(ending),
			 "it exited with status %d. Try it in a shell; it must exit with 0",
			 WEXITSTATUS(run->status));
		return set_command_error(ending, err);
	}
	what = secret_finish(secret);
	if (what) {
		snprintf(ending, sizeof(ending), "the first line of its output is not a password: "
						 "%s",
			 what);
		return set_command_error(ending, err);
	}
	return 0;
}

/* Serves the started command until its end; false with err set. */
static bool run_command(struct command_run *run, struct secret *secret, int64_t limit_ms,
			struct err *err)
{
	char ending[80];
	bool in_time;

	run->pidfd = (int)syscall(SYS_pidfd_open, run->pid, 0);
	give_terminal(run);
	in_time = wait_for_command(run, secret, limit_ms);
	take_terminal(run);
	if (run->pidfd >= 0)
		close(run->pidfd);
	if (in_time)
		return !check_result(run, secret, err);
	snprintf(ending, sizeof(ending), "it took longer than %d s and was stopped",
		 (int)(limit_ms / 1000));
	set_command_error(ending, err);
	return false;
}

int secret_run(struct secret *secret, const char *command, int64_t limit_ms, struct err *err)
{
	struct command_run run = { .first = true };
	int ends[2], rc;
	bool succeeded = false;

	secret_clear(secret);
	if (pipe2(ends, O_CLOEXEC) < 0)
		return set_errno_error(errno, err);
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	run.out = ends[0];
	set_signals(&run);
	rc = spawn(&run, command, ends[1]);
	close(ends[1]);
	if (rc)
		set_errno_error(rc, err);
	else
		succeeded = run_command(&run, secret, limit_ms, err);
	if (run.out >= 0)
		close(run.out);
	restore_signals(&run);
	if (!succeeded)
		secret_clear(secret);
	return succeeded ? 0 : -1;
}

int secret_from_command(struct secret *secret, const char *command, struct err *err)
{
	return secret_run(secret, command, COMMAND_MS, err);
}
