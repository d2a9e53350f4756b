/*
 * The program: what it publishes about itself, and how it ends.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <json-c/json.h>

#include "tests/main/child.h"
#include "tests/tap.h"

enum { WORDS_MAX = 8 };

/* A child process, and our ends of its pipes. */
struct sim_process {
	pid_t pid;
	int in, out, err;	/* standard streams */
	int ready_fd;		/* read end of --ready-fd; -1: none */
	int parent_fd;		/* write end of --parent-fd; -1: none */
};

static void pipe_for_children(int ends[2])
{
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
}

/* In the child: exec the program; with_parent_fd: descriptors 3 (ready) and 4 (parent). */
static void exec_program(const char *const *words, bool with_parent_fd, int pipes[5][2])
{
	const char *all[WORDS_MAX + 3] = { NULL };
	int i, n = 0, high[5];

	if (with_parent_fd) {
		all[n++] = "--ready-fd=3";
		all[n++] = "--parent-fd=4";
	}
	for (i = 0; words[i]; i++)
		all[n++] = words[i];
	for (i = 0; i < 5; i++)
		high[i] = fcntl(pipes[i][i == 0 || i == 4 ? 0 : 1], F_DUPFD_CLOEXEC, 20);
	for (i = 0; i < (with_parent_fd ? 5 : 3); i++)
		dup2(high[i], i);
	child_exec("bdbtop-sim", all);
}

static struct sim_process start(bool with_parent_fd, const char *const *words)
{
	int pipes[5][2], i;
	struct sim_process c;

