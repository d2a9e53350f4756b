/*
 * src/rest/rest_internal.h - what the files of the room live share.
 *
 * Three places for requests: the first is the polls', the others are for single reads, resets,
 * facts and the question about modules.  Until the first success of the run only one request of
 * any kind is out.
 */
#ifndef BDBTOP_REST_REST_INTERNAL_H
#define BDBTOP_REST_REST_INTERNAL_H

#include "bdbtop/rest/rest.h"
#include "bdbtop/json/bdb_reader.h"
#include "bdbtop/json/data_reader.h"
#include "bdbtop/json/fields.h"

/* JOB_KNOCK: a handshake and no request, with the place that a PUT was redirected to.
 * JOB_OPTIONS: which methods the path of a PUT takes. */
enum job_kind {
	JOB_NONE,
	JOB_LIST, JOB_ONE, JOB_MODULES,
	JOB_EVENTS, JOB_ALERTS, JOB_ACTIONS, JOB_SHARDS, JOB_TRAITS, JOB_TRAITS_ONE, JOB_NODES,
	JOB_RESET, JOB_KNOCK, JOB_OPTIONS,
	JOB_KINDS
};

#define ROUTE_HOPS 2

/* Where a request goes: one of the cluster's addresses, whose name it carries in any case, or by
 * that name to where a redirect led. */
struct hop {
	size_t at;			/* in live->addresses */
	bool dialled;			/* dial holds */
	struct address dial;
};

/* One request in flight; its place is free when kind is JOB_NONE. */
struct job {
	struct live *live;
	enum job_kind kind;
	unsigned id;			/* in net/http */
	int64_t asked_ms;
	int64_t uid;			/* ONE, RESET, OPTIONS; of facts what request() got */
	unsigned ticket;		/* RESET, OPTIONS */
	enum op_kind op;		/* RESET, OPTIONS */
	bool with_body;			/* RESET */
	/* LIST, ONE, BDB_INFO_FORMAT, TRAITS_ONE: the names asked for */
	enum fields_set form;
	bool actions_v1;		/* ACTIONS: asked at the older path */
	struct bdb_reader *reader;	/* LIST, ONE */
	struct data_reader *facts;	/* of the kinds that are facts */
	unsigned log_in;		/* live->log_in when it was sent */
	bool bare;			/* without a log-in: a handshake is all */
	struct hop hop;
	size_t tried;			/* addresses that failed it */
	unsigned hops;			/* redirects followed since the last of them */
	char asked[ROUTE_HOPS + 1][sizeof(((struct address *)0)->shown)];	/* on that way */
	struct err said;		/* a sentence better than the reply's, or "" */
	struct reset_answer answer;	/* KNOCK: to the PUT that was redirected */
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

#define METER_POLLS 100

/* What the diagnostics page shows. */
struct meter {
	struct http_stats http;		/* of all requests */
	uint64_t polls, bad_polls;
	int64_t latency_ms[METER_POLLS];	/* of polls that brought a list, in a circle */
	size_t latencies;		/* that ever were */
};

/* Nothing leaves unless it is open. */
enum gate {
	GATE_OPEN,			/* each connection checks for itself */
	GATE_PROBING,			/* the handshakes that look are under way */
	GATE_ASKED,			/* the user was asked */
	GATE_SHUT,			/* not trusted, until somebody wants to look again */
};

enum log_in {
	LOG_IN_GIVEN,
	LOG_IN_MISSING,			/* none is known: handshakes only */
	LOG_IN_ASKED,			/* the user was asked: nothing leaves */
	LOG_IN_SHUT,			/* refused or not given: nothing leaves */
	LOG_IN_TRIED,			/* given anew: one list poll alone */
};

/* A pause that the cluster asked for: no read leaves before it is over. */
struct hold {
	int64_t until_ms;		/* HOLD_NONE: there is none */
	unsigned status;
	struct err why;
};
#define HOLD_NONE INT64_MIN
#define HOLD_MOST_S 300

struct live {
	struct http *http;
	struct live_setup setup;	/* its trust changes with the user's yes */
	struct address *addresses;
	struct source_sink sink;
	void *arg;
	struct job places[LIVE_PLACES];
	struct poller poller;
	enum fields_set form;		/* what the cluster is asked for from now on */
	enum fields_set traits_form, traits_one_form;	/* the same of traits: refused apart */
	bool actions_v1;		/* /v2/actions is unknown here */
	struct meter meter;

