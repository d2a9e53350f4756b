/*
 * tests/core/reset_invariants.h - records the events and effects of a reset and checks invariants
 * I1 to I6 of doc/reset-contract.md.  It computes everything anew and trusts no state of the reset.
 */
#pragma once

#include "bdbtop/core/reset.h"
#include "tests/tap.h"

#define STEPS 160

/* One read as the reset received it.  Strings of the record are constants. */
struct reset_read_record {
	unsigned step, request_step;	/* request_step: of its DO_READ, own reads only */
	bool own, stored;		/* stored: the allocation did not fail */
	int64_t requested_ms;
	enum observation_kind what;
	unsigned copies;		/* of the record in the list */
	size_t unreadable;
	struct bdb record;
};

struct reset_put_record {
	unsigned step, answer_step;
	bool with_body, learned, answered;
	struct reset_answer answer;
};

struct reset_checker {
	unsigned seed, noise;		/* noise: percent of unexpected events */
	unsigned usual;			/* the usual answer of this cluster; it changes rarely */
	uint64_t random;
	unsigned step;
	struct moment now;
	struct reset *reset;
	struct reset_target wanted;
	struct bdb evidence;
	char name[16], status[16], reason[24];
	enum reset_effect effect;
	enum reset_event_kind event;
	bool read_in_flight, put_in_flight, line_in_flight, path_in_flight;
	unsigned paths;			/* OPTIONS requests sent */
	int64_t read_ms;
	unsigned read_step;
	unsigned confirmed;		/* step of the last confirmation */
	bool yes_running, yes_audit_log;
	bool stopped;			/* an x, q or 401 event came */
	bool refused;			/* a 401, and no log-in since */
	bool memory_out;
	struct reset_read_record reads[STEPS];
	size_t read_count;
	struct reset_put_record puts[STEPS];
	size_t put_count;
	char trace[STEPS * 4 + 1];
};

static inline unsigned random_below(struct reset_checker *w, unsigned below)
{
	w->random ^= w->random << 13;
	w->random ^= w->random >> 7;
	w->random ^= w->random << 17;
	return (unsigned)(w->random >> 33) % below;
}

static inline bool random_percent(struct reset_checker *w, unsigned percent)
{
	return random_below(w, 100) < percent;
}

#define require(w, condition, invariant)                                                           \
	do {                                                                                       \
		if (!(condition))                                                                  \
			fail_msg("%s broken, seed %u, step %u, after %s", invariant, (w)->seed,    \
				 (w)->step, (w)->trace);                                           \
	} while (0)

/* What a record means, computed from its fields alone. */

enum expected_result {
	EXPECT_NONE,
	EXPECT_OTHER_BDB,
	EXPECT_IDLE,
	EXPECT_IDLE_REASON,
	EXPECT_SAME,
	EXPECT_RUNNING,
	EXPECT_MOVED
};

static inline bool is_readable(enum field_presence seen)
{
	return seen == FIELD_ABSENT || seen == FIELD_NULL || seen == FIELD_PRESENT;
}

static inline const char *value(enum field_presence seen, const char *text)
{
	return seen == FIELD_PRESENT ? text : "";
}

static inline bool idle_word(const char *status)
{
	return !*status || !strcmp(status, "idle");
}

static inline bool running_word(const char *status)
{
	return !strcmp(status, "exporting");
}

static inline bool identical(const struct bdb *a, const struct bdb *b)
{
	if (a->uid != b->uid || a->name_presence != FIELD_PRESENT ||
	    b->name_presence != FIELD_PRESENT)
		return false;
	if (strcmp(a->name, b->name) != 0)
		return false;
	return a->created_presence != FIELD_PRESENT || b->created_presence != FIELD_PRESENT ||
	       a->created_s == b->created_s;
}

static inline enum expected_result expected_result(const struct reset_checker *w,
						   const struct bdb *record)
{
	const struct op *was = &w->evidence.op[w->wanted.kind], *is = &record->op[w->wanted.kind];
	const char *status = value(is->status_presence, is->status);
	const char *reason = value(is->reason_presence, is->reason);
	const char *before = value(was->status_presence, was->status);

	if (!is_readable(is->status_presence) || !is_readable(is->reason_presence))
		return EXPECT_NONE;
	if (!identical(record, &w->evidence))
		return EXPECT_OTHER_BDB;
	if (idle_word(status) && !*reason)
		return EXPECT_IDLE;
	if (!strcmp(reason, value(was->reason_presence, was->reason)) &&
	    (!strcmp(status, before) || (idle_word(status) && idle_word(before))))
		return EXPECT_SAME;
	if (idle_word(status))
		return EXPECT_IDLE_REASON;
	return running_word(status) ? EXPECT_RUNNING : EXPECT_MOVED;
}

static inline bool is_form_refusal(const struct reset_put_record *put)
{
	unsigned status = put->answer.status;

	return put->answer.complete && !put->with_body && !put->learned &&
	       (status == 400 || status == 411 || status == 415);
}

/* I1: the number of PUTs, and each but the first follows from the answer to the one before. */
static inline void check_number_of_puts(const struct reset_checker *w)
{
	unsigned conflicts = 0, forms = 0, hops = 0;
	size_t i;

	for (i = 0; i + 1 < w->put_count; i++) {
		const struct reset_put_record *put = &w->puts[i];
		bool conflict = put->answer.complete && put->answer.status == 409;
		bool hop =
			put->answer.complete && put->answer.status == 307 && put->answer.can_follow;

		require(w, put->answered, "I1: one PUT at a time");
		require(w, conflict || hop || is_form_refusal(put), "I1: sent again without cause");
		require(w, !conflict || !running_word(w->evidence.op[w->wanted.kind].status),
			"I1: sent again against a running operation");
		conflicts += conflict;
		hops += hop;
		forms += is_form_refusal(put);
	}
	require(w, conflicts <= 6 && forms <= 1 && hops <= 2, "I1");
	require(w, w->put_count <= 1 + conflicts + forms + hops, "I1");
}

