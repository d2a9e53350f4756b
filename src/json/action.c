#include <string.h>

#include <json-c/json.h>

#include "bdbtop/core/array.h"
#include "data_reader_internal.h"

static const struct data_field fields[] = {
	DATA_NAME("action_uid", action, id),
	DATA_NAME("name", action, name),
	DATA_NAME("action_type", action, type),
	DATA_TEXT("status", action, status),
	DATA_VALUE("progress", value_percent, action, percent),
	DATA_VALUE("creation_time", value_moment, action, created_s),
};

static const struct data_field op_fields[] = {
	DATA_VALUE("heartbeat", value_moment, action_op, heartbeat_s),
	DATA_VALUE("progress", value_percent, action_op, percent),
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
	const char *type = value_member_text(info, "object_type");
	int64_t bdb_uid = 0;

	if (type && !strcmp(type, "bdb"))
		value_uid(value_member(info, "object_uid"), &bdb_uid);
	return bdb_uid ? bdb_uid : data_object_uid(value_member(item, "object_name"));
}

static enum data_taken read_ops(struct data_reader *r, struct json_object *map,
				struct action *action)
{
	struct json_object_iterator at, end;
	struct action_op *ops;

	if (!json_object_is_type(map, json_type_object))
		return map ? data_skip(r) : DATA_TAKEN;
	ops = data_reserve(r, (size_t)json_object_object_length(map) * sizeof(*ops));
	if (!ops)
		return DATA_NO_MEMORY;
	action->ops = ops;
	at = json_object_iter_begin(map);
	end = json_object_iter_end(map);
	for (; !json_object_iter_equal(&at, &end); json_object_iter_next(&at)) {
		struct json_object *from = json_object_iter_peek_value(&at);
		struct action_op *op = &ops[action->op_count];

		if (!json_object_is_type(from, json_type_object)) {
			data_skip(r);
			continue;
		}
		op->shard = value_digits(json_object_iter_peek_name(&at));
		op->percent = -1;
		DATA_FILL(from, op_fields, op);
		action->op_count++;
	}
	return DATA_TAKEN;
}

static enum data_taken read_action(struct data_reader *r, struct json_object *item, void *record)
{
	struct json_object *map = value_member(item, "pending_ops");
	struct action *action = record;
	enum data_taken taken;

	if (!map)
		map = value_member(value_member(item, "additional_info"), "pending_ops");
	action->uid = read_bdb_uid(item);
	action->percent = -1;
	taken = DATA_FILL(item, fields, action);
	if (taken != DATA_TAKEN)
		return taken;
	if (!*action->id && !*action->name)
		return DATA_UNREADABLE;
	action->running = is_running(action->status);
	return read_ops(r, map, action);
}

/* An action; with a key, a list of actions in the wrapper object, which have no type. */
static enum data_taken take_entry(struct data_reader *r, struct json_object *item, const char *key)
{
	static const struct action task = { .type = "task" }, machine = { .type = "state-machine" };
	enum data_taken taken = DATA_TAKEN;
	size_t i;

	if (!key)
		return data_take(r, item, NULL);
	if (!json_object_is_type(item, json_type_array))
		return data_skip(r);
	for (i = 0; taken != DATA_NO_MEMORY && i < json_object_array_length(item); i++)
		taken = data_take(r, json_object_array_get_idx(item, i),
				  strcmp(key, "state-machines") ? &task : &machine);
	return taken;
}

const struct data_format action_format = {
	DATA_FORMAT(action, actions, action_count),
	.subject = "a list of actions",
	.shape = ITEMS_ANY,
	.read = read_action,
	.take_item = take_entry,
};
