/*
 * core/source.h - the interface of a source: observations come from it, and resets go to it.
 *
 * rest implements it for a REST cluster, tests with a script.  A source calls its owner (fleet)
 * through the sink, and only from turn() or from within http_run(), never from request(), reset()
 * or check_path().  It does not call the sink after free().
 */
#pragma once

#include "bdbtop/core/cluster_data.h"
#include "bdbtop/core/login_refusal.h"
#include "bdbtop/core/observation.h"
#include "bdbtop/core/time.h"

/* Requests of all kinds that are in flight at a cluster at most; one of them is a poll. */
#define SOURCE_REQUESTS 3

/* One PUT. */
struct source_put {
	unsigned reset_id;	/* comes back with the answer */
	int64_t uid;
	enum op_kind kind;
	bool with_body;		/* `{}` with Content-Type: application/json, else no body */
};

/* What an OPTIONS request shows about the path of a PUT that got a 404. */
enum path_state {
	PATH_UNCLEAR,	/* no answer, or any other answer */
	PATH_UNKNOWN,	/* 404: this cluster does not have the path */
	PATH_KNOWN,	/* 2xx with `Allow`: the cluster has the path */
};

/* The answer to one PUT, or why there is none. */
struct reset_answer {
	unsigned status;	/* HTTP status; 0: none, or incomplete and not a 401 */
	bool complete;		/* all of it arrived; an incomplete 200 counts as no answer */
	bool can_follow;	/* 307 only: the target is trusted, and the source now uses it */
	bool unsent;		/* status 0 only: certain that no byte of the request was sent */
	int64_t received_ms;	/* monotonic */
	int64_t took_ms;	/* duration of the request */
	char message[160];	/* the server's own words, made safe, or "" */
	char location_host[64];	/* 307: host of the target, safe to show, or "" */
	char failure[160];	/* status 0: a clause such as `no answer after 10s`; else "" */
};

/* A list poll that failed.  Times are monotonic. */
struct source_failure {
	const struct err *error;	/* the sentence */
	int64_t failing_since_ms;	/* start of the first failed poll since the last list */
	int64_t next_ms;	/* the next automatic try; TIME_NEVER: none */
	unsigned retry_status;	/* 429 or 503 with Retry-After: no read is sent before next_ms;
				 * else 0 */
};

enum source_refusal {
	REFUSED_LOGIN,	/* 401: drops requests that are not sent yet and sends nothing more */
	REFUSED_TRUST,	/* the server is not, or no longer, the one that was trusted */
};

struct source_refused {
	enum source_refusal what;
	const struct err *err;		/* the sentence */
	enum login_refusal login;	/* REFUSED_LOGIN: the reason, if the cluster reports it */
	char words[160];		/* REFUSED_LOGIN: the server's own words, safe, or "" */
};

/* The contents of a certificate; text is safe to show. */
struct source_certificate {
	char subject[160], issuer[160];	/* distinguished names */
	bool self_signed;
	char names[320];		/* `a.example, *.b.example, 10.0.0.1`; "" for none */
	int64_t from_s, to_s;		/* validity, seconds since 1970 */
	char sha256[96];		/* of the certificate: `9F:3C:...`, 32 bytes */
	char key_sha256[96];		/* of its public key (SPKI), in the same form */
	char pin[64];			/* of its public key: `sha256//BASE64` */
};

/* A stored pin: the public key that a cluster must have. */
struct source_pin {
	char pin[64];			/* `sha256//BASE64` */
	char key_sha256[96];		/* the same as `2B:E8:...` */
	char cert_sha256[96];		/* of the certificate at that time; "": not known */
	int64_t since_s;		/* when it was accepted, seconds since 1970; 0: not known */
};

/* A question that only the user can answer; valid only during the call. */
enum prompt_kind { PROMPT_TRUST, PROMPT_LOGIN };
struct source_prompt {
	enum prompt_kind kind;
	char host[280];			/* PROMPT_TRUST: `host:9443` with this certificate */
	struct source_certificate offered;	/* PROMPT_TRUST */
	char problem[160];		/* PROMPT_TRUST: a sentence, why no CA is trusted for it */
	unsigned login_refusals;	/* PROMPT_LOGIN: refused so far; 0: none was tried */
};

/* The reply to a request for data. */
enum data_result {
	DATA_OK,	/* data is valid */
	DATA_FORBIDDEN,	/* 403: this user may not read it */
	DATA_MISSING,	/* 404: this cluster does not have it */
	DATA_FAILED,	/* anything else: may succeed later */
};
struct data_reply {
	enum source_topic topic;
	int64_t uid;			/* as passed to request() */
	int64_t requested_ms, received_ms;	/* monotonic */
	enum data_result result;
	unsigned status;		/* HTTP status; 0: no reply, or incomplete.  FAILED with
					 * 200: the reply was not understood */
	const struct err *error;	/* all but OK: the sentence */
	int64_t retry_ms;		/* FAILED, with Retry-After: not before this, monotonic;
					 * else 0 */
	const struct cluster_data *data;	/* OK; valid only during the call */
	bool older_actions;		/* ACTIONS: from /v1/actions, which lacks backups, exports
					 * and imports */
};

