#include "bdbtop/json/items.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "bdbtop/core/array.h"
#include "json_internal.h"

enum parse_state {
	AT_START, /* only blanks so far */
	AT_FIRST, /* after the first bracket: expects an item, a key or the last bracket */
	AT_KEY,	  /* in the key of an item: collects its bytes */
	AT_COLON, /* after a key: expects `:` */
	AT_VALUE, /* after the colon: expects an item */
	AT_ITEM,  /* in an item: collects its bytes */
	AT_COMMA, /* after an item: expects `,` or the last bracket */
	AT_NEXT,  /* after a comma: expects an item or a key */
	AT_END,	  /* after the last bracket */
	AT_REFUSED,
};

/* The bytes of a key or an item.  json-c gets them when it is complete, because between two pieces
 * json-c forgets a number that has begun, and only complete text can be compared with its tree. */
struct value_text {
	char *bytes;
	size_t length, capacity;
	bool in_string, escaped;
	int depth; /* open brackets */
};

struct items {
	struct items_setup setup;
	struct parser *parser;
	enum parse_state state;
	bool keyed; /* the items are in a map */
	char *key;  /* of the current item, or NULL */
	struct value_text text;
	size_t total_bytes; /* read so far */
	size_t count;	    /* items so far, the current one included */
	struct err error;
};

/* What a reply is by its first byte, for the error when something else was expected. */
static const struct first_byte {
	const char *bytes, *kind;
} first_bytes[] = {
	{ "{", "an object" },
	{ "[", "a list" },
	{ "\"", "a string" },
	{ "-0123456789", "a number" },
};

struct items *items_new(const struct items_setup *setup)
{
	struct items *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->setup = *setup;
	r->parser = parser_new(ITEMS_DEPTH, true);
	if (!r->parser) {
		free(r);
		return NULL;
	}
	return r;
}

void items_free(struct items *r)
{
	if (!r)
		return;
	parser_free(r->parser);
	free(r->text.bytes);
	free(r->key);
	free(r);
}

const char *items_key(const struct items *r)
{
	return r->key;
}

const char *items_text(const struct items *r, size_t *length)
{
	*length = r->text.length;
	return r->text.bytes;
}

/* The caller has set r->error. */
static int refuse(struct items *r, struct err *err)
{
	r->state = AT_REFUSED;
	if (err)
		*err = r->error;
	return -1;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static int set_unexpected_error(struct items *r, char c, struct err *err)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(first_bytes); i++) {
		if (c && strchr(first_bytes[i].bytes, c)) {
			err_set(&r->error, ERR_RETRY,
				"the reply is %s where %s was expected. Is this the API of a Redis "
				"Enterprise cluster? Its port is 9443.",
				first_bytes[i].kind, r->setup.subject);
			return refuse(r, err);
		}
	}
	if (c == '<')
		err_set_code(&r->error, ERR_CODE_NOT_A_CLUSTER, ERR_RETRY,
			     "the reply is HTML, not the API's JSON. Port 8443 is the web "
			     "interface, 9443 the API; or a proxy is in between.");
	else if ((unsigned char)c == 0xef)
		err_set(&r->error, ERR_RETRY,
			"the reply begins with a byte order mark, which JSON does not have, so it "
			"is not from the API. Is a proxy in between?");
	else
		err_set(&r->error, ERR_RETRY,
			"the reply is not JSON where %s was expected. Port 9443 is the API; or a "
			"proxy is in between.",
			r->setup.subject);
	return refuse(r, err);
}

static int set_syntax_error(struct items *r, const char *what, struct err *err)
{
	err_set(&r->error, ERR_RETRY,
		"the reply is invalid JSON at byte %zu (%s), so none of it is used. Is a proxy in "
		"between?",
		r->total_bytes, what);
	return refuse(r, err);
}

static int refuse_no_memory(struct items *r, struct err *err)
{
	set_no_memory_error(r->setup.subject, &r->error);
	return refuse(r, err);
}

static int refuse_too_many(struct items *r, struct err *err)
{
	err_set(&r->error, ERR_RETRY,
		"the reply has more than %d,%03d elements, the limit for %s, so none of it is "
		"used.",
		ITEMS_MAX / 1000, ITEMS_MAX % 1000, r->setup.subject);
	return refuse(r, err);
}

