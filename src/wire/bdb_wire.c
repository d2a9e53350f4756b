#include "bdbtop/wire/bdb_wire.h"

#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/wire/fields.h"
#include "bdbtop/wire/items.h"
#include "bdbtop/wire/value.h"

/* One field of the record: how it is read, and where value and how-seen go. */
struct field {
	const char *name;
	enum seen (*read)(struct json_object *, void *value);
	size_t value, seen; /* offsets in struct bdb */
};

/* The same for an operation; name is an offset in struct op_def, the others in struct op. */
struct op_field {
	size_t name;
	enum seen (*read)(struct json_object *, void *value);
	size_t value, seen;
};

/* A row: the key, how it is read, the member of the record, and the member that says how it
 * came. */
#define FIELD(key, reader, member, how)                                                            \
	{ key, reader, offsetof(struct bdb, member), offsetof(struct bdb, how) }

static const struct field bdb_fields[] = {
	FIELD("name", value_text, name, name_seen),
	FIELD("status", value_text, state, state_seen),
	FIELD("crdt", value_flag, crdt, crdt_seen),
	FIELD("internal", value_flag, internal, internal_seen),
	FIELD("backup", value_flag, backup, backup_seen),
	FIELD("created_time", value_time, created_s, created_seen),
	FIELD("last_changed_time", value_time, changed_s, changed_seen),
	FIELD("backup_interval", value_seconds, backup_every_s, every_seen),
};

#define OP_FIELD(key, reader, member, how)                                                         \
	{ offsetof(struct op_def, key), reader, offsetof(struct op, member),                       \
	  offsetof(struct op, how) }

