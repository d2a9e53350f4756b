/*
 * Resets under way: passes events to core/reset, and carries out its effects.
 */
#include "cluster_internal.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/outcome_group.h"
#include "bdbtop/core/text.h"

/* With more jobs reading back, one list poll per second replaces the single reads. */
#define SINGLE_READS_MAX 8
#define LIST_INTERVAL_MS 1000

static struct audit_line audit_line_of(const struct cluster *c, const struct reset_job *job,
				       enum audit_event event, struct moment now)
{
	const struct reset_target *target = job->target;

	return (struct audit_line){ .event = event,
				    .at = now,
				    .run = c->setup.run_id,
				    .reset_id = target->reset_id,
				    .cluster = c->setup.host,
				    .bdb = target->evidence,
				    .kind = target->kind,
				    .put = reset_puts(job->reset),
				    .note = c->setup.note,
				    .user = c->setup.audit_user };
}

void audit_lines_commit(struct cluster *c, struct moment now)
{
	if (audit_log_commit(c->setup.audit_log, &c->audit_log_error) < 0)
		cluster_notify_connection(c, now, c->audit_log_error.text);
}

/* For lines that do not stop a PUT: a failure goes to the log, once per write. */
static void log_line(struct cluster *c, const struct audit_line *line)
{
	struct err err;

	if (audit_log_append(c->setup.audit_log, line, &err) < 0)
		cluster_notify_connection(c, line->at, err.text);
}

static struct cluster_event event_of(const struct reset_job *job, const char *outcome,
				     struct moment now)
{
	const struct reset_target *target = job->target;

	return (struct cluster_event){ .event_kind = CLUSTER_EVENT_RESET,
				       .at = now,
				       .uid = target->id.uid,
				       .name = target->evidence->name,
				       .kind = target->kind,
				       .reset_id = target->reset_id,
				       .bulk = target->bulk,
				       .outcome = outcome,
				       .question_at = target->shown_at };
}

static void notify(struct cluster *c, const struct reset_job *job, const char *outcome,
		   struct moment now)
{
	struct cluster_event event = event_of(job, outcome, now);

	cluster_notify(c, &event);
}

static void on_end(struct cluster *c, struct reset_job *job, struct moment now)
{
	const struct reset_target *target = job->target;
	struct audit_line line = audit_line_of(c, job, AUDIT_ENDED, now);
	struct reset_text words;
	struct cluster_event event = event_of(job, words.full, now);

	reset_format(job->reset, false, now.ms, &words);
	event.end = &words;
	event.style = words.style;
	line.message = words.full;
	line.outcome = outcome_group_words[outcome_group_of(reset_outcome(job->reset))];
	log_line(c, &line);
	if (words.full[0])
		cluster_notify(c, &event);
	if (reset_outcome(job->reset) == OUTCOME_REFUSED_403)
		cluster_add_forbidden(c, target->id.uid, target->kind);
	if (reset_outcome(job->reset) != OUTCOME_CLEARED)
		return;
	roster_reset_cleared(c->roster, target->id.uid, target->kind);
	findings_update(c);
}

/* True when the modules without the capability are known, or cannot be requested. */
static bool request_modules(struct cluster *c, struct moment now)
{
	if (!c->modules_requested)
		c->modules_requested = c->ops->request(c->source, TOPIC_MODULES, 0, now.ms) == 0;
	return !c->modules_requested || c->modules_known;
}

static struct reset_event modules_event(const struct cluster *c)
{
	return (struct reset_event){ .kind = EV_MODULES,
				     .modules = (const char *const *)c->modules,
				     .module_count = c->module_count };
}

static struct reset_job *add_job(struct cluster *c, const struct reset_target *from, bool running)
{
	struct reset_target draft = *from, *target;
	struct reset *reset;
	struct reset_job *job;

	draft.reset_id = c->last_reset_id + 1;
	draft.seed = c->setup.seed ^ draft.reset_id * 2654435761u;
	target = reset_target_new(&draft);
	reset = target ? reset_new(target, running, draft.shown_at.ms) : NULL;
	job = reset ? reset_job_add(c, reset) : NULL;
	if (job)
		c->last_reset_id++;
	else
		reset_free(reset);
	return job;
}

struct reset_job *reset_run_open(struct cluster *c, int64_t uid, enum op_kind kind, bool bulk,
				 struct moment now)
{
	const struct roster_entry *entry = roster_find(c->roster, uid);
	struct reset_target target = { .id = { c->index, uid },
				       .kind = kind,
				       .shown_at = now,
				       .bulk = bulk,
				       .interactive = c->setup.interactive };

