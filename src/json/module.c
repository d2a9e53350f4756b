#include "bdbtop/json/module.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "bdbtop/core/array.h"
#include "bdbtop/json/items.h"
#include "bdbtop/json/value.h"
#include "json_internal.h"

/* One version of a module. */
struct module_version {
	char *name;
	bool lacks_capability; /* false: has it, or unknown */
};

struct module_versions {
	struct module_version *items;
	size_t count, capacity;
};

static bool lacks_capability(struct json_object *module)
{
	struct json_object *list = value_member(module, "capabilities");
	size_t i;

	if (!json_object_is_type(list, json_type_array))
		return false;
	for (i = 0; i < json_object_array_length(list); i++) {
		struct json_object *capability = json_object_array_get_idx(list, i);

		if (!json_object_is_type(capability, json_type_string) ||
		    !strcmp(json_object_get_string(capability), "backup_restore"))
			return false;
	}
	return true;
}

static const char what[] = "a list of modules";

static int take_module(void *arg, struct json_object *item, struct err *err)
{
	struct module_versions *all = arg;
	const char *name = value_member_text(item, "module_name");
	struct module_version *at;

	if (!name || !*name)
		return 0;
	if (!ARRAY_RESERVE(all->items, all->capacity, all->count + 1, ITEMS_MAX))
		return set_no_memory_error(what, err);
	at = &all->items[all->count];
	at->lacks_capability = lacks_capability(item);
	at->name = strdup(name);
	if (!at->name)
		return set_no_memory_error(what, err);
	all->count++;
	return 0;
}

static int by_name(const void *left, const void *right)
{
	const struct module_version *a = left, *b = right;

	return strcmp(a->name, b->name);
}

static int pick_lacking(struct module_names *out, struct module_versions *all, struct err *err)
{
	size_t i, next;

	out->names = malloc((all->count + 1) * sizeof(*out->names));
	if (!out->names)
		return set_no_memory_error(what, err);
	if (all->count)
		qsort(all->items, all->count, sizeof(*all->items), by_name);
	for (i = 0; i < all->count; i = next) {
		bool lacks = true;

		for (next = i; next < all->count && !by_name(&all->items[i], &all->items[next]);
		     next++)
			lacks = lacks && all->items[next].lacks_capability;
		if (lacks) {
			out->names[out->count++] = all->items[i].name;
			all->items[i].name = NULL;
		}
	}
	return 0;
}

int modules_lacking(struct module_names *out, const char *body, size_t length, struct err *err)
{
	struct module_versions all = { 0 };
	const struct items_setup setup = { .subject = what, .item = take_module, .arg = &all };
	struct items *items = items_new(&setup);
	int rc = -1;

	*out = (struct module_names){ 0 };
	if (!items)
		rc = set_no_memory_error(what, err);
	else if (!items_feed(items, body, length, err) && !items_end(items, err))
		rc = pick_lacking(out, &all, err);
	items_free(items);
	while (all.count)
		free(all.items[--all.count].name);
	free(all.items);
	return rc;
}

void module_names_release(struct module_names *names)
{
	while (names->count)
		free(names->names[--names->count]);
	free(names->names);
	*names = (struct module_names){ 0 };
}
