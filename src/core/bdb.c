#include "bdbtop/core/bdb.h"

#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/array.h"

static const char *const exporting[] = { "exporting", NULL };
static const char *const importing[] = { "initializing", "importing", NULL };

const struct op_def op_defs[OP_KINDS] = {
	[OP_BACKUP] = { .word = "backup",
			.action = "backup_reset_status",
			.status_key = "backup_status",
			.reason_key = "backup_failure_reason",
			.progress_key = "backup_progress",
			.last_success_key = "last_backup_time",
			.running_words = exporting,
			.key = 'b',
			.retried_by = "it is not documented whether the cluster then keeps "
				      "retrying" },
	[OP_EXPORT] = { .word = "export",
			.action = "export_reset_status",
			.status_key = "export_status",
			.reason_key = "export_failure_reason",
			.progress_key = "export_progress",
			.last_success_key = "last_export_time",
			.running_words = exporting,
			.key = 'e',
			.retried_by = "the cluster does not retry an export" },
	[OP_IMPORT] = { .word = "import",
			.action = "import_reset_status",
			.status_key = "import_status",
			.reason_key = "import_failure_reason",
			.progress_key = "import_progress",
			.last_success_key = NULL,
			.running_words = importing,
			.key = 'i',
			.retried_by = "the cluster does not retry an import" },
};

int op_kind_find(const char *word)
{
	int kind = 0;

	while (kind < OP_KINDS && strcmp(word, op_defs[kind].word) != 0)
		kind++;
	return kind;
}

static bool is_running_word(enum op_kind kind, const char *status)
{
	const char *const *word;

	for (word = op_defs[kind].running_words; *word; word++)
		if (!strcmp(*word, status))
			return true;
	return false;
}

void op_classify(struct op *op, enum op_kind kind)
{
	const char *status = op->status_presence == FIELD_PRESENT ? op->status : "";

	if (op->status_presence == FIELD_NOT_REQUESTED)
		op->phase = OP_NOT_REQUESTED;
	else if (op->status_presence == FIELD_INVALID)
		op->phase = OP_UNREADABLE;
	else if (!*status || !strcmp(status, "idle"))
		op->phase = OP_IDLE;
	else if (is_running_word(kind, status))
		op->phase = OP_RUNNING;
	else if (!strcmp(status, "succeeded"))
		op->phase = OP_SUCCEEDED;
	else if (!strcmp(status, "failed"))
		op->phase = OP_FAILED;
	else
		op->phase = OP_OTHER;
}

bool op_is_clear(const struct op *op)
{
	return op->phase == OP_IDLE &&
	       (op->reason_presence == FIELD_ABSENT || op->reason_presence == FIELD_NULL ||
		(op->reason_presence == FIELD_PRESENT && !*op->reason));
}

bool op_never_succeeded(const struct op *op, enum op_kind kind)
{
	return op_defs[kind].last_success_key && op->phase != OP_SUCCEEDED &&
	       (op->last_success_presence == FIELD_ABSENT ||
		op->last_success_presence == FIELD_NULL);
}

void bdb_init(struct bdb *bdb, int64_t uid)
{
	int kind;

	memset(bdb, 0, sizeof(*bdb));
	bdb->uid = uid;
	bdb->name = "";
	bdb->state = "";
	for (kind = 0; kind < OP_KINDS; kind++) {
		bdb->op[kind].status = "";
		bdb->op[kind].reason = "";
	}
}

/* All strings of a record in one list, for copying and comparing. */
#define STRINGS (2 + 2 * OP_KINDS)

static void list_strings(struct bdb *bdb, const char **at[STRINGS])
{
	size_t n = 0;
	int kind;

	at[n++] = &bdb->name;
	at[n++] = &bdb->state;
	for (kind = 0; kind < OP_KINDS; kind++) {
		at[n++] = &bdb->op[kind].status;
		at[n++] = &bdb->op[kind].reason;
	}
}

static char *copy_string(char **end, const char *string)
{
	char *at = *end;
	size_t bytes = strlen(string) + 1;

	memcpy(at, string, bytes);
	*end += bytes;
	return at;
}

