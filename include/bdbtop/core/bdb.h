/*
 * core/bdb.h - one database ("bdb") as the cluster last told it.
 *
 * A plain record.  Strings are the raw bytes of the cluster (core/text makes them safe for
 * display); the record holds how each field was seen, because absent, of a wrong type and never
 * asked for are three different things, and only one of them is idle.
 */
#ifndef BDBTOP_CORE_BDB_H
#define BDBTOP_CORE_BDB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum op_kind { OP_BACKUP, OP_EXPORT, OP_IMPORT, OP_KINDS };

/* The three rows of the one table of operations. */
struct op_def {
	const char *word;		/* `backup`; also the kind in `KIND_reset_status` */
	const char *action;		/* `backup_reset_status` */
	const char *status_key, *reason_key, *progress_key;
	const char *last_success_key;	/* NULL: there is no last_import_time (API page 2.2) */
	/* words that mean running, ended by NULL (API page 2.2) */
	const char *const *running_words;
	const char *retried_by;		/* what tries it again by itself, a clause */
	char key;			/* the key that resets it */
};
extern const struct op_def op_defs[OP_KINDS];

/* How a field came. */
enum field_presence {
	FIELD_NOT_REQUESTED,	/* its name was not in the field list that the cluster accepted */
	FIELD_ABSENT,		/* asked, and the key was not there */
	FIELD_INVALID,		/* there, but of a type that cannot be it, or with a NUL inside */
	FIELD_NULL,		/* there as null */
	FIELD_PRESENT,
};

enum op_phase {
	OP_NOT_REQUESTED, OP_UNREADABLE, OP_IDLE, OP_RUNNING, OP_SUCCEEDED, OP_FAILED, OP_OTHER,
};

struct op {
	enum op_phase phase;		/* derived by op_classify() */
	enum field_presence status_presence, reason_presence, percent_presence,
		last_success_presence;
	const char *status, *reason;	/* never NULL; "" unless given */
	/* 0-100, meaningful only when percent_presence is FIELD_PRESENT */
	double percent;
	int64_t last_success_s;		/* last success, seconds since 1970, if it is given */
};

struct bdb {
	int64_t uid;			/* > 0 */
	enum field_presence name_presence, state_presence, crdt_presence, internal_presence,
		created_presence, changed_presence;
	enum field_presence backup_enabled_presence, backup_interval_presence;
	const char *name;		/* never NULL */
	const char *state;		/* the API's `status` of the whole database, never NULL */
	bool crdt, internal;
	bool backup_enabled;		/* the periodic backup is on */
	int64_t created_s;		/* seconds since 1970 */
	int64_t changed_s;		/* last administrative change, seconds since 1970 */
	int64_t backup_interval_s;	/* seconds, also while backup is false (API page 8.5) */
	struct op op[OP_KINDS];
	enum field_presence modules_presence;	/* only a single read asks for them */
	const char *const *modules;	/* names, module_count of them */
	size_t module_count;
	const struct bdb *copy;		/* itself where bdb_copy() made it: a copy by = is none */
	unsigned holders;		/* of such a copy */
};

/* A database of one cluster among those of a run.  cluster is its index in the fleet. */
struct bdb_id {
	unsigned cluster;
	int64_t uid;
};

/* Set phase from status and how it was seen: four spellings of idle (absent, null, "", `idle`), the
 * running words of the kind, `succeeded`, `failed`; anything else is OP_OTHER, never idle. */
void op_classify(struct op *, enum op_kind);

/* True when the phase is idle and the reason is absent, null or "": nothing that a reset would
 * clear. */
bool op_is_clear(const struct op *);

/* True when the cluster reports no success of this kind: its time is asked for and missing, and the
 * status does not say `succeeded` either.  Always false for a kind without such a time. */
bool op_never_succeeded(const struct op *, enum op_kind);

/* An empty record: every field not asked, every string "". */
void bdb_init(struct bdb *, int64_t uid);

/* Deep copy in one block, or NULL when memory is out; bdb_free() gives it back.  It must not be
 * changed: of what is such a copy already, the same one is given and memory cannot run out. */
struct bdb *bdb_copy(const struct bdb *);
void bdb_free(struct bdb *);	/* NULL is borne */

/* True when nothing that bdbtop reads of them differs. */
bool bdb_is_equal(const struct bdb *, const struct bdb *);

/* Identity: same uid, same name, and same creation time where both know it. */
bool bdb_is_same(const struct bdb *, const struct bdb *);

#endif
