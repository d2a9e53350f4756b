/*
 * tests/main/login-t.c - bdbtop against the simulated cluster: the sources of its password, which
 * certificates it trusts, what it writes to files, and the request log of the cluster.
 */
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bdbtop/core/array.h"
#include "tests/files.h"
#include "tests/screen/simulated.h"
#include "tests/tap.h"

struct login_fixture {
	struct simulated sim;
	char home[64], conf[100], secret[100];
	char output[20000]; /* standard output and standard error of the last run */
};

static void put_file(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);

	assert_true(fd >= 0);
	assert_int_equal(fchmod(fd, mode), 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

static int enter(void **state)
{
	static const char *const options[] = { NULL };
	struct login_fixture *p = calloc(1, sizeof(*p));

	strcpy(p->home, "/tmp/bdbtop-login-XXXXXX");
	if (!mkdtemp(p->home)) {
		free(p);
		return -1;
	}
	snprintf(p->conf, sizeof(p->conf), "%s/conf", p->home);
	snprintf(p->secret, sizeof(p->secret), "%s/secret", p->home);
	simulated_open(&p->sim, options);
	setenv("HOME", p->home, 1);
	*state = p;
	return 0;
}

static int leave(void **state)
{
	static const char *const files[] = { "conf",
					     "secret",
					     ".local/state/bdbtop/known_clusters",
					     ".local/state/bdbtop/known_clusters.lock",
					     ".local/state/bdbtop/names",
					     ".local/state/bdbtop/names.lock",
					     ".local/state/bdbtop/progress.json",
					     ".local/state/bdbtop/progress.json.lock",
					     ".local/state/bdbtop/refused",
					     ".local/state/bdbtop/refused.lock",
					     ".local/state/bdbtop/progress.json",
					     ".local/state/bdbtop/progress.json.lock",
					     ".local/state/bdbtop",
					     ".local/state",
					     ".local" };
	struct login_fixture *p = *state;
	char path[200];
	size_t i;

	simulated_close(&p->sim);
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		snprintf(path, sizeof(path), "%s/%s", p->home, files[i]);
		remove(path);
	}
	/* no other file is left */
	assert_int_equal(rmdir(p->home), 0);
	free(p);
	return 0;
}

static void use_terminal(const char *arguments)
{
	const char *build = getenv("BUILDDIR");
	char command[2000];

	alarm(60);
	snprintf(command, sizeof(command), "exec '%s/bdbtop' %s", build ? build : ".", arguments);
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(127);
}

static int read_output(struct login_fixture *p, int fd, pid_t pid)
{
	size_t length = 0;
	ssize_t got;
	int status = -1;

	while ((got = read(fd, p->output + length, sizeof(p->output) - 1 - length)) > 0)
		length += (size_t)got;
	p->output[length] = '\0';
	close(fd);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* Runs bdbtop without a terminal; returns its exit status. */
static int run(struct login_fixture *p, const char *arguments)
{
	int out[2];
	pid_t pid;

	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		setsid();
		dup2(open("/dev/null", O_RDONLY | O_CLOEXEC), 0);
		dup2(out[1], 1);
		dup2(out[1], 2);
		use_terminal(arguments);
	}
	close(out[1]);
	return read_output(p, out[0], pid);
}

#define AGAIN_MS 100

/* Reads output that comes within AGAIN_MS; returns its length, 0 for none, -1 at the end. */
static ssize_t listen_to(int terminal, char *out, size_t room)
{
	struct pollfd ready = { .fd = terminal, .events = POLLIN };
	ssize_t got;

	if (!poll(&ready, 1, AGAIN_MS))
		return 0;
	got = read(terminal, out, room);
	return got > 0 ? got : -1;
}

/* Runs bdbtop on a terminal and answers the question.  Repeats the answer, because keys right after
 * the question are ignored. */
