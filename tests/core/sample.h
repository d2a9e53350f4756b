/*
 * tests/core/sample.h - database records as a cluster returns them, for the tests of core.
 */
#pragma once

#include "bdbtop/core/bdb.h"

/* All fields requested, all three operations idle because their keys are absent.  Borrows the
 * strings. */
static inline struct bdb sample(int64_t uid, const char *name)
{
	struct bdb bdb;
	int kind;

	bdb_init(&bdb, uid);
	bdb.name_presence = bdb.state_presence = bdb.created_presence = FIELD_PRESENT;
	bdb.name = name;
	bdb.state = "active";
	bdb.created_s = 1700000000 + uid;
	for (kind = 0; kind < OP_KINDS; kind++) {
		struct op *op = &bdb.op[kind];

		op->status_presence = op->reason_presence = op->percent_presence =
			op->last_success_presence = FIELD_ABSENT;
		op_classify(op, (enum op_kind)kind);
	}
	return bdb;
}

static inline void sample_status(struct bdb *bdb, enum op_kind kind, const char *status,
				 const char *reason)
{
	struct op *op = &bdb->op[kind];

	op->status_presence = op->reason_presence = FIELD_PRESENT;
	op->status = status;
	op->reason = reason;
	op_classify(op, kind);
}

static inline void sample_percent(struct bdb *bdb, enum op_kind kind, double percent)
{
	bdb->op[kind].percent_presence = FIELD_PRESENT;
	bdb->op[kind].percent = percent;
}
