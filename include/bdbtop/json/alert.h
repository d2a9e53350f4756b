/*
 * json/alert.h - reads alerts from GET /v1/bdbs/alerts and /v1/bdbs/alerts/{uid}.
 *
 * The reply is a map from uid to a map from name to alert; about one database it may also be only
 * the inner map.  The threshold is a string or a number and is kept as received.  An entry that is
 * not an alert, does not say whether it is on, or is about another database than the requested one,
 * counts as unreadable.
 */
#ifndef BDBTOP_BDBTOP_JSON_ALERT_H
#define BDBTOP_BDBTOP_JSON_ALERT_H

#include "bdbtop/json/data_reader.h"

extern const struct data_format alert_format;

#endif
