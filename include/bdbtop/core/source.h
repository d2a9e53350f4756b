/*
 * core/source.h - where observations come from, and where resets go.
 *
 * Implemented above (live: a REST cluster; later tape: a recording; tests: a script), known here
 * only as an interface.  A source speaks to its owner (fleet/cluster) through the sink, and only
 * from turn() or from within http_run(); never from request() or reset().  After free() the sink is
 * not called.
 */
#ifndef BDBTOP_CORE_SOURCE_H
#define BDBTOP_CORE_SOURCE_H

#include "bdbtop/core/cluster_data.h"
#include "bdbtop/core/login_refusal.h"
#include "bdbtop/core/observation.h"
#include "bdbtop/core/time.h"

enum source_topic {
	TOPIC_LIST,	/* all databases, now */
	TOPIC_ONE,	/* the single database uid */
	TOPIC_MODULES,	/* which modules lack backup_restore; uid 0 */
	/* facts, answered by on_data() */
	TOPIC_EVENTS,	/* the newest events since a time: uid is that time, seconds since 1970 */
	TOPIC_ALERTS,	/* of the database uid; 0: of all */
	TOPIC_ACTIONS,	/* running and past ones of all databases; uid 0 */
	TOPIC_SHARDS,	/* of the database uid */
	TOPIC_BDB_INFO,	/* modules and tags of all databases; of one, with versions and sizes */
	TOPIC_NODES,	/* the cluster's nodes; uid 0 */
	TOPIC_COUNT
};

/* One PUT. */
struct source_put {
	unsigned reset_id;	/* comes back with the answer */
	int64_t uid;
	enum op_kind kind;
	bool with_body;		/* `{}` with Content-Type: application/json, else no body */
};

/* What an OPTIONS request says of the path of a PUT that got 404. */
enum path_state {
	PATH_UNCLEAR,	/* no answer, or one that says neither */
	PATH_UNKNOWN,	/* 404: this cluster does not have it */
	PATH_KNOWN,	/* it names the methods that the path takes */
};

/* What came of one PUT. */
struct reset_answer {
	unsigned status;	/* HTTP status; 0: no answer, or a cut one that is no 401 */
	bool complete;		/* the whole answer arrived; half a 200 counts as no answer */
	bool can_follow;	/* 307 only: the target passed trust, the source now talks to it */
	bool unsent;		/* status 0 only: certain that no byte of the request left */
	int64_t received_ms, took_ms;
	char message[160];	/* the server's own words, made safe; "" when it said nothing */
	char location_host[64];	/* 307: host of the target as it may be shown, or "" */
	char failure[160];	/* status 0: a clause such as `no answer after 10s`; else "" */
};

/* A list that failed. */
struct source_failure {
	const struct err *error;	/* the sentence */
	/* start of the first poll of this unbroken series of failures */
	int64_t failing_since_ms;
	int64_t next_ms;	/* when it tries again by itself; TIME_NEVER: never */
	unsigned retry_status;	/* 429 or 503: the cluster asked for a pause, and no read leaves
				 * before next_ms; 0: it did not */
};

enum source_refusal {
	REFUSED_LOGIN,	/* 401: what has not left is dropped, nothing is sent from now on */
	REFUSED_TRUST,	/* the server is not, or no longer, the one that was trusted */
};

struct source_refused {
	enum source_refusal what;
	const struct err *err;		/* the sentence */
	enum login_refusal login;	/* REFUSED_LOGIN: why, as far as the cluster says it */
	char words[160];		/* REFUSED_LOGIN: the cluster's own, made safe, or "" */
};

/* What a certificate says of itself; text is safe to show. */
struct source_certificate {
	char subject[160], issuer[160];	/* distinguished names */
	bool self_signed;
	char names[320];		/* `a.example, *.b.example, 10.0.0.1`; "" for none */
	int64_t from_s, to_s;		/* validity, seconds since 1970 */
	char sha256[96];		/* of the certificate: `9F:3C:...`, 32 bytes */
	char key_sha256[96];		/* of its public key (SPKI), the same form */
	char pin[64];			/* `sha256//BASE64`, of the public key */
};

/* A pin as it is kept: what a cluster's key must be. */
struct source_pin {
	char pin[64];			/* `sha256//BASE64` */
	char key_sha256[96];		/* the same as `2B:E8:...` */
	char cert_sha256[96];		/* of the certificate at that time, "" when not known */
	int64_t since_s;		/* when it was taken, 0 when not known */
};

/* A question that only the user can answer; dies when the call returns. */
enum prompt_kind { PROMPT_TRUST, PROMPT_LOGIN };
struct source_prompt {
	enum prompt_kind kind;
	char host[280];			/* PROMPT_TRUST: `host:9443` that showed the certificate */
	struct source_certificate offered;	/* PROMPT_TRUST */
	char problem[160];		/* PROMPT_TRUST: why no authority vouches, a sentence */
	unsigned login_refusals;	/* PROMPT_LOGIN: refused so far; 0: none was tried */
};

/* Facts that were asked for, or why there are none. */
enum data_result {
	DATA_OK,	/* facts hold */
	DATA_FORBIDDEN,	/* 403: this user may not see them */
	DATA_MISSING,	/* 404: this cluster does not have them */
	DATA_FAILED,	/* anything else: another time, perhaps */
};
struct data_reply {
	enum source_topic topic;
	int64_t uid;			/* the uid that request() got */
	int64_t requested_ms, received_ms;
	enum data_result result;
	unsigned status;		/* of HTTP; 0: no answer, or a cut one.  BAD and 200: it
					 * could not be understood */
	const struct err *error;	/* all but WHOLE: the sentence */
	int64_t retry_ms;		/* BAD: the cluster asks for none before that; 0: it does
					 * not say */
	const struct cluster_data *data;	/* WHOLE; dies when the call returns */
	bool older_actions;		/* ACTIONS: /v1/actions, a list without backups, exports and
					 * imports */
};

