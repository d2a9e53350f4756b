/*
 * tests/simulation/network.h - the wires between consoles and the nodes of one simulated cluster.
 *
 * http.c beside it has the functions of net/http.h and of trust_probe() without sockets: a request
 * travels, arrives at a node, is carried out by bdbtop/sim/api.h, and its reply travels back.  Time
 * is simulated and belongs to the caller; every delay comes from the seed.  Faults are rules that
 * wait for a request of their class.
 */
#pragma once

#include "bdbtop/core/bdb.h"
#include "bdbtop/core/time.h"
#include "bdbtop/net/http.h"
#include "bdbtop/sim/api.h"

#define NETWORK_NODES 3 /* 10.0.0.1 to 10.0.0.3 */

/* What happens to one request.  "Carried out" is what the cluster does. */
enum wire_fault {
	WIRE_NONE,
	WIRE_REFUSED,	     /* no connection */
	WIRE_SILENT_CONNECT, /* the connection never comes up */
	WIRE_REQUEST_LOST,   /* sent, never carried out, never answered */
	WIRE_REPLY_LOST,     /* carried out, never answered */
	WIRE_REQUEST_LATE,   /* carried out after the client has given up */
	WIRE_REPLY_LATE,     /* carried out; the reply takes seconds, so others overtake it */
	WIRE_CLOSED,	     /* carried out; the connection closes without a reply */
	WIRE_CUT,	     /* carried out; the body breaks off at a byte */
	WIRE_REPEATED,	     /* carried out twice, the second time seconds later */
	WIRE_HEAD_FIRST,     /* carried out; the body follows seconds after the status line */
	WIRE_FAULTS
};

enum request_class {
	REQUEST_LIST,
	REQUEST_ONE,
	REQUEST_PUT,
	REQUEST_OTHER,
	REQUEST_TOKEN,
	REQUEST_CLASSES,
	REQUEST_ANY = REQUEST_CLASSES
};

#define WIRE_RULES 16

struct wire_rule {
	enum wire_fault fault;
	enum request_class request;
	unsigned times;	 /* requests left */
	unsigned number; /* for its details */
};

/* A request on its way; it arrives even when its client has given up. */
struct arrival {
	struct arrival *next;
	int64_t at_ms;
	unsigned node;
	struct http *http; /* NULL: nobody waits */
	unsigned id;	   /* of the transfer */
	enum wire_fault fault;
	unsigned number;
	enum request_class request;
	bool has_login, is_token, is_bearer, is_repeated;
	char method[8], target[1100], user[128], secret[512], body[64];
};

/* The answer to a request, as it travels back. */
struct arriving_reply {
	struct sim_reply reply; /* of the cluster */
	enum http_result result;
	int64_t head_ms, done_ms; /* true time of the status line, and of the end */
	size_t length;		  /* bytes of the body that arrive */
	int64_t date_s;
};

struct network;

/* Listeners; arg is that of network_listen(). */
struct network_watch {
	/* Before a request is queued at a client, whatever becomes of it. */
	void (*on_send)(void *arg, unsigned client, unsigned id, const struct http_request *);
	/* The cluster has carried out a request. */
	void (*on_arrival)(void *arg, const struct arrival *, const struct sim_reply *);
};

struct network {
	struct sim_api *api;
	uint64_t seed, random;
	int64_t now_ms;		  /* true time, since 1970 */
	struct arrival *arrivals; /* by time */
	unsigned requests;
	bool up[NETWORK_NODES];
	unsigned primary;
	bool redirects;	      /* the other nodes answer 307; else they pass requests on */
	int redirected;	      /* what the cluster was told last: the primary; -1: off */
	unsigned certificate; /* 0: of the CA; others are self-signed */
	struct wire_rule rules[WIRE_RULES];
	unsigned long fired[WIRE_FAULTS];
	unsigned long redirects_sent, refused_nodes, untrusted, overtaken;
	struct network_watch watch;
	void *arg;
};

void network_init(struct network *, struct sim_api *, uint64_t seed, int64_t now_ms);
void network_release(struct network *);
/* Adds a rule; the oldest one goes when there are too many. */
void network_add_rule(struct network *, const struct wire_rule *);
/* From now on nothing goes wrong that has not begun. */
void network_heal(struct network *);
/* Carries out what has arrived until this time. */
void network_advance(struct network *, int64_t now_ms);
/* When the next request arrives; TIME_NEVER: none is on its way. */
int64_t network_next(const struct network *);
/* Random numbers that depend on nothing but the seed and their order; sides > 0. */
unsigned network_random(struct network *, unsigned sides);

enum request_class request_class_of(const char *method, const char *target);
/* The database and the operation in the path of a PUT; false: it is none. */
bool request_is_reset(const char *target, int64_t *uid, enum op_kind *kind);

/* --- for http.c --- */

/* The fault that waits for this request; takes it. */
struct wire_rule network_take_rule(struct network *, enum request_class);
/* Puts a copy of it on its way. */
void network_add_arrival(struct network *, const struct arrival *);
/* The reply to a request, which the transfer owns from now on. */
void http_on_reply(struct http *, unsigned id, const struct arriving_reply *);
/* The pin of a certificate: `sha256//...`. */
void network_pin(unsigned certificate, char out[64]);

/* --- for the owner of a client --- */

/* Sets the network of a client from http_new(), and how much true time is ahead of its clock. */
void http_connect(struct http *, struct network *, unsigned client);
void http_set_clock(struct http *, int64_t ahead_ms);
/* When http_run() has something to do, in true time. */
int64_t http_next(const struct http *);
unsigned http_in_flight(const struct http *);
/* The transfer whose callback runs: its id, and the body that arrived; 0: none. */
unsigned http_current(const struct http *, const char **body, size_t *length);
