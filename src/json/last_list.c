#include "last_list_internal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <xxhash.h>

#include "bdbtop/core/array.h"
#include "bdbtop/json/items.h"

#define SECRET_BYTES  192
#define FORGOTTEN_MAX 16 /* single reads that are answered while one list is read */

struct list_element {
	int64_t uid;
	XXH128_hash_t hash; /* of its bytes */
	struct bdb *bdb;
	uint32_t length;
	uint32_t text_bytes;
	unsigned found_in; /* number of the newest list that has its uid, too */
	bool borrowed;	   /* being read: the record belongs to the last list */
	bool lent;	   /* of the last list: borrowed by the one of found_in */
	bool forgotten;	   /* the next one is decoded */
};

struct element_array {
	struct list_element *elements;
	size_t count, capacity;
};

struct last_list {
	unsigned char secret[SECRET_BYTES];
	bool has_secret;
	bool known; /* there is a last list */
	bool same_origin;
	XXH128_hash_t origin, reading_origin;
	struct element_array last, reading;
	struct list_element **by_uid; /* of the last list; NULL: it is sorted itself */
	size_t next;		      /* index of the element that is expected next */
	size_t found_count;	      /* elements of the last list whose uid was read */
	struct list_element *match;   /* the last one; in the last list */
	int64_t *changed;
	size_t changed_count, changed_capacity;
	int64_t forgotten[FORGOTTEN_MAX]; /* since the list being read began */
	size_t forgotten_count;		  /* above FORGOTTEN_MAX: not all are there */
	unsigned number;		  /* of the list being read */
};

static XXH128_hash_t hash_of(const struct last_list *list, const char *bytes, size_t length)
{
	return XXH3_128bits_withSecret(bytes, length, list->secret, sizeof(list->secret));
}

struct last_list *last_list_new(void)
{
	struct last_list *list = calloc(1, sizeof(*list));

	if (list)
		list->has_secret =
			getrandom(list->secret, SECRET_BYTES, GRND_NONBLOCK) == SECRET_BYTES;
	return list;
}

static void forget_elements(struct element_array *array)
{
	size_t i;

	for (i = 0; i < array->count; i++)
		if (!array->elements[i].borrowed)
			bdb_free(array->elements[i].bdb);
	array->count = 0;
}

static void release_index(struct last_list *list)
{
	free(list->by_uid);
	list->by_uid = NULL;
}

void last_list_free(struct last_list *list)
{
	if (!list)
		return;
	forget_elements(&list->last);
	forget_elements(&list->reading);
	free(list->last.elements);
	free(list->reading.elements);
	release_index(list);
	free(list->changed);
	free(list);
}

static struct list_element *find(const struct last_list *list, int64_t uid)
{
	const struct element_array *last = &list->last;
	const int64_t *key = &uid;
	struct list_element **at;

	if (list->next < last->count && last->elements[list->next].uid == uid)
		return &last->elements[list->next];
	if (!list->by_uid)
		return array_find(&uid, last->elements, last->count, sizeof(*last->elements),
				  int64_compare_at);
	at = array_find(&key, list->by_uid, last->count, sizeof(*list->by_uid),
			int64_compare_behind);
	return at ? *at : NULL;
}

static void forget(struct last_list *list, int64_t uid)
{
	struct list_element *element = find(list, uid);

	if (element)
		element->forgotten = true;
}

void last_list_forget(struct last_list *list, int64_t uid)
{
	forget(list, uid);
	if (list->forgotten_count < FORGOTTEN_MAX)
		list->forgotten[list->forgotten_count] = uid;
	if (list->forgotten_count <= FORGOTTEN_MAX)
		list->forgotten_count++;
}

unsigned last_list_begin(struct last_list *list, const char *origin)
{
	forget_elements(&list->reading);
	list->reading_origin = hash_of(list, origin, strlen(origin));
	list->same_origin = list->has_secret && list->known &&
			    XXH128_isEqual(list->reading_origin, list->origin);
	list->next = list->found_count = list->changed_count = list->forgotten_count = 0;
	return ++list->number;
}

/* --- the list that is being read ------------------------------------------------------------- */

static void mark_found(struct last_list *list, struct list_element *element)
{
	if (element->found_in != list->number) {
		list->found_count++;
		element->lent = false;
	}
	element->found_in = list->number;
	list->next = (size_t)(element - list->last.elements) + 1;
}

bool last_list_match(struct last_list *list, const char *bytes, size_t length,
		     struct known_element *out)
{
	struct list_element *element;

