/*
 * json/items.h - reads a JSON reply item by item as its bytes arrive.
 *
 * Only the tree of one item exists at a time.  This module reads the array or map around the items;
 * json-c reads an item once its last byte is there.  Items must be separated by one comma each,
 * nothing may follow the end, and the end must come.  Also refused: what json-c accepts and JSON
 * does not (keys in single quotes, a NUL), an item that json-c could not store completely because
 * memory ran out, and more than ITEMS_MAX items.  `NaN` and `Infinity` pass, because a server may
 * write them for an unknown number; the reader of an item accepts only finite numbers.  Invalid
 * UTF-8 passes too, because one bad name must not hide every row.
 */
#pragma once

#include <stddef.h>

#include "bdbtop/core/err.h"

struct json_object;
struct items;

#define ITEMS_DEPTH 32			/* levels that one item may nest */
#define ITEMS_MAX 200000			/* in one reply, unreadable ones included */
#define ITEM_MAX_BYTES ((size_t)1 << 20)	/* of one item; all of a database is about 5 KB */

enum items_shape {
	ITEMS_LIST,		/* an array of items */
	ITEMS_ONE,		/* one object, which is the item */
	ITEMS_MAP,		/* an object of items by their keys */
	ITEMS_ANY,		/* an array of items, or an object of items by their keys */
};

struct items_setup {
	enum items_shape shape;
	const char *subject;	/* what was expected, for errors: `a list of databases` */
	/* Called for each item from items_feed().  The item, NULL for `null`, is valid only during
	 * the call.  -1 with an error refuses the reply. */
	int (*item)(void *arg, struct json_object *item, struct err *);
	/* Called where an item of a list begins, with the bytes that are there, and with those of a
	 * complete item before json-c gets them.  Returns how many bytes are an item that was read
	 * before, byte for byte, and is not read again; 0: not known; -1 with an error refuses the
	 * reply.  NULL: every item is read. */
	int (*known)(void *arg, const char *bytes, size_t length, struct err *);
	void *arg;
};

/* Copies the setup; its subject must outlive the items.  Returns NULL when out of memory. */
struct items *items_new(const struct items_setup *);
void items_free(struct items *);	/* accepts NULL */

/* Adds bytes.  Returns 0, or -1 with the error (accepts NULL): the reply is refused, and later
 * calls fail with the same error. */
int items_feed(struct items *, const char *bytes, size_t length, struct err *);

/* Returns the raw key of the current item, from within item(); "" for a key with a NUL in it; NULL
 * in a list. */
const char *items_key(const struct items *);

/* Returns the bytes of the current item, from within item(). */
const char *items_text(const struct items *, size_t *length);

/* Ends the reply.  Returns 0 if it was complete, else -1 with the error. */
int items_end(struct items *, struct err *);
