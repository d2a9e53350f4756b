/*
 * store/toml_reader.h - reads the TOML that Rust's toml crate writes, and comments.
 *
 * From crates/toml_writer/src/{string,key}.rs and crates/toml/src/ser of
 * https://github.com/toml-rs/toml: a key is bare or quoted; a string is basic or literal, also with
 * three quotes if it has quotes in it; arrays take one line or many.  Refused, though they are
 * TOML: strings of several lines, dotted keys, inline tables, arrays of tables, arrays of anything
 * but strings, dates, `inf` and `nan`.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define TOML_NAMES_MAX 8

enum toml_item { TOML_END, TOML_TABLE, TOML_PAIR, TOML_ERROR };
enum toml_type { TOML_STRING, TOML_BOOLEAN, TOML_NUMBER, TOML_STRINGS };

/* The reader decodes in place; its strings point into the text. */
struct toml_reader {
	char *at;      /* what is not read yet */
	unsigned line; /* of it, from 1 */
	/* Of the last item: */
	unsigned item_line;
	char *names[TOML_NAMES_MAX]; /* of a table: `profiles`, `prod`; of a pair one, its key */
	size_t name_count;
	enum toml_type type; /* of the value of a pair */
	char *value;	     /* a string; strings joined by `, `; NULL for the other types */
	bool boolean;
	const char *error; /* TOML_ERROR: what is wrong in `line`, a sentence; never a value */
};

/* Begins with a text without a NUL in it, which the reader changes. */
void toml_reader_init(struct toml_reader *, char *text);
/* Reads the next table header or pair. */
enum toml_item toml_reader_next(struct toml_reader *);
