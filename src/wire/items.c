#include "bdbtop/wire/items.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

enum state {
	AT_START, /* nothing but blanks so far */
	AT_FIRST, /* behind the first bracket: an item, a key or the last bracket */
	AT_KEY,	  /* in the key of an item: the bytes are json-c's */
	AT_COLON, /* behind a key: `:` */
	AT_VALUE, /* behind the colon: an item */
	AT_ITEM,  /* in an item: the bytes are json-c's */
	AT_COMMA, /* behind an item: `,` or the last bracket */
	AT_NEXT,  /* behind a comma: an item or a key */
	AT_END,	  /* behind the last bracket */
	AT_REFUSED,
};

struct items {
	struct items_setup setup;
	struct json_tokener *tokener;
	enum state state;
	bool keyed;		 /* the items of a map */
	char *key;		 /* of the item under way, or NULL */
	bool in_string, escaped; /* of the bytes that passed sound_bytes() */
	bool in_number;		 /* the last of them is a digit outside strings */
	size_t total;		 /* bytes read */
	size_t item_bytes;	 /* bytes of the item under way */
	struct err why;
};

/* What an answer is by its first byte, for the sentence when it should have been something else. */
static const struct first {
	const char *bytes, *is;
} firsts[] = {
	{ "{", "an object" },
	{ "[", "a list" },
	{ "\"", "a string" },
	{ "-0123456789", "a number" },
};

/*
 * Trailing characters: the comma behind an item is ours.  Not JSON_TOKENER_VALIDATE_UTF8: one bad
 * byte in one name would refuse the whole list (library facts, E11).
 *
 * json-c 0.18, when it is strict, takes every byte above 0x7f for a control byte, and one name in
 * another script would refuse the whole list.  There it is not strict: then a comma before a
 * closing bracket and a comment inside an item are borne, and nothing else that could be misread.
 */
static void set_flags(json_tokener *tokener)
{
	static const char word[] = "\"\xc3\xa9\"";
	struct json_object *read;

	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_ALLOW_TRAILING_CHARS);
	read = json_tokener_parse_ex(tokener, word, sizeof(word) - 1);
	if (!read)
		json_tokener_set_flags(tokener, 0);
	json_object_put(read);
	json_tokener_reset(tokener);
}

struct items *items_new(const struct items_setup *setup)
{
	struct items *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->setup = *setup;
	r->tokener = json_tokener_new_ex(ITEMS_DEPTH);
	if (!r->tokener) {
		free(r);
		return NULL;
	}
	set_flags(r->tokener);
	return r;
}

void items_free(struct items *r)
{
	if (!r)
		return;
	json_tokener_free(r->tokener);
	free(r->key);
	free(r);
}

const char *items_key(const struct items *r)
{
	return r->key;
}

