/*
 * tests/fleet/cluster_fixture.h - a cluster with a scripted source and a fake clock, without a
 * session.
 */
#ifndef BDBTOP_TESTS_FLEET_CLUSTER_FIXTURE_H
#define BDBTOP_TESTS_FLEET_CLUSTER_FIXTURE_H

#include "bdbtop/fleet/fleet.h"
#include "tests/stage/script.h"
#include "tests/stage/stage.h"
#include "tests/tap.h"

struct cluster_fixture {
	struct fleet *fleet;
	struct cluster *cluster;
	struct script *script;
	struct audit_log *audit_log;
	struct moment now; /* starts at 2026-11-21T20:14:05Z */
	char log[4000];	   /* cluster events, as `link first answer`; one per line */
	bool muted;
};

static inline void cluster_fixture_on_event(void *arg, const struct cluster_event *event)
{
	static const char *const whats[] = { "reset", "link", "seen" };
	struct cluster_fixture *rig = arg;
	size_t used = strlen(rig->log);

	if (rig->muted)
		return;
	if (event->event_kind == CLUSTER_EVENT_CONNECTION)
		snprintf(rig->log + used, sizeof(rig->log) - used, "link %s\n", event->outcome);
	else
		snprintf(rig->log + used, sizeof(rig->log) - used, "%s %lld %s %s %s\n",
			 whats[event->event_kind], (long long)event->uid, event->name,
			 op_defs[event->kind].word, event->outcome);
}

/* The log since the last call is exactly this. */
static inline void cluster_fixture_logged(struct cluster_fixture *rig, const char *want)
{
	assert_string_equal(rig->log, want);
	rig->log[0] = '\0';
}

static inline void cluster_fixture_turn(struct cluster_fixture *rig)
{
	int turns = 0;

	do {
		fleet_tick(rig->fleet, rig->now);
		script_arrive(rig->script, rig->now.ms);
		fleet_turn(rig->fleet, rig->now);
		assert_in_range(++turns, 0, 2000);
	} while (fleet_due(rig->fleet, rig->now.ms) <= rig->now.ms);
}

static inline void cluster_fixture_advance(struct cluster_fixture *rig, int64_t ms)
{
	int64_t end = rig->now.ms + ms, due;

	do {
		due = fleet_due(rig->fleet, rig->now.ms);
		due = due > end ? end : due < rig->now.ms ? rig->now.ms : due;
		rig->now.wall_ms += due - rig->now.ms;
		rig->now.ms = due;
		cluster_fixture_turn(rig);
	} while (rig->now.ms < end);
}

static inline void cluster_fixture_script(struct cluster_fixture *rig, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static inline void cluster_fixture_script(struct cluster_fixture *rig, const char *fmt, ...)
{
	char line[300];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (script_do(rig->script, line, rig->now.ms) < 0)
		fail_msg("the script does not understand: %s", line);
}

static inline struct cluster_setup cluster_fixture_setup(struct cluster_fixture *rig)
{
	return (struct cluster_setup){ .name = "prod-eu",
				       .host = "prod.example:9443",
				       .url = "https://prod.example:9443",
				       .interval_ms = 5000,
				       .interactive = true,
				       .run_id = 4711,
				       .audit_log = rig->audit_log };
}

/* Sends no request before the first cluster_fixture_turn().  setup NULL: the default one. */
static inline void cluster_fixture_open(struct cluster_fixture *rig,
					const struct cluster_setup *setup)
{
	struct cluster_setup usual;

	rig->now = (struct moment){ .ms = 1000003, .wall_ms = 1795292045000 };
	rig->audit_log = audit_log_new(NULL, NULL);
	usual = setup ? *setup : cluster_fixture_setup(rig);
	usual.audit_log = rig->audit_log;
	rig->fleet = fleet_new();
	fleet_set_listener(rig->fleet, cluster_fixture_on_event, rig);
	rig->cluster = fleet_add(rig->fleet, &usual);
	rig->script = script_new(5000, cluster_sink(), rig->cluster);
	script_wall(rig->script, rig->now);
	cluster_attach(rig->cluster, rig->script, script_ops());
	cluster_fixture_script(rig, "latency 0");
}

static inline int cluster_fixture_enter(void **state)
{
	struct cluster_fixture *rig = calloc(1, sizeof(*rig));

	cluster_fixture_open(rig, NULL);
	*state = rig;
	return 0;
}

static inline void cluster_fixture_release(struct cluster_fixture *rig)
{
	fleet_free(rig->fleet);
	audit_log_free(rig->audit_log);
}

static inline int cluster_fixture_leave(void **state)
{
	cluster_fixture_release(*state);
	free(*state);
	return 0;
}

/* The full text of the newest result of a row, `not sent, REASON` for a row note, "" for none. */
static inline const char *cluster_fixture_result_text(struct cluster_fixture *rig, int64_t uid)
{
	static struct reset_text words;
	struct cluster_result result;

	words.full[0] = '\0';
	if (!cluster_results(rig->cluster, uid, &result, 1))
		return "";
	if (result.reset)
		reset_format(result.reset, result.question_waits, rig->now.ms, &words);
	else
		snprintf(words.full, sizeof(words.full), "not sent, %s",
			 result.skipped ? result.skipped : "(gate)");
	return words.full;
}

#endif
