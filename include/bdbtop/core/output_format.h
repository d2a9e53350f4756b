/*
 * core/output_format.h - the formats of what is printed or written to a file.
 */
#pragma once

#include <stdbool.h>

enum output_format {
	OUTPUT_TABLE, /* for people */
	OUTPUT_JSON,  /* one object */
	OUTPUT_JSONL, /* one object a line */
	OUTPUT_CSV,   /* RFC 4180 */
	OUTPUT_TSV,
	OUTPUT_PROMETHEUS, /* text format 0.0.4 */
	OUTPUT_FORMATS
};

/* The words of --format: `table`. */
extern const char *const output_format_words[OUTPUT_FORMATS];

/* Finds the format of a word; false if there is none. */
bool output_format_find(const char *word, enum output_format *out);