static void begin_value(struct items *r, enum parse_state state)
{
	r->state = state;
	r->text.length = 0;
	r->text.depth = 0;
	r->text.in_string = r->text.escaped = false;
}

static bool fits(const struct items *r, char c)
{
	enum items_shape shape = r->setup.shape;

	if (c == '[')
		return shape == ITEMS_LIST || shape == ITEMS_ANY;
	return c == '{' && shape != ITEMS_LIST;
}

/* Takes the first byte that is not blank.  Returns the bytes taken, 0 or 1, or -1. */
static int take_first(struct items *r, char c, struct err *err)
{
	if (!fits(r, c))
		return set_unexpected_error(r, c, err);
	if (r->setup.shape == ITEMS_ONE) {
		begin_value(r, AT_ITEM);
		return 0;
	}
	r->keyed = c == '{';
	r->state = AT_FIRST;
	return 1;
}

/* Takes an item that the caller knows.  Returns the bytes taken, 0: it does not, or -1. */
static int take_known(struct items *r, const char *bytes, size_t length, struct err *err)
{
	int taken;

	if (r->keyed || !r->setup.known)
		return 0;
	taken = r->setup.known(r->setup.arg, bytes, length, &r->error);
	if (taken < 0)
		return refuse(r, err);
	if (taken)
		r->state = AT_COMMA;
	return taken;
}

static int begin_entry(struct items *r, const char *bytes, size_t length, struct err *err)
{
	char c = *bytes;

	if (c == ',' || c == ']' || c == '}')
		return set_syntax_error(r, "an element is missing", err);
	if (r->keyed && c != '"')
		return set_syntax_error(r, c == '\'' ? "a single quote" : "a key is missing", err);
	if (r->count == ITEMS_MAX)
		return refuse_too_many(r, err);
	r->count++;
	begin_value(r, r->keyed ? AT_KEY : AT_ITEM);
	return take_known(r, bytes, length, err);
}

static int take_comma(struct items *r, char c, struct err *err)
{
	bool ends = c == (r->keyed ? '}' : ']');
	const char *broken = r->keyed ? "a comma or } is missing" : "a comma or ] is missing";

	if (c != ',' && !ends)
		return set_syntax_error(r, broken, err);
	r->state = ends ? AT_END : AT_NEXT;
	return 1;
}

/* Takes a byte between items that is not blank, or an item that the caller knows.  Returns the
 * bytes taken, or -1. */
static int take_between(struct items *r, const char *bytes, size_t length, struct err *err)
{
	char c = *bytes;

	switch (r->state) {
	case AT_FIRST:
		if (c == (r->keyed ? '}' : ']')) {
			r->state = AT_END;
			return 1;
		}
		return begin_entry(r, bytes, length, err);
	case AT_NEXT:
		return begin_entry(r, bytes, length, err);
	case AT_COLON:
		if (c != ':')
			return set_syntax_error(r, "a colon is missing", err);
		r->state = AT_VALUE;
		return 1;
	case AT_VALUE:
		if (c == ',' || c == '}')
			return set_syntax_error(r, "an element is missing", err);
		begin_value(r, AT_ITEM);
		return 0;
	case AT_COMMA:
		return take_comma(r, c, err);
	default:
		return set_syntax_error(r, "there is something after its end", err);
	}
}

static int end_key(struct items *r, struct json_object *key, struct err *err)
{
	const char *text = json_object_get_string(key);
	/* a key cut at its NUL would be another key */
	bool whole = strlen(text) == (size_t)json_object_get_string_len(key);

	free(r->key);
	r->key = strdup(whole ? text : "");
	json_object_put(key);
	if (!r->key)
		return refuse_no_memory(r, err);
	r->state = AT_COLON;
	return 0;
}

static int end_item(struct items *r, struct json_object *item, struct err *err)
{
	int rc;

	if (r->state == AT_KEY)
		return end_key(r, item, err);
	rc = r->setup.item(r->setup.arg, item, &r->error);
	json_object_put(item);
	if (rc < 0)
		return refuse(r, err);
	r->state = r->setup.shape == ITEMS_ONE ? AT_END : AT_COMMA;
	return 0;
}