/* The sentence is in r->why. */
static int refuse(struct items *r, struct err *err)
{
	r->state = AT_REFUSED;
	if (err)
		*err = r->why;
	return -1;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Most pieces of an answer hold none of the bytes that are worth a closer look. */
static bool is_plain(const char *bytes, size_t length)
{
	return !memchr(bytes, '\'', length) && !memchr(bytes, '\\', length) &&
	       !memchr(bytes, '\0', length);
}

static bool is_odd_count(const char *bytes, size_t length, char of)
{
	unsigned count = 0;
	size_t i;

	for (i = 0; i < length; i++)
		count += bytes[i] == of;
	return count & 1;
}

/* Bytes up to the first that no JSON has there and json-c would let pass. */
static size_t sound_bytes(struct items *r, const char *bytes, size_t length)
{
	size_t i;

	if (!r->escaped && is_plain(bytes, length)) {
		r->in_string ^= is_odd_count(bytes, length, '"');
		return length;
	}
	for (i = 0; i < length; i++) {
		char c = bytes[i];

		if (!c || (c == '\'' && !r->in_string))
			break;
		if (r->escaped)
			r->escaped = false;
		else if (c == '"')
			r->in_string = !r->in_string;
		else if (c == '\\')
			r->escaped = r->in_string;
	}
	return i;
}

static int say_unexpected(struct items *r, char c, struct err *err)
{
	size_t i;

	for (i = 0; i < sizeof(firsts) / sizeof(firsts[0]); i++) {
		if (c && strchr(firsts[i].bytes, c)) {
			err_set(&r->why, ERR_AGAIN,
				"the answer is %s where %s was expected. Is this the API of a "
				"Redis Enterprise "
				"cluster? Its port is 9443.",
				firsts[i].is, r->setup.what);
			return refuse(r, err);
		}
	}
	if (c == '<')
		err_set(&r->why, ERR_AGAIN,
			"the answer is HTML, not the API's JSON. Port 8443 is the web interface, "
			"9443 the API; "
			"or a proxy is in between.");
	else if ((unsigned char)c == 0xef)
		err_set(&r->why, ERR_AGAIN,
			"the answer begins with a byte order mark, which no JSON has, so it is not "
			"from the "
			"API. Is a proxy in between?");
	else
		err_set(&r->why, ERR_AGAIN,
			"the answer is not JSON where %s was expected. Port 9443 is the API; or a "
			"proxy is in "
			"between.",
			r->setup.what);
	return refuse(r, err);
}

static int say_broken(struct items *r, const char *what, struct err *err)
{
	err_set(&r->why, ERR_AGAIN,
		"the answer is broken JSON at byte %zu (%s), so nothing of it is used. Is a proxy "
		"in between?",
		r->total, what);
	return refuse(r, err);
}

/* Bytes of a value follow, for json-c. */
static void begin_value(struct items *r, enum state state)
{
	r->state = state;
	r->item_bytes = 0;
	json_tokener_reset(r->tokener);
}

static bool fits(const struct items *r, char c)
{
	enum items_shape shape = r->setup.shape;

	if (c == '[')
		return shape == ITEMS_LIST || shape == ITEMS_ANY;
	return c == '{' && shape != ITEMS_LIST;
}

/* The first byte that is no blank: bytes taken, 0 or 1, or -1. */
static int take_first(struct items *r, char c, struct err *err)
{
	if (!fits(r, c))
		return say_unexpected(r, c, err);
	if (r->setup.shape == ITEMS_ONE) {
		begin_value(r, AT_ITEM);
		return 0;
	}
	r->keyed = c == '{';
	r->state = AT_FIRST;
	return 1;
}

static int begin_entry(struct items *r, char c, struct err *err)
{
	if (c == ',' || c == ']' || c == '}')
		return say_broken(r, "an item is missing", err);
	if (r->keyed && c != '"')
		return say_broken(r, "a key is missing", err);
	begin_value(r, r->keyed ? AT_KEY : AT_ITEM);
	return 0;
}

static int take_comma(struct items *r, char c, struct err *err)
{
	bool ends = c == (r->keyed ? '}' : ']');
	const char *broken = r->keyed ? "a comma or } is missing" : "a comma or ] is missing";

	if (c != ',' && !ends)
		return say_broken(r, broken, err);
	r->state = ends ? AT_END : AT_NEXT;
	return 1;
}

/* A byte between the items that is no blank: bytes taken, 0 or 1, or -1. */
static int take_between(struct items *r, char c, struct err *err)
{
	switch (r->state) {
	case AT_FIRST:
		if (c == (r->keyed ? '}' : ']')) {
			r->state = AT_END;
			return 1;
		}
		return begin_entry(r, c, err);
	case AT_NEXT:
		return begin_entry(r, c, err);
	case AT_COLON:
		if (c != ':')
			return say_broken(r, "a colon is missing", err);
		r->state = AT_VALUE;
		return 1;
	case AT_VALUE:
		if (c == ',' || c == '}')
			return say_broken(r, "an item is missing", err);
		begin_value(r, AT_ITEM);
		return 0;
	case AT_COMMA:
		return take_comma(r, c, err);
	default:
		return say_broken(r, "something stands behind its end", err);
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
	if (!r->key) {
		err_set(&r->why, ERR_AGAIN, "no memory is left for %s.", r->setup.what);
		return refuse(r, err);
	}
	r->state = AT_COLON;
	return 0;
}

/* A key or an item is whole. */
static int end_item(struct items *r, struct json_object *item, struct err *err)
{
	int rc;

	if (r->state == AT_KEY)
		return end_key(r, item, err);
	rc = r->setup.item(r->setup.arg, item, &r->why);
	json_object_put(item);
	if (rc < 0)
		return refuse(r, err);
	r->state = r->setup.shape == ITEMS_ONE ? AT_END : AT_COMMA;
	return 0;
}

static int say_no_item(struct items *r, enum json_tokener_error error, struct err *err)
{
	if (error != json_tokener_error_depth)
		return say_broken(r, json_tokener_error_desc(error), err);
	err_set(&r->why, ERR_AGAIN,
		"the answer nests more than %d levels at byte %zu, so it is not %s. Is a proxy in "
		"between?",
		ITEMS_DEPTH, r->total, r->setup.what);
	return refuse(r, err);
}

/* Bytes taken, or -1. */
static int take_item(struct items *r, const char *bytes, size_t length, struct err *err)
{
	int count = (int)(length < ITEM_MAX_BYTES ? length : ITEM_MAX_BYTES), taken;
	struct json_object *item = json_tokener_parse_ex(r->tokener, bytes, count);
	enum json_tokener_error error = json_tokener_get_error(r->tokener);

	taken = error == json_tokener_continue ? count
					       : (int)json_tokener_get_parse_end(r->tokener);
	r->total += (size_t)taken;
	r->item_bytes += (size_t)taken;
	if (error != json_tokener_success && error != json_tokener_continue)
		return say_no_item(r, error, err);
	if (r->item_bytes > ITEM_MAX_BYTES) {
		json_object_put(item);
		err_set(&r->why, ERR_AGAIN,
			"one item of the answer has more than %zu bytes, so it is not %s. Is a "
			"proxy in "
			"between?",
			ITEM_MAX_BYTES, r->setup.what);
		return refuse(r, err);
	}
	if (error == json_tokener_success && end_item(r, item, err) < 0)
		return -1;
	return taken;
}

static int take(struct items *r, const char *bytes, size_t length, struct err *err)
{
	int taken;

	while (length > 0) {
		if (r->state == AT_ITEM || r->state == AT_KEY) {
			taken = take_item(r, bytes, length, err);
		} else {
			taken = is_blank(*bytes) ? 1 : take_between(r, *bytes, err);
			r->total += taken > 0;
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
	size_t sound;
	int taken;

	if (r->state == AT_REFUSED)
		return refuse(r, err);
	for (; r->state == AT_START && length > 0; bytes++, length--, r->total++) {
		if (is_blank(*bytes))
			continue;
		taken = take_first(r, *bytes, err);
		if (taken < 0)
			return -1;
		if (!taken)
			break;
	}
	/* json-c forgets between two pieces that a number has begun, and takes a second sign */
	if (r->in_number && length && *bytes == '-')
		return say_broken(r, "a sign inside a number", err);
	sound = sound_bytes(r, bytes, length);
	if (sound)
		r->in_number = !r->in_string && bytes[sound - 1] >= '0' && bytes[sound - 1] <= '9';
	if (take(r, bytes, sound, err) < 0)
		return -1;
	if (sound < length)
		return say_broken(r, bytes[sound] ? "a single quote" : "a NUL", err);
	return 0;
}

int items_end(struct items *r, struct err *err)
{
	if (r->state == AT_END)
		return 0;
	if (r->state == AT_START)
		err_set(&r->why, ERR_AGAIN,
			"the answer is empty where %s was expected. Is a proxy in between?",
			r->setup.what);
	else if (r->state != AT_REFUSED)
		err_set(&r->why, ERR_AGAIN,
			"the answer was cut after %zu bytes, so nothing of it is used. The node "
			"may be "
			"restarting, or a proxy is in between.",
			r->total);
	return refuse(r, err);
}
