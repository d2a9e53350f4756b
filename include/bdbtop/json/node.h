/*
 * json/node.h - nodes out of GET /v1/nodes (API page 4).
 *
 * An array; uids come as number or string.  What is no object, or tells neither its uid nor its
 * version, is counted.
 */
#ifndef BDBTOP_BDBTOP_JSON_NODE_H
#define BDBTOP_BDBTOP_JSON_NODE_H

#include "bdbtop/json/data_reader.h"

extern const struct data_format node_format;

#endif
