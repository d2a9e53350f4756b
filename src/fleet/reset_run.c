/*
 * Resets under way: events to the machine of core/reset, and its effects carried out.
 */
#include "cluster_internal.h"

#include "bdbtop/core/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Above this many tickets reading back, list polls once a second take the place of single reads. */
#define MANY_READING   8
#define LISTS_EVERY_MS 1000

static struct audit_line line_of(const struct cluster *c, const struct held *held,
				 enum audit_event event, struct moment now)
{
	const struct reset_target *ticket = reset_target(held->reset);

	return (struct audit_line){ .event = event,
				    .at = now,
				    .run = c->setup.run,
				    .reset_id = ticket->reset_id,
				    .cluster = c->setup.host,
				    .bdb = ticket->evidence,
				    .kind = ticket->kind,
				    .put = reset_puts(held->reset),
				    .user = c->setup.who };
}

static void tell_unwritten(struct cluster *c, const struct err *err, struct moment now)
{
	struct cluster_event event = {
		.what = NEWS_LINK, .at = now, .name = "", .outcome = err->text
	};

	cluster_tell(c, &event);
}

void lines_collect(struct cluster *c)
{
	c->collects = true;
	audit_log_begin(c->setup.ledger);
}

int lines_write(struct cluster *c)
{
	if (!c->collects)
		return 0;
	c->collects = false;
	return audit_log_commit(c->setup.ledger, &c->unwritten);
}

void lines_aside(struct cluster *c, struct moment now)
{
	if (lines_write(c) < 0)
		tell_unwritten(c, &c->unwritten, now);
}

/* A line that does not stop a PUT: a failure is told in the log, once per write. */
static void note_aside(struct cluster *c, const struct audit_line *line)
{
	struct err err;

	if (audit_log_append(c->setup.ledger, line, &err) < 0)
		tell_unwritten(c, &err, line->at);
}

void tickets_tell(struct cluster *c, const struct held *held, const char *outcome,
		  struct moment now)
{
	const struct reset_target *ticket = reset_target(held->reset);
	struct cluster_event event = { .what = NEWS_RESET,
				       .at = now,
				       .uid = ticket->id.uid,
				       .name = ticket->evidence->name,
				       .kind = ticket->kind,
				       .ticket = ticket->reset_id,
				       .outcome = outcome,
				       .asked = ticket->shown_at };

	cluster_tell(c, &event);
}

static void ended(struct cluster *c, struct held *held, struct moment now)
{
	const struct reset_target *ticket = reset_target(held->reset);
	struct audit_line line = line_of(c, held, AUDIT_ENDED, now);
	struct reset_text words;

	reset_format(held->reset, false, now.ms, &words);
	line.message = words.full;
	note_aside(c, &line);
	if (words.full[0])
		tickets_tell(c, held, words.full, now);
	if (reset_outcome(held->reset) == OUTCOME_REFUSED_403)
		cluster_deny(c, ticket->id.uid, ticket->kind);
	if (reset_outcome(held->reset) != OUTCOME_CLEARED)
		return;
	roster_reset_cleared(c->roster, ticket->id.uid, ticket->kind);
	findings_one(c, ticket->id.uid);
}

/* True when it is known already which modules lack the capability, or that nobody can tell. */
static bool modules_are_known(struct cluster *c, struct moment now)
{
	if (!c->modules_asked)
		c->modules_asked = c->ops->request(c->source, TOPIC_MODULES, 0, now.ms) == 0;
	return !c->modules_asked || c->modules_came;
}

static struct reset_event modules_event(const struct cluster *c)
{
	return (struct reset_event){ .kind = EV_MODULES,
				     .modules = (const char *const *)c->modules,
				     .module_count = c->module_count };
}

unsigned tickets_make(struct cluster *c, const struct reset_target *wanted, bool running,
		      bool pending)
{
	const struct held as = { .pending = pending };
	struct reset_target from = *wanted, *ticket;
	struct reset *reset;

	from.reset_id = c->last_ticket + 1;
	from.seed = c->setup.seed ^ from.reset_id * 2654435761u;
	ticket = reset_target_new(&from);
	if (!ticket)
		return 0;
	reset = reset_new(ticket, running, from.shown_at.ms);
	if (!reset)
		return 0;
	if (!held_add(c, reset, &as)) {
		reset_free(reset);
		return 0;
	}
	return ++c->last_ticket;
}

/* The evidence moved under the user: the question is put again, with what the read showed. */
static void ask_anew(struct cluster *c, const struct held *held, struct moment now)
{
	struct reset_target next = *reset_target(held->reset);

	next.evidence = reset_last_read(held->reset);
	next.shown_at = now;
	if (!tickets_make(c, &next, false, true))
		tickets_tell(c, held, "changed, and no memory to ask again: not sent", now);
}

/* One line that must be on disk before the next step. */
static bool note_ahead(struct cluster *c, const struct held *held, enum audit_event event,
		       struct moment now)
{
	struct audit_line line = line_of(c, held, event, now);

	line.put += event == AUDIT_SENT;
	return audit_log_append(c->setup.ledger, &line, &c->unwritten) == 0;
}

