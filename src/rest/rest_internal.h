/*
 * src/rest/rest_internal.h - what the files of the room live share.
 *
 * Three places for requests: the first is the polls', the others are for single reads, resets,
 * facts and the question about modules.  Until the first success of the run only one request of
 * any kind is out.
 */
#ifndef BDBTOP_REST_REST_INTERNAL_H
#define BDBTOP_REST_REST_INTERNAL_H

#include "bdbtop/json/bdb_reader.h"
#include "bdbtop/json/data_reader.h"
#include "bdbtop/json/fields.h"
#include "bdbtop/rest/rest.h"

/* REQUEST_HANDSHAKE: a handshake and no request, with the place that a PUT was redirected to.
 * REQUEST_OPTIONS: which methods the path of a PUT takes. */
enum request_kind {
	REQUEST_NONE,
	REQUEST_LIST,
	REQUEST_ONE,
	REQUEST_MODULES,
	REQUEST_EVENTS,
	REQUEST_ALERTS,
	REQUEST_ACTIONS,
	REQUEST_SHARDS,
	REQUEST_BDB_INFO,
	REQUEST_BDB_INFO_ONE,
	REQUEST_NODES,
	REQUEST_RESET,
	REQUEST_HANDSHAKE,
	REQUEST_OPTIONS,
	REQUEST_KINDS
};

#define ROUTE_REDIRECTS 2

/* Where a request goes: one of the cluster's addresses, whose name it carries in any case, or by
 * that name to where a redirect led. */
struct route_target {
	size_t address_index;		/* in live->addresses */
	bool has_resolved_address;	/* dial holds */
	struct address resolved_address;
};

/* One request in flight; its place is free when kind is REQUEST_NONE. */
struct request {
	struct rest *rest;
	enum request_kind kind;
	unsigned http_id;		/* in net/http */
	int64_t requested_ms;
	int64_t uid;			/* ONE, RESET, OPTIONS; of facts what request() got */
	unsigned reset_id;		/* RESET, OPTIONS */
	enum op_kind op;		/* RESET, OPTIONS */
	bool with_body;			/* RESET */
	/* LIST, ONE, BDB_INFO_FORMAT, TRAITS_ONE: the names asked for */
	enum fields_set fields;
	bool actions_v1;		/* ACTIONS: asked at the older path */
	struct bdb_reader *reader;	/* LIST, ONE */
	struct data_reader *data;	/* of the kinds that are facts */
	unsigned login_generation;	/* live->log_in when it was sent */
	bool handshake_only;		/* without a log-in: a handshake is all */
	struct route_target target;
	size_t addresses_tried;		/* addresses that failed it */
	unsigned redirects;		/* redirects followed since the last of them */
	/* on that way */
	char visited[ROUTE_REDIRECTS + 1][sizeof(((struct address *)0)->shown)];
	struct err failure;		/* a sentence better than the reply's, or "" */
	struct reset_answer answer;	/* KNOCK: to the PUT that was redirected */
};

#define REQUEST_SLOTS 3
#define POLL_SLOT 0

struct poller {
	bool paused;
	bool wanted;			/* asked for: at once, paused or not */
	int64_t next_ms;		/* when the next is due by itself */
	int64_t started_ms;		/* of the newest poll */
	int64_t failing_since_ms;	/* start of the first of an unbroken series of failures */
	unsigned failures;		/* in that series */
	uint64_t jitter_seed;		/* of the jitter */
};

#define STATS_POLLS 100

/* What the diagnostics page shows. */
struct rest_stats {
	struct http_stats http;		/* of all requests */
	uint64_t polls, bad_polls;
	int64_t latency_ms[STATS_POLLS];	/* of polls that brought a list, in a circle */
	size_t latency_count;		/* that ever were */
};

/* Nothing leaves unless it is open. */
enum trust_state {
	TRUST_STATE_OPEN,		/* each connection checks for itself */
	TRUST_STATE_PROBING,		/* the handshakes that look are under way */
	TRUST_STATE_ASKED,		/* the user was asked */
	TRUST_STATE_CLOSED,		/* not trusted, until somebody wants to look again */
};

enum login_state {
	LOGIN_STATE_GIVEN,
	LOGIN_STATE_MISSING,		/* none is known: handshakes only */
	LOGIN_STATE_ASKED,		/* the user was asked: nothing leaves */
	LOGIN_STATE_CLOSED,		/* refused or not given: nothing leaves */
	LOGIN_STATE_TRIED,		/* given anew: one list poll alone */
};

