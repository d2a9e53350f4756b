#include "field.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/array.h"
#include "lifecycle.h"
#include "memory.h"
#include "keyword.h"
#include "param.h"

/* The input of a field's write function, which writes nothing if the key is absent. */
struct field_writer {
	struct sim_buffer *buffer;
	const struct sim_bdb *bdb;
	int64_t now_ms;
	const char *key;
	enum sim_kind kind;
};

/* A field is reported as json or by write, else from the member of param; it is set by set, else
 * as param says.  A field with neither cannot be set. */
struct sim_field {
	struct sim_param param;		/* of the database, or of its operation */
	enum sim_kind kind;		/* SIM_KINDS: of the database */
	const char *json;
	void (*write)(const struct field_writer *);
	bool (*set)(struct sim_bdb *, enum sim_kind, struct json_object *);
};

/* --- writing --- */

static void write_uid(const struct field_writer *p)
{
	sim_json_number(p->buffer, p->key, p->bdb->uid);
}

static void write_sharding(const struct field_writer *p)
{
	sim_json_boolean(p->buffer, p->key, p->bdb->shards > 1);
}

static void write_state(const struct field_writer *p)
{
	sim_json_string(p->buffer, p->key, sim_bdb_state(p->bdb, p->now_ms));
}

static void write_action(const struct field_writer *p)
{
	char id[SIM_ACTION_ID_SIZE];

	/* captured replies have the key only while an action runs */
	if (!sim_bdb_is_busy(p->bdb, p->now_ms))
		return;
	sim_action_change_id(p->bdb, id);
	sim_json_string(p->buffer, p->key, id);
}

static void write_endpoints(const struct field_writer *p)
{
	int64_t uid = p->bdb->uid, port = 10000 + uid % 50000;
	struct sim_buffer *out = p->buffer;

	sim_json_open(out, p->key, '[');
	sim_buffer_print(out,
			 "{\"addr\":[\"10.0.0.%" PRId64 "\"],\"addr_type\":\"internal\","
			 "\"dns_name\":\"redis-%" PRId64 ".cluster.example\",\"port\":%" PRId64 ","
			 "\"proxy_policy\":\"single\",\"uid\":\"%" PRId64 ":1\"}",
			 uid % 3 + 1, port, port, uid);
	sim_json_close(out, ']');
}

static void write_modules(const struct field_writer *p)
{
	sim_json_raw(p->buffer, p->key, p->bdb->modules ? sim_param_json(p->bdb->modules) : "[]");
}

static void write_tags(const struct field_writer *p)
{
	sim_json_raw(p->buffer, p->key, p->bdb->tags ? p->bdb->tags : "[]");
}

/* A test proves with this dummy that bdbtop never requests the fields that have it. */
#define DUMMY "dummy-that-nobody-should-ever-have-asked-for-00"

static void write_location(const struct field_writer *p)
{
	static const char location[] =
		"{\"type\":\"s3\",\"bucket_name\":\"backups\",\"subdir\":\"\","
		"\"access_key_id\":\"dummy\",\"secret_access_key\":\"" DUMMY "1\"}";

	if (p->bdb->backup_enabled)
		sim_json_raw(p->buffer, p->key, location);
}

static void write_idle(const struct field_writer *p, const char *word)
{
	switch (p->bdb->defaults->setup.idle_form) {
	case SIM_IDLE_ABSENT:
		break;
	case SIM_IDLE_NULL:
		sim_json_raw(p->buffer, p->key, "null");
		break;
	case SIM_IDLE_WORD:
		sim_json_string(p->buffer, p->key, word);
		break;
	case SIM_IDLE_EMPTY:
		sim_json_raw(p->buffer, p->key, "\"\"");
	}
}

static void write_status(const struct field_writer *p)
{
	const struct sim_op *op = &p->bdb->op[p->kind];

	if (op->phase == SIM_IDLE)
		write_idle(p, "idle");
	else
		sim_json_string(p->buffer, p->key, op->status);
}

