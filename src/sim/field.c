#include "field.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "action.h"
#include "memory.h"
#include "time.h"

/* The input of a field's write function, which calls put_key() only if the key is present. */
struct field_writer {
	struct sim_buffer *buffer;
	const struct sim_bdb *bdb;
	const struct sim_defaults *defaults;
	int64_t now_ms;
	const char *key;
	enum sim_kind kind;
	bool first;
};

struct field_value {
	struct sim_bdb *bdb;
	struct json_object *value;
	int64_t shift_s;
	enum sim_kind kind;
};

struct sim_field {
	const char *name;
	void (*write)(struct field_writer *);
	bool (*set)(struct field_value *);	/* NULL: cannot be set; false: wrong type */
	enum sim_kind kind;
};

static struct sim_buffer *put_key(struct field_writer *p)
{
	sim_buffer_add(p->buffer, p->first ? "{\"" : ",\"", 2);
	sim_buffer_put(p->buffer, p->key);
	sim_buffer_add(p->buffer, "\":", 2);
	p->first = false;
	return p->buffer;
}

/* --- writing --- */

static void write_uid(struct field_writer *p) { sim_buffer_number(put_key(p), p->bdb->uid); }
static void write_name(struct field_writer *p) { sim_buffer_string(put_key(p), p->bdb->name); }
static void write_type(struct field_writer *p) { sim_buffer_put(put_key(p), "\"redis\""); }
static void write_version(struct field_writer *p) { sim_buffer_put(put_key(p), "\"8.0.0\""); }
static void write_redis_version(struct field_writer *p) { sim_buffer_put(put_key(p), "\"8.0\""); }
static void write_memory(struct field_writer *p)
{
	sim_buffer_number(put_key(p), p->bdb->memory_bytes);
}
static void write_shards(struct field_writer *p) { sim_buffer_number(put_key(p), p->bdb->shards); }
static void write_sharding(struct field_writer *p)
{
	sim_buffer_boolean(put_key(p), p->bdb->shards > 1);
}
static void write_replication(struct field_writer *p)
{
	sim_buffer_boolean(put_key(p), p->bdb->replication);
}
static void write_crdt(struct field_writer *p) { sim_buffer_boolean(put_key(p), p->bdb->crdt); }
static void write_internal(struct field_writer *p)
{
	sim_buffer_boolean(put_key(p), p->bdb->internal);
}
static void write_persistence(struct field_writer *p)
{
	sim_buffer_string(put_key(p), p->bdb->persistence);
}
static void write_created(struct field_writer *p)
{
	sim_buffer_time(put_key(p), p->bdb->created_s);
}
static void write_changed(struct field_writer *p)
{
	sim_buffer_time(put_key(p), p->bdb->changed_s);
}
static void write_backup(struct field_writer *p)
{
	sim_buffer_boolean(put_key(p), p->bdb->backup_enabled);
}
static void write_interval(struct field_writer *p)
{
	sim_buffer_number(put_key(p), p->bdb->backup_interval_s);
}
static void write_offset(struct field_writer *p)
{
	sim_buffer_number(put_key(p), p->bdb->backup_offset_s);
}
static void write_history(struct field_writer *p)
{
	sim_buffer_number(put_key(p), p->bdb->history_days);
}
static void write_false(struct field_writer *p) { sim_buffer_put(put_key(p), "false"); }
static void write_empty_array(struct field_writer *p) { sim_buffer_put(put_key(p), "[]"); }
static void write_empty_string(struct field_writer *p) { sim_buffer_put(put_key(p), "\"\""); }

static void write_state(struct field_writer *p)
{
	sim_buffer_string(put_key(p), sim_bdb_state(p->bdb, p->now_ms));
}

static void write_action(struct field_writer *p)
{
	char id[SIM_ACTION_ID_SIZE];

	/* captured replies have the key only while an action runs */
	if (!sim_bdb_is_busy(p->bdb, p->now_ms))
		return;
	sim_action_change_id(p->bdb, id);
	sim_buffer_print(put_key(p), "\"%s\"", id);
}

