#include "bdb_spec.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alert.h"
#include "field.h"
#include "keyword.h"
#include "memory.h"
#include "time.h"

static const char *string_of(struct json_object *value)
{
	return json_object_is_type(value, json_type_string) ? json_object_get_string(value) : NULL;
}

static bool read_duration(struct json_object *value, int64_t *ms)
{
	const char *text = string_of(value);

	return text && sim_duration_parse(text, ms);
}

/* --- "backup", "export", "import": { ... } --- */

static bool op_run_time(struct sim_op *op, struct json_object *v)
{
	return read_duration(v, &op->run_time_ms);
}

static bool op_retry_time(struct sim_op *op, struct json_object *v)
{
	return read_duration(v, &op->retry_after_ms);
}

static bool op_first_start(struct sim_op *op, struct json_object *v)
{
	return read_duration(v, &op->first_start_ms);
}

static bool op_running_for(struct sim_op *op, struct json_object *v)
{
	return read_duration(v, &op->running_for_ms);
}

static bool op_stalled_for(struct sim_op *op, struct json_object *v)
{
	return read_duration(v, &op->stalled_for_ms);
}

static bool op_failed_ago(struct sim_op *op, struct json_object *v)
{
	return read_duration(v, &op->failed_ago_ms);
}

static bool op_stalls_at(struct sim_op *op, struct json_object *v)
{
	int64_t percent = json_object_get_int64(v);

	if (!json_object_is_type(v, json_type_int) || percent < 0 || percent > 100)
		return false;
	op->stalls_at_tenths = (int)percent * 10;
	return true;
}

static bool op_fault(struct sim_op *op, struct json_object *v)
{
	const char *reason = string_of(v);

	if (!reason || strlen(reason) >= sizeof(op->fault))
		return false;
	strcpy(op->fault, reason);
	if (!op->fault_runs)
		op->fault_runs = -1;
	return true;
}

static bool op_fault_runs(struct sim_op *op, struct json_object *v)
{
	int64_t runs = json_object_get_int64(v);

	if (!json_object_is_type(v, json_type_int) || runs < 1 || runs > 1000000)
		return false;
	op->fault_runs = (int)runs;
	return true;
}

static const struct {
	const char *name;
	bool (*set)(struct sim_op *, struct json_object *);
} op_keys[] = {
	{ "run_time", op_run_time },
	{ "retry_after", op_retry_time },
	{ "first_start", op_first_start },
	{ "stalls_at_percent", op_stalls_at },
	{ "fault", op_fault },
	{ "fault_runs", op_fault_runs },
	{ "running_for", op_running_for },
	{ "stalled_for", op_stalled_for },
	{ "failed_ago", op_failed_ago },
};

/* The location of an error, and where to store the error. */
struct spec_location {
	const char *where;
	struct err *err;
};

static int wrong(const struct spec_location *location, const char *key, const char *what)
{
	char shown[SIM_KEYWORD_SHOWN_SIZE];

	err_set(location->err, ERR_FINAL, "%s: \"%s\" %s.", location->where,
		sim_keyword_show(key, shown), what);
	return -1;
}

static int op_apply(struct sim_op *op, struct json_object *behaviour,
		    const struct spec_location *location)
{
	struct json_object_iterator at = json_object_iter_begin(behaviour);
	struct json_object_iterator end = json_object_iter_end(behaviour);

	for (; !json_object_iter_equal(&at, &end); json_object_iter_next(&at)) {
		const char *key = json_object_iter_peek_name(&at);
		size_t i, count = sizeof(op_keys) / sizeof(op_keys[0]);

		for (i = 0; i < count; i++)
			if (strcmp(op_keys[i].name, key) == 0)
				break;
		if (i == count)
			return wrong(location, key, "is not a setting of an operation");
		if (!op_keys[i].set(op, json_object_iter_peek_value(&at)))
			return wrong(location, key, "has an invalid value; a duration is written "
						    "as in \"90s\"");
	}
	return 0;
}

/* --- "sim": { ... } --- */

static bool spec_reset_behaviour(struct sim_bdb *bdb, struct json_object *v)
{
	static const char *const words[] = {
		[SIM_RESET_OBEYS] = "obeys",	 [SIM_RESET_IGNORES] = "ignores",
		[SIM_RESET_FORBIDS] = "denies",	 [SIM_RESET_DELETES] = "vanishes",
		[SIM_RESET_NO_REPLY] = "silent",
	};
	const char *word = string_of(v);
	size_t i;

	for (i = 0; word && i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(word, words[i]) == 0) {
			bdb->reset_behaviour = (enum sim_reset_behaviour)i;
			return true;
		}
	}
	return false;
}

