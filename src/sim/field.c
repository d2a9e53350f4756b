#include "bdbtop/sim/field.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/sim/action.h"
#include "bdbtop/sim/memory.h"
#include "bdbtop/sim/time.h"

/* What a field needs to be told; the key is written only once it is known to be there. */
struct pen {
	struct sim_buffer *out;
	const struct sim_bdb *bdb;
	const struct sim_house *house;
	int64_t now_ms;
	const char *key;
	enum sim_kind kind;
	bool first;
};

struct setting {
	struct sim_bdb *bdb;
	struct json_object *value;
	int64_t shift_s;
	enum sim_kind kind;
};

struct sim_field {
	const char *name;
	void (*tell)(struct pen *);
	bool (*set)(struct setting *);	/* NULL: cannot be set; false: another type */
	enum sim_kind kind;
};

static struct sim_buffer *key(struct pen *p)
{
	sim_buffer_add(p->out, p->first ? "{\"" : ",\"", 2);
	sim_buffer_put(p->out, p->key);
	sim_buffer_add(p->out, "\":", 2);
	p->first = false;
	return p->out;
}

/* --- telling --- */

static void tell_uid(struct pen *p) { sim_buffer_number(key(p), p->bdb->uid); }
static void tell_name(struct pen *p) { sim_buffer_string(key(p), p->bdb->name); }
static void tell_type(struct pen *p) { sim_buffer_put(key(p), "\"redis\""); }
static void tell_version(struct pen *p) { sim_buffer_put(key(p), "\"8.0.0\""); }
static void tell_redis_version(struct pen *p) { sim_buffer_put(key(p), "\"8.0\""); }
static void tell_memory(struct pen *p) { sim_buffer_number(key(p), p->bdb->memory_bytes); }
static void tell_shards(struct pen *p) { sim_buffer_number(key(p), p->bdb->shards); }
static void tell_sharding(struct pen *p) { sim_buffer_truth(key(p), p->bdb->shards > 1); }
static void tell_replication(struct pen *p) { sim_buffer_truth(key(p), p->bdb->replication); }
static void tell_crdt(struct pen *p) { sim_buffer_truth(key(p), p->bdb->crdt); }
static void tell_internal(struct pen *p) { sim_buffer_truth(key(p), p->bdb->internal); }
static void tell_persistence(struct pen *p) { sim_buffer_string(key(p), p->bdb->persistence); }
static void tell_created(struct pen *p) { sim_buffer_time(key(p), p->bdb->created_s); }
static void tell_changed(struct pen *p) { sim_buffer_time(key(p), p->bdb->changed_s); }
static void tell_backup(struct pen *p) { sim_buffer_truth(key(p), p->bdb->backup); }
static void tell_interval(struct pen *p) { sim_buffer_number(key(p), p->bdb->every_s); }
static void tell_offset(struct pen *p) { sim_buffer_number(key(p), p->bdb->offset_s); }
static void tell_history(struct pen *p) { sim_buffer_number(key(p), p->bdb->history_days); }
static void tell_false(struct pen *p) { sim_buffer_put(key(p), "false"); }
static void tell_none(struct pen *p) { sim_buffer_put(key(p), "[]"); }
static void tell_empty(struct pen *p) { sim_buffer_put(key(p), "\"\""); }

static void tell_state(struct pen *p)
{
	sim_buffer_string(key(p), sim_bdb_state(p->bdb, p->now_ms));
}

static void tell_action(struct pen *p)
{
	char id[SIM_ACTION_ID];

	/* captured answers hold the key only while an action runs */
	if (!sim_bdb_busy(p->bdb, p->now_ms))
		return;
	sim_action_change_id(p->bdb, id);
	sim_buffer_print(key(p), "\"%s\"", id);
}