static void write_endpoints(struct field_writer *p)
{
	const struct sim_bdb *bdb = p->bdb;
	int64_t node = bdb->uid % 3 + 1, port = 10000 + bdb->uid % 50000;

	sim_buffer_print(put_key(p),
			 "[{\"addr\":[\"10.0.0.%" PRId64 "\"],\"addr_type\":\"internal\","
			 "\"dns_name\":\"redis-%" PRId64 ".cluster.example\",\"port\":%" PRId64 ","
			 "\"proxy_policy\":\"single\",\"uid\":\"%" PRId64 ":1\"}]",
			 node, port, port, bdb->uid);
}

static void write_modules(struct field_writer *p)
{
	struct sim_buffer *out = put_key(p);
	size_t i;

	sim_buffer_put(out, "[");
	for (i = 0; i < p->bdb->module_count; i++) {
		sim_buffer_put(out, i ? ",{\"module_args\":\"\",\"module_name\":"
				      : "{\"module_args\":\"\",\"module_name\":");
		sim_buffer_string(out, p->bdb->modules[i]);
		sim_buffer_put(out, "}");
	}
	sim_buffer_put(out, "]");
}

static void write_tags(struct field_writer *p)
{
	sim_buffer_put(put_key(p), p->bdb->tags ? p->bdb->tags : "[]");
}

/* A test proves with this dummy that bdbtop never requests the field. */
static void write_secret(struct field_writer *p)
{
	sim_buffer_put(put_key(p), "\"dummy-that-nobody-should-ever-have-asked-for-000\"");
}

static void write_location(struct field_writer *p)
{
	static const char location[] =
		"{\"type\":\"s3\",\"bucket_name\":\"backups\",\"subdir\":\"\","
		"\"access_key_id\":\"dummy\",\"secret_access_key\":"
		"\"dummy-that-nobody-should-ever-have-asked-for-001\"}";

	if (p->bdb->backup_enabled)
		sim_buffer_put(put_key(p), location);
}

static void write_idle(struct field_writer *p, const char *word)
{
	switch (p->defaults->idle_form) {
	case SIM_IDLE_ABSENT:
		break;
	case SIM_IDLE_NULL:
		sim_buffer_put(put_key(p), "null");
		break;
	case SIM_IDLE_WORD:
		sim_buffer_string(put_key(p), word);
		break;
	case SIM_IDLE_EMPTY:
		sim_buffer_put(put_key(p), "\"\"");
	}
}

static void write_status(struct field_writer *p)
{
	const struct sim_op *op = &p->bdb->op[p->kind];

	if (op->phase == SIM_IDLE)
		write_idle(p, "idle");
	else
		sim_buffer_string(put_key(p), op->status);
}

static void write_reason(struct field_writer *p)
{
	const struct sim_op *op = &p->bdb->op[p->kind];

	if (op->reason[0])
		sim_buffer_string(put_key(p), op->reason);
	else if (op->phase == SIM_IDLE)
		write_idle(p, "");
	else
		sim_buffer_put(put_key(p), "\"\"");
}

static void write_progress(struct field_writer *p)
{
	const struct sim_op *op = &p->bdb->op[p->kind];

	if (op->phase != SIM_IDLE)
		sim_buffer_tenths(put_key(p), sim_op_tenths(op, p->now_ms));
	else if (p->defaults->idle_form == SIM_IDLE_NULL)
		sim_buffer_put(put_key(p), "null");
	else if (p->defaults->idle_form != SIM_IDLE_ABSENT)
		sim_buffer_put(put_key(p), "0.0");
}

static void write_last_time(struct field_writer *p)
{
	if (p->bdb->op[p->kind].last_ok_s)
		sim_buffer_time(put_key(p), p->bdb->op[p->kind].last_ok_s);
}

/* --- setting --- */

static bool int_value(const struct field_value *s, int64_t min, int64_t max, int64_t *to)
{
	int64_t value;

	if (!json_object_is_type(s->value, json_type_int))
		return false;
	value = json_object_get_int64(s->value);
	if (value < min || value > max)
		return false;
	*to = value;
	return true;
}

