/*
 * json/event.h - reads events from GET /v1/logs.
 *
 * The reply is an array.  Times are ISO 8601 or seconds since 1970; the uid is a number or string
 * in `bdb_uid`, or `bdb:7` in `object`.  An event without a readable time or type, or with an
 * invalid uid, counts as unreadable.  The result is sorted newest first, whatever the order of the
 * reply.  Events of one second keep their order, or are reversed with all others if the reply was
 * oldest first.
 */
#ifndef BDBTOP_BDBTOP_JSON_EVENT_H
#define BDBTOP_BDBTOP_JSON_EVENT_H

#include "bdbtop/json/data_reader.h"

extern const struct data_format event_format;

#endif
