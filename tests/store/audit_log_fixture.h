/*
 * tests/store/audit_log_fixture.h - an audit log in a temporary directory.
 */
#pragma once

#include "bdbtop/store/audit_log.h"
#include "tests/files.h"

#define CLUSTER "c.example:9443"
#define WALL_MS 1795017731042 /* of a line; the number of its reset is added */

struct audit_log_fixture {
	struct temp_dir dir;
	struct audit_log *audit_log;
	struct bdb bdb;
	char old_path[128]; /* actions.1.jsonl */
};

static inline int enter(void **state)
{
	struct audit_log_fixture *b = temp_dir_enter(state, sizeof(*b), "actions.jsonl");

	snprintf(b->old_path, sizeof(b->old_path), "%s/bdbtop/actions.1.jsonl", b->dir.state);
	b->audit_log = audit_log_new(b->dir.state, NULL);
	bdb_init(&b->bdb, 12);
	b->bdb.name = "orders-eu";
	b->bdb.name_presence = FIELD_PRESENT;
	return 0;
}

static inline int leave(void **state)
{
	struct audit_log_fixture *b = *state;

	audit_log_free(b->audit_log);
	return temp_dir_leave(state);
}

/* A line about the database of the fixture. */
static inline struct audit_line line_of(const struct audit_log_fixture *b, enum audit_event event,
					unsigned reset_id)
{
	return (struct audit_line){ .event = event,
				    .at = { 0, WALL_MS + reset_id },
				    .run = 1,
				    .reset_id = reset_id,
				    .cluster = CLUSTER,
				    .bdb = &b->bdb };
}
