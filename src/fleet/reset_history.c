/*
 * What was sent from here, as lines, and what the cluster did by itself after a clearing.
 *
 * The lines of this run are those that the log hears; those of earlier runs stand in the ledger.
 */
#include "cluster_internal.h"

#include "bdbtop/core/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINES_KEPT  4096 /* of this run, all databases */
#define AFTERS_KEPT 1024
#define PAST_READ   64 /* lines of the ledger about one database */

/* `reset backup, was failed no-permission`; status and reason raw. */
static void say_asked(char out[200], enum op_kind kind, const char *status, const char *reason)
{
	struct text text;

	text_init(&text, out, 200);
	text_addf(&text, "reset %s, was ", op_defs[kind].word);
	text_add_safe(&text, *status ? status : "idle");
	if (*reason) {
		text_add(&text, " ");
		text_add_safe(&text, reason);
	}
}

static enum style answer_element(unsigned status)
{
	if (status == 200)
		return STYLE_PENDING;
	return !status || status == 409 || status >= 500 ? STYLE_WAITING : STYLE_REFUSED;
}

/* --- this run -------------------------------------------------------------------------------- */

/* It is being confirmed: told while its question is still open. */
static bool is_asked(const struct cluster_event *event, const struct reset *reset)
{
	enum reset_state state = reset_state(reset);

	return !event->answer && (state == RESET_ASKING || state == RESET_ASKING2);
}

static void say_reset(struct sent_line *line, const struct cluster_event *event,
		      const struct reset *reset)
{
	const struct op *before = &reset_target(reset)->evidence->op[event->kind];
	struct reset_text words;
	struct text text;

	if (is_asked(event, reset)) {
		say_asked(line->words, event->kind, before->status, before->reason);
		return;
	}
	text_init(&text, line->words, sizeof(line->words));
	text_add(&text, event->outcome);
	if (event->answer) {
		if (event->status && event->status != 200 && *event->words)
			text_addf(&text, ": %s", event->words);
		line->element = answer_element(event->status);
	} else {
		reset_format(reset, false, event->at.ms, &words);
		line->element = words.style;
	}
}

static void say_seen(struct sent_line *line, const struct cluster_event *event)
{
	static const enum style elements[TRANSITION_KINDS] = {
		[TRANSITION_STARTED] = STYLE_TEXT,	 [TRANSITION_FAILED] = STYLE_FAILED,
		[TRANSITION_FAILED_AGAIN] = STYLE_FAILED, [TRANSITION_RECOVERED] = STYLE_CLEARED,
		[TRANSITION_STALLED] = STYLE_STALLED,	 [TRANSITION_NEW] = STYLE_TEXT,
		[TRANSITION_GONE] = STYLE_TEXT,
	};

	snprintf(line->words, sizeof(line->words), "seen: %s", event->outcome);
	line->element = elements[event->word];
}

/* Was anything sent to this operation in this run? */
static bool was_sent(const struct sent *sent, int64_t uid, enum op_kind kind)
{
	size_t i;

	for (i = sent->count; i-- > 0;)
		if (sent->at[i].uid == uid && sent->at[i].line->kind == kind)
			return true;
	return false;
}

static void drop_oldest(struct sent *sent, size_t drop)
{
	size_t i;

	for (i = 0; i < drop; i++)
		free(sent->at[i].line);
	sent->count -= drop;
	memmove(sent->at, sent->at + drop, sent->count * sizeof(*sent->at));
}

static void add_line(struct cluster *c, int64_t uid, const struct sent_line *line)
{
	struct sent *sent = &c->sent;
	struct sent_line *copy = malloc(sizeof(*copy));

	if (sent->count == LINES_KEPT)
		drop_oldest(sent, LINES_KEPT / 4);
	if (!copy ||
	    !cluster_grow((void **)&sent->at, &sent->room, sent->count, sizeof(*sent->at))) {
		free(copy);
		return;
	}
	*copy = *line;
	sent->at[sent->count++] = (struct sent_one){ .uid = uid, .line = copy };
	if (uid == c->look.face.uid)
		look_sent(c);
}

