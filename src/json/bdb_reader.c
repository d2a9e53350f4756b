#include "bdbtop/json/bdb_reader.h"

#include <inttypes.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "bdbtop/core/array.h"
#include "bdbtop/json/fields.h"
#include "bdbtop/json/items.h"
#include "bdbtop/json/value.h"
#include "json_internal.h"
#include "last_list_internal.h"

/* One field of the record: how to read it, and where value and presence go. */
struct field {
	const char *name;
	enum field_presence (*read)(struct json_object *, void *value);
	size_t value, presence; /* offsets in struct bdb */
};

/* The same for an operation; name is an offset in struct op_def, the others in struct op. */
struct op_field {
	size_t name;
	enum field_presence (*read)(struct json_object *, void *value);
	size_t value, presence;
};

#define FIELD(key, reader, member, presence)                                                       \
	{                                                                                          \
		key, reader, offsetof(struct bdb, member), offsetof(struct bdb, presence)          \
	}

static const struct field bdb_fields[] = {
	FIELD("name", value_text, name, name_presence),
	FIELD("status", value_text, state, state_presence),
	FIELD("crdt", value_boolean, crdt, crdt_presence),
	FIELD("internal", value_boolean, internal, internal_presence),
	FIELD("backup", value_boolean, backup_enabled, backup_enabled_presence),
	FIELD("created_time", value_time, created_s, created_presence),
	FIELD("last_changed_time", value_time, changed_s, changed_presence),
	FIELD("backup_interval", value_integer, backup_interval_s, backup_interval_presence),
};

#define OP_FIELD(key, reader, member, presence)                                                    \
	{                                                                                          \
		offsetof(struct op_def, key), reader, offsetof(struct op, member),                 \
			offsetof(struct op, presence)                                              \
	}

static const struct op_field op_fields[] = {
	OP_FIELD(status_key, value_text, status, status_presence),
	OP_FIELD(reason_key, value_text, reason, reason_presence),
	OP_FIELD(progress_key, value_percent, percent, percent_presence),
	OP_FIELD(last_success_key, value_time, last_success_s, last_success_presence),
};

#define PLAN_MAX (ARRAY_SIZE(bdb_fields) + OP_KINDS * ARRAY_SIZE(op_fields))

struct bdb_reader {
	struct items *items;
	struct items_setup setup;
	int64_t wanted_uid;
	char subject[32];	     /* `db:7`, or what a list should be */
	struct field plan[PLAN_MAX]; /* the requested fields only */
	size_t planned;
	bool modules_requested;
	bool ascending; /* every uid so far is above the one before, so none is repeated */
	void *uids;	/* tree of the set's records for tsearch(); only if not ascending */
	struct bdb_set set;
	int64_t last_uid;
	size_t unreadable, repeated, text_bytes;
	struct last_list *last; /* NULL: every element is decoded */
	unsigned list_number;	/* of this list there */
};

static void plan_field(struct bdb_reader *r, const char *fields, const struct field *field)
{
	if (field->name && fields_contain(fields, field->name))
		r->plan[r->planned++] = *field;
}

static void plan(struct bdb_reader *r, const char *fields)
{
	size_t i, kind;

	for (i = 0; i < ARRAY_SIZE(bdb_fields); i++)
		plan_field(r, fields, &bdb_fields[i]);
	for (kind = 0; kind < OP_KINDS; kind++) {
		size_t base = offsetof(struct bdb, op) + kind * sizeof(struct op);

		for (i = 0; i < ARRAY_SIZE(op_fields); i++) {
			const struct op_field *op_field = &op_fields[i];
			const char *const *name =
				(const void *)((const char *)&op_defs[kind] + op_field->name);
			struct field field = { *name, op_field->read, base + op_field->value,
					       base + op_field->presence };

			plan_field(r, fields, &field);
		}
	}
	r->modules_requested = fields_contain(fields, "module_list");
}

/* Returns 0 for an invalid uid.  In databases a uid is never a string. */
static int64_t read_uid(struct json_object *item)
{
	struct json_object *json = value_member(item, "uid");
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
		enum field_presence *presence = (void *)((char *)bdb + field->presence);

		if (!json_object_object_get_ex(item, field->name, &value))
			*presence = FIELD_ABSENT;
		else
			*presence =
				value ? field->read(value, (char *)bdb + field->value) : FIELD_NULL;
	}
	for (kind = 0; kind < OP_KINDS; kind++)
		op_classify(&bdb->op[kind], kind);
}

