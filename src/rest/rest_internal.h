/*
 * src/rest/rest_internal.h - what the files of the module rest share.
 *
 * Three request slots: the first for polls, the others for single reads, resets, cluster data and
 * the list of modules.  Until the first success with a log-in only one request of any kind is in
 * flight.
 */
#pragma once

#include "bdbtop/json/bdb_reader.h"
#include "bdbtop/json/data_reader.h"
#include "bdbtop/json/fields.h"
#include "bdbtop/rest/rest.h"
#include "token.h"

#define ROUTE_REDIRECTS 2

/* Where a request goes: one of the cluster's addresses, or the target of a redirect.  The request
 * always carries the name of the address. */
struct route_target {
	size_t address_index;		/* in rest->addresses */
	bool has_resolved_address;	/* connect to resolved_address instead */
	struct address resolved_address;
};

/* One request in flight; its slot is free when def is NULL. */
struct request {
	struct rest *rest;
	const struct request_def *def;
	unsigned http_id;		/* in net/http */
	int64_t requested_ms;
	int64_t uid;			/* of the database; else the uid that request() got */
	unsigned reset_id;		/* reset_request, options_request */
	enum op_kind op;		/* the same */
	bool with_body;			/* reset_request */
	enum fields_set fields;		/* the names in the query, if it has some */
	bool actions_v1;		/* actions: sent to the older path */
	struct bdb_reader *reader;	/* of def->bdb_fields */
	struct data_reader *data;	/* of def->data_format */
	unsigned login_generation;	/* rest->login_generation when it was sent */
	bool handshake_only;		/* ends after the handshake, without a log-in */
	struct route_target target;
	size_t addresses_tried;		/* addresses that failed */
	unsigned redirects;		/* followed from the current address */
	/* the current address, then the targets of these redirects */
	char visited[ROUTE_REDIRECTS + 1][sizeof(((struct address *)0)->shown)];
	struct err failure;		/* an error that says more than the reply's, or "" */
	struct reset_answer answer;	/* handshake_request: to the PUT that was redirected */
};

#define REQUEST_SLOTS SOURCE_REQUESTS
#define POLL_SLOT 0

struct poller {
	bool paused;
	bool wanted;			/* poll at once, paused or not */
	int64_t next_ms;		/* when the next regular poll is due */
	int64_t started_ms;		/* of the newest poll */
	int64_t failing_since_ms;	/* start of the first of consecutive failures */
	unsigned failures;		/* consecutive */
	uint64_t jitter_seed;
};

#define STATS_POLLS 100

/* For the diagnostics page. */
struct rest_stats {
	struct http_stats http;		/* of all requests */
	uint64_t polls, bad_polls;
	int64_t latency_ms[STATS_POLLS];	/* of polls that brought a list; a ring buffer */
	size_t latency_count;		/* of all such polls so far */
};

/* Nothing is sent unless it is TRUST_STATE_OPEN. */
enum trust_state {
	TRUST_STATE_OPEN,		/* each connection checks the certificate */
	TRUST_STATE_PROBING,		/* handshakes fetch the certificate */
	TRUST_STATE_PROMPTED,		/* waits for the user's answer */
	TRUST_STATE_CLOSED,		/* not trusted, until the user retries */
};

enum login_state {
	LOGIN_STATE_GIVEN,
	LOGIN_STATE_MISSING,		/* none is known: handshakes only */
	LOGIN_STATE_PROMPTED,		/* waits for the user's answer: nothing is sent */
	LOGIN_STATE_CLOSED,		/* refused or not given: nothing is sent */
	LOGIN_STATE_TRIED,		/* a new one: one list poll alone tries it */
};

/* The pause that the cluster asked for with Retry-After: no read is sent before its end. */
struct retry_after {
	int64_t until_ms;		/* RETRY_AFTER_NONE: no pause */
	unsigned status;		/* 429 or 503 */
	struct err error;
};
#define RETRY_AFTER_NONE  INT64_MIN
#define RETRY_AFTER_MAX_S 300

struct rest {
	struct http *http;
	struct rest_setup setup;	/* its trust changes when the user accepts */
	struct address *addresses;
	struct source_sink sink;
	void *arg;
	struct request slots[REQUEST_SLOTS];
	struct poller poller;
	enum fields_set fields;		/* the names that reads of databases ask for from now on */
	/* the same for the others: a cluster may refuse each alone */
	enum fields_set bdb_info_fields, bdb_info_one_fields;
	struct last_list *last_list;	/* of the polls */
	bool actions_v1;		/* the cluster has no /v2/actions */
	struct rest_stats stats;

