/*
 * sim/command.h - the lines that change databases: the same on standard input
 * (sim/script) and in the events of a scenario.
 *
 *   set UID FIELD=JSON ...        a field of the API; an operation stays as it was set until a
 *                                 reset or another line moves it; a value of another type or a
 *                                 field that does not exist is told as it stands
 *   unset UID FIELD ...           the key is left out of answers until it is set again
 *   create {...}                  a database, as in a scenario (sim/bdb_spec.h)
 *   delete UID
 *   recreate UID                  another database under the same uid and name
 *   start UID KIND                a backup, export or import begins as it would by itself
 *   finish UID KIND [REASON]      it ends now: succeeded, or failed with the reason
 *   busy UID DURATION             another action keeps it from taking resets for so long
 */
#ifndef BDBTOP_SIM_COMMAND_H
#define BDBTOP_SIM_COMMAND_H

#include "bdbtop/sim/cluster.h"

/* True if the line's first word is one of these. */
bool sim_command_is_known(const char *line);

/* Carry a line out at the cluster's now: 0, or -1 with *err and nothing changed. */
int sim_command_run(struct sim_cluster *, const char *line, int64_t now_ms, struct err *);

/* The same without doing it: only what can be seen from the line itself. */
int sim_command_check(const char *line, struct err *);

#endif
