/*
 * tests/stage/script_internal.h - the state of a script, shared by script.c (the source),
 * script_lines.c (the lines, and prompts) and script_data.c (what the cluster has).
 */
#pragma once

#include "bdbtop/core/array.h"
#include "tests/stage/script.h"

#define REQUESTS_MAX  64
#define REPLIES_MAX   1024
#define LACKING_MAX   4
#define SENTENCE_SIZE 160
#define SCRIPT_DATA   SCRIPT_KINDS /* in `held`: all topics of data */

struct json_object;
struct scripted_item;

/* How a topic of data answers; others are HTTP statuses, and with 200 it cannot be read. */
#define STATUS_OK	0
#define STATUS_NO_REPLY (-1)

/* The answer to a PUT. */
enum reply_flag { REPLY_KEEP, REPLY_CLEAR, REPLY_CUT, REPLY_UNSENT, REPLY_FOLLOW, REPLY_FLAGS };
struct scripted_reply {
	int64_t uid; /* only for this database; 0: for any */
	int64_t status;
	bool flag[REPLY_FLAGS];
	char message[SENTENCE_SIZE];
};

/* A request in flight. */
struct scripted_request {
	struct script_request request;
	struct json_object *early; /* the reply at the time of the request, or NULL */
	bool released;		   /* answered although requests of its kind are held */
};

struct script {
	const struct source_sink *sink;
	void *arg;
	int64_t now_ms, interval_ms, next_ms;
	struct scripted_item *items; /* what the cluster has, as JSON */
	size_t item_count, item_capacity;
	struct scripted_request requests[REQUESTS_MAX];
	size_t request_count;
	unsigned last_id;
	struct scripted_reply replies[REPLIES_MAX];
	size_t reply_count;
	bool list_is_out, paused, succeeded, refused;
	struct source_prompt prompt; /* the last one */
	bool prompting, declined;    /* waits for the answer; the last one about trust was no */
	bool login_pending;	     /* a new log-in is tried */
	bool key_changed;	     /* to one that is not pinned */
	bool pin_pending;	     /* on_pinned() follows in the next turn */
	unsigned refusals;
	enum login_refusal refusal; /* of the newest `refuse` line */
	int64_t failing_since_ms;   /* TIME_NEVER: the last poll was good */
	/* set by the lines of the same name */
	int64_t latency_ms, retry_ms, retry_status, unreadable, clock_offset_s;
	int64_t early, path, bad_logins, modules_known, compared;
	int64_t held[SCRIPT_KINDS + 1], starved[SCRIPT_KINDS + 1], status[SCRIPT_KINDS + 1];
	char list_error[SENTENCE_SIZE], one_error[SENTENCE_SIZE], lacking[SENTENCE_SIZE];
	char unrequested[SENTENCE_SIZE];
	struct last_list *last_list;
	struct script_count count;
	const struct script_watch *watch;
	void *watch_arg;
	bool dated; /* script_wall() was called: lists have a date */
	int64_t wall_ms;
};

/* Runs a line about an item; returns -1 for another line.  The line is changed. */
int script_do_data(struct script *, char *line);
/* Deletes what the cluster has of this topic; uid 0: all of it. */
void script_delete(struct script *, enum source_topic, int64_t uid);
/* The reply of the cluster to this read, which the caller puts; NULL: the database is gone. */
struct json_object *script_reply(const struct script *, const struct script_request *);
const struct data_format *script_data_format(enum source_topic);

/* The topic of this request is one of data. */
bool script_is_data(const struct script_request *);

/* Calls on_refused(), and prompts again if the log-in was typed. */
void script_refuse(struct script *, enum source_refusal, const char *sentence);
void script_prompt(struct script *, enum prompt_kind);
void script_send_pin(struct script *);
void script_answer(void *self, enum prompt_kind what, bool yes, int64_t now_ms);

/* Moves *line behind this word and the space after it; false: it begins with another one. */
bool script_take_word(char **line, const char *word);