static const struct op_field op_fields[] = {
	OP_FIELD(status_key, value_text, status, status_seen),
	OP_FIELD(reason_key, value_text, reason, reason_seen),
	OP_FIELD(progress_key, value_percent, percent, percent_seen),
	OP_FIELD(last_key, value_time, last_ok_s, last_seen),
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define PLAN_MAX (COUNT(bdb_fields) + OP_KINDS * COUNT(op_fields))

struct bdb_reader {
	struct items *items;
	struct items_setup setup;
	int64_t only_uid;
	char what[32];		     /* `db:7`, or what a list should be */
	struct field plan[PLAN_MAX]; /* the fields that were asked for, and only these */
	size_t planned;
	bool modules_asked;
	bool ascending; /* every uid so far was above the one before: none came twice */
	struct bdb_set set;
	size_t unreadable;
};

static void plan_field(struct bdb_reader *r, const char *fields, const struct field *field)
{
	if (field->name && fields_hold(fields, field->name))
		r->plan[r->planned++] = *field;
}

static void plan(struct bdb_reader *r, const char *fields)
{
	size_t i, kind;

	for (i = 0; i < COUNT(bdb_fields); i++)
		plan_field(r, fields, &bdb_fields[i]);
	for (kind = 0; kind < OP_KINDS; kind++) {
		size_t base = offsetof(struct bdb, op) + kind * sizeof(struct op);

		for (i = 0; i < COUNT(op_fields); i++) {
			const struct op_field *of = &op_fields[i];
			const char *const *name =
				(const void *)((const char *)&op_defs[kind] + of->name);
			struct field field = { *name, of->read, base + of->value, base + of->seen };

			plan_field(r, fields, &field);
		}
	}
	r->modules_asked = fields_hold(fields, "module_list");
}

/* 0 for what is none; as a string it comes elsewhere, never here. */
static int64_t read_uid(struct json_object *item)
{
	struct json_object *json = value_at(item, "uid");
	int64_t uid = 0;

	if (!json_object_is_type(json, json_type_string))
		value_uid(json, &uid);
	return uid;
}

static void read_fields(const struct bdb_reader *r, struct json_object *item, struct bdb *bdb)
{
	struct json_object *value;
	size_t i;
	int kind;

	for (i = 0; i < r->planned; i++) {
		const struct field *field = &r->plan[i];
		enum seen *seen = (void *)((char *)bdb + field->seen);

		if (!json_object_object_get_ex(item, field->name, &value))
			*seen = SEEN_ABSENT;
		else
			*seen = value ? field->read(value, (char *)bdb + field->value) : SEEN_NULL;
	}
	for (kind = 0; kind < OP_KINDS; kind++)
		op_settle(&bdb->op[kind], kind);
}

/* An entry without a readable name cannot be named and is left out. */
static int read_modules(struct json_object *item, struct bdb *bdb, const char ***names)
{
	struct json_object *list, *name;
	size_t count, i;

	*names = NULL;
	bdb->modules_seen = SEEN_ABSENT;
	if (!json_object_object_get_ex(item, "module_list", &list))
		return 0;
	bdb->modules_seen = list ? SEEN_WRONG : SEEN_NULL;
	if (!json_object_is_type(list, json_type_array))
		return 0;
	count = json_object_array_length(list);
	*names = malloc((count + 1) * sizeof(**names));
	if (!*names)
		return -1;
	for (i = 0; i < count; i++) {
		struct json_object *module = json_object_array_get_idx(list, i);

		if (json_object_is_type(module, json_type_object) &&
		    json_object_object_get_ex(module, "module_name", &name) &&
		    value_text(name, &(*names)[bdb->module_count]) == SEEN_GIVEN)
			bdb->module_count++;
	}
	bdb->modules_seen = SEEN_GIVEN;
	bdb->modules = *names;
	return 0;
}

static int keep(struct bdb_reader *r, struct json_object *item, int64_t uid, struct err *err)
{
	const char **modules = NULL;
	struct bdb bdb;
	int rc = 0;

	bdb_init(&bdb, uid);
	read_fields(r, item, &bdb);
	if (r->modules_asked)
		rc = read_modules(item, &bdb, &modules);
	if (!rc)
		rc = bdb_set_add(&r->set, &bdb);
	free(modules);
	if (rc < 0)
		err_set(err, ERR_AGAIN, "no memory is left for the list of databases.");
	return rc;
}

static int take_listed(void *arg, struct json_object *item, struct err *err)
{
	struct bdb_reader *r = arg;
	int64_t uid = read_uid(item);

	if (!uid) {
		r->unreadable++;
		return 0;
	}
	if (r->set.count && uid <= r->set.at[r->set.count - 1]->uid)
		r->ascending = false;
	return keep(r, item, uid, err);
}

static int take_only(void *arg, struct json_object *item, struct err *err)
{
	struct bdb_reader *r = arg;
	int64_t uid = read_uid(item);

	if (uid == r->only_uid)
		return keep(r, item, uid, err);
	if (uid)
		err_set(err, ERR_AGAIN,
			"the answer is about db:%" PRId64 " where %s was asked for.", uid, r->what);
	else
		err_set(err, ERR_AGAIN,
			"the answer is an object without a usable uid where %s was asked for.",
			r->what);
	return -1;
}

struct bdb_reader *bdb_reader_new(const char *fields, int64_t only_uid)
{
	struct bdb_reader *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->only_uid = only_uid;
	r->ascending = true;
	bdb_set_init(&r->set);
	plan(r, fields);
	snprintf(r->what, sizeof(r->what), "a list of databases");
	if (only_uid)
		snprintf(r->what, sizeof(r->what), "db:%" PRId64, only_uid);
	r->setup = (struct items_setup){ .shape = only_uid ? ITEMS_ONE : ITEMS_LIST,
					 .what = r->what,
					 .item = only_uid ? take_only : take_listed,
					 .arg = r };
	r->items = items_new(&r->setup);
	if (!r->items) {
		free(r);
		return NULL;
	}
	return r;
}

void bdb_reader_free(struct bdb_reader *r)
{
	if (!r)
		return;
	items_free(r->items);
	bdb_set_release(&r->set);
	free(r);
}

int bdb_reader_feed(struct bdb_reader *r, const char *bytes, size_t length, struct err *err)
{
	return items_feed(r->items, bytes, length, err);
}

/* A record and its place in the answer, because the first of a uid is the one that stays. */
struct placed {
	struct bdb *bdb;
	size_t place;
};

static int by_uid_then_place(const void *left, const void *right)
{
	const struct placed *a = left, *b = right;

	if (a->bdb->uid != b->bdb->uid)
		return a->bdb->uid < b->bdb->uid ? -1 : 1;
	return a->place < b->place ? -1 : a->place > b->place;
}

/* Leaves the set in order of uid. */
static int drop_doubles(struct bdb_reader *r, struct err *err)
{
	struct bdb_set *set = &r->set;
	size_t i, kept = 0, count = set->count;
	struct placed *all = malloc((count + 1) * sizeof(*all));

	if (!all) {
		err_set(err, ERR_AGAIN, "no memory is left for the list of databases.");
		return -1;
	}
	for (i = 0; i < count; i++)
		all[i] = (struct placed){ set->at[i], i };
	qsort(all, count, sizeof(*all), by_uid_then_place);
	for (i = 0; i < count; i++) {
		if (kept && set->at[kept - 1]->uid == all[i].bdb->uid) {
			bdb_free(all[i].bdb);
			r->unreadable++;
		} else {
			set->at[kept++] = all[i].bdb;
		}
	}
	set->count = kept;
	free(all);
	return 0;
}

int bdb_reader_end(struct bdb_reader *r, struct bdb_set *out, size_t *unreadable, struct err *err)
{
	if (items_end(r->items, err) < 0)
		return -1;
	if (!r->ascending && drop_doubles(r, err) < 0)
		return -1;
	r->ascending = true;
	bdb_set_release(out);
	*out = r->set;
	bdb_set_init(&r->set);
	*unreadable = r->unreadable;
	return 0;
}