	if (!entry || cluster_obstacle(c, uid, kind) != OBSTACLE_NONE)
		return NULL;
	target.evidence = entry->bdb;
	return add_job(c, &target, entry->bdb->op[kind].phase == OP_RUNNING);
}

/* The database changed since the question: a new question shows what the read found. */
static void ask_with_new_evidence(struct cluster *c, const struct reset_job *job, struct moment now)
{
	struct reset_target next = *job->target;
	struct reset_job *asking;

	next.evidence = reset_last_read(job->reset);
	next.shown_at = now;
	asking = add_job(c, &next, false);
	if (asking)
		asking->question_waits = true;
	else
		notify(c, job, "not sent: the database changed (out of memory)", now);
}

/* For lines that must be on disk before the next step. */
static bool write_line_now(struct cluster *c, const struct reset_job *job, enum audit_event event,
			   struct moment now)
{
	struct audit_line line = audit_line_of(c, job, event, now);

	line.put += event == AUDIT_SENT;
	return audit_log_append(c->setup.audit_log, &line, &c->audit_log_error) == 0;
}

/* `asked` just after the confirmation, `sent` before a PUT is sent.  An `asked` that could not be
 * written is tried again before `sent`, so that no PUT is sent with a silent gap in the log. */
static struct reset_event log_put(struct cluster *c, struct reset_job *job, struct moment now)
{
	bool sends = job->state == RESET_NOTING, written = true;

	/* this line must be on disk before the PUT: it cannot wait for the collected ones */
	if (sends)
		audit_lines_commit(c, now);
	if (!sends || job->unlogged)
		job->unlogged = !(written = write_line_now(c, job, AUDIT_ASKED, now));
	if (sends && written)
		written = write_line_now(c, job, AUDIT_SENT, now);
	return (struct reset_event){ .kind = written ? EV_LINE_WRITTEN : EV_LINE_FAILED,
				     .failure = c->audit_log_error.text };
}

/* A reply is matched to its job by the time of the request, so only one job of a database may send
 * a read in one millisecond: else a read from before an answer could pass for one after it. */
static bool was_just_requested(const struct cluster *c, int64_t uid, int64_t now_ms)
{
	struct reset_job **jobs;
	size_t i, count = reset_jobs_of(c, uid, &jobs);

	for (i = 0; i < count; i++)
		if (jobs[i]->read_in_flight && jobs[i]->read_requested_ms == now_ms)
			return true;
	return false;
}

/* What the source did not send, for want of a slot or, where one is free, of memory. */
static struct reset_event unsent_event(const struct cluster *c)
{
	bool has_slot = c->ops->free_slots(c->source) > 0;

	return (struct reset_event){ .kind = EV_UNSENT,
				     .failure = has_slot ? "out of memory." : NULL };
}

/* This and the next two: true when *next is the result already. */
static bool read_one(struct cluster *c, struct reset_job *job, struct reset_event *next,
		     struct moment now)
{
	int64_t uid = job->target->id.uid;
	bool waits = was_just_requested(c, uid, now.ms);

	job->read_in_flight = !waits && c->ops->request(c->source, TOPIC_ONE, uid, now.ms) == 0;
	job->read_requested_ms = now.ms;
	if (!waits)
		*next = unsent_event(c);
	return !job->read_in_flight;
}

static bool send_put(struct cluster *c, struct reset_job *job, bool with_body,
		     struct reset_event *next, struct moment now)
{
	const struct reset_target *target = job->target;
	struct source_put put = { .reset_id = target->reset_id,
				  .uid = target->id.uid,
				  .kind = target->kind,
				  .with_body = with_body || c->put_needs_body };

	/* in every build: nothing else may send a PUT */
	assert(!c->setup.read_only && reset_state(job->reset) == RESET_SENT);
	job->with_body = put.with_body;
	if (c->ops->reset(c->source, &put, now.ms) < 0) {
		*next = unsent_event(c);
		return true;
	}
	/* now, not at its answer: a poll may see the effect sooner */
	roster_reset_sent(c->roster, target->id.uid, target->kind);
	return false;
}

/* A source that cannot check gives the result at once. */
static bool check_path(struct cluster *c, const struct reset_job *job, struct reset_event *next,
		       struct moment now)
{
	const struct reset_target *target = job->target;
	const struct source_put put = { .reset_id = target->reset_id,
					.uid = target->id.uid,
					.kind = target->kind };

