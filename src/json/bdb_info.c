#include <string.h>

#include <json-c/json.h>

#include "data_reader_internal.h"

static const struct data_field fields[] = {
	DATA_VALUE("uid", value_uid, bdb_info, uid),
	DATA_STRING("version", value_string, bdb_info, version, false),
	DATA_STRING("redis_version", value_string, bdb_info, redis_version, false),
	DATA_VALUE("shards_count", value_integer, bdb_info, shards_count),
	DATA_VALUE("memory_size", value_integer, bdb_info, memory_size),
};

static const char *text_at(struct json_object *from, const char *key)
{
	const char *text = value_member_text(from, key);

	return text ? text : "";
}

/* A list of objects that becomes a list of strings: `NAME`, or `NAME=VALUE`. */
struct word_list {
	const char *list_key, *name_key, *value_key; /* value_key NULL: only names */
};

/* Writes the strings, without those that have no name, and "" after the last; out NULL: only
 * measures.  Returns the bytes. */
static size_t write_words(struct json_object *list, const struct word_list *words, char *out)
{
	size_t i, bytes = 1, count = json_object_array_length(list);

	for (i = 0; i < count; i++) {
		struct json_object *from = json_object_array_get_idx(list, i);
		const char *name = text_at(from, words->name_key);
		const char *value = words->value_key ? text_at(from, words->value_key) : "";

		if (!*name)
			continue;
		bytes += strlen(name) + (words->value_key ? 1 + strlen(value) : 0) + 1;
		if (out)
			out = stpcpy(stpcpy(stpcpy(out, name), words->value_key ? "=" : ""),
				     value) +
			      1;
	}
	return bytes;
}

/* NULL when out of memory. */
static const char *read_words(struct data_reader *r, struct json_object *item,
			      const struct word_list *words)
{
	struct json_object *list = value_member(item, words->list_key);
	char *out;

	if (!json_object_is_type(list, json_type_array))
		return "";
	out = data_reserve(r, write_words(list, words, NULL));
	if (out)
		write_words(list, words, out);
	return out;
}

static enum data_taken read_bdb_info(struct data_reader *r, struct json_object *item, void *record)
{
	static const struct word_list modules = { "module_list", "module_name", NULL },
				      tags = { "tags", "key", "value" };
	struct bdb_info *info = record;
	enum data_taken taken;

	info->shards_count = info->memory_size = -1;
	taken = DATA_FILL(item, fields, info);
	if (taken != DATA_TAKEN)
		return taken;
	if (!info->uid || (data_wanted_uid(r) && info->uid != data_wanted_uid(r)))
		return DATA_UNREADABLE;
	info->modules = read_words(r, item, &modules);
	info->tags = read_words(r, item, &tags);
	return info->modules && info->tags ? DATA_TAKEN : DATA_NO_MEMORY;
}

#define BDB_INFO_FORMAT(subject_, shape_)                                                          \
	{                                                                                          \
		DATA_FORMAT(bdb_info, bdb_infos, bdb_info_count),                                  \
			.subject = subject_, .shape = shape_, .read = read_bdb_info                \
	}

const struct data_format bdb_info_format = BDB_INFO_FORMAT("a list of databases", ITEMS_LIST);
const struct data_format bdb_info_one_format = BDB_INFO_FORMAT("a database", ITEMS_ONE);
