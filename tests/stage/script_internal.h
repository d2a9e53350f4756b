/*
 * tests/stage/script_internal.h - the state of a script, shared by script.c (the source),
 * script_lines.c (the lines) and script_data.c (data beside the databases).
 */
#ifndef BDBTOP_TESTS_STAGE_SCRIPT_INTERNAL_H
#define BDBTOP_TESTS_STAGE_SCRIPT_INTERNAL_H

#include "tests/stage/script.h"

struct scripted_reply {
	int64_t uid;	/* only for this database; 0: for any */
	unsigned status;
	bool keep, clear, cut, unsent, follow;
	char message[160];
};

#define REQUESTS_MAX 64
#define REPLIES_MAX 1024

/* A request in flight, and with `early` the databases at the time of the request. */
struct scripted_request {
	struct script_request request;
	struct bdb_set bdbs;
	bool early;
	bool released;	/* answered although requests of its kind are held */
};

struct scripted_data;

struct script {
	const struct source_sink *sink;
	void *arg;
	int64_t interval_ms, next_ms, latency_ms;
	struct bdb_set bdbs;
	size_t unreadable;
	struct scripted_request request_list[REQUESTS_MAX];
	size_t requests;
	unsigned last_no;
	struct scripted_reply reply[REPLIES_MAX];
	size_t replies;
	bool held_kinds[SCRIPT_REQUEST_KINDS];
	bool held_topic[TOPIC_COUNT];
	bool early;
	bool paused, succeeded, refused, modules_known;
	struct source_prompt prompt;	/* the last one */
	bool prompting, declined;	/* waits for the answer; the last one about trust was no */
	bool bad_logins, login_pending;	/* a new log-in is tried */
	bool pin_pending;		/* on_pinned() follows in the next turn */
	unsigned refusals;
	enum path_state path;		/* the answer to OPTIONS */
	bool bad_one, failing;
	struct err one_error, list_error;
	int64_t failing_since_ms;	/* INT64_MAX: no poll has failed yet */
	int64_t retry_ms;		/* from a failed poll to the next one */
	unsigned retry_status;		/* of that pause */
	char lacking[4][40];
	size_t lacking_count;
	struct script_count count;
	struct script_put *puts;
	size_t put_count, put_capacity;
	const struct script_watch *watch;
	void *watch_arg;
	struct scripted_data **data;
	size_t data_count;
	enum data_result data_results[TOPIC_COUNT];
	unsigned status[TOPIC_COUNT]; /* of a result that is not DATA_OK */
	bool dated; /* script_wall() was called: lists have a date */
	int64_t wall_ms, clock_offset_s;
};

/* Lines and replies about cluster data; script_do_data() returns -1 for another line. */
int script_do_data(struct script *, const char *word, const char *rest);
void script_answer_data(struct script *, const struct script_request *, int64_t now_ms);
void script_clear_data(struct script *);
int script_topic(const char *word); /* of a word, as `events`; -1: none */

/* Calls on_refused(), and prompts again if the log-in was typed. */
void script_refuse_login(struct script *, const char *sentence, int64_t now_ms);
void script_ask_user(struct script *, enum prompt_kind, int64_t now_ms);
void script_send_pin(struct script *, int64_t now_ms);

/* The entry of a database in the set, or NULL. */
struct bdb **script_find(const struct script *, int64_t uid);

#endif
