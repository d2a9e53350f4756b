#include "bdbtop/json/bdb_info.h"

#include <string.h>

#include <json-c/json.h>

#include "data_reader_internal.h"

static const struct value_field fields[] = {
	VALUE_FIELD("uid", value_uid, bdb_info, uid),
	VALUE_FIELD("version", value_string, bdb_info, version),
	VALUE_FIELD("redis_version", value_string, bdb_info, redis_version),
	VALUE_FIELD("shards_count", value_integer, bdb_info, shards_count),
	VALUE_FIELD("memory_size", value_integer, bdb_info, memory_size),
};

static const char *text_at(struct json_object *from, const char *key)
{
	struct json_object *value = value_member(from, key);
	const char *text = "";

	if (value)
		value_text(value, &text);
	return text;
}

/* Returns the name of a module, "" if it has none, NULL when out of memory. */
static const char *read_module(struct data_reader *r, struct json_object *module)
{
	return data_text(r, text_at(module, "module_name"));
}

static const char *read_tag(struct data_reader *r, struct json_object *tag)
{
	const char *key = text_at(tag, "key"), *value = text_at(tag, "value");
	char *text;

	if (!*key)
		return "";
	text = data_reserve(r, strlen(key) + strlen(value) + 2);
	if (text)
		stpcpy(stpcpy(stpcpy(text, key), "="), value);
	return text;
}

/* Reads the strings of a list, without those that are "".  -1 when out of memory. */
static int take_strings(struct data_reader *r, struct json_object *list,
			const char *(*read)(struct data_reader *, struct json_object *),
			const char *const **out, size_t *out_count)
{
	const char **words;
	size_t i, count, kept = 0;

	if (!json_object_is_type(list, json_type_array))
		return 0;
	count = json_object_array_length(list);
	words = data_reserve(r, count * sizeof(*words));
	if (!words)
		return -1;
	for (i = 0; i < count; i++) {
		words[kept] = read(r, json_object_array_get_idx(list, i));
		if (!words[kept])
			return -1;
		kept += *words[kept] != '\0';
	}
	*out = words;
	*out_count = kept;
	return 0;
}

static int take_bdb_info(struct data_reader *r, struct json_object *item, const char *key)
{
	struct bdb_info info = { .shards_count = -1, .memory_size = -1 }, *kept;

	(void)key;
	if (DATA_FILL(r, item, fields, &info) < 0)
		return -1;
	if (!info.uid || (data_wanted_uid(r) && info.uid != data_wanted_uid(r))) {
		data_add_unreadable(r);
		return 0;
	}
	if (take_strings(r, value_member(item, "module_list"), read_module, &info.modules,
			 &info.module_count) < 0 ||
	    take_strings(r, value_member(item, "tags"), read_tag, &info.tags, &info.tag_count) < 0)
		return -1;
	kept = data_add(r);
	if (!kept)
		return -1;
	*kept = info;
	return 0;
}

#define BDB_INFO_FORMAT(subject_, shape_)                                                          \
	.subject = subject_, .shape = shape_, .size = sizeof(struct bdb_info),                     \
	.array_offset = offsetof(struct cluster_data, bdb_infos),                                  \
	.count_offset = offsetof(struct cluster_data, bdb_info_count), .take = take_bdb_info

const struct data_format bdb_info_format = { BDB_INFO_FORMAT("a list of databases", ITEMS_LIST) };
const struct data_format bdb_info_one_format = { BDB_INFO_FORMAT("a database", ITEMS_ONE) };
