#include "src/json/data_reader_internal.h"
#include "src/json/wire_internal.h"

#include <json-c/json.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_BYTES ((size_t)16 << 10)
#define TEXT_MAX    ((size_t)16 << 20) /* of all that the records of an answer point to */

struct block {
	struct block *next;
	size_t used, size;
	alignas(max_align_t) char bytes[];
};

struct fact_reader {
	const struct fact_form *form;
	struct items *items;
	int64_t uid;
	size_t limit, taken; /* items, those that are none too */
	char *records;
	size_t count, room;
	struct block *blocks;
	size_t block_bytes;
	bool too_long; /* TEXT_MAX was exceeded */
	struct cluster_data facts;
};

static struct block *block_new(size_t bytes, struct block *next)
{
	size_t size = bytes > BLOCK_BYTES ? bytes : BLOCK_BYTES;
	struct block *block = malloc(sizeof(*block) + size);

	if (!block)
		return NULL;
	*block = (struct block){ .next = next, .size = size };
	return block;
}

void *fact_room(struct fact_reader *r, size_t bytes)
{
	size_t unit = alignof(max_align_t);
	struct block *block = r->blocks;
	void *room;

	bytes = (bytes + unit - 1) / unit * unit;
	if (!block || bytes > block->size - block->used) {
		r->too_long = r->block_bytes > TEXT_MAX;
		block = r->too_long ? NULL : block_new(bytes, r->blocks);
		if (!block)
			return NULL;
		r->blocks = block;
		r->block_bytes += block->size;
	}
	room = block->bytes + block->used;
	block->used += bytes;
	return memset(room, 0, bytes);
}

const char *fact_text(struct fact_reader *r, const char *raw)
{
	size_t length = strlen(raw);
	char *text;

	if (!length)
		return "";
	text = fact_room(r, length + 1);
	return text ? memcpy(text, raw, length) : NULL;
}

void *fact_add(struct fact_reader *r)
{
	if (r->count == r->room) {
		size_t room = r->room ? 2 * r->room : 32;
		char *grown = realloc(r->records, room * r->form->size);

		if (!grown)
			return NULL;
		r->records = grown;
		r->room = room;
	}
	return memset(r->records + r->count++ * r->form->size, 0, r->form->size);
}

void fact_unreadable(struct fact_reader *r)
{
	r->facts.unreadable++;
}

int64_t fact_about(const struct fact_reader *r)
{
	return r->uid;
}

int fact_fill(struct fact_reader *r, struct json_object *object, const struct value_field *fields,
	      size_t count, void *record)
{
	size_t i;

	for (i = 0; i < count; i++) {
		void *to = (char *)record + fields[i].offset;
		struct json_object *value = value_at(object, fields[i].key);
		const char **text = to;
		bool given = value && fields[i].read(value, to) == FIELD_PRESENT;

		if (fields[i].read != value_text && fields[i].read != value_words)
			continue;
		if (given && *text)
			*text = fact_text(r, *text);
		else if (given)
			return -1;
		else if (!*text)
			*text = "";
		if (!*text)
			return -1;
	}
	return 0;
}

int64_t fact_object_uid(struct json_object *name)
{
	const char *text = "";

	if (!name || value_text(name, &text) != FIELD_PRESENT || strncmp(text, "bdb:", 4) != 0)
		return 0;
	return value_digits(text + 4);
}

static int no_memory(const struct fact_reader *r, struct err *err)
{
	if (!r->too_long)
		return wire_no_memory(r->form->what, err);
	err_set(err, ERR_RETRY,
		"the answer has more than %zu MiB of text, the limit for %s, so nothing of it is "
		"used.",
		TEXT_MAX >> 20, r->form->what);
	return -1;
}

static int take_item(void *arg, struct json_object *item, struct err *err)
{
	struct fact_reader *r = arg;

	r->taken++;
	return r->form->take(r, item, items_key(r->items)) < 0 ? no_memory(r, err) : 0;
}

struct fact_reader *fact_reader_new(const struct fact_form *form, int64_t uid, size_t limit)
{
	struct fact_reader *r = calloc(1, sizeof(*r));
	const struct items_setup setup = {
		.shape = form->shape, .what = form->what, .item = take_item, .arg = r
	};

	if (!r)
		return NULL;
	r->form = form;
	r->uid = uid;
	r->limit = limit;
	r->items = items_new(&setup);
	if (r->items)
		return r;
	free(r);
	return NULL;
}

void fact_reader_free(struct fact_reader *r)
{
	struct block *next;

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

int fact_reader_feed(struct fact_reader *r, const char *bytes, size_t length, struct err *err)
{
	return items_feed(r->items, bytes, length, err);
}

const struct cluster_data *fact_reader_end(struct fact_reader *r, struct err *err)
{
	char *facts = (char *)&r->facts;

	if (items_end(r->items, err) < 0)
		return NULL;
	if (r->form->shape == ITEMS_ONE && !r->count) {
		err_set(err, ERR_RETRY, "the answer cannot be read as %s, or is about another one.",
			r->form->what);
		return NULL;
	}
	if (r->count && r->form->settle && r->form->settle(r->records, r->count) < 0) {
		no_memory(r, err);
		return NULL;
	}
	/* the array's pointer has another type in each form */
	memcpy(facts + r->form->at, &r->records, sizeof(r->records));
	memcpy(facts + r->form->count, &r->count, sizeof(r->count));
	r->facts.truncated = r->limit && r->taken >= r->limit;
	return &r->facts;
}
