#include "bdbtop/json/error_object.h"

#include <string.h>

#include <json-c/json.h>

#include "builder_internal.h"

static struct json_object *make_steps(const char *lines)
{
	struct json_object *array = json_object_new_array(), *step;
	size_t length;

	for (; array && *lines; lines += length + (lines[length] != '\0')) {
		length = strcspn(lines, "\n");
		step = json_object_new_string_len(lines, (int)length);
		if (step && !json_object_array_add(array, step))
			continue;
		json_object_put(step);
		json_object_put(array);
		return NULL;
	}
	return array;
}

char *error_object_text(const struct error_object *error)
{
	struct object_builder outer, inner;

	builder_init(&outer);
	builder_init(&inner);
	builder_add_text(&inner, "code", err_code_word(error->code));
	builder_add_number(&inner, "exit_status", error->exit_status);
	builder_add_text(&inner, "message", error->message);
	builder_add_value(&inner, "next_steps", make_steps(err_code_next_steps(error->code)));
	builder_add_boolean(&inner, "retryable", err_code_is_retryable(error->code));
	if (error->pinned_key)
		builder_add_text(&inner, "pinned_key_sha256", error->pinned_key);
	if (error->offered_key)
		builder_add_text(&inner, "offered_key_sha256", error->offered_key);
	builder_add_object(&outer, "error", &inner);
	return builder_finish(&outer, "\n");
}
