/*
 * tests/cli/reset_fixture.h - `bdbtop reset` on a scripted cluster, a fake clock and a
 * pseudo-terminal.
 */
#pragma once

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <termios.h>

#include "bdbtop/cli/reset.h"
#include "bdbtop/core/array.h"
#include "tests/cli/output_capture.h"
#include "tests/stage/stage.h"

#define RUN_MAX_MS 3600000

/* What happens so many ms after the start: `type TEXT`, `signal NUMBER`, `sleep MS`, or a line
 * of the script. */
struct step {
	int64_t ms;
	const char *what;
};

struct reset_fixture {
	struct fleet *fleet;
	struct cluster *cluster;
	struct script *script;
	struct audit_log *audit_log;
	struct cluster_setup setup;
	struct moment now;
	int64_t start_ms;
	const struct step *steps;
	size_t step_count;
	int user; /* the other end of the terminal */
	struct reset_options options;
	int status;
	struct output_capture capture_out, capture_err;
	char out[8000], err[2000], asked[4000];
};

static inline void script(struct reset_fixture *fix, const char *line)
{
	script_run(fix->script, fix->now.ms, "%s", line);
}

static inline void end_captures(struct reset_fixture *fix)
{
	capture_end(&fix->capture_err, fix->err, sizeof(fix->err));
	capture_end(&fix->capture_out, fix->out, sizeof(fix->out));
}

/* --- the clock ------------------------------------------------------------------------------- */

static inline struct moment fixture_now(void *arg)
{
	return ((struct reset_fixture *)arg)->now;
}

static inline void do_step(struct reset_fixture *fix, const char *what)
{
	if (!strncmp(what, "type ", 5)) {
		assert_true(dprintf(fix->user, "%s\n", what + 5) > 0);
	} else if (!strncmp(what, "signal ", 7)) {
		raise(atoi(what + 7));
	} else if (!strncmp(what, "sleep ", 6)) {
		fix->now.ms += atoi(what + 6);
	} else {
		script(fix, what);
	}
}

/* Goes to the next deadline, or the next step if that is sooner. */
static inline int64_t fixture_wait(void *arg, int64_t due_ms, int64_t now_ms)
{
	struct reset_fixture *fix = arg;
	int64_t next = fix->step_count ? fix->start_ms + fix->steps->ms : TIME_NEVER;

	next = due_ms < next ? due_ms : next;
	if (next - fix->start_ms > RUN_MAX_MS) {
		end_captures(fix);
		fail_msg("it does not end after: %s%s", fix->out, fix->err);
	}
	if (next > now_ms) {
		fix->now.ms += next - now_ms;
		fix->now.wall_ms += next - now_ms;
	}
	while (fix->step_count && fix->now.ms >= fix->start_ms + fix->steps->ms) {
		do_step(fix, fix->steps->what);
		fix->steps++;
		fix->step_count--;
	}
	return 0;
}

/* --- the fixture ----------------------------------------------------------------------------- */

static inline void open_cluster(struct reset_fixture *fix)
{
	fix->fleet = fleet_new();
	fix->audit_log = fix->setup.audit_log = audit_log_new(NULL, NULL);
	fix->cluster = fleet_add(fix->fleet, &fix->setup);
	fix->script = script_attach(fix->cluster, 5000);
	script(fix, "latency 0");
}

static inline void close_cluster(struct reset_fixture *fix)
{
	fleet_free(fix->fleet);
	audit_log_free(fix->audit_log);
}

/* For another run of the program. */
static inline void reopen_cluster(struct reset_fixture *fix)
{
	close_cluster(fix);
	open_cluster(fix);
}

static inline int open_fixture(void **state)
{
	struct reset_fixture *fix = calloc(1, sizeof(*fix));

	fix->now = (struct moment){ .ms = 1000003, .wall_ms = 1795292045000 };
	fix->start_ms = fix->now.ms;
	fix->setup = (struct cluster_setup){ .name = "prod-eu",
					     .host = "cluster.prod.example:9443",
					     .url = "https://cluster.prod.example:9443",
					     .single_poll = true,
					     .seed = 7 };
	fix->options = (struct reset_options){ .kind = OP_BACKUP, .yes = true, .terminal = -1 };
	fix->user = -1;
	open_cluster(fix);
	*state = fix;
	return 0;
}

static inline int close_fixture(void **state)
{
	struct reset_fixture *fix = *state;

	close_cluster(fix);
	free(fix);
	return 0;
}

static inline void fill(struct reset_fixture *fix)
{
	script(fix, "bdb 12 name=orders-eu backup=failed:no-permission");
	script(fix, "bdb 44 name=ledger backup=succeeded export=failed:wrong-file-path");
	script(fix, "bdb 7 name=sessions backup=exporting:~ backup.percent=42");
	script(fix, "bdb 31 name=carts backup=failed:no-permission");
	script(fix, "bdb 4 name=quiet");
}

static inline void open_terminal(struct reset_fixture *fix)
{
	struct termios settings;

	assert_int_equal(openpty(&fix->user, &fix->options.terminal, NULL, NULL, NULL), 0);
	assert_int_equal(tcgetattr(fix->options.terminal, &settings), 0);
	settings.c_lflag &= ~(tcflag_t)ECHO;
	settings.c_oflag &= ~(tcflag_t)OPOST;
	assert_int_equal(tcsetattr(fix->options.terminal, TCSANOW, &settings), 0);
	fix->options.yes = false;
}

static inline void close_terminal(struct reset_fixture *fix)
{
	struct pollfd ready = { .fd = fix->user, .events = POLLIN };
	size_t length = 0;
	ssize_t got = 1;

	if (fix->user < 0)
		return;
	for (; got > 0 && poll(&ready, 1, 0) > 0; length += got > 0 ? (size_t)got : 0)
		got = read(fix->user, fix->asked + length, sizeof(fix->asked) - 1 - length);
	fix->asked[length] = '\0';
	close(fix->user);
	close(fix->options.terminal);
	fix->user = fix->options.terminal = -1;
}

/* Runs it about these databases, each step at its time. */
static inline void run_steps(struct reset_fixture *fix, const char *const *words,
			     const struct step *steps)
{
	const struct clock clock = {
		.now = fixture_now, .wait = fixture_wait, .fd = -1, .arg = fix
	};

	fix->start_ms = fix->now.ms;
	fix->steps = steps;
	for (fix->step_count = 0; steps && steps[fix->step_count].what;)
		fix->step_count++;
	fix->options.words = words;
	for (fix->options.word_count = 0; words[fix->options.word_count];)
		fix->options.word_count++;
	capture_start(&fix->capture_out, STDOUT_FILENO);
	capture_start(&fix->capture_err, STDERR_FILENO);
	fix->status = reset_run(fix->fleet, NULL, &clock, &fix->options);
	end_captures(fix);
	close_terminal(fix);
}

#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define STEPS(...) ((const struct step[]){ __VA_ARGS__, { 0, NULL } })
#define NOTHING	   ((const char *const[]){ NULL })

static inline void run(struct reset_fixture *fix, const char *const *words)
{
	run_steps(fix, words, NULL);
}

static inline unsigned puts_of(const struct reset_fixture *fix)
{
	return script_counts(fix->script)->puts;
}

/* The output, the exit status, and how many PUTs were sent. */
static inline void expect(const struct reset_fixture *fix, int status, unsigned puts,
			  const char *out)
{
	assert_string_equal(fix->out, out);
	assert_int_equal(fix->status, status);
	assert_int_equal(puts_of(fix), puts);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_fixture, close_fixture)