/* Skips entries without a readable name. */
static int read_modules(struct json_object *item, struct bdb *bdb, const char ***names)
{
	struct json_object *list;
	size_t count, i;

	*names = NULL;
	bdb->modules_presence = FIELD_ABSENT;
	if (!json_object_object_get_ex(item, "module_list", &list))
		return 0;
	bdb->modules_presence = list ? FIELD_INVALID : FIELD_NULL;
	if (!json_object_is_type(list, json_type_array))
		return 0;
	count = json_object_array_length(list);
	*names = malloc((count + 1) * sizeof(**names));
	if (!*names)
		return -1;
	for (i = 0; i < count; i++) {
		const char *name =
			value_member_text(json_object_array_get_idx(list, i), "module_name");

		if (name)
			(*names)[bdb->module_count++] = name;
	}
	bdb->modules_presence = FIELD_PRESENT;
	bdb->modules = *names;
	return 0;
}

/* Bytes of the strings of a record; the cluster alone decides how long they are. */
static size_t text_bytes(const struct bdb *bdb)
{
	size_t sum = strlen(bdb->name) + strlen(bdb->state), i;
	int kind;

	for (kind = 0; kind < OP_KINDS; kind++)
		sum += strlen(bdb->op[kind].status) + strlen(bdb->op[kind].reason);
	for (i = 0; i < bdb->module_count; i++)
		sum += strlen(bdb->modules[i]) + sizeof(char *);
	return sum;
}

static int add_text_bytes(struct bdb_reader *r, size_t bytes, struct err *err)
{
	r->text_bytes += bytes;
	if (r->text_bytes > BDB_TEXT_MAX)
		return err_set(
			err, ERR_RETRY,
			"the list of databases has more than %zu MiB of names, states and reasons, "
			"the limit, so none of it is used.",
			BDB_TEXT_MAX >> 20);
	return 0;
}

/* One that the last list has with the same content is that one. */
static int add_compared(struct bdb_reader *r, struct decoded_element *element, struct err *err)
{
	const struct bdb *before = last_list_find(r->last, element->bdb->uid);
	struct bdb *added;

	element->changed = !before || !bdb_is_equal(before, element->bdb);
	if (!element->changed)
		element->bdb = before;
	element->bytes = items_text(r->items, &element->length);
	added = last_list_add(r->last, element);
	if (!added || bdb_set_borrow(&r->set, added) < 0)
		return set_no_memory_error(r->subject, err);
	return 0;
}

/* Adds a record that was decoded. */
static int add_decoded(struct bdb_reader *r, const struct bdb *bdb, struct err *err)
{
	struct decoded_element element = { .bdb = bdb, .text_bytes = text_bytes(bdb) };

	r->last_uid = bdb->uid;
	if (add_text_bytes(r, element.text_bytes, err) < 0)
		return -1;
	if (r->last)
		return add_compared(r, &element, err);
	return bdb_set_add(&r->set, bdb) < 0 ? set_no_memory_error(r->subject, err) : 0;
}

static int add_known(struct bdb_reader *r, const struct known_element *element, struct err *err)
{
	r->last_uid = element->uid;
	if (add_text_bytes(r, element->text_bytes, err) < 0)
		return -1;
	if (last_list_add_match(r->last) < 0 || bdb_set_borrow(&r->set, element->bdb) < 0)
		return set_no_memory_error(r->subject, err);
	return 0;
}

static int add_bdb(struct bdb_reader *r, struct json_object *item, int64_t uid, struct err *err)
{
	const char **modules = NULL;
	struct bdb bdb;
	int rc = 0;

	bdb_init(&bdb, uid);
	read_fields(r, item, &bdb);
	if (r->modules_requested && read_modules(item, &bdb, &modules) < 0)
		return set_no_memory_error(r->subject, err);
	rc = add_decoded(r, &bdb, err);
	free(modules);
	return rc;
}

static int index_uid(struct bdb_reader *r, const struct bdb *bdb, struct err *err)
{
	return tsearch(bdb, &r->uids, int64_compare_at) ? 0 : set_no_memory_error(r->subject, err);
}

/* Switches from ascending uids to a tree. */
static int index_all(struct bdb_reader *r, struct err *err)
{
	size_t i;

	r->ascending = false;
	for (i = 0; i < r->set.count; i++)
		if (index_uid(r, r->set.bdbs[i], err) < 0)
			return -1;
	return 0;
}

/* The first record of a uid stays. */
static int drop_repeated(struct bdb_reader *r, struct err *err)
{
	r->unreadable++;
	if (++r->repeated <= BDB_REPEATED_MAX)
		return 0;
	return err_set(
		err, ERR_RETRY,
		"the list of databases repeats a uid more than %d,%03d times, the limit, so none "
		"of it is used.",
		BDB_REPEATED_MAX / 1000, BDB_REPEATED_MAX % 1000);
}

