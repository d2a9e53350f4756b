#include "data_reader_internal.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "bdbtop/core/text.h"
#include "json_internal.h"

#define BYTES_MAX ((size_t)32 << 20) /* of the records of a reply and what they point to */

/* Memory that records point to; it never moves. */
struct memory_block {
	struct memory_block *next;
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
	bool too_long; /* BYTES_MAX was exceeded */
	struct cluster_data data;
};

void *data_reserve(struct data_reader *r, size_t bytes)
{
	size_t used = r->block_bytes + r->count * r->format->size;
	struct memory_block *block;

	r->too_long = used > BYTES_MAX || bytes > BYTES_MAX - used;
	block = r->too_long ? NULL : calloc(1, sizeof(*block) + bytes);
	if (!block)
		return NULL;
	block->next = r->blocks;
	r->blocks = block;
	r->block_bytes += bytes;
	return block->bytes;
}

enum data_taken data_take(struct data_reader *r, struct json_object *from, const void *begin)
{
	size_t size = r->format->size, max = (BYTES_MAX - r->block_bytes) / size;
	enum data_taken taken;
	char *record;

	r->too_long = r->count >= max;
	if (r->too_long || !array_reserve(&r->records, &r->capacity, r->count + 1, max, size))
		return DATA_NO_MEMORY;
	record = memset(r->records + r->count * size, 0, size);
	if (begin)
		memcpy(record, begin, size);
	taken = r->format->read(r, from, record);
	r->count += taken == DATA_TAKEN;
	r->data.unreadable += taken == DATA_UNREADABLE;
	return taken;
}

enum data_taken data_skip(struct data_reader *r)
{
	r->data.unreadable++;
	return DATA_TAKEN;
}

int64_t data_wanted_uid(const struct data_reader *r)
{
	return r->uid;
}

enum data_taken data_fill(struct json_object *object, const struct data_field *fields, size_t count,
			  void *record)
{
	size_t i;

	for (i = 0; i < count; i++) {
		const struct data_field *field = &fields[i];
		struct json_object *value = value_member(object, field->key);
		char *to = (char *)record + field->offset;
		const char *text = "";

		if (!value ||
		    field->read(value, field->text_size ? (void *)&text : to) != FIELD_PRESENT ||
		    !field->text_size)
			continue;
		if (!text)
			return DATA_NO_MEMORY;
		if (field->complete && strlen(text) >= field->text_size)
			return DATA_UNREADABLE;
		text_truncate_bytes(to, field->text_size, text);
	}
	return DATA_TAKEN;
}

int64_t data_object_uid(struct json_object *name)
{
	const char *text = "";

	if (value_text(name, &text) != FIELD_PRESENT || strncmp(text, "bdb:", 4) != 0)
		return 0;
	return value_digits(text + 4);
}

static int refuse(const struct data_reader *r, struct err *err)
{
	if (!r->too_long)
		return set_no_memory_error(r->format->subject, err);
	return err_set(
		err, ERR_RETRY,
		"the reply takes more than %zu MiB of memory, the limit for %s, so none of it is "
		"used.",
		BYTES_MAX >> 20, r->format->subject);
}

static int take_item(void *arg, struct json_object *item, struct err *err)
{
	struct data_reader *r = arg;
	enum data_taken taken;

	r->accepted++;
	taken = r->format->take_item ? r->format->take_item(r, item, items_key(r->items))
				     : data_take(r, item, NULL);
	return taken == DATA_NO_MEMORY ? refuse(r, err) : 0;
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
		err_set(err, ERR_RETRY,
			"the reply is not %s, or is about another one. Is a proxy in between?",
			r->format->subject);
		return NULL;
	}
	if (r->count && r->format->finish)
		r->format->finish(r->records, r->count);
	/* memcpy, because the type of the array differs between formats */
	memcpy(data + r->format->array_offset, &r->records, sizeof(r->records));
	memcpy(data + r->format->count_offset, &r->count, sizeof(r->count));
	r->data.truncated = r->limit && r->accepted >= r->limit;
	return &r->data;
}