	for (i = 0; i < 5; i++)
		pipe_for_children(pipes[i]);
	c.pid = fork();
	assert_true(c.pid >= 0);
	if (!c.pid)
		exec_program(words, with_parent_fd, pipes);
	for (i = 0; i < 5; i++)
		close(pipes[i][i == 0 || i == 4 ? 0 : 1]);
	c.in = pipes[0][1];
	c.out = pipes[1][0];
	c.err = pipes[2][0];
	c.ready_fd = pipes[3][0];
	c.parent_fd = pipes[4][1];
	return c;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* Wait until the child ends; returns its exit status. */
static int wait_for_exit(struct sim_process *c)
{
	int status;

	while (waitpid(c->pid, &status, 0) < 0)
		assert_int_equal(errno, EINTR);
	close_fd(&c->in);
	close_fd(&c->out);
	close_fd(&c->err);
	close_fd(&c->ready_fd);
	close_fd(&c->parent_fd);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Read until the other end closes or the text contains mark; the caller frees it. */
static char *read_until(int fd, const char *mark)
{
	char *text = calloc(1, 65536);
	size_t length = 0;
	ssize_t got;

	while (!(mark && strstr(text, mark)) &&
	       (got = read(fd, text + length, 65535 - length)) > 0)
		length += (size_t)got;
	return text;
}

static const char *string_in(struct json_object *object, const char *key)
{
	struct json_object *value;

	assert_true(json_object_object_get_ex(object, key, &value));
	return json_object_get_string(value);
}

static void writes_one_ready_line_and_closes(void **state)
{
	static const char *const words[] = { "--scenario=calm", NULL };
	struct sim_process c = start(true, words);
	char *line = read_until(c.ready_fd, NULL), *out;
	struct json_object *info = json_tokener_parse(line);

	assert_non_null(info);
	assert_memory_equal(string_in(info, "url"), "https://127.0.0.1:", 18);
	assert_string_equal(string_in(info, "user"), "admin@demo.example");
	assert_int_equal(strlen(string_in(info, "password")), 24);
	assert_memory_equal(string_in(info, "cacert"), "-----BEGIN CERTIFICATE-----\n", 28);
	assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
	close_fd(&c.parent_fd);
	out = read_until(c.out, NULL);
	assert_string_equal(out, "");
	assert_int_equal(wait_for_exit(&c), 0);
	json_object_put(info);
	free(line);
	free(out);
}

static void has_no_password_in_its_arguments(void **state)
{
	static const char *const words[] = { NULL };
	struct sim_process c = start(true, words);
	char *line = read_until(c.ready_fd, NULL), *shown, path[64];
	struct json_object *info = json_tokener_parse(line);
	int fd, i;

	snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)c.pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	shown = calloc(1, 4096);
	assert_true(read(fd, shown, 4095) > 0);
	close(fd);
	for (i = 0; i < 4094; i++)
		if (!shown[i])
			shown[i] = ' ';
	assert_non_null(strstr(shown, "--ready-fd=3"));
	assert_null(strstr(shown, string_in(info, "password")));
	close_fd(&c.parent_fd);
	assert_int_equal(wait_for_exit(&c), 0);
	json_object_put(info);
	free(shown);
	free(line);
}

/* A parent that starts the simulator, writes its pid and waits for a signal. */
static void parent(int pid_pipe)
{
	static const char *const words[] = { NULL };
	struct sim_process c = start(true, words);
	char *line = read_until(c.ready_fd, NULL);

	if (!*line || write(pid_pipe, &c.pid, sizeof(c.pid)) != sizeof(c.pid))
		_exit(1);
	for (;;)
		pause();
}

static void ends_with_its_parent_even_after_kill_9(void **state)
{
	int pid_pipe[2], status;
	pid_t middle, sim;

	/* adopt the orphan and reap it, because kill -0 succeeds on a zombie */
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	pipe_for_children(pid_pipe);
	middle = fork();
	assert_true(middle >= 0);
	if (!middle)
		parent(pid_pipe[1]);
	close(pid_pipe[1]);
	assert_int_equal(read(pid_pipe[0], &sim, sizeof(sim)), sizeof(sim));
	close(pid_pipe[0]);
	assert_int_equal(waitpid(sim, &status, WNOHANG), -1);
	kill(middle, SIGKILL);
	assert_int_equal(waitpid(middle, &status, 0), middle);
	assert_int_equal(waitpid(sim, &status, 0), sim);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static mode_t mode_of(const char *directory, const char *name)
{
	char path[512];
	struct stat st;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	return stat(path, &st) < 0 ? 0 : st.st_mode & 0777;
}

static char *content_of(const char *directory, const char *name)
{
	char path[512], *text;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	text = read_until(fd, NULL);
	close(fd);
	return text;
}

static void writes_a_directory_and_removes_it(void **state)
{
	char directory[] = "/tmp/sim-run.XXXXXX", option[96], subdir[64];
	const char *const words[] = { option, NULL };
	char *out, *environment;
	struct sim_process c;

	assert_non_null(mkdtemp(directory));
	snprintf(subdir, sizeof(subdir), "%s/nest", directory);
	snprintf(option, sizeof(option), "--directory=%s", subdir);
	c = start(false, words);
	out = read_until(c.out, "removes the files.\n");
	assert_non_null(strstr(out, "scenario triage, 214 databases, at https://127.0.0.1:"));
	assert_non_null(strstr(out, "/environment && bdbtop\n"));
	assert_int_equal(mode_of(directory, "nest"), 0700);
	assert_int_equal(mode_of(subdir, "ca.pem"), 0644);
	assert_int_equal(mode_of(subdir, "environment"), 0600);
	environment = content_of(subdir, "environment");
	assert_non_null(strstr(environment, "export REDIS_ENTERPRISE_URL='https://127.0.0.1:"));
	assert_non_null(strstr(environment, "export REDIS_ENTERPRISE_USER='admin@demo.example'\n"));
	assert_non_null(strstr(environment, "export REDIS_ENTERPRISE_PASSWORD='"));
	assert_non_null(strstr(environment, "/nest/ca.pem'\n"));
	kill(c.pid, SIGTERM);
	assert_int_equal(wait_for_exit(&c), 0);
	assert_int_equal(rmdir(directory), 0);
	free(environment);
	free(out);
}

static void a_client_certificate_is_in_the_directory_when_one_is_accepted(void **state)
{
	char directory[] = "/tmp/sim-run.XXXXXX", option[96];
	const char *const words[] = { option, "--auth=certificate", NULL };
	char *out, *client;
	struct sim_process c;

	assert_non_null(mkdtemp(directory));
	snprintf(option, sizeof(option), "--directory=%s", directory);
	c = start(false, words);
	out = read_until(c.out, "removes the files.");
	assert_non_null(strstr(out, "bdbtop --auth=certificate --cert=/tmp/sim-run."));
	assert_int_equal(mode_of(directory, "client.pem"), 0600);
	client = content_of(directory, "client.pem");
	assert_non_null(strstr(client, "PRIVATE KEY"));
	assert_non_null(strstr(client, "BEGIN CERTIFICATE"));
	kill(c.pid, SIGTERM);
	assert_int_equal(wait_for_exit(&c), 0);
	assert_int_equal(rmdir(directory), 0);
	free(client);
	free(out);
}

static void keeps_an_existing_directory_and_its_files(void **state)
{
	char directory[] = "/tmp/sim-run.XXXXXX", option[64], path[64];
	const char *const words[] = { option, NULL };
	struct sim_process c;
	char *said;
	int fd;

	assert_non_null(mkdtemp(directory));
	snprintf(option, sizeof(option), "--directory=%s", directory);
	snprintf(path, sizeof(path), "%s/ca.pem", directory);
	c = start(false, words);
	free(read_until(c.out, "removes the files.\n"));
	kill(c.pid, SIGINT);
	assert_int_equal(wait_for_exit(&c), 0);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	close(fd);
	c = start(false, words);
	said = read_until(c.err, NULL);
	assert_non_null(strstr(said, "File exists. Choose another directory with --directory.\n"));
	assert_int_equal(wait_for_exit(&c), 2);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(directory), 0);
	free(said);
}

static void two_simulators_share_a_certificate_file(void **state)
{
	char directory[] = "/tmp/sim-run.XXXXXX", file[64], option[96];
	const char *const words[] = { option, "--certificate-as=wildcard", NULL };
	struct json_object *one, *two;
	char *first, *second;
	struct sim_process a, b;

	assert_non_null(mkdtemp(directory));
	snprintf(file, sizeof(file), "%s/both.pem", directory);
	snprintf(option, sizeof(option), "--certificate=%s", file);
	a = start(true, words);
	first = read_until(a.ready_fd, NULL);
	b = start(true, words);
	second = read_until(b.ready_fd, NULL);
	one = json_tokener_parse(first);
	two = json_tokener_parse(second);
	assert_string_equal(string_in(one, "cacert"), string_in(two, "cacert"));
	assert_string_not_equal(string_in(one, "url"), string_in(two, "url"));
	close_fd(&a.parent_fd);
	close_fd(&b.parent_fd);
	assert_int_equal(wait_for_exit(&a), 0);
	assert_int_equal(wait_for_exit(&b), 0);
	assert_int_equal(mode_of(directory, "both.pem"), 0600);
	unlink(file);
	assert_int_equal(rmdir(directory), 0);
	json_object_put(one);
	json_object_put(two);
	free(first);
	free(second);
}

static void a_renewal_replaces_the_certificate_in_the_directory(void **state)
{
	char directory[] = "/tmp/sim-run.XXXXXX", option[64];
	const char *const words[] = { option, "--clock=stdin", NULL };
	static const char line[] = "certificate same-key expired\ntime\n";
	char *before, *after, *out;
	struct sim_process c;

	assert_non_null(mkdtemp(directory));
	snprintf(option, sizeof(option), "--directory=%s", directory);
	c = start(false, words);
	free(read_until(c.out, "removes the files.\n"));
	before = content_of(directory, "ca.pem");
	assert_int_equal(write(c.in, line, sizeof(line) - 1), sizeof(line) - 1);
	out = read_until(c.out, "ok 2026-11-21T20:14:05Z\n");
	assert_memory_equal(out, "ok sha256//", 11);
	after = content_of(directory, "ca.pem");
	assert_string_not_equal(after, before);
	assert_memory_equal(after, "-----BEGIN CERTIFICATE-----\n", 28);
	assert_int_equal(mode_of(directory, "ca.pem"), 0644);
	close_fd(&c.in);
	assert_int_equal(wait_for_exit(&c), 0);
	assert_int_equal(rmdir(directory), 0);
	free(before);
	free(after);
	free(out);
}

static void ends_with_standard_input(void **state)
{
	static const char *const words[] = { "--clock=stdin", NULL };
	static const char lines[] = "time\nadvance 60s\nlog\n";
	struct sim_process c = start(true, words);
	char *out;

	free(read_until(c.ready_fd, NULL));
	assert_int_equal(write(c.in, lines, sizeof(lines) - 1), sizeof(lines) - 1);
	out = read_until(c.out, "ok 0\n");
	assert_string_equal(out, "ok 2026-11-21T20:14:05Z\nok 2026-11-21T20:15:05Z\nok 0\n");
	close_fd(&c.in);
	assert_int_equal(wait_for_exit(&c), 0);
	free(out);
}

static void start_errors_exit_with_2(void **state)
{
	static const struct {
		const char *word, *sentence;
	} wrong[] = {
		{ "--idle-as=zero",
		  "bdbtop-sim: --idle-as=zero must be absent, empty, null or idle.\n" },
		{ "--scenario=sunday",
		  "bdbtop-sim: unknown scenario \"sunday\": known are triage, calm, disaster, "
		  "storm; a file name must contain a \"/\" or a \".\".\n" },
		{ "--ready-fd=15", "bdbtop-sim: --ready-fd=15 is not an open descriptor.\n" },
		{ "--parent-fd=16", "bdbtop-sim: --parent-fd=16 is not an open descriptor.\n" },
	};
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		const char *const words[] = { wrong[i].word, NULL };
		struct sim_process c = start(false, words);
		char *said = read_until(c.err, NULL);

		assert_string_equal(said, wrong[i].sentence);
		assert_int_equal(wait_for_exit(&c), 2);
		free(said);
	}
}

