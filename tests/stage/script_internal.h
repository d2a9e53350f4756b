/*
 * tests/stage/script_internal.h - the body of a script, shared by script.c (the source),
 * script_lines.c (what it is told) and script_data.c (what it tells beside the databases).
 */
#ifndef BDBTOP_TESTS_STAGE_SCRIPT_INTERNAL_H
#define BDBTOP_TESTS_STAGE_SCRIPT_INTERNAL_H

#include "tests/stage/script.h"

struct scripted_reply {
	int64_t kind;	/* for this database alone; 0: for any */
	unsigned status;
	bool keep, clear, cut, unsent, follow;
	char message[160];
};

#define MOST 64
#define MOST_REPLIES 1024

/* A request on its way, and with `early` what the cluster held when it was asked. */
struct scripted_request {
	struct script_request request;
	struct bdb_set then;
	bool early;
	bool released;	/* it comes although its sort is held back */
};

struct scripted_data;

struct script {
	const struct source_sink *sink;
	void *arg;
	int64_t interval_ms, next_ms, latency_ms;
	struct bdb_set bdbs;
	size_t unreadable;
	struct scripted_request request_list[MOST];
	size_t requests;
	unsigned last_no;
	struct scripted_reply reply[MOST_REPLIES];
	size_t replies;
	bool held_kinds[SCRIPT_REQUEST_KINDS];
	bool held_topic[TOPIC_COUNT];
	bool early;
	bool paused, succeeded, refused, modules_known;
	struct source_prompt ask;	/* the last question */
	bool waits, told_no;	/* for its answer; it was no, about trust */
	bool bad_logins, tries; /* a new log-in is on its way */
	bool tell_pin;		/* in the next turn */
	unsigned refusals;
	enum path_state path;	/* what OPTIONS tells */
	bool bad_one, failing;
	struct err bad_why, fail_why;
	int64_t failing_since_ms;	/* INT64_MAX: no poll has failed yet */
	int64_t again_ms;		/* from a poll that failed to the next one */
	unsigned retry_status;		/* of it */
	char lacking[4][40];
	size_t lacking_count;
	struct script_count count;
	struct script_put *puts;
	size_t put_count, put_capacity;
	const struct script_watch *watch;
	void *watch_arg;
	struct scripted_data **facts;
	size_t fact_count;
	enum data_result tells[TOPIC_COUNT];
	unsigned status[TOPIC_COUNT]; /* with which it does not tell */
	bool dated; /* the wall clock is known: lists tell the cluster's */
	int64_t wall_ms, clock_offset_s;
};

/* Lines and answers about facts; script_do_data() gives -1 when it is none. */
int script_do_data(struct script *, const char *word, const char *rest);
void script_answer_data(struct script *, const struct script_request *, int64_t now_ms);
void script_clear_data(struct script *);
int script_topic(const char *word); /* `events`; -1: none */

/* A log-in is refused: told, and asked again where somebody is asked at all. */
void script_refuse_login(struct script *, const char *sentence, int64_t now_ms);
void script_ask_user(struct script *, enum prompt_kind, int64_t now_ms);
void script_tell_pin(struct script *, int64_t now_ms);

/* Where the record of a database stands in the set, or NULL. */
struct bdb **script_find(const struct script *, int64_t uid);

#endif
