/*
 * json/node.h - reads nodes from GET /v1/nodes.
 *
 * The reply is an array; uids are numbers or strings.  An item that is not an object, or has
 * neither uid nor version, counts as unreadable.
 */
#ifndef BDBTOP_BDBTOP_JSON_NODE_H
#define BDBTOP_BDBTOP_JSON_NODE_H

#include "bdbtop/json/data_reader.h"

extern const struct data_format node_format;

#endif
