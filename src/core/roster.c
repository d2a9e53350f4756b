#include "roster_internal.h"

#include <stdlib.h>

#define TOMBSTONE_MS	60000
#define TOMBSTONE_LISTS 2
#define LONG_AGO	INT64_MIN

/* One call of roster_apply(). */
struct pass {
	struct roster *roster;
	const struct observation *seen;
	struct moment at; /* of the answer */
	roster_change_fn *changed;
	void *arg;
	size_t next;  /* where the next record of a list is looked for first */
	size_t added; /* slots behind the last one that are not in their place yet */
};

struct roster *roster_new(void)
{
	struct roster *roster = calloc(1, sizeof(*roster));

	if (roster)
		roster->whole_ms = LONG_AGO;
	return roster;
}

void roster_keep(struct roster *roster, roster_keep_fn *keep, void *arg)
{
	roster->keep = keep;
	roster->keep_arg = arg;
}

static void slot_free(struct slot *slot)
{
	bdb_free(slot->entry.bdb);
	free(slot);
}

void roster_free(struct roster *roster)
{
	size_t i;

	if (!roster)
		return;
	for (i = 0; i < roster->count; i++)
		slot_free(roster->slots[i]);
	free(roster->slots);
	free(roster);
}

/* Index of the first slot whose uid is not below this one. */
static size_t place_of(const struct roster *roster, int64_t uid)
{
	size_t low = 0, high = roster->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (roster->slots[middle]->uid < uid)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct slot *slot_at(const struct roster *roster, size_t index, int64_t uid)
{
	if (index >= roster->count || roster->slots[index]->uid != uid)
		return NULL;
	return roster->slots[index];
}

struct slot *roster_slot(const struct roster *roster, int64_t uid)
{
	return slot_at(roster, place_of(roster, uid), uid);
}

/* Lists come mostly by uid, so the slot after the last one found is tried first. */
static struct slot *find_next(struct pass *pass, int64_t uid)
{
	if (!slot_at(pass->roster, pass->next, uid))
		pass->next = place_of(pass->roster, uid);
	return slot_at(pass->roster, pass->next++, uid);
}

static void tell(const struct pass *pass, enum roster_change change, const struct bdb *before,
		 const struct bdb *after)
{
	if (pass->changed)
		pass->changed(pass->arg, change, before, after);
}

static void know(const struct pass *pass, struct slot *slot)
{
	slot->known_ms = slot->entry.asked_ms = pass->seen->asked_ms;
	slot->entry.got_ms = pass->seen->got_ms;
	slot->entry.absences = 0;
	slot->entry.gone = false;
}

/* before: the record that the one in the slot takes the place of, or the same, or NULL. */
static void see(const struct pass *pass, struct slot *slot, const struct bdb *before,
		const struct look *look)
{
	if (before == slot->entry.bdb)
		sight_look(slot, look);
	else if (before && bdb_same(before, slot->entry.bdb))
		sight_change(slot, before, look);
	else {
		slot->entry.life = ++pass->roster->lives;
		sight_meet(slot, look);
	}
}

/* Copy what a record of the observation changes. */
static int prepare_known(const struct pass *pass, struct slot *slot, const struct bdb *from)
{
	const struct bdb *before = slot->entry.bdb;
	struct bdb bdb = *from;

	if (slot->listed == pass->roster->passes)
		return 0;
	slot->listed = pass->roster->passes;
	if (pass->seen->asked_ms <= slot->known_ms)
		return 0;
	/* only a single read asks for them, so a list that does not is no news of them */
	if (bdb.modules_seen == SEEN_NOT_ASKED && before->modules_seen != SEEN_NOT_ASKED &&
	    bdb_same(before, from)) {
		bdb.modules_seen = before->modules_seen;
		bdb.modules = before->modules;
		bdb.module_count = before->module_count;
		from = &bdb;
	}
	if (bdb_equal(before, from))
		return 0;
	slot->next = bdb_copy(from);
	return slot->next ? 0 : -1;
}

static void refresh(const struct pass *pass, struct slot *slot)
{
	struct bdb *before = slot->entry.bdb, *after = slot->next ? slot->next : before;
	bool listed = roster_listed(&slot->entry);
	struct look look = { pass->at, pass->at.ms - slot->entry.got_ms };

	if (pass->seen->asked_ms <= slot->known_ms)
		return;
	slot->next = NULL;
	know(pass, slot);
	slot->entry.bdb = after;
	see(pass, slot, before, &look);
	if (!listed)
		tell(pass, ROSTER_BACK, before, after);
	else if (after != before)
		tell(pass, ROSTER_CHANGED, before, after);
	if (after != before)
		bdb_free(before);
}

static bool make_room(struct roster *roster, size_t added)
{
	size_t room = roster->room ? roster->room * 2 : 64;
	struct slot **slots;

	if (roster->count + added < roster->room)
		return true;
	slots = realloc(roster->slots, room * sizeof(*slots));
	if (!slots)
		return false;
	roster->slots = slots;
	roster->room = room;
	return true;
}

/* What is new waits behind the end, so that the roster is in order whenever something is told. */
static int prepare_new(struct pass *pass, const struct bdb *from)
{
	struct roster *roster = pass->roster;
	struct slot *slot;

	/* a whole list that was asked later did not hold it */
	if (pass->seen->asked_ms <= roster->whole_ms)
		return 0;
	slot = make_room(roster, pass->added) ? calloc(1, sizeof(*slot)) : NULL;
	if (!slot)
		return -1;
	slot->entry.bdb = bdb_copy(from);
	if (!slot->entry.bdb) {
		free(slot);
		return -1;
	}
	slot->uid = from->uid;
	slot->born = roster->births++;
	slot->listed = roster->passes;
	roster->slots[roster->count + pass->added++] = slot;
	return 0;
}

static void forget_prepared(struct pass *pass)
{
	struct roster *roster = pass->roster;
	size_t i;

	while (pass->added)
		slot_free(roster->slots[roster->count + --pass->added]);
	for (i = 0; i < roster->count; i++) {
		bdb_free(roster->slots[i]->next);
		roster->slots[i]->next = NULL;
	}
}

/* Everything that needs memory: 0, or -1 and the roster is as it was. */
static int prepare(struct pass *pass)
{
	size_t i;

	for (i = 0; i < pass->seen->count; i++) {
		const struct bdb *from = pass->seen->bdbs[i];
		struct slot *slot = find_next(pass, from->uid);

		if ((slot ? prepare_known(pass, slot, from) : prepare_new(pass, from)) < 0) {
			forget_prepared(pass);
			return -1;
		}
	}
	pass->next = 0;
	return 0;
}

static int by_uid(const void *left, const void *right)
{
	const struct slot *a = *(struct slot *const *)left, *b = *(struct slot *const *)right;

	if (a->uid != b->uid)
		return a->uid < b->uid ? -1 : 1;
	return a->born < b->born ? -1 : a->born > b->born;
}

/* Bring what was added to its place; of an uid that one list holds twice the first stays. */
static void settle(struct pass *pass)
{
	struct roster *roster = pass->roster;
	size_t i, kept = 0, count = roster->count + pass->added;

	for (i = roster->count ? roster->count : 1; i < count; i++)
		if (by_uid(&roster->slots[i - 1], &roster->slots[i]) > 0)
			break;
	if (i < count)
		qsort(roster->slots, count, sizeof(struct slot *), by_uid);
	for (i = 0; i < count; i++) {
		struct slot *slot = roster->slots[i];

		if (kept && roster->slots[kept - 1]->uid == slot->uid)
			slot_free(slot);
		else
			roster->slots[kept++] = slot;
	}
	roster->count = kept;
}

static void tell_fresh(const struct pass *pass)
{
	size_t i;

	for (i = 0; i < pass->roster->count; i++) {
		struct slot *slot = pass->roster->slots[i];

		if (slot->fresh)
			tell(pass, ROSTER_NEW, NULL, slot->entry.bdb);
		slot->fresh = false;
	}
}

static void begin_lives(const struct pass *pass)
{
	struct roster *roster = pass->roster;
	size_t i;

	for (i = roster->count; i < roster->count + pass->added; i++) {
		struct slot *slot = roster->slots[i];

		slot->fresh = true;
		know(pass, slot);
		see(pass, slot, NULL, &(struct look){ pass->at, 0 });
	}
}

static void take_all(struct pass *pass)
{
	struct slot *slot;
	size_t i;

	for (i = 0; i < pass->seen->count; i++) {
		slot = find_next(pass, pass->seen->bdbs[i]->uid);
		if (slot)
			refresh(pass, slot);
	}
	if (!pass->added)
		return;
	begin_lives(pass);
	settle(pass);
	tell_fresh(pass);
}

static void miss(const struct pass *pass, struct slot *slot)
{
	bool listed = roster_listed(&slot->entry);

	if (pass->seen->asked_ms <= slot->known_ms)
		return;
	slot->known_ms = pass->seen->asked_ms;
	if (!slot->entry.absences++)
		slot->entry.absent_since_ms = pass->seen->got_ms;
	if (listed)
		tell(pass, ROSTER_ABSENT, slot->entry.bdb, slot->entry.bdb);
}

static bool is_over(const struct roster *roster, const struct slot *slot, int64_t now_ms)
{
	return slot->entry.absences >= TOMBSTONE_LISTS &&
	       now_ms - slot->entry.absent_since_ms >= TOMBSTONE_MS &&
	       !(roster->keep && roster->keep(roster->keep_arg, slot->entry.bdb->uid));
}

static void bury(const struct pass *pass, int64_t now_ms)
{
	struct roster *roster = pass->roster;
	size_t i, kept = 0, count = roster->count;

	for (i = 0; i < count; i++) {
		struct slot *slot = roster->slots[i];

		if (is_over(roster, slot, now_ms))
			continue;
		roster->slots[i] = roster->slots[kept];
		roster->slots[kept++] = slot;
	}
	roster->count = kept;
	if (count - kept > 1)
		qsort(roster->slots + kept, count - kept, sizeof(struct slot *), by_uid);
	for (i = kept; i < count; i++) {
		tell(pass, ROSTER_REMOVED, roster->slots[i]->entry.bdb, NULL);
		slot_free(roster->slots[i]);
	}
}

static void apply_list(struct pass *pass, int64_t now_ms)
{
	struct roster *roster = pass->roster;
	size_t i;

	take_all(pass);
	if (pass->seen->unreadable)
		return;
	for (i = 0; i < roster->count; i++)
		if (roster->slots[i]->listed != roster->passes)
			miss(pass, roster->slots[i]);
	bury(pass, now_ms);
	if (pass->seen->asked_ms > roster->whole_ms)
		roster->whole_ms = pass->seen->asked_ms;
}

static void apply_gone(const struct pass *pass)
{
	struct slot *slot = roster_slot(pass->roster, pass->seen->uid);
	bool listed = slot && roster_listed(&slot->entry);

	if (!slot || pass->seen->asked_ms <= slot->known_ms)
		return;
	slot->known_ms = pass->seen->asked_ms;
	slot->entry.gone = true;
	if (listed)
		tell(pass, ROSTER_ABSENT, slot->entry.bdb, slot->entry.bdb);
}

int roster_apply(struct roster *roster, const struct observation *seen, struct moment now,
		 roster_change_fn *changed, void *arg)
{
	struct pass pass = { .roster = roster, .seen = seen, .changed = changed, .arg = arg };

	pass.at.ms = seen->got_ms;
	pass.at.wall_ms = now.wall_ms - (now.ms - seen->got_ms);
	roster->passes++;
	if ((seen->what == OBS_LIST || seen->what == OBS_ONE) && prepare(&pass) < 0)
		return -1;
	switch (seen->what) {
	case OBS_LIST:
		apply_list(&pass, now.ms);
		break;
	case OBS_ONE:
		take_all(&pass);
		break;
	case OBS_GONE:
		apply_gone(&pass);
		break;
	case OBS_BAD:
		break;
	}
	return 0;
}

size_t roster_count(const struct roster *roster)
{
	return roster->count;
}

const struct roster_entry *roster_at(const struct roster *roster, size_t index)
{
	return &roster->slots[index]->entry;
}

const struct roster_entry *roster_find(const struct roster *roster, int64_t uid)
{
	struct slot *slot = roster_slot(roster, uid);

	return slot ? &slot->entry : NULL;
}

bool roster_listed(const struct roster_entry *entry)
{
	return !entry->absences && !entry->gone;
}