	bool login_proven;		/* a request with this log-in succeeded */
	enum login_state login_state;
	unsigned login_generation;	/* how many new log-ins the user gave */
	unsigned refusals;		/* of user and password: they count towards a lock-out */
	bool was_refused;		/* a log-in of any kind */
	bool login_wanted;		/* the next turn prompts, or reports that none is known */
	int64_t now_ms;			/* of the last call with a time, for free_slots() */
	struct token token;		/* AUTH_TOKEN */
	bool token_is_awaited;		/* on_polling() stands for the request for it */

	enum trust_state trust_state;
	unsigned probe_id;		/* in net/http, while TRUST_STATE_PROBING */
	size_t probed_address;		/* the address of the certificate */
	struct err probe_reason;	/* why the certificate failed */
	struct source_pin pin;		/* of the certificate in the prompt */
	bool pin_changed;		/* the next turn calls on_pinned() */

	struct retry_after retry_after;

	struct route_target read_target;	/* where reads go */
	struct route_target put_target;	/* of the last good read: where PUTs go */
	int64_t route_learned_ms;	/* start of the request whose reply set it */
	char via[sizeof(((struct address *)0)->shown)];	/* as last reported */
};

/* Limits that several kinds of requests have. */
#define ANSWER_MS    10000
#define LIST_MS	     60000
#define SILENCE_MS   20000
#define LIST_BYTES   ((size_t)128 << 20)
#define DATA_BYTES   ((size_t)4 << 20)
#define ANSWER_BYTES ((size_t)64 << 10)

/* One kind of requests.  Its row is in the file of its handlers. */
struct request_def {
	const char *method;
	/* Path and query: the same for all, or what a function writes, which returns what
	 * snprintf() returns. */
	const char *fixed_path;
	int (*path)(char *out, size_t size, const struct request *);
	size_t max_bytes;
	int64_t total_ms, silence_ms;
	size_t fields_offset;		/* in struct rest: the names in the query; 0: none */
	/* a bdb_reader of these names parses the body as it arrives */
	const char *(*bdb_fields)(enum fields_set);
	/* or a data_reader of this format; NULL: neither */
	const struct data_format *data_format;
	enum source_topic topic;	/* with data_format */
	size_t item_limit;		/* with data_format: items at most, 0: all */
	const char *subject;		/* `databases`, as in `may not read databases` */
	enum token_step token_step;	/* a request for a token; else TOKEN_WAIT */
	bool small_buffer;		/* see struct http_request */
	bool is_poll;			/* goes into the slot of the polls */
	bool handshake_only;		/* ends after the handshake, without a log-in */
	bool is_put;			/* changes something: never dropped or sent again */
	bool for_put;			/* a PUT or part of one: goes once, to put_target */
	/* The reply is complete or failed; the slot is free already.  The reader has the body.
	 * HTTP_NOT_STARTED: also when it was dropped because nothing may be sent any more. */
	void (*on_done)(const struct request *, const struct http_reply *);
};

/* requests.c: the slots; every request is sent from here. */

/* Slots that are free for anything but polls. */
unsigned rest_free_slots(const struct rest *);
/* Whether a poll may be sent now. */
bool rest_can_poll(const struct rest *);
/* Whether a request for a token has a slot. */
bool request_can_start(const struct rest *);
/* Send *want (its def and what the def needs) in a free slot: 0, or -1 and sets err. */
int request_start(struct rest *, const struct request *want, int64_t now_ms, struct err *);
/* The same, but keeps its target and redirects; with new readers. */
int request_continue(struct rest *, const struct request *want, int64_t now_ms, struct err *);
/* After a 400 or 406 to the full field list: use the short one from now on; true: send again. */
bool request_shrink_fields(struct rest *, const struct request *, const struct http_reply *);
/* Free its readers. */
void request_release(struct request *);
/* Why nothing may be sent, as a clause: `stopped: log-in refused`. */
const char *rest_stop_reason(const struct rest *);

/* login.c: what a missing or refused log-in stops. */

