/*
 * core/bdb.h - one database ("bdb") as the cluster last reported it.
 *
 * A plain record.  Strings are the raw bytes of the cluster; core/text makes them safe for display.
 * Each field has its presence beside it: absent, of a wrong type and never requested are three
 * different things, and only the first can mean idle.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of each database there are many of these: one byte each. */
#define ENUM_BYTE __attribute__((packed))

enum op_kind { OP_BACKUP, OP_EXPORT, OP_IMPORT, OP_KINDS } ENUM_BYTE;

/* The three rows of the one table of operations. */
struct op_def {
	const char *word;		/* `backup`; also the kind in `KIND_reset_status` */
	const char *action;		/* `backup_reset_status` */
	const char *status_key, *reason_key, *progress_key;
	const char *last_success_key;	/* NULL: the API has no last_import_time */
	const char *const *running_words;	/* words that mean running; ends with NULL */
	const char *retried_by;		/* a clause: what retries it without the user */
	char key;			/* the key that resets it */
};
extern const struct op_def op_defs[OP_KINDS];
/* The operation of a word, `backup`; OP_KINDS: none. */
int op_kind_find(const char *word);

/* How the reply had a field. */
enum field_presence {
	FIELD_NOT_REQUESTED,	/* its name was not in the field list that the cluster accepted */
	FIELD_ABSENT,		/* requested, and the reply did not have the key */
	FIELD_INVALID,		/* the value has a wrong type, is out of range or contains a NUL */
	FIELD_NULL,		/* the value is null, or means none */
	FIELD_PRESENT,
} ENUM_BYTE;

enum op_phase {
	OP_NOT_REQUESTED, OP_UNREADABLE, OP_IDLE, OP_RUNNING, OP_SUCCEEDED, OP_FAILED, OP_OTHER,
} ENUM_BYTE;

struct op {
	const char *status, *reason;	/* never NULL; "" unless FIELD_PRESENT */
	double percent;			/* 0-100; valid only when FIELD_PRESENT */
	int64_t last_success_s;		/* seconds since 1970; valid only when FIELD_PRESENT */
	enum op_phase phase;		/* derived by op_classify() */
	enum field_presence status_presence, reason_presence, percent_presence,
		last_success_presence;
};

struct bdb {
	int64_t uid;			/* > 0 */
	const char *name;		/* never NULL */
	const char *state;		/* the API's `status` of the database itself, never NULL */
	int64_t created_s;		/* seconds since 1970 */
	int64_t changed_s;		/* last administrative change, seconds since 1970 */
	int64_t backup_interval_s;	/* set even while the periodic backup is off */
	struct op op[OP_KINDS];
	const char *const *modules;	/* names, module_count of them */
	size_t module_count;
	enum field_presence name_presence, state_presence, crdt_presence, internal_presence,
		created_presence, changed_presence;
	enum field_presence backup_enabled_presence, backup_interval_presence;
	enum field_presence modules_presence;	/* only the read of one database has them */
	bool crdt, internal;
	bool backup_enabled;		/* the periodic backup is on */
	const struct bdb *copy;		/* itself if bdb_copy() made it; differs in a copy by = */
	unsigned references;		/* valid only if bdb_copy() made it */
};

/* A database of one of the clusters of this run.  cluster is its index in the fleet. */
struct bdb_id {
	unsigned cluster;
	int64_t uid;
};
/* Returns -1, 0 or 1 as a is before, the same as or behind b, by cluster and then by uid. */
int bdb_id_compare(const struct bdb_id *a, const struct bdb_id *b);
/* The same of two elements that begin with one. */
static inline int bdb_id_compare_at(const void *a, const void *b)
{
	return bdb_id_compare(a, b);
}

/* Sets phase from status and its presence: four spellings of idle (absent, null, "", `idle`), the
 * running words of the kind, `succeeded`, `failed`; any other word is OP_OTHER. */
void op_classify(struct op *, enum op_kind);

/* True when the phase is idle and the reason is absent, null or "": a reset would clear nothing. */
bool op_is_clear(const struct op *);

/* True when the cluster reports no success of this kind: the time of the last success was requested
 * and is missing, and the status is not `succeeded`.  False for a kind without such a time. */
bool op_never_succeeded(const struct op *, enum op_kind);

/* Makes an empty record: every field FIELD_NOT_REQUESTED, every string "". */
void bdb_init(struct bdb *, int64_t uid);

/* Returns a deep copy, to be released with bdb_free(), or NULL when out of memory.  The copy must
 * not be changed.  Copying a copy returns the same record with one more reference and cannot fail.
 */
struct bdb *bdb_copy(const struct bdb *);
void bdb_free(struct bdb *);	/* drops one reference; accepts NULL */

/* True when all fields that bdbtop reads are equal. */
bool bdb_is_equal(const struct bdb *, const struct bdb *);

/* True for the same database: same uid, same name, and same creation time where both have one. */
bool bdb_is_same(const struct bdb *, const struct bdb *);
