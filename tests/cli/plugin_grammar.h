/*
 * tests/cli/plugin_grammar.h - reads output as the Monitoring Plugins guidelines describe it, and
 * fails the test where it is something else.
 */
#pragma once

#include <ctype.h>
#include <stdbool.h>

#include "tests/tap.h"

struct plugin_datum {
	char label[64], value[32], unit[8], warning[64], critical[64], min[32], max[32];
};

struct plugin_output {
	char status[400]; /* the first line */
	char text[8000];  /* the lines after it, up to the performance data */
	struct plugin_datum data[32];
	size_t count;
};

static inline size_t plugin_length(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += ((unsigned char)*text & 0xc0) != 0x80;
	return count;
}

/* Takes a number of the class [-0-9.], or an empty text. */
static inline void plugin_take_number(const char **at, char *out, size_t size, const char *more)
{
	size_t length = 0;

	while (**at && (isdigit((unsigned char)**at) || strchr(more, **at)) && length + 1 < size)
		out[length++] = *(*at)++;
	out[length] = '\0';
}

/* Takes `;` and what follows, if it is there. */
static inline void plugin_take_field(const char **at, char *out, size_t size, const char *more)
{
	*out = '\0';
	if (**at != ';')
		return;
	(*at)++;
	plugin_take_number(at, out, size, more);
}

/* 'label'=value[UOM];[warn];[crit];[min];[max] */
static inline void plugin_take_datum(const char **at, struct plugin_datum *datum)
{
	size_t length = strcspn(*at, "= '");

	assert_true(length > 0 && length < sizeof(datum->label) && (*at)[length] == '=');
	memcpy(datum->label, *at, length);
	datum->label[length] = '\0';
	*at += length + 1;
	if (**at == 'U') {
		strcpy(datum->value, "U");
		(*at)++;
	} else {
		plugin_take_number(at, datum->value, sizeof(datum->value), "-.");
		assert_true(*datum->value);
	}
	datum->unit[0] = '\0';
	if (**at == 's') {
		strcpy(datum->unit, "s");
		(*at)++;
	}
	plugin_take_field(at, datum->warning, sizeof(datum->warning), "-.:~@");
	plugin_take_field(at, datum->critical, sizeof(datum->critical), "-.:~@");
	plugin_take_field(at, datum->min, sizeof(datum->min), "-.");
	plugin_take_field(at, datum->max, sizeof(datum->max), "-.");
}

/* data: performance data must be there. */
static inline void plugin_read(struct plugin_output *out, const char *text, bool data)
{
	const char *line = strchr(text, '\n'), *bar = strchr(text, '|'), *c;

	out->count = 0;
	assert_non_null(line);
	snprintf(out->status, sizeof(out->status), "%.*s", (int)(line - text), text);
	assert_true(plugin_length(out->status) < 80);
	snprintf(out->text, sizeof(out->text), "%.*s",
		 (int)((bar ? bar : text + strlen(text)) - line - 1), line + 1);
	for (c = text; *c; c++)
		assert_true((unsigned char)*c >= ' ' || *c == '\n');
	assert_int_equal(bar != NULL, data);
	if (!bar)
		return;
	/* the text ends with a line of its own */
	assert_true(bar[-1] == '\n');
	for (bar++;; bar++) {
		assert_true(out->count < 32);
		plugin_take_datum(&bar, &out->data[out->count++]);
		if (*bar == '\n')
			break;
		assert_int_equal(*bar, ' ');
	}
	assert_string_equal(bar, "\n");
}

static inline const struct plugin_datum *plugin_find(const struct plugin_output *out,
						     const char *label)
{
	size_t i;

	for (i = 0; i < out->count; i++)
		if (!strcmp(out->data[i].label, label))
			return &out->data[i];
	return NULL;
}

static inline const char *plugin_value(const struct plugin_output *out, const char *label)
{
	const struct plugin_datum *datum = plugin_find(out, label);

	return datum ? datum->value : "(none)";
}
