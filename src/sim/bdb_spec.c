#include "bdbtop/sim/bdb_spec.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/sim/alert.h"
#include "bdbtop/sim/field.h"
#include "bdbtop/sim/memory.h"
#include "bdbtop/sim/time.h"
#include "bdbtop/sim/keyword.h"

static const char *string_of(struct json_object *value)
{
	return json_object_is_type(value, json_type_string) ? json_object_get_string(value) : NULL;
}

static bool duration(struct json_object *value, int64_t *ms)
{
	const char *text = string_of(value);

	return text && sim_when_duration(text, ms);
}

/* --- "backup": { ... } and its two siblings --- */

static bool op_lasts(struct sim_op *op, struct json_object *v)
{
	return duration(v, &op->lasts_ms);
}

static bool op_again(struct sim_op *op, struct json_object *v)
{
	return duration(v, &op->again_ms);
}

static bool op_first(struct sim_op *op, struct json_object *v)
{
	return duration(v, &op->first_ms);
}

static bool op_began(struct sim_op *op, struct json_object *v)
{
	return duration(v, &op->began_ms);
}

static bool op_stood(struct sim_op *op, struct json_object *v)
{
	return duration(v, &op->stood_ms);
}

static bool op_ended(struct sim_op *op, struct json_object *v)
{
	return duration(v, &op->ago_ms);
}

static bool op_stalls_at(struct sim_op *op, struct json_object *v)
{
	int64_t percent = json_object_get_int64(v);

	if (!json_object_is_type(v, json_type_int) || percent < 0 || percent > 100)
		return false;
	op->stall_tenths = (int)percent * 10;
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
	{ "lasts", op_lasts },		{ "again", op_again }, { "first", op_first },
	{ "stalls_at", op_stalls_at },	{ "fault", op_fault }, { "fault_runs", op_fault_runs },
	{ "began", op_began },		{ "stood", op_stood }, { "ended", op_ended },
};

/* Where a mistake stands, and the place to write its sentence. */
struct spot {
	const char *where;
	struct err *err;
};

static int wrong(const struct spot *spot, const char *key, const char *what)
{
	char shown[SIM_WORD_SHOWN];

	err_set(spot->err, ERR_FINAL, "%s: \"%s\" %s.", spot->where, sim_word_show(key, shown),
		what);
	return -1;
}

static int op_apply(struct sim_op *op, struct json_object *manner, const struct spot *spot)
{
	struct json_object_iterator at = json_object_iter_begin(manner);
	struct json_object_iterator end = json_object_iter_end(manner);

	for (; !json_object_iter_equal(&at, &end); json_object_iter_next(&at)) {
		const char *key = json_object_iter_peek_name(&at);
		size_t i, count = sizeof(op_keys) / sizeof(op_keys[0]);

		for (i = 0; i < count; i++)
			if (strcmp(op_keys[i].name, key) == 0)
				break;
		if (i == count)
			return wrong(spot, key, "is nothing that an operation can be told");
		if (!op_keys[i].set(op, json_object_iter_peek_value(&at)))
			return wrong(spot, key, "has a value that does not fit; durations are "
						"written as in \"90s\"");
	}
	return 0;
}

/* --- "sim": { ... } --- */

static bool sim_temper(struct sim_bdb *bdb, struct json_object *v)
{
	static const char *const words[] = {
		[SIM_OBEYS] = "obeys", [SIM_IGNORES] = "ignores", [SIM_DENIES] = "denies",
		[SIM_VANISHES] = "vanishes", [SIM_SILENT] = "silent",
	};
	const char *word = string_of(v);
	size_t i;

	for (i = 0; word && i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(word, words[i]) == 0) {
			bdb->temper = (enum sim_temper)i;
			return true;
		}
	}
	return false;
}

static bool sim_busy(struct sim_bdb *bdb, struct json_object *v)
{
	const char *word = string_of(v);

	if (word && strcmp(word, "for ever") == 0) {
		bdb->busy_ms = SIM_NEVER;
		return true;
	}
	return duration(v, &bdb->busy_ms);
}

static bool sim_forgotten(struct sim_bdb *bdb, struct json_object *v)
{
	bdb->forgotten = json_object_get_boolean(v);
	return json_object_is_type(v, json_type_boolean);
}

/* Small numbers, into a new array. */
static bool numbers(struct json_object *v, int64_t most, unsigned char **to, int *count)
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

		if (!json_object_is_type(number, json_type_int) || value < 0 || value > most)
			return false;
		(*to)[i] = (unsigned char)value;
	}
	return true;
}

static bool sim_shards_from(struct sim_bdb *bdb, struct json_object *v)
{
	bdb->shards_from = json_object_get_int64(v);
	return json_object_is_type(v, json_type_int) && bdb->shards_from > 0;
}

static bool sim_shards_on(struct sim_bdb *bdb, struct json_object *v)
{
	return numbers(v, UINT8_MAX, &bdb->shards_on, &bdb->shards_on_count);
}

static bool sim_shards_at(struct sim_bdb *bdb, struct json_object *v)
{
	return numbers(v, 100, &bdb->shards_at, &bdb->shards_at_count);
}

static bool alert_member(struct sim_alert *alert, const char *key, struct json_object *v)
{
	const char *text = string_of(v);
	bool truth = json_object_is_type(v, json_type_boolean);

	if (strcmp(key, "enabled") == 0 && truth)
		alert->enabled = json_object_get_boolean(v);
	else if (strcmp(key, "state") == 0 && truth)
		alert->state = json_object_get_boolean(v);
	else if (strcmp(key, "threshold") == 0 && text)
		sim_alert_threshold(alert, text);
	else if (strcmp(key, "severity") == 0 && text)
		sim_alert_severity(alert, text);
	else
		return strcmp(key, "change_time") == 0 && text &&
		       sim_when_parse(text, &alert->change_s);
	return true;
}

