/*
 * src/json/wire_internal.h - reading a complete JSON text with json-c, also when memory runs out.
 *
 * json-c 0.16 continues after a failed allocation: it drops the member of an object, cuts a string
 * or returns NULL as for `null`.  So the members of the text are counted and compared with those of
 * the tree, and the buffer for strings is enlarged before a text that might need it.
 */
#ifndef BDBTOP_JSON_WIRE_INTERNAL_H
#define BDBTOP_JSON_WIRE_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "bdbtop/core/err.h"

struct json_object;
struct parser;

/* Values in one text, those in objects and lists counted: each empty object takes 800 bytes. */
#define PARSER_MAX_VALUES 50000

enum parser_result {
	PARSER_OK,
	PARSER_BROKEN,		/* no JSON: parser_error() and parser_end() say what and where */
	PARSER_TOO_DEEP,
	PARSER_TOO_MANY,	/* more than PARSER_MAX_VALUES; json-c has not read it */
	PARSER_NO_MEMORY,	/* of the text nothing is used */
};

/* depth: levels that a text may nest.  strict: only what is JSON, as far as json-c knows.  NULL
 * when memory is out. */
struct parser *parser_new(int depth, bool strict);
void parser_free(struct parser *);	/* accepts NULL */

/* Read one value, which begins with the first byte of text.  *out is the caller's to put, NULL for
 * `null`; it is set only with PARSER_OK.  What follows the value is not read: parser_end(). */
enum parser_result parser_read(struct parser *, const char *text, size_t length,
			       struct json_object **out);
/* Of the last text: how many of its bytes were read, and json-c's words for what is wrong. */
size_t parser_end(const struct parser *);
const char *parser_error(const struct parser *);

/* One text with a parser of its own that is not strict; *end: how many of its bytes were read. */
enum parser_result parser_read_once(const char *text, size_t length, int depth,
				    struct json_object **out, size_t *end);

/* Memory is out; what: `a list of databases`.  Gives -1. */
int wire_no_memory(const char *what, struct err *);

/* Members of all objects in a tree; and those that a text leaves in one, where of a key that an
 * object has twice the last one counts.  The text may be cut or no JSON; -1 when memory is out or
 * the text is not understood. */
size_t members_of_tree(struct json_object *);
int members_of_text(const char *text, size_t length, size_t *out);

#endif
