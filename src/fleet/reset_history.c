/*
 * The history of resets from here, as lines, and the cluster's own retries after a cleared status.
 *
 * The lines of this run come from events; the lines of earlier runs from the audit log.
 */
#include "cluster_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"

#define LINES_MAX	  4096 /* of this run, all databases */
#define LINES_DROPPED	  1024 /* of these, when there are too many */
#define RETRIES_MAX	  1024
#define EARLIER_LINES_MAX 64 /* of one database */

/* `reset backup, was failed no-permission`; status and reason are raw. */
static void add_confirmed(char out[200], enum op_kind kind, const char *status, const char *reason)
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

static enum style answer_style(unsigned status)
{
	if (status == 200)
		return STYLE_PENDING;
	return !status || status == 409 || status >= 500 ? STYLE_WAITING : STYLE_REFUSED;
}

/* --- this run -------------------------------------------------------------------------------- */

/* The event of the confirmation comes while the question is still open. */
static bool is_confirmed_line(const struct cluster_event *event, const struct reset *reset)
{
	enum reset_state state = reset_state(reset);

	return !event->is_answer && (state == RESET_ASKING || state == RESET_ASKING2);
}

static void add_reset(struct history_line *line, const struct cluster_event *event,
		      const struct reset *reset)
{
	const struct op *before = &reset_target(reset)->evidence->op[event->kind];
	struct text text;

	if (is_confirmed_line(event, reset)) {
		line->what = HISTORY_CONFIRMED;
		add_confirmed(line->text, event->kind, before->status, before->reason);
		return;
	}
	text_init(&text, line->text, sizeof(line->text));
	text_add(&text, event->outcome);
	if (event->is_answer) {
		line->what = HISTORY_ANSWERED;
		if (event->status && event->status != 200 && *event->message)
			text_addf(&text, ": %s", event->message);
		line->style = answer_style(event->status);
	} else if (event->end) {
		line->shown = event->end->shown;
		line->style = event->end->style;
	}
}

static void add_transition(struct history_line *line, const struct cluster_event *event)
{
	static const enum style styles[TRANSITION_KINDS] = {
		[TRANSITION_STARTED] = STYLE_TEXT,	  [TRANSITION_FAILED] = STYLE_FAILED,
		[TRANSITION_FAILED_AGAIN] = STYLE_FAILED, [TRANSITION_RECOVERED] = STYLE_CLEARED,
		[TRANSITION_STALLED] = STYLE_STALLED,	  [TRANSITION_NEW] = STYLE_TEXT,
		[TRANSITION_GONE] = STYLE_TEXT,
	};

	line->what = HISTORY_SEEN;
	snprintf(line->text, sizeof(line->text), "seen: %s", event->outcome);
	line->shown = strlen(line->text);
	line->style = styles[event->transition];
}

/* Whether this run has a line about this operation. */
static bool has_line(const struct reset_history *history, int64_t uid, enum op_kind kind)
{
	size_t i;

	for (i = history->count; i-- > 0;)
		if (history->entries[i].uid == uid && history->entries[i].line.kind == kind)
			return true;
	return false;
}

static void add_line(struct reset_history *history, int64_t uid, const struct history_line *line)
{
	struct history_entry *entries;

	if (history->count == LINES_MAX) {
		history->count -= LINES_DROPPED;
		entries = history->entries;
		memmove(entries, entries + LINES_DROPPED, history->count * sizeof(*entries));
	}
	(void)ARRAY_APPEND(history->entries, history->count, history->capacity, LINES_MAX,
			   (struct history_entry){ .uid = uid, .line = *line });
}

static struct retry_watch *find_retry(const struct reset_history *history, int64_t uid,
				      enum op_kind kind)
{
	size_t i;

	for (i = 0; i < history->retry_count; i++)
		if (history->retries[i].uid == uid && history->retries[i].kind == kind)
			return &history->retries[i];
	return NULL;
}

static void drop_retry(struct reset_history *history, struct retry_watch *retry)
{
	array_remove(history->retries, &history->retry_count, (size_t)(retry - history->retries),
		     sizeof(*retry));
}

