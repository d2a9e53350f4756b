/*
 * sim/keyword.h - the words of a line, and words from outside made fit to quote.
 */
#ifndef BDBTOP_SIM_KEYWORD_H
#define BDBTOP_SIM_KEYWORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SIM_KEYWORD_SHOWN_SIZE = 44 };

/*
 * The next word of *line into word, and *line moved behind it and the blanks
 * that follow.  False: there is none, or it does not fit into size bytes; then
 * *line stays.
 */
bool sim_keyword_next(const char **line, char *word, size_t size);

/* A whole decimal number from least to most.  False: it is not one. */
bool sim_keyword_number(const char *word, int64_t min, int64_t max, int64_t *value);

/* The text for an error message: printable ASCII, the rest as "?", cut with "...". */
const char *sim_keyword_show(const char *text, char shown[SIM_KEYWORD_SHOWN_SIZE]);

#endif
