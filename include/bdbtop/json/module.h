/*
 * json/module.h - which modules of GET /v1/modules lack the capability backup_restore.
 */
#ifndef BDBTOP_BDBTOP_JSON_MODULE_H
#define BDBTOP_BDBTOP_JSON_MODULE_H

#include <stddef.h>

#include "bdbtop/core/err.h"

struct module_names {
	char **names;
	size_t count;
};

/* A name is given when every version of it lacks the capability.  A module whose capabilities are
 * missing or of a wrong type tells nothing and is not given.  -1 with the sentence when the body is
 * no array; out is then empty. */
int modules_lacking(struct module_names *out, const char *body, size_t length, struct err *);
void module_names_release(struct module_names *);

#endif