static bool spec_busy(struct sim_bdb *bdb, struct json_object *v)
{
	const char *word = string_of(v);

	if (word && strcmp(word, "for ever") == 0) {
		bdb->busy_ms = SIM_NEVER;
		return true;
	}
	return read_duration(v, &bdb->busy_ms);
}

static bool spec_unscheduled(struct sim_bdb *bdb, struct json_object *v)
{
	bdb->unscheduled = json_object_get_boolean(v);
	return json_object_is_type(v, json_type_boolean);
}

/* Read numbers from 0 to max into a new array. */
static bool read_numbers(struct json_object *v, int64_t max, unsigned char **to, int *count)
{
	size_t length, i;

	if (!json_object_is_type(v, json_type_array))
		return false;
	length = json_object_array_length(v);
	if (!length || length > SIM_SHARDS_MAX)
		return false;
	free(*to);
	*to = sim_memory_new(length, 1);
	*count = (int)length;
	for (i = 0; i < length; i++) {
		struct json_object *number = json_object_array_get_idx(v, i);
		int64_t value = json_object_get_int64(number);

		if (!json_object_is_type(number, json_type_int) || value < 0 || value > max)
			return false;
		(*to)[i] = (unsigned char)value;
	}
	return true;
}

static bool spec_first_shard_uid(struct sim_bdb *bdb, struct json_object *v)
{
	bdb->first_shard_uid = json_object_get_int64(v);
	return json_object_is_type(v, json_type_int) && bdb->first_shard_uid > 0;
}

static bool spec_shard_nodes(struct sim_bdb *bdb, struct json_object *v)
{
	return read_numbers(v, UINT8_MAX, &bdb->shard_nodes, &bdb->shard_node_count);
}

static bool spec_shard_percents(struct sim_bdb *bdb, struct json_object *v)
{
	return read_numbers(v, 100, &bdb->shard_percents, &bdb->shard_percent_count);
}

static bool read_alert_member(struct sim_alert *alert, const char *key, struct json_object *v)
{
	const char *text = string_of(v);
	bool is_boolean = json_object_is_type(v, json_type_boolean);

	if (strcmp(key, "enabled") == 0 && is_boolean)
		alert->enabled = json_object_get_boolean(v);
	else if (strcmp(key, "state") == 0 && is_boolean)
		alert->state = json_object_get_boolean(v);
	else if (strcmp(key, "threshold") == 0 && text)
		sim_alert_set_threshold(alert, text);
	else if (strcmp(key, "severity") == 0 && text)
		sim_alert_set_severity(alert, text);
	else
		return strcmp(key, "change_time") == 0 && text &&
		       sim_time_parse(text, &alert->change_s);
	return true;
}

static bool spec_alerts(struct sim_bdb *bdb, struct json_object *v)
{
	if (!json_object_is_type(v, json_type_object))
		return false;
	json_object_object_foreach(v, name, description) {
		struct sim_alert *alert = sim_alert_get(bdb, name);

		if (!json_object_is_type(description, json_type_object))
			return false;
		json_object_object_foreach(description, key, value) {
			if (!read_alert_member(alert, key, value))
				return false;
		}
	}
	return true;
}

static const struct {
	const char *name;
	bool (*set)(struct sim_bdb *, struct json_object *);
} spec_keys[] = {
	{ "reset_behaviour", spec_reset_behaviour },
	{ "busy", spec_busy },
	{ "unscheduled", spec_unscheduled },
	{ "first_shard_uid", spec_first_shard_uid },
	{ "shard_nodes", spec_shard_nodes },
	{ "shard_percents", spec_shard_percents },
	{ "alerts", spec_alerts },
};

static int behaviour_key(struct sim_bdb *bdb, const char *key, struct json_object *value,
			 const struct spec_location *location)
{
	enum sim_kind kind = sim_kind_find(key);
	size_t i, count = sizeof(spec_keys) / sizeof(spec_keys[0]);

	if (kind < SIM_KINDS && json_object_is_type(value, json_type_object))
		return op_apply(&bdb->op[kind], value, location);
	for (i = 0; i < count; i++) {
		if (strcmp(spec_keys[i].name, key) != 0)
			continue;
		return spec_keys[i].set(bdb, value)
			? 0 : wrong(location, key, "under \"sim\" has an invalid value");
	}
	return wrong(location, key, "is not a setting of \"sim\"");
}

