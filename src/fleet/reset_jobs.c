/*
 * The tickets of a cluster, and where they are found: by number, and by database.
 */
#include "cluster_internal.h"

#include <string.h>

struct held *cluster_held(const struct cluster *c, unsigned ticket)
{
	size_t low = 0, high = c->held_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		unsigned no = reset_target(c->held[middle].reset)->reset_id;

		if (no == ticket)
			return &c->held[middle];
		if (no < ticket)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* Index of the first place that is not before this one. */
static size_t place_of(const struct cluster *c, int64_t uid, unsigned ticket)
{
	size_t low = 0, high = c->held_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct place *place = &c->places[middle];

		if (place->uid < uid || (place->uid == uid && place->ticket < ticket))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

size_t held_count(const struct cluster *c, int64_t uid)
{
	size_t first = place_of(c, uid, 0), last = first;

	while (last < c->held_count && c->places[last].uid == uid)
		last++;
	return last - first;
}

struct held *held_at(const struct cluster *c, int64_t uid, size_t index)
{
	return cluster_held(c, c->places[place_of(c, uid, 0) + index].ticket);
}

bool held_add(struct cluster *c, struct reset *reset, const struct held *as)
{
	const struct reset_target *ticket = reset_target(reset);
	size_t at = place_of(c, ticket->id.uid, ticket->reset_id);

	if (!cluster_grow((void **)&c->held, &c->held_room, c->held_count, sizeof(*c->held)) ||
	    !cluster_grow((void **)&c->places, &c->place_room, c->held_count, sizeof(*c->places)))
		return false;
	memmove(&c->places[at + 1], &c->places[at], (c->held_count - at) * sizeof(*c->places));
	c->places[at] = (struct place){ .uid = ticket->id.uid, .ticket = ticket->reset_id };
	c->held[c->held_count] = *as;
	c->held[c->held_count++].reset = reset;
	return true;
}

void tickets_forget(struct cluster *c, size_t index)
{
	struct held *held = &c->held[index];
	const struct reset_target *ticket = reset_target(held->reset);
	size_t at = place_of(c, ticket->id.uid, ticket->reset_id);

	bulk_forget(c, held);
	c->held_count--;
	memmove(&c->places[at], &c->places[at + 1], (c->held_count - at) * sizeof(*c->places));
	reset_free(held->reset);
	memmove(held, held + 1, (c->held_count - index) * sizeof(*held));
	cluster_seen(c);
}

bool held_has_words(const struct held *held)
{
	struct reset_text words;

	if (held->pending || held->settled)
		return true;
	reset_format(held->reset, false, 0, &words);
	return words.full[0] != '\0';
}

/* What leaves no word on its row need not be kept. */
void tickets_sweep(struct cluster *c)
{
	size_t i;

	for (i = c->held_count; i-- > 0;) {
		struct held *held = &c->held[i];

		if (held->settled || reset_state(held->reset) != RESET_END)
			continue;
		if (held_has_words(held))
			held->settled = !held->pending;
		else
			tickets_forget(c, i);
	}
	bulk_sweep(c);
}
