/*
 * sim/shard.h - the shards of a database, and the work of each in a run.
 *
 * A database has one master for each shard, and as many slaves if it is
 * replicated; uids count up from first_shard_uid, masters first.  Only masters
 * work in a run: their percents scatter around that of the database.  When a
 * run stalls, the heartbeats of all masters stop; that of the slowest master
 * stops two seconds earlier.
 */
#ifndef BDBTOP_SIM_SHARD_H
#define BDBTOP_SIM_SHARD_H

#include "bdb.h"
#include "buffer.h"

/* The number of shards, including slaves. */
int sim_shard_count(const struct sim_bdb *);

/* Percent * 10 of a master (counted from 0) in a running operation. */
int sim_shard_tenths(const struct sim_bdb *, enum sim_kind, int master, int64_t now_ms);

/* The last heartbeat of a master in a running operation, seconds since 1970. */
int64_t sim_shard_heartbeat_s(const struct sim_bdb *, enum sim_kind, int master, int64_t now_ms);

/* Write the shards as elements of a JSON array. */
void sim_shard_write(const struct sim_bdb *, size_t nodes, int64_t now_ms, struct sim_buffer *);

#endif