struct source_sink {
	/* The result of a read.  An OBS_LIST ends a failure.  Returns 0, or -1 when out of memory:
	 * nothing was applied, and the read counts as failed.  OBS_GONE and OBS_BAD cannot fail. */
	int (*on_observation)(void *arg, const struct observation *, int64_t now_ms);
	/* Exactly once for every reset() that returned 0. */
	void (*on_answer)(void *arg, unsigned reset_id, const struct reset_answer *,
			  int64_t now_ms);
	/* Exactly once for every check_path() that returned 0. */
	void (*on_path_checked)(void *arg, unsigned reset_id, enum path_state, int64_t now_ms);
	/* A list failed, or another read got a reply with Retry-After. */
	void (*on_failure)(void *arg, const struct source_failure *, int64_t now_ms);
	/* Once per refusal.  Reads in flight end as OBS_BAD, before or after. */
	void (*on_refused)(void *arg, const struct source_refused *, int64_t now_ms);
	/* The reply to TOPIC_MODULES: names of modules without the capability backup_restore; known
	 * false and count 0 when the request failed. */
	void (*on_modules)(void *arg, bool known, const char *const *lacking, size_t count,
			   int64_t now_ms);
	/* Exactly once for every request() of a data topic that returned 0, unless the source is
	 * freed; also when a refused log-in drops it. */
	void (*on_data)(void *arg, const struct data_reply *, int64_t now_ms);
	/* The source sends nothing until answer(), and prompts again only after an answer. */
	void (*on_prompt)(void *arg, const struct source_prompt *, int64_t now_ms);
	/* The server's key differs from the pinned one.  Nothing was sent; only TOPIC_LIST tries
	 * again.  on_refused() with REFUSED_TRUST follows. */
	void (*on_key_changed)(void *arg, const struct source_pin *pinned,
			       const struct source_certificate *offered, int64_t now_ms);
	/* The user accepted this certificate: store the pin. */
	void (*on_pinned)(void *arg, const struct source_pin *, int64_t now_ms);
	/* Which of several addresses is used from now on, safe to show (`n2`); "": the only one. */
	void (*on_address)(void *arg, const char *address, int64_t now_ms);
	/* The first success after a refused log-in. */
	void (*on_login)(void *arg, int64_t now_ms);
	/* A poll was sent (true) or ended (false): for `no reply for 7s`, and the latency. */
	void (*on_polling)(void *arg, bool in_flight, int64_t now_ms);
};

/* Statistics of a source for the diagnostics page; text is safe to show. */
struct source_stats {
	char address[300];		/* in use, `cluster.example:9443` */
	char trust_kind[64];		/* `pinned key`, `CA file`, `system's CAs`, `INSECURE`, or
					 * `plain http, on this machine` */
	char login_kind[40];		/* `user and password`, `token as JWT`, ... */
	char tls[32];			/* of the newest connection, `TLSv1.3`; "": none yet */
	uint64_t polls, bad_polls;	/* list polls that ended; those without a list */
	uint64_t requests;		/* of any kind that ended */
	uint64_t bytes_in, bytes_out;	/* of these: headers and bodies, compressed, without TLS */
	unsigned in_flight;
	int64_t latency_ms[3];		/* of list polls: the newest, then median and maximum of the
					 * last 100; -1: not known */
};

/* All calls return at once.  self is the source. */
struct source_ops {
	/* When turn() is needed next, monotonic; TIME_NEVER: not at all. */
	int64_t (*due)(void *self, int64_t now_ms);
	/* Starts what is due, ends what timed out.  Read what has arrived before calling it. */
	void (*turn)(void *self, int64_t now_ms);
	/*
	 * Slots that are free now for requests of reset jobs.  At most SOURCE_REQUESTS requests of
	 * all kinds are in flight per cluster, and one slot is reserved for polls.  Until the first
	 * success only one request is in flight, after a refusal none.  The slot of a request is
	 * free again before its sink call.
	 */
	unsigned (*free_slots)(void *self);
	/* Returns 0, or -1.  TOPIC_LIST: polls now, even while paused (a poll in flight counts); -1
	 * only after a refusal.  Others: -1 when no slot is free, or out of memory. */
	int (*request)(void *self, enum source_topic, int64_t uid, int64_t now_ms);
	/* Sends one PUT, on a fresh connection, to the address of the last read of the cluster.
	 * Returns 0, or -1 when no slot is free, or out of memory: nothing was sent.  NULL: it
	 * cannot send PUTs. */
	int (*reset)(void *self, const struct source_put *, int64_t now_ms);
	/* Sends one OPTIONS request for the path of this PUT, to the address of the PUT; it changes
	 * nothing.  Returns 0, or -1 when no slot is free, or out of memory.  NULL: it cannot send
	 * OPTIONS. */
	int (*check_path)(void *self, const struct source_put *, int64_t now_ms);
	/* The user's answer to on_prompt().  PROMPT_TRUST: yes pins the offered certificate; after
	 * no the source sends nothing, and prompts again on TOPIC_LIST.  PROMPT_LOGIN: yes after
	 * the owner has set a new user and password: one request alone tries them; after no it
	 * prompts again on TOPIC_LIST.  NULL: it never prompts. */
	void (*answer)(void *self, enum prompt_kind, bool yes, int64_t now_ms);
	/* NULL: no statistics. */
	void (*stats)(void *self, struct source_stats *out);
	/* Pauses or resumes list polls only. */
	void (*pause)(void *self, bool, int64_t now_ms);
	void (*free)(void *self);
};
