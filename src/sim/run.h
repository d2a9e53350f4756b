/*
 * sim/run.h - one run of the simulator, from the parsed command line to the exit
 * status.
 */
#pragma once

#include "options.h"

/*
 * Serve until a signal, or the end of standard input or of the parent, ends the run.
 * Returns the exit status: 0; 1 if standard output cannot be written; 2 if the start
 * fails.  Both failures print an error on stderr.
 */
int sim_run(const struct sim_options *);
