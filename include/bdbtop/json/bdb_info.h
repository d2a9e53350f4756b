/*
 * json/bdb_info.h - reads modules and tags from GET /v1/bdbs?fields=uid,module_list,tags, and of
 * one database versions and sizes too, from /v1/bdbs/{uid}.
 *
 * An item that is not an object, has no readable uid, or is about another database than the
 * requested one, counts as unreadable; in the reply about one database it is an error.  Modules
 * without a readable name and tags without a readable key are ignored; a tag without a value is
 * `KEY=`.  Sizes are integers, floats or strings.
 */
#ifndef BDBTOP_BDBTOP_JSON_BDB_INFO_H
#define BDBTOP_BDBTOP_JSON_BDB_INFO_H

#include "bdbtop/json/data_reader.h"

extern const struct data_format bdb_info_format;	/* an array of databases */
extern const struct data_format bdb_info_one_format;	/* one database */

#endif
