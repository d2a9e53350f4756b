/*
 * tests/stage/script_internal.h - the state of a script, shared by script.c (the source),
 * script_prompt.c (prompts and refusals), script_lines.c (the lines) and script_data.c (data beside
 * the databases).
 */
#pragma once

#include "bdbtop/core/array.h"
#include "bdbtop/json/data_formats.h"
#include "tests/stage/script.h"

#define REQUESTS_MAX 64
#define REPLIES_MAX  1024
#define LACKING_MAX  4

/* The answer to a PUT. */
struct scripted_reply {
	int64_t uid; /* only for this database; 0: for any */
	int64_t status;
	bool keep, clear, cut, unsent, follow;
	char message[160];
};

/* A request in flight, and with `early` the databases at the time of the request. */
struct scripted_request {
	struct script_request request;
	struct bdb_set bdbs;
	bool early;
	bool released; /* answered although requests of its kind are held */
};

struct scripted_item;

/* The result of requests for a topic. */
struct scripted_result {
	enum data_result result;
	unsigned status;
};

struct script {
	const struct source_sink *sink;
	void *arg;
	int64_t now_ms, interval_ms, next_ms;
	struct bdb_set bdbs;
	struct scripted_request requests[REQUESTS_MAX];
	size_t request_count;
	unsigned last_id;
	struct scripted_reply replies[REPLIES_MAX];
	size_t reply_count;
	bool held[SCRIPT_REQUEST_KINDS + TOPIC_COUNT]; /* by kind, then by topic */
	bool paused, succeeded, refused;
	struct source_prompt prompt; /* the last one */
	bool prompting, declined;    /* waits for the answer; the last one about trust was no */
	bool login_pending;	     /* a new log-in is tried */
	bool pin_pending;	     /* on_pinned() follows in the next turn */
	unsigned refusals;
	bool bad_one, failing;
	struct err one_error, list_error;
	int64_t failing_since_ms; /* INT64_MAX: no poll has failed yet */
	const char *lacking[LACKING_MAX];
	char lacking_words[160];
	size_t lacking_count;
	/* set by lines of one word or number */
	int64_t latency_ms, retry_ms, retry_status, unreadable, clock_offset_s;
	int64_t early, path, bad_logins, modules_known;
	struct script_count count;
	const struct script_watch *watch;
	void *watch_arg;
	struct scripted_item **items; /* the data beside the databases */
	size_t item_count, item_capacity;
	struct scripted_result results[TOPIC_COUNT];
	bool dated; /* script_wall() was called: lists have a date */
	int64_t wall_ms;
};

/* Runs a line about data; returns -1 for another line. */
int script_do_data(struct script *, const char *line);
void script_drop_data(struct script *, enum source_topic);
/* Reads the reply to this request; the caller ends the reader. */
struct data_reader *script_read_data(struct script *, const struct script_request *);

/* Calls on_refused(), and prompts again if the log-in was typed. */
void script_refuse(struct script *, enum source_refusal, const char *sentence);
void script_ask_user(struct script *, enum prompt_kind);
void script_send_pin(struct script *);
void script_change_key(struct script *);
void script_answer(void *self, enum prompt_kind, bool yes, int64_t now_ms);

/* The place of a database in the set, or NULL. */
struct bdb **script_find(const struct bdb_set *, int64_t uid);
/* Puts a copy of this database in its place. */
void script_replace(struct bdb **, const struct bdb *);
