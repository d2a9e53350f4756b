/*
 * tests/stage/script_internal.h - the state of a script, shared by script.c (the source),
 * script_prompt.c (prompts and refusals), script_lines.c (the lines), script_data.c (what the
 * cluster has) and script_lists.c (lists as JSON).
 */
#pragma once

#include "bdbtop/core/array.h"
#include "bdbtop/json/bdb_reader.h"
#include "bdbtop/json/data_reader.h"
#include "tests/stage/script.h"

#define REQUESTS_MAX  64
#define REPLIES_MAX   1024
#define LACKING_MAX   4
#define SENTENCE_SIZE 160
#define SCRIPT_DATA   SCRIPT_KINDS /* in `held`: all topics of data */

/* The answer to a PUT. */
enum reply_flag { REPLY_KEEP, REPLY_CLEAR, REPLY_CUT, REPLY_UNSENT, REPLY_FOLLOW, REPLY_FLAGS };
struct scripted_reply {
	int64_t uid; /* only for this database; 0: for any */
	int64_t status;
	bool flag[REPLY_FLAGS];
	char message[160];
};

/* A request in flight, and with `early` the databases at the time of the request. */
struct scripted_request {
	struct script_request request;
	struct bdb_set bdbs;
	char *list; /* the same as JSON, or NULL */
	bool early;
	bool released; /* answered although requests of its kind are held */
};

struct json_object;
struct scripted_item;

/* Lists are records; or JSON, decoded whole or compared with the last list. */
enum script_list_form { SCRIPT_LISTS_RECORDS, SCRIPT_LISTS_WHOLE, SCRIPT_LISTS_COMPARED };

struct script {
	const struct source_sink *sink;
	void *arg;
	int64_t now_ms, interval_ms, next_ms;
	struct bdb_set bdbs;
	struct scripted_item *items; /* these databases, and the data beside them, as JSON */
	size_t item_count, item_capacity;
	struct scripted_request requests[REQUESTS_MAX];
	size_t request_count;
	unsigned last_id;
	struct scripted_reply replies[REPLIES_MAX];
	size_t reply_count;
	bool held[SCRIPT_KINDS + 1];
	bool paused, succeeded, refused;
	struct source_prompt prompt; /* the last one */
	bool prompting, declined;    /* waits for the answer; the last one about trust was no */
	bool login_pending;	     /* a new log-in is tried */
	bool pin_pending;	     /* on_pinned() follows in the next turn */
	unsigned refusals;
	enum login_refusal refusal;	/* of the newest `refuse` line */
	int64_t failing_since_ms; /* TIME_NEVER: the last poll was good */
	/* set by lines of one word, number or sentence */
	int64_t latency_ms, retry_ms, retry_status, unreadable, clock_offset_s;
	int64_t early, path, bad_logins, modules_known, list_form;
	struct last_list *last_list;
	char list_error[SENTENCE_SIZE], one_error[SENTENCE_SIZE], lacking[SENTENCE_SIZE];
	struct scripted_result {
		enum data_result result;
		unsigned status;
	} results[SCRIPT_KINDS];
	struct script_count count;
	const struct script_watch *watch;
	void *watch_arg;
	bool dated; /* script_wall() was called: lists have a date */
	int64_t wall_ms;
};

/* Moves *line behind this word and the space after it; false: it begins with another one. */
bool script_take_word(char **line, const char *word);

/* Runs a line about an item; returns -1 for another line.  The line is changed. */
int script_do_data(struct script *, char *line);
void script_drop_data(struct script *, enum source_topic);
/* Reads the reply to this request; the caller ends the reader. */
struct data_reader *script_read_data(struct script *, const struct script_request *);

/* Appends the databases to a list of JSON. */
void script_list_bdbs(const struct script *, struct json_object *list);
/* Writes a reply to a request for the list, which the caller frees, and reads it: the caller ends
 * the reader. */
char *script_write_list(const struct script *);
struct bdb_reader *script_read_list(struct script *, unsigned request_id, const char *list);

/* Calls on_refused(), and prompts again if the log-in was typed. */
void script_refuse(struct script *, enum source_refusal, const char *sentence);
void script_ask_user(struct script *, enum prompt_kind);
void script_send_pin(struct script *);
void script_answer(void *self, enum prompt_kind, bool yes, int64_t now_ms);
/* Lines, without their first word. */
int script_do_gone(struct script *, char *rest);
int script_do_refuse(struct script *, char *rest);
int script_do_accept(struct script *, char *rest);
int script_do_ask(struct script *, char *rest);
int script_do_changed(struct script *, char *rest);

/* A kind of requests is that of this one, or SCRIPT_DATA if it is about data. */
bool script_request_is(const struct script_request *, unsigned kind);

/* The place of a database in the set, or NULL. */
struct bdb **script_find(const struct bdb_set *, int64_t uid);
