/*
 * tests/screen/capabilities.h - all that may be said to a terminal, as terminfo knows it.
 *
 * Those with parameters are written out for every value that a screen of a size can ask for, by
 * terminfo's own means; so nothing here reads its language again.
 */
#ifndef BDBTOP_TESTS_SCREEN_CAPABILITIES_H
#define BDBTOP_TESTS_SCREEN_CAPABILITIES_H

#include <stddef.h>

struct capabilities;

/* Fails the test for a name that terminfo does not know.  To be freed. */
struct capabilities *capabilities_new(const char *term, int cols, int rows);
void capabilities_free(struct capabilities *);
/* Say that this is known as well; before the first search. */
void capabilities_add(struct capabilities *, const char *bytes);
/* Length of the longest that these bytes begin with; 0: none. */
size_t capabilities_match(struct capabilities *, const char *bytes, size_t length);

#endif
