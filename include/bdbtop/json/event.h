/*
 * json/event.h - events out of GET /v1/logs (API page 4.2).
 *
 * An array.  Times come as ISO 8601 or as seconds since 1970, the uid as number or string in
 * `bdb_uid`, or in `object` as `bdb:7`; an event without a readable time or type, or with a uid
 * that is none, is counted.  They are given newest first, whatever order the cluster chose; those
 * of one second stay in the order in which they came, turned with the rest where that was oldest
 * first.
 */
#ifndef BDBTOP_BDBTOP_JSON_EVENT_H
#define BDBTOP_BDBTOP_JSON_EVENT_H

#include "bdbtop/json/data_reader.h"

extern const struct data_format event_format;

#endif
