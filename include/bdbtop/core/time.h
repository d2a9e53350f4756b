/*
 * core/time.h - moments, ages and points in time as words.
 *
 * Nothing here asks a clock.  A moment is handed down by the loop, which owns
 * the one monotonic and the one wall clock.
 */
#ifndef BDBTOP_CORE_TIME_H
#define BDBTOP_CORE_TIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Now, on both clocks.  Deadlines and durations use ms; wall_ms is only ever shown or written
 * down. */
struct moment {
	int64_t ms;		/* monotonic, milliseconds, no meaning of its own */
	int64_t wall_ms;	/* milliseconds since 1970-01-01T00:00:00Z */
};

#define TIME_NEVER INT64_MAX	/* a deadline that does not come */
#define TIME_LATEST_S INT64_C(253402300799) /* 9999-12-31T23:59:59Z; a later one is no time */
#define TIME_TEXT_SIZE 40	/* bytes that hold any of the forms below */

/* Sum, difference and seconds as milliseconds, for times that come from outside: what does not fit
 * is INT64_MIN or INT64_MAX. */
int64_t time_add(int64_t, int64_t);
int64_t time_subtract(int64_t from, int64_t what);
int64_t time_to_ms(int64_t seconds);

/* An age for lists: `40s`, `12m`, `5h`, `1d 02h`, `16d` (from ten days); cut, never rounded.
 * Below 0: `0s`. */
void time_format_age(char out[TIME_TEXT_SIZE], int64_t seconds);

/* A span where seconds count: `7s`, `2m 00s`, `1h 05m`, `3d 04h`, cut after two units. */
void time_format_span(char out[TIME_TEXT_SIZE], int64_t seconds);

/* `20:14:05Z`, or `2026-11-18 16:02:11Z` where its day (UTC) is not the day of now_s. */
void time_format_point(char out[TIME_TEXT_SIZE], int64_t wall_s, int64_t now_s);

/* `20:14:05Z` whatever the day. */
void time_format_clock(char out[TIME_TEXT_SIZE], int64_t wall_s);

/* How times are shown: ages where there is a column for them, else points; or points everywhere. */
enum time_format { TIMES_AGES, TIMES_LOCAL, TIMES_UTC, TIMES_FORMS };

/* How a point in time is told: the seconds by which the clock on the wall is ahead of UTC then, and
 * whether that offset is written instead of the Z. */
struct time_zone {
	bool local;
	int offset_s;		/* not local: 0 */
};

/* Like time_format_point() there: `22:14:05+02`, or `2026-11-18 18:02:11+02` on another day there;
 * `+0530` where the offset has minutes. */
void time_format_point_in_zone(char out[TIME_TEXT_SIZE], int64_t wall_s, int64_t now_s,
			       struct time_zone);

/* For a column of 12 cells: `11-18 16:02Z`; local `18 18:02+02`, where that would be mistaken (27
 * days ago and more, or an offset with minutes) the day `2026-11-18`. */
void time_format_column(char out[TIME_TEXT_SIZE], int64_t wall_s, int64_t now_s, struct time_zone);

/* `2026-11-21T20:14:05Z` */
void time_format_iso(char out[TIME_TEXT_SIZE], int64_t wall_s);

/* `2026-11-21T20:14:05.123Z` */
void time_format_iso_ms(char out[TIME_TEXT_SIZE], int64_t wall_ms);

/*
 * Read `YYYY-MM-DDThh:mm:ssZ` (API page 2.1; a fraction and an offset such as +02:00 are borne
 * too).  True and *out_s set only for a whole, valid date; 1970-01-01T00:00:00Z means never in
 * this API (8.7) and gives false.
 */
bool time_parse(const char *text, int64_t *out_s);

#endif
