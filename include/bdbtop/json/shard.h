/*
 * json/shard.h - reads shards from GET /v1/bdbs/{uid}/shards.
 *
 * The reply is an array; uids and percents are numbers or strings; `backup` and `loading` are
 * optional.  An item that is not an object, has no readable uid, or belongs to another database
 * than the requested one, counts as unreadable; one without a database belongs to the requested
 * one.
 */
#ifndef BDBTOP_BDBTOP_JSON_SHARD_H
#define BDBTOP_BDBTOP_JSON_SHARD_H

#include "bdbtop/json/data_reader.h"

extern const struct data_format shard_format;

#endif
