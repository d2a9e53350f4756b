#include "bdbtop/core/cluster_data.h"

#include <stdlib.h>
#include <string.h>

const char *bdb_info_next(const char *word)
{
	return word + strlen(word) + 1;
}

/* Bytes of a list, with the "" after its last string. */
static size_t list_size(const char *list)
{
	const char *word = list;

	while (*word)
		word = bdb_info_next(word);
	return (size_t)(word - list) + 1;
}

struct bdb_info *bdb_info_copy(const struct bdb_info *from)
{
	size_t modules = list_size(from->modules), tags = list_size(from->tags);
	struct bdb_info *to = malloc(sizeof(*to) + modules + tags);

	if (!to)
		return NULL;
	*to = *from;
	to->modules = memcpy(to + 1, from->modules, modules);
	to->tags = memcpy((char *)(to + 1) + modules, from->tags, tags);
	return to;
}
