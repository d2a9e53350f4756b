/*
 * src/cli/plugin_output.h - text of a monitoring plugin: lines in which no `|` begins performance
 * data.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#define PLUGIN_STATUS_MAX 79 /* characters of the status line */

/* Characters of a text in UTF-8. */
size_t plugin_characters(const char *text);
/* Print text, with a space for each `|`; and the first line of a text as the status line, cut to
 * `...` if it is too long.  Returns true when it was cut. */
void plugin_print(FILE *, const char *text);
bool plugin_print_status(FILE *, const char *text);