/* Run it in a shell with this XDG_RUNTIME_DIR; returns the exit status. */
static int run_in_shell(const char *words, const char *runtime, char *said, size_t size)
{
	char command[600];
	const char *build = getenv("BUILDDIR");
	FILE *shell;
	size_t got;

	snprintf(command, sizeof(command), "XDG_RUNTIME_DIR='%s' exec '%s/bdbtop-sim' %s", runtime,
		 build ? build : ".", words);
	shell = popen(command, "re");
	assert_non_null(shell);
	got = fread(said, 1, size - 1, shell);
	said[got] = '\0';
	return WEXITSTATUS(pclose(shell));
}

static void output_errors_exit_with_1_and_leave_no_file(void **state)
{
	static const char *const cases[] = { "--help 2>&1 >&-", "--version 2>&1 >&-",
					     "<&- 2>&1 >&-", "2>&1 >/dev/full" };
	char runtime[] = "/tmp/bdbtop-sim-t.XXXXXX", said[2000];
	size_t i;

	assert_non_null(mkdtemp(runtime));
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(run_in_shell(cases[i], runtime, said, sizeof(said)), 1);
		assert_string_equal(said, i < 3 ? "bdbtop-sim: the output could not be written: "
						  "Bad file descriptor\n"
						: "bdbtop-sim: the output could not be written: "
						  "No space left on device\n");
	}
	assert_int_equal(run_in_shell("--help >&- 2>&-", runtime, said, sizeof(said)), 1);
	assert_int_equal(rmdir(runtime), 0);
}