void login_init(struct rest *);
/* Whether user and password are known. */
bool login_has_password(const struct rest *);
/* What a request is sent with; NULL: no Authorization header. */
const struct login *login_of(const struct request *, struct login *buffer);
/* The supplied token has expired: nothing may be sent any more. */
void login_on_expired(struct rest *, int64_t now_ms);
/* Whether nothing may be sent because the log-in was refused or is being asked for. */
bool login_is_closed(const struct rest *);
/* What a reply says about the log-in; true: this is the 401 that stops everything. */
bool login_on_reply(struct rest *, const struct request *, const struct http_reply *);
/* The reason in the body of a 401. */
enum login_refusal login_refusal_of(const struct request *, const struct http_reply *);
/* Reports the refusal; the next turn prompts for another log-in. */
void login_on_refused(struct rest *, const struct request *, const struct http_reply *);
/* A poll without a log-in passed its handshake: the next turn prompts. */
void login_on_missing(struct rest *);
/* TOPIC_LIST: whether a poll or a prompt follows. */
bool login_retry(struct rest *);
void login_answer(struct rest *, bool yes);
void login_turn(struct rest *, int64_t now_ms);

/* authorize.c: requests for a token. */

extern const struct request_def authorize_request, refresh_request;
int64_t authorize_due(const struct rest *, int64_t now_ms);
void authorize_turn(struct rest *, int64_t now_ms);

/* trust.c: whether the server's certificate is trusted. */

void trust_init(struct rest *);
void trust_release(struct rest *);
/* A certificate did not pass at an address of the cluster; nothing was sent.  True: it is accepted
 * after all (--insecure), so the request may be sent again. */
bool trust_on_untrusted(struct rest *, const struct request *, const struct http_reply *);
/* Reports that the server is not trusted, after on_done() of the request. */
void trust_report(struct rest *, int64_t now_ms);
bool trust_retry(struct rest *);
void trust_answer(struct rest *, bool yes);
void trust_turn(struct rest *, int64_t now_ms);

/* route.c: addresses and redirects. */

const struct address *route_address(const struct rest *, const struct route_target *);
/* Where it connects to, as it may be shown. */
const char *route_shown(const struct rest *, const struct route_target *);
/* A reply to a GET: true when the request goes on elsewhere, its target is set then; else its
 * failure may be set. */
bool route_retry(struct rest *, struct request *, const struct http_reply *);
/* A final reply: after a good read, reads and PUTs go to its target. */
void route_learn(struct rest *, const struct request *, const struct http_reply *);
/* Writes the path and query of a request. */
void request_path(char *out, size_t size, const struct request *);
/* Where a 307 leads; -1 and sets err when Location cannot be used. */
int route_target(const struct request *, const struct http_reply *, struct route_target *,
		 struct err *);
/* Set the target of a request, with no redirects and no failure. */
void route_start(const struct rest *, struct request *, const struct route_target *);
/* Reads go there from now on. */
void route_set(struct rest *, const struct route_target *, int64_t now_ms);

/* poller.c */

void poller_init(struct poller *, unsigned seed);
int64_t poller_due(const struct rest *, int64_t now_ms);
void poller_turn(struct rest *, int64_t now_ms);
/* Reports a failure, and when the next poll is due. */
void poller_on_failure(struct rest *, const struct err *, int64_t now_ms);

/* Passes what a 200 says to the sink: 0, or -1 and sets err when it cannot be read or when out of
 * memory: nothing was applied. */
int observation_report(const struct request *, const struct http_reply *, enum observation_kind,
		       struct err *);

/* retry_after.c: 429 and 503 with Retry-After. */

/* End of the pause that a reply asks for, at most RETRY_AFTER_MAX_S later; 0: it asks for none. */
int64_t retry_after_end(const struct http_reply *);
/* A final reply may begin a pause. */
void retry_after_begin(struct rest *, const struct request *, const struct http_reply *);
/* Ends a pause that is over. */
void retry_after_turn(struct rest *, int64_t now_ms);

/* stats.c */

/* A list poll ended; latency_ms -1: without a list. */
void stats_poll(struct rest_stats *, int64_t latency_ms);
void stats_get(const struct rest *, struct source_stats *out);

/* reader.c: reads of one database and of the modules. */

extern const struct request_def one_request, modules_request;

/* data.c: what a cluster reports beside its databases. */

#define EVENTS_LIMIT 500
/* The request for a topic of data. */
const struct request_def *data_request(enum source_topic, int64_t uid);

/* sender.c: answers to PUTs, and to OPTIONS for their paths. */

extern const struct request_def reset_request, options_request;

/* http_error.c: the error text for a reply to a read that failed. */

/* The HTTP status of a complete reply; 0: it is not complete. */
unsigned complete_status(const struct http_reply *);
void request_error(const struct request *, const struct http_reply *, struct err *);
