/*
 * tests/rest/data_fixture.h - a table of the requests for cluster data, and a source whose first
 * poll is complete.
 */
#pragma once

#include "bdbtop/core/array.h"
#include "tests/rest/rest_fixture.h"

#define LIST "GET /v1/bdbs?fields=uid,name"
#define ONE  "GET /v1/bdbs/7?"
#define TWO  "[{\"uid\":1},{\"uid\":2}]"
#define HEAD "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
#define PAGE "<!DOCTYPE html>\n<title>Bad gateway</title>"
#define DAY  INT64_C(1409311189)

/* The request, its name and its line in the logs, a good reply, and what the sink logs of it. */
static const struct data_topic {
	enum source_topic topic;
	int64_t uid;
	const char *name, *line, *body, *data, *what, *shape;
} data_topics[] = {
	{ TOPIC_EVENTS, DAY, "events of 1409311189",
	  "GET /v1/logs?order=desc&limit=500&stime=2014-08-29T11:19:49Z HTTP/1.1\r\n",
	  "[{\"time\":\"2014-08-29T11:20:00Z\",\"type\":\"bdb_backup_failed\","
	  "\"bdb_uid\":\"7\"},7]",
	  "  7 bdb_backup_failed\nunreadable 1\n", "the event log", "a list of events" },
	{ TOPIC_EVENTS, 0, "events of 0", "GET /v1/logs?order=desc&limit=500 HTTP/1.1\r\n", "[]",
	  "", "the event log", "a list of events" },
	{ TOPIC_ALERTS, 0, "alerts of 0", "GET /v1/bdbs/alerts HTTP/1.1\r\n",
	  "{\"7\":{\"bdb_size\":{\"state\":true}}}", "  7 bdb_size\n", "alerts",
	  "a map of alerts" },
	{ TOPIC_ALERTS, 7, "alerts of 7", "GET /v1/bdbs/alerts/7 HTTP/1.1\r\n",
	  "{\"bdb_size\":{\"state\":true}}", "  7 bdb_size\n", "alerts", "a map of alerts" },
	{ TOPIC_ACTIONS, 0, "actions of 0", "GET /v2/actions HTTP/1.1\r\n",
	  "[{\"name\":\"backup\",\"object_name\":\"bdb:7\"}]", "  7 backup\n", "actions",
	  "a list of actions" },
	{ TOPIC_SHARDS, 7, "shards of 7", "GET /v1/bdbs/7/shards HTTP/1.1\r\n",
	  "[{\"uid\":\"3\",\"status\":\"active\"},{\"uid\":4,\"bdb_uid\":8}]",
	  "  3 active\nunreadable 1\n", "shards", "a list of shards" },
	{ TOPIC_NODES, 0, "nodes of 0", "GET /v1/nodes HTTP/1.1\r\n",
	  "[{\"uid\":1,\"software_version\":\"8.0.2-17\"},null]", "  1 8.0.2-17\nunreadable 1\n",
	  "nodes", "a list of nodes" },
	{ TOPIC_BDB_INFO, 7, "traits of 7",
	  "GET /v1/bdbs/7?fields=uid,module_list,tags,version,redis_version,shards_count,"
	  "memory_size HTTP/1.1\r\n",
	  "{\"uid\":7,\"version\":\"8.0.0\",\"redis_version\":\"8.0\",\"shards_count\":4,"
	  "\"memory_size\":8589934592,\"tags\":[{\"key\":\"env\",\"value\":\"prod\"}]}",
	  "  7 0 1\n  8.0.0 8.0 4 8589934592\n", "versions and sizes", "a database" },
	{ TOPIC_BDB_INFO, 0, "traits of 0",
	  "GET /v1/bdbs?fields=uid,module_list,tags,shards_count,memory_size HTTP/1.1\r\n",
	  "[{\"uid\":7,\"module_list\":[{\"module_name\":\"a\"}],\"tags\":[]}]", "  7 1 0\n",
	  "modules and tags", "a list of databases" },
};
#define TOPICS ARRAY_SIZE(data_topics)

static inline int request_topic(struct rest_fixture *fix, const struct data_topic *topic)
{
	return fix->ops->request(fix->rest, topic->topic, topic->uid, fix->now);
}

/* A source whose first poll is complete; the next one needs the clock to advance. */
static inline struct rest_fixture *polled_fixture(void)
{
	struct rest_fixture *fix = rest_fixture_plain(NULL);

	reply(fix, LIST, 0, 200, TWO);
	first_poll(fix);
	return fix;
}

/* The head of the last request. */
static inline const char *last_head(struct rest_fixture *fix)
{
	return faults_at(fix->server, faults_count(fix->server) - 1)->head;
}

/* The log is exactly `told NAME asked A got G REST`. */
static inline void assert_data(struct rest_fixture *fix, const struct data_topic *topic,
			       const char *rest)
{
	char want[2048];

	snprintf(want, sizeof(want), "told %s asked 1000 got %" PRId64 " %s", topic->name, fix->now,
		 rest);
	assert_log(fix, want);
}
