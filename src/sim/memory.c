#include "memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/array.h"

static void *check_memory(void *block)
{
	if (block)
		return block;
	fputs("bdbtop-sim: out of memory. Simulate fewer databases.\n", stderr);
	abort();
}

void *sim_memory_new(size_t count, size_t size)
{
	return check_memory(calloc(count ? count : 1, size));
}

void sim_memory_reserve(void *array, size_t *capacity, size_t needed, size_t size)
{
	if (!array_reserve(array, capacity, needed, SIZE_MAX, size))
		check_memory(NULL);
}

char *sim_memory_copy(const char *text)
{
	return check_memory(strdup(text));
}

char *sim_memory_format(const char *fmt, ...)
{
	char *text = NULL;
	va_list args;

	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		text = NULL;
	va_end(args);
	return check_memory(text);
}

void sim_memory_replace(char **old, const char *text)
{
	char *copy = text ? sim_memory_copy(text) : NULL;

	free(*old);
	*old = copy;
}

char *sim_memory_copy_n(const char *text, size_t length)
{
	return check_memory(strndup(text, length));
}