static int run_on_terminal(struct login_fixture *p, const char *arguments, const char *question,
		     const char *answer)
{
	size_t length = 0;
	ssize_t got;
	int terminal, status = -1;
	bool answered = false;
	pid_t pid = forkpty(&terminal, NULL, NULL, NULL);

	assert_true(pid >= 0);
	if (!pid)
		use_terminal(arguments);
	p->output[0] = '\0';
	while ((got = listen_to(terminal, p->output + length, sizeof(p->output) - 1 - length)) >=
	       0) {
		length += (size_t)got;
		p->output[length] = '\0';
		if (!got && !answered && strstr(p->output, question)) {
			assert_true(write(terminal, answer, strlen(answer)) > 0);
			/* what comes in the guard interval of [y/N] must be typed again; a
			 * password must not: once it is read, the terminal shows what is typed */
			answered = strstr(question, "(not shown)") != NULL;
		}
	}
	close(terminal);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void expect(const struct login_fixture *p, const char *part)
{
	if (!strstr(p->output, part))
		fail_msg("\"%s\" lacks \"%s\"", p->output, part);
}

/* The number of new requests, with and without credentials. */
static size_t requests(struct login_fixture *p)
{
	return simulated_log(&p->sim, "GET");
}

static void two_sections(struct login_fixture *p, const char *more_of_b)
{
	char text[600], port[12];

	snprintf(port, sizeof(port), "%s", strrchr(p->sim.at.url, ':') + 1);
	snprintf(text, sizeof(text),
		 "[cluster a]\nurl = https://127.0.0.1:%s\n"
		 "[cluster b]\nurl = https://localhost:%s\ncacert = %s\n%s",
		 port, port, p->sim.cacert, more_of_b);
	put_file(p->conf, text, 0600);
}

static void the_variables_open_their_own_cluster(void **state)
{
	struct login_fixture *p = *state;

	two_sections(p, "");
	assert_int_equal(run(p, "list --config=$HOME/conf a"), 0);
	expect(p, "orders-eu");
	assert_true(requests(p) > 0);
	assert_true(p->sim.request[0].credentials);
}

static void the_password_of_a_is_never_sent_to_b(void **state)
{
	struct login_fixture *p = *state;

	two_sections(p, "");
	assert_int_equal(run(p, "list --config=$HOME/conf b"), 3);
	expect(p, "bdbtop: b: neither a user nor a password is set for the log-in");
	/* with another user it is still not the password of cluster a */
	assert_int_equal(run(p, "list --config=$HOME/conf -u admin b"), 3);
	two_sections(p, "user = admin@demo.example\n");
	assert_int_equal(run(p, "list --config=$HOME/conf b"), 3);
	assert_int_equal(requests(p), 0);
}

static void a_section_opens_with_the_password_of_its_file(void **state)
{
	struct login_fixture *p = *state;
	char more[300];

	snprintf(more, sizeof(more), "user = %s\npassword_file = %s\n", p->sim.at.user, p->secret);
	two_sections(p, more);
	put_file(p->secret, p->sim.at.password, 0600);
	setenv("REDIS_ENTERPRISE_PASSWORD", "of another cluster", 1);
	assert_int_equal(run(p, "list --config=$HOME/conf b"), 0);
	expect(p, "orders-eu");
	put_file(p->secret, p->sim.at.password, 0644);
	assert_int_equal(run(p, "list --config=$HOME/conf b"), 2);
	expect(p, "group or others");
	assert_int_equal(run(p, "list --config=$HOME/conf --password-file=/nonexistent b"), 2);
	expect(p, "/nonexistent");
}

static void a_line_ending_is_skipped_once_and_more_is_refused_unsent(void **state)
{
	struct login_fixture *p = *state;
	char text[200];

	snprintf(text, sizeof(text), "%s\n", p->sim.at.password);
	setenv("REDIS_ENTERPRISE_PASSWORD", text, 1);
	assert_int_equal(run(p, "list"), 0);
	expect(p,
	       "bdbtop: The line ending at the end of REDIS_ENTERPRISE_PASSWORD was removed.\n");
	expect(p, "orders-eu");
	put_file(p->secret, text, 0600);
	assert_int_equal(run(p, "list --password-file=$HOME/secret"), 0);
	expect(p, "bdbtop: The line ending at the end of the password file ");
	assert_int_equal(run(p, "list --password-command='cat $HOME/secret'"), 0);
	assert_null(strstr(p->output, "left out"));
	assert_true(requests(p) > 0);
	simulated_log(&p->sim, "GET");
	snprintf(text, sizeof(text), "%s\r", p->sim.at.password);
	setenv("REDIS_ENTERPRISE_PASSWORD", text, 1);
	assert_int_equal(run(p, "list"), 2);
	expect(p, "bdbtop: REDIS_ENTERPRISE_PASSWORD cannot be used: it contains a carriage "
		  "return");
	put_file(p->secret, text, 0600);
	assert_int_equal(run(p, "list --password-file=$HOME/secret"), 2);
	expect(p, "cannot be used: it contains a carriage return");
	/* a bad source is harmless if another one is used */
	put_file(p->secret, p->sim.at.password, 0600);
	assert_int_equal(run(p, "list --password-file=$HOME/secret"), 0);
	assert_int_equal(run(p, "--help"), 0);
}

static void a_command_gives_the_password_and_its_failure_is_a_sentence(void **state)
{
	struct login_fixture *p = *state;

	put_file(p->secret, p->sim.at.password, 0600);
	unsetenv("REDIS_ENTERPRISE_PASSWORD");
	assert_int_equal(run(p, "list --password-command='cat $HOME/secret'"), 0);
	expect(p, "orders-eu");
	assert_int_equal(run(p, "list --password-command='exit 3'"), 2);
	expect(p, "status 3");
}

/* The profile `prod` of the simulated cluster. */
static void put_profile(struct login_fixture *p, const char *password, const char *more)
{
	char text[2048];

	snprintf(text, sizeof(text),
		 "[profiles.prod]\ndeployment_type = \"enterprise\"\nurl = \"%s\"\n"
		 "username = \"%s\"\npassword = \"%s\"\n%s",
		 p->sim.at.url, p->sim.at.user, password, more);
	put_file(p->conf, text, 0600);
	setenv("REDISCTL_CONFIG_FILE", p->conf, 1);
}

static void a_profile_of_redisctl_opens_with_its_password(void **state)
{
	struct login_fixture *p = *state;
	char ca[200], line[200];
	size_t sent;

	snprintf(ca, sizeof(ca), "ca_cert = \"%s\"\n", p->sim.cacert);
	put_profile(p, "${REDIS_ENTERPRISE_PASSWORD}", ca);
	assert_int_equal(run(p, "list prod"), 0);
	expect(p, "orders-eu");
	setenv("REDIS_ENTERPRISE_PASSWORD", "of another cluster", 1);
	put_profile(p, p->sim.at.password, ca);
	assert_int_equal(run(p, "list prod"), 0);
	expect(p, "orders-eu");
	snprintf(line, sizeof(line), "%s\n", p->sim.at.password);
	setenv("SIMULATED_PASSWORD", line, 1);
	put_profile(p, "${SIMULATED_PASSWORD}", ca);
	assert_int_equal(run(p, "list prod"), 0);
	expect(p, "The line ending at the end of SIMULATED_PASSWORD was removed.");
	expect(p, "orders-eu");
	put_profile(p, "two\\nlines", ca);
	sent = requests(p);
	assert_int_equal(run(p, "list prod"), 2);
	expect(p, "conf:1: the password cannot be used: it has more than one line.");
	assert_int_equal(requests(p), sent);
	put_profile(p, "wrong", ca);
	assert_int_equal(run(p, "list prod"), 3);
	assert_int_equal(run(p, "list prod"), 3);
	expect(p, "with the password of redisctl profile prod. It is not tried again for ");
}

static void a_profile_that_accepts_any_certificate_is_asked_about(void **state)
{
	struct login_fixture *p = *state;

	put_profile(p, p->sim.at.password, "insecure = true\n");
	assert_int_equal(run(p, "list prod"), 3);
	expect(p, "bdbtop trust prod");
	assert_int_equal(run(p, "trust prod"), 3);
	expect(p, "\nThe redisctl profile accepts any certificate (insecure = true). bdbtop "
		  "accepts only one: pin its key.\n");
	assert_int_equal(requests(p), 0);
}

static void without_trust_the_list_names_the_command_that_gives_it(void **state)
{
	struct login_fixture *p = *state;

	unsetenv("REDIS_ENTERPRISE_CA_CERT");
	assert_int_equal(run(p, "list"), 3);
	expect(p, "bdbtop trust 127.0.0.1:");
	assert_int_equal(run(p, "trust"), 3);
	expect(p, "cannot ask without a terminal; nothing was pinned");
	assert_int_equal(run(p, "list"), 3);
	assert_int_equal(requests(p), 0);
}

static void yes_on_a_terminal_pins_the_key_and_the_list_then_works(void **state)
{
	struct login_fixture *p = *state;
	char path[200], *names;

	unsetenv("REDIS_ENTERPRISE_CA_CERT");
	assert_int_equal(run_on_terminal(p, "trust", "[y/N]", "n\n"), 1);
	expect(p, "nothing was pinned");
	assert_int_equal(run(p, "list"), 3);
	assert_int_equal(run_on_terminal(p, "trust", "[y/N]", "y\n"), 0);
	expect(p, "Pinned in");
	assert_int_equal(requests(p), 0);
	assert_int_equal(run(p, "list"), 0);
	expect(p, "orders-eu");
	/* the names, for completions */
	snprintf(path, sizeof(path), "%s/.local/state/bdbtop/names", p->home);
	names = temp_dir_read(path);
	assert_non_null(strstr(names, "\t12\torders-eu\n"));
	free(names);
	assert_int_equal(run(p, "trust"), 0);
	expect(p, "presents the pinned key");
	assert_int_equal(run(p, "--print-config"), 0);
	expect(p, "known_clusters");
}

static void another_key_is_refused_until_it_is_replaced(void **state)
{
	struct login_fixture *p = *state;
	char path[200], line[300];

	unsetenv("REDIS_ENTERPRISE_CA_CERT");
	/* the first pin creates the directories */
	assert_int_equal(run_on_terminal(p, "trust", "[y/N]", "y\n"), 0);
	snprintf(path, sizeof(path), "%s/.local/state/bdbtop/known_clusters", p->home);
	snprintf(line, sizeof(line), "%s sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
		 strstr(p->sim.at.url, "//") + 2);
	put_file(path, line, 0600);
	assert_int_equal(run(p, "list"), 3);
	expect(p, "bdbtop trust --replace 127.0.0.1:");
	expect(p, "\n  pinned       SHA-256 E3:B0:C4:42:");
	expect(p, "\n  offered      SHA-256 ");
	assert_int_equal(run(p, "list --insecure"), 3);
	assert_int_equal(run(p, "trust"), 1);
	expect(p, "HAS CHANGED");
	expect(p, "bdbtop trust --replace 127.0.0.1:");
	assert_int_equal(requests(p), 0);
	assert_int_equal(run_on_terminal(p, "trust --replace", "[y/N]", "y\n"), 0);
	assert_int_equal(run(p, "list"), 0);
	put_file(path, "nonsense\n", 0600);
	assert_int_equal(run(p, "list"), 3);
	expect(p, "known_clusters");
}

static void a_refused_password_is_not_sent_again_by_the_next_list(void **state)
{
	struct login_fixture *p = *state;
	size_t sent;

	setenv("REDIS_ENTERPRISE_PASSWORD", "wrong", 1);
	assert_int_equal(run(p, "list"), 3);
	expect(p, "log-in refused for admin@demo.example (401)");
	sent = requests(p);
	assert_int_equal(sent, 1);
	assert_int_equal(run(p, "list"), 3);
	expect(p, "log-in refused for admin@demo.example ");
	expect(p, "with the password of REDIS_ENTERPRISE_PASSWORD. It is not tried again for ");
	assert_int_equal(run(p, "list"), 3);
	assert_int_equal(requests(p), sent);
	/* a password from another source counts as another one */
	put_file(p->secret, p->sim.at.password, 0600);
	assert_int_equal(run(p, "list --password-file=$HOME/secret"), 0);
}

static void a_watch_that_sends_nothing_writes_a_failed_poll(void **state)
{
	struct login_fixture *p = *state;

	setenv("REDIS_ENTERPRISE_PASSWORD", "wrong", 1);
	assert_int_equal(run(p, "list"), 3);
	assert_int_equal(run(p, "list --watch --format=jsonl 2>/dev/null"), 3);
	expect(p, "{\"schema\":\"bdbtop.watch\",");
	expect(p, "\"type\":\"POLL_FAILED\",");
	expect(p, "It is not tried again for ");
	assert_null(strstr(p->output, "bdbtop.list"));
	assert_int_equal(requests(p), 1);
}

static void askpass_asks_on_the_terminal_and_shows_nothing(void **state)
{
	struct login_fixture *p = *state;
	char typed[200];

	snprintf(typed, sizeof(typed), "wrong%c%s\n", 21, p->sim.at.password);
	unsetenv("REDIS_ENTERPRISE_PASSWORD");
	assert_int_equal(run(p, "list --askpass"), 3);
	expect(p, "cannot ask for the password without a terminal");
	assert_int_equal(run_on_terminal(p, "list --askpass", "(not shown):", typed), 0);
	expect(p, "orders-eu");
	assert_null(strstr(p->output, p->sim.at.password));
	assert_int_equal(run_on_terminal(p, "list --askpass", "(not shown):", "\033"), 3);
}

static void ten_errors_are_ten_lines(void **state)
{
	static const char *const lines[] = { "2:",  "3:",  "5:",  "6:",	 "9:",
					     "10:", "11:", "12:", "13:", "14:" };
	struct login_fixture *p = *state;
	char part[120];
	size_t i, count = 0;

	put_file(p->conf,
		 "[bdbtop]\ninterval = soon\ncolour = red\n[cluster a]\nurl = ftp://a\n"
		 "read_only = perhaps\n[cluster b]\nurl = b\nlabel = B ; red\nnonsense\npin = 12\n"
		 "color = brown\n[cluster a]\n[nothing]\n",
		 0600);
	assert_int_equal(run(p, "list --config=$HOME/conf a"), 2);
	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		snprintf(part, sizeof(part), "%s:%s ", p->conf, lines[i]);
		expect(p, part);
	}
	for (i = 0; p->output[i]; i++)
		count += p->output[i] == '\n';
	assert_int_equal(count, 10);
	assert_int_equal(requests(p), 0);
}

