#include "data_reader_internal.h"

static const struct data_field fields[] = {
	DATA_VALUE("uid", value_uid, shard, uid),
	DATA_VALUE("bdb_uid", value_uid, shard, bdb),
	DATA_VALUE("node_uid", value_uid, shard, node),
	DATA_TEXT("status", shard, status),
};

static const struct data_field backup_fields[] = {
	DATA_VALUE("progress", value_percent, shard, backup_percent),
};

static const struct data_field loading_fields[] = {
	DATA_VALUE("progress", value_percent, shard, loading_percent),
};

static enum data_taken read_shard(struct data_reader *r, struct json_object *item, void *record)
{
	struct shard *shard = record;

	shard->backup_percent = shard->loading_percent = -1;
	DATA_FILL(item, fields, shard);
	DATA_FILL(value_member(item, "backup"), backup_fields, shard);
	DATA_FILL(value_member(item, "loading"), loading_fields, shard);
	if (!shard->bdb)
		shard->bdb = data_wanted_uid(r);
	if (!shard->uid || (data_wanted_uid(r) && shard->bdb != data_wanted_uid(r)))
		return DATA_UNREADABLE;
	return DATA_TAKEN;
}

const struct data_format shard_format = {
	DATA_FORMAT(shard, shards, shard_count),
	.subject = "a list of shards",
	.shape = ITEMS_LIST,
	.read = read_shard,
};