/* `asked` when the ticket was just confirmed, `sent` before a PUT leaves; an `asked` that could not
 * be written is tried once more then, so that no PUT leaves a gap behind it unnoticed. */
static struct reset_event note(struct cluster *c, struct held *held, struct moment now)
{
	bool sends = reset_state(held->reset) == RESET_NOTING, written = true;

	/* what must be on disk before a PUT cannot wait for others */
	if (sends)
		lines_aside(c, now);
	if (!sends || held->unasked)
		held->unasked = !(written = note_ahead(c, held, AUDIT_ASKED, now));
	if (sends && written)
		written = note_ahead(c, held, AUDIT_SENT, now);
	return (struct reset_event){ .kind = written ? EV_LINE_WRITTEN : EV_LINE_FAILED,
				     .failure = c->unwritten.text };
}

/* An answer is known by the time of its question, so of two tickets on one database only one may
 * ask in one millisecond: else what was asked before an answer could pass for what was asked
 * after. */
static bool is_asked_now(const struct cluster *c, int64_t uid, int64_t now_ms)
{
	size_t i, count = held_count(c, uid);

	for (i = 0; i < count; i++) {
		const struct held *held = held_at(c, uid, i);

		if (held->reading && held->read_ms == now_ms)
			return true;
	}
	return false;
}

static bool read_one(struct cluster *c, struct held *held, struct moment now)
{
	int64_t uid = reset_target(held->reset)->id.uid;

	held->reading = !is_asked_now(c, uid, now.ms) &&
			c->ops->request(c->source, TOPIC_ONE, uid, now.ms) == 0;
	held->read_ms = now.ms;
	return held->reading;
}

static bool put(struct cluster *c, struct held *held, bool with_body, struct moment now)
{
	const struct reset_target *ticket = reset_target(held->reset);
	struct source_put out = { .reset_id = ticket->reset_id,
				  .uid = ticket->id.uid,
				  .kind = ticket->kind,
				  .with_body = with_body || c->wants_body };

	held->with_body = out.with_body;
	if (c->ops->reset(c->source, &out, now.ms) < 0)
		return false;
	/* before its answer: a poll may see what it does sooner */
	roster_reset_sent(c->roster, ticket->id.uid, ticket->kind);
	return true;
}

/* True when *next says already how it went: the source cannot ask, or has no place. */
static bool check_path(struct cluster *c, const struct held *held, struct reset_event *next,
		       struct moment now)
{
	const struct reset_target *ticket = reset_target(held->reset);
	const struct source_put about = { .reset_id = ticket->reset_id,
					  .uid = ticket->id.uid,
					  .kind = ticket->kind };

	if (c->ops->check_path)
		return c->ops->check_path(c->source, &about, now.ms) < 0;
	*next = (struct reset_event){ .kind = EV_PATH, .path = PATH_UNCLEAR };
	return true;
}

/* A question that a read raised; true when it is answered already, by *next. */
static bool ask_again(struct cluster *c, struct held *held, struct reset_event *next,
		      struct moment now)
{
	enum bulk_say said;

	held->pending = reset_state(held->reset) != RESET_END;
	if (!held->pending) {
		ask_anew(c, held, now);
		return false;
	}
	if (!held->bulk)
		return false;
	said = bulk_ledger(c, held, &held->pending);
	next->kind = said == SAID_YES ? EV_TYPED_YES : EV_DECLINE;
	return said != SAID_NOTHING;
}

/* Carry out one effect; true when *next is an event that reports how it went. */
static bool carry_out(struct cluster *c, struct held *held, enum reset_effect effect,
		      struct reset_event *next, struct moment now)
{
	*next = (struct reset_event){ .kind = EV_UNSENT };
	switch (effect) {
	case DO_READ:
		return !read_one(c, held, now);
	case DO_WRITE_LINE:
		*next = note(c, held, now);
		return true;
	case DO_PUT:
	case DO_PUT_BODY:
		return !put(c, held, effect == DO_PUT_BODY, now);
	case DO_CHECK_PATH:
		return check_path(c, held, next, now);
	case DO_ASK_AGAIN:
		return ask_again(c, held, next, now);
	case DO_READ_MODULES:
		*next = modules_event(c);
		return modules_are_known(c, now);
	case DO_END:
		ended(c, held, now);
		return false;
	case DO_NOTHING:
		break;
	}
	return false;
}

void tickets_event(struct cluster *c, struct held *held, const struct reset_event *event,
		   struct moment now)
{
	unsigned no = reset_target(held->reset)->reset_id;
	struct reset_event current = *event, next;
	bool more = true;

	while (more && held) {
		enum reset_effect effect = reset_apply(held->reset, &current, now);

		/* a question that is over is not to be shown any more */
		if (reset_state(held->reset) != RESET_ASKING2 &&
		    reset_state(held->reset) != RESET_ASKING)
			held->pending = false;
		more = carry_out(c, held, effect, &next, now);
		current = next;
		/* a new ticket may have moved the array */
		held = cluster_held(c, no);
	}
	cluster_seen(c);
}

