/*
 * sim/time.h - points in time and durations, as the API and the script write
 * them.  Time is UTC, milliseconds or seconds since 1970; no clock is read.
 */
#ifndef BDBTOP_SIM_TIME_H
#define BDBTOP_SIM_TIME_H

#include <stdbool.h>
#include <stdint.h>

#define SIM_NEVER INT64_MAX	/* milliseconds: it does not happen */

enum {
	SIM_TIME_ISO_SIZE = 21,	/* "2026-11-21T20:14:05Z" and its NUL */
	SIM_TIME_HTTP_SIZE = 30,	/* "Sat, 21 Nov 2026 20:14:05 GMT" and its NUL */
};

/* "YYYY-MM-DDThh:mm:ssZ", the only form of the API, to seconds.  False: it is not one. */
bool sim_time_parse(const char *iso, int64_t *seconds);

/* Seconds to that form; years outside 0 to 9999 are held at the nearest. */
void sim_time_format(int64_t seconds, char iso[SIM_TIME_ISO_SIZE]);

/* Seconds to the form of the header Date. */
void sim_time_format_http(int64_t seconds, char date[SIM_TIME_HTTP_SIZE]);

/*
 * "60s", "250ms", "2m", "1h30m", "1d" or "0s" to milliseconds.  A unit is
 * needed, at most 10 years.  False: it is not one.
 */
bool sim_duration_parse(const char *text, int64_t *ms);

#endif
