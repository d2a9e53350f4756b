/*
 * json/module.h - finds the modules in GET /v1/modules that lack the capability backup_restore.
 */
#pragma once

#include <stddef.h>

#include "bdbtop/core/err.h"

struct module_names {
	char **names;
	size_t count;
};

/* Gets the names of which every version lacks the capability.  A version whose capabilities are
 * missing or of a wrong type counts as having it.  Returns 0, or -1 with the error when the body is
 * not a valid array or memory runs out.  Release out with module_names_release() in both cases. */
int modules_lacking(struct module_names *out, const char *body, size_t length, struct err *);
void module_names_release(struct module_names *);
