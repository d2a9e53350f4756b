/*
 * Lists as JSON: written from the databases of the script, in pieces to the reader of the program,
 * which decodes each one whole or compares it with the last list.
 */
#include "script_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "bdbtop/json/bdb_reader.h"
#include "bdbtop/json/fields.h"

/* Each unreadable element is one without a uid, or repeats the first one with another name. */
static void add_unreadable(struct json_object *list, unsigned index)
{
	struct json_object *first = json_object_array_get_idx(list, 0), *copy = NULL;

	if (index % 2 || !first || json_object_deep_copy(first, &copy, NULL) < 0)
		copy = json_object_new_object();
	json_object_object_add(copy, "name", json_object_new_string("unreadable"));
	json_object_array_add(list, copy);
}

char *script_write_list(const struct script *s)
{
	struct json_object *list = json_object_new_array();
	char *text;
	unsigned i;

	script_list_bdbs(s, list);
	for (i = 0; i < s->unreadable; i++)
		add_unreadable(list, i);
	text = strdup(json_object_to_json_string(list));
	json_object_put(list);
	if (!text)
		abort();
	return text;
}

struct bdb_reader *script_read_list(struct script *s, unsigned id, const char *text)
{
	struct bdb_reader *reader = bdb_reader_new(fields_list(FIELDS_FULL), 0);
	size_t at, length = strlen(text), step = 1 + id * 37 % 500;
	struct err err;

	if (!reader)
		abort();
	if (s->list_form == SCRIPT_LISTS_COMPARED)
		bdb_reader_compare(reader, s->last_list, "");
	for (at = 0; at < length; at += step)
		if (bdb_reader_feed(reader, text + at, step < length - at ? step : length - at,
				    &err) < 0)
			abort();
	return reader;
}