	*next = (struct reset_event){ .kind = c->ops->check_path ? EV_UNSENT : EV_PATH,
				      .path = PATH_UNCLEAR };
	return !c->ops->check_path || c->ops->check_path(c->source, &put, now.ms) < 0;
}

/* A read raised a question; true when *next is its answer, which the bulk has already. */
static bool ask_again(struct cluster *c, struct reset_job *job, struct reset_event *next,
		      struct moment now)
{
	enum audit_log_answer answer;

	job->question_waits = job->state != RESET_END;
	if (!job->question_waits) {
		ask_with_new_evidence(c, job, now);
		return false;
	}
	if (!c->setup.interactive) {
		next->kind = EV_DECLINE;
		return true;
	}
	if (!job->bulk)
		return false;
	answer = bulk_audit_log_answer(job, &job->question_waits);
	next->kind = answer == AUDIT_LOG_ANSWER_YES ? EV_TYPED_YES : EV_DECLINE;
	return answer != AUDIT_LOG_ANSWER_NONE;
}

/* True when *next is an event that reports the result. */
static bool carry_out(struct cluster *c, struct reset_job *job, enum reset_effect effect,
		      struct reset_event *next, struct moment now)
{
	*next = (struct reset_event){ .kind = EV_UNSENT };
	switch (effect) {
	case DO_READ:
		return read_one(c, job, next, now);
	case DO_WRITE_LINE:
		*next = log_put(c, job, now);
		return true;
	case DO_PUT:
	case DO_PUT_BODY:
		return send_put(c, job, effect == DO_PUT_BODY, next, now);
	case DO_CHECK_PATH:
		return check_path(c, job, next, now);
	case DO_ASK_AGAIN:
		return ask_again(c, job, next, now);
	case DO_READ_MODULES:
		*next = modules_event(c);
		return request_modules(c, now);
	case DO_END:
		on_end(c, job, now);
		return false;
	case DO_NOTHING:
		break;
	}
	return false;
}

void reset_run_apply(struct cluster *c, struct reset_job *job, const struct reset_event *event,
		     struct moment now)
{
	struct reset_event current = *event, next;
	bool more = true;

	while (more) {
		enum reset_effect effect = reset_apply(job->reset, &current, now);

		reset_job_update(c, job);
		more = carry_out(c, job, effect, &next, now);
		current = next;
	}
	cluster_mark_row_changed(c, job->target->id.uid);
}

void reset_run_apply_all(struct cluster *c, const struct reset_event *event, struct moment now)
{
	size_t i;

	audit_log_begin(c->setup.audit_log);
	for (i = 0; i < c->job_count; i++)
		reset_run_apply(c, c->jobs[i], event, now);
	audit_lines_commit(c, now);
	reset_jobs_remove_ended(c);
}

/* The status before, for the log, when the reset is confirmed for the first time. */
static void notify_confirmed(struct cluster *c, const struct reset_job *job, struct moment now)
{
	const struct reset_target *target = job->target;
	char before[RESET_LINE_SIZE], was[RESET_LINE_SIZE + 4];

	if (reset_puts(job->reset) || reset_last_read(job->reset))
		return;
	reset_format_evidence(&target->evidence->op[target->kind], before);
	snprintf(was, sizeof(was), "was %s", before);
	notify(c, job, was, now);
}

/* Removes the ended results of the same kind from its row. */
static void remove_former_results(struct cluster *c, const struct reset_job *job)
{
	struct reset_job **jobs;
	size_t i;

	for (i = reset_jobs_of(c, job->target->id.uid, &jobs); i-- > 0;)
		if (jobs[i] != job && jobs[i]->target->kind == job->target->kind &&
		    jobs[i]->state == RESET_END)
			reset_job_remove(c, jobs[i]);
}

void reset_run_confirm(struct cluster *c, struct reset_job *job, enum reset_event_kind answer,
		       struct moment now)
{
	remove_former_results(c, job);
	notify_confirmed(c, job, now);
	reset_run_apply(c, job, &(struct reset_event){ .kind = answer }, now);
}

