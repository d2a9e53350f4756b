#include "bdbtop/json/fields.h"

#include <string.h>

#define TRIPLE(op) op "_status," op "_progress," op "_failure_reason"
#define OPERATIONS                                                                                 \
	"backup,backup_interval,"                                                                  \
	TRIPLE("backup") ",last_backup_time,"                                                      \
	TRIPLE("export") ",last_export_time,"                                                      \
	TRIPLE("import")

static const char list_2020[] = "uid,name,status," OPERATIONS;
#define IDENTITY "uid,name,status,crdt,internal,created_time,last_changed_time,"
static const char list_full[] = IDENTITY OPERATIONS;
static const char one_full[] =
	IDENTITY OPERATIONS
	",type,version,redis_version,memory_size,shards_count,replication,data_persistence,"
	"backup_interval_offset,backup_history,action_uid,endpoints,module_list,"
	"tags";

const char *fields_list(enum fields_set set)
{
	return set == FIELDS_FULL ? list_full : list_2020;
}

const char *fields_one(enum fields_set set)
{
	return set == FIELDS_FULL ? one_full : list_2020;
}

const char *fields_bdb_info(enum fields_set set)
{
	return set == FIELDS_FULL ? "uid,module_list,tags,shards_count,memory_size"
				  : "uid,module_list,shards_count,memory_size";
}

const char *fields_bdb_info_one(enum fields_set set)
{
	return set == FIELDS_FULL
		       ? "uid,module_list,tags,version,redis_version,shards_count,memory_size"
		       : "uid,module_list,version,redis_version,shards_count,memory_size";
}

bool fields_contain(const char *list, const char *name)
{
	size_t length = strlen(name);

	while (*list) {
		size_t here = strcspn(list, ",");

		if (here == length && !strncmp(list, name, length))
			return length > 0;
		list += here + (list[here] == ',');
	}
	return false;
}
