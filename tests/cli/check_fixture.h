/*
 * tests/cli/check_fixture.h - `bdbtop check` over a cluster that a script makes up, on a clock that
 * moves to each deadline.
 */
#pragma once

#include "bdbtop/cli/check.h"

#include "bdbtop/core/array.h"
#include "tests/cli/output_capture.h"
#include "tests/cli/plugin_grammar.h"
#include "tests/files.h"
#include "tests/stage/script.h"
#include "tests/stage/stage.h"
#include "tests/tap.h"

#define START_MS INT64_C(1795292045000) /* 2026-11-21T20:14:05Z */
#define POLL_MS	 5000

/* One cluster, the state directory, and the output of the newest run. */
struct check_fixture {
	struct temp_dir dir;
	struct fleet *fleet;
	struct script *script;
	struct audit_log *audit_log;
	struct progress_file *progress;
	struct moment now;
	struct check_limits limits;
	struct warnings warnings;
	struct check_options options;
	struct rpo_rules rpo;
	char out[16000], err[2000];
	struct plugin_output read;
	int status;
	bool incomplete; /* UNKNOWN, but with performance data */
	/* at this moment a line of the script happens */
	int64_t then_ms;
	const char *then;
};

static inline struct moment moving_clock_now(void *arg)
{
	return ((struct check_fixture *)arg)->now;
}

static inline void script(struct check_fixture *fix, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static inline void script(struct check_fixture *fix, const char *fmt, ...)
{
	char line[300];
	va_list arguments;

	va_start(arguments, fmt);
	vsnprintf(line, sizeof(line), fmt, arguments);
	va_end(arguments);
	script_run(fix->script, fix->now.ms, "%s", line);
}

/* Moves to the deadline. */
static inline int64_t moving_clock_wait(void *arg, int64_t due_ms, int64_t now_ms)
{
	struct check_fixture *fix = arg;

	assert_true(due_ms < TIME_NEVER);
	if (due_ms <= now_ms)
		return 0;
	fix->now.ms = due_ms;
	fix->now.wall_ms += due_ms - now_ms;
	if (fix->then && fix->now.ms >= fix->then_ms) {
		script(fix, "%s", fix->then);
		fix->then = NULL;
	}
	return 0;
}

/* A run of its own begins; the monotonic clock starts anew. */
static inline void begin(struct check_fixture *fix)
{
	struct cluster_setup setup = { .name = "prod-eu",
				       .host = "cluster.prod.example:9443",
				       .url = "https://cluster.prod.example:9443",
				       .single_poll = true,
				       .rpo = fix->rpo,
				       .progress = fix->progress,
				       .audit_log = fix->audit_log };
	struct cluster *cluster;

	fleet_free(fix->fleet);
	fix->now.ms = 1000;
	fix->fleet = fleet_new();
	cluster = fleet_add(fix->fleet, &setup);
	fix->script = script_attach(cluster, POLL_MS);
	fix->options.started = fix->now;
}

static inline int open_fixture(void **state)
{
	struct check_fixture *fix = calloc(1, sizeof(*fix));

	if (temp_dir_init(&fix->dir, "progress.json") < 0)
		return -1;
	fix->audit_log = audit_log_new(NULL, NULL);
	fix->progress = progress_file_new(fix->dir.state, NULL);
	fix->now = (struct moment){ .ms = 1000, .wall_ms = START_MS };
	check_limits_init(&fix->limits);
	fix->options.limits = &fix->limits;
	fix->options.warnings = &fix->warnings;
	fix->options.timeout_ms = CHECK_TIMEOUT_MS;
	begin(fix);
	*state = fix;
	return 0;
}

static inline int close_fixture(void **state)
{
	struct check_fixture *fix = *state;

	fleet_free(fix->fleet);
	audit_log_free(fix->audit_log);
	progress_file_free(fix->progress);
	temp_dir_release(fix->dir.top);
	free(fix);
	return 0;
}

static inline void limit(struct check_fixture *fix, bool critical, const char *typed)
{
	struct err err = { .text = "" };

	if (check_limits_set(&fix->limits, critical, typed, &err) < 0)
		fail_msg("%s", err.text);
}

static inline void run(struct check_fixture *fix)
{
	struct clock clock = {
		.now = moving_clock_now, .wait = moving_clock_wait, .fd = -1, .arg = fix
	};
	struct output_capture out, err;

	capture_start(&out, STDOUT_FILENO);
	capture_start(&err, STDERR_FILENO);
	fix->status = check_run(fix->fleet, NULL, &clock, &fix->options);
	capture_end(&err, fix->err, sizeof(fix->err));
	capture_end(&out, fix->out, sizeof(fix->out));
	assert_string_equal(fix->err, "");
	plugin_read(&fix->read, fix->out, fix->status != CHECK_UNKNOWN || fix->incomplete);
}

static inline void expect(struct check_fixture *fix, enum check_state state, const char *status)
{
	run(fix);
	assert_string_equal(fix->read.status, status);
	assert_int_equal(fix->status, state);
}

static inline void fill(struct check_fixture *fix)
{
	script(fix, "bdb 12 name=orders-eu backup=failed:no-permission every=86400 "
		    "backup.last=2026-11-18T16:02:11Z");
	script(fix, "bdb 44 name=ledger backup=succeeded export=failed:wrong-file-path every=86400 "
		    "backup.last=2026-11-21T15:02:40Z");
	script(fix, "bdb 58 name=clickstream backup=succeeded every=86400 "
		    "import=failed:file-larger-than-mem-limit:12884901888:8589934592 "
		    "backup.last=2026-11-21T18:00:09Z");
	script(fix, "bdb 90 name=quotas every=3600 created=2026-11-01T00:00:00Z");
	script(fix, "bdb 4 name=quiet periodic=false");
}

#define IN_FIXTURE(test) cmocka_unit_test_setup_teardown(test, open_fixture, close_fixture)
