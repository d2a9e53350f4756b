/*
 * cli/list_causes.h - the table of a cluster's problems, as `bdbtop list --by=cause` prints it.
 */
#pragma once

#include "bdbtop/cli/list.h"
#include "bdbtop/core/causes.h"

/* The problems of the databases in the list: worst first, or if the list has another order than
 * that, by the first database of each.  NULL when out of memory. */
struct causes *list_causes_new(const struct session_view *);

/* Print headings, and a line for each group of this cluster. */
void list_causes_print(FILE *out, const struct causes *, const struct cluster *,
		       const struct list_options *);
