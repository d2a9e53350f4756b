/*
 * sim/fault_rule.h - lines that add faults (sim/fault.h):
 *
 *   answer [times N] METHOD /PREFIX STATUS [allow=METHODS]
 *          [retry-after=S|retry-date=S] [BODY]
 *   delay [times N] [METHOD] /PREFIX DURATION
 *   cut [times N] METHOD /PREFIX [BYTES]
 *
 * A script, the "faults" of a scenario and --fault take the same lines.
 */
#ifndef BDBTOP_SIM_FAULT_RULE_H
#define BDBTOP_SIM_FAULT_RULE_H

#include "bdbtop/core/err.h"
#include "fault.h"

/* True if the line starts with one of the three words. */
bool sim_fault_rule_is_known(const char *line);

/* Add the fault: 0, or -1 with *err, which shows the syntax, and nothing added. */
int sim_fault_rule_run(struct sim_faults *, const char *line, struct err *);

#endif