static int refuse_too_deep(struct items *r, struct err *err)
{
	err_set(&r->error, ERR_RETRY,
		"the reply nests more than %d levels at byte %zu, so it is not %s. Is a proxy in "
		"between?",
		ITEMS_DEPTH, r->total_bytes, r->setup.subject);
	return refuse(r, err);
}

/* Sets the error for collected text that json-c could not parse. */
static int set_item_error(struct items *r, enum parser_result result, struct err *err)
{
	r->total_bytes -= r->text.length - parser_end(r->parser);
	switch (result) {
	case PARSER_TOO_DEEP:
		return refuse_too_deep(r, err);
	case PARSER_TOO_MANY:
		err_set(&r->error, ERR_RETRY,
			"one element of the reply has more than %d,%03d values, the limit for %s, "
			"so none of the reply is used.",
			PARSER_MAX_VALUES / 1000, PARSER_MAX_VALUES % 1000, r->setup.subject);
		return refuse(r, err);
	case PARSER_NO_MEMORY:
		return refuse_no_memory(r, err);
	default:
		return set_syntax_error(r, parser_error(r->parser), err);
	}
}

static int end_text(struct items *r, struct err *err)
{
	struct json_object *item;
	enum parser_result result;
	int known = take_known(r, r->text.bytes, r->text.length, err);
	size_t end;

	if (known)
		return known < 0 ? -1 : 0;
	result = parser_read(r->parser, r->text.bytes, r->text.length, &item);
	end = parser_end(r->parser);
	if (result != PARSER_OK)
		return set_item_error(r, result, err);
	if (end == r->text.length)
		return end_item(r, item, err);
	json_object_put(item);
	/* json-c ends a list early when it cannot enlarge it */
	if (strchr("[{\"", *r->text.bytes))
		return refuse_no_memory(r, err);
	r->total_bytes -= r->text.length - end;
	return set_syntax_error(r, "a comma or a bracket is missing", err);
}

static int collect(struct items *r, const char *bytes, size_t length, struct err *err)
{
	struct value_text *text = &r->text;

	r->total_bytes += length;
	if (length > ITEM_MAX_BYTES - text->length) {
		err_set(&r->error, ERR_RETRY,
			"one element of the reply has more than %zu bytes, so it is not %s. Is a "
			"proxy in between?",
			ITEM_MAX_BYTES, r->setup.subject);
		return refuse(r, err);
	}
	if (!ARRAY_RESERVE(text->bytes, text->capacity, text->length + length, ITEM_MAX_BYTES))
		return refuse_no_memory(r, err);
	memcpy(text->bytes + text->length, bytes, length);
	text->length += length;
	return 0;
}

/* How a byte continues a value.  STEP_AFTER: the value ended before this byte. */
enum step { STEP_ON, STEP_LAST, STEP_AFTER, STEP_BROKEN, STEP_TOO_DEEP };

static enum step step_outside_string(struct value_text *text, char c)
{
	switch (c) {
	case '"':
		text->in_string = true;
		return STEP_ON;
	case '{':
	case '[':
		return ++text->depth > ITEMS_DEPTH ? STEP_TOO_DEEP : STEP_ON;
	case '}':
	case ']':
		if (!text->depth)
			return STEP_AFTER;
		return --text->depth ? STEP_ON : STEP_LAST;
	case '\'':
		return STEP_BROKEN;
	default:
		return !text->depth && (c == ',' || is_blank(c)) ? STEP_AFTER : STEP_ON;
	}
}

static enum step step(struct value_text *text, char c)
{
	if (!c)
		return STEP_BROKEN;
	if (!text->in_string)
		return step_outside_string(text, c);
	if (text->escaped)
		text->escaped = false;
	else if (c == '\\')
		text->escaped = true;
	else if (c == '"')
		text->in_string = false;
	return text->in_string || text->depth ? STEP_ON : STEP_LAST;
}

