#include "tests/search/checked_internal.h"

#define PUTS_MAX 7 /* without redirects and a change of form */

static void note_answer(struct checked_reset *job, const struct search_step *step)
{
	bool form = step->status == 400 && !job->body && !step->other;

	job->put_in_flight = false;
	job->proof = PROOF_NONE;
	job->accepted = step->complete && step->status == 200;
	job->absent_404 = step->complete && step->status == 404;
	job->answered_401 = step->status == 401;
	job->absences = 0;
	job->newest_ms = 0;
	job->conflicts += step->status == 409;
	job->hops += step->status == 307 && step->other;
	job->forms += form;
	job->may_repeat = step->status == 409 || (step->status == 307 && step->other) || form;
}

static void note_own_read(struct checked_reset *job, const struct search_step *step)
{
	const struct op *op;

	job->read_in_flight = false;
	job->proof = PROOF_NONE;
	if (step->when == OWN && step->record == RECORD_SAME)
		job->proof = PROOF_SAME;
	else if (step->when == OWN && step->record == RECORD_RUNNING)
		job->proof = PROOF_RUNNING;
	if (job->proof == PROOF_NONE || job->reset.state != RESET_CHECKING)
		return;
	op = &search_records[checked_evidence(job)][step->record]->op[OP_BACKUP];
	job->had_status = op->status_presence == FIELD_PRESENT;
}

/* Lists in a row without the database, requested after the answer, by different requests. */
static void note_absence(struct checked_reset *job, const struct search_step *step,
			 int64_t requested_ms)
{
	if (job->reset.state == RESET_HELD || step->read == OBS_BAD || step->copies == 2 ||
	    step->unreadable || step->record == RECORD_UNREADABLE ||
	    requested_ms < job->newest_ms ||
	    (!search_step_is_own(step) && requested_ms <= job->reset.answered_ms))
		return;
	job->newest_ms = requested_ms;
	if (step->read != OBS_LIST || step->copies)
		job->absences = 0;
	else if (job->absences < 2 && (!job->absences || requested_ms != job->absent_ms))
		job->absences++;
	job->absent_ms = requested_ms;
}

void checker_event(struct checked_reset *job, const struct search_step *step, int64_t requested_ms)
{
	enum reset_state state = job->reset.state;

	if (step->kind == EV_CONFIRM && state == RESET_ASKING)
		job->confirmed = true, job->proof = PROOF_NONE;
	if (step->kind == EV_TYPED_YES && state == RESET_ASKING2) {
		job->confirmed = true;
		job->proof = PROOF_NONE;
		if (reset_question(&job->reset) == ASK_AUDIT_LOG)
			job->yes_audit_log = true;
		else
			job->yes_running = true;
	}
	job->stopped |= step->kind == EV_CANCEL || step->kind == EV_QUIT ||
			step->kind == EV_QUIT_TIMEOUT || step->kind == EV_REFUSED;
	if (step->kind == EV_REFUSED)
		job->refused = true;
	if (step->kind == EV_LOGGED_IN) {
		/* reads in flight were dropped with the old log-in */
		job->read_in_flight &= state != RESET_HELD;
		job->refused = false;
	}
	if (step->kind == EV_READ)
		note_absence(job, step, requested_ms);
	if (step->kind == EV_READ && search_step_is_own(step))
		note_own_read(job, step);
	if (step->kind == EV_ANSWER)
		note_answer(job, step);
	if (step->kind == EV_LINE_WRITTEN || step->kind == EV_LINE_FAILED)
		job->line_in_flight = false;
	if (step->kind == EV_PATH)
		job->path_in_flight = false;
	if (step->kind == EV_MODULES)
		job->modules_in_flight = false;
}

/* What a request that is not sent after all takes back. */
void checker_unsent(struct checked_reset *job)
{
	if (job->put_in_flight)
		job->puts--;
	else if (job->path_in_flight)
		job->paths--;
	job->read_in_flight = job->put_in_flight = job->path_in_flight = false;
}

static const char *check_put(const struct checked_reset *job, const struct search_step *step)
{
	if (!job->confirmed)
		return "a PUT that nobody confirmed";
	if (job->stopped)
		return "a PUT after x, q or a 401";
	if (job->puts > 1 && !job->may_repeat)
		return "a second PUT that no answer asked for";
	if (job->puts > 1 + job->conflicts + job->hops + job->forms || job->conflicts > 6 ||
	    job->hops > 2 || job->forms > 1)
		return "too many PUTs";
	if (!job->hops && !job->forms && job->puts > PUTS_MAX)
		return "more than 7 PUTs";
	if (job->paths)
		return "a PUT after the OPTIONS request";
	if (job->proof != PROOF_SAME && !(job->proof == PROOF_RUNNING && job->yes_running))
		return "a PUT without a read that shows the evidence";
	if (step->kind != EV_LINE_WRITTEN && !(step->kind == EV_LINE_FAILED && job->yes_audit_log))
		return "a PUT without its line in the audit log";
	return NULL;
}

const char *checker_effect(struct checked_reset *job, const struct search_step *step,
			   enum reset_effect effect)
{
	bool puts = effect == DO_PUT || effect == DO_PUT_BODY;

	if (effect == DO_WRITE_LINE)
		job->line_in_flight = true;
	job->just_requested = puts || effect == DO_READ || effect == DO_CHECK_PATH;
	if (effect == DO_READ) {
		if (job->read_in_flight)
			return "two own reads at once";
		if (job->answered_401)
			return "a request after its own 401";
		job->read_in_flight = true;
		job->read_ms = job->now.ms;
	} else if (puts) {
		if (job->put_in_flight)
			return "two PUTs at once";
		job->put_in_flight = true;
		job->body = effect == DO_PUT_BODY;
		job->puts++;
		job->accepted = job->absent_404 = false;
		return check_put(job, step);
	} else if (effect == DO_CHECK_PATH) {
		job->path_in_flight = true;
		if (++job->paths > 1 || !job->absent_404)
			return "an OPTIONS request that no 404 asked for";
	} else if (effect == DO_READ_MODULES) {
		job->modules_in_flight = true;
	}
	return NULL;
}

const char *checker_cleared(const struct checked_reset *job, const struct search_step *step,
			    int64_t requested_ms)
{
	if (!job->accepted)
		return "cleared (1): without a complete 200";
	if (step->kind != EV_READ || step->copies != 1)
		return "cleared (3): without a read of the database";
	if (requested_ms < job->reset.answered_ms ||
	    (step->when != OWN && requested_ms == job->reset.answered_ms))
		return "cleared (2): by a read from before the answer";
	if (job->refused)
		return "cleared (3): by a read of a refused log-in";
	if (!job->had_status)
		return "cleared (5): the read before the PUT had no status";
	if (step->record != RECORD_IDLE)
		return "cleared (4, 6, 7): by another record, a status or a reason";
	return NULL;
}

const char *checker_end(const struct reset *before, const struct reset *reset,
			enum reset_effect effect)
{
	if (before->state != RESET_END)
		return NULL;
	if (reset->state != RESET_END)
		return "it went on after its end";
	if (before->outcome != reset->outcome && before->outcome != OUTCOME_UNCHANGED)
		return "an end became another one";
	if (effect != DO_NOTHING && effect != DO_END)
		return "an effect after the end";
	return NULL;
}

/* What it says when the database is gone. */
const char *checker_gone(const struct checked_reset *job, const struct search_step *step)
{
	if (job->reset.state != RESET_END || job->reset.last_result != READ_GONE ||
	    step->read == OBS_GONE || job->absences == 2)
		return NULL;
	return "gone, without a 404 or two lists without it";
}
