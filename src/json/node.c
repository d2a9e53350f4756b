#include "bdbtop/json/node.h"

#include "data_reader_internal.h"

static const struct value_field fields[] = {
	VALUE_FIELD("uid", value_uid, node, uid),
	VALUE_FIELD("addr", value_text, node, address),
	VALUE_FIELD("status", value_text, node, status),
	VALUE_FIELD("software_version", value_text, node, version),
};

static int take_node(struct data_reader *r, struct json_object *item, const char *key)
{
	struct node node = { 0 }, *kept;

	(void)key;
	if (DATA_FILL(r, item, fields, &node) < 0)
		return -1;
	if (!node.uid && !*node.version) {
		data_add_unreadable(r);
		return 0;
	}
	kept = data_add(r);
	if (!kept)
		return -1;
	*kept = node;
	return 0;
}

const struct data_format node_format = {
	.subject = "a list of nodes",
	.shape = ITEMS_LIST,
	.size = sizeof(struct node),
	.array_offset = offsetof(struct cluster_data, nodes),
	.count_offset = offsetof(struct cluster_data, node_count),
	.take = take_node,
};
