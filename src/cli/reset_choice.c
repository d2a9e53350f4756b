#include "reset_internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"

#define ITEMS_MAX 1000000

void reset_items_release(struct reset_items *items)
{
	size_t i;

	for (i = 0; i < items->count; i++)
		bdb_free(items->at[i].bdb);
	free(items->at);
	*items = (struct reset_items){ .count = 0 };
}

static int set_out_of_memory(struct err *err)
{
	return err_set_code(err, ERR_CODE_INTERNAL, ERR_FINAL, "Out of memory: nothing was sent.");
}

static int item_by_uid(const void *key, const void *item)
{
	return int64_compare(*(const int64_t *)key, ((const struct reset_item *)item)->bdb->uid);
}

/* In its place by uid, once. */
static int add_item(struct reset_items *list, const struct bdb *bdb, struct err *err)
{
	size_t at = array_index(&bdb->uid, list->at, list->count, sizeof(*list->at), item_by_uid);
	struct bdb *copy;

	if (at < list->count && list->at[at].bdb->uid == bdb->uid)
		return 0;
	copy = bdb_copy(bdb);
	if (!copy || !ARRAY_RESERVE(list->at, list->capacity, list->count + 1, ITEMS_MAX)) {
		bdb_free(copy);
		return set_out_of_memory(err);
	}
	array_insert(list->at, &list->count, at, sizeof(*list->at));
	list->at[at] = (struct reset_item){ .bdb = copy };
	return 0;
}

/* `12` and `db:12`; 0: the word is a name. */
static int64_t uid_of(const char *word)
{
	size_t digits;

	if (text_has_prefix(word, "db:"))
		word += strlen("db:");
	digits = strspn(word, "0123456789");
	return digits && digits < 19 && !word[digits] ? strtoll(word, NULL, 10) : 0;
}

static int set_not_listed(const struct cluster *cluster, const char *word, struct err *err)
{
	const char *name = cluster_setup(cluster)->name;
	size_t unreadable = cluster_status(cluster)->unreadable;
	char safe[120], may_be[80] = "";

	text_safe(safe, sizeof(safe), word, false);
	if (unreadable)
		snprintf(may_be, sizeof(may_be), " (%zu of its elements could not be read)",
			 unreadable);
	return err_set_code(
		err, ERR_CODE_NOT_FOUND, ERR_FINAL,
		"%s is not in the list of databases%s: nothing was sent. See bdbtop list "
		"%s.",
		safe, may_be, name);
}

static int set_ambiguous(const struct reset_items *found, const char *name, struct err *err)
{
	char safe[120], ids[160];
	struct text text;
	size_t i;

	text_safe(safe, sizeof(safe), name, false);
	text_init(&text, ids, sizeof(ids));
	for (i = 0; i < found->count; i++)
		text_addf(&text, "%sdb:%" PRId64,
			  !i			 ? ""
			  : i + 1 < found->count ? ", "
						 : " and ",
			  found->at[i].bdb->uid);
	return err_set_code(err, ERR_CODE_NOT_FOUND, ERR_FINAL,
			    "%s are named %s: nothing was sent. Choose one of them by its number.",
			    ids, safe);
}

static int add_named(struct reset_items *list, const struct cluster *cluster, const char *word,
		     struct err *err)
{
	const struct roster *roster = cluster_roster(cluster);
	const char *name = text_has_prefix(word, "name:") ? word + strlen("name:") : word;
	struct reset_items found = { .count = 0 };
	size_t i;
	int rc = 0;

	for (i = 0; i < roster_count(roster) && !rc; i++) {
		const struct roster_entry *entry = roster_at(roster, i);

		if (roster_entry_is_listed(entry) && !strcmp(entry->bdb->name, name))
			rc = add_item(&found, entry->bdb, err);
	}
	if (!rc && !found.count)
		rc = set_not_listed(cluster, word, err);
	else if (!rc && found.count > 1)
		rc = set_ambiguous(&found, name, err);
	else if (!rc)
		rc = add_item(list, found.at[0].bdb, err);
	reset_items_release(&found);
	return rc;
}

static int add_word(struct reset_items *list, const struct cluster *cluster, const char *word,
		    struct err *err)
{
	int64_t uid = uid_of(word);
	const struct roster_entry *entry;

	if (!uid)
		return add_named(list, cluster, word, err);
	entry = roster_find(cluster_roster(cluster), uid);
	if (!entry || !roster_entry_is_listed(entry))
		return set_not_listed(cluster, word, err);
	return add_item(list, entry->bdb, err);
}

/* Those that the session shows: its filter is that of the command. */
static int add_failed(struct reset_items *list, const struct session_view *view, enum op_kind kind,
		      struct err *err)
{
	const struct roster *roster = cluster_roster(fleet_at(view->fleet, 0));
	size_t row;
	int rc = view->list_is_stale ? set_out_of_memory(err) : 0;

	for (row = 0; row < view_rows(view->list) && !rc; row++) {
		struct bdb_id id = view_at(view->list, row);
		const struct roster_entry *entry = roster_find(roster, id.uid);

		if (entry && roster_entry_is_listed(entry) &&
		    entry->bdb->op[kind].phase == OP_FAILED)
			rc = add_item(list, entry->bdb, err);
	}
	return rc;
}

int reset_choose(const struct reset_options *options, const struct session_view *view,
		 struct reset_items *items, struct err *err)
{
	const struct cluster *cluster = fleet_at(view->fleet, 0);
	size_t i;
	int rc = 0;

	if (options->all_failed)
		rc = add_failed(items, view, options->kind, err);
	for (i = 0; i < options->word_count && !rc; i++)
		rc = add_word(items, cluster, options->words[i], err);
	return rc;
}
