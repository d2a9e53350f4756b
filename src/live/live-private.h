/*
 * src/live/live-private.h - what the files of the room live share.
 *
 * Three places for requests: the first is the polls', the others are for single reads, resets and
 * the question about modules.  Until the first success of the run only one request of any kind is
 * out.
 */
#ifndef BDBTOP_LIVE_PRIVATE_H
#define BDBTOP_LIVE_PRIVATE_H

#include "bdbtop/live/live.h"
#include "bdbtop/wire/bdb_wire.h"
#include "bdbtop/wire/fields.h"

enum job_kind { JOB_NONE, JOB_LIST, JOB_ONE, JOB_MODULES, JOB_RESET, JOB_KINDS };

/* One request in flight; its place is free when kind is JOB_NONE. */
struct job {
	struct live *live;
	enum job_kind kind;
	unsigned id;			/* in net/http */
	int64_t asked_ms;
	int64_t uid;			/* ONE, RESET */
	unsigned ticket;		/* RESET */
	enum op_kind op;		/* RESET */
	bool with_body;			/* RESET */
	enum fields_form form;		/* LIST, ONE: the names that were asked for */
	struct bdb_reader *reader;	/* LIST, ONE */
};

#define LIVE_PLACES 3
#define POLL_PLACE 0

struct poller {
	bool paused;
	bool wanted;			/* asked for: at once, paused or not */
	int64_t next_ms;		/* when the next is due by itself */
	int64_t started_ms;		/* of the newest poll */
	int64_t since_ms;		/* start of the first of an unbroken series of failures */
	unsigned failures;		/* in that series */
	uint64_t dice;			/* of the jitter */
};

struct live {
	struct http *http;
	struct live_setup setup;
	struct source_sink sink;
	void *arg;
	struct job places[LIVE_PLACES];
	struct poller poller;
	bool proven;			/* a request of this run succeeded: the log-in is good */
	bool refused;			/* 401: nothing is sent any more */
	enum fields_form form;		/* what the cluster is asked for from now on */
};

/* What differs between the kinds of requests; the rows of one table. */
struct job_def {
	const char *method;
	size_t max_bytes;
	int64_t total_ms, silence_ms;
	bool reads;			/* the body goes to a bdb_reader as it comes */
	bool trickle;
	/* A reply came; the place is free already.  reader, if any, still holds what was fed. */
	void (*done)(const struct job *, const struct http_reply *);
	/* It was dropped because the log-in was refused elsewhere; nothing of it was or will be
	 * read. */
	void (*dropped)(const struct job *, int64_t now_ms);
};
extern const struct job_def job_defs[JOB_KINDS];

/* login.c: the places and the guard over them. */

/* Places free for requests of tickets. */
unsigned live_room(const struct live *);
/* Whether a poll may leave now. */
bool live_may_poll(const struct live *);
/* Start what *want says (kind and its own fields) in a place that is free: 0, or -1 with the
 * sentence. */
int live_start(struct live *, const struct job *want, int64_t now_ms, struct err *);
/* Ask for fewer fields from now on if that is why the answer is a refusal; true: want it again. */
bool live_shrinks(struct live *, const struct job *, const struct http_reply *);

/* poller.c */

void poller_init(struct poller *, unsigned seed);
int64_t poller_due(const struct live *, int64_t now_ms);
void poller_turn(struct live *, int64_t now_ms);
void poller_done(const struct job *, const struct http_reply *);
void poller_dropped(const struct job *, int64_t now_ms);

/* reader.c: one database, the modules. */

void reader_done(const struct job *, const struct http_reply *);
void reader_dropped(const struct job *, int64_t now_ms);
void modules_done(const struct job *, const struct http_reply *);
void modules_dropped(const struct job *, int64_t now_ms);

/* sender.c: the PUTs. */

void sender_done(const struct job *, const struct http_reply *);
void sender_dropped(const struct job *, int64_t now_ms);

/* says.c: an answer that is no success, as a sentence. */

void live_says(const struct live *, const struct http_reply *, struct err *);

#endif
