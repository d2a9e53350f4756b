#include "param.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bdbtop/core/time.h"
#include "memory.h"
#include "keyword.h"

static bool set_number(const struct sim_param *p, void *member, int64_t number)
{
	if (number < p->min || number > p->max)
		return false;
	if (p->type == SIM_PARAM_INT)
		*(int64_t *)member = number;
	else
		*(int *)member = (int)number * (p->factor ? p->factor : 1);
	return true;
}

static bool set_index(const struct sim_param *p, int *member, const char *word)
{
	size_t i = sim_keyword_find(word, p->words);

	if (p->words[i])
		*member = (int)i;
	return p->words[i];
}

static bool set_text(const struct sim_param *p, void *member, const char *text)
{
	char **copy = member;

	if (strlen(text) >= (size_t)p->max)
		return false;
	if (p->type == SIM_PARAM_TEXT) {
		strcpy(member, text);
		return true;
	}
	sim_memory_replace(copy, text);
	return true;
}

static bool set_numbers(const struct sim_param *p, struct json_object **member,
			struct json_object *numbers)
{
	size_t length, i;

	if (!json_object_is_type(numbers, json_type_array))
		return false;
	length = json_object_array_length(numbers);
	for (i = 0; i < length; i++) {
		struct json_object *number = json_object_array_get_idx(numbers, i);
		int64_t value = json_object_get_int64(number);

		if (!json_object_is_type(number, json_type_int) || value < p->min || value > p->max)
			return false;
	}
	if (!length || length > 512)
		return false;
	json_object_put(*member);
	*member = json_object_get(numbers);
	return true;
}

bool sim_param_set_word(const struct sim_param *p, void *record, const char *word)
{
	void *member = (char *)record + p->offset;
	int64_t number;

	switch (p->type) {
	case SIM_PARAM_INT:
	case SIM_PARAM_SMALL:
		return sim_keyword_number(word, p->min, p->max, &number) &&
		       set_number(p, member, number);
	case SIM_PARAM_ENDLESS:
		if (strcmp(word, "for ever") != 0)
			return sim_keyword_duration(word, member);
		*(int64_t *)member = TIME_NEVER;
		return true;
	case SIM_PARAM_DURATION:
		return sim_keyword_duration(word, member);
	case SIM_PARAM_SKEW:
		return sim_keyword_skew(word, member);
	case SIM_PARAM_TIME:
		return sim_keyword_time(word, member);
	case SIM_PARAM_WORD:
		return set_index(p, member, word);
	case SIM_PARAM_TEXT:
	case SIM_PARAM_COPY:
		return set_text(p, member, word);
	case SIM_PARAM_STRING:
		*(const char **)member = word;
		return *word;
	default:
		return false;
	}
}

const char *sim_param_text(struct json_object *value)
{
	const char *text;

	if (!json_object_is_type(value, json_type_string))
		return NULL;
	text = json_object_get_string(value);
	return strlen(text) == (size_t)json_object_get_string_len(value) ? text : NULL;
}

const char *sim_param_json(struct json_object *value)
{
	return json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN);
}

const char *sim_param_member(struct json_object *value, const char *key)
{
	struct json_object *member = NULL;

	if (json_object_is_type(value, json_type_object))
		json_object_object_get_ex(value, key, &member);
	return sim_param_text(member);
}

bool sim_param_set_json(const struct sim_param *p, void *record, struct json_object *value)
{
	void *member = (char *)record + p->offset;
	const char *text;

	switch (p->type) {
	case SIM_PARAM_INT:
	case SIM_PARAM_SMALL:
		return json_object_is_type(value, json_type_int) &&
		       set_number(p, member, json_object_get_int64(value));
	case SIM_PARAM_BOOL:
	case SIM_PARAM_FLAG:
		if (!json_object_is_type(value, json_type_boolean))
			return false;
		if (p->type == SIM_PARAM_BOOL)
			*(bool *)member = json_object_get_boolean(value);
		else
			*(int *)member = json_object_get_boolean(value);
		return true;
	case SIM_PARAM_ARRAY:
		*(struct json_object **)member = value;
		return json_object_is_type(value, json_type_array);
	case SIM_PARAM_NUMBERS:
		return set_numbers(p, member, value);
	default:
		text = sim_param_text(value);
		return text && sim_param_set_word(p, record, text);
	}
}

static int refuse_value(const struct sim_param *p, const char *where, struct err *err)
{
	static const char *const forms[] = {
		[SIM_PARAM_BOOL] = "true or false",
		[SIM_PARAM_FLAG] = "true or false",
		[SIM_PARAM_DURATION] = "a duration as in \"90s\"",
		[SIM_PARAM_TIME] = "a time as in \"2026-11-21T20:14:05Z\"",
		[SIM_PARAM_ARRAY] = "an array",
		[SIM_PARAM_STRING] = "text that is not empty",
	};

	if (p->type == SIM_PARAM_INT || p->type == SIM_PARAM_SMALL)
		return err_set(err, ERR_FINAL,
			       "%s must be a whole number from %" PRId64 " to %" PRId64 ".", where,
			       p->min, p->max);
	return err_set(err, ERR_FINAL, "%s %s%s.", where,
		       forms[p->type] ? "must be " : "has an invalid value",
		       forms[p->type] ? forms[p->type] : "");
}

/* Set what the row describes, in the record, from a value. */
static int read_value(const struct sim_param *p, void *record, struct json_object *value,
		      const char *where, struct err *err)
{
	if (p->members)
		return sim_param_read(p->members, record, value, where, err);
	if (p->read)
		return p->read((char *)record + p->offset, value, where, err);
	return sim_param_set_json(p, record, value) ? 0 : refuse_value(p, where, err);
}

int sim_param_read(const struct sim_param *table, void *record, struct json_object *object,
		   const char *where, struct err *err)
{
	char shown[SIM_KEYWORD_SHOWN_SIZE], below[256];
	const struct sim_param *p;

	if (!json_object_is_type(object, json_type_object))
		return err_set(err, ERR_FINAL, "%s must be an object.", where);
	json_object_object_foreach(object, key, value) {
		snprintf(below, sizeof(below), "%s: \"%s\"", where, sim_keyword_show(key, shown));
		for (p = table; p->name && strcmp(p->name, key) != 0;)
			p++;
		if (!p->name)
			return err_set(err, ERR_FINAL, "%s is not known.", below);
		if (read_value(p, record, value, below, err) < 0)
			return -1;
	}
	return 0;
}
