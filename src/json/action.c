#include "bdbtop/json/action.h"

#include <string.h>

#include <json-c/json.h>

#include "bdbtop/core/array.h"
#include "data_reader_internal.h"

static const struct value_field fields[] = {
	VALUE_FIELD("action_uid", value_text, action, id),
	VALUE_FIELD("name", value_text, action, name),
	VALUE_FIELD("action_type", value_text, action, type),
	VALUE_FIELD("status", value_text, action, status),
	VALUE_FIELD("progress", value_percent, action, percent),
	VALUE_FIELD("creation_time", value_moment, action, created_s),
};

static const struct value_field op_fields[] = {
	VALUE_FIELD("heartbeat", value_moment, action_op, heartbeat_s),
	VALUE_FIELD("progress", value_percent, action_op, percent),
	VALUE_FIELD("op_name", value_text, action_op, name),
	VALUE_FIELD("status_description", value_text, action_op, description),
};

/* The vendor documents two different lists of statuses; these are the running ones of both. */
static const char *const running_statuses[] = {
	"pending", "active", "queued", "starting", "running", "cancelling",
};

static bool is_running(const char *status)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(running_statuses); i++)
		if (!strcmp(status, running_statuses[i]))
			return true;
	return false;
}

static int64_t read_bdb_uid(struct json_object *item)
{
	struct json_object *info = value_member(item, "additional_info");
	struct json_object *type = value_member(info, "object_type"),
			   *uid = value_member(info, "object_uid");
	const char *word = "";
	int64_t bdb_uid = 0;

	if (type && uid && value_text(type, &word) == FIELD_PRESENT && !strcmp(word, "bdb"))
		value_uid(uid, &bdb_uid);
	return bdb_uid ? bdb_uid : data_object_uid(value_member(item, "object_name"));
}

static int take_ops(struct data_reader *r, struct json_object *map, struct action *action)
{
	struct json_object_iterator at, end;
	struct action_op *ops;

	if (!json_object_is_type(map, json_type_object)) {
		if (map)
			data_add_unreadable(r);
		return 0;
	}
	ops = data_reserve(r, (size_t)json_object_object_length(map) * sizeof(*ops));
	if (!ops)
		return -1;
	action->ops = ops;
	at = json_object_iter_begin(map);
	end = json_object_iter_end(map);
	for (; !json_object_iter_equal(&at, &end); json_object_iter_next(&at)) {
		struct json_object *from = json_object_iter_peek_value(&at);
		struct action_op *op = &ops[action->op_count];

		if (!json_object_is_type(from, json_type_object)) {
			data_add_unreadable(r);
			continue;
		}
		op->shard = value_digits(json_object_iter_peek_name(&at));
		op->percent = -1;
		if (DATA_FILL(r, from, op_fields, op) < 0)
			return -1;
		action->op_count++;
	}
	return 0;
}

/* type: for an action that has no type. */
static int take_action(struct data_reader *r, struct json_object *item, const char *type)
{
	struct action action = { .uid = read_bdb_uid(item), .type = type, .percent = -1 }, *kept;
	struct json_object *map = value_member(item, "pending_ops");

	if (data_wanted_uid(r) && action.uid && action.uid != data_wanted_uid(r))
		return 0;
	if (!map)
		map = value_member(value_member(item, "additional_info"), "pending_ops");
	if (DATA_FILL(r, item, fields, &action) < 0)
		return -1;
	if (!*action.id && !*action.name) {
		data_add_unreadable(r);
		return 0;
	}
	action.running = is_running(action.status);
	if (take_ops(r, map, &action) < 0)
		return -1;
	kept = data_add(r);
	if (!kept)
		return -1;
	*kept = action;
	return 0;
}

/* An action; with a key, a list of actions in the wrapper object. */
static int take_entry(struct data_reader *r, struct json_object *item, const char *key)
{
	bool machines = key && !strcmp(key, "state-machines");
	size_t i;

	if (!key)
		return take_action(r, item, NULL);
	if (!json_object_is_type(item, json_type_array)) {
		data_add_unreadable(r);
		return 0;
	}
	for (i = 0; i < json_object_array_length(item); i++)
		if (take_action(r, json_object_array_get_idx(item, i),
				machines ? "state-machine" : "task") < 0)
			return -1;
	return 0;
}

const struct data_format action_format = {
	.subject = "a list of actions",
	.shape = ITEMS_ANY,
	.size = sizeof(struct action),
	.array_offset = offsetof(struct cluster_data, actions),
	.count_offset = offsetof(struct cluster_data, action_count),
	.take = take_entry,
};
