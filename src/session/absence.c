/*
 * What happened while nobody looked, or nothing could be seen: a pause, ctrl-z, the machine's
 * sleep, an outage, five minutes without a key.
 *
 * An absence begins and ends at known times; what the first look after its end shows belongs to it
 * too.  Its news are the lines of the log.
 */
#include "session_internal.h"

#include <stdio.h>
#include <stdlib.h>

#define LOOKS_AWAY_MS (INT64_C(5) * 60 * 1000)
/* How many databases are named. */
#define NAMED	      3
#define NO_KIND	      OP_KINDS

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* It is over, and what the first look after settle_ms shows is the last of it. */
static void end_absence(struct session *s, int64_t from_ms, int64_t settle_ms)
{
	struct absence *a = &s->absence;

	if (a->open)
		from_ms = earlier(from_ms, a->coming.from_ms);
	a->open = true;
	a->settle_ms = settle_ms;
	a->coming = (struct absent){
		.from_ms = from_ms,
		.to_ms = TIME_NEVER,
		.span_s = (s->now.ms - from_ms) / 1000,
	};
}

void session_wake(struct session *s, bool slept, struct moment now)
{
	struct absence *a = &s->absence;
	int64_t from_ms = TIME_NEVER;

	if (a->key_ms == TIME_NEVER)
		a->key_ms = now.ms;
	if (a->suspended_ms < now.ms) {
		from_ms = a->suspended_ms;
		a->suspended_ms = TIME_NEVER;
	}
	if (slept)
		from_ms = earlier(from_ms, s->now.ms);
	s->now = now;
	if (from_ms != TIME_NEVER)
		end_absence(s, from_ms, now.ms);
}

void session_leaves(struct session *s, struct moment now)
{
	s->absence.suspended_ms = now.ms;
}

void session_key_came(struct session *s, struct moment now)
{
	struct absence *a = &s->absence;

	if (a->key_ms != TIME_NEVER && now.ms - a->key_ms >= LOOKS_AWAY_MS)
		end_absence(s, a->key_ms, now.ms);
	a->key_ms = now.ms;
}

/* Since when polls are held, or fail; TIME_NEVER: they come. */
static int64_t paused_since(const struct session *s)
{
	int64_t since = TIME_NEVER;
	size_t i;

	for (i = 0; i < fleet_count(s->fleet); i++) {
		const struct cluster_status *face = cluster_status(fleet_at(s->fleet, i));

		if (face->paused)
			since = earlier(since, face->paused_at.ms);
	}
	return since;
}

static int64_t cut_since(const struct session *s)
{
	int64_t since = TIME_NEVER;
	size_t i;

	for (i = 0; i < fleet_count(s->fleet); i++) {
		const struct cluster_status *face = cluster_status(fleet_at(s->fleet, i));

		if (face->has_list && face->conn != CONN_OK)
			since = earlier(since,
					face->conn == CONN_DOWN ? face->down_since.ms : s->now.ms);
	}
	return since;
}

/* Every cluster was looked at since the absence ended. */
static bool is_settled(const struct session *s)
{
	size_t i;

	for (i = 0; i < fleet_count(s->fleet); i++) {
		const struct cluster_status *face = cluster_status(fleet_at(s->fleet, i));

		if (!face->has_list || face->paused)
			continue;
		if (face->conn != CONN_OK || face->list_at.ms <= s->absence.settle_ms)
			return false;
	}
	return true;
}

/* --- news ------------------------------------------------------------------------------------- */

/* What became of one database: of its operations the newest of each, of these the worst. */
struct news {
	struct bdb_id id;
	unsigned kinds; /* 1 << op_kind, told already by a newer line */
	bool whole;	/* it came or went: older lines are about another one */
	enum transition_kind word;
};

struct all_news {
	struct news at[LOG_LINES];
	size_t count;
};

static struct news *news_of(struct all_news *all, const struct log_line *line)
{
	size_t i;

	for (i = 0; i < all->count; i++)
		if (all->at[i].id.uid == line->uid && all->at[i].id.cluster == line->cluster)
			return &all->at[i];
	all->at[all->count] =
		(struct news){ .id = { line->cluster, line->uid }, .word = line->word };
	return &all->at[all->count++];
}

