#include "data_reader_internal.h"

static const struct data_field fields[] = {
	DATA_VALUE("uid", value_uid, node, uid),
	DATA_NAME("software_version", node, version),
};

static enum data_taken read_node(struct data_reader *r, struct json_object *item, void *record)
{
	struct node *node = record;
	enum data_taken taken = DATA_FILL(item, fields, node);

	(void)r;
	return taken == DATA_TAKEN && !node->uid && !*node->version ? DATA_UNREADABLE : taken;
}

const struct data_format node_format = {
	DATA_FORMAT(node, nodes, node_count),
	.subject = "a list of nodes",
	.shape = ITEMS_LIST,
	.read = read_node,
};
