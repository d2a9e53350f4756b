/*
 * sim/run.h - one run of the simulator, from a command line that was read to
 * the exit status.
 */
#ifndef BDBTOP_SIM_RUN_H
#define BDBTOP_SIM_RUN_H

#include "bdbtop/sim/options.h"

/* Serve until told to end.  0; 2 when it cannot be begun, after one sentence on stderr. */
int sim_run(const struct sim_options *);

#endif
