#include "bdbtop/json/value.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "bdbtop/core/time.h"

#define EXACT_IN_A_DOUBLE 9007199254740992.0 /* 2^53: every integer up to here */
#define NUMBER_TEXT_MAX	  32		     /* bytes of a number in a string */

const char *json_library_version(void)
{
	return json_c_version();
}

enum field_presence value_text(struct json_object *json, void *out)
{
	const char *text;

	if (!json_object_is_type(json, json_type_string))
		return FIELD_INVALID;
	text = json_object_get_string(json);
	/* a name that is cut at its NUL would be another name */
	if (strlen(text) != (size_t)json_object_get_string_len(json))
		return FIELD_INVALID;
	*(const char **)out = text;
	return FIELD_PRESENT;
}

enum field_presence value_string(struct json_object *json, void *out)
{
	const char *text;

	if (!json_object_is_type(json, json_type_int) &&
	    !json_object_is_type(json, json_type_double))
		return value_text(json, out);
	text = json_object_get_string(json);
	/* json-c writes a number completely or, when it cannot enlarge its buffer, not at all */
	*(const char **)out = text && *text ? text : NULL;
	return FIELD_PRESENT;
}

enum field_presence value_boolean(struct json_object *json, void *out)
{
	if (!json_object_is_type(json, json_type_boolean))
		return FIELD_INVALID;
	*(bool *)out = json_object_get_boolean(json);
	return FIELD_PRESENT;
}

/* Accepts digits with at most one point; strtod() alone accepts `7x`, `0x7`, `inf` and blanks. */
static bool parse_number(const char *text, double *out)
{
	size_t whole = strspn(text, "0123456789"), all = whole;

	if (text[whole] == '.')
		all += 1 + strspn(text + whole + 1, "0123456789");
	if (!whole || text[all] || all > NUMBER_TEXT_MAX)
		return false;
	*out = strtod(text, NULL);
	return true;
}

static bool to_number(struct json_object *json, double *out)
{
	const char *text = "";

	switch (json_object_get_type(json)) {
	case json_type_int:
	case json_type_double:
		*out = json_object_get_double(json);
		return isfinite(*out);
	case json_type_string:
		return value_text(json, &text) == FIELD_PRESENT && parse_number(text, out);
	default:
		return false;
	}
}

enum field_presence value_percent(struct json_object *json, void *out)
{
	double percent;

	if (!to_number(json, &percent) || percent < 0 || percent > 100)
		return FIELD_INVALID;
	*(double *)out = percent;
	return FIELD_PRESENT;
}

enum field_presence value_integer(struct json_object *json, void *out)
{
	double number;

	if (!to_number(json, &number) || number < 0 || number > EXACT_IN_A_DOUBLE ||
	    number != floor(number))
		return FIELD_INVALID;
	*(int64_t *)out = (int64_t)number;
	return FIELD_PRESENT;
}

enum field_presence value_time(struct json_object *json, void *out)
{
	const char *text = "";

	if (value_text(json, &text) != FIELD_PRESENT)
		return FIELD_INVALID;
	if (!*text || !strncmp(text, "1970-01-01T00:00:00", 19))
		return FIELD_NULL;
	return time_parse(text, out) ? FIELD_PRESENT : FIELD_INVALID;
}

enum field_presence value_moment(struct json_object *json, void *out)
{
	double seconds;

	if (!to_number(json, &seconds))
		return value_time(json, out);
	if (seconds < 0 || seconds > EXACT_IN_A_DOUBLE)
		return FIELD_INVALID;
	if (seconds < 1)
		return FIELD_NULL;
	*(int64_t *)out = (int64_t)seconds;
	return FIELD_PRESENT;
}

int64_t value_digits(const char *text)
{
	int64_t uid = 0;

	if (*text == '0')
		return 0;
	for (; *text >= '0' && *text <= '9'; text++) {
		int digit = *text - '0';

		if (uid > (INT64_MAX - digit) / 10)
			return 0;
		uid = uid * 10 + digit;
	}
	return *text ? 0 : uid;
}

static enum field_presence uid_of_text(struct json_object *json, int64_t *out)
{
	const char *text = "";
	int64_t uid;

	if (value_text(json, &text) != FIELD_PRESENT)
		return FIELD_INVALID;
	if (!*text || !strcmp(text, "0"))
		return FIELD_NULL;
	uid = value_digits(text);
	if (!uid)
		return FIELD_INVALID;
	*out = uid;
	return FIELD_PRESENT;
}

enum field_presence value_uid(struct json_object *json, void *out)
{
	bool whole = json_object_is_type(json, json_type_int);
	double number;

	if (!whole && !json_object_is_type(json, json_type_double))
		return uid_of_text(json, out);
	number = json_object_get_double(json);
	if (number == 0)
		return FIELD_NULL;
	if (whole && number > 0) {
		/* the unsigned form, because json-c limits a number that is too large to the
		 * maximum of the type */
		uint64_t uid = json_object_get_uint64(json);

		if (uid > INT64_MAX)
			return FIELD_INVALID;
		*(int64_t *)out = (int64_t)uid;
		return FIELD_PRESENT;
	}
	if (!(number >= 1 && number <= EXACT_IN_A_DOUBLE && number == floor(number)))
		return FIELD_INVALID;
	*(int64_t *)out = (int64_t)number;
	return FIELD_PRESENT;
}

struct json_object *value_member(struct json_object *object, const char *key)
{
	struct json_object *value = NULL;

	if (json_object_is_type(object, json_type_object))
		json_object_object_get_ex(object, key, &value);
	return value;
}

const char *value_member_text(struct json_object *object, const char *key)
{
	const char *text = NULL;

	value_text(value_member(object, key), &text);
	return text;
}
