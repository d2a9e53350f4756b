/*
 * `bdbtop list` over a cluster that a script makes up, and what it prints.
 */
#pragma once

#include "bdbtop/cli/list.h"
#include "bdbtop/core/array.h"
#include "tests/cli/output_capture.h"
#include "tests/stage/script.h"
#include "tests/stage/stage.h"
#include "tests/tap.h"

/* One cluster, and the output. */
struct list_fixture {
	struct fleet *fleet;
	struct script *script;
	struct audit_log *audit_log;
	struct moment now;
	char out[8000], err[2000];
	int status;
	struct list_options options;
};

static inline struct moment fixed_clock_now(void *arg)
{
	return ((struct list_fixture *)arg)->now;
}

/* The clock need not move: the script answers in the next turn. */
static inline int64_t fixed_clock_wait(void *arg, int64_t due_ms, int64_t now_ms)
{
	assert_true(due_ms <= now_ms);
	return 0;
}

static inline void script(struct list_fixture *fix, const char *line)
{
	script_run(fix->script, fix->now.ms, "%s", line);
}

static inline void open_cluster(struct list_fixture *fix, struct progress_file *progress)
{
	struct cluster_setup setup = { .name = "prod-eu",
				       .host = "cluster.prod.example:9443",
				       .url = "https://cluster.prod.example:9443",
				       .single_poll = true,
				       .progress = progress,
				       .audit_log = fix->audit_log };
	struct cluster *cluster;

	fix->fleet = fleet_new();
	cluster = fleet_add(fix->fleet, &setup);
	fix->script = script_attach(cluster, 5000);
}

static inline int open_fixture(void **state)
{
	struct list_fixture *fix = calloc(1, sizeof(*fix));

	fix->audit_log = audit_log_new(NULL, NULL);
	fix->now = (struct moment){ .ms = 1000, .wall_ms = 1795292045000 };
	open_cluster(fix, NULL);
	*state = fix;
	return 0;
}

static inline int close_fixture(void **state)
{
	struct list_fixture *fix = *state;

	fleet_free(fix->fleet);
	audit_log_free(fix->audit_log);
	free(fix);
	return 0;
}

static inline void fill(struct list_fixture *fix)
{
	script(fix, "bdb 12 name=orders-eu backup=failed:no-permission "
		    "backup.last=2026-11-18T16:02:11Z");
	script(fix, "bdb 44 name=ledger backup=succeeded export=failed:wrong-file-path:1:2 "
		    "backup.last=2026-11-21T15:02:40Z");
	script(fix, "bdb 7 name=sessions backup=exporting:~ backup.percent=42 backup.last=~");
	script(fix, "bdb 1 name=a%20cart backup=pondering:~ periodic=false");
	script(fix, "bdb 4 name=quiet every=0");
}

static inline void run(struct list_fixture *fix, bool terminal, int columns, bool ascii)
{
	struct clock clock = {
		.now = fixed_clock_now, .wait = fixed_clock_wait, .fd = -1, .arg = fix
	};
	struct output_capture out, err;

	fix->options.terminal = terminal;
	fix->options.columns = columns;
	fix->options.ascii = ascii;
	capture_start(&out, STDOUT_FILENO);
	capture_start(&err, STDERR_FILENO);
	fix->status = list_run(fix->fleet, NULL, &clock, &fix->options);
	capture_end(&err, fix->err, sizeof(fix->err));
	capture_end(&out, fix->out, sizeof(fix->out));
}

#define IN_FIXTURE(test) cmocka_unit_test_setup_teardown(test, open_fixture, close_fixture)
