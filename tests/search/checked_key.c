#include "tests/search/checked_internal.h"

#include <string.h>

struct key {
	unsigned char *bytes;
	size_t length;
};

static void put_byte(struct key *key, unsigned value)
{
	key->bytes[key->length++] = (unsigned char)value;
}

static void put_number(struct key *key, uint64_t value)
{
	memcpy(key->bytes + key->length, &value, sizeof(value));
	key->length += sizeof(value);
}

/* An age above the limit is no different from the limit. */
static void put_age(struct key *key, int64_t age_ms, int64_t limit_ms)
{
	uint32_t age = (uint32_t)(age_ms < limit_ms ? age_ms : limit_ms);

	memcpy(key->bytes + key->length, &age, sizeof(age));
	key->length += sizeof(age);
}

/* Of the time of an earlier read nothing but its order with the times of those that may follow
 * matters: now, just after the answer, and when the read in flight was requested. */
static void put_read_time(struct key *key, const struct checked_reset *job, int64_t ms)
{
	int64_t after_ms = job->reset.answered_ms + 1;
	unsigned own = !job->read_in_flight ? 0
		       : ms < job->read_ms  ? 1
		       : ms == job->read_ms ? 2
					    : 3;

	put_byte(key,
		 (ms == job->now.ms) | (ms < after_ms) << 1 | (ms == after_ms) << 2 | own << 3);
}

bool checked_is_over(const struct checked_reset *job)
{
	return job->reset.state == RESET_END && !reset_is_watched(&job->reset) &&
	       !(job->reset.conditions & COND(NEEDS_MODULES));
}

bool checked_is_after_put(const struct reset *reset)
{
	return reset_is_reading_back(reset) || reset->state == RESET_CHECKING_PATH ||
	       reset->state == RESET_HELD;
}

static void put_times(struct key *key, const struct checked_reset *job)
{
	const struct reset *reset = &job->reset;
	bool after_put = checked_is_after_put(reset);

	if (!reset->read_in_flight && reset->state != RESET_END)
		put_age(key,
			reset->next_read_ms > job->now.ms ? reset->next_read_ms - job->now.ms : 0,
			RESET_LATE_CLEAR_MS);
	if (after_put) {
		/* the schedule of reads ends with RESET_WATCH_MS */
		put_age(key, job->now.ms - reset->answered_ms, RESET_WATCH_MS);
		/* a log-in sets it anew */
		put_age(key, reset->state == RESET_HELD ? 0 : job->now.ms - reset->last_good_ms,
			RESET_NO_READ_MS);
	}
	if (after_put || reset_is_watched(reset)) {
		put_read_time(key, job, reset->newest_read_ms);
		put_byte(key, job->read_in_flight && job->read_ms - 1 <= reset->answered_ms);
		put_read_time(key, job, reset->absent ? reset->absent_ms : 0);
		put_read_time(key, job, reset->same_reads ? reset->last_same_ms : 0);
		put_read_time(key, job, reset->end_read_ms);
	}
	if (reset_is_watched(reset) && reset->outcome == OUTCOME_UNCHANGED)
		put_age(key, job->now.ms - reset->end_ms, RESET_LATE_CLEAR_MS + 1);
}

static unsigned last_read_of(const struct checked_reset *job)
{
	enum search_evidence evidence = checked_evidence(job);
	unsigned i;

	for (i = 0; i < RECORDS; i++)
		if (job->reset.last_read == search_records[evidence][i])
			break;
	return i;
}

/* No PUT can follow: how many there were, and why, does not matter any more. */
static bool is_last_put_answered(const struct checked_reset *job)
{
	return checked_is_after_put(&job->reset) || job->reset.state == RESET_END;
}

static void put_flights(struct key *key, const struct checked_reset *job)
{
	put_byte(key, job->read_in_flight | job->put_in_flight << 1 | job->line_in_flight << 2 |
			      job->path_in_flight << 3 | job->modules_in_flight << 4 |
			      job->just_requested << 5);
	put_byte(key, job->refused | job->had_status << 1 | job->accepted << 2 |
			      job->absent_404 << 3 | job->answered_401 << 4 | job->absences << 5);
	put_byte(key, job->paths);
}

static void put_checker(struct key *key, const struct checked_reset *job)
{
	put_byte(key, job->confirmed | job->yes_running << 1 | job->yes_audit_log << 2 |
			      job->stopped << 3 | job->may_repeat << 4 | job->body << 5);
	put_byte(key, job->proof);
	put_byte(key, job->conflicts | job->hops << 3 | job->forms << 5);
}

/* What rules and words still depend on after the last answer. */
#define LATE_CONDITIONS                                                                            \
	(COND(CANCEL_CAME_LATE) | COND(HAD_STATUS) | COND(NEEDS_MODULES) | COND(WATCHED) |         \
	 COND(CLEARED_LATE) | COND(FAILED_AGAIN) | COND(DECLINED_SECOND) | COND(CONFIRMED))

size_t checked_key(const struct checked_reset *job, unsigned char bytes[CHECKED_KEY_SIZE])
{
	const struct reset *reset = &job->reset;
	bool late = is_last_put_answered(job);
	struct key key = { bytes, 0 };

	put_byte(&key, reset->state | reset->just_requested << 4 | reset->read_in_flight << 5 |
			       reset->read_is_retry << 6 | (reset->retry_status != 0) << 7);
	put_byte(&key, reset->outcome);
	put_number(&key, reset->conditions & (late ? LATE_CONDITIONS : UINT64_MAX));
	put_byte(&key, reset->last_result << 4 | last_read_of(job));
	put_byte(&key, reset->last_read_is_current | reset->absent << 1 |
			       (*reset->question_error != 0) << 2 |
			       (*reset->refused_because != 0) << 3 | (*reset->failure != 0) << 4);
	put_byte(&key, answer_classify(&reset->answer));
	put_byte(&key, (reset->answer.status != 0) | (reset->answer.status == 307) << 1);
	if (!late) {
		put_byte(&key, reset->bad_reads);
		put_byte(&key, reset->conflicts << 4 | reset->redirects);
		put_byte(&key, reset->puts << 4 | (unsigned)reset->attempt_count);
		put_checker(&key, job);
	}
	if (!checked_is_over(job)) {
		put_byte(&key, reset->same_reads < 2 ? reset->same_reads : 2);
		put_flights(&key, job);
		put_times(&key, job);
	}
	return key.length;
}
