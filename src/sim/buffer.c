#include "buffer.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "time.h"

static char *reserve(struct sim_buffer *b, size_t more)
{
	if (more > SIM_BUFFER_MAX - b->length - 1) {
		fputs("bdbtop-sim: a reply grew beyond 512 MiB. Simulate fewer databases.\n",
		      stderr);
		abort();
	}
	if (b->length + more + 1 > b->size) {
		size_t size = b->size ? b->size : 256;

		while (size < b->length + more + 1)
			size *= 2;
		b->data = sim_memory_resize(b->data, size, 1);
		b->size = size;
	}
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

void sim_buffer_number(struct sim_buffer *b, int64_t value)
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

void sim_buffer_tenths(struct sim_buffer *b, int tenths)
{
	char tail[2] = { '.', (char)('0' + abs(tenths % 10)) };

	if (tenths < 0 && tenths > -10)
		sim_buffer_add(b, "-", 1);
	sim_buffer_number(b, tenths / 10);
	sim_buffer_add(b, tail, sizeof(tail));
}

void sim_buffer_boolean(struct sim_buffer *b, int value)
{
	sim_buffer_put(b, value ? "true" : "false");
}

void sim_buffer_string(struct sim_buffer *b, const char *text)
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

void sim_buffer_time(struct sim_buffer *b, int64_t seconds)
{
	char iso[SIM_TIME_ISO_SIZE];

	sim_time_format(seconds, iso);
	sim_buffer_add(b, "\"", 1);
	sim_buffer_add(b, iso, SIM_TIME_ISO_SIZE - 1);
	sim_buffer_add(b, "\"", 1);
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
