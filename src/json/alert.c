#include "bdbtop/json/alert.h"

#include <string.h>

#include <json-c/json.h>

#include "data_reader_internal.h"

static const struct value_field fields[] = {
	VALUE_FIELD("enabled", value_boolean, alert, enabled),
	VALUE_FIELD("change_time", value_moment, alert, since_s),
	VALUE_FIELD("threshold", value_string, alert, threshold),
	VALUE_FIELD("severity", value_text, alert, severity),
};

static int take_alert(struct data_reader *r, int64_t uid, const char *name,
		      struct json_object *from)
{
	struct json_object *state = value_member(from, "state");
	struct alert alert = { .uid = uid }, *kept;

	if (!*name || !state || value_boolean(state, &alert.on) != FIELD_PRESENT) {
		data_add_unreadable(r);
		return 0;
	}
	alert.name = data_text(r, name);
	if (!alert.name || DATA_FILL(r, from, fields, &alert) < 0)
		return -1;
	kept = data_add(r);
	if (!kept)
		return -1;
	*kept = alert;
	return 0;
}

/* json-c cuts keys at a NUL; such a name is not a documented one and does no harm. */
static int take_database(struct data_reader *r, int64_t uid, struct json_object *alerts)
{
	struct json_object_iterator at, end;

	if (!json_object_is_type(alerts, json_type_object)) {
		data_add_unreadable(r);
		return 0;
	}
	at = json_object_iter_begin(alerts);
	end = json_object_iter_end(alerts);
	for (; !json_object_iter_equal(&at, &end); json_object_iter_next(&at))
		if (take_alert(r, uid, json_object_iter_peek_name(&at),
			       json_object_iter_peek_value(&at)) < 0)
			return -1;
	return 0;
}

static int take_entry(struct data_reader *r, struct json_object *item, const char *key)
{
	int64_t uid = value_digits(key), wanted_uid = data_wanted_uid(r);

	if (!uid && wanted_uid)
		return take_alert(r, wanted_uid, key, item);
	if (uid && (!wanted_uid || uid == wanted_uid))
		return take_database(r, uid, item);
	data_add_unreadable(r);
	return 0;
}

const struct data_format alert_format = {
	.subject = "a map of alerts",
	.shape = ITEMS_MAP,
	.size = sizeof(struct alert),
	.array_offset = offsetof(struct cluster_data, alerts),
	.count_offset = offsetof(struct cluster_data, alert_count),
	.take = take_entry,
};