	bool proven;			/* a request of this log-in succeeded: it is good */
	enum log_in state;
	unsigned log_in;		/* counts the log-ins that were given */
	unsigned refusals;
	bool log_in_wanted;		/* the next turn asks for one, or says that none is known */

	enum gate gate;
	unsigned probe;			/* in net/http, while GATE_PROBING */
	size_t doubted;			/* the address that it looks at */
	struct err doubt;		/* why there was one */
	struct source_pin pin;		/* the one that was offered, or that is in force */
	bool pin_new;			/* the next turn hands it out */

	struct hold hold;

	struct hop route;		/* where reads go */
	struct hop read_at;		/* where the last good read came from: where PUTs go */
	int64_t routed_ms;		/* start of the request that route was learned from */
	char via[sizeof(((struct address *)0)->shown)];	/* as it was last told */
};

/* What differs between the kinds of requests; the rows of one table. */
struct job_def {
	const char *method;
	size_t max_bytes;
	int64_t total_ms, silence_ms;
	bool reads;			/* the body goes to a bdb_reader as it comes */
	/* or to a data_reader of this form; NULL: it is no fact */
	const struct data_format *facts;
	enum source_topic topic;	/* of a fact */
	size_t limit;			/* of a fact: items asked for, 0: all */
	const char *what;		/* `databases`, as in `may not read databases` */
	bool trickle;
	bool acts;			/* no read: goes where the last read came from, once */
	/* A reply came; the place is free already.  reader, if any, still holds what was fed. */
	void (*done)(const struct job *, const struct http_reply *);
	/* It was dropped because nothing may leave any more; nothing of it was or will be read.
	 * The clause says why. */
	void (*dropped)(const struct job *, const char *why, int64_t now_ms);
};
extern const struct job_def job_defs[JOB_KINDS];

/* requests.c: the places, and the one way out. */

/* Places free for requests of tickets. */
unsigned live_room(const struct live *);
/* Whether a poll may leave now. */
bool live_may_poll(const struct live *);
/* Start what *want says (kind and its own fields) in a place that is free: 0, or -1 with the
 * sentence. */
int live_start(struct live *, const struct job *want, int64_t now_ms, struct err *);
/* The same for one that goes on where its hop says, with empty readers. */
int live_go_on(struct live *, const struct job *want, int64_t now_ms, struct err *);
/* Ask for fewer fields from now on if that is why the answer is a refusal; true: want it again. */
bool live_shrinks(struct live *, const struct job *, const struct http_reply *);
/* Everything that waits is told that it ends here; a PUT that left keeps waiting for its answer. */
void live_drop(struct live *, int64_t now_ms);
/* The readers of a job that ended. */
void live_release(struct job *);
/* Path and query that a job asks for. */
int live_path(char *out, size_t size, const struct job *);
/* Why nothing may leave, as a clause: `stopped: log-in refused`. */
const char *live_stopped(const struct live *);

/* login.c: the guard over the log-in. */

void login_init(struct live *);
/* Whether nothing may leave for want of a good one. */
bool login_is_shut(const struct live *);
/* Notes what a reply says of the log-in; true: this is the 401 that stops everything. */
bool login_judge(struct live *, const struct job *, const struct http_reply *);
/* Why, out of the body of a 401. */
enum login_refusal login_refusal_of(const struct http_reply *);
/* Says so, and asks for another. */
void login_refused(struct live *, const struct job *, const struct http_reply *);
/* A handshake was made for want of a log-in. */
void login_missed(struct live *);
/* TOPIC_LIST: whether anything comes of it, be it the question. */
bool login_look_again(struct live *);
void login_answer(struct live *, bool yes);
void login_turn(struct live *, int64_t now_ms);

/* trust.c: whether the server is believed. */

void trust_init(struct live *);
void trust_release(struct live *);
/* A certificate did not pass at an address of the cluster; nothing was sent.  Decides what now;
 * true: it passes after all (--insecure), so that the same may be tried again. */
bool trust_doubts(struct live *, const struct job *, const struct http_reply *);
/* What is left to say of it, after what ended was told. */
void trust_says(struct live *, int64_t now_ms);
bool trust_look_again(struct live *);
void trust_answer(struct live *, bool yes);
void trust_turn(struct live *, int64_t now_ms);

/* route.c: addresses and redirects. */

const struct address *route_name(const struct live *, const struct hop *);
/* Who was asked, as it may be shown. */
const char *route_shown(const struct live *, const struct hop *);
/* A GET came back: true when it goes on elsewhere, *job then says where; else job->said may hold
 * the sentence. */
bool route_goes_on(struct live *, struct job *, const struct http_reply *);
/* A reply that goes nowhere else: what it says of the route. */
void route_learn(struct live *, const struct job *, const struct http_reply *);
/* Where a 307 leads; -1 with the sentence when that is not understood. */
int route_target(const struct job *, const struct http_reply *, struct hop *, struct err *);
/* Begin anew there. */
void route_set_out(const struct live *, struct job *, const struct hop *);
/* Reads go there from now on. */
void route_move(struct live *, const struct hop *, int64_t now_ms);

/* poller.c */

void poller_init(struct poller *, unsigned seed);
int64_t poller_due(const struct live *, int64_t now_ms);
void poller_turn(struct live *, int64_t now_ms);
void poller_done(const struct job *, const struct http_reply *);
void poller_dropped(const struct job *, const char *why, int64_t now_ms);
/* Tells the trouble, and when it is tried again. */
void poller_fail(struct live *, const struct err *, int64_t now_ms);

/* A read succeeded: 0, or -1 with the sentence when memory is out and nothing of it was applied. */
int live_observed(const struct job *, const struct observation *, struct err *);

/* hold.c: 429 and 503 with Retry-After. */

/* The end of the pause that a reply asks for, at most HOLD_MOST_S from now; 0: it asks for none. */
int64_t hold_end(const struct http_reply *);
/* A reply that goes nowhere else may begin one. */
void hold_begin(struct live *, const struct job *, const struct http_reply *);
/* And it is over. */
void hold_turn(struct live *, int64_t now_ms);

/* stats.c */

/* A list poll ended; latency -1: without a list. */
void meter_poll(struct meter *, int64_t latency_ms);
void meter_tell(const struct live *, struct source_stats *out);

/* reader.c: one database, the modules. */

void reader_done(const struct job *, const struct http_reply *);
void reader_dropped(const struct job *, const char *why, int64_t now_ms);
void modules_done(const struct job *, const struct http_reply *);
void modules_dropped(const struct job *, const char *why, int64_t now_ms);

/* data.c: what a cluster tells beside its databases. */

#define EVENTS_LIMIT 500
void facts_done(const struct job *, const struct http_reply *);
void facts_dropped(const struct job *, const char *why, int64_t now_ms);
int facts_path(char *out, size_t size, const struct job *);

/* sender.c: the PUTs, and OPTIONS for their paths. */

void sender_done(const struct job *, const struct http_reply *);
void sender_dropped(const struct job *, const char *why, int64_t now_ms);
void options_done(const struct job *, const struct http_reply *);
void options_dropped(const struct job *, const char *why, int64_t now_ms);
void knock_done(const struct job *, const struct http_reply *);
void knock_dropped(const struct job *, const char *why, int64_t now_ms);

/* http_error.c: an answer that is no success, as a sentence. */

void live_says(const struct job *, const struct http_reply *, struct err *);

#endif
