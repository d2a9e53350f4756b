/*
 * tests/screen/capabilities.h - all output sequences that terminfo defines for a terminal.
 *
 * tparm() expands those with parameters for every value that a screen of this size can need.
 */
#pragma once

#include <stddef.h>

struct capabilities;

/* Fails the test if terminfo does not know the terminal.  Free with capabilities_free(). */
struct capabilities *capabilities_new(const char *term, int cols, int rows);
void capabilities_free(struct capabilities *);
/* Adds a sequence. */
void capabilities_add(struct capabilities *, const char *bytes);
/* The length of the longest sequence at the start of these bytes; 0: none. */
size_t capabilities_match(struct capabilities *, const char *bytes, size_t length);