static struct after *find_after(const struct sent *sent, int64_t uid, enum op_kind kind)
{
	size_t i;

	for (i = 0; i < sent->after_count; i++)
		if (sent->after[i].uid == uid && sent->after[i].kind == kind)
			return &sent->after[i];
	return NULL;
}

static void drop_after(struct sent *sent, struct after *after)
{
	size_t behind = (size_t)(sent->after + --sent->after_count - after);

	memmove(after, after + 1, behind * sizeof(*after));
}

static void note_cleared(struct cluster *c, const struct cluster_event *event)
{
	const struct roster_entry *entry = roster_find(c->roster, event->uid);
	struct after *after = find_after(&c->sent, event->uid, event->kind);
	struct sent *sent = &c->sent;

	if (!entry)
		return;
	if (after)
		drop_after(sent, after);
	else if (sent->after_count == AFTERS_KEPT)
		drop_after(sent, sent->after);
	if (cluster_grow((void **)&sent->after, &sent->after_room, sent->after_count,
			 sizeof(*sent->after)))
		sent->after[sent->after_count++] =
			(struct after){ .uid = event->uid,
					.kind = event->kind,
					.life = entry->generation,
					.cleared = event->at,
					.cleared_s =
						findings_moment(c, event->at.ms).wall_ms / 1000,
					.retried_s = -1 };
}

static void hear_reset(struct cluster *c, const struct cluster_event *event)
{
	const struct reset *reset = cluster_reset(c, event->ticket);
	struct sent_line line = { .at = event->at, .kind = event->kind, .element = STYLE_TEXT };

	if (!reset)
		return;
	say_reset(&line, event, reset);
	if (!event->answer && reset_outcome(reset) == OUTCOME_CLEARED)
		note_cleared(c, event);
	add_line(c, event->uid, &line);
}

/* That it was started again is told by cluster_after(). */
void sent_hear(struct cluster *c, const struct cluster_event *event)
{
	struct sent_line line = { .at = event->at, .kind = event->kind };

	if (event->what == NEWS_RESET)
		hear_reset(c, event);
	if (event->what != NEWS_SEEN || event->word == TRANSITION_NEW ||
	    event->word == TRANSITION_GONE || event->word == TRANSITION_STARTED ||
	    !was_sent(&c->sent, event->uid, event->kind))
		return;
	say_seen(&line, event);
	add_line(c, event->uid, &line);
}

void sent_release(struct cluster *c)
{
	while (c->sent.count)
		free(c->sent.at[--c->sent.count].line);
	free(c->sent.at);
	free(c->sent.after);
}

/* --- after a clearing ------------------------------------------------------------------------ */

/* A run, or what it left behind. */
static bool ran(const struct op *op)
{
	return op->phase == OP_RUNNING || op->phase == OP_SUCCEEDED || op->phase == OP_FAILED;
}

void sent_observed(struct cluster *c)
{
	struct sent *sent = &c->sent;
	size_t i;

	for (i = sent->after_count; i-- > 0;) {
		struct after *after = &sent->after[i];
		const struct roster_entry *entry = roster_find(c->roster, after->uid);
		int64_t late_ms;

		if (!entry || entry->generation != after->life) {
			drop_after(sent, after);
			continue;
		}
		if (after->retried_s >= 0 || entry->requested_ms < after->cleared.ms ||
		    !ran(&entry->bdb->op[after->kind]))
			continue;
		late_ms = entry->op_since[after->kind].since.ms - after->cleared.ms;
		after->retried_s = late_ms > 0 ? late_ms / 1000 : 0;
		cluster_seen(c);
	}
}

void sent_events(struct cluster *c, const struct event *const *events, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		const struct event *event = events[i];
		struct after *after = event->class == EVENT_STARTED
					      ? find_after(&c->sent, event->uid, event->kind)
					      : NULL;
		int64_t late_s = after ? time_subtract(event->time_s, after->cleared_s) : 0;

		/* the first of them, and sooner than a poll saw it */
		if (late_s > 0 && (after->retried_s < 0 || late_s < after->retried_s))
			after->retried_s = late_s;
	}
}

