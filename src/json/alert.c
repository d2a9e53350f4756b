#include <string.h>

#include <json-c/json.h>

#include "data_reader_internal.h"

static const struct data_field fields[] = {
	DATA_VALUE("enabled", value_boolean, alert, enabled),
	DATA_VALUE("change_time", value_moment, alert, since_s),
	DATA_STRING("threshold", value_string, alert, threshold, false),
	DATA_TEXT("severity", alert, severity),
};

static enum data_taken read_alert(struct data_reader *r, struct json_object *from, void *record)
{
	struct alert *alert = record;

	(void)r;
	if (value_boolean(value_member(from, "state"), &alert->on) != FIELD_PRESENT)
		return DATA_UNREADABLE;
	return DATA_FILL(from, fields, alert);
}

static enum data_taken take_alert(struct data_reader *r, int64_t uid, const char *name,
				  struct json_object *from)
{
	struct alert alert = { .uid = uid };
	size_t length = strlen(name);

	if (!length || length >= sizeof(alert.name))
		return data_skip(r);
	memcpy(alert.name, name, length);
	return data_take(r, from, &alert);
}

/* json-c cuts keys at a NUL; such a name is not a documented one and does no harm. */
static enum data_taken take_database(struct data_reader *r, int64_t uid, struct json_object *alerts)
{
	struct json_object_iterator at, end;
	enum data_taken taken = DATA_TAKEN;

	if (!json_object_is_type(alerts, json_type_object))
		return data_skip(r);
	at = json_object_iter_begin(alerts);
	end = json_object_iter_end(alerts);
	for (; taken != DATA_NO_MEMORY && !json_object_iter_equal(&at, &end);
	     json_object_iter_next(&at))
		taken = take_alert(r, uid, json_object_iter_peek_name(&at),
				   json_object_iter_peek_value(&at));
	return taken;
}

static enum data_taken take_entry(struct data_reader *r, struct json_object *item, const char *key)
{
	int64_t uid = value_digits(key), wanted_uid = data_wanted_uid(r);

	if (!uid && wanted_uid)
		return take_alert(r, wanted_uid, key, item);
	if (uid && (!wanted_uid || uid == wanted_uid))
		return take_database(r, uid, item);
	return data_skip(r);
}

const struct data_format alert_format = {
	DATA_FORMAT(alert, alerts, alert_count),
	.subject = "a map of alerts",
	.shape = ITEMS_MAP,
	.read = read_alert,
	.take_item = take_entry,
};
