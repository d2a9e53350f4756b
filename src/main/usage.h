/*
 * main/usage.h - what --help prints, of bdbtop and of each command.
 */
#pragma once

#include "options.h"

/* Prints the help of a command to standard output; of RUN_CONSOLE, that of bdbtop. */
void usage_print(enum run_mode command);
