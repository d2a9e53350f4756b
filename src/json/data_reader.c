#include "data_reader_internal.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "json_internal.h"

#define BLOCK_BYTES ((size_t)16 << 10)
#define TEXT_MAX    ((size_t)16 << 20) /* of everything that the records of a reply point to */

struct memory_block {
	struct memory_block *next;
	size_t used, size;
	alignas(max_align_t) char bytes[];
};

struct data_reader {
	const struct data_format *format;
	struct items *items;
	int64_t uid;
	size_t limit, accepted; /* items, unreadable ones included */
	char *records;
	size_t count, capacity;
	struct memory_block *blocks;
	size_t block_bytes;
	bool too_long; /* TEXT_MAX was exceeded */
	struct cluster_data data;
};

static struct memory_block *block_new(size_t bytes, struct memory_block *next)
{
	size_t size = bytes > BLOCK_BYTES ? bytes : BLOCK_BYTES;
	struct memory_block *block = malloc(sizeof(*block) + size);

	if (!block)
		return NULL;
	*block = (struct memory_block){ .next = next, .size = size };
	return block;
}

void *data_reserve(struct data_reader *r, size_t bytes)
{
	size_t unit = alignof(max_align_t);
	struct memory_block *block = r->blocks;
	void *memory;

	bytes = (bytes + unit - 1) / unit * unit;
	if (!block || bytes > block->size - block->used) {
		r->too_long = r->block_bytes > TEXT_MAX;
		block = r->too_long ? NULL : block_new(bytes, r->blocks);
		if (!block)
			return NULL;
		r->blocks = block;
		r->block_bytes += block->size;
	}
	memory = block->bytes + block->used;
	block->used += bytes;
	return memset(memory, 0, bytes);
}

const char *data_text(struct data_reader *r, const char *raw)
{
	size_t length = strlen(raw);
	char *text;

	if (!length)
		return "";
	text = data_reserve(r, length + 1);
	return text ? memcpy(text, raw, length) : NULL;
}

void *data_add(struct data_reader *r)
{
	if (r->count == r->capacity) {
		size_t capacity = r->capacity ? 2 * r->capacity : 32;
		char *grown = realloc(r->records, capacity * r->format->size);

		if (!grown)
			return NULL;
		r->records = grown;
		r->capacity = capacity;
	}
	return memset(r->records + r->count++ * r->format->size, 0, r->format->size);
}

void data_add_unreadable(struct data_reader *r)
{
	r->data.unreadable++;
}

int64_t data_wanted_uid(const struct data_reader *r)
{
	return r->uid;
}

int data_fill(struct data_reader *r, struct json_object *object, const struct value_field *fields,
	      size_t count, void *record)
{
	size_t i;

	for (i = 0; i < count; i++) {
		void *to = (char *)record + fields[i].offset;
		struct json_object *value = value_member(object, fields[i].key);
		const char **text = to;
		bool given = value && fields[i].read(value, to) == FIELD_PRESENT;

		if (fields[i].read != value_text && fields[i].read != value_string)
			continue;
		if (given && *text)
			*text = data_text(r, *text);
		else if (given)
			return -1;
		else if (!*text)
			*text = "";
		if (!*text)
			return -1;
	}
	return 0;
}

int64_t data_object_uid(struct json_object *name)
{
	const char *text = "";

	if (!name || value_text(name, &text) != FIELD_PRESENT || strncmp(text, "bdb:", 4) != 0)
		return 0;
	return value_digits(text + 4);
}

static int refuse(const struct data_reader *r, struct err *err)
{
	if (!r->too_long)
		return set_no_memory_error(r->format->subject, err);
	err_set(err, ERR_RETRY,
		"the reply has more than %zu MiB of text, the limit for %s, so none of it is used.",
		TEXT_MAX >> 20, r->format->subject);
	return -1;
}

static int take_item(void *arg, struct json_object *item, struct err *err)
{
	struct data_reader *r = arg;

	r->accepted++;
	return r->format->take(r, item, items_key(r->items)) < 0 ? refuse(r, err) : 0;
}

struct data_reader *data_reader_new(const struct data_format *format, int64_t uid, size_t limit)
{
	struct data_reader *r = calloc(1, sizeof(*r));
	const struct items_setup setup = {
		.shape = format->shape, .subject = format->subject, .item = take_item, .arg = r
	};

	if (!r)
		return NULL;
	r->format = format;
	r->uid = uid;
	r->limit = limit;
	r->items = items_new(&setup);
	if (r->items)
		return r;
	free(r);
	return NULL;
}

void data_reader_free(struct data_reader *r)
{
	struct memory_block *next;

	if (!r)
		return;
	for (; r->blocks; r->blocks = next) {
		next = r->blocks->next;
		free(r->blocks);
	}
	items_free(r->items);
	free(r->records);
	free(r);
}

int data_reader_feed(struct data_reader *r, const char *bytes, size_t length, struct err *err)
{
	return items_feed(r->items, bytes, length, err);
}

const struct cluster_data *data_reader_end(struct data_reader *r, struct err *err)
{
	char *data = (char *)&r->data;

	if (items_end(r->items, err) < 0)
		return NULL;
	if (r->format->shape == ITEMS_ONE && !r->count) {
		err_set(err, ERR_RETRY, "the reply is not %s, or is about another one.",
			r->format->subject);
		return NULL;
	}
	if (r->count && r->format->finish && r->format->finish(r->records, r->count) < 0) {
		refuse(r, err);
		return NULL;
	}
	/* memcpy, because the type of the array differs between formats */
	memcpy(data + r->format->array_offset, &r->records, sizeof(r->records));
	memcpy(data + r->format->count_offset, &r->count, sizeof(r->count));
	r->data.truncated = r->limit && r->accepted >= r->limit;
	return &r->data;
}