struct source_sink {
	/* A read came back.  For OBS_LIST also after a trouble: the trouble is over.  0, or -1
	 * when memory is out: nothing of it was applied, and the read counts as one that failed.
	 * OBS_GONE and OBS_BAD need no memory. */
	int (*on_observation)(void *arg, const struct observation *, int64_t now_ms);
	/* Exactly once for every reset() that returned 0. */
	void (*on_answer)(void *arg, unsigned reset_id, const struct reset_answer *,
			  int64_t now_ms);
	/* Exactly once for every check_path() that returned 0. */
	void (*on_path_checked)(void *arg, unsigned reset_id, enum path_state, int64_t now_ms);
	/* A list failed, or the cluster asked for a pause in its answer to another read. */
	void (*on_failure)(void *arg, const struct source_failure *, int64_t now_ms);
	/* Once per refusal.  Reads in flight end as OBS_BAD, before or after. */
	void (*on_refused)(void *arg, const struct source_refused *, int64_t now_ms);
	/* Answer to TOPIC_MODULES: names of modules without the capability backup_restore; count 0
	 * and known false when the answer told nothing. */
	void (*on_modules)(void *arg, bool known, const char *const *lacking, size_t count,
			   int64_t now_ms);
	/* Exactly once for every request() of a topic of facts that returned 0, unless the source
	 * is freed; also when a refused log-in drops it. */
	void (*on_data)(void *arg, const struct data_reply *, int64_t now_ms);
	/* Nothing is sent until answer(); asked again after a new answer only. */
	void (*on_prompt)(void *arg, const struct source_prompt *, int64_t now_ms);
	/* The key is another than the pinned one: refused for good, nothing was sent; retried only
	 * by TOPIC_LIST.  A refused(REFUSED_TRUST) follows. */
	void (*on_key_changed)(void *arg, const struct source_pin *pinned,
			       const struct source_certificate *offered, int64_t now_ms);
	/* The user said yes to this certificate: to be kept. */
	void (*on_pinned)(void *arg, const struct source_pin *, int64_t now_ms);
	/* Which of several addresses answers from now on, as it may be shown (`n2`); "": the only
	 * one. */
	void (*on_address)(void *arg, const char *address, int64_t now_ms);
	/* The first success after a refused log-in. */
	void (*on_login)(void *arg, int64_t now_ms);
	/* A poll left (true) or ended (false): for `no reply for 7s`, and the latency. */
	void (*on_polling)(void *arg, bool out, int64_t now_ms);
};

/* What a source can tell of its work, for the diagnostics page; text is safe. */
struct source_stats {
	char address[300];		/* in use, `cluster.example:9443` */
	char trust_kind[64];		/* `pinned key`, `CA file`, `system's CAs`, `INSECURE`, or
					 * `plain http, on this machine` */
	char tls[32];			/* of the newest connection, `TLSv1.3`; "" none yet */
	uint64_t polls, bad_polls;	/* list polls that are over; those without a list */
	uint64_t requests;		/* of any kind that are over */
	uint64_t bytes_in, bytes_out;	/* of them: heads, and bodies as they were compressed; not
					 * what TLS adds */
	unsigned in_flight;
	int64_t latency_ms[3];		/* of list polls: the newest, the median, the longest of the
					 * last 100; -1 not known */
};

/* All calls return at once.  self is the source. */
struct source_ops {
	/* When turn() wants to be called; TIME_NEVER: nothing to do. */
	int64_t (*due)(void *self, int64_t now_ms);
	/* Start what is due, end what is late.  What has arrived must have been read before. */
	void (*turn)(void *self, int64_t now_ms);
	/*
	 * Places free now for requests of tickets.  At most 3 requests of all kinds are in flight
	 * at a cluster, one place is kept for polls, one request runs alone until the first
	 * success, none after a refusal.  The place of a request is free again before its sink
	 * call.
	 */
	unsigned (*free_slots)(void *self);
	/* TOPIC_LIST: poll now, also while paused (a poll already out counts; refused only after a
	 * refusal).  Others: -1 when there is no room. */
	int (*request)(void *self, enum source_topic, int64_t uid, int64_t now_ms);
	/* One PUT, on a fresh connection, to the address that the last read of the cluster used.
	 * -1 when there is no room: nothing was sent.  NULL in a source that cannot act. */
	int (*reset)(void *self, const struct source_put *, int64_t now_ms);
	/* One OPTIONS request for the path of this PUT, to the address that the PUT used; it
	 * changes nothing.  -1 when there is no room.  NULL in a source that cannot ask. */
	int (*check_path)(void *self, const struct source_put *, int64_t now_ms);
	/* The user's answer to on_prompt().  PROMPT_TRUST: yes pins what was offered, no sends
	 * nothing for the rest of the run but asks again on TOPIC_LIST.  PROMPT_LOGIN: yes when
	 * user and password of the log-in it was made with are new: one request alone tries them;
	 * no, or nothing typed: it asks again on TOPIC_LIST.  NULL: it never asks. */
	void (*answer)(void *self, enum prompt_kind, bool yes, int64_t now_ms);
	/* NULL: it measures nothing. */
	void (*stats)(void *self, struct source_stats *out);
	/* List polls only. */
	void (*pause)(void *self, bool, int64_t now_ms);
	void (*free)(void *self);
};

#endif