static void record_cleared(struct cluster *c, const struct cluster_event *event)
{
	const struct roster_entry *entry = roster_find(c->roster, event->uid);
	struct retry_watch *retry = find_retry(&c->history, event->uid, event->kind);
	struct reset_history *history = &c->history;

	if (!entry)
		return;
	if (retry)
		drop_retry(history, retry);
	else if (history->retry_count == RETRIES_MAX)
		drop_retry(history, history->retries);
	if (ARRAY_RESERVE(history->retries, history->retry_capacity, history->retry_count + 1,
			  RETRIES_MAX))
		history->retries[history->retry_count++] =
			(struct retry_watch){ .uid = event->uid,
					.kind = event->kind,
					.generation = entry->generation,
					.cleared_at = event->at,
					.cleared_s =
						findings_moment(c, event->at.ms).wall_ms / 1000,
					.retried_s = -1 };
}

static void on_reset(struct cluster *c, const struct cluster_event *event)
{
	const struct reset *reset = cluster_reset(c, event->reset_id);
	struct history_line line = { .at = event->at, .kind = event->kind, .style = STYLE_TEXT };

	if (!reset)
		return;
	add_reset(&line, event, reset);
	if (!line.shown)
		line.shown = strlen(line.text);
	if (!event->is_answer && reset_outcome(reset) == OUTCOME_CLEARED)
		record_cleared(c, event);
	add_line(&c->history, event->uid, &line);
}

/* Starts are not lines: cluster_has_clear_retry() reports them. */
void reset_history_on_event(struct cluster *c, const struct cluster_event *event)
{
	struct history_line line = { .at = event->at, .kind = event->kind };

	if (event->event_kind == CLUSTER_EVENT_RESET)
		on_reset(c, event);
	if (event->event_kind != CLUSTER_EVENT_TRANSITION || event->transition == TRANSITION_NEW ||
	    event->transition == TRANSITION_GONE || event->transition == TRANSITION_STARTED ||
	    !has_line(&c->history, event->uid, event->kind))
		return;
	add_transition(&line, event);
	add_line(&c->history, event->uid, &line);
}

void reset_history_release(struct cluster *c)
{
	free(c->history.entries);
	free(c->history.retries);
}

/* --- after a cleared status ------------------------------------------------------------------ */

/* The operation runs, or has the status of a run that ended. */
static bool has_run(const struct op *op)
{
	return op->phase == OP_RUNNING || op->phase == OP_SUCCEEDED || op->phase == OP_FAILED;
}

void reset_history_on_observation(struct cluster *c, const struct observation *observation,
				  struct moment now)
{
	struct reset_history *history = &c->history;
	size_t i;

	(void)observation;
	(void)now;
	for (i = history->retry_count; i-- > 0;) {
		struct retry_watch *retry = &history->retries[i];
		const struct roster_entry *entry = roster_find(c->roster, retry->uid);
		int64_t delay_ms;

		if (!entry || entry->generation != retry->generation) {
			drop_retry(history, retry);
			continue;
		}
		if (retry->retried_s >= 0 || entry->read->requested_ms < retry->cleared_at.ms ||
		    !has_run(&entry->bdb->op[retry->kind]))
			continue;
		delay_ms = entry->op_since[retry->kind].since.ms - retry->cleared_at.ms;
		retry->retried_s = delay_ms > 0 ? delay_ms / 1000 : 0;
		cluster_mark_changed(c);
	}
}

void reset_history_on_events(struct cluster *c, const struct event *events, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		const struct event *event = &events[i];
		struct retry_watch *retry = event->class == EVENT_STARTED
					      ? find_retry(&c->history, event->uid, event->kind)
					      : NULL;
		int64_t delay_s = retry ? time_subtract(event->time_s, retry->cleared_s) : 0;

		/* only the first run; the log has its exact time, a poll sees it later */
		if (delay_s > 0 && (retry->retried_s < 0 || delay_s < retry->retried_s))
			retry->retried_s = delay_s;
	}
}

bool cluster_has_clear_retry(const struct cluster *c, int64_t uid, enum op_kind kind,
			     int64_t *retried_s)
{
	const struct retry_watch *retry = find_retry(&c->history, uid, kind);

	if (!retry)
		return false;
	*retried_s = retry->retried_s;
	return true;
}

/* --- earlier runs ---------------------------------------------------------------------------- */

