/*
 * tests/env_number.h - numbers in the environment: how many runs, and from which seed.
 */
#pragma once

#include <stdlib.h>

/* Returns the number in a variable, or the other one if it is not set. */
static inline unsigned long env_number(const char *name, unsigned long otherwise)
{
	const char *text = getenv(name);

	return text && *text ? strtoul(text, NULL, 10) : otherwise;
}
