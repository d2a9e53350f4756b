/*
 * Copies of facts that outlive the call which told them.
 */
#include "cluster_internal.h"

#include <stdlib.h>
#include <string.h>

#define WORDS 5

/* The strings of a record, by their place in it. */
struct shape {
	size_t size;
	size_t words[WORDS];
	size_t word_count;
};

static const struct shape event_shape = {
	.size = sizeof(struct event),
	.words = { offsetof(struct event, type), offsetof(struct event, severity),
		   offsetof(struct event, text) },
	.word_count = 3,
};

static const struct shape alert_shape = {
	.size = sizeof(struct alert),
	.words = { offsetof(struct alert, name), offsetof(struct alert, threshold),
		   offsetof(struct alert, severity) },
	.word_count = 3,
};

static const struct shape action_shape = {
	.size = sizeof(struct action),
	.words = { offsetof(struct action, id), offsetof(struct action, name),
		   offsetof(struct action, type), offsetof(struct action, status) },
	.word_count = 4,
};

static const struct shape op_shape = {
	.size = sizeof(struct action_op),
	.words = { offsetof(struct action_op, name), offsetof(struct action_op, description) },
	.word_count = 2,
};

static const struct shape shard_shape = {
	.size = sizeof(struct shard),
	.words = { offsetof(struct shard, role), offsetof(struct shard, status),
		   offsetof(struct shard, detailed_status), offsetof(struct shard, backup_status),
		   offsetof(struct shard, loading_status) },
	.word_count = 5,
};

static const char **word_of(void *record, const struct shape *shape, size_t word)
{
	return (const char **)(void *)((char *)record + shape->words[word]);
}

static size_t words_size(void *records, const struct shape *shape, size_t count)
{
	size_t i, word, size = 0;

	for (i = 0; i < count; i++)
		for (word = 0; word < shape->word_count; word++)
			size += strlen(*word_of((char *)records + i * shape->size, shape, word)) +
				1;
	return size;
}

static void move_words(void *records, const struct shape *shape, size_t count, char *space)
{
	size_t i, word, size;

	for (i = 0; i < count; i++)
		for (word = 0; word < shape->word_count; word++) {
			const char **at = word_of((char *)records + i * shape->size, shape, word);

			size = strlen(*at) + 1;
			*at = memcpy(space, *at, size);
			space += size;
		}
}

/* Records that stand one after the other, whose words are somebody's: they are copied behind them.
 * Takes the records; NULL when memory is out. */
static void *own_words(void *records, const struct shape *shape, size_t count)
{
	size_t size = count * shape->size;
	void *grown =
		records ? realloc(records, size + words_size(records, shape, count) + 1) : NULL;

	if (!grown) {
		free(records);
		return NULL;
	}
	move_words(grown, shape, count, (char *)grown + size);
	return grown;
}

/* Room for that many, never none. */
static void *make(const struct shape *shape, size_t count)
{
	return malloc(count * shape->size + 1);
}

bool keep_events(struct page *out, const struct event *const *from, size_t count)
{
	struct event *to = make(&event_shape, count);
	size_t i;

	for (i = 0; to && i < count; i++)
		to[i] = *from[i];
	*out = (struct page){ .records = own_words(to, &event_shape, count), .count = count };
	return out->records != NULL;
}

bool keep_alerts(struct page *out, const struct alert *const *from, size_t count)
{
	struct alert *to = make(&alert_shape, count);
	size_t i;

	for (i = 0; to && i < count; i++)
		to[i] = *from[i];
	*out = (struct page){ .records = own_words(to, &alert_shape, count), .count = count };
	return out->records != NULL;
}

bool keep_shards(struct page *out, const struct shard *const *from, size_t count)
{
	struct shard *to = make(&shard_shape, count);
	size_t i;

	for (i = 0; to && i < count; i++)
		to[i] = *from[i];
	*out = (struct page){ .records = own_words(to, &shard_shape, count), .count = count };
	return out->records != NULL;
}

/* What the shards do in all of them, one after the other. */
static struct action_op *keep_ops(const struct action *const *from, size_t count)
{
	struct action_op *to;
	size_t i, total = 0;

	for (i = 0; i < count; i++)
		total += from[i]->op_count;
	to = make(&op_shape, total);
	for (i = total = 0; to && i < count; total += from[i++]->op_count)
		if (from[i]->op_count)
			memcpy(to + total, from[i]->ops, from[i]->op_count * sizeof(*to));
	return own_words(to, &op_shape, total);
}

bool keep_actions(struct page *out, const struct action *const *from, size_t count)
{
	struct action *to = make(&action_shape, count);
	struct action_op *ops = keep_ops(from, count);
	size_t i, total = 0;

	for (i = 0; to && ops && i < count; total += from[i++]->op_count) {
		to[i] = *from[i];
		to[i].ops = ops + total;
	}
	if (!ops) {
		free(to);
		to = NULL;
	}
	*out = (struct page){ .records = own_words(to, &action_shape, count),
			      .more = ops,
			      .count = count };
	if (out->records)
		return true;
	keep_release(out);
	return false;
}

void keep_release(struct page *page)
{
	free(page->records);
	free(page->more);
	*page = (struct page){ .count = 0 };
}

static size_t list_size(const char *const *words, size_t count)
{
	size_t i, size = 0;

	for (i = 0; i < count; i++)
		size += strlen(words[i]) + 1;
	return size;
}

static const char *copy_word(char **space, const char *word)
{
	size_t size = strlen(word) + 1;
	char *to = memcpy(*space, word, size);

	*space += size;
	return to;
}

struct bdb_info *keep_traits(const struct bdb_info *from)
{
	size_t count = from->module_count + from->tag_count, i;
	struct bdb_info *to = malloc(sizeof(*to) + count * sizeof(char *) +
				     list_size(from->modules, from->module_count) +
				     list_size(from->tags, from->tag_count) +
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
		*words++ = copy_word(&space, from->modules[i]);
	for (i = 0; i < from->tag_count; i++)
		*words++ = copy_word(&space, from->tags[i]);
	to->version = copy_word(&space, from->version);
	to->redis_version = copy_word(&space, from->redis_version);
	return to;
}
