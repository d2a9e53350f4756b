/*
 * tests/screen/staged.c - bdbtop-staged: the console with a scripted source, on a clock that a pipe
 * controls.  Not a test: the tests of screens run it in a pseudo-terminal.
 *
 *	bdbtop-staged IN OUT [option of bdbtop]...
 *
 * IN and OUT are inherited descriptors.  Each line on IN is `advance MS`, `wall MS` (moves the wall
 * clock forward or back), `sync`, or a line of a script (tests/stage/script_lines.c).  The answer
 * on OUT is `ok` when everything due, and every key typed before the line, is done and drawn, or
 * `error` for an invalid line.  The first `ok` comes when the console is first idle.  Before each
 * answer the terminal gets PTY_MARK, after everything drawn.  After `unread` the test reads the
 * terminal slowly or not at all: the terminal gets no mark, and the answer is `ok TOTAL WAITS`, the
 * bytes drawn so far, and 1 if the terminal has not accepted all of them.  The clock starts at
 * 2026-11-21T20:14:05Z and moves only by these lines.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bdbtop/core/time.h"
#include "bdbtop/session/loop.h"
#include "main/program.h"
#include "tests/screen/pty.h"
#include "tests/stage/script.h"
#include "ui/term_internal.h"

struct scripted_clock {
	struct moment now;
	int64_t until_ms; /* end of an advance, which stops at each deadline */
	int in, out;
	char waiting[65536];
	size_t length;
	bool owes_answer, understood; /* an answer */
	bool unread;
	struct script *script;
	struct login_input login;
};

static struct moment scripted_clock_now(void *arg)
{
	const struct scripted_clock *clock = arg;

	return clock->now;
}

static void do_line(struct scripted_clock *clock, const char *line)
{
	clock->owes_answer = true;
	clock->understood = true;
	if (!strcmp(line, "sync"))
		return;
	if (!strcmp(line, "unread")) {
		clock->unread = true;
		return;
	}
	if (!strncmp(line, "advance ", 8)) {
		clock->until_ms = clock->now.ms + atoll(line + 8);
		return;
	}
	if (!strncmp(line, "wall ", 5)) {
		clock->now.wall_ms += atoll(line + 5);
		script_wall(clock->script, clock->now);
		return;
	}
	clock->understood = clock->script && !script_do(clock->script, line, clock->now.ms);
}

/* Runs one waiting line; false: there was none. */
static bool next_line(struct scripted_clock *clock)
{
	char *end = memchr(clock->waiting, '\n', clock->length);
	size_t used;

	if (!end)
		return false;
	*end = '\0';
	do_line(clock, clock->waiting);
	used = (size_t)(end - clock->waiting) + 1;
	memmove(clock->waiting, clock->waiting + used, clock->length - used);
	clock->length -= used;
	return true;
}

static void answer(const struct scripted_clock *clock)
{
	static const char mark[] = PTY_MARK;
	int written;

	if (clock->unread)
		written = dprintf(clock->out, "ok %llu %d\n",
				  (unsigned long long)term_output_total(), term_output_waits());
	else if (write(STDOUT_FILENO, mark, sizeof(mark) - 1) < 0)
		written = -1;
	else
		written = dprintf(clock->out, "%s\n", clock->understood ? "ok" : "error");
	if (written < 0)
		_exit(1);
}

static void scripted_clock_on_idle(void *arg)
{
	struct scripted_clock *clock = arg;

	/* a frame that the terminal has not accepted is not drawn yet */
	if (!clock->owes_answer || (term_output_waits() && !clock->unread))
		return;
	clock->owes_answer = false;
	answer(clock);
}

static int64_t scripted_clock_wait(void *arg, int64_t due_ms, int64_t now_ms)
{
	struct scripted_clock *clock = arg;
	int64_t to = due_ms < clock->until_ms ? due_ms : clock->until_ms;

	if (due_ms <= now_ms)
		return 0;
	if (now_ms < clock->until_ms) {
		clock->now.ms = to;
		clock->now.wall_ms += to - now_ms;
		return 0;
	}
	scripted_clock_on_idle(clock);
	return !clock->owes_answer && next_line(clock) ? 0 : -1;
}

static void scripted_clock_ready(void *arg)
{
	struct scripted_clock *clock = arg;
	ssize_t got = read(clock->in, clock->waiting + clock->length,
			   sizeof(clock->waiting) - clock->length);

	/* the test has ended */
	if (got <= 0)
		_exit(3);
	clock->length += (size_t)got;
	next_line(clock);
}

static const struct audit_user audit_user = { .user = "ops",
				       .ssh_connection = "10.9.8.7 50000 10.0.0.9 22",
				       .login = "admin@prod.example" };

static void attach(void *arg, struct cluster *cluster)
{
	struct cluster_setup *setup = (struct cluster_setup *)(uintptr_t)cluster_setup(cluster);
	struct scripted_clock *clock = arg;

	clock->login.password = secret_new();
	clock->login.typed_password = secret_new();
	strcpy(clock->login.user, cluster_setup(cluster)->user);
	/* the program sets no log-in for a scripted source; drawings need a fixed user and fixed
	 * pauses */
	setup->login_input = &clock->login;
	setup->audit_user = &audit_user;
	setup->seed = 7;
	clock->script = script_attach(cluster, cluster_setup(cluster)->interval_ms);
	script_wall(clock->script, clock->now);
	/* no list before the test has described the cluster */
	script_do(clock->script, "hold list", clock->now.ms);
}

int main(int argc, char **argv)
{
	static struct scripted_clock clock = {
		/* an odd monotonic clock, so that no code mistakes it for the wall clock */
		.now = { .ms = 1000003, .wall_ms = 1795292045000 },
		.owes_answer = true,
		.understood = true,
	};
	struct clock here = { .now = scripted_clock_now,
			      .wait = scripted_clock_wait,
			      .ready = scripted_clock_ready,
			      .on_idle = scripted_clock_on_idle,
			      .arg = &clock };
	struct program world = { .clock = &here,
				 .attach = attach,
				 .name = "prod-eu",
				 .host = "cluster.prod.example:9443",
				 .url = "https://cluster.prod.example:9443",
				 .user = "admin@prod.example",
				 .arg = &clock };

	if (argc < 3) {
		fputs("bdbtop-staged: started by the tests of screens, with two descriptors.\n",
		      stderr);
		return 2;
	}
	clock.in = here.fd = atoi(argv[1]);
	clock.out = atoi(argv[2]);
	fcntl(clock.in, F_SETFD, FD_CLOEXEC);
	fcntl(clock.out, F_SETFD, FD_CLOEXEC);
	clock.until_ms = clock.now.ms;
	argv[2] = argv[0];
	return program_run(argc - 2, argv + 2, &world);
}
