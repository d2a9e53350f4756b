/*
 * json/action.h - reads actions from GET /v2/actions, /v1/actions/bdb/{uid} and /v1/actions.
 *
 * The reply is an array, or {"actions": [...], "state-machines": [...]}.  The database is in
 * `additional_info` (object_type `bdb`, object_uid) or in `object_name` (`bdb:7`); pending_ops is
 * in `additional_info` or beside it.  Percent, times and uids are numbers or strings.  An item that
 * is not an object, or has neither id nor name, counts as unreadable; so does an entry of
 * pending_ops that is not an object.  In a reply about one database, actions of others are ignored.
 */
#ifndef BDBTOP_BDBTOP_JSON_ACTION_H
#define BDBTOP_BDBTOP_JSON_ACTION_H

#include "bdbtop/json/data_reader.h"

extern const struct data_format action_format;

#endif
