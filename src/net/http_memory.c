/*
 * The allocator for libcurl: clears what it frees, so that no password and no Authorization header
 * stays in the heap after its request.
 */
#include "http_internal.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Precedes each block, because free() does not get the size to clear. */
union head {
	size_t size;
	max_align_t align;
};

static void *mem_alloc(size_t size)
{
	union head *head;

	if (size > SIZE_MAX - sizeof(*head))
		return NULL;
	head = malloc(sizeof(*head) + size);
	if (!head)
		return NULL;
	head->size = size;
	return head + 1;
}

static void mem_free(void *block)
{
	union head *head;

	if (!block)
		return;
	head = (union head *)block - 1;
	explicit_bzero(block, head->size);
	free(head);
}

static void *mem_calloc(size_t count, size_t size)
{
	void *block;

	if (size && count > SIZE_MAX / size)
		return NULL;
	block = mem_alloc(count * size);
	if (block)
		memset(block, 0, count * size);
	return block;
}

static void *mem_realloc(void *block, size_t size)
{
	size_t old;
	void *fresh = mem_alloc(size);

	if (!block || !fresh)
		return fresh;
	old = ((union head *)block - 1)->size;
	memcpy(fresh, block, old < size ? old : size);
	mem_free(block);
	return fresh;
}

static char *mem_strdup(const char *text)
{
	size_t size = strlen(text) + 1;
	char *fresh = mem_alloc(size);

	return fresh ? memcpy(fresh, text, size) : NULL;
}

int http_memory_init(void)
{
	return curl_global_init_mem(CURL_GLOBAL_DEFAULT, mem_alloc, mem_free, mem_realloc,
				    mem_strdup, mem_calloc) == CURLE_OK
		       ? 0
		       : -1;
}
