/*
 * cli/answer.h - an answer that the user types at a terminal, in a line.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* What was typed before the question, and in this time after it, does not count: the user cannot
 * have read it yet. */
#define ANSWER_GUARD_MS 250

/* Discards what was typed. */
void answer_discard(int terminal);
/* Reads a line, without its end; waits for it.  False: the input has ended. */
bool answer_read(int terminal, char *line, size_t size);
/* `y` or `yes`. */
bool answer_is_yes(const char *line);