/* A pause that the cluster asked for: no read leaves before it is over. */
struct hold {
	int64_t until_ms;		/* HOLD_NONE: there is none */
	unsigned status;
	struct err why;
};
#define HOLD_NONE INT64_MIN
#define HOLD_MOST_S 300

struct rest {
	struct http *http;
	struct rest_setup setup;	/* its trust changes with the user's yes */
	struct address *addresses;
	struct source_sink sink;
	void *arg;
	struct request slots[REQUEST_SLOTS];
	struct poller poller;
	enum fields_set fields;		/* what the cluster is asked for from now on */
	/* the same of traits: refused apart */
	enum fields_set bdb_info_fields, bdb_info_one_fields;
	bool actions_v1;		/* /v2/actions is unknown here */
	struct rest_stats stats;

	bool login_proven;		/* a request of this log-in succeeded: it is good */
	enum login_state login_state;
	unsigned login_generation;	/* counts the log-ins that were given */
	unsigned refusals;
	bool login_wanted;		/* the next turn asks for one, or says that none is known */

	enum trust_state trust_state;
	unsigned probe_id;		/* in net/http, while TRUST_STATE_PROBING */
	size_t probed_address;		/* the address that it looks at */
	struct err probe_reason;	/* why there was one */
	struct source_pin pin;		/* the one that was offered, or that is in force */
	bool pin_changed;		/* the next turn hands it out */

	struct hold hold;

	struct route_target read_target;	/* where reads go */
	struct route_target put_target;	/* where the last good read came from: where PUTs go */
	int64_t route_learned_ms;	/* start of the request that route was learned from */
	char via[sizeof(((struct address *)0)->shown)];	/* as it was last told */
};

/* What differs between the kinds of requests; the rows of one table. */
struct request_def {
	const char *method;
	size_t max_bytes;
	int64_t total_ms, silence_ms;
	bool reads;			/* the body goes to a bdb_reader as it comes */
	/* or to a data_reader of this form; NULL: it is no fact */
	const struct data_format *data_format;
	enum source_topic topic;	/* of a fact */
	size_t item_limit;		/* of a fact: items asked for, 0: all */
	const char *subject;		/* `databases`, as in `may not read databases` */
	bool trickle;
	bool acts;			/* no read: goes where the last read came from, once */
	/* A reply came; the place is free already.  reader, if any, still holds what was fed. */
	void (*on_done)(const struct request *, const struct http_reply *);
	/* It was dropped because nothing may leave any more; nothing of it was or will be read.
	 * The clause says why. */
	void (*on_dropped)(const struct request *, const char *why, int64_t now_ms);
};
extern const struct request_def request_defs[REQUEST_KINDS];

/* requests.c: the places, and the one way out. */

/* Places free for requests of tickets. */
unsigned rest_free_slots(const struct rest *);
/* Whether a poll may leave now. */
bool rest_can_poll(const struct rest *);
/* Start what *want says (kind and its own fields) in a place that is free: 0, or -1 with the
 * sentence. */
int request_start(struct rest *, const struct request *want, int64_t now_ms, struct err *);
/* The same for one that goes on where its hop says, with empty readers. */
int request_continue(struct rest *, const struct request *want, int64_t now_ms, struct err *);
/* Ask for fewer fields from now on if that is why the answer is a refusal; true: want it again. */
bool request_shrink_fields(struct rest *, const struct request *, const struct http_reply *);
/* Everything that waits is told that it ends here; a PUT that left keeps waiting for its answer. */
void request_drop_all(struct rest *, int64_t now_ms);
/* The readers of a job that ended. */
void request_release(struct request *);
/* Path and query that a job asks for. */
int request_path(char *out, size_t size, const struct request *);
/* Why nothing may leave, as a clause: `stopped: log-in refused`. */
const char *rest_stop_reason(const struct rest *);

/* login.c: the guard over the log-in. */

