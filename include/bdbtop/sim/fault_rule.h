/*
 * sim/fault_rule.h - lines that order answers other than the true ones:
 *
 *   answer [times N] METHOD /PREFIX STATUS [BODY]
 *   delay [times N] [METHOD] /PREFIX DURATION
 *   cut [times N] METHOD /PREFIX [BYTES]
 *
 * The same lines in a script, in a scenario's "orders" and behind --order.
 */
#ifndef BDBTOP_SIM_FAULT_RULE_H
#define BDBTOP_SIM_FAULT_RULE_H

#include "bdbtop/core/err.h"
#include "bdbtop/sim/fault.h"

/* True if the line begins with one of the three words. */
bool sim_fault_rule_is_known(const char *line);

/* Carry it out; -1 with *err, how it is written, and nothing was ordered. */
int sim_fault_rule_run(struct sim_faults *, const char *line, struct err *);

#endif
