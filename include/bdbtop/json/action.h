/*
 * json/action.h - actions out of GET /v2/actions, /v1/actions/bdb/{uid} and /v1/actions (API
 * page 4.1).
 *
 * An array, or the wrapper {"actions": [...], "state-machines": [...]}.  The database is told by
 * `additional_info` (object_type `bdb`, object_uid) or by `object_name` (`bdb:7`), pending_ops
 * stands in `additional_info` or beside it.  Percent, times and uids come as number or string.
 * What is no object, or has neither id nor name, is counted; so is what pending_ops holds and is no
 * object.  Asked about one database, actions of others are left out.
 */
#ifndef BDBTOP_BDBTOP_JSON_ACTION_H
#define BDBTOP_BDBTOP_JSON_ACTION_H

#include "bdbtop/json/data_reader.h"

extern const struct data_format action_format;

#endif
