/*
 * A description as a list of facts, and the pieces of their texts.
 */
#include <stdio.h>
#include <string.h>

#include "describe_internal.h"

#define DAY_S (INT64_C(24) * 60 * 60)

/* --- facts ----------------------------------------------------------------------------------- */

struct fact *describer_add(struct describer *d, enum fact_what what, enum fact_part part,
			   const char *fmt, ...)
{
	struct description *facts = d->facts;
	struct fact *fact = &facts->fact[facts->count];
	va_list ap;

	/* full: the last fact is replaced */
	if (facts->count == FACTS_MAX)
		fact--;
	else
		facts->count++;
	*fact = (struct fact){
		.what = what, .part = part, .kind = d->kind, .join = ", ", .percent = -1
	};
	va_start(ap, fmt);
	vsnprintf(fact->text, sizeof(fact->text), fmt, ap);
	va_end(ap);
	return fact;
}

const struct fact *description_next(const struct description *facts, enum op_kind kind,
				    enum fact_part part, const struct fact *after)
{
	const struct fact *fact = after ? after + 1 : facts->fact;

	for (; fact < facts->fact + facts->count; fact++)
		if (fact->kind == kind && fact->part == part)
			return fact;
	return NULL;
}

const struct fact *description_find(const struct description *facts, enum op_kind kind,
				    enum fact_what what)
{
	size_t i;

	for (i = 0; i < facts->count; i++)
		if (facts->fact[i].kind == kind && facts->fact[i].what == what)
			return &facts->fact[i];
	return NULL;
}

void description_join(struct text *text, const struct description *facts, enum op_kind kind,
		      enum fact_part part)
{
	const struct fact *fact = NULL;
	const char *join = "";

	while ((fact = description_next(facts, kind, part, fact)) != NULL) {
		if (fact->what == FACT_STATE)
			continue;
		text_add(text, *join ? fact->join : "");
		text_add(text, fact->text);
		join = fact->join;
	}
}

const char *fact_part_label(enum fact_part part)
{
	static const char *const labels[FACT_PARTS] = {
		[PART_SINCE] = "since",
		[PART_STARTED] = "started",
		[PART_FAILING] = "failing",
		[PART_SIZES] = "sizes",
		[PART_KEPT_REASON] = "reason",
		[PART_PAST_CAUSE] = "was",
		[PART_EVIDENCE] = "evidence",
		[PART_USUAL] = "usually",
		[PART_LAST_GOOD] = "last good",
		[PART_LOSS] = "loss",
		[PART_SCHEDULE] = "planned",
		[PART_NEXT_TRY] = "next try",
		[PART_RETRIED] = "cleared from here:",
	};

	return labels[part];
}

/* --- pieces of text -------------------------------------------------------------------------- */

bool describer_is_long(const struct describer *d)
{
	return d->style->form >= DESCRIBE_LONG;
}

bool describer_is_short(const struct describer *d)
{
	return d->style->form == DESCRIBE_SHORT;
}

/* A buffer for a piece of text; the sixth one after it is the same. */
char *describer_piece(struct describer *d)
{
	return d->pieces[d->next++ % DESCRIBER_PIECES];
}

const char *describer_age(struct describer *d, int64_t seconds)
{
	char *out = describer_piece(d);

	time_format_age(out, seconds);
	return out;
}

static struct time_zone zone_of(const struct describe_style *style, int64_t wall_s)
{
	return time_zone_at(style->times == TIMES_LOCAL ? style->local_offset : NULL, wall_s);
}

struct time_zone describer_zone(const struct describer *d, int64_t wall_s)
{
	return zone_of(d->style, wall_s);
}

/* A time as far as possible from today, so that its date is shown. */
static int64_t other_day(int64_t wall_s)
{
	return time_add(wall_s, 10 * DAY_S);
}