static void tell_endpoints(struct pen *p)
{
	const struct sim_bdb *bdb = p->bdb;
	int64_t node = bdb->uid % 3 + 1, port = 10000 + bdb->uid % 50000;

	sim_buffer_print(key(p),
			 "[{\"addr\":[\"10.0.0.%" PRId64 "\"],\"addr_type\":\"internal\","
			 "\"dns_name\":\"redis-%" PRId64 ".cluster.example\",\"port\":%" PRId64 ","
			 "\"proxy_policy\":\"single\",\"uid\":\"%" PRId64 ":1\"}]",
			 node, port, port, bdb->uid);
}

static void tell_modules(struct pen *p)
{
	struct sim_buffer *out = key(p);
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

static void tell_tags(struct pen *p)
{
	sim_buffer_put(key(p), p->bdb->tags ? p->bdb->tags : "[]");
}

/* So that a test can prove that nobody asks for it; it opens nothing. */
static void tell_secret(struct pen *p)
{
	sim_buffer_put(key(p), "\"dummy-that-nobody-should-ever-have-asked-for-000\"");
}

static void tell_location(struct pen *p)
{
	static const char location[] =
		"{\"type\":\"s3\",\"bucket_name\":\"backups\",\"subdir\":\"\","
		"\"access_key_id\":\"dummy\",\"secret_access_key\":"
		"\"dummy-that-nobody-should-ever-have-asked-for-001\"}";

	if (p->bdb->backup)
		sim_buffer_put(key(p), location);
}

static void tell_idle(struct pen *p, const char *word)
{
	switch (p->house->idle_as) {
	case SIM_IDLE_ABSENT:
		break;
	case SIM_IDLE_NULL:
		sim_buffer_put(key(p), "null");
		break;
	case SIM_IDLE_WORD:
		sim_buffer_string(key(p), word);
		break;
	case SIM_IDLE_EMPTY:
		sim_buffer_put(key(p), "\"\"");
	}
}

static void tell_status(struct pen *p)
{
	const struct sim_op *op = &p->bdb->op[p->kind];

	if (op->phase == SIM_IDLE)
		tell_idle(p, "idle");
	else
		sim_buffer_string(key(p), op->status);
}

static void tell_reason(struct pen *p)
{
	const struct sim_op *op = &p->bdb->op[p->kind];

	if (op->reason[0])
		sim_buffer_string(key(p), op->reason);
	else if (op->phase == SIM_IDLE)
		tell_idle(p, "");
	else
		sim_buffer_put(key(p), "\"\"");
}

static void tell_progress(struct pen *p)
{
	const struct sim_op *op = &p->bdb->op[p->kind];

	if (op->phase != SIM_IDLE)
		sim_buffer_tenths(key(p), sim_op_tenths(op, p->now_ms));
	else if (p->house->idle_as == SIM_IDLE_NULL)
		sim_buffer_put(key(p), "null");
	else if (p->house->idle_as != SIM_IDLE_ABSENT)
		sim_buffer_put(key(p), "0.0");
}

static void tell_last(struct pen *p)
{
	if (p->bdb->op[p->kind].last_ok_s)
		sim_buffer_time(key(p), p->bdb->op[p->kind].last_ok_s);
}

/* --- setting --- */

static bool whole(const struct setting *s, int64_t least, int64_t most, int64_t *to)
{
	int64_t value;

	if (!json_object_is_type(s->value, json_type_int))
		return false;
	value = json_object_get_int64(s->value);
	if (value < least || value > most)
		return false;
	*to = value;
	return true;
}

static bool truth(const struct setting *s, bool *to)
{
	if (!json_object_is_type(s->value, json_type_boolean))
		return false;
	*to = json_object_get_boolean(s->value);
	return true;
}

static const char *text(const struct setting *s, size_t size)
{
	if (!json_object_is_type(s->value, json_type_string) ||
	    (size_t)json_object_get_string_len(s->value) >= size ||
	    strlen(json_object_get_string(s->value)) !=
		    (size_t)json_object_get_string_len(s->value))
		return NULL;
	return json_object_get_string(s->value);
}

static bool time_of(const struct setting *s, int64_t *to)
{
	const char *iso = text(s, SIM_WHEN_ISO);
	int64_t seconds;

	if (!iso || !sim_when_parse(iso, &seconds))
		return false;
	*to = seconds + s->shift_s;
	return true;
}

static bool set_name(struct setting *s)
{
	const char *name = text(s, 4096);

	if (!name)
		return false;
	free(s->bdb->name);
	s->bdb->name = sim_memory_copy(name);
	return true;
}

static bool set_shards(struct setting *s)
{
	int64_t value;

	if (!whole(s, 1, 512, &value))
		return false;
	s->bdb->shards = (int)value;
	return true;
}

static bool set_memory(struct setting *s) { return whole(s, 0, INT64_MAX, &s->bdb->memory_bytes); }
static bool set_replication(struct setting *s) { return truth(s, &s->bdb->replication); }
static bool set_crdt(struct setting *s) { return truth(s, &s->bdb->crdt); }
static bool set_internal(struct setting *s) { return truth(s, &s->bdb->internal); }
static bool set_backup(struct setting *s) { return truth(s, &s->bdb->backup); }
static bool set_created(struct setting *s) { return time_of(s, &s->bdb->created_s); }
static bool set_changed(struct setting *s) { return time_of(s, &s->bdb->changed_s); }
static bool set_last(struct setting *s) { return time_of(s, &s->bdb->op[s->kind].last_ok_s); }
static bool set_interval(struct setting *s) { return whole(s, 0, INT32_MAX, &s->bdb->every_s); }
static bool set_offset(struct setting *s) { return whole(s, 0, INT32_MAX, &s->bdb->offset_s); }
static bool set_history(struct setting *s) { return whole(s, 0, INT32_MAX, &s->bdb->history_days); }

static bool set_persistence(struct setting *s)
{
	const char *word = text(s, sizeof(s->bdb->persistence));

	return word && strcpy(s->bdb->persistence, word);
}

static bool set_state(struct setting *s)
{
	const char *word = text(s, sizeof(s->bdb->state));

	return word && strcpy(s->bdb->state, word);
}

static bool set_status(struct setting *s)
{
	const char *word = text(s, SIM_STATUS_MAX);

	if (!word)
		return false;
	sim_op_status(&s->bdb->op[s->kind], s->kind, word);
	return true;
}

static bool set_reason(struct setting *s)
{
	const char *word = text(s, SIM_REASON_MAX);

	if (!word)
		return false;
	sim_op_reason(&s->bdb->op[s->kind], word);
	return true;
}

static bool set_progress(struct setting *s)
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

static bool set_tags(struct setting *s)
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

static bool set_modules(struct setting *s)
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
	{ word "_status", tell_status, set_status, KIND },                                         \
	{ word "_progress", tell_progress, set_progress, KIND },                                   \
	{ word "_failure_reason", tell_reason, set_reason, KIND }

static const struct sim_field fields[] = {
	{ "uid", tell_uid, NULL, SIM_KINDS },
	{ "name", tell_name, set_name, SIM_KINDS },
	{ "status", tell_state, set_state, SIM_KINDS },
	{ "type", tell_type, NULL, SIM_KINDS },
	{ "version", tell_version, NULL, SIM_KINDS },
	{ "redis_version", tell_redis_version, NULL, SIM_KINDS },
	{ "crdt", tell_crdt, set_crdt, SIM_KINDS },
	{ "internal", tell_internal, set_internal, SIM_KINDS },
	{ "created_time", tell_created, set_created, SIM_KINDS },
	{ "last_changed_time", tell_changed, set_changed, SIM_KINDS },
	{ "action_uid", tell_action, NULL, SIM_KINDS },
	{ "memory_size", tell_memory, set_memory, SIM_KINDS },
	{ "shards_count", tell_shards, set_shards, SIM_KINDS },
	{ "sharding", tell_sharding, NULL, SIM_KINDS },
	{ "replication", tell_replication, set_replication, SIM_KINDS },
	{ "data_persistence", tell_persistence, set_persistence, SIM_KINDS },
	{ "backup", tell_backup, set_backup, SIM_KINDS },
	{ "backup_interval", tell_interval, set_interval, SIM_KINDS },
	{ "backup_interval_offset", tell_offset, set_offset, SIM_KINDS },
	{ "backup_history", tell_history, set_history, SIM_KINDS },
	OPERATION("backup", SIM_BACKUP),
	{ "last_backup_time", tell_last, set_last, SIM_BACKUP },
	OPERATION("export", SIM_EXPORT),
	{ "last_export_time", tell_last, set_last, SIM_EXPORT },
	OPERATION("import", SIM_IMPORT),
	{ "endpoints", tell_endpoints, NULL, SIM_KINDS },
	{ "module_list", tell_modules, set_modules, SIM_KINDS },
	{ "tags", tell_tags, set_tags, SIM_KINDS },
	{ "bigstore", tell_false, NULL, SIM_KINDS },
	{ "email_alerts", tell_false, NULL, SIM_KINDS },
	{ "oss_cluster", tell_false, NULL, SIM_KINDS },
	{ "crdt_guid", tell_empty, NULL, SIM_KINDS },
	{ "dataset_import_sources", tell_none, NULL, SIM_KINDS },
	{ "replica_sources", tell_none, NULL, SIM_KINDS },
	{ "sync_sources", tell_none, NULL, SIM_KINDS },
	{ "authentication_redis_pass", tell_secret, NULL, SIM_KINDS },
	{ "authentication_admin_pass", tell_secret, NULL, SIM_KINDS },
	{ "backup_location", tell_location, NULL, SIM_KINDS },
};

enum { FIELD_COUNT = sizeof(fields) / sizeof(fields[0]) };
_Static_assert((int)FIELD_COUNT <= (int)SIM_FIELDS_MAX, "an answer could not hold all fields");

static int find(const char *name, size_t length)
{
	int i;

	for (i = 0; i < FIELD_COUNT; i++)
		if (strncmp(fields[i].name, name, length) == 0 && !fields[i].name[length])
			return i;
	return -1;
}

enum sim_kind sim_field_kind(const char *name)
{
	int i = find(name, strlen(name));

	return i < 0 ? SIM_KINDS : fields[i].kind;
}

static bool has(const struct sim_fields *f, int index)
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

		i = find(list, length);
		if (i < 0) {
			sim_buffer_put(&extra, ",");
			sim_buffer_add(&extra, list, length);
			sim_buffer_put(&extra, ",");
		} else if (!has(f, i)) {
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

	if (find(name, strlen(name)) >= 0)
		return false;
	if (f->all || !f->extra)
		return f->all;
	sim_buffer_print(&needle, ",%s,", name);
	wanted = strstr(f->extra, needle.data);
	sim_buffer_release(&needle);
	return wanted;
}

void sim_field_write(struct sim_buffer *out, const struct sim_bdb *bdb,
		     const struct sim_house *house, const struct sim_fields *f, int64_t now_ms)
{
	struct pen pen = { .out = out, .bdb = bdb, .house = house, .now_ms = now_ms,
			   .first = true };
	const struct sim_raw *raw;
	int i;

	for (i = 0; i < f->count; i++) {
		const struct sim_field *field = &fields[f->index[i]];

		pen.key = field->name;
		pen.kind = field->kind;
		raw = bdb->raw ? sim_raw_find(bdb, field->name) : NULL;
		if (!raw)
			field->tell(&pen);
		else if (raw->json)
			sim_buffer_put(key(&pen), raw->json);
	}
	for (raw = bdb->raw; raw; raw = raw->next) {
		pen.key = raw->name;
		if (raw->json && wants_extra(f, raw->name))
			sim_buffer_put(key(&pen), raw->json);
	}
	sim_buffer_put(out, pen.first ? "{}" : "}");
}

enum sim_set sim_field_set(struct sim_bdb *bdb, const char *name, struct json_object *value,
			   int64_t shift_s)
{
	struct setting s = { bdb, value, shift_s, SIM_KINDS };
	int i = find(name, strlen(name));

	if (i < 0 || !fields[i].set)
		return SIM_SET_UNKNOWN;
	s.kind = fields[i].kind;
	return fields[i].set(&s) ? SIM_SET_DONE : SIM_SET_TYPE;
}
