#include "bdbtop/json/module.h"

#include <json-c/json.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/json/items.h"
#include "src/json/wire_internal.h"

/* One version of a module. */
struct version {
	char *name;
	bool lacks; /* false: has the capability, or tells nothing */
};

struct versions {
	struct version *at;
	size_t count, room;
};

static bool lacks_it(struct json_object *module)
{
	struct json_object *list;
	size_t i;

	if (!json_object_object_get_ex(module, "capabilities", &list) ||
	    !json_object_is_type(list, json_type_array))
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
	struct versions *all = arg;
	struct json_object *name;
	struct version *at;

	if (!json_object_is_type(item, json_type_object) ||
	    !json_object_object_get_ex(item, "module_name", &name) ||
	    !json_object_is_type(name, json_type_string) || !*json_object_get_string(name))
		return 0;
	if (all->count == all->room) {
		size_t room = all->room ? all->room * 2 : 32;

		at = realloc(all->at, room * sizeof(*at));
		if (!at)
			return wire_no_memory(what, err);
		all->at = at;
		all->room = room;
	}
	at = &all->at[all->count];
	at->lacks = lacks_it(item);
	at->name = strdup(json_object_get_string(name));
	if (!at->name)
		return wire_no_memory(what, err);
	all->count++;
	return 0;
}

static int by_name(const void *left, const void *right)
{
	const struct version *a = left, *b = right;

	return strcmp(a->name, b->name);
}

static int pick_lacking(struct module_names *out, struct versions *all, struct err *err)
{
	size_t i, next;

	out->at = malloc((all->count + 1) * sizeof(*out->at));
	if (!out->at)
		return wire_no_memory(what, err);
	if (all->count)
		qsort(all->at, all->count, sizeof(*all->at), by_name);
	for (i = 0; i < all->count; i = next) {
		bool lacks = true;

		for (next = i; next < all->count && !by_name(&all->at[i], &all->at[next]); next++)
			lacks = lacks && all->at[next].lacks;
		if (lacks) {
			out->at[out->count++] = all->at[i].name;
			all->at[i].name = NULL;
		}
	}
	return 0;
}

int modules_lacking(struct module_names *out, const char *body, size_t length, struct err *err)
{
	struct versions all = { 0 };
	const struct items_setup setup = { .what = what, .item = take_module, .arg = &all };
	struct items *items = items_new(&setup);
	int rc = -1;

	*out = (struct module_names){ 0 };
	if (!items)
		rc = wire_no_memory(what, err);
	else if (!items_feed(items, body, length, err) && !items_end(items, err))
		rc = pick_lacking(out, &all, err);
	items_free(items);
	while (all.count)
		free(all.at[--all.count].name);
	free(all.at);
	return rc;
}

void module_names_release(struct module_names *names)
{
	while (names->count)
		free(names->at[--names->count]);
	free(names->at);
	*names = (struct module_names){ 0 };
}
