/*
 * src/cli/list_internal.h - what list.c and list_watch.c share.
 */
#pragma once

#include "bdbtop/cli/list.h"

/* Lets the session show what the options ask for. */
void list_apply_options(struct session *, const struct list_options *, struct moment now);