/* A copy is never changed, so another reference serves as another copy. */
static struct bdb *share(const struct bdb *copy)
{
	struct bdb *shared = (struct bdb *)copy;

	shared->references++;
	return shared;
}

struct bdb *bdb_copy(const struct bdb *from)
{
	struct bdb *to, view = *from;
	const char **at[STRINGS], **modules;
	size_t bytes = sizeof(*to) + from->module_count * sizeof(char *), i;
	char *end;

	if (from->copy == from)
		return share(from);
	list_strings(&view, at);
	for (i = 0; i < STRINGS; i++)
		bytes += strlen(*at[i]) + 1;
	for (i = 0; i < from->module_count; i++)
		bytes += strlen(from->modules[i]) + 1;
	to = malloc(bytes);
	if (!to)
		return NULL;
	*to = *from;
	modules = (const char **)(to + 1);
	end = (char *)(modules + from->module_count);
	list_strings(to, at);
	for (i = 0; i < STRINGS; i++)
		*at[i] = copy_string(&end, *at[i]);
	for (i = 0; i < from->module_count; i++)
		modules[i] = copy_string(&end, from->modules[i]);
	to->modules = from->module_count ? modules : NULL;
	to->copy = to;
	to->references = 1;
	return to;
}

void bdb_free(struct bdb *bdb)
{
	if (bdb && !--bdb->references)
		free(bdb);
}

static bool op_is_equal(const struct op *a, const struct op *b)
{
	return a->phase == b->phase && a->status_presence == b->status_presence &&
	       a->reason_presence == b->reason_presence &&
	       a->percent_presence == b->percent_presence &&
	       a->last_success_presence == b->last_success_presence &&
	       (a->percent_presence != FIELD_PRESENT || a->percent == b->percent) &&
	       (a->last_success_presence != FIELD_PRESENT ||
		a->last_success_s == b->last_success_s);
}

static bool presence_is_equal(const struct bdb *a, const struct bdb *b)
{
	return a->name_presence == b->name_presence && a->state_presence == b->state_presence &&
	       a->crdt_presence == b->crdt_presence &&
	       a->internal_presence == b->internal_presence &&
	       a->created_presence == b->created_presence &&
	       a->backup_enabled_presence == b->backup_enabled_presence &&
	       a->changed_presence == b->changed_presence &&
	       a->backup_interval_presence == b->backup_interval_presence &&
	       a->modules_presence == b->modules_presence && a->module_count == b->module_count;
}

bool bdb_is_equal(const struct bdb *a, const struct bdb *b)
{
	struct bdb left = *a, right = *b;
	const char **in_left[STRINGS], **in_right[STRINGS];
	size_t i;

	if (a->uid != b->uid || !presence_is_equal(a, b) || a->crdt != b->crdt ||
	    a->internal != b->internal || a->backup_enabled != b->backup_enabled ||
	    a->created_s != b->created_s || a->changed_s != b->changed_s ||
	    a->backup_interval_s != b->backup_interval_s)
		return false;
	for (i = 0; i < OP_KINDS; i++)
		if (!op_is_equal(&a->op[i], &b->op[i]))
			return false;
	list_strings(&left, in_left);
	list_strings(&right, in_right);
	for (i = 0; i < STRINGS; i++)
		if (strcmp(*in_left[i], *in_right[i]))
			return false;
	for (i = 0; i < a->module_count; i++)
		if (strcmp(a->modules[i], b->modules[i]))
			return false;
	return true;
}

int bdb_id_compare(const struct bdb_id *a, const struct bdb_id *b)
{
	if (a->cluster != b->cluster)
		return a->cluster < b->cluster ? -1 : 1;
	return int64_compare(a->uid, b->uid);
}

bool bdb_is_same(const struct bdb *a, const struct bdb *b)
{
	bool both_know =
		a->created_presence == FIELD_PRESENT && b->created_presence == FIELD_PRESENT;

	return a->uid == b->uid && !strcmp(a->name, b->name) &&
	       (!both_know || a->created_s == b->created_s);
}
