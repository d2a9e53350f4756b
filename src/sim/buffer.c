#include "buffer.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/time.h"
#include "memory.h"

static char *reserve(struct sim_buffer *b, size_t more)
{
	if (more > SIM_BUFFER_MAX - b->length - 1) {
		fputs("bdbtop-sim: a reply grew beyond 512 MiB. Simulate fewer databases.\n",
		      stderr);
		abort();
	}
	SIM_MEMORY_RESERVE(b->data, b->size, b->length + more + 1);
	return b->data + b->length;
}

void sim_buffer_add(struct sim_buffer *b, const char *bytes, size_t length)
{
	char *at = reserve(b, length);

	memcpy(at, bytes, length);
	at[length] = '\0';
	b->length += length;
}

void sim_buffer_put(struct sim_buffer *b, const char *text)
{
	sim_buffer_add(b, text, strlen(text));
}

void sim_buffer_print(struct sim_buffer *b, const char *fmt, ...)
{
	va_list ap;
	int length;

	va_start(ap, fmt);
	length = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (length <= 0)
		return;
	reserve(b, (size_t)length);
	va_start(ap, fmt);
	vsnprintf(b->data + b->length, (size_t)length + 1, fmt, ap);
	va_end(ap);
	b->length += (size_t)length;
}

/* --- JSON --- */

/* Not sim_buffer_print(): a list of 10,000 databases has 100,000 numbers. */
static void put_number(struct sim_buffer *b, int64_t value)
{
	uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
	char digits[24];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest);
	if (value < 0)
		digits[--at] = '-';
	sim_buffer_add(b, digits + at, sizeof(digits) - at);
}

static void put_quoted(struct sim_buffer *b, const char *text)
{
	const char *unescaped = text;

	sim_buffer_add(b, "\"", 1);
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		sim_buffer_add(b, unescaped, (size_t)(text - unescaped));
		if (c < 0x20)
			sim_buffer_print(b, "\\u%04x", c);
		else
			sim_buffer_print(b, "\\%c", c);
		unescaped = text + 1;
	}
	sim_buffer_add(b, unescaped, (size_t)(text - unescaped));
	sim_buffer_add(b, "\"", 1);
}

/* Begin a value: a comma if it follows another one, and the key unless it is NULL. */
static void put_key(struct sim_buffer *b, const char *key)
{
	if (b->length && !strchr("{[:,", b->data[b->length - 1]))
		sim_buffer_add(b, ",", 1);
	if (!key)
		return;
	put_quoted(b, key);
	sim_buffer_add(b, ":", 1);
}

void sim_json_open(struct sim_buffer *b, const char *key, char bracket)
{
	put_key(b, key);
	sim_buffer_add(b, &bracket, 1);
}

void sim_json_close(struct sim_buffer *b, char bracket)
{
	sim_buffer_add(b, &bracket, 1);
}

void sim_json_raw(struct sim_buffer *b, const char *key, const char *json)
{
	put_key(b, key);
	sim_buffer_put(b, json);
}

void sim_json_string(struct sim_buffer *b, const char *key, const char *text)
{
	put_key(b, key);
	put_quoted(b, text);
}

void sim_json_number(struct sim_buffer *b, const char *key, int64_t value)
{
	put_key(b, key);
	put_number(b, value);
}

void sim_json_tenths(struct sim_buffer *b, const char *key, int tenths)
{
	char tail[2] = { '.', (char)('0' + tenths % 10) };

	put_key(b, key);
	put_number(b, tenths / 10);
	sim_buffer_add(b, tail, sizeof(tail));
}

void sim_json_boolean(struct sim_buffer *b, const char *key, bool value)
{
	sim_json_raw(b, key, value ? "true" : "false");
}

void sim_json_time(struct sim_buffer *b, const char *key, int64_t seconds)
{
	char iso[TIME_TEXT_SIZE];

	time_format_iso(iso, seconds);
	sim_json_string(b, key, iso);
}

void sim_buffer_release(struct sim_buffer *b)
{
	free(b->data);
	*b = (struct sim_buffer)SIM_BUFFER_INIT;
}

char *sim_buffer_detach(struct sim_buffer *b)
{
	char *data;

	*reserve(b, 0) = '\0';
	data = b->data;
	*b = (struct sim_buffer)SIM_BUFFER_INIT;
	return data;
}