static void does_not_use_the_runtime_directory_of_another_user(void **state)
{
	char runtime[] = "/tmp/bdbtop-sim-t.XXXXXX", said[2000];

	if (geteuid() != 0) {
		printf("# only root can give a directory away, so this was not tried\n");
		return;
	}
	assert_non_null(mkdtemp(runtime));
	assert_int_equal(chown(runtime, 65534, 65534), 0);
	assert_int_equal(run_in_shell("--clock=running </dev/null", runtime, said, sizeof(said)),
			 0);
	assert_non_null(strstr(said, " /tmp/bdbtop-sim."));
	assert_null(strstr(said, runtime));
	assert_int_equal(rmdir(runtime), 0);
}

static void prints_help_and_version(void **state)
{
	static const char *const help[] = { "--help", NULL };
	static const char *const version[] = { "--version", NULL };
	struct sim_process c = start(false, help);
	char *out = read_until(c.out, NULL);

	assert_memory_equal(out, "Usage: bdbtop-sim [OPTION]...\n", 30);
	assert_int_equal(wait_for_exit(&c), 0);
	free(out);
	c = start(false, version);
	out = read_until(c.out, NULL);
	assert_memory_equal(out, "bdbtop-sim ", 11);
	assert_int_equal(wait_for_exit(&c), 0);
	free(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_one_ready_line_and_closes),
		cmocka_unit_test(has_no_password_in_its_arguments),
		cmocka_unit_test(ends_with_its_parent_even_after_kill_9),
		cmocka_unit_test(writes_a_directory_and_removes_it),
		cmocka_unit_test(a_client_certificate_is_in_the_directory_when_one_is_accepted),
		cmocka_unit_test(keeps_an_existing_directory_and_its_files),
		cmocka_unit_test(two_simulators_share_a_certificate_file),
		cmocka_unit_test(a_renewal_replaces_the_certificate_in_the_directory),
		cmocka_unit_test(ends_with_standard_input),
		cmocka_unit_test(start_errors_exit_with_2),
		cmocka_unit_test(output_errors_exit_with_1_and_leave_no_file),
		cmocka_unit_test(does_not_use_the_runtime_directory_of_another_user),
		cmocka_unit_test(prints_help_and_version),
	};

	/* a child that does not end must not block the tests */
	alarm(120);
	signal(SIGPIPE, SIG_IGN);
	return tap_run(tests);
}
