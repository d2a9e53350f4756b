/*
 * tests/core/describe_fixture.h - one database for the describer, and what it writes about it.
 */
#pragma once

#include "bdbtop/core/describe.h"

#include "tests/core/sample.h"
#include "tests/tap.h"

#define NOW_S  INT64_C(1795292045) /* 2026-11-21 20:14:05Z */
#define MINUTE 60
#define HOUR   3600
#define DAY    86400

struct describe_fixture {
	struct bdb bdb;
	struct roster_entry entry;
	struct op_since op_since[OP_KINDS];
	struct failure_streak streak;
	struct finding finding;
	struct describe_subject subject;
	struct describe_style style;
	struct description facts;
	int64_t rpo_s;
	char text[4000];
};

static inline int two_hours_ahead(int64_t wall_s)
{
	return 2 * HOUR;
}

static inline struct moment ago(int64_t seconds)
{
	return (struct moment){ -seconds * 1000, (NOW_S - seconds) * 1000 };
}

static inline int open_fixture(void **state)
{
	struct describe_fixture *fix = calloc(1, sizeof(*fix));
	int kind;

	assert_non_null(fix);
	fix->bdb = sample(12, "orders-eu");
	fix->bdb.created_s = NOW_S - 30 * DAY;
	fix->entry.bdb = &fix->bdb;
	fix->entry.op_since = fix->op_since;
	for (kind = 0; kind < OP_KINDS; kind++) {
		fix->op_since[kind].since = fix->op_since[kind].moved_at = ago(0);
		fix->op_since[kind].source = SINCE_OBSERVED;
	}
	fix->style.today_s = NOW_S;
	fix->subject = (struct describe_subject){ .entry = &fix->entry,
						  .finding = &fix->finding,
						  .now_s = NOW_S };
	*state = fix;
	return 0;
}

static inline int close_fixture(void **state)
{
	free(*state);
	return 0;
}

static inline void set(struct describe_fixture *fix, enum op_kind kind, const char *status,
		       const char *reason)
{
	sample_status(&fix->bdb, kind, status, reason);
}

static inline void set_percent(struct describe_fixture *fix, enum op_kind kind, double percent)
{
	fix->bdb.op[kind].percent_presence = FIELD_PRESENT;
	fix->bdb.op[kind].percent = percent;
}

static inline void set_schedule(struct describe_fixture *fix, int64_t interval_s,
				int64_t last_ago_s)
{
	struct op *op = &fix->bdb.op[OP_BACKUP];

	fix->bdb.backup_enabled_presence = fix->bdb.backup_interval_presence = FIELD_PRESENT;
	fix->bdb.backup_enabled = true;
	fix->bdb.backup_interval_s = interval_s;
	op->last_success_presence = last_ago_s ? FIELD_PRESENT : FIELD_ABSENT;
	op->last_success_s = NOW_S - last_ago_s;
}

static inline void set_no_schedule(struct describe_fixture *fix)
{
	fix->bdb.backup_enabled_presence = FIELD_PRESENT;
	fix->bdb.backup_enabled = false;
}

static inline void fail_before(struct describe_fixture *fix, unsigned failures, const char *reason)
{
	fix->streak = (struct failure_streak){ .first = ago(HOUR),
					       .source = SINCE_EVENT,
					       .failures = failures,
					       .complete = failures > 0 };
	snprintf(fix->streak.reason, sizeof(fix->streak.reason), "%s", reason);
	fix->op_since[OP_BACKUP].streak = &fix->streak;
}

/* All parts in one form but the loss window, which has a test of its own, one per line: the state,
 * then each with its label. */
static inline const char *describe(struct describe_fixture *fix, enum op_kind kind,
				   enum describe_form form)
{
	const struct triage_rules rules = { .stall_ms = TRIAGE_STALL_MS, .rpo_s = fix->rpo_s };
	const struct triage_now now = { 0, NOW_S };
	const struct fact *state;
	struct text text;
	int part;

	triage_judge(&fix->entry, &rules, &now, &fix->finding);
	fix->style.form = form;
	fix->facts.count = 0;
	describe_op(&fix->facts, &fix->subject, kind, &fix->style);
	state = description_find(&fix->facts, kind, FACT_STATE);
	assert_non_null(state);
	text_init(&text, fix->text, sizeof(fix->text));
	text_add(&text, state->text);
	for (part = 0; part < FACT_PARTS; part++) {
		const char *label = fact_part_label((enum fact_part)part);
		size_t at = text.length, before;

		if (part == PART_LOSS)
			continue;
		text_addf(&text, "%s%s%s", part ? "\n" : ": ", label ? label : "",
			  label ? " " : "");
		before = text.length;
		description_join(&text, &fix->facts, kind, (enum fact_part)part);
		if (text.length == before)
			fix->text[text.length = at] = '\0';
	}
	return fix->text;
}

static inline const char *explain(struct describe_fixture *fix, enum op_kind kind,
				  enum describe_form form)
{
	const struct fact *fact = NULL;
	struct text text;

	describe(fix, kind, form);
	fix->facts.count = 0;
	describe_next_steps(&fix->facts, &fix->subject, kind, &fix->style);
	text_init(&text, fix->text, sizeof(fix->text));
	while ((fact = description_next(&fix->facts, kind, PART_NEXT_STEPS, fact)) != NULL)
		text_addf(&text, "%s%s", text.length ? "\n" : "", fact->text);
	return fix->text;
}

#define WITH_FIXTURE(test) cmocka_unit_test_setup_teardown(test, open_fixture, close_fixture)
