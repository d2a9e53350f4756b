/*
 * The summary of what happened during an absence: a pause, ctrl-z, a suspended machine, an outage,
 * five minutes without a key.
 *
 * An absence has a begin and an end; events that the first poll after its end shows belong to it
 * too.  The events are read from the log.
 */
#include "session_internal.h"

#define ABSENCE_MS (INT64_C(5) * 60 * 1000)
/* How many databases the summary lists. */
#define NAMED_MAX  3
#define NO_KIND	   OP_KINDS

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Ends an absence; events of the first poll after settled_ms are its last. */
static void end_absence(struct session *s, int64_t from_ms, int64_t settled_ms)
{
	struct absence_watch *a = &s->absence;

	if (a->pending)
		from_ms = earlier(from_ms, a->next.from_ms);
	a->pending = true;
	a->settled_ms = settled_ms;
	a->next = (struct absence_period){
		.from_ms = from_ms,
		.to_ms = TIME_NEVER,
		.span_s = (s->now.ms - from_ms) / 1000,
	};
}

void session_begin_turn(struct session *s, bool woke_late, struct moment now)
{
	struct absence_watch *a = &s->absence;
	int64_t from_ms = TIME_NEVER;

	if (a->key_ms == TIME_NEVER)
		a->key_ms = now.ms;
	if (a->suspended_ms < now.ms) {
		from_ms = a->suspended_ms;
		a->suspended_ms = TIME_NEVER;
	}
	if (woke_late)
		from_ms = earlier(from_ms, s->now.ms);
	s->now = now;
	if (from_ms != TIME_NEVER)
		end_absence(s, from_ms, now.ms);
}

void session_on_suspend(struct session *s, struct moment now)
{
	s->absence.suspended_ms = now.ms;
	session_end_canary(s, "suspended");
}

void session_on_key(struct session *s, struct moment now)
{
	struct absence_watch *a = &s->absence;

	if (a->key_ms != TIME_NEVER && now.ms - a->key_ms >= ABSENCE_MS)
		end_absence(s, a->key_ms, now.ms);
	a->key_ms = now.ms;
}

/* Since when polling is paused, and since when polls fail; TIME_NEVER: neither. */
static void find_interruptions(const struct session *s, int64_t *paused_ms, int64_t *down_ms)
{
	size_t i;

	*paused_ms = *down_ms = TIME_NEVER;
	for (i = 0; i < fleet_count(s->fleet); i++) {
		const struct cluster_status *status = cluster_status(fleet_at(s->fleet, i));

		if (status->paused)
			*paused_ms = earlier(*paused_ms, status->paused_at.ms);
		if (status->has_list && status->conn != CONN_OK)
			*down_ms = earlier(*down_ms, status->conn == CONN_DOWN
							     ? status->down_since.ms
							     : s->now.ms);
	}
}

/* Every cluster was polled after the absence ended. */
static bool is_settled(const struct session *s)
{
	size_t i;

	for (i = 0; i < fleet_count(s->fleet); i++) {
		const struct cluster_status *status = cluster_status(fleet_at(s->fleet, i));

		if (!status->has_list || status->paused)
			continue;
		if (status->conn != CONN_OK || status->list_at.ms <= s->absence.settled_ms)
			return false;
	}
	return true;
}

/* --- events ----------------------------------------------------------------------------------- */

/* Each database has the worst of the newest transitions of its operations. */
struct absence_items {
	struct named_bdb items[LOG_LINES];
	size_t count;
};

static struct named_bdb *item_of(struct absence_items *all, const struct log_line *line)
{
	struct bdb_id id = { line->cluster, line->uid };
	struct named_bdb *item = named_bdbs_find(all->items, all->count, id);

	if (item)
		return item;
	item = &all->items[all->count++];
	*item = (struct named_bdb){ .id = id, .transition = line->transition };
	return item;
}

