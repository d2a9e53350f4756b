/*
 * core/time.h - moments, ages and points in time as text.
 *
 * Nothing here reads a clock.  Only the loop reads the clocks and passes a moment to the modules.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* A point in time on both clocks.  Deadlines and durations use ms; wall_ms is only shown or logged.
 */
struct moment {
	int64_t ms;		/* monotonic, milliseconds; only differences have a meaning */
	int64_t wall_ms;	/* milliseconds since 1970-01-01T00:00:00Z */
};

#define TIME_NEVER INT64_MAX	/* no deadline */
#define TIME_LATEST_S INT64_C(253402300799) /* 9999-12-31T23:59:59Z; later times are invalid */
#define TIME_TEXT_SIZE 40	/* bytes that hold any of the forms below */

/* Sum, difference, and seconds as milliseconds, for times from outside.  On overflow the result is
 * INT64_MIN or INT64_MAX. */
int64_t time_add(int64_t, int64_t);
int64_t time_subtract(int64_t from, int64_t what);
int64_t time_to_ms(int64_t seconds);

/* An age for lists: `40s`, `12m`, `5h`, `1d 02h`, `16d` (from ten days on); rounded down.  Below 0:
 * `0s`. */
void time_format_age(char out[TIME_TEXT_SIZE], int64_t seconds);

/* A more exact duration: `7s`, `2m 00s`, `1h 05m`, `3d 04h`; rounded down.  Below 0: `0s`. */
void time_format_span(char out[TIME_TEXT_SIZE], int64_t seconds);

/* `20:14:05Z`, or `2026-11-18 16:02:11Z` if its day (UTC) is not the day of now_s.  This and the
 * functions below write `-` for a time outside the years 0 to 9999. */
void time_format_point(char out[TIME_TEXT_SIZE], int64_t wall_s, int64_t now_s);

/* `20:14:05Z`, without the day. */
void time_format_clock(char out[TIME_TEXT_SIZE], int64_t wall_s);

/* How times are shown: ages in the columns for ages and points elsewhere; or points everywhere. */
enum time_format { TIMES_AGES, TIMES_LOCAL, TIMES_UTC, TIMES_FORMS };
extern const char *const time_format_words[TIMES_FORMS];	/* `age`, `local`, `utc` */

/* A time zone at one point in time. */
struct time_zone {
	bool local;		/* show the offset instead of Z */
	int offset_s;		/* seconds ahead of UTC; 0 if not local */
};

/* Seconds that local time is ahead of UTC at wall_s. */
typedef int time_offset_fn(int64_t wall_s);

/* The zone in which to show wall_s: local with a function, else UTC.  Accepts NULL. */
struct time_zone time_zone_at(time_offset_fn *, int64_t wall_s);

/* Like time_format_point() in a zone: `22:14:05+02`, or `2026-11-18 18:02:11+02` on another day
 * there; `+0530` if the offset has minutes. */
void time_format_point_in_zone(char out[TIME_TEXT_SIZE], int64_t wall_s, int64_t now_s,
			       struct time_zone);

/* For a column of 12 cells: `11-18 16:02Z`, also in a local zone that is UTC; local `18 18:02+02`,
 * or `11-18 18:02` if that is ambiguous (27 days ago or more) or too wide (an offset with minutes).
 */
void time_format_column(char out[TIME_TEXT_SIZE], int64_t wall_s, int64_t now_s, struct time_zone);

/* `2026-11-21T20:14:05Z` */
void time_format_iso(char out[TIME_TEXT_SIZE], int64_t wall_s);

/* `2026-11-21T20:14:05.123Z` */
void time_format_iso_ms(char out[TIME_TEXT_SIZE], int64_t wall_ms);

/*
 * Reads `YYYY-MM-DDThh:mm:ssZ`; a fraction and an offset such as +02:00 are accepted too.  Returns
 * true and sets *out_s only for a complete, valid date.  1970-01-01T00:00:00Z means never in this
 * API and gives false.
 */
bool time_parse(const char *text, int64_t *out_s);

/* Seconds of a unit: s, m, h, d, w; 0 for any other letter. */
int64_t time_unit_s(char letter);

/*
 * Reads a time in the past as users type it: RFC 3339, `2h` (so long ago), `yesterday` or `today`
 * (its first second), `2026-11-18` (likewise), `18:00` or `18:00:05` (the last time that it was
 * so late).  Days and times of day are those of the zone (NULL: UTC).  Of a time that a change of
 * the clocks makes occur twice it is the first; of one that it leaves out, the same time by the
 * clocks before the change.  Returns false for anything else.
 */
bool time_parse_past(const char *text, int64_t now_s, time_offset_fn *, int64_t *out_s);