static bool bool_value(const struct field_value *s, bool *to)
{
	if (!json_object_is_type(s->value, json_type_boolean))
		return false;
	*to = json_object_get_boolean(s->value);
	return true;
}

static const char *string_value(const struct field_value *s, size_t size)
{
	if (!json_object_is_type(s->value, json_type_string) ||
	    (size_t)json_object_get_string_len(s->value) >= size ||
	    strlen(json_object_get_string(s->value)) !=
		    (size_t)json_object_get_string_len(s->value))
		return NULL;
	return json_object_get_string(s->value);
}

static bool time_value(const struct field_value *s, int64_t *to)
{
	const char *iso = string_value(s, SIM_TIME_ISO_SIZE);
	int64_t seconds;

	if (!iso || !sim_time_parse(iso, &seconds))
		return false;
	*to = seconds + s->shift_s;
	return true;
}

static bool set_name(struct field_value *s)
{
	const char *name = string_value(s, 4096);

	if (!name)
		return false;
	free(s->bdb->name);
	s->bdb->name = sim_memory_copy(name);
	return true;
}

static bool set_shards(struct field_value *s)
{
	int64_t value;

	if (!int_value(s, 1, 512, &value))
		return false;
	s->bdb->shards = (int)value;
	return true;
}

static bool set_memory(struct field_value *s)
{
	return int_value(s, 0, INT64_MAX, &s->bdb->memory_bytes);
}
static bool set_replication(struct field_value *s) { return bool_value(s, &s->bdb->replication); }
static bool set_crdt(struct field_value *s) { return bool_value(s, &s->bdb->crdt); }
static bool set_internal(struct field_value *s) { return bool_value(s, &s->bdb->internal); }
static bool set_backup(struct field_value *s) { return bool_value(s, &s->bdb->backup_enabled); }
static bool set_created(struct field_value *s) { return time_value(s, &s->bdb->created_s); }
static bool set_changed(struct field_value *s) { return time_value(s, &s->bdb->changed_s); }
static bool set_last_time(struct field_value *s)
{
	return time_value(s, &s->bdb->op[s->kind].last_ok_s);
}
static bool set_interval(struct field_value *s)
{
	return int_value(s, 0, INT32_MAX, &s->bdb->backup_interval_s);
}
static bool set_offset(struct field_value *s)
{
	return int_value(s, 0, INT32_MAX, &s->bdb->backup_offset_s);
}
static bool set_history(struct field_value *s)
{
	return int_value(s, 0, INT32_MAX, &s->bdb->history_days);
}

static bool set_persistence(struct field_value *s)
{
	const char *word = string_value(s, sizeof(s->bdb->persistence));

	return word && strcpy(s->bdb->persistence, word);
}

static bool set_state(struct field_value *s)
{
	const char *word = string_value(s, sizeof(s->bdb->state));

	return word && strcpy(s->bdb->state, word);
}

static bool set_status(struct field_value *s)
{
	const char *word = string_value(s, SIM_STATUS_MAX);

	if (!word)
		return false;
	sim_op_set_status(&s->bdb->op[s->kind], s->kind, word);
	return true;
}

static bool set_reason(struct field_value *s)
{
	const char *word = string_value(s, SIM_REASON_MAX);

	if (!word)
		return false;
	sim_op_set_reason(&s->bdb->op[s->kind], word);
	return true;
}

static bool set_progress(struct field_value *s)
{
	double percent;

	if (!json_object_is_type(s->value, json_type_double) &&
	    !json_object_is_type(s->value, json_type_int))
		return false;
	percent = json_object_get_double(s->value);
	if (!(percent >= 0 && percent <= 100))
		return false;
	s->bdb->op[s->kind].tenths = (int)(percent * 10 + 0.5);
	return true;
}