static void write_reason(const struct field_writer *p)
{
	const struct sim_op *op = &p->bdb->op[p->kind];

	if (op->reason[0])
		sim_json_string(p->buffer, p->key, op->reason);
	else if (op->phase == SIM_IDLE)
		write_idle(p, "");
	else
		sim_json_raw(p->buffer, p->key, "\"\"");
}

static void write_progress(const struct field_writer *p)
{
	const struct sim_op *op = &p->bdb->op[p->kind];

	if (op->phase != SIM_IDLE)
		sim_json_tenths(p->buffer, p->key, sim_op_tenths(op, p->now_ms));
	else if (p->bdb->defaults->setup.idle_form == SIM_IDLE_NULL)
		sim_json_raw(p->buffer, p->key, "null");
	else if (p->bdb->defaults->setup.idle_form != SIM_IDLE_ABSENT)
		sim_json_raw(p->buffer, p->key, "0.0");
}

static void write_last_time(const struct field_writer *p)
{
	if (p->bdb->op[p->kind].last_ok_s)
		sim_json_time(p->buffer, p->key, p->bdb->op[p->kind].last_ok_s);
}

/* Write the member that the row describes. */
static void write_member(const struct field_writer *p, const struct sim_field *field)
{
	const void *record = p->kind < SIM_KINDS ? (const void *)&p->bdb->op[p->kind] : p->bdb;
	const void *member = (const char *)record + field->param.offset;

	switch (field->param.type) {
	case SIM_PARAM_INT:
		sim_json_number(p->buffer, p->key, *(const int64_t *)member);
		break;
	case SIM_PARAM_SMALL:
		sim_json_number(p->buffer, p->key, *(const int *)member);
		break;
	case SIM_PARAM_BOOL:
		sim_json_boolean(p->buffer, p->key, *(const bool *)member);
		break;
	case SIM_PARAM_TIME:
		sim_json_time(p->buffer, p->key, *(const int64_t *)member);
		break;
	case SIM_PARAM_COPY:
		sim_json_string(p->buffer, p->key, *(char *const *)member);
		break;
	default:
		sim_json_string(p->buffer, p->key, member);
	}
}

static void write_field(const struct field_writer *p, const struct sim_field *field)
{
	if (field->json)
		sim_json_raw(p->buffer, p->key, field->json);
	else if (field->write)
		field->write(p);
	else
		write_member(p, field);
}

/* --- setting --- */

static bool set_status(struct sim_bdb *bdb, enum sim_kind kind, struct json_object *value)
{
	const char *word = sim_param_text(value);

	if (!word || strlen(word) >= SIM_STATUS_MAX)
		return false;
	sim_op_set_status(&bdb->op[kind], kind, word);
	return true;
}

static bool set_progress(struct sim_bdb *bdb, enum sim_kind kind, struct json_object *value)
{
	double percent = json_object_get_double(value);

	if (!json_object_is_type(value, json_type_double) &&
	    !json_object_is_type(value, json_type_int))
		return false;
	if (!(percent >= 0 && percent <= 100))
		return false;
	bdb->op[kind].tenths = (int)(percent * 10 + 0.5);
	return true;
}

static bool set_tags(struct sim_bdb *bdb, enum sim_kind kind, struct json_object *value)
{
	(void)kind;
	if (!json_object_is_type(value, json_type_array))
		return false;
	sim_memory_replace(&bdb->tags, sim_param_json(value));
	return true;
}

static struct json_object *new_module(struct json_object *element)
{
	const char *name = sim_param_text(element);
	struct json_object *module;

	if (!name)
		name = sim_param_member(element, "module_name");
	if (!name)
		return NULL;
	module = json_object_new_object();
	json_object_object_add(module, "module_args", json_object_new_string(""));
	json_object_object_add(module, "module_name", json_object_new_string(name));
	return module;
}

