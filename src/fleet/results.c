/*
 * What stands on the rows: results, notes, and whether a question may be opened.
 */
#include "cluster_internal.h"

#include <stdlib.h>
#include <string.h>

bool cluster_is_denied(const struct cluster *c, int64_t uid, enum op_kind kind)
{
	size_t i;

	if (c->face.greyed[kind])
		return true;
	for (i = 0; i < c->denied_count; i++)
		if (c->denied[i].uid == uid && c->denied[i].kind == kind)
			return true;
	return false;
}

void cluster_deny(struct cluster *c, int64_t uid, enum op_kind kind)
{
	size_t i;

	if (cluster_is_denied(c, uid, kind))
		return;
	/* a role can be limited to some databases; the same on a second one is the cluster's */
	for (i = 0; i < c->denied_count; i++)
		if (c->denied[i].kind == kind)
			c->face.greyed[kind] = true;
	if (cluster_grow((void **)&c->denied, &c->denied_room, c->denied_count, sizeof(*c->denied)))
		c->denied[c->denied_count++] = (struct denied){ .uid = uid, .kind = kind };
	cluster_seen(c);
}

/* Under way, or its question is open. */
static bool is_alive(const struct held *held)
{
	return reset_state(held->reset) != RESET_END;
}

enum gate cluster_gate(const struct cluster *c, int64_t uid, enum op_kind kind)
{
	const struct roster_entry *entry = roster_find(c->roster, uid);
	size_t i;

	if (c->setup.read_only)
		return GATE_READ_ONLY;
	if (!c->ops || !c->ops->reset)
		return GATE_CANNOT;
	if (c->face.link >= LINK_REFUSED)
		return GATE_REFUSED;
	if (c->face.link != LINK_FRESH)
		return GATE_CUT;
	if (!entry || entry->gone)
		return GATE_NOT_LISTED;
	for (i = held_count(c, uid); i-- > 0;) {
		const struct held *held = held_at(c, uid, i);

		if (reset_target(held->reset)->kind == kind && is_alive(held))
			return GATE_UNDER_WAY;
	}
	if (cluster_is_denied(c, uid, kind))
		return GATE_GREYED;
	return op_is_clear(&entry->bdb->op[kind]) ? GATE_NOTHING : GATE_OPEN;
}

const struct reset *cluster_reset(const struct cluster *c, unsigned ticket)
{
	const struct held *held = cluster_held(c, ticket);

	return held ? held->reset : NULL;
}

size_t cluster_unfinished(const struct cluster *c)
{
	size_t i, sum = 0;

	for (i = 0; i < c->held_count; i++)
		sum += reset_is_unfinished(c->held[i].reset);
	return sum;
}

bool cluster_in_flight(const struct cluster *c)
{
	size_t i;

	for (i = 0; i < c->held_count; i++)
		if (reset_state(c->held[i].reset) == RESET_SENT)
			return true;
	return false;
}

/* What is collected for one row. */
struct pile {
	struct cluster_result *out;
	size_t room, count;
};

static void add_result(struct pile *pile, struct cluster_result result)
{
	if (pile->count < pile->room)
		pile->out[pile->count++] = result;
}

static void add_held(struct pile *pile, const struct cluster *c, int64_t uid, bool alive)
{
	size_t i;

	for (i = held_count(c, uid); i-- > 0;) {
		const struct held *held = held_at(c, uid, i);
		const struct reset_target *ticket = reset_target(held->reset);

		if (is_alive(held) == alive && held_has_words(held))
			add_result(pile, (struct cluster_result){ .reset = held->reset,
								  .kind = ticket->kind,
								  .waits = held->pending });
	}
}

size_t cluster_results(const struct cluster *c, int64_t uid, struct cluster_result *out,
		       size_t room)
{
	struct pile pile = { .out = out, .room = room };
	const struct note *note = notes_find(c, uid);

	add_held(&pile, c, uid, true);
	if (note)
		add_result(&pile, (struct cluster_result){
					  .kind = note->kind,
					  .gate = note->gate,
					  .left_out = note->left_out[0] ? note->left_out : NULL });
	add_held(&pile, c, uid, false);
	return pile.count;
}