static bool set_tags(struct field_value *s)
{
	if (!json_object_is_type(s->value, json_type_array))
		return false;
	free(s->bdb->tags);
	s->bdb->tags = sim_memory_copy(
		json_object_to_json_string_ext(s->value, JSON_C_TO_STRING_PLAIN));
	return true;
}

static const char *module_name(struct json_object *element)
{
	struct json_object *name = element;

	if (json_object_is_type(element, json_type_object))
		json_object_object_get_ex(element, "module_name", &name);
	return json_object_is_type(name, json_type_string) ? json_object_get_string(name) : NULL;
}

static bool set_modules(struct field_value *s)
{
	struct sim_bdb *bdb = s->bdb;
	size_t count, i;

	if (!json_object_is_type(s->value, json_type_array))
		return false;
	count = json_object_array_length(s->value);
	if (count > SIM_MODULES_MAX)
		return false;
	for (i = 0; i < count; i++)
		if (!module_name(json_object_array_get_idx(s->value, i)))
			return false;
	while (bdb->module_count)
		free(bdb->modules[--bdb->module_count]);
	for (i = 0; i < count; i++)
		bdb->modules[bdb->module_count++] =
			sim_memory_copy(module_name(json_object_array_get_idx(s->value, i)));
	return true;
}

/* --- the table --- */

#define OPERATION(word, KIND)                                                                      \
	{ word "_status", write_status, set_status, KIND },                                        \
		{ word "_progress", write_progress, set_progress, KIND },                          \
	{                                                                                          \
		word "_failure_reason", write_reason, set_reason, KIND                             \
	}

static const struct sim_field fields[] = {
	{ "uid", write_uid, NULL, SIM_KINDS },
	{ "name", write_name, set_name, SIM_KINDS },
	{ "status", write_state, set_state, SIM_KINDS },
	{ "type", write_type, NULL, SIM_KINDS },
	{ "version", write_version, NULL, SIM_KINDS },
	{ "redis_version", write_redis_version, NULL, SIM_KINDS },
	{ "crdt", write_crdt, set_crdt, SIM_KINDS },
	{ "internal", write_internal, set_internal, SIM_KINDS },
	{ "created_time", write_created, set_created, SIM_KINDS },
	{ "last_changed_time", write_changed, set_changed, SIM_KINDS },
	{ "action_uid", write_action, NULL, SIM_KINDS },
	{ "memory_size", write_memory, set_memory, SIM_KINDS },
	{ "shards_count", write_shards, set_shards, SIM_KINDS },
	{ "sharding", write_sharding, NULL, SIM_KINDS },
	{ "replication", write_replication, set_replication, SIM_KINDS },
	{ "data_persistence", write_persistence, set_persistence, SIM_KINDS },
	{ "backup", write_backup, set_backup, SIM_KINDS },
	{ "backup_interval", write_interval, set_interval, SIM_KINDS },
	{ "backup_interval_offset", write_offset, set_offset, SIM_KINDS },
	{ "backup_history", write_history, set_history, SIM_KINDS },
	OPERATION("backup", SIM_BACKUP),
	{ "last_backup_time", write_last_time, set_last_time, SIM_BACKUP },
	OPERATION("export", SIM_EXPORT),
	{ "last_export_time", write_last_time, set_last_time, SIM_EXPORT },
	OPERATION("import", SIM_IMPORT),
	{ "endpoints", write_endpoints, NULL, SIM_KINDS },
	{ "module_list", write_modules, set_modules, SIM_KINDS },
	{ "tags", write_tags, set_tags, SIM_KINDS },
	{ "bigstore", write_false, NULL, SIM_KINDS },
	{ "email_alerts", write_false, NULL, SIM_KINDS },
	{ "oss_cluster", write_false, NULL, SIM_KINDS },
	{ "crdt_guid", write_empty_string, NULL, SIM_KINDS },
	{ "dataset_import_sources", write_empty_array, NULL, SIM_KINDS },
	{ "replica_sources", write_empty_array, NULL, SIM_KINDS },
	{ "sync_sources", write_empty_array, NULL, SIM_KINDS },
	{ "authentication_redis_pass", write_secret, NULL, SIM_KINDS },
	{ "authentication_admin_pass", write_secret, NULL, SIM_KINDS },
	{ "backup_location", write_location, NULL, SIM_KINDS },
};

