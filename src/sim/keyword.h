/*
 * sim/keyword.h - reads the words of a line, and makes foreign text safe to quote.
 */
#ifndef BDBTOP_SIM_KEYWORD_H
#define BDBTOP_SIM_KEYWORD_H

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

/* Parse a decimal integer from min to max; false if word is not one. */
bool sim_keyword_number(const char *word, int64_t min, int64_t max, int64_t *value);

/* Format text for an error message: printable ASCII, other bytes as "?", cut with "...". */
const char *sim_keyword_show(const char *text, char shown[SIM_KEYWORD_SHOWN_SIZE]);

#endif