void describe_point(char out[POINT_TEXT_SIZE], int64_t wall_s, const struct describe_style *style)
{
	struct time_zone here = time_zone_at(style->local_offset, wall_s);
	char utc[TIME_TEXT_SIZE], there[TIME_TEXT_SIZE];

	if (style->form != DESCRIBE_REPORT) {
		time_format_point_in_zone(out, wall_s, style->today_s, zone_of(style, wall_s));
		return;
	}
	time_format_point(utc, wall_s, other_day(wall_s));
	snprintf(out, POINT_TEXT_SIZE, "%s", utc);
	if (!here.offset_s)
		return;
	time_format_point_in_zone(there, wall_s, other_day(wall_s), here);
	snprintf(out, POINT_TEXT_SIZE, "%s, %s here", utc, there);
}

const char *describer_point(struct describer *d, int64_t wall_s)
{
	char *out = describer_piece(d);

	describe_point(out, wall_s, d->style);
	return out;
}

/* No seconds, and no date if it is less than a day away. */
static void write_minute(char out[POINT_TEXT_SIZE], int64_t wall_s, int64_t now_s,
			 const struct describe_style *style)
{
	int64_t away_s = time_subtract(wall_s, now_s);
	bool soon = away_s < DAY_S && away_s > -DAY_S;
	char *seconds;

	time_format_point_in_zone(out, wall_s, soon ? wall_s : now_s, zone_of(style, wall_s));
	seconds = strrchr(out, ':');
	if (seconds)
		memmove(seconds, seconds + 3, strlen(seconds + 3) + 1);
}

const char *describer_minute(struct describer *d, int64_t wall_s)
{
	char *out = describer_piece(d);

	write_minute(out, wall_s, d->subject->now_s, d->style);
	return out;
}

/* `16:08Z`; the date as well if it is a day away: `11-21 16:08Z`. */
static void write_end(char out[POINT_TEXT_SIZE], int64_t wall_s, const struct describe_style *style)
{
	int64_t away_s = time_subtract(wall_s, style->today_s);

	if (away_s < DAY_S && away_s > -DAY_S)
		write_minute(out, wall_s, style->today_s, style);
	else
		time_format_column(out, wall_s, style->today_s, zone_of(style, wall_s));
}

void describe_series(struct series_words *out, unsigned count, int64_t first_s, int64_t last_s,
		     const struct describe_style *style)
{
	char every[TIME_TEXT_SIZE], from[POINT_TEXT_SIZE], to[POINT_TEXT_SIZE];
	const char *clock;
	size_t date;

	time_format_age(every, time_subtract(last_s, first_s) / (count - 1));
	write_end(from, first_s, style);
	write_end(to, last_s, style);
	clock = strchr(from, ' ');
	date = clock ? (size_t)(clock - from) + 1 : 0;
	snprintf(out->count, sizeof(out->count), "%u times", count);
	snprintf(out->every, sizeof(out->every), "every %s", every);
	/* one date is enough for both */
	snprintf(out->period, sizeof(out->period), "%s to %s", from,
		 strncmp(from, to, date) ? to : to + date);
}

const char *describer_reset_time(struct describer *d)
{
	int64_t reset_s = d->subject->op[d->kind].past_cause->reset_s;

	return d->style->form == DESCRIBE_REPORT ? describer_point(d, reset_s)
						 : describer_minute(d, reset_s);
}

const char *describer_until_reset(const struct describer *d)
{
	/* the reader of a report need not be the user who reset it */
	return d->style->form == DESCRIBE_REPORT ? "until a reset at" : "until you reset it at";
}

const char *describer_aside(struct describer *d, const char *words)
{
	char *out = describer_piece(d);

	if (d->style->form == DESCRIBE_REPORT)
		snprintf(out, POINT_TEXT_SIZE, ", %s", words);
	else
		snprintf(out, POINT_TEXT_SIZE, " (%s)", words);
	return out;
}

void describe_interval(char out[TIME_TEXT_SIZE], int64_t seconds)
{
	if (seconds % 3600 == 0)
		snprintf(out, TIME_TEXT_SIZE, "%lldh", (long long)(seconds / 3600));
	else if (seconds % 60 == 0)
		snprintf(out, TIME_TEXT_SIZE, "%lldm", (long long)(seconds / 60));
	else
		snprintf(out, TIME_TEXT_SIZE, "%llds", (long long)seconds);
}