static void nothing_of_a_password_is_printed(void **state)
{
	struct login_fixture *p = *state;

	assert_int_equal(run(p, "--print-config"), 0);
	expect(p, "password         = (set)");
	assert_null(strstr(p->output, p->sim.at.password));
	assert_int_equal(run(p, "--print-config --password-command='echo sesame'"), 0);
	assert_null(strstr(p->output, "sesame"));
}

static void a_missing_certificate_has_its_own_sentence(void **state)
{
	struct login_fixture *p = *state;

	assert_int_equal(run(p, "list --cert=/nonexistent.pem"), 2);
	expect(p, "/nonexistent.pem, the file of --cert, cannot be read: No such file");
	assert_int_equal(run(p, "list --cacert=/nonexistent.pem"), 2);
	expect(p, "the file of --cacert");
	assert_int_equal(requests(p), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_variables_open_their_own_cluster),
		TEST(the_password_of_a_is_never_sent_to_b),
		TEST(a_section_opens_with_the_password_of_its_file),
		TEST(a_line_ending_is_skipped_once_and_more_is_refused_unsent),
		TEST(a_command_gives_the_password_and_its_failure_is_a_sentence),
		TEST(a_profile_of_redisctl_opens_with_its_password),
		TEST(a_profile_that_accepts_any_certificate_is_asked_about),
		TEST(without_trust_the_list_names_the_command_that_gives_it),
		TEST(yes_on_a_terminal_pins_the_key_and_the_list_then_works),
		TEST(another_key_is_refused_until_it_is_replaced),
		TEST(a_refused_password_is_not_sent_again_by_the_next_list),
		TEST(a_watch_that_sends_nothing_writes_a_failed_poll),
		TEST(askpass_asks_on_the_terminal_and_shows_nothing),
		TEST(ten_errors_are_ten_lines),
		TEST(nothing_of_a_password_is_printed),
		TEST(a_missing_certificate_has_its_own_sentence),
	};

	signal(SIGPIPE, SIG_IGN);
	return tap_run(tests);
}