void tickets_event_all(struct cluster *c, const struct reset_event *event, struct moment now)
{
	size_t i;

	lines_collect(c);
	for (i = 0; i < c->held_count; i++)
		tickets_event(c, &c->held[i], event, now);
	lines_aside(c, now);
	tickets_sweep(c);
}

static void tell_answer(struct cluster *c, const struct held *held,
			const struct reset_answer *answer, struct moment now)
{
	const struct reset_target *ticket = reset_target(held->reset);
	const char *what = answer->status == 200   ? " accepted"
			   : answer->status == 409 ? " busy"
						   : "";
	char outcome[240];
	struct cluster_event told = { .what = NEWS_RESET,
				      .at = now,
				      .uid = ticket->id.uid,
				      .name = ticket->evidence->name,
				      .kind = ticket->kind,
				      .ticket = ticket->reset_id,
				      .outcome = outcome,
				      .answer = true,
				      .status = answer->status,
				      .words = answer->message,
				      .took_ms = answer->took_ms,
				      .asked = ticket->shown_at };

	if (answer->status)
		snprintf(outcome, sizeof(outcome), "%u%s in %lld ms", answer->status, what,
			 (long long)answer->took_ms);
	else
		snprintf(outcome, sizeof(outcome), "%s",
			 answer->failure[0] ? answer->failure : "no answer");
	cluster_tell(c, &told);
}

void tickets_answered(struct cluster *c, unsigned no, const struct reset_answer *answer,
		      struct moment now)
{
	struct held *held = cluster_held(c, no);
	struct reset_event event = { .kind = EV_ANSWER, .answer = answer };
	struct audit_line line;
	unsigned status = answer->status;

	if (!held)
		return;
	line = line_of(c, held, AUDIT_ANSWERED, now);
	line.status = status;
	line.message = status ? answer->message : answer->failure;
	note_aside(c, &line);
	tell_answer(c, held, answer, now);
	/* two may have left in the old form: what counts is how this one went */
	event.form_learned = held->with_body;
	if (reset_uses_body(held->reset) && status && status != 400 && status != 411 &&
	    status != 415)
		c->wants_body = true;
	tickets_event(c, held, &event, now);
	tickets_sweep(c);
}

void tickets_path(struct cluster *c, unsigned no, enum path_state path, struct moment now)
{
	const struct reset_event event = { .kind = EV_PATH, .path = path };
	struct held *held = cluster_held(c, no);

	if (!held)
		return;
	tickets_event(c, held, &event, now);
	tickets_sweep(c);
}

void tickets_modules(struct cluster *c, struct moment now)
{
	struct reset_event event = modules_event(c);

	tickets_event_all(c, &event, now);
}

static bool reads_back(const struct held *held)
{
	enum reset_state state = reset_state(held->reset);

	return state == RESET_READING || state == RESET_PROBING;
}

static bool many_read_back(const struct cluster *c)
{
	size_t i, reading = 0;

	for (i = 0; i < c->held_count; i++)
		reading += reads_back(&c->held[i]);
	return reading > MANY_READING;
}

/* While the cluster does not answer, its own pauses between polls stand. */
static bool lists_wanted(const struct cluster *c)
{
	return c->face.link != LINK_CUT && many_read_back(c);
}

static void give_places(struct cluster *c, struct moment now)
{
	struct reset_event event = { .kind = EV_REQUEST_SLOT };
	bool many = many_read_back(c);
	size_t i;

	for (i = 0; i < c->held_count && c->ops->free_slots(c->source) > 0; i++) {
		struct held *held = &c->held[i];

		if (held->reading || !reset_needs_slot(held->reset, now.ms) ||
		    (many && reads_back(held)))
			continue;
		tickets_event(c, held, &event, now);
	}
	if (lists_wanted(c) && now.ms - c->lists_ms >= LISTS_EVERY_MS) {
		c->lists_ms = now.ms;
		c->ops->request(c->source, TOPIC_LIST, 0, now.ms);
	}
}

void tickets_turn(struct cluster *c, struct moment now)
{
	struct reset_event event = { .kind = EV_TIMER };
	size_t i;

	for (i = 0; i < c->held_count; i++)
		if (reset_due(c->held[i].reset) <= now.ms)
			tickets_event(c, &c->held[i], &event, now);
	give_places(c, now);
	tickets_sweep(c);
}

int64_t tickets_due(const struct cluster *c, int64_t now_ms)
{
	bool many = many_read_back(c);
	int64_t due = lists_wanted(c) ? c->lists_ms + LISTS_EVERY_MS : TIME_NEVER, one;
	size_t i;

	for (i = 0; i < c->held_count; i++) {
		const struct held *held = &c->held[i];

		/* one that only waits for a place is woken by the reply that frees it */
		if (reset_needs_slot(held->reset, now_ms)) {
			if (!held->reading && !(many && reads_back(held)) && c->ops &&
			    c->ops->free_slots(c->source) > 0)
				return now_ms;
			continue;
		}
		one = reset_due(held->reset);
		if (one < due)
			due = one;
	}
	return due;
}
