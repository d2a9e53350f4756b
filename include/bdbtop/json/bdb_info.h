/*
 * json/bdb_info.h - what databases are: modules and tags out of GET
 * /v1/bdbs?fields=uid,module_list,tags; of one, out of /v1/bdbs/{uid}, versions and sizes too (API
 * page 2.1).
 *
 * What is no object, has no readable uid, or tells another database than the one asked about, is
 * counted; of one database, that refuses the answer.  Modules without a readable name and tags
 * without a readable key are left out; a tag without a value is `KEY=`.  Sizes come as integer,
 * float or string.
 */
#ifndef BDBTOP_BDBTOP_JSON_BDB_INFO_H
#define BDBTOP_BDBTOP_JSON_BDB_INFO_H

#include "bdbtop/json/data_reader.h"

extern const struct data_format bdb_info_format;	/* an array of databases */
extern const struct data_format bdb_info_one_format;	/* one database */

#endif
