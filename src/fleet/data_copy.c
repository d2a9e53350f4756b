/*
 * Deep copies of events, alerts, actions, shards and bdb info, which outlive the reply.
 */
#include "cluster_internal.h"

#include <stdlib.h>
#include <string.h>

#define STRINGS_MAX 5

/* Where the strings of a record are. */
struct record_strings {
	size_t size;
	size_t string_offsets[STRINGS_MAX];
	size_t string_count;
};

static const struct record_strings event_strings = {
	.size = sizeof(struct event),
	.string_offsets = { offsetof(struct event, type), offsetof(struct event, severity),
			    offsetof(struct event, text) },
	.string_count = 3,
};

static const struct record_strings alert_strings = {
	.size = sizeof(struct alert),
	.string_offsets = { offsetof(struct alert, name), offsetof(struct alert, threshold),
			    offsetof(struct alert, severity) },
	.string_count = 3,
};

static const struct record_strings action_strings = {
	.size = sizeof(struct action),
	.string_offsets = { offsetof(struct action, id), offsetof(struct action, name),
			    offsetof(struct action, type), offsetof(struct action, status) },
	.string_count = 4,
};

static const struct record_strings op_strings = {
	.size = sizeof(struct action_op),
	.string_offsets = { offsetof(struct action_op, name),
			    offsetof(struct action_op, description) },
	.string_count = 2,
};

static const struct record_strings shard_strings = {
	.size = sizeof(struct shard),
	.string_offsets = { offsetof(struct shard, role), offsetof(struct shard, status),
			    offsetof(struct shard, detailed_status),
			    offsetof(struct shard, backup_status),
			    offsetof(struct shard, loading_status) },
	.string_count = 5,
};

static const char **string_at(void *record, const struct record_strings *strings, size_t index)
{
	return (const char **)(void *)((char *)record + strings->string_offsets[index]);
}

static size_t strings_size(void *records, const struct record_strings *strings, size_t count)
{
	size_t i, index, size = 0;

	for (i = 0; i < count; i++)
		for (index = 0; index < strings->string_count; index++)
			size += strlen(*string_at((char *)records + i * strings->size, strings,
						  index)) +
				1;
	return size;
}

static void move_strings(void *records, const struct record_strings *strings, size_t count,
			 char *space)
{
	size_t i, index, size;

	for (i = 0; i < count; i++)
		for (index = 0; index < strings->string_count; index++) {
			const char **at =
				string_at((char *)records + i * strings->size, strings, index);

			size = strlen(*at) + 1;
			*at = memcpy(space, *at, size);
			space += size;
		}
}

/* Copies the strings of an array of records behind it, and lets the records point there.  Takes
 * ownership of the array; NULL when out of memory. */
static void *copy_strings(void *records, const struct record_strings *strings, size_t count)
{
	size_t size = count * strings->size;
	void *grown =
		records ? realloc(records, size + strings_size(records, strings, count) + 1) : NULL;

	if (!grown) {
		free(records);
		return NULL;
	}
	move_strings(grown, strings, count, (char *)grown + size);
	return grown;
}

/* At least one byte, so that NULL means out of memory. */
static void *new_records(const struct record_strings *strings, size_t count)
{
	return malloc(count * strings->size + 1);
}

bool data_copy_events(struct detail_records *out, const struct event *const *from, size_t count)
{
	struct event *to = new_records(&event_strings, count);
	size_t i;

	for (i = 0; to && i < count; i++)
		to[i] = *from[i];
	*out = (struct detail_records){ .records = copy_strings(to, &event_strings, count),
					.count = count };
	return out->records != NULL;
}

bool data_copy_alerts(struct detail_records *out, const struct alert *const *from, size_t count)
{
	struct alert *to = new_records(&alert_strings, count);
	size_t i;

	for (i = 0; to && i < count; i++)
		to[i] = *from[i];
	*out = (struct detail_records){ .records = copy_strings(to, &alert_strings, count),
					.count = count };
	return out->records != NULL;
}

bool data_copy_shards(struct detail_records *out, const struct shard *const *from, size_t count)
{
	struct shard *to = new_records(&shard_strings, count);
	size_t i;

	for (i = 0; to && i < count; i++)
		to[i] = *from[i];
	*out = (struct detail_records){ .records = copy_strings(to, &shard_strings, count),
					.count = count };
	return out->records != NULL;
}

/* The operations of all actions in one array. */
static struct action_op *copy_ops(const struct action *const *from, size_t count)
{
	struct action_op *to;
	size_t i, total = 0;

	for (i = 0; i < count; i++)
		total += from[i]->op_count;
	to = new_records(&op_strings, total);
	for (i = total = 0; to && i < count; total += from[i++]->op_count)
		if (from[i]->op_count)
			memcpy(to + total, from[i]->ops, from[i]->op_count * sizeof(*to));
	return copy_strings(to, &op_strings, total);
}

bool data_copy_actions(struct detail_records *out, const struct action *const *from, size_t count)
{
	struct action *to = new_records(&action_strings, count);
	struct action_op *ops = copy_ops(from, count);
	size_t i, total = 0;

	for (i = 0; to && ops && i < count; total += from[i++]->op_count) {
		to[i] = *from[i];
		to[i].ops = ops + total;
	}
	if (!ops) {
		free(to);
		to = NULL;
	}
	*out = (struct detail_records){ .records = copy_strings(to, &action_strings, count),
					.extra = ops,
					.count = count };
	if (out->records)
		return true;
	data_copy_release(out);
	return false;
}

void data_copy_release(struct detail_records *page)
{
	free(page->records);
	free(page->extra);
	*page = (struct detail_records){ .count = 0 };
}

static size_t string_list_size(const char *const *words, size_t count)
{
	size_t i, size = 0;

	for (i = 0; i < count; i++)
		size += strlen(words[i]) + 1;
	return size;
}

static const char *copy_string(char **space, const char *string)
{
	size_t size = strlen(string) + 1;
	char *to = memcpy(*space, string, size);

	*space += size;
	return to;
}

struct bdb_info *data_copy_bdb_info(const struct bdb_info *from)
{
	size_t count = from->module_count + from->tag_count, i;
	struct bdb_info *to = malloc(sizeof(*to) + count * sizeof(char *) +
				     string_list_size(from->modules, from->module_count) +
				     string_list_size(from->tags, from->tag_count) +
				     strlen(from->version) + strlen(from->redis_version) + 2);
	const char **words;
	char *space;

	if (!to)
		return NULL;
	*to = *from;
	words = (const char **)(to + 1);
	space = (char *)(words + count);
	to->modules = words;
	to->tags = words + from->module_count;
	for (i = 0; i < from->module_count; i++)
		*words++ = copy_string(&space, from->modules[i]);
	for (i = 0; i < from->tag_count; i++)
		*words++ = copy_string(&space, from->tags[i]);
	to->version = copy_string(&space, from->version);
	to->redis_version = copy_string(&space, from->redis_version);
	return to;
}