static void take_line(struct all_news *all, const struct log_line *line)
{
	bool whole = line->word == TRANSITION_NEW || line->word == TRANSITION_GONE;
	unsigned kind = 1U << (whole ? NO_KIND : (unsigned)line->kind);
	struct news *news;

	if (transition_defs[line->word].weight <= 0)
		return;
	news = news_of(all, line);
	if (news->whole || news->kinds & kind)
		return;
	news->kinds |= kind;
	news->whole = whole;
	if (transition_defs[line->word].weight > transition_defs[news->word].weight)
		news->word = line->word;
}

/* The log is read from its newest line on, so the first word about something is its last state. */
static void collect(const struct session *s, const struct absent *absent, struct all_news *all)
{
	size_t i;

	all->count = 0;
	for (i = 0; i < log_count(s->log); i++) {
		const struct log_line *line = log_at(s->log, i);

		if (line->at.ms <= absent->from_ms)
			break;
		if (line->what == CLUSTER_EVENT_TRANSITION && line->at.ms <= absent->to_ms)
			take_line(all, line);
	}
}

static int by_weight(const void *left, const void *right)
{
	const struct news *a = left, *b = right;
	int by = transition_defs[b->word].weight - transition_defs[a->word].weight;

	if (by)
		return by;
	if (a->id.cluster != b->id.cluster)
		return a->id.cluster < b->id.cluster ? -1 : 1;
	return a->id.uid < b->id.uid ? -1 : a->id.uid > b->id.uid;
}

/* Pauses and outages that begin or end. */
static void watch_link(struct session *s)
{
	struct absence *a = &s->absence;
	int64_t paused = paused_since(s), cut = cut_since(s);

	if (paused == TIME_NEVER && a->paused_ms != TIME_NEVER)
		end_absence(s, a->paused_ms, s->now.ms);
	a->paused_ms = paused == TIME_NEVER ? paused : earlier(a->paused_ms, paused);
	/* the look that ended it is the one that counts */
	if (cut == TIME_NEVER && a->cut_ms != TIME_NEVER)
		end_absence(s, a->cut_ms, a->cut_ms);
	a->cut_ms = cut == TIME_NEVER ? cut : earlier(a->cut_ms, cut);
}

void session_look(struct session *s)
{
	struct absence *a = &s->absence;
	struct all_news all;
	size_t was;

	watch_link(s);
	if (!a->open)
		return;
	was = a->over ? a->told.count : 0;
	collect(s, &a->coming, &all);
	a->coming.count = all.count;
	if (is_settled(s)) {
		a->open = false;
		a->coming.to_ms = s->now.ms;
	}
	/* an absence in which nothing happened takes no older news away */
	if (!all.count)
		return;
	a->over = true;
	a->told = a->coming;
	if (all.count != was)
		session_seen(s);
}

void session_forget_absence(struct session *s)
{
	/* what the next look brings happens before the eyes of who was told already */
	if (s->absence.over)
		s->absence.open = s->absence.over = false;
}

bool session_is_away_told(const struct session *s)
{
	return s->absence.over;
}

static enum style element_of(enum transition_kind word)
{
	switch (word) {
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

size_t session_away_parts(const struct session *s, struct notice_part *out)
{
	const struct absent *told = &s->absence.told;
	struct all_news all;
	char age[TIME_TEXT_SIZE];
	size_t i, count = 0;

	if (!s->absence.over)
		return 0;
	collect(s, told, &all);
	qsort(all.at, all.count, sizeof(all.at[0]), by_weight);
	time_format_age(age, told->span_s);
	session_add_part(out, &count, STYLE_TEXT, "since you looked away (%s): ", age);
	for (i = 0; i < all.count && i < NAMED; i++) {
		const struct news *news = &all.at[i];

		session_add_part(out, &count, STYLE_TEXT, "%sdb:%lld ", i ? ", " : "",
				 (long long)news->id.uid);
		session_add_part(out, &count, element_of(news->word), "%s",
				 transition_defs[news->word].word);
	}
	if (all.count > NAMED)
		session_add_part(out, &count, STYLE_TEXT, " and %zu more", all.count - NAMED);
	session_add_part(out, &count, STYLE_TEXT, "   ");
	session_add_part(out, &count, STYLE_KEY, "l");
	session_add_part(out, &count, STYLE_TEXT, " more");
	return count;
}
