/*
 * json/printer.h - prints compact JSON: indented by two spaces, or as it is.
 *
 * Control characters and invisible ones in strings become `\u009b`, which is the same text for a
 * reader of JSON, and nothing that a terminal acts on.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

struct json_printer {
	FILE *out;
	bool indented;
	/* where in the text it is; 0 at first */
	int depth;
	bool in_string, after_backslash, is_empty;
};

/* Prints the next part of a text, which ends wherever it likes, but not within a character.  The
 * text is valid JSON without blanks, in UTF-8. */
void json_print(struct json_printer *, const char *part);
