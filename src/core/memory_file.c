#include "bdbtop/core/memory_file.h"

#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/array.h"

static ssize_t on_write(void *arg, const char *bytes, size_t length)
{
	struct memory_file *memory = arg;

	/* one more for the NUL */
	if (!ARRAY_RESERVE(memory->text, memory->capacity, memory->length + length + 1,
			   MEMORY_FILE_MAX)) {
		memory->lost = true;
		return 0;
	}
	memcpy(memory->text + memory->length, bytes, length);
	memory->length += length;
	return (ssize_t)length;
}

int memory_file_open(struct memory_file *memory)
{
	*memory = (struct memory_file){ .file = NULL };
	/* room for the NUL of an empty text */
	if (!ARRAY_RESERVE(memory->text, memory->capacity, 1, MEMORY_FILE_MAX))
		return -1;
	memory->file = fopencookie(memory, "w", (cookie_io_functions_t){ .write = on_write });
	if (memory->file)
		return 0;
	free(memory->text);
	memory->text = NULL;
	return -1;
}

char *memory_file_close(struct memory_file *memory, size_t *length)
{
	if (fclose(memory->file) || memory->lost) {
		free(memory->text);
		return NULL;
	}
	memory->text[memory->length] = '\0';
	if (length)
		*length = memory->length;
	return memory->text;
}
