#include "demo.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef BDBTOP_LIBEXECDIR
#define BDBTOP_LIBEXECDIR "/usr/local/libexec/bdbtop"
#endif

#define START_MS       20000
#define STOP_MS	       2000
#define CHILD_READY    3
#define CHILD_LIFETIME 4

extern char **environ;

/* Looks in the directory of this program (build tree, make install), then in libexec. */
static int find_simulator(char *out, size_t size, struct err *err)
{
	char self[4000];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	self[length > 0 ? length : 0] = '\0';
	slash = strrchr(self, '/');
	if (slash) {
		*slash = '\0';
		snprintf(out, size, "%s/bdbtop-sim", self);
		if (!access(out, X_OK))
			return 0;
	}
	snprintf(out, size, "%s/bdbtop-sim", BDBTOP_LIBEXECDIR);
	if (!access(out, X_OK))
		return 0;
	return err_set(
		err, ERR_FINAL,
		"The simulated cluster, bdbtop-sim, is neither beside bdbtop nor in %s: build or "
		"install it.",
		BDBTOP_LIBEXECDIR);
}

static int spawn(struct demo *demo, char *const *argv, const int ready[2], const int lifetime[2])
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t all, none;
	int rc;

	sigfillset(&all);
	sigemptyset(&none);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, ready[1], CHILD_READY);
	posix_spawn_file_actions_adddup2(&actions, lifetime[0], CHILD_LIFETIME);
	posix_spawnattr_init(&attributes);
	/* its own process group: ctrl-z and ctrl-c are for the console */
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF |
						      POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigdefault(&attributes, &all);
	posix_spawnattr_setsigmask(&attributes, &none);
	rc = posix_spawn(&demo->pid, argv[0], &actions, &attributes, argv, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return rc;
}

/* Reads one line, or until end of file or START_MS without data. */
static size_t read_line(int fd, char *out, size_t size)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	size_t length = 0;
	ssize_t got;

	while (length < size && poll(&ready, 1, START_MS) > 0) {
		got = read(fd, out + length, size - length);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		length += (size_t)got;
		if (out[length - 1] == '\n')
			break;
	}
	return length;
}

/* A pipe with descriptors above those of the child, so that no dup2() overwrites another end. */
static int high_pipe(int out[2])
{
	int low[2], i;

	if (pipe2(low, O_CLOEXEC) < 0)
		return -1;
	for (i = 0; i < 2; i++) {
		out[i] = fcntl(low[i], F_DUPFD_CLOEXEC, 10);
		close(low[i]);
	}
	return out[0] < 0 || out[1] < 0 ? -1 : 0;
}

int demo_start(struct demo *demo, struct err *err)
{
	char path[4100], line[16384];
	char ready_arg[] = "--ready-fd=3", lifetime_arg[] = "--parent-fd=4";
	char *argv[] = { path, ready_arg, lifetime_arg, NULL };
	int ready[2], lifetime[2], rc;
	size_t length;

	if (find_simulator(path, sizeof(path), err) < 0)
		return -1;
	if (high_pipe(ready) < 0 || high_pipe(lifetime) < 0)
		return err_set(err, ERR_FINAL,
			       "Cannot create a pipe for the simulated cluster: %s.",
			       strerror(errno));
	rc = spawn(demo, argv, ready, lifetime);
	close(ready[1]);
	close(lifetime[0]);
	demo->lifetime_fd = lifetime[1];
	if (rc) {
		close(ready[0]);
		close(lifetime[1]);
		return err_set(err, ERR_FINAL, "Cannot start %s: %s.", path, strerror(rc));
	}
	length = read_line(ready[0], line, sizeof(line));
	close(ready[0]);
	rc = ready_file_read(&demo->ready, line, length, err);
	explicit_bzero(line, sizeof(line));
	if (rc < 0)
		demo_stop(demo);
	return rc;
}

/* True when the child has ended within ms. */
static bool ends_within(pid_t pid, int ms)
{
	int child = (int)syscall(SYS_pidfd_open, pid, 0);
	struct pollfd ended = { .fd = child, .events = POLLIN };
	int rc;

	/* without pidfd waitpid() has no limit; the child ends because lifetime_fd is closed */
	if (child < 0)
		return true;
	while ((rc = poll(&ended, 1, ms)) < 0 && errno == EINTR)
		;
	close(child);
	return rc > 0;
}

void demo_stop(struct demo *demo)
{
	close(demo->lifetime_fd);
	if (!ends_within(demo->pid, STOP_MS))
		kill(demo->pid, SIGKILL);
	while (waitpid(demo->pid, NULL, 0) < 0 && errno == EINTR)
		;
	ready_file_release(&demo->ready);
}
