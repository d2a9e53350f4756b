#include "bdbtop/json/redisctl_list.h"

#include <stdio.h>
#include <stdlib.h>

#include <json-c/json.h>

#include "bdbtop/core/memory_file.h"
#include "bdbtop/json/value.h"
#include "json_internal.h"

#define DEPTH 8 /* the list has four levels */

/* The strings of the profiles are in the tree. */
struct redisctl_list {
	json_object *root;
	struct redisctl_profile *profiles;
	size_t count;
};

static bool get_boolean(json_object *item, const char *key)
{
	bool out = false;

	value_boolean(value_member(item, key), &out);
	return out;
}

/* Returns the tags, `prod, us-east`, as a new string of the item; NULL if there are none. */
static const char *join_tags(json_object *item)
{
	json_object *tags = value_member(item, "tags");
	struct memory_file out;
	size_t i, count;
	const char *joined = NULL;
	char *text;

	if (!json_object_is_type(tags, json_type_array))
		return NULL;
	if (memory_file_open(&out) < 0)
		return NULL;
	count = json_object_array_length(tags);
	for (i = 0; i < count; i++) {
		const char *tag = NULL;

		if (value_text(json_object_array_get_idx(tags, i), &tag) == FIELD_PRESENT)
			fprintf(out.file, "%s%s", i ? ", " : "", tag);
	}
	text = memory_file_close(&out, NULL);
	if (text && *text && !json_object_object_add(item, "tags", json_object_new_string(text)))
		joined = value_member_text(item, "tags");
	free(text);
	return joined;
}

static int read_profile(struct redisctl_profile *out, json_object *item)
{
	const char *kind = value_member_text(item, "deployment_type");

	*out = (struct redisctl_profile){ .name = value_member_text(item, "name"),
					  .url = value_member_text(item, "url"),
					  .user = value_member_text(item, "username"),
					  .cacert = value_member_text(item, "ca_cert"),
					  .tags = join_tags(item),
					  .kind = redisctl_kind_parse(kind ? kind : ""),
					  .insecure = get_boolean(item, "insecure") };
	out->is_default =
		out->kind == REDISCTL_ENTERPRISE && get_boolean(item, "is_default_enterprise");
	return out->name && (out->kind != REDISCTL_ENTERPRISE || out->url) ? 0 : -1;
}

static int read_profiles(struct redisctl_list *list)
{
	json_object *profiles = value_member(list->root, "profiles");
	size_t i;

	if (!json_object_is_type(profiles, json_type_array))
		return -1;
	list->count = json_object_array_length(profiles);
	list->profiles = calloc(list->count + 1, sizeof(*list->profiles));
	if (!list->profiles)
		return -1;
	for (i = 0; i < list->count; i++)
		if (read_profile(&list->profiles[i], json_object_array_get_idx(profiles, i)) < 0)
			return -1;
	return 0;
}

struct redisctl_list *redisctl_list_read(const char *text, size_t length)
{
	struct redisctl_list *list = calloc(1, sizeof(*list));
	size_t end;

	if (list && parser_read_once(text, length, DEPTH, &list->root, &end) == PARSER_OK &&
	    !read_profiles(list))
		return list;
	redisctl_list_free(list);
	return NULL;
}

void redisctl_list_free(struct redisctl_list *list)
{
	if (!list)
		return;
	json_object_put(list->root);
	free(list->profiles);
	free(list);
}

const struct redisctl_profile *redisctl_list_profiles(const struct redisctl_list *list,
						      size_t *count)
{
	*count = list->count;
	return list->profiles;
}

const char *redisctl_list_path(const struct redisctl_list *list)
{
	return value_member_text(list->root, "config_path");
}
