/*
 * json/data_formats.h - how the replies with cluster data are read, for data_reader_new().
 */
#pragma once

#include "bdbtop/json/data_reader.h"

/*
 * GET /v1/logs: an array.  Times are ISO 8601 or seconds since 1970; the uid is a number or string
 * in `bdb_uid`, or `bdb:7` in `object`.  An event without a readable time or type, or with an
 * invalid uid, counts as unreadable.  The result is sorted newest first, whatever the order of the
 * reply.  Events of one second keep their order, or are reversed with all others if the reply was
 * oldest first.
 */
extern const struct data_format event_format;

/*
 * GET /v1/bdbs/alerts and /v1/bdbs/alerts/{uid}: a map from uid to a map from name to alert; about
 * one database it may also be only the inner map.  The threshold is a string or a number and is
 * kept as received.  An entry that is not an alert, does not say whether it is on, or is about
 * another database than the requested one, counts as unreadable.
 */
extern const struct data_format alert_format;

/*
 * GET /v2/actions and /v1/actions: an array, or {"actions": [...], "state-machines": [...]}.  The
 * database is in `additional_info` (object_type `bdb`, object_uid) or in `object_name` (`bdb:7`);
 * pending_ops is in `additional_info` or beside it.  Percent, times and uids are numbers or
 * strings.  An item that is not an object, or has neither id nor name, counts as unreadable; so
 * does an entry of pending_ops that is not an object.
 */
extern const struct data_format action_format;

/*
 * GET /v1/bdbs/{uid}/shards: an array; uids and percents are numbers or strings; `backup` and
 * `loading` are optional.  An item that is not an object, has no readable uid, or belongs to
 * another database than the requested one, counts as unreadable; one without a database belongs to
 * the requested one.
 */
extern const struct data_format shard_format;

/*
 * GET /v1/bdbs?fields=uid,module_list,tags: an array of databases; and of one database versions and
 * sizes too, from /v1/bdbs/{uid}.  An item that is not an object, has no readable uid, or is about
 * another database than the requested one, counts as unreadable; in the reply about one database it
 * is an error.  Modules without a readable name and tags without a readable key are ignored; a tag
 * without a value is `KEY=`.  Sizes are integers, floats or strings.
 */
extern const struct data_format bdb_info_format;
extern const struct data_format bdb_info_one_format;

/* GET /v1/nodes: an array; uids are numbers or strings.  An item that is not an object, or has
 * neither uid nor version, counts as unreadable. */
extern const struct data_format node_format;