/* Where step() does more with a byte than pass it. */
enum special { IN_STRING = 1, BETWEEN_STRINGS = 2 };
static const unsigned char special_bytes[UCHAR_MAX + 1] = {
	['\0'] = IN_STRING | BETWEEN_STRINGS,
	['"'] = IN_STRING | BETWEEN_STRINGS,
	['\\'] = IN_STRING,
	['\''] = BETWEEN_STRINGS,
	['{'] = BETWEEN_STRINGS,
	['}'] = BETWEEN_STRINGS,
	['['] = BETWEEN_STRINGS,
	[']'] = BETWEEN_STRINGS,
};

/* Returns how many of the next bytes step() would only pass: most bytes of a value. */
static size_t count_plain(const struct value_text *text, const char *bytes, size_t length)
{
	const unsigned char *byte = (const unsigned char *)bytes;
	unsigned special = text->in_string ? IN_STRING : BETWEEN_STRINGS;
	size_t count = 0;

	/* outside of brackets a comma or a blank ends a value */
	if (text->escaped || (!text->in_string && !text->depth))
		return 0;
	while (count < length && !(special_bytes[byte[count]] & special))
		count++;
	return count;
}

/* Takes bytes of a key or an item.  Returns the bytes taken, or -1. */
static int take_item(struct items *r, const char *bytes, size_t length, struct err *err)
{
	enum step how = STEP_ON;
	size_t taken = 0;

	if (length > ITEM_MAX_BYTES)
		length = ITEM_MAX_BYTES;
	while (taken < length) {
		how = STEP_ON;
		taken += count_plain(&r->text, bytes + taken, length - taken);
		if (taken == length)
			break;
		how = step(&r->text, bytes[taken]);
		if (how != STEP_ON && how != STEP_LAST)
			break;
		taken++;
		if (how == STEP_LAST)
			break;
	}
	if (taken && collect(r, bytes, taken, err) < 0)
		return -1;
	if (how == STEP_TOO_DEEP)
		return refuse_too_deep(r, err);
	if (how == STEP_BROKEN)
		return set_syntax_error(r, bytes[taken] ? "a single quote" : "a NUL", err);
	if (how != STEP_ON && end_text(r, err) < 0)
		return -1;
	return (int)taken;
}

static int take(struct items *r, const char *bytes, size_t length, struct err *err)
{
	int taken;

	while (length > 0) {
		if (r->state == AT_ITEM || r->state == AT_KEY) {
			taken = take_item(r, bytes, length, err);
		} else {
			taken = is_blank(*bytes) ? 1 : take_between(r, bytes, length, err);
			r->total_bytes += taken > 0 ? (size_t)taken : 0;
		}
		if (taken < 0)
			return -1;
		bytes += taken;
		length -= (size_t)taken;
	}
	return 0;
}

int items_feed(struct items *r, const char *bytes, size_t length, struct err *err)
{
	int taken;

	if (r->state == AT_REFUSED)
		return refuse(r, err);
	for (; r->state == AT_START && length > 0; bytes++, length--, r->total_bytes++) {
		if (is_blank(*bytes))
			continue;
		taken = take_first(r, *bytes, err);
		if (taken < 0)
			return -1;
		if (!taken)
			break;
	}
	return take(r, bytes, length, err);
}

/* True when the collected part of a value is invalid, whatever would follow. */
static bool is_broken(struct items *r)
{
	struct json_object *item;
	enum parser_result result;

	if (r->state != AT_ITEM && r->state != AT_KEY)
		return false;
	result = parser_read(r->parser, r->text.bytes, r->text.length, &item);
	if (result == PARSER_OK)
		json_object_put(item);
	return result == PARSER_BROKEN && parser_end(r->parser) < r->text.length;
}

int items_end(struct items *r, struct err *err)
{
	if (r->state == AT_END)
		return 0;
	if (is_broken(r))
		return set_item_error(r, PARSER_BROKEN, err);
	if (r->state == AT_START)
		err_set(&r->error, ERR_RETRY,
			"the reply is empty where %s was expected. Is a proxy in between?",
			r->setup.subject);
	else if (r->state != AT_REFUSED)
		err_set(&r->error, ERR_RETRY,
			"the reply was cut off after %zu byte%s, so none of it is used. The node "
			"may be restarting, or a proxy is in between.",
			r->total_bytes, r->total_bytes == 1 ? "" : "s");
	return refuse(r, err);
}
