#include "tests/main/child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/tap.h"

#define PATIENCE_MS 60000
#define WORDS_MAX   10

static void run(const char *const *words, const char *const *variables)
{
	static const char *const five[] = { "URL", "USER", "PASSWORD", "CA_CERT", "INSECURE" };
	const char *build = getenv("BUILDDIR"), *argv[WORDS_MAX + 2];
	char path[4096], name[64];
	size_t i;

	for (i = 0; i < 5; i++) {
		snprintf(name, sizeof(name), "REDIS_ENTERPRISE_%s", five[i]);
		unsetenv(name);
	}
	for (; *variables; variables++)
		putenv((char *)(uintptr_t)*variables);
	snprintf(path, sizeof(path), "%s/bdbtop", build ? build : ".");
	argv[0] = "bdbtop";
	for (i = 0; i < WORDS_MAX && words[i]; i++)
		argv[i + 1] = words[i];
	argv[i + 1] = NULL;
	execv(path, (char *const *)(uintptr_t)argv);
	perror(path);
	_exit(127);
}

/* Appends what is in the pipe; false at its end. */
static bool drain(struct pollfd *pipe, char *out, size_t size)
{
	size_t length = strlen(out);
	ssize_t got;

	if (!pipe->revents)
		return true;
	assert_true(length < size - 1);
	got = read(pipe->fd, out + length, size - 1 - length);
	if (got > 0) {
		out[length + (size_t)got] = '\0';
		return true;
	}
	close(pipe->fd);
	pipe->fd = -1;
	return false;
}

static void listen_to(struct child_result *ran, int out, int err)
{
	struct pollfd pipes[2] = { { .fd = out, .events = POLLIN },
				   { .fd = err, .events = POLLIN } };
	int open = 2;

	while (open) {
		if (poll(pipes, 2, PATIENCE_MS) <= 0)
			fail_msg("it does not end; it said\n%s%s", ran->out, ran->err);
		open -= !drain(&pipes[0], ran->out, sizeof(ran->out));
		open -= !drain(&pipes[1], ran->err, sizeof(ran->err));
	}
}

/* Sends its stdout to `to`; -1: to ran->out. */
static void start(struct child_result *ran, int to, const char *const *words,
		  const char *const *variables)
{
	int out[2], err[2], status = 0;
	pid_t child;

	memset(ran, 0, sizeof(*ran));
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	assert_int_equal(pipe2(err, O_CLOEXEC), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		dup2(open("/dev/null", O_RDWR), 0);
		dup2(to < 0 ? out[1] : to, 1);
		dup2(err[1], 2);
		signal(SIGPIPE, SIG_DFL);
		run(words, variables);
	}
	close(out[1]);
	close(err[1]);
	listen_to(ran, out[0], err[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	ran->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void child_run(struct child_result *ran, const char *const *words, const char *const *variables)
{
	start(ran, -1, words, variables);
}

void child_run_to(struct child_result *ran, const char *file, const char *const *words)
{
	int unread[2], to;

	assert_int_equal(pipe2(unread, O_CLOEXEC), 0);
	close(unread[0]);
	to = file ? open(file, O_WRONLY | O_CLOEXEC) : unread[1];
	assert_true(to >= 0);
	start(ran, to, words, NOTHING);
	close(unread[1]);
	if (file)
		close(to);
}
