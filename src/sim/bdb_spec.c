#include "scenario.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/time.h"
#include "report.h"
#include "field.h"
#include "memory.h"
#include "param.h"
#include "keyword.h"

/* The description of one database that is read. */
struct spec_reader {
	struct sim_bdb *bdb;
	int64_t shift_s;
	const char *where;	/* for errors */
	struct err *err;
};

static int wrong(const struct spec_reader *r, const char *key, const char *what)
{
	char shown[SIM_KEYWORD_SHOWN_SIZE];

	return err_set(r->err, ERR_FINAL, "%s: \"%s\" %s.", r->where, sim_keyword_show(key, shown),
		       what);
}

/* --- "backup", "export", "import": { ... } --- */

#define OP(name, type, member, min, max) { SIM_PARAM(name, type, sim_op, member, min, max) }
#define OP_DURATION(name, member) OP(name, SIM_PARAM_DURATION, member, 0, 0)

static const struct sim_param op_keys[] = {
	OP_DURATION("run_time", run_time_ms),
	OP_DURATION("retry_after", retry_after_ms),
	OP_DURATION("first_start", first_start_ms),
	{ SIM_PARAM("stalls_at_percent", SIM_PARAM_SMALL, sim_op, stalls_at_tenths, 0, 100),
	  .factor = 10 },
	OP("fault", SIM_PARAM_TEXT, fault, 0, SIM_REASON_MAX),
	OP("fault_runs", SIM_PARAM_SMALL, fault_runs, 1, 1000000),
	OP_DURATION("running_for", running_for_ms),
	OP_DURATION("stalled_for", stalled_for_ms),
	OP_DURATION("failed_ago", failed_ago_ms),
	{ .name = NULL },
};

static int read_op(void *member, struct json_object *behaviour, const char *where, struct err *err)
{
	struct sim_op *op = member;

	if (sim_param_read(op_keys, op, behaviour, where, err) < 0)
		return -1;
	if (json_object_object_get_ex(behaviour, "fault", NULL) && !op->fault_runs)
		op->fault_runs = -1;
	return 0;
}

/* --- "sim": { ... } --- */

#define ALERT(name, type, member)                                                                  \
	{ SIM_PARAM(name, type, sim_alert, member, 0, INT64_MAX) }

static const struct sim_param alert_keys[] = {
	ALERT("enabled", SIM_PARAM_FLAG, enabled),
	ALERT("state", SIM_PARAM_FLAG, state),
	ALERT("threshold", SIM_PARAM_COPY, threshold),
	ALERT("severity", SIM_PARAM_COPY, severity),
	ALERT("change_time", SIM_PARAM_TIME, change_s),
	{ .name = NULL },
};

static int read_alerts(void *bdb, struct json_object *alerts, const char *where, struct err *err)
{
	char shown[SIM_KEYWORD_SHOWN_SIZE], below[256];

	if (!json_object_is_type(alerts, json_type_object))
		return err_set(err, ERR_FINAL, "%s must be an object.", where);
	json_object_object_foreach(alerts, name, alert) {
		snprintf(below, sizeof(below), "%s: \"%s\"", where, sim_keyword_show(name, shown));
		if (sim_param_read(alert_keys, sim_alert_get(bdb, name), alert, below, err) < 0)
			return -1;
	}
	return 0;
}

static const char *const reset_behaviours[] = {
	[SIM_RESET_OBEYS] = "obeys",	  [SIM_RESET_IGNORES] = "ignores",
	[SIM_RESET_FORBIDS] = "denies",	  [SIM_RESET_DELETES] = "vanishes",
	[SIM_RESET_NO_REPLY] = "silent", NULL,
};

#define BDB(name, type, member, min, max) { SIM_PARAM(name, type, sim_bdb, member, min, max) }
#define BDB_OP(name, KIND)                                                                         \
	{ SIM_PARAM(name, SIM_PARAM_NONE, sim_bdb, op[KIND], 0, 0), .read = read_op }

static const struct sim_param behaviour_keys[] = {
	{ SIM_PARAM("reset_behaviour", SIM_PARAM_WORD, sim_bdb, reset_behaviour, 0, 0),
	  .words = reset_behaviours },
	BDB("first_shard_uid", SIM_PARAM_INT, first_shard_uid, 1, INT64_MAX),
	BDB("busy", SIM_PARAM_ENDLESS, busy_ms, 0, 0),
	BDB("unscheduled", SIM_PARAM_BOOL, unscheduled, 0, 0),
	BDB("shard_nodes", SIM_PARAM_NUMBERS, shard_nodes, 0, UINT8_MAX),
	BDB("shard_percents", SIM_PARAM_NUMBERS, shard_percents, 0, 100),
	BDB_OP("backup", SIM_BACKUP),
	BDB_OP("export", SIM_EXPORT),
	BDB_OP("import", SIM_IMPORT),
	{ .name = "alerts", .read = read_alerts },
	{ .name = NULL },
};

static int apply_behaviour(const struct spec_reader *r, struct json_object *behaviour)
{
	struct sim_alert *alert;
	char where[200];

	snprintf(where, sizeof(where), "%s: \"sim\"", r->where);
	if (sim_param_read(behaviour_keys, r->bdb, behaviour, where, r->err) < 0)
		return -1;
	for (alert = r->bdb->alerts; alert; alert = alert->next)
		if (alert->change_s)
			alert->change_s += r->shift_s;
	return 0;
}

/* --- the database --- */

static int apply_raw(const struct spec_reader *r, struct json_object *raw)
{
	if (!json_object_is_type(raw, json_type_object))
		return wrong(r, "raw", "is not an object");
	json_object_object_foreach(raw, key, value) {
		sim_raw_set(r->bdb, key, sim_param_json(value));
	}
	return 0;
}

static int apply_key(const struct spec_reader *r, const char *key, struct json_object *value)
{
	if (strcmp(key, "uid") == 0)
		return 0;
	if (strcmp(key, "sim") == 0)
		return apply_behaviour(r, value);
	if (strcmp(key, "raw") == 0)
		return apply_raw(r, value);
	switch (sim_field_set(r->bdb, key, value, r->shift_s)) {
	case SIM_SET_NO_FIELD:
		return wrong(r, key, "is not a database field that can be set; put other fields "
				     "under \"raw\"");
	case SIM_SET_WRONG_TYPE:
		return wrong(r, key, "does not have the type that the API uses; to send it anyway, "
				     "put it under \"raw\"");
	default:
		return 0;
	}
}

int sim_bdb_spec_apply(struct sim_bdb *bdb, struct json_object *description, int64_t shift_s,
		       const char *where, struct err *err)
{
	const struct spec_reader r = { bdb, shift_s, where, err };

	if (!json_object_is_type(description, json_type_object))
		return err_set(err, ERR_FINAL, "%s: a database is a JSON object.", where);
	json_object_object_foreach(description, key, value) {
		if (apply_key(&r, key, value) < 0)
			return -1;
	}
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
