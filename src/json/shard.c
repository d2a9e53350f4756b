#include "bdbtop/json/shard.h"

#include "data_reader_internal.h"

static const struct value_field fields[] = {
	VALUE_FIELD("uid", value_uid, shard, uid),
	VALUE_FIELD("bdb_uid", value_uid, shard, bdb),
	VALUE_FIELD("node_uid", value_uid, shard, node),
	VALUE_FIELD("role", value_text, shard, role),
	VALUE_FIELD("status", value_text, shard, status),
	VALUE_FIELD("detailed_status", value_text, shard, detailed_status),
};

static const struct value_field backup_fields[] = {
	VALUE_FIELD("status", value_text, shard, backup_status),
	VALUE_FIELD("progress", value_percent, shard, backup_percent),
};

static const struct value_field loading_fields[] = {
	VALUE_FIELD("status", value_text, shard, loading_status),
	VALUE_FIELD("progress", value_percent, shard, loading_percent),
};

static int take_shard(struct data_reader *r, struct json_object *item, const char *key)
{
	struct shard shard = { .backup_percent = -1, .loading_percent = -1 }, *kept;

	(void)key;
	if (DATA_FILL(r, item, fields, &shard) < 0 ||
	    DATA_FILL(r, value_member(item, "backup"), backup_fields, &shard) < 0 ||
	    DATA_FILL(r, value_member(item, "loading"), loading_fields, &shard) < 0)
		return -1;
	if (!shard.bdb)
		shard.bdb = data_wanted_uid(r);
	if (!shard.uid || (data_wanted_uid(r) && shard.bdb != data_wanted_uid(r))) {
		data_add_unreadable(r);
		return 0;
	}
	kept = data_add(r);
	if (!kept)
		return -1;
	*kept = shard;
	return 0;
}

const struct data_format shard_format = {
	.subject = "a list of shards",
	.shape = ITEMS_LIST,
	.size = sizeof(struct shard),
	.array_offset = offsetof(struct cluster_data, shards),
	.count_offset = offsetof(struct cluster_data, shard_count),
	.take = take_shard,
};
