/*
 * tests/json/bdb_fixture.h - decodes a reply with databases, as the program does.
 */
#pragma once

#include "bdbtop/core/array.h"
#include "bdbtop/json/bdb_reader.h"
#include "bdbtop/json/fields.h"
#include "tests/tap.h"

struct list_result {
	struct bdb_set set;
	size_t unreadable;
	int rc;
	struct err err;
};

static inline void read_parts(struct list_result *a, const char *fields, int64_t only_uid,
			      const char *body, size_t step)
{
	struct bdb_reader *reader = bdb_reader_new(fields, only_uid);
	size_t at, length = strlen(body);

	assert_non_null(reader);
	memset(a, 0, sizeof(*a));
	bdb_set_init(&a->set);
	for (at = 0; at < length; at += step)
		bdb_reader_feed(reader, body + at, step < length - at ? step : length - at,
				&a->err);
	a->rc = bdb_reader_end(reader, &a->set, &a->unreadable, &a->err);
	bdb_reader_free(reader);
}

static inline void read_list(struct list_result *a, const char *body)
{
	read_parts(a, fields_list(FIELDS_FULL), 0, body, SIZE_MAX);
}

/* Decodes a list of one database with these keys beside its uid.  Free it with release(). */
static inline const struct bdb *read_keys(struct list_result *a, const char *keys)
{
	char body[2048];

	snprintf(body, sizeof(body), "[{\"uid\":7%s%s}]", *keys ? "," : "", keys);
	read_list(a, body);
	if (a->rc < 0)
		fail_msg("%s: %s", body, a->err.text);
	assert_int_equal(a->set.count, 1);
	return a->set.bdbs[0];
}

static inline void release(struct list_result *a)
{
	bdb_set_release(&a->set);
}

/* Two databases with the fields that a list requests. */
#define TWO_FULL										\
	"[{\"uid\":12,\"name\":\"orders-eu\",\"status\":\"active\",\"crdt\":true,"		\
	"\"internal\":false,\"created_time\":\"2026-03-02T10:00:00Z\","				\
	"\"last_changed_time\":\"2026-11-20T09:00:00Z\","					\
	"\"backup\":true,\"backup_interval\":86400,\"backup_status\":\"failed\","		\
	"\"backup_progress\":0.0,\"backup_failure_reason\":\"no-permission\","			\
	"\"last_backup_time\":\"2026-11-18T16:02:11Z\",\"export_status\":\"\","			\
	"\"export_progress\":0.0,\"export_failure_reason\":\"\","				\
	"\"import_status\":\"importing\",\"import_progress\":41.5,"				\
	"\"import_failure_reason\":\"\"},\n {\"uid\":44,\"name\":\"ledger\","			\
	"\"status\":\"import-pending\",\"export_status\":\"succeeded\","			\
	"\"last_export_time\":\"2026-11-21T15:02:40Z\"}]"
