/*
 * bdbtop, run in this process: whatever the source of its password, the password is in memory once
 * during a request, in its own page, and nowhere after the run.
 */
#include <poll.h>
#include <pthread.h>
#include <pty.h>
#include <signal.h>
#include <sys/mman.h>

#include "main/program.h"
#include "tests/net/needle.h"

enum from { FROM_VARIABLE, FROM_FILE, FROM_COMMAND, FROM_PROMPT, FROM_SCREEN };

/* The counts, in memory shared between the test and the process that is searched. */
static struct found {
	unsigned before, during, after, headers_after;
	int status;
} * found;

static struct child server;
static char cacert[40], secret_file[40];
static bool screen;

/* Writes the password byte by byte, so that the test never has a copy of it. */
static void put_password(int fd)
{
	size_t i;

	for (i = 0; i < LENGTH; i++) {
		char byte = password_at(i);

		assert_int_equal(write(fd, &byte, 1), 1);
	}
}

/* A thread beside the program: searches while the server has the request and waits for us. */
static void *search(void *unused)
{
	const struct needle password = the_password();
	char byte;

	if (read(server.fd, &byte, 1) == 1)
		found->during = count(&password);
	if (screen)
		kill(getpid(), SIGTERM);
	(void)!write(server.fd, "g", 1);
	return NULL;
}

/* Not on the heap, as the environment of a program. */
static char variable[40 + LENGTH];

static void set_variable(void)
{
	size_t i, at = (size_t)sprintf(variable, "REDIS_ENTERPRISE_PASSWORD=");

	for (i = 0; i < LENGTH; i++)
		variable[at + i] = password_at(i);
	putenv(variable);
}

static void run(enum from from)
{
	const struct needle password = the_password(), header = the_header();
	char at[40], ca[60], source[80];
	char *argv[] = { (char *)"bdbtop", screen ? ca : (char *)"list", at, ca, source, NULL };
	pthread_t thread;

	snprintf(at, sizeof(at), "127.0.0.1:%u", server.at.port);
	snprintf(ca, sizeof(ca), "--cacert=%s", cacert);
	snprintf(source, sizeof(source),
		 from == FROM_FILE	? "--password-file=%s"
		 : from == FROM_COMMAND ? "--password-command=cat %s"
		 : from == FROM_PROMPT	? "--askpass"
					: "--ascii",
		 secret_file);
	setenv("REDIS_ENTERPRISE_USER", USER, 1);
	found->before = count(&password);
	if (from == FROM_VARIABLE)
		set_variable();
	assert_int_equal(pthread_create(&thread, NULL, search, NULL), 0);
	found->status = program_run(5, argv, &(const struct program){ .clock = &clock_system });
	assert_int_equal(pthread_join(thread, NULL), 0);
	found->after = count(&password);
	found->headers_after = count(&header);
	_exit(0);
}

/* Reads the terminal until it closes.  Types the password once, after the guard interval of the
 * prompt, then enter in a separate read. */
static void answer(int terminal)
{
	struct pollfd ready = { .fd = terminal, .events = POLLIN };
	char text[65536] = "";
	const size_t half = sizeof(text) / 2;
	size_t length = 0;
	bool typed = false, entered = false;
	ssize_t got;

	for (;;) {
		if (!poll(&ready, 1, 600)) {
			if (typed && !entered) {
				assert_int_equal(write(terminal, "\r", 1), 1);
				entered = true;
			} else if (!typed && strcasestr(text, "password")) {
				put_password(terminal);
				typed = true;
			}
			continue;
		}
		got = read(terminal, text + length, half - 1);
		if (got <= 0)
			return;
		length = (length + (size_t)got) % half;
		text[length] = '\0';
	}
}

static void make_file(char *path, const char *text)
{
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	if (text)
		assert_true(dprintf(fd, "%s", text) > 0);
	else
		put_password(fd);
	close(fd);
}

static void searched(enum from from)
{
	int terminal, status;
	pid_t pid;

	strcpy(cacert, "/tmp/bdbtop-memory-XXXXXX");
	strcpy(secret_file, cacert);
	screen = from == FROM_SCREEN;
	*found = (struct found){ .during = 99, .after = 99, .headers_after = 99 };
	server = child_new(0, 1);
	make_file(cacert, server.at.pem);
	make_file(secret_file, NULL);
	pid = forkpty(&terminal, NULL, NULL, NULL);
	assert_true(pid >= 0);
	if (!pid) {
		alarm(60);
		setenv("TERM", "xterm", 1);
		run(from);
	}
	answer(terminal);
	close(terminal);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(found->status, 0);
	assert_int_equal(found->before, 0);
	assert_int_equal(found->during, 1);
	assert_int_equal(found->after, 0);
	assert_int_equal(found->headers_after, 0);
	unlink(cacert);
	unlink(secret_file);
	child_free(&server);
}

static void from_the_environment_it_moves_into_its_page(void **state)
{
	searched(FROM_VARIABLE);
}

static void from_a_file_it_is_read_into_its_page(void **state)
{
	searched(FROM_FILE);
}

static void from_a_command_it_is_read_into_its_page(void **state)
{
	searched(FROM_COMMAND);
}

static void from_a_prompt_it_is_typed_into_its_page(void **state)
{
	searched(FROM_PROMPT);
}

static void in_the_console_it_is_typed_into_its_page(void **state)
{
	searched(FROM_SCREEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(from_the_environment_it_moves_into_its_page),
		cmocka_unit_test(from_a_file_it_is_read_into_its_page),
		cmocka_unit_test(from_a_command_it_is_read_into_its_page),
		cmocka_unit_test(from_a_prompt_it_is_typed_into_its_page),
		cmocka_unit_test(in_the_console_it_is_typed_into_its_page),
	};

	found = mmap(NULL, sizeof(*found), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		     0);
	return tap_run_within(240, tests);
}
