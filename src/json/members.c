/*
 * Counts the members of objects, in a tree and in a text.
 */
#include "json_internal.h"

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "bdbtop/core/array.h"
#include "bdbtop/json/items.h"

#define DEPTH_MAX 64

static const char blanks_and_commas[] = " \t\r\n,", scalar_ends[] = " \t\r\n,]}";

size_t members_of_tree(struct json_object *tree)
{
	size_t i, sum = 0;

	if (json_object_is_type(tree, json_type_array)) {
		for (i = 0; i < json_object_array_length(tree); i++)
			sum += members_of_tree(json_object_array_get_idx(tree, i));
	} else if (json_object_is_type(tree, json_type_object)) {
		json_object_object_foreach(tree, key, value)
		{
			(void)key;
			sum += 1 + members_of_tree(value);
		}
	}
	return sum;
}

/* A member of an open object; keys are compared as written. */
struct member {
	const char *key;
	size_t length;
	size_t inside; /* members of its value */
};

/* The position in the text, and the members of all open objects, the innermost last. */
struct walk {
	const char *at, *end;
	struct member *members;
	size_t count, capacity;
	int depth;
	bool failed;
};

static size_t walk_value(struct walk *w);

/* Returns the next byte that is not in skipped; '\0' at the end. */
static char next_byte(struct walk *w, const char *skipped)
{
	while (w->at < w->end && *w->at && strchr(skipped, *w->at))
		w->at++;
	return w->at < w->end ? *w->at : '\0';
}

static size_t walk_fail(struct walk *w)
{
	w->failed = true;
	w->at = w->end;
	return 0;
}

static void walk_string(struct walk *w)
{
	for (w->at++; w->at < w->end && *w->at != '"'; w->at++)
		if (*w->at == '\\' && w->at + 1 < w->end)
			w->at++;
	if (w->at < w->end)
		w->at++;
	else
		walk_fail(w);
}

static int by_key_then_position(const void *left, const void *right)
{
	const struct member *a = left, *b = right;
	int order = memcmp(a->key, b->key, a->length < b->length ? a->length : b->length);

	if (!order && a->length != b->length)
		return a->length < b->length ? -1 : 1;
	if (!order)
		return a->key < b->key ? -1 : a->key > b->key;
	return order;
}

/* The members of one object and of their values; of equal keys only the last counts. */
static size_t sum_members(struct member *members, size_t count)
{
	size_t i, sum = 0;

	qsort(members, count, sizeof(*members), by_key_then_position);
	for (i = 0; i < count; i++) {
		const struct member *one = &members[i], *after = one + 1;

		if (i + 1 == count || one->length != after->length ||
		    memcmp(one->key, after->key, one->length) != 0)
			sum += 1 + one->inside;
	}
	return sum;
}

static void walk_member(struct walk *w)
{
	size_t index = w->count, inside;
	const char *key = w->at;

	if (!ARRAY_RESERVE(w->members, w->capacity, w->count + 1, ITEM_MAX_BYTES)) {
		walk_fail(w);
		return;
	}
	walk_string(w);
	w->members[w->count++] = (struct member){ key, (size_t)(w->at - key), 0 };
	if (next_byte(w, blanks_and_commas) != ':') {
		walk_fail(w);
		return;
	}
	w->at++;
	inside = walk_value(w);
	w->members[index].inside = inside;
}

static size_t walk_object(struct walk *w)
{
	size_t first = w->count, sum;
	char c;

	for (w->at++; (c = next_byte(w, blanks_and_commas)) == '"';)
		walk_member(w);
	if (c != '}')
		return walk_fail(w);
	w->at++;
	if (w->count == first)
		return 0;
	sum = sum_members(w->members + first, w->count - first);
	w->count = first;
	return sum;
}

static size_t walk_array(struct walk *w)
{
	size_t sum = 0;
	char c;

	for (w->at++; (c = next_byte(w, blanks_and_commas)) && c != ']' && c != '}';)
		sum += walk_value(w);
	if (c != ']')
		return walk_fail(w);
	w->at++;
	return sum;
}

static size_t walk_value(struct walk *w)
{
	char c = next_byte(w, blanks_and_commas);
	size_t sum = 0;

	if (++w->depth > DEPTH_MAX)
		return walk_fail(w);
	if (c == '{')
		sum = walk_object(w);
	else if (c == '[')
		sum = walk_array(w);
	else if (c == '"')
		walk_string(w);
	else
		while (w->at < w->end && *w->at && !strchr(scalar_ends, *w->at))
			w->at++;
	w->depth--;
	return sum;
}

int members_of_text(const char *text, size_t length, size_t *out)
{
	struct walk w = { .at = text, .end = text + length };

	*out = walk_value(&w);
	free(w.members);
	return w.failed ? -1 : 0;
}
