/*
 * src/json/json_internal.h - reads a complete JSON text with json-c and notices lost memory.
 *
 * json-c 0.16 continues after a failed allocation: it drops the member of an object, cuts a string
 * or returns NULL as for `null`.  So parser.c compares the number of members in the text with that
 * of the tree, and enlarges the buffer for strings before a text that might need it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "bdbtop/core/err.h"

struct json_object;
struct parser;

/* Values in one text, nested ones included; an empty object takes 800 bytes. */
#define PARSER_MAX_VALUES 50000

enum parser_result {
	PARSER_OK,
	PARSER_BROKEN,		/* invalid JSON: see parser_error() and parser_end() */
	PARSER_TOO_DEEP,
	PARSER_TOO_MANY,	/* more than PARSER_MAX_VALUES */
	PARSER_NO_MEMORY,
};

/* depth: the levels that a text may nest.  strict: accepts only JSON, as far as json-c checks it.
 * Returns NULL when out of memory. */
struct parser *parser_new(int depth, bool strict);
void parser_free(struct parser *);	/* accepts NULL */

/* Reads one value, which starts with the first byte of text.  *out is set only with PARSER_OK: the
 * caller releases it with json_object_put(); NULL for `null`.  Bytes after the value are not read;
 * parser_end() is where it ended. */
enum parser_result parser_read(struct parser *, const char *text, size_t length,
			       struct json_object **out);
/* For the last text: the number of bytes read, and json-c's description of the error. */
size_t parser_end(const struct parser *);
const char *parser_error(const struct parser *);

/* Reads one text with a temporary parser that is not strict; *end: the number of bytes read, not
 * set when the parser cannot be allocated. */
enum parser_result parser_read_once(const char *text, size_t length, int depth,
				    struct json_object **out, size_t *end);

/* Sets the error for out of memory; what: `a list of databases`.  Returns -1. */
int set_no_memory_error(const char *what, struct err *);

/* Count the members of all objects in a tree, and those that the tree of a text should have: of a
 * key that an object repeats, only the last counts.  The text may be incomplete or invalid.
 * members_of_text() returns 0, or -1 when out of memory or the text cannot be read. */
size_t members_of_tree(struct json_object *);
int members_of_text(const char *text, size_t length, size_t *out);