static void add_log_line(struct absence_items *all, const struct log_line *line)
{
	bool new_or_gone =
		line->transition == TRANSITION_NEW || line->transition == TRANSITION_GONE;
	unsigned kind = 1U << (new_or_gone ? NO_KIND : (unsigned)line->kind);
	struct named_bdb *item;

	if (transition_defs[line->transition].weight <= 0)
		return;
	item = item_of(all, line);
	if (item->complete || item->kinds & kind)
		return;
	item->kinds |= kind;
	item->complete = new_or_gone;
	if (transition_defs[line->transition].weight > transition_defs[item->transition].weight)
		item->transition = line->transition;
}

/* Reads the log from the newest line on, so the first line about an operation is its last state. */
static void collect(const struct session *s, const struct absence_period *absent,
		    struct absence_items *all)
{
	size_t i;

	all->count = 0;
	for (i = 0; i < log_count(s->log); i++) {
		const struct log_line *line = log_at(s->log, i);

		if (line->at.ms <= absent->from_ms)
			break;
		if (line->event_kind == CLUSTER_EVENT_TRANSITION && line->at.ms <= absent->to_ms)
			add_log_line(all, line);
	}
}

static void update_connection(struct session *s)
{
	struct absence_watch *a = &s->absence;
	int64_t paused, down;

	find_interruptions(s, &paused, &down);
	if (paused == TIME_NEVER && a->paused_ms != TIME_NEVER)
		end_absence(s, a->paused_ms, s->now.ms);
	a->paused_ms = paused == TIME_NEVER ? paused : earlier(a->paused_ms, paused);
	/* the poll that ended the outage is the last one that belongs to it */
	if (down == TIME_NEVER && a->down_ms != TIME_NEVER)
		end_absence(s, a->down_ms, a->down_ms);
	a->down_ms = down == TIME_NEVER ? down : earlier(a->down_ms, down);
}

void session_update_absence(struct session *s)
{
	struct absence_watch *a = &s->absence;
	struct absence_items all;
	size_t was;

	update_connection(s);
	if (!a->pending)
		return;
	was = a->has_summary ? a->summary.count : 0;
	collect(s, &a->next, &all);
	a->next.count = all.count;
	if (is_settled(s)) {
		a->pending = false;
		a->next.to_ms = s->now.ms;
	}
	/* an absence without events does not replace an older summary */
	if (!all.count)
		return;
	a->has_summary = true;
	a->summary = a->next;
	if (all.count != was)
		session_mark_changed(s);
}

void session_clear_absence(struct session *s)
{
	/* the user is back: events of the next poll are not part of an absence */
	if (s->absence.has_summary)
		s->absence.pending = s->absence.has_summary = false;
}

bool session_has_absence_summary(const struct session *s)
{
	return s->absence.has_summary;
}

static enum style style_of(enum transition_kind transition)
{
	switch (transition) {
	case TRANSITION_FAILED:
	case TRANSITION_FAILED_AGAIN:
		return STYLE_FAILED;
	case TRANSITION_STALLED:
		return STYLE_STALLED;
	case TRANSITION_RECOVERED:
		return STYLE_CLEARED;
	default:
		return STYLE_TEXT;
	}
}

size_t session_absence_parts(const struct session *s, unsigned form, struct notice_part *out)
{
	const struct absence_period *period = &s->absence.summary;
	struct absence_items all;
	char age[TIME_TEXT_SIZE];
	size_t i, count = 0;

	if (!s->absence.has_summary)
		return 0;
	collect(s, period, &all);
	named_bdbs_sort(all.items, all.count);
	time_format_age(age, period->span_s);
	if (!form)
		session_add_part(out, &count, STYLE_TEXT, "while you were ");
	session_add_part(out, &count, STYLE_TEXT, "away (%s): ", age);
	for (i = 0; i < all.count && i < NAMED_MAX; i++) {
		const struct named_bdb *item = &all.items[i];

		session_add_part(out, &count, STYLE_TEXT, "%sdb:%lld ", i ? ", " : "",
				 (long long)item->id.uid);
		session_add_part(out, &count, style_of(item->transition), "%s",
				 transition_defs[item->transition].word);
	}
	if (all.count > NAMED_MAX)
		session_add_part(out, &count, STYLE_TEXT, " and %zu more", all.count - NAMED_MAX);
	if (form > 1)
		return count;
	session_add_key(out, &count, "   ", "l", " more");
	return count;
}
