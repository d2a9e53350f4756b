/*
 * cli/warnings.h - what a command has to say beside its result: `warnings` of output for programs.
 */
#pragma once

#include <stddef.h>

#define WARNINGS_MAX 8

/* Sentences, safe; they belong to whoever wrote them. */
struct warnings {
	const char *text[WARNINGS_MAX];
	size_t count;
};
