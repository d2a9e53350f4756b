#include "bdbtop/net/child_process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define STEP_MS 50 /* how often to check for the end of the child without pidfd_open() */

extern char **environ;

/* What to restore after the child has used the terminal. */
struct saved_terminal {
	int fd; /* -1: no terminal, or this process is in the background */
	pid_t foreground_group;
	struct termios modes;
};

/* A running child. */
struct child_run {
	const struct child_process *process;
	pid_t pid;
	int pidfd; /* -1: the kernel does not support it */
	int out;   /* its standard output, non-blocking; -1 after end of file */
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

/* Returns 0 or an errno: then the child must not be started, because it would write the password to
 * our own standard output. */
static int set_descriptors(posix_spawn_file_actions_t *actions, bool interactive, int out)
{
	int rc = posix_spawn_file_actions_adddup2(actions, out, STDOUT_FILENO);

	if (!rc && !interactive)
		rc = posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY,
						      0);
	if (!rc && !interactive)
		rc = posix_spawn_file_actions_addopen(actions, STDERR_FILENO, "/dev/null", O_WRONLY,
						      0);
	return rc;
}

/* Returns 0 or an errno. */
static int spawn(struct child_run *run, int out)
{
	const struct child_process *process = run->process;
	char *const *argv = (char *const *)(uintptr_t)process->argv;
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t all, none;
	int rc;

	sigfillset(&all);
	sigemptyset(&none);
	posix_spawn_file_actions_init(&actions);
	rc = set_descriptors(&actions, process->interactive, out);
	posix_spawnattr_init(&attributes);
	/* its own process group, so that a kill also reaches what it started */
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF |
						      POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigdefault(&attributes, &all);
	posix_spawnattr_setsigmask(&attributes, &none);
	if (!rc)
		rc = posix_spawnp(&run->pid, argv[0], &actions, &attributes, argv,
				  process->environment ? process->environment : environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return rc;
}

/* Makes the child the foreground group, so that it can ask questions, if we are that now. */
static void give_terminal(struct child_run *run)
{
	struct saved_terminal *terminal = &run->terminal;

	terminal->fd = -1;
	if (!run->process->interactive)
		return;
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
static void take_terminal(struct child_run *run)
{
	if (run->terminal.fd < 0)
		return;
	tcsetpgrp(run->terminal.fd, run->terminal.foreground_group);
	/* a child that was killed during a question leaves the echo off */
	tcsetattr(run->terminal.fd, TCSADRAIN, &run->terminal.modes);
	close(run->terminal.fd);
}

static void read_output(struct child_run *run)
{
	ssize_t got = run->process->read(run->process->arg, run->out);

	if (!got || (got < 0 && errno != EINTR && errno != EAGAIN)) {
		close(run->out);
		run->out = -1;
	}
}

/* Reads what is left after the child has ended.  Does not wait for end of file: a process that the
 * child left running may keep the pipe open. */
static void read_remaining(struct child_run *run)
{
	struct pollfd left = { .fd = run->out, .events = POLLIN };

	while (run->out >= 0 && !run->process->is_complete(run->process->arg) &&
	       poll(&left, 1, 0) > 0)
		read_output(run);
}

/* Waits for the end of the child.  Returns false after the limit, with its group killed. */
static bool wait_for_end(struct child_run *run)
{
	int64_t until_ms = now_ms() + run->process->limit_ms;

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
			read_output(run);
	}
	read_remaining(run);
	return true;
}

/* waitpid() needs SIGCHLD not to be ignored, and tcsetpgrp() in the background sends SIGTTOU. */
static void set_signals(struct child_run *run)
{
	struct sigaction standard = { .sa_handler = SIG_DFL };
	sigset_t ttou;

	sigaction(SIGCHLD, &standard, &run->chld);
	sigemptyset(&ttou);
	sigaddset(&ttou, SIGTTOU);
	sigprocmask(SIG_BLOCK, &ttou, &run->mask);
}

static void restore_signals(struct child_run *run)
{
	sigprocmask(SIG_SETMASK, &run->mask, NULL);
	sigaction(SIGCHLD, &run->chld, NULL);
}

/* Serves the started child until its end.  Returns 0 or ETIMEDOUT. */
static int serve(struct child_run *run)
{
	bool in_time;

	run->pidfd = (int)syscall(SYS_pidfd_open, run->pid, 0);
	give_terminal(run);
	in_time = wait_for_end(run);
	take_terminal(run);
	if (run->pidfd >= 0)
		close(run->pidfd);
	return in_time ? 0 : ETIMEDOUT;
}

int child_process_run(const struct child_process *process, int *status)
{
	struct child_run run = { .process = process };
	int ends[2], rc;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return errno;
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	run.out = ends[0];
	set_signals(&run);
	rc = spawn(&run, ends[1]);
	close(ends[1]);
	if (!rc)
		rc = serve(&run);
	if (run.out >= 0)
		close(run.out);
	restore_signals(&run);
	*status = run.status;
	return rc;
}
