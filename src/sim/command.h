/*
 * sim/command.h - the lines that change databases, on standard input
 * (sim/script) and in the events of a scenario.
 *
 *   set UID FIELD=JSON ...        set fields of the API; a set operation changes only with a
 *                                 reset or another line; an unknown field or a value of another
 *                                 type is reported unchanged
 *   unset UID FIELD ...           omit the key from replies until it is set again
 *   create {...}                  a database, as in a scenario (sim/bdb_spec.h)
 *   delete UID
 *   recreate UID                  another database with the same uid and name
 *   start UID KIND                start a backup, export or import
 *   finish UID KIND [REASON]      end it: succeeded, or failed with the reason
 *   busy UID DURATION             a configuration change, during which resets are refused
 *   alert UID NAME on|off [THRESHOLD]
 *   event UID TYPE [{...}]        an entry in the event log, with more members
 */
#ifndef BDBTOP_SIM_COMMAND_H
#define BDBTOP_SIM_COMMAND_H

#include "cluster.h"

/* True if the first word of the line is one of these. */
bool sim_command_is_known(const char *line);

/* Run a line at the cluster's time now_ms: 0, or -1 with *err and nothing changed. */
int sim_command_run(struct sim_cluster *, const char *line, int64_t now_ms, struct err *);

/* Check the syntax of a line without a cluster: 0, or -1 with *err. */
int sim_command_check(const char *line, struct err *);

#endif
