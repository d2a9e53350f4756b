#include "bdbtop/core/filter_help.h"

#include "bdbtop/core/array.h"

const struct filter_help filter_helps[] = {
	{ "orders",
	  "part of db:UID, the name, a state, a reason or a result; or another word of a row" },
	{ "!cache", "must not match; ! works before each term" },
	{ "state:failed", "a state of an operation, quiet, retrying, or the cluster's own word" },
	{ "backup:stalled", "a state of one operation; also export: and import:" },
	{ "reason:no-permission",
	  "part of the reason of a failure, also of one that a reset cleared" },
	{ "result:refused", "a result on the row; result:any matches each" },
	{ "age>24h", "age of the last good backup, in s m h d w; never is older than any" },
	{ "loss>24h", "the loss window, the same way" },
	{ "progress<10", "the percent of a running operation" },
	{ "module:search", "part of the name of a module" },
	{ "tag:tier=gold", "a tag; tag:KEY matches any value" },
};

const size_t filter_help_count = ARRAY_SIZE(filter_helps);
