/*
 * sim/action.h - what is under way, as the three calls for actions tell it.
 *
 * /v2/actions holds backups, exports and imports, with what each shard does
 * under pending_ops, and for ten minutes those that ended; /v1/actions and
 * /v1/actions/bdb/UID hold changes of the configuration alone.  The names of
 * actions are not documented; here they are the words backup, export, import.
 */
#ifndef BDBTOP_SIM_ACTION_H
#define BDBTOP_SIM_ACTION_H

#include "bdbtop/sim/bdb.h"
#include "bdbtop/sim/buffer.h"

enum { SIM_ACTION_KEPT_MS = 600000, SIM_ACTION_ID_SIZE = 40 };

/* The id of the change of configuration, or import, that keeps a database busy. */
void sim_action_change_id(const struct sim_bdb *, char id[SIM_ACTION_ID_SIZE]);

/*
 * JSON: the actions of one database, each an object that ends with a comma.
 * id NULL: all; else the one of that id, if it is this database's.
 */
void sim_action_write_v2(const struct sim_bdb *, const char *id, int64_t now_ms,
			 struct sim_buffer *);
void sim_action_write_v1(const struct sim_bdb *, const char *id, int64_t now_ms,
			 struct sim_buffer *);

#endif