static void format_earlier_answer(struct text *text, const struct audit_record *record)
{
	if (!record->status) {
		text_add_safe(text, record->message[0] ? record->message : "no answer");
		return;
	}
	text_addf(text, "%u", record->status);
	if (record->status == 200 || record->status == 409)
		text_add(text, record->status == 200 ? " accepted" : " busy");
	if (record->status != 200 && record->message[0]) {
		text_add(text, ": ");
		text_add_safe(text, record->message);
	}
}

static void format_earlier(struct history_line *line, const struct audit_record *record)
{
	struct reset_text words;
	struct text text;

	*line = (struct history_line){ .at = { .wall_ms = record->wall_ms },
				    .kind = record->kind,
				    .style = STYLE_TEXT };
	text_init(&text, line->text, sizeof(line->text));
	switch (record->event) {
	case AUDIT_ASKED:
		line->what = HISTORY_CONFIRMED;
		add_confirmed(line->text, record->kind, record->op_status, record->reason);
		break;
	case AUDIT_ANSWERED:
		line->what = HISTORY_ANSWERED;
		format_earlier_answer(&text, record);
		line->style = answer_style(record->status);
		break;
	default:
		reset_text_read(&words, record->message);
		text_add(&text, words.full);
		line->shown = words.shown;
		line->style = words.style;
		break;
	}
	if (!line->shown)
		line->shown = strlen(line->text);
}

/* About this database, of another run, and with something to show. */
static bool is_earlier_run(const struct cluster *c, const struct bdb *bdb,
			   const struct audit_record *record)
{
	bool this_run = record->run == c->setup.run_id && record->wall_ms >= c->earliest_wall_ms;
	bool other_bdb = bdb && bdb->created_presence == FIELD_PRESENT && record->created_s &&
			 record->created_s != bdb->created_s;

	return !this_run && !other_bdb && record->event != AUDIT_SENT &&
	       (record->event != AUDIT_ENDED || record->message[0]);
}

struct history_line *reset_history_earlier_runs(const struct cluster *c, int64_t uid, size_t *count)
{
	const struct roster_entry *entry = roster_find(c->roster, uid);
	struct audit_record *record = malloc(EARLIER_LINES_MAX * sizeof(*record));
	struct history_line *lines = malloc(EARLIER_LINES_MAX * sizeof(*lines));
	size_t i, read = 0;

	*count = 0;
	if (record && lines && c->setup.audit_log)
		read = audit_log_history(c->setup.audit_log, c->setup.host, uid, record,
					 EARLIER_LINES_MAX);
	for (i = 0; i < read; i++)
		if (is_earlier_run(c, entry ? entry->bdb : NULL, &record[i]))
			format_earlier(&lines[(*count)++], &record[i]);
	free(record);
	return lines;
}

bool cluster_history_line(const struct cluster *c, size_t index, int64_t *uid,
			  const struct history_line **line)
{
	const struct reset_history *history = &c->history;
	const struct history_entry *entry;

	if (index >= history->count)
		return false;
	entry = &history->entries[history->count - 1 - index];
	*uid = entry->uid;
	*line = &entry->line;
	return true;
}

struct history_line *reset_history_lines(const struct cluster *c, int64_t uid, size_t *count)
{
	const struct detail_watch *watch = &c->detail;
	const struct reset_history *history = &c->history;
	struct history_line *lines;
	size_t i, earlier = 0, max_count = watch->earlier_run_count;

	*count = 0;
	for (i = 0; i < history->count; i++)
		max_count += history->entries[i].uid == uid;
	lines = max_count ? malloc(max_count * sizeof(*lines)) : NULL;
	if (!lines)
		return NULL;
	for (i = history->count; i-- > 0;) {
		const struct history_entry *one = &history->entries[i];

		if (one->uid != uid)
			continue;
		/* newer than a line of this run: from another bdbtop at the same time */
		while (earlier < watch->earlier_run_count &&
		       watch->earlier_runs[earlier].at.wall_ms > one->line.at.wall_ms)
			lines[(*count)++] = watch->earlier_runs[earlier++];
		lines[(*count)++] = one->line;
	}
	while (earlier < watch->earlier_run_count)
		lines[(*count)++] = watch->earlier_runs[earlier++];
	return lines;
}