static bool set_modules(struct sim_bdb *bdb, enum sim_kind kind, struct json_object *value)
{
	struct json_object *modules = json_object_new_array(), *module = modules;
	size_t i;

	(void)kind;
	if (!json_object_is_type(value, json_type_array))
		module = NULL;
	for (i = 0; module && i < json_object_array_length(value); i++) {
		module = new_module(json_object_array_get_idx(value, i));
		json_object_array_add(modules, module);
	}
	json_object_put(module ? bdb->modules : modules);
	if (module)
		bdb->modules = modules;
	return module;
}

/* --- the table --- */

#define MEMBER(name, type, member, max)                                                            \
	.param = { SIM_PARAM(name, type, sim_bdb, member, 0, max) }, .kind = SIM_KINDS
#define OP_MEMBER(name, type, member, max, KIND)                                                   \
	.param = { SIM_PARAM(name, type, sim_op, member, 0, max) }, .kind = KIND
#define OTHER(key, KIND) .param = { .name = key }, .kind = KIND
#define FIXED(key, text) OTHER(key, SIM_KINDS), .json = text
#define BOOLEAN(name, member) MEMBER(name, SIM_PARAM_BOOL, member, 0)
#define OPERATION(word, KIND)                                                                      \
	{ OTHER(word "_status", KIND), .write = write_status, .set = set_status },                 \
	{ OTHER(word "_progress", KIND), .write = write_progress, .set = set_progress },           \
	{ OP_MEMBER(word "_failure_reason", SIM_PARAM_TEXT, reason, SIM_REASON_MAX, KIND),         \
	  .write = write_reason }
#define LAST_TIME(name, KIND)                                                                      \
	{ OP_MEMBER(name, SIM_PARAM_TIME, last_ok_s, 0, KIND), .write = write_last_time }

static const struct sim_field fields[] = {
	{ OTHER("uid", SIM_KINDS), .write = write_uid },
	{ MEMBER("name", SIM_PARAM_COPY, name, 4096) },
	{ MEMBER("status", SIM_PARAM_TEXT, state, SIM_STATE_MAX), .write = write_state },
	{ FIXED("type", "\"redis\"") },
	{ FIXED("version", "\"8.0.0\"") },
	{ FIXED("redis_version", "\"8.0\"") },
	{ BOOLEAN("crdt", crdt) },
	{ BOOLEAN("internal", internal) },
	{ MEMBER("created_time", SIM_PARAM_TIME, created_s, 0) },
	{ MEMBER("last_changed_time", SIM_PARAM_TIME, changed_s, 0) },
	{ OTHER("action_uid", SIM_KINDS), .write = write_action },
	{ MEMBER("memory_size", SIM_PARAM_INT, memory_bytes, INT64_MAX) },
	{ .param = { SIM_PARAM("shards_count", SIM_PARAM_SMALL, sim_bdb, shards, 1,
			       SIM_SHARDS_MAX) }, .kind = SIM_KINDS },
	{ OTHER("sharding", SIM_KINDS), .write = write_sharding },
	{ BOOLEAN("replication", replication) },
	{ MEMBER("data_persistence", SIM_PARAM_TEXT, persistence, SIM_PERSISTENCE_MAX) },
	{ BOOLEAN("backup", backup_enabled) },
	{ MEMBER("backup_interval", SIM_PARAM_INT, backup_interval_s, INT32_MAX) },
	{ MEMBER("backup_interval_offset", SIM_PARAM_INT, backup_offset_s, INT32_MAX) },
	{ MEMBER("backup_history", SIM_PARAM_INT, history_days, INT32_MAX) },
	OPERATION("backup", SIM_BACKUP),
	LAST_TIME("last_backup_time", SIM_BACKUP),
	OPERATION("export", SIM_EXPORT),
	LAST_TIME("last_export_time", SIM_EXPORT),
	OPERATION("import", SIM_IMPORT),
	{ OTHER("endpoints", SIM_KINDS), .write = write_endpoints },
	{ OTHER("module_list", SIM_KINDS), .write = write_modules, .set = set_modules },
	{ OTHER("tags", SIM_KINDS), .write = write_tags, .set = set_tags },
	{ FIXED("bigstore", "false") },
	{ FIXED("email_alerts", "false") },
	{ FIXED("oss_cluster", "false") },
	{ FIXED("crdt_guid", "\"\"") },
	{ FIXED("dataset_import_sources", "[]") },
	{ FIXED("replica_sources", "[]") },
	{ FIXED("sync_sources", "[]") },
	{ FIXED("authentication_redis_pass", "\"" DUMMY "0\"") },
	{ FIXED("authentication_admin_pass", "\"" DUMMY "0\"") },
	{ OTHER("backup_location", SIM_KINDS), .write = write_location },
};