void login_init(struct rest *);
/* Whether nothing may leave for want of a good one. */
bool login_is_closed(const struct rest *);
/* Notes what a reply says of the log-in; true: this is the 401 that stops everything. */
bool login_on_reply(struct rest *, const struct request *, const struct http_reply *);
/* Why, out of the body of a 401. */
enum login_refusal login_refusal_of(const struct http_reply *);
/* Says so, and asks for another. */
void login_refused(struct rest *, const struct request *, const struct http_reply *);
/* A handshake was made for want of a log-in. */
void login_on_missing(struct rest *);
/* TOPIC_LIST: whether anything comes of it, be it the question. */
bool login_retry(struct rest *);
void login_answer(struct rest *, bool yes);
void login_turn(struct rest *, int64_t now_ms);

/* trust.c: whether the server is believed. */

void trust_init(struct rest *);
void trust_release(struct rest *);
/* A certificate did not pass at an address of the cluster; nothing was sent.  Decides what now;
 * true: it passes after all (--insecure), so that the same may be tried again. */
bool trust_on_untrusted(struct rest *, const struct request *, const struct http_reply *);
/* What is left to say of it, after what ended was told. */
void trust_report(struct rest *, int64_t now_ms);
bool trust_retry(struct rest *);
void trust_answer(struct rest *, bool yes);
void trust_turn(struct rest *, int64_t now_ms);

/* route.c: addresses and redirects. */

const struct address *route_address(const struct rest *, const struct route_target *);
/* Who was asked, as it may be shown. */
const char *route_shown(const struct rest *, const struct route_target *);
/* A GET came back: true when it goes on elsewhere, *job then says where; else job->said may hold
 * the sentence. */
bool route_retry(struct rest *, struct request *, const struct http_reply *);
/* A reply that goes nowhere else: what it says of the route. */
void route_learn(struct rest *, const struct request *, const struct http_reply *);
/* Where a 307 leads; -1 with the sentence when that is not understood. */
int route_target(const struct request *, const struct http_reply *, struct route_target *,
		 struct err *);
/* Begin anew there. */
void route_start(const struct rest *, struct request *, const struct route_target *);
/* Reads go there from now on. */
void route_set(struct rest *, const struct route_target *, int64_t now_ms);

/* poller.c */

void poller_init(struct poller *, unsigned seed);
int64_t poller_due(const struct rest *, int64_t now_ms);
void poller_turn(struct rest *, int64_t now_ms);
void poller_on_done(const struct request *, const struct http_reply *);
void poller_on_dropped(const struct request *, const char *why, int64_t now_ms);
/* Tells the trouble, and when it is tried again. */
void poller_on_failure(struct rest *, const struct err *, int64_t now_ms);

/* A read succeeded: 0, or -1 with the sentence when memory is out and nothing of it was applied. */
int live_observed(const struct request *, const struct observation *, struct err *);

/* hold.c: 429 and 503 with Retry-After. */

/* The end of the pause that a reply asks for, at most HOLD_MOST_S from now; 0: it asks for none. */
int64_t hold_end(const struct http_reply *);
/* A reply that goes nowhere else may begin one. */
void hold_begin(struct rest *, const struct request *, const struct http_reply *);
/* And it is over. */
void hold_turn(struct rest *, int64_t now_ms);

/* stats.c */

/* A list poll ended; latency -1: without a list. */
void stats_poll(struct rest_stats *, int64_t latency_ms);
void stats_get(const struct rest *, struct source_stats *out);

/* reader.c: one database, the modules. */

void reader_on_done(const struct request *, const struct http_reply *);
void reader_on_dropped(const struct request *, const char *why, int64_t now_ms);
void modules_on_done(const struct request *, const struct http_reply *);
void modules_on_dropped(const struct request *, const char *why, int64_t now_ms);

/* data.c: what a cluster tells beside its databases. */

#define EVENTS_LIMIT 500
void data_on_done(const struct request *, const struct http_reply *);
void data_on_dropped(const struct request *, const char *why, int64_t now_ms);
int data_path(char *out, size_t size, const struct request *);

/* sender.c: the PUTs, and OPTIONS for their paths. */

void sender_on_done(const struct request *, const struct http_reply *);
void sender_on_dropped(const struct request *, const char *why, int64_t now_ms);
void options_done(const struct request *, const struct http_reply *);
void options_dropped(const struct request *, const char *why, int64_t now_ms);
void handshake_on_done(const struct request *, const struct http_reply *);
void handshake_on_dropped(const struct request *, const char *why, int64_t now_ms);

/* http_error.c: an answer that is no success, as a sentence. */

void request_error(const struct request *, const struct http_reply *, struct err *);

#endif
