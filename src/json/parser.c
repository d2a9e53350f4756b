#include "wire_internal.h"

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#define LEAST_ROOM ((size_t)4096)

struct parser {
	struct json_tokener *tokener;
	size_t room; /* bytes of a string that json-c can hold without an allocation */
	size_t end;
	const char *error;
};

/* Only newer versions of json-c have a code for it. */
static bool is_memory(enum json_tokener_error error)
{
#if JSON_C_VERSION_NUM >= ((0 << 16) | (17 << 8) | 0)
	return error == json_tokener_error_memory;
#else
	(void)error;
	return false;
#endif
}

/*
 * Trailing characters: the comma behind an item is for items.c.  Not JSON_TOKENER_VALIDATE_UTF8:
 * one bad byte in one name would refuse the whole list.
 *
 * json-c 0.18, when it is strict, takes every byte above 0x7f for a control byte, and one name in
 * another script would refuse the whole list.  There it is not strict: then a comma before a
 * closing bracket is accepted, and nothing else that could be misread.
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
	if (!read && (error == json_tokener_success || is_memory(error)))
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

int wire_no_memory(const char *what, struct err *err)
{
	err_set(err, ERR_RETRY, "out of memory while reading %s, so none of it is used.", what);
	return -1;
}

size_t parser_end(const struct parser *p)
{
	return p->end;
}

const char *parser_error(const struct parser *p)
{
	return p->error;
}

/* json-c 0.16 crashes when it cannot copy a key.  Where memory is short, it is missing here. */
static bool has_memory(size_t length)
{
	/* volatile: else the compiler leaves both calls out */
	void *volatile probe = malloc(1024 + 8 * length);

	free(probe);
	return probe != NULL;
}

/* json-c cuts a string when it cannot enlarge its buffer.  A string of that length, which only has
 * to be counted, enlarges it. */
static int make_room(struct parser *p, size_t length)
{
	size_t capacity = p->room > LEAST_ROOM ? p->room : LEAST_ROOM, left;
	char block[1024];
	struct json_object *read;

	if (length <= p->room)
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
		p->room = capacity;
	json_object_put(read);
	return length <= p->room ? 0 : -1;
}

/* Values and members, by the bytes that stand outside of strings. */
static void count(const char *text, size_t length, size_t *values, size_t *members)
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
	/* a number or a word, which ends with the text; not with a NUL, behind which json-c takes a
	 * failed allocation for an error in the text */
	read = json_tokener_parse_ex(p->tokener, " ", 1);
	*error = json_tokener_get_error(p->tokener);
	p->end = length;
	return read;
}

/* What json-c calls a success. */
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
	count(text, length, &values, &members);
	if (values > PARSER_MAX_VALUES)
		return PARSER_TOO_MANY;
	if (make_room(p, length) < 0 || !has_memory(length))
		return PARSER_NO_MEMORY;
	read = read_value(p, text, length, &error);
	p->error = json_tokener_error_desc(error);
	if (is_memory(error))
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
