/*
 * sim/time.h - times and durations in the formats of the API and of scripts.
 * Times are UTC, in seconds since 1970; no function reads a clock.
 */
#ifndef BDBTOP_SIM_TIME_H
#define BDBTOP_SIM_TIME_H

#include <stdbool.h>
#include <stdint.h>

#define SIM_NEVER INT64_MAX	/* a time in milliseconds that never comes */

enum {
	SIM_TIME_ISO_SIZE = 21,		/* "2026-11-21T20:14:05Z" and its NUL */
	SIM_TIME_HTTP_SIZE = 30,	/* "Sat, 21 Nov 2026 20:14:05 GMT" and its NUL */
};

/* Parse "YYYY-MM-DDThh:mm:ssZ", the only form of the API; false if iso is not one. */
bool sim_time_parse(const char *iso, int64_t *seconds);

/* Format in the same form; years are limited to 0 to 9999. */
void sim_time_format(int64_t seconds, char iso[SIM_TIME_ISO_SIZE]);

/* Format as in the header Date. */
void sim_time_format_http(int64_t seconds, char date[SIM_TIME_HTTP_SIZE]);

/*
 * Parse "60s", "250ms", "2m", "1h30m", "1d" or "0s" to milliseconds.  A unit is
 * required; the maximum is 10 years.  Returns false if text is not a duration.
 */
bool sim_duration_parse(const char *text, int64_t *ms);

#endif
