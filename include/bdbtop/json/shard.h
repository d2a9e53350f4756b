/*
 * json/shard.h - shards out of GET /v1/bdbs/{uid}/shards (API page 4).
 *
 * An array; uids and percents come as number or string, `backup` and `loading` only where the
 * cluster has something to tell.  What is no object, has no readable uid, or tells another database
 * than the one asked about, is counted; one that tells no database is of the one asked about.
 */
#ifndef BDBTOP_BDBTOP_JSON_SHARD_H
#define BDBTOP_BDBTOP_JSON_SHARD_H

#include "bdbtop/json/data_reader.h"

extern const struct data_format shard_format;

#endif