static bool sim_alerts(struct sim_bdb *bdb, struct json_object *v)
{
	if (!json_object_is_type(v, json_type_object))
		return false;
	json_object_object_foreach(v, name, described) {
		struct sim_alert *alert = sim_alert_of(bdb, name);

		if (!json_object_is_type(described, json_type_object))
			return false;
		json_object_object_foreach(described, key, value) {
			if (!alert_member(alert, key, value))
				return false;
		}
	}
	return true;
}

static const struct {
	const char *name;
	bool (*set)(struct sim_bdb *, struct json_object *);
} sim_keys[] = {
	{ "temper", sim_temper }, { "busy", sim_busy }, { "forgotten", sim_forgotten },
	{ "shards_from", sim_shards_from }, { "shards_on", sim_shards_on },
	{ "shards_at", sim_shards_at }, { "alerts", sim_alerts },
};

static int manner_key(struct sim_bdb *bdb, const char *key, struct json_object *value,
		      const struct spot *spot)
{
	enum sim_kind kind = sim_kind_find(key);
	size_t i, count = sizeof(sim_keys) / sizeof(sim_keys[0]);

	if (kind < SIM_KINDS && json_object_is_type(value, json_type_object))
		return op_apply(&bdb->op[kind], value, spot);
	for (i = 0; i < count; i++) {
		if (strcmp(sim_keys[i].name, key) != 0)
			continue;
		return sim_keys[i].set(bdb, value)
			? 0 : wrong(spot, key, "under \"sim\" has a value that does not fit");
	}
	return wrong(spot, key, "is nothing that \"sim\" can hold");
}

static int manner_apply(struct sim_bdb *bdb, struct json_object *manner, const struct spot *spot)
{
	struct json_object_iterator at, end;

	if (!json_object_is_type(manner, json_type_object))
		return wrong(spot, "sim", "is not an object");
	at = json_object_iter_begin(manner);
	end = json_object_iter_end(manner);
	for (; !json_object_iter_equal(&at, &end); json_object_iter_next(&at))
		if (manner_key(bdb, json_object_iter_peek_name(&at),
			       json_object_iter_peek_value(&at), spot) < 0)
			return -1;
	return 0;
}

static int raw_apply(struct sim_bdb *bdb, struct json_object *raw, const struct spot *spot)
{
	struct json_object_iterator at, end;

	if (!json_object_is_type(raw, json_type_object))
		return wrong(spot, "raw", "is not an object");
	at = json_object_iter_begin(raw);
	end = json_object_iter_end(raw);
	for (; !json_object_iter_equal(&at, &end); json_object_iter_next(&at))
		sim_raw_set(bdb, json_object_iter_peek_name(&at),
			    json_object_to_json_string_ext(json_object_iter_peek_value(&at),
							   JSON_C_TO_STRING_PLAIN));
	return 0;
}

static void move_alerts(struct sim_bdb *bdb, int64_t shift_s)
{
	struct sim_alert *alert;

	for (alert = bdb->alerts; alert; alert = alert->next)
		if (alert->change_s)
			alert->change_s += shift_s;
}

static int key_apply(struct sim_bdb *bdb, const struct json_object_iterator *at, int64_t shift_s,
		     const struct spot *spot)
{
	const char *key = json_object_iter_peek_name(at);
	struct json_object *value = json_object_iter_peek_value(at);

	if (strcmp(key, "uid") == 0)
		return 0;
	if (strcmp(key, "sim") == 0) {
		if (manner_apply(bdb, value, spot) < 0)
			return -1;
		move_alerts(bdb, shift_s);
		return 0;
	}
	if (strcmp(key, "raw") == 0)
		return raw_apply(bdb, value, spot);
	switch (sim_field_set(bdb, key, value, shift_s)) {
	case SIM_SET_UNKNOWN:
		return wrong(spot, key, "is no field of a database that can be set; others go "
					"under \"raw\"");
	case SIM_SET_TYPE:
		return wrong(spot, key, "has a value of another type than the API gives it; to "
					"tell it so, put it under \"raw\"");
	default:
		return 0;
	}
}

int sim_cast_apply(struct sim_bdb *bdb, struct json_object *described, int64_t shift_s,
		   const char *where, struct err *err)
{
	const struct spot spot = { where, err };
	struct json_object_iterator at, end;

	if (!json_object_is_type(described, json_type_object)) {
		err_set(err, ERR_FINAL, "%s: a database is a JSON object.", where);
		return -1;
	}
	at = json_object_iter_begin(described);
	end = json_object_iter_end(described);
	for (; !json_object_iter_equal(&at, &end); json_object_iter_next(&at))
		if (key_apply(bdb, &at, shift_s, &spot) < 0)
			return -1;
	return 0;
}

struct sim_bdb *sim_cast_new(struct json_object *described, uint64_t seed, int64_t shift_s,
			     const char *where, struct err *err)
{
	struct json_object *uid = NULL;
	struct sim_bdb *bdb;
	char name[32];

	if (!json_object_is_type(described, json_type_object) ||
	    !json_object_object_get_ex(described, "uid", &uid) ||
	    !json_object_is_type(uid, json_type_int) || json_object_get_int64(uid) < 1) {
		err_set(err, ERR_FINAL, "%s: a database needs a \"uid\", a number from 1 on.",
			where);
		return NULL;
	}
	snprintf(name, sizeof(name), "db-%" PRId64, json_object_get_int64(uid));
	bdb = sim_bdb_new(json_object_get_int64(uid), name, seed);
	if (sim_cast_apply(bdb, described, shift_s, where, err) < 0) {
		sim_bdb_free(bdb);
		return NULL;
	}
	return bdb;
}
