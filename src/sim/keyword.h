/*
 * sim/keyword.h - reads the words of a line: numbers, durations, times; and quotes
 * foreign text safely.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SIM_KEYWORD_SHOWN_SIZE = 44 };

/*
 * Copy the next word of *line into word, and move *line past it and the blanks
 * after it.  Returns false, and leaves *line, if there is no word or if it does
 * not fit into size bytes.
 */
bool sim_keyword_next(const char **line, char *word, size_t size);

/* The index of word in a list that ends with NULL; that of the NULL if it is not one of them. */
size_t sim_keyword_find(const char *word, const char *const *words);

/* The row of a table whose first member, a const char *, is this name, or NULL. */
#define SIM_KEYWORD_ROW(name, table)                                                               \
	sim_keyword_row(name, table, ARRAY_SIZE(table), sizeof(*(table)))
const void *sim_keyword_row(const char *name, const void *table, size_t count, size_t size);

/* Parse a decimal integer from min to max; false if word is not one. */
bool sim_keyword_number(const char *word, int64_t min, int64_t max, int64_t *value);

/*
 * Parse "60s", "250ms", "2m", "1h30m", "1w" or "0s" to milliseconds.  A unit is
 * required; the maximum is 10 years.  Returns false if word is not a duration.
 */
bool sim_keyword_duration(const char *word, int64_t *ms);

/* The same with an optional "-" before it. */
bool sim_keyword_skew(const char *word, int64_t *ms);

/* Parse "2026-11-21T20:14:05Z", the only form of a time in the API; false if it is not one. */
bool sim_keyword_time(const char *word, int64_t *seconds);

/* Format text for an error message: printable ASCII, other bytes as "?", cut with "...". */
const char *sim_keyword_show(const char *text, char shown[SIM_KEYWORD_SHOWN_SIZE]);