/* Checks a uid before its record is added.  Returns 1, 0 if it came before, or -1. */
static int check_uid(struct bdb_reader *r, int64_t uid, struct err *err)
{
	if (r->ascending && r->set.count && uid <= r->last_uid && index_all(r, err) < 0)
		return -1;
	if (r->ascending)
		return 1;
	return tfind(&uid, &r->uids, int64_compare_at) ? drop_repeated(r, err) : 1;
}

static int index_added(struct bdb_reader *r, struct err *err)
{
	return r->ascending ? 0 : index_uid(r, r->set.bdbs[r->set.count - 1], err);
}

static int take_listed(void *arg, struct json_object *item, struct err *err)
{
	struct bdb_reader *r = arg;
	int64_t uid = read_uid(item);
	int rc;

	if (!uid) {
		r->unreadable++;
		return 0;
	}
	rc = check_uid(r, uid, err);
	if (rc <= 0)
		return rc;
	return add_bdb(r, item, uid, err) < 0 ? -1 : index_added(r, err);
}

static int take_known(void *arg, const char *bytes, size_t length, struct err *err)
{
	struct bdb_reader *r = arg;
	struct known_element element;
	int rc;

	if (!r->last || !last_list_match(r->last, bytes, length, &element))
		return 0;
	rc = check_uid(r, element.uid, err);
	if (rc > 0)
		rc = add_known(r, &element, err) < 0 ? -1 : index_added(r, err);
	return rc < 0 ? -1 : (int)element.length;
}

static int take_one(void *arg, struct json_object *item, struct err *err)
{
	struct bdb_reader *r = arg;
	int64_t uid = read_uid(item);

	if (uid == r->wanted_uid)
		return add_bdb(r, item, uid, err);
	if (uid)
		return err_set(err, ERR_RETRY,
			       "the reply is about db:%" PRId64 ", but %s was requested. Is a "
			       "proxy in between?",
			       uid, r->subject);
	return err_set(err, ERR_RETRY,
		       "the reply is an object without a valid uid, but %s was requested. Is a "
		       "proxy in between?",
		       r->subject);
}

struct bdb_reader *bdb_reader_new(const char *fields, int64_t only_uid)
{
	struct bdb_reader *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->wanted_uid = only_uid;
	r->ascending = true;
	bdb_set_init(&r->set);
	plan(r, fields);
	snprintf(r->subject, sizeof(r->subject), "a list of databases");
	if (only_uid)
		snprintf(r->subject, sizeof(r->subject), "db:%" PRId64, only_uid);
	r->setup = (struct items_setup){ .shape = only_uid ? ITEMS_ONE : ITEMS_LIST,
					 .subject = r->subject,
					 .item = only_uid ? take_one : take_listed,
					 .known = only_uid ? NULL : take_known,
					 .arg = r };
	r->items = items_new(&r->setup);
	if (!r->items) {
		free(r);
		return NULL;
	}
	return r;
}

void bdb_reader_compare(struct bdb_reader *r, struct last_list *last, const char *origin)
{
	r->last = last;
	r->set.borrowed = true;
	r->list_number = last_list_begin(last, origin);
}

void bdb_reader_get_changes(const struct bdb_reader *r, struct observation *observation)
{
	observation->ascending = r->ascending;
	observation->changed =
		r->last ? last_list_changed(r->last, &observation->changed_count) : NULL;
}

void bdb_reader_keep(struct bdb_reader *r)
{
	if (r->last)
		last_list_keep(r->last, r->list_number);
}

static void free_nothing(void *record)
{
	(void)record;
}

static void forget_uids(struct bdb_reader *r)
{
	tdestroy(r->uids, free_nothing);
	r->uids = NULL;
}

void bdb_reader_free(struct bdb_reader *r)
{
	if (!r)
		return;
	items_free(r->items);
	forget_uids(r);
	bdb_set_release(&r->set);
	free(r);
}

int bdb_reader_feed(struct bdb_reader *r, const char *bytes, size_t length, struct err *err)
{
	return items_feed(r->items, bytes, length, err);
}

int bdb_reader_end(struct bdb_reader *r, struct bdb_set *out, size_t *unreadable, struct err *err)
{
	if (items_end(r->items, err) < 0)
		return -1;
	forget_uids(r);
	bdb_set_release(out);
	*out = r->set;
	bdb_set_init(&r->set);
	*unreadable = r->unreadable;
	return 0;
}
