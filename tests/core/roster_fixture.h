/*
 * tests/core/roster_fixture.h - a roster with one database on a fake clock: samples, past events,
 * findings.
 */
#pragma once

#include "bdbtop/core/transitions.h"
#include "tests/core/sample.h"
#include "tests/core/shared_records.h"
#include "tests/tap.h"

#define FIXTURE_S   INT64_C(1795292045) /* the cluster's clock, and ours, at the start */
#define FIXTURE_UID 7
#define NO_PERCENT  (-1)

struct roster_fixture {
	struct roster *roster;
	struct shared_records shared; /* on: lists tell what changed */
	struct bdb bdb;
	struct triage_rules rules;
	int64_t at_ms; /* of the newest sample */
	struct finding finding;
	struct finding before;
	bool has_finding;
};

/* A database with all fields requested, on which nothing ever ran. */
static inline int roster_fixture_init(struct roster_fixture *fix)
{
	*fix = (struct roster_fixture){ .roster = roster_new(),
					  .bdb = sample(FIXTURE_UID, "sessions") };
	fix->rules.stall_ms = TRIAGE_STALL_MS;
	fix->bdb.created_s = FIXTURE_S - 400 * 86400;
	return fix->roster ? 0 : -1;
}

static inline void roster_fixture_release(struct roster_fixture *fix)
{
	bdb_set_release(&fix->shared.last);
	roster_free(fix->roster);
}

/* Setup and teardown of cmocka. */
static inline int roster_fixture_enter(void **state)
{
	*state = calloc(1, sizeof(struct roster_fixture));
	return roster_fixture_init(*state);
}

static inline int roster_fixture_enter_shared(void **state)
{
	int rc = roster_fixture_enter(state);

	((struct roster_fixture *)*state)->shared.on = true;
	return rc;
}

static inline int roster_fixture_leave(void **state)
{
	roster_fixture_release(*state);
	free(*state);
	return 0;
}

/* A test, with both forms of lists. */
#define ROSTER_TEST(name, leave)                                                                   \
	cmocka_unit_test_setup_teardown(name, roster_fixture_enter, leave),                        \
	{                                                                                          \
		#name "_shared", name, roster_fixture_enter_shared, leave, NULL                    \
	}

static inline struct moment roster_fixture_moment(int64_t ms)
{
	return (struct moment){ ms, FIXTURE_S * 1000 + ms };
}

/* Sets what samples show from the next one on; percent below 0: absent. */
static inline void roster_fixture_set(struct roster_fixture *fix, enum op_kind kind,
				      const char *status, const char *reason, double percent)
{
	sample_status(&fix->bdb, kind, status, reason);
	fix->bdb.op[kind].percent_presence = percent < 0 ? FIELD_ABSENT : FIELD_PRESENT;
	fix->bdb.op[kind].percent = percent < 0 ? 0 : percent;
}

/* Sets the last success, in seconds after the start. */
static inline void roster_fixture_success(struct roster_fixture *fix, enum op_kind kind,
					  int64_t at_s)
{
	fix->bdb.op[kind].last_success_presence = FIELD_PRESENT;
	fix->bdb.op[kind].last_success_s = FIXTURE_S + at_s;
}

/* A backup every every_s seconds; the last one succeeded last_s seconds after the start. */
static inline void roster_fixture_schedule(struct roster_fixture *fix, int64_t every_s,
					   int64_t last_s)
{
	fix->bdb.backup_enabled_presence = fix->bdb.backup_interval_presence = FIELD_PRESENT;
	fix->bdb.backup_enabled = true;
	fix->bdb.backup_interval_s = every_s;
	roster_fixture_success(fix, OP_BACKUP, last_s);
}

/* Computes the finding `ms` after the start. */
static inline const struct op_finding *roster_fixture_judge(struct roster_fixture *fix,
							    int64_t ms, enum op_kind kind)
{
	const struct triage_now now = { ms, FIXTURE_S + ms / 1000 };

	fix->before = fix->finding;
	triage_judge(roster_find(fix->roster, FIXTURE_UID), &fix->rules, &now, &fix->finding);
	return &fix->finding.op[kind];
}

/* Applies a list that arrives at_s seconds after the start, then computes the finding. */
static inline void roster_fixture_sample(struct roster_fixture *fix, int64_t at_s)
{
	const int64_t ms = at_s * 1000;
	const struct bdb *const list[] = { &fix->bdb };
	struct observation observation = {
		.kind = OBS_LIST, .requested_ms = ms, .received_ms = ms, .bdbs = list, .count = 1
	};
	int rc;

	shared_records_begin(&fix->shared, &observation);
	rc = roster_apply(fix->roster, &observation, roster_fixture_moment(ms), NULL, NULL);
	shared_records_end(&fix->shared, !rc);
	fix->at_ms = ms;
	roster_fixture_judge(fix, ms, OP_BACKUP);
}

/* Sets the backup, samples it and returns its finding. */
static inline const struct op_finding *roster_fixture_observe(struct roster_fixture *fix,
							      int64_t at_s, const char *status,
							      const char *reason, double percent)
{
	roster_fixture_set(fix, OP_BACKUP, status, reason, percent);
	roster_fixture_sample(fix, at_s);
	return &fix->finding.op[OP_BACKUP];
}

static inline const struct op_since *roster_fixture_op_since(const struct roster_fixture *fix,
							     enum op_kind kind)
{
	return &roster_find(fix->roster, FIXTURE_UID)->op_since[kind];
}

/* An event of the backup, at_s seconds after the start. */
static inline struct event roster_fixture_event(int64_t at_s, enum event_class what)
{
	return (struct event){ .time_s = FIXTURE_S + at_s,
			       .uid = FIXTURE_UID,
			       .class = what,
			       .kind = OP_BACKUP,
			       .type = "",
			       .severity = "",
			       .text = "" };
}

/* Applies the events of the last day, at_s seconds after the start; newest first. */
static inline void roster_fixture_backfill(struct roster_fixture *fix, int64_t at_s,
					   const struct event *events, size_t count)
{
	const struct cluster_data data = { .events = events, .event_count = count };

	roster_backfill(fix->roster, &data, FIXTURE_S + at_s - 86400,
			roster_fixture_moment(at_s * 1000));
	roster_fixture_judge(fix, fix->at_ms, OP_BACKUP);
}
