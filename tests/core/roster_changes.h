/*
 * tests/core/roster_changes.h - what an observation changed in a roster.
 */
#pragma once

#include "bdbtop/core/roster.h"
#include "tests/tap.h"

#define RECORDS_MAX 10000

/* What the roster had before an observation.  It holds the databases, so that none of another one
 * can have the same address. */
struct snapshot {
	struct bdb *bdb;
	bool listed;
};

/* From before an observation; afterwards its changes. */
struct roster_changes {
	struct snapshot before[RECORDS_MAX];
	size_t before_count;
	char text[400]; /* each a letter and the uid: `N1 C1` */
	unsigned new_count;
	unsigned replaced; /* how many are another database now */
};

static void changes_begin(struct roster_changes *changes, const struct roster *roster)
{
	const struct roster_entry *entry;
	size_t i;

	changes->text[0] = '\0';
	changes->new_count = changes->replaced = 0;
	changes->before_count = roster_count(roster);
	for (i = 0; i < changes->before_count; i++) {
		entry = roster_at(roster, i);
		changes->before[i].bdb = bdb_copy(entry->bdb);
		changes->before[i].listed = roster_entry_is_listed(entry);
	}
}

/* New, changed, absent, back, removed; 0: none of them.  Either may be NULL. */
static char change_of(const struct snapshot *was, const struct roster_entry *is)
{
	if (!was)
		return 'N';
	if (!is)
		return 'R';
	if (was->listed != roster_entry_is_listed(is))
		return was->listed ? 'A' : 'B';
	return was->bdb == is->bdb ? 0 : 'C';
}

static void add_change(struct roster_changes *changes, const struct snapshot *was,
		       const struct roster_entry *is)
{
	size_t used = strlen(changes->text);
	char change = change_of(was, is);

	if (change == 'C')
		assert_false(bdb_is_equal(was->bdb, is->bdb));
	if (was && is && !bdb_is_same(was->bdb, is->bdb))
		changes->replaced++;
	changes->new_count += change == 'N';
	if (change)
		snprintf(changes->text + used, sizeof(changes->text) - used, "%s%c%d",
			 used ? " " : "", change, (int)(was ? was->bdb : is->bdb)->uid);
}

/* Compares with the snapshot, and releases it. */
static void changes_end(struct roster_changes *changes, const struct roster *roster)
{
	size_t i = 0, at = 0, count = roster_count(roster);

	while (i < changes->before_count || at < count) {
		const struct snapshot *was = i < changes->before_count ? &changes->before[i] : NULL;
		const struct roster_entry *is = at < count ? roster_at(roster, at) : NULL;

		if (was && is && was->bdb->uid < is->bdb->uid)
			is = NULL;
		else if (was && is && was->bdb->uid > is->bdb->uid)
			was = NULL;
		add_change(changes, was, is);
		i += was != NULL;
		at += is != NULL;
	}
	for (i = 0; i < changes->before_count; i++)
		bdb_free(changes->before[i].bdb);
}