/* The newest own read, or NULL if it was requested before that step. */
static inline const struct reset_read_record *own_read_since(const struct reset_checker *w,
							     unsigned step)
{
	size_t i;

	for (i = w->read_count; i-- > 0;)
		if (w->reads[i].own)
			return w->reads[i].request_step >= step ? &w->reads[i] : NULL;
	return NULL;
}

/* I2, also for the first PUT: a read since the confirmation, or since the last answer. */
static inline void check_read_before_put(const struct reset_checker *w)
{
	const struct reset_put_record *before =
		w->put_count > 1 ? &w->puts[w->put_count - 2] : NULL;
	unsigned since = before ? before->answer_step : w->confirmed;
	const struct reset_read_record *read = own_read_since(w, since);

	require(w, w->confirmed, "I2: nobody said yes");
	require(w, read && read->stored && read->what == OBS_ONE, "I2");
	require(w, expected_result(w, &read->record) == EXPECT_SAME ||
			   (expected_result(w, &read->record) == EXPECT_RUNNING && w->yes_running),
		"I2");
}

/* At most one OPTIONS, and only after a complete 404 to the last PUT. */
static inline void check_path(const struct reset_checker *w)
{
	const struct reset_put_record *put = w->put_count ? &w->puts[w->put_count - 1] : NULL;

	require(w, put && put->answered && put->answer.complete && put->answer.status == 404,
		"OPTIONS without a 404");
	require(w, w->paths == 1, "a second OPTIONS");
	require(w, !w->refused, "OPTIONS after a 401");
	require(w, !w->read_in_flight, "OPTIONS beside its own read");
}

static inline void check_put(const struct reset_checker *w, bool line)
{
	require(w, !w->paths, "a PUT after the OPTIONS");
	check_number_of_puts(w);
	check_read_before_put(w);
	require(w, w->event == EV_LINE_WRITTEN || w->event == EV_LINE_FAILED, "I3");
	require(w, line, "I3: no line was asked for");
	require(w, w->event == EV_LINE_WRITTEN || w->yes_audit_log, "I3");
	require(w, !w->stopped, "I5");
}

static inline bool had_status(const struct reset_checker *w, unsigned put_step)
{
	const struct op *op;
	size_t i;

	for (i = w->read_count; i-- > 0;)
		if (w->reads[i].own && w->reads[i].step <= put_step)
			break;
	require(w, i < w->read_count, "I4: (5) without a read before");
	op = &w->reads[i].record.op[w->wanted.kind];
	return op->status_presence == FIELD_PRESENT || op->status_presence == FIELD_NULL;
}

/* I4: conditions 1 to 7, on the read of this step. */
static inline void check_cleared(const struct reset_checker *w)
{
	const struct reset_put_record *put = w->put_count ? &w->puts[w->put_count - 1] : NULL;
	const struct reset_read_record *read = w->read_count ? &w->reads[w->read_count - 1] : NULL;
	const struct op *op;

	require(w, put && put->answered, "I4 (1)");
	require(w, put->answer.complete && put->answer.status == 200, "I4 (1)");
	require(w, read && read->step == w->step, "I4: cleared by no read");
	require(w, read->requested_ms > put->answer.received_ms ||
			   (read->own && read->request_step >= put->answer_step), "I4 (2)");
	require(w, read->what == OBS_ONE || read->what == OBS_LIST, "I4 (3)");
	require(w, read->copies == 1 && read->stored && !w->refused, "I4 (3)");
	require(w, identical(&read->record, &w->evidence), "I4 (4)");
	op = &read->record.op[w->wanted.kind];
	require(w, is_readable(op->status_presence) && is_readable(op->reason_presence), "I4 (5)");
	require(w, had_status(w, put->step), "I4 (5)");
	require(w, idle_word(value(op->status_presence, op->status)), "I4 (6)");
	require(w, !*value(op->reason_presence, op->reason), "I4 (7)");
}

/* I6, and the evidence that the user confirmed is unchanged. */
static inline void check_target(const struct reset_checker *w)
{
	const struct reset_target *target = reset_target(w->reset);
	const struct op *op = &target->evidence->op[w->wanted.kind];

	require(w, target->id.uid == 7 && target->id.cluster == 3, "I6");
	require(w, target->kind == w->wanted.kind && target->reset_id == 5, "I6");
	require(w, target->evidence->uid == 7 && !strcmp(target->evidence->name, "orders"), "I6");
	require(w, op->status_presence == w->evidence.op[w->wanted.kind].status_presence, "I6");
	require(w, !strcmp(op->status, w->evidence.op[w->wanted.kind].status), "I6");
	require(w, !strcmp(op->reason, w->evidence.op[w->wanted.kind].reason), "I6");
}

static inline void check_text(const struct reset_checker *w)
{
	struct reset_text words;
	enum reset_outcome outcome = reset_outcome(w->reset);

	reset_format(w->reset, false, w->now.ms, &words);
	require(w, !strstr(words.full, "cleared") || outcome == OUTCOME_CLEARED, "I4: the word");
	require(w, !strstr(words.letters, "cleared") || outcome == OUTCOME_CLEARED, "I4: the word");
	require(w, outcome != OUTCOME_CLEARED || words.style != STYLE_CLEARED ||
			   !strncmp(words.full, "cleared", 7), "the word");
}