	if (!list->same_origin || list->next >= list->last.count)
		return false;
	element = &list->last.elements[list->next];
	if (element->forgotten || length < element->length)
		return false;
	if (!XXH128_isEqual(hash_of(list, bytes, element->length), element->hash))
		return false;
	mark_found(list, element);
	list->match = element;
	*out = (struct known_element){ element->uid, element->bdb, element->length,
				       element->text_bytes };
	return true;
}

struct bdb *last_list_find(struct last_list *list, int64_t uid)
{
	struct list_element *element = find(list, uid);

	if (!element)
		return NULL;
	mark_found(list, element);
	return element->forgotten ? NULL : element->bdb;
}

static bool add(struct last_list *list, const struct list_element *element)
{
	struct element_array *reading = &list->reading;

	return ARRAY_APPEND(reading->elements, reading->count, reading->capacity, ITEMS_MAX,
			    *element);
}

static bool add_changed(struct last_list *list, int64_t uid)
{
	return ARRAY_APPEND(list->changed, list->changed_count, list->changed_capacity,
			    2 * ITEMS_MAX + FORGOTTEN_MAX, uid);
}

/* Thousands of the same records are not touched: they change owner when the list is kept. */
int last_list_add_match(struct last_list *list)
{
	struct list_element element = *list->match;

	element.borrowed = list->match->lent = true;
	return add(list, &element) ? 0 : -1;
}

struct bdb *last_list_add(struct last_list *list, const struct decoded_element *decoded)
{
	struct list_element element = { .uid = decoded->bdb->uid,
					.length = (uint32_t)decoded->length,
					.text_bytes = (uint32_t)decoded->text_bytes };

	if (decoded->changed && list->known && !add_changed(list, element.uid))
		return NULL;
	element.hash = hash_of(list, decoded->bytes, decoded->length);
	element.bdb = bdb_copy(decoded->bdb);
	if (!element.bdb || add(list, &element))
		return element.bdb;
	bdb_free(element.bdb);
	return NULL;
}

/* Adds what the last list has and the one being read lacks. */
static bool add_missing(struct last_list *list)
{
	const struct list_element *element = list->last.elements;
	size_t i;

	if (list->found_count == list->last.count)
		return true;
	for (i = 0; i < list->last.count; i++)
		if (element[i].found_in != list->number && !add_changed(list, element[i].uid))
			return false;
	return true;
}

const int64_t *last_list_changed(struct last_list *list, size_t *count)
{
	static const int64_t none;
	size_t i;

	*count = 0;
	if (!list->known || list->forgotten_count > FORGOTTEN_MAX)
		return NULL;
	for (i = 0; i < list->forgotten_count; i++)
		if (!add_changed(list, list->forgotten[i]))
			return NULL;
	if (!add_missing(list))
		return NULL;
	*count = list->changed_count;
	/* in this order a list that is decoded whole has them, too */
	if (*count)
		qsort(list->changed, *count, sizeof(*list->changed), int64_compare_at);
	return *count ? list->changed : &none;
}

static bool is_sorted(const struct element_array *array)
{
	size_t i;

	for (i = 1; i < array->count; i++)
		if (array->elements[i - 1].uid >= array->elements[i].uid)
			return false;
	return true;
}

/* False when out of memory. */
static bool make_index(struct last_list *list)
{
	struct element_array *last = &list->last;
	size_t i;

	release_index(list);
	if (is_sorted(last))
		return true;
	list->by_uid = malloc(last->count * sizeof(*list->by_uid));
	if (!list->by_uid)
		return false;
	for (i = 0; i < last->count; i++)
		list->by_uid[i] = &last->elements[i];
	qsort(list->by_uid, last->count, sizeof(*list->by_uid), int64_compare_behind);
	return true;
}

/* The list that was read becomes the last one, with the records that it borrowed. */
static void swap_lists(struct last_list *list)
{
	struct element_array old = list->last;
	size_t i;

	for (i = 0; i < old.count; i++)
		old.elements[i].borrowed =
			old.elements[i].lent && old.elements[i].found_in == list->number;
	list->last = list->reading;
	for (i = 0; i < list->last.count; i++)
		list->last.elements[i].borrowed = list->last.elements[i].lent = false;
	list->reading = old;
	forget_elements(&list->reading);
}

void last_list_keep(struct last_list *list, unsigned number)
{
	size_t i;

	if (number != list->number)
		return;
	swap_lists(list);
	list->origin = list->reading_origin;
	list->next = 0;
	list->number++;
	list->known = make_index(list) && list->forgotten_count <= FORGOTTEN_MAX;
	if (!list->known)
		forget_elements(&list->last);
	for (i = 0; list->known && i < list->forgotten_count; i++)
		forget(list, list->forgotten[i]);
}