static const struct sim_field *find_field(const char *name)
{
	return SIM_KEYWORD_ROW(name, fields);
}

enum sim_kind sim_field_kind(const char *name)
{
	const struct sim_field *field = find_field(name);

	return field ? field->kind : SIM_KINDS;
}

struct json_object *sim_field_names(const char *list)
{
	struct json_object *names = json_object_new_object();
	char *copy = sim_memory_copy(list), *rest = NULL, *name;

	for (name = strtok_r(copy, ",", &rest); name; name = strtok_r(NULL, ",", &rest)) {
		const struct sim_field *field = find_field(name);

		/* found once for a list, not for each of its databases */
		json_object_object_add(
			names, name, field ? json_object_new_int64(field - fields) : NULL);
	}
	free(copy);
	return names;
}

/* Write the field or raw value with this name, if there is one. */
static void write_named(struct field_writer *p, const char *name, const struct sim_field *field)
{
	struct json_object *raw;

	p->key = name;
	if (p->bdb->raw && json_object_object_get_ex(p->bdb->raw, name, &raw)) {
		if (raw)
			sim_json_raw(p->buffer, name, json_object_get_string(raw));
	} else if (field) {
		p->kind = field->kind;
		write_field(p, field);
	}
}

static void write_all(struct field_writer *p)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(fields); i++)
		write_named(p, fields[i].param.name, &fields[i]);
	if (!p->bdb->raw)
		return;
	json_object_object_foreach(p->bdb->raw, name, raw) {
		(void)raw;
		if (!find_field(name))
			write_named(p, name, NULL);
	}
}

void sim_field_write(const struct sim_report *report, const struct sim_bdb *bdb)
{
	struct field_writer writer = { .buffer = report->out,
				       .bdb = bdb,
				       .now_ms = report->now_ms };

	sim_json_open(report->out, NULL, '{');
	if (report->fields) {
		json_object_object_foreach(report->fields, name, index) write_named(
			&writer, name, index ? &fields[json_object_get_int64(index)] : NULL);
	} else {
		write_all(&writer);
	}
	sim_json_close(report->out, '}');
}

enum sim_set_result sim_field_set(struct sim_bdb *bdb, const char *name, struct json_object *value,
				  int64_t shift_s)
{
	const struct sim_field *field = find_field(name);
	void *record = bdb;

	if (!field || (!field->set && field->param.type == SIM_PARAM_NONE))
		return SIM_SET_NO_FIELD;
	if (field->set)
		return field->set(bdb, field->kind, value) ? SIM_SET_OK : SIM_SET_WRONG_TYPE;
	if (field->kind < SIM_KINDS)
		record = &bdb->op[field->kind];
	if (!sim_param_set_json(&field->param, record, value))
		return SIM_SET_WRONG_TYPE;
	if (field->param.type == SIM_PARAM_TIME)
		*(int64_t *)(void *)((char *)record + field->param.offset) += shift_s;
	return SIM_SET_OK;
}