static void notify_answer(struct cluster *c, const struct reset_job *job,
			  const struct reset_answer *answer, struct moment now)
{
	const char *what = answer->status == 200   ? " accepted"
			   : answer->status == 409 ? " busy"
						   : "";
	char outcome[240];
	struct cluster_event event;

	if (answer->status)
		snprintf(outcome, sizeof(outcome), "%u%s in %lld ms", answer->status, what,
			 (long long)answer->took_ms);
	else
		snprintf(outcome, sizeof(outcome), "%s",
			 answer->failure[0] ? answer->failure : "no answer");
	event = event_of(job, outcome, now);
	event.is_answer = true;
	event.status = answer->status;
	event.style = answer->status == 200 ? STYLE_TEXT : STYLE_WAITING;
	event.message = answer->message;
	event.took_ms = answer->took_ms;
	cluster_notify(c, &event);
}

void reset_run_on_answer(struct cluster *c, unsigned reset_id, const struct reset_answer *answer,
			 struct moment now)
{
	struct reset_job *job = reset_job_find(c, reset_id);
	struct reset_event event = { .kind = EV_ANSWER, .answer = answer };
	struct audit_line line;
	unsigned status = answer->status;

	if (!job)
		return;
	line = audit_line_of(c, job, AUDIT_ANSWERED, now);
	line.status = status;
	line.message = status ? answer->message : answer->failure;
	log_line(c, &line);
	notify_answer(c, job, answer, now);
	/* another PUT without a body may be in flight: the form of this one counts */
	event.form_learned = job->with_body;
	if (reset_uses_body(job->reset) && status && status != 400 && status != 411 &&
	    status != 415)
		c->put_needs_body = true;
	reset_run_apply(c, job, &event, now);
	reset_jobs_remove_ended(c);
}

void reset_run_on_path(struct cluster *c, unsigned reset_id, enum path_state path,
		       struct moment now)
{
	const struct reset_event event = { .kind = EV_PATH, .path = path };
	struct reset_job *job = reset_job_find(c, reset_id);

	if (!job)
		return;
	reset_run_apply(c, job, &event, now);
	reset_jobs_remove_ended(c);
}

void reset_run_on_modules(struct cluster *c, struct moment now)
{
	struct reset_event event = modules_event(c);

	reset_run_apply_all(c, &event, now);
}

static bool has_many_reads(const struct cluster *c)
{
	return c->job_states[RESET_READING] + c->job_states[RESET_PROBING] > SINGLE_READS_MAX;
}

/* While the cluster does not answer, the source's back-off applies. */
static bool needs_list_polls(const struct cluster *c)
{
	return c->status.conn != CONN_DOWN && has_many_reads(c);
}

/* List polls replace the single reads of many jobs that read back. */
static bool may_use_slot(const struct reset_job *job, bool many)
{
	bool reads_back = job->state == RESET_READING || job->state == RESET_PROBING;

	return !job->read_in_flight && !(many && reads_back);
}

static void assign_slots(struct cluster *c, struct moment now)
{
	struct reset_event event = { .kind = EV_REQUEST_SLOT };
	bool many = has_many_reads(c);
	size_t i;

	for (i = 0; i < c->job_count && c->ops->free_slots(c->source) > 0; i++) {
		struct reset_job *job = c->jobs[i];

		if (reset_needs_slot(job->reset, now.ms) && may_use_slot(job, many))
			reset_run_apply(c, job, &event, now);
	}
	if (needs_list_polls(c) && now.ms - c->list_poll_ms >= LIST_INTERVAL_MS) {
		c->list_poll_ms = now.ms;
		c->ops->request(c->source, TOPIC_LIST, 0, now.ms);
	}
}

void reset_run_turn(struct cluster *c, struct moment now)
{
	struct reset_event event = { .kind = EV_TIMER };
	size_t i;

	for (i = 0; i < c->job_count; i++)
		if (reset_due(c->jobs[i]->reset) <= now.ms)
			reset_run_apply(c, c->jobs[i], &event, now);
	assign_slots(c, now);
	reset_jobs_remove_ended(c);
}

int64_t reset_run_due(const struct cluster *c, int64_t now_ms)
{
	bool many = has_many_reads(c);
	int64_t due = needs_list_polls(c) ? c->list_poll_ms + LIST_INTERVAL_MS : TIME_NEVER, one;
	size_t i;

	for (i = 0; i < c->job_count; i++) {
		const struct reset_job *job = c->jobs[i];

		/* the reply that frees a slot causes the next turn */
		if (reset_needs_slot(job->reset, now_ms)) {
			if (may_use_slot(job, many) && c->ops && c->ops->free_slots(c->source) > 0)
				return now_ms;
			continue;
		}
		one = reset_due(job->reset);
		if (one < due)
			due = one;
	}
	return due;
}
