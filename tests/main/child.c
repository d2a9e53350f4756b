#include "tests/main/child.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/tap.h"

#define PATIENCE_S 60
#define WORDS_MAX  12

void child_exec(const char *program, const char *const *words)
{
	const char *build = getenv("BUILDDIR"), *argv[WORDS_MAX + 2];
	char path[4096];
	size_t i;

	snprintf(path, sizeof(path), "%s/%s", build ? build : ".", program);
	argv[0] = path;
	for (i = 0; i < WORDS_MAX && words[i]; i++)
		argv[i + 1] = words[i];
	argv[i + 1] = NULL;
	execv(path, (char *const *)(uintptr_t)argv);
	perror(path);
	_exit(127);
}

static void run(const char *program, const char *const *words, const char *const *variables)
{
	static const char *const six[] = {
		"URL", "USER", "PASSWORD", "TOKEN", "CA_CERT", "INSECURE"
	};
	char name[64];
	size_t i;

	for (i = 0; i < 6; i++) {
		snprintf(name, sizeof(name), "REDIS_ENTERPRISE_%s", six[i]);
		unsetenv(name);
	}
	for (; *variables; variables++)
		putenv((char *)(uintptr_t)*variables);
	signal(SIGPIPE, SIG_DFL);
	/* also after execv(): ends a program that does not end */
	alarm(PATIENCE_S);
	child_exec(program, words);
}

static void read_back(FILE *file, char *out, size_t size)
{
	rewind(file);
	assert_true(fread(out, 1, size, file) < size);
	fclose(file);
}

/* Sends its stdout to `to`; -1: to ran->out. */
static void start(struct child *child, int to, const char *program, const char *const *words,
		  const char *const *variables)
{
	FILE *out = tmpfile(), *err = tmpfile();

	memset(child->result, 0, sizeof(*child->result));
	assert_true(out && err);
	child->out = out;
	child->err = err;
	child->pid = fork();
	assert_true(child->pid >= 0);
	if (child->pid)
		return;
	/* without the terminal of the test */
	setsid();
	dup2(open("/dev/null", O_RDWR), 0);
	dup2(to < 0 ? fileno(out) : to, 1);
	dup2(fileno(err), 2);
	run(program, words, variables);
}

void child_start_program(struct child *child, struct child_result *ran, const char *program,
			 const char *const *words, const char *const *variables)
{
	child->result = ran;
	start(child, -1, program, words, variables);
}

void child_start(struct child *child, struct child_result *ran, const char *const *words,
		 const char *const *variables)
{
	child_start_program(child, ran, "bdbtop", words, variables);
}

void child_end(struct child *child)
{
	struct child_result *ran = child->result;
	int status = 0;

	assert_int_equal(waitpid(child->pid, &status, 0), child->pid);
	ran->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	read_back(child->out, ran->out, sizeof(ran->out));
	read_back(child->err, ran->err, sizeof(ran->err));
}

void child_run(struct child_result *ran, const char *const *words, const char *const *variables)
{
	struct child child;

	child_start(&child, ran, words, variables);
	child_end(&child);
}

void child_run_to(struct child_result *ran, const char *file, const char *const *words,
		  const char *const *variables)
{
	struct child child = { .result = ran };
	int unread[2], to;

	assert_int_equal(pipe2(unread, O_CLOEXEC), 0);
	close(unread[0]);
	to = file ? open(file, O_WRONLY | O_CLOEXEC) : unread[1];
	assert_true(to >= 0);
	start(&child, to, "bdbtop", words, variables);
	child_end(&child);
	close(unread[1]);
	if (file)
		close(to);
}
