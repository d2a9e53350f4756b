/*
 * tests/screen/staged.c - bdbtop-staged: the console itself, on a clock that a pipe turns, with a
 * scripted source.  Not a test: the tests of screens run it in a pseudo-terminal.
 *
 *	bdbtop-staged IN OUT [option of bdbtop]...
 *
 * IN and OUT are inherited descriptors.  Each line on IN is `advance MS`, `wall MS` (the wall
 * clock goes on or back), `sync`, or a line of tests/stage/script.h; it is answered on OUT by `ok`
 * once everything that it made due, and every key that was typed before it, is done and drawn; by
 * `error` when it was not understood.  The first `ok` comes when the console first has nothing more
 * to do.  Before each answer the terminal gets the mark ESC ] 9999 BEL: what was drawn lies before
 * it.  Time stands still at 2026-11-21T20:14:05Z until advanced.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bdbtop/core/time.h"
#include "bdbtop/session/loop.h"
#include "main/program.h"
#include "tests/stage/script.h"

struct scripted_clock {
	struct moment now;
	int64_t until_ms; /* an advance goes on to here, from deadline to deadline */
	int in, out;
	char waiting[65536];
	size_t length;
	bool owes_answer, understood; /* an answer */
	struct script *script;
	struct login_input login;
};

static struct moment scripted_clock_now(void *arg)
{
	const struct scripted_clock *turned = arg;

	return turned->now;
}

static void do_line(struct scripted_clock *turned, const char *line)
{
	turned->owes_answer = true;
	turned->understood = true;
	if (!strcmp(line, "sync"))
		return;
	if (!strncmp(line, "advance ", 8)) {
		turned->until_ms = turned->now.ms + atoll(line + 8);
		return;
	}
	if (!strncmp(line, "wall ", 5)) {
		turned->now.wall_ms += atoll(line + 5);
		script_wall(turned->script, turned->now);
		return;
	}
	turned->understood = turned->script && !script_do(turned->script, line, turned->now.ms);
}

/* True when a line was waiting and has been done. */
static bool next_line(struct scripted_clock *turned)
{
	char *end = memchr(turned->waiting, '\n', turned->length);
	size_t used;

	if (!end)
		return false;
	*end = '\0';
	do_line(turned, turned->waiting);
	used = (size_t)(end - turned->waiting) + 1;
	memmove(turned->waiting, turned->waiting + used, turned->length - used);
	turned->length -= used;
	return true;
}

static void scripted_clock_on_idle(void *arg)
{
	static const char mark[] = "\033]9999\a";
	struct scripted_clock *turned = arg;
	const char *answer = turned->understood ? "ok\n" : "error\n";

	if (!turned->owes_answer)
		return;
	turned->owes_answer = false;
	if (write(STDOUT_FILENO, mark, sizeof(mark) - 1) < 0 ||
	    write(turned->out, answer, strlen(answer)) < 0)
		_exit(1);
}

static int64_t scripted_clock_wait(void *arg, int64_t due_ms, int64_t now_ms)
{
	struct scripted_clock *turned = arg;
	int64_t to = due_ms < turned->until_ms ? due_ms : turned->until_ms;

	if (due_ms <= now_ms)
		return 0;
	if (now_ms < turned->until_ms) {
		turned->now.ms = to;
		turned->now.wall_ms += to - now_ms;
		return 0;
	}
	scripted_clock_on_idle(turned);
	return next_line(turned) ? 0 : -1;
}

static void scripted_clock_ready(void *arg)
{
	struct scripted_clock *turned = arg;
	ssize_t got = read(turned->in, turned->waiting + turned->length,
			   sizeof(turned->waiting) - turned->length);

	/* the test has gone: so does the console */
	if (got <= 0)
		_exit(3);
	turned->length += (size_t)got;
	next_line(turned);
}

static const struct audit_user who = { .user = "ops",
				       .ssh_connection = "10.9.8.7 50000 10.0.0.9 22",
				       .login = "admin@prod.example" };

static void attach(void *arg, struct cluster *cluster)
{
	struct cluster_setup *setup = (struct cluster_setup *)(uintptr_t)cluster_setup(cluster);
	struct scripted_clock *turned = arg;

	turned->login.password = secret_new();
	turned->login.typed_password = secret_new();
	strcpy(turned->login.user, cluster_setup(cluster)->user);
	/* the program has no log-in for a source that is not its own; drawings know one user, and
	 * pauses that are always the same */
	setup->login_input = &turned->login;
	setup->audit_user = &who;
	setup->seed = 7;
	turned->script = script_new(cluster_setup(cluster)->interval_ms, cluster_sink(), cluster);
	script_wall(turned->script, turned->now);
	cluster_attach(cluster, turned->script, script_ops());
	/* nothing comes before the test has said what the cluster holds */
	script_do(turned->script, "hold list", turned->now.ms);
}

int main(int argc, char **argv)
{
	static struct scripted_clock turned = {
		/* an odd monotonic clock, so that nobody mistakes it for the other one */
		.now = { .ms = 1000003, .wall_ms = 1795292045000 },
		.owes_answer = true,
		.understood = true,
	};
	struct clock here = { .now = scripted_clock_now,
			      .wait = scripted_clock_wait,
			      .ready = scripted_clock_ready,
			      .on_idle = scripted_clock_on_idle,
			      .arg = &turned };
	struct program world = { .clock = &here,
				 .attach = attach,
				 .name = "prod-eu",
				 .host = "cluster.prod.example:9443",
				 .url = "https://cluster.prod.example:9443",
				 .user = "admin@prod.example",
				 .arg = &turned };

	if (argc < 3) {
		fputs("bdbtop-staged: started by the tests of screens, with two descriptors.\n",
		      stderr);
		return 2;
	}
	turned.in = here.fd = atoi(argv[1]);
	turned.out = atoi(argv[2]);
	fcntl(turned.in, F_SETFD, FD_CLOEXEC);
	fcntl(turned.out, F_SETFD, FD_CLOEXEC);
	turned.until_ms = turned.now.ms;
	argv[2] = argv[0];
	return program_run(argc - 2, argv + 2, &world);
}
