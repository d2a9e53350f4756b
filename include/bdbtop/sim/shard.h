/*
 * sim/shard.h - the shards of a database, and what each does in a run.
 *
 * A database has as many masters as it has shards, and as many slaves where it
 * is replicated; uids count up from first_shard_uid, masters first.  A run is the
 * masters' work: their percents scatter around that of the database.  Where a
 * run stands, all are silent from then on; the one that is furthest back has
 * been so for two seconds more.
 */
#ifndef BDBTOP_SIM_SHARD_H
#define BDBTOP_SIM_SHARD_H

#include "bdbtop/sim/bdb.h"
#include "bdbtop/sim/buffer.h"

/* How many shards it has, slaves counted. */
int sim_shard_count(const struct sim_bdb *);

/* Percent * 10 of a master (from 0 on) in an operation that runs. */
int sim_shard_tenths(const struct sim_bdb *, enum sim_kind, int master, int64_t now_ms);

/* Its last heartbeat in an operation that runs, seconds since 1970. */
int64_t sim_shard_heartbeat_s(const struct sim_bdb *, enum sim_kind, int master, int64_t now_ms);

/* JSON: the shards, as members of an array; first as in "[" before it. */
void sim_shard_write(const struct sim_bdb *, size_t nodes, int64_t now_ms, bool first,
		     struct sim_buffer *);

#endif