bool cluster_has_result(const struct cluster *c, int64_t uid)
{
	struct cluster_result one;

	return cluster_results(c, uid, &one, 1) > 0;
}

/* Index of the first note that is not before this database. */
static size_t note_place(const struct cluster *c, int64_t uid)
{
	size_t low = 0, high = c->note_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (c->notes[middle].uid < uid)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct note *notes_find(const struct cluster *c, int64_t uid)
{
	size_t at = note_place(c, uid);

	return at < c->note_count && c->notes[at].uid == uid ? &c->notes[at] : NULL;
}

void notes_put(struct cluster *c, const struct note *note)
{
	size_t at = note_place(c, note->uid);

	if (at == c->note_count || c->notes[at].uid != note->uid) {
		if (!cluster_grow((void **)&c->notes, &c->note_room, c->note_count,
				  sizeof(*c->notes)))
			return;
		memmove(&c->notes[at + 1], &c->notes[at],
			(c->note_count++ - at) * sizeof(*c->notes));
	}
	c->notes[at] = *note;
	cluster_seen(c);
}

void cluster_note(struct cluster *c, int64_t uid, enum op_kind kind, enum gate gate)
{
	notes_put(c, &(struct note){ .uid = uid, .kind = kind, .gate = gate });
}

bool notes_drop(struct cluster *c, int64_t uid)
{
	size_t at = note_place(c, uid);

	if (at == c->note_count || c->notes[at].uid != uid)
		return false;
	memmove(&c->notes[at], &c->notes[at + 1], (--c->note_count - at) * sizeof(*c->notes));
	cluster_seen(c);
	return true;
}

bool cluster_dismiss(struct cluster *c, int64_t uid)
{
	bool any = notes_drop(c, uid);
	size_t i;

	for (i = held_count(c, uid); i-- > 0;) {
		struct held *held = held_at(c, uid, i);

		if (is_alive(held))
			continue;
		tickets_forget(c, (size_t)(held - c->held));
		any = true;
	}
	return any;
}

bool cluster_may_dismiss(const struct cluster *c, int64_t uid)
{
	size_t i;

	if (notes_find(c, uid))
		return true;
	for (i = held_count(c, uid); i-- > 0;)
		if (!is_alive(held_at(c, uid, i)))
			return true;
	return false;
}

void notes_review(struct cluster *c)
{
	size_t i;

	for (i = c->note_count; i-- > 0;) {
		const struct note *note = &c->notes[i];
		enum gate gate = cluster_gate(c, note->uid, note->kind);

		/* why a bulk left it out was so when that was sent */
		if (note->left_out[0])
			continue;
		/* what is shut for all rows says nothing about this one */
		if (gate != note->gate && (gate < GATE_CUT || gate == GATE_NOT_LISTED))
			notes_drop(c, note->uid);
	}
}

bool cluster_counts_down(const struct cluster *c)
{
	size_t i;

	for (i = 0; i < c->held_count; i++) {
		enum reset_state state = reset_state(c->held[i].reset);

		if (state == RESET_WAITING || state == RESET_CHECKING)
			return true;
	}
	return false;
}

/* Also one of a bulk that waits for the answer which another one asks for. */
static bool may_cancel(const struct held *held)
{
	enum reset_state state = reset_state(held->reset);

	return state == RESET_QUEUED || state == RESET_CHECKING || state == RESET_NOTING ||
	       state == RESET_WAITING || held->pending || (held->bulk && state == RESET_ASKING2);
}

bool cluster_may_cancel(const struct cluster *c, int64_t uid)
{
	size_t i, count = uid ? held_count(c, uid) : c->held_count;

	for (i = 0; i < count; i++)
		if (may_cancel(uid ? held_at(c, uid, i) : &c->held[i]))
			return true;
	return false;
}
