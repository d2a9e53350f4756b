/*
 * sim/action.h - running actions, as the three REST calls for actions report them.
 *
 * /v2/actions lists backups, exports and imports, each with the work of its
 * shards under pending_ops, and finished ones for ten minutes.  /v1/actions
 * and /v1/actions/bdb/UID list configuration changes only.  The REST reference
 * does not document the names of actions; here they are backup, export, import.
 */
#ifndef BDBTOP_SIM_ACTION_H
#define BDBTOP_SIM_ACTION_H

#include "bdb.h"
#include "buffer.h"

enum { SIM_ACTION_KEPT_MS = 600000, SIM_ACTION_ID_SIZE = 40 };

/* Format the id of the configuration change or import that keeps a database busy. */
void sim_action_change_id(const struct sim_bdb *, char id[SIM_ACTION_ID_SIZE]);

/*
 * Write the actions of one database as elements of a JSON array, as in version 1
 * or 2 of the API.  id accepts NULL for all; otherwise only the action with this
 * id is written.
 */
typedef void sim_action_write_fn(const struct sim_bdb *, const char *id, int64_t now_ms,
				 struct sim_buffer *);
sim_action_write_fn sim_action_write_v1, sim_action_write_v2;

#endif
