/*
 * json/error_object.h - an error as an object that programs read.
 */
#pragma once

#include "bdbtop/core/err.h"

struct error_object {
	enum err_code code;
	int exit_status;
	const char *message; /* raw */
	/* The fingerprints of a key that has changed, NULL: none has. */
	const char *pinned_key, *offered_key;
};

/* `{"error":{"code":...,"next_steps":[...]}}` and a newline, with the steps of the code; text from
 * malloc(), NULL when out of memory. */
char *error_object_text(const struct error_object *);
