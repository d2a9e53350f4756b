/*
 * tests/fleet/cluster_fixture.h - one cluster on a script and a turned clock, without a session.
 */
#ifndef BDBTOP_TESTS_FLEET_CLUSTER_FIXTURE_H
#define BDBTOP_TESTS_FLEET_CLUSTER_FIXTURE_H

#include "bdbtop/fleet/fleet.h"

#include "tests/stage/script.h"
#include "tests/stage/stage.h"
#include "tests/tap.h"

struct rig {
	struct fleet *fleet;
	struct cluster *cluster;
	struct script *script;
	struct audit_log *ledger;
	struct moment now; /* it begins at 2026-11-21T20:14:05Z */
	char heard[4000];  /* `link first answer`, `seen 12 backup failed, x`; one a line */
	bool deaf;
};

static inline void rig_hear(void *arg, const struct cluster_event *event)
{
	static const char *const whats[] = { "reset", "link", "seen" };
	struct rig *rig = arg;
	size_t used = strlen(rig->heard);

	if (rig->deaf)
		return;
	if (event->event_kind == CLUSTER_EVENT_CONNECTION)
		snprintf(rig->heard + used, sizeof(rig->heard) - used, "link %s\n", event->outcome);
	else
		snprintf(rig->heard + used, sizeof(rig->heard) - used, "%s %lld %s %s %s\n",
			 whats[event->event_kind], (long long)event->uid, event->name,
			 op_defs[event->kind].word, event->outcome);
}

/* What was heard since the last time. */
static inline void rig_heard(struct rig *rig, const char *want)
{
	assert_string_equal(rig->heard, want);
	rig->heard[0] = '\0';
}

static inline void rig_turn(struct rig *rig)
{
	int turns = 0;

	do {
		fleet_tick(rig->fleet, rig->now);
		script_arrive(rig->script, rig->now.ms);
		fleet_turn(rig->fleet, rig->now);
		assert_in_range(++turns, 0, 2000);
	} while (fleet_due(rig->fleet, rig->now.ms) <= rig->now.ms);
}

static inline void rig_go_on(struct rig *rig, int64_t ms)
{
	int64_t end = rig->now.ms + ms, due;

	do {
		due = fleet_due(rig->fleet, rig->now.ms);
		due = due > end ? end : due < rig->now.ms ? rig->now.ms : due;
		rig->now.wall_ms += due - rig->now.ms;
		rig->now.ms = due;
		rig_turn(rig);
	} while (rig->now.ms < end);
}

static inline void rig_say(struct rig *rig, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static inline void rig_say(struct rig *rig, const char *fmt, ...)
{
	char line[300];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (script_do(rig->script, line, rig->now.ms) < 0)
		fail_msg("the script does not understand: %s", line);
}

static inline struct cluster_setup rig_setup(struct rig *rig)
{
	return (struct cluster_setup){ .name = "prod-eu",
				       .host = "prod.example:9443",
				       .url = "https://prod.example:9443",
				       .interval_ms = 5000,
				       .interactive = true,
				       .run_id = 4711,
				       .audit_log = rig->ledger };
}

/* Nothing is asked before the first rig_turn(). */
static inline void rig_open(struct rig *rig, const struct cluster_setup *setup)
{
	struct cluster_setup usual;

	rig->now = (struct moment){ .ms = 1000003, .wall_ms = 1795292045000 };
	rig->ledger = audit_log_new(NULL, NULL);
	usual = setup ? *setup : rig_setup(rig);
	usual.audit_log = rig->ledger;
	rig->fleet = fleet_new();
	fleet_set_listener(rig->fleet, rig_hear, rig);
	rig->cluster = fleet_add(rig->fleet, &usual);
	rig->script = script_new(5000, cluster_sink(), rig->cluster);
	script_wall(rig->script, rig->now);
	cluster_attach(rig->cluster, rig->script, script_ops());
	rig_say(rig, "latency 0");
}

static inline int rig_enter(void **state)
{
	struct rig *rig = calloc(1, sizeof(*rig));

	rig_open(rig, NULL);
	*state = rig;
	return 0;
}

static inline void rig_release(struct rig *rig)
{
	fleet_free(rig->fleet);
	audit_log_free(rig->ledger);
}

static inline int rig_leave(void **state)
{
	rig_release(*state);
	free(*state);
	return 0;
}

/* The full words of the newest result of a row, and `not sent, WHY` of a note; "" for none. */
static inline const char *rig_words(struct rig *rig, int64_t uid)
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
