/*
 * The console inside a real tmux with a separate socket and configuration: with the defaults of
 * tmux, the text that `y` copies reaches the outer terminal.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gnutls/gnutls.h>

#include "tests/files.h"
#include "tests/tap.h"

#define PATIENCE_MS 60000
#define MOST	    262144

static struct {
	char folder[64], socket[96];
	pid_t client;
	int master, to, from;
	char stream[MOST];
	size_t length;
} in;

/* --- the outer terminal ---------------------------------------------------------------------- */

static const char *find(const char *bytes, size_t length)
{
	return memmem(in.stream, in.length, bytes, length);
}

static void read_more(void)
{
	struct pollfd fd = { .fd = in.master, .events = POLLIN };
	size_t rest = in.length < MOST ? MOST - in.length : 0;
	ssize_t got;

	if (poll(&fd, 1, PATIENCE_MS) != 1)
		fail_msg("tmux is silent; it showed\n%.*s", (int)in.length, in.stream);
	assert_true(rest > 0);
	got = read(in.master, in.stream + (MOST - rest), rest);
	if (got <= 0)
		fail_msg("tmux ended; it showed\n%.*s", (int)in.length, in.stream);
	in.length += (size_t)got;
}

static const char *await(const char *bytes)
{
	const char *at;

	while (!(at = find(bytes, strlen(bytes))))
		read_more();
	return at;
}

/* Sends a line to the console; reads its output meanwhile, to avoid a deadlock. */
static void say(const char *line)
{
	char answer[8] = "";
	size_t length = 0;

	assert_true(dprintf(in.to, "%s\n", line) > 0);
	while (!memchr(answer, '\n', length)) {
		struct pollfd fds[] = { { .fd = in.from, .events = POLLIN },
					{ .fd = in.master, .events = POLLIN } };

		assert_true(poll(fds, 2, PATIENCE_MS) > 0);
		if (fds[1].revents)
			read_more();
		if (fds[0].revents)
			length += (size_t)read(in.from, answer + length, sizeof(answer) - length);
	}
	assert_int_equal(strncmp(answer, "ok\n", 3), 0);
}

/* --- tmux ------------------------------------------------------------------------------------ */

static void run_tmux(void)
{
	const char *build = getenv("BUILDDIR");
	char command[4096];

	unsetenv("TMUX");
	setenv("TERM", "xterm-256color", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("XDG_STATE_HOME", in.folder, 1);
	snprintf(command, sizeof(command),
		 "exec '%s/tests/bdbtop-staged' 3 4 3<'%s/to' 4>'%s/from'", build ? build : ".",
		 in.folder, in.folder);
	execlp("tmux", "tmux", "-S", in.socket, "-f", "/dev/null", "new-session", command,
	       (char *)NULL);
	_exit(127);
}

static int make_pipe(const char *name)
{
	char path[96];

	snprintf(path, sizeof(path), "%s/%s", in.folder, name);
	if (mkfifo(path, 0600) < 0)
		return -1;
	/* opens both ends, so that open() does not block */
	return open(path, O_RDWR | O_CLOEXEC);
}

static int open_tmux(void **state)
{
	struct winsize size = { .ws_col = 100, .ws_row = 30 };

	in.length = 0;
	strcpy(in.folder, "/tmp/bdbtop-tmux-XXXXXX");
	if (!mkdtemp(in.folder))
		return -1;
	snprintf(in.socket, sizeof(in.socket), "%s/socket", in.folder);
	in.to = make_pipe("to");
	in.from = make_pipe("from");
	in.client = forkpty(&in.master, NULL, NULL, &size);
	if (in.to < 0 || in.from < 0 || in.client < 0)
		return -1;
	if (!in.client)
		run_tmux();
	return 0;
}

/* Runs one command of that tmux; out gets its output. */
static void ask_tmux(const char *command, char *out, size_t size)
{
	char line[256];
	FILE *pipe;
	size_t got;

	snprintf(line, sizeof(line), "env -u TMUX tmux -S '%s' %s 2>/dev/null", in.socket, command);
	pipe = popen(line, "r");
	assert_non_null(pipe);
	got = fread(out, 1, size - 1, pipe);
	out[got] = '\0';
	pclose(pipe);
}

static int close_tmux(void **state)
{
	char unused[16];

	ask_tmux("kill-server", unused, sizeof(unused));
	close(in.master);
	waitpid(in.client, NULL, 0);
	close(in.to);
	close(in.from);
	temp_dir_release(in.folder);
	return 0;
}

/* --- copies ---------------------------------------------------------------------------------- */

/* The text of the newest OSC 52 at the outer terminal. */
static void copied_outside(char *out, size_t size)
{
	const char *at = await("\033]52;");
	gnutls_datum_t bytes, text;

	while (!memchr(at, '\a', (size_t)(in.stream + in.length - at)))
		read_more();
	at = strchr(at + 5, ';') + 1;
	text = (gnutls_datum_t){ (unsigned char *)(uintptr_t)at, (unsigned)strcspn(at, "\a") };
	assert_int_equal(gnutls_base64_decode2(&text, &bytes), 0);
	snprintf(out, size, "%.*s", (int)bytes.size, bytes.data);
	gnutls_free(bytes.data);
}

static void what_y_copies_is_in_tmux_and_in_the_terminal_outside(void **state)
{
	static char outside[16384], buffer[16384];

	say("bdb 12 name=orders-eu backup=failed:no-permission");
	say("release list");
	say("advance 0");
	await("orders-eu");
	assert_int_equal(write(in.master, "y", 1), 1);
	await("sent to the terminal");
	copied_outside(outside, sizeof(outside));
	ask_tmux("show-buffer", buffer, sizeof(buffer));
	assert_int_equal(strncmp(buffer, "# db:12 orders-eu", 17), 0);
	assert_non_null(strstr(buffer, "\ncurl --netrc -X PUT "));
	assert_string_equal(outside, buffer);
}

static bool is_new_enough(void)
{
	FILE *pipe = popen("tmux -V 2>/dev/null", "r");
	int major = 0, minor = 0, found;

	if (!pipe)
		return false;
	found = fscanf(pipe, "tmux %d.%d", &major, &minor);
	pclose(pipe);
	return found == 2 && (major > 3 || (major == 3 && minor >= 2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			what_y_copies_is_in_tmux_and_in_the_terminal_outside, open_tmux,
			close_tmux),
	};

	if (!is_new_enough()) {
		puts("1..0 # SKIP no tmux 3.2 or later is here");
		return 0;
	}
	return tap_run(tests);
}
