/*
 * session/line_input.h - a line of UTF-8 that the user types: filters, the word that a question
 * needs, the user name.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Adds a character, removes the last one (rubout) or all (ctrl-u).  A character that does not fit
 * into `size` bytes is dropped.  False for a key that does not edit a line. */
bool line_edit(char *line, size_t size, int key);
/* The key is a character that can be typed. */
bool line_takes(int key);

#define LINE_KEY_BYTES 5
/* Writes a character as UTF-8 with a final NUL; returns its length in bytes. */
size_t line_encode(int key, char out[LINE_KEY_BYTES]);
