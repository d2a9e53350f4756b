/*
 * ui/page_internal.h - pages that scroll: help.c, handover.c, diagnostics.c.
 */
#pragma once

#include "bdbtop/ui/draw_context.h"

/* Draws the flow from this screen row on, above a rule and the keys, and sets its size in the
 * session. */
void page_draw(const struct draw_context *, const struct text_flow *, int row);
