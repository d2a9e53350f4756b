/*
 * tests/core/sample.h - records as a cluster gives them, for the tests of core.
 */
#ifndef BDBTOP_TESTS_CORE_SAMPLE_H
#define BDBTOP_TESTS_CORE_SAMPLE_H

#include "bdbtop/core/bdb.h"

/* Asked for everything, all three operations idle because their keys were absent.  Strings are
 * borrowed. */
static inline struct bdb sample(int64_t uid, const char *name)
{
	struct bdb bdb;
	int kind;

	bdb_init(&bdb, uid);
	bdb.name_seen = bdb.state_seen = bdb.created_seen = SEEN_GIVEN;
	bdb.name = name;
	bdb.state = "active";
	bdb.created_s = 1700000000 + uid;
	for (kind = 0; kind < OP_KINDS; kind++) {
		struct op *op = &bdb.op[kind];

		op->status_seen = op->reason_seen = op->percent_seen = op->last_seen = SEEN_ABSENT;
		op_settle(op, (enum op_kind)kind);
	}
	return bdb;
}

static inline void sample_status(struct bdb *bdb, enum op_kind kind, const char *status,
				 const char *reason)
{
	struct op *op = &bdb->op[kind];

	op->status_seen = op->reason_seen = SEEN_GIVEN;
	op->status = status;
	op->reason = reason;
	op_settle(op, kind);
}

static inline void sample_percent(struct bdb *bdb, enum op_kind kind, double percent)
{
	bdb->op[kind].percent_seen = SEEN_GIVEN;
	bdb->op[kind].percent = percent;
}

#endif
