/*
 * json/items.h - a JSON answer item by item, as its bytes arrive; one item's tree exists at a
 * time.
 *
 * The array or map around the items is read here; an item is read by json-c when its last byte is
 * there.  Here it is demanded that items are parted by one comma each, that nothing stands behind
 * the end and that the end comes; what json-c bears and JSON does not (keys in single quotes, a
 * NUL) is refused.  An item of which json-c lost something because memory is out refuses the
 * answer, and so does one more item than ITEMS_MAX.  `NaN` and
 * `Infinity` are borne, because a server may write them for a number that it does not know: the
 * reader of an item takes only what is finite.  Bytes that are no UTF-8 pass as they are: one
 * bad name must not hide every row.
 */
#ifndef BDBTOP_BDBTOP_JSON_ITEMS_H
#define BDBTOP_BDBTOP_JSON_ITEMS_H

#include <stdbool.h>
#include <stddef.h>

#include "bdbtop/core/err.h"

struct json_object;
struct items;

#define ITEMS_DEPTH 32			/* levels that one item may nest */
#define ITEMS_MAX 50000			/* in one answer, those that are none too */
#define ITEM_MAX_BYTES ((size_t)1 << 20)	/* of one item; a database whole has about 5 KB */

enum items_shape {
	ITEMS_LIST,		/* an array of items */
	ITEMS_ONE,		/* one object, which is the item */
	ITEMS_MAP,		/* an object of items by their keys */
	ITEMS_ANY,		/* an array of items, or an object of items by their keys */
};

struct items_setup {
	enum items_shape shape;
	const char *subject;	/* what was expected, for the sentences: `a list of databases` */
	/* Called for each item from items_feed(); the item, NULL for a null, dies when it
	 * returns. -1 with the sentence refuses the answer. */
	int (*item)(void *arg, struct json_object *item, struct err *);
	void *arg;
};

/* what must outlive it.  NULL when memory is out. */
struct items *items_new(const struct items_setup *);
void items_free(struct items *);	/* NULL is borne */

/* 0, or -1 with the sentence: the answer is refused, and every later call says so again. */
int items_feed(struct items *, const char *bytes, size_t length, struct err *);

/* The raw key of the item under way, from within item(); "" for one with a NUL in it; NULL in a
 * list. */
const char *items_key(const struct items *);

/* No more bytes: 0 when the answer was whole. */
int items_end(struct items *, struct err *);

#endif
