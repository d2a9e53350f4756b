/*
 * json/alert.h - alerts out of GET /v1/bdbs/alerts and /v1/bdbs/alerts/{uid} (API page 4.3).
 *
 * A map from uid to a map from name to alert; asked about one database it may also be the inner map
 * alone.  The threshold comes as string or number and is kept as it came.  An entry that is no
 * alert, one that does not tell whether it is on, and those of another database than the one asked
 * about, are counted.
 */
#ifndef BDBTOP_BDBTOP_JSON_ALERT_H
#define BDBTOP_BDBTOP_JSON_ALERT_H

#include "bdbtop/json/data_reader.h"

extern const struct data_format alert_format;

#endif
