/*
 * tests/core/roster_fixture.h - one database watched on a turned clock: looks, the log, actions,
 * verdicts.
 */
#ifndef BDBTOP_TESTS_CORE_ROSTER_FIXTURE_H
#define BDBTOP_TESTS_CORE_ROSTER_FIXTURE_H

#include "bdbtop/core/transitions.h"

#include "tests/core/sample.h"

#define WATCH_S	   INT64_C(1795292045) /* the cluster's clock, and ours, when the watch begins */
#define WATCH_UID  7
#define NO_PERCENT (-1)

struct watch {
	struct roster *roster;
	struct bdb bdb;
	struct triage_rules rules;
	int64_t at_ms; /* of the newest look */
	struct finding finding;
	struct finding before;
	bool judged;
};

/* Asked for everything, nothing ever run, its backup every day and fresh. */
static inline int watch_begin(struct watch *watch)
{
	*watch = (struct watch){ .roster = roster_new(), .bdb = sample(WATCH_UID, "sessions") };
	watch->rules.stall_ms = TRIAGE_STALL_MS;
	watch->bdb.created_s = WATCH_S - 400 * 86400;
	return watch->roster ? 0 : -1;
}

static inline void watch_end(struct watch *watch)
{
	roster_free(watch->roster);
}

static inline struct moment watch_moment(int64_t ms)
{
	return (struct moment){ ms, WATCH_S * 1000 + ms };
}

/* What is seen from the next look on; percent below 0: absent. */
static inline void watch_set(struct watch *watch, enum op_kind kind, const char *status,
			     const char *reason, double percent)
{
	sample_status(&watch->bdb, kind, status, reason);
	watch->bdb.op[kind].percent_presence = percent < 0 ? FIELD_ABSENT : FIELD_PRESENT;
	watch->bdb.op[kind].percent = percent < 0 ? 0 : percent;
}

/* The last success, seconds after the watch began. */
static inline void watch_success(struct watch *watch, enum op_kind kind, int64_t at_s)
{
	watch->bdb.op[kind].last_success_presence = FIELD_PRESENT;
	watch->bdb.op[kind].last_success_s = WATCH_S + at_s;
}

/* Judge as of so many ms after the watch began. */
static inline const struct op_finding *watch_judge(struct watch *watch, int64_t ms,
						   enum op_kind kind)
{
	const struct triage_now now = { ms, WATCH_S + ms / 1000 };

	watch->before = watch->finding;
	triage_judge(roster_find(watch->roster, WATCH_UID), &watch->rules, &now, &watch->finding);
	return &watch->finding.op[kind];
}

/* Look at it: a list whose answer is there so many ms after the watch began. */
static inline void watch_look_ms(struct watch *watch, int64_t ms)
{
	const struct bdb *const list[] = { &watch->bdb };
	const struct observation observation = {
		.kind = OBS_LIST, .requested_ms = ms, .received_ms = ms, .bdbs = list, .count = 1
	};

	roster_apply(watch->roster, &observation, watch_moment(ms), NULL, NULL);
	watch->at_ms = ms;
	watch_judge(watch, ms, OP_BACKUP);
}

static inline void watch_look(struct watch *watch, int64_t at_s)
{
	watch_look_ms(watch, at_s * 1000);
}

/* The three in one. */
static inline const struct op_finding *
watch_see(struct watch *watch, int64_t at_s, const char *status, const char *reason, double percent)
{
	watch_set(watch, OP_BACKUP, status, reason, percent);
	watch_look(watch, at_s);
	return &watch->finding.op[OP_BACKUP];
}

static inline const struct op_since *watch_sight(const struct watch *watch, enum op_kind kind)
{
	return &roster_find(watch->roster, WATCH_UID)->op_since[kind];
}

/* An event of the backup, seconds after the watch began. */
static inline struct event watch_event(int64_t at_s, enum event_class what)
{
	return (struct event){ .time_s = WATCH_S + at_s,
			       .uid = WATCH_UID,
			       .class = what,
			       .kind = OP_BACKUP,
			       .type = "",
			       .severity = "",
			       .text = "" };
}

/* The log of the last day, so many seconds after the watch began; events newest first. */
static inline void watch_learn(struct watch *watch, int64_t at_s, const struct event *events,
			       size_t count)
{
	const struct cluster_data data = { .events = events, .event_count = count };

	roster_backfill(watch->roster, &data, WATCH_S + at_s - 86400, watch_moment(at_s * 1000));
	watch_judge(watch, watch->at_ms, OP_BACKUP);
}

#endif
