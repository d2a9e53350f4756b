/*
 * tests/fleet/cluster_fixture.h - a cluster with a scripted source and a fake clock, without a
 * session.
 */
#pragma once

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
	struct cluster_fixture *fix = arg;
	size_t used = strlen(fix->log);

	if (fix->muted)
		return;
	if (event->event_kind == CLUSTER_EVENT_CONNECTION)
		snprintf(fix->log + used, sizeof(fix->log) - used, "link %s\n", event->outcome);
	else
		snprintf(fix->log + used, sizeof(fix->log) - used, "%s %lld %s %s %s\n",
			 whats[event->event_kind], (long long)event->uid, event->name,
			 op_defs[event->kind].word, event->outcome);
}

/* The log since the last call is exactly this. */
static inline void cluster_fixture_logged(struct cluster_fixture *fix, const char *want)
{
	assert_string_equal(fix->log, want);
	fix->log[0] = '\0';
}

static inline void cluster_fixture_turn(struct cluster_fixture *fix)
{
	int turns = 0;

	do {
		fleet_tick(fix->fleet, fix->now);
		script_arrive(fix->script, fix->now.ms);
		fleet_turn(fix->fleet, fix->now);
		assert_in_range(++turns, 0, 2000);
	} while (fleet_due(fix->fleet, fix->now.ms) <= fix->now.ms);
}

static inline void cluster_fixture_advance(struct cluster_fixture *fix, int64_t ms)
{
	int64_t end = fix->now.ms + ms, due;

	do {
		due = fleet_due(fix->fleet, fix->now.ms);
		due = due > end ? end : due < fix->now.ms ? fix->now.ms : due;
		fix->now.wall_ms += due - fix->now.ms;
		fix->now.ms = due;
		cluster_fixture_turn(fix);
	} while (fix->now.ms < end);
}

#define cluster_fixture_script(fix, ...) script_run((fix)->script, (fix)->now.ms, __VA_ARGS__)

static inline unsigned requests_of(const struct cluster_fixture *fix, enum source_topic topic)
{
	return script_counts(fix->script)->topics[topic];
}

static inline struct cluster_setup cluster_fixture_setup(struct cluster_fixture *fix)
{
	return (struct cluster_setup){ .name = "prod-eu",
				       .host = "prod.example:9443",
				       .url = "https://prod.example:9443",
				       .interval_ms = 5000,
				       .interactive = true,
				       .run_id = 4711,
				       .audit_log = fix->audit_log };
}

/* Sends no request before the first cluster_fixture_turn().  setup NULL: the default one. */
static inline void cluster_fixture_open(struct cluster_fixture *fix,
					const struct cluster_setup *setup)
{
	struct cluster_setup usual;

	fix->now = (struct moment){ .ms = 1000003, .wall_ms = 1795292045000 };
	fix->audit_log = audit_log_new(NULL, NULL);
	usual = setup ? *setup : cluster_fixture_setup(fix);
	usual.audit_log = fix->audit_log;
	fix->fleet = fleet_new();
	fleet_set_listener(fix->fleet, cluster_fixture_on_event, fix);
	fix->cluster = fleet_add(fix->fleet, &usual);
	fix->script = script_attach(fix->cluster, 5000);
	script_wall(fix->script, fix->now);
	cluster_fixture_script(fix, "latency 0");
}

static inline int cluster_fixture_enter(void **state)
{
	struct cluster_fixture *fix = calloc(1, sizeof(*fix));

	cluster_fixture_open(fix, NULL);
	*state = fix;
	return 0;
}

static inline void cluster_fixture_release(struct cluster_fixture *fix)
{
	fleet_free(fix->fleet);
	audit_log_free(fix->audit_log);
}

static inline int cluster_fixture_leave(void **state)
{
	cluster_fixture_release(*state);
	free(*state);
	return 0;
}

/* Confirms the reset of an operation; a second passes. */
static inline void cluster_fixture_reset(struct cluster_fixture *fix, int64_t uid,
					 enum op_kind kind)
{
	unsigned reset_id = cluster_open_reset(fix->cluster, uid, kind, fix->now);

	assert_int_not_equal(reset_id, 0);
	cluster_confirm_reset(fix->cluster, reset_id, fix->now);
	cluster_fixture_advance(fix, 1000);
}

/* The full text of the first result of a row, `note` for a row note, "" for none. */
static inline const char *cluster_fixture_result_text(struct cluster_fixture *fix, int64_t uid)
{
	static struct reset_text words;
	struct cluster_result result;

	words.full[0] = '\0';
	if (!cluster_results(fix->cluster, uid, &result, 1))
		return "";
	if (result.reset)
		reset_format(result.reset, result.question_waits, fix->now.ms, &words);
	else
		snprintf(words.full, sizeof(words.full), "note");
	return words.full;
}
