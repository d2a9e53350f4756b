#include "bdbtop/store/name_cache.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"
#include "bdbtop/core/time.h"
#include "lines.h"

#define CLUSTER_LINES 2000 /* with those of others far below the limit of paths_read() */
#define OTHER_LINES   4000
#define CLUSTER_BYTES 80 /* longer names are not saved */
#define NAME_BYTES    64
#define REFRESH_S     3600

/* uid and name of one database. */
struct cached_name {
	int64_t uid;
	char name[NAME_BYTES]; /* "": only its uid is of use */
};

struct name_list {
	struct cached_name *names;
	size_t count, capacity;
};

struct name_cache {
	struct paths_file file;
	struct name_list added, saved; /* for the next save; of the last one */
	char *cluster;
	int64_t saved_s;
	bool has_saved;
};

struct name_cache *name_cache_new(const char *state_home, const char *home, const char *cluster)
{
	struct name_cache *cache = calloc(1, sizeof(*cache));

	if (!cache)
		return NULL;
	cache->file = (struct paths_file){ .subject = "The file of database names",
					   .predicate = "cannot be saved" };
	cache->cluster = strdup(cluster);
	if (paths_init(&cache->file, "names", state_home, home) < 0 || !cache->cluster) {
		name_cache_free(cache);
		return NULL;
	}
	return cache;
}

void name_cache_free(struct name_cache *cache)
{
	if (!cache)
		return;
	free(cache->added.names);
	free(cache->saved.names);
	free(cache->cluster);
	paths_release(&cache->file);
	free(cache);
}

/* A completion becomes part of a command line: nothing that a shell or the command would read in
 * another way, such as a uid or an option. */
static bool is_plain_word(const char *name)
{
	const char *c = name;

	if (!isalpha((unsigned char)*name) || strlen(name) >= NAME_BYTES)
		return false;
	while (isalnum((unsigned char)*c) || (*c && strchr("._-", *c)))
		c++;
	return !*c;
}

void name_cache_add(struct name_cache *cache, int64_t uid, const char *name)
{
	struct name_list *added = &cache->added;
	struct cached_name *entry;

	if (added->count == CLUSTER_LINES ||
	    !ARRAY_RESERVE(added->names, added->capacity, added->count + 1, CLUSTER_LINES))
		return;
	entry = &added->names[added->count++];
	memset(entry, 0, sizeof(*entry)); /* they are compared as bytes */
	entry->uid = uid;
	if (is_plain_word(name))
		strcpy(entry->name, name);
}

static bool is_saved(const struct name_cache *cache, int64_t now_s)
{
	const struct name_list *added = &cache->added, *saved = &cache->saved;
	int64_t age_s = time_subtract(now_s, cache->saved_s);

	return cache->has_saved && age_s >= 0 && age_s < REFRESH_S &&
	       added->count == saved->count &&
	       (!added->count ||
		!memcmp(added->names, saved->names, added->count * sizeof(*added->names)));
}

/* The argument of edit(). */
struct names_edit {
	const struct name_cache *cache;
	int64_t now_s;
};

/* A line of another cluster that is not too old, or from a clock that was set back since. */
static bool is_other(void *arg, const char *line)
{
	const struct names_edit *change = arg;
	const char *cluster = change->cache->cluster;
	size_t length = strlen(cluster);
	int64_t age_s;
	char *end;

	age_s = time_subtract(change->now_s, strtoll(line, &end, 10));
	return *end == '\t' && age_s < NAME_CACHE_S && age_s > -NAME_CACHE_S &&
	       !(!strncmp(end + 1, cluster, length) && end[1 + length] == '\t');
}

static int edit(void *arg, const char *old, FILE *fresh, struct err *err)
{
	const struct names_edit *change = arg;
	const struct name_list *added = &change->cache->added;
	size_t i;

	if (lines_copy(fresh, old, OTHER_LINES, is_other, arg) < 0)
		return paths_set_errno_error(&change->cache->file, ENOMEM, err);
	for (i = 0; i < added->count; i++)
		fprintf(fresh, "%" PRId64 "\t%s\t%" PRId64 "\t%s\n", change->now_s,
			change->cache->cluster, added->names[i].uid, added->names[i].name);
	return 0;
}

/* What was added is what is saved now; the other list is filled next. */
static void take_added(struct name_cache *cache, int64_t now_s)
{
	struct name_list saved = cache->saved;

	cache->saved = cache->added;
	cache->added = saved;
	cache->saved_s = now_s;
	cache->has_saved = true;
}

int name_cache_save(struct name_cache *cache, int64_t now_s, struct err *err)
{
	struct names_edit change = { cache, now_s };
	char safe[160];
	int rc = 0;

	if (strlen(cache->cluster) >= CLUSTER_BYTES || !lines_accept(cache->cluster, ' '))
		rc = err_set(err, ERR_FINAL,
			     "The names of the databases of %s are not kept for completions: its "
			     "name is too long or has a control character.",
			     text_safe(safe, sizeof(safe), cache->cluster, false));
	else if (!is_saved(cache, now_s)) {
		rc = paths_update(&cache->file, edit, &change, err);
		/* a failure is not repeated with each poll either */
		take_added(cache, now_s);
	}
	cache->added.count = 0;
	return rc;
}
