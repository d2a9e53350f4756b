#include "json_internal.h"

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#define STRING_CAPACITY_MIN ((size_t)4096)

struct parser {
	struct json_tokener *tokener;
	size_t string_capacity; /* bytes of a string that json-c can hold without an allocation */
	size_t end;
	const char *error;
};

/* json-c before 0.17 has no code for this error. */
static bool is_memory_error(enum json_tokener_error error)
{
#if JSON_C_VERSION_NUM >= ((0 << 16) | (17 << 8) | 0)
	return error == json_tokener_error_memory;
#else
	(void)error;
	return false;
#endif
}

/*
 * Allows trailing characters, because items.c reads the comma after an item.  Does not set
 * JSON_TOKENER_VALIDATE_UTF8: one bad byte in one name would refuse the complete list.
 *
 * json-c 0.18, if strict, takes every byte above 0x7f for a control byte, so one name in another
 * script would refuse the complete list.  Such a json-c is used without strict: it then accepts a
 * comma before a closing bracket, but nothing else that could be misread.
 */
static int set_strict(struct json_tokener *tokener)
{
	static const char word[] = "\"\xc3\xa9\"";
	enum json_tokener_error error;
	struct json_object *read;

	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_ALLOW_TRAILING_CHARS);
	read = json_tokener_parse_ex(tokener, word, sizeof(word) - 1);
	error = json_tokener_get_error(tokener);
	json_tokener_reset(tokener);
	if (!read && (error == json_tokener_success || is_memory_error(error)))
		return -1;
	if (!read)
		json_tokener_set_flags(tokener, 0);
	json_object_put(read);
	return 0;
}

struct parser *parser_new(int depth, bool strict)
{
	struct parser *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->tokener = json_tokener_new_ex(depth);
	if (!p->tokener || (strict && set_strict(p->tokener) < 0)) {
		parser_free(p);
		return NULL;
	}
	return p;
}

void parser_free(struct parser *p)
{
	if (!p)
		return;
	/* json-c 0.16 does not accept NULL */
	if (p->tokener)
		json_tokener_free(p->tokener);
	free(p);
}

int set_no_memory_error(const char *what, struct err *err)
{
	return err_set_code(err, ERR_CODE_INTERNAL, ERR_RETRY,
			    "out of memory while reading %s, so none of it is used.", what);
}

size_t parser_end(const struct parser *p)
{
	return p->end;
}

const char *parser_error(const struct parser *p)
{
	return p->error;
}

/* json-c 0.16 crashes when it cannot copy a key, so this finds out first if memory is short. */
static bool has_memory(size_t length)
{
	/* volatile, because else the compiler removes both calls */
	void *volatile probe = malloc(1024 + 8 * length);

	free(probe);
	return probe != NULL;
}

/* json-c cuts a string when it cannot enlarge its buffer.  So a string of this length is parsed
 * first: it enlarges the buffer, and its length shows whether that worked. */
static int reserve_string(struct parser *p, size_t length)
{
	size_t capacity = STRING_CAPACITY_MIN, left;
	char block[1024];
	struct json_object *read;

	if (length <= p->string_capacity)
		return 0;
	while (capacity < length)
		capacity *= 2;
	memset(block, 'x', sizeof(block));
	json_tokener_reset(p->tokener);
	json_tokener_parse_ex(p->tokener, "\"", 1);
	for (left = capacity; left; left -= sizeof(block))
		json_tokener_parse_ex(p->tokener, block, sizeof(block));
	read = json_tokener_parse_ex(p->tokener, "\"", 1);
	if (read && (size_t)json_object_get_string_len(read) == capacity)
		p->string_capacity = capacity;
	json_object_put(read);
	return length <= p->string_capacity ? 0 : -1;
}

/* Counts values and members by the punctuation outside strings. */
static void count_values(const char *text, size_t length, size_t *values, size_t *members)
{
	bool in_string = false;
	size_t i;

	*values = 1;
	*members = 0;
	for (i = 0; i < length; i++) {
		char c = text[i];

		if (in_string && c == '\\')
			i++;
		else if (c == '"')
			in_string = !in_string;
		else if (!in_string) {
			*values += c == ',' || c == '[' || c == '{';
			*members += c == ':';
		}
	}
}

static struct json_object *read_value(struct parser *p, const char *text, size_t length,
				      enum json_tokener_error *error)
{
	struct json_object *read;

	json_tokener_reset(p->tokener);
	read = json_tokener_parse_ex(p->tokener, text, (int)length);
	*error = json_tokener_get_error(p->tokener);
	p->end = json_tokener_get_parse_end(p->tokener);
	if (*error != json_tokener_continue)
		return read;
	/* a number or a word ends with the text; a space ends it for json-c, because after a NUL
	 * json-c takes a failed allocation for an error in the text */
	read = json_tokener_parse_ex(p->tokener, " ", 1);
	*error = json_tokener_get_error(p->tokener);
	p->end = length;
	return read;
}

/* json-c may report success for a tree that lacks something. */
static bool is_complete(const struct parser *p, const char *text, struct json_object *read,
			size_t members)
{
	size_t in_text;

	if (!p->end || (!read && *text != 'n'))
		return false;
	if (members_of_tree(read) == members)
		return true;
	return members_of_text(text, p->end, &in_text) == 0 && members_of_tree(read) == in_text;
}

enum parser_result parser_read(struct parser *p, const char *text, size_t length,
			       struct json_object **out)
{
	enum json_tokener_error error;
	struct json_object *read;
	size_t values, members;

	p->end = 0;
	count_values(text, length, &values, &members);
	if (values > PARSER_MAX_VALUES)
		return PARSER_TOO_MANY;
	if (reserve_string(p, length) < 0 || !has_memory(length))
		return PARSER_NO_MEMORY;
	read = read_value(p, text, length, &error);
	p->error = json_tokener_error_desc(error);
	if (is_memory_error(error))
		return PARSER_NO_MEMORY;
	if (error == json_tokener_error_depth)
		return PARSER_TOO_DEEP;
	if (error != json_tokener_success)
		return PARSER_BROKEN;
	if (!is_complete(p, text, read, members)) {
		json_object_put(read);
		return PARSER_NO_MEMORY;
	}
	*out = read;
	return PARSER_OK;
}

enum parser_result parser_read_once(const char *text, size_t length, int depth,
				    struct json_object **out, size_t *end)
{
	struct parser *p = parser_new(depth, false);
	enum parser_result result = PARSER_NO_MEMORY;

	if (!p)
		return result;
	result = parser_read(p, text, length, out);
	*end = parser_end(p);
	parser_free(p);
	return result;
}
