/*
 * tests/faults/request_kinds.h - each kind of request that a REST source sends: how it is caused,
 * what a good reply to it is, and what the log of tests/rest/rest_fixture.h has then.
 */
#pragma once

#include "tests/faults/fault_table.h"
#include "tests/rest/data_fixture.h"

#define KIND_BDBS(of_family, of_name, first, text, logged, of_shape)                               \
	.family = of_family, .name = of_name, .line = first, .body = text, .good = logged,         \
	.what = "databases", .shape = of_shape
#define KIND_SLOW	     .limit = "128 MiB", .silence_s = 20, .total_s = 60
#define KIND_QUICK(of_limit) .limit = of_limit, .silence_s = 10, .total_s = 10
#define KIND_RESET(of_op, action)                                                                  \
	{                                                                                          \
		KIND_BDBS(KIND_PUT, "PUT " action, "PUT /v1/bdbs/7/actions/" action, "",           \
			  "answer 5: 200 whole ", ""),                                             \
			.op = of_op, KIND_QUICK("64 KiB")                                          \
	}

static const struct request_kind plain_kinds[] = {
	{ KIND_BDBS(KIND_LIST, "list", LIST, TWO, "list of 2", "a list of databases"), KIND_SLOW,
	  .again = "GET /v1/bdbs?fields=uid,name,status,backup," },
	{ KIND_BDBS(KIND_ONE, "read-back", "GET /v1/bdbs/7?fields=uid,name", "{\"uid\":7}",
		    "one db:7", "db:7"),
	  KIND_QUICK("64 KiB"), .again = "GET /v1/bdbs/7?fields=uid,name,status,backup," },
	{ KIND_BDBS(KIND_MODULES, "modules", "GET /v1/modules ", "[]", "modules known", ""),
	  KIND_QUICK("4 MiB") },
	KIND_RESET(OP_BACKUP, "backup_reset_status"),
	KIND_RESET(OP_EXPORT, "export_reset_status"),
	KIND_RESET(OP_IMPORT, "import_reset_status"),
	{ KIND_BDBS(KIND_OPTIONS, "OPTIONS", "OPTIONS /v1/bdbs/7/actions/backup_reset_status ", "",
		    "path 5: unclear", ""),
	  KIND_QUICK("64 KiB") },
};

#define KINDS (ARRAY_SIZE(plain_kinds) + TOPICS)

/* The other topics are sent once. */
static inline const char *line_again(const struct data_topic *topic)
{
	if (topic->topic == TOPIC_ACTIONS)
		return "GET /v1/actions ";
	if (topic->topic != TOPIC_BDB_INFO)
		return NULL;
	return topic->uid ? "GET /v1/bdbs/7?fields=uid,module_list,version,"
			  : "GET /v1/bdbs?fields=uid,module_list,shards_count,";
}

static inline struct request_kind kind_at(size_t index)
{
	const struct data_topic *topic = &data_topics[index < TOPICS ? index : 0];
	bool all = topic->topic == TOPIC_BDB_INFO && !topic->uid;

	if (index >= TOPICS)
		return plain_kinds[index - TOPICS];
	return (struct request_kind){ .family = KIND_DATA,
				      .name = topic->name,
				      .line = topic->line,
				      .again = line_again(topic),
				      .body = topic->body,
				      .good = " whole",
				      .what = topic->what,
				      .shape = topic->shape,
				      .limit = all				? "128 MiB"
					       : topic->topic == TOPIC_BDB_INFO ? "64 KiB"
										: "4 MiB",
				      .silence_s = all ? 20 : 10,
				      .total_s = all ? 60 : 10,
				      .topic = topic };
}

/* Causes the request; the clock has moved on for a list. */
static inline void cause_request(struct rest_fixture *fix, const struct request_kind *kind)
{
	const struct source_put put = { .reset_id = 5, .uid = 7, .kind = kind->op };
	int rc = 0;

	if (kind->family == KIND_LIST)
		rc = fix->ops->request(fix->rest, TOPIC_LIST, 0, fix->now);
	else if (kind->family == KIND_ONE)
		rc = fix->ops->request(fix->rest, TOPIC_ONE, 7, fix->now);
	else if (kind->family == KIND_MODULES)
		rc = fix->ops->request(fix->rest, TOPIC_MODULES, 0, fix->now);
	else if (kind->family == KIND_PUT)
		rc = fix->ops->reset(fix->rest, &put, fix->now);
	else if (kind->family == KIND_OPTIONS)
		rc = fix->ops->check_path(fix->rest, &put, fix->now);
	else
		rc = request_topic(fix, kind->topic);
	if (rc < 0)
		fail_msg("%s: cannot be requested", kind->name);
}
