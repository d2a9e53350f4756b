/*
 * Sorts the rows of a view.  Many rows are sorted by the bytes of a number that has the order of
 * their keys, because comparing them in pairs takes too long for a key press.
 */
#include "view_internal.h"

#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/text.h"

#define MANY	   1024 /* from so many rows on the bytes are sorted */
#define FEW	   32	/* rows whose texts begin alike are compared */
#define DIGITS	   8	/* bytes of a number */
#define RADIX	   256
#define RANK_BYTES 4

struct sort_pass {
	const struct view_candidate *candidates;
	bool reversed;
	struct sort_slot *slots, *other;
};

static int compare_key(const struct sort_key *a, const struct sort_key *b)
{
	if (a->text && b->text)
		return text_compare(a->text, b->text);
	return a->number < b->number ? -1 : a->number > b->number;
}

int view_compare(const struct view_candidate *a, const struct view_candidate *b, bool reversed)
{
	int order = 0;

	if (a->key.unknown != b->key.unknown)
		return a->key.unknown ? 1 : -1;
	if (!a->key.unknown)
		order = compare_key(&a->key, &b->key);
	if (order)
		return reversed ? -order : order;
	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	return bdb_id_compare(&a->id, &b->id);
}

static int slots_by_order(const void *left, const void *right, void *arg)
{
	const struct sort_slot *a = left, *b = right;
	const struct sort_pass *pass = arg;

	return view_compare(&pass->candidates[a->at], &pass->candidates[b->at], pass->reversed);
}

/* --- many rows -------------------------------------------------------------------------------- */

/* Sorts by one byte and keeps the order of equal ones. */
static void sort_by_byte(struct sort_slot *to, const struct sort_slot *from, size_t count,
			 unsigned shift, size_t *at)
{
	size_t i, sum = 0, digit;

	for (digit = 0; digit < RADIX; digit++) {
		size_t here = at[digit];

		at[digit] = sum;
		sum += here;
	}
	for (i = 0; i < count; i++)
		to[at[(from[i].number >> shift) & (RADIX - 1)]++] = from[i];
}

/* Sorts the slots from `first` on by their numbers and keeps the order of equal ones. */
static void sort_by_number(struct sort_pass *pass, size_t first, size_t count)
{
	struct sort_slot *slots = pass->slots + first, *other = pass->other + first, *swap;
	size_t sums[DIGITS][RADIX] = { { 0 } }, i;
	unsigned digit;

	for (i = 0; i < count; i++)
		for (digit = 0; digit < DIGITS; digit++)
			sums[digit][(slots[i].number >> (8 * digit)) & (RADIX - 1)]++;
	for (digit = 0; digit < DIGITS; digit++) {
		/* a byte that all have in common */
		if (sums[digit][(slots[0].number >> (8 * digit)) & (RADIX - 1)] == count)
			continue;
		sort_by_byte(other, slots, count, 8 * digit, sums[digit]);
		swap = slots;
		slots = other;
		other = swap;
	}
	if (slots != pass->slots + first)
		memcpy(pass->slots + first, slots, count * sizeof(*slots));
}

/* Eight bytes of a text as a number, from `offset` on, which is not behind its end. */
static uint64_t text_number(const char *text, size_t offset)
{
	uint64_t number = 0;
	unsigned i;

	for (i = 0; i < DIGITS; i++) {
		unsigned char byte = (unsigned char)text[offset];

		if (byte)
			offset++;
		number = number << 8 | (unsigned char)text_lower((char)byte);
	}
	return number;
}

static uint64_t key_number(const struct view_candidate *item, bool reversed)
{
	uint64_t number = item->key.text ? text_number(item->key.text, 0)
					 : (uint64_t)item->key.number ^ (UINT64_C(1) << 63);

	return reversed ? ~number : number;
}

/* The texts of these slots are equal as far as `offset`. */
static void sort_by_text(struct sort_pass *pass, size_t first, size_t count, size_t offset);

/* Slots with one number have texts that begin alike. */
static void sort_equal_texts(struct sort_pass *pass, size_t first, size_t count, size_t offset)
{
	size_t from, to, end = first + count;

	for (from = first; from < end; from = to) {
		uint64_t number = pass->slots[from].number,
			 last = (pass->reversed ? ~number : number) & (RADIX - 1);

		for (to = from + 1; to < end && pass->slots[to].number == number; to++)
			;
		/* a last byte of 0: the texts end here */
		if (to - from > 1 && last)
			sort_by_text(pass, from, to - from, offset + DIGITS);
	}
}

static void sort_by_text(struct sort_pass *pass, size_t first, size_t count, size_t offset)
{
	size_t i;

	if (count < FEW) {
		qsort_r(pass->slots + first, count, sizeof(*pass->slots), slots_by_order, pass);
		return;
	}
	for (i = first; i < first + count; i++) {
		uint64_t number = text_number(pass->candidates[pass->slots[i].at].key.text, offset);

		pass->slots[i].number = pass->reversed ? ~number : number;
	}
	sort_by_number(pass, first, count);
	sort_equal_texts(pass, first, count, offset);
}

/* Equal keys keep the order of rank and id, so that comes first; unknown keys are last. */
static void sort_many(struct sort_pass *pass, size_t count)
{
	size_t i, known = 0, unknown = 0, texts = 0;

	for (i = 0; i < count; i++)
		pass->slots[i].number = (uint32_t)pass->candidates[pass->slots[i].at].rank ^
					(UINT32_C(1) << (8 * RANK_BYTES - 1));
	sort_by_number(pass, 0, count);
	for (i = 0; i < count; i++)
		known += !pass->candidates[pass->slots[i].at].key.unknown;
	unknown = known;
	known = 0;
	for (i = 0; i < count; i++) {
		struct sort_slot slot = pass->slots[i];
		const struct view_candidate *item = &pass->candidates[slot.at];

		slot.number = item->key.unknown ? 0 : key_number(item, pass->reversed);
		texts += !item->key.unknown && item->key.text;
		pass->other[item->key.unknown ? unknown++ : known++] = slot;
	}
	memcpy(pass->slots, pass->other, count * sizeof(*pass->slots));
	if (known)
		sort_by_number(pass, 0, known);
	if (texts)
		sort_equal_texts(pass, 0, known, 0);
}

/* --- all -------------------------------------------------------------------------------------- */

void view_sort(uint32_t *at, size_t count, const struct view *view, struct sort_slot *slots)
{
	struct sort_pass pass = { view->candidates, view->reversed, slots, slots + count };
	size_t i;

	for (i = 0; i < count; i++)
		slots[i] = (struct sort_slot){ .at = at[i] };
	if (count < MANY)
		qsort_r(slots, count, sizeof(*slots), slots_by_order, &pass);
	else
		sort_many(&pass, count);
	for (i = 0; i < count; i++)
		at[i] = slots[i].at;
}
