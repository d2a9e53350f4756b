#include "builder_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "bdbtop/core/text.h"
#include "bdbtop/core/time.h"

void builder_init(struct object_builder *builder)
{
	builder->object = json_object_new_object();
	builder->failed = !builder->object;
}

void builder_add_value(struct object_builder *builder, const char *key, struct json_object *value)
{
	if (value && builder->object && !json_object_object_add(builder->object, key, value))
		return;
	json_object_put(value);
	builder->failed = true;
}

void builder_add_null(struct object_builder *builder, const char *key)
{
	if (!builder->object || json_object_object_add(builder->object, key, NULL))
		builder->failed = true;
}

/* Returns a copy in which every invalid byte is U+FFFD; NULL when out of memory. */
static char *replace_invalid_utf8(const char *raw)
{
	char *copy = malloc(3 * strlen(raw) + 1), *end = copy;
	uint32_t code;

	if (!copy)
		return NULL;
	while (*raw) {
		size_t bytes = text_decode(raw, &code);

		memcpy(end, bytes ? raw : TEXT_REPLACEMENT, bytes ? bytes : 3);
		end += bytes ? bytes : 3;
		raw += bytes ? bytes : 1;
	}
	*end = '\0';
	return copy;
}

void builder_add_text(struct object_builder *builder, const char *key, const char *raw)
{
	char *text;

	if (!raw) {
		builder_add_null(builder, key);
		return;
	}
	text = replace_invalid_utf8(raw);
	builder_add_value(builder, key, text ? json_object_new_string(text) : NULL);
	free(text);
}

void builder_add_number(struct object_builder *builder, const char *key, int64_t number)
{
	builder_add_value(builder, key, json_object_new_int64(number));
}

void builder_add_time(struct object_builder *builder, const char *key, int64_t wall_s)
{
	char iso[TIME_TEXT_SIZE];

	time_format_iso(iso, wall_s);
	builder_add_text(builder, key, iso);
}

void builder_add_boolean(struct object_builder *builder, const char *key, bool value)
{
	builder_add_value(builder, key, json_object_new_boolean(value));
}

void builder_add_percent(struct object_builder *builder, const char *key, double percent,
			 int digits)
{
	char text[32];

	snprintf(text, sizeof(text), "%.*g", digits, percent);
	builder_add_value(builder, key, json_object_new_double_s(percent, text));
}

void builder_add_known_text(struct object_builder *builder, const char *key, const char *raw)
{
	builder_add_text(builder, key, *raw ? raw : NULL);
}

void builder_add_known_number(struct object_builder *builder, const char *key, bool known,
			      int64_t number)
{
	if (known)
		builder_add_number(builder, key, number);
	else
		builder_add_null(builder, key);
}

void builder_add_known_time(struct object_builder *builder, const char *key, bool known,
			    int64_t wall_s)
{
	if (known)
		builder_add_time(builder, key, wall_s);
	else
		builder_add_null(builder, key);
}

void builder_add_schema(struct object_builder *builder, const char *schema, int version)
{
	builder_add_text(builder, "schema", schema);
	builder_add_number(builder, "schema_version", version);
}

void builder_add_object(struct object_builder *builder, const char *key,
			struct object_builder *inner)
{
	builder->failed = builder->failed || inner->failed;
	builder_add_value(builder, key, inner->object);
	inner->object = NULL;
}

void builder_add_element(struct object_builder *builder, struct json_object *array,
			 struct json_object *element)
{
	if (array && element && !json_object_array_add(array, element))
		return;
	json_object_put(element);
	builder->failed = true;
}

void builder_add_item(struct object_builder *builder, struct json_object *array,
		      struct object_builder *inner)
{
	builder->failed = builder->failed || inner->failed;
	builder_add_element(builder, array, inner->object);
	inner->object = NULL;
}

void builder_add_texts(struct object_builder *builder, const char *key, const char *const *texts,
		       size_t count)
{
	struct json_object *array = json_object_new_array();
	size_t i;

	for (i = 0; i < count; i++) {
		char *text = replace_invalid_utf8(texts[i]);

		builder_add_element(builder, array, text ? json_object_new_string(text) : NULL);
		free(text);
	}
	builder_add_value(builder, key, array);
}

/* Bytes that json-c writes for a string, with its quotes. */
static size_t string_bytes(const char *text)
{
	size_t bytes = 2;

	for (; *text; text++) {
		if (strchr("\"\\\b\n\r\t\f", *text))
			bytes += 2;
		else
			bytes += (unsigned char)*text < ' ' ? 6 : 1;
	}
	return bytes;
}

static size_t value_bytes(struct json_object *);

static size_t array_bytes(struct json_object *array)
{
	size_t i, count = json_object_array_length(array), bytes = count ? 1 : 2;

	/* a comma or the last bracket */
	for (i = 0; i < count; i++)
		bytes += value_bytes(json_object_array_get_idx(array, i)) + 1;
	return bytes;
}

static size_t object_bytes(struct json_object *object)
{
	size_t bytes = json_object_object_length(object) ? 1 : 2;

	json_object_object_foreach(object, key, inner)
	{
		/* a colon, and a comma or the last bracket */
		bytes += string_bytes(key) + value_bytes(inner) + 2;
	}
	return bytes;
}

/* Bytes of a value.  When out of memory, json-c omits text without an error, and only the length
 * shows it. */
static size_t value_bytes(struct json_object *value)
{
	const char *text;

	switch (json_object_get_type(value)) {
	case json_type_null:
		return strlen("null");
	case json_type_string:
		return string_bytes(json_object_get_string(value));
	case json_type_int:
		return (size_t)snprintf(NULL, 0, "%" PRId64, json_object_get_int64(value));
	case json_type_array:
		return array_bytes(value);
	case json_type_object:
		return object_bytes(value);
	default:
		text = json_object_to_json_string(value);
		return text ? strlen(text) : 0;
	}
}

static char *format(struct json_object *object, const char *end)
{
	const size_t more = strlen(end) + 1;
	size_t length;
	const char *json = json_object_to_json_string_length(
		object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &length);
	char *out = json && length == value_bytes(object) ? malloc(length + more) : NULL;

	if (out) {
		memcpy(out, json, length);
		memcpy(out + length, end, more);
	}
	return out;
}

char *builder_finish(struct object_builder *builder, const char *end)
{
	char *out = builder->failed ? NULL : format(builder->object, end);

	json_object_put(builder->object);
	builder->object = NULL;
	return out;
}

char *builder_finish_open(struct object_builder *builder)
{
	char *out = builder_finish(builder, "");

	if (out)
		out[strlen(out) - strlen("]}")] = '\0';
	return out;
}