bool cluster_after(const struct cluster *c, int64_t uid, enum op_kind kind, int64_t *retried_s)
{
	const struct after *after = find_after(&c->sent, uid, kind);

	if (!after)
		return false;
	*retried_s = after->retried_s;
	return true;
}

/* --- earlier runs ---------------------------------------------------------------------------- */

static void say_past_answer(struct text *text, const struct audit_record *past)
{
	if (!past->status) {
		text_add_safe(text, past->message[0] ? past->message : "no answer");
		return;
	}
	text_addf(text, "%u", past->status);
	if (past->status == 200 || past->status == 409)
		text_add(text, past->status == 200 ? " accepted" : " busy");
	if (past->status != 200 && past->message[0]) {
		text_add(text, ": ");
		text_add_safe(text, past->message);
	}
}

static void say_past(struct sent_line *line, const struct audit_record *past)
{
	struct text text;

	*line = (struct sent_line){ .at = { .wall_ms = past->wall_ms },
				    .kind = past->kind,
				    .element = STYLE_TEXT };
	text_init(&text, line->words, sizeof(line->words));
	switch (past->event) {
	case AUDIT_ASKED:
		say_asked(line->words, past->kind, past->op_status, past->reason);
		break;
	case AUDIT_ANSWERED:
		say_past_answer(&text, past);
		line->element = answer_element(past->status);
		break;
	default:
		text_add_safe(&text, past->message);
		line->element =
			text_has_prefix(past->message, "cleared") ? STYLE_CLEARED : STYLE_TEXT;
		break;
	}
}

/* Of this database, in another run, and something to tell. */
static bool is_past(const struct cluster *c, const struct bdb *bdb, const struct audit_record *past)
{
	bool ours = past->run == c->setup.run &&
		    past->wall_ms >= c->least_wall_ms;
	bool other = bdb && bdb->created_presence == FIELD_PRESENT && past->created_s &&
		     past->created_s != bdb->created_s;

	return !ours && !other && past->event != AUDIT_SENT &&
	       (past->event != AUDIT_ENDED || past->message[0]);
}

struct sent_line *sent_past(const struct cluster *c, int64_t uid, size_t *count)
{
	const struct roster_entry *entry = roster_find(c->roster, uid);
	struct audit_record *past = malloc(PAST_READ * sizeof(*past));
	struct sent_line *lines = malloc(PAST_READ * sizeof(*lines));
	size_t i, read = 0;

	*count = 0;
	if (past && lines && c->setup.ledger)
		read = audit_log_history(c->setup.ledger, c->setup.host, uid, past, PAST_READ);
	for (i = 0; i < read; i++)
		if (is_past(c, entry ? entry->bdb : NULL, &past[i]))
			say_past(&lines[(*count)++], &past[i]);
	free(past);
	return lines;
}

struct sent_line *sent_lines(const struct cluster *c, int64_t uid, size_t *count)
{
	const struct look *look = &c->look;
	const struct sent *sent = &c->sent;
	struct sent_line *lines;
	size_t i, past = 0, most = look->past_count;

	*count = 0;
	for (i = 0; i < sent->count; i++)
		most += sent->at[i].uid == uid;
	lines = most ? malloc(most * sizeof(*lines)) : NULL;
	if (!lines)
		return NULL;
	for (i = sent->count; i-- > 0;) {
		const struct sent_one *one = &sent->at[i];

		if (one->uid != uid)
			continue;
		/* of another run, and later: of somebody who sits beside us */
		while (past < look->past_count &&
		       look->past[past].at.wall_ms > one->line->at.wall_ms)
			lines[(*count)++] = look->past[past++];
		lines[(*count)++] = *one->line;
	}
	while (past < look->past_count)
		lines[(*count)++] = look->past[past++];
	return lines;
}