enum { FIELD_COUNT = sizeof(fields) / sizeof(fields[0]) };
_Static_assert((int)FIELD_COUNT <= (int)SIM_FIELDS_MAX, "a reply could not contain all fields");

static int find_field(const char *name, size_t length)
{
	int i;

	for (i = 0; i < FIELD_COUNT; i++)
		if (strncmp(fields[i].name, name, length) == 0 && !fields[i].name[length])
			return i;
	return -1;
}

enum sim_kind sim_field_kind(const char *name)
{
	int i = find_field(name, strlen(name));

	return i < 0 ? SIM_KINDS : fields[i].kind;
}

static bool fields_have(const struct sim_fields *f, int index)
{
	int i;

	for (i = 0; i < f->count; i++)
		if (f->index[i] == index)
			return true;
	return false;
}

void sim_fields_init(struct sim_fields *f, const char *list)
{
	struct sim_buffer extra = SIM_BUFFER_INIT;
	int i;

	memset(f, 0, sizeof(*f));
	f->all = !list;
	for (i = 0; f->all && i < FIELD_COUNT; i++)
		f->index[f->count++] = (unsigned char)i;
	while (list && *list) {
		size_t length = strcspn(list, ",");

		i = find_field(list, length);
		if (i < 0) {
			sim_buffer_put(&extra, ",");
			sim_buffer_add(&extra, list, length);
			sim_buffer_put(&extra, ",");
		} else if (!fields_have(f, i)) {
			f->index[f->count++] = (unsigned char)i;
		}
		list += length + (list[length] == ',');
	}
	if (extra.length)
		f->extra = sim_buffer_detach(&extra);
}

void sim_fields_release(struct sim_fields *f)
{
	free(f->extra);
	f->extra = NULL;
}

static bool wants_extra(const struct sim_fields *f, const char *name)
{
	struct sim_buffer needle = SIM_BUFFER_INIT;
	bool wanted;

	if (find_field(name, strlen(name)) >= 0)
		return false;
	if (f->all || !f->extra)
		return f->all;
	sim_buffer_print(&needle, ",%s,", name);
	wanted = strstr(f->extra, needle.data);
	sim_buffer_release(&needle);
	return wanted;
}

void sim_field_write(struct sim_buffer *out, const struct sim_bdb *bdb,
		     const struct sim_defaults *defaults, const struct sim_fields *f,
		     int64_t now_ms)
{
	struct field_writer writer = {
		.buffer = out, .bdb = bdb, .defaults = defaults, .now_ms = now_ms, .first = true
	};
	const struct sim_raw *raw;
	int i;

	for (i = 0; i < f->count; i++) {
		const struct sim_field *field = &fields[f->index[i]];

		writer.key = field->name;
		writer.kind = field->kind;
		raw = bdb->raw ? sim_raw_find(bdb, field->name) : NULL;
		if (!raw)
			field->write(&writer);
		else if (raw->json)
			sim_buffer_put(put_key(&writer), raw->json);
	}
	for (raw = bdb->raw; raw; raw = raw->next) {
		writer.key = raw->name;
		if (raw->json && wants_extra(f, raw->name))
			sim_buffer_put(put_key(&writer), raw->json);
	}
	sim_buffer_put(out, writer.first ? "{}" : "}");
}

enum sim_set_result sim_field_set(struct sim_bdb *bdb, const char *name, struct json_object *value,
				  int64_t shift_s)
{
	struct field_value s = { bdb, value, shift_s, SIM_KINDS };
	int i = find_field(name, strlen(name));

	if (i < 0 || !fields[i].set)
		return SIM_SET_NO_FIELD;
	s.kind = fields[i].kind;
	return fields[i].set(&s) ? SIM_SET_OK : SIM_SET_WRONG_TYPE;
}
