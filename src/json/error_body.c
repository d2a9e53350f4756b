#include "bdbtop/json/error_body.h"

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"
#include "bdbtop/json/value.h"
#include "json_internal.h"

#define DEPTH	 32
#define BODY_MAX ((size_t)64 * 1024) /* a longer body is not parsed as JSON */

/* The most informative key first. */
static const char *const keys[] = { "description", "message", "error_message", "error_code" };

static const char blanks[] = " \t\r\n";

static void set_message(char *out, size_t size, const char *words, size_t length)
{
	char *raw;

	/* safe text is never shorter than its raw bytes, so bytes beyond size cannot be shown */
	if (length > size)
		length = size;
	while (length && strchr(blanks, words[length - 1]))
		length--;
	raw = strndup(words, length);
	text_safe(out, size, raw ? raw : "", false);
	free(raw);
}

/* Returns the string of a JSON value without leading blanks; NULL if not a string or blank. */
static const char *text_of(struct json_object *json)
{
	const char *text;

	if (!json_object_is_type(json, json_type_string))
		return NULL;
	text = json_object_get_string(json);
	text += strspn(text, blanks);
	return *text ? text : NULL;
}

static const char *message_of(struct json_object *json)
{
	struct json_object *value;
	const char *text;
	size_t i;

	if (!json_object_is_type(json, json_type_object))
		return text_of(json);
	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		text = json_object_object_get_ex(json, keys[i], &value) ? text_of(value) : NULL;
		if (text)
			return text;
	}
	if (!json_object_object_length(json))
		return NULL;
	/* only other keys, perhaps on many lines: write them on one line */
	return json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN |
							    JSON_C_TO_STRING_NOSLASHESCAPE);
}

/* True when all of the body is JSON; *json is NULL for `null`. */
static bool parse(struct json_object **json, const char *body, size_t length)
{
	size_t end;
	bool whole;

	/* not strict: a message in slightly broken JSON is as good */
	if (parser_read_once(body, length, DEPTH, json, &end) != PARSER_OK)
		return false;
	/* a number or a word is more useful as text */
	whole = end == length && (!*json || json_object_is_type(*json, json_type_object) ||
				  json_object_is_type(*json, json_type_array) ||
				  json_object_is_type(*json, json_type_string));
	if (!whole)
		json_object_put(*json);
	return whole;
}

/* Skips a byte order mark and blanks. */
static const char *skip_blanks(const char *body, size_t *length)
{
	static const char mark[] = "\xef\xbb\xbf";

	if (*length >= 3 && !memcmp(body, mark, 3)) {
		body += 3;
		*length -= 3;
	}
	for (; *length && memchr(blanks, *body, sizeof(blanks)); body++)
		--*length;
	return body;
}

enum error_body_kind error_message(char *out, size_t size, const char *body, size_t length)
{
	struct json_object *json;
	const char *words, *end;

	*out = '\0';
	body = skip_blanks(body, &length);
	if (!length)
		return ERROR_BODY_EMPTY;
	if (*body == '<')
		return ERROR_BODY_HTML;
	if (length <= BODY_MAX && parse(&json, body, length)) {
		words = message_of(json);
		if (words)
			set_message(out, size, words, strlen(words));
		json_object_put(json);
		return *out ? ERROR_BODY_MESSAGE : ERROR_BODY_EMPTY;
	}
	end = memchr(body, '\n', length);
	set_message(out, size, body, end ? (size_t)(end - body) : length);
	return *out ? ERROR_BODY_MESSAGE : ERROR_BODY_EMPTY;
}

void error_code(char *out, size_t size, const char *body, size_t length)
{
	struct json_object *json, *value;
	const char *code;

	*out = '\0';
	body = skip_blanks(body, &length);
	if (!length || length > BODY_MAX || !parse(&json, body, length))
		return;
	value = value_member(json, "error_code");
	code = value ? text_of(value) : NULL;
	if (code)
		set_message(out, size, code, strlen(code));
	json_object_put(json);
}
