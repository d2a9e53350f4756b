#include "bdbtop/json/shard.h"

#include "src/json/data_reader_internal.h"

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

static int take_shard(struct fact_reader *r, struct json_object *item, const char *key)
{
	struct shard shard = { .backup_percent = -1, .loading_percent = -1 }, *kept;

	(void)key;
	if (FACT_FILL(r, item, fields, &shard) < 0 ||
	    FACT_FILL(r, value_at(item, "backup"), backup_fields, &shard) < 0 ||
	    FACT_FILL(r, value_at(item, "loading"), loading_fields, &shard) < 0)
		return -1;
	if (!shard.bdb)
		shard.bdb = fact_about(r);
	if (!shard.uid || (fact_about(r) && shard.bdb != fact_about(r))) {
		fact_unreadable(r);
		return 0;
	}
	kept = fact_add(r);
	if (!kept)
		return -1;
	*kept = shard;
	return 0;
}

const struct fact_form shard_form = {
	.what = "a list of shards",
	.shape = ITEMS_LIST,
	.size = sizeof(struct shard),
	.at = offsetof(struct cluster_data, shards),
	.count = offsetof(struct cluster_data, shard_count),
	.take = take_shard,
};