static int behaviour_apply(struct sim_bdb *bdb, struct json_object *behaviour,
			   const struct spec_location *location)
{
	struct json_object_iterator at, end;

	if (!json_object_is_type(behaviour, json_type_object))
		return wrong(location, "sim", "is not an object");
	at = json_object_iter_begin(behaviour);
	end = json_object_iter_end(behaviour);
	for (; !json_object_iter_equal(&at, &end); json_object_iter_next(&at))
		if (behaviour_key(bdb, json_object_iter_peek_name(&at),
				  json_object_iter_peek_value(&at), location) < 0)
			return -1;
	return 0;
}

static int raw_apply(struct sim_bdb *bdb, struct json_object *raw,
		     const struct spec_location *location)
{
	struct json_object_iterator at, end;

	if (!json_object_is_type(raw, json_type_object))
		return wrong(location, "raw", "is not an object");
	at = json_object_iter_begin(raw);
	end = json_object_iter_end(raw);
	for (; !json_object_iter_equal(&at, &end); json_object_iter_next(&at))
		sim_raw_set(bdb, json_object_iter_peek_name(&at),
			    json_object_to_json_string_ext(json_object_iter_peek_value(&at),
							   JSON_C_TO_STRING_PLAIN));
	return 0;
}

static void shift_alerts(struct sim_bdb *bdb, int64_t shift_s)
{
	struct sim_alert *alert;

	for (alert = bdb->alerts; alert; alert = alert->next)
		if (alert->change_s)
			alert->change_s += shift_s;
}

static int key_apply(struct sim_bdb *bdb, const struct json_object_iterator *at, int64_t shift_s,
		     const struct spec_location *location)
{
	const char *key = json_object_iter_peek_name(at);
	struct json_object *value = json_object_iter_peek_value(at);

	if (strcmp(key, "uid") == 0)
		return 0;
	if (strcmp(key, "sim") == 0) {
		if (behaviour_apply(bdb, value, location) < 0)
			return -1;
		shift_alerts(bdb, shift_s);
		return 0;
	}
	if (strcmp(key, "raw") == 0)
		return raw_apply(bdb, value, location);
	switch (sim_field_set(bdb, key, value, shift_s)) {
	case SIM_SET_NO_FIELD:
		return wrong(location, key, "is not a database field that can be set; put other "
					    "fields under \"raw\"");
	case SIM_SET_WRONG_TYPE:
		return wrong(location, key, "does not have the type that the API uses; to send it "
					    "anyway, put it under \"raw\"");
	default:
		return 0;
	}
}

int sim_bdb_spec_apply(struct sim_bdb *bdb, struct json_object *description, int64_t shift_s,
		       const char *where, struct err *err)
{
	const struct spec_location location = { where, err };
	struct json_object_iterator at, end;

	if (!json_object_is_type(description, json_type_object)) {
		err_set(err, ERR_FINAL, "%s: a database is a JSON object.", where);
		return -1;
	}
	at = json_object_iter_begin(description);
	end = json_object_iter_end(description);
	for (; !json_object_iter_equal(&at, &end); json_object_iter_next(&at))
		if (key_apply(bdb, &at, shift_s, &location) < 0)
			return -1;
	return 0;
}

struct sim_bdb *sim_bdb_spec_new(struct json_object *description, uint64_t seed, int64_t shift_s,
				 const char *where, struct err *err)
{
	struct json_object *uid = NULL;
	struct sim_bdb *bdb;
	char name[32];

	if (!json_object_is_type(description, json_type_object) ||
	    !json_object_object_get_ex(description, "uid", &uid) ||
	    !json_object_is_type(uid, json_type_int) || json_object_get_int64(uid) < 1) {
		err_set(err, ERR_FINAL, "%s: a database needs a \"uid\", a number of at least 1.",
			where);
		return NULL;
	}
	snprintf(name, sizeof(name), "db-%" PRId64, json_object_get_int64(uid));
	bdb = sim_bdb_new(json_object_get_int64(uid), name, seed);
	if (sim_bdb_spec_apply(bdb, description, shift_s, where, err) < 0) {
		sim_bdb_free(bdb);
		return NULL;
	}
	return bdb;
}
